"""Single sign-on by a token: whom a token is about, and what it is good for from the first sign-in to the logout."""

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.sandbox.server import Api
from passlens.sandbox.single_sign_on import HEADERS, SsoIdentity, identity_of
from sandbox.asking import FULL, Device, call

NOW = forge.CLOCK
SERVICE, SUBJECT = "AD_Service_Token", "Adobe_Subject_Token"
ROKU = "X_Roku_Reserved_Roku_Connect_Token"
TOKENS = [
    (SERVICE, forge.service_token(), "serviceTokenSSO"),
    (SUBJECT, forge.subject_token(), "platformSSO"),
    (ROKU, forge.subject_token(), "platformSSO"),
]


def identity(operation: str = "retrieve-profiles", now: float = NOW, **headers: str) -> SsoIdentity | None:
    return identity_of(Decoded(call(operation, **headers)), now)


@pytest.mark.parametrize(("header", "token", "kind"), TOKENS)
def test_each_header_has_its_kind(header: str, token: str, kind: str) -> None:
    found = identity(**{header: token})
    assert found is not None
    assert found.kind == kind


def test_a_renewed_token_is_of_the_same_user_and_another_sub_is_not() -> None:
    first, renewed = identity(AD_Service_Token=forge.service_token()), forge.service_token(NOW + 60)
    assert first == identity(AD_Service_Token=renewed)
    assert first != identity(AD_Service_Token=forge.service_token(sub="another"))
    assert first != identity(AD_Service_Token=forge.service_token(iss="another"))


def test_a_token_that_cannot_be_read_stands_for_itself() -> None:
    assert identity(AD_Service_Token="opaque") == identity(AD_Service_Token=" opaque ")
    assert identity(AD_Service_Token="opaque") != identity(AD_Service_Token="other")


def test_what_is_no_sign_on() -> None:
    assert identity() is None
    assert identity(AD_Service_Token="  ") is None
    assert identity(now=NOW + 2 * 3600, AD_Service_Token=forge.service_token()) is None
    # The page of resume-session lists none of these headers.
    assert identity("resume-session", AD_Service_Token=forge.service_token()) is None


def test_the_headers_are_those_of_the_operations() -> None:
    listed = Decoded(call("create-session")).operation.headers
    assert set(HEADERS) <= set(listed)


@pytest.mark.parametrize(("header", "token", "kind"), TOKENS)
def test_a_second_app_is_signed_in_by_the_token_of_the_first(header: str, token: str, kind: str) -> None:
    api, sent = Api(seed=1), {header: token}
    first, second = Device(api, "living room"), Device(api, "kitchen")
    session = first.ask("create-session", form=FULL, **sent)
    assert second.ask("retrieve-profiles", **sent) == {"profiles": {}}
    first.browse(session["url"])
    assert first.ask("retrieve-profiles", **sent)["profiles"]["MeridianFiber"]["type"] == "regular"
    # Without the token, or with another user's, the second one is nobody.
    assert second.ask("retrieve-profiles") == {"profiles": {}}
    assert second.ask("retrieve-profiles", **{header: "another"}) == {"profiles": {}}
    for answer in (
        second.ask("retrieve-profiles", **sent),
        second.ask("retrieve-profile-mvpd", mvpd_path="MeridianFiber", **sent),
    ):
        profile = answer["profiles"]["MeridianFiber"]
        assert (profile["type"], profile["issuer"]) == (kind, "MeridianFiber")
        assert {"upstreamUserID", "userID", "mvpd"} == set(profile["attributes"])
    made = second.ask("create-session", form=FULL, **sent)
    assert (second.entry["outcome"], made["reasonType"]) == ("C6", "authenticatedSSO")
    assert second.ask("create-session", form=FULL)["actionName"] == "authenticate"
    (permit,) = second.ask("authorize", **sent)["decisions"]
    (denial,) = second.ask("authorize")["decisions"]
    assert (permit["authorized"], denial["error"]["code"]) == (True, "authenticated_profile_missing")
    # Whoever signs out with the token is signed out everywhere by it.
    assert second.ask("logout", **sent)["logouts"]["MeridianFiber"]["actionName"] == "logout"
    third = Device(api, "bedroom")
    for device in (second, third):
        assert device.ask("retrieve-profiles", **sent) == {"profiles": {}}
    assert first.ask("retrieve-profiles", **sent)["profiles"]["MeridianFiber"]["type"] == "regular"
