"""Journeys: the exchanges of one device towards one sign-in or playback, in order, each with a verdict and why.
Fed with the steps of a recording, or of a proxy, in the order of their ends; what is remembered is bounded."""

from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from passlens.analysis.entry import Entry, FindingEntry, Journey
from passlens.analysis.verdict import IDLE, JourneyFacts, take, verdict
from passlens.checks.sequence.groups import REGISTRATION, SESSIONS
from passlens.checks.sequence.step import Step
from passlens.util.text import plural

MAX_OPEN: Final = 1000
"""Journeys that are open at a time; the one that was quiet for longest is closed for a new one."""

MAX_STEPS: Final = 5000
"""Steps of a journey that are listed; more are counted."""

MAX_CODES: Final = 100
"""Codes of a journey that are listed."""

MAX_WAITING: Final = 1000
"""Registrations whose set-up waits for the first call of the journey."""

MAX_SET_UP: Final = 5
"""Exchanges of a set-up that wait, the last ones."""

JourneyGroup = tuple[str | None, str | None, str | None]


class _SetUp(NamedTuple):
    """What a journey needs of a set-up that came before it; a step would keep the whole exchange in memory."""

    at: int
    start: float
    started: str | None
    severities: tuple[str, ...]


@dataclass
class _Open:
    """A journey that goes on."""

    id: int
    facts: JourneyFacts
    file: str | None
    device: str | None
    service_provider: str | None
    started: str | None
    ended: str | None = None
    steps: list[int] = field(default_factory=list)
    left_out: int = 0
    codes: dict[str, None] = field(default_factory=dict)
    severities: Counter[str] = field(default_factory=Counter)
    findings: list[FindingEntry] = field(default_factory=list)

    def add(self, step: Step, entry: Entry) -> None:
        """One more exchange."""
        take(self.facts, step)
        if len(self.steps) < MAX_STEPS:
            self.steps.append(step.index)
        else:
            self.left_out += 1
        self.ended = entry["started"]
        known = step.code is not None or step.issued is not None
        if known and (code := entry["code"]) is not None and len(self.codes) < MAX_CODES:
            self.codes[code] = None
        if entry["findings"]:
            self.severities.update(finding["severity"] for finding in entry["findings"])

    @property
    def closed(self) -> bool:
        """True if a new session begins another journey."""
        facts = self.facts
        return facts.signed_in or facts.logged_out or facts.over or facts.decided is not None


