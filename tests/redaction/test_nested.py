"""What stands inside a secret, and how else it may be spelt. That all of it is found is tested with the secrets."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forge
from passlens.redaction.nested import LEVELS, MORE, PREFIX, inside, inside_all, spellings, strings


def test_a_token_holds_its_claims_but_those_that_are_public() -> None:
    found = set(inside(forge.jws({"sub": "planted-subject", "iss": "auth.example", "n": 12})))
    assert {"planted-subject", "12"} <= found
    assert "auth.example" not in found


def test_base64_holds_its_text_and_what_is_in_that() -> None:
    found = list(inside(forge.b64("<NameID>planted-name</NameID>")))
    assert "planted-name" in found
    assert "<NameID>planted-name</NameID>" in found
    assert "planted" in list(inside_all([forge.b64('{"a": "planted"}'), "short"]))


@pytest.mark.parametrize("text", ["planted<!-- x -->-name", "<![CDATA[planted-name]]>", "planted-<![CDATA[name]]>"])
def test_a_comment_parts_no_value(text: str) -> None:
    assert "planted-name" in inside(forge.b64(f"<NameID>{text}</NameID>"))


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


@pytest.mark.parametrize(("size", "known"), [(64, True), (65, False)])
def test_bytes_of_a_secret_are_told_in_hexadecimal_digits_up_to_sixty_four(size: int, known: bool) -> None:
    assert (("78" * size) in list(inside(forge.b64("x" * size)))) == known


@pytest.mark.parametrize(("size", "spelt"), [(127, 127), (128, 128), (129, 128)])
def test_a_secret_is_spelt_by_its_first_128_characters(size: int, spelt: int) -> None:
    assert spellings("x" * size)[0] == "x" * spelt


@pytest.mark.parametrize(("levels", "found"), [(9, True), (10, False)])
def test_nine_levels_of_a_value_are_looked_into(levels: int, found: bool) -> None:
    value: object = "planted"
    for _ in range(levels):
        value = [value]
    assert list(strings(value)) == (["planted"] if found else [MORE])


@pytest.mark.parametrize(("size", "found"), [(5, False), (6, True)])
def test_a_secret_of_six_characters_is_looked_into(size: int, found: bool) -> None:
    assert (list(inside('{"":1}' if size == 6 else '{"":1')) == ["1"]) == found


@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "abcd"])
@pytest.mark.parametrize("after", ["", "z", "zy"])
def test_a_secret_is_spelt_inside_longer_base64_at_every_offset(before: str, after: str) -> None:
    secret = "planted?>secret~77"
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        run = encode(f"{before}{secret}{after}".encode()).decode()
        assert any(spelling in run and len(spelling) >= 20 for spelling in spellings(secret))


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def as_json(text: str) -> str:
    return json.dumps({"uid": text})


VALUE = "inner-Value/77-qrs"
NESTED = {
    "Base64, twice": encoded(encoded(VALUE)),
    "Base64, four times": encoded(encoded(encoded(encoded(VALUE)))),
    "JSON": as_json(VALUE),
    "JSON in JSON": as_json(as_json(VALUE)),
    "Base64 in JSON in Base64": encoded(as_json(encoded(VALUE))),
    "Base64 in a token": forge.jws({"uid": encoded(VALUE)}),
    "JSON in Base64 in a token": forge.jws({"uid": encoded(as_json(VALUE))}),
    "a token in a token": forge.jws({"uid": forge.jws({"uid": VALUE})}),
    "a token in a token in Base64": encoded(forge.jws({"uid": forge.jws({"uid": VALUE})})),
    "Base64 in SAML": encoded(f"<R><AttributeValue>{encoded(VALUE)}</AttributeValue></R>"),
    "name and password": encoded(f"user:{VALUE}"),
}


@pytest.mark.parametrize("name", NESTED)
def test_what_is_nested_is_found_through_four_encodings(name: str) -> None:
    assert VALUE in set(inside(NESTED[name]))


def test_a_fifth_is_not_looked_through() -> None:
    value = VALUE
    for _ in range(LEVELS + 1):
        value = encoded(value)
    assert VALUE not in set(inside(value))
