"""``passlens convert``: a recording in the other format, streamed, with a word on what that cannot hold.
Knows mitmproxy because it writes recordings."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from mitmproxy import http
from mitmproxy.io import FlowWriter

from passlens.errors import RecordError, RecordingError
from passlens.recordings.copy_source import flows, har_entries, is_har
from passlens.recordings.flow_to_har import entry_of
from passlens.recordings.har_to_flow import flow_of
from passlens.recordings.har_writer import write_har


@dataclass
class Converted:
    """What became of a recording: flows written, what the target cannot hold, what could not be read."""

    count: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    read_errors: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def cannot_hold(self) -> str | None:
        """One sentence about what the target cannot hold, or None."""
        if not self.lost:
            return None
        return f"It cannot hold {', '.join(f'{what} ({count})' for what, count in sorted(self.lost.items()))}."


def convert(source: BinaryIO, target: BinaryIO, *, har: bool) -> Converted:
    """Write ``source`` as a .har (``har``) or as a .mitm, flow by flow. Raises RecordingError if the source is no
    recording or is of that format already, and OSError."""
    if is_har(source) == har:
        raise RecordingError(
            f"is a {'.har' if har else '.mitm'} recording already: name a {'.mitm' if har else '.har'} file"
        )
    done = Converted()
    if har:
        done.count = write_har(target, _entries(source, done))
        return done
    writer = FlowWriter(target)  # type: ignore[no-untyped-call, unused-ignore]
    undated = _written(source)
    for index, entry in har_entries(source, done.read_errors.append, done.remarks.append):
        if entry is None:
            continue
        try:
            flow, lost = flow_of(entry, index, undated)
        except RecordError as error:
            done.read_errors.append(f"entry {index} cannot be read because {error}; the rest was copied")
            continue
        done.lost.update(lost)
        writer.add(flow)  # type: ignore[no-untyped-call, unused-ignore]
        done.count += 1
        undated = flow.timestamp_created
    if not done.count:
        # A .mitm of no flow has no byte, and would be taken for one that was not written; mitmproxy reads this as well.
        write_har(target, ())
    return done


def _written(source: BinaryIO) -> float:
    """When a file was written, which is later than what it holds, but not as wrong as 1970."""
    try:
        return os.fstat(source.fileno()).st_mtime
    except (OSError, ValueError):
        return time.time()


def _entries(source: BinaryIO, done: Converted) -> Iterator[dict[str, Any]]:
    for index, flow in flows(source, done.read_errors.append):
        if not isinstance(flow, http.HTTPFlow):
            done.lost[f"{flow.type.upper()} flows"] += 1
            continue
        for message in (flow.request, flow.response):
            if message is not None:
                done.lost["bodies that were streamed"] += message.data.content is None
        done.lost["backups of edited flows"] += flow._backup is not None
        done.lost["certificates"] += bool(flow.server_conn.certificate_list or flow.client_conn.certificate_list)
        done.lost += Counter()
        try:
            entry = entry_of(flow)
        except Exception as error:  # mitmproxy reads states of the wrong types
            kind = type(error).__name__
            done.read_errors.append(f"flow {index} holds what mitmproxy does not write ({kind}); the rest was copied")
            continue
        yield entry
