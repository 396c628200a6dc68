"""Answers, changes and marks on mitmproxy flows: what stands on the flow afterwards, and what it was before."""

import pytest
from mitmproxy import http
from mitmproxy.test import tflow

from passlens.exchange.injection import Action, Injection
from passlens.exchange.model import Response
from passlens.proxy import flow_edits
from passlens.recordings.flow_to_exchange import INJECTED
from passlens.scenarios.rewrite import Rewritten

JSON = (("Content-Type", "application/json"),)


@pytest.fixture
def flow() -> http.HTTPFlow:
    """A flow with a request and no answer yet."""
    return tflow.tflow(req=http.Request.make("POST", "https://sp.auth.adobe.com/x", b"a=1", {"X-A": "1"}))


def answered(flow: http.HTTPFlow, body: bytes = b'{"a": 1}', **headers: str) -> http.HTTPFlow:
    flow.response = http.Response.make(200, body, {"Content-Type": "application/json", **headers})
    return flow


def test_an_answer_is_set(flow: http.HTTPFlow) -> None:
    flow_edits.set_response(flow, Response(JSON, b"{}", status=201, reason="Created"), 1000.0)
    assert flow.response is not None
    assert (flow.response.status_code, flow.response.reason, flow.response.raw_content) == (201, "Created", b"{}")
    assert flow.response.headers["Content-Length"] == "2"
    assert (flow.response.timestamp_start, flow.response.timestamp_end) == (1000.0, 1000.0)


@pytest.mark.parametrize(
    ("path", "own", "allowed"),
    [
        ("/api/v2/REF30/sessions", None, ["https://tv.example"]),
        ("/x", None, ["https://tv.example"]),
        ("/api/v2/REF30/sessions", "*", ["*"]),
        # The page for yes or no: nobody else may read the secret of its buttons.
        ("/api/v2/authenticate/REF30/8BLW4RW", None, []),
    ],
)
def test_a_page_of_another_origin_may_read_what_is_made_up(
    flow: http.HTTPFlow, path: str, own: str | None, allowed: list[str]
) -> None:
    headers = JSON if own is None else (*JSON, ("access-control-allow-origin", own))
    flow.request.path = path
    flow_edits.set_response(flow, Response(headers, b"{}", status=200), 1000.0)
    assert flow.response is not None
    assert flow.response.headers.get_all("Access-Control-Allow-Origin") == allowed[:1] * bool(own)
    flow.request.headers["Origin"] = "https://tv.example"
    flow_edits.set_response(flow, Response(headers, b"{}", status=200), 1000.0)
    assert flow.response.headers.get_all("Access-Control-Allow-Origin") == allowed


def test_an_answer_that_takes_the_place_of_another_can_be_taken_back(flow: http.HTTPFlow) -> None:
    answered(flow)
    flow_edits.set_response(flow, Response(JSON, b"{}", status=201), 1000.0)
    flow.revert()
    assert flow.response is not None
    assert (flow.response.status_code, flow.response.content) == (200, b'{"a": 1}')


def test_a_flow_that_had_no_answer_has_nothing_to_go_back_to(flow: http.HTTPFlow) -> None:
    flow_edits.set_response(flow, Response(JSON, b"{}", status=201), 1000.0)
    assert not flow.modified()


def test_head_gets_no_body_and_bytes_that_are_no_text_survive(flow: http.HTTPFlow) -> None:
    flow.request.method = "HEAD"
    flow_edits.set_response(flow, Response((("X-Odd", "\udcff"),), b"{}", status=200), 1.0)
    assert flow.response is not None
    assert flow.response.raw_content == b""
    assert (b"X-Odd", b"\xff") in flow.response.headers.fields


