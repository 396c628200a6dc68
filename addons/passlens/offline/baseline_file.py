"""Reads and writes the file of a baseline; every mistake is a ValueError with one sentence."""

import json
from typing import Final

from passlens.atomic import replacing
from passlens.baseline import Baseline, NotABaseline, from_document, to_document

LONGEST: Final = 1 << 26
"""Bytes of a file that are read; a baseline has some hundred for each kind of finding."""


def read_baseline(path: str) -> Baseline:
    """The baseline in a file; raises ValueError with a sentence."""
    try:
        with open(path, "rb") as stream:
            data = stream.read(LONGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        help_text = "check the name, or write one with --write-baseline"
        raise ValueError(f"The baseline {path} cannot be read ({reason}): {help_text}.") from None
    try:
        if len(data) > LONGEST:
            raise NotABaseline("is far too long for a baseline: give a file that --write-baseline wrote")
        return from_document(json.loads(data))
    except NotABaseline as error:
        raise ValueError(f"{path} {error}.") from None
    except (ValueError, RecursionError):
        words = "is no baseline, for it is no JSON: give a file that --write-baseline wrote"
        raise ValueError(f"{path} {words}.") from None


def write_baseline(path: str, baseline: Baseline) -> None:
    """Write a baseline in one go; raises ValueError with a sentence."""
    text = json.dumps(to_document(baseline), indent=1) + "\n"
    try:
        with replacing(path) as stream:
            stream.write(text.encode("ascii"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        sentence = f"The baseline {path} cannot be written ({reason}): make room or name another place."
        raise ValueError(sentence) from None
