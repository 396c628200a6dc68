"""The content view, asked for as mitmproxy's own screens ask for it: by priority, for both halves of a flow.
Runs on mitmproxy 11 and 12 alike."""

from collections.abc import Iterator
from typing import Any

import pytest
from mitmproxy import contentviews, http
from mitmproxy.test import taddons, tflow

from cases import as_exchange, case, cases
from passlens import addon
from passlens.proxy import content_view
from passlens.recordings.exchange_to_flow import to_flow
from samples.case import Case

FIRST = {"request": "request headers", "response": "03:04:05.000Z"}


def names() -> list[str]:
    """The views that mitmproxy offers."""
    known: Any = contentviews
    views = list(known.registry) if hasattr(known, "registry") else [view.name for view in known.views]
    return [str(name) for name in views]


def rendered(flow: http.HTTPFlow, message: http.Message | None, view: str = "auto") -> str:
    """What the screens of mitmproxy 11 and 12 show of a message."""
    known: Any = contentviews
    if hasattr(known, "prettify_message"):
        return str(known.prettify_message(message, flow, view).text)
    _, lines, error = known.get_message_content_view(view, message, flow)
    assert error is None
    return "\n".join("".join(text for _, text in line) for line in lines)


@pytest.fixture
def registered() -> Iterator[None]:
    with taddons.context():
        content_view.register(lambda: False)
        yield
        content_view.unregister()


def flow_of(made: Case) -> http.HTTPFlow:
    flow = to_flow(as_exchange(made))
    assert isinstance(flow, http.HTTPFlow)
    return flow


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize("made", [made for made in cases() if made.response_body], ids=lambda made: made.name)
def test_the_view_of_a_response_covers_both_halves(made: Case) -> None:
    flow = flow_of(made)
    text = rendered(flow, flow.response)
    assert text.splitlines()[0].startswith(FIRST["response"])
    assert "\nrequest headers\n" in text
    assert "\nresponse body\n" in text


@pytest.mark.usefixtures("registered")
def test_a_request_with_a_body_shows_itself_alone() -> None:
    flow = flow_of(case("P3"))
    text = rendered(flow, flow.request)
    assert text.startswith("request headers\n")
    assert "response" not in text


@pytest.mark.usefixtures("registered")
def test_the_view_is_redacted() -> None:
    flow = flow_of(case("P3"))
    token = flow.request.headers["Authorization"].removeprefix("Bearer ")
    text = rendered(flow, flow.response)
    assert token not in text
    assert "Bearer sha256:" in text


@pytest.mark.usefixtures("registered")
def test_revealing_shows_the_token() -> None:
    content_view.register(lambda: True)
    flow = flow_of(case("P3"))
    assert flow.request.headers["Authorization"] in rendered(flow, flow.response)


@pytest.mark.usefixtures("registered")
def test_other_messages_keep_their_views() -> None:
    flow = tflow.tflow(resp=True)
    flow.response = http.Response.make(200, b'{"a": 1}', {"Content-Type": "application/json"})
    assert rendered(flow, flow.response).replace(" ", "").replace("\n", "") == '{"a":1}'
    assert rendered(flow, flow.response, content_view.NAME) == "no message of the API"
    websocket = tflow.twebsocketflow()
    assert websocket.websocket is not None
    assert "no message of the API" not in rendered(websocket, websocket.websocket.messages[0])


@pytest.mark.usefixtures("registered")
def test_a_fault_is_one_line() -> None:
    flow = flow_of(case("P3"))
    flow.metadata = None  # type: ignore[assignment]
    text = rendered(flow, flow.response)
    assert text.startswith("passlens cannot show this message (")
    assert "\n" not in text
    flow.request.data.path = None  # type: ignore[assignment]
    assert "passlens" not in rendered(flow, flow.response)


def test_the_addon_brings_the_view_and_takes_it_away() -> None:
    before = names()
    with taddons.context() as context:
        sessions = addon.Sessions()
        context.master.addons.add(sessions)
        assert content_view.NAME in names()
        content_view.register(lambda: False)
        assert names().count(content_view.NAME) == 1
        context.master.addons.remove(sessions)
    assert names() == before
