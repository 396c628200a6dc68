"""PL610 to PL612: configuration, read for the picker and kept for a while."""

from collections.abc import Iterator
from typing import Final

from passlens.checks.finding import Hit, Severity
from passlens.checks.sequence.bounded import Bounded
from passlens.checks.sequence.check import SequenceCheck, seconds
from passlens.checks.sequence.groups import REGISTRATION, SESSIONS
from passlens.checks.sequence.history import History
from passlens.checks.sequence.step import Step

CONFIGURATION: Final = "retrieve-configuration"

CACHED: Final = 120.0
"""Seconds for which a configuration is to be kept: the shortest of the times that three pages give."""

PICKED_WITHIN: Final = 120.0
"""Seconds in which a session follows a configuration that a picker needed (passlens' own)."""

WRONG_MVPD: Final = frozenset({"invalid_integration", "invalid_parameter_mvpd"})


class ConfigurationNotNeeded(SequenceCheck):
    """The app read the configuration although the user is signed in and chose no provider afterwards.

    Why: The configuration is for the picker; who has a valid profile needs none.
    Example: GET /configuration after a response with a profile, and no session in the two minutes after it.
    Do: Read the configuration when the user has to choose a TV provider.
    """

    operations = None
    begins = frozenset({CONFIGURATION})

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._read: Bounded[tuple[str | None, str | None], tuple[int, float, int]] = Bounded()
        self.memory = self._read

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.operation in SESSIONS:
            self._read.pop(step.who)
        elif step.operation == CONFIGURATION and step.ok:
            if not step.apple and (profile := self.history.valid_profile(step)) is not None:
                self._read.set(step.who, (step.index, step.end, profile), step.end)
        elif (known := self._read.get(step.who, step.end)) is not None and step.start > known[1] + PICKED_WITHIN:
            self._read.pop(step.who)
            words = (
                "The configuration of exchange {actual} was not needed: the user is signed in, and no session followed."
            )
            yield Hit("status", words, "no configuration", str(known[0]), related=(known[0], known[2]))


class ConfigurationNotCached(SequenceCheck):
    """The app read the configuration again within two minutes.

    Why: It changes rarely; the pages name 2 to 5 minutes for which it is to be kept.
    Example: two GET /configuration within 30 s.
    Do: Keep the response for some minutes.
    """

    operations = frozenset({CONFIGURATION}) | REGISTRATION

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._read: Bounded[tuple[str | None, str | None, str], tuple[int, float]] = Bounded()
        self._starts: Bounded[str, float] = Bounded()

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.operation != CONFIGURATION:
            # The app has started anew; what it kept in memory is gone.
            self._starts.set(step.client_id or step.client or "", step.end, step.end)
            return
        if not step.ok:
            return
        key = (*step.who, step.device_info)
        known = self._read.get(key, step.end)
        self._read.set(key, (step.index, step.end), step.end)
        restarted = self._starts.get(step.sub or step.client or "", step.end)
        if known is None or (restarted is not None and restarted > known[1]):
            return
        gap = step.start - known[1]
        if 0 <= gap < CACHED:
            words = "The app read the configuration again after {actual}."
            yield Hit("status", words, "kept for 2 to 5 minutes", seconds(gap), related=(known[0],))


class MvpdNotOffered(SequenceCheck):
    """The app named an MVPD that the configuration does not offer.

    Why: The id of the provider comes from the configuration; another one fails or signs the user in elsewhere.
    Example: POST /sessions with mvpd=Cox, after a configuration without Cox.
    Do: Take the id of the MVPD from the configuration.
    """

    operations = frozenset({"create-session", "resume-session", "authorize", "preauthorize", "logout"})
    begins = frozenset()

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._reported: Bounded[tuple[str | None, str | None, str], bool] = Bounded()
        self.memory = history.configurations

    def feed(self, step: Step) -> Iterator[Hit]:
        known, mvpd = self.history.offered(step), step.mvpd
        if known is None or mvpd is None or mvpd in known.ids or "temppass" in mvpd.lower() or "${" in mvpd:
            return
        once = (*step.who, mvpd)
        if self._reported.get(once, step.end):
            return
        self._reported.set(once, True, step.end)
        severity: Severity = "warning" if step.error in WRONG_MVPD else "note"
        at = "form:mvpd" if step.operation in ("create-session", "resume-session") else "path:mvpd"
        words = "The MVPD {actual} is not among those of the newest configuration."
        yield Hit(at, words, "an id of the configuration", mvpd, severity, related=(known.read,))
