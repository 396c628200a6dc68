"""The documented answers of the operations beside the sessions: which status and which code belong to which row.
One literal table; the items inside an answer (profiles, decisions, logouts) have tables of their own."""

from typing import Final, Literal, NamedTuple

RowBasis = Literal["prose", "sample"]

RETRIEVE_PROFILES: Final = ("retrieve-profiles", "retrieve-profile-mvpd", "retrieve-profile-code")
BY_MVPD_OR_CODE: Final = ("retrieve-profile-mvpd", "retrieve-profile-code")
DECISIONS: Final = ("authorize", "preauthorize")

PFS_CODES: Final = (
    "invalid_header_pfs_permission_access_not_present",
    "invalid_header_pfs_permission_access_not_determined",
    "invalid_header_pfs_permission_access_not_granted",
    "invalid_header_pfs_provider_id_not_determined",
    "invalid_header_pfs_provider_id_mismatch",
    "invalid_header_pfs_provider_info_expired",
    "invalid_parameter_saml_response",
)


class ResponseRow(NamedTuple):
    """One documented answer. ``kind`` error: the answer is no outcome, its code is what counts. ``codes`` are those
    that tell the row, none where any code, or no body, will do. ``member_status`` and ``action`` are those of the
    error body where the page states them. ``until`` None means current. ``next`` holds what an app calls next: by
    operation or by code, ``*`` for the rest. ``basis`` is that of the status."""

    id: str
    operations: tuple[str, ...]
    statuses: tuple[int, ...]
    kind: Literal["success", "error"]
    since: str
    until: str | None = None
    basis: RowBasis = "prose"
    codes: tuple[str, ...] = ()
    member_status: int | None = None
    action: str | None = None
    next: dict[str, tuple[str, ...]] = {}

    @property
    def old(self) -> bool:
        """True for rows of earlier revisions."""
        return self.until is not None

    def followed_by(self, operation: str, code: str | None = None) -> tuple[str, ...]:
        """What an app calls after this answer of an operation; empty where no page says."""
        return self.next.get(code or "", self.next.get(operation, self.next.get("*", ())))


AUG: Final = "doc-2024-08-05"
OCT: Final = "doc-2024-10-15"
SEP: Final = "doc-2025-09-02"
DECIDE: Final[dict[str, tuple[str, ...]]] = {"*": ("preauthorize", "authorize")}

