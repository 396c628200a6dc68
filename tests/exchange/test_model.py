"""An exchange as plain data: messages, route, path parameters."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.exchange.model import Exchange, Gap, Message, Request, Response, without_quotes
from support.examples import exchange


def test_headers_are_found_in_any_case_and_keep_their_repeats() -> None:
    message = Message((("X-Demo", "1"), ("x-demo", "2"), ("Content-Type", " Application/JSON ; charset=UTF-8")))
    assert (message.header("X-DEMO"), message.by_name["x-demo"], message.header("other")) == ("1", ["1", "2"], None)
    assert message.media_type == "application/json"
    assert Message().media_type is None


def test_a_body_is_json_if_there_is_one() -> None:
    assert Message(body=b"").json is None
    assert Message(body=b" \r\n").json is None
    assert Message(body=None, gap=Gap("streamed", "gone")).json is None
    read = Message(body=b"{}").json
    assert read is not None
    assert read.value == {}


@pytest.mark.parametrize(
    ("path", "query"),
    [("/a", ""), ("/a?", ""), ("/a?b=1&c", "b=1&c"), ("/a?b=1#c?d", "b=1"), ("/a?b?c", "b?c")],
)
def test_the_query_of_a_target(path: str, query: str) -> None:
    assert Request(path=path).query == query


def test_path_parameters_are_decoded() -> None:
    ex = exchange("R1", path="/api/v2/DEMO%20TV/sessions/AB%2F12")
    assert (ex.path_parameter("serviceProvider"), ex.path_parameter("code")) == ("DEMO TV", "AB/12")
    assert ex.path_parameter("partner") is None


def test_the_route_goes_with_the_request() -> None:
    ex = exchange("C1")
    assert replace(ex, request=Request(path="/poster.png")).route is None
    assert replace(ex, index=3).route == ex.route
    assert Exchange(ex.request, known_route=None).route is None


def test_other_traffic_has_no_operation() -> None:
    ex = Exchange(Request(path="/poster.png"), Response())
    assert ex.route is None
    assert ex.path_parameter("code") is None
    with pytest.raises(LookupError):
        _ = ex.operation


@given(st.binary())
def test_a_message_about_a_connection_holds_nothing_of_what_was_sent(sent: bytes) -> None:
    assert without_quotes(f"unexpected server response: {sent!r}, gone") == "unexpected server response: …, gone"
    assert without_quotes("Client's connection closed, b is 'open'") == "Client's connection closed, b is 'open'"
