"""Why there is no profile or no permit, and what comes next: every code, every empty or degraded answer."""

import json
from dataclasses import replace
from typing import Any

import pytest

import forge
from passlens.analysis.analyzer import analyze
from passlens.checks.denials import CAUSES, SAME, cause_of
from passlens.checks.diagnosis import Diagnosis, diagnose
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from passlens.rest_v2.errors import BY_CODE
from samples.case import dump
from support.examples import answered, exchange

CLOCK = forge.CLOCK
STATUS = "AP-Partner-Framework-Status"
MVPD = forge.MVPD


def error(code: str) -> dict[str, Any]:
    """An Enhanced Error Code as the table has it."""
    row = BY_CODE[code]
    return {"action": row.action, "status": row.status, "code": code, "message": "It is so."}


def denied(name: str, code: str, *resources: str) -> Exchange:
    """An exchange whose decisions all deny with the code, for resources that were asked for."""
    ex = exchange(name)
    items = [
        {"resource": one, "serviceProvider": forge.SERVICE_PROVIDER, "mvpd": MVPD, "source": "mvpd",
         "authorized": False, "error": error(code)}
        for one in resources
    ]  # fmt: skip
    request = replace(ex.request, body=dump({"resources": list(resources)}))
    return replace(answered(ex, {"decisions": items}), request=request)


def of(ex: Exchange) -> Diagnosis:
    """The diagnosis of an exchange."""
    return diagnose(Decoded(ex))


@pytest.mark.parametrize("code", CAUSES)
def test_a_denial_has_the_same_cause_inside_a_decision_and_at_the_top(code: str) -> None:
    inside = of(denied("authorize", code, "news"))
    top = of(answered(exchange("authorize"), error(code), status=403))
    want = tuple("authorize" if name == SAME else name for name in CAUSES[code].next)
    assert CAUSES[code].words in (inside.cause or "")
    assert CAUSES[code].words in (top.cause or "")
    assert inside.next == top.next == want
    assert "news" in (inside.cause or "")


def test_every_code_of_the_table_is_documented() -> None:
    assert set(CAUSES) <= set(BY_CODE)


def test_a_code_of_2024_has_the_cause_of_today() -> None:
    assert cause_of("temppass_expired") == CAUSES["temporary_access_duration_limit_exceeded"]
    assert cause_of("invalid_parameter_code") is None


def test_decisions_on_the_page_of_a_profile_tell_their_cause() -> None:
    """In samples of 2024 the answer about one profile was a list of decisions."""
    body = {"decisions": [{"authorized": False, "error": {"code": "temppass_max_resources_exceeded", "status": 200}}]}
    found = of(answered(exchange("retrieve-profile-mvpd"), body))
    assert found.cause == CAUSES["temporary_access_resources_limit_exceeded"].words
    assert found.next == ("create-session",)


def test_a_degradation_rule_that_ended_is_asked_for_again() -> None:
    code = "authorization_denied_by_degradation_configuration_change"
    body = {"decisions": [{"authorized": False, "error": {"code": code, "status": 200}}]}
    found = of(answered(exchange("preauthorize"), body))
    assert found == Diagnosis("A degradation rule ended while it was asked for: ask again.", ("preauthorize",))


def test_a_profile_of_2024_is_followed_by_what_follows_one_of_today() -> None:
    profile = {
        "notBefore": 1767323045000, "notAfter": 1767326645000, "issuer": "Apple", "type": "appleSSO",
        "attributes": {"userId": {"value": "someone", "state": "plain"}},
    }  # fmt: skip
    ex = answered(exchange("partner-profile", status=200), {"profiles": {MVPD: profile}})
    assert Decoded(ex).outcome == "H-PP-1"
    assert of(ex).next == ("preauthorize", "authorize")


def test_too_many_resources_are_counted() -> None:
    found = of(denied("preauthorize", "too_many_resources", *"abcdefg"))
    assert "7 in one call, usual is 5" in (found.cause or "")
    assert "7 resources" in (found.cause or "")
    assert found.next == ("preauthorize",)


