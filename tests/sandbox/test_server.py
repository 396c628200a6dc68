"""The documented journeys through the sandbox, told as short stories; every answer is judged on the way."""

from urllib.parse import parse_qsl, urlsplit

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.sandbox.response import SyntheticResponse
from passlens.sandbox.server import Api
from passlens.sandbox.world import World
from sandbox.asking import FULL, HARBOUR, SP, Device, analyzed, call, exchange, headers, objections, value

PARTNER = {"domainName": forge.DOMAIN, "redirectUrl": forge.REDIRECT_URL}


@pytest.fixture
def api() -> Api:
    return Api(seed=11)


def granted(tv: Device, provider: str = HARBOUR) -> dict[str, str]:
    return {"AP_Partner_Framework_Status": forge.partner_status(tv.now, provider=provider)}


def location(made: SyntheticResponse) -> str | None:
    return dict(made.headers).get("Location")


def test_registration_gives_a_token_that_the_sandbox_takes(api: Api) -> None:
    tv = Device(api)
    client = tv.ask("dcr-register", form={"software_statement": forge.software_statement()}, Authorization=None)
    form = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
    token = tv.ask("dcr-token", form=form | {"grant_type": "client_credentials"}, Authorization=None)
    response = tv.ask("retrieve-profiles", Authorization=f"Bearer {token['access_token']}")
    assert response == {"profiles": {}}
    tv.now += token["expires_in"]
    assert tv.send(call("retrieve-profiles", tv.now, Authorization=f"Bearer {token['access_token']}")).status == 401


def test_the_first_screen_journey(api: Api) -> None:
    tv = Device(api)
    assert tv.ask("retrieve-profiles") == {"profiles": {}}
    response = tv.ask("create-session", form=FULL)
    assert tv.entry["outcome"] == "C1"
    assert tv.ask("retrieve-profile-code", code=response["code"]) == {"profiles": {}}
    assert location(tv.browse(response["url"])) == forge.REDIRECT_URL
    tv.now += 5
    (mvpd,) = tv.ask("retrieve-profile-code", code=response["code"])["profiles"]
    assert mvpd == "MeridianFiber"
    assert tv.ask("preauthorize", mvpd_path=mvpd)["decisions"][0]["authorized"] is True
    (decision,) = tv.ask("authorize", mvpd_path=mvpd)["decisions"]
    assert decision["token"]["notAfter"] - decision["token"]["notBefore"] == 420_000
    tv.ask("create-session", form=FULL)
    assert tv.entry["outcome"] == "C3"
    url = urlsplit(tv.ask("logout", mvpd_path=mvpd)["logouts"][mvpd]["url"])
    assert (url.netloc, url.path) == ("sp.auth.adobe.com", "/adobe-services/logout")
    query = dict(parse_qsl(url.query))
    assert (query["requestor_id"], query["mso_id"]) == (SP, mvpd)
    out = api.respond(Decoded(exchange("GET", f"{url.path}?{url.query}")), tv.now)
    assert (out.status, location(out)) == (302, query["redirect_url"]) == (302, "https://demotv.example/bye")
    guess = exchange("GET", f"{url.path}?pt_device_id=0&redirect_url=https%3A%2F%2Felsewhere.example")
    assert api.respond(Decoded(guess), tv.now).status == 404
    assert tv.ask("retrieve-profiles") == {"profiles": {}}
    assert tv.ask("logout", mvpd_path=mvpd)["logouts"][mvpd]["actionName"] == "invalid"


def test_the_second_screen_journey_with_an_mvpd(api: Api) -> None:
    tv, phone = Device(api, "tv"), Device(api, "phone")
    code = tv.ask("create-session", form=FULL)["code"]
    known = phone.ask("retrieve-session", code=code)
    assert known["existingParameters"] == FULL | {"serviceProvider": SP}
    assert known["device"]["operatingSystem"]["name"] == "tvOS"
    assert phone.browse(f"/api/v2/authenticate/{SP}/{code}").status == 302
    assert list(tv.ask("retrieve-profile-code", code=code)["profiles"]) == ["MeridianFiber"]
    assert list(tv.ask("retrieve-profiles")["profiles"]) == ["MeridianFiber"]
    assert phone.ask("retrieve-profiles") == {"profiles": {}}


