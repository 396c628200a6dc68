"""What may be shown: one table for headers, parameters, JSON members, user metadata and token claims. Redaction,
reports, clean copies, decode and the log read it; whatever it does not list is hidden, or searched for secrets where it
stands in a free text. Names are compared without separators and letter case where secrets are known by them.

``public``   shown as it is, searched for secrets of other places
``nested``   holds more than one thing: looked into, member by member or as a URL
``secret``   lets its holder in, or proves who somebody is: never shown
``personal`` says who somebody is, or which device: never shown
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from passlens.rest_v2.routing import Route

Kind = Literal["public", "nested", "secret", "personal"]
Rows = Mapping[str, Kind]


def _rows(*, public: str = "", nested: str = "", secret: str = "", personal: str = "") -> Rows:
    found: dict[str, Kind] = {}
    for kind, names in (("public", public), ("nested", nested), ("secret", secret), ("personal", personal)):
        found |= dict.fromkeys(names.split(), kind)  # type: ignore[arg-type]
    return MappingProxyType(found)


_ADDRESSES: Final = """
    x-forwarded-for forwarded x-real-ip true-client-ip cf-connecting-ip x-client-ip x-cluster-client-ip
    fastly-client-ip x-original-forwarded-for x-remote-ip x-remote-addr cf-connecting-ipv6 x-envoy-external-address
    client-ip"""

HEADERS: Final = _rows(
    public="""
        accept accept-charset accept-encoding accept-language access-control-allow-origin age allow cache-control
        connection content-encoding content-language content-length content-type date expires host keep-alive
        last-modified pragma retry-after server strict-transport-security transfer-encoding upgrade user-agent vary
        www-authenticate x-passlens""",
    nested="x-device-info ap-partner-framework-status location origin",
    secret="""
        authorization proxy-authorization cookie set-cookie ad-service-token adobe-subject-token ap-subject-token
        x-roku-reserved-roku-connect-token authentication x-authentication x-auth session-id x-session-id
        x-session-identifier""",
    personal=f"""
        ap-device-identifier ap-temppass-identity ap-visitor-identifier ap-session-identifier
        ap-sdk-identifier pass_sfp {_ADDRESSES}""",
)
"""Headers by lower-case name. Values of others are hidden in reports and free text in clean copies."""

ADDRESSES: Final = frozenset(_ADDRESSES.split())
"""Personal headers that hold client addresses."""

ValueForm = Literal[
    "credentials", "identifier", "identity", "device info", "partner status", "cookie", "set-cookie", "addresses",
    "secret", "product", "url", "text",
]  # fmt: skip

FORMS: Final[Mapping[str, ValueForm]] = MappingProxyType({
    "authorization": "credentials", "proxy-authorization": "credentials",
    "authentication": "credentials", "x-authentication": "credentials", "x-auth": "credentials",
    "ap-device-identifier": "identifier", "ap-temppass-identity": "identity",
    "x-device-info": "device info", "ap-partner-framework-status": "partner status",
    "cookie": "cookie", "set-cookie": "set-cookie",
    "user-agent": "product", "server": "product", "x-powered-by": "product", "x-user-agent": "product",
    "location": "url", "referer": "url", "content-location": "url", "refresh": "url", "link": "url", "origin": "url",
    **dict.fromkeys(ADDRESSES, "addresses"),
})  # fmt: skip
"""What a header's value is made of, where a copy keeps more of it than a report. In a ``product`` four numbers are a
version rather than an address."""


PARAMETERS: Final = _rows(
    public="""
        mvpd domain domainName redirectUrl noflash mso_id requestor_id no_iframe domain_name redirect_url grant_type
        code resources redirect_uri profile serviceProvider partner""",
    secret="client_id client_secret software_statement SAMLResponse",
    personal="device_info ap_vi",
)
"""Parameters of forms and queries. Values of others are hidden."""

NAMES: Final = _rows(
    secret="""
        samlresponse samlrequest softwarestatement clientid clientsecret assertion authorization cookie auth xauth
        authkey sid sessid jsessionid phpsessid""",
    personal="""
        deviceinfo apvi deviceid deviceidentifier email connectionip ipaddress userid upstreamuserid householdid
        primaryoid zip encryptedzip nameid visitorid ecid clientip remoteip sourceip userip remoteaddr ip phone
        phonenumber firstname lastname fullname username login street zipcode postalcode birthdate dateofbirth accountid
        accountnumber subscriberid customerid userguid profileid""",
)
"""Names, without separators and in lower case, by which a secret is known wherever it stands: in parameters, members of
any object, claims. Those that end in one of ``ENDS`` are secrets as well."""

ENDS: Final = (
    "token", "secret", "password", "passwd", "passcode", "apikey", "secretkey", "privatekey", "accesskey", "jwt",
    "credential", "credentials", "passphrase", "pwd",
)  # fmt: skip

CLAIMS: Final = _rows(
    public="iss scopes scope aud alg typ iat nbf exp",
    personal="sub",
)
"""Header and claims of a token. A token's lifetime is shown, the token and whom it is for are not."""

