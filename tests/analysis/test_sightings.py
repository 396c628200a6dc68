"""What a recording holds, sight by sight: a journey that has it and one near it that has not."""

from collections.abc import Sequence

import pytest

import support.sequence as s
from passlens.analysis.coverage import Coverage
from passlens.checks.sights import SIGHTS
from support.sequence import NONE, call, decisions, error, get_token, profiles, register, session

CREATED = call("create-session", 0, session(), form={"mvpd": "Cox"})
BARE = call("create-session", 0, session(mvpd=None))
CONFIGURATION = call("configuration", 0, {"requestor": {"id": "REF30", "name": "x", "mvpds": []}})
PROFILE = call("profiles", 1, profiles())
GONE = call("profiles", 2, NONE)
MISTAKE = error("invalid_parameter_service_provider")
DENIED = decisions(a="authorization_denied_by_mvpd")
POLLS = [call("poll", 5 * n, NONE) for n in range(3)]
LATE = call("poll", 1795, NONE)
OPENED = call("authenticate", 10, status=302)
OVER = call("poll", 5, error("invalid_authentication_session"), status=400)


def again(at: float, **words: object) -> s.Exchange:
    return call("profiles", at, NONE, **words)  # type: ignore[arg-type]


def by_phone(operation: str) -> s.Exchange:
    return call(operation, 5, session(), device="phone", sub="phone")


HAVE: list[tuple[str, Sequence[s.Exchange], Sequence[s.Exchange]]] = [
    # sight, a recording that has it, one near it
    ("registered", [register(0)], [register(0, status=400)]),
    ("readable token", [GONE], [call("profiles", 0, NONE, headers={"Authorization": "Bearer eyJ.x.y"})]),
    ("two tokens", [get_token(0), get_token(9)], [get_token(0)]),
    ("token and calls", [get_token(0), PROFILE, GONE], [PROFILE, GONE]),
    ("provider picker", [CONFIGURATION, CREATED], [CREATED, CONFIGURATION]),
    ("signed in from the start", [PROFILE, call("authorize", 2, DENIED)], [GONE, call("authorize", 3, DENIED)]),
    ("temporary access", [call("profiles", 1, profiles("temporary"))], [PROFILE]),
    ("temporary access", [call("create-session", 0, session(None, "authorize", "temporary"))], [CREATED]),
    ("remembered provider", [PROFILE, GONE, call("create-session", 3, session(), form={"mvpd": "Cox"})],
     [GONE, CREATED]),
    ("provider used again", [CONFIGURATION, CREATED, call("authorize", 2, DENIED)], [CONFIGURATION, CREATED]),
    ("sign-in that succeeds", [call("poll", 5, profiles()), again(35.05)], [call("poll", 5, profiles()), again(34.9)]),
    ("code that runs out", [CREATED, LATE, again(1860.1)], [CREATED, LATE, again(1859)]),
    ("code that runs out", [CREATED, LATE, again(1860.1)], [CREATED, again(1795), again(1860.1)]),
    ("code that runs out", [CREATED, LATE, again(1860.1)],
     [CREATED, LATE, call("profiles", 1797, profiles()), again(1860.1)]),
    ("code that runs out", [call("create-session", 0, session(until=60)), POLLS[1], again(120.1)],
     [CREATED, POLLS[1], again(120.1)]),
    ("code that runs out", [CREATED, OVER, again(65.1)], [CREATED, OVER, again(64.9)]),
    ("new code", [CREATED, call("poll", 5, NONE), call("create-session", 9, session("BBBB2B2"))],
     [CREATED, call("create-session", 9, session("BBBB2B2"))]),
    ("three polls", [CREATED, *POLLS], [CREATED, *POLLS[:2]]),
    ("ten minutes with a profile", [PROFILE, again(601.1)], [PROFILE, again(600)]),
    ("preauthorize with an error", [call("preauthorize", 1, DENIED), again(61.1)],
     [call("preauthorize", 1, DENIED), again(60)]),
    ("catalogue opened again", [call("preauthorize", 1, decisions(a="permit")), call("preauthorize", 9, DENIED)],
     [call("preauthorize", 1, DENIED), call("preauthorize", 9, DENIED)]),
    ("authorize with an error", [call("authorize", 1, MISTAKE, status=400), again(61.1)],
     [call("authorize", 1, status=502), again(61.1)]),
    ("calls", [GONE], [register(0), get_token(1), OPENED]),
    ("device seen twice", [GONE, get_token(3), again(4)], [get_token(0), GONE, again(4)]),
    ("error code", [call("profiles", 0, MISTAKE, status=400), again(10.1)],
     [call("profiles", 0, MISTAKE, status=400), again(9)]),
    ("error code", [call("authorize", 0, DENIED), again(10.1)], [call("profiles", 0, status=502), again(10.1)]),
    ("failed status", [call("profiles", 0, status=500), again(60.1)], [call("profiles", 0, status=503), again(60.1)]),
    ("error in a success", [call("authorize", 1, DENIED)], [call("authorize", 1, decisions(a="permit"))]),
    ("token that ran out", [get_token(0, life=60), again(9), again(70)], [get_token(0, life=60), again(9), again(50)]),
    ("refused token", [call("profiles", 0, status=401), again(9)], [again(0), call("profiles", 9, status=401)]),
    ("picker used again", [CONFIGURATION, CREATED, call("create-session", 120, session())],
     [CONFIGURATION, CREATED, call("create-session", 121, session())]),
    ("code with a provider", [CREATED, by_phone("resume-session"), OPENED], [CREATED, OPENED]),
    ("code without a provider", [BARE, by_phone("retrieve-session"), OPENED],
     [CREATED, by_phone("retrieve-session"), OPENED]),
    ("wrong code", [call("retrieve-session", 0, error("invalid_parameter_code"), status=400)],
     [call("retrieve-session", 0, error("invalid_parameter_mvpd"), status=400)]),
    ("degraded access", [call("profiles", 1, profiles("degraded"))], [PROFILE]),
    ("single sign-on", [call("profiles", 1, profiles("appleSSO"))], [PROFILE]),
    ("denial", [call("authorize", 1, DENIED), again(61.1)], [call("authorize", 1, decisions(a="permit")), again(61.1)]),
    ("logout in a browser", [call("logout", 1, {"logouts": {"Cox": {"actionName": "logout"}}})],
     [call("logout", 1, {"logouts": {"Cox": {"actionName": "complete"}}})]),
    ("logout at the partner", [call("logout", 1, {"logouts": {"Cox": {"actionName": "partner_logout"}}})],
     [call("logout", 1, {"logouts": {"Cox": {"actionName": "complete"}}})]),
    ("logout that is complete", [call("logout", 1, {"logouts": {"Cox": {"actionName": "complete"}}})],
     [call("logout", 1, {"logouts": {"Cox": {"actionName": "logout"}}})]),
]  # fmt: skip


def sees(calls: Sequence[s.Exchange], sight: str) -> bool:
    coverage = Coverage()
    entries, journeys, _ = s.judged(calls)
    for entry in entries:
        coverage.add(entry)  # type: ignore[arg-type]
    for journey in journeys:
        coverage.journey(journey)  # type: ignore[arg-type]
    return coverage.seen(sight)


@pytest.mark.parametrize(("sight", "has", "near"), HAVE, ids=[row[0] for row in HAVE])
def test_sight(sight: str, has: Sequence[s.Exchange], near: Sequence[s.Exchange]) -> None:
    assert sees(has, sight)
    assert not sees(near, sight)


def test_every_sight_is_tested() -> None:
    assert {row[0] for row in HAVE} == set(SIGHTS)
