"""One exchange as sequence checks see it: who called what and when, and what came of it. What most of
them ask for is read at once, the rest on demand and once."""

from typing import Final

from passlens.checks.finding import CLOCK_TOLERANCE
from passlens.checks.intermediaries import in_place_of_answer
from passlens.checks.sequence.groups import DECISIONS, SESSION_RESPONSES
from passlens.checks.sequence.items import StepDecision, decisions_in, logouts_in, profiles_in
from passlens.checks.sequence.step_request import MAX_ID, StepRequest, fingerprint
from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Injection
from passlens.rest_v2.configuration import Configuration
from passlens.rest_v2.navigation import Location, read_location
from passlens.rest_v2.results import text
from passlens.rest_v2.wire import epoch_seconds
from passlens.util.cached_property import cached_property

NOT_BY_SCENARIO: Final = frozenset({"sandbox", "virtual session"})
"""Ways in which passlens answers like a server: what the app does then is its own doing."""


class Step(StepRequest):
    """An exchange with a route and a time. ``start`` and ``end`` are seconds since the epoch; ``replayed`` says that
    mitmproxy sent the request, and not the app, ``cached`` that nobody did."""

    def __init__(self, ex: Decoded) -> None:
        super().__init__(ex)
        self.index: Final = ex.index
        self.replayed: Final = ex.replayed
        self.cached: Final = ex.cached
        self.start: Final = ex.started or 0.0
        self.end: Final = self.start + (ex.duration_ms or 0.0) / 1000
        self.status: Final = ex.response.status if ex.response is not None else None
        self.in_place: Final = in_place_of_answer(ex)
        """What came in the place of the API's answer, though with a status of success; None for an answer."""
        self.ok: Final = ex.succeeded and self.in_place is None
        """True for a documented success."""
        self.staged: Final = ex.injection is not None and _on_purpose(ex.injection)
        """True if a scenario made, changed, delayed or broke this exchange on purpose."""
        self.body: Final = (ex.body or {}) if self.ok else {}
        """The JSON object of a success, empty otherwise."""
        self.profiles: Final = profiles_in(self.body)
        """The profiles of a response, by MVPD; None where it has no such map."""
        self.issued: Final = self._text("code")
        """The code that a sessions response names."""
        self.action: Final = self._text("actionName")
        """actionName of a sessions response."""
        self.reason: Final = self._text("reasonType")
        """reasonType of a sessions response."""
        self.response_mvpd: Final = self.mvpd or self._text("mvpd")
        """The MVPD of the request, else of the sessions response."""

    def __repr__(self) -> str:
        return f"<Step {self.index} {self.operation} {self.status}>"

    @property
    def plain(self) -> bool:
        """True for a documented success that reports no error."""
        return self.ok and self._ex.error is None

    @property
    def answered(self) -> bool:
        """True if the server dealt with the call: no 429, no 5xx, no connection that failed, nothing in its place."""
        return self.status is not None and self.status < 500 and self.status != 429 and self.in_place is None

    # ---- what came of it

    def _text(self, name: str) -> str | None:
        value = self.body.get(name) if self.operation in SESSION_RESPONSES else None
        return None if self.hides(value) else text(value) or None

    @cached_property
    def not_after(self) -> float | None:
        """The end of the session, by the clock that recorded. A session that is answered is open: an answer outside of
        its times shows that this clock is another than the server's, and its life counts from the answer."""
        if self.operation not in SESSION_RESPONSES:
            return None
        begin, end = epoch_seconds(self.body.get("notBefore")), epoch_seconds(self.body.get("notAfter"))
        if begin is None or end is None or begin - CLOCK_TOLERANCE <= self.end <= end + CLOCK_TOLERANCE:
            return end
        return self.end + max(end - begin, 0.0)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """missingParameters of a sessions response, by the names of the form."""
        value = self.body.get("missingParameters")
        listed = value[:20] if isinstance(value, list) else []
        names = [name for one in listed if not self.hides(one) and (name := text(one)) is not None]
        return tuple("domainName" if name == "domain" else name for name in names)

    @cached_property
    def decisions(self) -> tuple[StepDecision, ...]:
        """The items of a decisions response."""
        return decisions_in(self.body) if self.operation in DECISIONS else ()

    @cached_property
    def logouts(self) -> dict[str, str]:
        """actionName of each entry of a logout response, by MVPD."""
        return logouts_in(self.body) if self.operation == "logout" else {}

    @property
    def configuration(self) -> Configuration | None:
        """The MVPDs that a response offers; None where an id is masked."""
        found = self._ex.recognition.configuration
        return None if found is None or any(self.hides(mvpd.id) for mvpd in found.mvpds) else found

    @property
    def location(self) -> Location | None:
        """Where a redirect leads; None where that is masked."""
        response = self._ex.response
        location = response.header("Location") if response is not None else None
        return None if location is None or self.hides(location) else read_location(location)

    @cached_property
    def error(self) -> str | None:
        """The code, or a name, of the error that a response reports."""
        return text(self._ex.error.name) if self._ex.error is not None else None

    @cached_property
    def error_action(self) -> str | None:
        """The action of an Enhanced Error Code."""
        return text(self._ex.error.members.get("action")) if self._ex.error is not None else None

    @cached_property
    def access_token(self) -> str | None:
        """The token that a response of the token endpoint brings, as a fingerprint."""
        token = self.body.get("access_token") if self.operation == "dcr-token" else None
        return fingerprint(token) if isinstance(token, str) and token and not self.hides(token) else None

    @cached_property
    def client_id(self) -> str | None:
        """The client that was registered, or that asks for a token: in the body, or as OpenAPI has it in the query."""
        found = None
        if self.operation == "dcr-register":
            found = self.body.get("client_id")
        elif self.operation == "dcr-token":
            found = self.form.get("client_id") or self.in_query("client_id")
        return found[:MAX_ID] or None if isinstance(found, str) and not self.hides(found) else None


def _on_purpose(injection: Injection) -> bool:
    return not injection.actions or any(action.kind not in NOT_BY_SCENARIO for action in injection.actions)
