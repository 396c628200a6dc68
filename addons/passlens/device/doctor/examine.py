"""All checks in the order in which traffic takes its way, and what they come to."""

from collections.abc import Sequence
from typing import Final, TextIO

from passlens.device.doctor.authority import authority
from passlens.device.doctor.clocks import clocks, device_clocks
from passlens.device.doctor.devices import api_traffic, came, trust
from passlens.device.doctor.diagnosis import DoctorCheck, DoctorResult, Examined
from passlens.device.doctor.installation import VERSIONS, standalone, versions
from passlens.device.doctor.reach import PROXY, address, running
from passlens.errors import InstallationError, NoProxyError
from passlens.util.terminal import width
from passlens.util.text import escape_controls, fold

CHECKS: Final[tuple[DoctorCheck, ...]] = (
    versions,
    standalone,
    running,
    address,
    authority,
    clocks,
    came,
    trust,
    device_clocks,
    api_traffic,
)

EXIT_OK: Final = 0
EXIT_WRONG: Final = 1

_SIGNS: Final = {"ok": "ok     ", "wrong": "WRONG  ", "unknown": "?      "}
_INDENT: Final = " " * 21


def examine(given: Examined, out: TextIO) -> int:
    """Make all checks, write a line for each, and give the exit status."""
    done = []
    for check in CHECKS:
        diagnosis = check(given)
        done.append(diagnosis)
        out.write(rendered(diagnosis, width(out)))
        out.flush()
    return status(done)


def rendered(diagnosis: DoctorResult, columns: int | None = None) -> str:
    """The lines of one diagnosis, at most ``columns`` wide: what and how it is known, then what to do."""
    # Names of hosts and programs come from elsewhere.
    what, how = escape_controls(diagnosis.what), escape_controls(diagnosis.how)
    head = f"{_SIGNS[diagnosis.state]}{diagnosis.subject:<14}"
    lines = fold(f"{what} ({how})", columns, first=head, rest=_INDENT)
    if diagnosis.todo:
        lines += fold(escape_controls(diagnosis.todo), columns, first=f"{_INDENT}do: ", rest=f"{_INDENT}    ")
    return "".join(f"{line}\n" for line in lines)


def status(done: Sequence[DoctorResult]) -> int:
    """The exit status: 3 for versions that do not fit, 5 without a running proxy, 1 unless all is well, else 0."""
    states = {one.subject: one.state for one in done}
    if states.get(VERSIONS) == "wrong":
        return InstallationError.exit_status
    if states.get(PROXY) == "wrong":
        return NoProxyError.exit_status
    return EXIT_OK if all(state == "ok" for state in states.values()) else EXIT_WRONG
