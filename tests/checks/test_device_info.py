"""PL230 to PL238: the content of X-Device-Info.
Each code with an exchange that triggers it and one near it that must not; then what the branches decide."""

from typing import Any

import pytest

import forge
from passlens.exchange.model import Exchange
from support.examples import Example, codes, exchange, parametrize, verify, with_code

NAME = "X-Device-Info"
AT = f"header:{NAME}#"
ROKU = "X-Roku-Reserved-Roku-Connect-Token"


def sent(case: str = "C1", **changes: Any) -> Exchange:
    """A case whose X-Device-Info has keys changed, or removed where the change is None."""
    return exchange(case, headers={NAME: forge.device_info(**changes)})


def raw(case: str, value: object) -> Exchange:
    """A case whose X-Device-Info holds just this."""
    return exchange(case, headers={NAME: forge.b64(forge.json_text(value))})


ROKU_TV = {"osName": "Roku OS", "osFamily": "Roku OS", "osVendor": "Roku"}

EXAMPLES = [
    Example(
        "PL230",
        trigger=sent(connectionType=None),
        near=sent(osVendor=None, primaryHardwareType=None),
        at=f"{AT}/connectionType",
        severity="warning",
        words="The required key connectionType is missing.",
    ),
    Example(
        "PL230",
        trigger=raw("C1", {}),
        near=raw("C1", ["model"]),
        at=f"{AT}/model",
        severity="warning",
    ),
    Example(
        "PL231",
        trigger=sent(osName="tvos"),
        near=sent(connectionType="WifiConnection"),
        at=f"{AT}/osName",
        severity="warning",
        words="osName is tvos, expected tvOS.",
    ),
    Example(
        "PL231",
        trigger=sent(primaryHardwareType="Projector"),
        near=sent(primaryHardwareType="TV"),
        at=f"{AT}/primaryHardwareType",
        severity="note",
        words="which only the OpenAPI file lists",
    ),
    Example(
        "PL231",
        trigger=sent(osVendor="Harbour"),
        near=sent(vendor="Harbour", manufacturer="Harbour"),
        at=f"{AT}/osVendor",
        severity="warning",
        words="osVendor is Harbour, expected one of Amazon, Apple,",
    ),
    Example(
        "PL231",
        trigger=sent(connectionSecure="Wpa"),
        near=sent(connectionSecure="true"),
        at=f"{AT}/connectionSecure",
        severity="warning",
        words="connectionSecure is Wpa, expected one of true or false.",
    ),
    Example(
        "PL231",
        trigger=sent(primaryHardwareType=None, type="tv"),
        near=sent(primaryHardwareType=None, type="TV"),
        at=f"{AT}/type",
        severity="warning",
        words="type is tv, expected TV.",
    ),
    Example(
        "PL232",
        trigger=sent(osVersion=18.5),
        near=sent(displayWidth=1920.0, displayPpi="294", connectionPort=49207),
        at=f"{AT}/osVersion",
        severity="warning",
        words="osVersion is number 18.5, expected string.",
    ),
    Example(
        "PL232",
        trigger=sent(displayWidth="1920"),
        near=sent(connectionSecure=True),
        at=f"{AT}/displayWidth",
        severity="warning",
        words="displayWidth is string 1920, expected number.",
    ),
    Example(
        "PL233",
        trigger=sent(connectionType=""),
        near=sent(vendor=""),
        at=f"{AT}/connectionType",
        severity="warning",
        words="connectionType is empty.",
    ),
    Example(
        "PL233",
        trigger=sent(osName=""),
        near=sent(osName="Harbour OS"),
        at=f"{AT}/osName",
        severity="warning",
        words="osName is empty.",
    ),
    Example(
        "PL234",
        trigger=sent(primaryHardwareType=None, type="TV"),
        near=sent(type="SetTopBox"),
        at=f"{AT}/type",
        severity="note",
        words="is called type, the key table has primaryHardwareType.",
    ),
    Example(
        "PL235",
        trigger=sent(type="TV"),
        near=sent(type="SetTopBox"),
        at=f"{AT}/type",
        severity="warning",
        words="type is TV, primaryHardwareType is SetTopBox.",
    ),
    Example(
        "PL236",
        trigger=sent(appVersion="4.2.1"),
        near=sent(userAgent=forge.USER_AGENT),
        at=f"{AT}/appVersion",
        severity="note",
        words="The key appVersion is not listed.",
    ),
    Example(
        "PL236",
        trigger=sent(OSNAME="tvOS"),
        near=sent(osName=None, OSNAME="tvOS"),
        at=f"{AT}/OSNAME",
        severity="note",
    ),
    Example(
        "PL237",
        trigger=sent(osName=None, osname="tvOS"),
        near=sent(osname="tvOS"),
        at=f"{AT}/osname",
        severity="warning",
        words="The key osname is not listed, expected osName.",
    ),
    Example(
        "PL237",
        trigger=sent(manufacturer=None, manufacurer="Apple"),
        near=sent(manufacturer=None, maker="Apple"),
        at=f"{AT}/manufacurer",
        severity="warning",
        words="expected manufacturer.",
    ),
    Example(
        "PL238",
        trigger=sent("P1", osName="Android"),
        near=sent("C1", osName="Android"),
        at=f"{AT}/osName",
        severity="note",
        words="osName is Android on a partner call for Apple, expected iOS or tvOS.",
    ),
    Example(
        "PL238",
        trigger=exchange("C1", headers={ROKU: forge.subject_token()}),
        near=exchange("C1", headers={ROKU: forge.subject_token(), NAME: forge.device_info(**ROKU_TV)}),
        at=f"{AT}/osName",
        severity="note",
        words="osName is tvOS next to a Roku token, expected Roku OS.",
    ),
]


