"""Every shipped scenario from a recording: a right reaction is met, a wrong one is not, and none is never met."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import pytest

import support.sequence as s
from passlens.exchange.injection import Action, ActionKind, Injection
from passlens.scenarios.library import Library, shipped
from support.expecting import judged
from support.sequence import NONE, call, decisions, error, get_token, profiles, register, session

Calls = Sequence[s.Exchange]


def by(rule: str, ex: s.Exchange, kind: ActionKind = "outcome") -> s.Exchange:
    """An exchange that a rule acted on; the scenario's name is put in by the test."""
    return replace(ex, injection=Injection("", rule, (Action(kind),)))


class Reaction(NamedTuple):
    """What was acted on, and the calls of a right and of a wrong reaction after it."""

    acted: Calls
    right: Calls
    wrong: Calls


PLAYS = [call("authorize", 5, decisions(a="permit"))]
BEGINS = [call("create-session", 5, session("BBBB2B2"))]
POLLS = [call("poll", 5, NONE)]
AGAIN = [call("partner-session", 5, session("BBBB2B2"))]
PROFILE = [call("partner-profile", 5, profiles("appleSSO"), status=201)]
CREATED = call("create-session", -9, session())
OVER = by("over", call("poll", 0, error("invalid_authentication_session"), status=400))
OLD_CODE = by("another code", call("poll", 0, error("invalid_parameter_code"), status=400), "rewrite_request")
DENIAL = decisions(a="authorization_denied_by_mvpd")
REFUSED = error("invalid_header_pfs_permission_access_not_granted")
GONE = error("authenticated_profile_missing", "authentication", 403)


def plays(rule: str) -> Reaction:
    return Reaction([by(rule, call("create-session", 0, session(None, "authorize", "authenticated")))], PLAYS, BEGINS)


def falls_back(rule: str, kind: ActionKind = "outcome") -> Reaction:
    return Reaction([by(rule, call("partner-session", 0, session(reason="pfs_fallback")), kind)], POLLS, AGAIN)


def refused(at: float, rule: str, body: object, kind: ActionKind = "outcome") -> s.Exchange:
    return by(rule, call("partner-profile", at, body, status=400), kind)


def resumes(rule: str, kind: ActionKind = "outcome") -> Reaction:
    acted = by(rule, call("create-session", 0, session(action="resume", missing=["redirectUrl"])), kind)
    return Reaction([acted], [call("resume-session", 5, session())], BEGINS)


def renews(rule: str, kind: ActionKind = "outcome") -> Reaction:
    right = [get_token(5), call("create-session", 6, session("BBBB2B2"))]
    return Reaction([by(rule, call("create-session", 0, status=401), kind)], right, BEGINS)


