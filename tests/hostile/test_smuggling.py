"""Requests and answers that passlens writes anew: whatever a device or server sent, they have one length, the right
one, and no line that was not meant to be there."""

import base64
import random
import re
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.net.http import http1

from fuzz.messages import to_flow
from passlens.errors import TemplateError
from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Action, Injection
from passlens.exchange.model import Response
from passlens.proxy import flow_edits
from passlens.recordings.flow_to_exchange import from_flow
from passlens.scenarios import apply
from passlens.scenarios.changes import RewriteRequest
from passlens.scenarios.engine import Engine
from passlens.scenarios.rewrite import edit_response, rewrite_request
from scenarios.made import NOW, scenario

SMUGGLED = b"0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
CONFLICTS = {
    "two lengths": [(b"Content-Length", b"3"), (b"Content-Length", b"300")],
    "two lengths in one": [(b"Content-Length", b"3, 300")],
    "a length and chunks": [(b"Content-Length", b"3"), (b"Transfer-Encoding", b"chunked")],
    "chunks twice": [(b"Transfer-Encoding", b"chunked"), (b"Transfer-Encoding", b"identity")],
    "chunks in disguise": [(b"Transfer-Encoding", b"\tchunked"), (b"transfer-encoding", b"xchunked")],
    "a length that is none": [(b"Content-Length", b"+3"), (b"content-length", b"0x3")],
    "an encoding": [(b"Content-Encoding", b"gzip"), (b"Content-Length", b"3")],
}


def lengths(head: bytes) -> list[bytes]:
    return re.findall(rb"(?im)^(?:content-length|transfer-encoding)\s*:[^\r\n]*", head)


def flow_with(conflict: str) -> http.HTTPFlow:
    flow = to_flow(b"")
    flow.request.headers.fields = (*CONFLICTS[conflict], (b"Host", b"sp.auth.adobe.com"))
    flow.request.data.content = b"mvpd=a&" + SMUGGLED
    assert flow.response is not None
    flow.response.headers.fields = tuple(CONFLICTS[conflict])
    flow.response.data.content = b'{"mvpd": "' + b"a" * 50 + b'"}'
    return flow


REWRITE = """rules:
  - name: a
    then:
      rewrite_request: {form: {set: {mvpd: b}}}
      rewrite_response: {merge: {mvpd: b}}
"""


@pytest.mark.parametrize("conflict", [name for name in CONFLICTS if name != "an encoding"])
def test_a_message_with_a_new_body_has_one_length(conflict: str) -> None:
    then = scenario(REWRITE).rules[0].then
    flow = flow_with(conflict)
    ex = from_flow(flow)
    assert then.rewrite_request is not None
    assert then.rewrite_response is not None
    assert ex.response is not None
    flow_edits.change_request(flow, rewrite_request(then.rewrite_request, Decoded(ex)), ex.request.body)
    flow_edits.change_response(flow, edit_response(then.rewrite_response, ex.response), ex.response.body)
    assert flow.response is not None
    for whole in (http1.assemble_request(flow.request), http1.assemble_response(flow.response)):
        head, _, body = whole.partition(b"\r\n\r\n")
        assert [found.lower() for found in lengths(head)] == [b"content-length: %d" % len(body)]
    assert flow.request.raw_content is not None
    assert flow.request.raw_content.startswith(b"mvpd=b")


@pytest.mark.parametrize("conflict", CONFLICTS)
def test_an_answer_of_passlens_has_the_length_of_its_body(conflict: str) -> None:
    flow = flow_with(conflict)
    flow_edits.set_response(flow, Response((("Content-Type", "text/plain"),), SMUGGLED), NOW)
    assert flow.response is not None
    head, _, body = http1.assemble_response(flow.response).partition(b"\r\n\r\n")
    assert lengths(head) == [b"Content-Length: %d" % len(SMUGGLED)]
    assert body == SMUGGLED


LINES = "x\r\nX-Evil: 1\r\n\r\nGET /hidden HTTP/1.1"
INJECTED: dict[str, Any] = {
    "path": {"path": {"code": "TEMPLATE"}},
    "header": {"headers": {"set": {"X-A": "TEMPLATE"}}},
    "form": {"form": {"set": {"mvpd": "TEMPLATE", "TEMPLATE": "1"}}},
    "device info": {"device_info": {"set": {"osName": "TEMPLATE"}}},
    "partner status": {"partner_status": {"set": {"frameworkProviderInfo.id": "TEMPLATE"}}},
}


@pytest.mark.parametrize("place", INJECTED)
@pytest.mark.parametrize("encoded", [False, True])
def test_a_value_of_the_device_brings_no_line_into_the_request(place: str, encoded: bool) -> None:
    """The rule copies what the device sent in its form, which may hold any byte."""
    sent = LINES.replace("\r", "\\r").replace("\n", "\\n")
    info = f'{{"osName": "a", "x": "{sent}"}}'
    flow = to_flow(b"")
    flow.request.path = "/api/v2/DEMOTV/sessions/8ER640M"
    flow.request.headers.fields = (
        (b"Host", b"sp.auth.adobe.com"),
        (b"X-Device-Info", info.encode() if not encoded else base64.b64encode(info.encode())),
        (b"AP-Partner-Framework-Status", b'{"frameworkProviderInfo": {"id": "a"}}'),
    )
    flow.request.data.content = b"mvpd=" + LINES.replace("\r\n", "%0D%0A").encode()
    rule = RewriteRequest.model_validate(_filled(INJECTED[place]))
    ex = from_flow(flow)
    assert Decoded(ex).form["mvpd"] == LINES
    decided = Engine(scenario("rules: [{name: a, then: {delay: 1}}]"), random.Random(1)).decide(Decoded(ex), NOW)
    changed = rewrite_request(rule, Decoded(ex), apply.filler(Decoded(ex), decided, NOW))
    flow_edits.change_request(flow, changed, ex.request.body)
    head = http1.assemble_request_head(flow.request)
    assert b"\nX-Evil" not in head
    assert b"\nGET /hidden" not in head
    assert head.count(b"\r\n") == head.count(b"\n") == len(flow.request.headers.fields) + 2
    if place == "header":
        why = "the new value of X-A holds a line end or a control character"
        assert changed.problems == (f"The headers were left alone: {why}.",)


def test_a_value_of_the_device_brings_no_line_into_an_answer() -> None:
    text = """rules:
  - {name: a, then: {respond: {headers: {X-A: "{{ form.mvpd }}"}, body: "{{ form.mvpd }}"}}}
"""
    made = scenario(text)
    flow = to_flow(b"")
    flow.request.data.content = b"mvpd=" + LINES.replace("\r\n", "%0D%0A").encode()
    ex = from_flow(flow)
    decided = Engine(made, random.Random(1)).decide(Decoded(ex), NOW)
    respond = made.rules[0].then.respond
    assert respond is not None
    with pytest.raises(TemplateError, match="the header X-A would hold a line end"):
        apply.response(respond, Decoded(ex), decided, NOW)


def test_the_mark_of_a_scenario_is_one_header() -> None:
    flow = to_flow(b"")
    flow_edits.mark(flow, Injection("a\r\nX-Evil: 1", "b\x00\u2028", (Action("respond"),)))
    flow_edits.stamp(flow)
    assert flow.response is not None
    value = flow.response.headers[flow_edits.MARK]
    assert value.isprintable()
    assert value.isascii()
    assert "X-Evil" not in flow.response.headers


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key.replace("TEMPLATE", LINES): _filled(item) for key, item in value.items()}
    return "{{ form.mvpd }}"
