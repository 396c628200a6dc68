"""Clean copies of whole recordings: the same findings, nothing left of what was planted, one key."""

import io
import json
from pathlib import Path

import pytest
from mitmproxy.addons.savehar import SaveHar
from mitmproxy.test import tflow

from passlens.conversion.files import convert
from passlens.conversion.har_writer import UNREADABLE
from passlens.conversion.inputs import Mistake
from support.har_rules import complaints
from support.planted import RECORDINGS, as_flows, as_mitm, assert_clean, entries, findings, places, scrubbed
from test_redaction import DEVICE, EMAIL, everywhere, flow_of, malformed

SHIPPED = sorted(path for path in RECORDINGS.iterdir() if path.suffix in (".mitm", ".har"))
SEEN = ("index", "operation", "service_provider", "partner", "code", "mvpd", "status", "outcome", "error", "action",
        "partner_framework_status", "diagnosis", "next", "started", "duration_ms", "host", "method")  # fmt: skip


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_recording_keeps_its_findings(path: Path, tmp_path: Path) -> None:
    data, done = scrubbed(path.read_bytes())
    made = tmp_path / path.name
    made.write_bytes(data)
    assert not done.troubles
    old, new = entries(path), entries(made)
    assert len(old) == len(new) > 0
    for one, other in zip(old, new, strict=True):
        assert findings(other) == findings(one), one["index"]
        assert {key: other[key] for key in SEEN} == {key: one[key] for key in SEEN}
        if one["device"] and one["device"]["identifier"]:
            assert one["device"]["identifier"] != other["device"]["identifier"]


PLANTED = [everywhere(), *malformed()]


def as_har(data: bytes) -> bytes:
    flows = as_flows(data)
    return json.dumps(SaveHar().make_har(flows)).encode()


@pytest.mark.parametrize("form", ["mitm", "har"])
def test_no_planted_secret_is_left_and_the_findings_are_the_same(form: str, tmp_path: Path) -> None:
    data = as_mitm(map(flow_of, PLANTED))
    data = data if form == "mitm" else as_har(data)
    made, done = scrubbed(data)
    assert_clean(made)
    assert_clean("\n".join([*done.lines, *done.troubles]).encode())
    old, new = tmp_path / f"old.{form}", tmp_path / f"new.{form}"
    old.write_bytes(data)
    new.write_bytes(made)
    for planted, one, other in zip(PLANTED, places(old), places(new), strict=True):
        assert other == one, planted.name


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
    assert "cut off" in done.troubles[0]
    made, done = scrubbed(b'{"log": {"entries": [5, {"request": {}}, {"request" 1}]}}')
    assert json.loads(made)["log"]["entries"][:2] == [UNREADABLE, UNREADABLE]
    assert len(done.troubles) == 3
    for bad in (b"", b"5x", b"hello", b'{"x": 1}'):
        with pytest.raises(Mistake):
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
