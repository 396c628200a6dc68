"""The store of virtual profiles: bounds, expiry, TempPass, and single sign-on by a token."""

import random

import pytest

import forge
from passlens.sandbox.profile_store import ProfileKind, ProfileStore, Validity, VirtualProfile
from passlens.sandbox.single_sign_on import SsoIdentity

NOW = forge.CLOCK
JANE, JOHN = SsoIdentity("serviceTokenSSO", "jane"), SsoIdentity("serviceTokenSSO", "john")
DAY = 24 * 3600


def given(
    store: ProfileStore, device: str = "d", mvpd: str = "A", kind: ProfileKind = "regular", now: float = NOW
) -> VirtualProfile:
    """A profile of the device."""
    return store.grant(device, "SP", mvpd, kind, now=now, rng=random.Random(1), validity=Validity(3_600_000, 2))


def test_a_store_without_room() -> None:
    with pytest.raises(ValueError, match="room for one"):
        ProfileStore(0)


def test_profiles_are_bounded_and_the_oldest_goes_first() -> None:
    store = ProfileStore(2)
    for device in "abc":
        given(store, device)
    assert [bool(store.profiles(device, "SP", NOW)) for device in "abc"] == [False, True, True]


def test_a_profile_ends_and_is_remembered_for_a_day() -> None:
    store = ProfileStore()
    made = given(store)
    assert store.profile("d", "SP", "A", NOW + 3599) == made
    assert store.profile("d", "SP", "A", NOW + 3600) is None
    assert store.ended("d", "SP", "A", NOW + 3600) == made
    assert store.ended("d", "SP", "A", NOW + 3600 + DAY) is None
    store.forget_profiles(int((NOW + 3600 + DAY) * 1000))
    assert store.ended("d", "SP", "A", NOW + 3600) is None


def test_a_temppass_is_given_once_and_counts_resources() -> None:
    store = ProfileStore()
    held = given(store, kind="promotional")
    for resource in ("news", "news", "movies"):
        assert held.may_play(resource)
        held = store.use(held, resource)
    assert (held.remaining, held.may_play("news"), held.may_play("sports")) == (0, True, False)
    assert given(store, kind="promotional", now=NOW + 7200) == held
    assert not held.holds(NOW + 7200)


def test_two_service_providers_and_two_devices_keep_apart() -> None:
    store = ProfileStore()
    given(store)
    assert store.profile("d", "OTHER", "A", NOW) is None
    assert store.profile("e", "SP", "A", NOW) is None


# ---- single sign-on by a token


def test_who_signed_in_by_a_token_is_signed_in_elsewhere_until_the_same_moment() -> None:
    store = ProfileStore()
    own = given(store)
    store.share(own, JANE)
    store.sign_on(JANE, "e", "OTHER", NOW + 10)
    (found,) = store.profiles("e", "OTHER", NOW + 10)
    assert (found.kind, found.mvpd, found.identity) == ("serviceTokenSSO", "A", JANE)
    assert (found.not_after, found.user_id) == (own.not_after, own.user_id)
    store.sign_on(JOHN, "f", "SP", NOW)
    assert store.profiles("f", "SP", NOW) == ()
    store.sign_on(JANE, "g", "SP", NOW + 3600)
    assert store.profiles("g", "SP", NOW + 3600) == ()


def test_what_a_device_has_of_its_own_stays() -> None:
    store = ProfileStore()
    own = given(store)
    store.share(own, JANE)
    store.sign_on(JANE, "d", "SP", NOW)
    assert store.profiles("d", "SP", NOW) == (own,)


def test_another_user_of_the_device_takes_the_place() -> None:
    store = ProfileStore()
    for device, identity in (("a", JANE), ("b", JOHN)):
        store.share(given(store, device), identity)
        store.sign_on(identity, "tv", "SP", NOW)
        assert [one.identity for one in store.profiles("tv", "SP", NOW)] == [identity]


def test_signing_out_ends_it_everywhere_for_that_user() -> None:
    store = ProfileStore()
    for device, identity in (("a", JANE), ("b", JOHN)):
        store.share(given(store, device), identity)
    store.sign_on(JANE, "tv", "SP", NOW)
    store.sign_on(JOHN, "phone", "SP", NOW)
    store.end_sign_on(JANE, "A")
    store.sign_on(JANE, "tv", "SP", NOW)
    assert store.profiles("tv", "SP", NOW) == ()
    assert len(store.profiles("phone", "SP", NOW)) == 1


def test_sign_ons_are_bounded() -> None:
    store = ProfileStore(2)
    for number in range(5):
        store.share(given(store, mvpd=f"M{number}"), SsoIdentity("platformSSO", str(number)))
    store.sign_on(SsoIdentity("platformSSO", "0"), "tv", "SP", NOW)
    assert store.profiles("tv", "SP", NOW) == ()
    for number in range(200):
        store.share(given(store, mvpd=f"M{number}"), JANE)
    store = ProfileStore()
    for number in range(200):
        store.share(given(store, mvpd=f"M{number}"), JANE)
    store.sign_on(JANE, "tv", "SP", NOW)
    assert [one.mvpd for one in store.profiles("tv", "SP", NOW)] == [f"M{number}" for number in range(150, 200)]
