"""Every documented answer on demand, by its name: a row of the truth table, a retrieve answer, an error.
Values are the request's own where it has them; what the answer hands out is kept as a virtual session."""

import random
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from passlens.exchange.decoded import Decoded
from passlens.rest_v2 import outcomes
from passlens.rest_v2.operations import BY_ID
from passlens.rest_v2.wire import listed
from passlens.sandbox import session_bodies
from passlens.sandbox.device import device_object
from passlens.sandbox.errors import error_names, error_response
from passlens.sandbox.request_facts import read
from passlens.sandbox.response import SyntheticResponse, json_response
from passlens.sandbox.rows import DOMAIN, REDIRECT_URL, AnswerBuilder, RowBuilder, item_denials, rows_of
from passlens.sandbox.session import SessionStore, VirtualSession
from passlens.sandbox.single_sign_on import identity_of
from passlens.sandbox.world import DEFAULT, World

RETRIEVE: Final = "RS-B"
"""The current shape of a retrieve answer."""

DEFAULT_MISSING: Final = "redirectUrl"
"""The parameter that is named as missing where a request lacks none (resume and partner samples name this one)."""


@lru_cache(maxsize=len(BY_ID))
def possible(operation_id: str) -> tuple[str, ...]:
    """The names of all answers an operation can have on demand: current answer rows, RS-B among them, and item rows
    first, then errors.

    Raises ValueError for an unknown operation.
    """
    operation = BY_ID.get(operation_id)
    if operation is None:
        raise ValueError(f"There is no operation {operation_id}; there are {listed(tuple(BY_ID), 'and')}.")
    sessions = tuple(row.id for row in outcomes.ROWS if not row.old and row.operation == operation_id)
    shapes = (RETRIEVE,) if operation_id == "retrieve-session" else ()
    return (*sessions, *shapes, *rows_of(operation_id), *error_names(operation))


def require(operation_id: str, name: str, missing: Sequence[str] | None = None) -> None:
    """Raise ValueError, with the possible names, if an operation cannot have that answer or lack those parameters."""
    names = possible(operation_id)
    if name not in names:
        raise ValueError(f"{operation_id} cannot be answered with {name}; it can be with {listed(names)}.")
    if missing is None:
        return
    row = outcomes.BY_ID.get(name)
    if name != RETRIEVE and (row is None or "missingParameters" not in row.required):
        raise ValueError(f"{name} names no missing parameters.")
    known = outcomes.MISSING_PARAMETERS if name == RETRIEVE else BY_ID[operation_id].parameters
    wrong = [parameter for parameter in missing if outcomes.parameter_name(parameter) not in known]
    if wrong:
        raise ValueError(f"{operation_id} cannot lack {wrong[0]}; it can lack {listed(known)}.")


def build_outcome(
    name: str,
    ex: Decoded,
    *,
    now: float,
    rng: random.Random,
    sessions: SessionStore,
    missing: Sequence[str] | None = None,
    mvpd: str | None = None,
    world: World = DEFAULT,
) -> SyntheticResponse:
    """The answer of that name to a request.

    ``missing`` names parameters for missingParameters beside those the form lacks. ``mvpd`` stands in where the
    request's form or path names none; on a partner session it goes before the provider id, which may be a mapping id.
    Raises ValueError as ``require`` does.
    """
    require(ex.operation.id, name, missing)
    facts = read(ex)
    row = outcomes.BY_ID.get(name)
    if row is not None or name == RETRIEVE:
        builder = _SessionBuilder(facts, ex, now=now, rng=rng, sessions=sessions, world=world, mvpd=mvpd)
        lacking = {outcomes.parameter_name(parameter) for parameter in missing or ()}
        return builder.build(row, lacking) if row is not None else builder.retrieve(lacking)
    if name in rows_of(facts.operation):
        return RowBuilder(facts, ex, now=now, rng=rng, sessions=sessions, world=world, mvpd=mvpd).build(name)
    return item_denials(name, facts, ex, rng, now) or error_response(name, ex, rng)


