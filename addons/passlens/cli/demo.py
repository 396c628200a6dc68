"""``passlens demo``: the documented journeys, without a device."""

import sys
from pathlib import Path

import click

from passlens.cli.command import Command
from passlens.demo.run import run


@click.command(cls=Command, statuses={0: "done", 1: "the demo stopped on its way"})
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where to leave recording and log.")
@click.option("--panel", is_flag=True, help="Open the panel, and wait for you before the app begins.")
def demo(folder: Path | None, panel: bool) -> int:
    """Walk the documented journeys through a sandboxed proxy: no device, no account, no network."""
    ask = input if panel and sys.stdin.isatty() else None
    return run(folder, sys.stdout, panel=panel, ask=ask)
