"""Twins: exchanges that differ only in values which say nothing by themselves, such as a code or a session's times.
Their entries are the same but for those values, so what was found out about one is remembered for the next."""

import base64
import json
import re
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Final, NamedTuple

from passlens.checks.answer_values import saml_fault
from passlens.checks.run import silent
from passlens.exchange import Exchange
from passlens.redaction import pseudonym, searched
from passlens.remembered import remembered
from passlens.secret_names import SECRET_HEADERS
from passlens.secrets import OF_SENDER, own_secrets, sender
from passlens.spec.operations import KNOWN_HEADERS
from passlens.spec.wire import epoch_seconds
from passlens.unwrapping import SHORTEST, TELLING

MOST: Final = 256
"""Exchanges whose entries are remembered; a device brings about a dozen kinds."""

LONGEST: Final = 1 << 14
"""Characters of an exchange that is worth remembering; documented ones have about 4,000."""

SPELLINGS: Final = 200
"""Spellings of secrets beside which an entry is remembered; a documented exchange has some thirty."""

PLACE_AND_TIME: Final = ("index", "file", "started", "duration_ms")
"""Members of an entry that are an exchange's own, however much another one is like it."""

_WHILE: Final = 600.0
"""Seconds for which it is looked ahead whether anything expires."""

SENT: Final = KNOWN_HEADERS | OF_SENDER
GOT: Final = SECRET_HEADERS | {"content-type"}
"""Headers of a request, and of an answer, that an entry depends on."""

_OPAQUE: Final = re.compile(
    rb'"(?:(code)"\s*:\s*"([A-Z0-9]{7})"|(url)"\s*:\s*"/[^"?#:]*/([A-Z0-9]{7})"|'
    rb'(sessionId|trace)"\s*:\s*"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"|'
    rb'(notBefore|notAfter)"\s*:\s*"(\d{13})"|(request)"\s*:\s*"([A-Za-z0-9+/=]{64,})")'
)
"""Members of an answer whose values differ from one exchange to the next, and the code at the end of a url. Nothing
depends on what such a value is, as long as it has this form and stands nowhere else: ids are compared with each other
only, times with the clock (checks that read "times"), and a login request is XML in Base64 or not."""

_CODE: Final = re.compile(r"[A-Z0-9]{7}")

_START: Final = 8
"""Characters of a login request that twins have in common; what they encode decides how its spellings begin."""

_ODD_ESCAPE: Final = re.compile(rb"%(?:25|3[0-9]|[46][1-9A-F]|[57][0-9A])", re.IGNORECASE)
"""An escape of a letter, a digit or another escape: what it hides may be such a value."""


class Likeness(NamedTuple):
    """What twins have in common, as a key, and what one has of its own: its code, the text that shows the code in an
    entry, the times of its session, and all such values. ``asks`` tells that there is a login request,
    which may hold secrets."""

    key: tuple[Any, ...]
    code: str | None
    shown: str
    times: tuple[float | None, float | None]
    own: tuple[str, ...]
    asks: bool


def likeness(ex: Exchange, *, reveal: bool = False) -> Likeness | None:
    """What an exchange has in common with its twins, or None if it has values of its own in other places too."""
    request, answer = ex.request, ex.answer
    if answer is None or request.body is None or answer.body is None or request.gap or answer.gap or ex.check_failures:
        return None
    path, sent = request.path, ex.path_parameter("code")
    if any(mark in path for mark in "?#\0"):
        return None
    opened = _opened(answer.body)
    if opened is None:
        return None
    body, found = opened
    code = found.get(b"code")
    if sent is not None and _CODE.fullmatch(sent):
        if code not in (None, sent):
            return None
        code = sent
    own = tuple(dict.fromkeys(value for value in (*found.values(), code) if value is not None))
    # A value that stands in another place as well may decide something there, or be a secret.
    elsewhere = body.lower(), _form(request.body)
    if any(text is None or any(value.lower().encode() in text for value in own) for text in elsewhere):
        return None
    login = found.get(b"request", "")
    if login and not _says_nothing(login):
        return None
    key = (
        reveal,
        request.method,
        request.scheme,
        request.host,
        request.port,
        path if code is None else path.replace(code, "\0"),
        request.only(SENT),
        request.body,
        request.client,
        answer.status,
        answer.only(GOT),
        body,
        len(login),
        login[:_START],
        None if ex.injected is None else tuple(ex.injected.items()),
        ex.started is None,
    )
    times = epoch_seconds(found.get(b"notBefore")), epoch_seconds(found.get(b"notAfter"))
    shown = "" if code is None else path if code in path else code
    return Likeness(key, code, shown, times, own, bool(login))


def _opened(body: bytes) -> tuple[bytes, dict[bytes, str]] | None:
    """An answer's body with gaps where its own values stand, and the values by name; None if one may be hidden."""
    if len(body) > LONGEST or b"\0" in body or b"\\" in body or b"%" in body:
        return None
    places: dict[bytes, tuple[int, int]] = {}
    for match in _OPAQUE.finditer(body):
        last = match.lastindex or 0
        if match[last - 1] in places:
            return None
        places[match[last - 1]] = match.span(last)
    found = {name: body[start:end].decode("ascii") for name, (start, end) in places.items()}
    if found.pop(b"url", None) != found.get(b"code"):
        places.pop(b"url", None)
    pieces, at = [], 0
    for name, (start, end) in places.items():
        pieces += [body[at:start], b"\0" + name]
        at = end
    return b"".join([*pieces, body[at:]]), found


def _says_nothing(login: str) -> bool:
    """True for a login request that is fine, and holds no secrets beside itself and what it encodes as a whole (see
    unwrapping.inside). All spellings of those begin as it does."""
    if saml_fault(login) is not None:
        return False
    text = base64.b64decode(login)
    return b" " in text and b"%" not in text and not any(name.encode() in text for name in TELLING)


@remembered(MOST, LONGEST)
def _form(body: bytes) -> bytes | None:
    """A request's body in which to look for a value; None if one may be hidden in it."""
    return None if _ODD_ESCAPE.search(body) else body.lower()


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
        if ex.check_failures or entry["path"] != ex.request.path or entry["code"] not in (None, like.code):
            return
        if ex.session_times != like.times or not silent(ex, "clock", "times") or _size(ex) > LONGEST:
            return
        own = {} if reveal else own_secrets(ex)
        spellings = () if reveal else (*sender(ex).certain, *sender(ex).doubtful, *own)
        told = repr([value for name, value in entry.items() if name not in ("path", "code", *PLACE_AND_TIME)]).lower()
        if any(value.lower() in told for value in like.own) or len(spellings) > SPELLINGS:
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

    def forget(self) -> None:
        """Remember none of them any more."""
        self._known.clear()


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


def _size(ex: Exchange) -> int:
    """Characters that a key holds, about."""
    sent, got = ex.request, ex.answer
    headers = (*sent.only(SENT), *(got.only(GOT) if got is not None else ()), *(ex.injected or {}).values())
    bodies = (sent.body or b"", got.body or b"" if got is not None else b"")
    return sum(map(len, (*headers, *bodies, sent.method, sent.scheme, sent.host, sent.path, sent.client or "")))
