"""The secrets of one exchange: which places hold some, and what stands in them.
The redactor replaces all of these, in each of their spellings, wherever they turn up again."""

import base64
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

from passlens.exchange import MAX_HEADER, Exchange, with_headers
from passlens.remembered import remembered
from passlens.secret_names import SECRET_HEADERS, STATUS_NAMES, is_secret_name, may_hold_secrets
from passlens.spec.decoding import JsonText
from passlens.spec.device_info import NAMES
from passlens.spec.forms import Parameter, parse_form
from passlens.spec.operations import BY_ID
from passlens.unwrapping import DEEPEST, PREFIX, SHORTEST, inside, inside_all, spellings, strings

MOST: Final = 500
"""Secrets of one exchange that are kept; documented ones have a dozen, the largest profile some dozens."""

OF_SENDER: Final = SECRET_HEADERS | {"x-device-info", "ap-partner-framework-status"}
"""Request headers that hold secrets, in lower case."""

_SENDERS: Final = 128
"""Sets of request headers whose secrets are kept at hand."""

_LONGEST: Final = 1 << 14
"""Characters of a set that is worth keeping."""

_PUBLIC_PARAMETERS: Final = ("mvpd", "domain", "domainName", "redirectUrl", "noflash", "mso_id", "requestor_id",
                             "no_iframe", "domain_name", "redirect_url", "grant_type")  # fmt: skip

_SCHEMES: Final = frozenset({"bearer", "bearer:", "basic", "fingerprint", "token"})
_MEMBER: Final = re.compile(r'"([^"\\]{1,64})"\s{0,64}:\s{0,64}"([^"\\]{6,})')
_WORD: Final = re.compile(r"[A-Za-z]?[a-z]{0,11}")


def plain_identifier(ex: Exchange, raw: str) -> str:
    """The device identifier in its canonical spelling, so that one device has one pseudonym however it encodes."""
    found = ex.device_identifier
    if found is None or found.encoded is None or found.encoded.data is None:
        return raw
    return f"{found.type} {base64.b64encode(found.encoded.data).decode('ascii')}"


class Sender(NamedTuple):
    """The secrets in a request's headers, which a device sends again and again; every spelling in lower case, with the
    secret that it stands for. ``doubtful`` ones are none where the exchange shows the same value in a public place.
    ``clean`` is for texts in which none of them stands, ``views`` for what is shown of the headers themselves."""

    certain: dict[str, str]
    doubtful: dict[str, str]
    clean: dict[str, tuple[str, str]]
    views: dict[str, dict[str, Any]]


def sender(ex: Exchange) -> Sender:
    """The secrets of who sent the request. Equal headers give the same object."""
    return _sender(ex.request.client, ex.request.only(OF_SENDER))


@remembered(_SENDERS, _LONGEST)
def _sender(client: str | None, headers: tuple[str, ...]) -> Sender:
    ex = Exchange(with_headers(headers, client=client))
    certain, doubtful = _Spelt(), _Spelt()
    _identifier(ex, certain)
    for secret in _of_headers(ex):
        certain.add(secret)
        doubtful.add_all(inside(secret))
    if ex.device_info is not None:
        unlisted = {key: item for key, item in ex.device_info.shown.items() if key not in NAMES}
        doubtful.add_all(_telling(strings(unlisted)))
    if ex.partner_status is not None:
        doubtful.add_all(_telling(_unknown(ex.partner_status.shown)))
    return Sender(certain.owners, doubtful.owners, {}, {})


def own_secrets(ex: Exchange) -> dict[str, str]:
    """Secrets of this exchange alone, in query, bodies and the answer's headers: spellings as in ``Sender``."""
    request = ex.request
    sent = _sent(ex.operation.id, request.query, request.header("Content-Type"), request.body)
    whole, loose = list(sent.whole), list(sent.loose)
    if ex.answer is not None:
        for name, value in ex.answer.headers:
            if name.lower() in SECRET_HEADERS:
                whole += _header(name.lower(), value)
        if may_hold_secrets(ex.answer.body):
            whole += _body(ex.answer.json)
            loose += _telling(_told(ex))
    found = _Spelt()
    if whole or loose:
        public = _public(ex)
        for secret in whole:
            found.add(secret)
            found.add_all(part for part in inside(secret) if part not in public)
        found.add_all(secret for secret in loose if secret not in public)
    return found.owners


