"""X-Device-Info: the key table and its model."""

import base64
import json

import pytest

import forge
from passlens.rest_v2.device_info import KEYS, NAMES, REQUIRED, decode_device_info


def decoded(**members: object) -> list[tuple[str, str]]:
    raw = base64.b64encode(json.dumps(members).encode()).decode()
    return [(problem.kind, problem.pointer) for problem in decode_device_info(raw).problems]


COMPLETE: dict[str, object] = {
    "model": "AppleTV",
    "version": "14,1",
    "osName": "tvOS",
    "osVersion": "18.5",
    "connectionType": "WiFi",
}


def test_the_table_has_the_pages_keys() -> None:
    assert len(KEYS) == len(set(NAMES)) == 22
    assert REQUIRED == ("model", "version", "osName", "osVersion", "connectionType")


def test_a_complete_value_has_no_problem() -> None:
    assert decoded(**COMPLETE) == []
    assert decode_device_info(forge.device_info()).problems == ()


@pytest.mark.parametrize("key", [key for key in KEYS if key.values], ids=lambda key: key.name)
def test_every_value_of_a_closed_vocabulary_is_taken_and_no_other(key: object) -> None:
    for value in key.values:  # type: ignore[attr-defined]
        assert decoded(**(COMPLETE | {key.name: value})) == []  # type: ignore[attr-defined]
    assert decoded(**(COMPLETE | {key.name: "Teapot"})) == [("value", f"/{key.name}")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", REQUIRED)
def test_each_required_key_is_required(name: str) -> None:
    rest = {key: value for key, value in COMPLETE.items() if key != name}
    assert decoded(**rest) == [("missing", f"/{name}")]


def test_numbers_are_taken_where_platform_code_sends_them() -> None:
    assert decoded(**COMPLETE, displayWidth=1920.0, displayHeight=1080, connectionPort=53124, displayPpi="294") == []
    assert decoded(**(COMPLETE | {"osVersion": 18.5})) == [("type", "/osVersion")]
    assert decoded(**COMPLETE, displayWidth="1920") == [("type", "/displayWidth")]


def test_E41_type_is_read_as_primary_hardware_type() -> None:
    raw = base64.b64encode(b'{"type": "TV"}').decode()
    assert decode_device_info(raw).get("primaryHardwareType") == "TV"
