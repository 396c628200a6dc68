"""Scenarios by name: a path, a name in a folder of the user's, or a shipped one; and reloading one when it changes.
A broken edit is not taken: the last good version stays, and why is said once."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from passlens.scenarios.engine import Engine
from passlens.scenarios.mistakes import RuleFileError, nearest
from passlens.scenarios.model import Scenario
from passlens.scenarios.reader import SUFFIXES, Stamp, name_of, read_file, stamp
from passlens.scenarios.state import Memory

MOST: Final = 1000
"""Rule files of one folder that are looked at."""

Read = Callable[[Path], Scenario]


class UnknownScenario(ValueError):
    """There is no scenario of that name; the text is a sentence with the nearest one."""


@dataclass(frozen=True)
class Entry:
    """One scenario of a folder: its description, or the sentence that says why it cannot be read."""

    name: str
    path: Path
    description: str = ""
    problem: str | None = None
    warnings: tuple[str, ...] = ()


def shipped() -> Path:
    """The folder of the shipped scenarios: inside the installed package, or beside addons/ in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "rules"
    return installed if installed.is_dir() else package.parent.parent / "rules"


class Library:
    """Where scenarios are looked for, in this order: the user's folders, then the shipped ones."""

    def __init__(self, folders: Sequence[Path] = (), *, read: Read = read_file) -> None:
        self.folders = (*folders, shipped())
        self.read = read

    def locate(self, name: str) -> Path:
        """The rule file of a name or path; raises UnknownScenario."""
        if "/" in name or "\\" in name or name.endswith(SUFFIXES):
            path = Path(name).expanduser()
            if stamp(path) is None:
                raise UnknownScenario(f"There is no rule file {name}.")
            return path
        known = self._paths()
        if name not in known:
            help_text = nearest(name, sorted(known)) if known else "there are none"
            raise UnknownScenario(f"There is no scenario {name!r}; {help_text}{'?' if 'mean' in help_text else '.'}")
        return known[name]

    def load(self, name: str) -> Scenario:
        """Read the scenario of a name or path; raises UnknownScenario or RuleFileError."""
        return self.read(self.locate(name))

    def entries(self) -> Iterator[Entry]:
        """All scenarios by name with their descriptions; broken ones with their mistake."""
        for name, path in sorted(self._paths().items()):
            try:
                scenario = self.read(path)
            except RuleFileError as error:
                yield Entry(name, path, problem=str(error))
            else:
                yield Entry(name, path, scenario.description, warnings=scenario.warnings)

    def _paths(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder in self.folders:
            try:
                names = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
            except OSError:
                continue
            for path in names[:MOST]:
                found.setdefault(name_of(path), path)
        return found


@dataclass(frozen=True)
class Reload:
    """What looking for changes came to: a new version was taken, or ``problem`` says why not."""

    scenario: Scenario
    problem: str | None = None


class Running:
    """A scenario in use, with its engine. ``refresh`` is to be called now and then; it reads only what changed."""

    def __init__(self, scenario: Scenario, rng: random.Random, memory: Memory | None = None, *, read: Read = read_file):
        self.engine = Engine(scenario, rng, memory)
        self.read = read
        self._stamps: dict[Path, Stamp] = dict(scenario.stamps)
        self._problem: str | None = None

    @property
    def scenario(self) -> Scenario:
        """The last good version."""
        return self.engine.scenario

    def refresh(self) -> Reload | None:
        """Take a changed rule file or body file; None if nothing changed. States and counters stay."""
        now = {path: stamp(path) for path in self._stamps}
        if now == self._stamps and self._problem is None:
            return None
        self._stamps = now
        try:
            scenario = self.read(self.scenario.path)
        except RuleFileError as error:
            # What mends it may be a file nobody knows of yet, so it is tried again; it is told once.
            problem = f"{error} The last good version stays."
            told, self._problem = self._problem, problem
            return None if problem == told else Reload(self.scenario, problem)
        self._problem = None
        self._stamps = dict(scenario.stamps)
        self.engine.replace(scenario)
        return Reload(scenario)


def summary(engine: Engine) -> dict[str, Any]:
    """How often each rule took an exchange, for a status or a summary."""
    return {"scenario": engine.scenario.name, "matched": dict(engine.counts), "never_matched": engine.never_matched}
