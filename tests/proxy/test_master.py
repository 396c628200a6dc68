"""passlens proxy without addons that nobody asked for: what stands aside, and that each is back when an option or a
command asks for it, seen by real requests through a running proxy."""

import asyncio
import contextlib
import http.client
import http.server
import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from mitmproxy import exceptions, options
from mitmproxy.http import Headers, HTTPFlow, Response
from mitmproxy.io import FlowReader, FlowWriter
from mitmproxy.proxy.layers.http import HttpRequestHook
from mitmproxy.test import tflow

from passlens.addon import Sessions
from passlens.proxy.master import NEEDED_BY, NEEDED_BY_MODES, Master, name_of, without_type_checks

PATIENCE = 60.0
ALWAYS = {"termlog", "core", "disableh2c", "proxyserver", "nextlayer", "tlsconfig", "scriptloader", "sessions"}
T = TypeVar("T")


class Server(http.server.ThreadingHTTPServer):
    """Answers each request with its path, and remembers its headers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[str, dict[str, str]]] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}))  # type: ignore[attr-defined]
        body = f"you asked for {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "taste=plain; Path=/")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


class Running:
    """A proxy in a thread of its own, with an event loop that can be asked to do things."""

    def __init__(self, lean: bool, confdir: Path, **given: object) -> None:
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run(lean, confdir, given)), daemon=True)
        self._thread.start()
        assert self._ready.wait(PATIENCE)

    async def _run(self, lean: bool, confdir: Path, given: dict[str, object]) -> None:
        self.loop = asyncio.get_running_loop()
        opts = options.Options(confdir=str(confdir), listen_host="127.0.0.1", listen_port=0)
        self.master = Master(opts, Sessions(), lean=lean)
        self.master.options.update(flow_detail=0, **given)

        async def tell() -> None:
            while not hasattr(self.master, "_places") or not self.master.addons.get("proxyserver").listen_addrs():
                await asyncio.sleep(0.01)
            self._ready.set()

        task = asyncio.create_task(tell())
        await self.master.run()
        task.cancel()

    def do(self, work: Callable[[], T]) -> T:
        """Have something done between two events."""

        async def done() -> T:
            return work()

        return asyncio.run_coroutine_threadsafe(done(), self.loop).result(PATIENCE)

    def set(self, **given: object) -> None:
        self.do(lambda: self.master.options.update(**given))

    def names(self) -> list[str]:
        return self.do(lambda: [name_of(addon) for addon in self.master.addons.chain])

    def get(self, url: str, **headers: str) -> tuple[int, str]:
        """Status and body of a request through the proxy."""
        (address,) = self.do(lambda: self.master.addons.get("proxyserver").listen_addrs())
        connection = http.client.HTTPConnection("127.0.0.1", address[1], timeout=PATIENCE)
        connection.request("GET", url, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        body = response.read().decode()
        connection.close()
        return response.status, body

    def stop(self) -> None:
        if self._thread.is_alive():
            self.master.shutdown()
            self._thread.join(PATIENCE)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def start(confdir: Path) -> Iterator[Callable[..., Running]]:
    with contextlib.ExitStack() as stack:

        def started(lean: bool = True, **given: object) -> Running:
            made = Running(lean, confdir, **given)
            stack.callback(made.stop)
            return made

        yield started


@pytest.fixture
def proxy(start: Callable[..., Running]) -> Running:
    return start()


def test_the_table_names_addons_and_options_of_this_mitmproxy(proxy: Running) -> None:
    known = set(proxy.do(lambda: dict(proxy.master.addons.lookup)))
    assert set(NEEDED_BY) | set(NEEDED_BY_MODES) <= known
    assert {option for names in NEEDED_BY.values() for option in names} <= set(proxy.master.options.keys())


def test_what_has_no_use_stands_aside_and_the_rest_stays(proxy: Running) -> None:
    assert set(proxy.names()) - {"block", "onboarding"} == ALWAYS
    # By name everything is still to be had.
    assert proxy.do(lambda: proxy.master.addons.get("save")) is not None


def test_with_all_addons_nothing_stands_aside(start: Callable[..., Running]) -> None:
    assert set(NEEDED_BY) | set(NEEDED_BY_MODES) <= set(start(lean=False).names())


def test_an_option_that_is_set_at_the_start_keeps_its_addon(start: Callable[..., Running]) -> None:
    names = start(anticache=True, onboarding=False, block_global=False).names()
    assert "anticache" in names
    assert not {"onboarding", "block"} & set(names)


def test_other_modes_keep_their_addons(start: Callable[..., Running], server: Server) -> None:
    names = start(mode=[f"reverse:{server.origin}"]).names()
    assert set(NEEDED_BY_MODES) <= set(names)


def test_a_script_of_the_user_keeps_all(start: Callable[..., Running], tmp_path: Path) -> None:
    script = tmp_path / "own.py"
    script.write_text("")
    proxy = start()
    proxy.set(scripts=[str(script)])
    assert set(NEEDED_BY) | set(NEEDED_BY_MODES) <= set(proxy.names())


def test_it_comes_back_to_its_place(start: Callable[..., Running]) -> None:
    usual = start(lean=False).names()
    proxy = start()
    for name in ("modify_headers", "anticache", "map_local"):
        proxy.set(**{name: True if name == "anticache" else ["|a|b|c"] if name == "modify_headers" else ["|a|/tmp"]})
    names = proxy.names()
    assert {"modifyheaders", "anticache", "maplocal"} <= set(names)
    assert names == [name for name in usual if name in names]


Effect = Callable[[Running, Server, Path], None]


def anticache(proxy: Running, server: Server, folder: Path) -> None:
    proxy.set(anticache=True)
    proxy.get(server.origin, If_None_Match="x")
    assert "if-none-match" not in server.got[-1][1]


def anticomp(proxy: Running, server: Server, folder: Path) -> None:
    proxy.set(anticomp=True)
    proxy.get(server.origin, Accept_Encoding="gzip")
    assert server.got[-1][1]["accept-encoding"] == "identity"


def block_list(proxy: Running, server: Server, folder: Path) -> None:
    proxy.set(block_list=["|~u secret|403"])
    assert proxy.get(f"{server.origin}/secret")[0] == 403
    assert proxy.get(f"{server.origin}/other")[0] == 200


def map_local(proxy: Running, server: Server, folder: Path) -> None:
    (folder / "local.txt").write_text("from the disk")
    proxy.set(map_local=[f"|/mapped|{folder / 'local.txt'}"])
    assert proxy.get(f"{server.origin}/mapped") == (200, "from the disk")


def map_remote(proxy: Running, server: Server, folder: Path) -> None:
    proxy.set(map_remote=["|/here|/there"])
    assert proxy.get(f"{server.origin}/here") == (200, "you asked for /there")


def modify_body(proxy: Running, server: Server, folder: Path) -> None:
    proxy.set(modify_body=["|~s|asked|begged"])
    assert proxy.get(f"{server.origin}/a") == (200, "you begged for /a")


def modify_headers(proxy: Running, server: Server, folder: Path) -> None:
    proxy.set(modify_headers=["|~q|X-Added|yes"])
    proxy.get(server.origin)
    assert server.got[-1][1]["x-added"] == "yes"


def stickycookie(proxy: Running, server: Server, folder: Path) -> None:
    proxy.set(stickycookie=".*")
    proxy.get(server.origin)
    proxy.get(server.origin)
    assert server.got[-1][1]["cookie"] == "taste=plain"


def stickyauth(proxy: Running, server: Server, folder: Path) -> None:
    proxy.set(stickyauth=".*")
    proxy.get(server.origin, Authorization="Basic made-up")
    proxy.get(server.origin)
    assert server.got[-1][1]["authorization"] == "Basic made-up"


def proxyauth(proxy: Running, server: Server, folder: Path) -> None:
    proxy.set(proxyauth="someone:something")
    assert proxy.get(server.origin)[0] == 407


def save_stream_file(proxy: Running, server: Server, folder: Path) -> None:
    proxy.set(save_stream_file=str(folder / "saved.mitm"))
    proxy.get(f"{server.origin}/saved")
    proxy.set(save_stream_file=None)
    (flow,) = FlowReader(io.BytesIO((folder / "saved.mitm").read_bytes())).stream()
    assert flow.request.path == "/saved"  # type: ignore[attr-defined]


def hardump(proxy: Running, server: Server, folder: Path) -> None:
    proxy.set(hardump=str(folder / "saved.har"))
    proxy.get(f"{server.origin}/dumped")
    proxy.stop()
    assert "/dumped" in (folder / "saved.har").read_text()


def server_replay(proxy: Running, server: Server, folder: Path) -> None:
    proxy.set(server_replay=[str(recorded(folder, f"{server.origin}/replayed"))], server_replay_reuse=True)
    proxy.set(server_replay_extra="404")
    assert proxy.get(f"{server.origin}/replayed") == (200, "message")
    assert proxy.get(f"{server.origin}/other")[0] == 404


def client_replay(proxy: Running, server: Server, folder: Path) -> None:
    proxy.set(client_replay=[str(recorded(folder, f"{server.origin}/sent-again"))])
    for _ in range(200):
        if any(path == "/sent-again" for path, _ in server.got):
            return
        proxy.get(f"{server.origin}/meanwhile")
    raise AssertionError("the recorded request was not sent")


def flow_detail(proxy: Running, server: Server, folder: Path) -> None:
    printed = io.StringIO()
    proxy.do(lambda: setattr(proxy.master.addons.get("dumper"), "outfp", printed))
    proxy.set(flow_detail=1)
    proxy.get(f"{server.origin}/printed")
    assert "/printed" in printed.getvalue()


def upstream_auth(proxy: Running, server: Server, folder: Path) -> None:
    proxy.set(upstream_auth="someone:something", mode=[f"upstream:{server.origin}"])
    assert "upstreamauth" in proxy.names()


EFFECTS: list[Effect] = [
    anticache, anticomp, block_list, client_replay, flow_detail, hardump, map_local, map_remote, modify_body,
    modify_headers, proxyauth, save_stream_file, server_replay, stickyauth, stickycookie, upstream_auth,
]  # fmt: skip


def recorded(folder: Path, url: str) -> Path:
    """A recording of one answered request."""
    flow = tflow.tflow(resp=True)
    flow.request.url = url
    flow.request.content = b""
    path = folder / "recorded.mitm"
    with path.open("wb") as file:
        FlowWriter(file).add(flow)
    return path


def test_each_option_of_the_table_is_tried() -> None:
    tried = {effect.__name__ for effect in EFFECTS} | {"block_global", "block_private", "onboarding"}
    assert tried == {option for names in NEEDED_BY.values() for option in names}


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.__name__)
def test_an_option_that_is_set_while_running_works(
    effect: Effect, proxy: Running, server: Server, tmp_path: Path
) -> None:
    effect(proxy, server, tmp_path)


def test_a_wrong_value_is_refused_and_traffic_goes_on(proxy: Running, server: Server) -> None:
    with pytest.raises(exceptions.OptionsError):
        proxy.set(modify_body=["x"])
    assert proxy.master.options.modify_body == []
    assert proxy.get(f"{server.origin}/a") == (200, "you asked for /a")


@pytest.mark.parametrize(
    ("command", "name"),
    [("export.formats", "export"), ("replay.client.count", "clientplayback"), ("replay.server.stop", "serverplayback")],
)
def test_a_command_brings_its_addon_back(command: str, name: str, proxy: Running) -> None:
    assert name not in proxy.names()
    proxy.do(lambda: proxy.master.commands.call(command))
    assert name in proxy.names()


def test_the_passlens_commands_work(proxy: Running) -> None:
    assert "no scenario" in proxy.do(lambda: str(proxy.master.commands.call("passlens.status")))
    proxy.do(lambda: proxy.master.commands.call("passlens.scenario", "pfs-fallback"))
    assert proxy.names()[-1] == "passlens-late"
    proxy.do(lambda: proxy.master.commands.call("passlens.scenario.off"))
    assert "passlens-late" not in proxy.names()


def wrong() -> Response:
    return Response(b"HTTP/1.1", "200", b"OK", Headers(), b"", None, 1.0, 2.0)  # type: ignore[arg-type]


def test_types_of_messages_are_looked_at_where_they_are_not_mitmproxys_own() -> None:
    with without_type_checks():
        wrong()
    with pytest.raises(TypeError):
        wrong()


def test_a_proxy_looks_at_types_only_where_messages_come_from_files_and_scripts(
    start: Callable[..., Running], tmp_path: Path
) -> None:
    def looks(**given: object) -> bool:
        proxy = start(**given)
        try:
            wrong()
        except TypeError:
            return True
        finally:
            proxy.stop()
        return False

    script, file = tmp_path / "script.py", tmp_path / "flows.mitm"
    script.write_text("")
    file.write_bytes(b"")
    assert not looks()
    assert looks(scripts=[str(script)])
    assert looks(rfile=str(file), keepserving=True)
    assert looks(lean=False)


class Told:
    """An addon that notes that it was told; ``addons`` are those inside it."""

    def __init__(self, name: str, told: list[str], *addons: object, error: Exception | None = None) -> None:
        self.name, self.addons, self._told, self._error = name, list(addons), told, error

    async def request(self, flow: HTTPFlow) -> None:
        await asyncio.sleep(0)
        self._told.append(self.name)
        if self._error is not None:
            raise self._error


def test_an_event_reaches_all_addons_in_turn_until_one_halts_it() -> None:
    told: list[str] = []

    async def trigger() -> None:
        master = Master(options.Options(), Sessions())
        outer, last = Told("outer", told, Told("inner", told)), Told("last", told)
        halts = Told("halts", told, error=exceptions.AddonHalt())
        fails = Told("fails", told, error=RuntimeError("a fault of an addon"))
        master.addons.chain = [outer, object(), fails, last, halts, fails]
        await master.addons.trigger_event(HttpRequestHook(tflow.tflow()))

    asyncio.run(trigger())
    assert told == ["outer", "inner", "fails", "last", "halts"]