def test_the_second_screen_journey_without_an_mvpd(api: Api) -> None:
    tv, phone = Device(api, "tv"), Device(api, "phone")
    response = tv.ask("create-session", form={})
    assert tv.entry["outcome"] == "C2"
    assert response["missingParameters"] == ["mvpd", "domain", "redirectUrl"]
    assert phone.browse(f"/api/v2/authenticate/{SP}/{response['code']}").status == 400
    assert phone.ask("retrieve-session", code=response["code"])["missingParameters"] == response["missingParameters"]
    again = phone.ask("resume-session", code=response["code"], form={"mvpd": "MeridianFiber"})
    assert phone.entry["outcome"] == "R2"
    assert again["missingParameters"] == ["domain", "redirectUrl"]
    ready = phone.ask("resume-session", code=response["code"], form=PARTNER)
    assert phone.entry["outcome"] == "R1"
    assert ready["mvpd"] == "MeridianFiber"
    assert location(phone.browse(ready["url"])) == forge.REDIRECT_URL
    assert list(tv.ask("retrieve-profile-code", code=response["code"])["profiles"]) == ["MeridianFiber"]
    phone.ask("resume-session", code=response["code"], form=FULL)
    assert phone.entry["outcome"] == "R3"


@pytest.mark.parametrize(
    ("mvpd", "create", "resume", "kind"),
    [("TempPass_Sandbox", "C4", "R4", "temporary"), ("LanternDSL", "C5", "R5", "degraded")],
)
def test_access_without_a_sign_in(api: Api, mvpd: str, create: str, resume: str, kind: str) -> None:
    tv = Device(api)
    code = tv.ask("create-session", form={})["code"]
    tv.ask("resume-session", code=code, form=FULL | {"mvpd": mvpd})
    assert tv.entry["outcome"] == resume
    assert tv.ask("retrieve-profile-code", code=code)["profiles"][mvpd]["type"] == kind
    tv.ask("create-session", form=FULL | {"mvpd": mvpd})
    assert tv.entry["outcome"] == create
    fresh = Device(api, "another")
    assert fresh.ask("authorize", mvpd_path=mvpd)["decisions"][0]["authorized"] is True
    assert fresh.ask("retrieve-profile-mvpd", mvpd_path=mvpd)["profiles"][mvpd]["issuer"] == "Adobe"


def test_partner_single_sign_on(api: Api) -> None:
    tv = Device(api)
    (first, *_) = tv.ask("retrieve-configuration")["requestor"]["mvpds"]
    status = granted(tv, first["platformMappingId"])
    response = tv.ask("partner-session", form=PARTNER, **status)
    assert tv.entry["outcome"] == "P1"
    assert response["url"] == f"/api/v2/{SP}/profiles/sso/Apple"
    made = tv.send(call("partner-profile", tv.now, form={"SAMLResponse": forge.saml_response()}, **status))
    assert made.status == 201
    assert value(made)["profiles"]["HarbourCable"]["type"] == "appleSSO"
    assert list(tv.ask("retrieve-profiles", **status)["profiles"]) == ["HarbourCable"]
    assert tv.ask("retrieve-profiles") == {"profiles": {}}
    assert tv.ask("authorize", mvpd_path="HarbourCable", **status)["decisions"][0]["authorized"] is True
    (denied,) = tv.ask("authorize", mvpd_path="HarbourCable")["decisions"]
    assert denied["error"]["code"] == "authenticated_profile_missing"
    tv.ask("partner-session", form=PARTNER, **status)
    assert tv.entry["outcome"] == "P7"
    tv.ask("create-session", form=FULL | {"mvpd": "HarbourCable"})
    assert tv.entry["outcome"] == "C6"
    left = tv.ask("logout", mvpd_path="HarbourCable")["logouts"]["HarbourCable"]
    assert left == {"actionName": "partner_logout", "actionType": "partner_interactive", "mvpd": "HarbourCable"}


def test_a_partner_call_of_a_device_that_signed_in_another_way(api: Api) -> None:
    tv = Device(api)
    tv.browse(tv.ask("create-session", form=FULL | {"mvpd": "HarbourCable"})["url"])
    tv.ask("partner-session", form=PARTNER, **granted(tv))
    assert tv.entry["outcome"] == "P6"


