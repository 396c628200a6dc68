"""The secrets of one exchange: what its secret places hold, what stands inside that (JWT, SAML, Base64, JSON), and how
else it may be spelt. The redactor replaces all of these wherever they turn up again."""

import base64
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, quote_plus

from passlens.exchange import MAX_HEADER, Exchange, Message, Parameter, parse_form
from passlens.spec.decoding import JsonText, decode_base64, decode_encoded_json, decode_json
from passlens.spec.device_info import NAMES

SECRET_HEADERS: Final = frozenset(
    {
        "authorization", "proxy-authorization", "cookie", "set-cookie", "ap-device-identifier", "ap-temppass-identity",
        "ap-visitor-identifier", "ad-service-token", "adobe-subject-token", "x-roku-reserved-roku-connect-token",
        "x-forwarded-for", "forwarded", "x-real-ip", "true-client-ip", "cf-connecting-ip",
    }
)  # fmt: skip

_NAMES: Final = frozenset(
    {
        "samlresponse", "samlrequest", "softwarestatement", "clientid", "clientsecret", "deviceinfo", "apvi",
        "deviceid", "deviceidentifier", "email", "password", "assertion", "connectionip", "ipaddress", "userid",
        "upstreamuserid", "householdid", "nameid", "visitorid", "ecid", "authorization", "cookie",
    }
)  # fmt: skip
_NAME_ENDS: Final = ("token", "secret", "password", "passcode", "apikey")

SHORTEST: Final = 6
"""Secrets shorter than this are not searched for in other text: they would match by chance."""

MOST: Final = 500
"""Secrets of one exchange that are kept; documented ones have a dozen, the largest profile some dozens."""

PREFIX: Final = 64
"""Characters by which a longer secret is recognised, for texts are cut."""

DEEPEST: Final = 8
"""Levels of a JSON value that are looked into; documented bodies have 5."""

# Claims that say nothing about a device or a person.
PUBLIC_CLAIMS: Final = frozenset({"iss", "scopes", "scope", "aud", "alg", "typ", "iat", "nbf", "exp"})

STATUS_NAMES: Final = frozenset(
    {
        "frameworkPermissionInfo", "accessStatus", "frameworkProviderInfo", "id", "expirationDate",
        "error", "code", "message",
    }
)  # fmt: skip
"""Members of AP-Partner-Framework-Status; values of others may be anything."""

_PUBLIC_PARAMETERS: Final = ("mvpd", "domain", "domainName", "redirectUrl", "noflash", "mso_id", "requestor_id",
                             "no_iframe", "domain_name", "redirect_url", "grant_type")  # fmt: skip

_SCHEMES: Final = frozenset({"bearer", "bearer:", "basic", "fingerprint", "token"})
_MEMBER: Final = re.compile(r'"([^"\\]{1,64})"\s{0,64}:\s{0,64}"([^"\\]{6,})')
_XML_TEXT: Final = re.compile(r"<(?:\w+:)?(?:NameID|AttributeValue|SessionIndex)\b[^<>]{0,400}>([^<]{6,400})<")
_WORD: Final = re.compile(r"[A-Za-z]?[a-z]{0,11}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")


def is_secret_name(name: str) -> bool:
    """True for names of parameters and members whose values are secrets wherever they stand."""
    plain = re.sub(r"[-_ ]", "", name).lower()
    return plain in _NAMES or plain.endswith(_NAME_ENDS)


def plain_identifier(ex: Exchange, raw: str) -> str:
    """The device identifier in its canonical spelling, so that one device has one pseudonym however it encodes."""
    found = ex.device_identifier
    if found is None or found.encoded is None or found.encoded.data is None:
        return raw
    return f"{found.type} {base64.b64encode(found.encoded.data).decode('ascii')}"


def find_secrets(ex: Exchange) -> dict[str, str]:
    """Every spelling of every secret, in lower case, with the secret that it stands for."""
    found: dict[str, str] = {}
    for number, (secret, owner) in enumerate(_all(ex)):
        if number == MOST:
            break
        for spelling in _spellings(secret):
            if len(spelling) >= SHORTEST:
                found.setdefault(spelling[:PREFIX].lower(), owner)
    return found


def _all(ex: Exchange) -> Iterator[tuple[str, str]]:
    """Secrets, each with the one its pseudonym is made of. Each kind of place once: a large body must not push out
    the headers."""
    identifier = ex.request.header("AP-Device-Identifier")
    if identifier is not None and len(identifier) <= MAX_HEADER:
        canonical = plain_identifier(ex, identifier)
        parts = (identifier, *identifier.split(), canonical.partition(" ")[2])
        yield canonical, canonical
        yield from ((part, canonical) for part in (*parts, *_inside_all(parts)) if part.lower() not in _SCHEMES)
    seen, public = set(), _public(ex)
    for secret in _whole(ex):
        inside = (part for part in _inside(secret) if part not in public)
        for part in (secret, *inside):
            if part not in seen:
                seen.add(part)
                yield part, part
    for secret in _loose(ex):
        # A plain word is no secret worth looking for elsewhere, and would black out words of messages.
        if secret not in public and secret not in seen and not _WORD.fullmatch(secret):
            seen.add(secret)
            yield secret, secret


