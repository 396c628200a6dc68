"""What the doctor says, and what its checks are given."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from passlens.device.link import RunningProxy

DoctorState = Literal["ok", "wrong", "unknown"]


class DoctorResult(NamedTuple):
    """One line of the doctor: what is the case, how it is known, what to do (empty where all is well,
    or where another line says it)."""

    subject: str
    state: DoctorState
    what: str
    how: str
    todo: str = ""


def ok(subject: str, what: str, how: str) -> DoctorResult:
    """A check that found nothing wrong."""
    return DoctorResult(subject, "ok", what, how)


def wrong(subject: str, what: str, how: str, todo: str) -> DoctorResult:
    """A check that found a cause."""
    return DoctorResult(subject, "wrong", what, how, todo)


def unknown(subject: str, what: str, how: str, todo: str = "") -> DoctorResult:
    """A check that could not be made, which is not the same as a good one."""
    return DoctorResult(subject, "unknown", what, how, todo)


@dataclass(frozen=True)
class Examined:
    """What is examined: the proxy at the IP address and port that a device is told to use, mitmproxy's folder, the
    API's host, and the running passlens, where its control API was found."""

    address: str
    port: int
    folder: Path
    host: str
    proxy: RunningProxy | None = None


DoctorCheck = Callable[[Examined], DoctorResult]
"""One cause. A check that raises is a defect of passlens."""
