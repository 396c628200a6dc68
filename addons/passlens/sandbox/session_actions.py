"""What somebody else than the user agent does to a virtual session: signs in, denies, lets it expire."""

from typing import Final, Literal, get_args

from passlens.sandbox.profile_store import milliseconds
from passlens.sandbox.server import Api
from passlens.sandbox.session import VirtualSession

SessionAction = Literal["sign-in", "deny", "expire"]
ACTIONS: Final[tuple[SessionAction, ...]] = get_args(SessionAction)


def act(api: Api, code: str, action: SessionAction, now: float) -> tuple[VirtualSession, ...]:
    """Do it to the sessions of a code at ``now`` (epoch seconds) and return them.

    Raises LookupError with a sentence where there is no such session, ValueError where it is over.
    """
    sessions = api.sessions.of_code(code)
    if not sessions:
        known = [session.code for session in api.sessions.list(now) if session.code][-5:]
        words = f"open are {', '.join(known)}" if known else "none is open"
        raise LookupError(f"There is no virtual session with the code {code!r}; {words}.")
    open_ones = [session for session in sessions if not session.over(now)]
    if not open_ones:
        raise ValueError(f"The session with the code {code} is over; let the app begin a new one.")
    for session in open_ones:
        if action == "sign-in":
            # Whom no request named, the user chooses on the provider's pages.
            session.mvpd = session.mvpd or api.world.mvpd_of_kind("regular")
            api.sessions.sign_in(session, now=now, rng=api.rng)
            continue
        if action == "expire":
            session.not_after = milliseconds(now)
            continue
        gave, session.state, session.profile = session.profile, "denied", None
        if gave is not None:
            api.sessions.sign_out(gave)
            session.state = "denied"
    return tuple(open_ones)
