"""JUnit XML, as Jenkins and GitLab read it: one suite for each recording, one test case for each exchange.
A suite's counts stand before its cases, so the cases of one recording wait in a temporary file."""

import re
import tempfile
from typing import Any, Final, TextIO

from passlens.reports.tally import Tally
from passlens.reports.text import block
from passlens.reports.words import moment, plural, safe
from passlens.verdict import Entry

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
    return _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", safe(text)).translate(_ESCAPES)


class JunitReport:
    """Errors are failures; warnings and notes stand in the case's output; what could not be read is an error."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._suite: _Suite | None = None
        out.write('<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="passlens">\n')

    def entry(self, entry: Entry) -> None:
        """One judged exchange."""
        suite = self._suite_of(entry["file"] or "input")
        suite.started = suite.started or entry["started"]
        suite.seconds += (entry["duration_ms"] or 0) / 1000
        where = " ".join(entry[key] for key in ("service_provider", "partner") if entry[key])
        name = f"{entry['index']} {entry['operation']} {where}".rstrip()
        errors = [finding for finding in entry["findings"] if finding["severity"] == "error"]
        failure = _failure(errors) if errors else ""
        output = _lines(block(entry))
        suite.failures += bool(errors)
        suite.case(entry["operation"], name, entry["duration_ms"], f"{failure}   <system-out>{output}</system-out>\n")

    def trouble(self, file: str, index: int | None, message: str) -> None:
        """One part of the input that could not be read."""
        suite = self._suite_of(file)
        suite.errors += 1
        name = "recording" if index is None else f"{index} flow"
        words = clean(message)
        suite.case("unreadable", name, None, f'   <error message="{words}" type="unreadable">{words}</error>\n')

    def close(self, tally: Tally) -> None:
        """The end of the input."""
        self._end_suite()
        self._out.write("</testsuites>\n")

    def _suite_of(self, file: str) -> "_Suite":
        if self._suite is None or self._suite.file != file:
            self._end_suite()
            self._suite = _Suite(file)
        return self._suite

    def _end_suite(self) -> None:
        if self._suite is not None:
            self._suite.write(self._out)
            self._suite = None


class _Suite:
    """The cases of one recording, kept on disk until their number is known."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.failures = self.errors = self._tests = 0
        self.seconds = 0.0
        self.started: str | None = None
        self._cases = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115  closed by write

    def case(self, kind: str, name: str, milliseconds: float | None, inner: str) -> None:
        """One test case. The class name starts with the whole path, so that two files of one name stay apart."""
        self._tests += 1
        time = "" if milliseconds is None else f' time="{milliseconds / 1000:.4f}"'
        self._cases.write(
            f'  <testcase classname="{clean(self.file)}.{clean(kind)}" name="{clean(name[:_NAME])}"{time}>\n'
            f"{inner}  </testcase>\n"
        )

    def write(self, out: TextIO) -> None:
        """The suite with its counts."""
        at = moment(self.started)
        started = f' timestamp="{at:%Y-%m-%dT%H:%M:%S}"' if at else ""
        out.write(
            f' <testsuite name="{clean(self.file)}" tests="{self._tests}" failures="{self.failures}" '
            f'errors="{self.errors}" skipped="0" time="{self.seconds:.3f}"{started}>\n'
        )
        with self._cases:
            self._cases.seek(0)
            while piece := self._cases.read(1 << 16):
                out.write(piece)
        out.write(" </testsuite>\n")


def _failure(errors: list[dict[str, Any]]) -> str:
    """All errors of an exchange as one failure: CI shows the first failure of a case only."""
    first = errors[0]
    more = f" (and {plural(len(errors) - 1, 'more error')})" if len(errors) > 1 else ""
    message = clean(f"{first['code']} {first['name']}: {first['message']}{more}")
    text = "\n".join(
        f"{finding['code']} {finding['name']} at {safe(finding['at'])}\n{safe(finding['message'])}\n"
        f"Source: {safe(finding['source'])}"
        for finding in errors
    )
    return f'   <failure message="{message}" type="{clean(first["code"])}">{_lines(text)}</failure>\n'


def _lines(text: str) -> str:
    """Several lines of text; each is made clean, the breaks stay."""
    return "\n".join(clean(line) for line in text.split("\n"))
