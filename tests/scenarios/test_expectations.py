"""Verdicts on expectations: each bound on both sides, whose exchanges count, and what is never called met."""

from collections.abc import Sequence

import pytest

import support.sequence as s
from passlens.checks.sequence.step import Step
from passlens.exchange.decoded import Decoded
from passlens.scenarios import expectations
from support.expecting import expecting, judged, verdicts
from support.sequence import NONE, T0, call, error, session

GOES_ON = "{name: goes on, within: 60000, next: [authenticate, retrieve-profile-code]}"
ASKS_ONCE = "{name: asks once, within: 30000, never: partner-session}"
TO_THE_END = "{name: asks once, never: partner-session}"
STOPS = "{name: stops, within: 30000, never: retrieve-profile-code}"
AGAIN = "{name: again, within: 60000, next: create-session}"
BOTH = "{name: both, within: 10000, next: authorize, never: logout}"

FELL_BACK = call("partner-session", 0, session(reason="pfs_fallback"), injected="outcome")


OVER = error("invalid_authentication_session")


def over(at: float, **words: object) -> s.Exchange:
    return call("poll", at, OVER, status=400, injected="outcome", **words)  # type: ignore[arg-type]


def poll(at: float, **words: object) -> s.Exchange:
    return call("poll", at, NONE, **words)  # type: ignore[arg-type]


def other(at: float) -> s.Exchange:
    """Somebody else, so that time goes on."""
    return call("profiles", at, NONE, device="phone", sub="phone", client="192.168.1.60")


def read(at: float) -> s.Exchange:
    """A sign of life."""
    return call("profiles", at, NONE)


CREATED = call("create-session", -5, session())
DECIDED = call("authorize", 1, s.decisions(a="permit"))
PARTNER = call("partner-session", 6, session())
READ = call("profiles", 0, NONE, injected="outcome")
OTHERS = call("create-session", -5, session("CCCC3C3"), device="phone", sub="phone", client="192.168.1.60")

