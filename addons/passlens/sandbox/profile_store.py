"""Virtual profiles: what devices hold after they signed in, and the bounded store that holds them by device, service
provider and mvpd. They end on time."""

import random
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple
from uuid import UUID

from passlens.sandbox.single_sign_on import SsoIdentity

ProfileKind = Literal["regular", "degraded", "temporary", "promotional", "appleSSO", "platformSSO", "serviceTokenSSO"]
"""What a profile rests on: its type, but for the two kinds of TempPass, which share the type temporary."""

# How long a profile of each kind holds, in milliseconds. Made up: the pages leave it to the integration.
PROFILE_MS: Final[dict[ProfileKind, int]] = {
    "regular": 24 * 3_600_000,
    "degraded": 6 * 3_600_000,
    "temporary": 2 * 3_600_000,
    "promotional": 24 * 3_600_000,
    "appleSSO": 24 * 3_600_000,
    "platformSSO": 24 * 3_600_000,
    "serviceTokenSSO": 24 * 3_600_000,
}

_MAX_RESOURCE_CHARS: Final = 500
"""Characters of a resource that a TempPass remembers; a resource can be a document of some hundred."""

_MAX_USED: Final = 1000
"""Resources that a TempPass without a limit of its own remembers."""

_MAX_SHARED: Final = 50
"""MVPDs that one user of a token is signed in to."""

REMEMBERED_MS: Final = 24 * 3_600_000
"""A session or profile that is over is remembered for a day: a late client hears that it is late, and a TempPass that
is used up stays so."""


def milliseconds(now: float) -> int:
    """Epoch seconds as epoch milliseconds."""
    return int(now * 1000)


def new_id(rng: random.Random) -> str:
    """A lower-case version 4 UUID."""
    return str(UUID(int=rng.getrandbits(128), version=4))


class Validity(NamedTuple):
    """How long a profile holds, in milliseconds, and how many resources it is good for; None: as many as one likes."""

    milliseconds: int
    resources: int | None = None


@dataclass(frozen=True)
class VirtualProfile:
    """A virtual profile: what a device holds after it signed in. Times are epoch milliseconds; ``resources`` is how
    many a promotional TempPass is good for, ``used`` are those that it was used for. ``identity`` is whom the token was
    about by which a profile of single sign-on came."""

    device: str
    service_provider: str
    mvpd: str
    kind: ProfileKind
    not_before: int
    not_after: int
    user_id: str
    resources: int | None = None
    used: tuple[str, ...] = ()
    identity: SsoIdentity | None = None

    def holds(self, now: float) -> bool:
        """True until the profile's end."""
        return milliseconds(now) < self.not_after

    @property
    def is_temporary(self) -> bool:
        """True for TempPass, basic and promotional."""
        return self.kind in ("temporary", "promotional")

    @property
    def remaining(self) -> int | None:
        """Resources that are left of a promotional TempPass."""
        return max(0, self.resources - len(self.used)) if self.resources is not None else None

    def may_play(self, resource: str) -> bool:
        """True unless the resource would be one too many for a promotional TempPass."""
        return self.remaining != 0 or resource[:_MAX_RESOURCE_CHARS] in self.used


