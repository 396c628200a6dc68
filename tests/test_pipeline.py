"""Whatever arrives: judging never raises, takes no longer than its size allows, leaves the flow as it was, and prints
nothing that steers a terminal."""

import gzip
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy import http
from mitmproxy.addons.savehar import SaveHar
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow

import forge
from cases import as_exchange, cases
from fuzz.limits import within
from passlens.analysis.analyzer import analyze
from passlens.analysis.entry import Entry
from passlens.analysis.summary import RunSummary
from passlens.exchange.model import Exchange
from passlens.recordings.flow_to_exchange import from_flow
from passlens.recordings.har_reader import from_entry
from passlens.reports.jsonl import line
from passlens.reports.summary_text import summary_text
from passlens.reports.text import block
from passlens.rest_v2.operations import API_HEADERS

CASES = cases()
HEADERS = (*API_HEADERS, "Authorization", "Content-Type", "Accept", "Accept-Charset", "X-Forwarded-For", "Cookie")


def passes(ex: Exchange) -> Entry:
    """Judge in both ways and render in every form; what must hold for each."""
    for reveal in (True, False):
        entry = analyze(ex, reveal=reveal)
        text = line(entry)
        assert json.loads(text) == {"schema": 2, "kind": "exchange", **entry}
        for shown in (block(entry), block(entry, width=60)):
            assert not [char for char in shown if char != "\n" and (ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0)]
            assert all(not 0xD800 <= ord(char) < 0xE000 for char in shown)
        summary = RunSummary()
        summary.add(entry)
        summary_text(summary)
        assert "PL999" not in {finding["code"] for finding in entry["findings"]}, text
    return entry


def flow_of(
    headers: list[tuple[bytes, bytes]],
    content: bytes | None,
    path: bytes,
    method: bytes,
    status: int,
    response: list[tuple[bytes, bytes]],
    body: bytes | None,
) -> http.HTTPFlow:
    flow = tflow.tflow(resp=True)
    flow.request = http.Request(
        "sp.auth.adobe.com", 443, method, b"https", b"", path, b"HTTP/1.1", http.Headers(headers), content, None,
        1e9, 1e9,
    )  # fmt: skip
    flow.response = http.Response(b"HTTP/1.1", status, b"", http.Headers(response), body, None, 1e9, 1e9)
    return flow


# ---- arbitrary bytes

VALUES = st.binary(max_size=60) | st.sampled_from(
    [
        b"",
        b"...",
        b"Bearer",
        b"fingerprint ",
        forge.bearer().encode(),
        forge.device_info().encode(),
        forge.partner_status().encode(),
        b"eyJhIjogTmFOfQ==",
        b"application/json; charset=\xff",
        b"application/x-www-form-urlencoded",
    ]
)
PAIRS = st.lists(
    st.tuples(st.sampled_from([name.encode() for name in HEADERS]) | st.binary(max_size=20), VALUES), max_size=6
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)
BODIES = st.binary(max_size=100) | JSON.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass"))
SEGMENT = st.sampled_from([b"DEMOTV", b"%", b"%FF", b"sso", b"Apple", b"8ER640M", b"\xff\xfe"]) | st.binary(max_size=8)


@given(
    headers=PAIRS,
    content=BODIES | st.none(),
    first=SEGMENT,
    last=SEGMENT,
    query=st.binary(max_size=30),
    method=st.sampled_from([b"POST", b"GET", b"PUT", b"\xff"]),
    status=st.sampled_from([200, 201, 302, 400, 401, 405, 429, 500, 999]),
    response=PAIRS,
    body=BODIES | st.none(),
)
def test_arbitrary_bytes_pass_and_the_flow_stays_as_it_was(
    headers: list[tuple[bytes, bytes]],
    content: bytes | None,
    first: bytes,
    last: bytes,
    query: bytes,
    method: bytes,
    status: int,
    response: list[tuple[bytes, bytes]],
    body: bytes | None,
) -> None:
    for path in (b"/api/v2/%b/sessions/%b?%b", b"/api/v2/%b/sessions/sso/%b?%b", b"/api/v2/%b/profiles/%b?%b"):
        flow = flow_of(headers, content, path % (first, last, query), method, status, response, body)
        before = flow.get_state()
        ex = from_flow(flow)
        if ex.route is not None:
            entry = passes(ex)
            assert flow.get_state() == before
            flow.metadata["passlens"], flow.comment = entry, block(entry)
            FlowWriter(io.BytesIO()).add(flow)


