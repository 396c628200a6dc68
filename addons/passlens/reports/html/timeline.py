"""The picture of a sign-in journey: where each step of a device stands, as numbers that a template draws.
Stages are lanes from top to bottom, steps go from left to right; a long journey takes several rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from passlens.analysis.entry import Entry
from passlens.checks.finding import WORST_FIRST, Severity, worst_of
from passlens.reports.entry_text import is_denied
from passlens.reports.poll_fold import Fold
from passlens.rest_v2.operations import FAMILIES
from passlens.util.text import escape_controls, parse_time, plural

STAGES: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("Set up", ("dcr-register", "dcr-token", "retrieve-configuration")),
    ("Session", FAMILIES["sessions"]),
    ("Sign-in", ("authenticate",)),
    ("Profile", ("retrieve-profiles", "retrieve-profile-mvpd", "retrieve-profile-code", "partner-profile")),
    ("Decision", ("authorize", "preauthorize")),
    ("Logout", ("logout",)),
)
"""The stages of a journey in the order a device goes through them, and the operations of each."""

PICTURED: Final = 240
"""Steps of one device that are drawn; the list below the picture goes on."""

_TOP, _LANE, _BOTTOM, _PAUSE = 34, 58, 26, timedelta(seconds=30)
_CHARACTER: Final = 6.8


class Layout(NamedTuple):
    """How wide a picture is: steps in a row, their distance, and the room for the names of the stages."""

    name: str
    columns: int
    step: int
    left: int


WIDE: Final = Layout("wide", 12, 70, 92)
NARROW: Final = Layout("narrow", 5, 50, 70)


class TimelineStep(NamedTuple):
    """One exchange of the page: its place among all exchanges, the entry, whether only its code ties it here, and how
    often it came, where it is a poll that repeats itself."""

    number: int
    entry: Entry
    joined: bool = False
    fold: Fold | None = None

    @property
    def times(self) -> int:
        """How often it came."""
        return self.fold.count if self.fold is not None else 1

    @property
    def worst(self) -> Severity | None:
        """The worst severity among the findings."""
        return worst_of(finding["severity"] for finding in self.entry["findings"])

    @property
    def answered(self) -> bool:
        """True if there is an answer that is no error."""
        return self.entry["status"] is not None and self.entry["status"] < 400

    @property
    def look(self) -> str:
        """How it is drawn: by its worst finding, else by what came of it."""
        return self.worst or ("denied" if self.denied else "fine")

    @property
    def denied(self) -> bool:
        """True if the answer denies something that the user wants to watch."""
        return is_denied(self.entry)

    @property
    def label(self) -> str:
        """The shortest name of the answer: the row of the truth table, else the status."""
        status = "none" if self.entry["status"] is None else str(self.entry["status"])
        label = self.entry["outcome"] or status
        return f"{label} ×{self.times}" if self.times > 1 else label


class Node(NamedTuple):
    """A step as it is drawn."""

    step: TimelineStep
    x: float
    y: float
    gap: str | None


class Attempt(NamedTuple):
    """A run of steps with one session code."""

    x: float
    width: float
    label: str


@dataclass(frozen=True)
class TimelineRow:
    """One row of the picture, an image of its own."""

    layout: Layout
    width: float
    height: float
    stages: list[tuple[str, float]]
    nodes: list[Node]
    attempts: list[Attempt]
    lines: list[tuple[str, bool]]

    @property
    def bottom(self) -> float:
        """Where the last lane ends."""
        return self.height - _BOTTOM

    @property
    def title(self) -> str:
        """The picture's name for those who do not see it."""
        first, last = self.nodes[0].step.number, self.nodes[-1].step.number
        return f"Step {first} of the journey" if first == last else f"Steps {first} to {last} of the journey"

    @property
    def description(self) -> str:
        """The picture in words."""
        return " ".join(sentence(node.step) for node in self.nodes)


def sentence(step: TimelineStep) -> str:
    """A step in words: ``3: partner-session, P3, 2 warnings.``"""
    counts = dict.fromkeys(WORST_FIRST, 0)
    for finding in step.entry["findings"]:
        counts[finding["severity"]] += 1
    words = [step.entry["operation"], "no response" if step.entry["status"] is None else step.label]
    words += [step.fold.again()] if step.fold is not None and step.times > 1 else []
    words += [step.entry["error"]] if step.entry["error"] else []
    words += ["denied"] if step.denied else []
    words += ["injected"] if step.entry["injected"] else []
    words += [plural(count, severity) for severity, count in counts.items() if count]
    return f"{step.number}: {', '.join(words)}."