class ProfileStore:
    """The profiles of all devices. Holds ``limit`` at most; the oldest goes first."""

    def __init__(self, limit: int = 1000) -> None:
        if limit < 1:
            raise ValueError("The store needs room for one session at least.")
        self.limit = limit
        self._profiles: OrderedDict[tuple[str, str, str], VirtualProfile] = OrderedDict()
        self._sign_ons: OrderedDict[SsoIdentity, dict[str, VirtualProfile]] = OrderedDict()  # and by mvpd in that

    def forget_profiles(self, now_ms: int) -> None:
        """Drop what ended long before ``now_ms``."""
        # The oldest stand first. Where a clock was set back, some go later: the limit holds all the same.
        while self._profiles and next(iter(self._profiles.values())).not_after + REMEMBERED_MS <= now_ms:
            self._profiles.popitem(last=False)

    def grant(
        self,
        device: str,
        service_provider: str,
        mvpd: str,
        kind: ProfileKind,
        *,
        now: float,
        rng: random.Random,
        validity: Validity | None = None,
        identity: SsoIdentity | None = None,
    ) -> VirtualProfile:
        """Let a device hold a profile; one of the same kind that still holds is kept, and so is a TempPass that is used
        up: it is given once."""
        held = self._profiles.get((device, service_provider, mvpd))
        if held is not None and held.kind == kind and (held.is_temporary or held.holds(now)):
            return held
        start = milliseconds(now)
        lasts, resources = validity or Validity(PROFILE_MS[kind])
        made = VirtualProfile(
            device, service_provider, mvpd, kind, start, start + lasts, new_id(rng), resources, identity=identity
        )
        self._keep(made)
        return made

    def use(self, profile: VirtualProfile, resource: str) -> VirtualProfile:
        """Note that a TempPass was used for a resource; returns the profile as it is now."""
        short = resource[:_MAX_RESOURCE_CHARS]
        if short in profile.used or len(profile.used) >= _MAX_USED:
            return profile
        now_used = replace(profile, used=(*profile.used, short))
        key = (profile.device, profile.service_provider, profile.mvpd)
        if key in self._profiles:
            self._profiles[key] = now_used
        return now_used

    def _keep(self, profile: VirtualProfile) -> None:
        key = (profile.device, profile.service_provider, profile.mvpd)
        self._profiles.pop(key, None)
        while len(self._profiles) >= self.limit:
            self._profiles.popitem(last=False)
        self._profiles[key] = profile

    def profile(self, device: str, service_provider: str, mvpd: str, now: float) -> VirtualProfile | None:
        """The profile a device holds for an mvpd, None if there is none or it has ended."""
        profile = self._profiles.get((device, service_provider, mvpd))
        return profile if profile is not None and profile.holds(now) else None

    def ended(self, device: str, service_provider: str, mvpd: str, now: float) -> VirtualProfile | None:
        """The profile a device held for an mvpd, if it ended within the last day."""
        profile = self._profiles.get((device, service_provider, mvpd))
        if profile is None or profile.holds(now) or profile.not_after + REMEMBERED_MS <= milliseconds(now):
            return None
        return profile

    def profiles(self, device: str, service_provider: str, now: float) -> tuple[VirtualProfile, ...]:
        """The profiles a device holds, oldest first."""
        return tuple(
            profile
            for profile in self._profiles.values()
            if (profile.device, profile.service_provider) == (device, service_provider) and profile.holds(now)
        )

    def sign_out(self, profile: VirtualProfile) -> None:
        """Take a profile away."""
        self._profiles.pop((profile.device, profile.service_provider, profile.mvpd), None)

    # ---- single sign-on by a token

    def share(self, profile: VirtualProfile, identity: SsoIdentity) -> None:
        """Let the user of a token be signed in, with this profile, wherever a token of the same user is sent."""
        shared = self._sign_ons.pop(identity, {})
        while len(self._sign_ons) >= self.limit:
            self._sign_ons.popitem(last=False)
        shared.pop(profile.mvpd, None)
        self._sign_ons[identity] = dict([*shared.items(), (profile.mvpd, profile)][-_MAX_SHARED:])

    def sign_on(self, identity: SsoIdentity, device: str, service_provider: str, now: float) -> None:
        """Let a device hold what the user of a token is signed in to, where it holds nothing of its own."""
        for mvpd, profile in self._sign_ons.get(identity, {}).items():
            held = self.profile(device, service_provider, mvpd, now)
            if profile.holds(now) and (held is None or held.identity not in (None, identity)):
                made = replace(profile, device=device, service_provider=service_provider, kind=identity.kind)
                self._keep(replace(made, identity=identity))

    def end_sign_on(self, identity: SsoIdentity, mvpd: str) -> None:
        """Sign the user of a token out of an mvpd, wherever the token had signed in."""
        self._sign_ons.get(identity, {}).pop(mvpd, None)
        for profile in [one for one in self._profiles.values() if (one.identity, one.mvpd) == (identity, mvpd)]:
            self.sign_out(profile)
