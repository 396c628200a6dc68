"""PL47x: the configuration. Each code on both sides of what triggers it."""

import json
from typing import Any

import pytest

import forge
from passlens.exchange.model import Exchange
from support.examples import Example, answered, codes, exchange, parametrize, verify

CONF = exchange("retrieve-configuration")
MVPDS = "body#/requestor/mvpds"


def requestor(**changes: Any) -> Exchange:
    """The documented answer with members of its requestor set or, with None, removed."""
    assert CONF.response is not None
    assert CONF.response.body is not None
    inner = json.loads(CONF.response.body)["requestor"]
    return answered(CONF, {"requestor": forge.without_none(inner | changes)})


def mvpds(*changes: dict[str, Any]) -> Exchange:
    """The answer with MVPDs that differ from a plain one by these members."""
    plain = {"displayName": "One", "logoUrl": f"https://{forge.DOMAIN}/logo.png"}
    return requestor(mvpds=[forge.without_none({"id": f"M{n}", **plain, **one}) for n, one in enumerate(changes)])


EXAMPLES = [
    Example("PL470", answered(CONF, {"requestor": {"id": forge.SERVICE_PROVIDER, "name": "x"}, "mvpds": []}), CONF,
            "body#/mvpds", "note", "at the top"),
    Example("PL471", requestor(id="REF40"), requestor(), "body#/requestor/id", "warning", "REF40"),
    Example("PL472", mvpds({"id": "Cox"}, {"id": "Cox"}), mvpds({"id": "Cox"}, {"id": "cox"}), f"{MVPDS}/1/id",
            "warning"),
    Example("PL473", mvpds({"boardingStatus": "SUPPORTED"}), mvpds({"boardingStatus": "PICKER"}),
            f"{MVPDS}/0/platformMappingId", "note"),
    Example("PL473", mvpds({"enablePlatformServices": True}), mvpds({"enablePlatformServices": False}),
            f"{MVPDS}/0/boardingStatus", "note"),
    Example("PL474", mvpds(), mvpds({}), MVPDS, "note", "empty"),
    # Shapes: what weighs how much.
    Example("PL305", mvpds({"logoUrl": None}), mvpds({}), f"{MVPDS}/0/logoUrl", "warning"),
    Example("PL305", requestor(name=None), requestor(), "body#/requestor/name", "warning"),
    Example("PL305", answered(CONF, {"requestor": {"id": "x"}, "mvpds": []}), requestor(), "body#/requestor/name",
            "warning", "The attribute name"),
    Example("PL305", answered(CONF, {"mvpds": []}), requestor(), "body#/requestor/id", "warning", "The attribute id"),
    Example("PL306", mvpds({"isTempPass": "true"}), mvpds({"isTempPass": True}), f"{MVPDS}/0/isTempPass", "warning"),
    Example("PL307", mvpds({"id": ""}), mvpds({}), f"{MVPDS}/0/id", "warning"),
    Example("PL312", answered(CONF, {"requestor": {}}), requestor(), "body#/mvpds", "error", "missing"),
    Example("PL303", answered(CONF, []), answered(CONF, [{"requestor": {"id": "x", "name": "x"}, "mvpds": []}]),
            "body", "error"),
]  # fmt: skip


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


@pytest.mark.parametrize("value", [None, {}, 3, "x", [None], [[]], [3, {}]])
def test_whatever_stands_for_mvpds_raises_nothing(value: Any) -> None:
    found = codes(answered(CONF, {"requestor": {"id": 3, "name": [], "mvpds": value}}))
    assert "PL999" not in found
    assert {"PL305", "PL306", "PL312"} & set(found)


def test_a_configuration_without_time_is_whole() -> None:
    assert codes(CONF) == []
