"""Bodies of the profile operations: a map from mvpd to profile; its times are integers, unlike a session's.
Also which profiles a request may see: one of type appleSSO needs a valid partner status (FAQ, partner flow)."""

from collections.abc import Iterable
from typing import Any, Final

from passlens.exchange import Exchange
from passlens.sandbox.session import Kind, Profile

_ISSUERS: Final[dict[Kind, str | None]] = {
    # kind -> issuer; None: the mvpd itself
    "regular": None,
    "degraded": "Adobe",
    "temporary": "Adobe",
    "appleSSO": "Apple",
}


def profiles_body(profiles: Iterable[Profile]) -> dict[str, Any]:
    """The JSON object of every profile answer; the map is empty until somebody has signed in."""
    return {"profiles": {profile.mvpd: _profile(profile) for profile in profiles}}


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        "notBefore": profile.not_before,
        "notAfter": profile.not_after,
        "issuer": _ISSUERS[profile.kind] or profile.mvpd,
        "type": profile.kind,
        "attributes": {"userID": {"value": profile.user_id, "state": "plain"}},
    }


def may_see(profile: Profile, ex: Exchange, now: float) -> bool:
    """True unless the profile came from a partner and the request does not carry a partner status that holds."""
    if profile.kind != "appleSSO":
        return True
    return ex.partner_status is not None and ex.partner_status.defect(now) is None
