"""Scenarios by name: a path, a name in a folder of the user's, or a shipped one; and reloading one when it changes.
A broken edit is not taken: the last good version stays, and why is said once."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from passlens.errors import RuleFileError, UnknownScenarioError
from passlens.scenarios.engine import Engine
from passlens.scenarios.model import Scenario
from passlens.scenarios.prose import prose
from passlens.scenarios.reader import read_file
from passlens.scenarios.rule_files import SUFFIXES, Stamp, name_of, stamp
from passlens.scenarios.state import Memory
from passlens.util.text import nearest_of

MAX_COUNT: Final = 1000
"""Rule files of one folder that are looked at."""

Read = Callable[[Path], Scenario]


@dataclass(frozen=True)
class ListedScenario:
    """One scenario of a folder: its description and what the app should do, or why it cannot be read, a sentence."""

    name: str
    path: Path
    description: str = ""
    should: str | None = None
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
        """The rule file of a name or path; raises UnknownScenarioError."""
        if "/" in name or "\\" in name or name.endswith(SUFFIXES):
            path = Path(name).expanduser()
            if stamp(path) is None:
                raise UnknownScenarioError(f"There is no rule file {name}.")
            return path
        known = self._paths()
        if name not in known:
            near = nearest_of(name, sorted(known))
            words = f"did you mean {near}?" if near is not None else "passlens scenarios lists all with what they do."
            raise UnknownScenarioError(f"There is no scenario {name!r}; {words}", sorted(known))
        return known[name]

    def load(self, name: str) -> Scenario:
        """Read the scenario of a name or path; raises UnknownScenarioError or RuleFileError."""
        return self.read(self.locate(name))

    def names(self) -> list[str]:
        """The names of all scenarios, in order."""
        return sorted(self._paths())

    def entries(self) -> Iterator[ListedScenario]:
        """All scenarios by name with their descriptions; broken ones with their mistake."""
        for name, path in sorted(self._paths().items()):
            try:
                scenario = self.read(path)
            except RuleFileError as error:
                yield ListedScenario(name, path, problem=" ".join(error.sentences))
            else:
                yield ListedScenario(name, path, scenario.description, _should(path), warnings=scenario.warnings)

    def _paths(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder in self.folders:
            try:
                names = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)
            except OSError:
                continue
            for path in names[:MAX_COUNT]:
                found.setdefault(name_of(path), path)
        return found


def _should(path: Path) -> str | None:
    try:
        return prose(path.read_text("utf-8", "replace"))
    except OSError:
        return None  # it went between two looks


@dataclass(frozen=True)
class Reload:
    """What looking for changes came to: a new version was taken, or ``problem`` says why not."""

    scenario: Scenario
    problem: str | None = None


class RunningScenario:
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
