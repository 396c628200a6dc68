"""Virtual sessions and virtual profiles, and the bounded store that holds them.
A session is found by its code, a profile by its device; both end on time."""

import random
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal
from uuid import UUID

VALIDITY_MS: Final = 1_800_000
"""notAfter - notBefore of a session: 30 minutes in every sample."""

CODE_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CODE_LENGTH: Final = 7
"""No page gives a format; every current sample has seven of these signs."""

State = Literal["open", "authenticated", "denied"]
Kind = Literal["regular", "degraded", "temporary", "appleSSO"]

# How long a profile of each kind holds, in milliseconds. Made up: the pages leave it to the integration.
PROFILE_MS: Final[dict[Kind, int]] = {
    "regular": 24 * 3_600_000,
    "degraded": 6 * 3_600_000,
    "temporary": 2 * 3_600_000,
    "appleSSO": 24 * 3_600_000,
}

_REMEMBERED_MS: Final = 24 * 3_600_000
"""A session that is over is remembered for a day, so that a late client hears that it is late."""


def milliseconds(now: float) -> int:
    """Epoch seconds as epoch milliseconds."""
    return int(now * 1000)


def new_id(rng: random.Random) -> str:
    """A lower-case version 4 UUID."""
    return str(UUID(int=rng.getrandbits(128), version=4))


@dataclass(frozen=True)
class Profile:
    """A virtual profile: what a device holds after it signed in. Times are epoch milliseconds."""

    device: str
    service_provider: str
    mvpd: str
    kind: Kind
    not_before: int
    not_after: int
    user_id: str

    def holds(self, now: float) -> bool:
        """True until the profile's end."""
        return milliseconds(now) < self.not_after


@dataclass
class Session:
    """A virtual session.

    ``device`` is the device key of the streaming device (see facts), ``device_object`` what retrieve-session shows of
    it, ``code`` None where the answer handed out an address only. ``adopted`` means that somebody else handed out the
    code, so the streaming device is only known once it polls. ``partner`` is set while a partner profile is expected,
    ``provider`` is the provider id of the status it began with. ``kind`` is the kind of profile that signing in gives.
    ``press`` is the secret of the page's buttons, ``host`` the host that was asked for the session.
    """

    session_id: str
    service_provider: str
    device: str
    not_before: int
    not_after: int
    press: str
    host: str = ""
    code: str | None = None
    adopted: bool = False
    mvpd: str | None = None
    domain_name: str | None = None
    redirect_url: str | None = None
    partner: str | None = None
    provider: str | None = None
    kind: Kind = "regular"
    state: State = "open"
    profile: Profile | None = None
    device_object: dict[str, Any] = field(default_factory=dict)

    @property
    def existing(self) -> dict[str, str]:
        """The parameters the session has, by their request names."""
        pairs = {"mvpd": self.mvpd, "domainName": self.domain_name, "redirectUrl": self.redirect_url}
        return {name: value for name, value in pairs.items() if value}

    @property
    def missing(self) -> tuple[str, ...]:
        """The parameters the session lacks, by their request names."""
        return tuple(name for name in ("mvpd", "domainName", "redirectUrl") if name not in self.existing)

    def take(self, parameters: dict[str, str | None]) -> None:
        """Set parameters by their request names; None takes one away, others stay as they are."""
        self.mvpd = parameters.get("mvpd", self.mvpd)
        self.domain_name = parameters.get("domainName", self.domain_name)
        self.redirect_url = parameters.get("redirectUrl", self.redirect_url)

    def over(self, now: float) -> bool:
        """True once notAfter has passed."""
        return milliseconds(now) >= self.not_after


