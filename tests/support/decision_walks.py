"""Walks through scenarios about profiles, decisions and logouts: what an app calls and what it has to get, alike
before a real server and in the sandbox."""

import json
from collections.abc import Callable
from typing import Any, Protocol

import forge
from support.clients import Got
from support.device import SP, Device, value

LEAVE = f"/api/v2/{SP}/logout/{forge.MVPD}?redirectUrl=https%3A%2F%2Fdemotv.example%2Fbye"


class Walk(Protocol):
    """One device in one scenario."""

    device: Device

    def injected(self, got: Got, rule: str, outcome: str, *allowed: str, how: str = "outcome") -> dict[str, Any]:
        """An answer of the scenario; gives its body."""
        ...

    def real(self, got: Got) -> Got:
        """An answer of the server, or of the sandbox in its place."""
        ...


def sign_in(walk: Walk) -> None:
    """A first screen sign-in, which the scenario leaves alone."""
    body = value(walk.real(walk.device.create_session()))
    assert walk.real(walk.device.open(body["url"])).status == 302
    assert walk.real(walk.device.poll(body["code"])).status == 200


def _profile(walk: Walk) -> Got:
    return walk.device.get(f"/api/v2/{SP}/profiles/{forge.MVPD}")


def _denied(body: dict[str, Any], code: str, source: str) -> None:
    (decision,) = body["decisions"]
    assert (decision["authorized"], decision["source"], decision["error"]["code"]) == (False, source, code)
    assert "token" not in decision


def denied(walk: Walk) -> None:
    """A denial stays one, and ends nothing else."""
    sign_in(walk)
    for _ in range(2):
        body = walk.injected(walk.device.authorize(), "denied", "DA-1")
        _denied(body, "authorization_denied_by_mvpd", "mvpd")
    assert walk.real(walk.device.preauthorize()).status == 200
    assert walk.real(_profile(walk)).status == 200


def degraded_denied(walk: Walk) -> None:
    sign_in(walk)
    for call, rule in ((walk.device.authorize, "authorize"), (walk.device.preauthorize, "preauthorize")):
        _denied(walk.injected(call(), rule, "DA-1"), "authorization_denied_by_degradation_rule", "degradation")
    assert walk.real(_profile(walk)).status == 200


def not_entitled(walk: Walk) -> None:
    sign_in(walk)
    assert json.loads(walk.device.preauthorize().body) == {"decisions": []}
    assert walk.real(walk.device.authorize()).status == 200


def too_many_resources(walk: Walk) -> None:
    sign_in(walk)
    body = walk.injected(walk.device.preauthorize(), "too many", "DA-1")
    _denied(body, "too_many_resources", "mvpd")
    assert body["decisions"][0]["error"]["action"] == "configuration"
    assert walk.real(walk.device.authorize()).status == 200


def no_profile(walk: Walk) -> None:
    """Nobody is signed in until the app begins a session."""
    device = walk.device
    assert walk.injected(device.profiles(), "no profiles", "PA-0") == {"profiles": {}}
    assert walk.injected(_profile(walk), "no profiles", "PA-0") == {"profiles": {}}
    _denied(walk.injected(device.authorize(), "no decisions", "DA-1"), "authenticated_profile_missing", "mvpd")
    sign_in(walk)
    assert value(walk.real(device.profiles()))["profiles"]
    assert walk.real(device.authorize()).status == 200


def profile_expired(walk: Walk) -> None:
    """The profile is there, ends with a decision, and comes back with the next sign-in."""
    device = walk.device
    assert walk.real(device.profiles()).status == 200
    for rule in ("over", "still over"):
        _denied(walk.injected(device.authorize(), rule, "DA-1"), "authenticated_profile_expired", "mvpd")
    assert walk.injected(device.profiles(), "gone", "PA-0") == {"profiles": {}}
    sign_in(walk)
    assert value(walk.real(device.profiles()))["profiles"]
    assert walk.real(device.authorize()).status == 200


def temp_pass_spent(walk: Walk) -> None:
    """The free time is over; a regular sign-in begins."""
    got = _profile(walk)
    body = walk.injected(got, "profile", "temporary_access_duration_limit_exceeded")
    assert (got.status, body["action"]) == (403, "authentication")
    body = walk.injected(walk.device.authorize(), "decision", "DA-1")
    _denied(body, "temporary_access_duration_limit_exceeded", "temppass")
    assert value(walk.real(walk.device.create_session()))["actionName"] == "authenticate"


def logout_partner(walk: Walk) -> None:
    sign_in(walk)
    body = walk.injected(walk.device.get(LEAVE), "at the partner", "LA-1")
    assert body["logouts"][forge.MVPD] == {
        "actionName": "partner_logout",
        "actionType": "partner_interactive",
        "mvpd": forge.MVPD,
    }
    assert walk.real(walk.device.create_session()).status == 200


def token_revoked(walk: Walk) -> None:
    """Registered anew, the app repeats its call once, which goes through."""
    got = walk.device.create_session()
    body = walk.injected(got, "revoked", "invalid_access_token_client_application")
    assert (got.status, body["action"]) == (401, "application-registration")
    sent = {"software_statement": forge.software_statement()}
    client = json.loads(walk.real(walk.device.json("/o/client/register", sent)).body)
    form = {name: client[name] for name in ("client_id", "client_secret")} | {"grant_type": "client_credentials"}
    token = json.loads(walk.real(walk.device.form("/o/client/token", **form)).body)
    assert token["token_type"].lower() == "bearer"
    sign_in(walk)


WALKS: dict[str, Callable[[Any], None]] = {
    "denied": denied,
    "degraded-denied": degraded_denied,
    "not-entitled": not_entitled,
    "too-many-resources": too_many_resources,
    "no-profile": no_profile,
    "profile-expired": profile_expired,
    "temp-pass-spent": temp_pass_spent,
    "logout-partner": logout_partner,
    "token-revoked": token_revoked,
}
