"""JUnit XML, as Jenkins and GitLab read it: one suite for each recording, one test case for each exchange.
Errors are failures; warnings and notes stand in the case's output; what could not be read is an error."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final, NamedTuple

from passlens.analysis.entry import Entry, Expectation, FindingEntry, Journey, Unreadable
from passlens.reports.run import Run, RunItem
from passlens.reports.summary_text import expectation_text, journey_text, strangers
from passlens.reports.text import block
from passlens.util.text import escape_controls, parse_time, plural

_NAME: Final = 200
"""Characters of a name; CI shows it in one line."""

# What safe() leaves and XML 1.0 does not allow.
_NOT_XML: Final = re.compile("[\ufffe\uffff]")
_ESCAPES: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;"}


def clean(text: str) -> str:
    """Text from traffic as one line of XML text or attribute.

    >>> clean('a<b & "c"')
    'a&lt;b &amp; &quot;c&quot;'
    """
    return _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", escape_controls(text)).translate(_ESCAPES)


def junit(run: Run) -> Iterator[str]:
    """The document, piece by piece. A suite's counts stand before its cases, so the run is gone through twice."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="passlens">\n'
    suites = [_start(file, items) for file, items in _suites(run)]
    for start, (file, items) in zip(suites, _suites(run), strict=True):
        yield start
        names: Counter[str] = Counter()
        for kind, value in items:
            yield _in_suite(file, _case(kind, value), names)
        yield " </testsuite>\n"
    if lines := strangers(run.summary):
        yield (
            ' <testsuite name="not checked" tests="0" failures="0" errors="0" skipped="0" time="0.000">\n'
            f"  <system-out>{_lines(chr(10).join(lines))}</system-out>\n </testsuite>\n"
        )
    yield "</testsuites>\n"


SuiteItems = Iterable[tuple[RunItem, Any]]


def _suites(run: Run) -> Iterator[tuple[str, SuiteItems]]:
    """What there is of one recording after the other."""
    return groupby(run.items("exchange", "journey", "expectation", "unreadable"), key=_suite_of)


def _suite_of(item: tuple[RunItem, Any]) -> str:
    kind, value = item
    return value["file"] or ("expectations" if kind == "expectation" else "input")


def _start(file: str, items: SuiteItems) -> str:
    """The start tag of a suite, with its counts."""
    tests = failures = errors = skipped = 0
    seconds, started = 0.0, None
    for kind, value in items:
        tests += 1
        if kind == "expectation":
            failures += value["verdict"] == "not-met"
            skipped += value["verdict"] not in ("met", "not-met")
        elif kind == "unreadable":
            errors += 1
        else:
            failures += bool(_errors(value))
        if kind == "exchange":
            seconds += (value["duration_ms"] or 0) / 1000
            started = started or value["started"]
    at = parse_time(started)
    stamp = f' timestamp="{at:%Y-%m-%dT%H:%M:%S}"' if at else ""
    return (
        f' <testsuite name="{clean(file)}" tests="{tests}" failures="{failures}" '
        f'errors="{errors}" skipped="{skipped}" time="{seconds:.3f}"{stamp}>\n'
    )


class _Case(NamedTuple):
    kind: str
    name: str
    milliseconds: float | None
    inner: str


def _in_suite(file: str, case: _Case, names: Counter[str]) -> str:
    """One test case. The class name starts with the whole path, so that two files of one name stay apart.

    Cases of one name are numbered, so that one more exchange of another kind renames none.
    """
    name = case.name[:_NAME]
    names[name] += 1
    if names[name] > 1:
        name = f"{name} ({names[name]})"
    time = "" if case.milliseconds is None else f' time="{case.milliseconds / 1000:.4f}"'
    return (
        f'  <testcase classname="{clean(file)}.{clean(case.kind)}" name="{clean(name)}"{time}>\n'
        f"{case.inner}  </testcase>\n"
    )


def _case(kind: RunItem, value: Any) -> _Case:
    match kind:
        case "exchange":
            return _exchange(value)
        case "journey":
            return _journey(value)
        case "expectation":
            return _expectation(value)
        case "unreadable":
            return _unreadable(value)


def _exchange(entry: Entry) -> _Case:
    where = " ".join(filter(None, (entry["service_provider"], entry["partner"])))
    output = f"   <system-out>{_lines(block(entry, named=True))}</system-out>\n"
    name = f"{entry['operation']} {where}".rstrip()
    return _Case(entry["operation"], name, entry["duration_ms"], _failure(_errors(entry)) + output)


def _journey(journey: Journey) -> _Case:
    """A journey that failed, or whose code ran out, is for the exchanges to fault, but for what an absence shows."""
    where = f" {journey['service_provider']}" if journey["service_provider"] else ""
    output = f"   <system-out>{_lines(journey_text(journey))}</system-out>\n"
    return _Case("journey", f"journey{where}", None, _failure(_errors(journey)) + output)


def _expectation(expectation: Expectation) -> _Case:
    """An expectation that was not decided is skipped."""
    why = clean(expectation_text(expectation))
    inner = f"   <system-out>{clean(expectation['say']) or why}</system-out>\n"
    if expectation["verdict"] == "not-met":
        inner = f'   <failure message="{why}" type="PL690">{why}</failure>\n{inner}'
    elif expectation["verdict"] != "met":
        inner = f'   <skipped message="{why}"/>\n{inner}'
    return _Case("expectation", f"{expectation['scenario']}: {expectation['name']}", None, inner)


def _unreadable(part: Unreadable) -> _Case:
    words = clean(part["message"])
    inner = f'   <error message="{words}" type="unreadable">{words}</error>\n'
    return _Case("unreadable", "recording" if part["index"] is None else "flow", None, inner)


def _errors(value: Entry | Journey) -> list[FindingEntry]:
    return [finding for finding in value["findings"] if finding["severity"] == "error"]


def _failure(errors: list[FindingEntry]) -> str:
    """All errors of an exchange as one failure, nothing without any: CI shows the first failure of a case only."""
    if not errors:
        return ""
    first = errors[0]
    more = f" (and {plural(len(errors) - 1, 'more error')})" if len(errors) > 1 else ""
    message = clean(f"{first['code']} {first['name']}: {first['message']}{more}")
    text = "\n".join(
        f"{finding['code']} {finding['name']} at {escape_controls(finding['at'])}\n"
        f"{escape_controls(finding['message'])}\n"
        f"Source: {escape_controls(finding['source'])}"
        for finding in errors
    )
    return f'   <failure message="{message}" type="{clean(first["code"])}">{_lines(text)}</failure>\n'


def _lines(text: str) -> str:
    """Several lines of text; each is made clean, the breaks stay."""
    return "\n".join(clean(line) for line in text.split("\n"))
