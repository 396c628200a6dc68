"""What the API makes of an exchange: its headers, form and response, decoded, and what the response was recognised as.
Everything is computed once and on demand; what it means is asked of ``rest_v2``."""

from typing import Any, Final

from passlens.exchange.clock import sent_at
from passlens.exchange.model import Exchange
from passlens.exchange.sent_headers import SentHeaders, sent_headers
from passlens.rest_v2 import errors, outcomes, retrieve
from passlens.rest_v2.deviation import Deviation
from passlens.rest_v2.device_info import DeviceInfo
from passlens.rest_v2.identifiers import DeviceIdentifier
from passlens.rest_v2.operations import FAMILIES, FORM, Operation
from passlens.rest_v2.partner_status import PartnerStatus
from passlens.rest_v2.recognition import NOTHING, Recognition
from passlens.rest_v2.responses import recognise
from passlens.rest_v2.results import ItemResult
from passlens.rest_v2.tokens import Bearer
from passlens.rest_v2.wire import Problem, epoch_seconds
from passlens.util.cached_property import cached_property


class Decoded:
    """An exchange and its decoded views. The exchange's own members are there by the same names."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange: Final = exchange
        self.request: Final = exchange.request
        self.response: Final = exchange.response
        self.route: Final = exchange.route
        self.index: Final = exchange.index
        self.file: Final = exchange.file
        self.started: Final = exchange.started
        self.duration_ms: Final = exchange.duration_ms
        self.failure: Final = exchange.failure
        self.injection: Final = exchange.injection
        self.recorder: Final = exchange.recorder
        self.undated: Final = exchange.undated
        self.replayed: Final = exchange.replayed
        self.cached: Final = exchange.cached

    @cached_property
    def sent_at(self) -> float | None:
        """When the request was sent, by the server's clock where its answer tells that; what ends is held to it."""
        return sent_at(self.exchange)

    @cached_property
    def operation(self) -> Operation:
        """The operation; only to be asked of an exchange that has a route."""
        return self.exchange.operation

    def path_parameter(self, name: str) -> str | None:
        """A decoded path parameter, by its name in the template (``serviceProvider``, ``partner``, ``code`` …)."""
        return self.route.parameters.get(name) if self.route else None

    # ---- the request

    @cached_property
    def takes_form(self) -> bool:
        """True if the body is there to be read as the form of the operation.

        After a wrong method or media type there is no form to speak of: PL102 and PL110 say what is wrong.
        """
        if self.route is None or not self.route.documented_method or self.operation.media_type != FORM:
            return False
        request = self.request
        return request.body is not None and request.media_type in (FORM, None, "") and not request.holds_json

    @cached_property
    def form(self) -> dict[str, str]:
        """Parameters of the body read as a form, by name, the first of repeats; whether it is one is not asked."""
        found: dict[str, str] = {}
        for parameter in self.request.form:
            found.setdefault(parameter.name, parameter.value)
        return found

    @cached_property
    def sent(self) -> SentHeaders:
        """The headers of the request, decoded."""
        operation = self.operation if self.route is not None else None
        return sent_headers(self.request.known_headers, operation, self.recorder)

    # Their members are there by the same names.

    @property
    def device_info(self) -> DeviceInfo | None:
        return self.sent.device_info

    @property
    def partner_status(self) -> PartnerStatus | None:
        return self.sent.partner_status

    @property
    def device_identifier(self) -> DeviceIdentifier | None:
        return self.sent.device_identifier

    @property
    def bearer(self) -> Bearer | None:
        return self.sent.bearer

    @property
    def deviations(self) -> dict[str, tuple[Deviation, ...]]:
        return self.sent.deviations

    @property
    def masked(self) -> frozenset[str]:
        return self.sent.masked

    @property
    def left_out(self) -> frozenset[str]:
        return self.sent.left_out

    # ---- the response

    @cached_property
    def body(self) -> dict[str, Any] | None:
        """The answer's JSON object, or None if there is none."""
        if self.response is None or self.response.json is None or not isinstance(self.response.json.value, dict):
            return None
        return self.response.json.value

    @cached_property
    def succeeded(self) -> bool:
        """True for an answer with a documented success status."""
        return self.response is not None and self.response.status in self.operation.success

    @cached_property
    def recognition(self) -> Recognition:
        """What the response was recognised as, whatever the operation; NOTHING for none."""
        if self.response is None or self.route is None:
            return NOTHING
        value = self.response.json.value if self.response.json is not None else None
        sent = self.response
        return recognise(self.operation.id, sent.status, value, sent.body, sent.header("location"))

    def recognised_as(self, found: Recognition) -> None:
        """Take over what the response of another exchange was recognised as, which is like this one."""
        self.recognition = found

    @property
    def outcome(self) -> str | None:
        """The answer row of a success that fits one, else None."""
        return self.recognition.outcome

    @property
    def results(self) -> tuple[ItemResult, ...]:
        """What the response means to the user, item by item."""
        return self.recognition.results

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the body of a success has wrong by the models of its rows."""
        return self.recognition.problems if self.succeeded else ()

    @property
    def session(self) -> outcomes.Recognised | None:
        """The row of the truth table that a sessions response fits or comes nearest to, or None."""
        return self.recognition.session if self.succeeded else None

    @property
    def shape(self) -> retrieve.Shape | None:
        """The shape of a retrieved session, or None."""
        return self.recognition.shape if self.succeeded else None

    @cached_property
    def session_times(self) -> tuple[float | None, float | None]:
        """notBefore and notAfter of a session in seconds since the epoch; None for what is not there."""
        return epoch_seconds(self.session_body.get("notBefore")), epoch_seconds(self.session_body.get("notAfter"))

    @cached_property
    def session_body(self) -> dict[str, Any]:
        """The attributes of a session in the response; empty for errors and for other families of operations."""
        of_sessions = self.route is not None and self.operation.id in FAMILIES["sessions"]
        return self.body if of_sessions and self.succeeded and self.body is not None else {}

    @cached_property
    def error(self) -> errors.ErrorResponse | None:
        """The error a response reports, in whichever form and with whichever status, or None for a success."""
        if self.response is None:
            return None
        found = self.recognition
        if found.error is None and (self.succeeded or found.outcome is not None):
            return None
        value = self.response.json.value if self.response.json is not None else None
        return errors.read(self.response.status, self.response.body, value)
