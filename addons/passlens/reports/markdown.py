"""Markdown that fits a comment on a pull request: the counts, then the findings by code, the worst first.
It keeps some places of each code, counts all, and shows fewer of them until the text is short enough."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from passlens.analysis.entry import FindingEntry
from passlens.analysis.summary import RunSummary
from passlens.checks.docs import parts
from passlens.checks.finding import WORST_FIRST
from passlens.checks.table import BY_CODE
from passlens.reports.checklist_text import counted, grouped, line_text
from passlens.reports.entry_text import is_denied, result_lines
from passlens.reports.run import Run
from passlens.reports.summary_text import (
    decisions_text,
    expectation_text,
    journey_text,
    seen_text,
    severities_text,
    strangers,
)
from passlens.util.text import escape_controls, plural

MAX_CHARS: Final = 65_000
"""Characters; comments may have 65,536."""

PLACES: Final = 20
"""Places that are kept of each code, and unreadable parts."""

_SENTENCE: Final = 400
"""Characters of one message."""

_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()|~$!])")
_LINKS: Final = re.compile(r"([@#])(?=\w)|(://)|(?<=www)(\.)")


def markdown(run: Run) -> Iterator[str]:
    """The text, in one piece."""
    details = _details(run)
    for places in (PLACES, 10, 5, 3, 2, 1, 0):
        text = "\n".join(_lines(run.summary, details, places)) + "\n"
        if len(text) <= MAX_CHARS:
            break
    yield text


@dataclass
class _Details:
    """The first lines of each kind, and how many exchanges there are of some."""

    places: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    denials: list[str] = field(default_factory=list)
    denied: int = 0
    dry_run: list[str] = field(default_factory=list)
    acted: int = 0

    def keep(self, finding: FindingEntry, where: str) -> None:
        """Keep the place of a finding."""
        kept = self.places.setdefault((finding["code"], finding["name"], finding["severity"]), [])
        if len(kept) < PLACES:
            kept.append(f"- {where}: {plain(finding['message'])}")


def _details(run: Run) -> _Details:
    found = _Details()
    for entry in run.entries():
        where = f"{code(entry['file'] or 'input')}, exchange {entry['index']} ({entry['operation']})"
        if is_denied(entry):
            found.denied += 1
            if len(found.denials) < PLACES:
                denied = ", ".join(line for line in result_lines(entry) if line.startswith("deny "))
                found.denials.append(f"- {where}: {plain(denied)}")
        told = entry.get("dry_run")
        if told and told["action"]:
            found.acted += 1
            if len(found.dry_run) < PLACES:
                found.dry_run.append(f"- {where}: {plain(told['action'])}: {plain(told['explanation'])}")
        for finding in entry["findings"]:
            found.keep(finding, f"{where}, {code(finding['at'])}")
    for journey in run.journeys():
        for finding in journey["findings"]:
            found.keep(finding, f"{code(journey['file'] or 'input')}, journey {journey['id']}")
    parts = islice(run.unreadable(), PLACES)
    found.unreadable = [f"- {code(part['file'])}: {plain(part['message'])}." for part in parts]
    return found


def _lines(summary: RunSummary, details: _Details, places: int) -> Iterator[str]:
    yield f"## passlens: {severities_text(summary)}"
    if summary.partial:
        yield from ("", "**Partial: the check was stopped before the end of its input.**")
    decisions = f", {words}" if (words := decisions_text(summary)) else ""
    yield from ("", f"{seen_text(summary)}{decisions}.")
    if lines := strangers(summary):
        yield from ("", *(f"- {plain(line)}" for line in lines))
    if summary.closing:
        yield from ("", *(f"- {plain(line.strip())}" for line in summary.closing))
    if summary.journeys:
        yield from ("", "### Journeys", "")
        lines = [f"- {code(one['file'] or 'input')}, {plain(journey_text(one))}" for one in summary.journeys]
        yield from _first(lines, max(places, 1), summary.verdicts.total(), "journey")
    if summary.expectations:
        yield from ("", "### Expectations", "")
        lines = [f"- {plain(expectation_text(one))}" for one in summary.expectations]
        yield from _first(lines, max(places, 1), summary.expected.total(), "expectation")
    if summary.checklist:
        yield from ("", "### The official checklist", "", f"{counted(summary.checklist)}.", "")
        for words, same in grouped(summary.checklist):
            yield from (f"- {words}", *(f"  - {plain(line_text(line))}" for line in same))
    if details.unreadable:
        yield from ("", "### Not read", "")
        yield from _first(details.unreadable, max(places, 1), summary.unreadable, "part")
    if details.denials:
        yield from ("", "### Denied", "")
        yield from _first(details.denials, places, details.denied, "exchange")
    if details.dry_run:
        yield from ("", "### Dry run", "")
        yield from _first(details.dry_run, places, details.acted, "exchange")
    rows = sorted(summary.codes.items(), key=lambda row: (WORST_FIRST.index(row[0][2]), row[0]))
    if rows:
        yield from ("", "| severity | code | name | findings |", "| --- | --- | --- | ---: |")
        yield from (f"| {level} | {number} | {name} | {count} |" for (number, name, level), count in rows)
    for key, count in rows:
        yield from ("", f"### {key[0]} {key[1]} ({key[2]}, {count})", "")
        if key[0] in BY_CODE:
            yield from (plain(parts(BY_CODE[key[0]])["What"]), "")
        yield from _first(details.places.get(key, []), places, count, "place")


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
    short = escape_controls(text if len(text) <= _SENTENCE else text[:_SENTENCE].rstrip() + "…")
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
    short = escape_controls(text if len(text) <= _SENTENCE else text[:_SENTENCE] + "…")
    fence = "`" * (max((len(run) for run in re.findall("`+", short)), default=0) + 1)
    pad = " " if len(fence) > 1 else ""
    return f"{fence}{pad}{short}{pad}{fence}"
