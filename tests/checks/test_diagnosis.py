"""What an answer means and what comes next: every fallback with its cause, degraded access, missing parameters, errors.
The next operations are those of the partner flow and the basic flows."""

import pytest

import cases
import forge
from passlens.analysis.analyzer import analyze
from passlens.checks.denials import CAUSES
from passlens.checks.diagnosis import Diagnosis, diagnose
from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Action, Injection
from passlens.rest_v2.errors import CODES, ErrorCode
from samples.errors import error_body
from support.examples import answered, exchange

STATUS = "AP-Partner-Framework-Status"
BASIC = "Go on with basic authentication"
GRANTED = forge.partner_status()

# What the flows expect after each current row; where authorize stands, preauthorize is equally fine.
EXPECTED_NEXT = {
    "C1": "authenticate", "C2": "resume-session", "C3": "authorize", "C4": "authorize", "C5": "authorize",
    "C6": "authorize", "C7": "resume-session",
    "R1": "authenticate", "R2": "resume-session", "R3": "authorize", "R4": "authorize", "R5": "authorize",
    "P1": "partner-profile", "P2": "authorize", "P3": "authenticate", "P4": "authenticate", "P5": "resume-session",
    "P6": "authorize", "P7": "authorize",
}  # fmt: skip


def cause(name: str, **changes: object) -> str:
    found = diagnose(Decoded(exchange(name, **changes))).cause
    assert found is not None
    return found


@pytest.mark.parametrize("row", EXPECTED_NEXT)
def test_the_next_operation_of_every_current_row(row: str) -> None:
    assert diagnose(Decoded(exchange(row))).next[0] == EXPECTED_NEXT[row]


def test_every_current_row_has_an_expected_next() -> None:
    rows = {case.outcome for case in cases.cases(forge.CLOCK, "current") if case.operation != "retrieve-session"}
    assert rows == set(EXPECTED_NEXT)


@pytest.mark.parametrize("name", ["P3", "P4", "H-P3", "H-P4"])
def test_after_a_fallback_the_app_polls_with_the_code(name: str) -> None:
    assert diagnose(Decoded(exchange(name))).next == ("authenticate", "retrieve-profile-code")
    assert BASIC in cause(name)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "The request has no AP-Partner-Framework-Status."),
        ("%%%", "is not Base64"),
        (forge.b64("demo"), "does not decode to a JSON object"),
        (forge.b64("[]"), "does not decode to a JSON object"),
        (forge.old_partner_status(), "has the structure of 2024"),
        (forge.partner_status(access=None), "has no accessStatus"),
        (forge.denied_status(), "says denied: the user refused access."),
        (forge.denied_status("restricted"), "says restricted: the app is not allowed to ask"),
        (forge.denied_status("notDetermined"), "says notDetermined: the user has not chosen yet"),
        (forge.denied_status("pending"), "says pending: the user has not chosen yet"),
        (forge.denied_status("maybe"), "says maybe: no listed value."),
        (forge.denied_status(""), "says nothing: no listed value."),
        (forge.partner_status(provider=None), "names no provider"),
        (forge.partner_status(number=True), "is not a string of epoch milliseconds"),
        (forge.partner_status(expires_in=-1), "had expired by the recording's clock"),
        (forge.partner_status(expires_in=None), "departs from its page (expirationDate is missing)"),
        (f'"{GRANTED}"', "is not cleanly encoded (the value is in quotes"),
        (GRANTED.rstrip("="), "is not cleanly encoded"),
        ("x" * 70_000, "is too long to be looked into"),
        (GRANTED, "so look at the server side"),
    ],
)
def test_each_cause_of_a_fallback(value: str | None, words: str) -> None:
    assert words in cause("P3", headers={STATUS: value})


def test_the_whole_diagnosis_is_shown() -> None:
    shown = analyze(exchange("P3", headers={STATUS: GRANTED}))["diagnosis"]
    assert shown == cause("P3", headers={STATUS: GRANTED})
    assert shown.endswith("for a second screen.")


def test_expiry_goes_by_the_clock_of_the_recording() -> None:
    value = forge.partner_status(expires_in=60)
    assert "server side" in cause("P3", headers={STATUS: value})
    assert "expired" in cause("P3", headers={STATUS: value}, started=forge.CLOCK + 120)


