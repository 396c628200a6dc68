"""The rows about recordings and about the start of commands."""

import itertools
import json
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from mitmproxy import connection, http
from mitmproxy.addons.savehar import SaveHar
from mitmproxy.io import FlowWriter

from processes import HERE, PASSLENS, seconds
from ratios import Ratio, times_faster
from size import Size
from traffic import CLOCK, Kind, requests, respond

READ = (sys.executable, str(HERE / "read.py"))
ALONE = (sys.executable, str(HERE / "alone.py"))
VERSION = (sys.executable, "-c", "import sys; from mitmproxy.tools.main import mitmdump; mitmdump(['--version'])")


def flows(count: int, kind: Kind) -> Iterator[http.HTTPFlow]:
    """Recorded exchanges, as mitmproxy keeps them."""
    for number, sent in enumerate(islice(requests(kind), count)):
        at = CLOCK + number / 100
        client = connection.Client(peername=("127.0.0.1", 50_000), sockname=("127.0.0.1", 8080), timestamp_start=at)
        flow = http.HTTPFlow(client, connection.Server(address=("sp.auth.adobe.com", 443)))
        flow.request = http.Request.make(
            sent.method, f"https://sp.auth.adobe.com{sent.path}", sent.body, dict(sent.headers)
        )
        flow.request.timestamp_start = flow.request.timestamp_end = at
        headers, body = respond(sent.method, sent.path, number, at)
        flow.response = http.Response.make(200, body, headers)
        flow.response.timestamp_start = flow.response.timestamp_end = at + 0.04
        yield flow


def write_mitm(path: Path, count: int, kind: Kind = "core") -> Path:
    """A .mitm recording."""
    with path.open("wb") as file:
        writer = FlowWriter(file)
        for flow in flows(count, kind):
            writer.add(flow)
    return path


def write_har(path: Path, count: int, kind: Kind = "core") -> Path:
    """A .har recording as mitmproxy exports it, entry by entry."""
    save = SaveHar()
    with path.open("w") as file:
        file.write('{"log": {"version": "1.2", "creator": {"name": "bench", "version": "1"}, "entries": [\n')
        for number, flow in enumerate(flows(count, kind)):
            file.write(",\n" * bool(number) + json.dumps(save.flow_entry(flow, set())))
        file.write("\n]}}\n")
    return path


def check(suffix: str, kind: Kind = "core") -> Callable[[Path, Size], Ratio]:
    """A row: passlens check by a bare loop over mitmproxy's reader."""

    def measure(folder: Path, size: Size) -> Ratio:
        write = write_har if suffix == "har" else write_mitm
        path = str(write(folder / f"one.{suffix}", size.recording, kind))
        ours = (*PASSLENS, "check", path, "--format", "jsonl", "--fail-on", "never")
        return times_faster(lambda: seconds(ours), lambda: seconds((*READ, path)), size.commands)

    return measure


def jobs(folder: Path, size: Size) -> Ratio:
    """A row: two processes by one, on four recordings; one recording is never cut."""
    paths = [str(write_mitm(folder / f"{name}.mitm", size.recording // 2)) for name in "abcd"]
    words = (*PASSLENS, "check", *paths, "--format", "jsonl", "--fail-on", "never", "--jobs")
    return times_faster(lambda: seconds((*words, "2")), lambda: seconds((*words, "1")), size.commands)


def archive(folder: Path, size: Size) -> Ratio:
    """A row: an archive by two processes by one, of four recordings; each run makes a new one."""
    paths = [str(write_mitm(folder / f"{name}.mitm", size.recording)) for name in "abcd"]
    numbers = itertools.count()

    def one(jobs: str) -> float:
        return seconds((*PASSLENS, "archive", *paths, "-o", str(folder / f"archive-{next(numbers)}"), "--jobs", jobs))

    return times_faster(lambda: one("2"), lambda: one("1"), size.commands)


def sequences(folder: Path, size: Size) -> Ratio:
    """A row: passlens check by the same that judges each exchange alone."""
    path = str(write_mitm(folder / "one.mitm", size.recording))
    rest = ("check", path, "--format", "jsonl", "--fail-on", "never", "--isolated")
    alone = (*ALONE, *rest[1:])
    return times_faster(lambda: seconds(alone), lambda: seconds((*PASSLENS, *rest)), size.commands)


def start(*arguments: str) -> Callable[[Path, Size], Ratio]:
    """A row: seconds of a passlens command by those of mitmdump --version."""

    def measure(folder: Path, size: Size) -> Ratio:
        path = str(write_mitm(folder / "tiny.mitm", 1))
        words = (*PASSLENS, *(path if word == "FILE" else word for word in arguments))
        return times_faster(lambda: seconds(VERSION), lambda: seconds(words), size.commands)

    return measure
