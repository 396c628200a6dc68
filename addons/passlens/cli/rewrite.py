"""``passlens rewrite``: a recording as it would have been under a scenario."""

import sys
from pathlib import Path
from typing import Final, TextIO

import click

from passlens.cli import completion
from passlens.cli.command import Command
from passlens.cli.rules_option import RULES
from passlens.errors import ReadError
from passlens.proxy.scenario_switch import read
from passlens.runner.dry_run import DryRunResult
from passlens.runner.progress import Progress
from passlens.runner.rewrite import RewriteResult, rewrite
from passlens.runner.signals import cleaning_up
from passlens.scenarios.library import Library
from passlens.util.text import escape_controls, plural

EXAMPLES: Final = """\b
Examples:
  passlens rewrite tv.mitm --scenario pfs-fallback -o fallback.mitm
  mitmdump -S fallback.mitm          answer an app with it

Faults that a recording cannot hold are named, delays are in the times only, and a changed request keeps the answer
that was recorded: a server would have to give the new one."""

STATUSES: Final = {
    0: "written",
    2: "a usage mistake, or a recording that could not be read to its end (what could be read is written)",
    4: "the file could not be written",
}


@click.command(name="rewrite", epilog=EXAMPLES, cls=Command, statuses=STATUSES)
@click.argument("recording", shell_complete=completion.files)
@click.option(
    "--scenario",
    required=True,
    metavar="NAME",
    shell_complete=completion.scenarios,
    help="The scenario to apply (see passlens scenarios).",
)
@RULES
@click.option(
    "--output", "-o", required=True, metavar="OUT", shell_complete=completion.files, help="The .mitm file to write."
)
def rewrite_command(recording: str, scenario: str, rules: str | None, output: str) -> int:
    """Rewrite a recording (.mitm or .har) by a scenario, for mitmproxy's server replay."""
    if output.lower().endswith(".har"):
        raise click.UsageError("the rewritten recording is a .mitm file; name it so.")
    return run(recording, scenario, rules or "", output, sys.stdout, sys.stderr)


def run(recording: str, scenario: str, rules: str, output: str, out: TextIO, err: TextIO) -> int:
    """Rewrite, and say what was done; returns the exit status."""

    def say(index: int, operation: str, told: DryRunResult) -> None:
        out.write(escape_controls(f"flow {index}  {operation}  {told.rule or told.scenario}: {told.action}") + "\n")

    with cleaning_up(), Progress(err, quiet=out.isatty()) as progress:

        def read_error(item: ReadError) -> None:
            progress.say(f"passlens: {escape_controls(item.file or 'input')}: {escape_controls(item.sentence)}.")

        try:
            chosen = Library([Path(rules)] if rules else [], read=read).load(scenario)
            result = rewrite(recording, chosen, output, say=say, read_error=read_error, progress=progress.bytes)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    _tell(result, output, out)
    return 2 if result.unreadable else 0


def _tell(result: RewriteResult, output: str, out: TextIO) -> None:
    out.write(escape_controls(f"{output}: {plural(result.flows, 'flow')}, {result.rewritten} rewritten") + "\n")
    if result.requests_changed:
        words = "keeps its recorded answer" if result.requests_changed == 1 else "keep their recorded answers"
        out.write(f"  {plural(result.requests_changed, 'changed request')} {words}\n")
    for sentence, count in result.unshown.items():
        out.write(escape_controls(f"  {sentence} ({count} times)" if count > 1 else f"  {sentence}") + "\n")
    if result.never_matched:
        out.write(escape_controls(f"  never matched: {', '.join(result.never_matched)}") + "\n")
