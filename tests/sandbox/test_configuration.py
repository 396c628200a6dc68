"""The configuration answer: the documented members, and flags only where they apply."""

from passlens.sandbox.configuration import configuration
from passlens.sandbox.world import DEFAULT, World, WorldMvpd


def test_the_configuration_answer() -> None:
    made = configuration("DEMOTV", DEFAULT)
    assert list(made) == ["device", "clientType", "os", "requestor"]
    requestor = made["requestor"]
    assert (requestor["id"], requestor["name"]) == ("DEMOTV", "DEMOTV")
    assert requestor["domains"] == [{"name": "tv.example", "mvpdInitiated": False}]
    by_id = {mvpd["id"]: mvpd for mvpd in requestor["mvpds"]}
    assert by_id["HarbourCable"]["platformMappingId"] == "harbour-cable"
    assert by_id["HarbourCable"]["enablePlatformServices"] is True
    assert by_id["HarbourCable"]["boardingStatus"] == "SUPPORTED"
    assert by_id["QuarryNet"]["enablePlatformServices"] is False
    assert by_id["QuarryNet"]["boardingStatus"] == "PICKER"
    assert by_id["TempPass_Sandbox"]["isTempPass"] is True
    assert by_id["TempPass_Promotional"]["isTempPass"] is True
    assert set(by_id["MeridianFiber"]) == {"id", "displayName", "logoUrl"}


def test_a_logo_has_an_address_whatever_the_id() -> None:
    (mvpd,) = configuration("DEMOTV", World((WorldMvpd("a/b ü", "A"),)))["requestor"]["mvpds"]
    assert mvpd["logoUrl"] == "https://logos.passlens.example/a%2Fb%20%C3%BC.png"
