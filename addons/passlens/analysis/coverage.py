"""What the recordings of a run hold, as far as the checklist needs it: fed with entries in the order of a file.
A sight that asks for some seconds of recording after it is seen only where they are there. Bounded in memory."""

from typing import Final

from passlens.analysis.entry import Entry, Journey
from passlens.analysis.seen import SeenFile, SeenKeys
from passlens.analysis.sightings import RUNS_OUT, sights
from passlens.checks.sights import SIGHTS
from passlens.util.text import parse_time

MAX_FILES: Final = 1000
"""Files that are remembered; what is more of them is not seen."""


class Coverage:
    """The sights of one run."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._files: dict[str | None, SeenFile] = {}
        self._keys = SeenKeys()

    def seen(self, sight: str) -> bool:
        """True if the recordings hold this, with what has to follow it."""
        after = (one.last - one.first[sight] for one in self._files.values() if sight in one.first)
        return sight in self._seen or any(seconds >= SIGHTS[sight].then for seconds in after)

    def add(self, entry: Entry) -> None:
        """One more exchange."""
        file = self._files.get(entry["file"])
        if file is None:
            if len(self._files) >= MAX_FILES:
                return
            file = self._files[entry["file"]] = SeenFile()
        at = parse_time(entry["started"])
        now = at.timestamp() if at is not None else file.last
        end = now + (entry["duration_ms"] or 0.0) / 1000
        for sight in sights(entry, file, self._keys, now):
            if SIGHTS[sight].then:
                file.first.setdefault(sight, end)
            else:
                self._seen.add(sight)
        file.last = max(file.last, end)

    def journey(self, journey: Journey) -> None:
        """One that has ended, or was open at the end. That a code ran out, which only an absence shows, is its verdict,
        and there is a minute of recording after that."""
        file = self._files.get(journey["file"])
        if journey["verdict"] != "expired" or file is None:
            return
        codes = [file.codes[name] for name in journey["codes"] if name in file.codes]
        if any(one.polls for one in codes) and not any(one.over for one in codes):
            self._seen.add(RUNS_OUT)
