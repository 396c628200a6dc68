"""``passlens doctor``: find out why nothing arrives."""

import sys
from pathlib import Path
from typing import Final

import click

from passlens.cli.command import Command
from passlens.cli.confdir_option import CONFDIR
from passlens.device.doctor.examine import examine
from passlens.device.doctor.locate import locate
from passlens.device.find import find
from passlens.rest_v2.operations import HOSTS

STATUSES: Final = {
    0: "all is well",
    1: "something is not, or cannot be told",
    3: "versions do not fit, or the installation is broken",
    5: "no running proxy was found",
}


@click.command(cls=Command, statuses=STATUSES)
@click.option("--address", metavar="ADDRESS", help="The proxy's address as the device was told; found without it.")
@click.option("--port", type=int, metavar="N", help="The proxy's port; that of the running proxy, else 8080.")
@CONFDIR
def doctor(address: str | None, port: int | None, confdir: str) -> int:
    """Find out why nothing arrives: a line for each possible cause, with how it is known and what to do."""
    given = locate(address, port, Path(confdir).expanduser(), HOSTS[0], find)
    return examine(given, sys.stdout)
