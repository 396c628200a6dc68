"""Lines of mitmproxy's own log under ``passlens proxy``: what a client sent is in none of them."""

import errno
import logging
import os
import socket
from pathlib import Path

import pytest

from passlens.proxy.log_filter import MAX_CHARS, LogFilter, port_taken, redact
from passlens.redaction.pseudonym import pseudonym
from support.proxy import Proxy, becomes

HIDDEN = [
    ("Invalid header: b'opensesame'", "opensesame"),
    ("Invalid header: 'opensesame'", "opensesame"),
    ('Bad line "open sesame" here', "open sesame"),
    ("Bad line `opensesame`", "opensesame"),
    (r"Bad line 'open\'sesame'", "sesame"),
    ("Cut here: b'opensesame and no en", "opensesame"),
    ("It can't be: 'opensesame', isn't it", "opensesame"),
    ("Authorization: Bearer opensesame", "opensesame"),
    ("sent Bearer opensesame to it", "opensesame"),
    ("cookie=opensesame; more=1", "opensesame"),
    ("GET https://sp.auth.adobe.com/x?token=opensesame failed", "opensesame"),
    ("disconnect 203.0.113.9:4711", "203.0.113.9"),
    ("peer ('2a02:1234::9', 4711, 0, 0)", "2a02:1234::9"),
    ("who somebody@mail.example.net", "somebody"),
    ("token eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln", "eyJzdWIi"),
    ("run " + "a1B2c3D4e5F6g7H8i9J0" * 2, "a1B2c3D4e5F6g7H8i9J0"),
]
SHOWN = [
    "HTTP(S) proxy listening at *:8080.",
    "Loading script /home/someone/a/rather/long/folder/of/scripts/with/parts/inspect2.py",
    "Error in script '/home/someone/inspect.py'",
    "Loading script /tmp/pytest-of-someone/pytest-203/test_a_real_proxy_quotes_nothi1/failing.py",
    "[Errno 98] error while attempting to bind on address ('127.0.0.1', 8080): address already in use",
    "Client 192.168.1.50 cannot be served, can it? It can't.",
    "Unknown option: 'anticach'",
]


@pytest.mark.parametrize(("words", "secret"), HIDDEN)
def test_what_was_sent_is_hidden(words: str, secret: str) -> None:
    shown = redact(words)
    assert secret not in shown
    assert "sha256:" in shown


@pytest.mark.parametrize("words", SHOWN)
def test_what_mitmproxy_says_of_itself_stays(words: str) -> None:
    assert redact(words) == words


def test_texts_and_bytes_have_one_pseudonym() -> None:
    made = pseudonym("opensesame")
    assert redact("'opensesame' b\"opensesame\"") == f"'{made}' b\"{made}\""


