"""The truth table of the sessions answers: which attributes and which url go with which action, type and reason.
One literal table that models, checks and everything that makes answers use; ids as in the API's fact base."""

from typing import Any, Final, Literal, NamedTuple
from urllib.parse import unquote

ATTRIBUTES: Final = (
    "actionName",
    "actionType",
    "reasonType",
    "missingParameters",
    "url",
    "code",
    "authenticationRequest",
    "sessionId",
    "mvpd",
    "serviceProvider",
    "notBefore",
    "notAfter",
)

Rests = Literal["prose", "sample", "inferred"]

UNCONFIRMED: Final = "unconfirmed"


class AttributeSet(NamedTuple):
    """Which attributes beside the action an answer has. Every other attribute is absent (samples); ``optional`` ones
    may be there."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


class OutcomeRow(NamedTuple):
    """One documented answer. ``reason`` is None where the revision had no reasonType. ``urls`` are templates: the
    first is the canonical one, more stand in old rows only. ``until`` None means current, ``UNCONFIRMED`` announced in
    release notes and never shown by a page. ``rests`` is the basis of
    attributes and url; the action, type and reason of a row are prose but for C7."""

    id: str
    operation: str
    action: str
    type: str
    reason: str | None
    form: AttributeSet
    urls: tuple[str, ...]
    rests: Rests
    since: str
    until: str | None = None

    @property
    def current(self) -> bool:
        """True for rows of the documentation's head."""
        return self.until is None

    @property
    def old(self) -> bool:
        """True for rows of earlier revisions."""
        return self.until not in (None, UNCONFIRMED)

    @property
    def followed_by(self) -> tuple[str, ...]:
        """What an app calls next, the main line first: after a fallback of a partner session it polls as well."""
        falls_back = self.operation == "partner-session" and self.action == "authenticate"
        return (*NEXT.get(self.action, ()), *(("retrieve-profile-code",) if falls_back else ()))

    @property
    def required(self) -> tuple[str, ...]:
        """Attributes that are there, in the order of the documentation."""
        named = {"actionName", "actionType", "reasonType"} if self.reason else {"actionName", "actionType"}
        return tuple(name for name in ATTRIBUTES if name in named or name in self.form.required)

    @property
    def absent(self) -> tuple[str, ...]:
        """Attributes that no sample of the row has."""
        return tuple(name for name in ATTRIBUTES if name not in self.required and name not in self.form.optional)


_ID: Final = ("sessionId", "serviceProvider")
_CODE: Final = ("url", "code", "notBefore", "notAfter", *_ID)

AUTHENTICATE: Final = AttributeSet(("mvpd", *_CODE))
FALLBACK: Final = AttributeSet(_CODE, optional=("mvpd",))
MISSING: Final = AttributeSet(("missingParameters", *_CODE), optional=("mvpd",))
AUTHORIZE: Final = AttributeSet(("url", "mvpd", *_ID))
PARTNER: Final = AttributeSet(("url", "mvpd", "authenticationRequest", *_ID))

# Forms of earlier revisions: no validity times yet, a code also with authorize.
OLD_AUTHENTICATE: Final = AttributeSet(("url", "code", "mvpd", *_ID))
OLD_AUTHENTICATE_TIMES: Final = AttributeSet(OLD_AUTHENTICATE.required, optional=("notBefore", "notAfter"))
OLD_CREATE_RESUME: Final = AttributeSet(("url", "code", "missingParameters", *_ID), optional=("mvpd",))
OLD_MISSING: Final = AttributeSet(("url", "code", "missingParameters", "mvpd", *_ID))
OLD_MISSING_TIMES: Final = AttributeSet(("missingParameters", "mvpd", *_CODE))

TO_AUTHENTICATE: Final = ("/api/v2/authenticate/{serviceProvider}/{code}",)
TO_RESUME: Final = ("/api/v2/{serviceProvider}/sessions/{code}",)
TO_AUTHORIZE: Final = ("/api/v2/{serviceProvider}/decisions/authorize/{mvpd}",)
TO_PARTNER_PROFILE: Final = ("/api/v2/{serviceProvider}/profiles/sso/{partner}",)
V2_AUTHENTICATE: Final = (*TO_AUTHENTICATE, "/v2/authenticate/{serviceProvider}/{code}")
V2_RESUME: Final = (*TO_RESUME, "/v2/{serviceProvider}/sessions/{code}")

