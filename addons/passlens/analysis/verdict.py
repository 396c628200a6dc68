"""The verdict on a journey: what is taken from each step of it, and what follows from that. Pure."""

from dataclasses import dataclass
from typing import Final

from passlens.analysis.entry import JourneyVerdict
from passlens.checks.finding import CLOCK_TOLERANCE
from passlens.checks.sequence.groups import DECISIONS, POLL, SESSION_RESPONSES
from passlens.checks.sequence.polling import CODE_OVER
from passlens.checks.sequence.step import Step
from passlens.util.text import plural

IDLE: Final = 1800.0
"""Seconds without an exchange after which a journey has ended: the life of a code."""

MAX_DENIED: Final = 3
"""Resources that the sentence names."""

NO_ANSWER: Final = "no answer"

NOT_MODIFIED: Final = 304
"""What the app asked for is what it has already."""

SIGNED_IN_REASONS: Final = frozenset({"authenticated", "authenticatedSSO", "degraded", "temporary"})

NO_PROFILE: Final = "authenticated_profile_missing"
"""The error of decisions that says that nobody is signed in."""


@dataclass
class JourneyFacts:
    """What a verdict rests on. Times are seconds since the epoch."""

    start: float
    end: float
    waiting_for_code: bool = False
    not_after: float | None = None
    fallback: str | None = None
    """reasonType of the last fallback."""
    after_fallback: bool = False
    """Something followed the fallback."""
    signed_in: bool = False
    over: bool = False
    """The server said that the code is over, or the app went on after notAfter without a profile."""
    open_code: str | None = None
    """The code that the server answered for last."""
    elsewhere: bool = False
    """After the last error the device went on with another registration."""
    logged_out: bool = False
    error: str | None = None
    """The error of the last exchange, None if that was none."""
    last: str = ""
    decided: bool | None = None
    """Whether the last decision permitted something; None without one."""
    denied: tuple[str, ...] = ()
    denial: str | None = None
    polls: int = 0
    unread: bool = False
    """The body of a success was not recorded: there may have been a profile in it."""


def verdict(facts: JourneyFacts, now: float) -> tuple[JourneyVerdict, str]:
    """The verdict at ``now``, the latest time that is known, and why, in a few words."""
    word, why = _verdict(facts, now)
    took = facts.end - facts.start
    if took >= 1:
        why += f", {_span(took)}"
    if facts.denied and facts.decided is not None:
        names = ", ".join(facts.denied[:MAX_DENIED]) + (", …" if len(facts.denied) > MAX_DENIED else "")
        why += f"; denied {names}" + (f" ({facts.denial})" if facts.denial else "")
    return word, why


def _verdict(facts: JourneyFacts, now: float) -> tuple[JourneyVerdict, str]:
    how = " after a fallback" if facts.fallback else ""
    if facts.logged_out:
        return "logged-out", "logged out"
    if facts.decided is not None:
        unsigned = "nobody was signed in" if facts.denial == NO_PROFILE else "the sign-in was not seen"
        return ("authorized" if facts.decided else "denied"), f"signed in{how}" if facts.signed_in else unsigned
    if facts.signed_in:
        return "signed-in", f"signed in{how}"
    if facts.over:
        return "expired", "the code ran out before the user signed in"
    if facts.error is not None:
        got = f"got {NO_ANSWER}" if facts.error == NO_ANSWER else f"was answered {facts.error}"
        then = "the device went on with another registration" if facts.elsewhere else "nothing followed"
        return "failed", f"{facts.last} {got}, and {then}"
    if facts.fallback is not None and not facts.after_fallback:
        return "fell-back", f"the response was {facts.fallback}, and nothing followed"
    if now - facts.end >= IDLE:
        return "abandoned", f"nothing came for half an hour after {facts.last}"
    if facts.waiting_for_code and facts.not_after is not None and now > facts.not_after + CLOCK_TOLERANCE:
        return "expired", "the code ran out before the user signed in"
    polls = f", {plural(facts.polls, 'poll')}" if facts.polls else ""
    if facts.unread:
        return "waiting", f"what was answered is not in the recording; the last call was {facts.last}{polls}"
    return "waiting", f"no profile yet after {facts.last}{polls}"


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def take(facts: JourneyFacts, step: Step) -> None:
    """Bring the facts up to date with a step."""
    facts.end = max(facts.end, step.end)
    facts.last, facts.elsewhere = step.operation, False
    over = step.error in CODE_OVER and _was_open(facts, step)
    if facts.fallback is not None and not (step.reason or "").endswith("_fallback"):
        facts.after_fallback = True
    facts.error = None if step.ok or over else _error(step)
    if step.status == NOT_MODIFIED or (step.operation == "authenticate" and (step.status or 400) < 400):
        facts.error = None
    if step.operation in SESSION_RESPONSES and step.ok:
        _session(facts, step)
    elif step.operation == "logout" and step.ok:
        facts.logged_out, facts.signed_in = True, False
    elif step.operation in DECISIONS:
        _decision(facts, step)
    if step.ok and (code := step.issued or step.code) is not None:
        facts.open_code, facts.over = code, False
    facts.unread = facts.unread or (step.ok and step.unread and step.operation != "authenticate")
    if step.profiles:
        facts.signed_in, facts.over, facts.waiting_for_code = True, False, False
    elif step.operation == POLL:
        facts.polls += 1
    if not facts.signed_in:
        late = facts.not_after is not None and step.start > facts.not_after + CLOCK_TOLERANCE
        facts.over = facts.over or over or (late and step.code is not None)


def _error(step: Step) -> str:
    if step.in_place is not None:
        return f"by {step.in_place} in the server's place"
    return step.error or (NO_ANSWER if step.status is None else str(step.status))


def _was_open(facts: JourneyFacts, step: Step) -> bool:
    """True for a call about a code that was one: an app polls only codes that it got, and what a person types may be
    none."""
    if step.operation == POLL:
        return True
    return step.operation in ("resume-session", "retrieve-session") and step.code == facts.open_code


def _session(facts: JourneyFacts, step: Step) -> None:
    if (step.reason or "").endswith("_fallback"):
        facts.fallback, facts.after_fallback = step.reason, False
    if step.action == "authorize" and step.reason in SIGNED_IN_REASONS:
        facts.signed_in, facts.waiting_for_code = True, False
    elif step.issued is not None:
        facts.waiting_for_code = True
        facts.not_after = step.not_after or facts.not_after


def _decision(facts: JourneyFacts, step: Step) -> None:
    if step.decisions:
        facts.decided = any(one.authorized for one in step.decisions)
        denied = [one for one in step.decisions if not one.authorized]
        facts.denied = tuple(one.resource for one in denied)
        facts.denial = denied[0].code if denied else None
        facts.signed_in = facts.signed_in or facts.decided
    elif step.status == 403:
        facts.decided, facts.denied, facts.denial = False, step.resources, step.error
