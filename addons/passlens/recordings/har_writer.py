"""Writes HAR 1.2, entry by entry, so that memory does not grow with the file.
The file is ASCII: bytes that are not UTF-8 survive in strings as escapes of lone surrogates."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from math import isfinite
from typing import Any, BinaryIO, Final

from passlens import __version__

UNREADABLE: Final[dict[str, Any]] = {
    "startedDateTime": None,
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
    """Write a whole file, with ``UNREADABLE`` for None; returns the number of entries.

    An entry whose start is not known has None there.
    """
    creator = json.dumps({"name": "passlens", "version": __version__})
    target.write(f'{{"log": {{"version": "1.2", "creator": {creator}, "pages": [], "entries": [\n'.encode())
    number = 0
    last = _now()
    for entry in entries:
        made = _dated(UNREADABLE if entry is None else _plain(entry), last)
        last = made["startedDateTime"]
        text = json.dumps(made)
        target.write(b",\n" * bool(number) + text.encode("ascii"))
        number += 1
    target.write(b"\n]}}\n")
    return number


def _dated(entry: dict[str, Any], last: str) -> dict[str, Any]:
    """An entry with the time of the one before where its own is not known, which _passlens says: HAR demands one."""
    if isinstance(entry.get("startedDateTime"), str):
        return entry
    return entry | {"startedDateTime": last, "_passlens": {"started": ""} | entry.get("_passlens", {})}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(value: Any) -> Any:
    """Numbers and types that JSON does not have, as a tampered recording may, become null."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value if isinstance(value, str | int | None) else None
