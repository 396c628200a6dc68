"""What is read out of a request: mvpd, parameters, and the key of the device, whichever way it is spelt."""

from dataclasses import replace

import pytest

import forge
from passlens.exchange import Exchange
from passlens.sandbox.facts import device_key, is_address, is_name, read
from sandbox.asking import FULL, SP, call


def test_a_create_request() -> None:
    facts = read(call("create-session", form={"mvpd": "A", "domainName": "", "other": "x"}))
    assert (facts.operation, facts.service_provider, facts.mvpd) == ("create-session", SP, "A")
    assert facts.form == {"mvpd": "A"}
    assert facts.missing == ("domainName", "redirectUrl")


def test_a_partner_request_names_its_mvpd_by_the_status() -> None:
    status = forge.partner_status(provider="harbour-cable")
    facts = read(call("partner-session", form=FULL, AP_Partner_Framework_Status=status))
    assert (facts.partner, facts.provider, facts.mvpd) == ("Apple", "harbour-cable", "harbour-cable")
    assert facts.missing == ()


def test_the_mvpd_of_a_path() -> None:
    status = forge.partner_status(provider="harbour-cable")
    assert read(call("authorize", mvpd_path="A%20B", AP_Partner_Framework_Status=status)).mvpd == "A B"
    assert read(call("retrieve-profiles", AP_Partner_Framework_Status=status)).mvpd is None


def test_bytes_that_are_no_text_can_still_be_written() -> None:
    ex = call("retrieve-session", serviceProvider="%FF", code="%FE")
    assert (read(ex).service_provider, read(ex).code) == ("?", "?")


def key(**headers: str | None) -> str:
    return device_key(call("retrieve-profiles", **headers))


def test_spellings_of_one_identifier_are_one_device() -> None:
    spellings = {
        key(AP_Device_Identifier=text)
        for text in (
            forge.device_identifier("x", hashed=True),
            forge.device_identifier("x", hashed=True, padding=False),
            forge.device_identifier("x", hashed=True, url_safe=True),
            f'"{forge.device_identifier("x", hashed=True)}"',
        )
    }
    assert len(spellings) == 1
    assert spellings != {key(AP_Device_Identifier=forge.device_identifier("y", hashed=True))}


def test_token_and_address_stand_in_for_the_identifier() -> None:
    by_token = key(AP_Device_Identifier=None)
    assert by_token.startswith("token:")
    assert by_token == key(AP_Device_Identifier=None, X_Device_Info=None)
    assert key(AP_Device_Identifier=None, Authorization=None).startswith("address:")
    nothing = call("retrieve-profiles", AP_Device_Identifier=None, Authorization=None)
    assert device_key(Exchange(replace(nothing.request, client=None))).startswith("address:")


def test_a_key_shows_nothing_of_the_device() -> None:
    assert forge.device_identifier().partition(" ")[2] not in key()


@pytest.mark.parametrize("name", ["REF30", "Kabel-Süd", "${degradedMvpd}", "a.b", "x" * 200])
def test_a_name(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("name", [None, "", ".", "..", "a b", "a/b", "a?b", "a#b", "a\n", "\udcff", "x" * 201])
def test_no_name(name: str | None) -> None:
    assert not is_name(name)


@pytest.mark.parametrize("address", ["https://a.example", "http://a:8/b", "demotv://x", "com.demo.tv:/done", "a-b+c:x"])
def test_an_address(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    ["", "a.example", "//a.example", "https:", "https:a.example", "https:///x", "javascript:alert(1)", "JavaScript:x",
     "data:text/html,x", "https://a.example/\r\nx", "https://a.example/ x", "1x:y", "ü:x", ":x", "a_b:c",
     "https://a.example/" + "x" * 5000],
)  # fmt: skip
def test_no_address(address: str) -> None:
    assert not is_address(address)
