"""``passlens diff``: what changed in the meaning between two recordings."""

import sys
from contextlib import ExitStack
from typing import Any, Final, TextIO

import click

from passlens.analysis.comparison import ExchangeMeaning, Pair, compare, meaning, with_journey
from passlens.cli import completion, options
from passlens.cli.command import Command, NearestChoice
from passlens.cli.output_option import output_option
from passlens.errors import ReadError, Remark
from passlens.reports.changes import as_json, as_text, counts_text
from passlens.runner.analyze import Ended, judged, not_analyzed
from passlens.runner.outputs import begin, write
from passlens.runner.settings import CheckSettings
from passlens.util.terminal import takes_colour, width
from passlens.util.text import escape_controls

EXAMPLES: Final = """\b
Examples:
  passlens diff yesterday.mitm today.mitm
  passlens diff old-app.har new-app.mitm --format json
  passlens diff old.mitm new.mitm --output json=changes.json
  passlens diff old.mitm new.mitm --select PL2 --filter "~d auth.adobe.com"

Exchanges are paired by operation, device and order. Ids, session codes, times, addresses and the values of tokens make
no difference. Of the configuration, select, ignore, filter and allow-empty count too."""

FORMATS: Final = ("text", "json")
COUNTS: Final = "counts"
"""What goes to standard output beside files, where nobody asks for more."""

STATUSES: Final = {
    0: "both mean the same",
    1: "something changed",
    2: "a usage mistake, a recording that could not be read to its end, or no exchange of the API in either "
    "(--allow-empty makes that 0)",
    4: "the comparison could not be written",
}


@click.command(cls=Command, epilog=EXAMPLES, statuses=STATUSES)
@click.argument("old", shell_complete=completion.files)
@click.argument("new", shell_complete=completion.files)
@click.option(
    "--format",
    "form",
    type=NearestChoice(FORMATS),
    help="What to print. [default: text; only its counts with --output]",
)
@output_option(FORMATS)
@options.options()
def diff(
    old: str,
    new: str,
    form: str | None,
    outputs: list[tuple[str, str]],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    flow_filter: str,
    allow_empty: bool,
) -> int:
    """Compare two recordings (files or folders): outcomes, errors, attributes, findings."""
    if old == new == "-":
        raise click.UsageError("standard input can be one of the two recordings; give the other one as a file.")
    chosen = form or (COUNTS if outputs else "text")
    settings = CheckSettings(
        chosen, select, ignore, outputs=tuple(outputs), flow_filter=flow_filter, allow_empty=allow_empty
    )
    return run(old, new, settings, sys.stdout, sys.stderr)


def run(old: str, new: str, settings: CheckSettings, out: TextIO, err: TextIO) -> int:
    """Read both, compare, report; returns the exit status."""
    with ExitStack() as stack:
        files = begin(stack, settings.outputs)
        read_errors: list[ReadError] = []
        before, after = (_meanings(path, settings, read_errors) for path in (old, new))
        for read_error in read_errors:
            file = escape_controls(read_error.file or "input")
            err.write(f"passlens: {file}: {escape_controls(read_error.sentence)}.\n")
        failed = [read_error for read_error in read_errors if not isinstance(read_error, Remark)]
        pairs = compare(before, after)
        # Beside a recording that is not there, everything would seem to be gone.
        comparable = not failed or bool(before and after)
        for form, target in files:
            if form == "json":
                write(target, _document(pairs, old, new, failed))
            elif comparable:
                write(target, as_text(pairs) + "\n")
    if settings.form == "json":
        out.write(_document(pairs, old, new, failed))
    elif comparable and settings.form == COUNTS:
        out.write(counts_text(pairs, width=width(out)) + "\n")
    elif comparable:
        out.write(as_text(pairs, colour=takes_colour(out), width=width(out)) + "\n")
    nothing = not (before or after or read_errors or settings.allow_empty)
    if nothing:
        words = "no exchange of the API in either recording; look at them, or say --allow-empty where that is fine"
        err.write(f"passlens: nothing to compare: {words}.\n")
    if nothing or failed:
        return 2
    return 0 if all(pair.alike for pair in pairs) else 1


def _document(pairs: list[Pair], old: str, new: str, failed: list[ReadError]) -> str:
    unreadable: list[dict[str, Any]] = [
        {"file": read_error.file, "index": read_error.index, "message": read_error.sentence} for read_error in failed
    ]
    return as_json(pairs, old, new, unreadable) + "\n"


def _meanings(path: str, settings: CheckSettings, read_errors: list[ReadError]) -> list[ExchangeMeaning]:
    found: dict[tuple[str | None, int], ExchangeMeaning] = {}
    for ex, item in judged([path], settings):
        if isinstance(item, ReadError):
            read_errors.append(item)
        elif isinstance(item, Ended):
            last = (item.journey["file"], item.journey["steps"][-1])
            if last in found:
                found[last] = with_journey(found[last], item.journey)
        elif isinstance(item, dict) and ex is not None:
            try:
                found[item["file"], item["index"]] = meaning(ex, item)
            except Exception as error:  # the other exchanges are still compared
                read_errors.append(not_analyzed(ex.exchange, error))
    return list(found.values())
