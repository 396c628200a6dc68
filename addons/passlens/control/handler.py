"""The requests of the control API: who asks is checked before what is asked (Host, Origin, token).
No answer lets another origin read it (no CORS)."""

import asyncio
import json
import logging
import socket
from functools import cache
from http.client import responses
from types import TracebackType
from typing import Any, Final, Protocol, cast
from urllib.parse import unquote

from tornado import iostream, web

from passlens.control import guard, recording
from passlens.control.arguments import body_of, query_of
from passlens.control.calls import CALLS, Call, openapi
from passlens.control.connection import SERVER
from passlens.control.events import Events
from passlens.control.models import RecordingQuery, ScenarioQuery
from passlens.control.panel import page as panel
from passlens.control.query import ExchangesQuery
from passlens.control.service import Service
from passlens.control.timeline_models import TimelineQuery
from passlens.util.text import nearest_of

logger = logging.getLogger(__name__)

OPENAPI: Final = "/openapi.json"
KEEP_ALIVE: Final = 15
"""Seconds between two comments in a stream of events that has nothing to tell."""

SEND_BUFFER: Final = 65_536
"""Bytes of a stream of events that the system holds for a reader."""


class Serving(Protocol):
    """What a request needs of its server; one recording is made at a time (``saving``)."""

    service: Service
    events: Events
    token: str
    port: int
    stopped: bool
    saving: asyncio.Lock


@cache
def _description() -> str:
    """openapi.json, which takes a tenth of a second to make, and anybody may ask for it."""
    return json.dumps(openapi())


