"""Virtual sessions, and the bounded store that holds them with the profiles they gave.
A session is found by its code; it ends on time."""

import random
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from passlens.sandbox.profile_store import (
    REMEMBERED_MS,
    ProfileKind,
    ProfileStore,
    Validity,
    VirtualProfile,
    milliseconds,
    new_id,
)
from passlens.sandbox.single_sign_on import SsoIdentity

VALIDITY_MS: Final = 1_800_000
"""notAfter - notBefore of a session: 30 minutes in every sample."""

CODE_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CODE_LENGTH: Final = 7
"""No page gives a format; every current sample has seven of these signs."""

SessionState = Literal["open", "authenticated", "denied"]


@dataclass
class VirtualSession:
    """A virtual session.

    ``device`` is the device key of the streaming device (see facts), ``device_object`` what retrieve-session shows of
    it, ``code`` None where the answer handed out an address only. ``adopted`` means that somebody else handed out the
    code, so the streaming device is only known once it polls. ``partner`` is set while a partner profile is expected,
    ``provider`` is the provider id of the status it began with. ``kind`` is the kind of profile that signing in gives.
    ``asks_mvpd`` False: the mvpd need not be named before the user agent chooses one (a partner request names none).
    ``press`` is the secret of the page's buttons, ``host`` the host that was asked for the session, ``identity`` whom
    the token of single sign-on was about that was sent with the request.
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
    asks_mvpd: bool = True
    domain_name: str | None = None
    redirect_url: str | None = None
    partner: str | None = None
    provider: str | None = None
    kind: ProfileKind = "regular"
    state: SessionState = "open"
    profile: VirtualProfile | None = None
    identity: SsoIdentity | None = None
    device_object: dict[str, Any] = field(default_factory=dict)

    @property
    def existing(self) -> dict[str, str]:
        """The parameters the session has, by their request names."""
        pairs = {"mvpd": self.mvpd, "domainName": self.domain_name, "redirectUrl": self.redirect_url}
        return {name: value for name, value in pairs.items() if value}

    @property
    def missing(self) -> tuple[str, ...]:
        """The parameters the session lacks, by their request names."""
        needed = ("mvpd", "domainName", "redirectUrl") if self.asks_mvpd else ("domainName", "redirectUrl")
        return tuple(name for name in needed if name not in self.existing)

    def take(self, parameters: dict[str, str | None]) -> None:
        """Set parameters by their request names; None takes one away, others stay as they are."""
        self.mvpd = parameters.get("mvpd", self.mvpd)
        self.domain_name = parameters.get("domainName", self.domain_name)
        self.redirect_url = parameters.get("redirectUrl", self.redirect_url)

    def over(self, now: float) -> bool:
        """True once notAfter has passed."""
        return milliseconds(now) >= self.not_after


class SessionStore(ProfileStore):
    """The store. Holds ``limit`` sessions and as many profiles at most; the oldest goes first."""

    def __init__(self, limit: int = 1000) -> None:
        super().__init__(limit)
        self._by_id: OrderedDict[str, VirtualSession] = OrderedDict()
        self._by_code: dict[str, dict[str, VirtualSession]] = {}  # and by service provider in that
        self._sign_outs: OrderedDict[str, str] = OrderedDict()  # id in the address -> where the user agent goes next

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
    ) -> VirtualSession:
        """A new session. ``code`` takes over a code that somebody else handed out; else a fresh one is made, or none
        without ``with_code``."""
        start = milliseconds(now)
        self._forget(start)
        adopted = code is not None
        if code is None and with_code:
            code = self._new_code(rng)
        press = secrets.token_hex(16)  # not from rng: a seed must not foretell it
        session = VirtualSession(
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
        while self._by_id and (oldest := next(iter(self._by_id.values()))).not_after + REMEMBERED_MS <= now_ms:
            self.drop(oldest)
        self.forget_profiles(now_ms)

    def drop(self, session: VirtualSession) -> None:
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
        self._sign_ons.clear()
        self._sign_outs.clear()

    def by_code(self, code: str | None, service_provider: str | None) -> VirtualSession | None:
        """The session of a code, over or not; None if the code is not that service provider's."""
        if code is None or service_provider is None:
            return None
        return self._by_code.get(code, {}).get(service_provider)

    def of_code(self, code: str) -> tuple[VirtualSession, ...]:
        """The sessions of a code, over or not: one for each service provider that has it."""
        return tuple(self._by_code.get(code, {}).values())

    def awaiting(self, device: str, service_provider: str, partner: str) -> VirtualSession | None:
        """The newest session of a device for which a partner profile is expected, over or not."""
        want = (device, service_provider, partner.lower())
        for session in reversed(self._by_id.values()):
            if session.partner is not None:
                have = (session.device, session.service_provider, session.partner.lower())
                if have == want:
                    return session
        return None

    def list(self, now: float) -> tuple[VirtualSession, ...]:
        """All sessions that are not over, oldest first."""
        return tuple(session for session in self._by_id.values() if not session.over(now))

    # ---- what sessions give

    def sign_in(
        self, session: VirtualSession, *, now: float, rng: random.Random, validity: Validity | None = None
    ) -> VirtualProfile:
        """Let the session's device hold a profile for its mvpd."""
        if session.mvpd is None:
            raise ValueError("A session without an mvpd gives no profile.")
        device, service_provider = session.device, session.service_provider
        identity = session.identity
        by_token = identity if identity is not None and identity.kind == session.kind else None
        profile = self.grant(
            device, service_provider, session.mvpd, session.kind, now=now, rng=rng, validity=validity, identity=by_token
        )
        if identity is not None and profile.kind == "regular":
            self.share(profile, identity)
        session.state, session.profile, session.partner = "authenticated", profile, None
        return profile

    def use(self, profile: VirtualProfile, resource: str) -> VirtualProfile:
        """Note that a TempPass was used for a resource, in the sessions that gave it as well."""
        now_used = super().use(profile, resource)
        for session in self._by_id.values():
            if session.profile == profile:
                session.profile = now_used
        return now_used

    def move(self, session: VirtualSession, device: str) -> None:
        """Give an adopted session to the streaming device, with the profile it gave."""
        session.device, session.adopted = device, False
        if session.profile is not None:
            moved = replace(session.profile, device=device)
            self.sign_out(session.profile)
            self._keep(moved)
            session.state, session.profile = "authenticated", moved

    def sign_out(self, profile: VirtualProfile) -> None:
        """Take a profile away, and from the sessions that gave it."""
        super().sign_out(profile)
        for session in self._by_id.values():
            if session.profile == profile:
                session.profile, session.state = None, "open"

    # ---- addresses of sign-outs

    def send_out(self, address: str, rng: random.Random) -> str:
        """An id for the address of a sign-out, from which the user agent goes on to ``address``."""
        while len(self._sign_outs) >= self.limit:
            self._sign_outs.popitem(last=False)
        made = new_id(rng)
        self._sign_outs[made] = address
        return made

    def sent_out(self, sign_out: str) -> str | None:
        """Where the user agent goes from a sign-out; None for an id that is not known."""
        return self._sign_outs.get(sign_out)