ROWS: Final[tuple[OutcomeRow, ...]] = (
    # id, operation, actionName, actionType, reasonType, form, url, rests on, since, until
    OutcomeRow("C1", "create-session", "authenticate", "interactive", "none", AUTHENTICATE, TO_AUTHENTICATE, "sample", "doc-2025-01-27"),
    OutcomeRow("C2", "create-session", "resume", "direct", "none", MISSING, TO_RESUME, "sample", "doc-2025-01-27"),
    OutcomeRow("C3", "create-session", "authorize", "direct", "authenticated", AUTHORIZE, TO_AUTHORIZE, "sample", "doc-2025-01-27"),
    OutcomeRow("C4", "create-session", "authorize", "direct", "temporary", AUTHORIZE, TO_AUTHORIZE, "sample", "doc-2025-01-27"),
    OutcomeRow("C5", "create-session", "authorize", "direct", "degraded", AUTHORIZE, TO_AUTHORIZE, "sample", "doc-2025-01-27"),
    OutcomeRow("C6", "create-session", "authorize", "direct", "authenticatedSSO", AUTHORIZE, TO_AUTHORIZE, "inferred", "doc-2025-01-27"),
    OutcomeRow("C7", "create-session", "resume", "direct", "missing_parameters_fallback", MISSING, TO_RESUME, "inferred", "rn-3.2.0", UNCONFIRMED),
    OutcomeRow("R1", "resume-session", "authenticate", "interactive", "none", AUTHENTICATE, TO_AUTHENTICATE, "sample", "doc-2025-02-25"),
    OutcomeRow("R2", "resume-session", "retry", "direct", "none", MISSING, TO_RESUME, "sample", "doc-2025-01-27"),
    OutcomeRow("R3", "resume-session", "authorize", "direct", "authenticated", AUTHORIZE, TO_AUTHORIZE, "sample", "doc-2025-01-27"),
    OutcomeRow("R4", "resume-session", "authorize", "direct", "temporary", AUTHORIZE, TO_AUTHORIZE, "sample", "doc-2025-01-27"),
    OutcomeRow("R5", "resume-session", "authorize", "direct", "degraded", AUTHORIZE, TO_AUTHORIZE, "sample", "doc-2025-01-27"),
    OutcomeRow("P1", "partner-session", "partner_profile", "direct", "none", PARTNER, TO_PARTNER_PROFILE, "sample", "doc-2025-02-25"),
    OutcomeRow("P2", "partner-session", "authorize", "direct", "degraded", AUTHORIZE, TO_AUTHORIZE, "sample", "doc-2025-01-27"),
    OutcomeRow("P3", "partner-session", "authenticate", "interactive", "pfs_fallback", FALLBACK, TO_AUTHENTICATE, "sample", "doc-2025-02-25"),
    OutcomeRow("P4", "partner-session", "authenticate", "interactive", "configuration_fallback", FALLBACK, TO_AUTHENTICATE, "sample", "doc-2025-02-25"),
    OutcomeRow("P5", "partner-session", "resume", "direct", "missing_parameters_fallback", MISSING, TO_RESUME, "sample", "doc-2025-05-20"),
    OutcomeRow("P6", "partner-session", "authorize", "direct", "authenticated", AUTHORIZE, TO_AUTHORIZE, "inferred", "doc-2025-02-25"),
    OutcomeRow("P7", "partner-session", "authorize", "direct", "authenticatedSSO", AUTHORIZE, TO_AUTHORIZE, "inferred", "doc-2025-02-25"),
    # Rows of earlier revisions: accepted as old, never as current.
    OutcomeRow("H-C1", "create-session", "authenticate", "interactive", None, OLD_AUTHENTICATE, V2_AUTHENTICATE, "sample", "doc-2024-08-05", "doc-2025-01-27"),
    OutcomeRow("H-C2", "create-session", "resume", "direct", None, OLD_CREATE_RESUME, V2_RESUME, "sample", "doc-2024-08-05", "doc-2025-01-27"),
    OutcomeRow("H-C3", "create-session", "profile", "direct", None, OLD_AUTHENTICATE, ("/v2/{serviceProvider}/profiles/{code}",), "sample", "doc-2024-08-05", "doc-2024-10-15"),
    OutcomeRow("H-C4", "create-session", "authorize", "direct", None, OLD_AUTHENTICATE, ("/v2/{serviceProvider}/decisions/authorize",), "sample", "doc-2024-08-05", "doc-2024-10-15"),
    OutcomeRow("H-C5", "create-session", "authorize", "direct", None, AUTHORIZE, TO_AUTHORIZE, "sample", "doc-2024-10-15", "doc-2025-01-27"),
    OutcomeRow("H-R1", "resume-session", "authenticate", "interactive", None, OLD_AUTHENTICATE_TIMES, TO_AUTHENTICATE, "sample", "doc-2024-10-15", "doc-2025-02-25"),
    OutcomeRow("H-R2", "resume-session", "retry", "interactive", None, OLD_MISSING, ("/v2/{serviceProvider}/sessions/{code}",), "sample", "doc-2024-08-05", "doc-2024-10-15"),
    OutcomeRow("H-R3", "resume-session", "retry", "direct", None, OLD_MISSING, TO_RESUME, "sample", "doc-2024-10-15", "doc-2025-01-27"),
    OutcomeRow("H-R4", "resume-session", "authorize", "direct", None, AUTHORIZE, TO_AUTHORIZE, "sample", "doc-2024-10-15", "doc-2025-01-27"),
    OutcomeRow("H-P1", "partner-session", "partner_profile", "direct", None, PARTNER, (*TO_PARTNER_PROFILE, "/v2/{serviceProvider}/profiles/sso/{partner}/{mvpd}"), "sample", "doc-2024-08-05", "doc-2025-02-25"),
    OutcomeRow("H-P2", "partner-session", "authorize", "direct", None, AUTHORIZE, (*TO_AUTHORIZE, "/api/v2/{serviceProvider}/decisions"), "sample", "doc-2024-08-05", "doc-2025-01-27"),
    OutcomeRow("H-P3", "partner-session", "authenticate", "interactive", None, OLD_AUTHENTICATE, V2_AUTHENTICATE, "sample", "doc-2024-08-05", "doc-2025-01-27"),
    OutcomeRow("H-P4", "partner-session", "authenticate", "interactive", "none", AUTHENTICATE, TO_AUTHENTICATE, "sample", "doc-2025-01-27", "doc-2025-02-25"),
    OutcomeRow("H-P5", "partner-session", "resume", "direct", None, OLD_MISSING, V2_RESUME, "sample", "doc-2024-08-05", "doc-2025-01-27"),
    OutcomeRow("H-P6", "partner-session", "resume", "direct", "none", OLD_MISSING_TIMES, TO_RESUME, "sample", "doc-2025-01-27", "doc-2025-05-20"),
    OutcomeRow("H-P7", "partner-session", "authorize", "direct", "temporary", AUTHORIZE, TO_AUTHORIZE, "inferred", "doc-2025-02-25", "doc-2025-04-04"),
)  # fmt: skip

