"""``passlens device``: set up a device."""

import sys
from pathlib import Path
from typing import Final, cast

import click

from passlens.cli import completion
from passlens.cli.command import Command, WholeRange, hint
from passlens.cli.confdir_option import CONFDIR
from passlens.device.find import find
from passlens.device.password import wifi_password
from passlens.device.profile import TARGET_DEVICE_TYPE, DeviceKind
from passlens.device.set_up import ProfileSettings, make, serve, write

PAGES: Final = ("android", "fire-tv", "roku", "simulator")
"""Devices that no profile sets up; docs/ has a page for each."""

STATUSES: Final = {
    0: "the device is set up, or the profile is written",
    1: "nobody fetched the profile, or the device has not come as far as a call of the API",
    4: "the profile could not be written",
}


def _kind(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """A kind of device that a profile sets up."""
    if value in TARGET_DEVICE_TYPE:
        return value
    if value in PAGES:
        raise click.UsageError(f"no profile sets up {value}; docs/{value}.md tells what can be done, by hand.")
    known = (*TARGET_DEVICE_TYPE, *PAGES)
    near = hint(value, known, f"known are {', '.join(known)}.")
    raise click.UsageError(f"there is no device {value[:80]!r}; {near}")


@click.command(cls=Command, statuses=STATUSES)
@click.argument("kind", metavar="apple-tv|iphone", callback=_kind, shell_complete=completion.of(TARGET_DEVICE_TYPE))
@click.option("--ssid", metavar="NAME", help="The Wi-Fi network that the device is to join.")
@click.option("--address", metavar="ADDRESS", help="This computer's address in that network; found without it.")
@click.option("--port", type=int, metavar="N", help="The proxy's port; that of the running proxy, else 8080.")
@click.option("--certificate-only", is_flag=True, help="No network in the profile: for Ethernet.")
@click.option("--remove-after", type=WholeRange(1, 3650), metavar="DAYS", help="The profile then goes by itself.")
@click.option(
    "--password-file",
    metavar="FILE",
    shell_complete=completion.files,
    help="Holds the Wi-Fi password alone; - is standard input.",
)
@click.option(
    "--output", metavar="FILE", shell_complete=completion.files, help="Write the profile instead of serving it."
)
@CONFDIR
def device(
    kind: str,
    ssid: str | None,
    address: str | None,
    port: int | None,
    certificate_only: bool,
    remove_after: int | None,
    password_file: str | None,
    output: str | None,
    confdir: str,
) -> int:
    """Put an Apple TV or an iPhone behind the proxy, by a configuration profile and a guide through its menus.

    The Wi-Fi password comes from --password-file, from PASSLENS_WIFI_PASSWORD or from a prompt, empty for an open
    network. The profile is served once, within ten minutes, on the address that is shown.

    \b
    Examples:
      passlens device apple-tv --ssid YOUR-WIFI
      passlens device apple-tv --certificate-only
      passlens device iphone --certificate-only --output phone.mobileconfig
    """
    if certificate_only and ssid is not None:
        raise click.UsageError("--certificate-only makes a profile without a network; leave --ssid out.")
    if not certificate_only and ssid is None:
        raise click.UsageError("which Wi-Fi is the device to join? Give --ssid NAME, or --certificate-only.")
    settings = ProfileSettings(cast(DeviceKind, kind), ssid, address, port, Path(confdir), remove_after)
    asking = _ask if sys.stdin.isatty() else None
    made = make(settings, lambda: wifi_password(password_file, ask=asking), find)
    if output is None:
        return serve(made, find, sys.stdout)
    write(made, Path(output))
    print(f"{output} holds the profile{'' if certificate_only else ', with the password of the network'}.")
    return 0


def _ask() -> str:
    """The password, typed without being shown."""
    return str(
        click.prompt(
            "Wi-Fi password (empty for an open network)", default="", hide_input=True, show_default=False, err=True
        )
    )