@settings(max_examples=200)
@given(data=st.data())
def test_a_documented_case_with_any_part_replaced_passes(data: st.DataObject) -> None:
    made = data.draw(st.sampled_from(CASES))
    name = data.draw(st.sampled_from([name for name, _ in made.headers]))
    made = made.with_header(name, data.draw(st.text(max_size=40) | JSON.map(json.dumps).map(forge.b64)))
    if made.response_body.startswith(b"{"):
        body = json.loads(made.response_body)
        body[data.draw(st.sampled_from(sorted(body)))] = data.draw(JSON)
        made = made.named("x", response_body=json.dumps(body).encode())
    passes(as_exchange(made))


@given(url=st.text(max_size=40), body=st.text(max_size=60), entry=JSON)
def test_an_arbitrary_har_entry_passes(url: str, body: str, entry: Any) -> None:
    flow = flow_of([], b"", b"/api/v2/DEMOTV/sessions", b"POST", 200, [], b"{}")
    har = json.loads(json.dumps(SaveHar().make_har([flow])))["log"]["entries"][0]
    har["request"]["url"] = f"https://sp.auth.adobe.com/api/v2/{url}/sessions"
    har["request"]["headers"] = [{"name": "X-Device-Info", "value": body}, entry]
    har["response"]["content"] = {"text": body, "mimeType": url}
    try:
        ex = from_entry(har)
    except ValueError:
        return
    if ex.route is not None:
        passes(ex)


# ---- the list of bad input, each within its time


def deep(depth: int = 100_000) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


