"""Clean copies of whole recordings: the same findings, nothing left of what was planted, one key."""

import base64
import io
import json
import random
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mitmproxy.addons.savehar import SaveHar
from mitmproxy.io import tnetstring
from mitmproxy.test import tflow

from passlens.errors import RecordingError
from passlens.recordings.convert import convert
from passlens.recordings.har_writer import UNREADABLE
from passlens.scrub.files import copy
from redaction.test_redactor import DEVICE, EMAIL, everywhere, flow_of, malformed
from support.har_rules import complaints
from support.planted import RECORDINGS, as_flows, as_mitm, assert_clean, entries, findings, places, scrubbed

SHIPPED = sorted(path for path in RECORDINGS.iterdir() if path.suffix in (".mitm", ".har"))
SEEN = ("index", "operation", "service_provider", "partner", "code", "mvpd", "status", "outcome", "error", "action",
        "partner_framework_status", "diagnosis", "next", "started", "duration_ms", "host", "method")  # fmt: skip


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_recording_keeps_its_findings(path: Path, tmp_path: Path) -> None:
    data, done = scrubbed(path.read_bytes())
    made = tmp_path / path.name
    made.write_bytes(data)
    assert not done.read_errors
    old, new = entries(path), entries(made)
    assert len(old) == len(new) > 0
    for one, other in zip(old, new, strict=True):
        assert findings(other) == findings(one), one["index"]
        assert {key: other[key] for key in SEEN} == {key: one[key] for key in SEEN}
        if one["device"] and one["device"]["identifier"]:
            assert one["device"]["identifier"] != other["device"]["identifier"]


PLANTED = [everywhere(), *malformed()]


def any_profile(place: tuple[str, ...]) -> tuple[str, ...]:
    """A place without the key of a profile: in one case it is planted, so the copy has another."""
    code, at, severity = place
    return code, re.sub("^body#/profiles/[^/]+", "body#/profiles/*", at), severity


def as_har(data: bytes) -> bytes:
    flows = as_flows(data)
    return json.dumps(SaveHar().make_har(flows)).encode()


@pytest.mark.parametrize("form", ["mitm", "har"])
def test_no_planted_secret_is_left_and_the_findings_are_the_same(form: str, tmp_path: Path) -> None:
    data = as_mitm(map(flow_of, PLANTED))
    data = data if form == "mitm" else as_har(data)
    made, done = scrubbed(data)
    assert_clean(made)
    assert_clean("\n".join([*done.lines, *done.read_errors]).encode())
    old, new = tmp_path / f"old.{form}", tmp_path / f"new.{form}"
    old.write_bytes(data)
    new.write_bytes(made)
    for planted, one, other in zip(PLANTED, places(old), places(new), strict=True):
        assert list(map(any_profile, other)) == list(map(any_profile, one)), planted.name


def test_one_secret_alone_is_replaced_in_each_place() -> None:
    # No other exchange tells the secret here.
    for planted in PLANTED[::2]:
        if planted.name in ("path", "method", "error", "dcr"):
            continue
        assert_clean(scrubbed(as_mitm([flow_of(planted)]))[0])


def test_a_key_gives_the_same_stand_ins_and_a_run_without_one_does_not() -> None:
    data = as_mitm([flow_of(everywhere())])
    assert scrubbed(data, key="a")[0] == scrubbed(data, key="a")[0]
    assert scrubbed(data, key="a")[0] != scrubbed(data, key="b")[0]
    copies = {scrubbed(data, key=None)[0] for _ in range(2)}  # type: ignore[arg-type]
    assert len(copies) == 2


def test_an_echo_before_its_secret_is_found() -> None:
    early = tflow.tflow(resp=True)
    early.request.path = f"/api/v2/DEMOTV/sessions/x{DEVICE}"
    early.comment = f"about {DEVICE.upper()} and {EMAIL}"
    assert_clean(scrubbed(as_mitm([early, flow_of(everywhere())]))[0])


def test_what_cannot_be_read_is_said() -> None:
    data = as_mitm([flow_of(everywhere())] * 2)
    made, done = scrubbed(data[:-20])
    assert len(as_flows(made)) == 1
    assert "cut off" in done.read_errors[0]
    made, done = scrubbed(b'{"log": {"entries": [5, {"request": {}}, {"request" 1}]}}')
    first, second = json.loads(made)["log"]["entries"][:2]
    assert first == second
    assert first["request"] == UNREADABLE["request"]
    assert len(done.read_errors) == 3
    for bad in (b"", b"5x", b"hello", b'{"x": 1}'):
        with pytest.raises(RecordingError):
            scrubbed(bad)


