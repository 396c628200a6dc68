"""An app over TLS behind a real ``passlens proxy --sandbox-world``, with no server in reach: all operations, each
way in and out. No answer has a finding, and none departs from the fact base."""

import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import forge
from passlens.rest_v2.operations import OPERATIONS
from passlens.rest_v2.routing import route
from samples.case import HOST
from support.clients import Got, Headers, Http1Client
from support.device import MARK, SP, Device, value
from support.fact_reader import Answer, objections
from support.proxy import Proxy, becomes
from support.stage import entries_of

WORLD = f"""strict: true
service_providers: [{SP}]
mvpds:
  - {{id: HarbourCable, name: Harbour Cable, mapping: harbour-cable, partner: true}}
  - {{id: MeridianFiber, name: Meridian Fiber, logout: false}}
  - {{id: AllSignedIn, kind: degraded, mapping: all-signed-in, partner: true}}
  - {{id: AllMayWatch, kind: degraded, degradation: AuthZAll}}
  - {{id: NobodyMayWatch, kind: degraded, degradation: AuthZNone}}
  - {{id: TempPass_Hour, kind: temporary, minutes: 60}}
  - {{id: TempPass_Promo, kind: promotional, resources: 2}}
resources:
  news: permit
  movies: authorization_denied_by_mvpd
  late: authorization_denied_by_parental_controls
  "*": permit
"""
STATUS, IDENTITY = "AP-Partner-Framework-Status", ("AP-TempPass-Identity", forge.temppass_identity())
LEAVE = "?" + urlencode({"redirectUrl": "https://demotv.example/bye"})
BACK = {"domainName": forge.DOMAIN, "redirectUrl": forge.REDIRECT_URL}


class Judge:
    """A client that reads each answer by the facts."""

    def __init__(self, client: Http1Client) -> None:
        self.client = client
        self.played: set[str] = set()

    def request(self, method: str, path: str, headers: Headers = (), body: bytes = b"") -> Got:
        """Send a request; its answer is the sandbox's and departs from no fact."""
        got = self.client.request(method, path, headers, body)
        found = route(method, path, HOST)
        if found is None:
            return got
        assert got.header(MARK) == f"sandbox/{found.operation.id}"
        asked = json.loads(body)["resources"] if "decisions" in path else ()
        answer = Answer(found.operation.id, found.parameters, got.status, dict(got.headers), got.body, tuple(asked))
        assert objections(answer) == [], (path, objections(answer))
        self.played.add(found.operation.id)
        return got


def signed_in(tv: Device, mvpd: str, *extra: tuple[str, str]) -> dict[str, Any]:
    """A first screen sign-in; the profile that the poll brings."""
    made = value(tv.form(f"/api/v2/{SP}/sessions", *extra, mvpd=mvpd, **BACK))
    assert value(tv.poll(made["code"])) == {"profiles": {}}
    page = tv.open(made["url"])
    assert (page.status, page.header("Location")) == (302, forge.REDIRECT_URL)
    found: dict[str, Any] = value(tv.poll(made["code"]))["profiles"][mvpd]
    return found


def decided(
    tv: Device, operation: str, mvpd: str, *resources: str, extra: tuple[tuple[str, str], ...] = ()
) -> list[str]:
    """What is decided about each resource: permit, or the code of the denial."""
    got = tv.json(f"/api/v2/{SP}/decisions/{operation}/{mvpd}", {"resources": list(resources)}, *extra)
    return [one.get("error", {}).get("code", "permit") for one in value(got)["decisions"]]


def profile(tv: Device, mvpd: str, *extra: tuple[str, str]) -> Got:
    """The profile for one mvpd."""
    return tv.get(f"/api/v2/{SP}/profiles/{mvpd}", *extra)


def left(tv: Device, mvpd: str, *extra: tuple[str, str]) -> dict[str, Any]:
    """What a logout leaves to do."""
    found: dict[str, Any] = value(tv.get(f"/api/v2/{SP}/logout/{mvpd}{LEAVE}", *extra))["logouts"][mvpd]
    return found


def registered(judge: Judge, name: str) -> Device:
    """A device with a client and a token of its own."""
    tv = Device(judge, name)
    client = value(tv.json("/o/client/register", {"software_statement": forge.software_statement()}))
    form = {key: client[key] for key in ("client_id", "client_secret")} | {"grant_type": "client_credentials"}
    tv.token = "Bearer " + value(tv.form("/o/client/token", **form))["access_token"]
    return tv


