"""Virtual sessions beside a real server: what was handed out by an injected answer is played to its end, and nothing
else is touched."""

import random
from dataclasses import replace
from typing import Any

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.operations import BY_ID
from passlens.sandbox.build_outcome import build_outcome
from passlens.sandbox.server import Api
from sandbox.asking import FULL, SP, Device, call, value

PARTNER = {"domainName": forge.DOMAIN, "redirectUrl": forge.REDIRECT_URL}
REAL_MVPD = "Real Cable"
STATUS = {"AP_Partner_Framework_Status": forge.partner_status(provider="real-cable")}


@pytest.fixture
def api() -> Api:
    return Api(seed=21)


def inject(api: Api, row: str, operation: str, now: float = forge.CLOCK, **values: Any) -> Any:
    ex = call(operation, now, **values)
    return value(build_outcome(row, Decoded(ex), now=now, rng=api.rng, sessions=api.sessions))


def beside(api: Api, name: object = "tv") -> Device:
    return Device(api, name, beside_a_server=True)


@pytest.mark.parametrize("operation", BY_ID)
def test_nothing_is_owned_before_an_answer_was_injected(api: Api, operation: str) -> None:
    assert api.belongs_to(Decoded(call(operation, form=FULL)), forge.CLOCK) is None


@pytest.mark.parametrize("operation", BY_ID)
def test_what_belongs_to_nobody_goes_to_the_server(api: Api, operation: str) -> None:
    inject(api, "C1", "create-session", form=FULL)
    inject(api, "C3", "create-session", form=FULL, device="other")
    inject(api, "P1", "partner-session", form=PARTNER, device="third", **STATUS)
    assert api.belongs_to(Decoded(call(operation, form=FULL, code="0000000", **STATUS)), forge.CLOCK) is None


@pytest.mark.parametrize("operation", ["create-session", "partner-session", "retrieve-configuration", "dcr-token"])
def test_new_sessions_are_the_servers_even_for_a_device_with_a_virtual_profile(api: Api, operation: str) -> None:
    inject(api, "C3", "create-session", form=FULL)
    assert api.belongs_to(Decoded(call(operation, form=FULL)), forge.CLOCK) is None


@pytest.mark.parametrize("row", ["P3", "P4"])
def test_a_fallback_is_played_to_its_end(api: Api, row: str) -> None:
    response = inject(api, row, "partner-session", form=PARTNER)
    tv = beside(api)
    assert tv.ask("retrieve-profile-code", code=response["code"]) == {"profiles": {}}
    assert tv.browse(response["url"]).headers[0] == ("Location", forge.REDIRECT_URL)
    (mvpd,) = tv.ask("retrieve-profile-code", code=response["code"])["profiles"]
    assert mvpd == "HarbourCable"
    assert "mvpd" not in response
    assert tv.ask("retrieve-profile-mvpd", mvpd_path=mvpd)["profiles"][mvpd]["type"] == "regular"
    assert tv.ask("preauthorize", mvpd_path=mvpd)["decisions"][0]["authorized"] is True
    assert tv.ask("authorize", mvpd_path=mvpd)["decisions"][0]["authorized"] is True
    tv.ask("logout", mvpd_path=mvpd)
    assert api.belongs_to(Decoded(call("retrieve-profiles")), tv.now) is None


def test_missing_parameters_are_brought_one_by_one(api: Api) -> None:
    response = inject(api, "C2", "create-session", form=FULL)
    phone = beside(api, "phone")
    assert response["missingParameters"] == ["redirectUrl"]
    assert phone.ask("retrieve-session", code=response["code"])["missingParameters"] == ["redirectUrl"]
    still = phone.ask("resume-session", code=response["code"], form={"mvpd": REAL_MVPD.replace(" ", "")})
    assert (phone.entry["outcome"], still["missingParameters"]) == ("R2", ["redirectUrl"])
    phone.send(call("resume-session", phone.now, code=response["code"], form={"redirectUrl": "nowhere"}))
    assert phone.entry["error"] == "invalid_parameter_redirect_url"
    phone.send(call("resume-session", phone.now, code=response["code"], form={"mvpd": REAL_MVPD}))
    assert phone.entry["error"] == "invalid_parameter_mvpd"
    phone.ask("resume-session", code=response["code"], form=PARTNER)
    assert phone.entry["outcome"] == "R1"


def test_a_late_client_hears_that_it_is_late(api: Api) -> None:
    response = inject(api, "C2", "create-session", form={})
    tv = beside(api)
    tv.now += 1801
    for operation in ("resume-session", "retrieve-session", "retrieve-profile-code"):
        tv.send(call(operation, tv.now, code=response["code"], form=FULL))
        assert tv.entry["error"] == "invalid_authentication_session"
    assert tv.browse(f"/api/v2/authenticate/{SP}/{response['code']}").status == 400