@pytest.mark.parametrize("status", [forge.partner_status(provider=HARBOUR), forge.denied_status(), None])
def test_a_missing_parameter_of_a_partner_call_is_brought_by_resuming(api: Api, status: str | None) -> None:
    tv = Device(api)
    response = tv.ask("partner-session", form={"domainName": forge.DOMAIN}, AP_Partner_Framework_Status=status)
    assert tv.entry["outcome"] == "P5"
    ready = tv.ask("resume-session", code=response["code"], form={"redirectUrl": forge.REDIRECT_URL})
    assert tv.entry["outcome"] == "R1"
    assert tv.browse(ready["url"]).status == 302


@pytest.mark.parametrize("saml", ["", "not Base64!", "bm90IFhNTA==", f"{forge.b64('<a/>')}%3D"])
def test_a_bad_saml_response(api: Api, saml: str) -> None:
    tv = Device(api)
    tv.ask("partner-session", form=PARTNER, **granted(tv))
    tv.send(call("partner-profile", tv.now, form={"SAMLResponse": saml}, **granted(tv)))
    assert tv.entry["error"] == "invalid_parameter_saml_response"


def test_a_saml_response_counts_once_and_in_time(api: Api) -> None:
    tv = Device(api)
    ex = {"form": {"SAMLResponse": forge.saml_response()}}
    tv.send(call("partner-profile", tv.now, **ex, **granted(tv)))
    assert tv.entry["error"] == "invalid_parameter_saml_response"
    tv.ask("partner-session", form=PARTNER, **granted(tv))
    tv.now += 1800
    tv.send(call("partner-profile", tv.now, **ex, **granted(tv)))
    assert tv.entry["error"] == "invalid_parameter_saml_response"
    tv.ask("partner-session", form=PARTNER, **granted(tv))
    assert tv.send(call("partner-profile", tv.now, **ex, **granted(tv))).status == 201
    assert tv.send(call("partner-profile", tv.now, **ex, **granted(tv))).status == 400


def test_a_degraded_provider_needs_no_partner_request(api: Api) -> None:
    tv = Device(api)
    form = {"SAMLResponse": forge.saml_response()}
    made = tv.send(call("partner-profile", tv.now, form=form, **granted(tv, "lantern-dsl")))
    assert (made.status, value(made)["profiles"]["LanternDSL"]["type"]) == (200, "degraded")


def test_a_session_ends_on_time(api: Api) -> None:
    tv = Device(api)
    response = tv.ask("create-session", form=FULL)
    tv.now += 1799.9
    assert tv.ask("retrieve-profile-code", code=response["code"]) == {"profiles": {}}
    tv.now += 0.2
    for operation in ("retrieve-profile-code", "retrieve-session", "resume-session"):
        tv.send(call(operation, tv.now, code=response["code"], form=FULL))
        assert tv.entry["error"] == "invalid_authentication_session"
    late = tv.browse(response["url"])
    assert (late.status, late.headers[0][1].partition(";")[0]) == (400, "text/html")


def test_a_guessed_code_is_answered_like_one_that_ended_or_belongs_elsewhere(api: Api) -> None:
    tv = Device(api)
    over = tv.ask("create-session", form=FULL)["code"]
    tv.now += 1801
    elsewhere = tv.ask("create-session", form=FULL, serviceProvider="OTHERTV")["code"]
    seen = []
    for code in (over, elsewhere, "0000000"):
        response = tv.ask("retrieve-session", code=code)
        seen.append({name: text for name, text in response.items() if name != "trace"})
    assert seen[0] == seen[1] == seen[2]
    assert tv.ask("retrieve-session", code="lower12")["code"] == "invalid_parameter_code"


def test_two_devices_do_not_mix(api: Api) -> None:
    one, two = Device(api, "one"), Device(api, "two")
    first, second = one.ask("create-session", form=FULL), two.ask("create-session", form=FULL)
    assert first["code"] != second["code"]
    one.browse(first["url"])
    assert two.ask("retrieve-profile-code", code=second["code"]) == {"profiles": {}}
    assert two.ask("retrieve-profiles") == {"profiles": {}}
    (decision,) = two.ask("authorize")["decisions"]
    assert decision["error"]["code"] == "authenticated_profile_missing"
    two.ask("create-session", form=FULL)
    assert two.entry["outcome"] == "C1"
    two.ask("resume-session", code=second["code"], form=FULL)
    assert two.entry["outcome"] == "R1"
    one.ask("logout")
    assert one.ask("retrieve-profile-code", code=first["code"]) == {"profiles": {}}


