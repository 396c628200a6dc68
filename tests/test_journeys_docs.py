"""What docs/journeys.md says of verdicts and numbers is what verdicts and checks go by."""

import re
from typing import get_args

from passlens.analysis.entry import JourneyVerdict
from passlens.analysis.journeys import MAX_OPEN, MAX_STEPS
from passlens.analysis.order import WINDOW
from passlens.analysis.verdict import IDLE
from passlens.checks.finding import CLOCK_TOLERANCE
from passlens.checks.sequence import bounded, configuration, decisions, devices, errors, partner, polling, registration
from passlens.rest_v2.decisions import TYPICAL_RESOURCES
from passlens.rest_v2.errors import MIN_WAIT_SECONDS
from support.facts import load
from support.proxy import ROOT

PAGE = (ROOT / "docs" / "journeys.md").read_text("utf-8")


def table(after: str) -> dict[str, str]:
    """The rows of the table that comes after a line, the second cell by the first."""
    lines = PAGE.partition(f"{after}\n\n")[2].partition("\n\n")[0].splitlines()[2:]
    return dict(line.strip("| ").split(" | ") for line in lines)


def minutes(seconds: float) -> str:
    return f"{seconds / 60:g} minutes"


def test_every_verdict_is_explained() -> None:
    first = " ".join(table("Registration and tokens join the journey of the client that follows."))
    assert re.findall(r"`([a-z-]+)`", first) != []
    assert set(re.findall(r"`([a-z-]+)`", first)) == set(get_args(JourneyVerdict))


def test_numbers_of_the_pages() -> None:
    throttling = load("error-codes")["throttling"]
    rows = table("From the pages:")
    assert rows["wait after a 429"] == f"{MIN_WAIT_SECONDS} second (PL681)"
    rate, burst = throttling["rate_per_second"], throttling["burst"]
    assert rows["rate limit"] == f"{rate} request a second after a first burst of {burst} (PL680)"
    assert burst + rate * errors.BURST_SECONDS == errors.BURST
    retries = f"2 to {decisions.MAX_RETRIES}, or ever more slowly (PL652)"
    assert rows["repetitions of a decision with the action retry"] == retries
    most = TYPICAL_RESOURCES
    assert rows["resources of one call"] == (
        f"usually {most['preauthorize']} for preauthorize, {most['authorize']} for authorize (PL654)"
    )
    assert rows["a configuration is kept"].endswith(f"; passlens takes {configuration.CACHED / 60:g} (PL611)")


def test_numbers_that_are_passlens_own() -> None:
    assert table("passlens' own, since no page gives a number:") == {
        "timers may be early": f"10 %: two polls are too fast below {polling.MIN_GAP} s; an error with "
        f"{polling.MANY_POLLS} polls and such a median (PL632)",
        "polls after success": "the first two are notes, the third is an error (PL633)",
        "a poll of an old code": f"one within {polling.OLD_CODE_GRACE:g} s is fine (PL635)",
        "reads of the profile list": f"{polling.LISTS} within {polling.LISTS_WITHIN:g} s while a code is open (PL636)",
        "clocks": f"{CLOCK_TOLERANCE} s (PL603, PL627, PL634)",
        "early refresh of a token": f"the last {registration.REFRESH_SHARE:.0%}".replace("%", " %")
        + f" of its life, at least {registration.REFRESH_SECONDS:g} s (PL602)",
        "a refused token is repeated": f"within {registration.REPEATED_WITHIN:g} s (PL604)",
        "a call was on its way": f"{errors.ON_THE_WAY} s after a 429 (PL681)",
        "a repetition is the user's": f"after {errors.BY_HAND:g} s: a note or nothing (PL652, PL683)",
        "a loop": f"the same call answered with the same 4xx four times in {errors.LOOP_SECONDS:g} s (PL682)",
        "a partner's login": f"{minutes(partner.ASKED_WITHIN)} (PL643)",
        "a fallback is ignored": f"the third equal call, each within {partner.REPEATED_WITHIN:g} s (PL645)",
        "a configuration was for a choice": f"where a session follows within {minutes(configuration.PICKED_WITHIN)} "
        "(PL610)",
        "a burst without a 429": f"more than {errors.BURST} calls in {errors.BURST_SECONDS:g} s (PL680)",
        "what an error asks for is waited for": f"{minutes(errors.REMEMBERED)} (PL683)",
        "a permit is kept": f"{minutes(decisions.PERMIT_KEPT)}; {decisions.PERMITS} resources or {decisions.PERMITS} "
        "calls (PL655)",
        "a logout nobody decided": f"within {decisions.LOGOUT_WITHIN:g} s of a denial (PL660)",
        "a server's registration": f"more than {devices.MAX_IDENTIFIERS} device identifiers (PL673)",
        "silence": "half an hour: the life of a code in every sample",
    }
    assert (decisions.BY_HAND, errors.LOOP, polling.ERROR_FROM) == (errors.BY_HAND, 4, 3)
    assert (partner.ALLOWED_REPEATS, IDLE, bounded.MAX_AGE) == (1, 1800, 24 * 3600)


def test_what_is_remembered() -> None:
    words = f"At most {bounded.MAX_COUNT:,} devices, codes and tokens for each check, for a day; "
    assert f"{words}{MAX_OPEN:,} open journeys; {MAX_STEPS:,} steps listed for each." in PAGE
    assert f"up to {WINDOW:,} exchanges wait to be put in order" in PAGE
