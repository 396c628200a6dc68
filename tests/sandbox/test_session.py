"""The store of virtual sessions and profiles: bounds, expiry, look-up, codes that never collide."""

import random
from typing import Any

import pytest

import forge
from passlens.sandbox.profile_store import PROFILE_MS, ProfileKind
from passlens.sandbox.session import CODE_SIGNS, SessionStore, VirtualSession

NOW = forge.CLOCK


def opened(sessions: SessionStore, device: str = "d", now: float = NOW, **more: Any) -> VirtualSession:
    more.setdefault("rng", random.Random(f"{device} {now} {len(sessions)}"))
    return sessions.open(more.pop("sp", "SP"), device, now=now, **more)


def test_a_new_session() -> None:
    session = opened(SessionStore())
    assert session.code is not None
    assert len(session.code) == 7
    assert set(session.code) <= set(CODE_SIGNS)
    assert (session.not_before, session.not_after) == (int(NOW * 1000), int(NOW * 1000) + 1_800_000)
    assert session.missing == ("mvpd", "domainName", "redirectUrl")
    assert (session.state, session.kind, session.adopted) == ("open", "regular", False)


def test_parameters_come_and_go() -> None:
    session = opened(SessionStore())
    session.take({"mvpd": "A", "redirectUrl": "x:y"})
    session.take({"mvpd": "B", "redirectUrl": None})
    assert session.existing == {"mvpd": "B"}
    assert session.missing == ("domainName", "redirectUrl")


