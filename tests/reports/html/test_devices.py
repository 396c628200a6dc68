"""Whose exchanges are whose."""

from typing import Any

from passlens.reports.html.devices import by_device
from passlens.reports.html.timeline import TimelineStep


def step(number: int, device: str | None, code: str | None = None, **info: str) -> TimelineStep:
    found: Any = None
    if device is not None:
        found = {"info": info or None, "identifier": f"sha256:{device}", "key": f"key-{device}"}
    entry: Any = {"device": found, "service_provider": "REF30", "code": code}
    return TimelineStep(number, entry)


def test_a_step_without_a_device_goes_to_the_device_of_its_code() -> None:
    browser = step(2, None, "CODE")
    groups = by_device([step(1, "tv", "CODE"), browser, step(3, None), step(4, "box", "OTHER")])
    assert [(group.pseudonym, [one.number for one in group.steps]) for group in groups] == [
        ("sha256:tv", [1, 2]), ("sha256:box", [4]), (None, [3]),
    ]  # fmt: skip
    assert groups[0].steps[1].joined
    assert groups[0].keys == {"key-tv"}
    assert groups[2].name == "Exchanges that name no device"


def test_a_device_is_named_as_most_of_its_exchanges_describe_it() -> None:
    (group,) = by_device([step(1, "tv"), step(2, "tv", model="B"), step(3, "tv", model="A"), step(4, "tv", model="A")])
    assert group.name == "A"
    (nameless,) = by_device([step(1, "tv")])
    assert nameless.name == "Device without a readable X-Device-Info"
