"""The world: which MVPDs there are, what is taken that nobody listed, and what is decided about a resource."""

import pytest

from passlens.sandbox.profile_store import ProfileKind, Validity
from passlens.sandbox.world import DEFAULT, World, WorldMvpd

OWN = World(
    (WorldMvpd("Cox", "Cox", mapping="cox-apple", partner=True), WorldMvpd("Free", "Free", "promotional", minutes=2))
)


def test_each_way_has_a_made_up_mvpd() -> None:
    assert {"regular", "degraded", "temporary", "promotional"} == {mvpd.kind for mvpd in DEFAULT.mvpds}
    assert any(mvpd.partner and mvpd.kind == "regular" for mvpd in DEFAULT.mvpds)
    assert any(mvpd.mapping and not mvpd.partner for mvpd in DEFAULT.mvpds)


@pytest.mark.parametrize(
    ("mvpd", "kind"),
    [("Cox", "regular"), ("Free", "promotional"), ("Other", "regular"), ("myTEMPPASS", "temporary"),
     ("a b", None), ("", None), (None, None)],
)  # fmt: skip
def test_who_is_taken(mvpd: str | None, kind: str | None) -> None:
    found = OWN.find(mvpd)
    assert (found.kind if found else None) == kind


@pytest.mark.parametrize(("mvpd", "taken"), [("Cox", True), ("Other", False), ("TempPass_1", False)])
def test_a_strict_world_takes_what_is_listed(mvpd: str, taken: bool) -> None:
    assert (World(OWN.mvpds, strict=True).find(mvpd) is not None) is taken


@pytest.mark.parametrize(
    ("provider", "mvpd"),
    [("harbour-cable", "HarbourCable"), ("HarbourCable", "HarbourCable"), ("nobody", None), (None, None)],
)
def test_the_provider_id_of_a_partner_status(provider: str | None, mvpd: str | None) -> None:
    found = DEFAULT.by_provider_id(provider)
    assert (found.id if found else None) == mvpd


def test_an_mvpd_to_stand_in() -> None:
    kinds: tuple[ProfileKind, ...] = ("regular", "appleSSO", "degraded", "temporary", "promotional")
    assert [DEFAULT.mvpd_of_kind(kind) for kind in kinds] == [
        "HarbourCable", "HarbourCable", "LanternDSL", "TempPass_Sandbox", "TempPass_Promotional",
    ]  # fmt: skip
    # A world that has none of a kind still has something to stand in.
    assert [OWN.mvpd_of_kind(kind) for kind in kinds[:3]] == ["Cox", "Cox", "LanternDSL"]


def test_how_long_a_profile_holds() -> None:
    assert OWN.validity("Free", "promotional") == Validity(120_000, 5)
    assert OWN.validity("Cox", "temporary") is None
    assert OWN.validity("Cox", "appleSSO") == Validity(24 * 3_600_000)


@pytest.mark.parametrize(
    ("resources", "strict", "resource", "says"),
    [
        ({}, False, "news", "permit"),
        ({}, False, "news-Denied", "authorization_denied_by_mvpd"),
        ({}, True, "news", "authorization_denied_by_mvpd"),
        ({"news-Denied": "permit"}, True, "news-Denied", "permit"),
        ({"*": "authorization_denied_by_parental_controls"}, False, "x", "authorization_denied_by_parental_controls"),
        ({"*": "permit"}, True, "x", "permit"),
    ],
)
def test_what_is_decided(resources: dict[str, str], strict: bool, resource: str, says: str) -> None:
    assert World(resources=resources, strict=strict).decision(resource) == says
