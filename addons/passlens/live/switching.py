"""Which scenario is running: switched by name, read again when its file changes, and the sandbox's hosts."""

import functools
import logging
from pathlib import Path

from mitmproxy import flowfilter

from passlens.live.acting import Acting, new_random
from passlens.reports.words import plural, safe
from passlens.scenarios.library import Library, Running
from passlens.scenarios.model import Scenario
from passlens.scenarios.reader import read_file
from passlens.spec.operations import HOSTS

logger = logging.getLogger(__name__)

read = functools.partial(read_file, check_filter=flowfilter.parse)
"""Reads a rule file and refuses filter expressions that mitmproxy does not take."""


class Switch:
    """Turns scenarios and the sandbox on and off. Mistakes are ValueErrors with a sentence."""

    def __init__(self, acting: Acting) -> None:
        self._acting = acting
        self._named = ("", "")

    def scenario(self, name: str, folder: str) -> None:
        """Run a scenario from now on; without a name none is run. States and counters of earlier runs stay.

        Naming the one that runs already changes nothing: mitmproxy sets the old value again after a refused one.
        """
        if (name, folder) == self._named:
            return
        # Switching off goes without the folder, which may be gone by now.
        folders = _folders(folder) if name or folder != self._named[1] else []
        scenario = Library(folders, read=read).load(name) if name else None
        self._leave()
        self._named = name, folder
        if scenario is None:
            return
        self._acting.running = Running(scenario, new_random(), self._acting.memory, read=read)
        _warn(scenario)
        logger.info("passlens: scenario %s is on (%s).", safe(scenario.name), plural(len(scenario.rules), "rule"))

    def _leave(self) -> None:
        running, self._acting.running = self._acting.running, None
        if running is not None:
            never = running.engine.never_matched
            rest = f"; never matched: {', '.join(never)}" if never else ""
            logger.info("passlens: scenario %s is off%s.", safe(running.scenario.name), safe(rest))

    def refresh(self) -> None:
        """Take a changed rule file; to be called every now and then."""
        running = self._acting.running
        if running is None:
            return
        found = running.refresh()
        if found is None:
            return
        if found.problem is not None:
            logger.warning("passlens: %s", safe(found.problem))
        else:
            _warn(found.scenario)
            logger.info("passlens: scenario %s was read again.", safe(found.scenario.name))

    def sandbox(self, value: str) -> bool:
        """Set the sandbox's hosts from the option; returns whether it is on."""
        self._acting.hosts = hosts(value)
        return self._acting.hosts is not None


def hosts(value: str) -> frozenset[str] | None:
    """The hosts of ``passlens_sandbox``: ``true`` for the known ones, ``false`` for none, or a list to add to them."""
    if value in ("false", ""):
        return None
    named = [] if value == "true" else [name.strip().lower() for name in value.replace(" ", ",").split(",")]
    for name in named:
        if "/" in name or ":" in name:
            raise ValueError(
                f"passlens_sandbox names {name!r}, expected true, false or host names without scheme or port."
            )
    return frozenset((*HOSTS, *filter(None, named)))


def _folders(folder: str) -> list[Path]:
    if not folder:
        return []
    path = Path(folder).expanduser()
    if not path.is_dir():
        raise ValueError(f"passlens_rules is {folder!r}, which is no folder; name the folder of your rule files.")
    return [path]


def _warn(scenario: Scenario) -> None:
    for warning in scenario.warnings:
        logger.warning("passlens: %s", safe(warning))
