"""Writes HAR 1.2, entry by entry, so that memory does not grow with the file.
The file is ASCII: bytes that are not UTF-8 survive in strings as escapes of lone surrogates."""

import json
from collections.abc import Iterable
from typing import Any, BinaryIO, Final

from passlens import __version__

UNREADABLE: Final[dict[str, Any]] = {
    "startedDateTime": "1970-01-01T00:00:00.000Z",
    "time": 0,
    "request": {
        "method": "GET", "url": "http://unreadable.invalid/", "httpVersion": "", "cookies": [], "headers": [],
        "queryString": [], "headersSize": -1, "bodySize": -1,
    },
    "response": {
        "status": 0, "statusText": "", "httpVersion": "", "cookies": [], "headers": [],
        "content": {"size": 0, "mimeType": ""}, "redirectURL": "", "headersSize": -1, "bodySize": -1,
    },
    "cache": {},
    "timings": {"send": 0, "wait": 0, "receive": 0},
    "comment": "What stood here could not be read when this copy was made.",
}  # fmt: skip
"""Keeps the place of an entry that could not be read; browsers refuse a file with a gap."""


def write_har(target: BinaryIO, entries: Iterable[Any]) -> int:
    """Write a whole file, with ``UNREADABLE`` for None; returns the number of entries."""
    creator = json.dumps({"name": "passlens", "version": __version__})
    target.write(f'{{"log": {{"version": "1.2", "creator": {creator}, "pages": [], "entries": [\n'.encode())
    number = 0
    for entry in entries:
        text = json.dumps(UNREADABLE if entry is None else _finite(entry))
        target.write(b",\n" * bool(number) + text.encode("ascii"))
        number += 1
    target.write(b"\n]}}\n")
    return number


def _finite(value: Any) -> Any:
    """Numbers that JSON does not have become null."""
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and (value != value or abs(value) == float("inf")) else value
