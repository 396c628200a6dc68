"""Exchanges that are alike are analyzed once. What a device sends again, and a server answers again but for a code,
ids, times and a login request, has the same entry but for code, path, place and time. Only speed needs this: it gives
what the analyzer gives, and nothing but the imports of its callers knows of it."""

import base64
import re
from collections import OrderedDict
from itertools import chain
from typing import Any, Final, NamedTuple, cast

from passlens.analysis import analyzer
from passlens.analysis.entry import Entry
from passlens.checks.finding import Check
from passlens.checks.response_values import saml_fault
from passlens.checks.table import CHECKS
from passlens.exchange.decoded import Decoded
from passlens.exchange.headers import Headers, KnownHeaders
from passlens.exchange.recorders import has_mask
from passlens.redaction.nested import TELLING
from passlens.redaction.normalize import SHORTEST
from passlens.redaction.patterns import searched
from passlens.redaction.pseudonym import pseudonym
from passlens.redaction.secrets import own_secrets, secrets_by_place
from passlens.rest_v2.operations import FAMILIES
from passlens.rest_v2.recognition import Recognition

MAX_COUNT: Final = 512
"""Entries that are kept; a device brings about a dozen kinds."""

MAX_CHARS: Final = 1 << 14
"""Bytes of an answer that may be alike; documented ones of these operations have some thousand."""

OPERATIONS: Final = frozenset({*FAMILIES["sessions"], "retrieve-profile-code"})
"""What is called again and again: sessions, and the poll."""

READ_ANEW: Final = frozenset({"PL245", "PL246", "PL251", "PL252", "PL272", "PL324", "PL430", "PL431", "PL440", "PL441"})
"""Checks that read the clock, the times of a session or a login request: they are run for each exchange, and one that
has anything to say is analyzed as a whole."""

UNREAD: Final = frozenset({"date", "x-request-id", "x-correlation-id", "traceparent", "tracestate", "x-amzn-trace-id"})
"""Headers that are new each time, and that nothing in an entry depends on but the checks that read the clock."""

PLACE_AND_TIME: Final = ("index", "file", "started", "duration_ms")
"""Members of an entry that are an exchange's own, however much another one is like it."""

_OWN: Final = re.compile(
    rb'"(?:(code)"\s*:\s*"([A-Z0-9]{7})"|(url)"\s*:\s*"/[^"?#:]*/([A-Z0-9]{7})"|'
    rb'(sessionId)"\s*:\s*"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"|'
    rb'(notBefore|notAfter)"\s*:\s*"(1\d{12})"|(request)"\s*:\s*"([A-Za-z0-9+/=]{64,})")'
)
"""Members of an answer whose values differ from one exchange to the next, and the code at the end of a url."""

_CODE: Final = re.compile(r"[A-Z0-9]{7}")

_START: Final = 8
"""Characters of a login request that are compared: what they encode decides how its spellings begin."""

_ODD_ESCAPE: Final = re.compile(rb"%(?:25|3[0-9]|[46][1-9A-F]|[57][0-9A])", re.IGNORECASE)
"""An escape of a letter, a digit or another escape: what it hides may be such a value."""


class _Alike(NamedTuple):
    """What an exchange has in common with others, as a key; and what is its own: the code, the text of its entry that
    shows the code, and all such values."""

    key: tuple[Any, ...]
    code: str | None
    shown: str
    own: tuple[bytes, ...]
    asks: bool


class _Known(NamedTuple):
    """An entry that was made, what the response was recognised as, and spellings of secrets that a code may show."""

    entry: Entry
    recognition: Recognition
    secrets: tuple[str, ...]


class EntryCache:
    """The entries made last by what exchanges have in common."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[Any, ...], _Known | None] = OrderedDict()
        """None for what came once, or tells more each time: most of what comes once never comes again."""

    def analyze(self, ex: Decoded, *, reveal: bool = False) -> Entry:
        """What ``analyzer.analyze`` gives. Entries share what is in them: copy before you change anything but the
        members of an entry, and of its findings."""
        alike = _alike(ex, reveal)
        if alike is None:
            return analyzer.analyze(ex, reveal=reveal)
        known = self._known.get(alike.key)
        if known is not None:
            ex.recognised_as(known.recognition)
            if not _has_more(ex, alike, known):
                return _entry(ex, alike, known)
        entry = analyzer.analyze(ex, reveal=reveal)
        if alike.key not in self._known:
            if len(self._known) >= MAX_COUNT:
                self._known.popitem(last=False)
            self._known[alike.key] = None
        elif known is None and (secrets := _secrets(ex, alike, entry, reveal)) is not None:
            self._known[alike.key] = _Known(_copied(entry), ex.recognition, secrets)
        return entry

    def cache_clear(self) -> None:
        """Forget everything."""
        self._known.clear()


def _alike(ex: Decoded, reveal: bool) -> _Alike | None:
    """What an exchange has in common with others; None if values of its own stand in other places too."""
    request, response = ex.request, ex.response
    if ex.route is None or ex.operation.id not in OPERATIONS or response is None or ex.undated is not None:
        return None
    path, sent = request.path, ex.path_parameter("code")
    if request.body is None or response.body is None or any(mark in path for mark in "?#%\0"):
        return None
    opened = _opened(response.body)
    if opened is None or _ODD_ESCAPE.search(request.body) is not None:
        return None
    body, found = opened
    code = found[b"code"].decode("ascii") if b"code" in found else None
    if sent is not None and _CODE.fullmatch(sent):
        if code not in (None, sent):
            return None
        code = sent
    own = tuple(found.values()) if code is None else (*found.values(), code.encode("ascii"))
    login = found.get(b"request", b"")
    if (login and not _says_nothing(login)) or (code is not None and has_mask(code)):
        return None
    bare = path if code is None else path.replace(code, "\0")
    headers, texts = _sent(request.known_headers)
    answer = _read(response.headers)
    line = "\n".join((bare, request.method, request.host, request.client or "", *chain.from_iterable(answer)))
    rest = b"\n".join((line.encode("utf-8", "surrogatepass"), body, request.body)).lower()
    if any(value in rest or value in texts for value in map(bytes.lower, own)):
        return None
    key = (
        reveal,
        request.method,
        request.scheme,
        request.host,
        request.port,
        bare,
        headers,
        answer,
        request.body,
        request.client,
        response.status,
        body,
        len(login),
        login[:_START],
        ex.injection,
        ex.started is None,
        ex.recorder,
    )
    shown = "" if code is None else path if code in path else code
    return _Alike(key, code, shown, own, bool(login))


def _opened(body: bytes) -> tuple[bytes, dict[bytes, bytes]] | None:
    """An answer's body with gaps where its own values stand, and the values by name; None if one may be hidden."""
    if len(body) > MAX_CHARS or b"\0" in body or b"\\" in body or b"%" in body:
        return None
    places: dict[bytes, tuple[int, int]] = {}
    for match in _OWN.finditer(body):
        last = match.lastindex or 0
        if match[last - 1] in places:
            return None
        places[match[last - 1]] = match.span(last)
    found = {name: body[start:end] for name, (start, end) in places.items()}
    if found.pop(b"url", None) != found.get(b"code"):
        places.pop(b"url", None)
    pieces, at = [], 0
    for name, (start, end) in places.items():
        pieces += [body[at:start], b"\0" + name]
        at = end
    return b"".join([*pieces, body[at:]]), found


