"""The HTML page put together: what stands in which part, in which order; the templates in html_files only render.
Every text passes ``safe`` and is escaped by Jinja; script and style hold nothing from traffic, pinned by hash."""

import base64
import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from typing import Any, Final, NamedTuple

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from passlens import __version__
from passlens.checks.finding import SEVERITIES
from passlens.explain import find, parts
from passlens.explain import page as page_of
from passlens.reports.html_shelf import Shelf
from passlens.reports.html_timeline import NARROW, PICTURED, WIDE, Row, Step, gap, rows
from passlens.reports.tally import Tally
from passlens.reports.words import device, moment, partner_status, plural, safe
from passlens.spec.outcomes import BY_ID
from passlens.verdict import Entry

__all__ = ["Collected", "Step", "page"]

OPENED: Final = 30
"""Exchanges with an error or a warning that stand open when the page is; the rest are opened by hand."""

WORST: Final = 6
"""Findings named in the summary."""

OUTCOMES: Final = 12
"""Different answers of one operation named in the summary."""

_FOLDER: Final = resources.files("passlens.reports") / "html_files"
_TEMPLATES: Final = ("page.html", "summary.html", "journey.html", "exchange.html", "messages.html", "explained.html")


@dataclass
class Collected:
    """What a page is made of: the exchanges it shows, and how much more there was."""

    steps: list[Step] = field(default_factory=list)
    exchanges: int = 0
    files: list[str] = field(default_factory=list)
    last_file: str | None = None
    more_files: int = 0
    troubles: list[tuple[str, int | None, str]] = field(default_factory=list)
    more_troubles: int = 0


class Device(NamedTuple):
    """The exchanges of one device. ``pseudonym`` is None for those that name no device."""

    id: str
    name: str
    pseudonym: str | None
    steps: list[Step]
    pictures: list[Row]


@dataclass(frozen=True)
class Kind:
    """One code with one severity: how often it was found, and where first."""

    code: str
    name: str
    severity: str
    count: int
    message: str
    first: int | None


def page(found: Collected, tally: Tally, shelf: Shelf) -> Iterator[str]:
    """The page piece by piece; headers and bodies come from the shelf."""
    script, style = _read("report.js"), _read("report.css")
    devices = _devices(found.steps)
    kinds = _kinds(found.steps, tally)
    yield from (
        _environment()
        .get_template("page.html")
        .generate(
            policy=_policy(script, style),
            script=Markup(script),
            style=Markup(style),
            version=__version__,
            verdict=_verdict(tally),
            tally=tally,
            found=found,
            shelf=shelf,
            messages=shelf.get,
            titled=os.path.basename(found.files[0]) if len(found.files) == 1 and not found.more_files else "recordings",
            period=_period(found.steps),
            devices=devices,
            named=sum(device.pseudonym is not None for device in devices),
            kinds=kinds,
            worst=kinds[:WORST],
            opened=_opened(found.steps),
            operations=sorted({step.entry["operation"] for step in found.steps}),
            answers=_answers(tally),
        )
    )


def _read(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader({name: _read(name) for name in _TEMPLATES}),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        plural=plural,
        moment=moment,
        partner_status=partner_status,
        gap=gap,
        flat=flat,
        about=about,
        why=why,
        explained=explained,
        severities=tuple(reversed(SEVERITIES)),
        pictured=PICTURED,
        rows_of_truth=BY_ID,
    )
    return environment


