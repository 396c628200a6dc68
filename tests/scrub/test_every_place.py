"""A secret that the file tells is in no text of the copy: it is planted at every leaf and at every name in turn."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.test import tflow

import forge
from cases import case
from passlens.recordings.convert import convert
from redaction.test_redactor import flow_of
from support.planted import as_flows, as_mitm, scrubbed

TOKEN = "plantedOpaqueToken0123456789"
"""Known to the file because one request sends it as a bearer token."""

ADDRESS = "198.51.100.23"
"""Known because a connection has it."""

EMAIL = "planted.viewer@mail.example"
"""Known by its form."""

ALL = f"{TOKEN} {EMAIL} {ADDRESS}"

BATCH = 20
"""Flows in a recording."""

TELLS = {
    "startedDateTime": "2026-01-02T03:04:05.000Z",
    "time": 1,
    "request": {
        "method": "GET", "url": "https://sp.auth.adobe.com/api/v2/DEMOTV/configuration", "httpVersion": "HTTP/1.1",
        "cookies": [], "queryString": [], "headersSize": -1, "bodySize": -1,
        "headers": [{"name": "Authorization", "value": f"Bearer {TOKEN}"}],
    },
    "response": {"status": 200, "headers": [], "content": {"size": 2, "text": "{}", "mimeType": "application/json"}},
}  # fmt: skip


def entry(host: str) -> dict[str, Any]:
    """An entry with every member that HAR 1.2 has, and what browsers add."""
    named = [{"name": "a", "value": "b", "comment": "c"}]
    cookies = [{"name": "a", "value": "b", "path": "/", "domain": "d", "expires": "2026-01-02", "comment": "c"}]
    return {
        "pageref": "page_1", "startedDateTime": "2026-01-02T03:04:05.000Z", "time": 12.5, "serverIPAddress": "10.0.0.1",
        "connection": "443", "comment": "c", "_error": "e", "_resourceType": "xhr", "_fromCache": "disk",
        "_custom": {"a": ["b", {"c": "d"}]}, "_passlens": {"id": "x", "client": "10.0.0.2", "marked": ":x:",
        "injected": {"scenario": "s", "rule": "r", "how": "outcome"}, "recorder": {"name": "r", "version": "1"}},
        "timings": {"send": "1", "wait": 2, "receive": 3, "_queued": "4", "comment": "c"},
        "cache": {"beforeRequest": {"expires": "e", "eTag": "t", "comment": "c"}, "comment": "c"},
        "request": {
            "method": "POST", "url": f"https://{host}/api/v2/DEMOTV/sessions?a=b", "httpVersion": "HTTP/1.1",
            "cookies": cookies, "headers": [{"name": "X-Own", "value": "b"}, {"name": "User-Agent", "value": "b"}],
            "queryString": named, "headersSize": 10, "bodySize": 3, "comment": "c",
            "postData": {"mimeType": "text/plain", "text": "a b", "params": named, "comment": "c"},
        },
        "response": {
            "status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "cookies": cookies, "redirectURL": "/a/b",
            "headers": [{"name": "Set-Cookie", "value": "a=b; Path=/"}, {"name": "Via", "value": "1.1 x"}],
            "content": {"size": 3, "compression": 0, "mimeType": "text/plain", "text": "a b", "comment": "c"},
            "headersSize": 10, "bodySize": 3, "comment": "c", "_transferSize": 13, "_error": "e",
        },
    }  # fmt: skip


def log(host: str) -> dict[str, Any]:
    """A whole file of one such entry."""
    tool = {"name": "n", "version": "1", "comment": "c"}
    pages = [{"startedDateTime": "2026-01-02T03:04:05.000Z", "id": "page_1", "title": "t", "comment": "c",
              "pageTimings": {"onLoad": 1, "comment": "c"}, "_own": "x"}]  # fmt: skip
    return {"log": {"version": "1.2", "creator": tool, "browser": dict(tool), "pages": pages, "comment": "c",
                    "_custom": {"a": ["b"]}, "entries": [entry(host)]}}  # fmt: skip


def planted(value: Any, secret: str) -> Iterator[tuple[str, Any]]:
    """The value with the secret at one place after the other: each text, number and name."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield f".{name} (name)", {secret if one == name else one: other for one, other in value.items()}
            yield f".{name} (more)", value | {secret: "x"}
            for where, made in planted(item, secret):
                yield f".{name}{where}", value | {name: made}
    elif isinstance(value, list):
        for place, item in enumerate(value):
            for where, made in planted(item, secret):
                yield f"[{place}]{where}", [*value[:place], made, *value[place + 1 :]]
    else:
        yield "", secret
        yield " (inside)", f"{value} {ALL}, {value}"


