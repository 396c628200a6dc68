"""PL620 to PL629 and PL684: sessions, and what their responses ask for."""

from collections.abc import Iterator
from typing import Final

from passlens.checks.finding import CLOCK_TOLERANCE, Hit, Severity
from passlens.checks.sequence.bounded import Bounded
from passlens.checks.sequence.check import SequenceCheck, seconds
from passlens.checks.sequence.groups import DECISIONS, PROFILES, SESSIONS
from passlens.checks.sequence.history import History, KnownSession, holds
from passlens.checks.sequence.step import Step

CONFUSED: Final = str.maketrans("OI", "01")
"""Characters of codes that people mistake for one another."""


class SessionBeforeProfiles(SequenceCheck):
    """The app made a session before it asked for profiles.

    Why: A user who is signed in needs no session; the flow asks for profiles first.
    Example: register, token, POST /sessions, with no GET /profiles between.
    Do: Ask for the profiles when the app starts.
    """

    operations = frozenset(SESSIONS | PROFILES)

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._asked: Bounded[str, bool] = Bounded()

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.sub is None:
            return
        known = self._asked.get(step.sub, step.end)
        self._asked.set(step.sub, True, step.end)
        start = self.history.start(step)
        if step.operation in PROFILES or known or start is None or "temppass" in (step.mvpd or "").lower():
            return
        words = "The app made a session before it asked for profiles."
        yield Hit("status", words, "GET profiles first", step.operation, related=(start,))


class ActionNotFollowed(SequenceCheck):
    """The app did something else than the response of the session asked for.

    Why: actionName says what comes next: a user agent at the address, a call with the missing parameters, or a
    decision.
    Example: the response says resume, and the address for the user agent is opened, which is refused.
    Do: Do what actionName and actionType say.
    """

    operations = frozenset({"authenticate", "resume-session"})

    def feed(self, step: Step) -> Iterator[Hit]:
        session = self.history.session(step)
        if session is None or session.action is None or step.start < session.action_end:
            return
        if not session.is_open(step.start):
            return
        resumed = step.operation == "resume-session" and session.action == "authorize"
        opened = step.operation == "authenticate" and session.action == "authorize"
        opened = opened and session.action_by == "resume-session"
        early = step.operation == "authenticate" and session.action in ("resume", "retry") and _refused(step)
        if resumed or opened or early:
            words = "The session's response said {expected}, and what followed is {actual}."
            yield Hit("path:code", words, session.action, step.operation, related=(session.action_index,))


def _refused(step: Step) -> bool:
    return step.status is not None and 400 <= step.status < 500 and step.status != 429


class SignedInButAuthenticates(SequenceCheck):
    """The session's response said that the user is signed in, and the app signed in again.

    Why: After actionName authorize decisions can be asked for at once; another sign-in is lost time for the user.
    Example: POST /sessions answered authorize, and then the address for the user agent is opened.
    Do: Go on with authorize or preauthorize.
    """

    operations = frozenset(SESSIONS | DECISIONS | {"authenticate", "logout"})

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._signed_in: Bounded[tuple[str | None, str | None], dict[str, int]] = Bounded()

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.operation == "authenticate":
            session = self.history.session(step)
            if session is None or session.action != "authorize" or session.action_by not in SESSIONS:
                return
            who = session.actor, step.service_provider
            yield from self._hit(who, session.mvpd or "", step)
        elif step.operation not in SESSIONS:
            self._signed_in.pop(step.who)
        elif step.response_mvpd is None and step.form_key is None:
            return  # nobody knows for which MVPD
        elif step.action == "authorize" and step.actor is not None:
            known = self._signed_in.get(step.who, step.end) or {}
            known[(step.response_mvpd or "")[:200]] = step.index
            self._signed_in.set(step.who, dict(list(known.items())[-20:]), step.end)
        elif step.operation == "create-session" and step.action == "authenticate":
            yield from self._hit(step.who, step.response_mvpd or "", step)

    def _hit(self, who: tuple[str | None, str | None], mvpd: str, step: Step) -> Iterator[Hit]:
        known = (self._signed_in.get(who, step.end) or {}).pop(mvpd[:200], None)
        if known is not None:
            words = "The response of exchange {expected} said that the user is signed in, and the app signs in again."
            yield Hit("status", words, str(known), step.operation, related=(known,))


