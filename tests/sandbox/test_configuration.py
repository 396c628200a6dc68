"""The made-up providers: one for each way a session can go."""

import pytest

from passlens.sandbox.configuration import PROVIDERS, by_provider_id, configuration, mvpd_of_kind


def test_each_way_has_a_provider() -> None:
    kinds = [provider.kind for provider in PROVIDERS]
    assert {"regular", "degraded", "temporary"} == set(kinds)
    assert any(provider.partner and provider.kind == "regular" for provider in PROVIDERS)
    assert any(provider.mapping and not provider.partner for provider in PROVIDERS)


def test_the_configuration_answer() -> None:
    requestor = configuration("DEMOTV")["requestor"]
    assert requestor["id"] == "DEMOTV"
    by_id = {mvpd["id"]: mvpd for mvpd in requestor["mvpds"]}
    assert by_id["HarbourCable"]["platformMappingId"] == "harbour-cable"
    assert by_id["HarbourCable"]["enablePlatformServices"] is True
    assert by_id["QuarryNet"]["enablePlatformServices"] is False
    assert by_id["TempPass_Sandbox"]["isTempPass"] is True
    assert "platformMappingId" not in by_id["MeridianFiber"]


@pytest.mark.parametrize(
    ("provider", "mvpd"),
    [("harbour-cable", "HarbourCable"), ("HarbourCable", "HarbourCable"), ("nobody", None), (None, None)],
)
def test_the_provider_id_of_a_partner_status(provider: str | None, mvpd: str | None) -> None:
    found = by_provider_id(provider)
    assert (found.id if found else None) == mvpd


def test_an_mvpd_to_stand_in() -> None:
    assert [mvpd_of_kind(kind) for kind in ("regular", "appleSSO", "degraded", "temporary")] == [
        "HarbourCable", "HarbourCable", "LanternDSL", "TempPass_Sandbox",
    ]  # fmt: skip
