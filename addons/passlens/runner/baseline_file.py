"""Reads and writes the file of a baseline; every mistake is a BaselineError with one sentence."""

import json
from typing import Final

from passlens.analysis.baseline import Baseline, from_document, to_document
from passlens.errors import BaselineError, WriteError
from passlens.util import plain_file
from passlens.util.atomic import cannot_write, replacing

MAX_CHARS: Final = 1 << 26
"""Bytes of a file that are read; a baseline has some hundred for each kind of finding."""


def read_baseline(path: str) -> Baseline:
    """The baseline in a file; raises BaselineError with a sentence."""
    try:
        data = plain_file.read(path, MAX_CHARS)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        help_text = "check the name, or write one with --write-baseline"
        raise BaselineError(f"The baseline {path} cannot be read ({reason}): {help_text}.") from None
    try:
        if len(data) > MAX_CHARS:
            raise BaselineError("is far too long for a baseline: give a file that --write-baseline wrote")
        return from_document(json.loads(data))
    except BaselineError as error:
        raise BaselineError(f"{path} {error}.") from None
    except (ValueError, RecursionError):
        words = "is no baseline, for it is no JSON: give a file that --write-baseline wrote"
        raise BaselineError(f"{path} {words}.") from None


def write_baseline(path: str, baseline: Baseline) -> None:
    """Write a baseline in one go; raises WriteError with a sentence."""
    text = json.dumps(to_document(baseline), indent=1) + "\n"
    try:
        with replacing(path) as stream:
            stream.write(text.encode("ascii"))
    except (OSError, ValueError) as error:
        raise WriteError(cannot_write(f"The baseline {path}", error)) from None
