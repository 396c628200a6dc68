"""The entry of an exchange: the members of the machine-readable form, in order and of plain JSON types."""

import json
from typing import Any

import jsonschema
import pytest

import cases
import forge
from passlens.analysis.analyzer import analyze
from passlens.analysis.entry import SCHEMA, TOOL, json_schema
from passlens.exchange.decoded import Decoded
from passlens.exchange.device_key import device_key
from passlens.exchange.injection import Injection
from passlens.exchange.model import Exchange, Request, Response
from support.examples import answered, exchange
from support.schemas import closed

CLOSED = jsonschema.Draft202012Validator(closed(json_schema("entry")))


def entry(name: str, **changes: Any) -> dict[str, Any]:
    return analyze(exchange(name, **changes))


@pytest.mark.parametrize("case", cases.cases(), ids=lambda case: case.name)
def test_an_entry_has_the_form_that_readers_rely_on(case: cases.Case) -> None:
    made = analyze(cases.as_exchange(case))
    CLOSED.validate(made)
    assert json.loads(json.dumps(made, allow_nan=False)) == made
    assert (made["operation"], made["status"]) == (case.operation, case.status)
    assert (made["outcome"], made["error"]) == (case.outcome, case.error)


def test_the_form_has_a_version() -> None:
    assert SCHEMA == 2
    assert TOOL["name"] == "passlens"
    assert TOOL["version"]


def test_an_entry_whole() -> None:
    made = entry("P3", index=4, file="tv.mitm", duration_ms=41.24)
    identifier = made["device"].pop("identifier")

    findings = made.pop("findings")
    assert identifier.startswith("sha256:")
    assert {finding["code"] for finding in findings} == {"PL240"}
    code = forge.code("P3")
    assert made == {
        "index": 4,
        "file": "tv.mitm",
        "started": "2026-01-02T03:04:05.000Z",
        "duration_ms": 41.2,
        "operation": "partner-session",
        "method": "POST",
        "host": "sp.auth.adobe.com",
        "path": "/api/v2/DEMOTV/sessions/sso/Apple",
        "service_provider": "DEMOTV",
        "partner": "Apple",
        "code": code,
        "mvpd": "HarbourCable",
        "status": 200,
        "outcome": "P3",
        "error": None,
        "action": {"name": "authenticate", "type": "interactive", "reason": "pfs_fallback"},
        "results": [],
        "device": {"info": forge.APPLE_TV, "key": device_key(Decoded(exchange("P3")))},
        "partner_framework_status": {
            "frameworkPermissionInfo": {"accessStatus": "denied"},
            "frameworkProviderInfo": {},
        },
        "injected": None,
        "diagnosis": "AP-Partner-Framework-Status says denied: the user refused access. Go on with basic "
        "authentication: open the url in a user agent, or show the code for a second screen.",
        "next": ["authenticate", "retrieve-profile-code"],
    }


def test_the_code_is_that_of_the_request_where_it_names_one() -> None:
    assert entry("R1", response={"code": "DEMO123"})["code"] == forge.code("R1")
    assert entry("C1")["code"] == forge.code("C1")
    assert entry("C3")["code"] is None
    assert entry("retrieve-profile-code")["code"] == forge.code("C1")


def test_the_code_of_an_error_is_not_the_code_of_a_session() -> None:
    made = entry("invalid_parameter_mvpd-create-session")
    assert (made["code"], made["error"]) == (None, "invalid_parameter_mvpd")
    created = entry("C1", status=201)
    assert (created["code"], created["error"], created["outcome"]) == (None, "http_201", None)


def test_the_mvpd_is_that_of_the_request_where_it_names_one() -> None:
    assert entry("C1", form={"mvpd": "MeridianFiber"})["mvpd"] == "MeridianFiber"
    assert entry("P3")["mvpd"] == "HarbourCable"
    assert entry("P3-no-mvpd")["mvpd"] is None
    assert entry("C2")["mvpd"] is None
    assert entry("authorize")["mvpd"] == "HarbourCable"
    assert entry("RS-B")["mvpd"] == entry("RS-A")["mvpd"] == "HarbourCable"


