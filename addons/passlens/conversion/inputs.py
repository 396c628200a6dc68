"""A recording opened to be copied: its format by the first bytes, its flows or entries one by one.
Knows mitmproxy because it reads recordings whole, with what an exchange leaves out."""

import io
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from mitmproxy.flow import Flow
from mitmproxy.io import FlowReader

from passlens.reading.har_scanner import NotHar, entries
from passlens.reading.mitm_records import CutOff, NotRecords, records
from passlens.reading.source import Source

Trouble = Callable[[str], None]
"""Takes a sentence about something that could not be read, and is not in the copy."""


class Mistake(ValueError):
    """Why there can be no copy: a sentence to stand after the file's name."""


def is_har(source: BinaryIO) -> bool:
    """True for a HAR file, False for a .mitm file; raises Mistake for anything else."""
    source.seek(0)
    start = source.read(64)
    if not start:
        raise Mistake("is empty: nothing was recorded, or the recorder has not written it yet")
    if start.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").startswith(b"{"):
        return True
    if start[:1].isdigit():
        return False
    raise Mistake("is neither a .mitm nor a .har recording: give what mitmproxy saved or a browser exported as HAR")


def flows(source: BinaryIO, trouble: Trouble) -> Iterator[tuple[int, Flow]]:
    """The flows of a .mitm file with their places; raises Mistake if it is none."""
    source.seek(0)
    index = -1
    try:
        for index, record in enumerate(records(Source(source))):
            one = _flow(record)
            if one is None:
                trouble(f"flow {index} cannot be read and is not in the copy; the rest was copied")
            else:
                yield index, one
    except CutOff:
        trouble(f"flow {index + 1} is cut off and is not in the copy; what stands before it was copied")
    except NotRecords as error:
        if index < 0:
            raise Mistake("starts with a digit like a .mitm recording but is none: give what mitmproxy saved") from None
        trouble(f"the file is damaged after flow {index} ({error}); what stands before was copied")


def _flow(record: bytes | None) -> Flow | None:
    try:
        return None if record is None else next(iter(FlowReader(io.BytesIO(record)).stream()))
    except Exception:  # mitmproxy raises all sorts for states of the wrong shape
        return None


def har_entries(source: BinaryIO, trouble: Trouble) -> Iterator[tuple[int, Any]]:
    """Entries of a HAR file with their places, None for one that cannot be parsed; raises Mistake if it has none."""
    source.seek(0)
    try:
        for index, entry in enumerate(entries(source)):
            if entry.problem is None:
                yield index, entry.value
                continue
            ending = "the reading ended there" if entry.ended else "the rest was copied"
            trouble(f"entry {index} cannot be read because {entry.problem}; {ending}")
            if not entry.ended:
                yield index, None
    except NotHar as error:
        raise Mistake(f"is no HAR file that can be read because {error}: export it again, as HAR 1.2") from None