class Sessions:
    """The store. Holds ``limit`` sessions and as many profiles at most; the oldest goes first."""

    def __init__(self, limit: int = 1000) -> None:
        if limit < 1:
            raise ValueError("The store needs room for one session at least.")
        self.limit = limit
        self._by_id: OrderedDict[str, Session] = OrderedDict()
        self._by_code: dict[str, dict[str, Session]] = {}  # and by service provider in that
        self._profiles: OrderedDict[tuple[str, str, str], Profile] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_id)

    def open(
        self,
        service_provider: str,
        device: str,
        *,
        now: float,
        rng: random.Random,
        code: str | None = None,
        with_code: bool = True,
    ) -> Session:
        """A new session. ``code`` takes over a code that somebody else handed out; else a fresh one is made, or none
        without ``with_code``."""
        start = milliseconds(now)
        self._forget(start)
        adopted = code is not None
        if code is None and with_code:
            code = self._new_code(rng)
        press = secrets.token_hex(16)  # not from rng: a seed must not foretell it
        session = Session(
            new_id(rng), service_provider, device, start, start + VALIDITY_MS, press, code=code, adopted=adopted
        )
        before = self.by_code(code, service_provider)
        if before is not None:
            self.drop(before)
        while len(self._by_id) >= self.limit:
            self.drop(next(iter(self._by_id.values())))
        self._by_id[session.session_id] = session
        if code is not None:
            self._by_code.setdefault(code, {})[service_provider] = session
        return session

    def _new_code(self, rng: random.Random) -> str:
        """A code that no session has had as far as the store remembers."""
        while True:
            code = "".join(rng.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
            if code not in self._by_code:
                return code

    def _forget(self, now_ms: int) -> None:
        # The oldest stand first. Where a clock was set back, some go later: the limit holds all the same.
        while self._by_id and (oldest := next(iter(self._by_id.values()))).not_after + _REMEMBERED_MS <= now_ms:
            self.drop(oldest)
        while self._profiles and next(iter(self._profiles.values())).not_after <= now_ms:
            self._profiles.popitem(last=False)

    def drop(self, session: Session) -> None:
        """Forget a session; its profile, if it gave one, stays with the device."""
        self._by_id.pop(session.session_id, None)
        if session.code is not None and self.by_code(session.code, session.service_provider) is session:
            of_code = self._by_code[session.code]
            del of_code[session.service_provider]
            if not of_code:
                del self._by_code[session.code]

    def clear(self) -> None:
        """Forget everything."""
        self._by_id.clear()
        self._by_code.clear()
        self._profiles.clear()

    def by_code(self, code: str | None, service_provider: str | None) -> Session | None:
        """The session of a code, over or not; None if the code is not that service provider's."""
        if code is None or service_provider is None:
            return None
        return self._by_code.get(code, {}).get(service_provider)

    def awaiting(self, device: str, service_provider: str, partner: str) -> Session | None:
        """The newest session of a device for which a partner profile is expected, over or not."""
        want = (device, service_provider, partner.lower())
        for session in reversed(self._by_id.values()):
            if session.partner is not None:
                have = (session.device, session.service_provider, session.partner.lower())
                if have == want:
                    return session
        return None

    def list(self, now: float) -> tuple[Session, ...]:
        """All sessions that are not over, oldest first."""
        return tuple(session for session in self._by_id.values() if not session.over(now))

    # ---- profiles

    def sign_in(self, session: Session, *, now: float, rng: random.Random) -> Profile:
        """Let the session's device hold a profile for its mvpd."""
        if session.mvpd is None:
            raise ValueError("A session without an mvpd gives no profile.")
        profile = self.grant(session.device, session.service_provider, session.mvpd, session.kind, now=now, rng=rng)
        session.state, session.profile, session.partner = "authenticated", profile, None
        return profile

    def grant(
        self, device: str, service_provider: str, mvpd: str, kind: Kind, *, now: float, rng: random.Random
    ) -> Profile:
        """Let a device hold a profile; one of the same kind that still holds is kept."""
        held = self.profile(device, service_provider, mvpd, now)
        if held is not None and held.kind == kind:
            return held
        start = milliseconds(now)
        made = Profile(device, service_provider, mvpd, kind, start, start + PROFILE_MS[kind], new_id(rng))
        self._keep(made)
        return made

    def move(self, session: Session, device: str) -> None:
        """Give an adopted session to the streaming device, with the profile it gave."""
        session.device, session.adopted = device, False
        if session.profile is not None:
            moved = replace(session.profile, device=device)
            self.sign_out(session.profile)
            self._keep(moved)
            session.state, session.profile = "authenticated", moved

    def _keep(self, profile: Profile) -> None:
        key = (profile.device, profile.service_provider, profile.mvpd)
        self._profiles.pop(key, None)
        while len(self._profiles) >= self.limit:
            self._profiles.popitem(last=False)
        self._profiles[key] = profile

    def profile(self, device: str, service_provider: str, mvpd: str, now: float) -> Profile | None:
        """The profile a device holds for an mvpd, None if there is none or it has ended."""
        profile = self._profiles.get((device, service_provider, mvpd))
        return profile if profile is not None and profile.holds(now) else None

    def profiles(self, device: str, service_provider: str, now: float) -> tuple[Profile, ...]:
        """The profiles a device holds, oldest first."""
        return tuple(
            profile
            for profile in self._profiles.values()
            if (profile.device, profile.service_provider) == (device, service_provider) and profile.holds(now)
        )

    def sign_out(self, profile: Profile) -> None:
        """Take a profile away, and from the sessions that gave it."""
        self._profiles.pop((profile.device, profile.service_provider, profile.mvpd), None)
        for session in self._by_id.values():
            if session.profile == profile:
                session.profile, session.state = None, "open"
