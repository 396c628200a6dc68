"""The devices of a soak: each goes its own way through the API and other traffic, over its own kind of connection, and
keeps what it was answered. Some leave in the middle."""

import asyncio
import json
import random
import re
import ssl
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import httpx
from h2.exceptions import ProtocolError

import forge
from samples.case import ACCEPT, FORM, HOST
from soak.server import ECHO, SIZE, TROUBLE, Pairs, print_of, print_of_answer
from support.clients import trusting
from support.device import FULL, JSON, MARK

TIMEOUT: Final = 8.0
"""Seconds that a device waits for an answer, unless it is told otherwise."""
TROUBLES: Final = ("close", "reset", "cut", "cut-head", "stuck", "silent", "once")
SIZES: Final = (0, 1, 700, 20_000, 200_000)
OTHER_HOST: Final = "static.demotv.example"
_PROVIDERS: Final = re.compile(rb"SOAKTV\d{3}")


@dataclass(frozen=True)
class Outcome:
    """What one exchange was for its device. ``status`` is None if it got no whole answer."""

    marker: str
    provider: str
    api: bool
    status: int | None
    mark: str | None
    sent: bytes
    got: bytes | None
    wrong: str | None


@cache
def _context(ca: Path, way: str) -> ssl.SSLContext:
    return trusting(ca, "h2", "http/1.1") if way == "HTTP/2" else trusting(ca, "http/1.1")


