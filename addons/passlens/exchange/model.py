"""What happened: one request with its response (or the lack of one), taken from a flow or a recording. Plain data;
what the API makes of it stands in decoded.py."""

import re
from dataclasses import InitVar, dataclass, field
from types import EllipsisType
from typing import Final, Literal

from passlens.exchange.headers import Headers, KnownHeaders, known
from passlens.exchange.injection import Injection
from passlens.rest_v2.forms import Parameter, parse_form
from passlens.rest_v2.json_decoding import JsonText, decode_json
from passlens.rest_v2.operations import Operation
from passlens.rest_v2.routing import Route, route
from passlens.util.cache import cached_by_value
from passlens.util.cached_property import cached_property

MAX_BODY: Final = 1 << 20
"""Bytes of a decoded body that are looked into (1 MiB); documented answers are below 10 KiB."""

MAX_HEADER: Final = 1 << 16
"""Characters of a header value that are decoded (64 KiB)."""

REPLAYED: Final = "request"
"""What mitmproxy notes on a flow whose request it sent again itself."""

NO_ANSWER: Final = "the recording holds none"
"""Why there is no answer, where nobody said it."""

_QUOTED: Final = re.compile(r"""\bb(?:'(?:[^'\\]|\\.)*(?:'|$)|"(?:[^"\\]|\\.)*(?:"|$))""", re.DOTALL)

_parse_form: Final = cached_by_value(256)(parse_form)
"""Cached: an app sends a few forms over and over."""

GapKind = Literal["streamed", "too-large", "encoding", "expansion", "not-recorded", "failed"]


@dataclass(frozen=True)
class Gap:
    """Why a body is not there to be checked. ``detail`` is a clause for people."""

    kind: GapKind
    detail: str


@dataclass(frozen=True)
class Message:
    """What a request and an answer have in common.

    ``headers`` are (name, value) pairs as received: order, case and repeats kept, bytes that are not UTF-8 as lone
    surrogates. ``body`` has its content-encoding removed; None with a ``gap`` where it could not be had.
    """

    headers: Headers = ()
    body: bytes | None = b""
    gap: Gap | None = None

    @cached_property
    def by_name(self) -> dict[str, list[str]]:
        """Header values by lower-case name, in order."""
        return KnownHeaders(self.headers).by_name

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        values = self.by_name.get(name.lower())
        return values[0] if values else None

    @cached_property
    def media_type(self) -> str | None:
        """The media type of the body in lower case without parameters, or None without Content-Type."""
        value = self.header("content-type")
        return None if value is None else value.partition(";")[0].strip().lower()

    @cached_property
    def json(self) -> JsonText | None:
        """The body read as JSON, deviations included; None where there is no body to read."""
        return decode_json(self.body) if self.body is not None and self.body.strip() else None


@dataclass(frozen=True)
class Request(Message):
    """A request. ``path`` is the target as sent, query included; ``client`` the address it came from, if known."""

    method: str = "GET"
    scheme: str = "https"
    host: str = ""
    port: int = 443
    path: str = "/"
    client: str | None = None

    @cached_property
    def known_headers(self) -> KnownHeaders:
        """The headers as one object for all requests that have the same."""
        return known(self.headers)

    @cached_property
    def by_name(self) -> dict[str, list[str]]:
        return self.known_headers.by_name

    @cached_property
    def query(self) -> str:
        """The query string without its question mark."""
        return self.path.partition("?")[2].partition("#")[0]

    @property
    def holds_json(self) -> bool:
        """True if the body looks like a JSON object."""
        body = (self.body or b"").strip()
        return body[:1] == b"{" and body[-1:] == b"}"

    @cached_property
    def form(self) -> tuple[Parameter, ...]:
        """The body read as application/x-www-form-urlencoded, whatever its Content-Type; order and repeats kept."""
        return _parse_form(self.body or b"")


@dataclass(frozen=True)
class Response(Message):
    """An answer. ``reason`` is the HTTP/1 reason phrase, empty with HTTP/2."""

    status: int = 200
    reason: str = ""


def without_quotes(words: str) -> str:
    """A message about a connection without the bytes that mitmproxy quotes in it: what was sent may be a secret."""
    return _QUOTED.sub("…", words)


@dataclass
class Exchange:
    """One request with its answer.

    ``index`` is the flow's position in its file (other flows counted), ``started`` seconds since the epoch,
    ``duration_ms`` None where unknown, ``failure`` says why there is no answer. ``injection`` is what passlens
    did to it. ``recorder`` is the tool that recorded, by its own name; None for mitmproxy
    and live. ``undated`` is what the tool wrote for the start, where no time could be made of it. ``replayed`` says
    that mitmproxy sent the request again, and not the app; ``cached`` that a browser took the answer from its cache and
    sent nothing. ``route`` is the operation that the request calls, None for
    other traffic; whoever has it already gives it as ``known_route``.
    """

    request: Request
    response: Response | None = None
    index: int = 0
    file: str | None = None
    started: float | None = None
    duration_ms: float | None = None
    failure: str | None = None
    injection: Injection | None = None
    recorder: str | None = None
    undated: str | None = None
    replayed: bool = False
    cached: bool = False
    route: Route | None = field(init=False)
    known_route: InitVar[Route | EllipsisType | None] = ...

    def __post_init__(self, known_route: Route | EllipsisType | None) -> None:
        if known_route is ...:
            known_route = route(self.request.method, self.request.path, self.request.host)
        self.route = known_route

    @property
    def operation(self) -> Operation:
        """The operation; only to be asked of an exchange that has a route."""
        if self.route is None:
            raise LookupError("other traffic has no operation")
        return self.route.operation

    def path_parameter(self, name: str) -> str | None:
        """A decoded path parameter, by its name in the template (``serviceProvider``, ``partner``, ``code`` …)."""
        return self.route.parameters.get(name) if self.route else None
