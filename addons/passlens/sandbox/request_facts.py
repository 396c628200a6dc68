"""What a request itself says: service provider, partner, mvpd, form parameters, and which device sent it."""

from dataclasses import dataclass

from passlens.exchange.decoded import Decoded
from passlens.exchange.device_key import device_key
from passlens.rest_v2.outcomes import MISSING_PARAMETERS
from passlens.sandbox.response import plain

# Longer than any identifier or address in samples; what is longer counts as not readable.
_MAX_NAME_CHARS = 200
_MAX_ADDRESS_CHARS = 4096

# Sessions keep these texts, and there are many sessions. What is cut is still too long for a name or an address.
_MAX_KEPT_CHARS = _MAX_ADDRESS_CHARS + 1


@dataclass(frozen=True)
class SandboxRequest:
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


def read(ex: Decoded) -> SandboxRequest:
    """The facts of an exchange that has a route; never raises."""
    operation = ex.operation
    form: dict[str, str] = {}
    parameters = [name for name in operation.parameters if name in MISSING_PARAMETERS]
    if parameters:
        form = {name: _kept(ex.form[name]) for name in parameters if ex.form.get(name)}
    provider = ex.partner_status.provider if ex.partner_status is not None else None
    named = ex.path_parameter("mvpd") or form.get("mvpd")
    if named is None and "partner" in (ex.route.parameters if ex.route else {}):
        named = provider
    return SandboxRequest(
        operation.id,
        _kept(ex.request.host),
        _kept(ex.path_parameter("serviceProvider") or ""),
        device_key(ex) or "",
        _plain(ex.path_parameter("code")),
        _plain(ex.path_parameter("partner")),
        _plain(named),
        _plain(provider),
        form,
        tuple(name for name in parameters if name not in form),
    )


def _kept(value: str) -> str:
    return plain(value[:_MAX_KEPT_CHARS])


def _plain(value: str | None) -> str | None:
    return None if value is None else _kept(value)


def is_name(value: str | None) -> bool:
    """True for an identifier as samples have them: printable, without blanks, not a path of its own."""
    if not value or len(value) > _MAX_NAME_CHARS or value in (".", ".."):
        return False
    return value.isprintable() and not any(sign.isspace() or sign in "/\\?#" for sign in value)


def is_address(value: str) -> bool:
    """True for an absolute address a user agent can be sent to: http, https or an app's own scheme.

    Schemes that run or show what stands in the address itself are refused.
    """
    scheme, colon, rest = value.partition(":")
    known = scheme.isascii() and scheme[:1].isalpha() and scheme.replace("+", "").replace("-", "").replace(".", "")
    if not colon or not rest or not known or not known.isalnum() or len(value) > _MAX_ADDRESS_CHARS:
        return False
    if not value.isprintable() or " " in value:
        return False
    if scheme.lower() in ("http", "https"):
        return rest.startswith("//") and len(rest) > 2 and rest[2] not in "/?#:"
    return scheme.lower() not in ("javascript", "data", "vbscript", "file", "blob", "about", "view-source")
