"""What is read out of a request: mvpd, parameters, and the key of the device, whichever way it is spelt."""

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.sandbox.request_facts import is_address, is_name, read
from sandbox.asking import FULL, SP, call


def test_a_create_request() -> None:
    facts = read(Decoded(call("create-session", form={"mvpd": "A", "domainName": "", "other": "x"})))
    assert (facts.operation, facts.service_provider, facts.mvpd) == ("create-session", SP, "A")
    assert facts.form == {"mvpd": "A"}
    assert facts.missing == ("domainName", "redirectUrl")


def test_a_partner_request_names_its_mvpd_by_the_status() -> None:
    status = forge.partner_status(provider="harbour-cable")
    facts = read(Decoded(call("partner-session", form=FULL, AP_Partner_Framework_Status=status)))
    assert (facts.partner, facts.provider, facts.mvpd) == ("Apple", "harbour-cable", "harbour-cable")
    assert facts.missing == ()


def test_the_mvpd_of_a_path() -> None:
    status = forge.partner_status(provider="harbour-cable")
    assert read(Decoded(call("authorize", mvpd_path="A%20B", AP_Partner_Framework_Status=status))).mvpd == "A B"
    assert read(Decoded(call("retrieve-profiles", AP_Partner_Framework_Status=status))).mvpd is None


def test_bytes_that_are_no_text_can_still_be_written() -> None:
    ex = call("retrieve-session", serviceProvider="%FF", code="%FE")
    assert (read(Decoded(ex)).service_provider, read(Decoded(ex)).code) == ("?", "?")


@pytest.mark.parametrize("name", ["REF30", "Kabel-Süd", "${degradedMvpd}", "a.b", "x" * 200])
def test_a_name(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("name", [None, "", ".", "..", "a b", "a/b", "a?b", "a#b", "a\n", "\udcff", "x" * 201])
def test_no_name(name: str | None) -> None:
    assert not is_name(name)


def test_texts_of_a_request_are_kept_to_one_character_more_than_an_address_may_have() -> None:
    form = {"mvpd": "x" * 4096, "domainName": "x" * 4097, "redirectUrl": "x" * 4098}
    facts = read(Decoded(call("create-session", form=form)))
    assert {name: len(value) for name, value in facts.form.items()} == {
        "mvpd": 4096, "domainName": 4097, "redirectUrl": 4097
    }  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["https://a.example", "http://a:8/b", "demotv://x", "com.demo.tv:/done", "a-b+c:x", "a:" + "x" * 4094],
)
def test_an_address(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    ["", "a.example", "//a.example", "https:", "https:a.example", "https:///x", "javascript:alert(1)", "JavaScript:x",
     "data:text/html,x", "https://a.example/\r\nx", "https://a.example/ x", "1x:y", "ü:x", ":x", "a_b:c",
     "a:" + "x" * 4095, "a:x\x7f", "http://?"],
)  # fmt: skip
def test_no_address(address: str) -> None:
    assert not is_address(address)
