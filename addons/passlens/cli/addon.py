"""``passlens addon``: where the script for mitmdump is."""

import click

from passlens.cli.command import Command
from passlens.proxy.launch import script


@click.command(cls=Command, statuses={0: "done"})
def addon() -> int:
    """Print the path of the addon script, for mitmdump -s "$(passlens addon)"."""
    click.echo(str(script()))
    return 0
