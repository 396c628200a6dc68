"""``passlens check`` on the command line: files, formats, choice of findings, exit status."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import click

from passlens.cli import check_options, completion, options
from passlens.cli.command import Command, NearestChoice, WholeRange
from passlens.cli.output_option import output_option
from passlens.runner.check import FORMATS, SUMMARY, CheckSettings, check_recordings
from passlens.runner.config_file import FAIL_ON

_EXAMPLES: Final = """\b
Examples:
  passlens check tv.mitm
  passlens check recordings/ --format json > report.json
  passlens check recordings/ --jobs 4 --output junit=report.xml
  passlens check session.har --select PL2,PL4 --ignore PL261
  passlens check recordings/ --baseline known.json
  passlens check tv.mitm --scenario pfs-fallback
  gunzip -c tv.mitm.gz | passlens check -"""

STATUSES: Final = {
    0: "nothing at or above --fail-on",
    1: "something is",
    2: "a usage mistake, a recording that could not be read to its end (the report covers what could be read), or "
    "nothing to check: no exchange of the API in all inputs (--allow-empty makes that 0)",
    4: "a report or a baseline could not be written",
    130: "stopped with Ctrl-C (143: with SIGTERM, 129: with its terminal); the report covers what was read and says "
    "that it is partial",
}


@click.command(cls=Command, epilog=_EXAMPLES, statuses=STATUSES)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", shell_complete=completion.files)
@click.option(
    "--format",
    "form",
    type=NearestChoice(FORMATS),
    help="What to print. [default: text; only its summary with --output]",
)
@output_option(FORMATS)
@click.option(
    "--jobs", type=WholeRange(1), metavar="N", default=1, show_default=True, help="Read this many recordings at a time."
)
@click.option(
    "--fail-on",
    type=NearestChoice(FAIL_ON),
    default="error",
    show_default=True,
    help="Least severity that makes the exit status 1.",
)
@click.option("--reveal", is_flag=True, help="Show tokens, identifiers and addresses instead of pseudonyms.")
@options.options("fail_on", "baseline", "form")
@check_options.options
def check(
    files: Sequence[str],
    form: str | None,
    outputs: list[tuple[str, str]],
    jobs: int,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    flow_filter: str,
    allow_empty: bool,
    fail_on: str,
    reveal: bool,
    more: check_options.More,
) -> int:
    """Check recordings: .mitm and .har files, folders of them, - for standard input."""
    if reveal:
        click.echo("passlens: --reveal is on, tokens and identifiers are shown.", err=True)
    chosen = form or (SUMMARY if outputs else "text")
    settings = more.into(
        CheckSettings(
            chosen, select, ignore, fail_on, reveal, tuple(outputs), jobs, flow_filter, allow_empty=allow_empty
        )
    )
    settings = replace(settings, configuration=click.get_current_context().meta.get(options.FILE))
    return check_recordings(files, settings, sys.stdout, sys.stderr, more.post_processors(settings))
