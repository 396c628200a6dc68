"""PL641 to PL645: single sign-on with a partner, such as Apple."""

from collections.abc import Iterator
from typing import Final

from passlens.checks.finding import CLOCK_TOLERANCE, Hit, Severity
from passlens.checks.sequence.bounded import Bounded
from passlens.checks.sequence.check import SequenceCheck, seconds
from passlens.checks.sequence.groups import DECISIONS, PROFILES
from passlens.checks.sequence.history import History
from passlens.checks.sequence.step import Step

ASKED_WITHIN: Final = 1800.0
"""Seconds for which a partner_profile response lets the partner's login take (passlens' own)."""

REPEATED_WITHIN: Final = 120.0
"""Seconds in which an unchanged partner-session counts as repeated (passlens' own)."""

ALLOWED_REPEATS: Final = 1
"""A user who cancels and starts again repeats the call once (passlens' own)."""


class PartnerStatusNotSent(SequenceCheck):
    """A decision on an appleSSO profile was asked for without a valid partner status.

    Why: With a profile of the partner every decision carries a valid AP-Partner-Framework-Status.
    Example: the profile of the MVPD has the type appleSSO, and POST /decisions/authorize has no such header.
    Do: Read the status from the partner framework before each decision, and send it.
    """

    operations = frozenset(DECISIONS | PROFILES | {"partner-profile", "retrieve-profile-code"})

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._regular: Bounded[tuple[str | None, str | None, str], float] = Bounded()

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.operation not in DECISIONS:
            for mvpd, profile in (step.profiles or {}).items():
                if profile.type != "appleSSO" and profile.not_after is not None:
                    self._regular.set((*step.who, mvpd), profile.not_after, step.end)
            return
        mvpd = step.mvpd or ""
        known = (self.history.profiles.get(step.who, step.end) or {}).get(mvpd)
        if known is None or known[1].type != "appleSSO" or not step.partner_defect:
            return
        if (self._regular.get((*step.who, mvpd), step.end) or 0) > step.start - CLOCK_TOLERANCE:
            return  # an older profile of the same MVPD may have been chosen
        permitted = bool(step.decisions) and all(one.authorized for one in step.decisions)
        code = step.error or next((one.code for one in step.decisions if one.code), None)
        words = "The profile of the MVPD is an appleSSO one, and the call has no valid partner status."
        words += " It was answered {actual}." if code else ""
        severity: Severity = "note" if permitted else "warning"
        at = "header:AP-Partner-Framework-Status"
        yield Hit(at, words, "a valid partner status", code or "", severity, related=(known[0],))


class PartnerSessionWithoutPartner(SequenceCheck):
    """The app asked for a partner session again with a partner status that had failed.

    Why: Without a usable status the response is a fallback each time; the app is to go on with basic
    authentication by itself.
    Example: two POST /sessions/sso/Apple with access denied, each answered pfs_fallback.
    Do: Ask for a partner session only with permission granted, a provider and an expiry to come.
    """

    operations = frozenset({"partner-session"})

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._failed: Bounded[tuple[str | None, str | None], tuple[str, int]] = Bounded()

    def feed(self, step: Step) -> Iterator[Hit]:
        status = step.partner_status_key if step.reason == "pfs_fallback" else None
        if status is None:
            self._failed.pop(step.who)
            return
        known = self._failed.get(step.who, step.end)
        if known is not None and known[0] == status:
            words = (
                "The partner session was asked for again with the partner status of exchange {actual}, which failed."
            )
            at = "header:AP-Partner-Framework-Status"
            yield Hit(at, words, "basic authentication", str(known[1]), related=(known[1],))
        self._failed.set(step.who, (status, step.index), step.end)


class PartnerProfileOutOfOrder(SequenceCheck):
    """A partner profile was made without being asked for, twice, or under another partner.

    Why: It is made once, after a partner_profile response and the partner's login; later the profile is read as
    any other.
    Example: POST /profiles/sso/Apple twice with one SAMLResponse.
    Do: Make the partner profile once, and read GET /profiles afterwards.
    """

    operations = frozenset({"partner-session", "partner-profile"})

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._asked: Bounded[tuple[str | None, str | None], tuple[int, float]] = Bounded()
        self._partner: Bounded[tuple[str | None, str | None], tuple[int, str]] = Bounded()
        self._made: Bounded[tuple[str | None, str], int] = Bounded()

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.operation == "partner-session":
            self._partner.pop(step.who)
            if step.partner is not None:
                self._partner.set(step.who, (step.index, step.partner), step.end)
            if step.action == "partner_profile" or step.unread:
                self._asked.set(step.who, (step.index, step.end), step.end)
            return
        saml = step.saml_key
        made = self._made.get((step.actor, saml), step.end) if saml is not None else None
        asked = self._asked.get(step.who, step.end)
        if made is not None:
            words = "The SAMLResponse was sent before, and exchange {actual} made a profile of it."
            yield Hit("form:SAMLResponse", words, "once", str(made), "error", related=(made,))
        elif asked is None or step.start - asked[1] > ASKED_WITHIN:
            middle = step.sub is None or self.history.seen.get(step.sub, step.end) is None
            words = "The partner profile was made without a partner_profile response in the half hour before."
            related = () if asked is None else (asked[0],)
            severity: Severity = "note" if middle else "warning"
            yield Hit("status", words, "partner_profile first", "none", severity, related=related)
        partner = self._partner.get(step.who, step.end)
        if partner is not None and step.partner is not None and partner[1] != step.partner:
            words = "The partner of the session is {expected}, that of the profile {actual}."
            yield Hit(
                "path:partner", words, partner[1], step.partner, "note", "sample", related=(partner[0],)
            )  # fmt: skip
        if step.ok and saml is not None:
            self._made.set((step.actor, saml), step.index, step.end)


class FallbackIgnored(SequenceCheck):
    """The app repeated the partner session after a fallback, with nothing changed.

    Why: A fallback says to go on with basic authentication; the same call gives the same response.
    Example: three POST /sessions/sso/Apple within two minutes, all answered pfs_fallback.
    Do: Open the address of the response, resume with what is missing, or show the code.
    """

    operations = frozenset({"partner-session", "authenticate", "resume-session", "retrieve-profile-code"})
    begins = frozenset({"partner-session"})

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._fallback: Bounded[tuple[str | None, str | None], tuple[str, str, int, float, int]] = Bounded()
        self.memory = self._fallback

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.operation != "partner-session":
            session = self.history.session(step)
            who = (session.actor, step.service_provider) if session is not None and step.sub is None else step.who
            self._fallback.pop(who)
            return
        known, fell_back = self._fallback.get(step.who, step.end), (step.reason or "").endswith("_fallback")
        if known is None and not fell_back:
            return
        repeats = 0
        status, form = step.partner_status_key, step.form_key
        if known is not None and known[:2] == (status, form):
            gap = step.start - known[3]
            if 0 <= gap <= REPEATED_WITHIN:
                repeats = known[4] + 1
                if repeats > ALLOWED_REPEATS:
                    words = "The partner session was repeated unchanged {actual} after a fallback, repetition "
                    yield Hit(
                        "status", f"{words}{repeats}.", "basic authentication", seconds(gap), related=(known[2],)
                    )  # fmt: skip
        if fell_back and status is not None and form is not None:
            self._fallback.set(step.who, (status, form, step.index, step.end, repeats), step.end)
        else:
            self._fallback.pop(step.who)