class Journeys:
    """The journeys of one recording, or of a proxy until it is reset."""

    def __init__(self) -> None:
        self._count = 0
        self.dropped = 0
        """Journeys that were closed early because there were too many."""
        self.outside = 0
        """Exchanges that belong to no journey: neither identifier nor token, nor a code that is known."""
        self._open: dict[JourneyGroup, _Open] = {}
        self._codes: OrderedDict[tuple[str | None, str], JourneyGroup] = OrderedDict()  # forgets its oldest at once
        self._waiting: dict[str, list[_SetUp]] = {}
        self._latest = float("-inf")

    def feed(self, step: Step, entry: Entry) -> list[Journey]:
        """Take an exchange into account; the journeys that ended before it."""
        return [*(journey for _, journey in self.before(step)), *self.add(step, entry)]

    def before(self, step: Step) -> list[tuple[JourneyGroup, Journey]]:
        """The journeys that end before an exchange: for a silence, or because it begins another one."""
        self._latest = max(self._latest, step.end)
        ended = self._idle(step.start)
        if step.operation in SESSIONS:
            group = self.group(step)
            known = self._open.get(group) if group is not None else None
            if group is not None and known is not None and known.closed and group not in ended:
                ended.append(group)
        return [(group, self._close(group)) for group in ended]

    def add(self, step: Step, entry: Entry) -> list[Journey]:
        """Put an exchange into its journey; the one that was closed because there are too many."""
        ended: list[Journey] = []
        if step.operation in REGISTRATION:
            self._set_up(step, entry)
            return ended
        group = self.group(step)
        if group is None:
            self.outside += 1
            return ended
        known = self._open.pop(group, None)
        if known is None:
            if len(self._open) >= MAX_OPEN:
                self.dropped += 1
                ended.append(self._close(next(iter(self._open))))
            known = self._begin(group, step, entry)
        known.add(step, entry)
        known.device = known.device or _device(entry)
        self._open[group] = known
        self._remember_code(step, group)
        return ended

    def finish(self) -> list[Journey]:
        """The end of the input: what is still open."""
        return [self._close(group) for group in list(self._open)]

    def _idle(self, now: float) -> list[JourneyGroup]:
        # The first one was quiet for longest.
        idle = []
        for group, journey in self._open.items():
            if now - journey.facts.end < IDLE:
                break
            idle.append(group)
        return idle

    def show(self, group: object, finding: FindingEntry) -> bool:
        """Give a finding that only an absence can show to the open journey of a group; False where there is none."""
        journey = self._open.get(group) if isinstance(group, tuple) else None
        if journey is None:
            return False
        journey.findings.append(finding)
        journey.severities[finding["severity"]] += 1
        return True

    def group(self, step: Step) -> JourneyGroup | None:
        """Whose journey an exchange belongs to; None for one that belongs to none."""
        known = self._codes.get((step.service_provider, step.code or ""))
        if step.sub is None and step.device is None:
            return known
        if known is not None and step.own_device is None and (step.sub is None or step.sub == known[1]):
            return known
        group = step.device, step.sub, step.service_provider
        if step.device is None:
            same = [one for one in self._open if one[1:] == group[1:]]
            return same[0] if len(same) == 1 else group
        return group

    def _remember_code(self, step: Step, group: JourneyGroup) -> None:
        code = step.issued
        if code is None:
            return
        while len(self._codes) >= MAX_OPEN * 2:
            self._codes.popitem(last=False)
        if step.operation in SESSIONS:
            self._codes[step.service_provider, code] = group

    def _set_up(self, step: Step, entry: Entry) -> None:
        """Registration and tokens name no service provider: they wait for the first call with their client id."""
        client_id = step.client_id
        if client_id is None:
            return
        group = next((one for one in self._open if one[1] == client_id), None)
        if group is not None:
            journey = self._open[group] = self._open.pop(group)  # heard of last
            journey.add(step, entry)
            return
        before = self._waiting.pop(client_id, [])
        if len(self._waiting) >= MAX_WAITING:
            del self._waiting[next(iter(self._waiting))]
        severities = tuple(finding["severity"] for finding in entry["findings"])
        made = _SetUp(step.index, step.start, entry["started"], severities)
        self._waiting[client_id] = [*before, made][-MAX_SET_UP:]

    def _begin(self, group: JourneyGroup, step: Step, entry: Entry) -> _Open:
        for (device, sub, provider), journey in self._open.items():
            if device is not None and (device, provider) == (group[0], group[2]) and sub != group[1]:
                journey.facts.elsewhere = journey.facts.error is not None
        before = self._waiting.pop(group[1] or "", [])
        start, started = (before[0].start, before[0].started) if before else (step.start, entry["started"])
        self._count += 1
        facts = JourneyFacts(start, start)
        made = _Open(self._count, facts, entry["file"], _device(entry), entry["service_provider"], started)
        for one in before:
            made.steps.append(one.at)
            made.severities.update(one.severities)
        return made

    def _close(self, group: JourneyGroup) -> Journey:
        return self._told(self._open.pop(group))

    def going_on(self) -> list[Journey]:
        """The journeys that have not ended, as they would be told if nothing followed."""
        return [self._told(journey) for journey in self._open.values()]

    def _told(self, journey: _Open) -> Journey:
        word, why = verdict(journey.facts, self._latest)
        counts = [plural(count, level) for level in ("error", "warning") if (count := journey.severities[level])]
        why = "; ".join([why, *counts])
        if journey.left_out:
            why += f"; {journey.left_out} more exchanges are not listed"
        return {
            "id": journey.id,
            "file": journey.file,
            "device": journey.device,
            "service_provider": journey.service_provider,
            "codes": list(journey.codes),
            "started": journey.started,
            "ended": journey.ended,
            "steps": list(journey.steps),
            "verdict": word,
            "why": why,
            "findings": list(journey.findings),
        }


def _device(entry: Entry) -> str | None:
    """The device as the entry shows it."""
    device = entry["device"]
    return None if device is None else device["key"] or device["identifier"]
