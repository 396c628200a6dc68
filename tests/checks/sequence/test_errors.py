"""PL680 to PL683, each on both sides."""

import forge
import support.sequence as s
from support.sequence import NONE, Journey, call, error, session


def throttled(at: float, **words: object) -> s.Exchange:
    return call("poll", at, None, status=429, **words)  # type: ignore[arg-type]


def failing(at: float, action: str, **words: object) -> s.Exchange:
    return call("profiles", at, error("any", action), status=400, **words)  # type: ignore[arg-type]


def forbidden(at: float, **words: object) -> s.Exchange:
    return call("profiles", at, None, status=403, **words)  # type: ignore[arg-type]


def unregistered(at: float, **words: object) -> s.Exchange:
    return call("register", at, {"error": "invalid_software_statement"}, status=400, **words)  # type: ignore[arg-type]


def nameless(at: float, **words: object) -> s.Exchange:
    return failing(at, "none", sub=None, device=None, **words)


def status(expires_in: float) -> dict[str, str]:
    return {"AP-Partner-Framework-Status": forge.partner_status(s.T0, expires_in=expires_in)}


CREATE = call("create-session", 0, session())

JOURNEYS = [
    Journey("PL680", "a 429", "note@2", [call("poll", 0, NONE), call("poll", 1, NONE), throttled(1.5)]),
    Journey("PL680", "14 in 3 s", "note@13", [call("poll", n * 0.2, NONE) for n in range(14)]),
    Journey("PL680", "14 in just 3 s", "note@13", [call("poll", n * 0.2307, NONE) for n in range(14)]),
    Journey("PL680", "14 in a bit more than 3 s", "", [call("poll", n * 0.231, NONE) for n in range(14)]),
    Journey("PL680", "13 in 3 s", "", [call("poll", n * 0.2, NONE) for n in range(13)]),
    Journey("PL680", "other devices", "", [call("poll", n * 0.1, NONE, client=f"192.168.1.{n % 2}") for n in range(26)]),
    Journey("PL680", "a scenario's 429", "", [call("poll", 0, NONE), throttled(0.5, injected="respond")]),
    Journey("PL681", "half a second", "warning@1", [throttled(0), call("poll", 0.6, NONE)]),
    Journey("PL681", "just too early", "warning@1", [throttled(0), call("poll", 1.03, NONE)]),
    Journey("PL681", "again", "warning@1 error@2", [throttled(0), throttled(0.6), call("poll", 1.2, NONE)]),
    Journey("PL681", "waits", "", [throttled(0), call("poll", 1.04, NONE)]),
    Journey("PL681", "on the way", "", [throttled(0), call("poll", 0.34, NONE)]),
    Journey("PL681", "just not on the way", "warning@1", [throttled(0), call("poll", 0.35, NONE)]),
    Journey("PL681", "a scenario's 429", "", [throttled(0, injected="respond"), call("poll", 0.6, NONE)]),
    Journey("PL681", "another device", "", [throttled(0), call("poll", 0.6, NONE, device="b")]),
    Journey("PL682", "four times", "warning@3", [forbidden(n * 5) for n in range(4)]),
    Journey("PL682", "just within a minute", "warning@3", [forbidden(n * 20) for n in range(4)]),
    Journey("PL682", "three times", "", [forbidden(n * 5) for n in range(3)]),
    Journey("PL682", "slower", "", [forbidden(n * 20.1) for n in range(4)]),
    Journey("PL682", "polls", "", [call("poll", n * 5, error("any"), status=400) for n in range(6)]),
    Journey("PL682", "one television is refused registration", "warning@3", [unregistered(n) for n in range(4)]),
    Journey("PL682", "four televisions are", "", [unregistered(n, client=f"192.168.1.{n}") for n in range(4)]),
    Journey("PL682", "other resources", "", [call("authorize", n, None, status=403, resources=[str(n)]) for n in range(6)]),
    Journey("PL683", "configuration", "warning@1", [failing(0, "configuration"), failing(5, "configuration")]),
    Journey("PL683", "just within 10 s", "warning@1", [failing(0, "none"), failing(10.03, "none")]),
    Journey("PL683", "by hand", "", [failing(0, "none"), failing(10.1, "none")]),
    Journey("PL683", "a header was mended", "", [failing(0, "none", device=None), failing(2, "none")]),
    Journey("PL683", "the status was renewed", "",
            [failing(0, "none", headers=status(5)), failing(2, "none", headers=status(60)), call("profiles", 4, NONE)]),
    Journey("PL683", "a new token", "", [failing(0, "none"), s.get_token(1), failing(2, "none", exp=7200)]),
    Journey("PL683", "mended, and then repeated", "warning@2",
            [failing(0, "none", device=None), failing(2, "none"), failing(4, "none")]),
    Journey("PL683", "a new token is no sign-in", "warning@1",
            [failing(0, "authentication"), failing(2, "authentication", exp=7200)]),
    Journey("PL683", "authentication, by hand", "note@1", [failing(0, "authentication"), failing(60, "authentication")]),
    Journey("PL683", "within ten minutes", "note@1", [failing(0, "authentication"), failing(599.9, "authentication")]),
    Journey("PL683", "later", "", [failing(0, "authentication"), failing(600.1, "authentication")]),
    Journey("PL683", "signed in between", "",
            [failing(0, "authentication"), call("create-session", 2, session()), failing(5, "authentication")]),
    Journey("PL683", "registered between", "", [failing(0, "application-registration"), s.register(2), failing(3, "none")]),
    Journey("PL683", "retry is allowed", "", [failing(0, "retry"), failing(1, "retry")]),
    Journey("PL683", "a 5xx", "", [
        call("profiles", 0, error("server_error", "none", 500), status=500), call("profiles", 1, NONE)]),
    Journey("PL683", "polls", "", [CREATE, *(call("poll", 5 * n, error("any"), status=400) for n in range(1, 4))]),
    Journey("PL683", "no token, no identifier", "warning@1", [nameless(0), nameless(2)]),
    Journey("PL683", "another device", "", [nameless(0), nameless(2, client="192.168.1.51")]),
    Journey("PL683", "another call", "", [failing(0, "none"), call("profile", 1, NONE)]),
]  # fmt: skip


@s.parametrize(JOURNEYS)
def test_journey(row: Journey) -> None:
    s.verify(row)


def test_a_429_is_explained_by_the_calls_of_the_2_seconds_before_it() -> None:
    (finding,) = s.found([call("profiles", 0, NONE), call("poll", 0.1, NONE), throttled(2)], "PL680")
    assert "others may share the address" in finding["message"]
    assert (finding["actual"], finding["related"]) == ("retrieve-profile-code 2", [1])


def test_three_calls_in_2_seconds_explain_a_429_by_themselves() -> None:
    (finding,) = s.found([call("profiles", 0.1, NONE), call("poll", 0.2, NONE), throttled(2)], "PL680")
    assert finding["message"] == "Too many requests: in the 2 s before, retrieve-profile-code 2, retrieve-profiles 1."
