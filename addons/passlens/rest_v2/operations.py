"""The operations of REST API V2 and of Dynamic Client Registration (DCR): method, paths, headers, parameters.
Literal tables; each row can be checked against the operation's own page."""

from typing import Final, Literal, NamedTuple

Presence = Literal["required", "expected", "optional", "conditional"]
"""``required``: the operation's page demands it. ``expected``: another page does (the checklist, a flow).
``conditional``: only with a kind of single sign-on, TempPass or a server-to-server call."""

FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"


class Operation(NamedTuple):
    """One API operation. ``paths`` holds templates below the prefix: the first is the canonical one, the others are
    spellings that a page or a sample shows. ``analogous`` holds spellings that none shows, made after those of a
    sister operation: they are recognised, so that the call is not lost, and nothing else rests on them.
    ``query`` holds parameters of the query string with their presence, ``query_openapi`` those that the OpenAPI file
    alone puts there. ``revision`` is the newest one that changed the content of the operation's page."""

    id: str
    title: str
    method: str
    prefix: str
    paths: tuple[str, ...]
    media_type: str | None
    parameters: tuple[str, ...]
    headers: dict[str, Presence]
    success: tuple[int, ...] = (200,)
    errors: tuple[int, ...] = (400, 401, 405, 500)
    query: dict[str, Presence] = {}
    query_openapi: tuple[str, ...] = ()
    analogous: tuple[str, ...] = ()
    revision: str = "doc-2025-10-30"

    def cite(self, revision: str | None = None) -> str:
        """Words that name the operation's page and a revision of it, the page's newest one if none is given, as the
        ``source`` of a finding."""
        return f"{self.title}, {revision or self.revision}"


Family = Literal["sessions", "authenticate", "configuration", "profiles", "decisions", "logout", "registration"]

FAMILIES: Final[dict[Family, tuple[str, ...]]] = {
    "sessions": ("partner-session", "create-session", "resume-session", "retrieve-session"),
    "authenticate": ("authenticate",),
    "configuration": ("retrieve-configuration",),
    "profiles": ("retrieve-profiles", "retrieve-profile-mvpd", "retrieve-profile-code", "partner-profile"),
    "decisions": ("authorize", "preauthorize"),
    "logout": ("logout",),
    "registration": ("dcr-register", "dcr-token"),
}
"""Operations by what they are about, as the pages group them."""

NEED_BODY: Final = frozenset({"authorize", "preauthorize", "partner-profile", "dcr-register", "dcr-token"})
"""Operations that succeed with a body only; that of ``dcr-token`` may stand in the query."""

API: Final = "/api/v2"
DCR: Final = "/o/client"

_ANY: Final[dict[str, Presence]] = {
    "X-Forwarded-For": "conditional",
    "Accept": "optional",
    "User-Agent": "optional",
}
# On every page but those of configuration, authenticate and registration.
_VISITOR: Final[dict[str, Presence]] = {"AP-Visitor-Identifier": "optional"}
_PLATFORM_SSO: Final[dict[str, Presence]] = {
    "Adobe-Subject-Token": "conditional",
    "X-Roku-Reserved-Roku-Connect-Token": "conditional",
    "AD-Service-Token": "conditional",
}
_DEVICE: Final[dict[str, Presence]] = {"AP-Device-Identifier": "required", "X-Device-Info": "required"}
# The pages of these operations do not list the device headers, the checklist wants them on every call.
_DEVICE_BY_CHECKLIST: Final[dict[str, Presence]] = {"AP-Device-Identifier": "expected", "X-Device-Info": "expected"}
_BEARER: Final[dict[str, Presence]] = {"Authorization": "required"}
_BODY: Final[dict[str, Presence]] = {"Content-Type": "required"}
_PARTNER: Final[dict[str, Presence]] = {"AP-Partner-Framework-Status": "expected"}
_PARTNER_PROFILE: Final[dict[str, Presence]] = {"AP-Partner-Framework-Status": "conditional"}
_TEMPPASS: Final[dict[str, Presence]] = {"AP-TempPass-Identity": "conditional"}
_TEMPPASS_BY_OPENAPI: Final[dict[str, Presence]] = {"AP-TempPass-Identity": "optional"}

OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        "partner-session",
        "Retrieve partner authentication request",
        "POST",
        API,
        ("/{serviceProvider}/sessions/sso/{partner}",),
        FORM,
        ("domainName", "redirectUrl"),
        _BEARER | _BODY | _DEVICE | _PARTNER | _VISITOR | _ANY,
    ),
    Operation(
        "create-session",
        "Create authentication session",
        "POST",
        API,
        ("/{serviceProvider}/sessions",),
        FORM,
        ("mvpd", "domainName", "redirectUrl"),
        _BEARER | _BODY | _DEVICE | _PLATFORM_SSO | _VISITOR | _ANY,
    ),
    Operation(
        "resume-session",
        "Resume authentication session",
        "POST",
        API,
        ("/{serviceProvider}/sessions/{code}",),
        FORM,
        ("mvpd", "domainName", "redirectUrl"),
        _BEARER | _BODY | _DEVICE_BY_CHECKLIST | _VISITOR | _ANY,
        analogous=("/sessions/{serviceProvider}/{code}",),
    ),
    Operation(
        "retrieve-session",
        "Retrieve authentication session using code",
        "GET",
        API,
        ("/{serviceProvider}/sessions/{code}", "/sessions/{serviceProvider}/{code}"),
        None,
        (),
        _BEARER | _DEVICE_BY_CHECKLIST | _VISITOR | _ANY,
    ),
    Operation(
        "authenticate",
        "Perform authentication in user agent",
        "GET",
        API,
        ("/authenticate/{serviceProvider}/{code}",),
        None,
        (),
        {"User-Agent": "optional"},
        success=(302, 200),
        errors=(400, 405, 500),
        revision="doc-2024-10-15",
    ),
    Operation(
        "retrieve-configuration",
        "Retrieve configuration for specific service provider",
        "GET",
        API,
        ("/{serviceProvider}/configuration", "/configuration/{serviceProvider}"),
        None,
        (),
        _BEARER | _DEVICE_BY_CHECKLIST | _ANY,
        query={"profile": "optional"},
    ),
    Operation(
        "retrieve-profiles",
        "Retrieve profiles",
        "GET",
        API,
        ("/{serviceProvider}/profiles",),
        None,
        (),
        _BEARER | _DEVICE | _PLATFORM_SSO | _PARTNER_PROFILE | _VISITOR | _ANY,
    ),
    Operation(
        "retrieve-profile-mvpd",
        "Retrieve profile for specific mvpd",
        "GET",
        API,
        ("/{serviceProvider}/profiles/{mvpd}",),
        None,
        (),
        _BEARER | _DEVICE | _PLATFORM_SSO | _PARTNER_PROFILE | _TEMPPASS | _VISITOR | _ANY,
        errors=(400, 401, 403, 405, 500),
    ),
    Operation(
        "retrieve-profile-code",
        "Retrieve profile for specific code",
        "GET",
        API,
        ("/{serviceProvider}/profiles/code/{code}", "/{serviceProvider}/profiles/{mvpd}/{code}"),
        None,
        (),
        _BEARER | _DEVICE_BY_CHECKLIST | _TEMPPASS | _VISITOR | _ANY,
        errors=(400, 401, 403, 405, 500),
    ),
    Operation(
        "partner-profile",
        "Create and retrieve profile using partner authentication response",
        "POST",
        API,
        ("/{serviceProvider}/profiles/sso/{partner}", "/{serviceProvider}/profiles/sso/{partner}/{mvpd}"),
        FORM,
        ("SAMLResponse",),
        _BEARER | _BODY | _DEVICE | _PARTNER | _VISITOR | _ANY,
        success=(201, 200),
    ),
    Operation(
        "authorize",
        "Retrieve authorization decisions using specific mvpd",
        "POST",
        API,
        (
            "/{serviceProvider}/decisions/authorize/{mvpd}",
            "/{serviceProvider}/decision/authorize/{mvpd}",
            "/{serviceProvider}/decisions/authorize",
            "/{serviceProvider}/decisions",
        ),
        JSON,
        ("resources",),
        _BEARER | _BODY | _DEVICE | _PLATFORM_SSO | _PARTNER_PROFILE | _TEMPPASS | _VISITOR | _ANY,
    ),
    Operation(
        "preauthorize",
        "Retrieve preauthorization decisions using specific mvpd",
        "POST",
        API,
        ("/{serviceProvider}/decisions/preauthorize/{mvpd}",),
        JSON,
        ("resources",),
        # AP-TempPass-Identity stands in the OpenAPI file alone.
        _BEARER | _BODY | _DEVICE | _PLATFORM_SSO | _PARTNER_PROFILE | _TEMPPASS_BY_OPENAPI | _VISITOR | _ANY,
        analogous=("/{serviceProvider}/decision/preauthorize/{mvpd}",),
    ),
    Operation(
        "logout",
        "Initiate logout for specific mvpd",
        "GET",
        API,
        ("/{serviceProvider}/logout/{mvpd}", "/logout/{serviceProvider}/{mvpd}", "/{serviceProvider}/logout"),
        None,
        (),
        _BEARER | _DEVICE | _PLATFORM_SSO | _VISITOR | _ANY,
        query={"redirectUrl": "required"},
    ),
    Operation(
        "dcr-register",
        "Retrieve client credentials",
        "POST",
        DCR,
        ("/register",),
        JSON,
        ("software_statement", "redirect_uri"),
        {"Content-Type": "required", "X-Device-Info": "required", "Accept": "optional", "User-Agent": "optional"},
        success=(201,),
        errors=(400,),
    ),
    Operation(
        "dcr-token",
        "Retrieve access token",
        "POST",
        DCR,
        ("/token",),
        FORM,
        ("client_id", "client_secret", "grant_type"),
        {"Content-Type": "required", "X-Device-Info": "required", "Accept": "optional", "User-Agent": "optional"},
        success=(201,),
        errors=(400,),
        query_openapi=("client_id", "client_secret", "grant_type", "refresh_token"),
    ),
)

