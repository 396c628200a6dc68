"""The truth-table rows of earlier revisions (H-*) and the retrieve shapes that were current once (RS-A, RS-A0, RS-B0).
The table is literal: each line is one documented form of one row, in both url prefixes where both were documented."""

from typing import Any, NamedTuple

import forge
from samples.case import FULL, Case, dump, lifetime
from samples.sessions import SP, retrieve, row

V2 = "/v2"
API = "/api/v2"


class Old(NamedTuple):
    """One old answer. ``url`` is filled from prefix, sp, code, mvpd and partner; ``like`` names the current row whose
    request goes with it; ``has`` lists further members: code, missing, life, saml, reasonType."""

    name: str
    row: str
    like: str
    action: str
    kind: str
    url: str
    has: str = ""
    reason: str | None = None
    prefix: str = API


AUTHENTICATE = "{prefix}/authenticate/{sp}/{code}"
PARTNER = "{prefix}/{sp}/profiles/sso/{partner}"
SESSION = "{prefix}/{sp}/sessions/{code}"
AUTHORIZE = "{prefix}/{sp}/decisions/authorize/{mvpd}"

TABLE = (
    Old("H-C1-v2", "H-C1", "C1", "authenticate", "interactive", AUTHENTICATE, "code", prefix=V2),
    Old("H-C1", "H-C1", "C1", "authenticate", "interactive", AUTHENTICATE, "code"),
    Old("H-C2-v2", "H-C2", "C2", "resume", "direct", SESSION, "code missing", prefix=V2),
    Old("H-C2", "H-C2", "C2", "resume", "direct", SESSION, "code missing"),
    Old("H-C3", "H-C3", "C3", "profile", "direct", "{prefix}/{sp}/profiles/{code}", "code", prefix=V2),
    Old("H-C4", "H-C4", "C5", "authorize", "direct", "{prefix}/{sp}/decisions/authorize", "code", prefix=V2),
    Old("H-C5", "H-C5", "C3", "authorize", "direct", AUTHORIZE),
    Old("H-R1", "H-R1", "R1", "authenticate", "interactive", AUTHENTICATE, "code"),
    Old("H-R1-life", "H-R1", "R1", "authenticate", "interactive", AUTHENTICATE, "code life"),
    Old("H-R2", "H-R2", "R2", "retry", "interactive", SESSION, "code missing", prefix=V2),
    Old("H-R3", "H-R3", "R2", "retry", "direct", SESSION, "code missing"),
    Old("H-R4", "H-R4", "R3", "authorize", "direct", AUTHORIZE),
    Old("H-P1-v2", "H-P1", "P1", "partner_profile", "direct", PARTNER + "/{mvpd}", "saml", prefix=V2),
    Old("H-P1", "H-P1", "P1", "partner_profile", "direct", PARTNER, "saml names"),
    Old("H-P2-bare", "H-P2", "P2", "authorize", "direct", "{prefix}/{sp}/decisions"),
    Old("H-P2", "H-P2", "P2", "authorize", "direct", AUTHORIZE),
    Old("H-P3-v2", "H-P3", "P4", "authenticate", "interactive", AUTHENTICATE, "code", prefix=V2),
    Old("H-P3", "H-P3", "P4", "authenticate", "interactive", AUTHENTICATE, "code"),
    Old("H-P4", "H-P4", "P4", "authenticate", "interactive", AUTHENTICATE, "code life", "none"),
    Old("H-P5-v2", "H-P5", "P5", "resume", "direct", SESSION, "code missing", prefix=V2),
    Old("H-P5", "H-P5", "P5", "resume", "direct", SESSION, "code missing"),
    Old("H-P6", "H-P6", "P5", "resume", "direct", SESSION, "code missing life", "none"),
    Old("H-P7", "H-P7", "P2", "authorize", "direct", AUTHORIZE, reason="temporary"),
)  # fmt: skip


def revisions(clock: float) -> list[Case]:
    """Every old row and shape."""
    return [*(_old(clock, line) for line in TABLE), *_domain(clock), *_shapes(clock)]


def _old(clock: float, line: Old) -> Case:
    like = row(clock, line.like)
    code = like.path.rpartition("/")[2] if like.operation == "resume-session" else forge.code(line.row)
    missing = ["mvpd", "domainName", "redirectUrl"] if line.like == "C2" else ["redirectUrl"]
    url = line.url.format(prefix=line.prefix, sp=SP, code=code, mvpd=forge.MVPD, partner=forge.PARTNER)
    has = line.has.split()
    body: dict[str, Any] = {"actionName": line.action, "actionType": line.kind, "reasonType": line.reason, "url": url}
    body |= {
        "missingParameters": missing if "missing" in has else None,
        "code": code if "code" in has else None,
        "sessionId": forge.uuid(("session", line.row)),
        "mvpd": None if line.like == "C2" else forge.MVPD,
        "serviceProvider": SP,
    }
    if "life" in has:
        body |= lifetime(clock)
    if "saml" in has:
        body["authenticationRequest"] = {"type": "saml", "request": forge.saml_request(clock)}
    if "names" in has:
        body["authenticationRequest"]["attributesNames"] = ["uid", "NameID", "uniqueId"]
    return like.named(line.name, outcome=line.row, group="revisions", response_body=dump(forge.without_none(body)))


def _domain(clock: float) -> list[Case]:
    """Old answers that write domain, and the first structure of the partner status."""
    h_c2 = _old(clock, next(line for line in TABLE if line.name == "H-C2"))
    h_p3 = _old(clock, next(line for line in TABLE if line.name == "H-P3-v2"))
    return [
        h_c2.with_answer(missingParameters=["mvpd", "domain", "redirectUrl"]).named("H-C2-domain"),
        h_p3.with_header("AP-Partner-Framework-Status", forge.old_partner_status()).named("H-P3-old-status"),
    ]


def _shapes(clock: float) -> list[Case]:
    existing, partial = dict(FULL), {key: value for key, value in FULL.items() if key != "redirectUrl"}
    domain = {"domain" if key == "domainName" else key: value for key, value in FULL.items()}
    sp = {"serviceProvider": SP}
    bodies: dict[str, tuple[str, dict[str, Any]]] = {
        "RS-A": ("RS-A", {"parameters": {"existing": existing}}),
        "RS-A-missing": ("RS-A", {"parameters": {"existing": partial, "missing": ["redirectUrl"]}}),
        "RS-A-domain": ("RS-A", {"parameters": {"existing": domain}}),
        "RS-A0": ("RS-A0", {"existing": existing, "missing": []}),
        "RS-A0-missing": ("RS-A0", {"existing": partial, "missing": ["redirectUrl"]}),
        "RS-B0": ("RS-B0", {"existingParameters": existing | sp} | lifetime(clock)),
        "RS-B0-missing": (
            "RS-B0",
            {"existingParameters": partial | sp, "missingParameters": ["redirectUrl"]} | lifetime(clock),
        ),
    }
    return [retrieve(clock, name, body, shape, "revisions") for name, (shape, body) in bodies.items()]
