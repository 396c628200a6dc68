"""The documented answers of the operations beside the sessions, by answer row or item row. Values are the request's own
where it has them."""

import random
from typing import Any, Final
from urllib.parse import urlencode

from passlens.exchange.decoded import Decoded
from passlens.rest_v2 import decisions as decision_table
from passlens.rest_v2.logouts import LOGOUT_ROWS
from passlens.rest_v2.profiles import PROFILE_ROWS
from passlens.rest_v2.response_rows import RESPONSE_ROWS
from passlens.sandbox import decisions, logout, pages, registration
from passlens.sandbox.configuration import configuration
from passlens.sandbox.errors import error_response, is_item
from passlens.sandbox.profile_store import ProfileKind
from passlens.sandbox.profiles import profiles_body
from passlens.sandbox.request_facts import SandboxRequest, is_address
from passlens.sandbox.response import SyntheticResponse, json_response, plain, redirect
from passlens.sandbox.session import SessionStore, VirtualSession
from passlens.sandbox.single_sign_on import identity_of
from passlens.sandbox.world import World

DOMAIN: Final = "tv.example"
REDIRECT_URL: Final = "https://tv.example/signed-in"
"""What stands in for values that no request has named."""

_FAILURE: Final = "internal_server_error"
_ERRORS: Final = {
    # error rows -> the code they are answered with; others have their first code, or a failure of the server
    "PE-8": "authenticated_profile_invalidated",
    "U-E1": "server_error",
    "GT-429": "throttled",
    "T-E1": "invalid_client",
}

KIND_BY_ROW: Final[dict[str, ProfileKind]] = {
    "PT1": "regular",
    "PT2": "serviceTokenSSO",
    "PT3": "platformSSO",
    "PT4": "appleSSO",
    "PT5": "temporary",
    "PT6": "promotional",
    "PT7": "degraded",
}
"""The kind of profile of each item row."""

_PROFILE_OF: Final = {"PA-1": "PT1", "PM-1": "PT1", "PC-1": "PT1", "PP-1": "PT4", "PP-2": "PT7"}
"""The item row of the profile in an answer row."""

_DECISION_OF: Final = {"authorize": "AD1", "preauthorize": "ZD1"}

_LATEST: Final = 1 << 62


def rows_of(operation_id: str) -> tuple[str, ...]:
    """The current answer rows and item rows of an operation, in the order of the tables."""
    rows = (row.id for row in RESPONSE_ROWS if not row.old and operation_id in row.operations)
    profiles = (row.id for row in PROFILE_ROWS if operation_id in row.operations)
    decided = (row.id for row in decision_table.DECISION_ROWS if not row.old and operation_id in row.operations)
    logouts = (row.id for row in LOGOUT_ROWS if operation_id == "logout")
    return (*rows, *profiles, *decided, *logouts)


class AnswerBuilder:
    """What an answer to one request is made of; what it hands out is kept in ``sessions``. ``mvpd`` was asked for,
    ``asked`` is the same as an answer may hold it."""

    def __init__(
        self,
        facts: SandboxRequest,
        ex: Decoded,
        *,
        now: float,
        rng: random.Random,
        sessions: SessionStore,
        world: World,
        mvpd: str | None,
    ) -> None:
        self.facts, self.ex, self.now, self.rng = facts, ex, now, rng
        self.sessions, self.world, self.mvpd = sessions, world, mvpd
        self.asked = plain(mvpd) if mvpd else None

    def known_session(self) -> VirtualSession | None:
        """The session of the code, unless it is over."""
        found = self.sessions.by_code(self.facts.code, self.facts.service_provider)
        return found if found is not None and not found.over(self.now) else None


