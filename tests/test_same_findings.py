"""The same exchange gives the same findings wherever it is seen: live, in the .mitm saved meanwhile, in the .har made
from that."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from mitmproxy.addons.savehar import SaveHar
from mitmproxy.io import FlowReader

from cases import Case, cases
from passlens.analysis.entry import Entry
from passlens.exchange.decoded import Decoded
from passlens.exchange.device_key import device_key
from passlens.exchange.model import Exchange, Request
from samples.case import dump
from support.checking import document
from support.clients import Http1Client, Http2Client
from support.proxy import Proxy
from support.reply import Reply
from support.stage import entries_of
from support.upstream import Upstream

SEEN = ("operation", "method", "host", "path", "service_provider", "partner", "code", "mvpd", "status", "outcome")
SEEN += ("error", "action", "device", "partner_framework_status", "diagnosis", "next")


NOT_IN_A_HAR = ("claimed", "body of a GET", "mark")
"""mitmproxy writes bodies into a .har without their content-encoding, even a wrong one, and no body of a GET; since 12
without a UTF-8 mark."""

BY_ADDRESS = device_key(Decoded(Exchange(Request((), client="127.0.0.1"))))
"""The key of a device that only its address tells; a .har has no addresses of clients."""


def flawed(clock: float) -> list[Case]:
    """Requests and answers with the mistakes that depend on bytes: encodings, lengths, repeats, odd characters."""
    made = {case.name: case for case in cases(clock)}
    c1, p3, rsb = made["C1"], made["P3"], made["RS-B"]
    return [
        c1.named("utf8", headers=(*c1.headers, ("X-Odd", "Gr\u00fc\u00dfe"))),
        c1.named("latin1", headers=(*c1.headers, ("X-Odd", "Gr\udcfc\udcdfe"))),
        c1.named("twice", headers=(*c1.headers, *c1.headers[:2])),
        c1.named("percent", body=b"mvpd=%ZZ&domainName=a%20b&redirectUrl=https%3A%2F%2Fdemotv.example%2F%"),
        c1.named("latin body", body=b"mvpd=%FC&domainName=demotv.example"),
        c1.named("json body", body=dump({"mvpd": "x"})).with_header("Content-Type", "application/json"),
        c1.named("spelling", path=c1.path + "/?mvpd=HarbourCable"),
        c1.named("not json", response_body=b'{"actionName": "authenticate" "x": 1}'),
        c1.named("odd bytes", response_body=b'{"actionName": "\xff\xfe"}'),
        c1.named("empty", response_body=b""),
        c1.named("mark", response_body=b"\xef\xbb\xbf" + c1.response_body),
        c1.named("numbers", response_body=b'{"notBefore": 1e999, "notAfter": 1234567890123456789012345, "code": NaN}'),
        rsb.named("body of a GET", body=b"mvpd=x"),
        p3.with_header("X-Device-Info", "%%%").named("not base64"),
        p3.with_header("AP-Partner-Framework-Status", "").named("empty header"),
    ]


def findings(entry: Entry, *, addresses: bool) -> list[tuple[str, str, str, str]]:
    """Findings with their words. Without addresses, as in a .har, PL680 counts the calls of a device and not those of
    its address. Tenths of a second are left out: a .har rounds times."""
    return [
        (
            item["code"],
            item["at"],
            item["severity"],
            "" if item["code"] == "PL680" and not addresses else re.sub(r"\b\d+\.\d s\b", "some s", item["message"]),
        )
        for item in entry["findings"]
    ]


def check(path: Path) -> list[Entry]:
    """The entries of ``passlens check``, with the findings of sequences, as the log has them."""
    found = document(str(path))
    assert found["unreadable"] == []
    return list(found["exchanges"])


def compare(log: Path, saved: Path, har: Path, names: list[str]) -> None:
    with saved.open("rb") as file:
        flows = list(FlowReader(file).stream())
    har.write_text(json.dumps(SaveHar().make_har(flows)), "utf-8")  # type: ignore[arg-type]
    live = entries_of(log)
    assert len(live) == len(names)
    for name, one, two, three in zip(names, live, check(saved), check(har), strict=True):
        for other in (two,) if name in NOT_IN_A_HAR else (two, three):
            where = (name, other["file"])
            addresses = other is two
            assert findings(other, addresses=addresses) == findings(one, addresses=addresses), where
            seen = {key: one[key] for key in SEEN}
            if other is three and one["device"] and one["device"]["key"] == BY_ADDRESS:
                seen["device"] = {**one["device"], "key": None}
            assert {key: other[key] for key in SEEN} == seen, where
            assert other["index"] == one["index"]
            assert other["started"] == one["started"]


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
def test_live_mitm_and_har_agree_on_every_case(
    http2: bool, proxy: Callable[..., Proxy], upstream: Upstream, tmp_path: Path
) -> None:
    log, saved = tmp_path / "log.jsonl", tmp_path / "saved.mitm"
    running = proxy("-w", str(saved), passlens_log=log, flow_detail=0)
    clock = time.time()
    sent = cases(clock) if http2 else [*cases(clock), *flawed(clock)]
    with Http2Client(running.port, running.ca) if http2 else Http1Client(running.port, running.ca) as client:
        for made in sent:
            upstream.play(made)
            assert client.case(made).status == made.status, made.name
    running.stop()
    compare(log, saved, tmp_path / "saved.har", [made.name for made in sent])


def test_they_agree_on_content_encodings_and_failed_flows(
    proxy: Callable[..., Proxy], upstream: Upstream, tmp_path: Path
) -> None:
    log, saved = tmp_path / "log.jsonl", tmp_path / "saved.mitm"
    running = proxy("-w", str(saved), passlens_log=log, flow_detail=0)
    made = next(case for case in cases(time.time()) if case.name == "P3")
    plain = Reply.of(made)
    replies = {
        "gzip": plain.encoded("gzip"),
        "br": plain.encoded("br"),
        "chunked": Reply.of(made, "chunked"),
        "until close": Reply.of(made, "until-close"),
        "reset": Reply.of(made, "reset"),
        "claimed": plain.encoded("gzip", really="identity"),  # last: what a .har has of it says more of what follows
    }
    for reply in replies.values():
        upstream.play(reply)
        with Http1Client(running.port, running.ca) as client:
            client.case(made)
    running.stop()
    compare(log, saved, tmp_path / "saved.har", list(replies))