def test_an_answer_that_fits_no_row_has_no_outcome_but_an_action() -> None:
    made = entry("C1", response={"reasonType": "demo"})
    assert made["outcome"] is None
    assert made["action"] == {"name": "authenticate", "type": "interactive", "reason": "demo"}
    old = entry("H-C1")
    assert old["action"]["reason"] is None
    nearly = entry("C1", response={"reasonType": None, "sessionId": None})
    assert nearly["outcome"] is None


def test_errors_and_other_operations_have_no_action() -> None:
    for name in ("throttled-create-session", "no-body-400", "logout", "RS-B"):
        assert entry(name)["action"] is None


def test_without_an_answer_only_the_request_is_told() -> None:
    made = entry("P1", no_answer=True, started=None, duration_ms=None)
    assert [made[name] for name in ("status", "outcome", "error", "action", "diagnosis", "started", "duration_ms")] == [
        None
    ] * 7
    assert made["next"] == []
    assert made["device"]["info"] == forge.APPLE_TV


@pytest.mark.parametrize("started", [1e18, -1e18, float("nan"), float("inf")])
def test_a_time_that_no_calendar_has_is_none(started: float) -> None:
    assert entry("C1", started=started)["started"] is None


def test_a_device_is_told_by_what_was_sent() -> None:
    assert entry("C1", headers={"X-Device-Info": None})["device"]["info"] is None
    assert entry("C1", headers={"AP-Device-Identifier": None})["device"]["identifier"] is None
    assert entry("C1", headers={"X-Device-Info": None, "AP-Device-Identifier": None})["device"] is None


def test_one_device_has_one_name_however_it_encodes() -> None:
    plain = forge.device_identifier(hashed=True)
    safe = forge.device_identifier(hashed=True, url_safe=True, padding=False)
    names = {entry("C1", headers={"AP-Device-Identifier": value})["device"]["identifier"] for value in (plain, safe)}
    assert len(names) == 1
    assert entry("C1")["device"]["identifier"] not in names


def test_a_broken_device_info_shows_what_could_be_read() -> None:
    info = entry("C1", headers={"X-Device-Info": forge.broken_device_info()})["device"]["info"]
    assert (info["osName"], info["osVersion"]) == ("tvOS", "18.5")


def test_secrets_are_pseudonyms_unless_revealed() -> None:
    ex = exchange("P1", started=forge.CLOCK + 1e6)
    token = forge.access_token()
    assert token not in json.dumps(analyze(ex))
    identifier = analyze(ex, reveal=True)["device"]["identifier"]
    assert identifier == forge.device_identifier()


def test_placeholders_in_a_message_are_filled_after_redaction() -> None:
    email = "viewer@demotv.example"
    made = entry("C1", response={"actionName": email})
    (finding,) = [finding for finding in made["findings"] if finding["code"] == "PL320"]
    assert email not in json.dumps(made)
    assert finding["message"] == f"actionName is {finding['actual']}, expected one of {finding['expected']}."


def test_what_was_injected_is_told() -> None:
    injected = {"scenario": "pfs-fallback", "rule": "first", "how": "outcome"}
    assert entry("P3", injection=Injection.from_member(injected))["injected"] == injected


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[" * 5000, b'{"a":' * 3000, b"NaN", b'{"code": NaN}'])
def test_odd_answers_make_an_entry(body: bytes) -> None:
    for name in ("C1", "RS-B", "invalid_parameter_mvpd-create-session", "authorize"):
        made = entry(name, response_body=body)
        assert json.loads(json.dumps(made, allow_nan=False)) == made
        assert "PL999" not in {finding["code"] for finding in made["findings"]}


def test_lone_surrogates_make_an_entry() -> None:
    headers = (("Authorization", "\udcff"), ("X-Device-Info", "\udcfe"), ("AP-Device-Identifier", "\udcfd"))
    ex = Exchange(Request(headers, b"mvpd=%ff", None, "POST", path="/api/v2/\udcff/sessions"), Response(body=b"\xff"))
    CLOSED.validate(analyze(ex))
    assert analyze(answered(ex, {"code": "\ud800"}))["operation"] == "create-session"