class RowBuilder(AnswerBuilder):
    """Makes the answer of a row to one request."""

    def build(self, name: str) -> SyntheticResponse:
        """The answer; ``name`` is one of ``rows_of`` the operation."""
        row = next((row for row in RESPONSE_ROWS if row.id == name), None)
        if row is not None and row.kind == "error":
            return error_response(_ERRORS.get(name) or next(iter(row.codes), _FAILURE), self.ex, self.rng)
        if name in ("PA-0", "PP-0"):
            return json_response(profiles_body([]), 201 if name == "PP-0" else 200)
        if name in _PROFILE_OF or name in KIND_BY_ROW:
            return self._profile(name)
        if name == "DA-1" or name in decision_table.BY_ID:
            return json_response(
                {"decisions": self._decisions(_DECISION_OF.get(self.facts.operation, name) if name == "DA-1" else name)}
            )
        match self.facts.operation:
            case "logout":
                return self._logout("L1" if name == "LA-1" else name)
            case "authenticate":
                return self._authenticate()
            case "dcr-register":
                return json_response(self._client(), 201)
            case "dcr-token":
                sent = next((p.value for p in self.ex.request.form if p.name == "client_id" and p.value), "client")
                return json_response(registration.token_body(plain(sent), now=self.now, rng=self.rng), 201)
            case "retrieve-configuration":
                return json_response(configuration(self.facts.service_provider, self.world))
        raise NotImplementedError(f"The sandbox cannot make {name}, an answer of {self.facts.operation}.")

    def _mvpd(self, kind: ProfileKind) -> str:
        session = self.known_session()
        named = self.world.by_provider_id(self.facts.provider) if self.facts.operation == "partner-profile" else None
        return (
            (named.id if named is not None else self.facts.mvpd)
            or (session.mvpd if session is not None else None)
            or self.asked
            or self.world.mvpd_of_kind(kind)
        )

    def _profile(self, name: str) -> SyntheticResponse:
        """A profile of the row, which the device holds from now on, so that what follows is answered alike."""
        kind = KIND_BY_ROW[_PROFILE_OF.get(name, name)]
        mvpd, session = self._mvpd(kind), self.known_session()
        identity = identity_of(self.ex, self.now)
        made = self.sessions.grant(
            self.facts.device,
            self.facts.service_provider,
            mvpd,
            kind,
            now=self.now,
            rng=self.rng,
            validity=self.world.validity(mvpd, kind),
            identity=identity if identity is not None and identity.kind == kind else None,
        )
        if session is not None:
            session.mvpd, session.state, session.profile = mvpd, "authenticated", made
        created = self.facts.operation == "partner-profile" and kind != "degraded"
        return json_response(profiles_body([made]), 201 if created else 200)

    def _decisions(self, name: str) -> list[dict[str, Any]]:
        row, facts = decision_table.BY_ID[name], self.facts
        asked = decisions.Asked(facts.operation, facts.service_provider, facts.mvpd or self._mvpd("regular"), self.now)
        wanted = decisions.resources(self.ex) or decisions.DEFAULT_RESOURCES
        if row.authorized:
            return [decisions.permit(asked, item, row.source or "mvpd", _LATEST, self.rng) for item in wanted]
        return [decisions.denial(asked, item, row.codes[0], self.rng) for item in wanted]

    def _logout(self, row_id: str) -> SyntheticResponse:
        facts, mvpd = self.facts, self.facts.mvpd or self._mvpd("regular")
        held = self.sessions.profile(facts.device, facts.service_provider, mvpd, self.now)
        if held is not None:
            self.sessions.sign_out(held)
        address = logout.redirect_of(self.ex)
        target = address if address is not None and is_address(address) else REDIRECT_URL
        sign_out = self.sessions.send_out(target, self.rng)
        url = logout.sign_out_url(facts.host, facts.service_provider, mvpd, sign_out, target)
        return json_response({"logouts": {mvpd: logout.entry(row_id, mvpd, url)}})

    def _authenticate(self) -> SyntheticResponse:
        """Back to the app for a virtual session, which is signed in; for any other code the address of the sample."""
        session = self.known_session()
        if session is not None:
            session.mvpd = session.mvpd or self._mvpd(session.kind)
            validity = self.world.validity(session.mvpd, session.kind)
            self.sessions.sign_in(session, now=self.now, rng=self.rng, validity=validity)
            if session.redirect_url is not None and is_address(session.redirect_url):
                return pages.back(session)
        query = {
            "noflash": "true",
            "mso_id": self._mvpd("regular"),
            "requestor_id": self.facts.service_provider,
            "no_iframe": "false",
            "domain_name": DOMAIN,
            "redirect_url": REDIRECT_URL,
        }
        return redirect(f"https://{self.facts.host}/adobe-services/authenticate/saml?{urlencode(query)}")

    def _client(self) -> dict[str, Any]:
        text = self.ex.request.json
        sent = text.value.get("redirect_uri") if text is not None and isinstance(text.value, dict) else None
        given = sent if isinstance(sent, str) and is_address(sent) else None
        return registration.client(given, now=self.now, rng=self.rng)


def item_denials(
    name: str, facts: SandboxRequest, ex: Decoded, rng: random.Random, now: float
) -> SyntheticResponse | None:
    """The denials of one error code for all that a request asks for; None if the code is no item of its decisions."""
    if not is_item(name, facts.operation):
        return None
    asked = decisions.Asked(facts.operation, facts.service_provider, facts.mvpd or "", now)
    return json_response(decisions.denied(asked, decisions.resources(ex) or decisions.DEFAULT_RESOURCES, name, rng))