def test_a_permit_beside_a_denial_goes_on() -> None:
    ex = denied("preauthorize", "preauthorization_denied_by_mvpd", "news")
    assert ex.response is not None
    body = json.loads(ex.response.body or b"")
    permit = {name: value for name, value in body["decisions"][0].items() if name != "error"} | {"authorized": True}
    assert of(answered(ex, {"decisions": [*body["decisions"], permit]})).next == ("authorize",)
    assert of(ex).next == ()


@pytest.mark.parametrize(
    ("name", "following"),
    [
        ("retrieve-profiles", ("retrieve-configuration", "create-session", "partner-session")),
        ("retrieve-profile-mvpd", ("create-session", "partner-session")),
        ("partner-profile", ("create-session",)),
    ],
)
def test_no_profile_is_explained(name: str, following: tuple[str, ...]) -> None:
    found = of(answered(exchange(name), {"profiles": {}}))
    assert "no" in (found.cause or "")
    assert found.next == following


def test_a_poll_that_found_nothing_goes_on_without_words() -> None:
    found = of(answered(exchange("retrieve-profile-code"), {"profiles": {}}))
    assert found == Diagnosis(None, ("retrieve-profile-code",))


@pytest.mark.parametrize(("late", "over"), [(-61, True), (-60, False)])
def test_a_profile_that_is_over_is_told_by_its_end(late: float, over: bool) -> None:
    end = int((CLOCK + late) * 1000)
    profile = {"notBefore": end - 1000, "notAfter": end, "issuer": MVPD, "type": "regular",
               "attributes": {"userID": {"value": "x", "state": "plain"}}}  # fmt: skip
    found = of(answered(exchange("retrieve-profiles"), {"profiles": {MVPD: profile}}))
    assert ("expired at" in (found.cause or "")) is over
    assert (found.next == ("create-session",)) is over


def test_a_degraded_profile_is_explained() -> None:
    profile = {"notBefore": 1, "notAfter": 2, "issuer": "Adobe", "type": "degraded", "attributes": {}}
    found = of(answered(exchange("retrieve-profile-mvpd", started=None), {"profiles": {MVPD: profile}}))
    assert "degradation rule" in (found.cause or "")


def test_the_provider_id_is_set_against_the_mapping() -> None:
    ex = exchange("partner-profile", headers={STATUS: forge.partner_status(provider="Comcast_SSO")})
    found = of(answered(ex, error("invalid_header_pfs_provider_id_not_determined"), status=400))
    assert "frameworkProviderInfo.id" in (found.cause or "")
    assert "Comcast_SSO" in (found.cause or "")
    assert "platformMappingId" in (found.cause or "")
    assert found.next == ("create-session",)


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("invalid_header_pfs_permission_access_not_granted", forge.denied_status(), "denied"),
        ("invalid_header_pfs_permission_access_not_granted", forge.partner_status(), "accessStatus"),
        ("invalid_header_pfs_provider_info_expired", forge.partner_status(expires_in=60), "expirationDate"),
        ("invalid_header_pfs_provider_id_mismatch", forge.partner_status(), "platformMappingId"),
    ],
)
def test_the_member_of_the_partner_status_at_fault_is_named(code: str, status: str, words: str) -> None:
    ex = exchange("partner-profile", headers={STATUS: status})
    assert words in (of(answered(ex, error(code), status=400)).cause or "")


@pytest.mark.parametrize(
    ("action", "kind", "words"),
    [
        ("logout", "interactive", "open the url"),
        ("partner_logout", "partner_interactive", "system settings"),
        ("invalid", "none", "no valid profile"),
        ("complete", "none", ""),
    ],
)
def test_what_is_left_after_a_logout(action: str, kind: str, words: str) -> None:
    entry = {"actionName": action, "actionType": kind, "mvpd": MVPD}
    cause = of(answered(exchange("logout"), {"logouts": {MVPD: entry}})).cause
    assert words in cause if cause else not words


@pytest.mark.parametrize(("name", "following"), [
    ("retrieve-configuration", ["create-session", "partner-session"]),
    ("retrieve-profiles", ["preauthorize", "authorize"]),
    ("preauthorize", ["authorize"]),
    ("authorize", []),
    ("dcr-register", ["dcr-token"]),
    ("authenticate", ["retrieve-profile-code"]),
])  # fmt: skip
def test_the_entry_names_the_next_operations(name: str, following: list[str]) -> None:
    assert analyze(exchange(name))["next"] == following
