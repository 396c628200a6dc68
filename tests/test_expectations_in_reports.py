"""Recordings with marks: every report says whether the app did what was expected, and the exit status goes by it.
The official checklist is told where that is asked for, and on the page always."""

import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from passlens.analysis.entry import json_schema
from passlens.cli.check import check as command
from passlens.exchange.injection import Action, Injection
from passlens.runner.check import check_recordings
from passlens.runner.settings import CheckSettings
from support.expecting import recorded
from support.schemas import closed
from support.sequence import NONE, call, error, session


def check(*files: str, **settings: Any) -> tuple[int, str]:
    out = io.StringIO()
    return check_recordings(files, CheckSettings(**settings), out, io.StringIO()), out.getvalue()


CREATED = call("create-session", 0, session())
OVER = [
    replace(
        call("poll", at, error("invalid_authentication_session"), status=400),
        injection=Injection("code-expired", "over", (Action("outcome"),)),
    )
    for at in (5, 10)
]
AGAIN = call("create-session", 20, session("BBBB2B2", at=20))
LATER = call("profiles", 100, NONE)


@pytest.fixture(params=[".mitm", ".har"])
def marked(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A recording in which the app polled on after the code was over, and then began again."""
    return str(recorded(tmp_path / f"tv{request.param}", [CREATED, *OVER, AGAIN, LATER]))


def test_a_recording_with_marks_says_whether_the_app_did_what_was_expected(marked: str) -> None:
    status, out = check(marked, form="json")
    document = json.loads(out)
    told = [(one["name"], one["verdict"], one["at"], one["acted"], one["file"]) for one in document["expectations"]]
    assert told == [("stops polling", "not-met", 2, 1, marked), ("starts again", "met", 3, 1, marked)]
    jsonschema.Draft202012Validator(closed(json_schema("document"))).validate(document)
    assert [one["code"] for one in document["exchanges"][2]["findings"] if one["code"].startswith("PL6")] == ["PL690"]
    assert status == 1
    lines = [json.loads(line) for line in check(marked, form="jsonl")[1].splitlines()]
    assert [line for line in lines if line["kind"] == "expectation"] == [
        {"schema": 2, "kind": "expectation", **one} for one in document["expectations"]
    ]


def test_every_report_tells_what_was_expected(marked: str) -> None:
    line = "code-expired, stops polling: not met (retrieve-profile-code came 5.0 s after it)"
    text = check(marked, form="text")[1]
    assert f"  expected  {line}\n" in text
    assert "  expected  code-expired, starts again: met (create-session came 15 s after it)" in text
    markdown = check(marked, form="markdown")[1]
    assert f"- {line}\n".replace("(", "\\(").replace(")", "\\)") in markdown
    junit = check(marked, form="junit")[1]
    assert '.expectation" name="code-expired: stops polling"' in junit
    assert f'<failure message="{line}" type="PL690">' in junit
    page = check(marked, form="html")[1]
    assert "stops polling" in page
    assert "Stop at once; a code that is over never brings a profile." in page
    assert '"ruleId": "PL690"' in check(marked, form="sarif")[1]


def test_what_did_not_come_fails_a_run_too_and_can_be_in_a_baseline(tmp_path: Path) -> None:
    path = str(recorded(tmp_path / "tv.mitm", [CREATED, OVER[0], LATER]))
    status, out = check(path, form="json")
    document = json.loads(out)
    assert [one["code"] for journey in document["journeys"] for one in journey["findings"]] == ["PL690"]
    only = {"select": ("PL690",)}
    assert (status, check(path, **only)[0], check(path, ignore=("PL690",), select=("PL6",))[0]) == (1, 1, 0)
    assert "    error   PL690 Not as the scenario expects (code-expired: starts again)" in check(path)[1]
    assert "PL690" in check(path, form="sarif")[1]
    assert "journey 1: Not as the scenario expects" in check(path, form="markdown")[1].replace("\\", "")
    assert check(path, form="junit", **only)[1].count("<failure") == 2
    known = str(tmp_path / "known.json")
    made = CliRunner().invoke(command, [path, "--write-baseline", known, "--isolated"])
    assert made.exit_code == 0, made.output
    again = CliRunner().invoke(command, [path, "--baseline", known, "--isolated"])
    assert again.exit_code == 0, again.output


def test_expectations_that_nothing_came_to_are_told_where_that_is_asked_for(marked: str, tmp_path: Path) -> None:
    _, out = check(marked, form="json", expect=("code-expired", "denied"))
    told = [(one["scenario"], one["name"], one["verdict"], one["file"]) for one in json.loads(out)["expectations"]]
    assert told[2:] == [("denied", "takes the denial", "not-exercised", None)]
    assert (
        '<skipped message="denied, takes the denial: not exercised'
        in check(marked, form="junit", expect=("denied",))[1]
    )


def test_a_scenario_of_ones_own_is_found_in_its_folder(tmp_path: Path) -> None:
    own = "rules:\n  - {name: slow, then: {delay: 1}}\nexpect:\n  - {name: stays, within: 5000, never: logout}\n"
    (tmp_path / "mine.yaml").write_text(own)
    slow = replace(call("profiles", 1, NONE), injection=Injection("mine", "slow", (Action("delay"),)))
    path = str(recorded(tmp_path / "tv.mitm", [slow, LATER]))
    assert json.loads(check(path, form="json")[1])["expectations"] == []
    told = json.loads(check(path, form="json", rules=str(tmp_path))[1])["expectations"]
    assert [(one["scenario"], one["verdict"]) for one in told] == [("mine", "met")]


def test_jobs_tell_the_same_of_expectations(marked: str) -> None:
    other = shutil.copy(marked, Path(marked).with_stem("another"))
    one, two = (json.loads(check(marked, str(other), form="json", jobs=jobs)[1]) for jobs in (1, 2))
    assert len(one["expectations"]) == 4
    assert one["expectations"] == two["expectations"]


def test_the_checklist_is_told_where_that_is_asked_for(marked: str) -> None:
    plain = CliRunner().invoke(command, [marked, "--isolated", "--format", "json"])
    assert "checklist" not in json.loads(plain.output)
    asked = CliRunner().invoke(command, [marked, "--isolated", "--format", "json", "--checklist"])
    document = json.loads(asked.output)
    jsonschema.Draft202012Validator(closed(json_schema("document"))).validate(document)
    assert len(document["checklist"]) == 35
    assert asked.exit_code == plain.exit_code
    text = CliRunner().invoke(command, [marked, "--isolated", "--checklist"]).output
    assert re.search(r"^  checklist, 35 lines: .*not visible in traffic$", text, re.MULTILINE)
    assert "    CL-M3.3 Polling Mechanism Configuring: it lacks three polls of one code. Start a sign-in" in text
    markdown = CliRunner().invoke(command, [marked, "--isolated", "--checklist", "--format", "markdown"]).output
    assert "### The official checklist" in markdown
    assert "  - CL-M3.3 Polling Mechanism Configuring" in markdown


def test_the_page_has_the_checklist(marked: str) -> None:
    page = check(marked, form="html")[1]
    lines = json.loads(CliRunner().invoke(command, [marked, "--isolated", "--format", "json", "--checklist"]).output)
    assert "The official checklist" in page
    unseen = [line for line in lines["checklist"] if line["verdict"] in ("not-seen", "not-visible")]
    assert page.count("<b>To see it:</b>") == len(unseen)