ROWS: list[tuple[str, str, str, Sequence[s.Exchange]]] = [
    # name, item, verdicts, calls
    ("one of next came", GOES_ON, "goes on met 1", [FELL_BACK, poll(5)]),
    ("in time", GOES_ON, "goes on met 1", [FELL_BACK, poll(60.04)]),
    ("too late", GOES_ON, "goes on not-met 0", [FELL_BACK, poll(60.05), read(70)]),
    ("began in time and took long", GOES_ON, "goes on met 2", [FELL_BACK, other(61), poll(59, took=3)]),
    ("not as the next call", GOES_ON, "goes on met 3", [FELL_BACK, read(1), read(2), poll(30)]),
    ("none came", GOES_ON, "goes on not-met 0", [FELL_BACK, other(100)]),
    ("the recording ends first", GOES_ON, "goes on open -", [FELL_BACK, other(60)]),
    ("another code", GOES_ON, "goes on not-met 0", [FELL_BACK, poll(5, code="BBBB2B2"), other(100)]),
    ("another device's", GOES_ON, "goes on not-met 1",
     [OTHERS, FELL_BACK, poll(5, code="CCCC3C3", device=None, sub="phone"), other(100)]),
    ("another service provider", AGAIN, "again not-met 1",
     [CREATED, over(0), call("create-session", 5, session(), sp="OTHER"), other(100)]),
    ("a second screen with the code", GOES_ON, "goes on met 1",
     [FELL_BACK, call("authenticate", 5, status=302, device=None, client="192.168.1.60")]),
    ("at once", GOES_ON, "goes on met 1", [FELL_BACK, poll(0.05)]),
    ("was on its way", GOES_ON, "goes on met 2", [FELL_BACK, poll(0.02, took=0.1), poll(5)]),
    ("a code without a device", AGAIN, "again met 2",
     [CREATED, over(0, device=None), call("create-session", 5, session())]),
    ("the code was over on a phone", AGAIN, "again met 2",
     [CREATED, over(0, device="phone", sub="phone"), call("create-session", 5, session())]),
    ("an opaque token that is renewed", AGAIN, "again met 1",
     [over(0, headers={"Authorization": "Bearer one"}),
      call("create-session", 5, session(), headers={"Authorization": "Bearer two"})]),
    ("an opaque token that came in between", AGAIN, "again met 2",
     [over(0, headers={"Authorization": "Bearer one"}, device=None), s.get_token(1),
      call("create-session", 5, session(), headers={"Authorization": "Bearer opaque"}, device=None, client="x")]),
    ("another app of the vendor", AGAIN, "again not-met 0",
     [over(0), call("create-session", 5, session(), sub="other"), other(100)]),
    # never
    ("nothing forbidden", ASKS_ONCE, "asks once met 0", [FELL_BACK, poll(5), poll(33)]),
    ("forbidden", ASKS_ONCE, "asks once not-met 2", [FELL_BACK, poll(5), PARTNER]),
    ("forbidden until the end of the time", ASKS_ONCE, "asks once not-met 1",
     [FELL_BACK, call("partner-session", 30.04, session())]),
    ("allowed after it", ASKS_ONCE, "asks once met 0",
     [FELL_BACK, call("partner-session", 30.05, session()), other(50)]),
    ("the same call at once", ASKS_ONCE, "asks once not-met 1",
     [FELL_BACK, call("partner-session", 0.05, session())]),
    ("sent together", ASKS_ONCE, "asks once met 0",
     [FELL_BACK, call("partner-session", 0.29, session(), form={"mvpd": "Cox"}), read(50)]),
    ("just after calls sent together", ASKS_ONCE, "asks once not-met 1",
     [FELL_BACK, call("partner-session", 0.3, session(), form={"mvpd": "Cox"})]),
    ("the time is not over", ASKS_ONCE, "asks once open -", [FELL_BACK, poll(5)]),
    ("an app that is gone", ASKS_ONCE, "asks once not-exercised 0", [FELL_BACK, other(100)]),
    ("the same code only", STOPS, "stops met 0", [over(0), poll(5, code="BBBB2B2"), poll(40, code="BBBB2B2")]),
    ("polls on", STOPS, "stops not-met 1", [over(0), over(5), over(10), over(15)]),
    ("until the journey ends", TO_THE_END, "asks once not-met 3",
     [FELL_BACK, poll(5), poll(1700), call("partner-session", 1750, session())]),
    ("the journey goes on at the end", TO_THE_END, "asks once open -", [FELL_BACK, poll(5), poll(1700)]),
    ("a silence ended the journey", TO_THE_END, "asks once met 0", [FELL_BACK, poll(5), other(1900), read(2000)]),
    ("a silence for good", TO_THE_END, "asks once not-exercised 0", [FELL_BACK, other(1900)]),
    ("a new session begins another journey", TO_THE_END, "asks once met 0",
     [FELL_BACK, call("poll", 5, s.profiles()), call("partner-session", 30, session("BBBB2B2"))]),
    # both
    ("came, and nothing forbidden", BOTH, "both met 1", [READ, DECIDED, other(20)]),
    ("came, and then what is forbidden", BOTH, "both not-met 2",
     [READ, DECIDED, call("logout", 9)]),
    ("came, and the time is not over", BOTH, "both open -", [READ, DECIDED]),
    # again
    ("acted again while it waits", GOES_ON, "goes on met 2",
     [FELL_BACK, call("partner-session", 2, session("BBBB2B2"), injected="outcome"), poll(5, code="BBBB2B2")]),
    ("met, and then not", ASKS_ONCE, "asks once not-met 4",
     [FELL_BACK, poll(5), poll(40), call("partner-session", 100, session("BBBB2B2"), injected="outcome"),
      call("partner-session", 110, session("DDDD4D4"))]),
    ("met, and then the recording ends", ASKS_ONCE, "asks once met 0",
     [FELL_BACK, poll(5), poll(40), call("partner-session", 100, session("BBBB2B2"), injected="outcome")]),
    ("the sandbox is a server", GOES_ON, "", [call("partner-session", 0, session(), injected="sandbox"), poll(5)]),
    ("nothing was done", GOES_ON, "", [call("partner-session", 0, session()), poll(5)]),
]  # fmt: skip


