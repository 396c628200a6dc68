"""Whose exchanges are whose: by device, in the order of their first. The HTML report and the panel draw them so."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from passlens.analysis.entry import Entry
from passlens.reports.entry_text import device
from passlens.reports.html.timeline import TimelineStep


class DeviceGroup(NamedTuple):
    """The exchanges of one device, in order. ``pseudonym`` is None for those that name no device; ``keys`` are the
    device keys that they have, by which journeys name a device."""

    name: str
    pseudonym: str | None
    steps: list[TimelineStep]
    keys: set[str]


def by_device(steps: Sequence[TimelineStep]) -> list[DeviceGroup]:
    """The groups, those that name no device last; a step in a browser names none, its code tells whose it is."""
    codes: dict[tuple[str | None, str | None], str] = {
        (step.entry["service_provider"], step.entry["code"]): pseudonym
        for step in reversed(steps)
        if (pseudonym := _pseudonym(step.entry)) is not None and step.entry["code"] is not None
    }
    groups: dict[str | None, list[TimelineStep]] = {}
    for step in steps:
        pseudonym = _pseudonym(step.entry)
        if pseudonym is None:
            pseudonym = codes.get((step.entry["service_provider"], step.entry["code"]))
            step = step._replace(joined=pseudonym is not None)
        groups.setdefault(pseudonym, []).append(step)
    return [
        DeviceGroup(_name(pseudonym, group), pseudonym, group, _keys(group))
        for pseudonym, group in sorted(groups.items(), key=lambda group: group[0] is None)
    ]


def _pseudonym(entry: Entry) -> str | None:
    found: str | None = entry["device"]["identifier"] if entry["device"] else None
    return found


def _keys(steps: Sequence[TimelineStep]) -> set[str]:
    found = (step.entry["device"]["key"] for step in steps if step.entry["device"] and not step.joined)
    return {key for key in found if key is not None}


def _name(pseudonym: str | None, steps: Sequence[TimelineStep]) -> str:
    """The device in words, as most of its exchanges describe it."""
    if pseudonym is None:
        return "Exchanges that name no device"
    infos = [step.entry["device"]["info"] for step in steps if step.entry["device"]]
    named = Counter(
        words for info in infos if info and (words := device({"info": info, "identifier": None, "key": None}))
    )
    return named.most_common(1)[0][0] if named else "Device without a readable X-Device-Info"
