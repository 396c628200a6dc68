"""The current rows of the truth table (C1-C7, R1-R5, P1-P7) and the current retrieve answer (RS-B), each as one case.
Requests and answers are conformant in every detail."""

from typing import Any

import forge
from samples.case import FORM, FULL, JSON_ANSWER, Case, dump, form, lifetime, request_headers
from samples.device import device_object

SP = forge.SERVICE_PROVIDER

# row: actionName, actionType, reasonType
ACTIONS = {
    "C1": ("authenticate", "interactive", "none"),
    "C2": ("resume", "direct", "none"),
    "C3": ("authorize", "direct", "authenticated"),
    "C4": ("authorize", "direct", "temporary"),
    "C5": ("authorize", "direct", "degraded"),
    "C6": ("authorize", "direct", "authenticatedSSO"),
    "C7": ("resume", "direct", "missing_parameters_fallback"),
    "R1": ("authenticate", "interactive", "none"),
    "R2": ("retry", "direct", "none"),
    "R3": ("authorize", "direct", "authenticated"),
    "R4": ("authorize", "direct", "temporary"),
    "R5": ("authorize", "direct", "degraded"),
    "P1": ("partner_profile", "direct", "none"),
    "P2": ("authorize", "direct", "degraded"),
    "P3": ("authenticate", "interactive", "pfs_fallback"),
    "P4": ("authenticate", "interactive", "configuration_fallback"),
    "P5": ("resume", "direct", "missing_parameters_fallback"),
    "P6": ("authorize", "direct", "authenticated"),
    "P7": ("authorize", "direct", "authenticatedSSO"),
}

OPERATIONS = {"C": "create-session", "R": "resume-session", "P": "partner-session"}

LEFT_OUT = {"C2": ("mvpd", "domainName", "redirectUrl"), "C7": ("redirectUrl",), "R2": ("redirectUrl",)}
LEFT_OUT |= {"P5": ("redirectUrl",)}
"""Row to the form parameters its request does without."""


def row(clock: float, name: str) -> Case:
    """The case of one current row."""
    action, kind, reason = ACTIONS[name]
    operation = OPERATIONS[name[0]]
    code, session = forge.code(name), forge.uuid(("session", name))
    mvpd = forge.TEMPPASS if reason == "temporary" else forge.MVPD
    parameters = {key: value for key, value in (FULL | {"mvpd": mvpd}).items() if key not in LEFT_OUT.get(name, ())}
    if operation == "partner-session":
        parameters.pop("mvpd")
    path = {
        "create-session": f"/api/v2/{SP}/sessions",
        "resume-session": f"/api/v2/{SP}/sessions/{code}",
        "partner-session": f"/api/v2/{SP}/sessions/sso/{forge.PARTNER}",
    }[operation]
    return Case(
        name=name,
        operation=operation,
        method="POST",
        path=path,
        headers=request_headers(clock, *sso_headers(clock, name), media_type=FORM),
        body=form(**parameters),
        status=200,
        answer_headers=JSON_ANSWER,
        response_body=dump(respond(clock, action, kind, reason, code, session, mvpd, LEFT_OUT.get(name, ()))),
        outcome=name,
    )


def sso_headers(clock: float, name: str) -> tuple[tuple[str, str], ...]:
    """The header that brings about the row, where a header does."""
    if name == "P3":
        return (("AP-Partner-Framework-Status", forge.denied_status()),)
    if name.startswith("P"):
        return (("AP-Partner-Framework-Status", forge.partner_status(clock)),)
    if name == "C6":
        return (("AD-Service-Token", forge.service_token(clock)),)
    return ()


def respond(
    clock: float, action: str, kind: str, reason: str, code: str, session: str, mvpd: str, missing: tuple[str, ...]
) -> dict[str, Any]:
    """The answer of a current row, members in the order of the samples."""
    body: dict[str, Any] = {"actionName": action, "actionType": kind, "reasonType": reason}
    body["url"] = {
        "authenticate": f"/api/v2/authenticate/{SP}/{code}",
        "resume": f"/api/v2/{SP}/sessions/{code}",
        "retry": f"/api/v2/{SP}/sessions/{code}",
        "authorize": f"/api/v2/{SP}/decisions/authorize/{mvpd}",
        "partner_profile": f"/api/v2/{SP}/profiles/sso/{forge.PARTNER}",
    }[action]
    if missing:
        body["missingParameters"] = list(missing)
    if action in ("authenticate", "resume", "retry"):
        body["code"] = code
    body["sessionId"] = session
    if "mvpd" not in missing:
        body["mvpd"] = mvpd
    body["serviceProvider"] = SP
    if "code" in body:
        body |= lifetime(clock)
    if action == "partner_profile":
        names = ["uid", "NameID", "uniqueId"]
        body["authenticationRequest"] = {
            "type": "saml",
            "request": forge.saml_request(clock),
            "attributesNames": names,
        }
    return body


def retrieve(clock: float, name: str, response_body: dict[str, Any], outcome: str, group: str = "current") -> Case:
    """A retrieve case; ``name`` seeds its code."""
    return Case(
        name=name,
        operation="retrieve-session",
        method="GET",
        path=f"/api/v2/{SP}/sessions/{forge.code(name)}",
        headers=request_headers(clock),
        body=b"",
        status=200,
        answer_headers=JSON_ANSWER,
        response_body=dump(response_body),
        outcome=outcome,
        group=group,
    )


def shape_b(clock: float, *missing: str) -> dict[str, Any]:
    """The current retrieve answer."""
    existing = {key: value for key, value in FULL.items() if key not in missing} | {"serviceProvider": SP}
    body: dict[str, Any] = {"missingParameters": list(missing)} if missing else {}
    return body | {"existingParameters": existing, "device": device_object()} | lifetime(clock)


def current(clock: float) -> list[Case]:
    """Every current row and shape."""
    return [
        *(row(clock, name) for name in ACTIONS),
        retrieve(clock, "RS-B", shape_b(clock), "RS-B"),
        retrieve(clock, "RS-B-missing", shape_b(clock, "mvpd", "redirectUrl"), "RS-B"),
    ]


def variants(clock: float) -> list[Case]:
    """Other documented ways to write or to reach a current answer."""
    group = "variants"
    c2, p3, rsb = row(clock, "C2"), row(clock, "P3"), retrieve(clock, "RS-B", shape_b(clock), "RS-B")
    existing = {"domain" if key == "domainName" else key: value for key, value in FULL.items()}
    status = "AP-Partner-Framework-Status"
    return [
        c2.with_answer(missingParameters=["mvpd", "domain", "redirectUrl"]).named("C2-domain", group=group),
        c2.with_form(mvpd=forge.MVPD, domainName=forge.DOMAIN)
        .with_answer(missingParameters=["redirectUrl"], mvpd=forge.MVPD)
        .named("C2-partial", group=group),
        rsb.with_answer(existingParameters=existing | {"serviceProvider": SP}).named("RS-B-domain", group=group),
        rsb.named("RS-B-path", group=group, path=f"/api/v2/sessions/{SP}/{forge.code('RS-B')}"),
        p3.with_header(status, forge.partner_status(clock, expires_in=-forge.HOUR)).named("P3-expired", group=group),
        p3.with_header(status, forge.partner_status(clock, provider=None)).named("P3-no-provider", group=group),
        p3.with_header(status, forge.denied_status("notDetermined")).named("P3-not-determined", group=group),
        p3.without_header(status).named("P3-no-status", group=group),
        p3.with_answer(mvpd=None).named("P3-no-mvpd", group=group),
    ]
