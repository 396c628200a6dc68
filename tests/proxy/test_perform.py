"""Plans on recorded flows: what stands on the flow afterwards, and what it was before."""

import random

import pytest
from mitmproxy import http

from passlens.exchange.decoded import Decoded
from passlens.proxy import perform
from passlens.proxy.flow_edits import MARK
from passlens.recordings.exchange_to_flow import to_flow
from passlens.recordings.flow_to_exchange import INJECTED
from passlens.sandbox.server import Api
from passlens.scenarios.library import RunningScenario
from passlens.scenarios.plan import prepare
from scenarios.made import NOW, exchange, scenario


def played(then: str) -> http.HTTPFlow:
    ex = exchange("P1", answered=True)
    running = RunningScenario(scenario(f"seed: 1\nrules:\n  - name: only\n    then: {then}\n"), random.Random(1))
    flow = to_flow(ex)
    perform.on_recording(flow, prepare(running, Decoded(exchange("P1")), NOW, api=Api(seed=1)), NOW)
    return flow


@pytest.mark.parametrize(
    ("then", "how"),
    [
        ("{outcome: P3}", "outcome"),
        ("{rewrite_request: {headers: {set: {X-A: '1'}}}, delay: 5}", "rewrite_request, delay"),
        ("{respond: {json: {}}, delay: 5, fault: malformed_json}", "respond, delay, fault malformed_json"),
        ("{rewrite_response: {merge: {a: 1}}, fault: cut_body}", "rewrite_response, fault cut_body"),
        ("{fault: wrong_content_type}", "fault wrong_content_type"),
        ("{fault: empty_answer}", "fault empty_answer"),
        # A recording does not keep the pieces a response came in: it is left as it is.
        ("{fault: slow_drip}", None),
        ("{delay: 0}", None),
    ],
)
def test_what_was_done_is_marked_and_can_be_reverted(then: str, how: str | None) -> None:
    before, flow = to_flow(exchange("P1", answered=True)), played(then)
    marked = {"scenario": "demo", "rule": "only", "how": how} if how is not None else None
    assert flow.metadata.get(INJECTED) == marked
    if flow.response is not None:
        assert flow.response.headers.get(MARK) == ("demo/only" if how is not None else None)
    assert before.response is not None
    if flow.modified():
        flow.revert()
    assert flow.response is not None
    assert flow.response.raw_content == before.response.raw_content
    assert flow.request.data.headers == before.request.data.headers


def test_a_response_that_never_comes_leaves_its_reason() -> None:
    flow = played("{fault: no_answer}")
    assert flow.response is None
    assert flow.error is not None
    assert flow.error.msg == "no_answer, as the scenario says"


@pytest.mark.parametrize(("fault", "breaks"), [("cut_body", True), ("slow_drip", False), ("no_answer", False)])
def test_content_is_broken_here_and_connections_are_not(fault: str, breaks: bool) -> None:
    flow = to_flow(exchange("P1", answered=True))
    assert perform.break_content(flow, fault) is breaks  # type: ignore[arg-type]
