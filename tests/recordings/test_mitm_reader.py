"""mitmproxy reads what is not of today's format, and nothing else: it is not even loaded for the rest."""

import io
import os
import subprocess
import sys

import pytest
from mitmproxy import http
from mitmproxy.io import FlowReader, tnetstring
from mitmproxy.test import tflow

from passlens.errors import RecordError
from passlens.exchange.model import Exchange
from passlens.recordings.mitm_reader import exchange_of, read_flow
from support.proxy import ROOT

RECORDINGS = ROOT / "tests" / "recordings"

LOADED = """
import sys
from passlens.cli.main import main
try:
    main()
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules} & {"mitmproxy", "OpenSSL"}), file=sys.stderr)
"""


@pytest.mark.parametrize("name", ["current.mitm", "current.har"])
def test_a_check_of_today_s_recordings_does_without_it(name: str) -> None:
    words = [sys.executable, "-c", LOADED, "check", str(RECORDINGS / name), "--format", "jsonl"]
    done = subprocess.run(
        words, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "addons")}, timeout=60
    )
    assert done.stdout.count("\n") > 10
    assert done.stderr.strip() == ""


def record(**changes: object) -> bytes:
    return bytes(tnetstring.dumps(tflow.tflow(resp=True).get_state() | changes))


def test_a_flow_of_an_older_format_is_read() -> None:
    flow = read_flow(record(version=20))
    assert isinstance(flow, http.HTTPFlow)
    found = exchange_of(flow, 3, "old.mitm")
    assert isinstance(found, Exchange)
    assert (found.index, found.file, found.request.path) == (3, "old.mitm", "/path")


def test_a_flow_of_another_protocol_is_its_type() -> None:
    assert exchange_of(tflow.tdnsflow(), 0, "x") == "dns"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (record(version=99), "version"),
        (record(version="x"), "version"),
        (record(request=None), "it holds no flow|it is damaged"),
        (b"3:-1:}", "it is damaged"),
        (b"", "it holds no flow|it is damaged"),
    ],
    ids=["later", "no-number", "no-request", "no-length", "nothing"],
)
def test_what_cannot_be_read_is_a_clause(data: bytes, why: str) -> None:
    with pytest.raises(RecordError, match=why) as caught:
        read_flow(data)
    assert not str(caught.value).endswith(".")
    assert len(str(caught.value)) <= 200


def test_a_tampered_flow_is_a_clause_too() -> None:
    flow = next(iter(FlowReader(io.BytesIO(record())).stream()))
    assert isinstance(flow, http.HTTPFlow)
    flow.request.data.path = None  # type: ignore[assignment]
    with pytest.raises(RecordError, match="it holds no flow as mitmproxy writes it"):
        exchange_of(flow, 0, "x")