RESPONSE_ROWS: Final[tuple[ResponseRow, ...]] = (
    # profiles
    ResponseRow("PA-1", ("retrieve-profiles",), (200,), "success", AUG, next=DECIDE),
    ResponseRow("PA-0", RETRIEVE_PROFILES, (200,), "success", AUG, next={
        "retrieve-profiles": ("retrieve-configuration", "create-session", "partner-session"),
        "retrieve-profile-mvpd": ("create-session", "partner-session"),
        "retrieve-profile-code": ("retrieve-profile-code",),
    }),
    ResponseRow("PM-1", ("retrieve-profile-mvpd",), (200,), "success", AUG, next={"*": ("preauthorize", "authorize", "logout")}),
    ResponseRow("PC-1", ("retrieve-profile-code",), (200,), "success", AUG, next=DECIDE),
    ResponseRow("PP-1", ("partner-profile",), (201,), "success", OCT, next=DECIDE),
    ResponseRow("PP-2", ("partner-profile",), (200,), "success", AUG, basis="sample", next=DECIDE),
    ResponseRow("PP-0", ("partner-profile",), (201,), "success", AUG, next={"*": ("create-session",)}),
    ResponseRow("PE-1", BY_MVPD_OR_CODE, (403,), "error", OCT, codes=("temporary_access_duration_limit_exceeded",), member_status=403, action="authentication"),
    ResponseRow("PE-2", BY_MVPD_OR_CODE, (403,), "error", OCT, codes=("temporary_access_resources_limit_exceeded",), member_status=403, action="authentication"),
    ResponseRow("PE-3", BY_MVPD_OR_CODE, (500,), "error", OCT, codes=("invalid_configuration_temporary_access",), member_status=500, action="configuration"),
    ResponseRow("PE-4", BY_MVPD_OR_CODE, (400,), "error", OCT, codes=("invalid_header_identity_for_temporary_access",), member_status=400, action="none"),
    ResponseRow("PE-5", ("retrieve-profile-code",), (400,), "error", SEP, codes=("invalid_authentication_session", "invalid_parameter_code"), action="none", next={"*": ("create-session",)}),
    ResponseRow("PE-6", ("partner-profile",), (400,), "error", SEP, codes=PFS_CODES, action="none", next={"*": ("create-session",)}),
    ResponseRow("PE-8", BY_MVPD_OR_CODE, (403,), "error", OCT),
    ResponseRow("PE-7", (*RETRIEVE_PROFILES, "partner-profile"), (400, 401, 405, 500), "error", AUG),
    ResponseRow("H-PP-1", ("partner-profile",), (200,), "success", AUG, OCT, basis="sample"),
    ResponseRow("H-PE-1", ("retrieve-profile-mvpd",), (200,), "error", AUG, OCT, basis="sample", codes=("temppass_expired",), member_status=200, action="none"),
    ResponseRow("H-PE-2", ("retrieve-profile-mvpd",), (200,), "error", AUG, OCT, basis="sample", codes=("temppass_invalid_configuration",), member_status=500, action="none"),
    ResponseRow("H-PE-3", ("retrieve-profile-mvpd",), (200,), "error", AUG, OCT, basis="sample", codes=("temppass_invalid_identity",), member_status=400, action="none"),
    ResponseRow("H-PE-4", ("retrieve-profile-mvpd",), (200,), "error", AUG, OCT, basis="sample", codes=("temppass_max_resources_exceeded",), member_status=200),
    ResponseRow("H-PE-5", ("partner-profile",), (403,), "error", AUG, OCT, basis="sample", codes=("invalid_mvpd_response",)),
    # decisions
    ResponseRow("DA-1", DECISIONS, (200,), "success", AUG, next={"preauthorize": ("authorize",)}),
    ResponseRow("DE-1", DECISIONS, (400, 401, 405, 500), "error", AUG),
    ResponseRow("DA-0", ("preauthorize",), (200,), "success", "unknown", "rn-3.4.0"),
    ResponseRow("H-DE-1", ("authorize",), (500,), "error", AUG, OCT, basis="sample", codes=("temppass_invalid_configuration",), member_status=500),
    ResponseRow("H-DE-2", ("authorize",), (400,), "error", AUG, OCT, basis="sample", codes=("temppass_invalid_identity",), member_status=400),
    # configuration
    ResponseRow("CA-1", ("retrieve-configuration",), (200,), "success", AUG, next={"*": ("create-session", "partner-session")}),
    ResponseRow("CE-1", ("retrieve-configuration",), (400, 401, 405, 500), "error", AUG),
    # logout
    ResponseRow("LA-1", ("logout",), (200,), "success", AUG),
    ResponseRow("LE-1", ("logout",), (400, 401, 405, 500), "error", AUG),
    # registration
    ResponseRow("G-1", ("dcr-register",), (201,), "success", "doc-2024-08-26", next={"*": ("dcr-token",)}),
    ResponseRow("G-E1", ("dcr-register",), (400,), "error", "doc-2024-08-26", codes=("invalid_request", "invalid_redirect_uri", "invalid_software_statement", "unapproved_software_statement")),
    ResponseRow("T-1", ("dcr-token",), (201,), "success", "doc-2024-08-26"),
    ResponseRow("T-E1", ("dcr-token",), (400,), "error", "doc-2024-08-26", codes=("invalid_request", "invalid_client", "unauthorized_client", "unsupported_grant_type"), next={"invalid_client": ("dcr-register",)}),
    ResponseRow("GT-429", ("dcr-register", "dcr-token"), (429,), "error", "2024-03-05"),
    # authenticate
    ResponseRow("U-1", ("authenticate",), (302,), "success", "doc-2024-08-08"),
    ResponseRow("U-E1", ("authenticate",), (400, 405, 500), "error", "doc-2024-08-08"),
)  # fmt: skip

BY_ID: Final[dict[str, ResponseRow]] = {row.id: row for row in RESPONSE_ROWS}


def error_row(operation: str, status: int, code: str | None) -> ResponseRow | None:
    """The row of an error answer: by its code where a row names it, else by its status; None for neither.

    A documented code is told under any error status, and 403 is an error of every operation (E90): whether the row
    lists the status is for the caller to compare.
    """
    rows = [row for row in RESPONSE_ROWS if row.kind == "error" and operation in row.operations]
    named = [row for row in rows if code is not None and code in row.codes]
    general = [row for row in rows if not row.codes or row.id in _ONE_FOR_ALL]
    candidates = (
        *(row for row in named if status in row.statuses),
        *(row for row in general if status in row.statuses),
        *(row for row in named if status >= 400),
        *(row for row in general if status == 403),
    )
    return candidates[0] if candidates else None


_ONE_FOR_ALL: Final = ("G-E1", "T-E1")
"""The one error row of its operation: it also takes words that the page does not list."""
