"""The secrets of one exchange: which places hold some, and what stands in them.
The redactor replaces all of these, in each of their spellings, wherever they turn up again."""

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from passlens.exchange.decoded import Decoded
from passlens.exchange.model import MAX_HEADER
from passlens.exchange.sent_headers import decode_device_identifier, decode_device_info, decode_partner_status
from passlens.redaction.members import attribute_values, secret_members, secrets_of_body, unknown_members
from passlens.redaction.nested import MORE, PREFIX, inside, inside_all, spellings, strings, with_inside
from passlens.redaction.normalize import SHORTEST
from passlens.redaction.policy import (
    ADDRESSES,
    PUBLIC_PARAMETERS,
    SECRET_HEADERS,
    SET_COOKIES,
    hidden_members,
    is_secret_name,
)
from passlens.redaction.vocabulary import ORDINARY, SCHEMES
from passlens.rest_v2.device_info import NAMES
from passlens.rest_v2.forms import Parameter, parse_form
from passlens.rest_v2.identifiers import DeviceIdentifier
from passlens.rest_v2.operations import BY_ID
from passlens.util.cache import cached_by_value

MAX_COUNT: Final = 500
"""Secrets of one exchange that are kept; documented ones have a dozen, the largest profile some dozens. Of an exchange
with others (MORE stands among its spellings) no free text is shown."""

OF_SENDER: Final = SECRET_HEADERS | {"x-device-info", "ap-partner-framework-status"}
"""Request headers that hold secrets, in lower case."""

MAX_HEADERS: Final = 100
"""Headers of a request that are looked into; a documented one has a dozen."""

_IDENTIFIER: Final = "ap-device-identifier"

_COUNT: Final = 512
"""Headers whose secrets are kept at hand."""

_MAX_CHARS: Final = 1 << 14
"""Characters of a header that is worth keeping."""

_MARK: Final = re.compile("[?#]")
_WORD: Final = re.compile(r"[A-Za-z]?[a-z]{0,11}")


def plain_identifier(ex: Decoded, raw: str) -> str:
    """The device identifier in its canonical spelling, so that one device has one pseudonym however it encodes."""
    return raw if ex.device_identifier is None else _canonical(ex.device_identifier, raw)


def _canonical(found: DeviceIdentifier, raw: str) -> str:
    if found.encoded is None or found.encoded.data is None:
        return raw
    return f"{found.type} {base64.b64encode(found.encoded.data).decode('ascii')}"


class Secrets(NamedTuple):
    """The secrets of one place: every spelling in lower case, with the secret that it stands for, and MORE where there
    are others. ``doubtful`` ones are none where the exchange shows the same value in a public place."""

    certain: dict[str, str]
    doubtful: dict[str, str]


_MORE: Final = Secrets({MORE: MORE}, {})


def secrets_by_place(ex: Decoded) -> tuple[Secrets, ...]:
    """The secrets of each header of the request, of the client's address, and of query, bodies and the answer's
    headers. Those of the device identifier come first: whatever repeats it has its pseudonym."""
    request = ex.request
    sent = [(name, value) for name, values in request.by_name.items() if name in OF_SENDER for value in values]
    sent.sort(key=lambda field: field[0] != _IDENTIFIER)
    found = [_of_header(name, value) for name, value in sent[:MAX_HEADERS]]
    if len(sent) > MAX_HEADERS:
        found.append(_MORE)
    if request.client:
        found.append(_of_client(request.client))
    return (*found, own_secrets(ex))