DEVICE_INFO: Final = _rows(
    public="""
        primaryHardwareType model version manufacturer vendor osName osFamily osVendor osVersion browserName
        browserVendor browserVersion userAgent displayWidth displayHeight displayPpi diagonalScreenSize connectionPort
        connectionType connectionSecure applicationId type""",
    personal="connectionIp",
)
"""Members of X-Device-Info."""

PARTNER_STATUS: Final = _rows(
    public="accessStatus id expirationDate error code message",
    nested="frameworkPermissionInfo frameworkProviderInfo",
)
"""Members of AP-Partner-Framework-Status."""

USER_METADATA: Final = _rows(
    public="mvpd expiration_date remaining_resources used_assets",
    personal="""
        userID userId upstreamUserID householdID householdId primaryOID typeID is_hoh hba_status allowMirroring zip
        encryptedZip channelID maxRating language onNet inHome parental-controls""",
)
"""User metadata in ``attributes`` of a profile: what it says of the access is public, what of the person is not."""

_SESSION: Final = """
    actionName actionType reasonType url code sessionId mvpd serviceProvider notBefore notAfter missingParameters"""

_SESSION_OBJECTS: Final = "authenticationRequest existingParameters parameters device"
_LISTS: Final = "profiles decisions errors logouts requestor"

BODIES: Final[Mapping[str, Rows]] = {
    "create-session": _rows(public=_SESSION, nested=_SESSION_OBJECTS),
    "resume-session": _rows(public=_SESSION, nested=_SESSION_OBJECTS),
    "partner-session": _rows(public=_SESSION, nested=_SESSION_OBJECTS),
    "retrieve-session": _rows(
        public="notBefore notAfter missingParameters missing", nested="existingParameters existing parameters device"
    ),
    "retrieve-configuration": _rows(
        public="device clientType os time platformCategory sdkType platform", nested="errorReporting requestor"
    ),
    "authorize": _rows(public="resources"),
    "preauthorize": _rows(public="resources"),
    "dcr-register": _rows(
        public="client_id_issued_at redirect_uris grant_types scopes",
        secret="client_id client_secret software_statement",
    ),
    "dcr-token": _rows(
        public="created_at expires_in token_type grant_type",
        secret="id access_token refresh_token client_id client_secret",
    ),
}
"""Members of the outermost object of a request or a response, by operation; those of ``ERRORS`` and the objects below
may stand in any."""

ERRORS: Final = _rows(public="action status code message details helpUrl trace error error_description", nested=_LISTS)

_VERSION: Final = _rows(public="major minor patch profile")
_ERROR: Final = _rows(public="action status code message details helpUrl trace")
_TIMES: Final = "notBefore notAfter"

MEMBERS: Final[Mapping[str, Rows]] = {
    "authenticationRequest": _rows(public="type attributesNames", secret="request"),
    "parameters": _rows(public="missing", nested="existing"),
    "existing": PARAMETERS,
    "existingParameters": PARAMETERS,
    "device": _rows(public="type model", nested="version hardware operatingSystem browser display connection"),
    "version": _VERSION,
    "hardware": _rows(public="name vendor manufacturer", nested="version"),
    "operatingSystem": _rows(public="name family vendor", nested="version"),
    "browser": _rows(public="name vendor userAgent originalUserAgent", nested="version"),
    "display": _rows(public="width height ppi name vendor diagonalSize"),
    "connection": _rows(public="port secure type", personal="ipAddress"),
    "profiles": _rows(),
    "profiles/*": _rows(public=f"{_TIMES} issuer type sessionId", nested="attributes"),
    "attributes": _rows(),
    "attributes/*": _rows(public="state", personal="value"),
    "attributes/public": _rows(public="state value"),
    "decisions": _rows(
        public=f"resource serviceProvider mvpd source authorized {_TIMES}", nested="token error"
    ),
    "token": _rows(public=f"{_TIMES} issuedAt", secret="serializedToken"),
    "error": _ERROR,
    "errors": _ERROR,
    "logouts": _rows(),
    "logouts/*": _rows(public="actionName actionType url mvpd"),
    "requestor": _rows(public="id name displayName channels", nested="domains mvpds"),
    "domains": _rows(public="name"),
    "mvpds": _rows(
        public="""
            id displayName logoUrl isTempPass isProxy boardingStatus platformMappingId enablePlatformServices
            displayInPlatformPicker enforcePlatformPermissions authPerAggregator passiveAuthnEnabled
            authPerBrowserSession requiredMetadataFields"""
    ),
}  # fmt: skip
"""Members of inner objects, by the member that holds them; a ``*`` stands for names that are not fixed, of MVPDs and of
user metadata. Objects in members that are not listed here are hidden as a whole. Cookies have no table: the values of
all are secret."""


