"""Signing in, denying and ending a virtual session from outside."""

import random

import pytest

from passlens.sandbox.server import Api
from passlens.sandbox.session import VirtualSession
from passlens.sandbox.session_actions import act

NOW = 1_700_000_000.0


def opened(api: Api, mvpd: str | None = "Cox") -> VirtualSession:
    session = api.sessions.open("REF30", "device", now=NOW, rng=random.Random(1))
    session.mvpd = mvpd
    return session


@pytest.mark.parametrize("mvpd", ["Cox", None])
def test_signing_in_gives_a_profile(mvpd: str | None) -> None:
    api = Api(seed=1)
    session = opened(api, mvpd)
    assert act(api, session.code or "", "sign-in", NOW) == (session,)
    assert session.state == "authenticated"
    assert len(api.sessions.profiles("device", "REF30", NOW)) == 1


def test_denying_takes_the_profile_away() -> None:
    api = Api(seed=1)
    session = opened(api)
    act(api, session.code or "", "sign-in", NOW)
    act(api, session.code or "", "deny", NOW)
    assert (session.state, session.profile) == ("denied", None)
    assert api.sessions.profiles("device", "REF30", NOW) == ()


def test_a_session_that_was_ended_is_over_and_takes_nothing_more() -> None:
    api = Api(seed=1)
    session = opened(api)
    act(api, session.code or "", "expire", NOW)
    assert session.over(NOW)
    with pytest.raises(ValueError, match="is over"):
        act(api, session.code or "", "sign-in", NOW)


def test_unknown_codes_are_told_with_those_that_are_open() -> None:
    api = Api(seed=1)
    with pytest.raises(LookupError, match="none is open"):
        act(api, "NOSUCH1", "deny", NOW)
    session = opened(api)
    with pytest.raises(LookupError, match=str(session.code)):
        act(api, "NOSUCH1", "deny", NOW)