def own_secrets(ex: Decoded) -> Secrets:
    """Secrets of this exchange alone, in query, bodies and the answer's headers."""
    parameters = _parameters(ex)
    targets = [item.value for item in parameters if _MARK.search(item.value)]
    whole = [text for item in parameters if is_secret_name(item.name) for text in (item.value, item.raw)]
    loose = list(_unlisted(ex.operation.id, [*parameters, *_of_queries(targets)]))
    cookies: list[str] = []
    if ex.request.body is not None and b'"' in ex.request.body:  # a form has none; reading it as JSON costs
        whole += secrets_of_body(ex.request.json, hidden_members(ex.route))
    if ex.response is not None:
        for name, values in ex.response.by_name.items():
            if name in SECRET_HEADERS:
                whole += [secret for value in values for secret in _header(name, value)]
                cookies += [cookie for value in values for cookie in _cookies(name, value)]
        whole += secrets_of_body(ex.response.json, hidden_members(ex.route))
        loose += _told(ex)
    certain, doubtful = _Spelt(), _Spelt()
    for secret in dict.fromkeys(whole):
        if certain.full:
            break
        certain.add(secret)
        doubtful.add_all(inside(secret))
    doubtful.add_all(with_inside(dict.fromkeys(cookies)))
    doubtful.add_all(_telling(loose))
    return Secrets(certain.owners, doubtful.owners)


@cached_by_value(_COUNT, _MAX_CHARS)
def _of_header(name: str, value: str) -> Secrets:
    """The secrets in a header of a request (``name`` in lower case). Cached: a device sends the same ones again."""
    certain, doubtful = _Spelt(), _Spelt()
    if len(value) > MAX_HEADER:
        return _MORE if name in SECRET_HEADERS else Secrets({}, {})
    if name == _IDENTIFIER:
        _identifier(value, certain)
    elif name == "x-device-info":
        shown = decode_device_info(value).shown
        certain.add_all(secret_members(shown))
        doubtful.add_all(_telling(strings({key: item for key, item in shown.items() if key not in NAMES})))
    elif name == "ap-partner-framework-status":
        doubtful.add_all(_telling(unknown_members(decode_partner_status(value).shown)))
    else:
        for secret in dict.fromkeys(_header(name, value)):
            certain.add(secret)
            doubtful.add_all(inside(secret))
        doubtful.add_all(with_inside(dict.fromkeys(_cookies(name, value))))
    return Secrets(certain.owners, doubtful.owners)


@cached_by_value(_COUNT)
def _of_client(address: str) -> Secrets:
    found = _Spelt()
    found.add(address)
    return Secrets(found.owners, {})


def _told(ex: Decoded) -> Iterator[str]:
    """Values of a profile's attributes, and of the parameters in a redirectUrl or url of an answer."""
    if ex.body is None:
        return
    yield from attribute_values(ex.body)
    existing = ex.shape.existing if ex.shape is not None else {}
    targets = [text for text in (existing.get("redirectUrl"), ex.body.get("url")) if isinstance(text, str)]
    yield from _unlisted(ex.operation.id, _of_queries(targets))


def _of_queries(targets: Iterable[str]) -> list[Parameter]:
    """Parameters in queries and fragments of URLs."""
    found: list[Parameter] = []
    for part in (part for target in targets for part in _MARK.split(target)[1:]):
        found += parse_form(part.encode("utf-8", "surrogatepass"))
        if len(found) > MAX_COUNT:  # _unlisted says so
            break
    return found


def _unlisted(name: str, parameters: Iterable[Parameter]) -> Iterator[str]:
    """Values of parameters that neither the operation nor a page of a provider has: they may be anything."""
    known = (*BY_ID[name].parameters, *PUBLIC_PARAMETERS)
    for count, item in enumerate(parameters):
        if count == MAX_COUNT:
            yield MORE
            return
        if item.name not in known:
            yield from (item.value, item.raw)


def find_secrets(ex: Decoded, places: Sequence[Secrets] | None = None) -> dict[str, str]:
    """Every spelling of every secret, in lower case, with the secret that it stands for, and MORE where there are
    others; ``places`` are those of ``secrets_by_place`` where they are known already."""
    known = secrets_by_place(ex) if places is None else places
    public = _public(ex) if any(place.doubtful for place in known) else frozenset()
    found: dict[str, str] = {}
    for place in reversed(known):
        found |= {spelling: owner for spelling, owner in place.doubtful.items() if owner not in public}
    for place in reversed(known):
        found |= place.certain
    return found


