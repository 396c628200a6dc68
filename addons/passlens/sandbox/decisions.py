"""Bodies of authorize and preauthorize: one decision for each resource, with a media token or an error inside.
Errors of a decision stand inside it with HTTP 200 (Enhanced Error Codes, item-level form)."""

import base64
import random
from html import escape
from typing import Any, Final, NamedTuple

from passlens.exchange.decoded import Decoded
from passlens.rest_v2.decisions import DECISION_ROWS, TYPICAL_RESOURCES, DecisionRow
from passlens.rest_v2.wire import moment
from passlens.sandbox.errors import members
from passlens.sandbox.profile_store import ProfileKind, VirtualProfile, milliseconds, new_id
from passlens.sandbox.response import plain
from passlens.sandbox.world import PERMIT, World

DEFAULT_RESOURCES: Final = ("Resource-1",)
"""The resource of a denial to a request that names none."""

MEDIA_TOKEN_MS: Final = 420_000
"""7 minutes, the usual life of a media token."""

DECISION_MS: Final = 24 * 3_600_000
"""How long a decision holds; made up."""

_SOURCES: Final[dict[ProfileKind, str]] = {
    "regular": "mvpd",
    "degraded": "degradation",
    "temporary": "temppass",
    "promotional": "temppass",
    "appleSSO": "mvpd",
    "platformSSO": "mvpd",
    "serviceTokenSSO": "mvpd",
}


def resources(ex: Decoded) -> tuple[str, ...]:
    """The resources of a request, each once; empty if the body is not the documented one."""
    text = ex.request.json
    value = text.value if text is not None and text.valid else None
    wanted = value.get("resources") if isinstance(value, dict) else None
    if not isinstance(wanted, list) or not all(isinstance(item, str) and item for item in wanted):
        return ()
    return tuple(dict.fromkeys(plain(item) for item in wanted))


def source_of(code: str, operation_id: str) -> str:
    """Who denies with that error code in a decision of the operation: the source of its row (mvpd, degradation, …)."""
    row = denial_row(code, operation_id)
    return row.source if row is not None and row.source is not None else "mvpd"


def denial_row(code: str, operation_id: str) -> DecisionRow | None:
    """The current row of a denial with that error code; None if no decision of the operation has it."""
    return next(
        (
            row
            for row in DECISION_ROWS
            if not row.old and operation_id in row.operations and code in (*row.codes, *row.other_codes)
        ),
        None,
    )


def code_for(code: str, operation_id: str) -> str:
    """The code that a denial has in the operation: preauthorize has a code of its own for what only authorize tells."""
    return code if denial_row(code, operation_id) is not None else "preauthorization_denied_by_mvpd"


class Asked(NamedTuple):
    """What is decided about: operation, service provider, mvpd; and when, in epoch seconds."""

    operation: str
    service_provider: str
    mvpd: str
    now: float


def permit(asked: Asked, resource: str, source: str, not_after: int, rng: random.Random) -> dict[str, Any]:
    """A permit; authorize gives a media token with it. ``not_after`` is the latest end of the decision."""
    made = _decision(asked, resource, source, authorized=True)
    if asked.operation == "authorize":
        start = milliseconds(asked.now)
        made |= {"notBefore": start, "notAfter": min(start + DECISION_MS, not_after)}
        made["token"] = {
            "notBefore": start,
            "notAfter": min(start + MEDIA_TOKEN_MS, made["notAfter"]),
            "serializedToken": serialized_token(asked, resource, rng),
        }
    return made


def denial(asked: Asked, resource: str, code: str, rng: random.Random, message: str | None = None) -> dict[str, Any]:
    """A denial with an Enhanced Error Code inside, from the source that the code's row names, and with the words of
    ``message`` where there are some."""
    made = _decision(asked, resource, source_of(code, asked.operation), authorized=False)
    return made | {"error": members(code, rng) | ({"message": message} if message is not None else {})}


def denied(asked: Asked, wanted: tuple[str, ...], code: str, rng: random.Random) -> dict[str, Any]:
    """Decisions that are all denied for one reason."""
    return {"decisions": [denial(asked, resource, code, rng) for resource in wanted]}


def decided(
    asked: Asked,
    profile: VirtualProfile,
    wanted: tuple[str, ...],
    now_decided: tuple[str, ...] | None = None,
    *,
    world: World,
    rng: random.Random,
) -> dict[str, Any]:
    """The decisions for a device that holds a profile: what the world says of each resource, unless the MVPD's
    degradation or a TempPass decides. ``now_decided`` are those of ``wanted`` that are decided now; None: all."""
    now_decided = wanted if now_decided is None else now_decided
    if asked.operation == "preauthorize" and len(wanted) > TYPICAL_RESOURCES["preauthorize"]:
        return denied(asked, now_decided, "too_many_resources", rng)
    mvpd = world.find(profile.mvpd)
    rule = mvpd.degradation if mvpd is not None and mvpd.kind == "degraded" else None
    if rule == "AuthZNone":
        return denied(asked, now_decided, "authorization_denied_by_degradation_rule", rng)
    source = "degradation" if rule is not None else _SOURCES[profile.kind]
    made: list[dict[str, Any]] = []
    for resource in now_decided:
        says = world.decision(resource) if source == "mvpd" else PERMIT
        message = world.message(resource) if says != PERMIT else None
        if asked.operation == "authorize" and not profile.may_play(resource):
            says = "temporary_access_resources_limit_exceeded"
        if says == PERMIT:
            made.append(permit(asked, resource, source, profile.not_after, rng))
        else:
            made.append(denial(asked, resource, code_for(says, asked.operation), rng, message))
    return {"decisions": made}


def serialized_token(asked: Asked, resource: str, rng: random.Random) -> str:
    """The Base64 of a media token's text: a signature that nobody's key made, and what it signs."""
    signature = base64.b64encode(rng.getrandbits(1024).to_bytes(128, "big")).decode()
    values = {
        "sessionGUID": new_id(rng),
        "requestorID": asked.service_provider,
        "mvpdId": asked.mvpd,
        "resourceID": resource,
        "issueTime": moment(asked.now),
        "ttl": str(MEDIA_TOKEN_MS),
    }
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
    text = f"<signatureInfo>{signature}</signatureInfo><shortAuthorizationToken>{inside}</shortAuthorizationToken>"
    return base64.b64encode(text.encode()).decode()


def _decision(asked: Asked, resource: str, source: str, *, authorized: bool) -> dict[str, Any]:
    return {
        "resource": resource,
        "serviceProvider": asked.service_provider,
        "mvpd": asked.mvpd,
        "source": source,
        "authorized": authorized,
    }
