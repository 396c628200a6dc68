"""Cuts a .mitm file into its records without reading them: one record is one flow in mitmproxy's tnetstrings.
Lengths and nesting are checked here, because mitmproxy trusts them and a hostile one would cost memory or time."""

from collections.abc import Iterator
from typing import Final

from passlens.errors import CutOffError, NotRecordsError
from passlens.recordings.source import Source

MAX_DEPTH: Final = 100
"""Nesting of a flow's values; mitmproxy writes about 10."""

_DIGITS: Final = 12  # of a length, as mitmproxy allows


def flows_named(first: int, last: int) -> str:
    """Flows that follow each other, by their places: ``flow 3``, ``flows 3 to 5``."""
    return f"flow {first}" if first == last else f"flows {first} to {last}"


def records(source: Source) -> Iterator[bytes]:
    """Whole records (``length:payload}``), one after the other, not yet looked into.

    Raises CutOffError if the file ends inside one, NotRecordsError if there is none where one should be, and OSError.
    """
    while True:
        prefix = _prefix(source)
        if prefix is None:
            return
        length = int(prefix) + 1  # with the type at the end
        if length > source.at_hand() and (left := source.left()) is not None and left < length:
            raise CutOffError
        payload = source.read_exactly(length)
        if len(payload) < length:
            raise CutOffError
        if payload[-1:] != b"}":
            raise NotRecordsError("a flow does not end where its length says")
        yield prefix + b":" + payload


def _prefix(source: Source) -> bytes | None:
    """The length before a record, its colon taken; None at the end of the file."""
    ahead = source.peek(_DIGITS + 1)
    colon = ahead.find(b":")
    if colon > 0 and ahead[:colon].isdigit():
        source.read(colon + 1)
        return ahead[:colon]
    # At the end of what was read so far, or something is wrong.
    prefix = b""
    while (byte := source.read(1)).isdigit():
        prefix += byte
        if len(prefix) > _DIGITS:
            raise NotRecordsError("an absurd length")
    if not byte and not prefix:
        return None
    if not byte:
        raise CutOffError
    if byte != b":" or not prefix:
        raise NotRecordsError("no length where a flow should start")
    return prefix


def well_formed(data: bytes) -> bool:
    """True if all lengths inside a record fit into each other and the nesting is not deeper than MAX_DEPTH.

    mitmproxy reads by recursion and takes negative lengths, with which a hundred bytes keep it busy for ever.

    >>> well_formed(b"9:1:a,2:10#}"), well_formed(b"3:-1:}")
    (True, False)
    """
    ends = [len(data)]
    at = 0
    while ends:
        if at == ends[-1]:
            ends.pop()
            at += 1
            continue
        colon = data.find(b":", at, at + _DIGITS + 1)
        if colon < 0 or not data[at:colon].isdigit():
            return False
        end = colon + 1 + int(data[at:colon])
        if end >= ends[-1]:
            return False
        if data[end] in b"]}":
            if len(ends) > MAX_DEPTH:
                return False
            ends.append(end)
            at = colon + 1
        else:
            at = end + 1
    return True