class ResumeOtherCode(SequenceCheck):
    """The app resumed a session with a code of another service provider, or with one that looks like its own.

    Why: A code belongs to one session of one service provider.
    Example: POST /api/v2/B/sessions/{code}, with a code that /api/v2/A/sessions brought.
    Do: Resume with the code and the service provider of the response.
    """

    operations = frozenset({"resume-session"})

    def feed(self, step: Step) -> Iterator[Hit]:
        code = step.code
        if code is None or self.history.session(step) is not None:
            return
        providers = self.history.providers.get(code, step.end)
        if providers:
            session = self.history.sessions.get((providers[-1], code), step.end)
            related = (session.created,) if session is not None else ()
            words = "The code was issued for the service provider {expected}, and is resumed for {actual}."
            yield Hit("path:serviceProvider", words, providers[-1], step.service_provider or "", related=related)
            return
        near = self._near(step, code)
        if near is not None:
            words = "The code {actual} looks like {expected}, which was issued: a mistyped one?"
            yield Hit("path:code", words, near.code, code, "note", related=(near.created,))

    def _near(self, step: Step, code: str) -> KnownSession | None:
        newest = self.history.newest.get(step.who, step.end)
        if newest is None or len(newest.code) != len(code):
            return None
        return newest if _alike(newest.code) == _alike(code) else None


def _alike(code: str) -> str:
    return code.upper().translate(CONFUSED)


class MissingParameterNotSent(SequenceCheck):
    """The app resumed a session without a parameter that the response had named as missing.

    Why: missingParameters says what the session needs before the user can sign in.
    Example: missingParameters has mvpd, and the call that resumes has only domainName.
    Do: Send all of missingParameters with the call that resumes (domain goes as domainName).
    """

    operations = frozenset({"resume-session"})

    def feed(self, step: Step) -> Iterator[Hit]:
        session = self.history.session(step)
        if session is None or not session.missing or step.start < session.action_end or not step.ok:
            return
        lacking = [name for name in session.missing if not step.form.get(name)]
        if not lacking or step.form_key is None or not (step.action == "retry" or set(lacking) & set(step.missing)):
            return
        # Several calls, each with a part, are a documented way.
        severity: Severity = "note" if len(lacking) < len(session.missing) else "warning"
        words = "The session needs {expected}; the call that resumes it does not send {actual}."
        expected, actual = ", ".join(session.missing), ", ".join(lacking)
        yield Hit(f"form:{lacking[0]}", words, expected, actual, severity, related=(session.action_index,))


class CodeNotValidated(SequenceCheck):
    """A second device opened the address of a code that nobody had validated.

    Why: A mistyped code is found out by asking for the session first, before the user meets the provider's page.
    Example: GET /authenticate/{serviceProvider}/{code} from another address, with no retrieve or resume before.
    Do: Retrieve or resume the session with the code, then open the address.
    """

    operations = frozenset({"authenticate"})

    def feed(self, step: Step) -> Iterator[Hit]:
        session = self.history.session(step)
        if session is None or session.validated or session.client is None or step.client is None:
            return
        if session.client != step.client:
            words = "Another device opened the address of the code, which nobody had validated."
            yield Hit("path:code", words, "retrieve or resume first", "authenticate", related=(session.created,))


class CodeOver(SequenceCheck):
    """A code was used after it had run out.

    Why: A session has an end, notAfter; after that the user needs a new code.
    Example: POST /sessions/{code} two minutes after notAfter, which is refused.
    Do: Show no code after notAfter, and make a new session.
    """

    operations = frozenset({"authenticate", "resume-session", "retrieve-session"})
    begins = frozenset()

    def feed(self, step: Step) -> Iterator[Hit]:
        session = self.history.session(step)
        if session is None or session.not_after is None or step.start <= session.not_after + CLOCK_TOLERANCE:
            return
        if step.status is None or step.status < 400 or not step.answered:
            return  # the server still took it, or nobody knows
        late = seconds(step.start - session.not_after)
        words = "The code ran out {actual} before this call."
        yield Hit("path:code", words, "before notAfter", late, related=(session.created,))


class SessionForTempPass(SequenceCheck):
    """The app made a session for temporary access.

    Why: TempPass needs no sign-in; decisions can be asked for at once.
    Example: POST /sessions with a TempPass MVPD, answered authorize for the reason temporary.
    Do: Call authorize or preauthorize directly.
    """

    operations = frozenset({"create-session", "resume-session"})

    def feed(self, step: Step) -> Iterator[Hit]:
        if step.reason == "temporary":
            words = "Temporary access needs no session: the response says {actual}."
            yield Hit("body#/reasonType", words, "a decision at once", "temporary")


class SessionNotNeeded(SequenceCheck):
    """The app made a session for an MVPD whose valid profile it had read.

    Why: A session can be left out while the profile holds.
    Example: GET /profiles with a profile of Cox, then POST /sessions with mvpd=Cox, answered authorize.
    Do: Ask for decisions with the profile that there is.
    """

    operations = frozenset({"create-session"})
    begins = frozenset()

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self.memory = history.profiles

    def feed(self, step: Step) -> Iterator[Hit]:
        known = (self.history.profiles.get(step.who, step.end) or {}).get(step.mvpd or "")
        if known is None or step.action != "authorize" or step.reason not in ("authenticated", "authenticatedSSO"):
            return
        index, profile = known
        if holds(profile, step):
            words = "The session was not needed: exchange {actual} had a valid profile of the MVPD."
            yield Hit("form:mvpd", words, "a decision", str(index), related=(index,))
