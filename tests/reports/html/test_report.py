"""The HTML report in a real headless Chromium: whole without a network, filters work, hostile texts do nothing.
Also how it stays small whatever the recording's length."""

import io
import os
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

import cases
import forge
from passlens import check
from passlens.analysis.analyzer import analyze
from passlens.analysis.entry import Entry
from passlens.analysis.messages import messages
from passlens.analysis.summary import RunSummary
from passlens.reports.html.page import Collected
from passlens.reports.html.report import collect, html
from passlens.reports.jsonl import plain
from passlens.reports.run import Run, RunReport
from passlens.runner.analyze import analyzed
from passlens.runner.settings import CheckSettings
from support.chromium import MISSING, Chromium, installed

RECORDINGS = Path(__file__).parents[2] / "recordings"
WITH_CHROMIUM = pytest.mark.skipif(installed() is None, reason=MISSING)


def report(entries: list[Entry], **limits: int) -> str:
    out, summary = io.StringIO(), RunSummary()
    made = RunReport(out, partial(html, **limits))
    for entry in entries:
        summary.add(entry)
        made.entry(entry)
    made.close(summary)
    return out.getvalue()


def entries_of(name: str, scenario: str = "") -> list[Entry]:
    settings = CheckSettings("html", scenario=scenario)
    return [item for item in analyzed([str(RECORDINGS / f"{name}.mitm")], settings) if isinstance(item, dict)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as running:
        yield running


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("html") / "report.html"
    path.write_text(report(entries_of("apple-tv")), encoding="ascii")
    return path.as_uri()


@WITH_CHROMIUM
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_opens_without_a_complaint_or_a_request_and_fits(
    browser: Chromium, page: str, width: int, dark: bool
) -> None:
    browser.open(page, width=width, dark=dark)
    assert browser.said == []
    assert [address for address in browser.loaded if not address.startswith(("file:", "data:", "about:"))] == []
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    assert "1 error" in browser.run("document.querySelector('h1').textContent")
    assert browser.run("document.querySelectorAll('li.step').length") == 13


@WITH_CHROMIUM
def test_dark_and_light_differ(browser: Chromium, page: str) -> None:
    colours = []
    for dark in (False, True):
        browser.open(page, dark=dark)
        colours.append(browser.run("getComputedStyle(document.body).backgroundColor"))
    assert colours[0] != colours[1]


@WITH_CHROMIUM
def test_filters_hide_and_show(browser: Chromium, page: str) -> None:
    browser.open(page)
    shown = "document.querySelectorAll('li.step:not([hidden])').length"
    tick = "const box = document.querySelector(`[value=${name}]`); box.click();"
    for name in ("none", "note", "warning"):
        browser.run(f"{{ const name = '{name}'; {tick} }}")
    assert browser.run(shown) == 1
    assert browser.run("document.getElementById('shown').textContent") == "1 of 13 exchanges shown"
    browser.run("document.querySelector('#filters button[type=reset]').click()")
    browser.run("new Promise(done => setTimeout(done, 50))")  # a reset takes effect after its event
    assert browser.run(shown) == 13
    choose = "const one = document.querySelector('[name=operation]'); one.value = 'partner-session';"
    browser.run(f"{{ {choose} one.dispatchEvent(new Event('change', {{bubbles: true}})); }}")
    assert browser.run(shown) == 2


@WITH_CHROMIUM
def test_it_is_whole_without_script(browser: Chromium, page: str) -> None:
    browser.open(page, script=False)
    text = browser.run("document.body.innerText") or ""
    assert "The journey of each device" in text


@WITH_CHROMIUM
def test_it_prints(browser: Chromium, page: str, tmp_path: Path) -> None:
    browser.open(page)
    browser.print(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


@WITH_CHROMIUM
def test_hostile_texts_do_nothing(browser: Chromium, tmp_path: Path) -> None:
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>\u202e\u0000"
    entry = analyze(cases.as_exchange(cases.case("P3", forge.CLOCK), forge.CLOCK))
    for name in ("service_provider", "code", "mvpd", "path", "host", "diagnosis", "file", "method"):
        entry[name] = hostile
    entry["device"] = {"info": {"model": hostile, hostile: hostile}, "identifier": hostile, "key": hostile}
    entry["findings"] = [finding | {"message": hostile, "at": hostile} for finding in entry["findings"]]
    entry["dry_run"] = dict.fromkeys(("scenario", "rule", "action", "explanation"), hostile)
    body = {"kind": "text", "text": f"{hostile}\n{hostile}", "more": 1, "problem": hostile}
    form = {"kind": "form", "rows": [[hostile, hostile]], "more": 1}
    said = [
        {"headers": [[hostile, hostile, {hostile: hostile}]], "more_headers": 1, "body": one} for one in (form, body)
    ]
    entry["messages"] = {"request": said[0], "response": said[1], "failure": hostile}
    path = tmp_path / "hostile.html"
    path.write_text(report([entry]), encoding="ascii")
    browser.open(path.as_uri())
    assert browser.said == []
    assert browser.run("document.querySelectorAll('img, script[src], iframe, object').length") == 0
    assert browser.run(
        "[...document.querySelectorAll('*')].every(one => ![...one.attributes].some(at => at.name.startsWith('on')))"
    )


def test_the_picture_has_a_name_for_those_who_do_not_see_it() -> None:
    made = report(entries_of("apple-tv"))
    assert "<svg" in made
    assert 'role="img"' in made or "aria-label" in made
    assert '<html lang="en">' in made


@pytest.mark.parametrize("name", ["current", "errors", "revisions"])
def test_every_recording_makes_a_page(name: str) -> None:
    made = report(entries_of(name))
    assert made.isascii()
    assert made.rstrip().endswith("</html>")


@WITH_CHROMIUM
def test_headers_and_bodies_open_on_demand_and_are_printed_only_then(browser: Chromium, page: str) -> None:
    browser.open(page, width=360)
    browser.run("{ document.getElementById('x3').open = true; }")
    seen = "document.querySelectorAll('#x3 .message')[1].querySelector('pre').checkVisibility()"
    assert browser.run("document.querySelectorAll('#x3 .message').length") == 2
    assert not browser.run(seen)
    browser.call("Emulation.setEmulatedMedia", media="print")
    browser.run("{ dispatchEvent(new Event('beforeprint')); }")
    assert browser.run("[...document.querySelectorAll('details.message')].every(one => !one.open)")
    browser.run("{ document.querySelectorAll('#x3 .message').forEach(one => one.open = true); }")
    assert browser.run(seen)
    assert '"actionName": "authenticate",\n' in browser.run("document.querySelector('#x3 pre').textContent")
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")


def test_headers_and_bodies_are_part_of_the_page() -> None:
    made = report(entries_of("apple-tv"))
    assert "<dt>authorization</dt><dd>Bearer sha256:" in made
    assert "<dt>domainName</dt><dd>demotv.example</dd>" in made
    assert "&#34;reasonType&#34;: &#34;pfs_fallback&#34;,\n" in made
    assert "Not shown: text/html, " in made
    entry = analyze(cases.as_exchange(cases.case("P3", forge.CLOCK), forge.CLOCK))
    assert "Decoded headers" in report([entry])
    assert "<pre" not in report([entry])
    assert "a fault of passlens, report it" in report([entry | {"messages": {"fault": "ValueError in x.py, line 1"}}])


def test_a_dry_run_says_for_each_exchange_what_the_rules_would_have_done() -> None:
    made = report(entries_of("apple-tv", "code-expired"))
    assert '<span class="tag">rule over</span>' in made
    assert "<b>Dry run of <code>code-expired</code>:</b> outcome invalid_authentication_session;" in made
    assert "<b>Dry run of <code>code-expired</code>:</b> nothing;" in made
    assert "Dry run" not in report(entries_of("apple-tv"))


def test_what_goes_along_with_a_check_is_told_in_the_summary() -> None:
    out, summary = io.StringIO(), RunSummary()
    summary.closing = ["scenario x (dry run): one 0", "  never matched: <one>"]
    RunReport(out, html).close(summary)
    assert "<li>scenario x (dry run): one 0</li><li>never matched: &lt;one&gt;</li>" in out.getvalue()


def test_a_long_recording_makes_a_summary_that_says_so() -> None:
    entries = entries_of("apple-tv") * 5
    made = report(entries, first=10, more=5)
    assert "This page is a summary." in made
    assert len(made) < len(report(entries))


def test_nothing_found_is_a_page_too() -> None:
    made = report([analyze(cases.as_exchange(cases.case("C1", forge.CLOCK), forge.CLOCK))])
    assert "As documented: nothing was found" in made
    assert "</html>" in report([])


def test_the_page_ends_where_it_would_become_too_long() -> None:
    entries = entries_of("apple-tv")
    made = report(entries, room=8_000)
    assert "Headers and bodies are shown of the first exchanges only" in made
    assert 0 < made.count("<pre") < report(entries).count("<pre")
    assert "Headers and bodies are shown of the first exchanges only" not in report(entries)


def test_exchanges_that_are_hostile_in_length_do_not_fill_the_memory() -> None:
    entries = entries_of("apple-tv")
    made = report(entries, kept=10_000)
    assert "This page is a summary." in made
    assert 0 < made.count('<li class="step') < 10


def test_memory_does_not_grow_with_the_number_of_exchanges() -> None:
    """Ten times as many exchanges, each with texts of its own, in the memory of the limits."""

    def peak(count: int) -> int:
        ex = cases.as_exchange(cases.case("P3", forge.CLOCK), forge.CLOCK)
        bare, said = analyze(ex), messages(ex)
        summary, out = RunSummary(), open(os.devnull, "w")  # noqa: SIM115  closed below
        tracemalloc.start()
        made = RunReport(out, partial(html, first=20, more=20, room=100_000))
        for number in range(count):
            entry = {**bare, "index": number, "file": f"{number}.mitm" + "z" * 300, "path": f"/{number}" + "x" * 1_000}
            entry["messages"] = {**said, "failure": f"{number}" + "y" * 1_000}
            summary.add(entry)
            made.entry(entry)
            made.read_error(f"{number}.har", number, "cannot be read " * 20)
        made.close(summary)
        high = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        out.close()
        return high

    peak(50)  # what is made once
    assert peak(1_000) - peak(100) < 100_000


@pytest.mark.parametrize(
    ("severity", "late", "shown"),
    [("note", 3, 0), ("warning", 1, 1), ("warning", 2, 2), ("warning", 3, 2), ("error", 3, 2)],
)
def test_of_later_exchanges_so_many_with_an_error_or_a_warning_are_shown(severity: str, late: int, shown: int) -> None:
    entry = next(one for one in entries_of("apple-tv") if one["findings"])
    found = entry | {"findings": [entry["findings"][0] | {"severity": severity}]}
    # The first two make the finding known, so that what comes later is not shown for its sake.
    assert report([found] * (2 + late), first=2, more=2).count('<li class="step') == 2 + shown


def test_a_later_exchange_with_a_finding_of_its_own_is_shown() -> None:
    entry = next(one for one in entries_of("apple-tv") if one["findings"])
    first, other = (entry | {"findings": [entry["findings"][0] | {"code": code}]} for code in ("PL204", "PL205"))
    assert report([first, first, other, other], first=1, more=0).count('<li class="step') == 2


def collected(*entries: Entry, unreadable: int = 0) -> Collected:
    """What the page shows of these."""
    with closing(Run()) as run:
        for one in entries:
            run.add_entry(one)
        for number in range(unreadable):
            run.add("unreadable", {"file": f"{number}.mitm", "index": None, "message": "is empty"})
        return collect(run)


def test_repeated_polls_are_one_step_with_a_count() -> None:
    """As in text: what differs, and what comes between, is a step of its own."""
    first = next(one for one in entries_of("apple-tv") if one["operation"] == "retrieve-profile-code")
    polls = [first | {"started": f"2026-01-02T03:04:{5 * n:02}.000Z", "index": n} for n in range(4)]
    made = report([*polls, polls[0] | {"status": 500}, polls[0]])
    assert made.count('<li class="step') == 3
    assert '<span class="tag">4 times, every 5 s</span>' in made
    assert f"{first['outcome']} &#215;4</text>" in made
    assert "4 times, every 5 s." in made
    assert "6 exchanges</p>" in made
    assert "This page is a summary" not in made


ENTRY = analyze(cases.as_exchange(cases.case("C1", forge.CLOCK), forge.CLOCK))


def clean(number: int, size: int = 0) -> Entry:
    """A small entry without findings, larger by so many characters."""
    return ENTRY | {"file": None, "index": number, "findings": [], "path": "x" * size}


def test_the_first_two_thousand_exchanges_are_shown_and_five_hundred_later_ones() -> None:
    first = [clean(number) for number in range(2001)]
    assert len(collected(*first).steps) == 2000
    bad = [
        clean(number) | {"findings": [{"code": "PL102", "severity": "error", "at": "path"}]} for number in range(502)
    ]
    # The first of them is there because its code is new.
    assert len(collected(*first, *bad).steps) == 2000 + 1 + 500


def test_what_is_kept_for_the_page_has_sixteen_million_characters() -> None:
    size = len(plain(clean(1)))
    assert len(collected(clean(1, 16_000_000 - size), clean(2)).steps) == 1
    assert not collected(clean(1, 16_000_001 - size)).steps


@pytest.mark.parametrize(("size", "shown"), [(24_000_000, True), (24_000_001, False)])
def test_a_page_has_room_for_twenty_four_million_bytes_of_messages(size: int, shown: bool) -> None:
    said = {"a": "x" * (size - len('{"a": ""}'))}
    found = collected(clean(1) | {"messages": said}, clean(2) | {"messages": {}})
    assert (1 in found.with_messages, found.messages_cut) == (shown, True)


def test_a_hundred_files_and_unreadable_parts_are_listed_and_all_counted() -> None:
    found = collected(*(clean(number) | {"file": f"{number}.mitm"} for number in range(101)), unreadable=101)
    assert (len(found.files), found.more_files, len(found.read_errors), found.more_read_errors) == (100, 1, 100, 1)


@WITH_CHROMIUM
@pytest.mark.parametrize("width", [320, 360, 800, 1280])
def test_no_column_is_so_narrow_that_words_break(browser: Chromium, tmp_path: Path, width: int) -> None:
    path = tmp_path / "report.html"
    path.write_text(report([*entries_of("current"), *entries_of("errors")]), encoding="ascii")
    browser.open(path.as_uri(), width=width)
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    lines = (
        "[...document.querySelectorAll('.responses tbody th')].map(cell => "
        "{ const range = document.createRange(); range.selectNodeContents(cell); "
        "return range.getClientRects().length; })"
    )
    assert browser.run(f"{lines}.length") > 5
    assert browser.run(f"Math.max(...{lines})") == 1
    narrow = "[...document.querySelectorAll('.responses td')].filter(cell => cell.getBoundingClientRect().width < 90)"
    assert browser.run(f"{narrow}.length") == 0


def test_a_verdict_stands_above_the_exchanges_of_its_device() -> None:
    out, result = io.StringIO(), check(RECORDINGS / "apple-tv.mitm")
    made = RunReport(out, html)
    for entry in result.entries:
        made.entry(entry)
    for journey in result.journeys:
        made.journey(journey)
    made.close(RunSummary())
    assert out.getvalue().count('class="small journey"') == len(result.journeys) > 0
