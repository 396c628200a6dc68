"""``passlens demo``: the documented journeys, without a device."""

import sys
from pathlib import Path

import click

from passlens.demo.run import run


@click.command()
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where to leave recording and log.")
def demo(folder: Path | None) -> int:
    """Walk the documented journeys through a sandboxed proxy: no device, no account, no network."""
    return run(folder, sys.stdout)
