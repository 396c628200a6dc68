"""Every row of the truth table and every error, produced for plausible requests and judged by passlens' own checks."""

import random
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.errors import BY_CODE, CODES
from passlens.rest_v2.operations import BY_ID, DCR, FAMILIES, OPERATIONS
from passlens.rest_v2.outcomes import ROWS
from passlens.sandbox.build_outcome import build_outcome, possible, require
from passlens.sandbox.rows import rows_of
from passlens.sandbox.session import SessionStore
from sandbox.asking import FULL, HARBOUR, SP, STATUS, analyzed, call, departures, objections, value

GRANTED = {STATUS.replace("-", "_"): forge.partner_status(provider=HARBOUR)}
DENIED = {STATUS.replace("-", "_"): forge.denied_status()}

FORMS: dict[str, dict[str, str]] = {
    "full": FULL,
    "no-redirect": {"mvpd": "MeridianFiber", "domainName": forge.DOMAIN},
    "no-domain": {"mvpd": "MeridianFiber", "redirectUrl": forge.REDIRECT_URL},
    "no-mvpd": {"domainName": forge.DOMAIN, "redirectUrl": forge.REDIRECT_URL},
    "redirect-only": {"redirectUrl": "demotv://signed-in"},
    "empty": {},
    "empty-values": {"mvpd": "", "domainName": "", "redirectUrl": ""},
    "placeholder": FULL | {"mvpd": "${degradedMvpd}"},
    "unicode": FULL | {"mvpd": "Kabel Süd/Ost?#%41"},
}
ROW_IDS = [row.id for row in ROWS if not row.old]
OPERATION_OF = {row.id: row.operation for row in ROWS}


def made(name: str, **request: Any) -> tuple[Any, Any, SessionStore]:
    operation = OPERATION_OF.get(name, "retrieve-session")
    options = {key: request.pop(key) for key in ("missing", "mvpd") if key in request}
    sessions = SessionStore()
    ex = call(operation, **request)
    response = build_outcome(name, Decoded(ex), now=forge.CLOCK, rng=random.Random(7), sessions=sessions, **options)
    entry = analyzed(ex, response)
    assert entry["outcome"] == name
    assert departures(ex, response) == []
    return value(response), entry, sessions


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("row", ROW_IDS)
def test_a_row_has_no_finding_for_any_form(row: str, form: str) -> None:
    sent = {name: text for name, text in FORMS[form].items() if name != "mvpd" or row[0] != "P"}
    status = {"P": DENIED if row == "P3" else GRANTED}.get(row[0], {})
    _, entry, _ = made(row, form=sent, **status)
    assert [finding for finding in objections(entry) if finding["code"] != "PL423"] == []
    assert all(finding["severity"] == "note" for finding in entry["findings"] if finding["code"] == "PL423")


@pytest.mark.parametrize("sp", ["DEMOTV", "sessions2", "Süd TV", "a%2Fb", "${x}"])
@pytest.mark.parametrize("row", ROW_IDS)
def test_a_row_has_no_finding_for_any_service_provider(row: str, sp: str) -> None:
    path = quote(sp.replace("%2F", "/"), safe="")
    body, entry, _ = made(row, form=FULL, serviceProvider=path, **(DENIED if row == "P3" else GRANTED))
    assert body["serviceProvider"] == sp.replace("%2F", "/")
    assert [finding for finding in objections(entry) if finding["code"] != "PL423"] == []


MISFITS = {
    # row -> a partner status that the server would answer otherwise, and the finding that says so
    "P3": (GRANTED, "PL440"),
    "P1": (DENIED, "PL441"),
}


@pytest.mark.parametrize("row", MISFITS)
def test_a_row_that_contradicts_the_partner_status_is_in_order_as_such(row: str) -> None:
    status, code = MISFITS[row]
    _, entry, _ = made(row, form=FULL, **status)
    assert [(finding["code"], finding["side"]) for finding in objections(entry)] == [(code, "exchange")]


@pytest.mark.parametrize("row", ["C2", "C7", "R2", "P5"])
def test_a_row_of_missing_parameters_names_one_anyway(row: str) -> None:
    body, entry, _ = made(row, form=FULL, **GRANTED)
    assert body["missingParameters"] == ["redirectUrl"]
    assert [finding["code"] for finding in objections(entry)] == ["PL423"]


