"""``passlens diff``: what changed in the meaning between two recordings."""

import sys
from typing import Any, Final, TextIO

import click

from passlens.commands import narrowing
from passlens.comparison import Meaning, compare, meaning
from passlens.exchange import Exchange
from passlens.offline.judging import unjudged
from passlens.offline.settings import Settings
from passlens.reading.filters import wanted
from passlens.recording import Trouble, read
from passlens.reports.changes import as_json, as_text
from passlens.reports.words import safe
from passlens.terminal import takes_colour
from passlens.verdict import judge

EXAMPLES: Final = """\b
Examples:
  passlens diff yesterday.mitm today.mitm
  passlens diff old-app.har new-app.mitm --format json
  passlens diff old.mitm new.mitm --select PL2xx --filter "~d sp.auth.adobe.com"

Exchanges are paired by operation, device and order. Ids, session codes, times, addresses and the values of tokens make
no difference. Of the configuration, select, ignore and filter count here too.

Exit status: 0 both mean the same, 1 something changed, 2 a usage mistake or a recording that could not be read to its
end."""


@click.command(epilog=EXAMPLES)
@click.argument("old")
@click.argument("new")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="Form of the report.",
)
@narrowing.options()
def diff(old: str, new: str, form: str, select: tuple[str, ...], ignore: tuple[str, ...], flow_filter: str) -> int:
    """Compare two recordings (files or folders): outcomes, errors, attributes, findings."""
    if old == new == "-":
        raise click.UsageError("standard input can be one of the two recordings; give the other one as a file.")
    settings = Settings(form, select, ignore, flow_filter=flow_filter)
    return run(old, new, settings, sys.stdout, sys.stderr)


def run(old: str, new: str, settings: Settings, out: TextIO, err: TextIO) -> int:
    """Read both, compare, report; returns the exit status."""
    troubles: list[Trouble] = []
    before, after = (_meanings(path, settings, troubles) for path in (old, new))
    pairs = compare(before, after)
    for trouble in troubles:
        err.write(f"passlens: {safe(trouble.file or 'input')}: {safe(trouble.sentence)}.\n")
    if settings.form == "json":
        unreadable: list[dict[str, Any]] = [
            {"file": trouble.file, "index": trouble.index, "message": trouble.sentence} for trouble in troubles
        ]
        out.write(as_json(pairs, old, new, unreadable) + "\n")
    else:
        out.write(as_text(pairs, colour=takes_colour(out)) + "\n")
    if troubles:
        return 2
    return 0 if all(pair.alike for pair in pairs) else 1


def _meanings(path: str, settings: Settings, troubles: list[Trouble]) -> list[Meaning]:
    found: list[Meaning] = []
    for item in read([path], None, wanted(settings.flow_filter)):
        if isinstance(item, Trouble):
            troubles.append(item)
        elif isinstance(item, Exchange) and item.route is not None:
            try:
                entry = judge(item)
                entry["findings"] = [finding for finding in entry["findings"] if settings.wants(finding["code"])]
                found.append(meaning(item, entry))
            except Exception as error:  # the other exchanges are still compared
                troubles.append(unjudged(item, error))
    return found