def test_a_configuration_fallback_is_not_the_requests_fault() -> None:
    for value in (GRANTED, forge.denied_status(), None):
        text = cause("P4", headers={STATUS: value})
        assert "not switched on" in text
        assert "the request is not at fault" in text


@pytest.mark.parametrize("name", ["C5", "R5", "P2"])
def test_degraded_access_needs_no_login(name: str) -> None:
    assert "degradation rule" in cause(name)
    assert "do not authenticate" in cause(name)


@pytest.mark.parametrize("name", ["C4", "R4", "H-P7"])
def test_temporary_access_needs_no_session(name: str) -> None:
    assert "TempPass" in cause(name)


@pytest.mark.parametrize("name", ["C1", "C3", "C6", "R1", "R3", "P1", "P6", "P7", "H-C1", "H-P1", "RS-B"])
def test_plain_successes_have_no_cause(name: str) -> None:
    assert diagnose(Decoded(exchange(name))).cause is None


@pytest.mark.parametrize(
    ("name", "lacks"),
    [
        ("C2", "lacks mvpd, domainName and redirectUrl. Send them to the url"),
        ("C2-domain", "lacks mvpd, domainName and redirectUrl"),
        ("C7", "lacks redirectUrl. Send it to the url"),
        ("R2", "lacks redirectUrl"),
        ("P5", "lacks redirectUrl"),
        ("H-P6", "lacks redirectUrl"),
        ("RS-B-missing", "lacks mvpd and redirectUrl. Resume it with the same code"),
        ("RS-A-missing", "lacks redirectUrl"),
    ],
)
def test_missing_parameters_are_named(name: str, lacks: str) -> None:
    assert lacks in cause(name)
    assert diagnose(Decoded(exchange(name))).next == ("resume-session",)


def test_a_parameter_that_was_sent_may_not_be_taken() -> None:
    text = cause("P5", form={"redirectUrl": forge.REDIRECT_URL})
    assert "The form has redirectUrl: the server may not take the value." in text


@pytest.mark.parametrize("missing", [[], None, "redirectUrl", [1]])
def test_missing_parameters_without_names(missing: object) -> None:
    assert cause("R2", response={"missingParameters": missing}).startswith("The session lacks a parameter.")


def test_a_session_without_missing_parameters_goes_to_the_browser() -> None:
    assert diagnose(Decoded(exchange("RS-B"))) == Diagnosis(None, ("authenticate",))


NEXT_BY_ACTION = {
    "none": (),
    "configuration": (),
    "application-registration": ("dcr-register", "dcr-token"),
    "authentication": ("create-session",),
    "retry": ("partner-session",),
}


@pytest.mark.parametrize("row", CODES, ids=lambda row: row.code)
def test_every_error_code_is_explained(row: ErrorCode) -> None:
    body = error_body(row.code, row.action, row.status)
    found = diagnose(Decoded(answered(exchange("invalid_integration-partner-session"), body, status=row.status)))
    assert found.cause is not None
    # What a code means is said once: as a cause of its own, else as what the code is about.
    told = CAUSES[row.code].words if row.code in CAUSES else f"The server objects: {row.about}. "
    assert told in found.cause
    assert ("The server objects" in found.cause) is (row.code not in CAUSES)
    over = row.code in ("invalid_parameter_code", "invalid_authentication_session")
    # What can be mended is asked for again: fewer resources, an identity, a server that recovers.
    again = ("too_many_resources", "invalid_header_identity_for_temporary_access", "internal_server_error")
    usual = ("partner-session",) if row.code in again else NEXT_BY_ACTION[row.action]
    assert found.next == (("create-session",) if over else usual)


def test_an_unknown_code_goes_by_its_action() -> None:
    ex = exchange("invalid_parameter_mvpd-create-session")
    for action, words in {"retry": "2 or 3 times", "authorization": "new authorization", "none": "unchanged"}.items():
        found = diagnose(Decoded(answered(ex, error_body("demo_code", action, 400), status=400)))
        assert found.cause is not None
        assert words in found.cause
    assert diagnose(Decoded(answered(ex, error_body("demo_code", "wait", 400), status=400))) == Diagnosis(None, ())