class _SessionBuilder(AnswerBuilder):
    """Makes an answer about a session to one request: a row of the truth table, or RS-B. ``missing`` are parameters
    that it names as missing beside those that are."""

    def build(self, row: outcomes.OutcomeRow, missing: set[str]) -> SyntheticResponse:
        """The answer of a row."""
        session = self._session(row)
        session.kind = session_bodies.kind_of(row)
        session.provider = self.facts.provider
        lacking = self._lacking(row, session, missing)
        named = self._mvpd(session)
        if named is None and _needs_mvpd(row, session):
            named = self.world.mvpd_of_kind(session.kind)
        found = self.world.find(named)
        if session.kind == "temporary" and found is not None and found.kind == "promotional":
            session.kind = "promotional"
        session.take({**self.facts.form, "mvpd": named} | dict.fromkeys(lacking))
        if row.action == "authorize":
            self._sign_in(session, row)
        else:
            session.state, session.profile = "open", None
            session.partner = self.facts.partner if row.action == "partner_profile" else None
        return json_response(session_bodies.body(row, session, missing=lacking, rng=self.rng, now=self.now))

    def retrieve(self, missing: set[str]) -> SyntheticResponse:
        """RS-B of a virtual session, or of made-up values for a code that the server handed out; that one stays its
        own."""
        session = self.known_session()
        if session is None:
            session = SessionStore(1).open(
                self.facts.service_provider, self.facts.device, now=self.now, rng=self.rng, with_code=False
            )
            named = self.mvpd or self.world.mvpd_of_kind("regular")
            session.take({"mvpd": named, "domainName": DOMAIN, "redirectUrl": REDIRECT_URL})
            session.device_object = device_object(self.ex)
        return json_response(retrieve_body(session, missing))

    def _session(self, row: outcomes.OutcomeRow) -> VirtualSession:
        """The session that is resumed; else a new one, under the code of the path or a fresh one."""
        session = self.known_session()
        if session is not None:
            return session
        session = self.sessions.open(
            self.facts.service_provider,
            self.facts.device,
            now=self.now,
            rng=self.rng,
            code=self.facts.code,
            with_code="code" in row.required,
        )
        session.device_object = device_object(self.ex)
        session.host = self.facts.host
        session.identity = identity_of(self.ex, self.now)
        session.asks_mvpd = self.facts.operation != "partner-session"
        return session

    def _lacking(self, row: outcomes.OutcomeRow, session: VirtualSession, missing: set[str]) -> tuple[str, ...]:
        """Names for missingParameters: what form and session lack, and what was asked for; one stands in for none."""
        if "missingParameters" not in row.required:
            return ()
        lacks = {name for name in self.facts.missing if name in session.missing}
        names = tuple(name for name in BY_ID[self.facts.operation].parameters if name in missing | lacks)
        return names or (DEFAULT_MISSING,)

    def _mvpd(self, session: VirtualSession) -> str | None:
        """What the request names, else what the session has, else what was asked for. A partner session goes by the
        provider."""
        if self.facts.operation == "partner-session":
            provider = self.world.by_provider_id(self.facts.provider)
            return self.asked or (provider.id if provider is not None else self.facts.provider)
        return self.facts.form.get("mvpd") or session.mvpd or self.asked

    def _sign_in(self, session: VirtualSession, row: outcomes.OutcomeRow) -> None:
        """Give the session the profile that the answer speaks of, which may be there already."""
        held = self.sessions.profile(session.device, session.service_provider, session.mvpd or "", self.now)
        if held is not None and row.reason in ("authenticated", "authenticatedSSO"):
            session.kind = held.kind
        elif row.id == "C6" and session.identity is not None:
            session.kind = session.identity.kind
        validity = self.world.validity(session.mvpd, session.kind)
        self.sessions.sign_in(session, now=self.now, rng=self.rng, validity=validity)


def _needs_mvpd(row: outcomes.OutcomeRow, session: VirtualSession) -> bool:
    """True unless the answer may leave the mvpd out: a made-up one would send the app to a provider nobody chose."""
    return row.action == "authorize" or "mvpd" in row.required or session.asks_mvpd


def retrieve_body(session: VirtualSession, also_missing: set[str] | None = None) -> dict[str, Any]:
    """The JSON object RS-B of a session; missingParameters is there if something is missing, as in the samples."""
    also = also_missing or set()
    existing = {name: value for name, value in session.existing.items() if name not in also}
    absent = [name for name in outcomes.MISSING_PARAMETERS if name not in existing]
    made: dict[str, Any] = {"missingParameters": list(map(outcomes.response_name, absent))} if absent else {}
    return made | {
        "existingParameters": existing | {"serviceProvider": session.service_provider},
        "device": session.device_object,
        "notBefore": str(session.not_before),
        "notAfter": str(session.not_after),
    }