@pytest.mark.parametrize(("asked", "named"), [(["mvpd"], ["mvpd"]), (["domain", "mvpd"], ["mvpd", "domain"])])
def test_a_rule_can_say_what_is_missing(asked: list[str], named: list[str]) -> None:
    body, entry, _ = made("C2", form=FULL, missing=asked)
    assert body["missingParameters"] == named
    assert "mvpd" not in body
    assert {finding["code"] for finding in objections(entry)} == {"PL423"}


def test_what_the_form_lacks_is_named_beside_what_the_rule_says() -> None:
    body, _, _ = made("C2", form={"redirectUrl": forge.REDIRECT_URL}, missing=["redirectUrl"])
    assert body["missingParameters"] == ["mvpd", "domain", "redirectUrl"]


@pytest.mark.parametrize("row", ["C1", "C2", "P3", "P4", "P5"])
def test_an_answer_with_a_code_leaves_a_session(row: str) -> None:
    body, _, sessions = made(row, form=FULL, **(DENIED if row == "P3" else GRANTED))
    session = sessions.by_code(body["code"], SP)
    assert session is not None
    assert session.session_id == body["sessionId"]
    assert int(body["notAfter"]) - int(body["notBefore"]) == 30 * 60 * 1000
    assert session.state == "open"


@pytest.mark.parametrize(
    ("row", "kind"),
    [("C3", "regular"), ("C4", "temporary"), ("C5", "degraded"), ("C6", "regular"), ("P2", "degraded"),
     ("P6", "regular"), ("P7", "appleSSO"), ("R3", "regular"), ("R4", "temporary"), ("R5", "degraded")],
)  # fmt: skip
def test_an_authorize_answer_leaves_a_virtual_profile(row: str, kind: str) -> None:
    body, _, sessions = made(row, **GRANTED)
    (session,) = sessions.list(forge.CLOCK)
    assert session.profile is not None
    assert (session.profile.kind, session.profile.mvpd) == (kind, body["mvpd"])


def test_a_partner_request_awaits_its_profile() -> None:
    body, _, sessions = made("P1", form=FULL, **GRANTED)
    (session,) = sessions.list(forge.CLOCK)
    assert (session.code, session.partner, session.kind) == (None, "Apple", "appleSSO")
    assert body["mvpd"] == "HarbourCable"


@pytest.mark.parametrize(("given", "mvpd"), [(None, "SomeCable"), ("OtherCable", "OtherCable")])
def test_the_mvpd_of_a_partner_answer_is_the_provider_unless_the_rule_has_one(given: str | None, mvpd: str) -> None:
    status = {STATUS.replace("-", "_"): forge.partner_status(provider="SomeCable")}
    assert made("P1", mvpd=given, **status)[0]["mvpd"] == mvpd


@pytest.mark.parametrize("row", ["R1", "R2"])
def test_a_resumed_session_keeps_code_id_and_validity(row: str) -> None:
    sessions, rng = SessionStore(), random.Random(3)
    first = value(build_outcome("C2", Decoded(call("create-session")), now=forge.CLOCK, rng=rng, sessions=sessions))
    ex = call("resume-session", code=first["code"], form=FULL, device="phone")
    second = value(build_outcome(row, Decoded(ex), now=forge.CLOCK + 60, rng=rng, sessions=sessions))
    for name in ("code", "sessionId", "notBefore", "notAfter"):
        assert second[name] == first[name]


def test_the_code_of_a_real_session_is_taken_over_by_resuming_it() -> None:
    _, _, sessions = made("R1", code="XTC98W", form=FULL)
    session = sessions.by_code("XTC98W", SP)
    assert session is not None
    assert session.adopted


@pytest.mark.parametrize("missing", [None, ["mvpd"], ["mvpd", "domainName", "redirectUrl"]])
def test_a_retrieve_answer_of_a_code_that_passlens_does_not_know(missing: list[str] | None) -> None:
    body, entry, sessions = made("RS-B", missing=missing)
    assert objections(entry) == []
    named = None if missing is None else ["domain" if name == "domainName" else name for name in missing]
    assert body.get("missingParameters") == named
    assert len(sessions) == 0


@pytest.mark.parametrize("operation", BY_ID)
def test_every_error_has_no_finding(operation: str) -> None:
    for name in possible(operation):
        if name in ROW_IDS or name == "RS-B" or name in rows_of(operation):
            continue
        ex = call(operation, form=FULL, **(GRANTED if operation in ("partner-session", "partner-profile") else {}))
        response = build_outcome(name, Decoded(ex), now=forge.CLOCK, rng=random.Random(7), sessions=SessionStore())
        entry = analyzed(ex, response)
        assert objections(entry) == [], name
        assert departures(ex, response) == [], name
        row = BY_CODE.get(name)
        if response.status == 200:
            assert value(response)["decisions"][0]["error"]["code"] == name
        elif operation == "authenticate":
            assert response.headers[0] == ("Content-Type", "text/html;charset=UTF-8") or name in (
                "method_not_allowed",
                "throttled",
            )
        else:
            assert entry["error"] == ("internal_server_error" if name == "server_error" else name)
            assert row is None or response.status == row.status


