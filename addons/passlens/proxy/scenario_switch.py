"""Which scenarios run: switched by name, read again when their files change, and the sandbox's hosts."""

import functools
import logging
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from mitmproxy.log import ALERT

from passlens.proxy.hosts import is_host_name
from passlens.proxy.injector import Injector
from passlens.recordings.filters import parse
from passlens.rest_v2.operations import HOSTS
from passlens.scenarios.library import Library, RunningScenario
from passlens.scenarios.model import Scenario
from passlens.scenarios.reader import read_file, read_text
from passlens.util.text import escape_controls, plural

logger = logging.getLogger(__name__)

read = functools.partial(read_file, check_filter=parse)
"""Reads a rule file and refuses filter expressions that mitmproxy does not take."""

_FLAGS: Final = ("true", "false", "yes", "no", "on", "off", "1", "0")
"""What somebody means to turn on or off by, and no host: only ``true`` and ``false`` do, as they are."""

Changed = Callable[[str | None, str | None], None]
"""Hears of a scenario that goes on (its name) or off (None), for all devices (None) or for one."""


class ScenarioSwitch:
    """Turns scenarios and the sandbox on and off. Mistakes are ValueErrors with a sentence."""

    def __init__(
        self,
        injector: Injector,
        changed: Changed = lambda scenario, device: None,
        ran: Callable[[Scenario], None] = lambda scenario: None,
    ) -> None:
        self._injector = injector
        self._changed = changed
        self._ran = ran
        self._named = ("", "")

    def scenario(self, name: str, folder: str) -> None:
        """Run a scenario for all devices from now on; without a name none. States and counters of earlier runs stay.

        Naming the one that runs already changes nothing: mitmproxy sets the old value again after a refused one.
        """
        if (name, folder) == self._named:
            return
        # Switching off goes without the folder, which may be gone by now.
        folders = _folders(folder) if name or folder != self._named[1] else []
        scenario = Library(folders, read=read).load(name) if name else None
        self._named = name, folder
        self._set(scenario, None)

    def read_again(self, name: str) -> None:
        """Refuse a scenario that cannot be read, also where an earlier version of it runs, and take edits at once: who
        names a scenario wants it as it is now."""
        self.library().load(name)
        self.refresh()

    def names(self, folder: str) -> list[str]:
        """The scenarios to choose from: those of the folder, and those that ship."""
        return Library(_folders(folder), read=read).names()

    def for_device(self, name: str, device: str) -> None:
        """Run a scenario for one device (a device key or a client address), in the place of the one for all; without a
        name that one goes for it again."""
        scenario = Library(_folders(self._named[1]), read=read).load(name) if name else None
        self._set(scenario, device)

    def inline(self, text: bytes, path: Path, device: str | None) -> None:
        """Run the scenario of a rule file's text, for all devices or for one; ``path`` names it and is not read."""
        scenario = read_text(text, path, check_filter=parse)
        self._set(scenario, device)
        if device is None:
            # So that the scenario named before can be named again.
            self._named = (f"{path}\0", self._named[1])

    def library(self) -> Library:
        """The scenarios that can be named."""
        return Library(_folders(self._named[1]), read=read)

    def _set(self, scenario: Scenario | None, device: str | None) -> None:
        scenarios = self._injector.scenarios
        made = None
        if scenario is not None:
            made = RunningScenario(scenario, new_random(), scenarios.memory, read=read)
        before = scenarios.set(made, device)
        whose = f" for {device}" if device is not None else ""
        if before is not None:
            never = before.engine.never_matched
            rest = f"; never matched: {', '.join(never)}" if never else ""
            _say(f"scenario {before.scenario.name} is off{whose}{rest}.")
        if scenario is not None:
            self._ran(scenario)
            _warn(scenario)
            _say(f"scenario {scenario.name} is on{whose} ({plural(len(scenario.rules), 'rule')}).")
        if scenario is not None or before is not None:
            self._changed(scenario.name if scenario is not None else None, device)

    def refresh(self) -> None:
        """Take changed rule files; to be called every now and then."""
        for running in self._injector.scenarios.all():
            found = running.refresh()
            if found is None:
                continue
            if found.problem is not None:
                for sentence in found.problem.split("\n"):
                    logger.warning("passlens: %s", escape_controls(sentence))
            else:
                self._ran(found.scenario)
                _warn(found.scenario)
                _say(f"scenario {found.scenario.name} was read again.")

    def sandbox(self, value: str) -> bool:
        """Set the sandbox's hosts from the option; returns whether it is on."""
        self._injector.hosts = hosts(value)
        return self._injector.hosts is not None


def hosts(value: str) -> frozenset[str] | None:
    """The hosts of ``passlens_sandbox``: ``true`` for the known ones, ``false`` for none, or a list to add to them."""
    if value in ("false", ""):
        return None
    named = [] if value == "true" else value.lower().replace(",", " ").split()
    for name in named:
        if not is_host_name(name.removesuffix(".")) or name in _FLAGS:
            raise ValueError(
                f"passlens_sandbox names {name!r}, expected true, false or host names without scheme or port."
            )
    return frozenset((*HOSTS, *(name.removesuffix(".") for name in named)))


def new_random() -> random.Random:
    """A source that nobody can guess, for scenarios without a seed."""
    return random.Random(random.SystemRandom().getrandbits(128))


def _folders(folder: str) -> list[Path]:
    if not folder:
        return []
    path = Path(folder).expanduser()
    if not path.is_dir():
        raise ValueError(f"passlens_rules is {folder!r}, which is no folder; name the folder of your rule files.")
    return [path]


def _say(words: str) -> None:
    # The console shows an alert at its foot, where a command was typed.
    logger.log(ALERT, "passlens: %s", escape_controls(words))


def _warn(scenario: Scenario) -> None:
    for warning in scenario.warnings:
        logger.warning("passlens: %s", escape_controls(warning))