@pytest.mark.parametrize(("item", "wanted", "calls"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_verdict(item: str, wanted: str, calls: Sequence[s.Exchange]) -> None:
    assert verdicts(calls, item) == ([wanted] if wanted else [])


def test_each_app_has_a_verdict_of_its_own() -> None:
    phone = call("partner-session", 1, session("CCCC3C3"), injected="outcome", device="phone", sub="phone", client="x")
    found = verdicts([FELL_BACK, phone, poll(5), other(100)], GOES_ON)
    assert found == ["goes on met 2", "goes on not-met 1"]


def test_a_registration_is_followed_to_the_new_client() -> None:
    refused = call("profiles", 0, error("invalid_access_token_client_application"), status=401, injected="outcome")
    repeated = [s.register(2, "new"), s.get_token(3, "new"), call("profiles", 4, NONE, sub="new")]
    items = [
        "{name: registers, within: 30000, next: dcr-register}",
        "{name: repeats, within: 60000, next: retrieve-profiles}",
    ]
    assert verdicts([refused, *repeated], *items) == ["registers met 1", "repeats met 3"]


def test_a_registration_at_another_address_is_somebody_else() -> None:
    refused = call("profiles", 0, error("invalid_access_token_client_application"), status=401, injected="outcome")
    item = "{name: registers, within: 30000, next: dcr-register}"
    assert verdicts([refused, s.register(2, "new", client="192.168.1.60"), other(100)], item) == ["registers not-met 0"]


def test_the_words_of_a_verdict() -> None:
    found, _, _ = judged([FELL_BACK, poll(5)], expecting(GOES_ON.replace("}", ", say: Go on.}")))
    assert found == [
        {
            "scenario": "scenario", "rule": "rule", "name": "goes on", "verdict": "met", "at": 1,
            "why": "retrieve-profile-code came 5.0 s after it", "say": "Go on.", "acted": 0, "file": "tv.mitm",
            "device": found[0]["device"],
        }
    ]  # fmt: skip
    assert found[0]["device"].startswith("sha256:")


WHYS = [
    (GOES_ON, [FELL_BACK, other(100)], "no authenticate or retrieve-profile-code came within 60 s"),
    (GOES_ON, [FELL_BACK], "what was seen ends before 60 s had passed"),
    (ASKS_ONCE, [FELL_BACK, call("partner-session", 6, session())], "partner-session came 6.0 s after it"),
    (ASKS_ONCE, [FELL_BACK, read(40)], "no partner-session came within 30 s"),
    (ASKS_ONCE, [FELL_BACK, other(100)], "nothing more came from the app after it"),
    (TO_THE_END, [FELL_BACK, read(10)], "what was seen ends before the journey ended"),
    (TO_THE_END, [FELL_BACK, other(1900), read(2000)], "no partner-session came until the journey ended"),
]


@pytest.mark.parametrize(("item", "calls", "why"), WHYS)
def test_why(item: str, calls: Sequence[s.Exchange], why: str) -> None:
    found, _, _ = judged(calls, expecting(item))
    assert found[0]["why"] == why


def test_what_never_was_exercised_is_told_of_scenarios_that_ran() -> None:
    made = expecting(GOES_ON, ASKS_ONCE)
    found, _, _ = judged([poll(5)], made, ran=[made])
    assert [(one["name"], one["verdict"], one["rule"], one["at"]) for one in found] == [
        ("goes on", "not-exercised", None, None), ("asks once", "not-exercised", None, None),
    ]  # fmt: skip
    assert found[0]["why"] == "no rule of the scenario acted"
    found, _, _ = judged([FELL_BACK, poll(5), poll(40)], made, ran=[made])
    assert [one["verdict"] for one in found] == ["met", "met"]


def test_time_decides_without_an_exchange() -> None:
    assert verdicts([FELL_BACK], GOES_ON, now=T0 + 60.04 + expectations.LATE) == ["goes on not-met 0"]
    assert verdicts([FELL_BACK], GOES_ON, now=T0 + 60) == ["goes on open -"]


def test_time_decides_at_once_where_no_request_is_without_an_answer() -> None:
    engine = expectations.Expectations({"scenario": expecting(GOES_ON)}.get)
    decoded = Decoded(FELL_BACK)
    engine.feed(Step(decoded), decoded.injection)
    assert engine.advance(T0 + 60.05, T0 + 60.04) == []  # it began in time
    assert engine.advance(T0 + 60.05) == []
    assert [verdict.word for verdict in engine.advance(T0 + 60.05, T0 + 60.045)] == ["not-met"]


def test_a_mark_of_a_scenario_or_rule_that_is_not_known() -> None:
    assert judged([FELL_BACK, poll(5)])[0] == []
    made = expecting(GOES_ON)
    strange = made.__class__(**{**vars(made), "name": "else"})
    assert judged([FELL_BACK, poll(5)], strange)[0] == []


def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expectations, "MAX_OPEN", 2)
    calls = [
        call("partner-session", n, session(f"CODE{n:03}"), injected="outcome", device=f"tv{n}", sub=f"app{n}")
        for n in range(3)
    ]
    engine = expectations.Expectations({"scenario": expecting(GOES_ON)}.get)
    for ex in calls:
        decoded = Decoded(ex)
        engine.feed(Step(decoded), decoded.injection)
    assert (engine.dropped, [verdict.word for verdict in engine.finish()]) == (1, ["open", "open"])
