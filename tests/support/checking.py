"""What tests of ``passlens check`` share: a folder of its own, and the command called in this process."""

import json
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner

from passlens.cli.main import cli

RECORDINGS = Path(__file__).parents[1] / "recordings"
STORY, HAR = str(RECORDINGS / "apple-tv.mitm"), str(RECORDINGS / "apple-tv.har")


def check(*words: str) -> tuple[int, str]:
    got = CliRunner().invoke(cli, ["check", *words], standalone_mode=False)
    assert got.exception is None, got.exception
    return got.return_value, got.stdout


def document(*words: str) -> dict[str, Any]:
    return dict(json.loads(check(*words, "--format", "json")[1]))


def refused(*words: str) -> str:
    got = CliRunner().invoke(cli, ["check", *words], standalone_mode=False)
    assert isinstance(got.exception, click.ClickException), got.output
    return got.exception.format_message()