def _whole(ex: Exchange) -> Iterator[str]:
    """Values that are secrets because of the place they stand in."""
    if ex.request.client:
        yield ex.request.client
    for message in _messages(ex):
        for name, value in message.headers:
            if name.lower() in SECRET_HEADERS:
                yield from _header(name.lower(), value)
    if ex.device_info is not None:
        yield from _members(ex.device_info.shown)
    for parameter in _parameters(ex):
        if is_secret_name(parameter.name):
            yield from (parameter.value, parameter.raw)
    for message in _messages(ex):
        yield from _body(message.json)


def _loose(ex: Exchange) -> Iterator[str]:
    """Values of members and parameters that nobody lists, and of the query of a redirectUrl: they may be anything."""
    if ex.device_info is not None:
        yield from _strings({key: item for key, item in ex.device_info.shown.items() if key not in NAMES})
    if ex.partner_status is not None:
        yield from _unknown(ex.partner_status.shown)
    values = list(_parameters(ex))
    targets = [item.value for item in values if "?" in item.value]
    if ex.body is not None:
        existing = ex.shape.existing if ex.shape is not None else {}
        targets += [text for text in (existing.get("redirectUrl"), ex.body.get("url")) if isinstance(text, str)]
        yield from _attributes(ex.body)
    for target in targets[:20]:
        values += parse_form(target.partition("?")[2].partition("#")[0].encode("utf-8", "surrogatepass"))
    known = (*ex.operation.parameters, *_PUBLIC_PARAMETERS)
    for item in values[:MOST]:
        if item.name not in known:
            yield from (item.value, item.raw)


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


def _messages(ex: Exchange) -> tuple[Message, ...]:
    return (ex.request,) if ex.answer is None else (ex.request, ex.answer)


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
    query = parse_form(ex.request.query.encode("utf-8", "surrogatepass"))
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
    for name, item in list(value.items())[:200]:
        if is_secret_name(str(name)):
            yield from _strings(item, depth)
        elif name == "authenticationRequest" and isinstance(item, dict):
            yield from _strings(item.get("request"), depth)
        yield from _members(item, depth + 1)


def _attributes(value: Any, depth: int = 0) -> Iterator[str]:
    """The values of a profile's attributes: what the MVPD tells about the user."""
    if not isinstance(value, dict) or depth > DEEPEST:
        return
    for name, item in list(value.items())[:200]:
        if name == "attributes" and isinstance(item, dict):
            yield from _strings([one.get("value") if isinstance(one, dict) else one for one in item.values()], depth)
        else:
            yield from _attributes(item, depth + 1)


def _strings(value: Any, depth: int = 0) -> Iterator[str]:
    """All texts and numbers of a JSON value, names left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**20:
        yield str(value)
    elif isinstance(value, (dict, list)) and depth <= DEEPEST:
        for item in list(value.values() if isinstance(value, dict) else value)[:100]:
            yield from _strings(item, depth + 1)


def _unknown(value: Any, depth: int = 0) -> Iterator[str]:
    """Texts of members that AP-Partner-Framework-Status does not have."""
    if isinstance(value, dict) and depth <= DEEPEST:
        for name, item in list(value.items())[:200]:
            yield from _unknown(item, depth + 1) if name in STATUS_NAMES else _strings(item)


# ---- inside a secret


def _inside_all(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        yield from _inside(value)


def _inside(secret: str, depth: int = 0) -> Iterator[str]:
    """What a secret holds when it is a JWT, or Base64 over text, JSON or XML."""
    if depth > 2 or not SHORTEST <= len(secret) <= MAX_HEADER:
        return
    if secret.count(".") in (2, 4) and not any(mark in secret for mark in " @:/"):
        for part in secret.split(".")[:2]:
            text = decode_json(decode_base64(part).data or b"")
            claims = text.value if isinstance(text.value, dict) else text.salvaged
            yield from _strings({key: item for key, item in claims.items() if key not in PUBLIC_CLAIMS})
        return
    if secret.startswith("{"):
        yield from _strings(decode_encoded_json(secret).shown)
        return
    yield from _XML_TEXT.findall(secret)[:100]
    data = decode_base64(secret).data if _BASE64.fullmatch(secret) or "%" in secret else None
    if not data:
        return
    if len(data) <= PREFIX:
        yield data.hex()
    try:
        text_inside = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    if text_inside.isprintable() or "<" in text_inside or "{" in text_inside:
        yield text_inside.strip()
        yield from _inside(text_inside.strip(), depth + 1)


@lru_cache(maxsize=4096)
def _spellings(secret: str) -> tuple[str, ...]:
    """A secret as it is, percent-encoded, in Base64 and as hexadecimal digits. Cached: a device repeats its own."""
    short = secret[: 2 * PREFIX]
    data = short.encode("utf-8", "surrogatepass")
    escaped = quote(data, safe="")
    plain = (short, escaped, quote_plus(data), quote(escaped, safe=""), data.hex())
    # A cut secret has other last digits; whole groups of three bytes are the same in any case.
    data = data if len(secret) <= len(short) else data[: len(data) // 3 * 3]
    encoded = (base64.b64encode(data), base64.urlsafe_b64encode(data))
    return (*plain, *(text.decode("ascii").rstrip("=") for text in encoded))