Shown = Literal["plain", "text", "sentences", "host", "target", "secret", "device info", "partner status", "nested"]

ENTRY: Final[Mapping[str, Mapping[str, Shown]]] = {
    "entry": {
        "index": "plain", "file": "plain", "started": "plain", "duration_ms": "plain", "operation": "plain",
        "method": "text", "host": "host", "path": "target", "service_provider": "text", "partner": "text",
        "code": "text", "mvpd": "text", "status": "plain", "outcome": "plain", "error": "text", "action": "nested",
        "results": "nested", "more_results": "plain", "device": "nested", "partner_framework_status": "partner status",
        "injected": "nested", "diagnosis": "sentences", "next": "plain", "findings": "nested",
    },
    "action": {"name": "text", "type": "text", "reason": "text"},
    "device": {"info": "device info", "identifier": "secret", "key": "plain"},
    "injected": {"scenario": "text", "rule": "text", "how": "text"},
    "results": {
        "kind": "plain", "row": "plain", "mvpd": "text", "type": "text", "issuer": "text", "not_after": "plain",
        "resource": "text", "authorized": "plain", "source": "text", "error": "text", "token_not_after": "plain",
        "action": "text", "mvpds": "plain", "to": "plain",
    },
    "findings": {
        "code": "plain", "name": "plain", "severity": "plain", "side": "plain", "at": "text", "expected": "text",
        "actual": "text", "message": "text", "basis": "plain", "source": "plain", "related": "plain",
    },
}  # fmt: skip
"""Members of an entry, and of the objects in it by the member that holds them. ``plain`` ones are passlens' own words,
numbers, times and hashes; ``text`` and ``sentences`` may repeat what was sent and are searched, a ``target`` shows no
value of its query, a ``secret`` is a pseudonym. What is not listed is a secret."""


def public(rows: Rows) -> frozenset[str]:
    """The names of a table whose values are shown."""
    return frozenset(name for name, kind in rows.items() if kind == "public")


def hidden(rows: Rows) -> frozenset[str]:
    """The names of a table whose values are never shown."""
    return frozenset(name for name, kind in rows.items() if kind in ("secret", "personal"))


SECRET_HEADERS: Final = hidden(HEADERS)
_HIDDEN_MEMBERS: Final = {operation: hidden(rows) for operation, rows in BODIES.items()}
PUBLIC_PARAMETERS: Final = public(PARAMETERS)
PUBLIC_CLAIMS: Final = public(CLAIMS)
PUBLIC_METADATA: Final = public(USER_METADATA)
STATUS_NAMES: Final = frozenset(PARTNER_STATUS)
DEVICE_INFO_NAMES: Final = frozenset(DEVICE_INFO)

_TAIL: Final = 64
"""Last characters of a name that decide; the longest listed one has 24."""

SET_COOKIES: Final = re.compile(r"([\r\n]+|,(?=[^;,=]{1,200}=))")
"""What stands between cookies where a recorder joined several Set-Cookie headers: Chrome and Firefox by a line end,
clients that keep one value for each name by a comma."""


def is_secret_name(name: str) -> bool:
    """True for names of parameters and members whose values are secret or personal wherever they stand."""
    return _ends_secret(name[-_TAIL:])


def header_form(name: str) -> ValueForm:
    """What the value of a header is made of; ``text`` for one that nobody lists. Servers that record write names as
    their environment has them.

    >>> header_form("X-Own-Client-IP"), header_form("HTTP_X_AUTH_TOKEN"), header_form("Accept")
    ('addresses', 'secret', 'text')
    """
    name = name.lower()
    if name not in FORMS and name not in SECRET_HEADERS:
        name = name.replace("_", "-").removeprefix("http-")
    if name in FORMS:
        return FORMS[name]
    if name.endswith(("-ip", "-remote-addr")):
        return "addresses"
    if name in SECRET_HEADERS or is_secret_name(name) or is_secret_name(name.removeprefix("x-")):
        return "secret"
    return "product" if name.startswith("sec-ch-ua") else "text"


def hidden_members(route: Route | None) -> frozenset[str]:
    """Members of the outermost object of the bodies that are never shown, whatever their names say elsewhere."""
    return _HIDDEN_MEMBERS.get(route.operation.id, frozenset()) if route is not None else frozenset()


def is_hidden_member(holder: str, name: str) -> bool:
    """True for a member that the table hides in the object that holds it, whatever its name says elsewhere."""
    return MEMBERS.get(holder, {}).get(name) in ("secret", "personal")


@lru_cache(maxsize=4096)
def _ends_secret(tail: str) -> bool:
    plain = re.sub(r"[-_ ]", "", tail).lower()
    return plain in NAMES or plain.endswith(ENDS)
