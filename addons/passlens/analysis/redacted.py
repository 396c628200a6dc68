"""The one pass that makes an entry fit to be shown: it is built raw, and the policy table (``policy.ENTRY``) says what
becomes of each member."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from passlens.analysis.entry import Entry, FindingEntry
from passlens.checks.finding import Finding
from passlens.redaction.policy import DEVICE_INFO_NAMES, ENTRY, STATUS_NAMES, is_secret_name
from passlens.redaction.redactor import Redactor, is_word

_SENTENCE_END: Final = re.compile(r"(?<=[.?]) ")

_VIEWS: Final = {"device info": DEVICE_INFO_NAMES, "partner status": STATUS_NAMES}


def redacted(raw: Entry, redactor: Redactor) -> Entry:
    """An entry with everything hidden that may not be shown."""
    redactor.search(dict.fromkeys(_texts(raw, "entry")))
    return cast(Entry, _object(raw, "entry", redactor))


def raw_finding(finding: Finding) -> FindingEntry:
    """A finding as a member of a raw entry; its sentence still has its placeholders."""
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "side": finding.side,
        "at": finding.at,
        "message": finding.message,
        "expected": finding.expected,
        "actual": finding.actual,
        "basis": finding.basis,
        "source": finding.source,
        "related": list(finding.related),
    }


def shown_finding(finding: Finding, redactor: Redactor) -> FindingEntry:
    """A finding that comes after its entry was made: redacted, its values filled in."""
    return cast(FindingEntry, _object(raw_finding(finding), "findings", redactor))


def _texts(value: Mapping[str, Any], holder: str) -> Iterator[str]:
    """The texts of an object that are shown after a search."""
    rows = ENTRY[holder]
    for name, item in value.items():
        kind = rows.get(name)
        if item is None or kind == "plain":
            continue
        if kind == "text" or kind == "host":
            if not is_word(item):
                yield item
        elif kind == "target":
            yield _bare(item)
        elif kind == "sentences":
            yield from _SENTENCE_END.split(item)
        elif kind == "nested":
            for one in item if isinstance(item, list) else (item,):
                yield from _texts(one, name)
        elif kind in _VIEWS:
            yield from _known(item, _VIEWS[kind])


def _known(value: Mapping[str, Any], names: frozenset[str]) -> Iterator[str]:
    """The texts of a decoded header that stand in members of these names."""
    for name, item in value.items():
        if name not in names or is_secret_name(name):
            continue
        if isinstance(item, dict):
            yield from _known(item, names)
        elif isinstance(item, str) and not is_word(item):
            yield item


def _object(value: Mapping[str, Any], holder: str, redactor: Redactor) -> dict[str, Any]:
    rows = ENTRY[holder]
    shown = {
        name: item if item is None or rows.get(name) == "plain" else _member(item, name, rows.get(name), redactor)
        for name, item in value.items()
    }
    if holder == "findings":  # values never stand in the sentence itself, so that they are redacted as a whole
        message: str = shown["message"]
        shown["message"] = message.replace("{expected}", shown["expected"]).replace("{actual}", shown["actual"])
    return shown


def _member(item: Any, name: str, kind: str | None, redactor: Redactor) -> Any:
    if kind == "text":
        return redactor.text(item)
    if kind == "nested":
        return (
            [_object(one, name, redactor) for one in item] if isinstance(item, list) else _object(item, name, redactor)
        )
    if kind == "host":
        return redactor.host(item)
    if kind == "target":
        return redactor.path(item)
    if kind == "sentences":  # each is kept to a length that can be shown, and none is lost
        return " ".join(map(redactor.text, _SENTENCE_END.split(item)))
    if kind == "device info":
        return redactor.device_info(item)
    if kind == "partner status":
        return redactor.partner_status(item)
    return redactor.secret(item) if isinstance(item, str) else "…"


def _bare(target: str) -> str:
    return target.partition("?")[0].partition("#")[0]