def _says_nothing(login: bytes) -> bool:
    """True for a login request that is fine, and holds no secrets beside itself and what it encodes as a whole
    (``nested.inside``). All spellings of those begin as it does."""
    if saml_fault(login.decode("ascii")) is not None:
        return False
    text = base64.b64decode(login)
    return b" " in text and b"%" not in text and not any(name.encode() in text for name in TELLING)


def _sent(headers: KnownHeaders) -> tuple[Headers, bytes]:
    """Those of a request that an entry depends on, and their texts in lower case; kept with the headers."""
    found = headers.views.get(_sent)
    if found is None:
        read = _read(headers)
        texts = "\n".join(chain.from_iterable(read)).encode("utf-8", "surrogatepass").lower()
        found = headers.views[_sent] = read, texts
    return cast(tuple[Headers, bytes], found)


def _read(headers: Headers) -> Headers:
    return tuple([field for field in headers if field[0].lower() not in UNREAD])


def _has_more(ex: Decoded, alike: _Alike, known: _Known) -> bool:
    """True if the entry of an exchange tells more than what it has in common."""
    if _speaks(ex):
        return True
    if not known.secrets or not alike.shown:
        return False
    shown = searched(alike.shown)
    return any(map(shown.__contains__, known.secrets))


def _speaks(ex: Decoded) -> bool:
    return any(next(iter(check.find(ex)), None) is not None for check in _CHECKS[ex.operation.id])


def _entry(ex: Decoded, alike: _Alike, known: _Known) -> Entry:
    entry = _copied(known.entry)
    entry["index"], entry["file"], entry["path"] = ex.index, ex.file, ex.request.path
    entry["started"], entry["duration_ms"] = analyzer.iso(ex.started), analyzer.milliseconds(ex)
    if entry["code"] is not None and alike.code is not None:
        entry["code"] = alike.code
    return entry


def _copied(entry: Entry) -> Entry:
    copied = entry.copy()
    copied["findings"] = [finding.copy() for finding in entry["findings"]]
    return copied


def _secrets(ex: Decoded, alike: _Alike, entry: Entry, reveal: bool) -> tuple[str, ...] | None:
    """The spellings of secrets that the code of another exchange may show; None for an entry that tells more than what
    an exchange has in common."""
    if entry["results"] or entry["error"] or entry["diagnosis"] or _speaks(ex):
        return None
    if entry["path"] != ex.request.path or entry["code"] not in (None, alike.code):
        return None
    told = repr([value for name, value in entry.items() if name not in ("path", "code", *PLACE_AND_TIME)]).lower()
    if any(value.decode("ascii").lower() in told for value in alike.own):
        return None
    if reveal:
        return ()
    spellings = [spelling for place in secrets_by_place(ex) for secrets in place for spelling in secrets]
    # What a code is, is no secret anywhere: more may be shown than with another code.
    if alike.code is not None and alike.code.lower() in spellings:
        return None
    if alike.asks and _may_tell(f"{ex.request.path} {told}", ex):
        return None
    return tuple(spelling for spelling in spellings if len(spelling) <= len(alike.shown))


def _may_tell(told: str, ex: Decoded) -> bool:
    """True if a secret of an exchange was hidden in what is told, or one of another's that begins as it does may be."""
    texts = searched(told)
    own = {spelling: owner for secrets in own_secrets(ex) for spelling, owner in secrets.items()}
    hidden = any(pseudonym(secret) in texts for secret in set(own.values()))
    return hidden or any(spelling[:SHORTEST] in texts for spelling in own)


def _anew(operation: str) -> tuple[Check, ...]:
    families = {family for family, operations in FAMILIES.items() if operation in operations}
    return tuple(check for check in CHECKS if check.code in READ_ANEW and check.scope in ("all", *families))


_CHECKS: Final = {operation: _anew(operation) for operation in OPERATIONS}

ENTRIES: Final = EntryCache()
analyze: Final = ENTRIES.analyze
"""As ``analyzer.analyze``."""
