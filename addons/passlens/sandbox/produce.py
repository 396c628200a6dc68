"""Every documented answer on demand, by its name: a row of the truth table, a retrieve answer, an error.
Values are the request's own where it has them; what the answer hands out is kept as a virtual session."""

import random
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from passlens.exchange import Exchange
from passlens.sandbox import configuration, decisions, rows
from passlens.sandbox.device import device_object
from passlens.sandbox.errors import error_answer, error_names, is_item
from passlens.sandbox.facts import Facts, read
from passlens.sandbox.made import Made, json_answer, plain
from passlens.sandbox.session import Session, Sessions
from passlens.spec import outcomes
from passlens.spec.operations import BY_ID
from passlens.spec.wire import listed

RETRIEVE: Final = "RS-B"
"""The current shape of a retrieve answer."""

STAND_IN: Final = "redirectUrl"
"""The parameter that is named as missing where a request lacks none (resume and partner samples name this one)."""

_DOMAIN: Final = "tv.example"
_REDIRECT_URL: Final = "https://tv.example/signed-in"


@lru_cache(maxsize=len(BY_ID))
def possible(operation_id: str) -> tuple[str, ...]:
    """The names of all answers an operation can have on demand: current rows and RS-B first, then errors.

    Raises ValueError for an unknown operation.
    """
    operation = BY_ID.get(operation_id)
    if operation is None:
        raise ValueError(f"There is no operation {operation_id}; there are {listed(tuple(BY_ID), 'and')}.")
    rows_of = tuple(row.id for row in outcomes.ROWS if row.current and row.operation == operation_id)
    shapes = (RETRIEVE,) if operation_id == "retrieve-session" else ()
    return (*rows_of, *shapes, *error_names(operation))


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


def produce(
    name: str,
    ex: Exchange,
    *,
    now: float,
    rng: random.Random,
    sessions: Sessions,
    missing: Sequence[str] | None = None,
    mvpd: str | None = None,
) -> Made:
    """The answer of that name to a request.

    ``missing`` names parameters for missingParameters beside those the form lacks. ``mvpd`` stands in where the
    request's form or path names none; on a partner session it goes before the provider id, which may be a mapping id.
    Raises ValueError as ``require`` does.
    """
    require(ex.operation.id, name, missing)
    facts = read(ex)
    row = outcomes.BY_ID.get(name)
    if row is not None:
        return _row_answer(row, facts, ex, now=now, rng=rng, sessions=sessions, missing=missing, mvpd=mvpd)
    if name == RETRIEVE:
        return _retrieve(facts, ex, now=now, rng=rng, sessions=sessions, missing=missing, mvpd=mvpd)
    if is_item(name, facts.operation):
        wanted = decisions.resources(ex) or decisions.STAND_IN
        return json_answer(decisions.denied(facts.service_provider, facts.mvpd or "", wanted, name, rng))
    return error_answer(name, ex, rng)


def _row_answer(
    row: outcomes.Row,
    facts: Facts,
    ex: Exchange,
    *,
    now: float,
    rng: random.Random,
    sessions: Sessions,
    missing: Sequence[str] | None,
    mvpd: str | None,
) -> Made:
    session = _session(row, facts, ex, now=now, rng=rng, sessions=sessions)
    session.kind = rows.kind_of(row)
    session.provider = facts.provider
    lacking = _lacking(row, facts, session, missing)
    parameters: dict[str, str | None] = dict(facts.form)
    named = _mvpd(facts, session, mvpd) or configuration.mvpd_of_kind(session.kind)
    session.take(parameters | {"mvpd": named} | dict.fromkeys(lacking))
    if row.action == "authorize":
        held = sessions.profile(session.device, session.service_provider, session.mvpd or "", now)
        if held is not None and row.reason in ("authenticated", "authenticatedSSO"):
            session.kind = held.kind  # The profile that the answer speaks of is there already.
        sessions.sign_in(session, now=now, rng=rng)
    else:
        session.state, session.profile = "open", None
        session.partner = facts.partner if row.action == "partner_profile" else None
    return json_answer(rows.body(row, session, missing=lacking, rng=rng, now=now))


def _session(
    row: outcomes.Row, facts: Facts, ex: Exchange, *, now: float, rng: random.Random, sessions: Sessions
) -> Session:
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
    return session


def _lacking(row: outcomes.Row, facts: Facts, session: Session, missing: Sequence[str] | None) -> tuple[str, ...]:
    """Names for missingParameters: what form and session lack, and what was asked for; one stands in for none."""
    if "missingParameters" not in row.required:
        return ()
    asked = {outcomes.parameter_name(name) for name in missing or ()}
    lacks = {name for name in facts.missing if name not in session.existing}
    names = tuple(name for name in BY_ID[facts.operation].parameters if name in asked | lacks)
    return names or (STAND_IN,)


def _mvpd(facts: Facts, session: Session, mvpd: str | None) -> str | None:
    """What the request names, else what the session has, else ``mvpd``; see ``produce`` for partner sessions."""
    asked = plain(mvpd) if mvpd else None
    if facts.operation == "partner-session":
        provider = configuration.by_provider_id(facts.provider)
        return asked or (provider.id if provider is not None else facts.provider)
    return facts.form.get("mvpd") or session.mvpd or asked


def _retrieve(
    facts: Facts,
    ex: Exchange,
    *,
    now: float,
    rng: random.Random,
    sessions: Sessions,
    missing: Sequence[str] | None,
    mvpd: str | None,
) -> Made:
    """RS-B of a virtual session, or of made-up values for a code that the server handed out; that one stays its own."""
    session = sessions.by_code(facts.code, facts.service_provider)
    if session is None or session.over(now):
        session = Sessions(1).open(facts.service_provider, facts.device, now=now, rng=rng, with_code=False)
        named = mvpd or configuration.mvpd_of_kind("regular")
        session.take({"mvpd": named, "domainName": _DOMAIN, "redirectUrl": _REDIRECT_URL})
        session.device_object = device_object(ex)
    asked = {outcomes.parameter_name(name) for name in missing or ()}
    return json_answer(retrieve_body(session, asked))


def retrieve_body(session: Session, also_missing: set[str] | None = None) -> dict[str, Any]:
    """The JSON object RS-B of a session; missingParameters is there if something is missing, as in the samples."""
    also = also_missing or set()
    existing = {name: value for name, value in session.existing.items() if name not in also}
    absent = [name for name in outcomes.MISSING_PARAMETERS if name not in existing]
    made: dict[str, Any] = {"missingParameters": absent} if absent else {}
    return made | {
        "existingParameters": existing | {"serviceProvider": session.service_provider},
        "device": session.device_object,
        "notBefore": str(session.not_before),
        "notAfter": str(session.not_after),
    }
