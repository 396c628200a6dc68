"""PL673, PL677, PL686: what a device and a registration should have in common over time."""

from collections.abc import Iterator
from typing import Final

from passlens.checks.finding import CLOCK_TOLERANCE, Hit
from passlens.checks.sequence.bounded import Bounded
from passlens.checks.sequence.check import SequenceCheck
from passlens.checks.sequence.groups import SESSIONS
from passlens.checks.sequence.history import History
from passlens.checks.sequence.step import Step

MAX_IDENTIFIERS: Final = 5
"""A registration with more identifiers is a server's, which calls for many devices (passlens' own)."""

TOKENS: Final = {
    name.lower(): name for name in ("Adobe-Subject-Token", "X-Roku-Reserved-Roku-Connect-Token", "AD-Service-Token")
}


class DeviceIdentifierChanged(SequenceCheck):
    """One installation of the app sends two device identifiers.

    Why: Profiles belong to the device identifier; with another one the user is signed out.
    Example: two values of AP-Device-Identifier with tokens of one client id.
    Do: Make the identifier once, of something that stays, and store it.
    """

    operations = None

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._reported: Bounded[str, tuple[str, ...]] = Bounded()

    def feed(self, step: Step) -> Iterator[Hit]:
        sub, device = step.sub, step.own_device
        if sub is None or device is None:
            return
        known = self.history.devices.get(sub, step.end)
        if not known or (device in known and not self._reported.held) or step.header("X-Forwarded-For") is not None:
            return
        reported = self._reported.get(sub, step.end) or ()
        if device in known:
            if reported and device == reported[-1] and step.profiles is not None and not step.profiles:
                yield from self._lost(step, known)
            return
        if len(known) > MAX_IDENTIFIERS - 1:
            return
        self._reported.set(sub, (*reported, device)[-MAX_IDENTIFIERS:], step.end)
        first = next(iter(known.values()))
        words = "The device identifier changed: exchange {actual} of the same registration has another one."
        yield Hit("header:AP-Device-Identifier", words, "one identifier", str(first), related=(first,))
        if step.profiles is not None and not step.profiles:
            yield from self._lost(step, known)

    def _lost(self, step: Step, known: dict[str, int]) -> Iterator[Hit]:
        """The profile that the identifier before had and that has not run out, if it is not there any more."""
        had = self.history.profiles.get(step.who, step.end) or {}
        latest = step.start + CLOCK_TOLERANCE
        still = [index for index, one in had.values() if one.not_after is None or one.not_after >= latest]
        if still:
            index = still[0]
            words = "No profile, since the device identifier changed: exchange {actual} had one with the one before."
            yield Hit("body#/profiles", words, "a profile", str(index), "note", related=(index,))


class SsoTokenUneven(SequenceCheck):
    """A call of a journey leaves out the single sign-on token that calls before had.

    Why: The token goes with every call that lists it; without it the profile of the single sign-on is not found.
    Example: Adobe-Subject-Token on POST /sessions and GET /profiles, and not on POST /decisions/authorize.
    Do: Send the token with each of these calls.
    """

    operations = None

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._present: Bounded[tuple[str | None, str | None], dict[str, tuple[int, str | None]]] = Bounded()

    def feed(self, step: Step) -> Iterator[Hit]:
        if not self._present.held and TOKENS.keys().isdisjoint(step.headers):
            return
        sent = [name for lower, name in TOKENS.items() if lower in step.headers]
        if step.actor is None or step.service_provider is None:
            return
        if step.operation in SESSIONS or step.operation == "logout":
            self._present.pop(step.who)
        present = self._present.get(step.who, step.end) or {}
        for name, (index, mvpd) in list(present.items()):
            if name in sent or not step.lists(name) or (name.startswith("X-Roku") and not step.https):
                continue
            del present[name]  # told once
            if mvpd is None or step.response_mvpd is None or mvpd == step.response_mvpd:
                words = "The call has no {expected}, which exchange {actual} of the same journey has."
                yield Hit(f"header:{name}", words, name, str(index), related=(index,))
        present |= dict.fromkeys(sent, (step.index, step.response_mvpd))
        self._present.set(step.who, present, step.end)


class ServiceProviderChanged(SequenceCheck):
    """One registration calls for two service providers.

    Why: A registered application usually belongs to one channel or programmer.
    Example: calls below /api/v2/A and /api/v2/B with tokens of one client id.
    Do: Look whether both belong to the registered application.
    """

    operations = None

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._known: Bounded[str, tuple[str, int, bool]] = Bounded()

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.sub is None or step.service_provider is None:
            return
        known = self._known.get(step.sub, step.end)
        if known is None:
            self._known.set(step.sub, (step.service_provider, step.index, False), step.end)
        elif known[0] != step.service_provider and not known[2]:
            self._known.set(step.sub, (known[0], known[1], True), step.end)
            words = "The registration was used for {expected} before, and is now for {actual}."
            yield Hit("path:serviceProvider", words, known[0], step.service_provider, related=(known[1],))
