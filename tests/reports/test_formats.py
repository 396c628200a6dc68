"""The table of formats: each row makes a report that takes entries, troubles and the end."""

import io

import pytest

from cases import as_exchange, case
from passlens.reports.formats import FORMATS, SUMMARY, maker
from passlens.reports.tally import Tally
from passlens.verdict import judge


@pytest.mark.parametrize("form", [*FORMATS, SUMMARY])
def test_every_format_writes_text_that_utf8_can_hold(form: str) -> None:
    out, tally = io.StringIO(), Tally()
    report = maker(form)(out)
    entry = judge(as_exchange(case("P3")))
    tally.add(entry)
    report.entry(entry)
    report.trouble("a\udcff\x1b\x00.mitm", 3, "flow 3 is damaged \ufffe")
    report.close(tally)
    text = out.getvalue()
    text.encode("utf-8")
    assert text.endswith("\n")
    assert "\x1b" not in text


@pytest.mark.parametrize("form", FORMATS)
def test_the_names_are_told_apart_from_the_summary(form: str) -> None:
    assert form != SUMMARY
    assert maker(form) is not maker(SUMMARY)
