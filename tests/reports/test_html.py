"""The HTML report in a real headless Chromium: whole without a network, filters work, hostile texts do nothing.
Also how it stays small whatever the recording's length."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

import cases
import forge
from passlens.exchange import Exchange
from passlens.recording import read
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


def entries_of(name: str) -> list[Entry]:
    items = read([str(RECORDINGS / f"{name}.mitm")])
    return [judge(item) for item in items if isinstance(item, Exchange) and item.route is not None]


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


def test_a_long_recording_makes_a_summary_that_says_so() -> None:
    entries = entries_of("apple-tv") * 5
    made = report(entries, first=10, more=5)
    assert "This page is a summary." in made
    assert len(made) < len(report(entries))


def test_nothing_found_is_a_page_too() -> None:
    made = report([judge(cases.as_exchange(cases.case("C1", forge.CLOCK), forge.CLOCK))])
    assert "As documented: nothing was found" in made
    assert "</html>" in report([])
