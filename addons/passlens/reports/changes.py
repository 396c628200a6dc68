"""What changed between two recordings, for people and as a JSON document; renders the pairs of a comparison."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from passlens.analysis.comparison import Change, ExchangeMeaning, Pair
from passlens.analysis.entry import TOOL
from passlens.util.text import escape_controls, fold, paint, plural

SCHEMA: Final = 1
"""Version of the document."""

_LABEL: Final = 14


def as_text(pairs: Sequence[Pair], *, colour: bool = False, width: int | None = None) -> str:
    """One block for each pair that differs, and the counts; lines are at most ``width`` wide."""
    blocks = ["\n".join(_block(pair, colour, width)) + "\n" for pair in pairs if not pair.alike]
    return "\n".join([*blocks, counts_text(pairs, width=width)])


def counts_text(pairs: Sequence[Pair], *, width: int | None = None) -> str:
    """How many pairs are alike and how many are not, in a sentence."""
    counts = summary(pairs)
    words = f"{plural(counts['alike'], 'exchange')} alike, {counts['changed']} changed"
    words += f", {counts['only_old']} only in the older, {counts['only_new']} only in the newer recording"
    return "\n".join(fold(words, width, rest="  "))


def summary(pairs: Sequence[Pair]) -> dict[str, int]:
    """How many pairs are alike, changed, or lack one side."""
    return {
        "alike": sum(pair.alike for pair in pairs),
        "changed": sum(bool(pair.changes) for pair in pairs),
        "only_old": sum(pair.new is None for pair in pairs),
        "only_new": sum(pair.old is None for pair in pairs),
    }


def _block(pair: Pair, colour: bool, width: int | None) -> list[str]:
    shown = pair.new or pair.old
    assert shown is not None
    lines = _head(pair, shown, colour, width)
    if pair.old is None or pair.new is None:
        single = dict(shown.single)
        found = single["outcome"] or single["error"]
        return [*lines, *_row("answer", " ".join(filter(None, (single["status"] or "no answer", found))), width)]
    return [*lines, *(line for change in pair.changes for line in _lines(change, colour, width))]


def _head(pair: Pair, shown: ExchangeMeaning, colour: bool, width: int | None) -> list[str]:
    """What was exchanged, and where it stands; what is in one recording only is painted."""
    words = "  ".join(
        filter(None, (shown.operation, escape_controls(shown.where), escape_controls(shown.device or "")))
    )
    if pair.old is not None and pair.new is not None:
        where, shade = f"flow {pair.old.index} -> {pair.new.index}", None
    else:
        side = "newer" if pair.old is None else "older"
        where, shade = f"flow {shown.index}, only in the {side} recording", "warning"
    fits = width is None or len(words) + 2 + len(where) <= width
    lines = [f"{words}  {where}"] if fits else [*fold(words, width, rest="    "), f"    {where}"]
    if shade is not None:
        lines[-1] = lines[-1].removesuffix(where) + paint(where, shade, colour)
    lines[0] = paint(shown.operation, "bold", colour) + lines[0].removeprefix(shown.operation)
    return lines


def _lines(change: Change, colour: bool, width: int | None) -> Iterator[str]:
    if not change.added and not change.gone:
        yield from _row(change.what, f"{change.old or 'none'} -> {change.new or 'none'}", width)
    signs = [*(("+", "good", text) for text in change.added), *(("-", "error", text) for text in change.gone)]
    for number, (sign, shade, text) in enumerate(signs):
        first, *rest = _row(change.what if number == 0 else "", text, width, sign=f"{sign} ")
        yield first[:_LABEL] + paint(sign, shade, colour) + first[_LABEL + 1 :]
        yield from rest


def _row(label: str, text: str, width: int | None, *, sign: str = "") -> list[str]:
    first = f"  {label:<{_LABEL - 2}}{sign}"
    return fold(escape_controls(text), width, first=first, rest=" " * len(first))


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


def _side(item: ExchangeMeaning | None) -> dict[str, Any] | None:
    if item is None:
        return None
    single = dict(item.single)
    return {"file": item.file, "index": item.index, **{name: single[name] for name in ("status", "outcome", "error")}}
