"""``--rules``, which every command has that runs or reads scenarios."""

from typing import Final

import click

RULES: Final = click.option(
    "--rules",
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    help="A folder of your own rule files; its scenarios go first.",
)
