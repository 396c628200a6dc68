"""Writes HAR 1.2, entry by entry, so that memory does not grow with the file.
What stands in strings stays ASCII: bytes that are not UTF-8 survive as lone surrogates."""

import json
from collections.abc import Iterable
from typing import Any, BinaryIO

from passlens import __version__


def write_har(target: BinaryIO, entries: Iterable[Any]) -> int:
    """Write a whole file; returns the number of entries."""
    creator = json.dumps({"name": "passlens", "version": __version__})
    target.write(f'{{"log": {{"version": "1.2", "creator": {creator}, "pages": [], "entries": [\n'.encode())
    number = 0
    for entry in entries:
        text = json.dumps(_finite(entry))
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
