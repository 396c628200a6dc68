"""The report for people: the blocks read as they should, and hold to the width and to what is safe to print."""

import io
import time

import pytest

import forge
from cases import as_exchange, case, cases
from passlens.analysis.analyzer import analyze
from passlens.analysis.summary import RunSummary
from passlens.exchange.injection import Action, Injection
from passlens.reports.entry_text import result_lines
from passlens.reports.summary_text import summary_text
from passlens.reports.text import TextReport, block
from support.examples import answered, exchange

FALLBACK = """\
03:04:05.000Z  partner-session  DEMOTV Apple  200  41 ms
  answer    P3  authenticate / interactive / pfs_fallback  code HFL7S0D  mvpd HarbourCable
  device    SetTopBox, AppleTV, tvOS 18.5, WiFi  sha256:322ba698e8ae
  partner   access denied, no provider
  why       AP-Partner-Framework-Status says denied: the user refused access."""


def shown(name: str, **options: object) -> str:
    return block(analyze(as_exchange(case(name))), **options)  # type: ignore[arg-type]


def test_a_fallback_reads_from_the_answer_to_what_comes_next() -> None:
    text = shown("P3")
    assert text.startswith(FALLBACK)
    assert "\n  next      authenticate, then retrieve-profile-code" in text


def test_a_finding_names_severity_code_and_place() -> None:
    made = case("P3").with_header("X-Device-Info", forge.device_info(version=None))
    text = block(analyze(as_exchange(made)))
    assert "\n  warning   PL230 header:X-Device-Info#/version\n            The required key version" in text


@pytest.mark.parametrize("made", cases(), ids=lambda made: made.name)
def test_every_case_has_a_head_and_rows_below_it(made: object) -> None:
    entry = analyze(as_exchange(made))  # type: ignore[arg-type]
    lines = block(entry).splitlines()
    assert entry["operation"] in lines[0]
    assert str(entry["status"]) in lines[0]
    assert len([line for line in lines if line.startswith("  result ")]) == len(result_lines(entry))
    assert all(line.startswith("  ") for line in lines[1:])


def test_an_exchange_without_answer_and_time_says_so() -> None:
    exchange = as_exchange(case("C1"))
    exchange.response, exchange.started, exchange.duration_ms = None, None, None
    text = block(analyze(exchange))
    assert text.startswith("--:--:--  create-session  DEMOTV  no answer\n")
    assert "\n  note      PL906 status\n            There is no answer: the recording holds none" in text


def test_an_answer_in_no_row_says_so() -> None:
    text = block(analyze(as_exchange(case("C1").with_answer(actionName="dance"))))
    assert "\n  answer    not in the truth table  dance / interactive / none" in text


def test_an_injected_answer_names_its_rule() -> None:
    exchange = as_exchange(case("P3"))
    exchange.injection = Injection("pfs-fallback", "first", (Action("outcome"),))
    assert "\n  injected  pfs-fallback/first  (outcome)\n" in block(analyze(exchange))


@pytest.mark.parametrize("width", [40, 60, 80])
def test_lines_hold_to_the_width_and_lose_nothing(width: int) -> None:
    for made in cases():
        plain, folded = shown(made.name), shown(made.name, width=width)
        assert "".join(plain.split()) == "".join(folded.split())
        assert [line for line in folded.splitlines()[1:] if len(line) > width] == []
        assert shown(made.name, width=width, colour=True).count("\n") == folded.count("\n")
    assert shown("P3", width=39) == shown("P3")


def test_file_and_flow_are_told_where_that_is_asked_for() -> None:
    assert shown("P3", named=True).splitlines()[1] == "  flow      0 of input"
    assert "flow " not in shown("P3")


@pytest.mark.parametrize(
    ("zone", "words"),
    [("UTC", "03:04:05.000Z"), ("IST-5:30", "08:34:05.000+05:30"), ("EST5", "22:04:05.000-05:00")],
)
def test_live_times_are_local_with_the_zone_and_recorded_ones_are_utc(
    zone: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert shown("P3", live=True).startswith(f"{words}  partner-session")
        assert shown("P3").startswith("03:04:05.000Z  partner-session")
    finally:
        monkeypatch.undo()
        time.tzset()


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
    text = block(analyze(as_exchange(made), reveal=True))
    assert all(char == "\n" or char.isprintable() for char in text)
    text.encode("utf-8")


def test_the_report_writes_blocks_troubles_and_the_summary() -> None:
    out = io.StringIO()
    report, summary = TextReport(out), RunSummary()
    entry = analyze(as_exchange(case("C1")))
    summary.add(entry)
    report.entry(entry)
    report.read_error("a\x1b.mitm", 3, "flow 3 is damaged")
    report.close(summary)
    assert out.getvalue() == (
        f"{block(entry)}\n\nunreadable  a\\x1b.mitm: flow 3 is damaged\n\n{summary_text(summary)}\n"
    )


def test_a_denial_is_not_green_and_is_told_with_its_reason() -> None:
    error = {"code": "authorization_denied_by_mvpd"}
    denied = {"resource": "news", "authorized": False, "source": "mvpd", "error": error}
    entry = analyze(answered(exchange("authorize"), {"decisions": [denied, denied | {"authorized": True}]}))
    plain = block(entry)
    assert "\n  result    deny news: authorization_denied_by_mvpd\n  result    permit news" in plain
    coloured = block(entry, colour=True)
    assert "\x1b[33m200\x1b[0m" in coloured
    assert "\x1b[33mdeny news: authorization_denied_by_mvpd\x1b[0m" in coloured
    assert "\x1b[32mpermit news\x1b[0m" in coloured


def test_repeated_polls_are_one_block_with_a_count() -> None:
    out = io.StringIO()
    report, summary = TextReport(out), RunSummary()
    poll = analyze(as_exchange(case("retrieve-profile-code")))
    polls = [poll | {"started": f"2026-01-02T03:04:{5 * n:02}.000Z", "file": "a.mitm"} for n in range(4)]
    for one in polls:
        report.entry(one)  # type: ignore[arg-type]
    report.entry(polls[0] | {"status": 500})  # type: ignore[arg-type]
    for one in polls[:2]:
        report.entry(one | {"file": "b.mitm"})  # type: ignore[arg-type]
    report.close(summary)
    heads = [line for line in out.getvalue().splitlines() if "retrieve-profile-code" in line]
    named = f"{poll['service_provider']} {poll['code']}"
    assert [" ".join(line.split()) for line in heads if " times, " in line] == [
        f"03:04:15.000Z retrieve-profile-code 4 times, every 5 s 200 {named} {poll['mvpd']}",
        f"03:04:05.000Z retrieve-profile-code 2 times, every 5 s 200 {named} {poll['mvpd']}",
    ]
    assert len(heads) == 5
