"""Bodies of authorize and preauthorize: one decision for each resource, with a media token or an error inside.
Errors of a decision stand inside it with HTTP 200 (Enhanced Error Codes, item-level form)."""

import base64
import random
from typing import Any, Final

from passlens.exchange import Exchange
from passlens.sandbox.errors import members
from passlens.sandbox.made import plain
from passlens.sandbox.session import Kind, Profile, milliseconds

STAND_IN: Final = ("Resource-1",)
"""The resource of a denial to a request that names none."""

MEDIA_TOKEN_MS: Final = 420_000
"""7 minutes, the usual life of a media token."""

DECISION_MS: Final = 24 * 3_600_000
"""How long a decision holds; made up."""

MOST_TO_PREAUTHORIZE: Final = 5
"""Resources of one preauthorize call that the usual configuration takes."""

DENIED_END: Final = "-Denied"
"""A resource with this end is denied, so that a denial can be seen without a scenario."""

_SOURCES: Final[dict[Kind, str]] = {
    "regular": "mvpd",
    "appleSSO": "mvpd",
    "degraded": "degradation",
    "temporary": "temppass",
}
_DENIAL: Final = {
    "authorize": "authorization_denied_by_mvpd",
    "preauthorize": "preauthorization_denied_by_mvpd",
}


def resources(ex: Exchange) -> tuple[str, ...]:
    """The resources of a request, each once; empty if the body is not the documented one."""
    text = ex.request.json
    value = text.value if text is not None and text.valid else None
    wanted = value.get("resources") if isinstance(value, dict) else None
    if not isinstance(wanted, list) or not all(isinstance(item, str) and item for item in wanted):
        return ()
    return tuple(dict.fromkeys(plain(item) for item in wanted))


def decided(
    operation_id: str, profile: Profile, wanted: tuple[str, ...], *, now: float, rng: random.Random
) -> dict[str, Any]:
    """The decisions for a device that holds a profile: granted, but for resources that end in -Denied."""
    sp, mvpd = profile.service_provider, profile.mvpd
    if operation_id == "preauthorize" and len(wanted) > MOST_TO_PREAUTHORIZE:
        return denied(sp, mvpd, wanted, "too_many_resources", rng)
    made = []
    for resource in wanted:
        if resource.endswith(DENIED_END):
            made += denied(sp, mvpd, (resource,), _DENIAL[operation_id], rng)["decisions"]
            continue
        start = milliseconds(now)
        decision: dict[str, Any] = _decision(resource, sp, mvpd, _SOURCES[profile.kind], authorized=True)
        if operation_id == "authorize":
            decision |= {"notBefore": start, "notAfter": min(start + DECISION_MS, profile.not_after)}
            serialized = base64.b64encode(rng.getrandbits(384).to_bytes(48, "big")).decode()
            decision["token"] = {
                "notBefore": start,
                "notAfter": start + MEDIA_TOKEN_MS,
                "serializedToken": serialized,
            }
        made.append(decision)
    return {"decisions": made}


def denied(sp: str, mvpd: str, wanted: tuple[str, ...], code: str, rng: random.Random) -> dict[str, Any]:
    """Decisions that are all denied for one reason, an Enhanced Error Code."""
    return {
        "decisions": [
            _decision(resource, sp, mvpd, "mvpd", authorized=False) | {"error": members(code, rng)}
            for resource in wanted
        ]
    }


def _decision(resource: str, sp: str, mvpd: str, source: str, *, authorized: bool) -> dict[str, Any]:
    return {
        "resource": resource,
        "serviceProvider": sp,
        "mvpd": mvpd,
        "source": source,
        "authorized": authorized,
    }
