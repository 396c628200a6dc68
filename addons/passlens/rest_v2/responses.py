"""What an answer of any operation is: its row, what it means to the user, what its items have wrong.
``recognise`` is the one place that reads it, with one reader for each form of answer."""

from collections.abc import Callable
from typing import Any, Final

from passlens.rest_v2 import (
    decisions,
    logouts,
    navigation,
    outcomes,
    profiles,
    registration,
    retrieve,
    session_models,
)
from passlens.rest_v2.configuration import read_configuration
from passlens.rest_v2.recognition import (
    NOTHING,
    RawResponse,
    Recognition,
    bounded,
    error_of_row,
    failed,
    success,
    within,
)
from passlens.rest_v2.response_rows import error_row
from passlens.rest_v2.wire import MAX_PROBLEMS, pointer_step

Reader = Callable[[RawResponse], Recognition]


def recognise(
    operation: str, status: int, value: Any, body: bytes | None = None, location: str | None = None
) -> Recognition:
    """Recognise the answer of an operation by its id; NOTHING for an id that is none, or an answer that fits no row.

    ``status`` is the HTTP status, ``value`` the parsed JSON of the body (None where it is no JSON), ``body`` its bytes
    (only read for errors without JSON, may be left out), ``location`` where it leads. Bounded on any input, and never
    raises for it.
    """
    reader = READERS.get(operation)
    if reader is None:
        return NOTHING
    return reader(RawResponse(operation, status, value, body, location))


def _profiles(response: RawResponse) -> Recognition:
    """retrieve-profiles, retrieve-profile-mvpd, retrieve-profile-code, partner-profile."""
    found = profiles.profiles_of(response.value) if response.status < 400 else None
    if found is None:
        return _old_decisions(response) or failed(response)
    items = tuple(profiles.read_profiles(found))
    # One that goes wrong goes wrong the same way a thousand times: the first ones tell it.
    groups = [within(f"/profiles/{pointer_step(item.key)}", item.problems) for item in items[:MAX_PROBLEMS]]
    row, exact = _profiles_row(response, items)
    return success(
        response,
        row,
        tuple(item.result for item in items),
        exact=exact,
        items=items,
        cut=len(found) - len(items),
        problems=bounded(groups),
    )


_WITH_PROFILES: Final = {"retrieve-profiles": "PA-1", "retrieve-profile-mvpd": "PM-1", "retrieve-profile-code": "PC-1"}


def _profiles_row(response: RawResponse, items: tuple[profiles.Profile, ...]) -> tuple[str, bool]:
    """The row of an answer with a map of profiles, and whether the map is that of the row."""
    if response.operation in _WITH_PROFILES:
        return (_WITH_PROFILES[response.operation], True) if items else ("PA-0", True)
    if not items:
        return "PP-0", True
    types = {item.row.type for item in items if item.row is not None}
    if response.status == 200 and types == {"degraded"}:
        return "PP-2", True
    if response.status == 200 and types == {"appleSSO"} and any(item.old_names for item in items):
        return "H-PP-1", True
    return "PP-1", True


def _old_decisions(response: RawResponse) -> Recognition | None:
    """The decisions body that the page of a profile showed until doc-2024-10-15 (H-PE-4)."""
    found = decisions.decisions_of(response.value)
    if not found or response.operation != "retrieve-profile-mvpd":
        return None
    code = decisions.Decision(0, None, found[0]).code
    row = error_row(response.operation, response.status, code)
    return error_of_row(response, row, code) if row is not None and code in row.codes else None


def _decisions(response: RawResponse) -> Recognition:
    """authorize, preauthorize. Earlier samples answer 400 with a list of decisions: that is one as well."""
    found = decisions.decisions_of(response.value)
    if found is None:
        return failed(response)
    items = tuple(decisions.read_decisions(response.operation, found))
    groups = [within(f"/decisions/{item.place}", item.problems) for item in items[:MAX_PROBLEMS]]
    more = {"items": items, "cut": len(found) - len(items), "problems": bounded(groups)}
    results = tuple(item.result for item in items)
    if not found and response.operation == "preauthorize":
        return success(response, "DA-0", results, **more)
    recognition = success(response, "DA-1", results, exact=bool(found) and _as_old(response, items), **more)
    if response.status >= 400:
        exact = bool(items) and _as_old(response, items)
        codes = [item.code for item in items if item.code is not None]
        return recognition._replace(exact=exact, error=codes[0] if codes else None)
    return recognition


