"""The world the sandbox plays: its MVPDs, resources, service providers and limits. Plain data that is never changed;
where nobody describes one there are a few made-up MVPDs, one for each way a session can go."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Final, Literal

from passlens.rest_v2.configuration import PICKER, SUPPORTED
from passlens.rest_v2.profiles import SSO_TYPES
from passlens.rest_v2.wire import listed
from passlens.sandbox.profile_store import PROFILE_MS, ProfileKind, Validity
from passlens.sandbox.request_facts import is_name

_TITLE: Final = re.compile(r"<title>\s{0,20}(?:<!\[CDATA\[)?([^<>\]]{1,500})")

MvpdKind = Literal["regular", "degraded", "temporary", "promotional"]
"""How an MVPD lets people in: by signing in, without it while degraded, or by TempPass, basic or promotional."""

Degradation = Literal["AuthNAll", "AuthZAll", "AuthZNone"]
"""Which rule degrades an MVPD: everybody is signed in, everybody may watch, or nobody may."""

SignIn = Literal["at-once", "ask"]

PERMIT: Final = "permit"
ANY_RESOURCE: Final = "*"
"""The resource that stands for all that are not named."""

DENIED_END: Final = "-Denied"
"""A resource with this end is denied where the world does not name it: a denial without a scenario."""

MAX_NAMED: Final = 4
"""MVPDs that are named to people."""

PROMOTIONAL_RESOURCES: Final = 5
"""Resources of a promotional TempPass whose world does not say; made up."""


@dataclass(frozen=True)
class WorldMvpd:
    """One MVPD. ``mapping`` is its id at the partner (platformMappingId), ``partner`` whether the integration has
    partner single sign-on switched on. ``minutes`` is how long what it gives holds, None for passlens' own;
    ``logout`` whether it has a logout of its own that a user agent opens, ``resources`` how many a promotional TempPass
    lets the user watch."""

    id: str
    name: str
    kind: MvpdKind = "regular"
    mapping: str | None = None
    partner: bool = False
    degradation: Degradation = "AuthNAll"
    minutes: int | None = None
    logout: bool = True
    resources: int = PROMOTIONAL_RESOURCES

    @property
    def boarding(self) -> str | None:
        """Its boardingStatus; None where the partner does not know it."""
        if self.mapping is None:
            return None
        return SUPPORTED if self.partner else PICKER

    @property
    def is_temporary(self) -> bool:
        """True for TempPass, basic and promotional."""
        return self.kind in ("temporary", "promotional")

    @property
    def needs_no_sign_in(self) -> bool:
        """True where a profile is given to whoever asks: TempPass, and a degradation that signs everybody in."""
        return self.is_temporary or (self.kind == "degraded" and self.degradation == "AuthNAll")

    @property
    def profile_kind(self) -> ProfileKind:
        """The kind of profile that it gives: under AuthZAll and AuthZNone people sign in as ever."""
        return "regular" if self.kind == "degraded" and self.degradation != "AuthNAll" else self.kind

    @property
    def validity(self) -> Validity:
        """How long what it gives holds, in milliseconds, and how many resources it is good for."""
        lasts = self.minutes * 60_000 if self.minutes is not None else PROFILE_MS[self.profile_kind]
        return Validity(lasts, self.resources if self.kind == "promotional" else None)


@dataclass(frozen=True)
class Throttle:
    """Calls that one device may make: ``per_second`` in each second, and ``burst`` more, once."""

    per_second: int = 1
    burst: int = 10


MADE_UP: Final[tuple[WorldMvpd, ...]] = (
    # id, displayName, kind, platformMappingId, partner sign-on
    WorldMvpd("HarbourCable", "Harbour Cable", "regular", "harbour-cable", partner=True),
    WorldMvpd("MeridianFiber", "Meridian Fiber"),
    WorldMvpd("LanternDSL", "Lantern DSL (degraded)", "degraded", "lantern-dsl", partner=True),
    WorldMvpd("QuarryNet", "Quarry Net (no partner sign-on)", "regular", "quarry-net"),
    WorldMvpd("TempPass_Sandbox", "Temporary access", "temporary"),
    WorldMvpd("TempPass_Promotional", "Promotional access", "promotional"),
)


@dataclass(frozen=True)
class World:
    """What there is. ``service_providers`` None takes any; ``resources`` holds for each name ``permit`` or the error
    code of its denial, ``*`` for all others, ``messages`` what the server says of a denial; ``throttle`` None never
    refuses; ``strict`` takes nothing that is not listed."""

    mvpds: tuple[WorldMvpd, ...] = MADE_UP
    service_providers: frozenset[str] | None = None
    resources: Mapping[str, str] = field(default_factory=dict)
    messages: Mapping[str, str] = field(default_factory=dict)
    sign_in: SignIn = "at-once"
    throttle: Throttle | None = None
    strict: bool = False

    def find(self, mvpd: str | None) -> WorldMvpd | None:
        """The MVPD of an id. One that nobody listed is taken as well if it is a name and the world is not strict: as
        TempPass if it says so itself (``TempPass_5mins``), else as a regular one."""
        if mvpd is None or not is_name(mvpd):
            return None
        listed = next((found for found in self.mvpds if found.id == mvpd), None)
        if listed is not None or self.strict:
            return listed
        return WorldMvpd(mvpd, mvpd, "temporary" if "temppass" in mvpd.lower() else "regular")

    def by_provider_id(self, provider_id: str | None) -> WorldMvpd | None:
        """The MVPD that a partner status names: by its mapping id, or by its own id as samples have it (E34)."""
        if provider_id is None:
            return None
        by_mapping = (mvpd for mvpd in self.mvpds if mvpd.mapping == provider_id)
        return next(by_mapping, None) or next((mvpd for mvpd in self.mvpds if mvpd.id == provider_id), None)

    def names(self) -> str:
        """Its MVPDs for people, the first ones by their ids."""
        named = ", ".join(mvpd.id for mvpd in self.mvpds[:MAX_NAMED])
        more = len(self.mvpds) - MAX_NAMED
        return named + (f" and {more} more" if more > 0 else "")

    def mvpd_of_kind(self, kind: ProfileKind) -> str:
        """The mvpd that stands in where a request names none, for a profile of that kind; a made-up one where the world
        has none."""
        wanted = kind if kind in ("degraded", "temporary", "promotional") else "regular"
        return next(mvpd.id for mvpd in (*self.mvpds, *MADE_UP) if mvpd.kind == wanted)

    def validity(self, mvpd: str | None, kind: ProfileKind) -> Validity | None:
        """How long a profile of that kind holds; None (passlens' own) where that is not the kind its MVPD gives."""
        found = self.find(mvpd)
        if found is not None and (found.profile_kind == kind or kind in SSO_TYPES):
            return found.validity
        return Validity(PROFILE_MS[kind], PROMOTIONAL_RESOURCES) if kind == "promotional" else None

    def decision(self, resource: str) -> str:
        """``permit``, or the error code of the denial of a resource."""
        named = self.resources.get(self._listed(resource))
        if named is not None:
            return named
        denied = self.strict or _title(resource).endswith(DENIED_END)
        return "authorization_denied_by_mvpd" if denied else PERMIT

    def message(self, resource: str) -> str | None:
        """What the server says of the denial of a resource, where the world has words of its own."""
        return self.messages.get(self._listed(resource))

    def _listed(self, resource: str) -> str:
        """The name by which a resource is listed: itself, or the title of its MRSS document; else all others."""
        return next((name for name in (resource, _title(resource)) if name in self.resources), ANY_RESOURCE)

    def hint(self, error: str) -> str:
        """What there would have been instead, for errors about a name: a sentence, empty for other errors."""
        match error:
            case "invalid_parameter_mvpd":
                known = listed(tuple(mvpd.id for mvpd in self.mvpds[:20]), "and")
                rest = "and no other" if self.strict else "and takes any other id without blanks and slashes"
                return f"The sandbox knows {known}, {rest}."
            case "invalid_parameter_service_provider" if self.service_providers is not None:
                return f"The sandbox knows {listed(tuple(sorted(self.service_providers)[:20]), 'and')}."
            case "invalid_parameter_service_provider":
                return "The sandbox takes any name without blanks and slashes."
            case "invalid_parameter_partner":
                return "The sandbox knows Apple."
        return ""


def _title(resource: str) -> str:
    """The title of a resource that is an MRSS document, as the page of decisions shows one; any other resource."""
    found = _TITLE.search(resource) if resource.lstrip().startswith("<") else None
    return unescape(found[1]).strip() if found is not None else resource


DEFAULT: Final = World()