BY_ID: Final[dict[str, OutcomeRow]] = {row.id: row for row in ROWS}

# What an app calls next (partner and basic flows). Where authorize stands, preauthorize is equally fine.
NEXT: Final[dict[str, tuple[str, ...]]] = {
    "authenticate": ("authenticate",),
    "resume": ("resume-session",),
    "retry": ("resume-session",),
    "authorize": ("authorize",),
    "partner_profile": ("partner-profile",),
    "profile": ("retrieve-profile-code",),
}

# Attributes whose presence the pages state in a table or a sentence, by operation; of every other attribute only
# samples tell when it is there. url is required or optional by page and time, so it rests on samples here.
STATED: Final[dict[str, tuple[str, ...]]] = {
    "create-session": ("actionName", "actionType", "reasonType", "sessionId", "serviceProvider"),
    "resume-session": ("actionName", "actionType", "reasonType", "sessionId", "serviceProvider", "code"),
    "partner-session": (
        "actionName", "actionType", "reasonType", "sessionId", "serviceProvider", "code", "authenticationRequest",
    ),
}  # fmt: skip

ACTION_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "create-session": ("authenticate", "resume", "authorize"),
    "resume-session": ("authenticate", "retry", "authorize"),
    "partner-session": ("partner_profile", "authenticate", "resume", "authorize"),
}
ACTION_TYPES: Final = ("interactive", "direct")
REASON_TYPES: Final[dict[str, tuple[str, ...]]] = {
    "create-session": ("none", "authenticated", "temporary", "degraded", "authenticatedSSO"),
    "resume-session": ("none", "authenticated", "temporary", "degraded"),
    "partner-session": (
        "none", "authenticated", "degraded", "authenticatedSSO",
        "pfs_fallback", "configuration_fallback", "missing_parameters_fallback",
    ),
}  # fmt: skip
EVERY_REASON_TYPE: Final = tuple(dict.fromkeys(reason for values in REASON_TYPES.values() for reason in values))

