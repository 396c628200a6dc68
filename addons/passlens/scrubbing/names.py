"""Which names hold secrets, which are public, and which words are never taken for a secret.
Builds on passlens.secrets, whose places redaction hides; a copy that is sent on hides some more."""

from typing import Final

from passlens.secret_names import SECRET_HEADERS, STATUS_NAMES, is_secret_name
from passlens.spec import outcomes
from passlens.spec.device_info import KEYS, NAMES
from passlens.spec.errors import ACTIONS, CODES
from passlens.spec.operations import OPERATIONS

ADDRESS_HEADERS: Final = frozenset(
    {
        "x-forwarded-for", "forwarded", "x-real-ip", "true-client-ip", "cf-connecting-ip", "x-client-ip",
        "x-cluster-client-ip", "fastly-client-ip", "x-original-forwarded-for", "x-remote-ip", "x-remote-addr",
        "cf-connecting-ipv6", "x-envoy-external-address", "client-ip",
    }
)  # fmt: skip

URL_HEADERS: Final = frozenset({"location", "referer", "content-location", "refresh", "link", "origin"})

_PERSONAL: Final = frozenset(
    {
        "clientip", "remoteip", "sourceip", "userip", "remoteaddr", "ip", "phone", "phonenumber", "firstname",
        "lastname", "fullname", "username", "login", "street", "zip", "zipcode", "postalcode", "birthdate",
        "dateofbirth", "accountid", "accountnumber", "subscriberid", "customerid", "userguid", "profileid",
    }
)  # fmt: skip


def is_secret(name: str) -> bool:
    """True for names of parameters and members whose values are secret or personal wherever they stand."""
    return is_secret_name(name) or name.lower().replace("_", "").replace("-", "") in _PERSONAL


PARAMETERS: Final = frozenset(
    name
    for operation in OPERATIONS
    for name in (
        *operation.parameters, "mvpd", "domain", "domainName", "redirectUrl", "noflash", "mso_id", "requestor_id",
        "no_iframe", "domain_name", "redirect_url", "grant_type", "code",
    )
    if not is_secret(name)
)  # fmt: skip
"""Parameters of forms and queries whose values are shown; those of all others are secrets."""

DEVICE_INFO: Final = frozenset({*NAMES, "type"})

SCHEMES: Final = frozenset({"bearer", "bearer:", "basic", "digest", "fingerprint", "uuid", "token", "deviceid"})
"""Words before a secret in a header."""

VOCABULARY: Final = frozenset(
    word.lower()
    for word in (
        *outcomes.ATTRIBUTES, *outcomes.EVERY_REASON_TYPE, *outcomes.ACTION_TYPES, *STATUS_NAMES, *DEVICE_INFO,
        *ACTIONS, *SCHEMES, *SECRET_HEADERS, *PARAMETERS,
        *(code.code for code in CODES),
        *(name for names in outcomes.ACTION_NAMES.values() for name in names),
        *(str(value) for key in KEYS for value in key.values or ()),
        *(name for operation in OPERATIONS for name in operation.headers),
        *(segment for operation in OPERATIONS for path in operation.paths for segment in path.split("/")),
        "application/json", "application/x-www-form-urlencoded", "charset=utf-8", "sp.auth.adobe.com", "auth.adobe.com",
        "samlresponse", "samlrequest", "software_statement", "client_id", "client_secret", "access_token",
        "existingparameters", "missingparameters", "attributes", "profiles", "decisions", "device_id", "device_info",
        "notbefore", "notafter", "message", "password", "authorization", "unknown", "example.com", "identity",
        "redirect_uris", "grant_types", "refresh_token", "token_type", "client_credentials", "expires_in",
        "created_at", "nameid", "issuer", "assertion", "frameworkproviderinfo",
    )
)  # fmt: skip
"""Words of the API itself, which no secret may black out."""


def header_kind(name: str) -> str:
    """How the value of a header is scrubbed: the name of a rule of passlens.scrubbing.headers."""
    name = name.lower()
    rules = {
        "x-device-info": "device-info", "ap-partner-framework-status": "partner-status", "cookie": "cookie",
        "ap-device-identifier": "identifier", "set-cookie": "set-cookie", "authorization": "credentials",
        "proxy-authorization": "credentials", "ap-temppass-identity": "identity",
    }  # fmt: skip
    if name in rules:
        return rules[name]
    if name in ADDRESS_HEADERS or name.endswith(("-ip", "-remote-addr")):
        return "addresses"
    if name in SECRET_HEADERS or is_secret(name) or is_secret(name.removeprefix("x-")):
        return "secret"
    return "url" if name in URL_HEADERS else "free"


def keeps_device_info(path: tuple[str, ...]) -> bool:
    """True for members of X-Device-Info that may be shown."""
    return len(path) == 1 and path[0] in DEVICE_INFO and not is_secret(path[0])


def keeps_partner_status(path: tuple[str, ...]) -> bool:
    """True for members of AP-Partner-Framework-Status that may be shown."""
    return bool(path) and all(name in STATUS_NAMES for name in path)


def keeps_body(path: tuple[str, ...]) -> bool:
    """True for members of a body that may be shown once the secrets of the file are replaced in them."""
    name: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    if "attributes" in path:
        at = path.index("attributes") + 1
        path, name, state = path[:at], path[at : at + 1], path[at + 1 :]
    if any(map(is_secret, (*path, *state))) or path[-2:] == ("authenticationRequest", "request"):
        return False
    if name:
        # The name of an attribute says that its value is personal, not that its state is.
        return bool(state) and state[0] != "value"
    for holder in ("existingParameters", "existing"):
        if holder in path[:-1]:
            return path[path.index(holder) + 1] in (*PARAMETERS, "serviceProvider", "partner")
    return True


def keeps_nothing(_: tuple[str, ...]) -> bool:
    """For texts that are secrets as a whole."""
    return False