def test_a_code_shows_only_what_its_own_session_gave(api: Api) -> None:
    tv = Device(api)
    tv.browse(tv.ask("create-session", form=FULL | {"mvpd": "HarbourCable"})["url"])
    second = tv.ask("create-session", form=FULL)
    assert tv.ask("retrieve-profile-code", code=second["code"]) == {"profiles": {}}
    tv.browse(second["url"])
    assert list(tv.ask("retrieve-profile-code", code=second["code"])["profiles"]) == ["MeridianFiber"]


def test_denied_in_the_user_agent() -> None:
    api = Api(seed=5, interactive=True)
    tv = Device(api)
    response = tv.ask("create-session", form=FULL)
    page = tv.browse(response["url"])
    (session,) = api.sessions.list(tv.now)
    assert session.press.encode() in page.body
    assert tv.browse(response["url"], "POST", b"answer=yes&token=guess").status == 400
    assert tv.ask("retrieve-profile-code", code=response["code"]) == {"profiles": {}}
    denied = tv.browse(response["url"], "POST", f"answer=no&token={session.press}".encode())
    assert location(denied) == forge.REDIRECT_URL
    assert session.state == "denied"
    assert tv.ask("retrieve-profile-code", code=response["code"]) == {"profiles": {}}
    agreed = tv.browse(f"{response['url']}?answer=yes&token={session.press}")
    assert location(agreed) == forge.REDIRECT_URL
    assert list(tv.ask("retrieve-profile-code", code=response["code"])["profiles"]) == ["MeridianFiber"]


def test_the_page_signs_nobody_in_on_its_own() -> None:
    api = Api(seed=5, interactive=True)
    tv = Device(api)
    response = tv.ask("create-session", form=FULL)
    assert tv.browse(response["url"]).status == 200
    assert tv.browse(response["url"]).status == 200
    assert tv.ask("retrieve-profiles") == {"profiles": {}}
    assert tv.browse(response["url"], "POST", b"").status == 405


@pytest.mark.parametrize("operation", ["create-session", "retrieve-profiles", "authenticate", "dcr-token"])
def test_a_wrong_method(api: Api, operation: str) -> None:
    path = call(operation).request.path
    ex = exchange("DELETE", path, headers())
    made = api.respond(Decoded(ex), forge.CLOCK)
    assert made.status == 405
    assert objections(analyzed(ex, made)) == []
    assert dict(made.headers)["Allow"] in ("GET", "POST")


def test_the_methods_of_a_code() -> None:
    made = Api(seed=1).respond(Decoded(exchange("PUT", f"/api/v2/{SP}/sessions/AAAAAAA")), forge.CLOCK)
    assert dict(made.headers)["Allow"] == "GET, POST"


def test_other_traffic_is_not_found(api: Api) -> None:
    made = api.respond(Decoded(exchange("GET", "/favicon.ico")), forge.CLOCK)
    assert made.status == 404
    assert api.belongs_to(Decoded(exchange("GET", "/favicon.ico")), forge.CLOCK) is None


def test_only_known_service_providers_where_they_are_named() -> None:
    tv = Device(Api(seed=1, world=World(service_providers=frozenset({SP}))))
    tv.ask("create-session", form=FULL)
    tv.send(call("create-session", tv.now, serviceProvider="OTHERTV", form=FULL))
    assert tv.entry["error"] == "invalid_parameter_service_provider"


def test_too_many_resources_to_preauthorize(api: Api) -> None:
    tv = Device(api)
    tv.browse(tv.ask("create-session", form=FULL)["url"])
    response = tv.ask("preauthorize", resources=[f"R{number}" for number in range(6)])
    assert {decision["error"]["code"] for decision in response["decisions"]} == {"too_many_resources"}
    response = tv.ask("authorize", resources=["Sports", "Movies-Denied"])
    assert [decision["authorized"] for decision in response["decisions"]] == [True, False]


def test_the_same_seed_and_clock_give_the_same_answers() -> None:
    def run() -> list[object]:
        tv = Device(Api(seed="again"))
        response = tv.ask("create-session", form=FULL)
        return [response, tv.browse(response["url"]), tv.ask("retrieve-profiles"), tv.ask("authorize")]

    assert run() == run()


def test_without_a_seed_codes_differ() -> None:
    codes = {Device(Api()).ask("create-session", form=FULL)["code"] for _ in range(5)}
    assert len(codes) == 5
