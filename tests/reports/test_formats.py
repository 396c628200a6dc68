"""The table of formats: each row makes a report that takes entries, troubles and the end."""

import io

import pytest

from cases import as_exchange, case
from passlens.analysis.analyzer import analyze
from passlens.analysis.summary import RunSummary
from passlens.reports.formats import FORMATS, SUMMARY, maker, words_of


@pytest.mark.parametrize("form", [*FORMATS, SUMMARY])
def test_every_format_writes_text_that_utf8_can_hold(form: str) -> None:
    out, summary = io.StringIO(), RunSummary()
    report = maker(form)(out)
    entry = analyze(as_exchange(case("P3")))
    summary.add(entry)
    report.entry(entry)
    report.read_error("a\udcff\x1b\x00.mitm", 3, "flow 3 is damaged \ufffe")
    report.close(summary)
    text = out.getvalue()
    text.encode("utf-8")
    assert text.endswith("\n")
    assert "\x1b" not in text


@pytest.mark.parametrize("form", FORMATS)
def test_the_names_are_told_apart_from_the_summary(form: str) -> None:
    assert form != SUMMARY
    assert maker(form) is not maker(SUMMARY)


@pytest.mark.parametrize("form", [*FORMATS, SUMMARY])
def test_where_an_entry_has_words_of_its_own_the_report_is_made_of_them(form: str) -> None:
    words = words_of(form, io.StringIO())
    assert (words is not None) == (form in ("text", "jsonl"))
    if words is not None:
        out = io.StringIO()
        report = maker(form)(out)
        entries = [analyze(as_exchange(case(name))) for name in ("P3", "C2", "P3")]
        for entry in entries:
            report.entry(entry)
        assert out.getvalue() == "".join(map(words, entries)) + words.rest()


def test_colours_and_widths_are_known_to_the_output_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert words_of("text", io.StringIO()) is None
    assert words_of("jsonl", io.StringIO()) is not None
