"""Makes tests/recordings: a real client sends every documented case through a real mitmdump to a local upstream.
Afterwards times, addresses and ids are put in order, so that a second run makes the same files.

    python tests/make_recordings.py [--into FOLDER] [NAME ...]
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mitmproxy import connection, http
from mitmproxy.addons.savehar import SaveHar
from mitmproxy.io import FlowReader, FlowWriter

import forge
from samples.case import Case
from samples.errors import errors
from samples.others import others
from samples.revisions import revisions
from samples.sessions import current, row, variants
from samples.story import apple_tv
from support.clients import Http1Client, Http2Client
from support.proxy import Proxy
from support.reply import How, Reply
from support.upstream import Upstream

FOLDER = Path(__file__).with_name("recordings")
GAP = 7.0
"""Seconds between two exchanges that tell no story: slow enough for every rule about repeating calls."""

CLIENT_ADDRESS = ("127.0.0.1", 50000)
PROXY_ADDRESS = ("127.0.0.1", 8080)
UPSTREAM_ADDRESS = ("127.0.0.1", 443)


class Scene(NamedTuple):
    """One exchange to record: how many seconds after the start, the case, how the upstream behaves."""

    at: float
    case: Case
    how: How = "plain"


class Recording(NamedTuple):
    """One pair of files."""

    name: str
    scenes: list[Scene]
    http2: bool


def recordings(clock: float = forge.CLOCK) -> list[Recording]:
    """All recordings. Each case is built for the moment it is sent."""
    broken = row(clock, "P1").named("no-answer")
    return [
        Recording("apple-tv", [Scene(at, case) for at, case in apple_tv(clock)], http2=True),
        Recording("current", _spaced(clock, current, others), http2=True),
        Recording("revisions", _spaced(clock, revisions, variants), http2=False),
        Recording("errors", [*_spaced(clock, errors), Scene(GAP * len(errors(clock)), broken, "reset")], http2=False),
    ]


def _spaced(clock: float, *groups: object) -> list[Scene]:
    """The cases of groups one after the other, all with the token that was valid at the start."""
    count = sum(len(group(clock)) for group in groups)  # type: ignore[operator]
    scenes = []
    for index in range(count):
        at = GAP * index
        case = [case for group in groups for case in group(clock + at)][index]  # type: ignore[operator]
        if any(name == "Authorization" for name, _ in case.headers):
            case = case.with_header("Authorization", forge.bearer(clock))
        scenes.append(Scene(at, case))
    return scenes


def record(recording: Recording, into: Path, confdir: Path, clock: float = forge.CLOCK) -> None:
    """Record the scenes and write NAME.mitm and NAME.har."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder, "raw.mitm")
        with Upstream() as upstream, Proxy(confdir, "-w", str(raw), upstream=upstream, scripts=[]) as proxy:
            _send(recording, upstream, proxy)
        with raw.open("rb") as file:
            flows = [flow for flow in FlowReader(file).stream() if isinstance(flow, http.HTTPFlow)]
    if len(flows) != len(recording.scenes):
        raise RuntimeError(f"{recording.name}: {len(recording.scenes)} exchanges, {len(flows)} flows")
    _put_in_order(recording, flows, clock)
    into.mkdir(parents=True, exist_ok=True)
    with (into / f"{recording.name}.mitm").open("wb") as file:
        writer = FlowWriter(file)
        for flow in flows:
            writer.add(flow)
    har = json.dumps(SaveHar().make_har(flows), indent=1)
    (into / f"{recording.name}.har").write_text(har + "\n", "utf-8")


def _send(recording: Recording, upstream: Upstream, proxy: Proxy) -> None:
    client = Http2Client(proxy.port, proxy.ca) if recording.http2 else Http1Client(proxy.port, proxy.ca)
    with client:
        for scene in recording.scenes:
            upstream.play(scene.case if scene.how == "plain" else Reply.of(scene.case, scene.how))
            got = client.case(scene.case)
            expected = scene.case.status if scene.how == "plain" else 502
            if got.status != expected:
                raise RuntimeError(f"{scene.case.name}: {got.status} instead of {expected}")


# ---- what differs from run to run


def _put_in_order(recording: Recording, flows: Iterable[http.HTTPFlow], clock: float) -> None:
    ids: dict[str, str] = {}
    first: dict[str, float] = {}
    for scene, flow in zip(recording.scenes, flows, strict=True):
        start = clock + scene.at
        flow.id = forge.uuid((recording.name, scene.case.name))
        flow.timestamp_created = start
        flow.request.timestamp_start, flow.request.timestamp_end = start, start + 0.001
        if flow.response is not None:
            flow.response.timestamp_start, flow.response.timestamp_end = start + 0.04, start + 0.043
        if flow.error is not None:
            flow.error.timestamp = start + 0.04
        for side in (flow.client_conn, flow.server_conn):
            side.id = ids.setdefault(side.id, forge.uuid((recording.name, "connection", len(ids))))
            _connection(side, first.setdefault(side.id, start))
        flow.server_conn.address = (scene.case.host, 443)


def _connection(side: connection.Connection, start: float) -> None:
    side.certificate_list = ()
    side.timestamp_start = start - 0.03
    side.timestamp_tls_setup = start - 0.01 if side.timestamp_tls_setup else None
    side.timestamp_end = None
    if isinstance(side, connection.Client):
        side.mitmcert = None
        side.peername, side.sockname = CLIENT_ADDRESS, PROXY_ADDRESS
    elif isinstance(side, connection.Server):
        side.state = connection.ConnectionState.CLOSED
        side.timestamp_tcp_setup = start - 0.02
        side.peername, side.sockname = UPSTREAM_ADDRESS, CLIENT_ADDRESS


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make the recordings that the tests and the README use.")
    known = {recording.name: recording for recording in recordings()}
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(known)}; all if none is given")
    parser.add_argument("--into", type=Path, default=FOLDER, metavar="FOLDER", help="where to write them")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(known):
        parser.error(f"unknown recording {', '.join(sorted(unknown))}; known are {', '.join(known)}")
    with tempfile.TemporaryDirectory() as confdir:
        for name in options.names or known:
            record(known[name], options.into, Path(confdir))
            print(f"{options.into / name}.mitm and .har: {len(known[name].scenes)} exchanges", file=sys.stderr)


if __name__ == "__main__":
    main()