class _Sent(NamedTuple):
    """What a request holds: secrets by their place, and what may be some because nobody lists its name."""

    whole: tuple[str, ...]
    loose: tuple[str, ...]


@remembered(_SENDERS, _LONGEST)
def _sent(name: str, query: str, media_type: str | None, body: bytes | None) -> _Sent:
    headers = () if media_type is None else ("Content-Type", media_type)
    ex = Exchange(with_headers(headers, body=body, path=f"/?{query}"))
    parameters = _parameters(ex)
    whole = [text for item in parameters if is_secret_name(item.name) for text in (item.value, item.raw)]
    if body is not None and b'"' in body:  # a form has none; reading it as JSON costs
        whole += _body(ex.request.json)
    targets = [item.value for item in parameters if "?" in item.value]
    return _Sent(tuple(whole), tuple(_telling(_unlisted(name, [*parameters, *_of_queries(targets)]))))


def _told(ex: Exchange) -> Iterator[str]:
    """Values of a profile's attributes, and of the query of a redirectUrl or url in an answer."""
    if ex.body is None:
        return
    yield from _attributes(ex.body)
    existing = ex.shape.existing if ex.shape is not None else {}
    targets = [text for text in (existing.get("redirectUrl"), ex.body.get("url")) if isinstance(text, str)]
    yield from _unlisted(ex.operation.id, _of_queries(targets))


def _of_queries(targets: Iterable[str]) -> list[Parameter]:
    found: list[Parameter] = []
    for target in islice(targets, 20):
        found += parse_form(target.partition("?")[2].partition("#")[0].encode("utf-8", "surrogatepass"))
    return found


def _unlisted(name: str, parameters: Iterable[Parameter]) -> Iterator[str]:
    """Values of parameters that neither the operation nor a page of a provider has: they may be anything."""
    known = (*BY_ID[name].parameters, *_PUBLIC_PARAMETERS)
    for item in islice(parameters, MOST):
        if item.name not in known:
            yield from (item.value, item.raw)


def find_secrets(ex: Exchange, own: dict[str, str] | None = None) -> dict[str, str]:
    """Every spelling of every secret, in lower case, with the secret that it stands for; ``own`` are those of
    ``own_secrets`` where they are known already."""
    known = sender(ex)
    public = _public(ex)
    doubtful = {spelling: owner for spelling, owner in known.doubtful.items() if owner not in public}
    return (own_secrets(ex) if own is None else own) | doubtful | known.certain


class _Spelt:
    """Secrets with their spellings; the first MOST count."""

    def __init__(self) -> None:
        self.owners: dict[str, str] = {}
        self._seen: set[str] = set()

    def add(self, secret: str, owner: str | None = None) -> None:
        if secret in self._seen or len(self._seen) == MOST:
            return
        self._seen.add(secret)
        for spelling in spellings(secret):
            if len(spelling) >= SHORTEST:
                self.owners.setdefault(spelling[:PREFIX].lower(), owner or secret)

    def add_all(self, secrets: Iterable[str]) -> None:
        for secret in secrets:
            self.add(secret)


def _identifier(ex: Exchange, found: _Spelt) -> None:
    """The device identifier, whose parts and spellings all have the pseudonym of its canonical form."""
    identifier = ex.request.header("AP-Device-Identifier")
    if identifier is None or len(identifier) > MAX_HEADER:
        return
    canonical = plain_identifier(ex, identifier)
    parts = (identifier, *identifier.split(), canonical.partition(" ")[2])
    found.add(canonical)
    for part in (*parts, *inside_all(parts)):
        if part.lower() not in _SCHEMES:
            found.add(part, canonical)


