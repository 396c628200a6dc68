"""PL510 to PL520: error bodies, from the flat Enhanced Error Code to what cannot be read.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

import pytest

from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange, Gap
from passlens.rest_v2.errors import ACTIONS, CODES, STATUSES, V1_CODES, ErrorCode
from samples.errors import error_body
from support.examples import Example, answered, codes, exchange, parametrize, verify, with_code

FLAT = exchange("invalid_parameter_mvpd-create-session")
HTML = {"Content-Type": "text/html"}
PAGE = b"<html><body>Demo error page</body></html>"
GONE = Gap("streamed", "gone")


def failing(code: str = "invalid_parameter_mvpd", *, http: int = 400, without: str = "", **members: object) -> Exchange:
    """A create call answered with an Enhanced Error Code; members replace those given by default."""
    body = {**error_body(code, "none", 400), **members}
    body.pop(without, None)
    return answered(FLAT, body, status=http)


EXAMPLES = [
    Example(
        "PL510",
        trigger=exchange("no-body-400"),
        near=exchange("no-body-401"),
        at="body",
        severity="note",
        words="The body is empty",
    ),
    Example(
        "PL510",
        trigger=exchange("no-body-500", response_body=b" \r\n"),
        near=exchange("no-body-500", answer_gap=GONE),
        at="body",
        severity="note",
    ),
    Example(
        "PL511",
        trigger=exchange("invalid_parameter_mvpd-create-session", response_body=PAGE),
        near=exchange("invalid_parameter_mvpd-create-session", response_body=PAGE, answer_headers=HTML),
        at="body",
        severity="error",
        words="no JSON object",
    ),
    Example("PL511", trigger=answered(FLAT, ["demo"]), near=answered(FLAT, {}), at="body", severity="error"),
    Example(
        "PL512",
        trigger=failing(without="action"),
        near=failing(without="trace"),
        at="body#/action",
        severity="error",
        words="The member action is missing",
    ),
    Example(
        "PL512",
        trigger=answered(FLAT, {"error": {"code": "invalid_parameter_mvpd", "action": "none"}}),
        near=exchange("error-wrapper"),
        at="body#/status",
        severity="error",
    ),
    # What gateways and frameworks answer in JSON is no Enhanced Error Code at all.
    *(
        Example(
            "PL512",
            trigger=answered(FLAT, body),
            near=answered(FLAT, error_body("invalid_parameter_mvpd", "none", 400)),
            at="body",
            severity="warning",
            words="The body is another JSON object",
        )
        for body in (
            {},
            {"message": "Forbidden"},
            {"timestamp": 1, "status": 404, "error": "Not Found", "path": "/x"},
            {"error": {"message": "no"}},
            {"fault": {"faultstring": "x"}},
        )
    ),
    Example(
        "PL513",
        trigger=failing(status="400"),
        near=failing(status=400),
        at="body#/status",
        severity="error",
        words="string 400, expected integer",
    ),
    Example(
        "PL513",
        trigger=failing(details=["demo"]),
        near=failing(details=None),
        at="body#/details",
        severity="error",
    ),
    Example(
        "PL514",
        trigger=failing("invalid_parameter_domain_name"),
        near=failing(),
        at="body#/code",
        severity="note",
        words="is not on the list, expected one of the 47 codes",
    ),
    Example(
        "PL514",
        trigger=failing("unknown_integration"),
        near=failing("invalid_integration"),
        at="body#/code",
        severity="note",
        words="belongs to REST API V1",
    ),
    Example(
        "PL514",
        trigger=failing("temppass_expired"),
        near=failing("temporary_access_duration_limit_exceeded"),
        at="body#/code",
        severity="note",
        words="was that of samples until doc-2024-10-15; temporary_access_duration_limit_exceeded says it today",
    ),
    Example(
        "PL515",
        trigger=failing(action="retry"),
        near=failing("invalid_parameter_domain_name", action="retry"),
        at="body#/action",
        severity="note",
        words="The action of invalid_parameter_mvpd is retry, the table has none",
    ),
    Example(
        "PL516",
        trigger=failing(status=500, http=500),
        near=failing(status=400, http=500),
        at="body#/status",
        severity="warning",
        words="The status of invalid_parameter_mvpd is 500, the table has 400",
    ),
    Example(
        "PL517",
        trigger=failing(action="wait"),
        near=failing(action="authorization"),
        at="body#/action",
        severity="note",
        words="The action wait is not on the list",
    ),
    Example(
        "PL518",
        trigger=failing(status=418),
        near=failing(status=412),
        at="body#/status",
        severity="note",
        words="The status 418 is not on the list",
    ),
    Example(
        "PL519",
        trigger=exchange("errors-array"),
        near=FLAT,
        at="body",
        severity="note",
        words="an errors array (doc-2024-08-05), expected the flat form",
    ),
    Example(
        "PL519",
        trigger=exchange("error-wrapper"),
        near=failing(error={"demo": 1}, without="error"),
        at="body",
        severity="note",
        words="an error object",
    ),
    # The word of Dynamic Client Registration in the place of an Enhanced Error Code.
    Example(
        "PL519",
        trigger=answered(FLAT, {"error": "invalid_token"}, status=401),
        near=exchange("dcr-token-400"),
        at="body",
        severity="note",
        words="Dynamic Client Registration",
    ),
    Example(
        "PL520",
        trigger=exchange("internal_server_error-create-session", answer_headers=HTML),
        near=exchange("internal_server_error-create-session"),
        at="header:Content-Type",
        severity="error",
        words="text/html, expected application/json",
    ),
    Example(
        "PL520",
        trigger=exchange("no-body-500", status=502, response_body=PAGE, answer_headers=HTML),
        near=exchange("no-body-500", status=502, answer_headers=HTML),
        at="header:Content-Type",
        severity="note",
    ),
    # A gateway refused the call; of what it answers no page tells anything, though one lists the status.
    Example(
        "PL520",
        trigger=exchange("invalid_integration-partner-session", status=403, response_body=PAGE, answer_headers=HTML),
        near=exchange("invalid_integration-partner-session", status=403),
        at="header:Content-Type",
        severity="note",
    ),
    Example(
        "PL520",
        trigger=exchange("invalid_integration-partner-session", answer_headers={"Content-Type": None}),
        near=exchange("authenticate-html-400"),
        at="header:Content-Type",
        severity="error",
        words="missing",
    ),
]


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


@pytest.mark.parametrize("row", CODES, ids=lambda row: row.code)
def test_every_listed_code_with_its_action_and_status_is_no_news(row: ErrorCode) -> None:
    ex = failing(row.code, action=row.action, status=row.status, http=row.status)
    assert set(codes(ex)) <= ({"PL501", "PL506"} if row.status == 403 or "_pfs_" in row.code else set())


@pytest.mark.parametrize("code", V1_CODES)
def test_codes_of_V1_are_named_so(code: str) -> None:
    (finding,) = with_code(failing(code), "PL514")
    assert "REST API V1" in finding["message"]


def test_every_listed_action_and_status_is_known() -> None:
    for action in ACTIONS:
        assert with_code(failing(action=action), "PL517") == []
    for status in STATUSES:
        assert with_code(failing(status=status), "PL518") == []


def test_E55_trace_details_and_message_are_optional() -> None:
    for name in ("trace", "details", "message", "helpUrl"):
        assert codes(failing(without=name)) == []


def test_E55_three_shapes_of_one_error_are_read_alike() -> None:
    inner = error_body("invalid_parameter_mvpd", "none", 400)
    for body in (inner, {"error": inner}, {"errors": [inner]}):
        ex = answered(FLAT, body)
        assert Decoded(ex).error is not None
        assert Decoded(ex).error.code == "invalid_parameter_mvpd"
        assert set(codes(ex)) <= {"PL519"}


def test_E56_the_table_of_actions_wins() -> None:
    for code in ("temporary_access_duration_limit_exceeded", "invalid_configuration_temporary_access"):
        (finding,) = with_code(failing(code), "PL515")
        assert finding["severity"] == "note"
        assert finding["expected"] in ("authentication", "configuration")


def test_operations_without_enhanced_error_codes_are_left_alone() -> None:
    for name in ("authenticate-html-400", "dcr-register-400", "dcr-token-400"):
        assert not [code for code in codes(exchange(name)) if code.startswith("PL51")], name


@pytest.mark.parametrize("body", [b"null", b"0", b'"demo"', b"\xff\xfe", b"{", b"[[]]", b'{"errors": []}'])
def test_odd_bodies_raise_nothing(body: bytes) -> None:
    found = codes(exchange("invalid_parameter_mvpd-create-session", response_body=body))
    assert "PL999" not in found
    assert {"PL511", "PL512"} & set(found)
