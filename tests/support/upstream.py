"""A small real server on loopback: HTTP/1.1 in plain text, HTTP/1.1 and HTTP/2 over TLS, with scripted answers.
It runs in a thread of its own; ``with Upstream() as upstream`` starts and stops it."""

import asyncio
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import suppress

from h2.exceptions import ProtocolError

from samples.case import Case
from support.certificate import server_context
from support.http1_server import serve_http1
from support.http2_server import serve_http2
from support.reply import Received, Reply

PATIENCE = 60.0
NOTHING_LEFT = Reply(404, (("Content-Type", "text/plain"),), b"the upstream has no answer scripted", "Not Found")


class Upstream:
    """``play`` puts answers into a queue; ``on`` answers one method and path always alike. ``received`` has every
    request, ``tls_port`` and ``plain_port`` say where it listens."""

    def __init__(self, protocols: tuple[str, ...] = ("h2", "http/1.1")) -> None:
        self.received: list[Received] = []
        self.default = NOTHING_LEFT
        self.plain_port = self.tls_port = 0
        self._queue: deque[Reply] = deque()
        self._fixed: dict[tuple[str, str], Reply] = {}
        self._by_case: dict[tuple[str, str, bytes], deque[Reply]] = defaultdict(deque)
        self._tls = server_context(*protocols)
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="upstream", daemon=True)

    # ---- what to answer

    def play(self, *responses: Reply | Case) -> None:
        """Answer the next requests in this order. A case waits for its own method, path and body."""
        for response in responses:
            if isinstance(response, Case):
                self._by_case[response.method, response.path, response.body].append(Reply.of(response))
            else:
                self._queue.append(response)

    def on(self, method: str, path: str, reply: Reply) -> None:
        """Answer this method and path so, whenever nothing is queued for it."""
        self._fixed[method, path] = reply

    def choose(self, request: Received) -> Reply:
        """The answer to a request: its case, else the queue, else what ``on`` fixed, else ``default``."""
        self.received.append(request)
        mine = self._by_case.get((request.method, request.target, request.body))
        if mine:
            return mine.popleft()
        if self._queue:
            return self._queue.popleft()
        return self._fixed.get((request.method, request.target), self.default)

    # ---- life

    def __enter__(self) -> "Upstream":
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(PATIENCE)
        return self

    def __exit__(self, *exc_info: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    async def _start(self) -> None:
        limit = 1 << 23
        self._servers = [
            await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=limit),
            await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=limit, ssl=self._tls),
        ]
        self.plain_port, self.tls_port = (server.sockets[0].getsockname()[1] for server in self._servers)

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        tls = writer.get_extra_info("ssl_object")
        try:
            if tls is not None and tls.selected_alpn_protocol() == "h2":
                await serve_http2(reader, writer, self.choose)
            else:
                await serve_http1(reader, writer, self.choose, tls=tls is not None)
        except (OSError, EOFError, asyncio.CancelledError, asyncio.LimitOverrunError, ValueError, ProtocolError):
            pass
        finally:
            self._tasks.discard(task)
            with suppress(Exception):
                writer.close()

    def __iter__(self) -> Iterator[Received]:
        return iter(self.received)
