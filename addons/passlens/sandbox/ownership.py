"""Which requests belong to passlens while a real server answers all others: those about a virtual session or profile.
Literal: one case for each operation that can, and nothing for the rest."""

from passlens.rest_v2.operations import HOSTS
from passlens.sandbox.profiles import LISTED
from passlens.sandbox.request_facts import SandboxRequest
from passlens.sandbox.session import SessionStore, VirtualSession


def is_owned(facts: SandboxRequest, sessions: SessionStore, now: float) -> bool:
    """True if a request is about a code, a partner request or a profile that the store holds.

    A code counts for its own service provider only, and also when its session is over: the real server does not know
    it, so nobody else could say that it is late. It counts on its own host only: on any other, the page there could
    read the page for yes or no, and press its buttons. A profile counts for the device that holds it.
    """
    service_provider, device = facts.service_provider, facts.device
    match facts.operation:
        case "resume-session" | "retrieve-session" | "authenticate" | "retrieve-profile-code":
            return _at_home(sessions.by_code(facts.code, service_provider), facts.host)
        case "partner-profile":
            return _at_home(sessions.awaiting(device, service_provider, facts.partner or ""), facts.host)
        case "retrieve-profiles":
            return any(held.kind in LISTED for held in sessions.profiles(device, service_provider, now))
        case "retrieve-profile-mvpd" | "authorize" | "preauthorize" | "logout":
            return sessions.profile(device, service_provider, facts.mvpd or "", now) is not None
    return False


def _at_home(session: VirtualSession | None, host: str) -> bool:
    """True on the host that was asked for a session; the hosts of the API are one in this."""
    return session is not None and (session.host == host or {session.host, host} <= set(HOSTS))
