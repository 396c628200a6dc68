"""What passlens did to an exchange: by which rule of which scenario, and which actions, in their order.
The member ``injected`` of entries, metadata of flows and recordings is read and written here and nowhere else."""

from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args

ActionKind = Literal[
    "outcome",
    "respond",
    "rewrite_request",
    "rewrite_response",
    "delay",
    "fault",
    "sandbox",
    "virtual session",
    "refused",
    "other",
]
"""``refused``: a message that could smuggle another was not passed on. ``other``: a word that a recording holds and
passlens does not know."""

MAX_CHARS: Final = 200
"""Characters of each member that are taken from a recording."""

_MEMBERS: Final = ("scenario", "rule", "how")
_SEPARATOR: Final = ", "
_FAULT: Final = "fault "

_BARE: Final = frozenset(get_args(ActionKind)) - {"fault", "other"}
"""Kinds that are written as the word alone."""

_RESPONSES: Final = frozenset({"outcome", "respond", "sandbox", "virtual session"})
"""Kinds by which passlens gives the response."""

_CHOSEN: Final = frozenset({"outcome", "respond"})
_FROM_SERVER: Final = frozenset({"rewrite_request", "rewrite_response", "delay"})
"""Kinds that leave the choice of the response to the server."""


@dataclass(frozen=True)
class Action:
    """One thing that was done. ``detail`` is the name of a fault, or the whole text of an ``other``."""

    kind: ActionKind
    detail: str = ""

    def __str__(self) -> str:
        return {"fault": f"{_FAULT}{self.detail}", "other": self.detail}.get(self.kind, self.kind)


@dataclass(frozen=True)
class Injection:
    """Who acted on an exchange (scenario and rule) and how. Without actions it is not known how: a recording may lack
    any member."""

    scenario: str
    rule: str
    actions: tuple[Action, ...] = ()

    def also(self, action: Action) -> "Injection":
        """The same with one more action."""
        return replace(self, actions=(*self.actions, action))

    def then(self, later: "Injection") -> "Injection":
        """With what was done later; the later scenario and rule name the whole."""
        return replace(later, actions=(*self.actions, *later.actions))

    def did(self, *kinds: ActionKind) -> bool:
        """True if one of the actions is of one of these kinds."""
        return any(action.kind in kinds for action in self.actions)

    @property
    def by_passlens(self) -> bool:
        """True if passlens gave the response, which never came from a server."""
        return any(action.kind in _RESPONSES for action in self.actions)

    @property
    def chosen(self) -> bool:
        """True if a rule chose the response, whatever the request holds."""
        return any(action.kind in _CHOSEN for action in self.actions)

    @property
    def left_to_server(self) -> bool:
        """True if it is known that the server chose the response, whatever became of it on the way."""
        return bool(self.actions) and all(action.kind in _FROM_SERVER for action in self.actions)

    @property
    def broken(self) -> bool:
        """True if the response was broken on purpose."""
        return self.did("fault")

    @property
    def request_rewritten(self) -> bool:
        """True if the server got another request than the app sent."""
        return self.did("rewrite_request")

    def to_member(self) -> dict[str, str]:
        """The member ``injected`` of an entry, of a flow's metadata, of ``_passlens`` in a .har."""
        how = _SEPARATOR.join(map(str, self.actions))
        return {"scenario": self.scenario, "rule": self.rule, "how": how}

    @classmethod
    def from_member(cls, value: Any) -> "Injection | None":
        """What a recording says, which may be anything: known members that are texts, bounded; the others are empty.

        None where there is nothing. ``to_member`` gives the same texts again.
        """
        if not isinstance(value, dict) or not value:
            return None
        texts = {name: value[name][:MAX_CHARS] for name in _MEMBERS if isinstance(value.get(name), str)}
        how = texts.get("how", "")
        actions = tuple(map(_action, how.split(_SEPARATOR))) if how else ()
        return cls(texts.get("scenario", ""), texts.get("rule", ""), actions)


def _action(word: str) -> Action:
    for kind in get_args(ActionKind):
        if word == kind and kind in _BARE:
            return Action(kind)
    if word.startswith(_FAULT):
        return Action("fault", word.removeprefix(_FAULT))
    return Action("other", word)
