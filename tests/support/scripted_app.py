"""The app of the examples in README and docs, without a device: it signs in as the documentation wants it, in a thread
of its own, as an app would while a test looks on."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from passlens.demo.app import DOMAIN, REDIRECT_URL, App
from passlens.demo.client import ProxiedClient
from passlens.errors import DemoError
from passlens.rest_v2.operations import HOSTS

if TYPE_CHECKING:
    from passlens.testing.fixture import Passlens

PATIENCE = 60.0
POLL_EVERY = 0.05


class ScriptedApp:
    """``press`` and ``shows``, as a driver of a real screen has them."""

    def __init__(self, passlens: "Passlens", device: str) -> None:
        port = int(passlens.proxy_url.rpartition(":")[2])
        self._client = ProxiedClient(port, passlens.ca_file, HOSTS[0])
        self._app = App(self._client, device)
        self._screen: list[str] = []
        self._news = threading.Condition()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def press(self, name: str) -> None:
        """Press a button: there is one, which begins the sign-in."""
        assert name == "Sign in"
        self._thread = threading.Thread(target=self._sign_in, daemon=True)
        self._thread.start()

    def shows(self, text: str) -> bool:
        """Whether a text comes on the screen."""
        with self._news:
            return self._news.wait_for(lambda: text in self._screen, PATIENCE)

    def _sign_in(self) -> None:
        self._app.register()
        response = self._begin()
        if response["actionName"] != "authenticate":
            self._show("Welcome back")
            return
        self._show(f"Your code is {response['code']}")
        while not self._over.is_set():
            if self._app.poll(response)["profiles"]:
                self._show("Signed in")
                return
            time.sleep(POLL_EVERY)

    def _begin(self) -> dict[str, Any]:
        """A session; what the server fails on is tried again, three times in all."""
        full = {"domainName": DOMAIN, "redirectUrl": REDIRECT_URL}
        for _ in range(2):
            with suppress(DemoError):
                return self._app.partner_session("granted", "harbour-cable", **full)
        return self._app.partner_session("granted", "harbour-cable", **full)

    def _show(self, text: str) -> None:
        with self._news:
            self._screen.append(text)
            self._news.notify_all()

    def close(self) -> None:
        """The end of the app."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(PATIENCE)
        self._client.close()


@pytest.fixture
def app(passlens: "Passlens", request: pytest.FixtureRequest) -> Iterator[ScriptedApp]:
    """The app, behind the proxy of the test."""
    made = ScriptedApp(passlens, request.node.name)
    yield made
    made.close()
