"""Verdicts of the checklist: by which code, how grave, on which operation, at which place; and what was not seen."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

import support.sequence as s
from passlens.analysis.checklist import VERDICTS, WORDS, Checklist
from passlens.exchange.model import Exchange, Gap
from support.sequence import NONE, call, decisions, get_token, profiles, session

CREATED = call("create-session", 0, session())


def lines(calls: Sequence[Exchange], *findings: tuple[int, str, str, str]) -> dict[str, Any]:
    """The lines by their id; ``findings`` are put on entries: index, code, severity, place."""
    checklist = Checklist()
    for entry in s.judged(calls)[0]:
        own = [one for one in entry["findings"] if one["code"].startswith("PL6")]
        more = [{"code": code, "severity": severity, "at": at, "actual": ""} for index, code, severity, at in findings
                if index == entry["index"]]  # fmt: skip
        checklist.entry(entry | {"findings": [*own, *more], "file": "tv.mitm"})  # type: ignore[arg-type]
    return {line["id"]: line for line in checklist.lines()}


def polls(gap: float) -> list[Exchange]:
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


def recorded(calls: Sequence[Exchange], **headers: str | None) -> dict[str, Any]:
    """The lines of a recording of Chrome, with other values of some headers; None takes one away."""
    checklist = Checklist()
    given = {name.lower().replace("_", "-"): value for name, value in headers.items()}
    changed = []
    for ex in calls:
        kept = [(n, v) for n, v in ex.request.headers if n.lower() not in given]
        kept += [(n, given[n.lower()] or "") for n, _ in ex.request.headers if given.get(n.lower()) is not None]
        changed.append(replace(ex, request=replace(ex.request, headers=tuple(kept)), recorder="WebInspector"))
    for entry in s.judged(changed)[0]:
        checklist.entry(entry)  # type: ignore[arg-type, unused-ignore]
    return {line["id"]: line for line in checklist.lines()}


def test_a_header_that_was_not_recorded_is_not_met() -> None:
    whole = recorded(CALLS)
    assert [whole[line]["verdict"] for line in ("CL-M7.1", "CL-M7.2", "CL-M7.3", "CL-M1.1")][:2] == ["met", "met"]
    sanitized = recorded(CALLS, Authorization=None)
    assert sanitized["CL-M7.1"]["verdict"] == "open"
    assert sanitized["CL-M7.1"]["why"] == "what it needs is not in the recording: PL907 4 times"
    assert sanitized["CL-M7.2"]["verdict"] == whole["CL-M7.2"]["verdict"]
    assert (whole["CL-M1.1"]["verdict"], sanitized["CL-M1.1"]["verdict"]) == ("met", "not-seen")


def test_no_header_that_was_recorded_leaves_all_their_lines_open() -> None:
    bare = recorded(CALLS, Authorization=None, AP_Device_Identifier=None, X_Device_Info=None, User_Agent=None,
                    Content_Type=None)  # fmt: skip
    assert [bare[f"CL-{line}"]["verdict"] for line in ("M7.1", "M7.2", "M7.3", "M7.5", "R7.1")] == ["open"] * 5


def test_a_masked_header_was_sent_and_its_content_is_open() -> None:
    masked = recorded(CALLS, Authorization="Bearer ***", AP_Device_Identifier="***", X_Device_Info="***")
    assert [masked[f"CL-{line}"]["verdict"] for line in ("M7.1", "M7.2", "M7.3")] == ["met", "met", "open"]
    token = recorded(CALLS, Authorization="Bearer ***")
    assert [token[f"CL-{line}"]["verdict"] for line in ("M7.1", "M7.3", "M1.1")] == [
        "met",
        recorded(CALLS)["CL-M7.3"]["verdict"],
        "not-seen",
    ]


def test_a_registration_whose_answer_was_not_recorded_shows_no_scope() -> None:
    known = s.register(0)
    assert known.response is not None
    unread = replace(known, response=replace(known.response, body=None, gap=Gap("not-recorded", "gone")))
    assert recorded([known])["CL-M1.1"]["verdict"] != recorded([unread])["CL-M1.1"]["verdict"] == "not-seen"


def test_an_answer_without_headers_says_nothing_of_those_of_the_request() -> None:
    whole = recorded(CALLS)
    bare = [replace(ex, response=replace(ex.response, headers=())) for ex in CALLS if ex.response is not None]
    assert {line: one["verdict"] for line, one in recorded(bare).items()} == {
        line: one["verdict"] for line, one in whole.items()
    }
