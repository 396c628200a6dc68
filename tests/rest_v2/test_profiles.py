"""Profiles: their rows, what they have wrong, and what may be said of them."""

from typing import Any

import pytest

from passlens.rest_v2.profiles import PROFILE_MODELS, PROFILE_ROWS, Profile, profiles_of, read_profiles, row_of
from passlens.rest_v2.results import MAX_ITEMS
from support.responses import END, START, metadata, profile

TEMPORARY = metadata(userID="temppass_1", expiration_date=END)
PROMOTIONAL = TEMPORARY | metadata(remaining_resources=2, used_assets=["news"])
DEGRADED = metadata(userID="95cf93bcd183214a-1")
OF_ROW = {
    "PT1": profile(),
    "PT2": profile("serviceTokenSSO"),
    "PT3": profile("platformSSO"),
    "PT4": profile("appleSSO", "Apple"),
    "PT5": profile("temporary", "Adobe", attributes=TEMPORARY),
    "PT6": profile("temporary", "Adobe", attributes=PROMOTIONAL),
    "PT7": profile("degraded", "Adobe", attributes=DEGRADED),
}


def of(value: Any) -> Profile:
    return Profile("HarbourCable", row_of(value), value)


def wrong(value: Any) -> dict[str, str]:
    return {problem.pointer: problem.kind for problem in of(value).problems}


def test_every_row_has_an_example_and_a_model() -> None:
    assert list(OF_ROW) == [row.id for row in PROFILE_ROWS] == list(PROFILE_MODELS)


@pytest.mark.parametrize("name", OF_ROW)
def test_a_documented_profile_is_recognised_and_has_no_problem(name: str) -> None:
    found = of(OF_ROW[name])
    assert found.row is not None
    assert (found.row.id, found.problems, found.old_names) == (name, (), ())
    assert found.expected_issuer == OF_ROW[name]["issuer"]


@pytest.mark.parametrize("name", OF_ROW)
def test_an_empty_profile_of_a_type_lacks_the_five_members(name: str) -> None:
    found = wrong({"type": OF_ROW[name]["type"]})
    assert found == dict.fromkeys(("/notBefore", "/notAfter", "/issuer", "/attributes"), "missing")


def test_one_count_of_resources_makes_a_temporary_profile_promotional() -> None:
    for name in ("remaining_resources", "used_assets"):
        attributes = {key: value for key, value in PROMOTIONAL.items() if key != name}
        found = of(profile("temporary", "Adobe", attributes=attributes))
        assert found.row is not None
        assert found.row.id == "PT6"
        assert [problem.pointer for problem in found.problems] == [f"/attributes/{name}"]


@pytest.mark.parametrize("value", [str(START), float(START), True, None, [START]])
def test_times_are_integers(value: Any) -> None:
    assert wrong({**profile(), "notBefore": value}) == {"/notBefore": "type"}


@pytest.mark.parametrize(("value", "fits"), [(10**12 - 1, False), (10**12, True), (10**13 - 1, True), (10**13, False)])
def test_times_have_13_digits(value: int, fits: bool) -> None:
    assert wrong(profile(notAfter=value)) == ({} if fits else {"/notAfter": "format"})


def test_seconds_are_read_for_display_all_the_same() -> None:
    assert of(profile(notAfter=END // 1000)).result["not_after"] == "2026-01-02T03:34:04Z"


def test_issuers_are_those_of_the_row() -> None:
    assert wrong(profile("appleSSO", "HarbourCable")) == {"/issuer": "value"}
    assert wrong(profile("degraded", "Apple", attributes=DEGRADED)) == {"/issuer": "value"}
    # An mvpd id is compared with the key by a check: models do not know the key.
    assert wrong(profile("regular", "Meridian")) == {}
    assert of(profile("regular", "Meridian")).expected_issuer == "HarbourCable"


def test_E80_the_old_spelling_of_a_key_is_not_a_missing_key() -> None:
    found = of(profile(attributes=metadata(userId="u-1", householdId="h-1")))
    assert found.problems == ()
    assert found.old_names == ("userId", "householdId")
    assert found.metadata("userID") == "u-1"
    assert wrong(profile(attributes=metadata(userid="u-1"))) == {"/attributes/userID": "missing"}


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("zip", ["94110"], 94110),
        ("zip", "encrypted", {"a": 1}),
        ("hba_status", True, 1),
        ("hba_status", "true", None),
        ("channelID", ["a"], "a"),
        ("maxRating", {"MPAA": "PG"}, 1),
        ("expiration_date", END, str(END)),
        ("used_assets", 0, "0"),
        ("onNet", 1.5, None),
    ],
)
def test_metadata_has_the_types_of_its_table(name: str, good: Any, bad: Any) -> None:
    known = metadata(userID="u-1")
    assert wrong(profile(attributes=known | metadata(**{name: good}))) == {}
    assert wrong(profile(attributes=known | metadata(**{name: bad}))) == {f"/attributes/{name}/value": "type"}


def test_a_key_that_nobody_documented_is_welcome() -> None:
    found = of(
        profile(attributes=metadata(userID="u", favourite=1) | {"bare": "x", "zip": {"value": "x", "state": "?"}})
    )
    assert found.problems == ()


def test_a_zip_that_can_be_read_is_named() -> None:
    sent = {"value": ["94110"], "state": "plain"}
    assert of(profile(attributes=metadata(userID="u") | {"zip": sent})).plain_secrets == ("zip",)
    assert of(profile(attributes=metadata(userID="u") | {"zip": {**sent, "state": "enc"}})).plain_secrets == ()


@pytest.mark.parametrize("kind", ["Regular", "", 7, None, ["regular"], {"a": "regular"}])
def test_an_unknown_type_is_in_no_row(kind: Any) -> None:
    found = of({**profile(), "type": kind})
    assert (found.row, found.expected_issuer, found.result["row"]) == (None, None, None)
    assert found.problems == () if isinstance(kind, str) else found.problems


def test_a_result_says_who_and_how_and_until_when_and_no_metadata() -> None:
    assert of(profile()).result == {
        "kind": "profile",
        "row": "PT1",
        "mvpd": "HarbourCable",
        "type": "regular",
        "issuer": "HarbourCable",
        "not_after": "2026-01-02T03:34:04Z",
    }


@pytest.mark.parametrize("value", [None, 1, "x", [], [[]], {}, {"attributes": []}, {"attributes": {"userID": 1}}])
def test_anything_is_read(value: Any) -> None:
    found = of(value)
    assert found.problems
    assert found.result["mvpd"] == "HarbourCable"
    assert found.metadata("userID") is None


def test_a_map_of_profiles_is_read_up_to_a_limit() -> None:
    assert profiles_of({"profiles": []}) is profiles_of([]) is profiles_of(None) is None
    many = {f"m{number}": profile() for number in range(MAX_ITEMS + 1)}
    assert [one.key for one in read_profiles(many)] == list(many)[:MAX_ITEMS]