class _Spelt:
    """Secrets with their spellings; of more than MAX_COUNT the first, and MORE."""

    def __init__(self) -> None:
        self.owners: dict[str, str] = {}
        self._seen: set[str] = set()

    def add(self, secret: str, owner: str | None = None) -> None:
        if secret in self._seen or self.full or secret.lower() in ORDINARY:
            return
        if secret == MORE or len(self._seen) == MAX_COUNT:
            self.owners[MORE] = MORE
            return
        self._seen.add(secret)
        for spelling in spellings(secret):
            if len(spelling) >= SHORTEST:
                self.owners.setdefault(spelling[:PREFIX].lower(), owner or secret)

    @property
    def full(self) -> bool:
        """True if there are secrets that are not among these."""
        return MORE in self.owners

    def add_all(self, secrets: Iterable[str]) -> None:
        for secret in secrets:
            if self.full:
                return
            self.add(secret)


def _identifier(raw: str, found: _Spelt) -> None:
    """The device identifier, whose parts and spellings all have the pseudonym of its canonical form."""
    canonical = _canonical(decode_device_identifier(raw), raw)
    words = dict.fromkeys((*_header(_IDENTIFIER, raw), *raw.split(), canonical.partition(" ")[2]))
    parts = [word for word in words if word.lower() not in SCHEMES]
    found.add(canonical)
    for part in (*parts, *inside_all(parts)):
        found.add(part, canonical)


def _telling(secrets: Iterable[str]) -> Iterator[str]:
    """Without plain words: one is no secret worth looking for elsewhere, and would black out words of messages."""
    return (secret for secret in secrets if not _WORD.fullmatch(secret))


def _public(ex: Decoded) -> frozenset[str]:
    """Values that are shown as they are: a member that nobody lists may repeat them."""
    known = (*ex.operation.parameters, *PUBLIC_PARAMETERS)
    found = {item.value for item in _parameters(ex) if item.name in known}
    if ex.route is not None:
        found |= set(ex.route.parameters.values())
    if ex.device_info is not None:
        found |= {
            str(value) for name, value in ex.device_info.shown.items() if name in NAMES and name != "connectionIp"
        }
    if ex.partner_status is not None and ex.partner_status.provider:
        found.add(ex.partner_status.provider)
    for name in ("mvpd", "serviceProvider", "code", "actionName", "actionType", "reasonType"):
        value = (ex.body or {}).get(name)
        if isinstance(value, str) and ex.succeeded:
            found.add(value)
    return frozenset(found)


def _header(name: str, value: str) -> Iterator[str]:
    """A secret header value and the secrets in it."""
    if len(value) > MAX_HEADER:
        yield from (value[: 2 * PREFIX], MORE)
        return
    if name == "set-cookie":
        return
    if name == "cookie":
        yield value
        return
    if name in ADDRESSES:
        for word in re.split(r"[\s;,]+", value):
            address = word.rpartition("=")[2].strip('"')
            if word.lower().startswith(("proto=", "host=", "by=")):
                continue
            yield address
            yield re.sub(r":\d+$", "", address).strip("[]") if address.count(":") == 1 or "]" in address else address
        return
    words = (value, value.partition(" ")[2], *value.replace(",", " ").split())
    yield from (word for word in words if word.strip().lower() not in SCHEMES)


def _cookies(name: str, value: str) -> Iterator[str]:
    """The values of cookies. They may hold anything, also what is shown elsewhere, such as the service provider."""
    if len(value) > MAX_HEADER:
        return
    if name == "set-cookie":
        for one in SET_COOKIES.split(value)[::2]:
            name, equals, cookie = one.partition(";")[0].partition("=")
            yield (cookie if equals else name).strip().strip('"')
    elif name == "cookie":
        yield from (pair.partition("=")[2].strip().strip('"') for pair in re.split("[;,\r\n]", value))


def _parameters(ex: Decoded) -> tuple[Parameter, ...]:
    query = parse_form(ex.request.query.encode("utf-8", "surrogatepass")) if ex.request.query else ()
    text = ex.request.json if ex.request.media_type != "application/x-www-form-urlencoded" else None
    return query if text is not None and text.valid else (*query, *ex.request.form)