def _as_old(response: RawResponse, items: tuple[decisions.Decision, ...]) -> bool:
    """True if the HTTP status is that of every item: what old rows came with, 200 for those of today."""
    for item in items:
        want = item.row.statuses if item.row is not None and item.row.old else {"*": 200}
        if want.get(response.operation, want.get("*")) != response.status:
            return False
    return True


def _configuration(response: RawResponse) -> Recognition:
    """retrieve-configuration."""
    found = read_configuration(response.value) if response.status < 400 else None
    if found is None:
        return failed(response)
    groups = [within(found.requestor_pointer, found.problems)]
    for mvpd in found.mvpds:
        if len(groups) > MAX_PROBLEMS:
            break
        wrong = within(f"{found.pointer}/{mvpd.place}", mvpd.problems)
        groups += [wrong] if wrong else []
    return success(
        response,
        "CA-1",
        (found.result,),
        configuration=found,
        cut=found.total - len(found.mvpds),
        problems=bounded(groups),
    )


def _logout(response: RawResponse) -> Recognition:
    """logout."""
    found = logouts.logouts_of(response.value) if response.status < 400 else None
    if found is None:
        return failed(response)
    items = tuple(logouts.read_logouts(found))
    groups = [within(f"/logouts/{pointer_step(item.key)}", item.problems) for item in items[:MAX_PROBLEMS]]
    results = tuple(item.result for item in items)
    return success(response, "LA-1", results, items=items, cut=len(found) - len(items), problems=bounded(groups))


def _register(response: RawResponse) -> Recognition:
    """dcr-register."""
    if response.status >= 400 or not registration.is_client(response.value):
        return failed(response)
    wrong = registration.body_problems("G-1", response.value)
    return success(response, "G-1", (registration.client_result(),), problems=wrong)


def _token(response: RawResponse) -> Recognition:
    """dcr-token."""
    if response.status >= 400 or not registration.is_token(response.value):
        return failed(response)
    wrong = registration.body_problems("T-1", response.value)
    return success(response, "T-1", (registration.token_result(response.value),), problems=wrong)


def _authenticate(response: RawResponse) -> Recognition:
    """authenticate: any redirect, or a page with status 200 (the OpenAPI file lists it, live services answer so)."""
    if response.status >= 400 or response.status < 200:
        return failed(response)
    there = response.location is not None
    result = navigation.navigation_result(response.status, response.location)
    return success(response, "U-1", (result,), exact=there)


def _session(response: RawResponse) -> Recognition:
    """create-session, resume-session, partner-session: the truth table."""
    if response.status >= 400 or not isinstance(response.value, dict):
        return failed(response)
    found = outcomes.recognise(response.operation, response.value)
    wrong = session_models.validate(response.operation, found, response.value)
    if found is None:
        return Recognition(problems=wrong)
    row = found.row
    exact = found.exact and response.status == 200
    return Recognition(
        row.id,
        row.id if exact else None,
        None,
        exact,
        row.since,
        row.until,
        problems=wrong,
        next=row.followed_by,
        session=found,
    )


def _retrieve(response: RawResponse) -> Recognition:
    """retrieve-session: its shapes."""
    if response.status >= 400 or not isinstance(response.value, dict):
        return failed(response)
    shape = retrieve.recognise(response.value)
    wrong = retrieve.validate(shape, response.value)
    if shape is None:
        return Recognition(problems=wrong)
    row = shape.row
    exact = response.status == 200
    outcome = row.id if exact else None
    return Recognition(row.id, outcome, None, exact, row.since, row.until, problems=wrong, shape=shape)


READERS: Final[dict[str, Reader]] = {
    "create-session": _session,
    "resume-session": _session,
    "partner-session": _session,
    "retrieve-session": _retrieve,
    "authenticate": _authenticate,
    "retrieve-configuration": _configuration,
    "retrieve-profiles": _profiles,
    "retrieve-profile-mvpd": _profiles,
    "retrieve-profile-code": _profiles,
    "partner-profile": _profiles,
    "authorize": _decisions,
    "preauthorize": _decisions,
    "logout": _logout,
    "dcr-register": _register,
    "dcr-token": _token,
}
"""How the answer of each operation is read."""
