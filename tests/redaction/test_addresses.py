"""Addresses are found wherever they stand in a text, and nothing else is taken for one."""

import pytest

from passlens.redaction.addresses import is_private, replace_addresses


def hidden(text: str, **options: bool) -> str:
    return replace_addresses(text, lambda found: f"<{found}>", **options)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.1 81.2.69.142 (squid)", "1.1 <81.2.69.142> (squid)"),
        ("The request from 81.2.69.142 was refused", "The request from <81.2.69.142> was refused"),
        ("from 81.2.69.142.", "from <81.2.69.142>."),
        ("81.2.69.142:3128", "<81.2.69.142>:3128"),
        ("081.002.069.142", "<081.002.069.142>"),
        ('ak; desc="1700_81.2.69.142_x"', 'ak; desc="1700_<81.2.69.142>_x"'),
        ("client=81.2.69.142,10.0.0.7", "client=<81.2.69.142>,<10.0.0.7>"),
        ("client:81.2.69.142", "client:<81.2.69.142>"),
        ("a:b:81.2.69.142", "a:b:<81.2.69.142>"),
        ("ip81.2.69.142and", "ip<81.2.69.142>and"),
        ("a%2081.2.69.142%20b", "a%20<81.2.69.142>%20b"),
        ("for=[2a02:c7f::9]:4711", "for=[<2a02:c7f::9>]:4711"),
        ("from 2a02:c7f:1:2:3:4:5:6.", "from <2a02:c7f:1:2:3:4:5:6>."),
        ("::ffff:81.2.69.142", "<::ffff:81.2.69.142>"),
        ("fe80::1%en0", "<fe80::1>%en0"),
        ("x=2a02%3Ac7f%3A%3A9&y", "x=<2a02:c7f::9>&y"),
    ],
)
def test_an_address_in_a_text(text: str, expected: str) -> None:
    assert hidden(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "v1.2.3.4", "1.2.3", "1.2.3.4.5", "1.2.3.256", "tvOS 18.5", "03:04:05", "2026-01-02T03:04:05.678Z",
        "aa:bb:cc:dd:ee:ff", "std::string", "127.0.0.1", "::1", "0.0.0.0", "192.0.2.7", "2001:db8::1", "a :: b",
        "urn:uuid:1:2",
    ],
)  # fmt: skip
def test_what_is_none(text: str) -> None:
    assert hidden(text) == text


def test_versions_stay_where_versions_stand() -> None:
    agent = "Chrome/120.0.0.0 (81.2.69.142) version 12.0.0.1"
    assert hidden(agent, versions=True) == "Chrome/120.0.0.0 (<81.2.69.142>) version 12.0.0.1"
    assert hidden("12.0.0.1", versions=True) == "12.0.0.1"
    assert hidden("12.0.0.1") == "<12.0.0.1>"


@pytest.mark.parametrize(
    "text", ["10.1.2.3", "192.168.0.9", "172.31.0.1", "127.0.0.1", "fe80::1%en0", "::ffff:10.0.0.1"]
)
def test_private_addresses(text: str) -> None:
    assert is_private(text)


@pytest.mark.parametrize("text", ["172.32.0.1", "203.0.113.9", "2a02::1", "::ffff:8.8.8.8", "10.1.2", "tv"])
def test_addresses_that_are_not_private(text: str) -> None:
    assert not is_private(text)
