"""What happened: one request with its answer (or the lack of one), taken from a flow or a recording.
Everything decoded is computed once and on demand, so that traffic nobody looks into costs nothing."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeVar

from passlens.lazy import lazy
from passlens.spec import answers, errors, outcomes, retrieve
from passlens.spec.decoding import JsonText, Liberty, decode_encoded_json, decode_json
from passlens.spec.device_info import DeviceInfo, decode_device_info
from passlens.spec.forms import Parameter, parse_form
from passlens.spec.identifiers import DeviceIdentifier, decode_device_identifier
from passlens.spec.operations import FORM, Operation
from passlens.spec.partner_status import PartnerStatus, decode_partner_status
from passlens.spec.routing import Route, route
from passlens.spec.tokens import Bearer, decode_bearer, jwt_liberties
from passlens.spec.wire import Problem, epoch_seconds

MAX_BODY: Final = 1 << 20
"""Bytes of a decoded body that are looked into (1 MiB); documented answers are below 10 KiB."""

MAX_HEADER: Final = 1 << 16
"""Characters of a header value that are decoded (64 KiB)."""

_QUOTED: Final = re.compile(r"""\bb(?:'(?:[^'\\]|\\.)*(?:'|$)|"(?:[^"\\]|\\.)*(?:"|$))""", re.DOTALL)

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

    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = b""
    gap: Gap | None = None

    @lazy
    def by_name(self) -> dict[str, list[str]]:
        """Header values by lower-case name, in order."""
        found: dict[str, list[str]] = {}
        for name, value in self.headers:
            found.setdefault(name.lower(), []).append(value)
        return found

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        values = self.by_name.get(name.lower())
        return values[0] if values else None

    def only(self, names: frozenset[str]) -> tuple[str, ...]:
        """Names and values, by turns, of the headers of these lower-case names: a key for what is known about them."""
        return tuple([text for field in self.headers if field[0].lower() in names for text in field])

    @lazy
    def media_type(self) -> str | None:
        """The media type of the body in lower case without parameters, or None without Content-Type."""
        value = self.header("content-type")
        return None if value is None else value.partition(";")[0].strip().lower()

    @lazy
    def json(self) -> JsonText | None:
        """The body read as JSON, liberties included; None where there is no body to read."""
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

    @lazy
    def query(self) -> str:
        """The query string without its question mark."""
        return self.path.partition("?")[2].partition("#")[0]

    @property
    def holds_json(self) -> bool:
        """True if the body looks like a JSON object."""
        body = (self.body or b"").strip()
        return body[:1] == b"{" and body[-1:] == b"}"

    @lazy
    def form(self) -> tuple[Parameter, ...]:
        """The body read as application/x-www-form-urlencoded, whatever its Content-Type; order and repeats kept."""
        return parse_form(self.body or b"")


@dataclass(frozen=True)
class Answer(Message):
    """An answer. ``reason`` is the HTTP/1 reason phrase, empty with HTTP/2."""

    status: int = 200
    reason: str = ""


def with_headers(flat: tuple[str, ...], **known: Any) -> Request:
    """A request with such headers (``only``) and nothing but what else is given."""
    return Request(tuple(zip(flat[::2], flat[1::2], strict=True)), **known)


def without_quotes(words: str) -> str:
    """A message about a connection without the bytes that mitmproxy quotes in it: what was sent may be a secret."""
    return _QUOTED.sub("…", words)


@dataclass
class Exchange:
    """One request with its answer.

    ``index`` is the flow's position in its file (other flows counted), ``started`` seconds since the epoch,
    ``duration_ms`` None where unknown, ``failure`` says why there is no answer. ``injected`` names the scenario and
    rule that made or changed the answer.
    """

    request: Request
    answer: Answer | None = None
    index: int = 0
    file: str | None = None
    started: float | None = None
    duration_ms: float | None = None
    failure: str | None = None
    injected: dict[str, str] | None = None
    check_failures: list[str] = field(default_factory=list)

    @lazy
    def route(self) -> Route | None:
        """The operation this request calls, or None for other traffic."""
        return route(self.request.method, self.request.path, self.request.host)

    @lazy
    def operation(self) -> Operation:
        """The operation; only to be asked of an exchange that has a route."""
        if self.route is None:
            raise LookupError("other traffic has no operation")
        return self.route.operation

    def path_parameter(self, name: str) -> str | None:
        """A decoded path parameter, by its name in the template (``serviceProvider``, ``partner``, ``code`` …)."""
        return self.route.parameters.get(name) if self.route else None

    # ---- the request, decoded

    @lazy
    def takes_form(self) -> bool:
        """True if the body is there to be read as the form of the operation.

        After a wrong method or media type there is no form to speak of: PL102 and PL110 say what is wrong.
        """
        if self.route is None or not self.route.documented_method or self.operation.media_type != FORM:
            return False
        request = self.request
        return request.body is not None and request.media_type in (FORM, None, "") and not request.holds_json

    @lazy
    def form(self) -> dict[str, str]:
        """Parameters of the body read as a form, by name, the first of repeats; whether it is one is not asked."""
        found: dict[str, str] = {}
        for parameter in self.request.form:
            found.setdefault(parameter.name, parameter.value)
        return found

    @lazy
    def device_info(self) -> DeviceInfo | None:
        """X-Device-Info decoded, or None if the header is missing or too long to be looked into."""
        return _decoded(self.request.header("X-Device-Info"), decode_device_info)

    @lazy
    def partner_status(self) -> PartnerStatus | None:
        """AP-Partner-Framework-Status decoded, or None if missing or too long."""
        return _decoded(self.request.header("AP-Partner-Framework-Status"), decode_partner_status)

    @lazy
    def device_identifier(self) -> DeviceIdentifier | None:
        """AP-Device-Identifier decoded, or None if missing or too long."""
        return _decoded(self.request.header("AP-Device-Identifier"), decode_device_identifier)

    @lazy
    def bearer(self) -> Bearer | None:
        """Authorization decoded, or None if missing or too long."""
        return _decoded(self.request.header("Authorization"), decode_bearer)

    @lazy
    def liberties(self) -> dict[str, tuple[Liberty, ...]]:
        """Liberties taken with the encoded headers, by header; headers that took none are left out."""
        identity = _decoded(self.request.header("AP-TempPass-Identity"), decode_encoded_json)
        identifier = self.device_identifier.encoded if self.device_identifier is not None else None
        token = self.bearer.token if self.bearer is not None and self.bearer.jwt is not None else None
        found = {
            "X-Device-Info": self.device_info.encoded.liberties if self.device_info is not None else (),
            "AP-Partner-Framework-Status": self.partner_status.encoded.liberties if self.partner_status else (),
            "AP-Device-Identifier": identifier.liberties if identifier is not None else (),
            "AP-TempPass-Identity": identity.liberties if identity is not None else (),
            "Authorization": jwt_liberties(token) if token is not None else (),
        }
        return {name: liberties for name, liberties in found.items() if liberties}

    # ---- the answer, decoded

    @lazy
    def body(self) -> dict[str, Any] | None:
        """The answer's JSON object, or None if there is none."""
        if self.answer is None or self.answer.json is None or not isinstance(self.answer.json.value, dict):
            return None
        return self.answer.json.value

    @lazy
    def succeeded(self) -> bool:
        """True for an answer with a documented success status."""
        return self.answer is not None and self.answer.status in self.operation.success

    @lazy
    def outcome(self) -> outcomes.Recognised | None:
        """The truth table row that a sessions answer fits or comes nearest to, or None."""
        if not self.succeeded or self.body is None or not self.operation.core:
            return None
        if self.operation.id == "retrieve-session":
            return None
        return outcomes.recognise(self.operation.id, self.body)

    @lazy
    def session_times(self) -> tuple[float | None, float | None]:
        """notBefore and notAfter of a sessions answer in seconds since the epoch; None for what is not there."""
        body = self.body if self.succeeded and self.operation.core and self.body is not None else {}
        return epoch_seconds(body.get("notBefore")), epoch_seconds(body.get("notAfter"))

    @lazy
    def shape(self) -> retrieve.Shape | None:
        """The shape of a retrieve answer, or None."""
        if not self.succeeded or self.body is None or self.operation.id != "retrieve-session":
            return None
        return retrieve.recognise(self.body)

    @lazy
    def body_problems(self) -> tuple[Problem, ...]:
        """What a sessions answer has wrong by the model of its row or shape; empty unless it is a successful object."""
        if not self.succeeded or self.body is None or not self.operation.core:
            return ()
        if self.operation.id == "retrieve-session":
            return retrieve.validate(self.shape, self.body)
        return answers.validate(self.operation.id, self.outcome, self.body)

    @lazy
    def error(self) -> errors.ErrorAnswer | None:
        """The error an answer reports, in whichever form, or None for a success."""
        if self.answer is None or self.succeeded:
            return None
        value = self.answer.json.value if self.answer.json is not None else None
        return errors.read(self.answer.status, self.answer.body, value)


Decoded = TypeVar("Decoded")


def _decoded(value: str | None, decode: Callable[[str], Decoded]) -> Decoded | None:
    return None if value is None or len(value) > MAX_HEADER else decode(value)
