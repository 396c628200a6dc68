"""The device object of a retrieve answer, from a complete X-Device-Info and from odd ones."""

import json
from typing import Any

import pytest

import forge
from passlens.sandbox.device import device_object
from sandbox.asking import call


def device(info: str | None) -> Any:
    return device_object(call("create-session", X_Device_Info=info))


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
