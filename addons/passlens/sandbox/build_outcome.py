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
from passlens.sandbox.request_facts import SandboxRequest, read
from passlens.sandbox.response import SyntheticResponse, json_response, plain
from passlens.sandbox.rows import DOMAIN, REDIRECT_URL, RowBuilder, item_denials, rows_of
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
    if row is not None:
        return _row_response(
            row, facts, ex, now=now, rng=rng, sessions=sessions, missing=missing, mvpd=mvpd, world=world
        )
    if name == RETRIEVE:
        return _retrieve(facts, ex, now=now, rng=rng, sessions=sessions, missing=missing, mvpd=mvpd, world=world)
    if name in rows_of(facts.operation):
        return RowBuilder(facts, ex, now=now, rng=rng, sessions=sessions, world=world, mvpd=mvpd).build(name)
    return item_denials(name, facts, ex, rng, now) or error_response(name, ex, rng)


def _row_response(
    row: outcomes.OutcomeRow,
    facts: SandboxRequest,
    ex: Decoded,
    *,
    now: float,
    rng: random.Random,
    sessions: SessionStore,
    missing: Sequence[str] | None,
    mvpd: str | None,
    world: World,
) -> SyntheticResponse:
    session = _session(row, facts, ex, now=now, rng=rng, sessions=sessions)
    session.kind = session_bodies.kind_of(row)
    session.provider = facts.provider
    lacking = _lacking(row, facts, session, missing)
    parameters: dict[str, str | None] = dict(facts.form)
    named = _mvpd(facts, session, mvpd, world)
    if named is None and _needs_mvpd(row, session):
        named = world.mvpd_of_kind(session.kind)
    found = world.find(named)
    if session.kind == "temporary" and found is not None and found.kind == "promotional":
        session.kind = "promotional"
    session.take(parameters | {"mvpd": named} | dict.fromkeys(lacking))
    if row.action == "authorize":
        held = sessions.profile(session.device, session.service_provider, session.mvpd or "", now)
        if held is not None and row.reason in ("authenticated", "authenticatedSSO"):
            session.kind = held.kind  # The profile that the answer speaks of is there already.
        elif row.id == "C6" and session.identity is not None:
            session.kind = session.identity.kind
        sessions.sign_in(session, now=now, rng=rng, validity=world.validity(session.mvpd, session.kind))
    else:
        session.state, session.profile = "open", None
        session.partner = facts.partner if row.action == "partner_profile" else None
    return json_response(session_bodies.body(row, session, missing=lacking, rng=rng, now=now))


def _needs_mvpd(row: outcomes.OutcomeRow, session: VirtualSession) -> bool:
    """True unless the answer may leave the mvpd out: a made-up one would send the app to a provider nobody chose."""
    return row.action == "authorize" or "mvpd" in row.required or session.asks_mvpd


def _session(
    row: outcomes.OutcomeRow,
    facts: SandboxRequest,
    ex: Decoded,
    *,
    now: float,
    rng: random.Random,
    sessions: SessionStore,
) -> VirtualSession:
    """The session that is resumed; else a new one, under the code of the path or a fresh one."""
    session = sessions.by_code(facts.code, facts.service_provider)
    if session is not None and not session.over(now):
        return session
    with_code = "code" in row.required
    session = sessions.open(
        facts.service_provider, facts.device, now=now, rng=rng, code=facts.code, with_code=with_code
    )
    session.device_object = device_object(ex)
    session.host = facts.host
    session.identity = identity_of(ex, now)
    session.asks_mvpd = facts.operation != "partner-session"
    return session


def _lacking(
    row: outcomes.OutcomeRow, facts: SandboxRequest, session: VirtualSession, missing: Sequence[str] | None
) -> tuple[str, ...]:
    """Names for missingParameters: what form and session lack, and what was asked for; one stands in for none."""
    if "missingParameters" not in row.required:
        return ()
    asked = {outcomes.parameter_name(name) for name in missing or ()}
    lacks = {name for name in facts.missing if name in session.missing}
    names = tuple(name for name in BY_ID[facts.operation].parameters if name in asked | lacks)
    return names or (DEFAULT_MISSING,)


def _mvpd(facts: SandboxRequest, session: VirtualSession, mvpd: str | None, world: World) -> str | None:
    """What the request names, else what the session has, else ``mvpd``. A partner session goes by the provider."""
    asked = plain(mvpd) if mvpd else None
    if facts.operation == "partner-session":
        provider = world.by_provider_id(facts.provider)
        return asked or (provider.id if provider is not None else facts.provider)
    return facts.form.get("mvpd") or session.mvpd or asked


def _retrieve(
    facts: SandboxRequest,
    ex: Decoded,
    *,
    now: float,
    rng: random.Random,
    sessions: SessionStore,
    missing: Sequence[str] | None,
    mvpd: str | None,
    world: World,
) -> SyntheticResponse:
    """RS-B of a virtual session, or of made-up values for a code that the server handed out; that one stays its own."""
    session = sessions.by_code(facts.code, facts.service_provider)
    if session is None or session.over(now):
        session = SessionStore(1).open(facts.service_provider, facts.device, now=now, rng=rng, with_code=False)
        named = mvpd or world.mvpd_of_kind("regular")
        session.take({"mvpd": named, "domainName": DOMAIN, "redirectUrl": REDIRECT_URL})
        session.device_object = device_object(ex)
    asked = {outcomes.parameter_name(name) for name in missing or ()}
    return json_response(retrieve_body(session, asked))


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
