"""Virtual sessions beside a real server: what was handed out by an injected answer is played to its end, and nothing
else is touched."""

import random
from typing import Any

import pytest

import forge
from passlens.sandbox.api import Api
from passlens.sandbox.produce import produce
from passlens.spec.operations import BY_ID
from sandbox.asking import FULL, SP, Device, call, value

PARTNER = {"domainName": forge.DOMAIN, "redirectUrl": forge.REDIRECT_URL}
REAL_MVPD = "Real Cable"
STATUS = {"AP_Partner_Framework_Status": forge.partner_status(provider="real-cable")}


@pytest.fixture
def api() -> Api:
    return Api(seed=21)


def inject(api: Api, row: str, operation: str, now: float = forge.CLOCK, **values: Any) -> Any:
    ex = call(operation, now, **values)
    return value(produce(row, ex, now=now, rng=api.rng, sessions=api.sessions))


def beside(api: Api, name: object = "tv") -> Device:
    return Device(api, name, beside_a_server=True)


@pytest.mark.parametrize("operation", BY_ID)
def test_nothing_is_owned_before_an_answer_was_injected(api: Api, operation: str) -> None:
    assert api.owned(call(operation, form=FULL), forge.CLOCK) is None


@pytest.mark.parametrize("operation", BY_ID)
def test_what_belongs_to_nobody_goes_to_the_server(api: Api, operation: str) -> None:
    inject(api, "C1", "create-session", form=FULL)
    inject(api, "C3", "create-session", form=FULL, device="other")
    inject(api, "P1", "partner-session", form=PARTNER, device="third", **STATUS)
    assert api.owned(call(operation, form=FULL, code="0000000", **STATUS), forge.CLOCK) is None


@pytest.mark.parametrize("operation", ["create-session", "partner-session", "retrieve-configuration", "dcr-token"])
def test_new_sessions_are_the_servers_even_for_a_device_with_a_virtual_profile(api: Api, operation: str) -> None:
    inject(api, "C3", "create-session", form=FULL)
    assert api.owned(call(operation, form=FULL), forge.CLOCK) is None


@pytest.mark.parametrize("row", ["P3", "P4"])
def test_a_fallback_is_played_to_its_end(api: Api, row: str) -> None:
    answer = inject(api, row, "partner-session", form=PARTNER)
    tv = beside(api)
    assert tv.ask("retrieve-profile-code", code=answer["code"]) == {"profiles": {}}
    assert tv.browse(answer["url"]).headers[0] == ("Location", forge.REDIRECT_URL)
    (mvpd,) = tv.ask("retrieve-profile-code", code=answer["code"])["profiles"]
    assert mvpd == answer["mvpd"]
    assert tv.ask("retrieve-profile-mvpd", mvpd_path=mvpd)["profiles"][mvpd]["type"] == "regular"
    assert tv.ask("preauthorize", mvpd_path=mvpd)["decisions"][0]["authorized"] is True
    assert tv.ask("authorize", mvpd_path=mvpd)["decisions"][0]["authorized"] is True
    tv.ask("logout", mvpd_path=mvpd)
    assert api.owned(call("retrieve-profiles"), tv.now) is None


def test_missing_parameters_are_brought_one_by_one(api: Api) -> None:
    answer = inject(api, "C2", "create-session", form=FULL)
    phone = beside(api, "phone")
    assert answer["missingParameters"] == ["redirectUrl"]
    assert phone.ask("retrieve-session", code=answer["code"])["missingParameters"] == ["redirectUrl"]
    still = phone.ask("resume-session", code=answer["code"], form={"mvpd": REAL_MVPD.replace(" ", "")})
    assert (phone.entry["outcome"], still["missingParameters"]) == ("R2", ["redirectUrl"])
    phone.send(call("resume-session", phone.now, code=answer["code"], form={"redirectUrl": "nowhere"}))
    assert phone.entry["error"] == "invalid_parameter_redirect_url"
    phone.send(call("resume-session", phone.now, code=answer["code"], form={"mvpd": REAL_MVPD}))
    assert phone.entry["error"] == "invalid_parameter_mvpd"
    phone.ask("resume-session", code=answer["code"], form=PARTNER)
    assert phone.entry["outcome"] == "R1"


def test_a_late_client_hears_that_it_is_late(api: Api) -> None:
    answer = inject(api, "C2", "create-session", form={})
    tv = beside(api)
    tv.now += 1801
    for operation in ("resume-session", "retrieve-session", "retrieve-profile-code"):
        tv.send(call(operation, tv.now, code=answer["code"], form=FULL))
        assert tv.entry["error"] == "invalid_authentication_session"
    assert tv.browse(f"/api/v2/authenticate/{SP}/{answer['code']}").status == 400