BAD: dict[str, Callable[[], dict[str, Any]]] = {
    "JSON 100,000 deep in the answer": lambda: {"body": deep()},
    "lists 100,000 deep in the answer": lambda: {"body": b"[" * 100_000},
    "JSON 100,000 deep in a header": lambda: {"headers": {"X-Device-Info": forge.b64(deep(8_000))}},
    "JSON 100,000 deep in the partner status": lambda: {
        "headers": {"AP-Partner-Framework-Status": forge.b64(deep(8_000))}
    },
    "a header of a megabyte": lambda: {"headers": {"X-Device-Info": forge.b64(b"x" * 800_000)}},
    "a token of a megabyte": lambda: {"headers": {"Authorization": "Bearer " + "eyJ" * 350_000}},
    "an identifier of a megabyte": lambda: {"headers": {"AP-Device-Identifier": "fingerprint " + "QUFB" * 250_000}},
    "a cookie of a megabyte": lambda: {"headers": {"Cookie": "a=b; " * 200_000}},
    "a header of 60 kB that is Base64": lambda: {"headers": {"X-Device-Info": forge.b64('{"a": "' + "x" * 45_000)}},
    "a header of 60 kB of quotes": lambda: {"headers": {"X-Device-Info": forge.b64('"' * 45_000)}},
    "a header of 60 kB of percent signs": lambda: {"headers": {"AP-Partner-Framework-Status": "%41" * 20_000}},
    "a token with many dots": lambda: {"headers": {"Authorization": "Bearer " + "." * 60_000}},
    "invalid UTF-8 everywhere": lambda: {
        "body": b"\xff" * 1000, "content": b"mvpd=\xff%FF", "path": b"/api/v2/\xff/sessions"
    },
    "lone surrogates": lambda: {"body": b'{"mvpd": "\\ud800", "actionName": "\\udfff"}'},
    "huge numbers": lambda: {"body": b'{"notBefore": ' + b"9" * 100_000 + b', "notAfter": -1e999}'},
    "numbers of five thousand digits": lambda: {"body": b'{"status": ' + b"9" * 4_000 + b'}', "status": 400},
    "NaN and infinity": lambda: {"body": b'{"notBefore": NaN, "notAfter": -Infinity}'},
    "a wrong encoding": lambda: {"body": b"{}", "answer": {"Content-Encoding": "gzip"}},
    "an unknown encoding": lambda: {"body": b"{}", "answer": {"Content-Encoding": "\xff"}},
    "a body that grows a thousandfold": lambda: {
        "body": gzip.compress(bytes(50_000_000), 9), "answer": {"Content-Encoding": "gzip"}
    },
    "a megabyte of members": lambda: {"body": json.dumps({f"k{number}": number for number in range(70_000)}).encode()},
    "a megabyte of tokens": lambda: {"body": json.dumps({f"{n}_token": f"s{n:08}" for n in range(30_000)}).encode()},
    "300 kB of parameters": lambda: {"content": b"a=1&" * 75_000},
    "a megabyte of ampersands": lambda: {"content": b"&" * 1_000_000},
    "a megabyte of percent signs": lambda: {"content": b"redirectUrl=" + b"%" * 1_000_000},
    "a redirectUrl of a megabyte": lambda: {"content": b"redirectUrl=https://a.example/?" + b"a=123456&" * 100_000},
    "a path of a megabyte": lambda: {"path": b"/api/v2/" + b"x" * 1_000_000 + b"/sessions"},
    "a query of 300 kB": lambda: {"path": b"/api/v2/DEMOTV/sessions?" + b"a=123456&" * 33_000},
    "ten thousand headers": lambda: {"many": [(b"X-Odd", b"x")] * 10_000 + [(b"Set-Cookie", b"a=b12345")] * 10_000},
    "an e-mail that never ends": lambda: {"body": b'{"actionName": "' + b"a@" * 500_000 + b'"}'},
    "a value of a megabyte": lambda: {"body": b'{"actionName": "' + b"a." * 500_000 + b'"}'},
    "an error of a megabyte": lambda: {"body": b'{"code": "' + b"PHN" * 300_000 + b'", "action": 1}', "status": 400},
    "a device key of 40 kB": lambda: {"headers": {"X-Device-Info": forge.b64(json.dumps({"k" * 40_000: "x"}))}},
    "ten thousand device keys": lambda: {
        "headers": {"X-Device-Info": forge.b64(json.dumps({f"k{n}": n for n in range(4_000)}))}
    },
}  # fmt: skip

PER_100_KB = 0.05
GENEROUS = 16
"""Shared machines are slow now and then; what grows faster than its input fails all the same."""


@pytest.mark.parametrize("name", BAD)
def test_bad_input_passes_within_its_time(name: str) -> None:
    bad = BAD[name]()
    headers = dict(CASES[0].headers) | bad.get("headers", {})
    pairs = [(key.encode(), value.encode()) for key, value in headers.items()] + bad.get("many", [])
    response = {"Content-Type": "application/json"} | bad.get("answer", {})
    flow = flow_of(
        pairs, bad.get("content", CASES[0].body), bad.get("path", b"/api/v2/DEMOTV/sessions"), b"POST",
        bad.get("status", 200), [(key.encode(), value.encode("latin-1")) for key, value in response.items()],
        bad.get("body", CASES[0].response_body),
    )  # fmt: skip
    before = flow.get_state()
    size = sum(len(key) + len(value) for key, value in pairs) + len(flow.request.path)
    size += len(flow.request.raw_content or b"") + len(flow.response.raw_content or b"")  # type: ignore[union-attr]
    allowed = GENEROUS * PER_100_KB * max(size / 100_000, 1)
    analyze(as_exchange(CASES[0]))  # what is built at the first time is not the cost of this input
    entry = within(allowed, lambda: analyze(from_flow(flow)))
    text = block(entry)
    assert len(text) < 60_000
    assert len(line(entry)) < 200_000
    assert flow.get_state() == before
    passes(from_flow(flow))
