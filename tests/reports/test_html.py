"""The HTML report in a real headless Chromium: whole without a network, filters work, hostile texts do nothing.
Also how it stays small whatever the recording's length."""

import io
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

import cases
import forge
from passlens.offline.judging import judged
from passlens.offline.messages import messages
from passlens.offline.settings import Settings
from passlens.reports.html import HtmlReport
from passlens.reports.tally import Tally
from passlens.verdict import Entry, judge
from support.chromium import MISSING, Chromium, installed

RECORDINGS = Path(__file__).parents[1] / "recordings"
WITH_CHROMIUM = pytest.mark.skipif(installed() is None, reason=MISSING)


def report(entries: list[Entry], **limits: int) -> str:
    out, tally = io.StringIO(), Tally()
    made = HtmlReport(out, **limits)
    for entry in entries:
        tally.add(entry)
        made.entry(entry)
    made.close(tally)
    return out.getvalue()


def entries_of(name: str, scenario: str = "") -> list[Entry]:
    settings = Settings("html", scenario=scenario)
    return [item for item in judged([str(RECORDINGS / f"{name}.mitm")], settings) if isinstance(item, dict)]


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
    assert browser.run("document.querySelectorAll('li.step').length") == 10


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
    assert browser.run("document.getElementById('shown').textContent") == "1 of 10 exchanges shown"
    browser.run("document.querySelector('#filters button[type=reset]').click()")
    browser.run("new Promise(done => setTimeout(done, 50))")  # a reset takes effect after its event
    assert browser.run(shown) == 10
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
    entry = judge(cases.as_exchange(cases.case("P3", forge.CLOCK), forge.CLOCK))
    for name in ("service_provider", "code", "mvpd", "path", "host", "diagnosis", "file", "method"):
        entry[name] = hostile
    entry["device"] = {"info": {"model": hostile, hostile: hostile}, "identifier": hostile}
    entry["findings"] = [finding | {"message": hostile, "at": hostile} for finding in entry["findings"]]
    entry["dry_run"] = dict.fromkeys(("scenario", "rule", "action", "explanation"), hostile)
    body = {"kind": "text", "text": f"{hostile}\n{hostile}", "more": 1, "problem": hostile}
    form = {"kind": "form", "rows": [[hostile, hostile]], "more": 1}
    said = [
        {"headers": [[hostile, hostile, {hostile: hostile}]], "more_headers": 1, "body": one} for one in (form, body)
    ]
    entry["messages"] = {"request": said[0], "answer": said[1], "failure": hostile}
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
    entry = judge(cases.as_exchange(cases.case("P3", forge.CLOCK), forge.CLOCK))
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
    out, tally = io.StringIO(), Tally()
    tally.closing = ["scenario x (dry run): one 0", "  never matched: <one>"]
    HtmlReport(out).close(tally)
    assert "<li>scenario x (dry run): one 0</li><li>never matched: &lt;one&gt;</li>" in out.getvalue()


def test_a_long_recording_makes_a_summary_that_says_so() -> None:
    entries = entries_of("apple-tv") * 5
    made = report(entries, first=10, more=5)
    assert "This page is a summary." in made
    assert len(made) < len(report(entries))


def test_nothing_found_is_a_page_too() -> None:
    made = report([judge(cases.as_exchange(cases.case("C1", forge.CLOCK), forge.CLOCK))])
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
        bare, said = judge(ex), messages(ex)
        tally, out = Tally(), open(os.devnull, "w")  # noqa: SIM115  closed below
        tracemalloc.start()
        made = HtmlReport(out, first=20, more=20, room=100_000)
        for number in range(count):
            entry = {**bare, "index": number, "file": f"{number}.mitm" + "z" * 300, "path": f"/{number}" + "x" * 1_000}
            entry["messages"] = {**said, "failure": f"{number}" + "y" * 1_000}
            tally.add(entry)
            made.entry(entry)
            made.trouble(f"{number}.har", number, "cannot be read " * 20)
        made.close(tally)
        high = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        out.close()
        return high

    peak(50)  # what is made once
    assert peak(1_000) - peak(100) < 100_000
