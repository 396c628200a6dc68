"""docs/ui-tests.md: the requests of the Swift and Kotlin examples are those that the page shows, and a proxy takes them
word for word. tests/testing/test_pytest_plugin.py runs the examples in Python."""

import json
import re
import socket
import threading
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from support.controlled import TOKEN, controlled
from support.proxy import ROOT

PAGE = (ROOT / "docs" / "ui-tests.md").read_text("utf-8")
CALLS = {
    "swift": r'passlens\.call\("(\w+)", "([^"]+)"(?:, #"(.*?)"#)?\)',
    "kotlin": r'passlens\.call\("(\w+)", "([^"]+)"(?:, """(.*?)""")?\)',
}


class ShownCall(NamedTuple):
    """A request as the page shows it."""

    method: str
    path: str
    body: str


def fenced(kind: str) -> str:
    (found,) = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.S)
    return str(found)


SHOWN = [ShownCall(method, path, body) for method, path, body in re.findall(r"(\w+) (\S+) ?(.*)\n", fenced("http"))]


@pytest.mark.parametrize("kind", CALLS)
def test_the_example_sends_what_is_shown(kind: str) -> None:
    sent = [
        ShownCall(method, re.sub(r"\\\(code\)|\$code", "CODE", path), body)
        for method, path, body in re.findall(CALLS[kind], fenced(kind))
    ]
    assert sent == SHOWN


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", PAGE, re.S))
def test_the_examples_in_python_are_python(code: str) -> None:
    compile(code, "docs/ui-tests.md", "exec")


def send(port: int, call: ShownCall) -> tuple[int, Any]:
    """One request over a connection of its own, as it is shown."""
    length = f"Content-Length: {len(call.body)}\r\n" if call.body or call.method == "POST" else ""
    head = f"{call.method} {call.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {TOKEN}\r\n{length}"
    with socket.create_connection(("127.0.0.1", port), 60) as connection:
        connection.sendall(f"{head}Connection: close\r\n\r\n{call.body}".encode())
        with connection.makefile("rb") as stream:
            answer = stream.read()
    status, _, body = answer.partition(b"\r\n\r\n")
    return int(status.split()[1]), json.loads(body)


def test_a_proxy_takes_the_requests_word_for_word(confdir: Path, tmp_path: Path) -> None:
    with controlled(confdir, tmp_path) as stage, stage.app() as app:
        port, code, polled = stage.api.address.port, "", threading.Event()

        def use_the_app() -> None:
            made = app.partner_session(
                "granted", "harbour-cable", domainName="a.example", redirectUrl="https://a.example"
            )
            while not app.poll(made)["profiles"]:
                polled.wait(0.05)

        device = threading.Thread(target=use_the_app, daemon=True)
        answers = []
        for call in SHOWN:
            status, answer = send(port, call._replace(path=call.path.replace("CODE", code)))
            assert status == 200, (call, answer)
            answers.append(answer)
            if call.method == "PUT":
                device.start()
            if "P3" in call.path:
                code = answer["exchanges"][0]["code"]
        device.join(30)
    assert answers[1]["name"] == "pfs-fallback"
    assert answers[3]["sessions"][0]["state"] == "authenticated"
    assert answers[4]["exchanges"][0]["results"][0]["kind"] == "profile"
    assert answers[5]["findings"] == []
    assert answers[6]["name"] is None
