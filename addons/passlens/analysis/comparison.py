"""Two recordings against each other: pairs their exchanges by operation, device and order, and tells what changed in
the meaning. Pure; ids, codes, times and addresses make no difference."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any, Final

from passlens.analysis.baseline import FindingKey, key_in_journey, key_of
from passlens.analysis.entry import Entry, FindingEntry, Journey
from passlens.analysis.fingerprint import normalize, place
from passlens.exchange.decoded import Decoded
from passlens.redaction.redactor import Redactor
from passlens.rest_v2.operations import FORM
from passlens.rest_v2.results import ItemResult
from passlens.rest_v2.wire import kind_of

DEEPEST: Final = 8
MAX_COUNT: Final = 500
"""Attributes of one exchange that are looked at."""

ALIGNED: Final = 1000
"""Exchanges of one operation and device that are aligned; longer rows are paired one by one."""

SINGLE: Final = ("status", "outcome", "error", "action", "results", "missing", "next")
"""What an exchange has one of."""

SEVERAL: Final = ("attributes", "findings")
"""What it has several of."""


@dataclass(frozen=True)
class ExchangeMeaning:
    """What an exchange says, free of what changes from run to run. ``device`` is a pseudonym or None."""

    index: int
    file: str
    operation: str
    where: str
    device: str | None
    single: tuple[tuple[str, str | None], ...]
    attributes: frozenset[str]
    findings: tuple[str, ...]

    @cached_property
    def signature(self) -> tuple[Any, ...]:
        """Equal for exchanges of one meaning."""
        return self.single, self.attributes, self.findings


@dataclass(frozen=True)
class Change:
    """One thing that changed: from ``old`` to ``new`` where there is one of it, else what was added and gone."""

    what: str
    old: str | None = None
    new: str | None = None
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two exchanges that belong together, or one without a partner."""

    old: ExchangeMeaning | None
    new: ExchangeMeaning | None
    changes: tuple[Change, ...] = field(default=())

    @property
    def alike(self) -> bool:
        """True if both mean the same."""
        return self.old is not None and self.new is not None and not self.changes


# ---- the meaning of one exchange


def meaning(ex: Decoded, entry: Entry) -> ExchangeMeaning:
    """The meaning of a judged exchange; texts are redacted."""
    action, device = entry["action"], entry["device"]
    told = None if action is None else (action["name"], action["type"], action["reason"])
    single = {
        "status": None if entry["status"] is None else str(entry["status"]),
        "outcome": entry["outcome"],
        "error": None if entry["error"] is None else normalize(entry["error"], entry["code"]),
        "action": None if told is None else " / ".join(value or "-" for value in told),
        "results": ", ".join(map(_result, entry["results"][:MAX_COUNT])) or None,
        "missing": _missing(ex, Redactor(ex)),
        "next": ", ".join(entry["next"]) or None,
    }
    return ExchangeMeaning(
        entry["index"],
        entry["file"] or "",
        entry["operation"],
        " ".join(filter(None, (entry["service_provider"], entry["partner"]))),
        device["identifier"] if device is not None else None,
        tuple((name, single[name]) for name in SINGLE),
        frozenset(_attributes(ex, entry["code"])),
        tuple(sorted(_finding(key_of(entry, finding), finding) for finding in entry["findings"])),
    )


def with_journey(last: ExchangeMeaning, journey: Journey) -> ExchangeMeaning:
    """The meaning of the last exchange of a journey, with what only the journey as a whole shows."""
    found = [_finding(key_in_journey(finding), finding) for finding in journey["findings"]]
    return replace(last, findings=tuple(sorted([*last.findings, *found])))


def _result(result: ItemResult) -> str:
    """What a result means, without what differs from run to run."""
    if result["kind"] == "profile":
        return f"profile {result['mvpd']} {result['type'] or ''}".rstrip()
    if result["kind"] == "decision":
        said = "no decision for" if result["authorized"] is None else "permit" if result["authorized"] else "deny"
        return f"{said} {result['resource'] or ''}".rstrip() + (f": {result['error']}" if result["error"] else "")
    if result["kind"] == "logout":
        return f"logout {result['mvpd']}: {result['action']}"
    return f"to {result['to']}" if result["kind"] == "navigation" else result["kind"]


def _finding(key: FindingKey, finding: FindingEntry) -> str:
    return f"{finding['severity']} {key.code} {key.at}" + (f" ({key.actual})" if key.actual else "")


def _missing(ex: Decoded, redactor: Redactor) -> str | None:
    """The parameters that an answer names as missing: the one list whose values are its meaning."""
    found = (ex.body or {}).get("missingParameters")
    if not isinstance(found, list):
        return None
    return ", ".join(sorted(redactor.text(item) for item in found[:MAX_COUNT] if isinstance(item, str))) or "none"


