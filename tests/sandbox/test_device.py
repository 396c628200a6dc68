"""The device object of a retrieve answer, from a complete X-Device-Info and from odd ones."""

import json
from typing import Any

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.sandbox.device import device_object
from sandbox.asking import call


def device(info: str | None) -> Any:
    return device_object(Decoded(call("create-session", X_Device_Info=info)))


def test_a_complete_header() -> None:
    made = device(forge.device_info(connectionIp="192.0.2.9", connectionPort=53124, connectionSecure="true"))
    assert made["type"] == "SetTopBox"
    assert made["model"] == "AppleTV"
    assert made["version"] == {"major": 14, "minor": 1, "patch": 0, "profile": ""}
    assert made["operatingSystem"]["version"] == {"major": 18, "minor": 5, "patch": 0, "profile": ""}
    assert (made["display"]["width"], made["display"]["height"], made["display"]["ppi"]) == (1920, 1080, 0)
    assert made["connection"] == {"ipAddress": "192.0.2.9", "port": "53124", "secure": True, "type": "WiFi"}


def test_type_stands_for_the_hardware_type() -> None:
    assert device(forge.b64(json.dumps({"type": "TV"})))["type"] == "TV"


@pytest.mark.parametrize("info", [None, "%%", forge.broken_device_info(), forge.b64("[]")])
def test_without_a_readable_header_the_user_agent_and_the_address_remain(info: str | None) -> None:
    made = device(info)
    assert (made["type"], made["model"], made["applicationId"]) == ("Unknown", None, None)
    assert made["browser"]["userAgent"] == forge.USER_AGENT
    assert made["connection"]["ipAddress"] == "192.0.2.7"


STRINGS = (
    "/type", "/hardware/vendor", "/hardware/manufacturer", "/operatingSystem/name", "/operatingSystem/family",
    "/operatingSystem/vendor", "/browser/name", "/browser/vendor", "/browser/userAgent", "/browser/originalUserAgent",
    "/display/name", "/connection/ipAddress", "/connection/port",
)  # fmt: skip
NULLABLE = (
    "/model", "/hardware/name", "/display/vendor", "/display/diagonalSize", "/applicationId", "/connection/type",
)  # fmt: skip


@pytest.mark.parametrize("info", [None, forge.b64("platform=Windows"), forge.b64("{}"), forge.device_info()])
def test_the_types_are_the_documented_ones(info: str | None) -> None:
    """Strings are strings, and null stands only where a sample has it (fact base, device_object)."""
    leaves: dict[str, Any] = {}

    def collect(value: Any, at: str) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                collect(item, f"{at}/{key}")
        else:
            leaves[at] = value

    collect(device(info), "")
    assert {type(leaves[at]) for at in STRINGS} == {str}
    assert all(leaves[at] is None or type(leaves[at]) is str for at in NULLABLE)
    assert leaves["/display/version"] is None
    assert type(leaves["/connection/secure"]) is bool
    assert {at for at, value in leaves.items() if value is None} <= {*NULLABLE, "/display/version"}


@pytest.mark.parametrize(
    "info",
    [
        {"primaryHardwareType": "Toaster", "model": 5, "osVersion": 17.2, "displayWidth": "1920px"},
        {"model": "\ud800", "version": [1], "osName": {}, "displayWidth": True, "connectionSecure": "yes"},
        {"primaryHardwareType": ["TV"], "model": "", "osVersion": "9" * 400, "displayWidth": 1e308},
        {"model": 10**400, "displayHeight": -5, "displayPpi": None, "connectionPort": 1.5},
    ],
)
def test_odd_values_do_no_harm(info: dict[str, Any]) -> None:
    made = device(forge.b64(json.dumps(info)))
    json.dumps(made, ensure_ascii=False).encode()
    assert made["type"] == "Unknown"
    assert made["connection"]["secure"] is False
    assert all(isinstance(made["display"][name], int) for name in ("width", "height", "ppi"))


@pytest.mark.parametrize(
    ("sent", "shown"),
    [("x" * 500, "x" * 500), ("x" * 501, "x" * 500), (10**20 - 1, str(10**20 - 1)), (10**20, None), (-(10**20), None)],
)
def test_texts_and_numbers_are_bounded(sent: object, shown: str | None) -> None:
    assert device(forge.b64(json.dumps({"model": sent})))["model"] == shown


@pytest.mark.parametrize(("sent", "shown"), [("1" * 9, 111_111_111), ("1" * 10, 111_111_111), ("", 0), ("px", 0)])
def test_a_whole_number_has_nine_digits_at_most(sent: str, shown: int) -> None:
    assert device(forge.b64(json.dumps({"displayWidth": sent})))["display"]["width"] == shown


@pytest.mark.parametrize(
    ("sent", "shown"),
    [("18", (18, 0, 0)), ("1.2.3.4", (1, 2, 3)), (" " * 59 + "7", (7, 0, 0)), (" " * 60 + "7", (0, 0, 0))],
)
def test_a_version_is_looked_for_in_sixty_characters(sent: str, shown: tuple[int, int, int]) -> None:
    made = device(forge.b64(json.dumps({"osVersion": sent})))["operatingSystem"]["version"]
    assert (made["major"], made["minor"], made["patch"]) == shown


@pytest.mark.parametrize(
    ("sent", "secure"), [(True, True), ("true", True), (False, False), ("false", False), (1, False)]
)
def test_a_connection_is_secure_where_the_header_says_so(sent: object, secure: bool) -> None:
    assert device(forge.device_info(connectionSecure=sent))["connection"]["secure"] is secure