@parametrize(EXAMPLES)
def test_examples(example: Example) -> None:
    verify(example)


def of_content(ex: Exchange) -> list[str]:
    """The codes about the content of X-Device-Info."""
    return [code for code in codes(ex) if "PL230" <= code <= "PL238"]


def test_findings_about_the_content_are_warnings_at_most() -> None:
    worst = raw("P1", {"type": 7, "osName": None, "model": "", "osVendor": [], "connectionSecure": 1, "a": 2})
    assert {finding["severity"] for finding in with_code(worst, "PL230")} == {"warning"}
    every = [finding for code in sorted(set(of_content(worst))) for finding in with_code(worst, code)]
    assert {finding["severity"] for finding in every} == {"warning", "note"}


def test_E10_E11_the_required_keys_are_the_five_of_today() -> None:
    found = [finding["at"].rpartition("/")[2] for finding in with_code(raw("C1", {}), "PL230")]
    assert found == ["model", "version", "osName", "osVersion", "connectionType"]


def test_E10_SetTopBox_and_TV_are_both_right_for_an_apple_tv() -> None:
    assert of_content(sent(primaryHardwareType="SetTopBox")) == of_content(sent(primaryHardwareType="TV")) == []


def test_E41_what_an_apple_app_with_the_snippet_sends_gets_one_note() -> None:
    snippet = {
        "type": "TV",
        "model": "AppleTV",
        "vendor": "Apple",
        "manufacturer": "Apple",
        "version": "14,1",
        "osName": "tvOS",
        "osVersion": "18.5",
        "displayWidth": 1920.5,
        "displayHeight": 1080,
        "connectionType": "notConnected",
        "applicationId": "DEMOTV",
    }
    assert of_content(raw("P1", snippet)) == ["PL234"]


@pytest.mark.parametrize(("sent_as", "meant"), [("Roku", "Roku OS"), ("Fire OS", "Android"), ("iPadOS", "iOS")])
def test_E42_near_misses_of_the_system_name_come_with_the_listed_value(sent_as: str, meant: str) -> None:
    found = with_code(sent(osName=sent_as), "PL231")
    assert [finding["message"] for finding in found] == [f"osName is {sent_as}, expected {meant}."]


def test_E42_android_for_fire_os_is_accepted() -> None:
    fire = {"osName": "Android", "osFamily": "Android", "osVendor": "Amazon", "vendor": "Amazon", "version": "montoya"}
    assert of_content(sent(**fire)) == []


@pytest.mark.parametrize("kind", ["notConnected", "cellular", "DUMMY", "WiredConnection", "5G", "something new"])
def test_E44_any_connection_type_is_taken(kind: str) -> None:
    assert of_content(sent(connectionType=kind)) == []


@pytest.mark.parametrize("kind", ["VehicleMultimediaSystem", "Projector"])
def test_E46_the_device_types_of_openapi_are_notes(kind: str) -> None:
    found = with_code(sent(primaryHardwareType=kind), "PL231")
    assert [(finding["severity"], finding["source"]) for finding in found] == [
        ("note", "OpenAPI file restApiV2.json, oas-2025-10-23")
    ]


@pytest.mark.parametrize(
    ("key", "meant"),
    [("os_name", "osName"), ("OSVersion", "osVersion"), ("conectionType", "connectionType"), ("moddel", "model")],
)
def test_misspelt_keys_are_recognised(key: str, meant: str) -> None:
    found = with_code(sent(**{meant: None, key: "x"}), "PL237")
    assert [finding["expected"] for finding in found] == [meant]


def test_swapped_letters_are_recognised_and_other_words_are_not() -> None:
    assert of_content(sent(vendor=None, vednor="Apple")) == ["PL237"]
    assert of_content(sent(vendor=None, sender="Apple")) == ["PL236"]


@pytest.mark.parametrize("name", ["Windows", "webOS", "Roku OS", "Chrome OS"])
def test_partner_single_sign_on_for_apple_needs_an_apple_platform(name: str) -> None:
    assert "PL238" in of_content(sent("P1", osName=name))


@pytest.mark.parametrize("name", ["iOS", "tvOS", "Mac OS", "OS X", "Linux", "Harbour OS"])
def test_apple_platforms_and_those_that_say_nothing_are_taken(name: str) -> None:
    assert "PL238" not in of_content(sent("P1", osName=name))
