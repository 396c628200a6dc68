"""The scenarios that a recording's marks name: those of the user's folder, and those that ship."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from passlens.errors import RuleFileError, UnknownScenarioError

if TYPE_CHECKING:
    from passlens.scenarios.model import Scenario


MAX_NAMES: Final = 256
"""Names of a recording's marks that are remembered; a run has a few."""


def known_scenarios(rules: str) -> "Callable[[str], Scenario | None]":
    """A function that gives a scenario by its name, each read once; None for one that is not known or has a mistake.

    ``rules`` is a folder of rule files, empty for none.
    """

    @lru_cache(MAX_NAMES)
    def find(name: str) -> "Scenario | None":
        # Imported here, because few recordings hold marks, and the models take longer to load than most take to read.
        from passlens.scenarios.library import Library

        try:
            return Library([Path(rules)] if rules else []).load(name) if _is_name(name) else None
        except (UnknownScenarioError, RuleFileError):
            return None

    return find


def _is_name(name: str) -> bool:
    """True for a name, False for a path: a recording does not choose files to be read."""
    return bool(name) and all(sign.isascii() and (sign.isalnum() or sign in "._-") for sign in name)


def expected_of(names: tuple[str, ...], rules: str) -> "Iterator[Scenario]":
    """The scenarios that were asked for; raises ValueError with a sentence for one that cannot be read."""
    from passlens.scenarios.library import Library

    library = Library([Path(rules)] if rules else [])
    for name in names:
        yield library.load(name)
