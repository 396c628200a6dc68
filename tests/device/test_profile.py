"""The configuration profile, parsed back and held to the published payload keys."""

import plistlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from passlens.device.profile import (
    DeviceKind,
    Wifi,
    check_address,
    check_password,
    check_port,
    check_ssid,
    mobileconfig,
)
from passlens.errors import ProfileError

DER = b"\x30\x03\x02\x01\x05"
HOME = Wifi("Harbour & Söhne", "correct horse", "192.168.1.20", 8080)

PUBLISHED: dict[str, dict[str, type]] = {
    "Configuration": {
        "PayloadContent": list,
        "PayloadDescription": str,
        "PayloadDisplayName": str,
        "PayloadIdentifier": str,
        "PayloadOrganization": str,
        "PayloadRemovalDisallowed": bool,
        "PayloadType": str,
        "PayloadUUID": str,
        "PayloadVersion": int,
        "RemovalDate": datetime,
        "TargetDeviceType": int,
    },
    "com.apple.security.root": {
        "PayloadCertificateFileName": str,
        "PayloadContent": bytes,
        "PayloadDisplayName": str,
        "PayloadIdentifier": str,
        "PayloadType": str,
        "PayloadUUID": str,
        "PayloadVersion": int,
    },
    "com.apple.wifi.managed": {
        "AutoJoin": bool,
        "EncryptionType": str,
        "HIDDEN_NETWORK": bool,
        "Password": str,
        "PayloadDisplayName": str,
        "PayloadIdentifier": str,
        "PayloadType": str,
        "PayloadUUID": str,
        "PayloadVersion": int,
        "ProxyServer": str,
        "ProxyServerPort": int,
        "ProxyType": str,
        "SSID_STR": str,
    },
}
"""Keys and types of Apple's Device Management schema, as far as a profile of passlens has them."""


def parsed(kind: DeviceKind = "apple-tv", wifi: Wifi | None = HOME, **more: Any) -> dict[str, Any]:
    document: dict[str, Any] = plistlib.loads(mobileconfig(kind, DER, wifi, **more))
    return document


def test_every_key_is_published_and_has_its_type() -> None:
    document = parsed(removal_date=datetime(2027, 1, 2, tzinfo=UTC))
    for payload in (document, *document["PayloadContent"]):
        assert {key: type(value) for key, value in payload.items()} == PUBLISHED[payload["PayloadType"]]


def test_the_profile_holds_certificate_network_and_proxy() -> None:
    document = parsed()
    certificate, wifi = document["PayloadContent"]
    assert (document["PayloadType"], document["PayloadVersion"]) == ("Configuration", 1)
    assert (certificate["PayloadType"], certificate["PayloadContent"]) == ("com.apple.security.root", DER)
    assert wifi["PayloadType"] == "com.apple.wifi.managed"
    assert (wifi["SSID_STR"], wifi["Password"]) == ("Harbour & Söhne", "correct horse")
    assert (wifi["ProxyType"], wifi["ProxyServer"], wifi["ProxyServerPort"]) == ("Manual", "192.168.1.20", 8080)
    assert (wifi["EncryptionType"], wifi["AutoJoin"], wifi["HIDDEN_NETWORK"]) == ("Any", True, False)
    assert "192.168.1.20 port 8080" in document["PayloadDescription"]


def test_an_open_network_has_no_password() -> None:
    wifi = parsed(wifi=Wifi("Guests", None, "192.168.1.20", 8080))["PayloadContent"][1]
    assert wifi["EncryptionType"] == "None"
    assert "Password" not in wifi


def test_a_profile_may_bring_the_certificate_only() -> None:
    (certificate,) = parsed(wifi=None)["PayloadContent"]
    assert certificate["PayloadContent"] == DER


@pytest.mark.parametrize(("kind", "number"), [("apple-tv", 4), ("iphone", 1)])
def test_the_profile_names_the_kind_of_its_device(kind: DeviceKind, number: int) -> None:
    assert parsed(kind)["TargetDeviceType"] == number


def test_a_second_profile_replaces_the_first() -> None:
    """A device replaces a profile that has the same identifiers, whatever else is in it."""

    def identifiers(document: dict[str, Any]) -> list[tuple[str, str]]:
        payloads = (document, *document["PayloadContent"])
        return [(payload["PayloadIdentifier"], payload["PayloadUUID"]) for payload in payloads]

    first = identifiers(parsed())
    assert first == identifiers(parsed("iphone", Wifi("Other", None, "10.0.0.1", 9090)))
    assert first[:2] == identifiers(parsed(wifi=None))
    assert len(set(first)) == 3


def test_the_removal_date_is_in_utc() -> None:
    local = datetime(2027, 1, 2, 1, 30, 15, 999, timezone(timedelta(hours=2)))
    assert parsed(removal_date=local)["RemovalDate"] == datetime(2027, 1, 1, 23, 30, 15)
    assert "RemovalDate" not in parsed()


def test_the_password_is_not_shown_with_the_network() -> None:
    assert "correct horse" not in repr(HOME)


@pytest.mark.parametrize("ssid", ["a", "x" * 32, "é" * 16, "two words"])
def test_names_that_a_network_may_have(ssid: str) -> None:
    check_ssid(ssid)


@pytest.mark.parametrize("ssid", ["", "x" * 33, "é" * 17, "line\nbreak", "nul\0", "\ud800"])
def test_names_that_no_network_has(ssid: str) -> None:
    with pytest.raises(ProfileError, match="--ssid"):
        check_ssid(ssid)


@pytest.mark.parametrize("password", ["8" * 8, "z" * 63, "0aF" * 21 + "0", "schöner wohnen"])
def test_passwords_that_a_network_may_have(password: str) -> None:
    check_password(password)


@pytest.mark.parametrize("password", ["7" * 7, "z" * 64, "0aF" * 21 + "g", "two\nlines here", "0" * 65])
def test_passwords_that_no_network_has_are_refused_without_being_shown(password: str) -> None:
    with pytest.raises(ProfileError) as refused:
        check_password(password)
    assert password not in str(refused.value)


@pytest.mark.parametrize("address", ["192.168.1.20", "10.0.0.1", "fd00::2", "laptop.local", "a-b.example"])
def test_addresses_that_a_device_can_reach(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "0.0.0.0", "224.0.0.1", "localhost", "a b", "", "-a.example", "x" * 64, "host:8080"]
)
def test_addresses_that_no_device_can_reach(address: str) -> None:
    with pytest.raises(ProfileError, match="--address"):
        check_address(address)


@pytest.mark.parametrize(("port", "fits"), [(0, False), (1, True), (65535, True), (65536, False), (-1, False)])
def test_ports(port: int, fits: bool) -> None:
    if fits:
        check_port(port)
    else:
        with pytest.raises(ProfileError, match="--port"):
            check_port(port)


@pytest.mark.parametrize(
    "wifi",
    [
        Wifi("", "correct horse", "192.168.1.20", 8080),
        Wifi("Home", "short", "192.168.1.20", 8080),
        Wifi("Home", "correct horse", "127.0.0.1", 8080),
        Wifi("Home", "correct horse", "192.168.1.20", 0),
    ],
)
def test_a_profile_is_only_made_of_what_fits(wifi: Wifi) -> None:
    with pytest.raises(ProfileError):
        mobileconfig("apple-tv", DER, wifi)
