"""What changed between two recordings, for people and as a JSON document; renders the pairs of a comparison."""

import json
from collections.abc import Sequence
from typing import Any, Final

from passlens.comparison import Change, Meaning, Pair
from passlens.reports.words import paint, plural, safe
from passlens.verdict import TOOL

SCHEMA: Final = 1
"""Version of the document."""

_LABEL: Final = 14


def as_text(pairs: Sequence[Pair], *, colour: bool = False) -> str:
    """One block for each pair that differs, and the counts."""
    blocks = ["\n".join(_block(pair, colour)) + "\n" for pair in pairs if not pair.alike]
    counts = summary(pairs)
    words = f"{plural(counts['alike'], 'exchange')} alike, {counts['changed']} changed"
    words += f", {counts['only_old']} only in the older, {counts['only_new']} only in the newer recording"
    return "\n".join([*blocks, words])


def summary(pairs: Sequence[Pair]) -> dict[str, int]:
    """How many pairs are alike, changed, or lack one side."""
    return {
        "alike": sum(pair.alike for pair in pairs),
        "changed": sum(bool(pair.changes) for pair in pairs),
        "only_old": sum(pair.new is None for pair in pairs),
        "only_new": sum(pair.old is None for pair in pairs),
    }


def _block(pair: Pair, colour: bool) -> list[str]:
    shown = pair.new or pair.old
    assert shown is not None
    words = [paint(shown.operation, "bold", colour), safe(shown.where), safe(shown.device or "")]
    if pair.old is not None and pair.new is not None:
        words.append(f"flow {pair.old.index} -> {pair.new.index}")
    else:
        side = "newer" if pair.old is None else "older"
        words.append(paint(f"flow {shown.index}, only in the {side} recording", "warning", colour))
    head = "  ".join(word for word in words if word)
    if pair.old is None or pair.new is None:
        single = dict(shown.single)
        found = single["outcome"] or single["error"]
        return [head, _row("answer", " ".join(filter(None, (single["status"] or "no answer", found))))]
    return [head, *(line for change in pair.changes for line in _lines(change, colour))]


def _lines(change: Change, colour: bool) -> list[str]:
    if not change.added and not change.gone:
        return [_row(change.what, f"{change.old or 'none'} -> {change.new or 'none'}")]
    signs = [*(("+", "good", text) for text in change.added), *(("-", "error", text) for text in change.gone)]
    rows = [f"{paint(sign, shade, colour)} {safe(text)}" for sign, shade, text in signs]
    return [f"  {change.what if number == 0 else '':<{_LABEL - 2}}{row}" for number, row in enumerate(rows)]


def _row(label: str, text: str) -> str:
    return f"  {label:<{_LABEL - 2}}{safe(text)}"


def as_json(pairs: Sequence[Pair], old: str, new: str, unreadable: Sequence[dict[str, Any]] = ()) -> str:
    """The document: counts, and every pair that differs with its changes."""
    document = {
        "schema": SCHEMA,
        "tool": TOOL,
        "old": old,
        "new": new,
        "summary": summary(pairs),
        "unreadable": list(unreadable),
        "pairs": [_pair(pair) for pair in pairs if not pair.alike],
    }
    return json.dumps(document, indent=1)


def _pair(pair: Pair) -> dict[str, Any]:
    shown = pair.new or pair.old
    assert shown is not None
    changes = [
        {"what": change.what, "added": list(change.added), "gone": list(change.gone)}
        if change.added or change.gone
        else {"what": change.what, "old": change.old, "new": change.new}
        for change in pair.changes
    ]
    return {
        "operation": shown.operation,
        "device": shown.device,
        "old": _side(pair.old),
        "new": _side(pair.new),
        "changes": changes,
    }


def _side(item: Meaning | None) -> dict[str, Any] | None:
    if item is None:
        return None
    single = dict(item.single)
    return {"file": item.file, "index": item.index, **{name: single[name] for name in ("status", "outcome", "error")}}
