"""PL32x: the values of a sessions answer: closed vocabularies, the SAML request, parameter names, the device."""

import base64
import binascii
from collections.abc import Iterator
from typing import Any, Final

from passlens.checks.finding import Hit, Severity
from passlens.exchange.decoded import Decoded
from passlens.rest_v2 import outcomes
from passlens.rest_v2.device_info import HARDWARE_TYPES, OPENAPI_HARDWARE_TYPES
from passlens.rest_v2.outcomes import ACTION_NAMES, ACTION_TYPES, EVERY_REASON_TYPE, REASON_TYPES, TRANSLATED
from passlens.rest_v2.sources import cite
from passlens.rest_v2.wire import listed, show

_MAX_COUNT: Final = 10


def _value(ex: Decoded, name: str) -> str | None:
    if not ex.succeeded or ex.body is None or ex.operation.id not in ACTION_NAMES or ex.session is not None:
        return None
    value = ex.body.get(name)
    return value if isinstance(value, str) else None


def _not_listed(name: str, value: str, values: tuple[str, ...]) -> Hit | None:
    if value in values:
        return None
    value = value or "empty"
    near = TRANSLATED.get(value.lower()) or next((item for item in values if item.lower() == value.lower()), None)
    if near in values:
        return Hit(f"body#/{name}", f"{name} is {{actual}}, expected {{expected}}.", str(near), value)
    return Hit(f"body#/{name}", f"{name} is {{actual}}, expected one of {{expected}}.", listed(values), value)


def action_name(ex: Decoded) -> Iterator[Hit]:
    """actionName is not one of the operation's values.

    Why: the page has a closed list, and it decides what the app does next.
    Example: {"actionName": "autenticar"}, a word of the machine-translated page
    Do: treat an unknown action as an error in the app, and report it.
    """
    value = _value(ex, "actionName")
    hit = None if value is None else _not_listed("actionName", value, ACTION_NAMES[ex.operation.id])
    if hit is not None:
        yield hit


def action_type(ex: Decoded) -> Iterator[Hit]:
    """actionType is neither interactive nor direct.

    Why: the page has a closed list; it tells whether the url is for a user agent or for the app.
    Example: {"actionType": "interativo"}
    Do: treat an unknown type as an error in the app, and report it.
    """
    value = _value(ex, "actionType")
    hit = None if value is None else _not_listed("actionType", value, ACTION_TYPES)
    if hit is not None:
        yield hit


def reason_type(ex: Decoded) -> Iterator[Hit]:
    """reasonType is not one of the operation's values.

    Why: the page has a closed list. Values that another operation or an older revision lists are notes.
    Example: {"reasonType": "nenhum"}
    Do: let the app go by actionName and log the reason.
    """
    value = _value(ex, "reasonType")
    hit = None if value is None else _not_listed("reasonType", value, REASON_TYPES[ex.operation.id])
    if hit is not None and value in EVERY_REASON_TYPE:
        message = "reasonType is {actual}, which other operations or revisions list; this page lists {expected}."
        yield hit._replace(message=message, expected=listed(REASON_TYPES[ex.operation.id]), severity="note")
    elif hit is not None:
        yield hit


def authentication_request(ex: Decoded) -> Iterator[Hit]:
    """authenticationRequest of a partner answer is incomplete or of another type than saml.

    Why: the app hands its members to the partner framework; SAML is the only type the page knows.
    Example: {"authenticationRequest": {"type": "oauth"}}
    Do: report it to Adobe with the recording; fall back to basic authentication.
    """
    for problem in ex.problems:
        if not problem.pointer.startswith("/authenticationRequest/") or problem.kind not in ("missing", "value"):
            continue
        name = problem.pointer.rpartition("/")[2]
        severity: Severity | None = "warning" if name == "attributesNames" else None
        message = f"{name} of authenticationRequest is {{actual}}, expected {{expected}}."
        yield Hit(f"body#{problem.pointer}", message, problem.expected, problem.actual, severity)


def saml_request(ex: Decoded) -> Iterator[Hit]:
    """authenticationRequest.request is not Base64 over XML.

    Why: the FAQ tells to decode it; the partner framework gets a SAML request. The sample's own text is cut.
    Example: a value that ends in dots
    Do: report it to Adobe with the recording; fall back to basic authentication.
    """
    inner = (ex.body or {}).get("authenticationRequest") if ex.succeeded else None
    value: Any = inner.get("request") if isinstance(inner, dict) else None
    fault = saml_fault(value) if isinstance(value, str) else None
    if fault is not None:
        message = "The SAML request is {actual}, expected {expected}."
        yield Hit("body#/authenticationRequest/request", message, "Base64 over XML", fault)


def saml_fault(value: str) -> str | None:
    """What a SAML request is instead of Base64 over XML; None if it is that, or empty."""
    if not value:
        return None
    try:
        # Line breaks are fine: MIME encoders put them in, and every decoder of SAML takes them out.
        start = base64.b64decode("".join(value.split()), validate=True).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    except (binascii.Error, ValueError):
        return "not Base64"
    return None if start == b"<" else "Base64 over something else"


def missing_parameter_name(ex: Decoded) -> Iterator[Hit]:
    """missingParameters names a parameter that no request has.

    Why: only mvpd, domain (or domainName) and redirectUrl are known; the app cannot send another.
    Example: {"missingParameters": ["mvpdId"]}
    Do: report it to Adobe with the recording.
    """
    for pointer, names in _missing_lists(ex):
        for index, name in enumerate(names[:_MAX_COUNT]):
            if isinstance(name, str) and outcomes.parameter_name(name) not in outcomes.MISSING_PARAMETERS:
                yield Hit(
                    f"body#{pointer}/{index}",
                    "The missing parameter is called {actual}, known are {expected}.",
                    listed(outcomes.MISSING_PARAMETERS),
                    name or "empty",
                )


def _missing_lists(ex: Decoded) -> Iterator[tuple[str, list[Any]]]:
    if ex.shape is not None:
        yield ex.shape.missing_at, ex.shape.missing
    elif ex.succeeded and isinstance((ex.body or {}).get("missingParameters"), list):
        yield "/missingParameters", (ex.body or {})["missingParameters"]


def device_object(ex: Decoded) -> Iterator[Hit]:
    """The device of a retrieve answer departs from the types of the samples and the OpenAPI file.

    Why: the page has one sentence about it and no table; samples and OpenAPI agree on the types.
    Example: {"device": {"display": {"width": "1920"}}}
    Do: decode the device tolerantly.
    """
    for problem in ex.problems:
        if problem.pointer.startswith("/device/"):
            message = f"{problem.pointer[1:].replace('/', '.')} is {{actual}}, expected {{expected}}."
            yield Hit(f"body#{problem.pointer}", message, problem.expected, problem.actual)
    device = (ex.body or {}).get("device") if ex.shape is not None else None
    kind = device.get("type") if isinstance(device, dict) else None
    known = (*HARDWARE_TYPES, *OPENAPI_HARDWARE_TYPES)
    if isinstance(kind, str) and kind not in known:
        yield Hit(
            "body#/device/type",
            "device.type is {actual}, expected one of {expected}.",
            listed(known),
            show(kind),
            "note",
            source=cite("openapi"),
        )