@pytest.mark.parametrize(
    ("row", "kind"), [("C3", "regular"), ("C4", "temporary"), ("C5", "degraded"), ("C6", "regular")]
)
def test_an_authorize_answer_is_played_to_its_end(api: Api, row: str, kind: str) -> None:
    answer = inject(api, row, "create-session", form=FULL)
    tv = beside(api)
    mvpd = answer["mvpd"]
    assert answer["url"] == f"/api/v2/{SP}/decisions/authorize/{mvpd}"
    assert tv.ask("authorize", mvpd_path=mvpd)["decisions"][0]["authorized"] is True
    assert tv.ask("retrieve-profiles")["profiles"][mvpd]["type"] == kind
    assert api.owned(call("authorize", mvpd_path="HarbourCable"), tv.now) is None
    assert api.owned(call("authorize", mvpd_path=mvpd, device="other"), tv.now) is None
    assert api.owned(call("authorize", mvpd_path=mvpd, serviceProvider="OTHERTV"), tv.now) is None
    tv.now += 25 * 3600
    assert api.owned(call("authorize", tv.now, mvpd_path=mvpd), tv.now) is None


def test_an_injected_partner_request_is_played_to_its_end(api: Api) -> None:
    answer = inject(api, "P1", "partner-session", form=PARTNER, **STATUS)
    tv = beside(api)
    tv.send(call("partner-profile", tv.now, form={"SAMLResponse": forge.saml_response()}))
    assert tv.entry["error"] == "invalid_header_pfs_permission_access_not_present"
    made = tv.send(call("partner-profile", tv.now, form={"SAMLResponse": forge.saml_response()}, **STATUS))
    assert (made.status, list(value(made)["profiles"])) == (201, [answer["mvpd"]])
    assert tv.ask("authorize", mvpd_path=answer["mvpd"], **STATUS)["decisions"][0]["authorized"] is True
    later = call("partner-profile", tv.now, form={"SAMLResponse": forge.saml_response()}, **STATUS)
    assert api.owned(later, tv.now) is None


def test_a_real_session_that_was_resumed_by_an_injected_answer(api: Api) -> None:
    inject(api, "R3", "resume-session", form=FULL, code="REAL123", device="phone")
    tv = beside(api, "tv")
    assert api.owned(call("authorize"), tv.now) is None
    for identifier in (None, forge.device_identifier("tv")):
        answer = tv.ask("retrieve-profile-code", code="REAL123", AP_Device_Identifier=identifier)
        assert list(answer["profiles"]) == ["MeridianFiber"]
    assert tv.ask("authorize")["decisions"][0]["authorized"] is True
    assert api.owned(call("authorize", device="phone"), tv.now) is None


def test_a_code_of_another_service_provider_is_the_servers(api: Api) -> None:
    code = inject(api, "C1", "create-session", form=FULL)["code"]
    for operation in ("resume-session", "retrieve-session", "retrieve-profile-code", "authenticate"):
        assert api.owned(call(operation, code=code, serviceProvider="OTHERTV", form=FULL), forge.CLOCK) is None


def test_tokens_of_the_real_server_are_taken_as_they_are(api: Api) -> None:
    code = inject(api, "C1", "create-session", form=FULL)["code"]
    tv = beside(api)
    assert tv.ask("retrieve-profile-code", code=code, Authorization="Bearer opaque") == {"profiles": {}}
    made = tv.send(call("retrieve-profile-code", tv.now, code=code, Authorization=forge.bearer(age=90_000)))
    assert made.status == 401


def test_a_wrong_method_on_a_virtual_session(api: Api) -> None:
    code = inject(api, "C1", "create-session", form=FULL)["code"]
    ex = call("retrieve-profile-code", code=code)
    object.__setattr__(ex.request, "method", "DELETE")
    made = api.owned(ex, forge.CLOCK)
    assert made is not None
    assert made.status == 405


def test_a_session_without_a_redirect_url_ends_on_a_page(api: Api) -> None:
    answer = inject(api, "C1", "create-session", form={"mvpd": "MeridianFiber"})
    made = beside(api).browse(answer["url"])
    assert (made.status, b"You are signed in" in made.body) == (200, True)


def test_the_store_of_injected_sessions_is_bounded() -> None:
    api = Api(seed=1)
    api.sessions.limit = 3
    answers = [inject(api, "C1", "create-session", form=FULL, device=number) for number in range(5)]
    codes = [session.code for session in api.sessions.list(forge.CLOCK)]
    assert codes == [answer["code"] for answer in answers[2:]]
    assert api.owned(call("retrieve-session", code=answers[0]["code"]), forge.CLOCK) is None


def test_random_codes_never_hit_a_virtual_session(api: Api) -> None:
    inject(api, "C1", "create-session", form=FULL)
    rng = random.Random(99)
    for _ in range(200):
        code = "".join(rng.choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=7))
        assert api.owned(call("retrieve-session", code=code), forge.CLOCK) is None
