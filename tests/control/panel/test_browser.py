"""The panel in a real headless Chromium, over the control API of a real proxy with a device before it."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from passlens.demo.app import App
from support.chromium import MISSING, Chromium, installed
from support.controlled import TOKEN, Controlled, controlled, eventually

pytestmark = pytest.mark.skipif(installed() is None, reason=MISSING)

FULL = {"domainName": "example.com", "redirectUrl": "https://example.com/done"}
OLD = "an-old-token-of-another-run"


@pytest.fixture(scope="module")
def running(confdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Controlled]:
    with controlled(confdir, tmp_path_factory.mktemp("runtime")) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as made:
        yield made


class Panel:
    """The open page, asked by expressions of JavaScript."""

    def __init__(self, browser: Chromium, address: str) -> None:
        self.browser, self.address = browser, address

    def text(self, selector: str) -> str:
        """The text of an element; empty if there is none."""
        # Parts of pictures have no innerText.
        found = f"document.querySelector({selector!r})"
        return str(self.browser.run(f"{found}?.innerText ?? {found}?.textContent ?? ''"))

    def count(self, selector: str) -> int:
        """How many elements there are."""
        return int(self.browser.run(f"document.querySelectorAll({selector!r}).length"))

    def click(self, selector: str) -> None:
        """Click an element."""
        self.browser.run(f"document.querySelector({selector!r}).click()")

    def choose(self, device: str) -> None:
        """Choose whose scenario the buttons run."""
        field = "document.getElementById('device')"
        self.browser.run(f"{field}.value = {device!r}; {field}.dispatchEvent(new Event('change'))")

    def find(self, words: str) -> None:
        """Type into the field above the scenarios."""
        field = "document.getElementById('find')"
        self.browser.run(f"{field}.value = {words!r}; {field}.dispatchEvent(new Event('input'))")

    def until(self, selector: str, words: str = "") -> str:
        """The text of an element once it is there and holds the words."""

        def found() -> str | None:
            return self.text(selector) if self.count(selector) and words in self.text(selector) else None

        return str(eventually(found, 20))


def opened(browser: Chromium, stage: Controlled, token: str = TOKEN, **options: Any) -> Panel:
    address = f"http://127.0.0.1:{stage.api.address.port}/"
    browser.open(f"{address}#{token}", **options)
    return Panel(browser, address)


@pytest.fixture
def stage(running: Controlled) -> Controlled:
    running.api.call("DELETE", "scenario")
    running.api.call("POST", "reset")
    return running


@pytest.fixture
def panel(stage: Controlled, browser: Chromium) -> Panel:
    made = opened(browser, stage)
    made.until("#state", "Connected to the proxy.")
    return made


def walk(app: App) -> dict[str, Any]:
    return app.create_session(mvpd="HarbourCable", **FULL)


def test_a_journey_grows_while_one_looks(stage: Controlled, panel: Panel) -> None:
    assert panel.text("#journeys .none:not([hidden])") == "No exchange with the API yet."
    with stage.app() as app:
        panel.until("#devices li", "talks to the API")
        made = walk(app)
        panel.until(".timelines svg.wide .code", made["code"])
        assert panel.text(".steps > li:first-child h4").endswith("create-session")
        # Too fast, which the second one is told; those after it are alike.
        for _ in range(4):
            app.poll(made)
        panel.until(".steps > li:first-child .again", "2 times")
        assert "no profile yet" in panel.text(".steps > li:first-child")
        before = panel.count(".steps > li")
        assert before == 6
        app.authorize("HarbourCable")
        eventually(lambda: panel.count(".steps > li") == before + 1)
    assert panel.count("#journeys .none:not([hidden])") == 0
    assert panel.count("li.step.injected") == 0
    assert panel.count("#sandbox:not([hidden])") == 1
    assert panel.text("#injecting") == ""


def test_an_exchange_opens_with_why_findings_and_decoded_headers(stage: Controlled, panel: Panel) -> None:
    with stage.app() as app:
        app.partner_session("denied", None, **FULL)
    panel.until(".steps > li:first-child", "partner-session")
    assert panel.count(".steps .body") == 0
    panel.browser.run("document.querySelector('.steps > li:first-child summary').focus()")
    panel.browser.press("Enter", code=13, text="\r")
    body = panel.until(".steps > li:first-child .body", "Next:")
    assert "the user refused access" in body
    assert "Next: authenticate, then retrieve-profile-code" in body
    assert "PL240" in body
    assert re.search(r"frameworkPermissionInfo/accessStatus\s+denied", body)
    assert re.search(r"model\s+AppleTV", body)


def test_a_scenario_is_one_button_and_cannot_be_overlooked(stage: Controlled, panel: Panel) -> None:
    words = "What the app should do: go on with basic authentication"
    item = panel.until('#scenarios li[data-name="pfs-fallback"]', words)
    assert item.startswith("pfs-fallback")
    panel.click('#scenarios li[data-name="pfs-fallback"] button')
    panel.until("#injecting .scenario", "Injecting pfs-fallback for all devices, no exchange so far")
    assert panel.browser.run("document.title") == "● pfs-fallback – passlens panel"
    assert panel.browser.run("getComputedStyle(document.body, '::after').borderTopWidth") == "4px"
    assert stage.api.call("GET", "scenario")["name"] == "pfs-fallback"
    panel.browser.run("document.querySelector('#injecting button').focus()")
    with stage.app() as app:
        app.partner_session("granted", "harbour-cable", **FULL)
    panel.until("#injecting .scenario", "1 exchange so far")
    assert panel.browser.run("document.activeElement.innerText").startswith("Stop")
    assert panel.text("#said") == "Injecting pfs-fallback."
    panel.until("li.step.injected", "injected: pfs-fallback")
    assert panel.browser.run("document.querySelector('button.run[aria-pressed=true]').textContent") == "pfs-fallback"
    panel.click("#injecting button")
    eventually(lambda: panel.count("#injecting .scenario") == 0)
    assert stage.api.call("GET", "scenario")["name"] is None
    assert panel.browser.run("document.title") == "passlens panel"
    assert panel.text("#said") == "Nothing is injected."


def test_a_scenario_runs_for_the_device_that_is_chosen(stage: Controlled, panel: Panel) -> None:
    pressed = "[...document.querySelectorAll('button.run[aria-pressed=true]')].map(one => one.textContent).join()"
    here, there = "127.0.0.1", "127.0.0.2"
    with stage.app("one", here) as one, stage.app("two", there) as two:
        panel.until("#whose:not([hidden]) #device", there)
        assert panel.browser.run("[...document.getElementById('device').options].map(one => one.text).join()") == (
            f"all devices,{here},{there}"
        )
        panel.click('#scenarios li[data-name="degraded"] button')
        panel.until("#injecting .scenario", "Injecting degraded for all devices")
        panel.choose(there)
        assert panel.browser.run(pressed) == ""
        panel.click('#scenarios li[data-name="pfs-fallback"] button')
        panel.until("#injecting .scenario + .scenario", f"Injecting pfs-fallback for {there}")
        assert panel.text("#said") == f"Injecting degraded, pfs-fallback for {there}."
        assert panel.browser.run(pressed) == "pfs-fallback"
        assert stage.api.call("GET", "scenario", {"device": there})["name"] == "pfs-fallback"
        for app in (one, two):
            app.partner_session("granted", "harbour-cable", **FULL)
        panel.until("li.step.injected", "injected: pfs-fallback")
        assert [entry["injected"]["scenario"] for entry in partner_sessions(stage, here)] != ["pfs-fallback"]
        assert [entry["injected"]["scenario"] for entry in partner_sessions(stage, there)] == ["pfs-fallback"]
        # The choice stays while devices come and go; a second press stops the device's own alone.
        stage.api.call("POST", "reset")
        one.configuration()
        panel.until("#device", there)
        assert panel.browser.run("document.getElementById('device').value") == there
        panel.click('#scenarios li[data-name="pfs-fallback"] button')
        eventually(lambda: panel.count("#injecting .scenario") == 1)
        assert "degraded for all devices" in panel.text("#injecting")
        panel.choose("")
        assert panel.browser.run(pressed) == "degraded"
    assert panel.text("#problem") == ""


def partner_sessions(stage: Controlled, device: str) -> list[dict[str, Any]]:
    query = {"operation": "partner-session", "device": device}
    found: list[dict[str, Any]] = stage.api.call("GET", "exchanges", query)["exchanges"]
    return found


def test_scenarios_are_found_by_their_words(panel: Panel) -> None:
    panel.until("#scenarios li")
    every = panel.count("#scenarios li:not([hidden])")
    panel.find("degradation")
    assert 0 < panel.count("#scenarios li:not([hidden])") < every
    panel.find("")
    assert panel.count("#scenarios li:not([hidden])") == every


def test_open_codes_are_signed_in_to_and_denied(stage: Controlled, panel: Panel) -> None:
    with stage.app("one") as one, stage.app("two") as two:
        first, second = walk(one), walk(two)
        for made, action in ((first, "sign-in"), (second, "deny")):
            panel.until(f'#codes li[data-code="{made["code"]}"]', "HarbourCable")
            panel.click(f'#codes li[data-code="{made["code"]}"] [data-action="{action}"]')
            eventually(lambda made=made: panel.count(f'#codes li[data-code="{made["code"]}"]') == 0)
        assert one.poll(first)["profiles"]
        assert not two.poll(second)["profiles"]
    assert panel.browser.run("document.getElementById('codes').hidden")
    assert panel.text("#problem") == ""


def test_what_is_refused_is_one_sentence(stage: Controlled, panel: Panel) -> None:
    with stage.app() as app:
        code = walk(app)["code"]
    panel.until(f'#codes li[data-code="{code}"]')
    panel.browser.run("globalThis.kept = document.querySelector('#codes [data-action=\"sign-in\"]')")
    stage.api.call("POST", f"sessions/{code}", None, {"action": "expire"})
    panel.browser.run("kept.click()")
    said = panel.until("#problem", code)
    assert said.count(".") == 1


# ---- how it looks and reads


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1400])
def test_it_fits_without_a_complaint_or_a_request_elsewhere(
    stage: Controlled, browser: Chromium, width: int, dark: bool
) -> None:
    stage.api.call("PUT", "scenario", None, {"name": "missing-parameters"})
    with stage.app() as app:
        app.partner_session("denied", None, **FULL)
        panel = opened(browser, stage, width=width, dark=dark)
        panel.until("li.step.injected")
    browser.run("for (const one of document.querySelectorAll('details')) one.open = true")
    panel.until("li.step .body")
    assert browser.run("document.documentElement.scrollWidth") <= width
    hidden = (
        "[...document.querySelectorAll('svg')].filter(one => one.getBoundingClientRect().right > innerWidth).length"
    )
    assert browser.run(hidden) == 0
    assert browser.said == []
    assert {address.rpartition("/")[0] for address in browser.loaded} >= {panel.address.rstrip("/")}
    assert all(address.startswith(panel.address) for address in browser.loaded), browser.loaded


def test_dark_and_light_differ(stage: Controlled, browser: Chromium) -> None:
    grounds = set()
    for dark in (False, True):
        opened(browser, stage, dark=dark)
        grounds.add(browser.run("getComputedStyle(document.body).backgroundColor"))
    assert len(grounds) == 2


def test_everything_has_a_name_for_those_who_do_not_see_it(stage: Controlled, panel: Panel) -> None:
    with stage.app() as app:
        walk(app)
    panel.until("#codes li")
    panel.until(".steps li")
    panel.browser.call("Accessibility.enable")
    nodes = panel.browser.call("Accessibility.getFullAXTree")["nodes"]
    panel.browser.call("Accessibility.disable")
    named = [
        (node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node.get("ignored")
    ]
    roles = {role for role, _ in named}
    assert {"banner", "main", "status", "heading", "button", "region", "image"} <= roles
    nameless = [
        role
        for role, name in named
        if role in ("button", "region", "image", "searchbox", "combobox", "heading") and not name
    ]
    assert nameless == []
    assert ("combobox", "For which device") in named
    assert ("button", "Sign in with code " + panel.text("#codes code")) in named


def test_the_keyboard_reaches_everything_and_shows_where_it_is(stage: Controlled, panel: Panel) -> None:
    with stage.app() as app:
        walk(app)
    panel.until("#codes li")
    reached = []
    for _ in range(4):
        panel.browser.press("Tab", code=9)
        reached.append(panel.browser.run("document.activeElement.innerText"))
        assert panel.browser.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reached[0] == "Skip to the journeys"
    assert [words.split("\n")[0] for words in reached[1:3]] == ["Sign in", "Deny"]


def test_hostile_texts_are_texts(stage: Controlled, panel: Panel) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>\u202e"
    with stage.app() as app:
        app._plain["X-Device-Info"] = f'{{"model": "{evil}"}}'
        app._plain["X-Device-Info"] = __import__("base64").b64encode(app._plain["X-Device-Info"].encode()).decode()
        walk(app)
    panel.until(".timelines", "create-session")
    panel.click("li.step summary")
    panel.until("li.step .body", "<img src=x onerror=alert(1)>")
    assert panel.count("img") == panel.count("main script") == 0
    assert "\u202e" not in panel.text("body")
    assert panel.browser.said == []


# ---- the token


def test_the_token_leaves_the_address_and_stays_with_the_tab(stage: Controlled, panel: Panel) -> None:
    assert panel.browser.run("location.href") == panel.address
    panel.browser.call("Page.reload")
    panel.until("#state", "Connected to the proxy.")
    assert TOKEN not in " ".join(panel.browser.loaded)


def test_without_a_token_or_with_a_wrong_one_there_is_one_sentence(stage: Controlled, panel: Panel) -> None:
    panel.browser.run("sessionStorage.clear()")
    panel.browser.call("Page.reload")
    said = panel.until("#state", "open the one that passlens proxy shows.")
    assert said.count(".") == 1
    wrong = opened(panel.browser, stage, OLD)
    wrong.until("#state", "The proxy does not take this token, which is wrong or of an earlier run")
    assert panel.count(".timelines *") == panel.count("#devices li") == 0
    # The right one, typed into the same tab.
    panel.browser.run(f"location.hash = '{TOKEN}'")
    panel.until("#state", "Connected to the proxy.")


# ---- bad days


def test_a_flood_leaves_the_page_bounded(stage: Controlled, panel: Panel) -> None:
    with stage.app() as app:
        started = time.monotonic()
        for _ in range(620):
            app.configuration()
        took = time.monotonic() - started
    assert took < 37, "this machine is too slow for a thousand exchanges a minute"
    last = str(stage.api.call("GET", "status")["kept"]["last"])
    panel.until(".steps > li:first-child .disc", last)
    assert panel.count("li.step") == 500
    assert panel.browser.run("document.querySelectorAll('*').length") < 30_000
    assert panel.browser.said == []


@pytest.mark.parametrize("number", [9, 999, 10_000])
def test_a_number_of_any_length_stands_in_one_line(stage: Controlled, panel: Panel, number: int) -> None:
    with stage.app() as app:
        app.configuration()
    panel.until(".steps > li:first-child .disc")
    disc = "document.querySelector('.steps .disc')"
    panel.browser.run(f"{disc}.textContent = '{number}'")
    lines = f"(() => {{ const r = new Range(); r.selectNodeContents({disc}); return r.getClientRects().length; }})()"
    assert panel.browser.run(lines) == 1
    assert panel.browser.run(f"{disc}.scrollWidth <= {disc}.clientWidth")


def test_of_many_codes_the_last_ones_are_shown_and_the_others_counted(stage: Controlled, panel: Panel) -> None:
    with stage.app() as app:
        codes = [app.create_session(mvpd="Cablevision", **FULL)["code"] for _ in range(103)]
    panel.until("#codes li:last-child", "3 more, which are older, are not shown.")
    assert [panel.count(f'[data-code="{code}"]') for code in (codes[2], codes[3], codes[-1])] == [0, 1, 1]


ASLEEP = """
  Object.defineProperty(document, "hidden", {configurable: true, get: () => %s});
  document.dispatchEvent(new Event("visibilitychange"));
