"""What a request itself says: service provider, partner, mvpd, form parameters, and which device sent it.
A device is told by AP-Device-Identifier, else by the bearer token's sub, else by the client address."""

from dataclasses import dataclass
from hashlib import sha256

from passlens.exchange import Exchange
from passlens.sandbox.made import plain

# Longer than any identifier or address in samples; what is longer counts as not readable.
_LONGEST_NAME = 200
_LONGEST_ADDRESS = 4096

# Sessions keep these texts, and there are many sessions. What is cut is still too long for a name or an address.
_LONGEST_KEPT = _LONGEST_ADDRESS + 1


@dataclass(frozen=True)
class Facts:
    """What one request says.

    ``form`` holds the operation's form parameters that have a value, ``missing`` the names of those that have none.
    ``provider`` is the provider id of a partner status. Texts can be written as UTF-8, and are cut.
    """

    operation: str
    host: str
    service_provider: str
    device: str
    code: str | None
    partner: str | None
    mvpd: str | None
    provider: str | None
    form: dict[str, str]
    missing: tuple[str, ...]


def read(ex: Exchange) -> Facts:
    """The facts of an exchange that has a route; never raises."""
    operation = ex.operation
    form: dict[str, str] = {}
    if operation.core and operation.media_type is not None:
        form = {name: _kept(ex.form[name]) for name in operation.parameters if ex.form.get(name)}
    provider = ex.partner_status.provider if ex.partner_status is not None else None
    named = ex.path_parameter("mvpd") or form.get("mvpd")
    if named is None and "partner" in (ex.route.parameters if ex.route else {}):
        named = provider
    return Facts(
        operation.id,
        _kept(ex.request.host),
        _kept(ex.path_parameter("serviceProvider") or ""),
        device_key(ex),
        _plain(ex.path_parameter("code")),
        _plain(ex.path_parameter("partner")),
        _plain(named),
        _plain(provider),
        form,
        tuple(name for name in operation.parameters if name not in form) if operation.core else (),
    )


def _kept(value: str) -> str:
    return plain(value[:_LONGEST_KEPT])


def _plain(value: str | None) -> str | None:
    return None if value is None else _kept(value)


def device_key(ex: Exchange) -> str:
    """A stable key of the device that sent a request. It is a hash, so it can be shown.

    Spellings of one identifier (padding, URL-safe alphabet, quotes) give one key. Where an operation does not carry
    the identifier the bearer token's sub or the client address stands in (journey rules, device_key).
    """
    identifier = ex.device_identifier
    if identifier is not None:
        data = identifier.encoded.data if identifier.encoded is not None else None
        return _hashed("identifier", data if data is not None else _bytes(identifier.raw.strip()))
    claims = ex.bearer.jwt.claims if ex.bearer is not None and ex.bearer.jwt is not None else {}
    subject = claims.get("sub")
    if isinstance(subject, str) and subject:
        return _hashed("token", _bytes(subject))
    return _hashed("address", _bytes(ex.request.client or ""))


def _hashed(what: str, data: bytes) -> str:
    return f"{what}:{sha256(data).hexdigest()}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def is_name(value: str | None) -> bool:
    """True for an identifier as samples have them: printable, without blanks, not a path of its own."""
    if not value or len(value) > _LONGEST_NAME or value in (".", ".."):
        return False
    return value.isprintable() and not any(sign.isspace() or sign in "/\\?#" for sign in value)


def is_address(value: str) -> bool:
    """True for an absolute address a user agent can be sent to: http, https or an app's own scheme.

    Schemes that run or show what stands in the address itself are refused.
    """
    scheme, colon, rest = value.partition(":")
    known = scheme.isascii() and scheme[:1].isalpha() and scheme.replace("+", "").replace("-", "").replace(".", "")
    if not colon or not rest or not known or not known.isalnum() or len(value) > _LONGEST_ADDRESS:
        return False
    if not value.isprintable() or " " in value:
        return False
    if scheme.lower() in ("http", "https"):
        return rest.startswith("//") and len(rest) > 2 and rest[2] not in "/?#:"
    return scheme.lower() not in ("javascript", "data", "vbscript", "file", "blob", "about", "view-source")
