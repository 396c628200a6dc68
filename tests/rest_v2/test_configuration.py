"""The configuration: where its MVPDs are found, and what they have wrong."""

from typing import Any

import pytest

from passlens.rest_v2.configuration import FLAGS, read_configuration


def mvpd(name: str = "HarbourCable", **more: Any) -> dict[str, Any]:
    return {"id": name, "displayName": name, "logoUrl": f"https://logos.example/{name}.png", **more}


def body(*mvpds: Any, **more: Any) -> dict[str, Any]:
    return {"requestor": {"id": "REF30", "name": "Demo", "domains": [], "mvpds": list(mvpds), **more}}


def test_mvpds_inside_the_requestor_are_todays_form() -> None:
    found = read_configuration(body(mvpd(), mvpd("Meridian")))
    assert found is not None
    assert (found.total, found.pointer, found.problems) == (2, "/requestor/mvpds", ())
    assert [one.id for one in found.mvpds] == ["HarbourCable", "Meridian"]
    assert found.result == {"kind": "configuration", "mvpds": 2}


def test_E77_mvpds_at_the_top_and_a_list_of_one_are_read() -> None:
    top = {"requestor": {"id": "REF30", "name": "Demo"}, "mvpds": [mvpd()]}
    found, wrapped = read_configuration(top), read_configuration([top])
    assert found is not None
    assert wrapped is not None
    assert (found.pointer, wrapped.pointer) == ("/mvpds", "/0/mvpds")
    assert found.total == wrapped.total == 1


def test_a_missing_time_or_device_is_nothing() -> None:
    found = read_configuration(body(mvpd()))
    assert found is not None
    assert found.problems == ()


def test_a_requestor_without_id_or_name_is_named() -> None:
    found = read_configuration({"requestor": {"mvpds": [], "domains": [{"name": 1}]}})
    assert found is not None
    assert {one.pointer: one.kind for one in found.problems} == {
        "/id": "missing",
        "/name": "missing",
        "/domains/0/name": "type",
    }


@pytest.mark.parametrize("flag", FLAGS)
def test_flags_are_booleans(flag: str) -> None:
    for value, pointers in ((True, []), (False, []), ("true", [f"/{flag}"]), (1, [f"/{flag}"])):
        found = read_configuration(body(mvpd(**{flag: value})))
        assert found is not None
        assert [one.pointer for one in found.mvpds[0].problems] == pointers


def test_an_mvpd_has_id_name_and_logo() -> None:
    found = read_configuration(body({}, [], mvpd("")))
    assert found is not None
    assert [[one.pointer for one in entry.problems] for entry in found.mvpds] == [
        ["/id", "/displayName", "/logoUrl"],
        [""],
        ["/id", "/displayName"],
    ]
    assert [one.id for one in found.mvpds] == [None, None, None]


def test_mvpds_by_their_mapping() -> None:
    apple = {"platformMappingId": "cox-apple"}
    found = read_configuration(body(mvpd("Cox", **apple), mvpd("Other", **apple), mvpd("Plain", platformMappingId=1)))
    assert found is not None
    assert found.by_mapping() == {"cox-apple": "Cox"}


@pytest.mark.parametrize(
    "value", [None, 1, "x", [], [[]], {}, {"requestor": []}, {"requestor": {"mvpds": {}}}, {"mvpds": "x"}]
)
def test_what_holds_no_list_of_mvpds_is_no_configuration(value: Any) -> None:
    assert read_configuration(value) is None


@pytest.mark.parametrize(("count", "read"), [(1999, 1999), (2000, 2000), (2001, 2000)])
def test_a_long_list_is_counted_whole_and_read_up_to_a_limit(count: int, read: int) -> None:
    found = read_configuration(body(*[mvpd()] * count))
    assert found is not None
    assert (found.total, len(found.mvpds)) == (count, read)
