"""Clean copies held against their originals: the same findings, and nothing left of what was planted."""

import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mitmproxy.flow import Flow
from mitmproxy.io import FlowReader, FlowWriter

import redaction.test_redactor as planting
from passlens.analysis.analyzer import analyze
from passlens.checks.runner import findings as find
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from passlens.recordings.reader import read
from passlens.scrub.files import Copy, copy

RECORDINGS = Path(__file__).parents[1] / "recordings"

NEEDLES = {needle for secret in planting.PLANTED for needle in planting.spellings(secret)}
# What stands before the name in this XML is markup, which stays.
NEEDLES |= {planting.TOKEN[40:80], planting.TOKEN.split(".")[2][:40], planting.SAML[-24:]}


def scrubbed(data: bytes, *, key: str = "tests", other: str = "drop") -> tuple[bytes, Copy]:
    """The clean copy of a recording."""
    target = io.BytesIO()
    done = copy(io.BytesIO(data), target, key=key, other=other)
    return target.getvalue(), done


def assert_clean(data: bytes) -> None:
    """No planted secret stands in the bytes, in any spelling and any letter case."""
    lowered = data.decode("latin-1").lower()
    left = [needle for needle in NEEDLES if needle.lower() in lowered]
    assert not left, [(needle, lowered[(at := lowered.index(needle.lower())) - 60 : at + 60]) for needle in left]


def entries(path: Path) -> list[dict[str, Any]]:
    """What is judged in a recording."""
    return [analyze(item) for item in read([str(path)]) if getattr(item, "route", None) is not None]


def findings(entry: dict[str, Any]) -> list[tuple[str, ...]]:
    """The findings of an entry, pseudonyms without their digits."""
    return [
        (item["code"], item["at"], item["severity"], re.sub("sha256:[0-9a-f]{12}", "*", item["message"]))
        for item in entry["findings"]
    ]


def places(path: Path) -> list[list[tuple[str, ...]]]:
    """The findings of each exchange without their words, which may quote what was replaced; quicker than judging."""
    found = [item for item in read([str(path)]) if isinstance(item, Exchange) and item.route is not None]
    return [[(one.code, one.at, one.severity) for one in find(Decoded(ex))] for ex in found]


def as_mitm(flows: Iterable[Flow]) -> bytes:
    """A recording of flows."""
    file = io.BytesIO()
    writer = FlowWriter(file)
    for flow in flows:
        writer.add(flow)
    return file.getvalue()


def as_flows(data: bytes) -> list[Flow]:
    """The flows that mitmproxy reads in a recording."""
    return list(FlowReader(io.BytesIO(data)).stream())
