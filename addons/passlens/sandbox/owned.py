"""Which requests belong to passlens while a real server answers all others: those about a virtual session or profile.
Literal: one case for each operation that can, and nothing for the rest."""

from passlens.sandbox.facts import Facts
from passlens.sandbox.session import Sessions


def is_owned(facts: Facts, sessions: Sessions, now: float) -> bool:
    """True if a request is about a code, a partner request or a profile that the store holds.

    A code counts for its own service provider only, and also when its session is over: the real server does not know
    it, so nobody else could say that it is late. A profile counts for the device that holds it.
    """
    service_provider, device = facts.service_provider, facts.device
    match facts.operation:
        case "resume-session" | "retrieve-session" | "authenticate" | "retrieve-profile-code":
            return sessions.by_code(facts.code, service_provider) is not None
        case "partner-profile":
            return sessions.awaiting(device, service_provider, facts.partner or "") is not None
        case "retrieve-profiles":
            return bool(sessions.profiles(device, service_provider, now))
        case "retrieve-profile-mvpd" | "authorize" | "preauthorize" | "logout":
            return sessions.profile(device, service_provider, facts.mvpd or "", now) is not None
    return False
