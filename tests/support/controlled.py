"""A real proxy with a sandbox and its control API, and a device before it."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from passlens.control.calls import CALLS, openapi
from passlens.control.connection import ControlConnection
from passlens.control.runtime_file import Address
from passlens.demo.app import App
from passlens.demo.client import ProxiedClient
from passlens.rest_v2.operations import HOSTS
from support.proxy import Proxy, becomes
from support.schemas import closed

TOKEN = "a-token-for-the-tests"


DESCRIPTION = closed(openapi())


class DescribedConnection(ControlConnection):
    """A connection that holds every answer to what /openapi.json says of it: nothing is missing, nothing is more."""

    def call(self, method: str, path: str, query: Mapping[str, object] | None = None, body: object = None) -> Any:
        answer = super().call(method, path, query, body)
        for call in CALLS:
            pattern = re.sub(r"\{\w+\}", "[^/]+", call.path)
            if call.method == method and re.fullmatch(pattern, f"/api/v1/{path}"):
                content = DESCRIPTION["paths"][call.path][method.lower()]["responses"]["200"]["content"]
                schema = {**content["application/json"]["schema"], "components": DESCRIPTION["components"]}
                Draft202012Validator(schema).validate(answer)
                break
        else:
            raise AssertionError(f"{method} {path} is answered and not described")
        return answer


@dataclass
class Controlled:
    """The proxy, and a connection to its control API."""

    proxy: Proxy
    api: ControlConnection
    runtime: Path

    @contextmanager
    def app(self, name: str = "tv", address: str = "127.0.0.1") -> Iterator[App]:
        """A device at an address of this machine with the app on it, registered."""
        client = ProxiedClient(self.proxy.port, self.proxy.ca, HOSTS[0])
        client._connection.source_address = address, 0
        try:
            app = App(client, name)
            app.register()
            yield app
        finally:
            client.close()


@contextmanager
def controlled(confdir: Path, runtime: Path, **options: Any) -> Iterator[Controlled]:
    """A proxy with the sandbox and a control API on a free port."""
    settings = {"passlens_sandbox": "true", "passlens_sign_in": "ask", "passlens_control": "127.0.0.1:0"} | options
    with _started(Proxy(confdir, environment=environment(runtime), **settings), runtime) as made:
        yield made


@contextmanager
def controlled_proxy(confdir: Path, runtime: Path, *words: str, **options: Any) -> Iterator[Controlled]:
    """The same of ``passlens proxy``, whose own options are ``words``."""
    command = becomes("--sandbox", "--sign-in", "ask", "--control", "127.0.0.1:0", *words)
    made = Proxy(confdir, command=command, scripts=[], environment=environment(runtime), **options)
    with _started(made, runtime) as stage:
        yield stage


def environment(runtime: Path) -> dict[str, str]:
    """Variables under which proxy and clients find each other."""
    return {"PASSLENS_CONTROL_TOKEN": TOKEN, "XDG_RUNTIME_DIR": str(runtime)}


@contextmanager
def _started(made: Proxy, runtime: Path) -> Iterator[Controlled]:
    with made as proxy:
        port = int(proxy.wait_for(r"control API listens at http://127\.0\.0\.1:(\d+)").group(1))
        yield Controlled(proxy, DescribedConnection(Address("127.0.0.1", port, TOKEN)), runtime)


def eventually(condition: Any, seconds: float = 10) -> Any:
    """What a condition gives as soon as it holds."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.01)
    return found
