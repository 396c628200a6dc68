"""PL301 to PL311: the shape of a sessions answer.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

import pytest

from passlens.exchange.model import Gap
from support.examples import Example, answered, codes, exchange, findings, parametrize, verify, with_code

C1 = exchange("C1")
RSB = exchange("RS-B")
CUT = b'{"actionName": "authenticate" "actionType": "interactive"}'
WHOLE = b'{"actionName": "authenticate", "actionType": "interactive"}'
STREAMED = Gap("streamed", "gone")

EXAMPLES = [
    Example(
        "PL301",
        trigger=exchange("C1", answer_headers={"Content-Type": "text/plain"}),
        near=exchange("C1", answer_headers={"Content-Type": "Application/JSON ; charset=utf-8"}),
        at="header:Content-Type",
        severity="error",
        words="text/plain",
    ),
    Example(
        "PL301",
        trigger=exchange("P1", answer_headers={"Content-Type": None}),
        near=exchange("P1", answer_headers={"Content-Type": None}, answer_gap=STREAMED),
        at="header:Content-Type",
        severity="warning",
        words="is missing",
    ),
    Example(
        "PL301",
        trigger=exchange("RS-B", answer_headers={"Content-Type": "text/html"}),
        near=exchange("no-body-401"),
        at="header:Content-Type",
        severity="warning",
    ),
    Example(
        "PL302",
        trigger=exchange("C1", response_body=CUT),
        near=exchange("C1", response_body=WHOLE),
        at="body",
        severity="error",
        words="line 1 column 31",
    ),
    Example(
        "PL302",
        trigger=exchange("C1", response_body=b" \r\n"),
        near=exchange("C1", answer_gap=STREAMED),
        at="body",
        severity="error",
        words="The body is empty",
    ),
    Example(
        "PL303",
        trigger=answered(C1, []),
        near=answered(C1, {}),
        at="body",
        severity="error",
        words="an array, expected an object",
    ),
    Example(
        "PL304",
        trigger=exchange("C1", response_body=b'{"code": "DEMO123", "code": "DEMO456"}'),
        near=exchange("C1", response_body=b'{"code": "DEMO123", "deep": {"code": "DEMO456"}}'),
        at="body",
        severity="warning",
    ),
    Example(
        "PL304",
        trigger=exchange("C1", response_body=b"\xef\xbb\xbf" + WHOLE),
        near=exchange("C1", response_body=b"\r\n\t " + WHOLE + b"\n"),
        at="body",
        severity="warning",
    ),
    # The page requires it.
    Example(
        "PL305",
        trigger=exchange("C1", response={"sessionId": None}),
        near=exchange("C1"),
        at="body#/sessionId",
        severity="error",
        words="sessionId is missing (outcome C1)",
    ),
    # Only samples tell that create answers have a code with authenticate, and an mvpd.
    Example(
        "PL305",
        trigger=exchange("C1", response={"code": None}),
        near=exchange("C3"),
        at="body#/code",
        severity="warning",
    ),
    Example(
        "PL305",
        trigger=exchange("C1", response={"mvpd": None}),
        near=exchange("C2"),
        at="body#/mvpd",
        severity="warning",
    ),
    Example(
        "PL305",
        trigger=exchange("C2", response={"missingParameters": None}),
        near=exchange("C1"),
        at="body#/missingParameters",
        severity="warning",
    ),
    # The resume page requires a code in every answer.
    Example(
        "PL305",
        trigger=exchange("R1", response={"code": None}),
        near=exchange("R3"),
        at="body#/code",
        severity="error",
    ),
    Example(
        "PL305",
        trigger=exchange("P1", response={"authenticationRequest": None}),
        near=exchange("P2"),
        at="body#/authenticationRequest",
        severity="error",
    ),
    # Without reasonType an answer is old if the rest is; an extra attribute says that it is not.
    Example(
        "PL305",
        trigger=exchange("C1", response={"reasonType": None, "missingParameters": ["mvpd"]}),
        near=exchange("C1", response={"reasonType": None}),
        at="body#/reasonType",
        severity="error",
    ),
    Example(
        "PL305",
        trigger=exchange("RS-B", response={"notAfter": None}),
        near=exchange("RS-B", response={"notAfter": None, "device": None}),
        at="body#/notAfter",
        severity="error",
    ),
    Example(
        "PL305",
        trigger=answered(RSB, {"parameters": {}}),
        near=answered(RSB, {"parameters": {"existing": {}}}),
        at="body#/parameters/existing",
        severity="error",
        words="The attribute existing is missing",
    ),
    Example(
        "PL306",
        trigger=exchange("C1", response={"notBefore": 1767323044750}),
        near=exchange("C1", response={"undocumented": 1767323044750}),
        at="body#/notBefore",
        severity="error",
        words="number 1767323044750, expected string",
    ),
    Example(
        "PL306",
        trigger=exchange("C2", response={"missingParameters": "mvpd"}),
        near=exchange("C2", response={"missingParameters": ["mvpd", "domainName", "redirectUrl"]}),
        at="body#/missingParameters",
        severity="error",
    ),
    Example(
        "PL306",
        trigger=exchange("C1", response={"actionName": 1}),
        near=exchange("C1", response={"actionName": "1"}),
        at="body#/actionName",
        severity="error",
        words="number, expected string",
    ),
    Example(
        "PL306",
        trigger=exchange("RS-B", response={"existingParameters": ["mvpd"]}),
        near=exchange("RS-B", response={"existingParameters": {}}),
        at="body#/existingParameters",
        severity="error",
    ),
    Example(
        "PL307",
        trigger=exchange("C1", response={"sessionId": ""}),
        near=exchange("C1", response={"sessionId": "9", "undocumented": ""}),
        at="body#/sessionId",
        severity="warning",
    ),
    Example(
        "PL308",
        trigger=exchange("C1", response={"notAfter": "1767324844"}),
        near=exchange("C1"),
        at="body#/notAfter",
        severity="error",
        words="notAfter is 1767324844, expected 13 digits",
    ),
    Example(
        "PL308",
        trigger=exchange("RS-B", response={"notBefore": ""}),
        near=exchange("RS-A"),
        at="body#/notBefore",
        severity="error",
        words="notBefore is empty",
    ),
    Example(
        "PL309",
        trigger=exchange("P3", response={"url": None}),
        near=exchange("RS-B"),
        at="body#/url",
        severity="warning",
    ),
    Example(
        "PL310",
        trigger=exchange("C1", response={"reason": "none"}),
        near=exchange("RS-B", response={"reason": "none"}),
        at="body#/reason",
        severity="note",
    ),
    Example(
        "PL311",
        trigger=answered(RSB, {"notBefore": "1767323044750"}),
        near=answered(RSB, {"missingParameters": ["mvpd"]}),
        at="body",
        severity="error",
        words="neither parameters nor a device",
    ),
]


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


def test_a_wrong_content_type_rests_on_prose_where_the_page_has_the_row() -> None:
    basis = {}
    for name in ("C1", "P1", "R1", "RS-B"):
        wrong = exchange(name, answer_headers={"Content-Type": "text/plain"})
        basis[name] = with_code(wrong, "PL301")[0]["basis"]
    assert basis == {"C1": "prose", "P1": "prose", "R1": "sample", "RS-B": "sample"}


def test_E01_broken_json_is_one_error_that_names_the_position() -> None:
    found = [finding for finding in findings(exchange("C1", response_body=CUT)) if finding["severity"] == "error"]
    assert [finding["code"] for finding in found] == ["PL302"]
    assert "a comma is missing at line 1 column 31 (char 30), in " in found[0]["message"]


def test_an_answer_to_HEAD_has_no_body_to_be_JSON() -> None:
    assert not {"PL301", "PL302"} & set(codes(exchange("RS-B", method="HEAD", response_body=b"")))


def test_E17_a_missing_url_is_a_warning_on_every_operation() -> None:
    for name in ("C1", "C2", "C3", "R1", "R2", "R5", "P1", "P3", "P5", "H-C1", "H-P1"):
        found = with_code(exchange(name, response={"url": None, "reasonType": None}), "PL309")
        assert [finding["severity"] for finding in found] == ["warning"], name


@pytest.mark.parametrize("row", ["C3", "C4", "C5", "C6", "R3", "R4", "R5", "P2", "P6", "P7"])
def test_E18_authorize_needs_no_code(row: str) -> None:
    assert codes(exchange(row)) == []


@pytest.mark.parametrize("row", ["P3", "P4"])
def test_E20_fallbacks_name_no_missing_parameters(row: str) -> None:
    assert with_code(exchange(row), "PL305") == []


@pytest.mark.parametrize("row", ["P1", "P2", "P3", "P4", "P5"])
def test_partner_answers_without_mvpd(row: str) -> None:
    # P3 to P5 may do without (E26); where the app goes on with the mvpd every sample has it.
    found = with_code(exchange(row, response={"mvpd": None}), "PL305")
    assert [finding["severity"] for finding in found] == (["warning"] if row in ("P1", "P2") else [])


def test_an_answer_with_nothing_in_it_is_reported_once() -> None:
    assert codes(answered(RSB, {})) == ["PL311"]


def test_an_error_answer_is_not_measured_as_a_session() -> None:
    for name in ("invalid_parameter_mvpd-create-session", "throttled-create-session", "errors-array"):
        assert not [code for code in codes(exchange(name)) if code.startswith(("PL3", "PL4"))]


def test_E67_a_session_id_is_opaque() -> None:
    for value in ("demo", "0", "{not a uuid}", "x" * 500):
        assert codes(exchange("C1", response={"sessionId": value})) == []


def test_attributes_nobody_documented_are_no_finding() -> None:
    assert codes(exchange("C1", response={"traceId": "demo", "extra": {"deep": [1, None]}})) == []


@pytest.mark.parametrize(("count", "found"), [(9, 9), (10, 10), (11, 10)])
def test_ten_flaws_of_the_json_are_named(count: int, found: int) -> None:
    body = "".join(f'"k{number}": 1, "k{number}": 2, ' for number in range(count))
    ex = exchange("C1")
    assert ex.response is not None
    text = (ex.response.body or b"").decode().replace("{", "{" + body, 1)
    assert len(with_code(exchange("C1", response_body=text.encode()), "PL304")) == found
