"""The demo's client before a plain server of its own: what it sends, what it reads."""

import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from passlens.demo.client import ProxiedClient, Reply


class Echo(BaseHTTPRequestHandler):
    """Answers with what it got."""

    def do_POST(self) -> None:
        """Give the body back."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("X-Type", self.headers["Content-Type"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def client() -> Iterator[ProxiedClient]:
    server = HTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made = ProxiedClient.__new__(ProxiedClient)
    made._pause = 0.0
    made._connection = HTTPConnection("127.0.0.1", server.server_port, timeout=60)  # type: ignore[assignment]
    yield made
    made.close()
    server.shutdown()
    server.server_close()


def test_forms_and_json_are_sent_as_such(client: ProxiedClient) -> None:
    form = client.form("/x", {}, a="1 2", b="ü")
    assert (form.headers["X-Type"], form.body) == ("application/x-www-form-urlencoded", b"a=1+2&b=%C3%BC")
    sent = client.post_json("/x", {}, {"a": [1]})
    assert (sent.headers["X-Type"], sent.json) == ("application/json;charset=utf-8", {"a": [1]})


def test_a_body_that_is_no_object_is_an_empty_one() -> None:
    assert Reply(200, {}, b"<html>").json == {}
    assert Reply(200, {}, b"[1]").json == {}
