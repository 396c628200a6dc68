"""Twins: exchanges that differ only in values which say nothing by themselves, such as a code or a session's times.
Their entries are the same but for those values, so what was found out about one is remembered for the next."""

import json
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Final

from passlens.checks.run import silent
from passlens.exchange import Exchange
from passlens.likeness import LONGEST, Likeness, size
from passlens.redaction import pseudonym, searched
from passlens.secrets import own_secrets, sender
from passlens.unwrapping import SHORTEST

MOST: Final = 256
"""Exchanges whose entries are remembered; a device brings about a dozen kinds."""

_SEEN: Final = 4096
"""Exchanges of which it is remembered that there was one."""

SPELLINGS: Final = 200
"""Spellings of secrets beside which an entry is remembered; a documented exchange has some thirty."""

PLACE_AND_TIME: Final = ("index", "file", "started", "duration_ms")
"""Members of an entry that are an exchange's own, however much another one is like it."""

_WHILE: Final = 600.0
"""Seconds for which it is looked ahead whether anything expires."""


@dataclass(slots=True)
class _Known:
    """The entry of an exchange, as JSON, of which each twin gets one of its own; every spelling of a secret that the
    code of a twin may show; and since and until when the checks that read the clock are known to be silent."""

    entry: str
    secrets: tuple[str, ...]
    since: float
    until: float


class Twins:
    """The entries of the last exchanges that have twins: one is remembered when it is met for the second time (or
    ``at_once``), so that exchanges which never come again cost little and push nothing out."""

    def __init__(self, *, at_once: bool = False) -> None:
        self._at_once = at_once
        self._known: dict[tuple[Any, ...], _Known] = {}
        self._seen: dict[int, None] = {}

    def entry(self, ex: Exchange, like: Likeness) -> dict[str, Any] | None:
        """The entry of an earlier twin with the code and the path of this exchange, or None. ``PLACE_AND_TIME`` are
        still those of the twin."""
        known = self._known.get(like.key)
        if known is None:
            return None
        if len(self._known) == MOST:  # it becomes the last one to be forgotten
            self._known[like.key] = self._known.pop(like.key)
        if not _on_time(ex, like, known) or _tells(like, known):
            return None
        entry: dict[str, Any] = json.loads(known.entry)
        entry["path"] = ex.request.path
        entry["injected"] = ex.injected
        if entry["code"] is not None and like.code is not None:
            entry["code"] = like.code
        return entry

    def keep(self, ex: Exchange, like: Likeness, entry: dict[str, Any], *, reveal: bool = False) -> None:
        """Remember the entry of an exchange for its twins, unless it tells more than they have in common."""
        if not self._at_once and self._is_first(like):
            return
        if ex.check_failures or entry["path"] != ex.request.path or entry["code"] not in (None, like.code):
            return
        if ex.session_times != like.times or not silent(ex, "clock", "times") or size(ex) > LONGEST:
            return
        own = {} if reveal else own_secrets(ex)
        spellings = () if reveal else (*sender(ex).certain, *sender(ex).doubtful, *own)
        told = repr([value for name, value in entry.items() if name not in ("path", "code", *PLACE_AND_TIME)]).lower()
        if any(value.decode("ascii").lower() in told for value in like.own) or len(spellings) > SPELLINGS:
            return
        if like.asks and not reveal and _may_tell(f"{ex.request.path} {told}", own):
            return
        # What a code is, is no secret anywhere: more may be shown than of twins.
        if like.code is not None and like.code.lower() in spellings:
            return
        while len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        secrets = tuple(spelling for spelling in spellings if len(spelling) <= len(like.shown))
        self._known[like.key] = _Known(json.dumps(entry), secrets, inf, -inf)

    def _is_first(self, like: Likeness) -> bool:
        mark = hash(like.key)
        if mark in self._seen:
            return False
        while len(self._seen) >= _SEEN:
            del self._seen[next(iter(self._seen))]
        self._seen[mark] = None
        return True

    def forget(self) -> None:
        """Remember none of them any more."""
        self._known.clear()
        self._seen.clear()


def _on_time(ex: Exchange, like: Likeness, known: _Known) -> bool:
    """True if no check that reads the clock has anything to say. Those that read nothing else but headers are asked
    now and then only."""
    vars(ex)["session_times"] = like.times  # as the answer has them
    if not silent(ex, "times"):
        return False
    at = ex.started
    if at is None or known.since <= at <= known.until:
        return True
    if not silent(ex, "clock"):
        return False
    later = replace(ex, started=at + _WHILE)
    known.since, known.until = at, at + _WHILE if silent(later, "clock") else at
    return True


def _tells(like: Likeness, known: _Known) -> bool:
    """True if the code of a twin would show a secret."""
    if not known.secrets or not like.shown:
        return False
    shown = searched(like.shown)
    return any(secret in shown for secret in known.secrets)


def _may_tell(told: str, own: dict[str, str]) -> bool:
    """True if a secret of an exchange was hidden in what is told, or one of a twin's that begins as it does may be."""
    texts = searched(told)
    hidden = any(pseudonym(secret) in texts for secret in set(own.values()))
    return hidden or any(spelling[:SHORTEST] in texts for spelling in own)