def rows(steps: Sequence[TimelineStep], layout: Layout) -> list[TimelineRow]:
    """The picture of a device's first steps, row by row. Only stages that the device was in are drawn."""
    shown = steps[:PICTURED]
    visited = {_stage(step) for step in shown}
    names = [name for name in (*(name for name, _ in STAGES), "Other") if name in visited]
    places = {name: _TOP + _LANE * (place + 0.5) for place, name in enumerate(names)}
    height = _TOP + _LANE * len(names) + _BOTTOM
    made = []
    for start in range(0, len(shown), layout.columns):
        part = shown[start : start + layout.columns]
        before = shown[start - 1] if start else None
        nodes = [
            Node(step, layout.left + layout.step * (place + 0.5), places[_stage(step)], gap(part[place - 1], step))
            if place
            else Node(step, layout.left + layout.step * 0.5, places[_stage(step)], gap(before, step))
            for place, step in enumerate(part)
        ]
        # Rows of one picture have one width, so that they stand in line.
        columns = min(len(shown), layout.columns)
        width = layout.left + layout.step * columns + 4
        ends = (before is not None, start + layout.columns < len(shown))
        lines = _lines(nodes, layout, width, before and places[_stage(before)], ends[1])
        made.append(TimelineRow(layout, width, height, list(places.items()), nodes, _attempts(nodes, layout), lines))
    return made


def _stage(step: TimelineStep) -> str:
    return next((name for name, operations in STAGES if step.entry["operation"] in operations), "Other")


def gap(before: TimelineStep | None, step: TimelineStep) -> str | None:
    """The time since the step before in its largest unit: ``+47 s``. None where the clocks do not tell."""
    if before is None or before.entry["file"] != step.entry["file"]:
        return None
    then, now = parse_time(before.entry["started"]), parse_time(step.entry["started"])
    if then is None or now is None or now < then:
        return None
    seconds = (now - then).total_seconds()
    if seconds < 10:
        return f"+{seconds:.1f} s"
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"+{seconds / size:.0f} {unit}"
    return f"+{seconds:.0f} s"


def _paused(before: TimelineStep, step: TimelineStep) -> bool:
    then, now = parse_time(before.entry["started"]), parse_time(step.entry["started"])
    return then is None or now is None or not timedelta(0) <= now - then < _PAUSE


def _lines(nodes: list[Node], layout: Layout, width: float, came: float | None, goes: bool) -> list[tuple[str, bool]]:
    """Paths from step to step; True for one across a pause. A row tells what it comes from and goes to."""
    lines = []
    if came is not None:
        first = nodes[0]
        lines.append((f"M{layout.left:g} {first.y:g}H{first.x:g}", True))
    for one, two in pairwise(nodes):
        middle = (one.x + two.x) / 2
        path = f"M{one.x:g} {one.y:g}C{middle:g} {one.y:g} {middle:g} {two.y:g} {two.x:g} {two.y:g}"
        lines.append((path, _paused(one.step, two.step)))
    if goes:
        lines.append((f"M{nodes[-1].x:g} {nodes[-1].y:g}H{width:g}", True))
    return lines


def _attempts(nodes: list[Node], layout: Layout) -> list[Attempt]:
    """Neighbouring steps with one session code, with as much of the code as there is room for."""
    runs: list[list[Node]] = []
    for node in nodes:
        code = node.step.entry["code"]
        if runs and code is not None and runs[-1][-1].step.entry["code"] == code:
            runs[-1].append(node)
        else:
            runs.append([node])
    made = []
    for run in runs:
        code = run[0].step.entry["code"]
        if code is not None:
            width = layout.step * len(run) - 6
            label, room = escape_controls(code), int(width / _CHARACTER)
            label = f"code {label}" if len(label) + 5 <= room else label
            label = label if len(label) <= room else f"{label[: room - 1]}…"
            made.append(Attempt(run[0].x - layout.step / 2 + 3, width, label))
    return made