def from_the_registration_to_the_sign_out(judge: Judge) -> None:
    tv = registered(judge, "living room")
    mvpds = value(tv.get(f"/api/v2/{SP}/configuration"))["requestor"]["mvpds"]
    assert [mvpd["id"] for mvpd in mvpds][:2] == ["HarbourCable", "MeridianFiber"]
    assert signed_in(tv, "HarbourCable")["type"] == "regular"
    assert list(value(tv.profiles())["profiles"]) == ["HarbourCable"]
    assert value(profile(tv, "HarbourCable"))["profiles"]["HarbourCable"]["issuer"] == "HarbourCable"
    assert decided(tv, "preauthorize", "HarbourCable", "news", "movies") == [
        "permit", "preauthorization_denied_by_mvpd",
    ]  # fmt: skip
    assert decided(tv, "authorize", "HarbourCable", "news") == ["permit"]
    assert decided(tv, "authorize", "HarbourCable", "movies") == ["authorization_denied_by_mvpd"]
    assert decided(tv, "authorize", "HarbourCable", "late") == ["authorization_denied_by_parental_controls"]
    assert decided(tv, "preauthorize", "HarbourCable", *"abcdef") == ["too_many_resources"] * 6
    leaving = left(tv, "HarbourCable")
    assert leaving["actionName"] == "logout"
    gone = tv.open(leaving["url"].removeprefix(f"https://{HOST}"))
    assert (gone.status, gone.header("Location")) == (302, "https://demotv.example/bye")
    assert value(tv.profiles()) == {"profiles": {}}
    assert decided(tv, "authorize", "HarbourCable", "news") == ["authenticated_profile_missing"]
    assert left(tv, "HarbourCable")["actionName"] == "invalid"


def a_second_screen_and_an_mvpd_without_a_logout(judge: Judge) -> None:
    tv, phone = registered(judge, "bedroom"), registered(judge, "phone")
    made = value(tv.form(f"/api/v2/{SP}/sessions", mvpd="MeridianFiber"))
    assert made["actionName"] == "resume"
    assert value(phone.retrieve(made["code"]))["missingParameters"] == ["domain", "redirectUrl"]
    assert value(phone.resume(made["url"], domainName=forge.DOMAIN))["actionName"] == "retry"
    whole = value(phone.resume(made["url"], redirectUrl=forge.REDIRECT_URL))
    assert phone.open(whole["url"]).status == 302
    assert list(value(tv.poll(made["code"]))["profiles"]) == ["MeridianFiber"]
    assert value(phone.profiles()) == {"profiles": {}}
    assert left(tv, "MeridianFiber")["actionName"] == "complete"


def partner_single_sign_on(judge: Judge) -> None:
    tv = registered(judge, "kitchen")
    granted = (STATUS, forge.partner_status(time.time(), provider="harbour-cable"))
    asked = value(tv.form(f"/api/v2/{SP}/sessions/sso/Apple", granted, **BACK))
    assert asked["actionName"] == "partner_profile"
    made = tv.form(asked["url"], granted, SAMLResponse=forge.saml_response(time.time()))
    assert (made.status, value(made)["profiles"]["HarbourCable"]["type"]) == (201, "appleSSO")
    assert value(tv.profiles()) == {"profiles": {}}
    assert list(value(tv.get(f"/api/v2/{SP}/profiles", granted))["profiles"]) == ["HarbourCable"]
    assert decided(tv, "authorize", "HarbourCable", "news", extra=(granted,)) == ["permit"]
    again = value(tv.form(f"/api/v2/{SP}/sessions/sso/Apple", granted, **BACK))
    assert (again["actionName"], again["reasonType"]) == ("authorize", "authenticatedSSO")
    assert left(tv, "HarbourCable", granted)["actionName"] == "partner_logout"
    refused = value(tv.partner_session("denied"))
    assert refused["reasonType"] == "pfs_fallback"
    unknown = (STATUS, forge.partner_status(time.time(), provider="meridian"))
    assert value(tv.form(f"/api/v2/{SP}/sessions/sso/Apple", unknown, **BACK))["reasonType"] == "configuration_fallback"
    error = tv.form(asked["url"], unknown, SAMLResponse=forge.saml_response(time.time()))
    assert json.loads(error.body)["code"] == "invalid_header_pfs_provider_id_not_determined"


def single_sign_on_by_a_token(judge: Judge) -> None:
    first, second = registered(judge, "den"), registered(judge, "attic")
    token = ("AD-Service-Token", forge.service_token(time.time()))
    signed_in(first, "HarbourCable", token)
    assert value(second.profiles()) == {"profiles": {}}
    found = value(second.get(f"/api/v2/{SP}/profiles", token))["profiles"]["HarbourCable"]
    assert found["type"] == "serviceTokenSSO"
    made = value(second.form(f"/api/v2/{SP}/sessions", token, mvpd="HarbourCable", **BACK))
    assert made["reasonType"] == "authenticatedSSO"
    assert decided(second, "authorize", "HarbourCable", "news", extra=(token,)) == ["permit"]
    assert left(second, "HarbourCable", token)["actionName"] == "logout"
    assert value(second.get(f"/api/v2/{SP}/profiles", token)) == {"profiles": {}}