@pytest.mark.parametrize(
    ("row", "kind"), [("C3", "regular"), ("C4", "temporary"), ("C5", "degraded"), ("C6", "regular")]
)
def test_an_authorize_answer_is_played_to_its_end(api: Api, row: str, kind: str) -> None:
    response = inject(api, row, "create-session", form=FULL)
    tv = beside(api)
    mvpd = response["mvpd"]
    assert response["url"] == f"/api/v2/{SP}/decisions/authorize/{mvpd}"
    assert tv.ask("authorize", mvpd_path=mvpd)["decisions"][0]["authorized"] is True
    assert tv.ask("retrieve-profile-mvpd", mvpd_path=mvpd)["profiles"][mvpd]["type"] == kind
    # The answer with all profiles has neither temporary nor degraded ones: that is the server's to give.
    others = api.belongs_to(Decoded(call("retrieve-profiles")), tv.now)
    assert (others is not None) is (kind == "regular")
    assert api.belongs_to(Decoded(call("authorize", mvpd_path="HarbourCable")), tv.now) is None
    assert api.belongs_to(Decoded(call("authorize", mvpd_path=mvpd, device="other")), tv.now) is None
    assert api.belongs_to(Decoded(call("authorize", mvpd_path=mvpd, serviceProvider="OTHERTV")), tv.now) is None
    tv.now += 25 * 3600
    assert api.belongs_to(Decoded(call("authorize", tv.now, mvpd_path=mvpd)), tv.now) is None


def test_an_injected_partner_request_is_played_to_its_end(api: Api) -> None:
    response = inject(api, "P1", "partner-session", form=PARTNER, **STATUS)
    tv = beside(api)
    tv.send(call("partner-profile", tv.now, form={"SAMLResponse": forge.saml_response()}))
    assert tv.entry["error"] == "invalid_header_pfs_permission_access_not_present"
    made = tv.send(call("partner-profile", tv.now, form={"SAMLResponse": forge.saml_response()}, **STATUS))
    assert (made.status, list(value(made)["profiles"])) == (201, [response["mvpd"]])
    assert tv.ask("authorize", mvpd_path=response["mvpd"], **STATUS)["decisions"][0]["authorized"] is True
    later = call("partner-profile", tv.now, form={"SAMLResponse": forge.saml_response()}, **STATUS)
    assert api.belongs_to(Decoded(later), tv.now) is None


def test_a_real_session_that_was_resumed_by_an_injected_answer(api: Api) -> None:
    inject(api, "R3", "resume-session", form=FULL, code="REAL123", device="phone")
    tv = beside(api, "tv")
    assert api.belongs_to(Decoded(call("authorize")), tv.now) is None
    for identifier in (None, forge.device_identifier("tv")):
        response = tv.ask("retrieve-profile-code", code="REAL123", AP_Device_Identifier=identifier)
        assert list(response["profiles"]) == ["MeridianFiber"]
    assert tv.ask("authorize")["decisions"][0]["authorized"] is True
    assert api.belongs_to(Decoded(call("authorize", device="phone")), tv.now) is None


def test_a_code_of_another_service_provider_is_the_servers(api: Api) -> None:
    code = inject(api, "C1", "create-session", form=FULL)["code"]
    for operation in ("resume-session", "retrieve-session", "retrieve-profile-code", "authenticate"):
        assert (
            api.belongs_to(Decoded(call(operation, code=code, serviceProvider="OTHERTV", form=FULL)), forge.CLOCK)
            is None
        )


def test_tokens_of_the_real_server_are_taken_as_they_are(api: Api) -> None:
    code = inject(api, "C1", "create-session", form=FULL)["code"]
    tv = beside(api)
    assert tv.ask("retrieve-profile-code", code=code, Authorization="Bearer opaque") == {"profiles": {}}
    made = tv.send(call("retrieve-profile-code", tv.now, code=code, Authorization=forge.bearer(age=90_000)))
    assert made.status == 401


def test_a_wrong_method_on_a_virtual_session(api: Api) -> None:
    code = inject(api, "C1", "create-session", form=FULL)["code"]
    ex = call("retrieve-profile-code", code=code)
    ex = replace(ex, request=replace(ex.request, method="DELETE"))
    made = api.belongs_to(Decoded(ex), forge.CLOCK)
    assert made is not None
    assert made.status == 405


def test_a_session_without_a_redirect_url_ends_on_a_page(api: Api) -> None:
    response = inject(api, "C1", "create-session", form={"mvpd": "MeridianFiber"})
    made = beside(api).browse(response["url"])
    assert (made.status, b"You are signed in" in made.body) == (200, True)


def test_the_store_of_injected_sessions_is_bounded() -> None:
    api = Api(seed=1)
    api.sessions.limit = 3
    responses = [inject(api, "C1", "create-session", form=FULL, device=number) for number in range(5)]
    codes = [session.code for session in api.sessions.list(forge.CLOCK)]
    assert codes == [response["code"] for response in responses[2:]]
    assert api.belongs_to(Decoded(call("retrieve-session", code=responses[0]["code"])), forge.CLOCK) is None


def test_random_codes_never_hit_a_virtual_session(api: Api) -> None:
    inject(api, "C1", "create-session", form=FULL)
    rng = random.Random(99)
    for _ in range(200):
        code = "".join(rng.choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=7))
        assert api.belongs_to(Decoded(call("retrieve-session", code=code)), forge.CLOCK) is None
