"""What stands inside a secret, and how else it may be spelt. That all of it is found is tested with the secrets."""

import base64

from hypothesis import given
from hypothesis import strategies as st

import forge
from passlens.unwrapping import PREFIX, inside, inside_all, spellings


def test_a_token_holds_its_claims_but_those_that_are_public() -> None:
    found = set(inside(forge.jws({"sub": "planted-subject", "iss": "auth.example", "n": 12})))
    assert found == {"planted-subject", "12"}


def test_base64_holds_its_text_and_what_is_in_that() -> None:
    found = list(inside(forge.b64("<NameID>planted-name</NameID>")))
    assert "planted-name" in found
    assert "<NameID>planted-name</NameID>" in found
    assert "planted" in list(inside_all([forge.b64('{"a": "planted"}'), "short"]))


def test_a_short_one_is_known_by_its_bytes_in_hexadecimal_digits() -> None:
    assert b"planted!".hex() in list(inside(forge.b64("planted!")))


def test_spellings_of_a_cut_secret_do_not_hang_on_where_it_was_cut() -> None:
    secret = "planted " * 40
    for spelling in spellings(secret)[-2:]:
        assert base64.b64encode(secret.encode()).decode().startswith(spelling)
        assert len(spelling) >= PREFIX


@given(st.text(max_size=200))
def test_any_text_can_be_looked_into_and_spelt(text: str) -> None:
    assert all(isinstance(part, str) for part in inside(text))
    assert spellings(text)[0] == text[: 2 * PREFIX]