def temporary_access_basic_and_promotional(judge: Judge) -> None:
    tv = registered(judge, "guest room")
    session = value(tv.form(f"/api/v2/{SP}/sessions", mvpd="TempPass_Hour", **BACK))
    assert (session["actionName"], session["reasonType"]) == ("authorize", "temporary")
    assert value(profile(tv, "TempPass_Hour"))["profiles"]["TempPass_Hour"]["type"] == "temporary"
    assert decided(tv, "preauthorize", "TempPass_Hour", "news", "movies") == ["permit", "permit"]
    assert decided(tv, "authorize", "TempPass_Hour", "movies") == ["permit"]
    assert left(tv, "TempPass_Hour")["actionName"] == "complete"
    without = profile(tv, "TempPass_Promo")
    assert (without.status, json.loads(without.body)["code"]) == (400, "invalid_header_identity_for_temporary_access")
    extra = (IDENTITY,)
    attributes = value(profile(tv, "TempPass_Promo", IDENTITY))["profiles"]["TempPass_Promo"]["attributes"]
    assert attributes["remaining_resources"]["value"] == 2
    for resource, says in (("news", "permit"), ("news", "permit"), ("movies", "permit")):
        assert decided(tv, "authorize", "TempPass_Promo", resource, extra=extra) == [says]
    spent = "temporary_access_resources_limit_exceeded"
    assert decided(tv, "authorize", "TempPass_Promo", "sports", extra=extra) == [spent]
    over = profile(tv, "TempPass_Promo", IDENTITY)
    assert (over.status, json.loads(over.body)["code"]) == (403, spent)


def degraded_access(judge: Judge) -> None:
    tv = registered(judge, "garage")
    session = value(tv.form(f"/api/v2/{SP}/sessions", mvpd="AllSignedIn", **BACK))
    assert (session["actionName"], session["reasonType"]) == ("authorize", "degraded")
    assert value(profile(tv, "AllSignedIn"))["profiles"]["AllSignedIn"]["type"] == "degraded"
    assert decided(tv, "authorize", "AllSignedIn", "movies") == ["permit"]
    assert left(tv, "AllSignedIn")["actionName"] == "complete"
    for mvpd, says in (("AllMayWatch", "permit"), ("NobodyMayWatch", "authorization_denied_by_degradation_rule")):
        signed_in(tv, mvpd)
        for operation in ("preauthorize", "authorize"):
            assert decided(tv, operation, mvpd, "movies") == [says]


def what_is_not_of_the_world_is_refused(judge: Judge) -> None:
    tv = registered(judge, "hall")
    refused = {
        "invalid_parameter_mvpd": profile(tv, "Nobody"),
        "invalid_parameter_service_provider": tv.get("/api/v2/OTHER/profiles"),
        "invalid_parameter_resources": tv.json(f"/api/v2/{SP}/decisions/authorize/HarbourCable", {"resources": []}),
        "invalid_parameter_redirect_url": tv.get(f"/api/v2/{SP}/logout/HarbourCable"),
        "invalid_authentication_session": tv.poll("0000000"),
    }
    assert {json.loads(got.body)["code"]: got.status for got in refused.values()} == dict.fromkeys(refused, 400)
    tv.token = "Bearer nobody"
    assert tv.profiles().status == 401


STORIES = (
    from_the_registration_to_the_sign_out,
    a_second_screen_and_an_mvpd_without_a_logout,
    partner_single_sign_on,
    single_sign_on_by_a_token,
    temporary_access_basic_and_promotional,
    degraded_access,
    what_is_not_of_the_world_is_refused,
)


def test_each_way_in_and_out_is_played_and_no_answer_has_a_finding(confdir: Path, tmp_path: Path) -> None:
    world, log, nowhere = tmp_path / "world.yaml", tmp_path / "log.jsonl", tmp_path / "nowhere.py"
    world.write_text(WORLD)
    nowhere.write_text(
        '"""Sends every connection to a closed port."""\n\n'
        'def server_connect(data):\n    data.server.address = ("127.0.0.1", 9)\n'
    )
    command = becomes("--sandbox-world", str(world), "--log", str(log))
    with (
        Proxy(confdir, "-s", str(nowhere), command=command, scripts=[]) as proxy,
        Http1Client(proxy.port, proxy.ca) as client,
    ):
        judge = Judge(client)
        for story in STORIES:
            story(judge)
    assert judge.played == {operation.id for operation in OPERATIONS}
    entries = [entry for entry in entries_of(log) if entry["kind"] == "exchange"]
    assert len(entries) > 80
    found = [
        (entry["operation"], one["code"], one["message"])
        for entry in entries
        for one in entry["findings"]
        if one["side"] != "request" and not one["code"].startswith("PL6")
    ]
    assert found == []
    assert {entry["injected"]["how"] for entry in entries} == {"sandbox"}
