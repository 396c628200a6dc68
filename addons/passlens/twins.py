"""Twins: exchanges that differ only in values which say nothing by themselves, such as a code or a session's times.
Their entries are the same but for those values, so what was found out about one is remembered for the next."""

import json
import re
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Final, NamedTuple

from passlens.checks.answer_values import saml_fault
from passlens.checks.run import silent
from passlens.exchange import Exchange
from passlens.secret_names import SECRET_HEADERS
from passlens.secrets import OF_SENDER, own_secrets, sender
from passlens.spec.operations import KNOWN_HEADERS
from passlens.spec.wire import epoch_seconds

MOST: Final = 256
"""Exchanges whose entries are remembered; a device brings about a dozen kinds."""

LONGEST: Final = 1 << 14
"""Characters of an exchange that is worth remembering; documented ones have about 4,000."""

PLACE_AND_TIME: Final = ("index", "file", "started", "duration_ms")
"""Members of an entry that are an exchange's own, however much another one is like it."""

_WHILE: Final = 600.0
"""Seconds for which it is looked ahead whether anything expires."""

_SENT: Final = KNOWN_HEADERS | OF_SENDER
_GOT: Final = SECRET_HEADERS | {"content-type"}
"""Headers of a request, and of an answer, that an entry depends on."""

_OPAQUE: Final = re.compile(
    rb'"(?:(code)"\s*:\s*"([A-Z0-9]{7})"|(sessionId|trace)"\s*:\s*"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"|'
    rb'(notBefore|notAfter)"\s*:\s*"(\d{13})"|(request)"\s*:\s*"([A-Za-z0-9+/=]{64,})")'
)
"""Members of an answer whose values differ from one exchange to the next. Nothing depends on what such a value is, as
long as it has this form: ids are compared with each other only, times with the clock (checks that read "times"), and a
login request is XML in Base64 or not. In JSON, a name in plain quotes is never part of a longer text."""

_CODE: Final = re.compile(r"[A-Z0-9]{7}")


class Likeness(NamedTuple):
    """What twins have in common, as a key, and what one has of its own: its code, the text that shows the code in an
    entry (in lower case), the times of its session, and all such values."""

    key: tuple[Any, ...]
    code: str | None
    shown: str
    times: tuple[float | None, float | None]
    own: tuple[str, ...]


def likeness(ex: Exchange, *, reveal: bool = False) -> Likeness | None:
    """What an exchange has in common with its twins, or None if it has values of its own in other places too."""
    request, answer = ex.request, ex.answer
    if answer is None or request.body is None or answer.body is None or request.gap or answer.gap or ex.check_failures:
        return None
    path, body = request.path, answer.body
    if len(body) > LONGEST or b"\0" in body or any(mark in path for mark in "?#\0"):
        return None
    opaque: dict[bytes, bytes] = {}
    for match in _OPAQUE.finditer(body):
        last = match.lastindex or 0
        name, value = match[last - 1], match[last]
        if name not in opaque:
            opaque[name] = value
            # Wherever the same value stands again, twins have theirs: that the two agree is in the key.
            body = body.replace(value, b"\0" + name + b"\0")
    text = {name: value.decode("ascii") for name, value in opaque.items()}
    code, sent = text.get(b"code"), ex.path_parameter("code")
    if sent is not None and _CODE.fullmatch(sent):
        if code not in (None, sent):
            return None
        code = sent
    if saml_fault(text.get(b"request", "")) is not None:
        return None
    key = (
        reveal,
        request.method,
        request.scheme,
        request.host,
        request.port,
        path if code is None else path.replace(code, "\0"),
        request.only(_SENT),
        request.body,
        request.client,
        answer.status,
        answer.only(_GOT),
        body,
        None if ex.injected is None else tuple(ex.injected.items()),
        ex.started is None,
    )
    own = (*text.values(), code) if code is not None else tuple(text.values())
    times = epoch_seconds(text.get(b"notBefore")), epoch_seconds(text.get(b"notAfter"))
    shown = "" if code is None else path if code in path else code
    return Likeness(key, code, shown.lower(), times, own)


@dataclass(slots=True)
class _Known:
    """The entry of an exchange, as JSON, of which each twin gets one of its own; every spelling of a secret that the
    code of a twin may show; and since and until when the checks that read the clock are known to be silent."""

    entry: str
    secrets: tuple[str, ...]
    since: float
    until: float


class Twins:
    """The entries of the last exchanges that may have twins."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], _Known] = {}

    def entry(self, ex: Exchange, like: Likeness) -> dict[str, Any] | None:
        """The entry of an earlier twin with the code and the path of this exchange, or None. ``PLACE_AND_TIME`` are
        still those of the twin."""
        known = self._known.pop(like.key, None)
        if known is None:
            return None
        self._known[like.key] = known  # becomes the last one to be forgotten
        vars(ex)["session_times"] = like.times
        if not _on_time(ex, known) or any(secret in like.shown for secret in known.secrets):
            return None
        entry: dict[str, Any] = json.loads(known.entry)
        entry["path"] = ex.request.path
        if entry["code"] is not None and like.code is not None:
            entry["code"] = like.code
        return entry

    def keep(self, ex: Exchange, like: Likeness, entry: dict[str, Any], *, reveal: bool = False) -> None:
        """Remember the entry of an exchange for its twins, unless it tells more than they have in common."""
        if ex.check_failures or entry["path"] != ex.request.path or entry["code"] not in (None, like.code):
            return
        vars(ex).pop("session_times", None)
        if ex.session_times != like.times or not silent(ex, "clock", "times") or _size(ex) > LONGEST:
            return
        spellings = () if reveal else (*sender(ex).certain, *sender(ex).doubtful, *own_secrets(ex))
        told = repr([value for name, value in entry.items() if name not in ("path", "code", *PLACE_AND_TIME)])
        if any(value in told for value in like.own) or _is_sent(like.code, ex, spellings):
            return
        while len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        secrets = tuple(spelling for spelling in spellings if len(spelling) <= len(like.shown))
        self._known[like.key] = _Known(json.dumps(entry), secrets, inf, -inf)

    def forget(self) -> None:
        """Remember none of them any more."""
        self._known.clear()


def _on_time(ex: Exchange, known: _Known) -> bool:
    """True if no check that reads the clock has anything to say. Those that read nothing else but headers are asked
    now and then only."""
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


def _is_sent(code: str | None, ex: Exchange, spellings: tuple[str, ...]) -> bool:
    """True if a code stands in the request in another place than the path. What a code is, is no secret anywhere, so
    that more may be shown than of twins."""
    return code is not None and (code.lower() in spellings or code.encode().lower() in (ex.request.body or b"").lower())


def _size(ex: Exchange) -> int:
    """Characters that a key holds, about."""
    sent, got = ex.request, ex.answer
    headers = (*sent.only(_SENT), *(got.only(_GOT) if got is not None else ()))
    return sum(map(len, headers)) + len(sent.path) + len(sent.body or b"") + len(got.body or b"" if got else b"")
