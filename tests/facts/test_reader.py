"""The reading of answers by the facts alone: good ones pass, and each thing that goes wrong is told."""

import json
from typing import Any

import pytest

from support.fact_reader import Answer, objections

JSON, HTML = {"Content-Type": "application/json;charset=UTF-8"}, {"Content-Type": "text/html"}
START, END = 1767323045000, 1767326645000
PATH = {"serviceProvider": "REF30"}
ERROR = {"action": "none", "status": 403, "code": "authorization_denied_by_mvpd", "message": "no"}
TOKEN = {"notBefore": START, "notAfter": START + 420_000, "serializedToken": "PHNpZ25hdHVyZUluZm8+"}
OWN = {"resource": "news", "serviceProvider": "REF30", "mvpd": "Cox", "source": "mvpd"}
PROFILE = {
    "notBefore": START, "notAfter": END, "issuer": "Cox", "type": "regular",
    "attributes": {"userID": {"value": "someone", "state": "plain"}},
}  # fmt: skip
MVPD = {"id": "Cox", "displayName": "Cox", "logoUrl": "https://tv.example/cox.png", "boardingStatus": "PICKER"}

GOOD: dict[str, dict[str, Any]] = {
    "create-session": {
        "actionName": "authenticate", "actionType": "interactive", "reasonType": "none", "code": "AAAAAAA",
        "sessionId": "x", "mvpd": "Cox", "serviceProvider": "REF30", "notBefore": str(START), "notAfter": str(END),
        "url": "/api/v2/authenticate/REF30/AAAAAAA",
    },
    "retrieve-session": {
        "existingParameters": {"mvpd": "Cox", "serviceProvider": "REF30"}, "device": {"type": "SetTopBox"},
        "notBefore": str(START), "notAfter": str(END),
    },
    "retrieve-profiles": {"profiles": {"Cox": PROFILE}},
    "authorize": {"decisions": [OWN | {"authorized": True, "notBefore": START, "notAfter": END, "token": TOKEN}]},
    "preauthorize": {
        "decisions": [OWN | {"authorized": False, "error": ERROR | {"code": "preauthorization_denied_by_mvpd"}}]
    },
    "retrieve-configuration": {"requestor": {"id": "REF30", "name": "Demo", "mvpds": [MVPD]}},
    "logout": {"logouts": {"Cox": {"actionName": "complete", "actionType": "none", "mvpd": "Cox"}}},
    "dcr-register": {
        "client_id": "a", "client_secret": "b", "client_id_issued_at": 1767323045, "redirect_uris": ["x:y"],
        "grant_types": ["client_credentials"], "scopes": ["api:client:v2"],
    },
    "dcr-token": {
        "id": "x", "access_token": "y", "created_at": START, "expires_in": 21600, "token_type": "bearer",
    },
}  # fmt: skip


def read(operation: str, value: Any, status: int | None = None, headers: dict[str, str] = JSON) -> list[str]:
    """What the facts say of the answer."""
    path = PATH | ({"mvpd": "Cox"} if operation in ("authorize", "preauthorize", "logout") else {})
    usual = 201 if operation.startswith("dcr") else 200
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return objections(Answer(operation, path, status or usual, headers, body, ("news",)))


def changed(value: Any, place: str, new: Any) -> Any:
    """A copy with the member at a place (``profiles/Cox/type``) set, or taken out where new is None."""
    copy = json.loads(json.dumps(value))
    *way, last = place.split("/")
    holder = copy
    for step in way:
        holder = holder[int(step) if isinstance(holder, list) else step]
    if new is None:
        del holder[last]
    else:
        holder[last] = new
    return copy


@pytest.mark.parametrize("operation", GOOD)
def test_a_good_answer_passes(operation: str) -> None:
    assert read(operation, GOOD[operation]) == []


