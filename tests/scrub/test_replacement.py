"""Stand-ins have the form of what they stand for, follow from the key alone, and differ from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passlens.scrub.replacement import EMAIL, ESCAPED_EMAIL, ReplacementMaker, _like
from passlens.util.address import is_ip_address

MAKE = ReplacementMaker(b"tests")


def kind(sign: str) -> str:
    return "0" if sign.isdigit() else "A" if sign.isupper() else "a" if sign.isalpha() else sign


@pytest.mark.parametrize("text", ["Token-12_ab==", "83154900017205530021", "living room", "Zm9v/+A=", "Grüße", "日本"])
def test_a_word_keeps_its_form(text: str) -> None:
    made = MAKE.word(text)
    assert made != text
    assert len(made.encode()) == len(text.encode())
    if text.isascii():
        assert list(map(kind, made)) == list(map(kind, text))


@pytest.mark.parametrize(
    ("sign", "last", "first_again"),
    [("q", (25, "z"), (26, "a")), ("Q", (25, "Z"), (26, "A")), ("5", (9, "9"), (10, "0")), ("-", (1, "-"), (2, "-"))],
)
def test_every_letter_and_digit_can_stand_in(sign: str, last: tuple[int, str], first_again: tuple[int, str]) -> None:
    for number, made in (last, first_again):
        assert _like(sign, number) == made


@pytest.mark.parametrize(("sign", "size"), [("ü", 2), ("߿", 2), ("ࠀ", 3), ("日", 3), ("𐀀", 4)])
def test_a_letter_gives_way_to_one_of_as_many_bytes(sign: str, size: int) -> None:
    for number in range(30):
        assert len(_like(sign, number).encode()) == len(sign.encode()) == size


@pytest.mark.parametrize(
    "text", ["hls.js@1.5.0", "core@16.8", "app@1.2.3-rc", "core@2.0.0-beta.1", "a@1.2.3.", "a@1.2.3/b.js"]
)
def test_a_package_with_its_version_is_no_email(text: str) -> None:
    assert EMAIL.search(f'"{text}"') is None
    assert ESCAPED_EMAIL.search(f'"{text.replace("@", "%40")}"') is None


@pytest.mark.parametrize(
    "text",
    [
        "viewer@163.com",
        "viewer@126.163.com",
        "viewer@1.2.3.com",
        "viewer@1.2.3.example.com",
        "viewer@1.2.3-rc.example",
        "viewer@1.2.3-rc.1.example",
        "viewer@1.2.3x.example",
        "viewer@1.2.3_x",
        "viewer@1.2.3%2ecom",
        "viewer@10.1.2.3",
        "viewer@1.2.3.4.5.6.7.example",
        "viewer@mail.2",
        "viewer@demotv.xn--p1ai",
        "viewer@1234567890.12",
    ],
)
def test_what_only_begins_like_a_version_is_an_email(text: str) -> None:
    assert EMAIL.match(text) is not None
    assert ESCAPED_EMAIL.match(text.replace("@", "%40")) is not None


@pytest.mark.parametrize(
    ("text", "start"), [("temppass_6f2a", "temppass_"), ("95cf93bcd183214a0c", "95cf93bcd183214a")]
)
def test_a_user_id_keeps_the_start_that_tells_its_type(text: str, start: str) -> None:
    made = MAKE.word(text)
    assert made.startswith(start)
    assert made != text
    assert not MAKE.word(f"x{text}").startswith(f"x{start}")


def test_a_uuid_stays_one() -> None:
    made = MAKE.word("0f8fad5b-d9cb-469f-a165-70867728950e")
    assert [len(part) for part in made.split("-")] == [8, 4, 4, 4, 12]
    assert (made[14], made[19]) == ("4", "a")
    assert MAKE.word("0F8FAD5B-D9CB-469F-A165-70867728950E") == made.upper()


def test_hexadecimal_digits_stay_such() -> None:
    assert int(MAKE.word("deadbeefdeadbeef00"), 16) != 0xDEADBEEFDEADBEEF00


def test_one_value_has_one_stand_in_however_it_is_written() -> None:
    assert MAKE.word("PLANTED-x1") == MAKE.word("planted-X1").upper().replace("X", "x") or (
        MAKE.word("PLANTED-x1").lower() == MAKE.word("planted-X1").lower()
    )
    assert MAKE.word("ab+/cdef==")[:8].replace("+", "-").replace("/", "_") == MAKE.word("ab-_cdef")
    assert ReplacementMaker(b"other").word("planted-x1") != MAKE.word("planted-x1")


@pytest.mark.parametrize("text", ["", "....", "${degradedMvpd}", "  "])
def test_a_placeholder_stays(text: str) -> None:
    assert MAKE.word(text) == text


def test_an_email_is_one_at_example_com() -> None:
    for text in ("planted.viewer@mail.example", "a@b.co"):
        made = MAKE.email(text)
        assert EMAIL.fullmatch(made)
        assert made.endswith("@example.com")
    assert len(MAKE.email("planted.viewer@mail.example")) == len("planted.viewer@mail.example")


def test_an_address_is_one_for_documentation() -> None:
    assert MAKE.address("203.0.113.99").startswith("192.0.2.")
    assert MAKE.address("::1").startswith("2001:db8::")
    assert MAKE.address("2001:DB8:0::7") == MAKE.address("2001:db8::7")
    assert is_ip_address(MAKE.address("fe80::1"))


@given(st.text(max_size=30))
def test_any_text_has_a_stand_in_of_its_length(text: str) -> None:
    assert len(MAKE.word(text)) == len(text)
    assert MAKE.word(text) == MAKE.word(text)