# Machine translations of the documentation also translate wire values; each is wrong, and this is what it stands for.
TRANSLATED: Final = {
    "autenticar": "authenticate", "retomar": "resume", "autorizar": "authorize", "interativo": "interactive",
    "nenhum": "none", "autenticado": "authenticated", "temporário": "temporary", "degradado": "degraded",
}  # fmt: skip

MISSING_PARAMETERS: Final = ("mvpd", "domainName", "redirectUrl")


def parameter_name(name: str) -> str:
    """The request's name of a parameter that answers also write as ``domain``."""
    return "domainName" if name == "domain" else name


def response_name(name: str) -> str:
    """The name that ``missingParameters`` of the samples have for a request's parameter.

    >>> response_name("domainName")
    'domain'
    """
    return "domain" if name == "domainName" else name


class Recognised(NamedTuple):
    """What an answer was recognised as. ``exact`` is False where only actionName and actionType agree with the row,
    because reasonType is missing and no older revision fits either."""

    row: OutcomeRow
    exact: bool


def recognise(operation: str, body: dict[str, Any]) -> Recognised | None:
    """The row an answer belongs to, by what is on the wire; None if no row has its action, type and reason.

    A current row is recognised by the three values alone, so that whatever else is wrong can be named. An answer
    without reasonType belongs to an older revision if everything else of that revision fits.
    """
    action, kind = body.get("actionName"), body.get("actionType")
    reason = body.get("reasonType")
    if not isinstance(action, str) or not isinstance(kind, str) or not (reason is None or isinstance(reason, str)):
        return None
    if "reasonType" in body and reason is None:
        return None
    rows = [row for row in ROWS if (row.operation, row.action, row.type) == (operation, action, kind)]
    named = [row for row in rows if row.reason == reason]
    if reason is not None:
        return Recognised(named[0], True) if named else None
    fitting = next((row for row in named if _fits(row, body)), None)
    if fitting is not None:
        return Recognised(fitting, True)
    # Nothing is near an old row: what does not fit one is measured against today's rows alone.
    current = next((row for row in rows if row.current), None)
    return Recognised(current, False) if current is not None else None


def _fits(row: OutcomeRow, body: dict[str, Any]) -> bool:
    """True if the attributes and the url are those of an old row.

    The later notBefore and notAfter do not count, nor does mvpd, which every page has always had as optional.
    """
    if any(name not in body for name in row.required if name != "mvpd"):
        return False
    if any(name in body for name in row.absent if name not in ("notBefore", "notAfter")):
        return False
    return match_url(row, body.get("url")) is not None


class UrlMatch(NamedTuple):
    """A url that has the form of a row: the template it fits and the segments found, percent-decoded."""

    template: str
    segments: dict[str, str]


def match_url(row: OutcomeRow, url: Any) -> UrlMatch | None:
    """Compare the path of an answer's url with the row's templates; None if it fits none."""
    if not isinstance(url, str):
        return None
    have = url_path(url).split("/")
    for template in row.urls:
        want = template.split("/")
        if len(want) == len(have) and all(
            w == h or (w.startswith("{") and h) for w, h in zip(want, have, strict=True)
        ):  # fmt: skip
            pairs = zip(want, have, strict=True)
            return UrlMatch(template, {w[1:-1]: unquote(h) for w, h in pairs if w.startswith("{")})
    return None


def url_path(url: str) -> str:
    """The path of a relative or absolute url, without query and trailing slash."""
    _, scheme, rest = url.partition("://")
    path = "/" + rest.partition("/")[2] if scheme else url
    return path.partition("?")[0].partition("#")[0].rstrip("/")