REACTIONS: dict[str, list[Reaction]] = {
    "authenticated": [plays("new session")],
    "authenticated-sso": [plays("new session")],
    "code-expired": [Reaction([CREATED, OVER], BEGINS, POLLS)],
    "code-expired.provoke": [
        Reaction([CREATED, OLD_CODE], [call("create-session", 5, session())], [replace(OLD_CODE, started=s.T0 + 5)])
    ],
    "configuration-fallback": [falls_back("fall back")],
    "degraded": [plays("new session")],
    "degraded-denied": [Reaction([by("authorize", call("authorize", 0, DENIAL))], [], BEGINS)],
    "denied": [
        Reaction([by("denied", call("authorize", 0, DENIAL))], [call("authorize", 11, DENIAL)],
                 [call("authorize", 9, DENIAL)]),
        Reaction([by("denied", call("authorize", 0, DENIAL))], [], [call("logout", 5, {"logouts": {}})]),
    ],
    "expired-provider": [
        falls_back("session")._replace(wrong=[]),
        Reaction([refused(0, "profile", REFUSED)], AGAIN, PROFILE),
    ],
    "expired-provider.provoke": [
        falls_back("session", "rewrite_request")._replace(wrong=[]),
        Reaction([refused(0, "profile", REFUSED, "rewrite_request")], BEGINS, PROFILE),
    ],
    "logout-partner": [
        Reaction([by("at the partner", call("logout", 0, {"logouts": {}}))], [], [call("logout", 5, {"logouts": {}})])
    ],
    "missing-parameters": [resumes("new session")],
    "missing-parameters.provoke": [resumes("without redirectUrl", "rewrite_request")],
    "no-profile": [
        Reaction([by("no profiles", call("profiles", 0, NONE))], BEGINS, PLAYS),
        Reaction([by("no decisions", call("authorize", 0, GONE, status=403))], [call("configuration", 5, {})], PLAYS),
    ],
    "not-entitled": [
        Reaction([by("left out", call("preauthorize", 0, decisions(a="permit")), "rewrite_response")], PLAYS,
                 [call("preauthorize", 5, decisions(a="permit"))])
    ],
    "partner-profile": [
        Reaction([by("ask the partner", call("partner-session", 0, session(None, "partner_profile")))], PROFILE, AGAIN)
    ],
    "permission-denied": [falls_back("session"), Reaction([refused(0, "profile", REFUSED)], [], PROFILE)],
    "permission-denied.provoke": [
        falls_back("session", "rewrite_request"),
        Reaction([refused(0, "profile", REFUSED, "rewrite_request")], [], PROFILE),
    ],
    "pfs-fallback": [falls_back("fall back"), falls_back("fall back")._replace(right=BEGINS)],
    "pfs-fallback.provoke": [falls_back("without a partner status", "rewrite_request")],
    "profile-expired": [Reaction([by("over", call("authorize", 0, GONE, status=403))], BEGINS, PLAYS)],
    "server-error": [
        Reaction([by("server error", call("create-session", 0, status=500))], BEGINS,
                 [call("create-session", 0.45, session("BBBB2B2"))])
    ],
    "slow-network": [
        Reaction([by("slow session", call("create-session", 0, session(), took=2), "delay")], POLLS,
                 [call("create-session", 6, session("BBBB2B2"))])
    ],
    "temp-pass-spent": [
        Reaction([by("decision", call("authorize", 0, DENIAL))], [], [call("authorize", 5, DENIAL)]),
        Reaction([by("profile", call("profile", 0, NONE))], [], [call("profile", 5, NONE)]),
    ],
    "temporary": [plays("new session")],
    "throttled": [
        Reaction([by("too many requests", call("profiles", 0, status=429))], [call("profiles", 1.05, NONE)],
                 [call("profiles", 1, NONE)])
    ],
    "token-revoked": [
        Reaction([by("revoked", call("profiles", 0, error("invalid_access_token_client_application"), status=401))],
                 [register(5, "new"), get_token(6, "new"), call("profiles", 7, NONE, sub="new")],
                 [get_token(5), call("profiles", 7, NONE)])
    ],
    "too-many-resources": [
        Reaction([by("too many", call("preauthorize", 0, error("too_many_resources"), status=403))],
                 [call("preauthorize", 5, decisions(a="permit"))], [call("logout", 5, {"logouts": {}})])
    ],
    "unauthorized": [renews("token not accepted")],
    "unauthorized.provoke": [renews("broken token", "rewrite_request")],
}  # fmt: skip

ALIVE = call("profiles", 150, NONE)
"""The app is still there once all times are over."""

OTHERS = call("profiles", 150, NONE, device="phone", sub="phone", client="192.168.1.60")
"""Somebody else, so that time goes on."""

EACH = [(name, number) for name, reactions in REACTIONS.items() for number in range(len(reactions))]
each = pytest.mark.parametrize(("name", "number"), EACH, ids=[f"{name} {number}" for name, number in EACH])


def verdicts(name: str, calls: Calls) -> list[tuple[str, str, str]]:
    """Name, verdict and why of each expectation of a shipped scenario."""
    marked = [
        replace(ex, injection=replace(ex.injection, scenario=name)) if ex.injection is not None else ex for ex in calls
    ]
    found, _, _ = judged(marked, Library().load(name))
    return [(one["name"], one["verdict"], one["why"]) for one in found]


def words(found: list[tuple[str, str, str]]) -> set[str]:
    return {verdict for _, verdict, _ in found}


def test_every_scenario_and_every_rule_that_expects_something_is_there() -> None:
    assert sorted(REACTIONS) == sorted(path.stem for path in shipped().glob("*.yaml"))
    for name, reactions in REACTIONS.items():
        acted = {ex.injection.rule for one in reactions for ex in one.acted if ex.injection is not None}
        scenario = Library().load(name)
        assert {rule.name for rule in scenario.rules if rule.expect} <= acted, name
        assert acted <= {rule.name for rule in scenario.rules}, name
        assert list(scenario.expectations()), name


@each
def test_a_right_reaction_is_met(name: str, number: int) -> None:
    one = REACTIONS[name][number]
    found = verdicts(name, [*one.acted, *one.right, ALIVE])
    assert words(found) == {"met"}, found


@each
def test_a_wrong_reaction_is_not_met(name: str, number: int) -> None:
    one = REACTIONS[name][number]
    found = verdicts(name, [*one.acted, *one.wrong, ALIVE])
    assert "not-met" in words(found), found


@each
def test_no_reaction_is_never_met(name: str, number: int) -> None:
    one = REACTIONS[name][number]
    gone = verdicts(name, [*one.acted, OTHERS])
    assert gone
    assert words(gone) <= {"not-met", "not-exercised"}, gone
    assert words(verdicts(name, one.acted)) == {"open"}


@pytest.mark.parametrize("name", REACTIONS)
def test_a_scenario_that_did_not_act_says_nothing(name: str) -> None:
    assert verdicts(name, [*BEGINS, *POLLS, ALIVE]) == []
