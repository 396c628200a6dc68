"""The one place where an answer of any operation is recognised: rows, results, problems, bounds."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cases
import forge
from passlens.rest_v2.operations import BY_ID
from passlens.rest_v2.recognition import NOTHING, Recognition
from passlens.rest_v2.responses import READERS, recognise
from passlens.rest_v2.results import MAX_ITEMS, MAX_MVPDS
from passlens.rest_v2.wire import MAX_PROBLEMS
from support.responses import START, decision, error, metadata, profile, token

ADOBE = profile("degraded", "Adobe", attributes=metadata(userID="95cf93bcd183214a-1"))
APPLE = profile("appleSSO", "Apple")
OLD_APPLE = profile("appleSSO", "Apple", attributes=metadata(userId="u-1"))
DENIED = decision(False, error=error("authorization_denied_by_mvpd"))
OLD_EXPIRED = {"authorized": False, "error": error("temppass_expired", 200)}
PERMIT = decision(token=token())
LOGGED_OUT = {"actionName": "complete", "actionType": "none", "mvpd": "HarbourCable"}


def profiles(*entries: Any) -> dict[str, Any]:
    return {"profiles": {f"M{place}": entry for place, entry in enumerate(entries)}}


def decided(*entries: Any) -> dict[str, Any]:
    return {"decisions": list(entries)}


def test_every_operation_has_a_reader() -> None:
    assert set(READERS) == set(BY_ID)
    assert recognise("nothing", 200, {}) is NOTHING


@pytest.mark.parametrize(
    ("operation", "status", "value", "row", "items"),
    [
        ("retrieve-profiles", 200, profiles(profile(), profile("platformSSO")), "PA-1", ["PT1", "PT3"]),
        ("retrieve-profiles", 200, profiles(), "PA-0", []),
        ("retrieve-profile-mvpd", 200, profiles(APPLE), "PM-1", ["PT4"]),
        ("retrieve-profile-mvpd", 200, profiles(), "PA-0", []),
        ("retrieve-profile-code", 200, profiles(profile()), "PC-1", ["PT1"]),
        ("retrieve-profile-code", 200, profiles(), "PA-0", []),
        ("partner-profile", 201, profiles(APPLE), "PP-1", ["PT4"]),
        ("partner-profile", 201, profiles(profile()), "PP-1", ["PT1"]),
        ("partner-profile", 200, profiles(ADOBE), "PP-2", ["PT7"]),
        ("partner-profile", 201, profiles(), "PP-0", []),
        ("partner-profile", 200, profiles(OLD_APPLE), "H-PP-1", ["PT4"]),
        ("authorize", 200, decided(PERMIT, DENIED), "DA-1", ["AD1", "AD2"]),
        ("preauthorize", 200, decided(decision()), "DA-1", ["ZD1"]),
        ("preauthorize", 200, decided(), "DA-0", []),
        ("logout", 200, {"logouts": {"HarbourCable": LOGGED_OUT}}, "LA-1", ["L3"]),
        ("logout", 200, {"logouts": {}}, "LA-1", []),
        ("retrieve-configuration", 200, {"requestor": {"id": "R", "name": "R", "mvpds": []}}, "CA-1", []),
    ],
)
def test_answers_and_their_items(operation: str, status: int, value: Any, row: str, items: list[str]) -> None:
    found = recognise(operation, status, value)
    assert (found.row, found.outcome, found.error, found.exact) == (row, row, None, True)
    assert [item.row.id if item.row else None for item in found.items] == items
    assert [result.get("row") for result in found.results if result["kind"] != "configuration"] == items
    assert found.problems == ()


@pytest.mark.parametrize(
    ("operation", "status", "value", "row"),
    [
        # The row is the nearest one: the status is not the documented one, or the list is empty where it must not be.
        ("partner-profile", 200, profiles(APPLE), "PP-1"),
        ("partner-profile", 200, profiles(), "PP-0"),
        ("partner-profile", 201, profiles(ADOBE), "PP-1"),
        ("retrieve-profiles", 201, profiles(profile()), "PA-1"),
        ("authorize", 200, decided(), "DA-1"),
        ("authorize", 200, decided(OLD_EXPIRED), "DA-1"),
        ("authorize", 400, decided(DENIED), "DA-1"),
        ("dcr-token", 200, {"access_token": "x"}, "T-1"),
    ],
)
def test_the_nearest_row_is_not_an_exact_one(operation: str, status: int, value: Any, row: str) -> None:
    found = recognise(operation, status, value)
    exact = (operation, status, value) == ("partner-profile", 201, profiles(ADOBE))
    assert (found.row, found.exact) == (row, exact)


@pytest.mark.parametrize(
    ("operation", "status", "value", "row", "code"),
    [
        ("authorize", 400, error("invalid_parameter_resources"), "DE-1", "invalid_parameter_resources"),
        ("retrieve-profile-mvpd", 200, error("temppass_expired", 200), "H-PE-1", "temppass_expired"),
        (
            "retrieve-profile-mvpd",
            200,
            decided({"authorized": False, "error": error("temppass_max_resources_exceeded", 200)}),
            "H-PE-4",
            "temppass_max_resources_exceeded",
        ),
        ("partner-profile", 403, {"errors": [{"code": "invalid_mvpd_response"}]}, "H-PE-5", "invalid_mvpd_response"),
        ("dcr-token", 400, {"error": "invalid_client"}, "T-E1", "invalid_client"),
        ("retrieve-configuration", 401, None, "CE-1", "unauthorized"),
        ("authorize", 503, None, None, "http_503"),
        ("authenticate", 400, None, "U-E1", "http_400"),
        ("create-session", 400, error("invalid_parameter_mvpd"), None, "invalid_parameter_mvpd"),
    ],
)
def test_an_error_is_no_outcome(operation: str, status: int, value: Any, row: str | None, code: str) -> None:
    found = recognise(operation, status, value, body=b"<html>")
    assert (found.row, found.outcome, found.error, found.results) == (row, None, code, ())


def test_an_old_denial_came_with_400_and_is_an_outcome_with_an_error() -> None:
    found = recognise("authorize", 400, decided(OLD_EXPIRED))
    assert (found.outcome, found.error, found.exact) == ("DA-1", "temppass_expired", True)
    assert found.results[0].get("row") == "H-D1"


@pytest.mark.parametrize("operation", BY_ID)
def test_an_answer_of_another_form_fits_no_row(operation: str) -> None:
    if operation == "authenticate":
        return
    for value in (None, [], {}, "x", 1, {"profiles": []}, {"decisions": {}}, {"logouts": 1}, {"requestor": []}):
        found = recognise(operation, 200, value)
        assert (found.row, found.outcome, found.error, found.results) == (None, None, None, ())


def test_where_a_navigation_goes() -> None:
    found = recognise("authenticate", 302, None, location="https://tv.example/done")
    assert (found.outcome, found.exact, found.results) == ("U-1", True, ({"kind": "navigation", "to": "provider"},))
    assert recognise("authenticate", 302, None).exact is False
    page = recognise("authenticate", 200, None)
    assert (page.outcome, page.exact, page.results[0]) == ("U-1", False, {"kind": "navigation", "to": "page"})


def test_problems_point_into_the_body() -> None:
    slip = {"profiles": {"a/b~c": profile(notAfter="soon")}}
    assert [one.pointer for one in recognise("retrieve-profiles", 200, slip).problems] == ["/profiles/a~1b~0c/notAfter"]
    slip = decided(PERMIT, {**DENIED, "source": None})
    assert [one.pointer for one in recognise("authorize", 200, slip).problems] == ["/decisions/1/source"]
    slip = {"requestor": {"id": "R", "mvpds": [{"id": "A", "displayName": "A"}]}}
    assert [one.pointer for one in recognise("retrieve-configuration", 200, slip).problems] == [
        "/requestor/name",
        "/requestor/mvpds/0/logoUrl",
    ]
    slip = {"logouts": {"M": {**LOGGED_OUT, "url": "/x"}}}
    assert [one.pointer for one in recognise("logout", 200, slip).problems] == ["/logouts/M/url"]


@pytest.mark.parametrize(
    ("operation", "value"),
    [
        ("retrieve-profiles", {"profiles": {str(number): 1 for number in range(MAX_ITEMS + 7)}}),
        ("authorize", {"decisions": [1] * (MAX_ITEMS + 7)}),
        ("logout", {"logouts": {str(number): 1 for number in range(MAX_ITEMS + 7)}}),
    ],
)
def test_thousands_of_items_are_bounded_and_what_is_cut_is_counted(operation: str, value: Any) -> None:
    found = recognise(operation, 200, value)
    assert (len(found.items), len(found.results), found.cut) == (MAX_ITEMS, MAX_ITEMS, 7)
    assert len(found.problems) == MAX_PROBLEMS


def test_a_long_configuration_is_counted_whole() -> None:
    value = {"requestor": {"id": "R", "name": "R", "mvpds": [{}] * (MAX_MVPDS + 7)}}
    found = recognise("retrieve-configuration", 200, value)
    assert (found.results, found.cut) == (({"kind": "configuration", "mvpds": MAX_MVPDS + 7},), 7)
    assert len(found.problems) == MAX_PROBLEMS


def test_no_result_holds_a_secret() -> None:
    secret = "c2VjcmV0"
    marked = metadata(userID=secret, zip=secret, upstreamUserID=secret)
    media = {"serializedToken": secret, "notBefore": START, "notAfter": START + 1}
    responses = [
        recognise("retrieve-profiles", 200, profiles(profile(attributes=marked))),
        recognise("authorize", 200, decided(decision(token=media))),
        recognise("dcr-register", 201, {"client_id": secret, "client_secret": secret}),
        recognise("dcr-token", 201, {"access_token": secret}),
        recognise("logout", 200, {"logouts": {"M": {**LOGGED_OUT, "url": f"/x?pt_device_id={secret}"}}}),
        recognise("authenticate", 302, None, location=f"https://x/?a={secret}"),
    ]
    assert all(one.results for one in responses)
    assert secret not in repr([one.results for one in responses])


def test_the_sessions_are_recognised_as_ever() -> None:
    for case in cases.cases(forge.CLOCK, "current", "revisions"):
        found = recognise(case.operation, case.status, json.loads(case.response_body))
        assert (found.outcome, found.exact, found.problems) == (case.outcome, True, ()), case.name


def test_every_operation_has_a_sample() -> None:
    assert {case.operation for case in cases.cases(forge.CLOCK, "current", "other")} == set(BY_ID)


@pytest.mark.parametrize("case", cases.cases(forge.CLOCK, "other"), ids=lambda case: case.name)
def test_one_plausible_answer_of_each_other_operation(case: cases.Case) -> None:
    value = json.loads(case.response_body) if case.response_body else None
    location = dict(case.answer_headers).get("Location")
    found = recognise(case.operation, case.status, value, location=location)
    assert found.exact
    assert found.results


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text() | st.sampled_from(["type", "attributes", "source", "authorized", "error", "token", "code"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    operation=st.sampled_from(sorted(READERS)),
    status=st.sampled_from([200, 201, 204, 302, 400, 403, 429, 500]),
    name=st.sampled_from(["profiles", "decisions", "logouts", "requestor", "access_token", "errors", "actionName"]),
    value=ANYTHING,
)
def test_nothing_raises(operation: str, status: int, name: str, value: Any) -> None:
    for body in (value, {name: value}, {name: [value]}, {name: {"M": value, "mvpds": value}}):
        assert isinstance(recognise(operation, status, body), Recognition)


def test_deep_and_huge_values_are_named_and_do_not_raise() -> None:
    deep: Any = []
    for _ in range(900):
        deep = {"attributes": deep}
    for operation in READERS:
        for value in (deep, 10**5000, "x" * 10**6, "\ud800"):
            for body in (value, {"profiles": {"M": value}}, {"decisions": [value]}, {"logouts": {"M": value}}):
                assert isinstance(recognise(operation, 200, body), Recognition)