def _telling(secrets: Iterable[str]) -> Iterator[str]:
    """Without plain words: one is no secret worth looking for elsewhere, and would black out words of messages."""
    return (secret for secret in secrets if not _WORD.fullmatch(secret))


def _of_headers(ex: Exchange) -> Iterator[str]:
    """Values that are secrets because of the header they stand in, and the client's address."""
    if ex.request.client:
        yield ex.request.client
    for name, value in ex.request.headers:
        if name.lower() in SECRET_HEADERS:
            yield from _header(name.lower(), value)
    if ex.device_info is not None:
        yield from _members(ex.device_info.shown)


def _public(ex: Exchange) -> frozenset[str]:
    """Values that are shown as they are: a member that nobody lists may repeat them."""
    known = (*ex.operation.parameters, *_PUBLIC_PARAMETERS)
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
        yield value[: 2 * PREFIX]
        return
    if name == "set-cookie":
        yield value.partition(";")[0].partition("=")[2].strip()
        return
    if name == "cookie":
        yield value
        yield from (pair.partition("=")[2].strip().strip('"') for pair in value.split(";"))
        return
    if name in ("x-forwarded-for", "forwarded", "x-real-ip", "true-client-ip", "cf-connecting-ip"):
        for word in re.split(r"[\s;,]+", value):
            address = word.rpartition("=")[2].strip('"')
            if word.lower().startswith(("proto=", "host=", "by=")):
                continue
            yield address
            yield re.sub(r":\d+$", "", address).strip("[]") if address.count(":") == 1 or "]" in address else address
        return
    words = (value, *value.replace(",", " ").split())
    yield from (word for word in words if word.strip().lower() not in _SCHEMES)


def _parameters(ex: Exchange) -> tuple[Parameter, ...]:
    query = parse_form(ex.request.query.encode("utf-8", "surrogatepass")) if ex.request.query else ()
    text = ex.request.json if ex.request.media_type != "application/x-www-form-urlencoded" else None
    return query if text is not None and text.valid else (*query, *ex.request.form)


def _body(text: JsonText | None) -> Iterator[str]:
    if text is None:
        return
    if text.valid:
        yield from _members(text.value)
        return
    for count, match in enumerate(_MEMBER.finditer(text.text)):
        if count == MOST:
            return
        if is_secret_name(match[1]):
            yield match[2]


def _members(value: Any, depth: int = 0) -> Iterator[str]:
    """Values of members with a secret name, and the request of a SAML login."""
    if depth > DEEPEST or not isinstance(value, (dict, list)):
        return
    if isinstance(value, list):
        for item in value[:100]:
            yield from _members(item, depth + 1)
        return
    for name, item in islice(value.items(), 200):
        nested = isinstance(item, (dict, list))
        if is_secret_name(name):
            yield from strings(item, depth)
        elif nested and name == "authenticationRequest" and isinstance(item, dict):
            yield from strings(item.get("request"), depth)
        if nested:
            yield from _members(item, depth + 1)


def _attributes(value: Any, depth: int = 0) -> Iterator[str]:
    """The values of a profile's attributes: what the MVPD tells about the user."""
    if not isinstance(value, dict) or depth > DEEPEST:
        return
    for name, item in islice(value.items(), 200):
        if not isinstance(item, dict):
            continue
        if name == "attributes":
            yield from strings([one.get("value") if isinstance(one, dict) else one for one in item.values()], depth)
        else:
            yield from _attributes(item, depth + 1)


def _unknown(value: Any, depth: int = 0) -> Iterator[str]:
    """Texts of members that AP-Partner-Framework-Status does not have."""
    if isinstance(value, dict) and depth <= DEEPEST:
        for name, item in list(value.items())[:200]:
            yield from _unknown(item, depth + 1) if name in STATUS_NAMES else strings(item)
