"""``passlens archive``: recordings into tables that DuckDB, pandas and Spark read. Needs passlens[archive]."""

import os
import sys
from typing import Final, Literal

import click

from passlens.cli import completion
from passlens.cli.command import Command, NearestChoice, WholeRange

_EXAMPLES: Final = """\b
Examples:
  passlens archive recordings/ -o archive
  passlens archive recordings/ -o archive --jobs 2 --compact
  passlens archive 'recordings/**/*.har' -o archive
  passlens archive s3://lab/nightly/ -o archive
  passlens archive s3://lab/nightly/ -o archive --scheduler tcp://lab:8786

What is archived already is not read again. docs/archive.md has the tables, and questions to ask them."""

STATUSES: Final = {
    0: "archived",
    2: "a usage mistake, a recording that could not be read to its end (the rest is archived), or no exchange of the "
    "API in all inputs (--allow-empty makes that 0)",
    3: "an extra is not installed, or the installation is broken",
    4: "the archive could not be written",
    130: "stopped with Ctrl-C (143: with SIGTERM, 129: with its terminal); what was finished is archived",
}


@click.command(cls=Command, epilog=_EXAMPLES, statuses=STATUSES)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", shell_complete=completion.files)
@click.option(
    "--output",
    "-o",
    "folder",
    required=True,
    metavar="FOLDER",
    shell_complete=completion.folders,
    help="The archive, a folder.",
)
@click.option(
    "--jobs",
    type=WholeRange(1),
    metavar="N",
    help="Read this many recordings at a time. [default: one for each processor]",
)
@click.option("--scheduler", metavar="ADDRESS", help="Let the workers of this Dask scheduler read them.")
@click.option(
    "--partition",
    type=NearestChoice(["day", "none"]),
    default="day",
    show_default=True,
    help="A folder for each day (UTC), or none.",
)
@click.option("--compact", is_flag=True, help="Join small files.")
@click.option("--prune", is_flag=True, help="Remove the rows of recordings that are no longer there.")
@click.option("--allow-empty", is_flag=True, help="No exchange in all inputs is fine. [default: status 2]")
def archive(
    inputs: tuple[str, ...],
    folder: str,
    jobs: int | None,
    scheduler: str | None,
    partition: Literal["day", "none"],
    compact: bool,
    prune: bool,
    allow_empty: bool,
) -> int:
    """Make tables of recordings, for DuckDB, pandas and Spark.

    INPUT is a .mitm or .har file, a folder of them, a glob in quotes, or an address (s3://, gs://, https://). FOLDER
    becomes a dataset of Parquet files: exchanges, results, findings and journeys, without bodies, and redacted.
    """
    if jobs is not None and scheduler is not None:
        raise click.UsageError("--jobs is for this machine and --scheduler for a cluster; leave one of the two out.")
    # Imported here, because it needs an extra.
    from passlens.runner.archive.run import ArchiveSettings, archive_recordings

    settings = ArchiveSettings(
        folder, jobs or os.cpu_count() or 1, scheduler, partition, compact=compact, prune=prune, allow_empty=allow_empty
    )
    return archive_recordings(inputs, settings, sys.stdout, sys.stderr)
