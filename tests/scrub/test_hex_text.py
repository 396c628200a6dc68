"""Hexadecimal digits over text come back as such, in their letter case."""

import pytest

from passlens.scrub.hex_text import rewrite, whole

DIGITS = b"no words".hex()


@pytest.mark.parametrize("digits", [DIGITS, DIGITS.upper(), "äöüß".encode().hex(), "\ufeffa word".encode().hex()])
def test_what_they_stand_for_is_changed(digits: str) -> None:
    made = bytes.fromhex(digits).decode()[::-1].encode().hex()
    made = made.upper() if digits.isupper() else made
    assert whole(digits, lambda text: text[::-1]) == made
    assert rewrite(f'"{digits}", {digits}.', lambda text: text[::-1]) == f'"{made}", {made}.'


@pytest.mark.parametrize(
    "text",
    [
        DIGITS[:-2],  # seven bytes
        DIGITS[:-1],
        DIGITS[:-1] + "B",  # two letter cases
        f"{DIGITS}x",
        f"x{DIGITS}",
        bytes(range(200, 216)).hex(),  # no text
        b"\x00a viewer".hex(),
        "",
    ],
)
def test_others_stay(text: str) -> None:
    assert whole(text, lambda _: "planted") is None
    assert rewrite(text, lambda _: "planted") == text
