"""Markdown that fits a comment on a pull request: the counts, then the findings by code, the worst first.
It keeps some places of each code, counts all, and shows fewer of them until the text is short enough."""

import re
from collections.abc import Iterator
from typing import Final, TextIO

from passlens.checks.table import BY_CODE
from passlens.explain import parts
from passlens.reports.tally import Tally
from passlens.reports.words import plural, safe
from passlens.verdict import Entry

LONGEST: Final = 65_000
"""Characters; comments may have 65,536."""

PLACES: Final = 20
"""Places that are kept of each code, and unreadable parts."""

_SENTENCE: Final = 400
"""Characters of one message."""

_ORDER: Final = ("error", "warning", "note")
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()|~$!])")
_LINKS: Final = re.compile(r"([@#])(?=\w)|(://)|(?<=www)(\.)")


class MarkdownReport:
    """Collects a bounded part of the findings and writes everything at the end, because the verdict stands first."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._places: dict[tuple[str, str, str], list[str]] = {}
        self._troubles: list[str] = []
        self._dry: list[str] = []
        self._dry_count = 0

    def entry(self, entry: Entry) -> None:
        """One judged exchange."""
        where = f"{code(entry['file'] or 'input')}, exchange {entry['index']} ({entry['operation']})"
        told = entry.get("dry_run")
        if told and told["action"]:
            self._dry_count += 1
            if len(self._dry) < PLACES:
                self._dry.append(f"- {where}: {plain(told['action'])}: {plain(told['explanation'])}")
        for finding in entry["findings"]:
            kept = self._places.setdefault((finding["code"], finding["name"], finding["severity"]), [])
            if len(kept) < PLACES:
                kept.append(f"- {where}, {code(finding['at'])}: {plain(finding['message'])}")

    def trouble(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read."""
        if len(self._troubles) < PLACES:
            self._troubles.append(f"- {code(file)}: {plain(message)}.")

    def close(self, tally: Tally) -> None:
        """The end of the input."""
        for places in (PLACES, 10, 5, 3, 2, 1, 0):
            text = "\n".join(self._lines(tally, places)) + "\n"
            if len(text) <= LONGEST:
                break
        self._out.write(text)

    def _lines(self, tally: Tally, places: int) -> Iterator[str]:
        counts = ", ".join(plural(tally.severities[level], level) for level in _ORDER)
        yield f"## passlens: {counts}"
        if tally.partial:
            yield from ("", "**Partial: the check was stopped before the end of its input.**")
        other = f", {plural(tally.other_flows, 'other flow')}" if tally.other_flows else ""
        unreadable = f", {plural(tally.unreadable, 'unreadable part')}" if tally.unreadable else ""
        yield from ("", f"{plural(tally.exchanges, 'exchange')}{other}{unreadable}.")
        if tally.closing:
            yield from ("", *(f"- {plain(line.strip())}" for line in tally.closing))
        if self._troubles:
            yield from ("", "### Not read", "")
            yield from _first(self._troubles, max(places, 1), tally.unreadable, "part")
        if self._dry:
            yield from ("", "### Dry run", "")
            yield from _first(self._dry, places, self._dry_count, "exchange")
        rows = sorted(tally.codes.items(), key=lambda row: (_ORDER.index(row[0][2]), row[0]))
        if rows:
            yield from ("", "| severity | code | name | findings |", "| --- | --- | --- | ---: |")
            yield from (f"| {level} | {number} | {name} | {count} |" for (number, name, level), count in rows)
        for key, count in rows:
            yield from ("", f"### {key[0]} {key[1]} ({key[2]}, {count})", "")
            if key[0] in BY_CODE:
                yield from (plain(parts(BY_CODE[key[0]])["What"]), "")
            yield from _first(self._places.get(key, []), places, count, "place")


def _first(lines: list[str], shown: int, count: int, noun: str) -> Iterator[str]:
    """The first lines, and how many were left out."""
    yield from lines[:shown]
    left = count - len(lines[:shown])
    if left > 0:
        yield f"- {plural(left, f'more {noun}')} not shown here; the other report formats name all."


def plain(text: str) -> str:
    r"""Text from traffic that Markdown shows as it is: no markup, no links, nobody mentioned.

    >>> plain("a*b @team <i>")
    'a\\*b @&#8203;team &lt;i&gt;'
    """
    short = safe(text if len(text) <= _SENTENCE else text[:_SENTENCE].rstrip() + "…")
    escaped = _MARKUP.sub(r"\\\1", short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    return _LINKS.sub(_broken, escaped)


def _broken(match: re.Match[str]) -> str:
    """A mention, a number of an issue or an address, with a sign of no width in it so that it links to nothing."""
    return f"{match[0][0]}&#8203;{match[0][1:]}"


def code(text: str) -> str:
    r"""Text from traffic as code.

    >>> code("a`b")
    '`` a`b ``'
    """
    short = safe(text if len(text) <= _SENTENCE else text[:_SENTENCE] + "…")
    fence = "`" * (max((len(run) for run in re.findall("`+", short)), default=0) + 1)
    pad = " " if len(fence) > 1 else ""
    return f"{fence}{pad}{short}{pad}{fence}"
