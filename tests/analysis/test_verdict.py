"""What a journey is judged to be, and why."""

import re
from dataclasses import replace

import pytest

import support.sequence as s
from passlens.analysis.verdict import NO_PROFILE, JourneyFacts, verdict
from passlens.exchange.model import Gap
from support.sequence import NONE, call, decisions, error, profiles, session

CREATE = call("create-session", 0, session())
FALLBACK = call("partner-session", 0, session(reason="pfs_fallback"))
SIGNED = call("poll", 60, profiles())
PERMIT, DENIAL = decisions(news="permit"), decisions(movies="authorization_denied_by_mvpd/none")
OVER = error("invalid_authentication_session")
TYPO = error("invalid_parameter_code")
AUTHORIZED = session(None, "authorize", "authenticated")


def poll(at: float, body: object = NONE, **words: object) -> s.Exchange:
    return call("poll", at, body, **words)  # type: ignore[arg-type]


def typed(at: float, body: object, **words: object) -> s.Exchange:
    """A code that a person typed on a second screen."""
    return call("retrieve-session", at, body, **words)  # type: ignore[arg-type]


def unrecorded(ex: s.Exchange) -> s.Exchange:
    """The same without the body of its answer."""
    assert ex.response is not None
    return replace(ex, response=replace(ex.response, body=None, gap=Gap("not-recorded", "left out")))


VERDICTS = [
    ("signed in", [CREATE, poll(5), SIGNED], "signed-in", "signed in, 60 s"),
    ("signed in already", [call("create-session", 0, AUTHORIZED)], "signed-in", "signed in"),
    ("after a fallback", [FALLBACK, SIGNED], "signed-in", "signed in after a fallback, 60 s"),
    ("permitted", [CREATE, SIGNED, call("authorize", 61, PERMIT)], "authorized", "signed in, 61 s"),
    ("denied last", [CREATE, SIGNED, call("authorize", 61, PERMIT), call("authorize", 62, DENIAL)], "denied",
     "signed in, 62 s; denied movies (authorization_denied_by_mvpd)"),
    ("permitted last", [CREATE, SIGNED, call("authorize", 61, DENIAL), call("authorize", 80, PERMIT)], "authorized",
     "signed in, 80 s"),
    ("denied by status", [SIGNED, call("authorize", 61, None, status=403)], "denied", "signed in, 1 s; denied news (forbidden)"),
    ("denied without a profile", [CREATE, poll(5), call("authorize", 6, decisions(movies=f"{NO_PROFILE}/authentication"))],
     "denied", f"nobody was signed in, 6 s; denied movies ({NO_PROFILE})"),
    ("denied in a profile from before", [call("authorize", 61, DENIAL)], "denied",
     "the sign-in was not seen; denied movies (authorization_denied_by_mvpd)"),
    ("waiting", [CREATE, poll(5)], "waiting", "no profile yet after retrieve-profile-code, 1 poll, 5 s"),
    ("only looked", [call("profiles", 0, NONE)], "waiting", "no profile yet after retrieve-profiles"),
    ("fell back", [FALLBACK], "fell-back", "the response was pfs_fallback, and nothing followed"),
    ("went on after the fallback", [FALLBACK, poll(5)], "waiting", "no profile yet after retrieve-profile-code, 1 poll, 5 s"),
    ("the server says it is over", [CREATE, poll(5, OVER, status=400)], "expired",
     "the code ran out before the user signed in, 5 s"),
    ("polled past its end", [CREATE, poll(1000), poll(1861)], "expired", "the code ran out before the user signed in, 31 min"),
    ("polled at its end", [CREATE, poll(1000), poll(1859)], "waiting",
     "no profile yet after retrieve-profile-code, 2 polls, 31 min"),
    ("an error a minute after its end", [CREATE, poll(1000), poll(1860, None, status=503)], "failed",
     "retrieve-profile-code was answered http_503, and nothing followed, 31 min"),
    ("an error later", [CREATE, poll(1000), poll(1860.1, None, status=503)], "expired",
     "the code ran out before the user signed in, 31 min"),
    ("a last poll of an old code", [CREATE, poll(2, OVER, status=400, code="ZZZZ9Z9"), poll(5)], "waiting",
     "no profile yet after retrieve-profile-code, 2 polls, 5 s"),
    ("typed wrongly, then rightly", [typed(0, TYPO, code="AAAAIA1", status=400), typed(9, {})], "waiting",
     "no profile yet after retrieve-session, 9 s"),
    ("typed wrongly", [typed(0, TYPO, status=400)], "failed",
     "retrieve-session was answered invalid_parameter_code, and nothing followed"),
    ("typed too late", [typed(0, {}), typed(9, TYPO, status=400)], "expired", "the code ran out before the user signed in, 9 s"),
    ("its own copy still holds", [call("configuration", 0, {}), call("configuration", 200, None, status=304)], "waiting",
     "no profile yet after retrieve-configuration, 3 min"),
    ("failed", [call("create-session", 0, error("invalid_integration"), status=400)], "failed",
     "create-session was answered invalid_integration, and nothing followed"),
    ("no answer", [CREATE, poll(5, None, status=None)], "failed",
     "retrieve-profile-code got no answer, and nothing followed, 5 s"),
    ("a portal answered", [CREATE, poll(5, {"captive": True})], "failed",
     "retrieve-profile-code was answered by a captive portal in the server's place, and nothing followed, 5 s"),
    ("a portal answered once", [CREATE, poll(5, {"captive": True}), poll(10)], "waiting",
     "no profile yet after retrieve-profile-code, 2 polls, 10 s"),
    ("a portal answered the logout", [SIGNED, call("logout", 70, {"captive": True})], "signed-in", "signed in, 10 s"),
    ("throttled, and tried again", [CREATE, poll(5, None, status=429), poll(10)], "waiting",
     "no profile yet after retrieve-profile-code, 2 polls, 10 s"),
    ("logged out", [SIGNED, call("logout", 70, {})], "logged-out", "logged out, 10 s"),
    ("logout failed", [SIGNED, call("logout", 70, None, status=500)], "signed-in", "signed in, 10 s"),
]  # fmt: skip