BY_ID: Final[dict[str, Operation]] = {operation.id: operation for operation in OPERATIONS}

# Headers of this API alone. One that its operation does not list is worth a note, an ordinary header is not.
API_HEADERS: Final = (
    "AP-Device-Identifier",
    "X-Device-Info",
    "AP-Partner-Framework-Status",
    "Adobe-Subject-Token",
    "X-Roku-Reserved-Roku-Connect-Token",
    "AD-Service-Token",
    "AP-TempPass-Identity",
    "AP-Visitor-Identifier",
)

# Left over from REST API V1 or from early OpenAPI files; no page of V2 lists them.
LEFTOVER_HEADERS: Final = ("AP-SDK-Identifier", "AP-Subject-Token", "AP-Session-Identifier", "pass_sfp")
LEFTOVER_PARAMETERS: Final = ("device_info", "ap_vi")

# Hosts the OpenAPI file and the pages name. Operations are recognised on any host; these are for defaults only.
HOSTS: Final = (
    "sp.auth.adobe.com",
    "sp.auth-staging.adobe.com",
    "sp-prequal.auth.adobe.com",
    "sp-prequal.auth-staging.adobe.com",
    "api.auth.adobe.com",
    "sp-preprod.auth.adobe.com",
)

HOST_DOMAINS: Final = (".auth.adobe.com", ".auth-staging.adobe.com")
"""Domains whose hosts are all of Adobe Pass Authentication."""


def is_api_host(host: str) -> bool:
    """True for a host of Adobe Pass Authentication, named on a page or of its domains; ``host`` is in lower case."""
    return host in HOSTS or host.endswith(HOST_DOMAINS)


# Concurrency Monitoring has /v2/sessions paths of its own.
FOREIGN_HOSTS: Final = ("streams.adobeprimetime.com", "streams-stage.adobeprimetime.com")