class _Refused(Exception):
    """The request is not done: a status, a code and a sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@web.stream_request_body
class ApiHandler(web.RequestHandler):
    """All calls of one path. The body is taken as it comes: tornado would look for forms in it, and log what is wrong
    with them before anybody has asked who sent it."""

    SUPPORTED_METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS")

    def initialize(self, server: Serving, path: str | None) -> None:
        self._server, self._path = server, path
        self._body = bytearray()

    def data_received(self, chunk: bytes) -> None:
        """A piece of the body; the server's bound holds for all of it."""
        self._body += chunk

    def decode_argument(self, value: bytes, name: str | None = None) -> str:
        """A segment of the path; what is no UTF-8 names nothing that is known."""
        return value.decode("utf-8", "replace")

    def set_default_headers(self) -> None:
        self.set_header("Server", SERVER)
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("X-Frame-Options", "DENY")
        self.set_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")

    def compute_etag(self) -> None:
        """None: answers are not cached."""

    async def _respond(self, *segments: str) -> None:
        try:
            await self._handle(*segments)
        except _Refused as refused:
            self._refuse(refused)
        except LookupError as error:
            self._refuse(_Refused(404, "not_found", str(error.args[0] if error.args else error)))
        except ValueError as error:
            self._refuse(_Refused(400, "invalid", str(error)))
        except (asyncio.CancelledError, iostream.StreamClosedError):
            """The client is gone; nobody is left to be answered."""

    get = put = post = delete = head = patch = options = _respond

    async def _handle(self, *segments: str) -> None:
        if self._server.stopped:
            raise _Refused(503, "stopped", "The control API is off; the option passlens_control switches it on.")
        self._check_origin()
        if self._path is None:
            known = [*dict.fromkeys(call.path for call in CALLS), OPENAPI]
            near = nearest_of(self.request.path, known)
            words = f"did you mean {near}?" if near is not None else "/openapi.json lists the calls."
            raise _Refused(404, "not_found", f"There is no {self.request.path[:80]}; {words}")
        if self._path == OPENAPI or self._path in panel.files():
            self._plain(self._path)
            return
        if not guard.has_token(self.request.headers.get("Authorization"), self._server.token):
            self.set_header("WWW-Authenticate", "Bearer")
            words = "The token is missing or wrong; passlens ctl finds it, and PASSLENS_CONTROL_TOKEN sets it."
            raise _Refused(401, "unauthorized", words)
        await self._do(self._call(), *(unquote(one) for one in segments))

    def _plain(self, path: str) -> None:
        """What needs no token, for it tells nothing of this proxy."""
        if self.request.method != "GET":
            raise _Refused(405, "method_not_allowed", f"{path} takes GET.")
        if path == OPENAPI:
            self._finish_text(_description())
            return
        file = panel.files()[path]
        self.set_header("Content-Type", file.media_type)
        self.set_header("Content-Security-Policy", panel.POLICY)
        self.finish(file.data)

    def _check_origin(self) -> None:
        host = self.request.headers.get("Host")
        if len(self.request.headers.get_list("Host")) != 1 or not guard.is_own_host(host, self._server.port):
            words = "The Host header names no address of this API; ask by its IP address or localhost, with the port."
            raise _Refused(403, "wrong_host", words)
        if not guard.is_own_origin(self.request.headers.get("Origin"), host or ""):
            raise _Refused(403, "wrong_origin", "Pages of other origins get nothing from this API.")

    def _call(self) -> Call:
        of_path = {call.method: call for call in CALLS if call.path == self._path}
        call = of_path.get(self.request.method or "")
        if call is None:
            self.set_header("Allow", ", ".join(of_path))
            raise _Refused(405, "method_not_allowed", f"{self._path} takes {' and '.join(of_path)}.")
        return call

    async def _do(self, call: Call, *segments: str) -> None:
        service, query, body = (
            self._server.service,
            query_of(call, self.request.query_arguments),
            body_of(call, bytes(self._body)),
        )
        match call.name:
            case "exchanges":
                await self._exchanges(cast(ExchangesQuery, query))
            case "events":
                await self._events()
            case "recording":
                await self._recording(cast(RecordingQuery, query))
            case "timelines":
                await self._timelines(cast(TimelineQuery, query))
            case "scenarios":  # a folder may have a thousand, and each is read
                self._finish(await asyncio.to_thread(service.scenarios))
            case "scenario":
                self._finish(service.running(cast(ScenarioQuery, query).device))
            case "stop":
                self._finish(service.stop(cast(ScenarioQuery, query).device))
            case name:
                given = [*segments, *(one for one in (query, body) if one is not None)]
                self._finish(getattr(service, name)(*given))

    async def _exchanges(self, query: ExchangesQuery) -> None:
        service = self._server.service
        found, last = service.exchanges(query)
        if query.wait and not found:
            self._waiting = asyncio.current_task()
            if not await service.journal.wait(query):
                raise _Refused(429, "too_many_waits", "Too many requests wait already; wait with fewer of them.")
            found, last = service.exchanges(query)
        self._finish_text(f'{{"exchanges":[{",".join(record.json() for record in found)}],"next":{last}}}')

    async def _timelines(self, query: TimelineQuery) -> None:
        """Drawn in a thread, for the first ones take a while, and traffic waits for nothing."""
        draw = self._server.service.timelines(query)
        self._finish_text(await asyncio.to_thread(lambda: json.dumps(draw())))

    _waiting: asyncio.Task[Any] | None = None

    def on_connection_close(self) -> None:
        """The client is gone, so nobody waits any longer."""
        if self._waiting is not None:
            self._waiting.cancel()

    async def _events(self) -> None:
        reader = self._server.events.read()
        if reader is None:
            raise _Refused(429, "too_many_readers", "Too many streams of events are open already; close some.")
        self._waiting = asyncio.current_task()
        self.set_header("Content-Type", "text/event-stream")
        # What waits for a slow reader waits where it is counted, not in the system's buffers, which grow.
        self.request.connection.stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)  # type: ignore[union-attr]
        self.write(": passlens\n\n")
        try:
            await self.flush()
            while (text := await reader.next(KEEP_ALIVE)) is not None:
                self.write(text or ": \n\n")
                await self._flush_or_end(reader)
        finally:
            self._server.events.leave(reader)

    async def _flush_or_end(self, reader: Any) -> None:
        """Wait until the text is out; a reader that was dropped meanwhile is hung up on."""
        sent = asyncio.ensure_future(self.flush())
        while not sent.done():
            await asyncio.wait([sent], timeout=1)
            if reader.over and not sent.done():
                sent.cancel()
                self.request.connection.close()  # type: ignore[union-attr]
                raise iostream.StreamClosedError
        await sent

    async def _recording(self, query: RecordingQuery) -> None:
        if self._server.saving.locked():
            raise _Refused(429, "busy", "A recording is being made already; ask again in a moment.")
        journal = self._server.service.journal
        async with self._server.saving:
            if query.format == "html":
                data = await asyncio.to_thread(recording.report, [record.entry for record in journal.after(0)])
            else:
                data = await asyncio.to_thread(recording.clean_copy, journal.flows(), query.format)
        self.set_header("Content-Type", recording.MEDIA_TYPES[query.format])
        self.set_header("Content-Disposition", f'attachment; filename="passlens.{query.format}"')
        await self.finish(data)

    # ---- what is answered

    def _finish(self, value: Any) -> None:
        self._finish_text(json.dumps(value))

    def _finish_text(self, text: str) -> None:
        self.set_header("Content-Type", "application/json")
        self.finish(text)

    def _refuse(self, refused: _Refused) -> None:
        self.set_status(refused.status)
        self._finish({"error": {"code": refused.code, "message": refused.message}})

    def log_exception(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What should never come; what tornado refuses is told to who asked, and the log quotes no request."""
        if not isinstance(error, web.HTTPError):
            logger.error("passlens: the control API failed to answer %s.", self._path, exc_info=error)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """What tornado refuses, and what should never come: no traceback leaves."""
        words = "passlens failed to answer." if status_code >= 500 else f"{responses.get(status_code, 'Refused')}."
        self._refuse(_Refused(status_code, "internal" if status_code >= 500 else "refused", words))
