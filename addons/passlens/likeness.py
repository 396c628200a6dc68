"""What an exchange has in common with others that differ only in values which say nothing by themselves: the code, the
ids and the times of a session, a login request. Pure; what is done with it is in twins.py."""

import base64
import re
from typing import Any, Final, NamedTuple

from passlens.checks.answer_values import saml_fault
from passlens.exchange import Exchange
from passlens.remembered import remembered
from passlens.secret_names import SECRET_HEADERS
from passlens.secrets import OF_SENDER
from passlens.spec.operations import KNOWN_HEADERS
from passlens.spec.wire import epoch_seconds
from passlens.unwrapping import TELLING

LONGEST: Final = 1 << 14
"""Characters of an exchange that may have twins; documented ones have about 4,000."""

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

_FORMS: Final = 256
"""Bodies of requests that are remembered; an app sends a few over and over."""

_ODD_ESCAPE: Final = re.compile(rb"%(?:25|3[0-9]|[46][1-9A-F]|[57][0-9A])", re.IGNORECASE)
"""An escape of a letter, a digit or another escape: what it hides may be such a value."""


class Likeness(NamedTuple):
    """What twins have in common, as a key, and what one has of its own: its code, the text that shows the code in an
    entry, the times of its session, and all such values. ``asks`` tells that there is a login request."""

    key: tuple[Any, ...]
    code: str | None
    shown: str
    times: tuple[float | None, float | None]
    own: tuple[bytes, ...]
    asks: bool


def likeness(ex: Exchange, *, reveal: bool = False) -> Likeness | None:
    """What an exchange has in common with its twins, or None if it has values of its own in other places too."""
    request, answer = ex.request, ex.answer
    if answer is None or request.body is None or answer.body is None or request.gap or answer.gap or ex.check_failures:
        return None
    path, sent = request.path, ex.path_parameter("code")
    if any(mark in path for mark in "?#\0"):
        return None
    opened, form = _opened(answer.body), _form(request.body)
    if opened is None or form is None:
        return None
    body, found = opened
    code = found[b"code"].decode("ascii") if b"code" in found else None
    if sent is not None and _CODE.fullmatch(sent):
        if code not in (None, sent):
            return None
        code = sent
    own = (*found.values(), code.encode("ascii")) if code is not None else tuple(found.values())
    rest = body.lower()
    for value in own:
        # One that stands in another place as well may decide something there, or be a secret.
        if (low := value.lower()) in rest or low in form:
            return None
    login = found.get(b"request", b"").decode("ascii")
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
    shown = "" if code is None else path if code in path else code
    return Likeness(key, code, shown, (_time(found.get(b"notBefore")), _time(found.get(b"notAfter"))), own, bool(login))


def _time(value: bytes | None) -> float | None:
    return None if value is None else epoch_seconds(value.decode("ascii"))


def _opened(body: bytes) -> tuple[bytes, dict[bytes, bytes]] | None:
    """An answer's body with gaps where its own values stand, and the values by name; None if one may be hidden."""
    if len(body) > LONGEST or b"\0" in body or b"\\" in body or b"%" in body:
        return None
    places: dict[bytes, tuple[int, int]] = {}
    for match in _OPAQUE.finditer(body):
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


def _says_nothing(login: str) -> bool:
    """True for a login request that is fine, and holds no secrets beside itself and what it encodes as a whole (see
    unwrapping.inside). All spellings of those begin as it does."""
    if saml_fault(login) is not None:
        return False
    text = base64.b64decode(login)
    return b" " in text and b"%" not in text and not any(name.encode() in text for name in TELLING)


@remembered(_FORMS, LONGEST)
def _form(body: bytes) -> bytes | None:
    """A request's body in which to look for a value; None if one may be hidden in it."""
    return None if _ODD_ESCAPE.search(body) else body.lower()


def size(ex: Exchange) -> int:
    """Characters that the key of an exchange holds, about."""
    sent, got = ex.request, ex.answer
    headers = (*sent.only(SENT), *(got.only(GOT) if got is not None else ()), *(ex.injected or {}).values())
    bodies = (sent.body or b"", got.body or b"" if got is not None else b"")
    return sum(map(len, (*headers, *bodies, sent.method, sent.scheme, sent.host, sent.path, sent.client or "")))
