"""``passlens scrub``: reads a recording twice, first to learn its secrets, then to write the copy.
Knows mitmproxy because it writes recordings."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from mitmproxy.flow import Flow
from mitmproxy.io import FlowWriter

from passlens.recordings.copy_source import flows, har_entries, is_har
from passlens.recordings.har_writer import write_har
from passlens.scrub import flow, har_entry
from passlens.scrub.summary import ScrubSummary
from passlens.scrub.values import Scrubber

OTHER: Final = ("drop", "keep-scrubbed")


@dataclass
class Copy:
    """A finished copy: its account in sentences, and whether the input could be read to its end."""

    lines: list[str]
    read_errors: list[str]
    remarks: list[str]


def copy(source: BinaryIO, target: BinaryIO, *, key: str | None, other: str) -> Copy:
    """Write the clean copy of a recording in the format it has. It is read twice: the secrets of the whole file are
    known before the first byte is written. One ``key`` gives one secret the same replacement in several files, None a
    key for this copy alone. ``other`` is what becomes of traffic that is not the API's: ``drop`` or
    ``keep-scrubbed``. Raises RecordingError if the source is no recording, and OSError."""
    scrubber = Scrubber(key.encode("utf-8", "surrogatepass") if key is not None else secrets.token_bytes(32))
    har = is_har(source)
    for _ in _har(source, scrubber, other, ScrubSummary()) if har else _mitm(source, scrubber, other, ScrubSummary()):
        pass
    scrubber.replacements.close()
    summary = ScrubSummary()
    if har:
        write_har(target, _har(source, scrubber, other, summary))
    else:
        writer = FlowWriter(target)  # type: ignore[no-untyped-call, unused-ignore]
        for one in _mitm(source, scrubber, other, summary):
            writer.add(one)  # type: ignore[no-untyped-call, unused-ignore]
    return Copy(summary.lines(scrubber.replacements.counts, other), summary.read_error_lines(), summary.remarks)


def _mitm(source: BinaryIO, scrubber: Scrubber, other: str, summary: ScrubSummary) -> Iterator[Flow]:
    for index, one in flows(source, summary.read_error):
        try:
            flow.scrub(one, scrubber, other, summary, index)
        except Exception as error:  # mitmproxy reads states of the wrong types
            kind = type(error).__name__
            summary.read_error(
                f"flow {index} holds what mitmproxy does not write ({kind}) and is not in the copy; the rest was copied"
            )
            continue
        yield one


def _har(source: BinaryIO, scrubber: Scrubber, other: str, summary: ScrubSummary) -> Iterator[Any]:
    for index, entry in har_entries(source, summary.read_error, summary.remarks.append):
        yield None if entry is None else har_entry.scrub(entry, scrubber, other, summary, index)