ANSWER_ROWS = [(operation, name) for operation in BY_ID for name in rows_of(operation)]


@pytest.mark.parametrize(("operation", "name"), ANSWER_ROWS)
def test_every_row_is_recognised_as_such_and_has_no_finding(operation: str, name: str) -> None:
    # A profile by single sign-on with the partner needs a granted status.
    granted = operation in ("retrieve-profiles", "partner-profile") or name == "PT4"
    ex = call(operation, form=FULL, **(GRANTED if granted else {}))
    response = build_outcome(name, Decoded(ex), now=forge.CLOCK, rng=random.Random(7), sessions=SessionStore())
    entry = analyzed(ex, response)
    assert objections(entry) == []
    assert departures(ex, response) == []
    found = Decoded(replace(ex, response=response.as_response())).recognition
    item = {result.get("row") for result in found.results if result["kind"] in ("profile", "decision", "logout")}
    assert name in (found.row, *item)
    assert found.exact


def test_every_code_of_the_table_can_be_had_somewhere() -> None:
    had = {name for operation in OPERATIONS for name in possible(operation.id)}
    assert {row.code for row in CODES} <= had


def test_the_partner_status_is_no_error_of_the_sessions_operations() -> None:
    for operation in FAMILIES["sessions"]:
        assert not [name for name in possible(operation) if name.startswith("invalid_header_pfs_")]


POSSIBLE = {
    # operation -> rows and shapes
    "create-session": ("C1", "C2", "C3", "C4", "C5", "C6", "C7"),
    "resume-session": ("R1", "R2", "R3", "R4", "R5"),
    "partner-session": ("P1", "P2", "P3", "P4", "P5", "P6", "P7"),
    "retrieve-session": ("RS-B",),
}


def test_the_possible_rows_by_operation() -> None:
    for operation in OPERATIONS:
        names = possible(operation.id)
        rows = POSSIBLE.get(operation.id, ())
        assert names[: len(rows)] == rows
        assert all(name not in ROW_IDS and name != "RS-B" for name in names[len(rows) :])
        assert names[len(rows) :][: len(rows_of(operation.id))] == rows_of(operation.id)
        assert "throttled" in names
        assert ("unauthorized" in names) == (operation.id != "authenticate" and operation.prefix != DCR)


@pytest.mark.parametrize(
    ("operation", "name", "missing", "words"),
    [
        ("create-session", "P3", None, "C1, C2"),
        ("create-session", "H-C1", None, "C1, C2"),
        ("create-session", "", None, "C1, C2"),
        ("partner-session", "invalid_header_pfs_provider_info_expired", None, "P1, P2"),
        ("authenticate", "unauthorized", None, "method_not_allowed"),
        ("nothing", "C1", None, "partner-session"),
        ("partner-session", "P5", ["mvpd"], "domainName or redirectUrl"),
        ("create-session", "C1", ["mvpd"], "names no missing"),
        ("create-session", "unauthorized", ["mvpd"], "names no missing"),
    ],
)
def test_an_impossible_answer_is_refused_with_the_possible_ones(
    operation: str, name: str, missing: list[str] | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        require(operation, name, missing)
    if operation in BY_ID:
        with pytest.raises(ValueError, match=words):
            build_outcome(
                name,
                Decoded(call(operation)),
                now=forge.CLOCK,
                rng=random.Random(1),
                sessions=SessionStore(),
                missing=missing,
            )


def test_the_same_seed_and_clock_give_the_same_answer() -> None:
    for row in ROW_IDS:
        assert made(row, form=FULL, **GRANTED)[0] == made(row, form=FULL, **GRANTED)[0]


def test_a_denial_names_the_mvpd_of_the_request() -> None:
    ex = call("authorize", resources=["Sports"], mvpd_path="Harbour")
    response = build_outcome(
        "authorization_denied_by_mvpd", Decoded(ex), now=forge.CLOCK, rng=random.Random(7), sessions=SessionStore()
    )  # fmt: skip
    (decision,) = value(response)["decisions"]
    assert (decision["mvpd"], decision["resource"], decision["serviceProvider"]) == ("Harbour", "Sports", SP)
