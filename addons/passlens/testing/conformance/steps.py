"""What a tester does in the app so that a scenario can act, in one or two lines; for scenarios of the user's own, what
their rules say."""

from typing import TYPE_CHECKING, Final, NamedTuple

from passlens.rest_v2.wire import listed

if TYPE_CHECKING:
    from passlens.scenarios.model import Scenario

_PARTNER: Final = "Sign out, then sign in with the TV provider account of the system"
_SIGN_IN: Final = "Sign out, then begin a sign-in"
_PLAY: Final = "Play something"

STEPS: Final[dict[str, str]] = {
    "authenticated": f"{_SIGN_IN}, and play something.",
    "authenticated-sso": f"{_SIGN_IN}, and play something.",
    "code-expired": f"{_SIGN_IN} and leave the code on the screen for half a minute; then begin again.",
    "code-expired.provoke": f"{_SIGN_IN} and leave the code on the screen for half a minute; then begin again.",
    "configuration-fallback": f"{_PARTNER}; go on the way the app offers.",
    "degraded": f"{_SIGN_IN}, and play something.",
    "degraded-denied": f"{_PLAY}. Read the message, leave it, and open another screen.",
    "denied": f"{_PLAY}. Read the message, leave it, and open another screen.",
    "expired-provider": f"{_PARTNER}; go on the way the app offers.",
    "expired-provider.provoke": f"{_PARTNER}; go on the way the app offers.",
    "logout-partner": "Sign out in the app, and do what it says.",
    "missing-parameters": f"{_SIGN_IN}, by a phone or computer if the app shows a code.",
    "missing-parameters.provoke": f"{_SIGN_IN}, by a phone or computer if the app shows a code.",
    "no-profile": "Quit the app, start it again, and play something; sign in when it offers that.",
    "not-entitled": "Open the catalogue, and stay there for a moment.",
    "partner-profile": f"{_PARTNER}; go on the way the app offers.",
    "permission-denied": f"{_PARTNER}; go on the way the app offers.",
    "permission-denied.provoke": f"{_PARTNER}; go on the way the app offers.",
    "pfs-fallback": f"{_PARTNER}; go on the way the app offers.",
    "pfs-fallback.provoke": f"{_PARTNER}; go on the way the app offers.",
    "profile-expired": f"{_PLAY}; sign in when the app asks for it.",
    "server-error": f"{_SIGN_IN}, and wait.",
    "slow-network": f"{_SIGN_IN}, and wait as long as it takes.",
    "temp-pass-spent": "Play something with the free pass. Read the message, leave it, and open another screen.",
    "temporary": f"{_SIGN_IN} with the free pass, and play something.",
    "throttled": "Use the app: move through the catalogue and open the account screen.",
    "token-revoked": "Open the catalogue, or any screen that asks the API.",
    "too-many-resources": "Open the catalogue with as many channels as there are.",
    "unauthorized": f"{_SIGN_IN}.",
    "unauthorized.provoke": f"{_SIGN_IN}.",
}
"""The shipped scenarios."""


class ConformanceStep(NamedTuple):
    """A scenario for the tester: what it makes happen, what to do, what the app should do then (``wanted``, sentences),
    and the names of what it expects."""

    name: str
    description: str
    do: str
    wanted: tuple[str, ...]
    expectations: tuple[str, ...]
    within: dict[str, float]
    """Seconds that each expectation waits for, by its name; those that wait for the end of a journey are left out."""


def step(scenario: "Scenario") -> ConformanceStep:
    """What is told of a scenario."""
    expected = [one for _, one in scenario.expectations()]
    return ConformanceStep(
        scenario.name,
        scenario.description,
        STEPS.get(scenario.name) or _by_rules(scenario),
        tuple(one.say or one.name for one in expected),
        tuple(one.name for one in expected),
        {one.name: one.seconds for one in expected if one.seconds is not None},
    )


def _by_rules(scenario: "Scenario") -> str:
    operations = dict.fromkeys(name for rule in scenario.rules for name in rule.when.operation)
    return f"Use the app so that it calls {listed(tuple(operations)) if operations else 'the API'}."
