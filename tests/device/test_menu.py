"""The tables of steps."""

import pytest

from passlens.device.menu import MENUS, REMOVAL
from passlens.device.profile import TARGET_DEVICE_TYPE, DeviceKind


@pytest.mark.parametrize("kind", MENUS)
def test_each_kind_of_device_is_led_from_the_profile_to_the_api(kind: DeviceKind) -> None:
    assert [step.mark for step in MENUS[kind]] == ["fetched", "connected", "trusts", "api"]
    assert REMOVAL[kind]
    assert kind in TARGET_DEVICE_TYPE


@pytest.mark.parametrize("kind", MENUS)
def test_lines_fit_80_columns_and_use_known_values(kind: DeviceKind) -> None:
    assert len(REMOVAL[kind]) <= 75
    for step in MENUS[kind]:
        assert step.lines + step.with_wifi
        assert step.lines + step.without_wifi
        for line in (*step.lines, *step.with_wifi, *step.without_wifi):
            filled = line.format(
                url="http://192.168.100.200:8000/kmwxyz", ssid="x" * 12, address="192.168.100.200", port=65535
            )
            assert len(filled) <= 75
