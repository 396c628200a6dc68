"""Error answers in each documented form: the flat Enhanced Error Code, an error wrapper, the old errors array, no body,
405, the HTML 429, DCR errors, and errors inside a successful decision."""

from typing import Any, NamedTuple

import forge
from samples.case import JSON_ANSWER, Case, dump
from samples.others import others
from samples.sessions import retrieve, row, shape_b

HELP_URL = "https://help.demotv.example/enhanced-error-codes"


class Flat(NamedTuple):
    """One Enhanced Error Code and the operation that answers it."""

    code: str
    action: str
    status: int
    operation: str


# One line per pair of action and status that the list of codes has, and every code an operation's page names first.
FLAT = (
    Flat("invalid_parameter_service_provider", "none", 400, "create-session"),
    Flat("invalid_parameter_mvpd", "none", 400, "create-session"),
    Flat("invalid_header_device_info", "none", 400, "create-session"),
    Flat("invalid_parameter_code", "none", 400, "resume-session"),
    Flat("invalid_authentication_session", "none", 400, "resume-session"),
    Flat("invalid_authentication_session", "none", 400, "retrieve-session"),
    Flat("invalid_parameter_partner", "none", 400, "partner-session"),
    Flat("invalid_integration", "none", 400, "partner-session"),
    Flat("invalid_header_pfs_permission_access_not_granted", "none", 400, "partner-profile"),
    Flat("authorization_denied_by_parental_controls", "none", 403, "authorize"),
    Flat("internal_server_error", "none", 500, "create-session"),
    Flat("too_many_resources", "configuration", 403, "preauthorize"),
    Flat("invalid_configuration_platform", "configuration", 500, "partner-session"),
    Flat("invalid_access_token_client_application", "application-registration", 401, "partner-session"),
    Flat("invalid_access_token_service_provider", "application-registration", 401, "create-session"),
    Flat("temporary_access_duration_limit_exceeded", "authentication", 403, "retrieve-profile-mvpd"),
    Flat("authenticated_profile_expired", "authentication", 403, "authorize"),
    Flat("network_received_error", "retry", 403, "authorize"),
)

TOO_MANY = (
    b"<html>\r\n<head><title>429 Too Many Requests</title></head>\r\n<body>\r\n"
    b"<center><h1>429 Too Many Requests</h1></center>\r\n<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n"
)


def error_body(code: str, action: str, status: int, **more: Any) -> dict[str, Any]:
    """The flat form of an Enhanced Error Code."""
    return {
        "action": action,
        "status": status,
        "code": code,
        "message": f"{code.replace('_', ' ').capitalize()} (demo message).",
        "helpUrl": HELP_URL,
        "trace": forge.uuid(("trace", code)),
        **more,
    }


def throttled(case: Case) -> Case:
    """The case answered with 429."""
    cookie = forge.source("cookie").randbytes(48).hex()
    headers = (
        ("Content-Type", "text/html"),
        ("Server", "openresty"),
        ("Set-Cookie", f"AWSALB={cookie}; Path=/"),
        ("Set-Cookie", f"AWSALBCORS={cookie}; Path=/; SameSite=None; Secure"),
    )
    return _failed(case, f"throttled-{case.operation}", 429, headers, TOO_MANY, "throttled", "unreadable")


def errors(clock: float) -> list[Case]:
    """Every error case."""
    by_operation = {case.operation: case for case in others(clock)} | {
        "create-session": row(clock, "C1"),
        "resume-session": row(clock, "R1"),
        "partner-session": row(clock, "P1"),
        "retrieve-session": retrieve(clock, "RS-B", shape_b(clock), "RS-B"),
    }
    flat = [
        _failed(
            by_operation[line.operation],
            f"{line.code}-{line.operation}",
            line.status,
            JSON_ANSWER,
            dump(error_body(line.code, line.action, line.status)),
            line.code,
            "flat",
        )
        for line in FLAT
    ]
    return [*flat, *_other_forms(by_operation)]


def _other_forms(by: dict[str, Case]) -> list[Case]:
    create, partner, retrieve_, resume = (by[f"{name}-session"] for name in ("create", "partner", "retrieve", "resume"))
    code = "invalid_parameter_redirect_url"
    wrapped = dump({"error": error_body(code, "none", 400)})
    old = {
        "code": "unknown_integration",
        "message": "Unknown integration (demo message).",
        "helpUrl": HELP_URL,
        "action": "none",
    }
    array = dump({"errors": [old]})
    json_old = (("Content-Type", "application/json; charset=utf-8"),)
    html = (("Content-Type", "text/html"),)
    page = b"<html><body>Demo error page</body></html>"
    wrong_method = create.named("x", method="GET", body=b"").without_header("Content-Type")
    return [
        _failed(create, "error-wrapper", 400, JSON_ANSWER, wrapped, code, "wrapper"),
        _failed(partner, "errors-array", 403, json_old, array, "unknown_integration", "array"),
        _failed(create, "no-body-400", 400, (), b"", "http_400", "none"),
        _failed(partner, "no-body-401", 401, (), b"", "unauthorized", "none"),
        _failed(resume, "no-body-500", 500, (), b"", "server_error", "none"),
        _failed(wrong_method, "wrong-method-405", 405, (("Allow", "POST"),), b"", "method_not_allowed", "none"),
        _failed(by["authenticate"], "authenticate-html-400", 400, html, page, "http_400", "unreadable"),
        _failed(by["dcr-register"], "dcr-register-400", 400, JSON_ANSWER, _dcr("invalid_software_statement"),
                "invalid_software_statement", "dcr"),
        _failed(by["dcr-token"], "dcr-token-400", 400, JSON_ANSWER, _dcr("invalid_client"), "invalid_client", "dcr"),
        *(throttled(case) for case in (create, resume, retrieve_, partner, by["dcr-token"])),
        by["authorize"].named("authorize-item-denied", group="errors", response_body=dump({"decisions": [_denied()]})),
    ]  # fmt: skip


def _dcr(value: str) -> bytes:
    return dump({"error": value})


def _denied() -> dict[str, Any]:
    return {
        "resource": "DemoTV-Sports",
        "serviceProvider": forge.SERVICE_PROVIDER,
        "mvpd": forge.MVPD,
        "source": "mvpd",
        "authorized": False,
        "error": error_body("authorization_denied_by_mvpd", "none", 403, details="Not part of the demo package."),
    }


def _failed(
    case: Case, name: str, status: int, headers: tuple[tuple[str, str], ...], body: bytes, error: str, form: str
) -> Case:
    return case.named(
        name,
        status=status,
        answer_headers=headers,
        response_body=body,
        outcome=None,
        error=error,
        form=form,
        group="errors",
    )