def test_a_changed_request_keeps_encodings_only_where_the_body_does(flow: http.HTTPFlow) -> None:
    flow.request.headers["Content-Encoding"] = "gzip"
    packed = flow.request.raw_content
    headers = tuple((name, value) for name, value in flow.request.headers.items(multi=True))
    flow_edits.change_request(flow, Rewritten((*headers, ("X-B", "2")), b"a=1", "/y"), b"a=1")
    assert (flow.request.path, flow.request.headers["X-B"], flow.request.raw_content) == ("/y", "2", packed)
    assert flow.request.headers["Content-Encoding"] == "gzip"
    flow_edits.change_request(flow, Rewritten(headers, b"a=22", "/y"), b"a=1")
    assert flow.request.raw_content == b"a=22"
    assert flow.request.headers["Content-Length"] == "4"
    assert "Content-Encoding" not in flow.request.headers
    flow.revert()
    assert (flow.request.path, flow.request.raw_content) == ("/x", packed)


def test_the_servers_answer_is_kept_too(flow: http.HTTPFlow) -> None:
    flow_edits.change_request(flow, Rewritten((("X-C", "3"),), b"a=1", "/x"), b"a=1")
    answered(flow)
    flow_edits.keep_response(flow)
    flow_edits.change_response(flow, Rewritten(JSON, b"[]", status=500), b'{"a": 1}')
    assert flow.response is not None
    assert (flow.response.status_code, flow.response.raw_content) == (500, b"[]")
    flow.revert()
    assert flow.response is not None
    assert (flow.response.status_code, flow.response.raw_content) == (200, b'{"a": 1}')
    assert flow.request.headers["X-A"] == "1"


def test_marks_add_up_and_a_replayed_flow_begins_anew(flow: http.HTTPFlow) -> None:
    flow_edits.mark(flow, Injection("slow", "wait", (Action("rewrite_request"),)))
    flow_edits.mark(flow, Injection("slow", "wait", (Action("delay"),)))
    assert flow.metadata[INJECTED] == {"scenario": "slow", "rule": "wait", "how": "rewrite_request, delay"}
    flow_edits.stamp(flow)  # there is no answer yet
    answered(flow)
    flow_edits.stamp(flow)
    assert flow.response is not None
    assert flow.response.headers[flow_edits.MARK] == "slow/wait"
    flow_edits.unmark(flow)
    assert INJECTED not in flow.metadata


def test_a_name_that_no_header_can_hold_is_made_one_that_it_can(flow: http.HTTPFlow) -> None:
    flow_edits.mark(answered(flow), Injection("übung", "a\nb", (Action("delay"),)))
    flow_edits.stamp(flow)
    assert flow.response is not None
    assert flow.response.headers[flow_edits.MARK] == "?bung/a?b"


def test_an_answer_that_was_not_touched_is_not_stamped(flow: http.HTTPFlow) -> None:
    before = answered(flow).get_state()
    flow_edits.stamp(flow)
    assert flow.get_state() == before


def test_bodies_break_as_the_fault_says(flow: http.HTTPFlow) -> None:
    flow_edits.break_json(answered(flow, b'{"a": 1} \n'))
    assert flow.response is not None
    assert flow.response.raw_content == b'{"a": 1'
    flow_edits.wrong_content_type(flow)
    assert flow.response.headers["Content-Type"] == "text/html;charset=UTF-8"
    flow_edits.cut_body(answered(flow, b"0123456789"))
    assert flow.response is not None
    assert flow.response.raw_content == b"01234"
    assert flow.response.headers["Content-Length"] == "10"
    assert flow.response.headers["Connection"] == "close"


def test_without_an_answer_nothing_breaks(flow: http.HTTPFlow) -> None:
    before = flow.get_state()
    for fault in (flow_edits.cut_body, flow_edits.break_json, flow_edits.wrong_content_type):
        fault(flow)
    flow_edits.change_response(flow, Rewritten((), b""), None)
    flow_edits.later(flow, 1.0)
    assert flow.get_state() == before


def test_times_tell_a_delay_and_a_recording_ends_without_an_answer(flow: http.HTTPFlow) -> None:
    assert answered(flow).response is not None
    assert flow.response is not None
    end = flow.response.timestamp_end
    assert end is not None
    flow_edits.later(flow, 2.5)
    assert flow.response.timestamp_end == end + 2.5
    flow_edits.no_answer(flow, "no_answer, as the scenario says")
    assert flow.response is None
    assert flow.error is not None
    flow.revert()
    assert flow.response is not None
