"""PL501 to PL506: statuses, throttling, and where status and body tell different stories.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

from dataclasses import replace

import pytest

import cases
from passlens.exchange.model import Exchange, Gap
from samples.errors import error_body
from support.examples import Example, answered, codes, exchange, parametrize, verify, with_code

FLAT = exchange("invalid_parameter_mvpd-create-session")
PARTNER = exchange("invalid_integration-partner-session")
EXPIRED = "invalid_header_pfs_provider_info_expired"


def failing(ex: Exchange, code: str = "invalid_parameter_mvpd", *, http: int = 400, **members: object) -> Exchange:
    """The exchange answered with an Enhanced Error Code; members replace those of the table."""
    body = {**error_body(code, "none", 400), **members}
    return answered(ex, {name: value for name, value in body.items() if value is not ...}, status=http)


EXAMPLES = [
    Example(
        "PL501",
        trigger=failing(FLAT, http=404, status=404),
        near=failing(FLAT),
        at="status",
        severity="warning",
        words="The status is 404, documented are 200, 400, 401, 405, 429 or 500",
    ),
    Example(
        "PL501",
        trigger=exchange("C1", status=201),
        near=exchange("partner-profile", status=201),
        at="status",
        severity="note",
    ),
    Example("PL501", trigger=exchange("no-body-500", status=502), near=exchange("no-body-500"), at="status",
            severity="note"),
    Example(
        "PL501",
        trigger=exchange("too_many_resources-preauthorize"),
        near=exchange("temporary_access_duration_limit_exceeded-retrieve-profile-mvpd"),
        at="status",
        severity="note",
    ),
    Example(
        "PL501",
        trigger=exchange("authenticate-html-400", status=404),
        near=exchange("authenticate", status=307),
        at="status",
        severity="warning",
    ),
    Example(
        "PL502",
        trigger=failing(FLAT, http=500),
        near=failing(FLAT, http=400),
        at="body#/status",
        severity="note",
        words="The status inside is 400, the HTTP status 500",
    ),
    Example(
        "PL503",
        trigger=exchange("throttled-create-session"),
        near=exchange("no-body-400"),
        at="status",
        severity="note",
        words="throttled with status 429; it may send one request a second",
    ),
    Example(
        "PL504",
        trigger=exchange("throttled-dcr-token", answer_headers={"Content-Type": "application/json"}),
        near=exchange("throttled-dcr-token", answer_headers={"Content-Type": "text/html; charset=utf-8"}),
        at="header:Content-Type",
        severity="note",
        words="application/json, expected text/html",
    ),
    Example(
        "PL504",
        trigger=exchange("throttled-resume-session", answer_headers={"Content-Type": None}),
        near=exchange("throttled-resume-session"),
        at="header:Content-Type",
        severity="note",
        words="missing",
    ),
    Example(
        "PL505",
        trigger=failing(FLAT, http=200),
        near=exchange("C1", response={"status": 200, "action": "demo"}),
        at="status",
        severity="warning",
        words="The status is 200, the body is an error",
    ),
    Example(
        "PL505",
        trigger=answered(exchange("P1"), {"errors": [{"code": "unknown_integration"}]}),
        near=exchange("authorize-item-denied"),
        at="status",
        severity="warning",
    ),
    Example(
        "PL505",
        trigger=answered(exchange("RS-B"), {"error": error_body("invalid_parameter_code", "none", 400)}),
        near=exchange("RS-B", response={"error": None, "status": "active"}),
        at="status",
        severity="warning",
    ),
    Example(
        "PL506",
        trigger=failing(PARTNER, EXPIRED),
        near=exchange("invalid_header_pfs_permission_access_not_granted-partner-profile"),
        at="body#/code",
        severity="warning",
        words="expected 200 with pfs_fallback",
    ),
    Example(
        "PL506",
        trigger=failing(FLAT, EXPIRED),
        near=FLAT,
        at="body#/code",
        severity="warning",
        words="not about the partner status",
    ),
]  # fmt: skip


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


@pytest.mark.parametrize("name", [case.name for case in cases.cases(0, "errors") if case.status != 429])
def test_documented_errors_are_no_finding_above_a_note(name: str) -> None:
    found = [finding for finding in with_every(exchange(name)) if finding["code"] != "PL102"]
    assert {finding["severity"] for finding in found} <= {"note"}


def with_every(ex: Exchange) -> list[dict[str, str]]:
    return [finding for code in dict.fromkeys(codes(ex)) for finding in with_code(ex, code)]


def test_E58_throttling_is_told_by_its_status_on_every_operation() -> None:
    names = [case.name for case in cases.cases(0, "errors") if case.status == 429]
    assert len(names) == 5
    for name in names:
        assert codes(exchange(name)) == ["PL503"], name


def test_a_throttled_call_with_json_is_still_throttled() -> None:
    ex = failing(FLAT, http=429)
    assert {"PL503", "PL504"} >= {code for code in codes(ex) if code.startswith("PL50") and code != "PL502"}


@pytest.mark.parametrize("status", [404, 418, 503])
def test_a_wrong_method_is_reported_once(status: int) -> None:
    assert codes(exchange("wrong-method-405", status=status)) == ["PL102"]


@pytest.mark.parametrize("inside", [True, "400", None, 400.5, []])
def test_a_status_inside_that_is_no_integer_is_left_to_the_type_check(inside: object) -> None:
    found = codes(failing(FLAT, http=500, status=inside))
    assert not {"PL502", "PL516", "PL518", "PL999"} & set(found)
    assert "PL513" in found


@pytest.mark.parametrize("status", [201, 200])
def test_E50_a_partner_profile_is_created_or_returned(status: int) -> None:
    assert codes(exchange("partner-profile", status=status)) == []


@pytest.mark.parametrize(
    ("status", "severity"),
    [(299, "note"), (301, "note"), (399, "note"), (402, "warning"), (499, "warning"), (501, "warning"), (502, "note"),
     (503, "note"), (504, "note"), (505, "warning"), (599, "warning"), (600, None), (199, None)],
)  # fmt: skip
def test_what_a_gateway_answers_is_a_note(status: int, severity: str | None) -> None:
    found = with_code(exchange("no-body-500", status=status), "PL501")
    assert [finding["severity"] for finding in found] == ([] if severity is None else [severity])


@pytest.mark.parametrize(("status", "severity"), [(403, "note"), (404, "warning")])
def test_a_status_whose_code_was_not_recorded_may_be_documented(status: int, severity: str) -> None:
    kept = failing(FLAT, http=status, status=status)
    lost = exchange("invalid_parameter_mvpd-create-session", status=status, answer_gap=Gap("not-recorded", "gone"))
    masked = replace(failing(FLAT, "***", http=status, status=status), recorder="unknown")
    for ex, expected in (
        (kept, "warning"),
        (lost, severity),
        (masked, severity),
        (replace(masked, recorder=None), "warning"),
    ):
        assert [finding["severity"] for finding in with_code(ex, "PL501")] == [expected]
