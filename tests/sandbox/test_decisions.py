"""Decisions: resources of a request, grants with a media token, denials with an error inside."""

import random
from dataclasses import replace
from typing import Any

import pytest

import forge
from passlens.exchange import Exchange
from passlens.sandbox.decisions import decided, denied, resources
from passlens.sandbox.session import Kind, Profile, Sessions
from sandbox.asking import SP, call


def profile(kind: Kind = "regular") -> Profile:
    return Sessions().grant("d", SP, "A", kind, now=forge.CLOCK, rng=random.Random(1))


def decide(operation: str, *wanted: str, kind: Kind = "regular") -> list[dict[str, Any]]:
    made = decided(operation, profile(kind), wanted, now=forge.CLOCK, rng=random.Random(1))
    return list(made["decisions"])


@pytest.mark.parametrize(
    ("sent", "found"),
    [(["A", "B", "A"], ("A", "B")), ([], ()), ("A", ()), ([""], ()), ([1], ()), (None, ()), (["\udcff"], ("?",))],
)
def test_the_resources_of_a_request(sent: object, found: tuple[str, ...]) -> None:
    assert resources(call("authorize", resources=sent)) == found


@pytest.mark.parametrize("body", [b"", b"[]", b"{", None])
def test_a_body_without_resources(body: bytes | None) -> None:
    request = replace(call("authorize").request, body=body)
    assert resources(Exchange(request)) == ()


def test_an_authorization_has_a_media_token_of_seven_minutes() -> None:
    (made,) = decide("authorize", "Sports")
    assert made["authorized"] is True
    assert isinstance(made["notBefore"], int)
    assert made["token"]["notAfter"] - made["token"]["notBefore"] == 7 * 60 * 1000
    assert made["token"]["serializedToken"]


def test_a_preauthorization_has_no_token() -> None:
    (made,) = decide("preauthorize", "Sports")
    assert set(made) == {"resource", "serviceProvider", "mvpd", "source", "authorized"}


@pytest.mark.parametrize(
    ("kind", "source"), [("regular", "mvpd"), ("degraded", "degradation"), ("temporary", "temppass")]
)
def test_the_source_tells_the_kind_of_access(kind: Kind, source: str) -> None:
    assert decide("authorize", "Sports", kind=kind)[0]["source"] == source


@pytest.mark.parametrize(
    ("operation", "code"),
    [("authorize", "authorization_denied_by_mvpd"), ("preauthorize", "preauthorization_denied_by_mvpd")],
)
def test_a_resource_that_ends_in_denied(operation: str, code: str) -> None:
    granted, refused = decide(operation, "Sports", "Movies-Denied")
    assert granted["authorized"] is True
    assert refused["authorized"] is False
    assert refused["error"]["code"] == code


def test_too_many_resources() -> None:
    assert {made["error"]["code"] for made in decide("preauthorize", *"ABCDEF")} == {"too_many_resources"}
    assert all(made["authorized"] for made in decide("authorize", *"ABCDEF"))


def test_a_denial_names_its_reason() -> None:
    (made,) = denied(SP, "A", ("Sports",), "authenticated_profile_missing", random.Random(1))["decisions"]
    assert made["error"]["status"] == 403
    assert made["error"]["action"] == "authentication"
