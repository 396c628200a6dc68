"""One spelling for each address."""

import pytest

from passlens.util.address import plain_address


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("192.168.1.50", "192.168.1.50"),
        ("::ffff:192.168.1.50", "192.168.1.50"),
        ("::FFFF:C0A8:132", "192.168.1.50"),
        ("2001:db8::0:1", "2001:db8::1"),
        ("FE80::1%en0", "fe80::1"),
        ("tv.local", "tv.local"),
        ("", ""),
        ("1.2.3.4.5%x", "1.2.3.4.5%x"),
    ],
)
def test_spellings(given: str, plain: str) -> None:
    assert plain_address(given) == plain
