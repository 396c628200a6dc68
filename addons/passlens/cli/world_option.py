"""``--sandbox-world``, which every command has that may answer in the place of a server."""

from typing import Final

import click

from passlens.cli import completion

SANDBOX_WORLD: Final = click.option(
    "--sandbox-world",
    default="",
    metavar="FILE",
    shell_complete=completion.files,
    help="Answer the API as in this world (see docs/sandbox.md).",
)
