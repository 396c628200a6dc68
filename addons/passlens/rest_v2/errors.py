"""Error answers: the 47 Enhanced Error Codes with their action and status, the forms a body takes, throttling.
Table in page order; Adobe reserves the right to add codes, so an unknown one is news, not an error."""

import re
from typing import Any, Final, Literal, NamedTuple

from passlens.rest_v2.wire import Problem, Text, Whole, WireModel, problems

ErrorAction = Literal["none", "configuration", "application-registration", "authentication", "authorization", "retry"]
ACTIONS: Final = ("none", "configuration", "application-registration", "authentication", "authorization", "retry")
STATUSES: Final = (400, 401, 403, 404, 405, 410, 412, 500)
"""Values the page allows for the status member."""


class ErrorCode(NamedTuple):
    """One Enhanced Error Code: what the client should do, the status, and what it is about."""

    code: str
    action: ErrorAction
    status: int
    about: str


CODES: Final[tuple[ErrorCode, ...]] = (
    ErrorCode("invalid_parameter_service_provider", "none", 400, "the service provider in the path"),
    ErrorCode("invalid_parameter_mvpd", "none", 400, "the mvpd, in the form or in the path"),
    ErrorCode("invalid_parameter_code", "none", 400, "the code in the path"),
    ErrorCode("invalid_parameter_resources", "none", 400, "the resources in the body"),
    ErrorCode("invalid_parameter_redirect_url", "none", 400, "the redirectUrl"),
    ErrorCode("invalid_parameter_partner", "none", 400, "the partner in the path"),
    ErrorCode("invalid_parameter_saml_response", "none", 400, "the SAMLResponse in the form"),
    ErrorCode("invalid_header_device_info", "none", 400, "X-Device-Info"),
    ErrorCode("invalid_header_device_identifier", "none", 400, "AP-Device-Identifier"),
    ErrorCode("invalid_header_identity_for_temporary_access", "none", 400, "AP-TempPass-Identity"),
    ErrorCode("invalid_header_pfs_permission_access_not_present", "none", 400, "accessStatus is missing"),
    ErrorCode("invalid_header_pfs_permission_access_not_determined", "none", 400, "accessStatus is not determined"),
    ErrorCode("invalid_header_pfs_permission_access_not_granted", "none", 400, "accessStatus is not granted"),
    ErrorCode("invalid_header_pfs_provider_id_not_determined", "none", 400, "the provider id is not a known MVPD"),
    ErrorCode("invalid_header_pfs_provider_id_mismatch", "none", 400, "the provider id is not the MVPD asked for"),
    ErrorCode("invalid_header_pfs_provider_info_expired", "none", 400, "the partner status has expired"),
    ErrorCode("invalid_integration", "none", 400, "service provider and mvpd have no active integration"),
    ErrorCode("invalid_authentication_session", "none", 400, "the session of the code is unknown or over"),
    ErrorCode("preauthorization_denied_by_mvpd", "none", 403, "the MVPD denied the preauthorization"),
    ErrorCode("authorization_denied_by_mvpd", "none", 403, "the MVPD denied the authorization"),
    ErrorCode("authorization_denied_by_parental_controls", "none", 403, "parental controls"),
    ErrorCode("authorization_denied_by_degradation_rule", "none", 403, "a degradation rule denies all"),
    ErrorCode("internal_server_error", "none", 500, "a fault inside the server"),
    ErrorCode("too_many_resources", "configuration", 403, "more resources than allowed"),
    ErrorCode("invalid_configuration_user_metadata_certificate", "configuration", 500, "the metadata certificate"),
    ErrorCode("invalid_configuration_temporary_access", "configuration", 500, "the TempPass configuration"),
    ErrorCode("invalid_configuration_platform", "configuration", 500, "the platform configuration"),
    ErrorCode("invalid_configuration_platform_id", "configuration", 500, "the platform id"),
    ErrorCode("invalid_configuration_platform_trait", "configuration", 500, "the platform traits"),
    ErrorCode("invalid_configuration_platform_category_trait", "configuration", 500, "the platform category traits"),
    ErrorCode("invalid_configuration_platform_services", "configuration", 500, "the platform services"),
    ErrorCode("invalid_configuration_mvpd_platform", "configuration", 500, "the MVPD on this platform"),
    ErrorCode("invalid_configuration_mvpd_platform_boarding_status", "configuration", 500, "the boarding status"),
    ErrorCode("invalid_configuration_mvpd_platform_profile_exchange", "configuration", 500, "the profile exchange"),
    ErrorCode("invalid_access_token_service_provider", "application-registration", 401, "the token's service provider"),
    ErrorCode("invalid_access_token_client_application", "application-registration", 401, "the token's application"),
    ErrorCode("authenticated_profile_missing", "authentication", 403, "there is no profile"),
    ErrorCode("authenticated_profile_expired", "authentication", 403, "the profile has expired"),
    ErrorCode("authenticated_profile_invalidated", "authentication", 403, "the profile was taken back"),
    ErrorCode("temporary_access_duration_limit_exceeded", "authentication", 403, "the TempPass time is used up"),
    ErrorCode("temporary_access_resources_limit_exceeded", "authentication", 403, "the TempPass resources are used up"),
    ErrorCode("authorization_denied_by_hba_policies", "authentication", 403, "home-based authentication policies"),
    ErrorCode("authorization_denied_by_session_invalidated", "authentication", 403, "the MVPD ended the session"),
    ErrorCode("identity_not_recognized_by_mvpd", "authentication", 403, "the MVPD does not know the user any more"),
    ErrorCode("network_received_error", "retry", 403, "the MVPD answered with an error"),
    ErrorCode("network_connection_timeout", "retry", 403, "the MVPD did not answer in time"),
    ErrorCode("maximum_execution_time_exceeded", "retry", 403, "the answer took too long"),
)

