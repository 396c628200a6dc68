"""``passlens demo --panel``: whoever looks on sees every journey in the panel, until they end it."""

import io
import re
import webbrowser
from pathlib import Path

import pytest

from passlens.control import runtime_file
from passlens.control.runtime_file import Address
from passlens.demo import panel as demo_panel
from passlens.demo import run as demo
from passlens.demo.journeys import JOURNEYS
from passlens.demo.panel import BEGIN, END, show_panel
from passlens.errors import DemoError
from support.chromium import MISSING, Chromium, installed
from support.controlled import TOKEN, eventually


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    runtime_file.write(Address("127.0.0.1", 8084, TOKEN), tmp_path / "passlens")
    return tmp_path


@pytest.mark.parametrize("screen", [True, False])
def test_a_terminal_shows_the_token_and_a_screen_a_browser(
    folder: Path, screen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(demo_panel, "_has_screen", lambda: screen)
    out = Terminal()
    show_panel(folder, out)
    assert out.getvalue() == f"panel  http://127.0.0.1:8084/#{TOKEN}\n"
    assert opened == [f"http://127.0.0.1:8084/#{TOKEN}"] * screen


def test_a_pipe_gets_the_address_alone(folder: Path) -> None:
    out = io.StringIO()
    show_panel(folder, out)
    assert out.getvalue() == "panel  http://127.0.0.1:8084/\n"


def test_a_proxy_without_a_control_api_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_panel, "_READY_WITHIN", 0.1)
    with pytest.raises(DemoError, match="the proxy offers no control API"):
        show_panel(tmp_path, io.StringIO())


@pytest.mark.skipif(installed() is None, reason=MISSING)
def test_every_journey_can_be_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSLENS_CONTROL_TOKEN", TOKEN)
    monkeypatch.setattr(demo, "PAUSE", 0.0)
    out = io.StringIO()
    with Chromium() as browser:

        def count(selector: str) -> int:
            return int(browser.run(f"document.querySelectorAll({selector!r}).length"))

        def ask(words: str) -> None:
            if words == BEGIN:
                found = re.search(r"^panel  (\S+)$", out.getvalue(), re.M)
                assert found is not None
                browser.open(f"{found[1]}#{TOKEN}")
                eventually(lambda: count('[data-state="connected"]'))
                assert count("li.step") == 0
            else:
                assert words == END
                # The last journey is the one with a fault, which its last exchange shows.
                eventually(lambda: count(".chip.error"), 20)
                assert count("section.device") == len(JOURNEYS)
                assert count("svg.wide") >= len(JOURNEYS)
                assert "signed in after a fallback" in browser.run("document.body.innerText")
                assert browser.said == []

        assert demo.run(tmp_path, out, panel=True, ask=ask) == 0
    assert re.search(r"^\d+ exchanges: 1 error", out.getvalue(), re.M)
