"""``passlens.check``: what the command says, typed, and mistakes as exceptions with a sentence."""

import json
from pathlib import Path

import pytest

from passlens import check
from passlens.errors import UsageError
from support import warm
from support.proxy import ROOT

RECORDINGS = ROOT / "tests" / "recordings"
TV = RECORDINGS / "apple-tv.mitm"


def test_it_says_what_the_command_says() -> None:
    done = warm.run([*warm.PASSLENS, "check", "--isolated", "--format", "json", str(TV)])
    said, result = json.loads(done.stdout), check(TV)
    assert result.status == done.returncode
    assert result.entries == said["exchanges"]
    assert result.journeys == said["journeys"]
    assert result.summary == said["summary"]
    assert result.findings == [finding for entry in said["exchanges"] for finding in entry["findings"]]


def test_several_recordings_are_one_result() -> None:
    result = check([TV, str(RECORDINGS / "apple-tv.har")], fail_on=None, jobs=2)
    assert result.status == 0
    assert {entry["file"] for entry in result.entries} == {str(TV), str(RECORDINGS / "apple-tv.har")}
    assert [journey["id"] for journey in result.journeys] == list(range(1, len(result.journeys) + 1))


def test_what_counts_can_be_chosen() -> None:
    assert {finding["code"][:3] for finding in check(TV, select=["PL2xx"]).findings} == {"PL2"}
    assert check(TV, select="PL2", ignore="PL2").findings == []
    assert check(TV, filter="~m GET").summary["exchanges"] < check(TV).summary["exchanges"]


def test_nothing_to_check_and_what_cannot_be_read_are_not_green(tmp_path: Path) -> None:
    assert check([]).status == 2
    result = check(tmp_path / "none.mitm")
    assert result.status == 2
    assert "none.mitm" in result.unreadable[0]["file"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"select": ["PL204", "PX"]}, "'PX' is no finding code"),
        ({"filter": "~q ~q ("}, "is no filter expression"),
        ({"fail_on": "fatal"}, "fail_on is 'fatal'; give one of note, warning, error, or None."),
    ],
)
def test_a_mistake_is_a_usage_error(options: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        check(TV, **options)  # type: ignore[arg-type]
