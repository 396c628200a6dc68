"""PL688, PL689, PL691 and PL692: what a response says against what earlier ones said."""

from collections.abc import Iterator
from typing import Final

from passlens.checks.finding import Hit
from passlens.checks.sequence.check import SequenceCheck
from passlens.checks.sequence.groups import DECISIONS, PROFILES
from passlens.checks.sequence.history import History
from passlens.checks.sequence.step import Step
from passlens.rest_v2.operations import is_api_host
from passlens.rest_v2.results import text
from passlens.rest_v2.wire import listed

_LOGOUTS: Final[dict[str, tuple[str, ...]]] = {
    "regular": ("logout", "complete"),
    "appleSSO": ("partner_logout",),
    "temporary": ("complete",),
    "degraded": ("complete",),
}
"""actionName of a logout by the type of the profile that it ends (logout page)."""


class TempPassOfRegular(SequenceCheck):
    """A decision comes from TempPass though the user is signed in to the MVPD.

    Why: The source temppass belongs to an MVPD of temporary access; a profile of the type regular is none.
    Example: the newest profile of Cox is regular, and authorize/Cox is answered with the source temppass.
    Do: Look at how the MVPD is set up in the TVE Dashboard; let the app go by authorized.
    """

    operations = DECISIONS

    def feed(self, step: Step) -> Iterator[Hit]:
        known = (self.history.profiles.get(step.who, step.end) or {}).get(step.mvpd or "")
        if known is None or known[1].type != "regular" or (known[1].not_after or 0) < step.start:
            return
        if any(one.source == "temppass" for one in step.decisions):
            words = "The decision comes from {actual}, and the newest profile of the MVPD is {expected}."
            yield Hit("body#/decisions", words, "regular", "temppass", related=(known[0],))


class LogoutActionDiffers(SequenceCheck):
    """The action of a logout does not fit the type of the profile that it ends.

    Why: partner_logout belongs to profiles of the type appleSSO; temporary and degraded access is complete without a
    visit to the MVPD. Samples of 2024 said invalid for the latter, which is taken.
    Example: the newest profile of Cox is appleSSO, and logout/Cox is answered with complete.
    Do: Let the app do what actionName says; report it to Adobe with the recording.
    """

    operations = frozenset({"logout"})

    def feed(self, step: Step) -> Iterator[Hit]:
        known = self.history.profiles.get(step.who, step.end) or {}
        for mvpd, action in step.logouts.items():
            if mvpd not in known or action == "invalid":
                continue
            index, profile = known[mvpd]
            expected = _LOGOUTS.get(profile.type or "")
            if expected is None or action in expected or (profile.not_after or 0) < step.start:
                continue
            words = f"The logout of the {profile.type} profile is {{actual}}, expected {{expected}}."
            yield Hit("body#/logouts", words, listed(expected), action, related=(index,))


class NavigationOfOther(SequenceCheck):
    """The user agent is sent to the sign-in of another MVPD than that of the session.

    Why: In the sample mso_id of the Location is the MVPD that the session was made for.
    Example: a session with mvpd=Cox, and its address leads to a Location with mso_id=Spectrum.
    Do: Look for a cache on the way that mixes answers up.
    """

    operations = frozenset({"authenticate"})

    def feed(self, step: Step) -> Iterator[Hit]:
        session, found = self.history.session(step), step.location
        if session is None or session.mvpd is None or found is None or not is_api_host(found.host):
            return
        named = found.query.get("mso_id")
        if named is not None and named != session.mvpd:
            words = "mso_id of the Location is {actual}, the session has the mvpd {expected}."
            yield Hit("header:Location", words, session.mvpd, text(named) or "empty", related=(session.created,))


class ProviderNotMapped(SequenceCheck):
    """The provider id of the partner status is none that the configuration has, or stands for another MVPD there.

    Why: frameworkProviderInfo.id is compared with the platformMappingIds of the configuration; samples have the mvpd
    id in its place, so that it is only told where the server did not take the status, or where the id is that of
    another MVPD.
    Example: the id Cox in a status that was refused, and a configuration in which Cox has the platformMappingId cox-1.
    Do: Send the id that the partner framework gives; look at the MVPD's platform settings in the TVE Dashboard.
    """

    operations = frozenset(DECISIONS | PROFILES | {"partner-session", "partner-profile"})
    begins = frozenset()

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self.memory = history.configurations

    def feed(self, step: Step) -> Iterator[Hit]:
        known, provider = self.history.offered(step), step.provider
        if known is None or provider is None or not known.by_mapping:
            return
        at = "header:AP-Partner-Framework-Status#/frameworkProviderInfo/id"
        mapped = known.by_mapping.get(provider)
        if mapped is None and _refused(step):
            own = next((one for one, mvpd in known.by_mapping.items() if mvpd == provider), None)
            words = "The provider id {actual} is no platformMappingId of the newest configuration"
            words += ", expected {expected}." if own is None else "; the MVPD of that name has {expected}."
            yield Hit(at, words, own or listed(tuple(known.by_mapping)[:5]), provider, related=(known.read,))
        elif mapped is not None and step.response_mvpd is not None and mapped != step.response_mvpd:
            words = "The provider id of the partner status is that of {actual} in the newest configuration, "
            words += "this call is about {expected}."
            yield Hit(at, words, step.response_mvpd, mapped, related=(known.read,))


def _refused(step: Step) -> bool:
    """True if the server did not take the provider of the partner status."""
    codes = (step.error, *(one.code for one in step.decisions))
    return (step.reason or "").endswith("_fallback") or any("pfs_provider_id" in (code or "") for code in codes)
