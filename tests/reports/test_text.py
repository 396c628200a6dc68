"""The report for people: the blocks read as they should, and hold to the width and to what is safe to print."""

import io

import pytest

import forge
from cases import as_exchange, case, cases
from passlens.reports.tally import Tally
from passlens.reports.text import SummaryReport, TextReport, block, summary
from passlens.spec.operations import CORE
from passlens.verdict import judge

FALLBACK = """\
03:04:05.000Z  partner-session  DEMOTV Apple  200  41 ms
  answer    P3  authenticate / interactive / pfs_fallback  code HFL7S0D  mvpd HarbourCable
  device    SetTopBox, AppleTV, tvOS 18.5, WiFi  sha256:322ba698e8ae
  partner   access denied, no provider
  why       AP-Partner-Framework-Status says denied: the user refused access."""


def shown(name: str, **options: object) -> str:
    return block(judge(as_exchange(case(name))), **options)  # type: ignore[arg-type]


def test_a_fallback_reads_from_the_answer_to_what_comes_next() -> None:
    text = shown("P3")
    assert text.startswith(FALLBACK)
    assert "\n  next      authenticate, then retrieve-profile-code" in text


def test_a_finding_names_severity_code_and_place() -> None:
    made = case("P3").with_header("X-Device-Info", forge.device_info(version=None))
    text = block(judge(as_exchange(made)))
    assert "\n  warning   PL230 header:X-Device-Info#/version\n            The required key version" in text


@pytest.mark.parametrize("made", cases(), ids=lambda made: made.name)
def test_every_case_has_a_head_and_other_operations_one_line(made: object) -> None:
    entry = judge(as_exchange(made))  # type: ignore[arg-type]
    lines = block(entry).splitlines()
    assert entry["operation"] in lines[0]
    assert str(entry["status"]) in lines[0]
    if entry["operation"] not in CORE and not entry["findings"] and not entry["diagnosis"]:
        assert len(lines) == 1
    assert all(line.startswith("  ") for line in lines[1:])


def test_an_exchange_without_answer_and_time_says_so() -> None:
    exchange = as_exchange(case("C1"))
    exchange.answer, exchange.started, exchange.duration_ms = None, None, None
    text = block(judge(exchange))
    assert text.startswith("--:--:--  create-session  DEMOTV  no answer\n")
    assert "\n  note      PL906 status\n            There is no answer: the recording holds none" in text


def test_an_answer_in_no_row_says_so() -> None:
    text = block(judge(as_exchange(case("C1").with_answer(actionName="dance"))))
    assert "\n  answer    not in the truth table  dance / interactive / none" in text


def test_an_injected_answer_names_its_rule() -> None:
    exchange = as_exchange(case("P3"))
    exchange.injected = {"scenario": "pfs-fallback", "rule": "first", "how": "outcome"}
    assert "\n  injected  pfs-fallback/first  (outcome)\n" in block(judge(exchange))


def test_lines_hold_to_the_width_and_lose_no_word() -> None:
    for made in cases():
        plain, wrapped = shown(made.name), shown(made.name, width=60)
        assert plain.split() == wrapped.split()
        long = [line for line in wrapped.splitlines()[1:] if len(line) > 60 and " " in line.strip()]
        assert all(line.startswith(("  error", "  warning", "  note")) for line in long)
    assert shown("P3", width=20) == shown("P3")


def test_colours_change_nothing_but_colours() -> None:
    import re

    for name in ("C1", "P3", "throttled-create-session"):
        painted = shown(name, colour=True)
        assert "\x1b[" in painted
        assert re.sub(r"\x1b\[\d+m", "", painted) == shown(name)


def test_nothing_from_traffic_reaches_the_terminal_raw() -> None:
    evil = "\x1b]0;x\x07\u202e\udcff\x9b"
    made = case("P3").with_header("X-Device-Info", forge.device_info(**{"model": evil, evil: "x"}))
    made = made.with_header("AP-Partner-Framework-Status", forge.partner_status(access=evil, provider=evil))
    made = made.with_answer(reasonType=evil, mvpd=evil, code=evil).named(
        "x", path=f"/api/v2/{evil}/sessions/sso/{evil}"
    )
    text = block(judge(as_exchange(made), reveal=True))
    assert all(char == "\n" or char.isprintable() for char in text)
    text.encode("utf-8")


def test_the_summary_counts_operations_outcomes_and_codes() -> None:
    tally = Tally()
    for name in ("C1", "C1", "P3", "logout"):
        tally.add(judge(as_exchange(case(name))))
    tally.other_flows, tally.unreadable = 1, 2
    lines = summary(tally).splitlines()
    assert lines[0].startswith("4 exchanges, 1 other flow, 2 unreadable parts: ")
    assert "  create-session          C1 2" in lines
    assert "  partner-session         P3 1" in lines
    assert "\x1b" not in summary(tally)
    assert "\x1b" in summary(tally, colour=True)


def test_an_empty_run_has_a_summary_of_one_line() -> None:
    assert summary(Tally()) == "0 exchanges: 0 errors, 0 warnings, 0 notes"


def test_the_report_writes_blocks_troubles_and_the_summary() -> None:
    out = io.StringIO()
    report, tally = TextReport(out), Tally()
    entry = judge(as_exchange(case("C1")))
    tally.add(entry)
    report.entry(entry)
    report.trouble("a\x1b.mitm", 3, "flow 3 is damaged")
    report.close(tally)
    assert out.getvalue() == (f"{block(entry)}\n\nunreadable  a\\x1b.mitm: flow 3 is damaged\n\n{summary(tally)}\n")


def test_the_summary_alone_has_no_blocks_and_says_when_it_is_partial() -> None:
    out = io.StringIO()
    report, tally = SummaryReport(out), Tally()
    entry = judge(as_exchange(case("C1")))
    tally.add(entry)
    tally.partial = True
    report.entry(entry)
    report.trouble("tv.mitm", 3, "flow 3 is damaged")
    report.close(tally)
    assert out.getvalue() == f"{summary(tally)}\n"
    assert "\n  partial: the check was stopped before the end of its input\n" in out.getvalue()
