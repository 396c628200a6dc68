"""The scenarios that ship: complete, documented, without warnings; and what they do is what they say."""

import random
from dataclasses import replace

import pytest

from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from passlens.scenarios.apply import filler
from passlens.scenarios.engine import Engine
from passlens.scenarios.library import Library, shipped
from passlens.scenarios.rewrite import rewrite_request
from scenarios.made import NOW, exchange

INJECT = (
    "pfs-fallback", "configuration-fallback", "degraded", "missing-parameters", "temporary", "authenticated",
    "authenticated-sso", "partner-profile", "expired-provider", "permission-denied", "throttled", "unauthorized",
    "server-error", "slow-network", "code-expired", "denied", "degraded-denied", "not-entitled", "too-many-resources",
    "no-profile", "profile-expired", "temp-pass-spent", "logout-partner", "token-revoked",
)  # fmt: skip
PROVOKE = (
    "pfs-fallback",
    "missing-parameters",
    "expired-provider",
    "permission-denied",
    "unauthorized",
    "code-expired",
)
NAMES = [*INJECT, *(f"{name}.provoke" for name in PROVOKE)]


def test_all_are_there_and_in_the_readme() -> None:
    assert sorted(path.stem for path in shipped().glob("*.yaml")) == sorted(NAMES)
    readme = (shipped() / "README.md").read_text()
    assert [name for name in NAMES if f"({name}.yaml)" not in readme] == []


@pytest.mark.parametrize("name", NAMES)
def test_each_opens_with_what_a_reader_needs(name: str) -> None:
    scenario = Library().load(name)
    assert not scenario.warnings
    assert scenario.description.endswith(".")
    lines = scenario.path.read_text().splitlines()
    assert lines[0] == "# yaml-language-server: $schema=scenario.schema.json"
    starts = [line for line in lines if line.startswith(("# What it does: ", "# What the app should do: ", "# Page: "))]
    assert len(starts) == 3
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize(
    ("name", "requests"),
    [
        ("pfs-fallback", "P1 P3; C1 -"),
        ("configuration-fallback", "P1 P4"),
        ("degraded", "P1 P2; C1 C5; R1 R5"),
        ("missing-parameters", "P1 P5; C1 C2; R1 -"),
        ("temporary", "C1 C4; R1 R4; P1 -"),
        ("authenticated", "P1 P6; C1 C3; R1 R3"),
        ("authenticated-sso", "P1 P7; C1 C6"),
        ("partner-profile", "P3 P1"),
        ("expired-provider", "P1 P3; partner-profile invalid_header_pfs_provider_info_expired"),
        ("permission-denied", "P1 P3; partner-profile invalid_header_pfs_permission_access_not_granted"),
        ("throttled", "C1 -; P1 -; logout -; C1 throttled; C1 -"),
        ("unauthorized", "C1 unauthorized; C1 -"),
        ("server-error", "C1 internal_server_error; C1 internal_server_error; C1 -"),
        ("denied", "authorize AD2; preauthorize -; authorize AD2"),
        ("degraded-denied", "authorize AD5; preauthorize ZD4"),
        ("not-entitled", "authorize -"),
        ("too-many-resources", "preauthorize too_many_resources; authorize -"),
        (
            "no-profile",
            "retrieve-profiles PA-0; authorize authenticated_profile_missing; C1 -; retrieve-profiles -; authorize -",
        ),
        (
            "profile-expired",
            "retrieve-profiles -; authorize authenticated_profile_expired; retrieve-profiles PA-0; C1 -; authorize -",
        ),
        ("temp-pass-spent", "retrieve-profile-mvpd PE-1; authorize temporary_access_duration_limit_exceeded"),
        ("logout-partner", "logout L2; authorize -"),
        ("token-revoked", "authorize invalid_access_token_client_application; authorize -; C1 -"),
        ("code-expired", "R1 -; R1 -; R1 invalid_authentication_session"),
    ],
)
def test_outcomes(name: str, requests: str) -> None:
    engine = Engine(Library().load(name), random.Random(1))
    for step in requests.split("; "):
        case, _, wanted = step.partition(" ")
        then = engine.decide(Decoded(exchange(case)), NOW).then
        assert (then.outcome.name if then and then.outcome else "-") == wanted


def test_slow_network() -> None:
    engine = Engine(Library().load("slow-network"), random.Random(1))
    decided = [engine.decide(Decoded(exchange("C1")), NOW).then for _ in range(100)]
    faults = [then.fault for then in decided if then and then.fault]
    assert 2 < len(faults) < 25
    assert all(then and (then.fault or then.delay) for then in decided)


def provoked(name: str, case: str, skip: int = 0) -> Exchange:
    engine = Engine(Library().load(f"{name}.provoke"), random.Random(1))
    for _ in range(skip):
        assert engine.decide(Decoded(exchange(case)), NOW).then is None
    decision = engine.decide(Decoded(exchange(case)), NOW)
    assert decision.then is not None
    assert decision.then.rewrite_request is not None
    ex = exchange(case)
    made = rewrite_request(decision.then.rewrite_request, Decoded(ex), filler(Decoded(ex), decision, NOW))
    assert made.problems == ()
    return Exchange(replace(ex.request, headers=made.headers, body=made.body, path=made.path))


def test_provoked_requests() -> None:
    assert Decoded(provoked("pfs-fallback", "P1")).partner_status is None
    assert set(Decoded(provoked("missing-parameters", "C1")).form) == {"mvpd", "domainName"}
    expired = Decoded(provoked("expired-provider", "P1")).partner_status
    assert expired is not None
    assert expired.defect(NOW) == "expired"
    denied = Decoded(provoked("permission-denied", "P1")).partner_status
    assert denied is not None
    assert (denied.defect(NOW), denied.provider) == ("not-granted", None)
    broken = Decoded(provoked("unauthorized", "P1")).bearer
    assert broken is not None
    assert (broken.scheme, broken.jwt) == ("Bearer", None)
    assert provoked("code-expired", "R1", skip=2).path_parameter("code") == "0000000"
