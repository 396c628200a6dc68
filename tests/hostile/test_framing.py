"""Rules that would have an app and passlens disagree about where an answer ends: refused when the file is read, or put
right on the way out."""

from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.net.http import http1

from fuzz.messages import to_flow
from passlens.errors import RuleFileError
from passlens.exchange.model import Response
from passlens.proxy import flow_edits
from passlens.recordings.flow_to_exchange import from_flow
from passlens.scenarios.base_model import FRAMING
from passlens.scenarios.changes import RewriteResponse
from passlens.scenarios.rewrite import edit_response
from scenarios.made import NOW, scenario

SETS = (
    "respond: {headers: {NAME: '1'}}",
    "rewrite_request: {headers: {set: {NAME: '1'}}}",
    "rewrite_request: {headers: {remove: [NAME]}}",
    "rewrite_response: {headers: {set: {NAME: '1'}}}",
    "rewrite_response: {headers: {remove: [NAME]}}",
)


@pytest.mark.parametrize("name", sorted(FRAMING))
@pytest.mark.parametrize("then", SETS)
def test_framing_is_no_rules_to_set(name: str, then: str) -> None:
    for spelling in (name, name.title(), name.upper()):
        with pytest.raises(RuleFileError, match="belongs to the connection"):
            scenario(f"rules: [{{name: a, then: {{{then.replace('NAME', spelling)}}}}}]")
    scenario(f"rules: [{{name: a, when: {{headers: {{{name}: x}}}}, then: {{{then.replace('NAME', 'X-A')}}}}}]")


@pytest.mark.parametrize("status", [204, 304])
@pytest.mark.parametrize(
    "then",
    [
        "respond: {status: STATUS, body: a}",
        "respond: {status: STATUS, json: {}}",
        "rewrite_response: {status: STATUS, merge: {a: 1}}",
        "rewrite_response: {status: STATUS, patch: [{op: remove, path: /a}]}",
    ],
)
def test_a_body_where_none_can_be_is_a_mistake(status: int, then: str) -> None:
    with pytest.raises(RuleFileError, match=f"an answer with status {status} has no body"):
        scenario(f"rules: [{{name: a, then: {{{then.replace('STATUS', str(status))}}}}}]")
    scenario(f"rules: [{{name: a, then: {{{then.replace('STATUS', '205')}}}}}]")
    scenario(f"rules: [{{name: a, then: {{respond: {{status: {status}}}}}}}]")


@pytest.mark.parametrize("status", [100, 103, 204, 304])
def test_an_answer_without_a_body_speaks_of_none(status: int) -> None:
    flow = to_flow(b"")
    flow_edits.set_response(flow, Response((("Content-Length", "5"),), b"HTTP/1.1 200 OK", status=status), NOW)
    assert flow.response is not None
    assert flow.response.raw_content == b""
    assert "Content-Length" not in flow.response.headers


@pytest.mark.parametrize("extra", [(("Content-Length", "5"),), (("Transfer-Encoding", "chunked"),), ()])
def test_an_answer_has_one_length(extra: tuple[tuple[str, str], ...]) -> None:
    flow = to_flow(b"")
    flow_edits.set_response(flow, Response((*extra, *extra), b"four", status=200), NOW)
    assert flow.response is not None
    assert flow.response.headers.get_all("Content-Length") == ["4"]
    assert "Transfer-Encoding" not in flow.response.headers


def rewritten(before: int, status: int, **headers: str) -> http.Response:
    flow = to_flow(b"")
    flow.response = http.Response.make(before, b"" if flow_edits.bodiless(before) else b"body", headers)
    response = from_flow(flow).response
    assert response is not None
    flow_edits.change_response(flow, edit_response(RewriteResponse(status=status), response), response.body)
    return flow.response


@pytest.mark.parametrize("headers", [{}, {"Transfer-Encoding": "chunked"}])
@pytest.mark.parametrize("status", [204, 304])
def test_a_body_goes_with_a_status_that_has_none(status: int, headers: dict[str, Any]) -> None:
    response = rewritten(200, status, **headers)
    assert http1.assemble_response(response).endswith(b"\r\n\r\n")
    assert not {"content-length", "transfer-encoding"} & {name.lower() for name in response.headers}


def test_an_answer_that_had_no_body_gets_a_length() -> None:
    assert rewritten(204, 200).headers.get_all("Content-Length") == ["0"]


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\rb", "a\nb", "a\0"])
def test_no_value_becomes_a_line_of_its_own(value: str) -> None:
    flow = to_flow(b"")
    before = flow.response
    with pytest.raises(ValueError, match="a line end or a NUL"):
        flow_edits.set_response(flow, Response((("X-A", value),), b"", status=200), NOW)
    assert flow.response is before