@pytest.mark.parametrize("other", ["drop", "keep-scrubbed"])
def test_a_copy_is_a_har_that_browsers_take(other: str) -> None:
    """What its recorder got wrong about times stays, and nothing comes to it."""
    for path in RECORDINGS.glob("*.har"):
        left = complaints(scrubbed(path.read_bytes(), other=other)[0])
        assert set(left) <= set(complaints(path.read_bytes()))
        assert all("is not the sum of" in words for words in left), path.name
    flows, whole = (
        [*map(flow_of, PLANTED[::4]), tflow.tflow(err=True), tflow.twebsocketflow(), tflow.tflow()],
        io.BytesIO(),
    )
    convert(io.BytesIO(as_mitm(flows)), whole, har=True)
    broken = whole.getvalue().replace(b'"entries": [', b'"entries": [5, {"request": {}}, ', 1)
    assert complaints(scrubbed(broken, other=other)[0]) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [(("comment",), 5), (("id",), None), (("error",), {}), (("client_conn", "peername"), []), (("marked",), -1.5)],
)
def test_a_flow_that_mitmproxy_would_not_write_is_not_in_the_copy(place: tuple[str, ...], value: object) -> None:
    states = [flow.get_state() for flow in as_flows((RECORDINGS / "apple-tv.mitm").read_bytes())]
    inner = states[3]
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    made, done = scrubbed(b"".join(map(tnetstring.dumps, states)))
    assert len(list(as_flows(made))) == 13
    assert done.lines[0].startswith("13 flows copied, 12 of the API")
    assert len(done.read_errors) == 1
    assert done.read_errors[0].startswith("flow 3 holds what mitmproxy does not write (")


def of_a_browser(size: int) -> bytes:
    """A .har with scripts, pictures and calls that count visitors, of about so many bytes."""
    draw = random.Random(size)
    entries: list[dict[str, Any]] = []
    for number in range(size // 130_000):
        script = "window.player=" + "".join(
            f"function a{draw.randrange(9999)}(e,t){{return e.b&&t}}\n" for _ in range(2000)
        )
        picture = base64.b64encode(draw.randbytes(36_000)).decode()
        query = "&".join(f"p{place}={draw.randrange(10**9)}" for place in range(20))
        bodies = [
            {"mimeType": "application/javascript", "text": script},
            {"mimeType": "image/jpeg", "text": picture, "encoding": "base64"},
            {"mimeType": "image/gif", "text": ""},
        ]
        for content in bodies:
            url = f"https://other.example/{number}?{query if content['mimeType'] == 'image/gif' else ''}"
            sent = {
                "method": "GET",
                "url": url,
                "headers": [{"name": "Cookie", "value": f"id={draw.getrandbits(64):x}"}],
            }
            got = {"status": 200, "headers": [], "content": content}
            entries.append({"startedDateTime": "2026-01-02T03:04:05Z", "time": 1, "request": sent, "response": got})
    return json.dumps({"log": {"entries": entries}}).encode()


def of_a_bundle(size: int) -> bytes:
    """A .har of scripts, of about so many bytes, whose conditions read like parameters, with escapes and other letters
    here and there."""
    draw = random.Random(size)
    entries = []
    for number in range(size // 100_000):
        script = "".join(
            f"e.k{draw.randrange(30)}&&t==n?i.show=r.display{draw.randrange(30)}.view:'%20\\u00e9 café';"
            for _ in range(1500)
        )
        sent = {"method": "GET", "url": f"https://other.example/{number}"}
        got = {"status": 200, "content": {"mimeType": "application/javascript", "text": script}}
        entries.append({"startedDateTime": "2026-01-02T03:04:05Z", "time": 1, "request": sent, "response": got})
    return json.dumps({"log": {"entries": entries}}).encode()


@pytest.mark.parametrize(("made", "times"), [(of_a_browser, 80), (of_a_bundle, 100)])
def test_other_traffic_costs_little(made: Callable[[int], bytes], times: int) -> None:
    """A copy takes some 27 and 34 times as long as reading and writing its JSON; 1,000 times where scripts are taken
    for forms or pictures looked at sign by sign, and 650 where one escape in a script costs a list of all its signs."""
    data = made(1_300_000)

    def seconds(run: Callable[[], object]) -> float:
        begin = time.process_time()
        run()
        return time.process_time() - begin

    plain = min(seconds(lambda: json.dumps(json.loads(data))) for _ in range(3))
    whole = min(seconds(lambda: copy(io.BytesIO(data), io.BytesIO(), key="x", other="keep-scrubbed")) for _ in range(2))
    assert whole < times * plain
