"""A headless Chromium driven over its pipe: no driver, no port, no network. For tests of the HTML report.
Commands are those of the DevTools protocol; what the page says and loads is collected."""

import base64
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections import deque
from pathlib import Path
from select import select
from types import TracebackType
from typing import Any

MISSING = "Debian's chromium is not installed"

SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--mute-audio",
    "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip


def installed() -> str | None:
    """The path of Chromium, or None."""
    return shutil.which("chromium")


class Chromium:
    """A browser with one page. ``said`` holds console messages and exceptions, ``loaded`` the addresses asked for;
    ``more`` are switches beside the usual ones."""

    def __init__(self, *more: str, timeout: float = 60) -> None:
        self._more = more
        self._timeout = timeout
        self._number = 0
        self._session: str | None = None
        self._events: deque[dict[str, Any]] = deque()
        self._rest = b""
        self.said: list[str] = []
        self.loaded: list[str] = []

    def __enter__(self) -> "Chromium":
        self._profile = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)
        (to_read, self._to), (self._from, to_write) = os.pipe(), os.pipe()
        # Chromium reads its descriptor 3 and writes its descriptor 4; high numbers keep the two apart on the way.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 100) for end in (to_read, to_write)]

        def place() -> None:
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        words = [
            installed() or "chromium",
            *SWITCHES,
            *self._more,
            f"--user-data-dir={self._profile.name}",
            "about:blank",
        ]
        self._process = subprocess.Popen(
            words, pass_fds=(3, 4), preexec_fn=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for end in (to_read, to_write, *ends):
            os.close(end)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.close(self._to)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._from)
        self._profile.cleanup()

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send one command and wait for its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            got = self._message()
            if got.get("id") == self._number:
                if "error" in got:
                    raise RuntimeError(f"{method}: {got['error']['message']}")
                result: dict[str, Any] = got["result"]
                return result
            self._note(got)

    def _message(self) -> dict[str, Any]:
        end = time.monotonic() + self._timeout
        while b"\0" not in self._rest:
            if not select([self._from], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError("Chromium does not answer")
            piece = os.read(self._from, 1 << 20)
            if not piece:
                raise RuntimeError("Chromium has ended")
            self._rest += piece
        text, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message

    def _note(self, event: dict[str, Any]) -> None:
        said = event.get("params", {})
        match event.get("method"):
            case "Runtime.consoleAPICalled":
                self.said.append(str(said["args"]))
            case "Runtime.exceptionThrown":
                self.said.append(str(said["exceptionDetails"]))
            case "Log.entryAdded":
                self.said.append(said["entry"]["text"])
            case "Network.requestWillBeSent":
                self.loaded.append(said["request"]["url"])
            case "Page.javascriptDialogOpening":
                self.said.append(f"dialog: {said['message']}")
        self._events.append(event)

    def open(
        self, address: str, *, width: int = 1280, height: int = 900, dark: bool = False, script: bool = True
    ) -> None:
        """Open a page and wait until it is loaded; what was said and loaded before is forgotten."""
        self.said, self.loaded = [], []
        self._events.clear()
        self.call("Emulation.setScriptExecutionDisabled", value=not script)
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", media="", features=[scheme])
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=address)
        self._wait_for_load(address)

    def _wait_for_load(self, address: str) -> None:
        """Until the page at the address is complete; a fragment alone loads nothing."""
        end = time.monotonic() + self._timeout
        plain = address.partition("#")[0]
        while time.monotonic() < end:
            state = self.run("[location.href.split('#')[0], document.readyState].join(' ')")
            if state == f"{plain} complete":
                return
            time.sleep(0.05)
        raise TimeoutError(f"{address} does not load")

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression in the page; promises are awaited."""
        response = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in response:
            raise RuntimeError(str(response["exceptionDetails"]))
        return response["result"].get("value")

    def press(self, key: str, *, code: int = 0, text: str = "") -> None:
        """One key down and up, as a keyboard would."""
        pressed = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **pressed)
        self.call("Input.dispatchKeyEvent", type="keyUp", **pressed)

    def picture(self, path: Path, *, whole: bool = False) -> None:
        """A screenshot as PNG: what is in view, or the whole page."""
        made = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(made["data"]))

    def print(self, path: Path) -> None:
        """The page as PDF, as a user would print it."""
        made = self.call("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, preferCSSPageSize=False)
        path.write_bytes(base64.b64decode(made["data"]))
