"""Calls on the API's hosts that are no operation: REST API V1, unknown paths, and what is neither."""

import pytest

from passlens.rest_v2.operations import HOSTS
from passlens.rest_v2.strangers import ALONE, WORDS, Stranger, stranger

HOST = "api.auth.adobe.com"


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        ("GET", "/api/v1/authorize?deviceId=f15a5c38&resource=x", "GET /api/v1/authorize"),
        ("POST", "/reggie/v1/Gotham/regcode", "POST /reggie/v1/…/regcode"),
        ("GET", "/reggie/v1/Gotham/regcode/TJJCFK1", "GET /reggie/v1/…/regcode/…"),
        ("GET", "//api/v1/tokens/authn", "GET /api/v1/tokens/authn"),
        ("GET", "/adobe-services/config/Gotham", "GET /adobe-services/config/…"),
        ("POST", "/adobe-services/1.0/sessionDevice", "POST /adobe-services/1.0/sessionDevice"),
    ],
)
def test_calls_of_rest_api_v1_are_named_without_codes(method: str, path: str, words: str) -> None:
    found = stranger(method, path, HOST)
    assert found is not None
    assert (found.kind, found.words) == ("v1", words)


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        ("GET", "/api/v3/REF30/sessions", "GET /api/v3/…/sessions"),
        ("POST", "/api/v2/REF30/playback", "POST /api/v2/…/playback"),
        ("GET", "/o/client/scopes", "GET /o/client/scopes"),
        ("GET", "/api/v1", "GET /api/v1"),
        ("GET", "/some/long/path/below/this", "GET /some/long/path/below/…"),
        ("PATCH\x1b[2J", "/secret%20token", "… /…"),
        ("OPTIONS", "/api/v3/x", "OPTIONS /api/v3/x"),
    ],
)
def test_unknown_paths_on_hosts_of_the_api_are_named(method: str, path: str, words: str) -> None:
    found = stranger(method, path, HOST)
    assert found is not None
    assert (found.kind, found.words) == ("unknown", words)


@pytest.mark.parametrize(
    ("method", "path", "host"),
    [
        ("GET", "/api/v1/authorize", "shop.example"),
        ("GET", "/api/v1/authorize", "sp.auth.adobe.com.evil.example"),
        ("GET", "/adobe-services/authenticate/saml?mso_id=Cox", HOST),
        ("GET", "/adobe-services/1.0/logout", HOST),
        ("GET", "/favicon.ico", HOST),
        ("GET", "/", HOST),
        ("CONNECT", "/", "shop.example"),
        ("OPTIONS", "/api/v2/REF30/sessions", "shop.example"),
    ],
)
def test_other_hosts_and_redirects_of_v2_are_no_strangers(method: str, path: str, host: str) -> None:
    assert stranger(method, path, host) is None


def test_what_tells_something_only_where_no_exchange_was_recorded() -> None:
    assert stranger("CONNECT", "/", HOST) == Stranger("connect", f"CONNECT {HOST}")
    asked = stranger("OPTIONS", "/api/v2/REF30/sessions/ABCDEF1", HOST)
    assert asked == Stranger("preflight", "OPTIONS /api/v2/…/sessions/…")
    assert not ALONE.keys() & WORDS.keys()


def test_every_host_of_the_pages_and_their_domains_is_the_api_s() -> None:
    for host in (*HOSTS, "new.auth.adobe.com", "new.auth-staging.adobe.com"):
        assert stranger("GET", "/api/v1/authorize", host) is not None
    assert stranger("GET", "/api/v1/authorize", "auth.adobe.com") is None
