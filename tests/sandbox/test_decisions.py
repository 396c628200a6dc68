"""Decisions: resources of a request, grants with a media token, denials with an error inside."""

import base64
import random
from dataclasses import replace
from typing import Any

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from passlens.sandbox.decisions import Asked, decided, denied, resources, source_of
from passlens.sandbox.profile_store import ProfileKind, VirtualProfile
from passlens.sandbox.session import SessionStore
from passlens.sandbox.world import DEFAULT, Degradation, World, WorldMvpd
from sandbox.asking import SP, call


def profile(kind: ProfileKind = "regular") -> VirtualProfile:
    return SessionStore().grant("d", SP, "A", kind, now=forge.CLOCK, rng=random.Random(1))


def asked(operation: str = "authorize", mvpd: str = "A") -> Asked:
    return Asked(operation, SP, mvpd, forge.CLOCK)


def decide(operation: str, *wanted: str, kind: ProfileKind = "regular", world: World = DEFAULT) -> list[dict[str, Any]]:
    made = decided(asked(operation), profile(kind), wanted, world=world, rng=random.Random(1))
    return list(made["decisions"])


@pytest.mark.parametrize(
    ("sent", "found"),
    [(["A", "B", "A"], ("A", "B")), ([], ()), ("A", ()), ([""], ()), ([1], ()), (None, ()), (["\udcff"], ("?",))],
)
def test_the_resources_of_a_request(sent: object, found: tuple[str, ...]) -> None:
    assert resources(Decoded(call("authorize", resources=sent))) == found


@pytest.mark.parametrize("body", [b"", b"[]", b"{", None])
def test_a_body_without_resources(body: bytes | None) -> None:
    request = replace(call("authorize").request, body=body)
    assert resources(Decoded(Exchange(request))) == ()


def test_an_authorization_has_a_media_token_of_seven_minutes() -> None:
    (made,) = decide("authorize", "Sports")
    assert made["authorized"] is True
    assert isinstance(made["notBefore"], int)
    assert made["token"]["notAfter"] - made["token"]["notBefore"] == 7 * 60 * 1000
    text = base64.b64decode(made["token"]["serializedToken"], validate=True).decode()
    assert text.startswith("<signatureInfo>")
    assert "<resourceID>Sports</resourceID>" in text


@pytest.mark.parametrize(("profile_hours", "hours"), [(48, 24), (24.5, 24), (23.5, 23.5)])
def test_an_authorization_holds_for_a_day_and_not_longer_than_its_profile(profile_hours: float, hours: float) -> None:
    start = int(forge.CLOCK * 1000)
    lasting = replace(profile(), not_after=start + int(profile_hours * 3_600_000))
    (made,) = decided(asked(), lasting, ("Sports",), world=DEFAULT, rng=random.Random(1))["decisions"]
    assert (made["notBefore"], made["notAfter"]) == (start, start + int(hours * 3_600_000))


def test_a_preauthorization_has_no_token() -> None:
    (made,) = decide("preauthorize", "Sports")
    assert set(made) == {"resource", "serviceProvider", "mvpd", "source", "authorized"}


@pytest.mark.parametrize(
    ("kind", "source"), [("regular", "mvpd"), ("degraded", "degradation"), ("temporary", "temppass")]
)
def test_the_source_tells_the_kind_of_access(kind: ProfileKind, source: str) -> None:
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
    assert all(made["authorized"] for made in decide("preauthorize", *"ABCDE"))
    assert all(made["authorized"] for made in decide("authorize", *"ABCDEF"))


def test_a_denial_names_its_reason() -> None:
    (made,) = denied(asked(), ("Sports",), "authenticated_profile_missing", random.Random(1))["decisions"]
    assert made["error"]["status"] == 403
    assert made["error"]["action"] == "authentication"


@pytest.mark.parametrize(
    ("operation", "code", "source"),
    [
        ("authorize", "authorization_denied_by_mvpd", "mvpd"),
        ("authorize", "authorization_denied_by_degradation_rule", "degradation"),
        ("authorize", "temporary_access_duration_limit_exceeded", "temppass"),
        ("authorize", "invalid_configuration_temporary_access", "temppass"),
        ("preauthorize", "authorization_denied_by_degradation_rule", "degradation"),
        ("preauthorize", "too_many_resources", "mvpd"),
    ],
)
def test_who_denies(operation: str, code: str, source: str) -> None:
    assert source_of(code, operation) == source
    (made,) = denied(asked(operation), ("Sports",), code, random.Random(1))["decisions"]
    assert (made["source"], made["error"]["code"]) == (source, code)


def test_the_world_names_resources() -> None:
    world = World(resources={"movies": "authorization_denied_by_parental_controls", "*": "permit"})
    assert [made["authorized"] for made in decide("authorize", "news", "movies", world=world)] == [True, False]
    (made,) = decide("authorize", "movies", world=world)
    assert made["error"]["code"] == "authorization_denied_by_parental_controls"
    # preauthorize has one code for what only authorize tells apart.
    assert decide("preauthorize", "movies", world=world)[0]["error"]["code"] == "preauthorization_denied_by_mvpd"
    # TempPass and degraded access do not ask the MVPD.
    assert decide("authorize", "movies", kind="temporary", world=world)[0]["authorized"] is True


@pytest.mark.parametrize(("rule", "authorized"), [("AuthNAll", True), ("AuthZAll", True), ("AuthZNone", False)])
@pytest.mark.parametrize("operation", ["authorize", "preauthorize"])
def test_a_degradation_rule_decides(rule: Degradation, authorized: bool, operation: str) -> None:
    world = World((WorldMvpd("A", "A", "degraded", degradation=rule),), resources={"*": "authorization_denied_by_mvpd"})
    kind: ProfileKind = "degraded" if rule == "AuthNAll" else "regular"
    (made,) = decide(operation, "Sports", kind=kind, world=world)
    assert (made["authorized"], made["source"]) == (authorized, "degradation")
    assert authorized or made["error"]["code"] == "authorization_denied_by_degradation_rule"