"""


def test_a_tab_that_was_asleep_for_an_hour_catches_up(stage: Controlled, panel: Panel) -> None:
    panel.browser.run(ASLEEP % "true")
    with stage.app() as app:
        code = walk(app)["code"]
    eventually(lambda: stage.api.call("GET", "status")["kept"]["entries"] == 3)
    # No sign of life in all that time: the stream is taken for dead, and opened anew.
    panel.browser.run("const now = Date.now; Date.now = () => now.call(Date) + 3600000;" + ASLEEP % "false")
    panel.until("#codes li", code)
    panel.until(".steps > li:first-child", "create-session")
    panel.until("#state", "Connected to the proxy.")
    assert len([address for address in panel.browser.loaded if address.endswith("/api/v1/events")]) == 2


def test_a_reset_is_seen(stage: Controlled, panel: Panel) -> None:
    with stage.app() as app:
        walk(app)
        panel.until(".steps > li:first-child", "create-session")
        stage.api.call("POST", "reset")
        app.configuration()
    panel.until(".steps > li:first-child", "retrieve-configuration")
    assert panel.count("li.step") == 1


def test_a_proxy_that_ends_is_one_sentence_and_the_next_one_is_taken(
    confdir: Path, tmp_path: Path, browser: Chromium
) -> None:
    with controlled(confdir, tmp_path) as stage, stage.app() as app:
        walk(app)
        panel = opened(browser, stage)
        panel.until(".steps > li:first-child", "create-session")
    said = panel.until("#state", "The proxy has ended or cannot be reached; this page tries again by itself.")
    assert said.count(".") == 1
    assert panel.count("li.step") == 3
    with controlled(confdir, tmp_path, passlens_control=f"127.0.0.1:{stage.api.address.port}") as stage:
        panel.until("#state", "Connected to the proxy.")
        eventually(lambda: panel.count("li.step") == 0)
        with stage.app():
            panel.until(".steps > li:first-child", "dcr-token")
