"""``passlens check`` on the command line: files, formats, choice of findings, exit status."""

import sys
from collections.abc import Sequence
from typing import Final

import click

from passlens.checks.finding import SEVERITIES
from passlens.commands import checking, narrowing
from passlens.offline.check import FORMATS, SUMMARY, Settings, check_recordings
from passlens.offline.outputs import parse_outputs

_EXAMPLES: Final = """\b
Examples:
  passlens check tv.mitm
  passlens check recordings/ --format json > report.json
  passlens check recordings/ --jobs 4 --output junit=report.xml --output sarif=passlens.sarif
  passlens check session.har --select PL2,PL4 --ignore PL261
  passlens check recordings/ --baseline known.json
  passlens check tv.mitm --scenario pfs-fallback
  mitmdump -nr tv.mitm -w - | passlens check -

Exit status: 0 nothing at or above --fail-on, 1 something is, 2 a usage mistake, a recording that could not be read
to its end (the report covers what could be read) or a report that could not be written, 130 stopped with Ctrl-C and
143 with SIGTERM (the report covers what was read and says that it is partial)."""


def _outputs(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, str]]:
    """Pairs of format and file of --output."""
    try:
        return parse_outputs(values)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command(epilog=_EXAMPLES)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="What to print. [default: text; only its summary with --output]",
)
@click.option(
    "--output", "outputs", multiple=True, callback=_outputs, metavar="FORMAT=FILE", help="Write a report to a file too."
)
@click.option(
    "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Read this many recordings at a time."
)
@click.option(
    "--fail-on",
    type=click.Choice([*reversed(SEVERITIES), "never"]),
    default="error",
    show_default=True,
    help="Least severity that makes the exit status 1.",
)
@click.option("--reveal", is_flag=True, help="Show tokens, identifiers and addresses instead of pseudonyms.")
@narrowing.options("fail_on", "baseline", "form")
@checking.options
def check(
    files: Sequence[str],
    form: str | None,
    outputs: list[tuple[str, str]],
    jobs: int,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    flow_filter: str,
    fail_on: str,
    reveal: bool,
    more: checking.More,
) -> int:
    """Check recordings: .mitm and .har files, folders of them, - for standard input."""
    if reveal:
        click.echo("passlens: --reveal is on, tokens and identifiers are shown.", err=True)
    chosen = form or (SUMMARY if outputs else "text")
    settings = more.into(Settings(chosen, select, ignore, fail_on, reveal, tuple(outputs), jobs, flow_filter))
    return check_recordings(files, settings, sys.stdout, sys.stderr, more.companions(settings))