@pytest.mark.parametrize(("host", "other"), [("sp.auth.adobe.com", "drop"), ("a.example", "keep-scrubbed")])
def test_every_leaf_and_name_of_a_har(host: str, other: str) -> None:
    whole = log(host)
    tells = copy.deepcopy(TELLS)
    tells["_passlens"] = {"client": ADDRESS}
    left = []
    for where, made in planted(whole, TOKEN):
        if not isinstance(made.get("log"), dict) or not isinstance(made["log"].get("entries"), list):
            continue  # no HAR file any more
        file = copy.deepcopy(made)
        file["log"]["entries"].append(tells)
        data, _ = scrubbed(json.dumps(file).encode(), other=other)
        text = json.dumps(json.loads(data), ensure_ascii=False)
        left += [(where, secret) for secret in ALL.split() if secret in text]
    assert not left


def with_everything(host: str) -> http.HTTPFlow:
    flow = flow_of(case("P3"))
    flow.request.host, flow.request.trailers = host, http.Headers([(b"x-own", b"b")])
    flow.comment, flow.marked = "c", ":x:"
    flow.metadata = {"a": ["b", {"c": b"d"}], "passlens.recorder": {"name": "r", "version": "1"},
                     "passlens.injected": {"scenario": "s", "rule": "r", "how": "outcome"}}  # fmt: skip
    flow.error = tflow.terr("e")
    for side in (flow.client_conn, flow.server_conn):
        side.error, side.cipher, side.cipher_list, side.sni = "e", "c", ["c"], "s"
        side.alpn, side.alpn_offers, side.tls_version = b"a", [b"a"], "TLSv1.3"
    flow.backup()
    return flow


@pytest.mark.parametrize(("host", "other"), [("sp.auth.adobe.com", "drop"), ("a.example", "keep-scrubbed")])
def test_every_leaf_of_a_flow(host: str, other: str) -> None:
    tells = flow_of(case("C1").with_header("Authorization", f"Bearer {TOKEN}"))
    tells.client_conn.peername = (ADDRESS, 4711)
    state = with_everything(host).get_state()
    pieces = []
    for where, made in _planted_state(state, TOKEN):
        flow = http.HTTPFlow(tells.client_conn, tells.server_conn)
        try:
            flow.set_state(copy.deepcopy(made))
            pieces.append((where, as_mitm([flow])))
        except Exception:  # what mitmproxy does not take, no recording holds
            continue
    left = []
    # One recording for each of them takes twice as long.
    for batch in (pieces[at : at + BATCH] for at in range(0, len(pieces), BATCH)):
        data, _ = scrubbed(b"".join([piece for _, piece in batch] + [as_mitm([tells])]), other=other)
        assert as_flows(data)[-1].request.path == tells.request.path  # all were read
        left += [([where for where, _ in batch], secret) for secret in ALL.split() if secret.encode() in data]
    assert not left


def _planted_state(value: Any, secret: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield f".{name} (more)", value | {secret: "x"}
            for where, made in _planted_state(item, secret):
                yield f".{name}{where}", value | {name: made}
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            for where, made in _planted_state(item, secret):
                yield f"[{place}]{where}", type(value)([*value[:place], made, *value[place + 1 :]])
    elif isinstance(value, bytes):
        yield "", value + b" " + ALL.encode()
    elif isinstance(value, str):
        yield "", f"{value} {ALL}"


def test_a_converted_copy_loses_them_too() -> None:
    import io

    flow = with_everything("sp.auth.adobe.com")
    flow.metadata["a"] = {TOKEN: TOKEN}
    flow.request.headers["Authorization"] = f"Bearer {TOKEN}"
    target = io.BytesIO()
    convert(io.BytesIO(as_mitm([flow])), target, har=True)
    assert TOKEN.encode() not in scrubbed(target.getvalue())[0]
    assert forge.CLOCK