def _attributes(ex: Decoded, code: str | None) -> Iterator[str]:
    """Places of what was seen in request and answer, in the words of findings; of values only the JSON kind."""
    redactor = Redactor(ex)
    names = [f"header:{name}" for name in sorted({*map(str, ex.operation.headers)}) if ex.request.header(name)]
    if ex.operation.media_type == FORM:
        names += [f"form:{name}" for name in sorted(ex.form)[:MAX_COUNT]]
    for header, decoded in (("X-Device-Info", ex.device_info), ("AP-Partner-Framework-Status", ex.partner_status)):
        if decoded is not None:
            names += [f"header:{header}#{pointer}" for pointer in _pointers(decoded.shown)]
    names += [
        f"body#{pointer}" for pointer in _pointers(ex.response.json.value if ex.response and ex.response.json else None)
    ]
    for name in names[:MAX_COUNT]:
        yield place(redactor.text(name), code)


def _pointers(value: Any, pointer: str = "", depth: int = 0) -> list[str]:
    if isinstance(value, dict) and depth <= DEEPEST:
        steps = [(str(key), item) for key, item in list(value.items())[:MAX_COUNT]]
    elif isinstance(value, list) and depth <= DEEPEST:
        steps = [("*", item) for item in value[:MAX_COUNT]]
    else:
        return [f"{pointer} {kind_of(value)}"] if pointer else []
    found = [f"{pointer} {kind_of(value)}"] if pointer and not steps else []
    for step, item in steps:
        found += _pointers(item, f"{pointer}/{step}", depth + 1)
        if len(found) > MAX_COUNT:
            break
    return found


# ---- pairing


def compare(old: Sequence[ExchangeMeaning], new: Sequence[ExchangeMeaning]) -> list[Pair]:
    """All pairs, in the order of the newer recording; what only the older has stands after what stood before it."""
    devices = _same_devices(old, new)
    rows: dict[tuple[str | None, str], tuple[list[ExchangeMeaning], list[ExchangeMeaning]]] = {}
    for item in old:
        rows.setdefault((devices.get(item.device, item.device), item.operation), ([], []))[0].append(item)
    for item in new:
        rows.setdefault((item.device, item.operation), ([], []))[1].append(item)
    pairs = [pair for olds, news in rows.values() for pair in _aligned(olds, news)]
    return _in_order(pairs, old, new)


def _same_devices(old: Sequence[ExchangeMeaning], new: Sequence[ExchangeMeaning]) -> dict[str | None, str | None]:
    """Devices of the older recording by their place in the newer one: the same identifier, else in order."""
    before = list(dict.fromkeys(item.device for item in old if item.device is not None))
    after = list(dict.fromkeys(item.device for item in new if item.device is not None))
    left = [device for device in before if device not in set(after)]
    free = [device for device in after if device not in set(before)]
    return dict(zip(left, free, strict=False))


def _aligned(old: list[ExchangeMeaning], new: list[ExchangeMeaning]) -> Iterator[Pair]:
    """Pairs of one operation and device by order; where one side has more, alike ones find each other first."""
    if len(old) == len(new) or max(len(old), len(new)) > ALIGNED:
        yield from _by_order(old, new)
        return
    numbers: dict[tuple[Any, ...], int] = {}
    before, after = ([numbers.setdefault(item.signature, len(numbers)) for item in side] for side in (old, new))
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for _, i, upto_i, j, upto_j in matcher.get_opcodes():
        yield from _by_order(old[i:upto_i], new[j:upto_j])


def _by_order(old: Sequence[ExchangeMeaning], new: Sequence[ExchangeMeaning]) -> Iterator[Pair]:
    both = min(len(old), len(new))
    for before, after in zip(old[:both], new[:both], strict=True):
        yield Pair(before, after, tuple(_changes(before, after)))
    yield from (Pair(item, None) for item in old[both:])
    yield from (Pair(None, item) for item in new[both:])


def _in_order(pairs: list[Pair], old: Sequence[ExchangeMeaning], new: Sequence[ExchangeMeaning]) -> list[Pair]:
    places = {id(item): number for number, item in enumerate(new)}
    partner = {id(pair.old): places[id(pair.new)] for pair in pairs if pair.old and pair.new}
    last = -1
    for item in old:
        last = max(last, partner.get(id(item), -1))
        partner.setdefault(id(item), last)

    def rank(pair: Pair) -> tuple[int, int]:
        return (places[id(pair.new)], 0) if pair.new is not None else (partner[id(pair.old)], 1)

    return sorted(pairs, key=rank)


def _changes(old: ExchangeMeaning, new: ExchangeMeaning) -> Iterator[Change]:
    for (what, before), (_, after) in zip(old.single, new.single, strict=True):
        if before != after:
            yield Change(what, before, after)
    for what in SEVERAL:
        was, now = Counter(getattr(old, what)), Counter(getattr(new, what))
        if was != now:
            added, gone = (now - was).elements(), (was - now).elements()
            yield Change(what, added=tuple(sorted(added)), gone=tuple(sorted(gone)))