def _shown(value: Any) -> Any:
    """What a template writes: signs that could reorder or hide text stand as escapes, wherever they come from."""
    return safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _policy(script: str, style: str) -> str:
    """A Content-Security-Policy under which only this page's own script and style run, and nothing is loaded."""
    pins = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (script, style)]
    return (
        f"default-src 'none'; script-src 'sha256-{pins[0]}'; style-src 'sha256-{pins[1]}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _verdict(tally: Tally) -> tuple[str, str]:
    """The level of the verdict and its sentence."""
    counts = [plural(tally.severities[name], name) for name in reversed(SEVERITIES) if tally.severities[name]]
    if not tally.exchanges:
        return "warning", "No exchange with the API was found"
    if tally.severities["error"]:
        return "error", f"Not as documented: {', '.join(counts)}"
    if tally.severities["warning"]:
        return "warning", f"No errors, {' and '.join(counts)}"
    return "good", f"As documented, with {counts[0]}" if counts else "As documented: nothing was found"


def _devices(steps: Sequence[Step]) -> list[Device]:
    """Exchanges by device, in the order of their first; a step in a browser names no device, its code tells whose."""
    codes = {
        (step.entry["service_provider"], step.entry["code"]): pseudonym
        for step in reversed(steps)
        if (pseudonym := _pseudonym(step.entry)) is not None and step.entry["code"] is not None
    }
    groups: dict[str | None, list[Step]] = {}
    for step in steps:
        pseudonym = _pseudonym(step.entry)
        if pseudonym is None:
            pseudonym = codes.get((step.entry["service_provider"], step.entry["code"]))
            step = step._replace(joined=pseudonym is not None)
        groups.setdefault(pseudonym, []).append(step)
    ordered = sorted(groups.items(), key=lambda group: group[0] is None)
    return [
        Device(f"d{place}", _name(pseudonym, group), pseudonym, group, [*rows(group, WIDE), *rows(group, NARROW)])
        for place, (pseudonym, group) in enumerate(ordered, 1)
    ]


def _pseudonym(entry: Entry) -> str | None:
    found: str | None = entry["device"]["identifier"] if entry["device"] else None
    return found


def _name(pseudonym: str | None, steps: Sequence[Step]) -> str:
    """The device in words, as most of its exchanges describe it."""
    if pseudonym is None:
        return "Exchanges that name no device"
    infos = [step.entry["device"]["info"] for step in steps if step.entry["device"]]
    named = Counter(
        words for info in infos if info and (words := device({"device": {"info": info, "identifier": None}}))
    )
    return named.most_common(1)[0][0] if named else "Device without a readable X-Device-Info"


def _kinds(steps: Sequence[Step], tally: Tally) -> list[Kind]:
    """All kinds of findings, the worst and most frequent first."""
    first: dict[tuple[str, str], tuple[str, int]] = {}
    for step in steps:
        for one in step.entry["findings"]:
            first.setdefault((one["code"], one["severity"]), (one["message"], step.number))
    made = [
        Kind(code, name, severity, count, *first.get((code, severity), ("", None)))
        for (code, name, severity), count in tally.codes.items()
    ]
    return sorted(made, key=lambda kind: (-SEVERITIES.index(kind.severity), -kind.count, kind.code))


def _opened(steps: Sequence[Step]) -> set[int]:
    """The numbers of the exchanges that stand open: errors first, then warnings."""
    wanted = [step.number for level in ("error", "warning") for step in steps if step.worst == level]
    return set(wanted[:OPENED])


def _answers(tally: Tally) -> list[tuple[str, list[tuple[str, int]], int]]:
    """Answers by operation: the most frequent, and how many other kinds there were."""
    grouped: dict[str, Counter[str]] = {}
    for (operation, outcome), count in tally.outcomes.items():
        grouped.setdefault(operation, Counter())[outcome] = count
    return [
        (name, counts.most_common(OUTCOMES), max(0, len(counts) - OUTCOMES)) for name, counts in sorted(grouped.items())
    ]


def _period(steps: Sequence[Step]) -> tuple[datetime, datetime] | None:
    times = [at for step in steps if (at := moment(step.entry["started"])) is not None]
    return (min(times), max(times)) if times else None


def flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """The leaves of a decoded header with their paths, in order.

    >>> list(flat({"a": {"b": 1}, "c": [True]}))
    [('a/b', '1'), ('c/0', 'true')]
    """
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if members is None:
        yield name, str(value).lower() if isinstance(value, bool) else "null" if value is None else str(value)
    elif not value:
        yield name or "(whole)", "empty"
    else:
        for key, inner in members:
            yield from flat(inner, f"{name}/{key}" if name else str(key))


def about(outcome: str | None) -> str | None:
    """What the truth table says about an outcome."""
    row = BY_ID.get(outcome or "")
    if row is None:
        return None
    until = f"until {row.until}, an older revision" if row.until else "current"
    return f"row {row.id} of the truth table, since {row.since}, {until}"


def why(code: str) -> str:
    """The documentation's reason for a finding, in a sentence."""
    check = find(code)
    return parts(check).get("Why", "") if check else ""


def explained(code: str) -> dict[str, str]:
    """The documentation of a code by heading, with the page it rests on; nothing for a code of another part."""
    check = find(code)
    return parts(check) | {"Source": page_of(check)} if check else {}
