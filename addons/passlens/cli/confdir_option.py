"""``--confdir``, which every command has that needs mitmproxy's certificate authority."""

from typing import Final

import click

from passlens.cli import completion

_FOLDER: Final = "~/.mitmproxy"
"""mitmproxy's own default, without loading mitmproxy for a help text."""

CONFDIR: Final = click.option(
    "--confdir",
    default=_FOLDER,
    show_default=True,
    metavar="DIR",
    shell_complete=completion.folders,
    help="mitmproxy's folder, with its certificate authority.",
)
