"""What the commands of passlens ctl have in common: lists on a terminal and as JSON, and words that are none."""

import io
import json
import sys

import click
import pytest

from passlens.cli.ctl_group import Context, CtlGroup


def test_long_lines_are_folded_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    line = "7  partner-session  warning PL230 header:X-Device-Info#/osVersion: The required key osVersion is missing."
    for terminal in (False, True):
        out = io.StringIO()
        monkeypatch.setattr(out, "isatty", lambda on=terminal: on)
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setenv("COLUMNS", "80")
        Context(None, False).show([{"message": line}], lambda member: member["message"], "")
        lines = out.getvalue().splitlines()
        assert " ".join(map(str.strip, lines)) == line
        assert [len(line) <= 80 for line in lines] == ([True, True] if terminal else [False])
    assert lines[1].startswith("    ")


def test_members_are_lines_of_json_and_none_is_said_only_to_people(capsys: pytest.CaptureFixture[str]) -> None:
    members = [{"a": 1}, {"a": "two"}]
    Context(None, True).show(members, str, "nothing")
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == members
    Context(None, True).show([], str, "nothing")
    assert capsys.readouterr().out == ""
    Context(None, False).show([], str, "nothing")
    assert capsys.readouterr().out == "nothing\n"


@pytest.mark.parametrize(("as_json", "said"), [(True, "7\n"), (False, "Entries come after 7.\n")])
def test_a_number_stands_alone_as_json(as_json: bool, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    Context(None, as_json).tell(7, "Entries come after 7.")
    assert capsys.readouterr().out == said


def test_a_misspelt_command_gets_the_nearest() -> None:
    group = CtlGroup("ctl", commands=[click.Command("status")])
    with pytest.raises(click.UsageError, match=r"there is no command ctl statu; did you mean status\?"):
        group.resolve_command(click.Context(group), ["statu"])
