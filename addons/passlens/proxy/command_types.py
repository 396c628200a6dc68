"""What passlens' commands take, as mitmproxy's prompts complete it: scenarios, codes of virtual sessions, actions."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from mitmproxy import types
from mitmproxy.command import CommandManager

from passlens.sandbox.session_actions import ACTIONS

SCENARIOS: Final = "passlens.scenario.list"
SESSIONS: Final = "passlens.session.list"
"""The commands that list the names to choose from."""


class ScenarioName(str):
    """The name of a scenario, or the path of a rule file."""


class SessionCode(str):
    """The code of a virtual session."""


class SessionActionName(str):
    """What to do to a virtual session."""


class _CommandType:
    """A type that takes whatever was typed: what cannot be done is refused with a better sentence than mitmproxy's."""

    def __init__(self, typ: type[str], display: str, names: Callable[[CommandManager], Sequence[str]]) -> None:
        self.typ, self.display, self._names = typ, display, names

    def completion(self, manager: CommandManager, _: Any, text: str) -> Sequence[str]:
        """What the prompt offers."""
        return self._names(manager)

    def parse(self, _manager: CommandManager, _type: Any, text: str) -> str:
        """The text itself."""
        return text

    def is_valid(self, _manager: CommandManager, _type: Any, value: Any) -> bool:
        """Any text is."""
        return isinstance(value, str)


class _ScenarioNameType(_CommandType):
    """Once a path is begun, completed as mitmproxy completes paths."""

    def completion(self, manager: CommandManager, _: Any, text: str) -> Sequence[str]:
        if "/" not in text and not text.startswith("~"):
            return super().completion(manager, _, text)
        paths: Any = types.CommandTypes.get(types.Path)
        return list(paths.completion(manager, types.Path, text))


def _listed(command: str) -> Callable[[CommandManager], Sequence[str]]:
    """What a command lists."""
    return lambda manager: list(manager.execute(command))


# mitmproxy looks a command's types up here; it has no call to add one.
types.CommandTypes.typemap[ScenarioName] = _ScenarioNameType(ScenarioName, "scenario", _listed(SCENARIOS))
types.CommandTypes.typemap[SessionCode] = _CommandType(SessionCode, "code", _listed(SESSIONS))
types.CommandTypes.typemap[SessionActionName] = _CommandType(SessionActionName, "action", lambda _: ACTIONS)
