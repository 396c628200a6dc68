"""A sessions answer built from a row of the truth table and a virtual session.
Which attributes there are and how the url looks comes from the row alone; the session gives the values."""

import base64
import random
from typing import Any, Final
from urllib.parse import quote

from passlens.rest_v2.outcomes import ATTRIBUTES, OutcomeRow, response_name
from passlens.rest_v2.wire import moment
from passlens.sandbox.profile_store import ProfileKind, new_id
from passlens.sandbox.session import VirtualSession

ATTRIBUTES_NAMES: Final = ("uid", "NameID", "uniqueId")
"""What the partner framework is asked for (partner page, attributesNames)."""

KIND_BY_REASON: Final[dict[str, ProfileKind]] = {
    "authenticated": "regular",
    "temporary": "temporary",
    "degraded": "degraded",
}
"""The kind of profile a device holds after an authorize row. authenticatedSSO depends on the operation."""


def kind_of(row: OutcomeRow) -> ProfileKind:
    """The kind of profile that goes with a row: held already, or given when the session ends well.

    Only partner single sign-on is known to give a type of its own; what C6 gives no sample shows.
    """
    if row.reason in KIND_BY_REASON:
        return KIND_BY_REASON[row.reason]
    partner = row.operation == "partner-session" and row.action in ("authorize", "partner_profile")
    return "appleSSO" if partner else "regular"


def body(
    row: OutcomeRow, session: VirtualSession, *, missing: tuple[str, ...], rng: random.Random, now: float
) -> dict[str, Any]:
    """The JSON object of a current row. ``missing`` are the names for missingParameters.

    Attributes the row has as optional (mvpd, that is) are there if the session has them.
    """
    values: dict[str, Any] = {
        "actionName": row.action,
        "actionType": row.type,
        "reasonType": row.reason,
        "missingParameters": list(map(response_name, missing)),
        "url": url(row, session),
        "code": session.code,
        "sessionId": session.session_id,
        "mvpd": session.mvpd,
        "serviceProvider": session.service_provider,
        "notBefore": str(session.not_before),
        "notAfter": str(session.not_after),
    }
    if "authenticationRequest" in row.required:
        request = saml_request(rng=rng, now=now)
        values["authenticationRequest"] = {
            "type": "saml",
            "request": request,
            "attributesNames": list(ATTRIBUTES_NAMES),
        }
    there = {*row.required, *(name for name in row.form.optional if values.get(name) is not None)}
    return {name: values[name] for name in ATTRIBUTES if name in there}


def url(row: OutcomeRow, session: VirtualSession) -> str:
    """The row's canonical url with the session's values, each percent-encoded as one segment (E64)."""
    made = row.urls[0]
    segments = {
        "serviceProvider": session.service_provider,
        "code": session.code,
        "mvpd": session.mvpd,
        "partner": session.partner,
    }
    parts = made.split("/")
    for at, part in enumerate(parts):
        if part.startswith("{"):
            parts[at] = quote(segments[part[1:-1]] or "", safe="")
    return "/".join(parts)


def saml_request(*, rng: random.Random, now: float) -> str:
    """The Base64 of a small SAML request; nobody's key signed it."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Version="2.0"'
        f' ID="_{new_id(rng)}" IssueInstant="{moment(now)}">'
        '<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">urn:passlens:made-up:sp</saml:Issuer>'
        "</samlp:AuthnRequest>"
    )
    return base64.b64encode(text.encode()).decode()
