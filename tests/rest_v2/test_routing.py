"""Which operation a method and a path belong to: canonical templates, documented spellings, other traffic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.rest_v2.operations import OPERATIONS
from passlens.rest_v2.routing import route

CANONICAL = [
    ("POST", "/api/v2/REF30/sessions/sso/Apple", "partner-session"),
    ("POST", "/api/v2/REF30/sessions", "create-session"),
    ("POST", "/api/v2/REF30/sessions/8BLW4RW", "resume-session"),
    ("GET", "/api/v2/REF30/sessions/8BLW4RW", "retrieve-session"),
    ("GET", "/api/v2/authenticate/REF30/8BLW4RW", "authenticate"),
    ("GET", "/api/v2/REF30/configuration", "retrieve-configuration"),
    ("GET", "/api/v2/REF30/profiles", "retrieve-profiles"),
    ("GET", "/api/v2/REF30/profiles/Cablevision", "retrieve-profile-mvpd"),
    ("GET", "/api/v2/REF30/profiles/code/XTC98W", "retrieve-profile-code"),
    ("POST", "/api/v2/REF30/profiles/sso/Apple", "partner-profile"),
    ("POST", "/api/v2/REF30/decisions/authorize/Cablevision", "authorize"),
    ("POST", "/api/v2/REF30/decisions/preauthorize/Cablevision", "preauthorize"),
    ("GET", "/api/v2/REF30/logout/Cablevision", "logout"),
    ("POST", "/o/client/register", "dcr-register"),
    ("POST", "/o/client/token", "dcr-token"),
]
OTHER_SPELLINGS = [
    ("POST", "/api/v2/REF30/sessions/", "create-session"),
    ("POST", "/v2/REF30/sessions/8BLW4RW", "resume-session"),
    ("GET", "/api/v2/sessions/REF30/8BLW4RW", "retrieve-session"),
    ("POST", "/api/v2/sessions/REF30/8BLW4RW", "resume-session"),
    ("GET", "/v2/authenticate/REF30/8ER640M", "authenticate"),
    ("GET", "/api/v2/REF30/configuration/", "retrieve-configuration"),
    ("GET", "/api/v2/configuration/REF30", "retrieve-configuration"),
    ("GET", "/api/v2/REF30/profiles/Cablevision/XTC98W", "retrieve-profile-code"),
    ("GET", "/v2/REF30/profiles/8ER640M", "retrieve-profile-code"),
    ("POST", "/v2/REF30/profiles/sso/Apple/Cablevision", "partner-profile"),
    ("POST", "/api/v2/REF30/decision/authorize/Cablevision", "authorize"),
    ("POST", "/api/v2/REF30/decisions", "authorize"),
    ("POST", "/v2/REF30/decisions/authorize", "authorize"),
    ("POST", "/api/v2/REF30/decision/preauthorize/Cablevision", "preauthorize"),
    ("GET", "/api/v2/logout/REF30/TempPass_5mins", "logout"),
    ("GET", "/api/v2/REF30/logout", "logout"),
    ("POST", "/restv2/api/v2/REF30/sessions", "create-session"),
    ("POST", "/api/v2/REF30/%73essions", "create-session"),
    ("POST", "/api/v2/REF30/sessions//", "create-session"),
    ("POST", "//api/v2/REF30/sessions", "create-session"),
    ("POST", "///api/v2/REF30/sessions", "create-session"),
    ("POST", "/api//v2/REF30/sessions", "create-session"),
    ("POST", "//v2/REF30/sessions/8BLW4RW", "resume-session"),
    ("POST", "//restv2//api/v2/REF30/sessions", "create-session"),
    ("POST", "//o/client/token", "dcr-token"),
]
BEHIND_A_PROXY = [
    ("POST", "/pass", "/api/v2/REF30/sessions", "create-session"),
    ("POST", "/tve/pass", "/o/client/token", "dcr-token"),
    ("GET", "/https://sp.auth.adobe.com", "/api/v2/REF30/profiles", "retrieve-profiles"),
    ("POST", "/gateway/api/v2", "/api/v2/REF30/sessions", "create-session"),
    ("POST", "/gateway/api/v2/pass", "/o/client/token", "dcr-token"),
]
OTHER_TRAFFIC = [
    ("GET", "/"),
    ("GET", "/v2/"),
    ("GET", "/api/v2"),
    ("GET", "/api/v2/"),
    ("GET", "/api/v2/REF30"),
    ("GET", "/api/v2/REF30/sessions/sso/Apple/more"),
    ("POST", "/api/v2//sessions"),
    ("GET", "/api/v1/REF30/sessions"),
    ("POST", "/o/client/scopes"),
    ("OPTIONS", "/api/v2/REF30/sessions"),
    ("GET", "/search?q=/api/v2/REF30/sessions"),
    ("GET", "/static/api/v2/REF30/sessions"),
    ("POST", "/app/v2/REF30/sessions"),
    ("POST", "/passapi/v2/REF30/sessions"),
    ("POST", "/pass/xapi/v2/REF30/sessions"),
    ("POST", "//app/api/v2"),
]


@pytest.mark.parametrize(("method", "path", "operation"), CANONICAL)
def test_canonical_paths(method: str, path: str, operation: str) -> None:
    found = route(method, path)
    assert found is not None
    assert (found.operation.id, found.is_canonical, found.documented_method) == (operation, True, True)


def test_every_operation_has_a_canonical_example() -> None:
    assert {operation for _, _, operation in CANONICAL} == {operation.id for operation in OPERATIONS}


@pytest.mark.parametrize(("method", "path", "operation"), OTHER_SPELLINGS)
def test_other_spellings(method: str, path: str, operation: str) -> None:
    found = route(method, path)
    assert found is not None
    assert (found.operation.id, found.is_canonical, found.documented_method) == (operation, False, True)


@pytest.mark.parametrize(("method", "prefix", "path", "operation"), BEHIND_A_PROXY)
def test_the_prefix_of_a_reverse_proxy_belongs_to_its_paths(
    method: str, prefix: str, path: str, operation: str
) -> None:
    found = route(method, prefix + path, "tve.programmer.example")
    assert found is not None
    assert (found.operation.id, found.canonical, found.is_canonical) == (operation, prefix + path, True)


def test_a_doubled_slash_after_the_prefix_is_another_spelling() -> None:
    found = route("POST", "/pass//api/v2/REF30/sessions", "tve.programmer.example")
    assert found is not None
    assert (found.canonical, found.is_canonical) == ("/pass/api/v2/REF30/sessions", False)


@pytest.mark.parametrize("host", ["sp.auth.adobe.com", "sp.auth-staging.adobe.com", "new.auth.adobe.com"])
def test_the_api_itself_has_no_prefix(host: str) -> None:
    found = route("POST", "/pass/api/v2/REF30/sessions", host)
    assert found is not None
    assert (found.canonical, found.is_canonical) == ("/api/v2/REF30/sessions", False)


def test_a_wrong_method_behind_a_prefix_is_another_api_unless_the_host_is_of_this_one() -> None:
    assert route("PUT", "/app/api/v2/users/profiles", "shop.example") is None
    found = route("PUT", "/app/api/v2/users/profiles", "sp.auth.adobe.com")
    assert found is not None
    assert not found.documented_method


@pytest.mark.parametrize(("method", "path"), OTHER_TRAFFIC)
def test_everything_else_is_other_traffic(method: str, path: str) -> None:
    assert route(method, path) is None


def test_concurrency_monitoring_has_sessions_of_its_own() -> None:
    assert route("POST", "/v2/sessions/Cablevision/user", "streams.adobeprimetime.com") is None
    assert route("POST", "/v2/sessions/Cablevision/user", "sp.auth.adobe.com") is not None


def test_the_query_does_not_count() -> None:
    found = route("POST", "/api/v2/REF30/sessions?x=/logout/y")
    assert found is not None
    assert (found.operation.id, found.is_canonical) == ("create-session", True)


def test_parameters_are_decoded_and_the_canonical_path_keeps_them_as_sent() -> None:
    found = route("GET", "/api/v2/sessions/REF%2030/8BLW4RW/")
    assert found is not None
    assert found.parameters == {"serviceProvider": "REF 30", "code": "8BLW4RW"}
    assert found.canonical == "/api/v2/REF%2030/sessions/8BLW4RW"


@pytest.mark.parametrize(("method", "path", "operation"), CANONICAL)
def test_a_canonical_path_gives_its_own_parameters(method: str, path: str, operation: str) -> None:
    # Where a longer spelling fits as well (profiles/{mvpd}/{code}), the template with more fixed words is taken.
    found = route(method, path)
    assert found is not None
    template = found.operation.prefix + found.operation.paths[0]
    pairs = zip(template.split("/"), path.split("/"), strict=True)
    assert found.parameters == {want[1:-1]: have for want, have in pairs if want.startswith("{")}


def test_a_placeholder_in_a_path_is_literal_text() -> None:
    found = route("POST", "/api/v2/REF30/decisions/authorize/$%7BdegradedMvpd%7D")
    assert found is not None
    assert found.parameters["mvpd"] == "${degradedMvpd}"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_a_wrong_method_is_told_from_other_traffic(method: str) -> None:
    found = route(method, "/api/v2/REF30/sessions")
    assert found is not None
    assert (found.operation.id, found.documented_method) == ("create-session", False)


@given(st.text(), st.text())
def test_any_method_and_path_are_routed_or_not(method: str, path: str) -> None:
    for target in (path, f"/api/v2/{path}", f"/v2/{path}", f"/o/client/{path}"):
        found = route(method, target)
        assert found is None or found.operation in OPERATIONS


@pytest.mark.parametrize("path", ["/v2/REF30/profiles", "//v2/REF30/profiles"])
def test_a_bare_v2_is_the_apis_on_its_own_hosts_alone(path: str) -> None:
    for host in ("", "sp.auth.adobe.com", "sp.auth-staging.adobe.com"):
        found = route("GET", path, host)
        assert found is not None
        assert found.operation.id == "retrieve-profiles"
    for host in ("api.example.com", "127.0.0.1"):
        assert route("GET", path, host) is None
        assert route("GET", "/api/v2/REF30/profiles", host) is not None


def test_more_fixed_segments_say_more_than_the_method() -> None:
    found = route("GET", "/api/v2/REF30/profiles/sso/Apple")
    assert found is not None
    assert (found.operation.id, found.documented_method) == ("partner-profile", False)
    assert found.parameters == {"serviceProvider": "REF30", "partner": "Apple"}