BY_CODE: Final[dict[str, ErrorCode]] = {row.code: row for row in CODES}
PARTNER_PROFILE_ONLY: Final = "invalid_header_pfs_"
"""Codes with this start belong to partner-profile; partner-session answers the same cases with pfs_fallback."""

# Codes of REST API V1; the OpenAPI file still lists them.
V1_CODES: Final = (
    "invalid_requestor", "invalid_device_info", "invalid_device_id", "missing_resource", "malformed_authz_request",
    "internal_error", "unknown_integration", "authentication_session_issuer_mismatch",
    "authentication_session_invalidated", "authentication_session_missing", "authentication_session_expired",
    "preauthorization_authentication_session_missing", "preauthorization_authentication_session_expired",
    "authorization_not_found", "authorization_expired",
)  # fmt: skip


class OldCode(NamedTuple):
    """A code of earlier samples: the revisions that had it, and the code that says the same today, None for none."""

    code: str
    since: str
    until: str
    today: str | None


OLD_CODES: Final[tuple[OldCode, ...]] = (
    OldCode("temppass_expired", "doc-2024-08-05", "doc-2024-10-15", "temporary_access_duration_limit_exceeded"),
    OldCode("temppass_max_resources_exceeded", "doc-2024-08-05", "doc-2024-10-15", "temporary_access_resources_limit_exceeded"),
    OldCode("temppass_invalid_configuration", "doc-2024-08-05", "doc-2024-10-15", "invalid_configuration_temporary_access"),
    OldCode("temppass_invalid_identity", "doc-2024-08-05", "doc-2024-10-15", "invalid_header_identity_for_temporary_access"),
    OldCode("invalid_mvpd_response", "doc-2024-08-05", "doc-2024-10-15", "invalid_parameter_saml_response"),
    OldCode("authorization_denied_by_degradation_configuration_change", "doc-2024-08-05", "doc-2024-10-15", None),
    OldCode("network_connection_failure", "doc-2024-10-14", "doc-2025-04-03", "network_connection_timeout"),
)  # fmt: skip
OLD_BY_CODE: Final[dict[str, OldCode]] = {row.code: row for row in OLD_CODES}

THROTTLED: Final = 429
THROTTLED_MEDIA_TYPE: Final = "text/html"
MIN_WAIT_SECONDS: Final = 1
"""Seconds to wait after a 429."""

NAMES: Final = {
    401: "unauthorized",
    403: "forbidden",
    405: "method_not_allowed",
    429: "throttled",
    500: "server_error",
}
"""Names of errors that carry no code, by HTTP status."""


class ErrorBody(WireModel):
    """The flat Enhanced Error Code body. ``details`` and ``trace`` may be missing, ``message`` is free text."""

    action: Text
    status: Whole
    code: Text
    message: Text | None = None
    details: Text | None = None
    helpUrl: Text | None = None
    trace: Text | None = None


ErrorForm = Literal["flat", "wrapper", "array", "dcr", "unreadable", "none"]


class ErrorResponse(NamedTuple):
    """An error as it was answered. ``form`` tells the shape of the body, ``members`` are its attributes."""

    http_status: int
    form: ErrorForm
    members: dict[str, Any]

    @property
    def code(self) -> str | None:
        """The Enhanced Error Code, known or not, or None."""
        value = self.members.get("code")
        return value if isinstance(value, str) else None

    @property
    def known(self) -> ErrorCode | None:
        """The table's row for the code, or None."""
        return BY_CODE.get(self.code or "")

    @property
    def name(self) -> str:
        """What to call it: the code, else a name for the HTTP status."""
        if self.http_status < 400:
            return f"http_{self.http_status}"
        dcr = self.members.get("error") if self.form == "dcr" else None
        if isinstance(dcr, str):
            return dcr
        return self.code or NAMES.get(self.http_status, f"http_{self.http_status}")

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the members have wrong by the model of the flat form; empty where there is no JSON object."""
        if self.form not in ("flat", "wrapper"):
            return ()
        return problems(ErrorBody.model_validate, self.members)


_WORD: Final = re.compile(r"[a-z]+(?:_[a-z]+)*")
"""What the errors of DCR are; frameworks write a phrase in the same member (Not Found)."""


def read(http_status: int, body: bytes | None, value: Any) -> ErrorResponse:
    """Recognise the form of an error body.

    ``value`` is the parsed JSON, None if the body is not JSON. Forms: flat (current), an ``error`` object around it,
    the ``errors`` array of doc-2024-08-05, the ``error`` word of the DCR operations, unreadable, none.
    """
    if not body or not body.strip():
        return ErrorResponse(http_status, "none", {})
    if not isinstance(value, dict):
        return ErrorResponse(http_status, "unreadable", {})
    match value:
        case {"errors": [dict() as first, *_]}:
            return ErrorResponse(http_status, "array", first)
        case {"error": dict() as inner}:
            return ErrorResponse(http_status, "wrapper", inner)
        case {"error": str() as word} if "code" not in value and _WORD.fullmatch(word) is not None:
            return ErrorResponse(http_status, "dcr", value)
    return ErrorResponse(http_status, "flat", value)
