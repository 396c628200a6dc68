"""An expectation that is not met is the error PL690: on the exchange that shows it, else in the journey."""

import re

import support.sequence as s
from support.expecting import expecting, judged
from support.sequence import NONE, call, session

GOES_ON = "{name: goes on, within: 60000, next: authenticate}"
ASKS_ONCE = "{name: asks once, within: 30000, never: partner-session}"
FELL_BACK = call("partner-session", 0, session(reason="pfs_fallback"), injected="outcome")
AGAIN = call("partner-session", 6, session())
LATER = call("profiles", 100, NONE)


def codes(one: dict[str, object]) -> list[str]:
    findings = one["findings"]
    assert isinstance(findings, list)
    return [finding["code"] for finding in findings if finding["code"].startswith("PL6")]


def errors(journey: dict[str, str]) -> int:
    """The errors that its sentence counts."""
    counted = re.search(r"(\d+) errors?", journey["why"])
    return int(counted[1]) if counted else 0


def test_what_came_is_shown_by_its_exchange() -> None:
    _, entries, journeys = judged([FELL_BACK, AGAIN, LATER], expecting(ASKS_ONCE))
    assert [codes(entry) for entry in entries] == [[], ["PL690"], []]
    (finding,) = [one for one in entries[1]["findings"] if one["code"] == "PL690"]
    assert finding["message"] == "Not as the scenario expects (scenario: asks once): partner-session came."
    assert (finding["severity"], finding["name"], finding["related"]) == ("error", "expectation-not-met", [0])
    assert journeys[0]["findings"] == []
    assert errors(journeys[0]) == errors(judged([FELL_BACK, AGAIN, LATER])[2][0]) + 1


def test_what_did_not_come_is_shown_by_the_journey() -> None:
    _, entries, journeys = judged([FELL_BACK, LATER], expecting(GOES_ON))
    assert [codes(entry) for entry in entries] == [[], []]
    assert codes(journeys[0]) == ["PL690"]
    assert journeys[0]["findings"][0]["message"].endswith(": no authenticate came within 60 s.")
    assert errors(journeys[0]) == errors(judged([FELL_BACK, LATER])[2][0]) + 1


def test_without_a_journey_the_next_exchange_shows_it() -> None:
    registered = s.register(0, injected="outcome")
    _, entries, journeys = judged([registered, LATER], expecting("{name: token, within: 5000, next: dcr-token}"))
    assert [codes(entry) for entry in entries] == [[], ["PL690"]]
    assert journeys[0]["findings"] == []


def test_what_is_met_or_open_is_no_finding() -> None:
    went_on = [FELL_BACK, call("authenticate", 5, status=302)]
    for calls in (went_on, [*went_on, LATER], [FELL_BACK]):
        _, entries, journeys = judged(calls, expecting(GOES_ON, ASKS_ONCE))
        assert [codes(entry) for entry in entries] == [[] for _ in entries]
        assert journeys[0]["findings"] == []


def test_nothing_of_it_differs_from_run_to_run() -> None:
    for at in (6, 7):
        again = call("partner-session", at, session())
        _, entries, _ = judged([FELL_BACK, again], expecting(ASKS_ONCE))
        (finding,) = [one for one in entries[1]["findings"] if one["code"] == "PL690"]
        assert (finding["expected"], finding["actual"]) == ("scenario: asks once", "partner-session came")


def test_a_fault_that_a_scenario_provoked_is_said_by_its_expectation_alone() -> None:
    gone = s.error("invalid_authentication_session")
    polls = [call("poll", 5 + at, gone, status=400, injected="outcome") for at in range(4)]
    made = expecting("{name: stops, within: 30000, never: retrieve-profile-code}")
    _, entries, _ = judged([call("create-session", 0, session()), *polls], made)
    assert [codes(entry) for entry in entries] == [[], [], ["PL690"], [], []]
