"""``--confdir``, which every command has that needs mitmproxy's certificate authority."""

from typing import Final

import click

from passlens.cli import completion
from passlens.device.certificate import DEFAULT_FOLDER

CONFDIR: Final = click.option(
    "--confdir",
    default=DEFAULT_FOLDER,
    show_default=True,
    metavar="DIR",
    shell_complete=completion.folders,
    help="mitmproxy's folder, with its certificate authority.",
)
