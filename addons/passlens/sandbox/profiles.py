"""Bodies of the profile operations: a map from mvpd to profile; its times are integers, unlike a session's.
Also which profiles a request may see: one of type appleSSO needs a valid partner status (FAQ, partner flow),
one by a token the token."""

from collections.abc import Iterable
from typing import Any, Final

from passlens.exchange.decoded import Decoded
from passlens.rest_v2.profiles import SSO_TYPES
from passlens.sandbox.profile_store import ProfileKind, VirtualProfile
from passlens.sandbox.single_sign_on import identity_of

LISTED: Final[tuple[ProfileKind, ...]] = ("regular", *SSO_TYPES)
"""Kinds in the answer with all profiles: its page lists neither degraded nor temporary ones (PF12)."""

_ISSUERS: Final[dict[ProfileKind, str | None]] = {
    # kind -> issuer; None: the mvpd itself
    "regular": None,
    "degraded": "Adobe",
    "temporary": "Adobe",
    "promotional": "Adobe",
    "appleSSO": "Apple",
    "platformSSO": None,
    "serviceTokenSSO": None,
}


def profiles_body(profiles: Iterable[VirtualProfile]) -> dict[str, Any]:
    """The JSON object of every profile answer; the map is empty until somebody has signed in."""
    return {"profiles": {profile.mvpd: _profile(profile) for profile in profiles}}


def _profile(profile: VirtualProfile) -> dict[str, Any]:
    return {
        "notBefore": profile.not_before,
        "notAfter": profile.not_after,
        "issuer": _ISSUERS[profile.kind] or profile.mvpd,
        "type": "temporary" if profile.is_temporary else profile.kind,
        "attributes": {name: {"value": value, "state": "plain"} for name, value in _attributes(profile).items()},
    }


def _attributes(profile: VirtualProfile) -> dict[str, Any]:
    """User metadata as in the samples of that kind, with the prefixes that tell whose user ids they are."""
    user = _PREFIXES.get(profile.kind, "") + profile.user_id
    match profile.kind:
        case "temporary":
            return {"expiration_date": profile.not_after, "userID": user}
        case "promotional":
            return {
                "remaining_resources": profile.remaining,
                "used_assets": list(profile.used),
                "expiration_date": profile.not_after,
                "userID": user,
            }
        case "platformSSO" | "serviceTokenSSO":
            return {"upstreamUserID": user, "userID": user, "mvpd": profile.mvpd}
        case "degraded":
            return {"userID": user}
    return {"upstreamUserID": user, "userID": user, "householdID": f"household-{profile.user_id}"}


_PREFIXES: Final[dict[ProfileKind, str]] = {
    "degraded": "95cf93bcd183214a",
    "temporary": "temppass_",
    "promotional": "temppass_",
}
"""How userID starts (profiles pages)."""


def may_see(profile: VirtualProfile, ex: Decoded, now: float) -> bool:
    """True unless the profile came from a partner or by a token, and the request does not carry a partner status that
    holds, or a token of the same user."""
    if profile.identity is not None:
        return identity_of(ex, now) == profile.identity
    if profile.kind != "appleSSO":
        return True
    return ex.partner_status is not None and ex.partner_status.defect(now) is None
