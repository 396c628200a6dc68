"""Which answer a request deserves by its own content: the name of a row, or of an error.
The order of the questions follows the flow pages; where they leave it open the reason stands beside it."""

from typing import Final, NamedTuple

from passlens.exchange.decoded import Decoded
from passlens.rest_v2.partner_status import Defect
from passlens.rest_v2.profiles import SSO_TYPES
from passlens.sandbox.profile_store import VirtualProfile
from passlens.sandbox.request_facts import SandboxRequest, is_address
from passlens.sandbox.session import SessionStore, VirtualSession
from passlens.sandbox.single_sign_on import identity_of
from passlens.sandbox.world import DEFAULT, World, WorldMvpd

PARTNER_ERRORS: Final[dict[Defect, str]] = {
    # what is wrong with the partner status -> the error of partner-profile (headers page, error code mapping)
    "not-base64": "invalid_header_pfs_permission_access_not_present",
    "not-json": "invalid_header_pfs_permission_access_not_present",
    "old-structure": "invalid_header_pfs_permission_access_not_present",
    "no-access-status": "invalid_header_pfs_permission_access_not_present",
    "not-granted": "invalid_header_pfs_permission_access_not_granted",
    "no-provider": "invalid_header_pfs_provider_id_not_determined",
    "expiry-form": "invalid_header_pfs_provider_info_expired",
    "expired": "invalid_header_pfs_provider_info_expired",
}
_UNDETERMINED: Final = ("notDetermined", "pending")


class Choice(NamedTuple):
    """The name of an answer, and the mvpd it is about where the request's own words do not settle that."""

    name: str
    mvpd: str | None = None


def create(facts: SandboxRequest, ex: Decoded, sessions: SessionStore, now: float, world: World = DEFAULT) -> Choice:
    """The answer of create-session."""
    mvpd = facts.form.get("mvpd")
    held = sessions.profile(facts.device, facts.service_provider, mvpd, now) if mvpd else None
    if held is not None and held.identity not in (None, identity_of(ex, now)):
        held = None  # It came by a token that this request does not have.
    wrong = _wrong_parameter(facts, world)
    if wrong is not None:
        return Choice(wrong)
    row = _without_sign_in(world.find(mvpd), held, temporary="C4", degraded="C5", authenticated="C3", sso="C6")
    return Choice(row or ("C2" if facts.missing else "C1"))


def resume(
    facts: SandboxRequest, session: VirtualSession, sessions: SessionStore, now: float, world: World = DEFAULT
) -> Choice:
    """The answer of resume-session, for the session's own device, whichever device resumes it."""
    mvpd = facts.form.get("mvpd") or session.mvpd
    held = sessions.profile(session.device, session.service_provider, mvpd, now) if mvpd else None
    if held is not None and held.identity not in (None, session.identity):
        held = None
    wrong = _wrong_parameter(facts, world)
    if wrong is not None:
        return Choice(wrong)
    # No page lists authenticatedSSO for this operation.
    row = _without_sign_in(world.find(mvpd), held, temporary="R4", degraded="R5", authenticated="R3", sso="R3")
    lacks = [name for name in facts.missing if name in session.missing]
    return Choice(row or ("R2" if lacks else "R1"))


def partner(facts: SandboxRequest, ex: Decoded, sessions: SessionStore, now: float, world: World = DEFAULT) -> Choice:
    """The answer of partner-session.

    A missing parameter counts before a bad status: the documentation leaves the order open, and a fallback could not
    end without them. A provider id nobody knows is answered like one that is not switched on, because the status in
    itself is in order.
    """
    wrong = _wrong_parameter(facts, world)
    if wrong is not None:
        return Choice(wrong)
    status = ex.partner_status
    good = status is not None and status.defect(now) is None
    provider = world.by_provider_id(facts.provider)
    if good and provider is not None and provider.partner:
        held = sessions.profile(facts.device, facts.service_provider, provider.id, now)
        row = _without_sign_in(provider, held, temporary="P4", degraded="P2", authenticated="P6", sso="P7")
        if row is not None:
            return Choice(row, provider.id)
    mvpd = provider.id if provider is not None else None
    if facts.missing:
        return Choice("P5", mvpd)
    if not good:
        return Choice("P3", mvpd)
    return Choice("P1" if provider is not None and provider.partner else "P4", mvpd)


def partner_error(
    facts: SandboxRequest,
    ex: Decoded,
    session: VirtualSession | None,
    now: float,
    *,
    strict: bool,
    world: World = DEFAULT,
) -> str | None:
    """What is wrong with the partner status of a partner-profile request, as an error name; None if nothing is."""
    status = ex.partner_status
    if status is None:
        return "invalid_header_pfs_permission_access_not_present"
    defect = status.defect(now)
    if defect == "not-granted" and status.access in _UNDETERMINED:
        return "invalid_header_pfs_permission_access_not_determined"
    if defect is not None:
        return PARTNER_ERRORS[defect]
    provider = world.by_provider_id(facts.provider)
    if strict and (provider is None or not provider.partner):
        return "invalid_header_pfs_provider_id_not_determined"
    if session is not None and session.provider is not None and session.provider != facts.provider:
        return "invalid_header_pfs_provider_id_mismatch"
    return None


def _without_sign_in(
    mvpd: WorldMvpd | None, held: VirtualProfile | None, *, temporary: str, degraded: str, authenticated: str, sso: str
) -> str | None:
    """The authorize row for an mvpd that needs no sign-in, or none any more."""
    if mvpd is not None and mvpd.is_temporary:
        return temporary
    if mvpd is not None and mvpd.needs_no_sign_in:
        return degraded
    if held is not None:
        return sso if held.kind in SSO_TYPES else authenticated
    return None


def _wrong_parameter(facts: SandboxRequest, world: World) -> str | None:
    mvpd, address = facts.form.get("mvpd"), facts.form.get("redirectUrl")
    if mvpd is not None and world.find(mvpd) is None:
        return "invalid_parameter_mvpd"
    if address is not None and not is_address(address):
        return "invalid_parameter_redirect_url"
    return None
