"""A control API that says what a test tells it: a real server with a token on loopback."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from passlens.control.connection import SERVER

TOKEN = "token-of-the-tests"


class ControlApi:
    """``with ControlApi() as api``: ``api.answers`` holds for each path an object, or bytes as they are."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {
            "/api/v1/status": {"port": 8080, "hosts": ["*.auth.adobe.com"], "passed": [], "sandbox": False},
            "/api/v1/devices": {"devices": []},
        }
        answers = self.answers

        class Handler(BaseHTTPRequestHandler):
            def version_string(self) -> str:
                return SERVER

            def do_GET(self) -> None:
                if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                    self.send_error(401)
                    return
                answer = answers[self.path]
                body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])

    def __enter__(self) -> "ControlApi":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