BAD = [
    ("create-session", "actionType", "direct"), ("create-session", "code", None), ("create-session", "notAfter", END),
    ("create-session", "url", "/api/v2/REF30/sessions/AAAAAAA"), ("create-session", "missingParameters", ["mvpd"]),
    ("create-session", "serviceProvider", "REF40"), ("create-session", "notBefore", str(END)),
    ("retrieve-session", "device", None), ("retrieve-session", "existingParameters", {"mvpd": 5}),
    ("retrieve-profiles", "profiles/Cox/type", "temporary"), ("retrieve-profiles", "profiles/Cox/issuer", "Sling"),
    ("retrieve-profiles", "profiles/Cox/notAfter", str(END)),
    ("retrieve-profiles", "profiles/Cox/notAfter", END // 1000),
    ("retrieve-profiles", "profiles/Cox/attributes/userID", None), ("retrieve-profiles", "profiles", []),
    ("retrieve-profiles", "profiles/Cox/attributes/userID/state", "secret"),
    ("retrieve-profiles", "profiles/Cox/mvpd", "Cox"), ("retrieve-profiles", "profiles/Cox/attributes/zip", {}),
    ("authorize", "decisions/0/token", None), ("authorize", "decisions/0/source", "cache"),
    ("authorize", "decisions/0/authorized", "true"), ("authorize", "decisions/0/mvpd", "Sling"),
    ("authorize", "decisions/0/resource", "movies"), ("authorize", "decisions/0/error", ERROR),
    ("authorize", "decisions/0/token/serializedToken", "<x>"), ("authorize", "decisions/0/token/issuedAt", START),
    ("authorize", "decisions/0/notAfter", START + 1000), ("authorize", "decisions", []),
    ("preauthorize", "decisions/0/error", None), ("preauthorize", "decisions/0/token", TOKEN),
    ("preauthorize", "decisions/0/error/action", "retry"), ("preauthorize", "decisions/0/error/code", "unheard_of"),
    ("preauthorize", "decisions/0/notAfter", END), ("preauthorize", "decisions/0/error/status", 200),
    ("retrieve-configuration", "requestor/id", "REF40"), ("retrieve-configuration", "requestor/mvpds/0/logoUrl", None),
    ("retrieve-configuration", "requestor/mvpds/0/isTempPass", "true"), ("retrieve-configuration", "mvpds", [MVPD]),
    ("retrieve-configuration", "requestor/mvpds/0/boardingStatus", "NONE"),
    ("logout", "logouts/Cox/actionType", "interactive"), ("logout", "logouts/Cox/url", "https://x.example"),
    ("logout", "logouts/Cox/mvpd", "Sling"), ("logout", "logouts", {}),
    ("dcr-register", "scopes", []), ("dcr-register", "client_secret", None), ("dcr-register", "redirect_uris", "x:y"),
    ("dcr-token", "created_at", 1767323045), ("dcr-token", "token_type", "mac"), ("dcr-token", "expires_in", "21600"),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "place", "new"), BAD)
def test_what_goes_wrong_is_told(operation: str, place: str, new: Any) -> None:
    assert read(operation, changed(GOOD[operation], place, new)) != []


def test_errors_are_read_as_the_tables_have_them() -> None:
    good = {"action": "none", "status": 400, "code": "invalid_parameter_mvpd", "message": "no"}
    assert read("logout", good, 400) == []
    assert read("logout", b"", 401) == []
    for value, status, headers in (
        (good | {"action": "retry"}, 400, JSON), (good, 500, JSON), (good, 400, HTML), (good, 404, JSON),
        (good | {"code": "unheard_of"}, 400, JSON), (good | {"errors": []}, 400, JSON),
    ):  # fmt: skip
        assert read("logout", value, status, headers) != []
    assert read("dcr-token", {"error": "invalid_client"}, 400) == []
    assert read("dcr-token", {"error": "invalid_grant"}, 400) != []
    assert read("logout", b"<html>", 429, HTML) == []
    assert read("logout", b"{}", 429) != []


def test_statuses_and_media_types_are_those_of_the_page() -> None:
    assert read("retrieve-profiles", GOOD["retrieve-profiles"], 206) != []
    assert read("retrieve-profiles", GOOD["retrieve-profiles"], headers=HTML) != []
    partner = GOOD["retrieve-profiles"]
    apple = changed(changed(partner, "profiles/Cox/type", "appleSSO"), "profiles/Cox/issuer", "Apple")
    assert read("partner-profile", apple, 201) == []
    assert read("partner-profile", apple, 200) != []


def test_a_navigation_needs_a_location_of_its_own_service_provider() -> None:
    there = "https://sp.auth.adobe.com/adobe-services/authenticate/saml?requestor_id="
    assert read("authenticate", b"", 302, {"Location": f"{there}REF30"}) == []
    assert read("authenticate", b"", 302, {"Location": f"{there}REF40"}) != []
    assert read("authenticate", b"", 302, {}) != []
    assert read("authenticate", b"{}", 400) != []
