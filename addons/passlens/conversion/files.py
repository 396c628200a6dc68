"""``passlens convert``: a recording in the other format, streamed, with a word on what that cannot hold.
Knows mitmproxy because it writes recordings."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from mitmproxy import http
from mitmproxy.io import FlowWriter

from passlens.conversion.har_writer import write_har
from passlens.conversion.inputs import Mistake, flows, har_entries, is_har
from passlens.conversion.to_flow import flow_of
from passlens.conversion.to_har import entry_of
from passlens.reading.har import Unreadable


@dataclass
class Converted:
    """What became of a recording: flows written, what the target cannot hold, what could not be read."""

    count: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)

    def cannot_hold(self) -> str | None:
        """One sentence about what the target cannot hold, or None."""
        if not self.lost:
            return None
        return f"It cannot hold {', '.join(f'{what} ({count})' for what, count in sorted(self.lost.items()))}."


def convert(source: BinaryIO, target: BinaryIO, *, har: bool) -> Converted:
    """Write a .har (``har``) or a .mitm; raises Mistake if the input is none or is of that format, and OSError."""
    if is_har(source) == har:
        raise Mistake(f"is a {'.har' if har else '.mitm'} recording already: name a {'.mitm' if har else '.har'} file")
    done = Converted()
    if har:
        done.count = write_har(target, _entries(source, done))
        return done
    writer = FlowWriter(target)  # type: ignore[no-untyped-call, unused-ignore]
    for index, entry in har_entries(source, done.troubles.append):
        if entry is None:
            continue
        try:
            flow, lost = flow_of(entry, index)
        except Unreadable as error:
            done.troubles.append(f"entry {index} cannot be read because {error}; the rest was copied")
            continue
        done.lost.update(lost)
        writer.add(flow)  # type: ignore[no-untyped-call, unused-ignore]
        done.count += 1
    return done


def _entries(source: BinaryIO, done: Converted) -> Iterator[dict[str, Any]]:
    for _, flow in flows(source, done.troubles.append):
        if not isinstance(flow, http.HTTPFlow):
            done.lost[f"{flow.type.upper()} flows"] += 1
            continue
        for message in (flow.request, flow.response):
            if message is not None:
                done.lost["bodies that were streamed"] += message.data.content is None
        done.lost["backups of edited flows"] += flow._backup is not None
        done.lost["certificates"] += bool(flow.server_conn.certificate_list or flow.client_conn.certificate_list)
        done.lost += Counter()
        yield entry_of(flow)