class Device:
    """One device with a service provider of its own, by which its answers can be told from those of others."""

    def __init__(
        self, number: int, port: int, ca: Path, outcomes: list[Outcome], owners: dict[str, str], patience: float
    ) -> None:
        self.number, self.port = number, port
        self.provider = f"SOAKTV{number:03}"
        self.rng = random.Random(f"soak device {number}")
        self.way = ("plain", "TLS", "HTTP/2", "HTTP/2")[number % 4]
        self._context = _context(ca, self.way)
        self._outcomes, self._owners, self._patience = outcomes, owners, patience
        self._client: httpx.AsyncClient | None = None
        self._turn = 0
        self._url: str | None = None
        self._code: str | None = None
        self._headers = (
            ("Authorization", forge.bearer(time.time())),
            ("AP-Device-Identifier", forge.device_identifier(self.provider)),
            ("X-Device-Info", forge.device_info()),
            ("Accept", ACCEPT),
            ("User-Agent", forge.USER_AGENT),
        )

    async def live(self, stop: asyncio.Event, pause: float) -> None:
        """Ask again and again until told to stop, then hang up."""
        await asyncio.sleep(self.rng.uniform(0, 2 * pause))
        while not stop.is_set():
            await self._step()
            if self.rng.random() < 0.02:
                await self.hang_up()
            await asyncio.sleep(self.rng.uniform(0, 2 * pause))
        await self.hang_up()

    async def hang_up(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _step(self) -> None:
        drawn = self.rng.random()
        if drawn < 0.3:
            await self._other()
        elif drawn < 0.65:
            await self._session()
        else:
            await self._rest()

    async def _other(self) -> None:
        size = self.rng.choice(SIZES) if self.rng.random() < 0.99 else 2_000_000
        body = self.rng.randbytes(self.rng.choice(SIZES)) if self.rng.random() < 0.3 else b""
        extra = ((SIZE, str(size)), ("Content-Type", "application/octet-stream"))
        await self._send("POST" if body else "GET", "/art/poster.bin", extra, body, api=False)

    async def _session(self) -> None:
        base = f"/api/v2/{self.provider}"
        turn = self.rng.randrange(4)
        if turn == 0 or (self._url is None and turn == 2) or (self._code is None and turn == 3):
            given = FULL | {"mvpd": forge.MVPD} if self.rng.random() < 0.8 else {"domainName": forge.DOMAIN}
            await self._form(f"{base}/sessions", given)
        elif turn == 1:
            status = forge.partner_status(time.time()) if self.rng.random() < 0.5 else forge.denied_status("denied")
            await self._form(f"{base}/sessions/sso/Apple", FULL, ("AP-Partner-Framework-Status", status))
        elif turn == 2:
            await self._form(str(self._url), FULL)
        else:
            await self._send("GET", f"{base}/sessions/{self._code}")

    async def _rest(self) -> None:
        base = f"/api/v2/{self.provider}"
        match self.rng.randrange(8):
            case 0 | 1 if self._code is not None:
                await self._send("GET", f"{base}/profiles/code/{self._code}")
            case 2 if self._code is not None:
                await self._send("GET", f"/api/v2/authenticate/{self.provider}/{self._code}")
            case 3:
                await self._json(f"{base}/decisions/authorize/{forge.MVPD}", {"resources": ["DemoTV-Sports"]})
            case 4:
                await self._send("GET", f"{base}/logout/{forge.MVPD}")
            case 5:
                await self._send("GET", f"{base}/configuration")
            case 6:
                await self._json("/o/client/register", {"software_statement": "not one"})
            case _:
                await self._send("GET", f"{base}/profiles")

    async def _form(self, path: str, given: dict[str, str], *extra: tuple[str, str]) -> None:
        await self._send("POST", path, (*extra, ("Content-Type", FORM)), urlencode(given).encode())

    async def _json(self, path: str, value: object) -> None:
        await self._send("POST", path, (("Content-Type", JSON),), json.dumps(value).encode())

    # ---- one exchange

    async def _send(self, method: str, path: str, extra: Pairs = (), body: bytes = b"", *, api: bool = True) -> None:
        self._turn += 1
        marker = f"m{self.number}x{self._turn}"
        headers: Pairs = (*self._headers, *extra)
        drawn = self.rng.random()
        if drawn < 0.03:
            headers = (*headers, (TROUBLE, self.rng.choice(TROUBLES)))
        patience = self.rng.uniform(0.0, 0.1) if 0.03 < drawn < 0.06 else self._patience
        target = f"{path}?{marker}="
        sent = print_of(method, target, headers, body)
        try:
            async with asyncio.timeout(patience):
                got, content = await self._exchange(method, target, headers, body, HOST if api else OTHER_HOST)
        except (TimeoutError, httpx.HTTPError, ProtocolError, OSError):
            await self.hang_up()
            self._outcomes.append(Outcome(marker, self.provider, api, None, None, sent, None, None))
            return
        pairs = tuple((name.decode(), value.decode("latin-1")) for name, value in got.headers.raw)
        mark = got.headers.get(MARK)
        wrong = self._wrong(got, content, marker, mark)
        print_got = print_of_answer(got.status_code, pairs, content)
        self._outcomes.append(Outcome(marker, self.provider, api, got.status_code, mark, sent, print_got, wrong))

    async def _exchange(
        self, method: str, target: str, headers: Pairs, body: bytes, host: str
    ) -> tuple[httpx.Response, bytes]:
        if self._client is None:
            proxy = httpx.Proxy(f"http://127.0.0.1:{self.port}")
            self._client = httpx.AsyncClient(
                http2=self.way == "HTTP/2", verify=self._context, proxy=proxy, timeout=self._patience, trust_env=False
            )
        scheme = "http" if self.way == "plain" else "https"
        request = httpx.Request(method, f"{scheme}://{host}{target}", headers=list(headers), content=body)
        got = await self._client.send(request, stream=True)
        try:
            content = b"".join([piece async for piece in got.aiter_raw()])
        finally:
            await got.aclose()
        return got, content

    def _wrong(self, got: httpx.Response, content: bytes, marker: str, mark: str | None) -> str | None:
        """Whether this is the answer to somebody else, in words."""
        echo = got.headers.get(ECHO)
        if echo not in (None, marker):
            return f"{marker} got the answer to {echo}"
        named = {name.decode() for name in _PROVIDERS.findall(content)} - {self.provider}
        if named:
            return f"{marker} of {self.provider} got an answer about {sorted(named)}"
        return self._follow(content, marker, made_up=mark is not None and echo is None)

    def _follow(self, content: bytes, marker: str, *, made_up: bool) -> str | None:
        """Go on with the code and the address of an answer; a code that was made up must be this device's alone."""
        try:
            value: Any = json.loads(content)
        except ValueError:
            return None
        if not isinstance(value, dict) or not isinstance(code := value.get("code"), str) or len(code) != 7:
            return None
        self._code = code
        if isinstance(url := value.get("url"), str) and "/sessions/" in url:
            self._url = urlsplit(url).path
        if not made_up or value.get("sessionId") is None:
            return None
        owner = self._owners.setdefault(code, self.provider)
        return None if owner == self.provider else f"{marker} of {self.provider} got the code {code} of {owner}"
