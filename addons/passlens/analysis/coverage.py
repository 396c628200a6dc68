"""What the recordings of a run hold, as far as the checklist needs it: fed with entries in the order of a file, and
looks at them in the order of their ends. A sight that asks for some seconds of recording after it is seen only where
they are there. Bounded in memory."""

from collections import deque
from typing import Final

from passlens.analysis.entry import Entry, Journey
from passlens.analysis.order import Window
from passlens.analysis.seen import SeenCalls, SeenFile, SeenKeys
from passlens.analysis.sightings import RUNS_OUT, sights
from passlens.checks.sights import SIGHTS
from passlens.util.text import parse_time

MAX_FILES: Final = 1000
"""Files that are remembered; what is more of them is not seen."""

MAX_EXPIRED: Final = 1000
"""Journeys of a file that wait for its end because their code ran out; more add nothing."""


_Timed = tuple[Entry, float | None]
"""An entry, and when it started, in seconds since the epoch."""


class Coverage:
    """The sights of one run."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._files: dict[str | None, SeenFile] = {}
        self._keys = SeenKeys()
        self._expired: list[Journey] = []
        # What holds for one file only. Nothing waits once all was asked for, so that no circle keeps it in memory.
        self._at: str | None = None
        self._window: Window[_Timed] | None = None
        self._calls = SeenCalls()

    def seen(self, sight: str) -> bool:
        """True if the recordings hold this, with what has to follow it."""
        self._settle()
        after = (one.last - one.first[sight] for one in self._files.values() if sight in one.first)
        return sight in self._seen or any(seconds >= SIGHTS[sight].then for seconds in after)

    def add(self, entry: Entry) -> None:
        """One more exchange."""
        if entry["file"] != self._at:
            self._settle()
            self._at = entry["file"]
        started = parse_time(entry["started"])
        start = started.timestamp() if started is not None else None
        if start is None:
            self._look((entry, None))
            return
        if self._window is None:
            self._window = Window(self._look, self._look)
        deque(self._window.add((entry, start), start + _seconds(entry), start), maxlen=0)

    def _settle(self) -> None:
        """Look at what waits to be put in order: its file has ended."""
        if self._window is not None:
            deque(self._window.flush(), maxlen=0)
        self._window, self._calls = None, SeenCalls()
        for journey in self._expired:
            self._ran_out(journey)
        self._expired.clear()

    def _look(self, timed: _Timed) -> None:
        """The next exchange in time."""
        entry, start = timed
        file = self._files.get(entry["file"])
        if file is None:
            if len(self._files) >= MAX_FILES:
                return
            file = self._files[entry["file"]] = SeenFile()
        now = start if start is not None else file.last
        end = now + _seconds(entry)
        if start is not None and self._calls.again(_call(entry), now, end):
            return
        for sight in sights(entry, file, self._keys, now):
            if SIGHTS[sight].then:
                file.first.setdefault(sight, end)
            else:
                self._seen.add(sight)
        file.last = max(file.last, end)

    def journey(self, journey: Journey) -> None:
        """One that has ended, or was open at the end."""
        if journey["verdict"] == "expired" and len(self._expired) < MAX_EXPIRED:
            self._expired.append(journey)

    def _ran_out(self, journey: Journey) -> None:
        """That a code ran out, which only an absence shows, is the verdict, and there is a minute of recording after
        that."""
        file = self._files.get(journey["file"])
        if file is None:
            return
        codes = [file.codes[name] for name in journey["codes"] if name in file.codes]
        if any(one.polls for one in codes) and not any(one.over for one in codes):
            self._seen.add(RUNS_OUT)


def _seconds(entry: Entry) -> float:
    """How long an exchange took."""
    return (entry["duration_ms"] or 0.0) / 1000


def _call(entry: Entry) -> tuple[str | int | None, ...]:
    """What tells a call from others of the same moment."""
    device = entry["device"]["key"] if entry["device"] is not None else None
    return entry["operation"], entry["method"], entry["path"], device, entry["status"], entry["outcome"], entry["error"]