@pytest.mark.parametrize(("calls", "word", "why"), [row[1:] for row in VERDICTS], ids=[row[0] for row in VERDICTS])
def test_verdict(calls: list[s.Exchange], word: str, why: str) -> None:
    _, journeys, _ = s.judged(calls)
    # What is wrong in single exchanges stands behind it, and is not told here.
    bare = [re.sub(r"; \d+ (error|warning)s?", "", one["why"]) for one in journeys]
    assert list(zip([one["verdict"] for one in journeys], bare, strict=True)) == [(word, why)]


@pytest.mark.parametrize(
    ("calls", "word", "why"),
    [
        ([CREATE, unrecorded(poll(5)), unrecorded(call("authorize", 9, PERMIT))], "waiting",
         "what was answered is not in the recording; the last call was authorize, 1 poll, 9 s"),
        ([CREATE, unrecorded(poll(5)), poll(10, profiles())], "signed-in", "signed in, 10 s"),
        ([call("authenticate", 0, None, status=302), CREATE], "waiting", "no profile yet after create-session"),
    ],
)  # fmt: skip
def test_what_is_not_recorded_is_not_told(calls: list[s.Exchange], word: str, why: str) -> None:
    _, (journey,), _ = s.judged(calls)
    assert (journey["verdict"], re.sub(r"; \d+ (error|warning)s?", "", journey["why"])) == (word, why)


@pytest.mark.parametrize(
    ("between", "why"),
    [
        ([], "and the device went on with another registration"),
        ([call("profiles", 5, None, status=500)], "and nothing followed"),
    ],
)
def test_what_followed_an_error_with_another_registration(between: list[s.Exchange], why: str) -> None:
    refused = call("profiles", 0, error("invalid_access_token_client_application"), status=401)
    _, journeys, _ = s.judged([refused, call("poll", 3, profiles(), sub="app2"), *between])
    told = {one["verdict"]: one["why"] for one in journeys}
    assert told.keys() == {"failed", "signed-in"}
    assert why in told["failed"]


def test_the_sentence_names_three_denied_resources() -> None:
    facts = JourneyFacts(0, 0, decided=False, signed_in=True, denied=("a", "b", "c", "d"), denial="x")
    assert verdict(facts, 0) == ("denied", "signed in; denied a, b, c, … (x)")
