"""The Wi-Fi password: from a file, the environment or a prompt, never from arguments, which every user of the machine
can read in the list of processes."""

import os
import sys
from collections.abc import Callable, Mapping
from typing import Final

from passlens.errors import ProfileError

VARIABLE: Final = "PASSLENS_WIFI_PASSWORD"

_MAX_BYTES: Final = 1024
"""Bytes of a file that are read: a password has 64 at most, so more is another file."""


def wifi_password(
    file: str | None, environment: Mapping[str, str] = os.environ, ask: Callable[[], str] | None = None
) -> str | None:
    """The password; None for an open network, which an empty one means.

    ``file`` comes first (``-`` is standard input), then the variable PASSLENS_WIFI_PASSWORD, then ``ask``, which is
    None where nobody can be asked. Raises ProfileError; no message holds the password.
    """
    if file is not None:
        return _read(file) or None
    if VARIABLE in environment:
        return environment[VARIABLE] or None
    if ask is None:
        raise ProfileError(
            f"the Wi-Fi password is missing and nobody can be asked; give it with --password-file FILE or in {VARIABLE}"
            " (empty for an open network)."
        )
    return ask() or None


def _read(file: str) -> str:
    try:
        if file == "-":
            data = sys.stdin.buffer.read(_MAX_BYTES + 1)
        else:
            with open(file, "rb") as stream:
                data = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        raise ProfileError(f"cannot read the password file {file}: {error.strerror}.") from None
    if len(data) > _MAX_BYTES:
        raise ProfileError(
            f"the password file {file} has more than {_MAX_BYTES} bytes; give one with the password alone."
        )
    try:
        return data.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise ProfileError(f"the password file {file} is not UTF-8; save it as plain text.") from None
