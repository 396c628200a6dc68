"""The exchanges as the HTML report shows them, for a page that draws them live: by device, with their picture, their
results in words, and repeated polls as one. Pure; every text is escaped as reports escape it."""

from collections.abc import Sequence
from typing import Any, Final, cast

from passlens.analysis.entry import Entry, Journey
from passlens.checks.next_steps import next_steps
from passlens.control.journal import JournalRecord
from passlens.control.timeline_models import Picture, Timeline, TimelineExchange, TimelineList
from passlens.reports.entry_text import flat, injected_text, partner_status, result_lines
from passlens.reports.html.devices import DeviceGroup, by_device
from passlens.reports.html.timeline import NARROW, WIDE, Layout, TimelineRow, TimelineStep, gap, rows
from passlens.reports.poll_fold import Fold, Folds
from passlens.util.text import escape_controls

MAX_EXCHANGES: Final = 500
"""The last exchanges, which are shown."""

MAX_TIMELINES: Final = 20
"""Devices that are shown, those that were heard of last."""

MAX_JOURNEYS: Final = 5
"""Journeys of a device that have ended, the last ones."""

PICTURED: Final = ((WIDE, 24), (NARROW, 10))
"""How many of a device's last steps are drawn in each layout: two rows."""


class _Folded:
    """A step, and the polls that repeat it."""

    def __init__(self, step: TimelineStep, fold: Fold | None) -> None:
        self.step, self.fold, self.last = step, fold, step.number

    @property
    def again(self) -> str | None:
        return self.fold.again() if self.fold is not None and self.fold.count > 1 else None

    @property
    def label(self) -> str:
        """The step's label, with how often it came."""
        return f"{self.step.label} ×{self.fold.count}" if self.fold is not None and self.again else self.step.label


def timelines(
    records: Sequence[JournalRecord],
    ended: Sequence[tuple[int, Journey]],
    going_on: Sequence[Journey],
    last: int,
    since: int,
) -> TimelineList:
    """What is new after the number ``since``, of the records that are kept, with journeys that have ended, each with
    the number that ended it, and those that have not; ``last`` is the number of the newest record."""
    shown = records[-MAX_EXCHANGES:]
    groups = by_device([TimelineStep(record.number, record.entry) for record in shown])
    recent = sorted(groups, key=lambda group: group.steps[-1].number)[-MAX_TIMELINES:]
    found: TimelineList = {
        "timelines": [],
        "exchanges": [],
        "first": shown[0].number if shown else last + 1,
        "more": len(groups) - len(recent),
        "next": last,
    }
    # An exchange of one device can end the journey of another, which has been silent.
    changed = {journey["device"] for number, journey in ended if number > since}
    over = [journey for _, journey in ended]
    for group in recent:
        if group.steps[-1].number > since or not changed.isdisjoint(group.keys):
            folded = _fold(group)
            found["timelines"].append(_timeline(group, folded, over, going_on))
            found["exchanges"] += _exchanges(group, folded, since)
    found["exchanges"].sort(key=lambda one: one["number"])
    return cast(TimelineList, _escaped(found))


def _fold(group: DeviceGroup) -> list[_Folded]:
    folds, found = Folds(), list[_Folded]()
    for step in group.steps:
        repeated, _ = folds.take(_id(group), step.entry)
        if repeated is None:
            found.append(_Folded(step, folds.opened(_id(group))))
        else:
            found[-1].last = step.number
    return found


def _id(group: DeviceGroup) -> str:
    return group.pseudonym or "none"


def _timeline(
    group: DeviceGroup, folded: Sequence[_Folded], ended: Sequence[Journey], going_on: Sequence[Journey]
) -> Timeline:
    return {
        "id": _id(group),
        "name": group.name,
        "keys": sorted(group.keys),
        "exchanges": len(group.steps),
        "journeys": _of(group, ended),
        "going_on": _of(group, going_on),
        "pictures": [picture for layout, most in PICTURED for picture in _pictures(folded[-most:], layout)],
    }


def _of(group: DeviceGroup, journeys: Sequence[Journey]) -> list[Journey]:
    return [one for one in journeys if one["device"] in group.keys][-MAX_JOURNEYS:]


def _pictures(folded: Sequence[_Folded], layout: Layout) -> list[Picture]:
    labels = {one.step.number: one.label for one in folded}
    return [_picture(row, labels) for row in rows([one.step for one in folded], layout)]


def _picture(row: TimelineRow, labels: dict[int, str]) -> Picture:
    return {
        "layout": "wide" if row.layout is WIDE else "narrow",
        "left": row.layout.left,
        "width": row.width,
        "height": row.height,
        "bottom": row.bottom,
        "title": row.title,
        "description": row.description,
        "stages": [{"name": name, "y": y} for name, y in row.stages],
        "attempts": [{"x": one.x, "width": one.width, "label": one.label} for one in row.attempts],
        "lines": [{"path": path, "pause": pause} for path, pause in row.lines],
        "nodes": [
            {
                "number": node.step.number,
                "x": node.x,
                "y": node.y,
                "look": node.step.look,
                "worst": node.step.worst,
                "label": labels[node.step.number],
                "gap": node.gap,
                "refused": node.step.denied or not node.step.answered,
                "injected": _made(node.step.entry),
                "title": _title(node.step),
            }
            for node in row.nodes
        ],
    }


def _made(entry: Entry) -> bool:
    """By a scenario, that is: where the sandbox is on, it answers everything."""
    return entry["injected"] is not None and entry["injected"]["scenario"] != "sandbox"


def _title(step: TimelineStep) -> str:
    error = step.entry["error"]
    said = [f"{step.number}: {step.entry['operation']}", *([error] if error else [])]
    return ", ".join([*said, *result_lines(step.entry, live=True)])


def _exchanges(group: DeviceGroup, folded: Sequence[_Folded], since: int) -> list[TimelineExchange]:
    before: TimelineStep | None = None
    found: list[TimelineExchange] = []
    for one in folded:
        if one.last > since:
            found.append(_exchange(one, _id(group), gap(before, one.step)))
        before = one.step
    return found


def _exchange(one: _Folded, timeline: str, since_before: str | None) -> TimelineExchange:
    entry = one.step.entry
    info = entry["device"]["info"] if entry["device"] else None
    headers = (("AP-Partner-Framework-Status", entry["partner_framework_status"]), ("X-Device-Info", info))
    return {
        "number": one.step.number,
        "last": one.last,
        "again": one.again,
        "timeline": timeline,
        "look": one.step.look,
        "gap": since_before,
        "lines": result_lines(entry, live=True),
        "denied": one.step.denied,
        "partner_status": partner_status(entry),
        "next_steps": next_steps(entry["next"]) or None,
        "injection": injected_text(entry),
        "decoded": [{"name": name, "rows": list(flat(value))} for name, value in headers if value],
        "entry": entry,
    }


def _escaped(value: Any) -> Any:
    """The same with texts as reports show them: signs that could reorder or hide text stand as escapes."""
    if isinstance(value, str):
        return escape_controls(value)
    if isinstance(value, dict):
        return {name: _escaped(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_escaped(one) for one in value]
    return value