class Stutter(random.Random):
    """Makes every code twice before it makes another."""

    made = 0

    def choice(self, seq: Any) -> Any:
        self.made += 1
        return seq[(self.made - 1) // 14 % len(seq)]


def test_a_code_that_is_taken_is_made_anew() -> None:
    sessions, rng = SessionStore(), Stutter(1)
    codes = [opened(sessions, rng=rng).code for _ in range(4)]
    assert codes == ["0000000", "1111111", "2222222", "3333333"]


def test_a_code_is_taken_for_all_service_providers() -> None:
    sessions, rng = SessionStore(), Stutter(1)
    assert opened(sessions, rng=rng).code != opened(sessions, sp="OTHER", rng=rng).code


def test_a_session_is_found_by_its_code_and_service_provider() -> None:
    sessions = SessionStore()
    session = opened(sessions)
    assert sessions.by_code(session.code, "SP") is session
    assert sessions.by_code(session.code, "OTHER") is None
    assert sessions.by_code(None, "SP") is None
    assert sessions.by_code(session.code, None) is None


def test_the_oldest_session_goes_first() -> None:
    sessions = SessionStore(limit=2)
    made = [opened(sessions, str(number)) for number in range(3)]
    assert sessions.list(NOW) == (made[1], made[2])
    assert sessions.by_code(made[0].code, "SP") is None
    assert len(sessions) == 2


def test_a_session_that_is_over_is_remembered_for_a_day() -> None:
    sessions = SessionStore()
    session = opened(sessions)
    assert sessions.list(NOW + 1800) == ()
    opened(sessions, now=NOW + 3600)
    assert sessions.by_code(session.code, "SP") is session
    assert session.over(NOW + 1800)
    opened(sessions, now=NOW + 1800 + 24 * 3600 - 0.001)
    assert sessions.by_code(session.code, "SP") is session
    opened(sessions, now=NOW + 1800 + 24 * 3600)
    assert sessions.by_code(session.code, "SP") is None


def test_a_code_that_is_taken_over_replaces_the_session_before() -> None:
    sessions = SessionStore()
    first = opened(sessions, code="REAL123")
    second = opened(sessions, code="REAL123")
    assert first.adopted
    assert sessions.by_code("REAL123", "SP") is second
    assert len(sessions) == 1
    opened(sessions, code="REAL123", sp="OTHER")
    assert sessions.by_code("REAL123", "SP") is second


def test_a_store_without_room() -> None:
    with pytest.raises(ValueError, match="room for one"):
        SessionStore(0)


def test_the_newest_session_awaits_a_partner_profile() -> None:
    sessions = SessionStore()
    for _ in range(2):
        session = opened(sessions, with_code=False)
        session.partner = "Apple"
    assert sessions.awaiting("d", "SP", "apple") is session
    assert sessions.awaiting("other", "SP", "apple") is None
    assert sessions.awaiting("d", "SP", "other") is None


def signed_in(sessions: SessionStore, device: str = "d", mvpd: str = "A", now: float = NOW) -> VirtualSession:
    session = opened(sessions, device, now)
    session.mvpd = mvpd
    sessions.sign_in(session, now=now, rng=random.Random(device))
    return session


def test_signing_in_gives_the_device_a_profile_until_its_end() -> None:
    sessions = SessionStore()
    session = signed_in(sessions)
    assert session.state == "authenticated"
    assert sessions.profiles("d", "SP", NOW) == (session.profile,)
    assert sessions.profile("d", "SP", "A", NOW) is session.profile
    assert sessions.profile("d", "SP", "B", NOW) is None
    end = NOW + PROFILE_MS["regular"] / 1000
    assert sessions.profiles("d", "SP", end) == ()
    assert sessions.profile("d", "SP", "A", end) is None


@pytest.mark.parametrize(("kind", "hours"), [("regular", 24), ("degraded", 6), ("temporary", 2), ("appleSSO", 24)])
def test_how_long_a_profile_holds(kind: ProfileKind, hours: int) -> None:
    sessions = SessionStore()
    profile = sessions.grant("d", "SP", "A", kind, now=NOW, rng=random.Random(1))
    assert profile.not_after - profile.not_before == hours * 3_600_000
    assert profile.holds(NOW + hours * 3600 - 0.001)
    assert not profile.holds(NOW + hours * 3600)


def test_signing_in_without_an_mvpd() -> None:
    sessions = SessionStore()
    with pytest.raises(ValueError, match="without an mvpd"):
        sessions.sign_in(opened(sessions), now=NOW, rng=random.Random(1))


def test_a_profile_of_the_same_kind_is_kept_and_one_of_another_replaced() -> None:
    sessions = SessionStore()
    first, second = signed_in(sessions), signed_in(sessions, now=NOW + 60)
    assert second.profile is first.profile
    second.kind = "appleSSO"
    assert sessions.sign_in(second, now=NOW + 60, rng=random.Random(1)) is not first.profile
    assert [profile.kind for profile in sessions.profiles("d", "SP", NOW + 60)] == ["appleSSO"]


def test_profiles_are_bounded_as_well() -> None:
    sessions = SessionStore(limit=2)
    for mvpd in "ABC":
        signed_in(sessions, mvpd=mvpd)
    assert [profile.mvpd for profile in sessions.profiles("d", "SP", NOW)] == ["B", "C"]


def test_signing_out() -> None:
    sessions = SessionStore()
    session = signed_in(sessions)
    other = signed_in(sessions, "other")
    assert session.profile is not None
    sessions.sign_out(session.profile)
    assert (session.state, session.profile) == ("open", None)
    assert other.profile is not None
    assert sessions.profiles("d", "SP", NOW) == ()


def test_an_adopted_session_moves_to_the_streaming_device() -> None:
    sessions = SessionStore()
    session = opened(sessions, "phone", code="REAL123")
    session.mvpd = "A"
    sessions.sign_in(session, now=NOW, rng=random.Random(1))
    sessions.move(session, "tv")
    assert not session.adopted
    assert sessions.profiles("phone", "SP", NOW) == ()
    assert sessions.profiles("tv", "SP", NOW) == (session.profile,)


def test_forgetting_everything() -> None:
    sessions = SessionStore()
    session = signed_in(sessions)
    sessions.clear()
    assert len(sessions) == 0
    assert sessions.by_code(session.code, "SP") is None
    assert sessions.profiles("d", "SP", NOW) == ()