def test_the_table_wins_over_the_action_of_the_answer() -> None:
    ex = exchange("invalid_parameter_mvpd-create-session")
    found = diagnose(Decoded(answered(ex, error_body("network_received_error", "none", 403), status=403)))
    assert found.next == ("create-session",)
    assert "2 or 3 times" in (found.cause or "")


def test_401_without_a_body_asks_for_a_new_token() -> None:
    found = diagnose(Decoded(exchange("no-body-401")))
    assert found == Diagnosis(
        "The access token was not taken. Get a new one before repeating the call.", ("dcr-token",)
    )


def test_405_names_the_method() -> None:
    assert cause("wrong-method-405") == "This path does not take GET, it takes POST."


@pytest.mark.parametrize("name", [case.name for case in cases.cases(forge.CLOCK, "errors") if case.status == 429])
def test_E57_after_429_wait_a_second(name: str) -> None:
    found = diagnose(Decoded(exchange(name)))
    assert "Wait 1 second or more" in (found.cause or "")
    assert found.next == (cases.case(name).operation,)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("30", "Wait 30 seconds or more, as Retry-After says, before the next call"),
        ("2", "Wait 2 seconds or more, as Retry-After says"),
        ("1", "Wait 1 second or more before"),
        ("0", "Wait 1 second or more before"),
        ("Fri, 02 Jan 2026 03:04:40 GMT", "Wait until 2026-01-02T03:04:40Z, as Retry-After says, before the next call"),
        ("Fri, 99 Jan 2026 03:04:40 GMT", "Wait 1 second or more before"),
        ("soon", "Wait 1 second or more before"),
        ("9" * 400, "Wait 1 second or more before"),
        ("\u0663\u0660", "Wait 1 second or more before"),
    ],
)
def test_a_429_is_waited_out_as_retry_after_asks(asked: str, words: str) -> None:
    found = diagnose(Decoded(exchange("throttled-create-session", answer_headers={"Retry-After": asked})))
    assert words in (found.cause or "")


@pytest.mark.parametrize("name", ["no-body-400", "no-body-500", "authenticate-html-400"])
def test_errors_that_tell_nothing_are_not_guessed_at(name: str) -> None:
    assert diagnose(Decoded(exchange(name))) == Diagnosis(None, ())


@pytest.mark.parametrize(("status", "gateway"), [(501, False), (502, True), (504, True), (505, False)])
def test_what_a_gateway_answers_is_tried_again(status: int, gateway: bool) -> None:
    found = diagnose(Decoded(exchange("no-body-500", status=status)))
    assert found.next == (("resume-session",) if gateway else ())
    assert ("A gateway in front of the server answered" in (found.cause or "")) is gateway


def test_a_fault_inside_the_server_is_tried_again_as_its_scenario_expects() -> None:
    found = diagnose(Decoded(exchange("internal_server_error-create-session")))
    assert (found.cause or "").startswith("A fault inside the server. Send the request again, 2 or 3 times at most")
    assert found.next == ("create-session",)


def test_the_word_of_a_registration_error_is_explained() -> None:
    assert diagnose(Decoded(exchange("dcr-token-400"))).next == ("dcr-register",)


def test_without_an_answer_there_is_nothing_to_say() -> None:
    assert diagnose(Decoded(exchange("P3", no_answer=True))) == Diagnosis(None, ())
    assert diagnose(Decoded(exchange("C1", path="/demo"))) == Diagnosis(None, ())
    assert diagnose(Decoded(exchange("C1", response={"actionName": "demo"}))) == Diagnosis(None, ())
    assert diagnose(Decoded(exchange("C1", response_body=b"{"))) == Diagnosis(None, ())


def test_what_a_scenario_chose_is_not_blamed_on_the_request() -> None:
    injection = Injection("pfs-fallback", "fall back", (Action("outcome"), Action("delay")))
    for name, words, without in (
        ("P3", "The scenario asks for this answer, whatever the request holds.", "AP-Partner-Framework-Status"),
        ("throttled-create-session", "Wait 1 second or more", "came from this device"),
    ):
        cause = diagnose(Decoded(exchange(name, injection=injection))).cause
        assert cause is not None
        assert words in cause
        assert without not in cause
    plain = diagnose(Decoded(exchange("P3", injection=Injection("sandbox", "fall back", (Action("sandbox"),))))).cause
    assert plain is not None
    assert "AP-Partner-Framework-Status says denied" in plain
