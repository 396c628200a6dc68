"""HAR entries become exchanges, in the dialects that real recorders write."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.errors import ReadError, RecordError
from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Injection
from passlens.exchange.model import MAX_BODY, NO_ANSWER, Exchange
from passlens.recordings.har_reader import from_entry, read_har, split_url

URL = "https://sp.auth.adobe.com/api/v2/REF30/sessions"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json;charset=utf-8"


def make(request: dict[str, Any] | None = None, response: Any = ..., **more: Any) -> dict[str, Any]:
    """An entry as Chrome writes it, with changes."""
    sent = {
        "method": "POST",
        "url": URL,
        "httpVersion": "http/2.0",
        "headers": [
            {"name": ":authority", "value": "sp.auth.adobe.com"},
            {"name": "AP-Device-Identifier", "value": "x"},
        ],
        "postData": {"mimeType": FORM, "text": "mvpd=A%20B"},
    }
    got = {"status": 200, "statusText": "OK", "httpVersion": "http/1.1", "headers": [], "content": {"text": "{}"}}
    entry = {
        "startedDateTime": "2026-01-02T03:04:05.678Z",
        "time": 41.2,
        "request": sent | (request or {}),
        "response": got if response is ... else response,
    }
    return entry | more


def read(*entries: Any) -> list[Exchange | ReadError]:
    return list(read_har(io.BytesIO(json.dumps({"log": {"entries": entries}}).encode()), "a.har"))


def answered(content: Any, **more: Any) -> dict[str, Any]:
    return make(None, {"status": 200, "headers": [], "content": content} | more)


def test_an_entry_becomes_an_exchange() -> None:
    (exchange,) = read(make())
    assert isinstance(exchange, Exchange)
    assert exchange.index == 0
    assert exchange.file == "a.har"
    assert exchange.started == pytest.approx(1767323045.678)
    assert exchange.duration_ms == 41.2
    request, response = exchange.request, exchange.response
    assert (request.method, request.scheme, request.host, request.port) == ("POST", "https", "sp.auth.adobe.com", 443)
    assert request.path == "/api/v2/REF30/sessions"
    assert request.headers == (("AP-Device-Identifier", "x"), ("Content-Type", FORM))  # which stands beside the body
    assert Decoded(exchange).form == {"mvpd": "A B"}
    assert response is not None
    assert (response.status, response.reason, response.body) == (200, "OK", b"{}")


@pytest.mark.parametrize(("replay", "replayed"), [("request", True), ("response", False), (None, False), (7, False)])
def test_what_mitmproxy_sent_is_told_by_what_passlens_noted(replay: object, replayed: bool) -> None:
    (ex,) = read(make(_passlens={"replay": replay}))
    assert isinstance(ex, Exchange)
    assert ex.replayed is replayed


@pytest.mark.parametrize(
    ("entry", "response", "cached"),
    [
        ({"_fromCache": "disk"}, {}, True),
        ({"_fromCache": None}, {}, False),
        ({"_fetchType": "Memory Cache"}, {}, True),
        ({"_fetchType": "Network Load"}, {}, False),
        ({}, {"_transferSize": 0}, True),
        ({}, {"_transferSize": -1}, False),
        ({}, {"_transferSize": 512}, False),
        ({"_fromCache": "disk"}, {"status": 0, "_transferSize": 0}, False),
    ],
)
def test_what_a_browser_took_from_its_cache(entry: dict[str, Any], response: dict[str, Any], cached: bool) -> None:
    (ex,) = read(make(None, {"status": 200, "headers": []} | response, **entry))
    assert isinstance(ex, Exchange)
    assert ex.cached is cached


@pytest.mark.parametrize(
    ("host", "named", "found"),
    [("192.0.2.7", "sp.auth.adobe.com", "sp.auth.adobe.com"), ("192.0.2.7", "192.0.2.8", "192.0.2.7"),
     ("a.example", "sp.auth.adobe.com", "a.example")],
)  # fmt: skip
def test_the_host_that_a_request_names_counts_where_the_url_has_an_address(host: str, named: str, found: str) -> None:
    (ex,) = read(make({"url": f"https://{host}/", "headers": [{"name": "Host", "value": named}]}))
    assert isinstance(ex, Exchange)
    assert ex.request.host == found


def test_unreadable_entries_are_reported_in_their_place() -> None:
    found = read(make(), None, [], {}, make({"url": 5}), make({"headers": "x"}), make(), make(None, []))
    assert [isinstance(item, ReadError) for item in found] == [False, True, True, True, True, True, False, True]
    for position, item in enumerate(found):
        assert item.index == position
        if isinstance(item, ReadError):
            assert not item.ended
            assert item.file == "a.har"
            assert item.sentence.startswith(f"entry {position} cannot be read because ")


def test_a_file_that_is_no_har_is_one_trouble() -> None:
    (read_error,) = read_har(io.BytesIO(b'{"openapi": "3.0"}'))
    assert isinstance(read_error, ReadError)
    assert read_error.index is None
    assert read_error.ended
    assert "no 'log'" in read_error.sentence


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (None, ()),
        ([["A", "1"], ["a", "2"]], (("A", "1"), ("a", "2"))),
        ({"A": "1", ":path": "/"}, (("A", "1"),)),
        ([{"name": "C", "value": 5}, {"name": "D", "value": ""}], (("C", "5"), ("D", ""))),
        ([{"name": "A", "value": "\udcff"}], (("A", "\udcff"),)),
    ],
)
def test_headers_in_every_dialect(headers: Any, expected: Any) -> None:
    assert from_entry(make({"headers": headers, "postData": {"text": "mvpd=A"}})).request.headers == expected


@pytest.mark.parametrize(
    ("told", "added"),
    [(FORM, True), ("application/json; charset=utf-8", True), ("text/plain", False), ("", False), (None, False)],
)
def test_a_media_type_beside_the_body_is_a_header_where_headers_were_recorded(told: Any, added: bool) -> None:
    post = {"mimeType": told, "text": "mvpd=A"}
    for headers in ([{"name": "A", "value": "1"}], [{"name": "content-type", "value": "x/y"}], []):
        named = [(one["name"], one["value"]) for one in headers]
        more = [("Content-Type", told)] if added and named[:1] == [("A", "1")] else []
        assert list(from_entry(make({"headers": headers, "postData": post})).request.headers) == named + more


@pytest.mark.parametrize(
    "headers",
    [5, "A", [5], [["A"]], [{"value": "x", "b": 1}], [{"name": None, "value": "x"}], [{"name": ["A"], "value": "x"}]],
)
def test_headers_that_cannot_be_read_make_the_entry_unreadable(headers: Any) -> None:
    with pytest.raises(RecordError, match="header"):
        from_entry(make({"headers": headers}))


@pytest.mark.parametrize(
    ("response", "failure"),
    [
        (None, NO_ANSWER),
        ({}, NO_ANSWER),
        ({"status": 0, "statusText": "", "_error": "net::ERR_FAILED"}, "net::ERR_FAILED"),
        ({"status": 0, "_error": None, "comment": "Connection refused"}, "Connection refused"),
        ({"status": 0, "_error": "unexpected server response: b'Set-Cookie: a'"}, "unexpected server response: …"),
        ({"status": -1}, NO_ANSWER),
        ({"status": None}, NO_ANSWER),
        ({"status": 0, "statusText": "OK"}, NO_ANSWER),
    ],
)
def test_an_entry_without_answer_says_why(response: Any, failure: str) -> None:
    exchange = from_entry(make(None, response))
    assert exchange.response is None
    assert exchange.failure == failure


def test_the_error_may_stand_beside_the_response() -> None:
    assert from_entry(make(None, {"status": 0}, _error="timed out")).failure == "timed out"


@pytest.mark.parametrize("status", ["(canceled)", "CORS error", "Failed"])
def test_what_stands_in_place_of_a_status_is_said(status: str) -> None:
    exchange = from_entry(make(None, {"status": status}))
    assert exchange.response is None
    assert exchange.failure == f"the recorder wrote {status} in place of a status"


@pytest.mark.parametrize(("status", "recorded"), [(201, False), (200, True), (400, True), (401, True), (0, True)])
@pytest.mark.parametrize("body", ["", "[object Object]"])
def test_an_empty_body_without_which_there_is_no_such_answer_was_not_recorded(
    status: int, recorded: bool, body: str
) -> None:
    sent = {"url": "https://sp.auth.adobe.com/o/client/register", "postData": {"mimeType": JSON, "text": body}}
    request = from_entry(make(sent, {"status": status, "headers": [], "content": {"text": "{}"}})).request
    assert request.body == (body.encode() if recorded else None)


def test_a_length_of_zero_says_that_a_body_is_empty() -> None:
    headers = [{"name": "Content-Length", "value": "0"}]
    sent = {"url": "https://sp.auth.adobe.com/o/client/register", "headers": headers, "postData": {"text": ""}}
    assert from_entry(make(sent, {"status": 201, "headers": [], "content": {"text": "{}"}})).request.body == b""


@pytest.mark.parametrize("status", ["2xx", "a" * 50, [], True, float("inf"), float("nan"), 1e300, 10**30])
def test_a_status_that_is_none_is_no_answer_and_said(status: Any) -> None:
    exchange = from_entry(make(None, {"status": status, "statusText": "OK"}))
    assert exchange.response is None
    assert exchange.failure == "the recorder wrote a status that is none"


@pytest.mark.parametrize("status", [None, "", ...])
def test_a_status_may_stand_in_its_text_alone(status: Any) -> None:
    got = {"statusText": "200 OK", "headers": [], "content": {"text": "{}"}} | (
        {} if status is ... else {"status": status}
    )
    response = from_entry(make(None, got)).response
    assert response is not None
    assert response.status == 200


@pytest.mark.parametrize("status", [200, "200", "200 OK", "OK", "ok", "HTTP/1.1 200 OK", 200.0, "200.0"])
def test_a_status_may_be_a_word(status: Any) -> None:
    response = from_entry(make(None, {"status": status})).response
    assert response is not None
    assert response.status == 200


@pytest.mark.parametrize(
    ("phrase", "status"),
    [
        ("Not Found", 404), ("PRECONDITION_FAILED", 412), ("Too Many Requests", 429), ("Moved Temporarily", 302),
        ("Payload Too Large", 413), ("Content Too Large", 413), ("Unprocessable Entity", 422),
        ("Unprocessable Content", 422), ("Network Authentication Required", 511), ("Continue", None),
        ("Not Found at all", None),
    ],
)  # fmt: skip
def test_a_reason_phrase_is_a_status_by_each_of_its_names(phrase: str, status: int | None) -> None:
    response = from_entry(make(None, {"status": phrase})).response
    assert (None if response is None else response.status) == status


@pytest.mark.parametrize(("status", "read"), [(999, 999), (1000, None), (1, 1), (0, None), (-1, None)])
def test_a_status_has_three_digits_at_most(status: int, read: int | None) -> None:
    response = from_entry(make(None, {"status": status})).response
    assert (None if response is None else response.status) == read


def test_http2_has_no_reason() -> None:
    for version in ("h2", "HTTP/2", "http/2.0", "h3", "HTTP/3"):
        response = from_entry(make(None, {"status": "404", "statusText": "Not Found", "httpVersion": version})).response
        assert response is not None
        assert (response.status, response.reason) == (404, "")


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2026-01-02T03:04:05.678Z", 1767323045.678),
        ("2026-01-02T03:04:05Z", 1767323045),
        ("2026-01-02T05:04:05.678912345+02:00", 1767323045.678912),
        ("2026-01-02T00:04:05,5-0300", 1767323045.5),
        ("2026-01-02 03:04:05", 1767323045),
        ("2026-01-02T03:04Z", 1767323040),
        ("2026-13-02T03:04:05Z", None),
        ("2026-01-02T03:04:05-23:59", 1767323045 + 86_340),
        ("2026-01-02T03:04:05+24:00", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("Fri, 02 Jan 2026", None),
        (1767323045678, 1767323045.678),
        (None, None),
    ],
)
def test_dates_in_every_dialect(date: Any, expected: float | None) -> None:
    started = from_entry(make(startedDateTime=date)).started
    assert started == (None if expected is None else pytest.approx(expected, abs=1e-5)) or date.startswith("0001")


def test_a_time_as_text() -> None:
    assert from_entry(make(time="5")).duration_ms == 5


def test_a_connection_that_mitmproxy_made_takes_no_part_in_an_exchange() -> None:
    """It adds the time to connect to the first one of a connection, so that a later one would seem to end first."""
    timings = {"connect": 300, "ssl": 200.5, "send": 1, "wait": 20, "receive": 3}
    entry = make(time=524.5, timings=timings)
    assert from_entry(entry, recorder="mitmproxy 11.0.2").duration_ms == 24
    assert from_entry(entry, recorder="Firefox 128").duration_ms == 524.5
    assert from_entry(entry, recorder=None).duration_ms == 524.5
    for gone in (None, [], {}, timings | {"wait": -1}, timings | {"send": None}):
        assert from_entry(make(time=524.5, timings=gone), recorder="mitmproxy 11.0.2").duration_ms == 524.5


@pytest.mark.parametrize("time", [None, "5 s", -1, True, float("nan"), float("inf")])
def test_a_time_that_is_none_is_unknown(time: Any) -> None:
    assert from_entry(make(time=time)).duration_ms is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://A.example:8080", ("http", "a.example", 8080, "/")),
        ("https://u:p@a.example/x?y=1#z", ("https", "a.example", 443, "/x?y=1#z")),
        ("https://[::1]:44/x", ("https", "::1", 44, "/x")),
        ("wss://a.example?q", ("wss", "a.example", 443, "/?q")),
        ("//a.example/x", ("https", "a.example", 443, "/x")),
        ("/api/v2/x", ("https", "", 443, "/api/v2/x")),
        ("data:text/html,x", ("https", "", 443, "/data:text/html,x")),
        ("https://a.example:99999999/\udcff", ("https", "a.example", 443, "/\udcff")),
        ("", ("https", "", 443, "/")),
        (" https://a.example/x ", ("https", "a.example", 443, "/x")),
    ],
)
def test_urls_are_split_as_written(url: str, expected: Any) -> None:
    assert split_url(url) == expected


def test_other_traffic_keeps_no_bodies() -> None:
    exchange = from_entry(make({"url": "https://example.com/", "headers": []}))
    assert exchange.route is None
    assert exchange.response is not None
    assert exchange.request.body is exchange.response.body is None
    assert exchange.response.gap is not None


def test_large_bodies_arrive_as_too_large_through_the_scanner() -> None:
    for text in ("x" * (MAX_BODY + 1), "\x01" * (11 << 20), "é" * (MAX_BODY // 2 + 1)):
        (exchange,) = read(answered({"text": text}))
        assert isinstance(exchange, Exchange)
        assert exchange.response is not None
        assert exchange.response.gap is not None
        assert exchange.response.gap.kind == "too-large"


def test_what_passlens_wrote_beside_is_read() -> None:
    beside = {"client": "192.0.2.7", "injected": {"scenario": "x", "rule": "y"}}
    exchange = from_entry(make(None, ..., _passlens=beside))
    assert exchange.request.client == "192.0.2.7"
    assert exchange.injection == Injection("x", "y")
    for odd in (5, {"client": 5, "injected": []}, {"injected": {}}):
        exchange = from_entry(make(None, ..., _passlens=odd))
        assert exchange.request.client is None
        assert exchange.injection is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
ENTRIES = st.fixed_dictionaries(
    {
        "request": ANYTHING
        | st.fixed_dictionaries(
            {"method": st.just("POST") | ANYTHING, "url": st.just(URL) | st.text() | ANYTHING},
            optional={
                "headers": ANYTHING | st.lists(st.fixed_dictionaries({"name": ANYTHING, "value": ANYTHING})),
                "bodySize": ANYTHING,
                "postData": ANYTHING
                | st.fixed_dictionaries(
                    {"text": ANYTHING, "params": ANYTHING, "encoding": st.just("base64") | ANYTHING}
                ),
            },
        )
    },
    optional={
        "startedDateTime": ANYTHING,
        "time": ANYTHING,
        "_error": ANYTHING,
        "response": ANYTHING
        | st.fixed_dictionaries(
            {"status": st.just(200) | ANYTHING},
            optional={
                "headers": ANYTHING,
                "statusText": ANYTHING,
                "httpVersion": ANYTHING,
                "content": ANYTHING
                | st.fixed_dictionaries({"text": ANYTHING, "size": ANYTHING, "encoding": st.just("base64") | ANYTHING}),
            },
        ),
    },
)


@given(st.lists(ENTRIES | ANYTHING, max_size=4))
def test_arbitrary_json_yields_one_item_per_entry(entries: list[Any]) -> None:
    found = read(*entries)
    assert len(found) == len(entries)
    for item in found:
        assert isinstance(item, Exchange | ReadError)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_never_raise(data: bytes) -> None:
    list(read_har(io.BytesIO(data)))


def test_a_trouble_does_not_end_the_reading_unless_it_says_so() -> None:
    assert not ReadError("tv.har", "is odd", 3).ended


@pytest.mark.parametrize("options", [{}, {"whole": False}, {"whole": True}])
def test_bodies_of_other_traffic_are_read_on_request_only(options: dict[str, bool]) -> None:
    file = json.dumps({"log": {"entries": [make({"url": "https://demotv.example/poster", "method": "POST"})]}}).encode()
    (exchange,) = read_har(io.BytesIO(file), **options)
    assert isinstance(exchange, Exchange)
    assert (exchange.request.body is not None) == options.get("whole", False)