def test_a_line_is_cut_where_it_is_too_long() -> None:
    assert redact("x y " * (MAX_CHARS // 4)) == "x y " * (MAX_CHARS // 4)
    assert redact("x y " * (MAX_CHARS // 4) + "z") == "x y " * (MAX_CHARS // 4) + "..."


def record(name: str, words: str, *values: object, client: object = None) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.WARNING, "", 0, words, values, None)
    made.client = client
    return made


@pytest.mark.parametrize(
    ("client", "shown"),
    [
        (("203.0.113.9", 4711), None),
        (("2a02:1234::9", 4711, 0, 0), None),
        (("192.168.1.50", 4711), ("192.168.1.50", 4711)),
        (("::ffff:10.0.0.1", 4711, 0, 0), ("::ffff:10.0.0.1", 4711, 0, 0)),
        (None, None),
    ],
)
def test_only_clients_of_private_networks_are_named(client: object, shown: object) -> None:
    for name in ("mitmproxy.proxy.server", "passlens.proxy.inspector"):
        one = record(name, "words", client=client)
        assert LogFilter(lambda: False).filter(one)
        assert one.client == shown  # type: ignore[attr-defined]


def test_a_traceback_is_redacted_as_well() -> None:
    one = record("asyncio", "failed: %s", "it")
    try:
        raise ValueError("bad header b'opensesame'")
    except ValueError as error:
        one.exc_info = (ValueError, error, error.__traceback__)
    assert LogFilter(lambda: False).filter(one)
    text = logging.Formatter().format(one)
    assert "Traceback" in text
    assert "opensesame" not in text


def test_what_passlens_says_and_what_is_revealed_stays() -> None:
    one = record("passlens.proxy.inspector", "no scenario %r", "opensesame")
    assert LogFilter(lambda: False).filter(one)
    assert one.getMessage() == "no scenario 'opensesame'"
    other = record("mitmproxy.x", "bad %r", b"opensesame", client=("203.0.113.9", 1))
    assert LogFilter(lambda: True).filter(other)
    assert other.getMessage() == "bad b'opensesame'"
    assert other.client == ("203.0.113.9", 1)  # type: ignore[attr-defined]


def test_a_port_that_is_taken_is_one_sentence_with_who_has_it_and_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = f"HTTP(S) proxy failed to listen on *:{port} with [Errno {errno.EADDRINUSE}] error while attempting"
        one = record("mitmproxy.addons.proxyserver", f"{words} to bind on address\nTry specifying a different port")
        assert LogFilter(lambda: False).filter(one)
    said = one.getMessage()
    assert said.startswith(f"passlens: port {port} is taken by ")
    assert f"process {os.getpid()}" in said
    assert said.endswith(f"; end that, or use another port: passlens proxy --port {port + 1}.")
    assert port_taken("HTTP(S) proxy failed to listen on *:80 with [Errno 13] permission denied") is None


@pytest.mark.parametrize("has_banner", [True, False])
def test_what_the_banner_says_stands_on_a_screen_once(has_banner: bool) -> None:
    for name, words in (
        ("mitmproxy.proxy.mode_servers", "HTTP(S) proxy listening at *:8080."),
        ("passlens.control.control", "passlens: the control API listens at http://127.0.0.1:8084 (passlens ctl)."),
    ):
        assert LogFilter(lambda: False, lambda: has_banner).filter(record(name, words)) is not has_banner
    assert LogFilter(lambda: False, lambda: has_banner).filter(record("mitmproxy.x", "another is listening at a"))


SCRIPT = """
import asyncio
import logging

class Failing:
    def running(self):
        logging.getLogger("mitmproxy.proxy.server").setLevel(logging.INFO)
        # While mitmproxy starts, an error of an addon ends it.
        asyncio.get_running_loop().call_later(1, print, "the start is over")

    def requestheaders(self, flow):
        raise ValueError(f"cannot take {dict(flow.request.headers)} of {flow.request.path!r}")

addons = [Failing()]
"""
"""An addon that fails as addons do, and mitmproxy at its most talkative."""

SENT = (
    b"GET http://127.0.0.1:1/opensesame HTTP/1.1\r\nHost: 127.0.0.1:1\r\nX-Word: opensesame\r\n\r\n",
    b"opensesame-as-a-line 1234\r\n",
    b"GET http://127.0.0.1:1/ HTTP/1.1\r\nHost: a\r\nopensesame without colon\r\n\r\n",
)


def talk(port: int, data: bytes) -> None:
    """Send something, close our side, and wait for the proxy to close its own."""
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        while client.recv(1 << 16):
            pass


@pytest.mark.parametrize("words", [(), ("--ui", "web"), ("--reveal",)])
def test_a_real_proxy_quotes_nothing_that_a_client_sent(confdir: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    script = tmp_path / "failing.py"
    script.write_text(SCRIPT)
    options = {"web_open_browser": False, "web_port": 0} if words == ("--ui", "web") else {}
    with Proxy(confdir, command=becomes(*words), scripts=[script], **options) as proxy:
        proxy.wait_for("the start is over")
        for data in SENT:
            talk(proxy.port, data)
            proxy.wait_for("client disconnect")
        proxy.wait_for("Addon error")
        proxy.wait_for("before completing request headers")
    said = proxy.stdout + proxy.stderr
    assert "failing.py" in said
    assert ("opensesame" in said) == (words == ("--reveal",)), said


@pytest.mark.parametrize("terminal", [True, False])
def test_the_token_of_mitmweb_is_shown_on_a_terminal_only(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    words = "Web server listening at http://127.0.0.1:8081/?token=0a1b2c3d4e5f"
    record = logging.LogRecord("mitmproxy.tools.web.master", logging.INFO, "", 0, words, (), None)
    assert LogFilter(lambda: False).filter(record)
    assert ("0a1b2c3d4e5f" in record.getMessage()) is terminal
