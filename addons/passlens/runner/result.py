"""``passlens.check``: recordings judged from Python, with what the command would say and end in."""

import io
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from passlens.analysis.entry import Document, Entry, Expectation, FindingEntry, Journey, Summary, Unreadable
from passlens.checks.finding import SEVERITIES, Severity
from passlens.errors import UsageError
from passlens.recordings.filters import wanted
from passlens.runner.check import check_recordings
from passlens.runner.selection import prefixes
from passlens.runner.settings import CheckSettings

PathArgument = str | os.PathLike[str]


@dataclass(frozen=True)
class Result:
    """What ``passlens check --format json`` says, typed.

    ``status`` is the exit status of the command: 0 where nothing is at or above ``fail_on``, 1 where something is, 2
    where not all could be read or there was nothing to check.
    """

    status: int
    entries: list[Entry]
    journeys: list[Journey]
    expectations: list[Expectation]
    summary: Summary
    unreadable: list[Unreadable]

    @property
    def findings(self) -> list[FindingEntry]:
        """The findings of all entries, in their order."""
        return [finding for entry in self.entries for finding in entry["findings"]]


def check(
    paths: PathArgument | Iterable[PathArgument],
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    filter: str = "",
    fail_on: Severity | None = "error",
    reveal: bool = False,
    jobs: int = 1,
) -> Result:
    """Judge recordings (.mitm, .har, folders of them) as ``passlens check`` does, without a configuration file.

    ``select`` and ``ignore`` are codes or families (``PL204``, ``PL2xx``), ``filter`` is a filter expression of
    mitmproxy, ``fail_on`` the least severity that makes the status 1 (None: none does), ``jobs`` the number of
    recordings that are read at a time. Raises UsageError, a ValueError, for an option that cannot be; what cannot be
    read stands in ``unreadable``.
    """
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    settings = CheckSettings(
        form="json",
        select=_codes(select),
        ignore=_codes(ignore),
        fail_on=_severity(fail_on),
        reveal=reveal,
        jobs=jobs,
        flow_filter=_expression(filter),
    )
    # The words of the machine-readable form, read back: one way from recordings to what is said of them.
    out = io.StringIO()
    status = check_recordings([os.fspath(path) for path in given], settings, out, io.StringIO())
    if status > 128:
        raise KeyboardInterrupt
    document = cast(Document, json.loads(out.getvalue()))
    return Result(
        status,
        document["exchanges"],
        document["journeys"],
        document["expectations"],
        document["summary"],
        document["unreadable"],
    )


def _codes(given: Iterable[str]) -> tuple[str, ...]:
    try:
        return prefixes([given] if isinstance(given, str) else list(given))
    except ValueError as error:
        raise UsageError(str(error)) from None


def _severity(given: str | None) -> str:
    if given is not None and given not in SEVERITIES:
        raise UsageError(f"fail_on is {given!r}; give one of {', '.join(SEVERITIES)}, or None.")
    return given or "never"


def _expression(given: str) -> str:
    try:
        wanted(given)
    except ValueError as error:
        raise UsageError(f"{error}.") from None
    return given
