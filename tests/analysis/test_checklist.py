"""Verdicts of the checklist: by which code, how grave, on which operation, at which place; and what was not seen."""

from collections.abc import Sequence
from typing import Any

import pytest

import support.sequence as s
from passlens.analysis.checklist import VERDICTS, WORDS, Checklist
from support.sequence import NONE, call, decisions, get_token, profiles, session

CREATED = call("create-session", 0, session())


def lines(calls: Sequence[s.Exchange], *findings: tuple[int, str, str, str]) -> dict[str, Any]:
    """The lines by their id; ``findings`` are put on entries: index, code, severity, place."""
    checklist = Checklist()
    for entry in s.judged(calls)[0]:
        own = [one for one in entry["findings"] if one["code"].startswith("PL6")]
        more = [{"code": code, "severity": severity, "at": at} for index, code, severity, at in findings
                if index == entry["index"]]  # fmt: skip
        checklist.entry(entry | {"findings": [*own, *more], "file": "tv.mitm"})  # type: ignore[arg-type]
    return {line["id"]: line for line in checklist.lines()}


def polls(gap: float) -> list[s.Exchange]:
    return [CREATED, *(call("poll", 5 + gap * n, NONE) for n in range(4))]


def test_met_not_met_and_not_seen() -> None:
    met, broken, missing = (lines(calls)["CL-M3.3"] for calls in (polls(5), polls(1), [CREATED]))
    assert (met["verdict"], met["why"], met["codes"]) == ("met", "nothing found against it", [])
    assert (broken["verdict"], broken["codes"], broken["file"], broken["at"]) == ("not-met", ["PL632"], "tv.mitm", 2)
    assert (missing["verdict"], missing["why"]) == ("not-seen", "it lacks three polls of one code")
    assert missing["do"].startswith("Start a sign-in")


def test_a_note_of_a_graver_code_is_for_a_person() -> None:
    """The first poll after the profile is a note."""
    extra = [CREATED, call("poll", 5, profiles()), call("poll", 10, NONE)]
    assert lines(extra)["CL-M3.2"]["verdict"] == "open"
    more = [*extra, call("poll", 15, NONE), call("poll", 20, NONE)]
    assert lines(more)["CL-M3.2"]["verdict"] == "not-met"


def test_a_code_that_is_always_a_note_counts() -> None:
    configuration = [call("configuration", at, {"requestor": {"mvpds": []}}) for at in (0, 30)]
    assert lines(configuration)["CL-R2.1"]["verdict"] == "not-met"


CALLS = [
    CREATED,
    call("preauthorize", 5, decisions(a="x")),
    call("authorize", 9, decisions(a="x")),
    call("profiles", 99, NONE),
]


@pytest.mark.parametrize(
    ("finding", "line", "verdict"),
    [
        ((1, "PL652", "warning", "status"), "CL-M4.2", "not-met"),
        ((2, "PL652", "warning", "status"), "CL-M4.2", "met"),
        ((2, "PL652", "warning", "status"), "CL-M5.2", "not-met"),
        ((0, "PL201", "error", "header:Authorization"), "CL-M7.1", "not-met"),
        ((0, "PL201", "error", "header:AP-Device-Identifier"), "CL-M7.1", "met"),
        ((0, "PL201", "error", "header:AP-Device-Identifier"), "CL-M7.2", "not-met"),
        ((0, "PL203", "note", "header:AP-Device-Identifier"), "CL-M7.2", "open"),
        ((0, "PL202", "note", "header:X-Device-Info"), "CL-M7.3", "open"),
        ((0, "PL202", "warning", "header:X-Device-Info"), "CL-M7.3", "not-met"),
        ((0, "PL904", "note", "body"), "CL-M7.5", "open"),
        ((0, "PL660", "note", "status"), "CL-R6.1", "open"),
        ((0, "PL204", "warning", "header:X"), "CL-R3.3", "open"),
    ],
)
def test_which_finding_decides_which_line(finding: tuple[int, str, str, str], line: str, verdict: str) -> None:
    if finding[1] == "PL660":
        finding = (4, *finding[1:])
        calls = [*CALLS, call("logout", 120, {"logouts": {}})]
    else:
        calls = CALLS
    assert lines(calls, finding)[line]["verdict"] == verdict


def test_nothing_against_it_is_for_a_person_where_no_code_says_not_met() -> None:
    denied = [call("authorize", 0, decisions(a="x")), call("profiles", 70, NONE)]
    assert lines(denied)["CL-R6.1"] | {"app": "", "do": ""} == {
        "id": "CL-R6.1", "title": "User Experience", "level": "recommended", "app": "", "verdict": "open",
        "why": "nothing seen against it", "codes": [], "file": None, "at": None, "do": "",
    }  # fmt: skip


def test_what_no_traffic_shows() -> None:
    for line in ("CL-R8.2", "CL-R4.1", "CL-M5.1"):
        assert lines(CALLS)[line]["verdict"] == "not-visible"


def test_cases_that_are_missing_are_named() -> None:
    why = lines([get_token(0), *CALLS])["CL-R1.1"]["why"]
    assert why == "it lacks calls before and after the end of an access token; a 401, and a call after it"


def test_every_verdict_has_words() -> None:
    assert set(WORDS) == set(VERDICTS)
