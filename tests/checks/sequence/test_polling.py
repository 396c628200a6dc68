"""PL632 to PL636, each on both sides: plain, just beyond, just within, and what must not alarm."""

from dataclasses import replace

import support.sequence as s
from support.sequence import NONE, Journey, call, profiles, session

CREATE = call("create-session", 0, session())


def poll(at: float, body: object = NONE, **words: object) -> s.Exchange:
    return call("poll", at, body, **words)  # type: ignore[arg-type]


def every(gap: float, count: int, start: float = 5) -> list[s.Exchange]:
    return [poll(start + gap * number) for number in range(count)]


SECOND = call("create-session", 100, session("BBBB2B2", at=100, until=1900))
DONE = poll(5, profiles())
OVER = s.error("invalid_authentication_session")


def later(ex: s.Exchange, hours: int) -> s.Exchange:
    """The exchange by a clock that is so many hours before the server's."""
    return replace(ex, started=(ex.started or 0) + hours * s.HOUR)


JOURNEYS = [
    Journey("PL632", "steady", "warning@2 error@5", [CREATE, *every(0.5, 6)]),
    Journey("PL632", "just too fast", "warning@2", [CREATE, poll(5), poll(7.69), poll(20)]),
    Journey("PL632", "just slow enough", "", [CREATE, *every(2.7, 6)]),
    Journey("PL632", "one entry twice", "", [CREATE, poll(5), poll(5), poll(10)]),
    Journey("PL632", "a millisecond apart", "warning@2", [CREATE, poll(5), poll(5.001), poll(10)]),
    Journey("PL632", "retry after no answer", "", [CREATE, poll(5, None, status=None), poll(5.5)]),
    Journey("PL632", "another app", "", [CREATE, poll(5), poll(6, sub="other")]),
    Journey("PL632", "one press of check now", "warning@3", [CREATE, poll(5), poll(10), poll(11), poll(16), poll(21)]),
    Journey("PL633", "goes on", "note@2 note@3 error@4", [CREATE, DONE, poll(10), poll(15), poll(20)]),
    Journey("PL633", "two timers", "note@2", [CREATE, DONE, poll(5.5)]),
    Journey("PL633", "in flight", "", [CREATE, DONE, poll(5.03, took=0.1)]),
    Journey("PL633", "reads again after a decision", "",
            [CREATE, DONE, call("authorize", 8, s.decisions(news="permit")), poll(10)]),
    Journey("PL633", "made by a scenario", "", [CREATE, poll(5, profiles(), injected="respond"), poll(10)]),
    Journey("PL633", "made by the sandbox", "note@2", [CREATE, poll(5, profiles(), injected="sandbox"), poll(10)]),
    Journey("PL634", "two minutes late", "error@1", [CREATE, poll(1920)]),
    Journey("PL634", "just late", "error@1", [CREATE, poll(1860.1)]),
    Journey("PL634", "clock skew", "", [CREATE, poll(1860)]),
    Journey("PL634", "the server still took it", "", [CREATE, poll(1920, profiles())]),
    Journey("PL634", "notAfter in seconds", "", [
        call("create-session", 0, session() | {"notAfter": int(s.T0 + 1800)}), poll(100)]),
    Journey("PL634", "after the error", "note@3", [CREATE, poll(5), poll(10, OVER, status=400), poll(15, OVER, status=400)]),
    Journey("PL634", "never was answered 200", "", [CREATE, poll(5, OVER, status=400), poll(10, OVER, status=400)]),
    Journey("PL634", "local time without its zone", "", [later(CREATE, 8), later(poll(100), 8), later(poll(1800), 8)]),
    Journey("PL634", "local time, and two minutes late", "error@1", [later(CREATE, 8), later(poll(1920), 8)]),
    Journey("PL634", "a clock that is behind", "error@1", [later(CREATE, -8), later(poll(1920), -8)]),
    Journey("PL634", "a resume prolonged it", "",
            [CREATE, call("resume-session", 60, session(until=3600)), poll(1920)]),
    Journey("PL635", "goes on with both", "warning@2 error@3", [CREATE, SECOND, poll(110), poll(115)]),
    Journey("PL635", "just after the grace", "warning@2", [CREATE, SECOND, poll(105.1)]),
    Journey("PL635", "one timer was running", "", [CREATE, SECOND, poll(105)]),
    Journey("PL635", "after the grace it counts", "warning@3", [CREATE, SECOND, poll(104), poll(109)]),
    Journey("PL635", "another device of a server", "", [
        CREATE, call("create-session", 100, session("BBBB2B2", at=100, until=1900), device="bedroom"),
        poll(110), poll(115, device=None)]),
    Journey("PL635", "another app of the vendor", "", [CREATE, SECOND, poll(110, sub="other")]),
    Journey("PL635", "another mvpd on purpose", "",
            [CREATE, call("create-session", 100, session("BBBB2B2", mvpd="Sling")), poll(110)]),
    Journey("PL635", "where the code is from is not known", "", [SECOND, poll(110)]),
    Journey("PL636", "four within a minute", "note@4", [CREATE, *(call("profiles", 10 + n * 10, NONE) for n in range(5))]),
    Journey("PL636", "just within a minute", "note@4", [CREATE, *(call("profile", 10 + n * 20, NONE) for n in range(4))]),
    Journey("PL636", "three", "", [CREATE, *(call("profiles", 10 + n * 10, NONE) for n in range(3))]),
    Journey("PL636", "screens that open and close", "", [CREATE, *(call("profiles", 10 + n * 21, NONE) for n in range(6))]),
    Journey("PL636", "a profile came between", "",
            [CREATE, *(call("profiles", 10 + n * 10, profiles() if n == 3 else NONE) for n in range(5))]),
    Journey("PL636", "no code is open", "", [call("profiles", 10 + n * 10, NONE) for n in range(5)]),
]  # fmt: skip


@s.parametrize(JOURNEYS)
def test_journey(row: Journey) -> None:
    s.verify(row)


def test_fast_polls_are_told_with_their_count_and_gaps() -> None:
    hits = s.found([CREATE, *every(0.5, 6)], "PL632")
    assert hits[-1]["message"] == "The app polls faster than every 3 s: 5 polls, shortest gap 0.5 s, median 0.5 s."
    assert hits[-1]["related"] == [1, 2, 3, 4]
