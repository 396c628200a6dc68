"""The HTML page put together: what stands in which part, in which order; the templates in files/ only render.
Every text passes ``safe`` and is escaped by Jinja; script and style hold nothing from traffic, pinned by hash."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from jinja2 import Environment

from passlens import __version__
from passlens.analysis.entry import ChecklistLine, Journey
from passlens.analysis.summary import RunSummary
from passlens.checks.docs import find, parts
from passlens.checks.docs import page as page_of
from passlens.checks.finding import SEVERITIES, WORST_FIRST
from passlens.checks.next_steps import next_steps
from passlens.reports.checklist_text import counted, grouped
from passlens.reports.entry_text import flat, partner_status, result_lines
from passlens.reports.html.devices import by_device
from passlens.reports.html.shell import environment, read
from passlens.reports.html.timeline import NARROW, PICTURED, WIDE, TimelineRow, TimelineStep, gap, rows
from passlens.reports.run import Run
from passlens.reports.summary_text import strangers
from passlens.rest_v2.outcomes import BY_ID, UNCONFIRMED
from passlens.util.text import parse_time, plural

__all__ = ["Collected", "TimelineStep", "page"]

OPENED: Final = 30
"""Exchanges with an error or a warning that stand open when the page is; the rest are opened by hand."""

WORST: Final = 6
"""Findings named in the summary."""

OUTCOMES: Final = 12
"""Different answers of one operation named in the summary."""

LOOKS: Final = {
    "met": "good", "not-met": "error", "open": "warning", "not-exercised": "none", "not-seen": "none",
    "not-visible": "none",
}  # fmt: skip
"""How the verdict on an expectation or on a line of the checklist is shown."""

_TEMPLATES: Final = (
    "page.html",
    "summary.html",
    "journey.html",
    "exchange.html",
    "messages.html",
    "checklist.html",
    "explained.html",
)


@dataclass
class Collected:
    """What a page is made of: the exchanges it shows, and how much more there was."""

    steps: list[TimelineStep] = field(default_factory=list)
    exchanges: int = 0
    """All of them, those that are not shown too."""
    journeys: list[Journey] = field(default_factory=list)
    checklist: list[ChecklistLine] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    last_file: str | None = None
    more_files: int = 0
    read_errors: list[tuple[str, int | None, str]] = field(default_factory=list)
    more_read_errors: int = 0
    with_messages: set[int] = field(default_factory=set)
    messages_cut: bool = False
    """True if headers and bodies of some of the exchanges are not shown, because there is no room for more."""

    @property
    def shown(self) -> int:
        """The exchanges that the steps stand for."""
        return sum(step.times for step in self.steps)


class DeviceSection(NamedTuple):
    """The exchanges of one device. ``pseudonym`` is None for those that name no device."""

    id: str
    name: str
    pseudonym: str | None
    steps: list[TimelineStep]
    pictures: list[TimelineRow]
    journeys: list[Journey]


@dataclass(frozen=True)
class FindingKind:
    """One code with one severity: how often it was found, and where first."""

    code: str
    name: str
    severity: str
    count: int
    message: str
    first: int | None


def page(found: Collected, run: Run) -> Iterator[str]:
    """The page piece by piece; headers and bodies come from the run."""
    summary = run.summary
    devices = _devices(found.steps, found.journeys)
    kinds = _kinds(found.steps, summary)
    yield from (
        _environment()
        .get_template("page.html")
        .generate(
            version=__version__,
            verdict=_verdict(summary),
            summary=summary,
            found=found,
            messages=lambda number: run.messages(number) if number in found.with_messages else None,
            titled=os.path.basename(found.files[0]) if len(found.files) == 1 and not found.more_files else "recordings",
            period=_period(found.steps),
            devices=devices,
            named=sum(device.pseudonym is not None for device in devices),
            kinds=kinds,
            worst=kinds[:WORST],
            opened=_opened(found.steps),
            operations=sorted({step.entry["operation"] for step in found.steps}),
            responses=_responses(summary),
        )
    )


def _environment() -> Environment:
    made = environment({name: read(name) for name in _TEMPLATES}, script=read("report.js"))
    made.globals.update(
        plural=plural,
        parse_time=parse_time,
        partner_status=partner_status,
        result_lines=result_lines,
        next_steps=next_steps,
        strangers=strangers,
        gap=gap,
        flat=flat,
        about=about,
        why=why,
        explained=explained,
        severities=WORST_FIRST,
        looks=LOOKS,
        counted=counted,
        grouped=grouped,
        pictured=PICTURED,
        rows_of_truth=BY_ID,
    )
    return made


def _verdict(summary: RunSummary) -> tuple[str, str]:
    """The level of the verdict and its sentence."""
    counts = [plural(summary.severities[name], name) for name in WORST_FIRST if summary.severities[name]]
    if not summary.exchanges:
        return "warning", "No exchange with the API was found"
    if summary.severities["error"]:
        return "error", f"Not as documented: {', '.join(counts)}"
    if summary.severities["warning"]:
        return "warning", f"No errors, {' and '.join(counts)}"
    return "good", f"As documented, with {counts[0]}" if counts else "As documented: nothing was found"


def _devices(steps: Sequence[TimelineStep], journeys: Sequence[Journey] = ()) -> list[DeviceSection]:
    return [
        DeviceSection(
            f"d{place}",
            group.name,
            group.pseudonym,
            group.steps,
            [*rows(group.steps, WIDE), *rows(group.steps, NARROW)],
            [one for one in journeys if one["device"] in group.keys],
        )
        for place, group in enumerate(by_device(steps), 1)
    ]


def _kinds(steps: Sequence[TimelineStep], summary: RunSummary) -> list[FindingKind]:
    """All kinds of findings, the worst and most frequent first."""
    first: dict[tuple[str, str], tuple[str, int]] = {}
    for step in steps:
        for one in step.entry["findings"]:
            first.setdefault((one["code"], one["severity"]), (one["message"], step.number))
    made = [
        FindingKind(code, name, severity, count, *first.get((code, severity), ("", None)))
        for (code, name, severity), count in summary.codes.items()
    ]
    return sorted(made, key=lambda kind: (-SEVERITIES.index(kind.severity), -kind.count, kind.code))


def _opened(steps: Sequence[TimelineStep]) -> set[int]:
    """The numbers of the exchanges that stand open: errors first, then warnings."""
    wanted = [step.number for level in ("error", "warning") for step in steps if step.worst == level]
    return set(wanted[:OPENED])


def _responses(summary: RunSummary) -> list[tuple[str, list[tuple[str, int]], int]]:
    """Answers by operation: the most frequent, and how many other kinds there were."""
    grouped: dict[str, Counter[str]] = {}
    for (operation, outcome), count in summary.outcomes.items():
        grouped.setdefault(operation, Counter())[outcome] = count
    return [
        (name, counts.most_common(OUTCOMES), max(0, len(counts) - OUTCOMES)) for name, counts in sorted(grouped.items())
    ]


def _period(steps: Sequence[TimelineStep]) -> tuple[datetime, datetime] | None:
    times = [at for step in steps if (at := parse_time(step.entry["started"])) is not None]
    return (min(times), max(times)) if times else None


def about(outcome: str | None) -> str | None:
    """What the truth table says about an outcome."""
    row = BY_ID.get(outcome or "")
    if row is None:
        return None
    until = f"until {row.until}, an older revision" if row.until else "current"
    if row.until == UNCONFIRMED:
        until = "unconfirmed: announced in release notes, shown by no page"
    return f"row {row.id} of the truth table, since {row.since}, {until}"


def why(code: str) -> str:
    """The documentation's reason for a finding, in a sentence."""
    check = find(code)
    return parts(check).get("Why", "") if check else ""


def explained(code: str) -> dict[str, str]:
    """The documentation of a code by heading, with the page it rests on; nothing for a code of another part."""
    check = find(code)
    return parts(check) | {"Source": page_of(check)} if check else {}
