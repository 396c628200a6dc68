"""The guide: what it prints, and what it ticks off."""

import pytest

from passlens.device.guide import Guide, candidates
from passlens.device.link import LinkedDevice
from passlens.proxy.link_state import Link

URL = "http://192.168.1.20:8000/kmwxyz"
PROXY = ("192.0.2.7", 9090)
TV = "192.168.1.50"


def guide() -> Guide:
    return Guide("apple-tv", URL, "Harbour", *PROXY)


def test_the_overview_names_every_step_with_the_values_of_this_device() -> None:
    text = "\n".join(guide().overview())
    for part in (
        URL,
        "Harbour",
        "Share Apple TV Analytics",
        "play/pause",
        "Certificate Trust Settings",
        "remove the profile",
    ):
        assert part in text
    assert "{" not in text


def test_without_a_network_the_guide_names_the_other_ways() -> None:
    text = "\n".join(Guide("apple-tv", URL, None, *PROXY).overview())
    assert "joins Wi-Fi" not in text
    assert "Ethernet" in text
    by_hand = "\n".join(Guide("iphone", URL, None, *PROXY).overview())
    assert "Configure Proxy, Manual,\n     server 192.0.2.7, port 9090\n" in by_hand


def test_steps_are_ticked_off_once_in_the_order_they_happen() -> None:
    walked = guide()
    assert walked.fetched(TV) == [f"[x] 1  {TV} fetched the profile"]
    assert walked.missing() == "step 2 (Install it)"
    assert walked.news([LinkedDevice(TV, "seen")]) == [f"[x] 2  {TV} uses the proxy"]
    assert walked.news([LinkedDevice(TV, "seen")]) == []
    assert walked.news([LinkedDevice(TV, "refuses", "sp.auth.adobe.com")]) == [
        f"[!] 3  {TV} refuses the certificate for sp.auth.adobe.com: do step 3 (Trust the certificate)"
    ]
    assert walked.news([LinkedDevice(TV, "refuses", "sp.auth.adobe.com")]) == []
    assert walked.news([LinkedDevice(TV, "trusts")]) == [f"[x] 3  {TV} trusts the certificate"]
    assert not walked.finished
    assert walked.news([LinkedDevice(TV, "api")]) == [f"[x] 4  {TV} called the API: all set"]
    assert walked.finished
    assert walked.fetched(TV) == []


@pytest.mark.parametrize(("link", "ticks"), [("seen", 1), ("refuses", 1), ("trusts", 2), ("api", 3)])
def test_what_is_further_on_ticks_off_what_lies_before_it(link: Link, ticks: int) -> None:
    lines = guide().news([LinkedDevice(TV, link)])
    assert [line[:5] for line in lines].count("[x] 2") == 1
    assert sum(line.startswith("[x]") for line in lines) == ticks


def test_only_devices_that_are_new_or_fetched_the_profile_count() -> None:
    old, tv, new = LinkedDevice("192.168.1.7", "api"), LinkedDevice(TV, "trusts"), LinkedDevice("192.168.1.51", "seen")
    assert candidates([old, tv, new], {"192.168.1.7", TV}, TV) == [tv, new]
    assert candidates([old, tv], {"192.168.1.7", TV}, None) == []


def test_names_from_elsewhere_cannot_steer_the_terminal() -> None:
    (_, refusal) = guide().news([LinkedDevice(TV, "refuses", "a\x1b[2J.example")])
    assert "\x1b" not in refusal
    assert "\x1b" not in "\n".join(Guide("iphone", URL, "a\x9b2J", *PROXY).overview())
