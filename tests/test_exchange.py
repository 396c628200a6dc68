"""An exchange: decoded on demand, tolerant of whatever arrives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cases
import forge
from passlens.exchange import (
    MAX_HEADER,
    Answer,
    Exchange,
    Gap,
    Message,
    Request,
    without_quotes,
)
from support.examples import exchange

EVERY = cases.cases()


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.name)
def test_a_case_is_what_it_says(case: cases.Case) -> None:
    ex = cases.as_exchange(case)
    assert ex.operation.id == case.operation
    assert ex.succeeded == (case.error is None)
    assert (ex.error.name if ex.error else None) == case.error
    row = ex.shape.row.id if ex.shape else ex.outcome.row.id if ex.outcome else None
    assert row == case.outcome
    assert ex.body_problems == ()


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


def test_the_first_of_repeated_parameters_counts() -> None:
    assert exchange("C1", form=b"mvpd=One&mvpd=Two").form == {"mvpd": "One"}


def test_path_parameters_are_decoded() -> None:
    ex = exchange("R1", path="/api/v2/DEMO%20TV/sessions/AB%2F12")
    assert (ex.path_parameter("serviceProvider"), ex.path_parameter("code")) == ("DEMO TV", "AB/12")
    assert ex.path_parameter("partner") is None


def test_other_traffic_has_no_operation() -> None:
    ex = Exchange(Request(path="/poster.png"), Answer())
    assert ex.route is None
    assert ex.path_parameter("code") is None
    with pytest.raises(LookupError):
        _ = ex.operation


def test_long_headers_are_not_decoded() -> None:
    long = "A" * (MAX_HEADER + 1)
    names = ("X-Device-Info", "AP-Partner-Framework-Status", "AP-Device-Identifier", "Authorization")
    ex = exchange("P1", headers=dict.fromkeys(names, long))
    assert [ex.device_info, ex.partner_status, ex.device_identifier, ex.bearer] == [None] * 4
    ex = exchange("P1", headers=dict.fromkeys(names, long[1:]))
    assert None not in [ex.device_info, ex.partner_status, ex.device_identifier, ex.bearer]


@pytest.mark.parametrize("body", [b"", b"[]", b'"text"', b"17", b"null", b"{", b"\xff"])
def test_an_answer_without_an_object_has_no_outcome(body: bytes) -> None:
    ex = exchange("C1", answer_body=body)
    assert (ex.body, ex.outcome, ex.shape, ex.body_problems, ex.error) == (None, None, None, (), None)


def test_only_sessions_answers_have_outcomes() -> None:
    assert exchange("authorize").outcome is None
    assert exchange("C1", status=400).outcome is None
    assert exchange("C1", no_answer=True).error is None


def test_what_is_decoded_once_is_kept() -> None:
    ex = exchange("P3")
    assert ex.partner_status is ex.partner_status
    assert ex.outcome is ex.outcome


TEXT = st.text(st.characters(codec=None), max_size=60)


@given(method=TEXT, path=TEXT, headers=st.lists(st.tuples(TEXT, TEXT), max_size=5), body=st.binary(max_size=200))
def test_arbitrary_exchanges_decode_without_raising(
    method: str, path: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    request = Request(tuple(headers), body, None, method, path=path)
    ex = Exchange(request, Answer(tuple(headers), body), started=forge.CLOCK)
    assert ex.form is not None
    assert ex.device_info is None or ex.device_info.shown is not None
    assert ex.body is None or isinstance(ex.body, dict)
    assert ex.route is None or ex.error is None or ex.error.name


@given(st.binary())
def test_a_message_about_a_connection_holds_nothing_of_what_was_sent(sent: bytes) -> None:
    assert without_quotes(f"unexpected server response: {sent!r}, gone") == "unexpected server response: …, gone"
    assert without_quotes("Client's connection closed, b is 'open'") == "Client's connection closed, b is 'open'"
