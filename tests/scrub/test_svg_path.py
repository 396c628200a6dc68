"""What is a path of a drawing stays, and what only looks like one is searched for addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz.limits import within
from passlens.redaction.addresses import replace_addresses
from passlens.scrub import bodies
from passlens.scrub.svg_path import is_path, outside
from passlens.scrub.values import Scrubber

PATHS = [
    "M4 1.5.2.3L.5.6z",
    "M12 2.1.5.3 4.5 6h1.1.2.3v3Z",
    "m7 14c-1.66 0-3 1.34-3 3 0 1.31-1.16 2-2 2 1.1.2.3 1.2.5 2",
    "M4 10.1.2.3a1 1 0 01.5.5",
    "M0,0 L10,10 Q1.1.2.3 4 T4 5 S1 2 3 4",
    "M1e3-2.5E-1H1.1.2.3",
    " M 1 2\n  V 1.1.2.3 ",
]
NO_PATHS = [
    "10.1.2.3",
    "M4 10.1.2.3",  # it moves and draws nothing
    "M4 10.1.2.3z",
    "M10.1.2.3H4",  # three numbers where it takes two, or four
    "h1.1.2.3M1 2",  # it does not begin with a move
    "M1 2H10.1.2.3L5",  # a line takes two numbers
    "M1 2C10.1.2.3",
    "M1 2a1 1 0 21.5.5h10.1.2.3",  # 2 is no flag
    "M1 2z5H10.1.2.3",
    "M1 2H",
    "Mac 10.1.2.3",
    "M1 2H10.1.2.3;",
    "",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_stays(path: str) -> None:
    assert is_path(path)
    assert replace_addresses(path, lambda _: "") != path
    for text, media_type in (
        (f'e("path",{{d:"{path}"}});x="198.51.100.7"', "application/javascript"),
        (f"<svg><path fill='none' d='{path}'/></svg><p>198.51.100.7", "text/html"),
        (f"<svg><path d='{path}'/></svg><text>198.51.100.7</text>", "image/svg+xml"),
        (f".a{{clip-path:path({path})}} /* 198.51.100.7 */", "text/css"),
        (f'a="{{\\"d\\":\\"{path}\\",\\"at\\":\\"198.51.100.7\\"}}"', "application/javascript"),
    ):
        made = bodies.text(Scrubber(b"tests"), text, media_type)
        assert path in made, text
        assert "198.51.100.7" not in made
        assert "192.0.2." in made
    assert Scrubber(b"tests").free(path) == path


@pytest.mark.parametrize("text", NO_PATHS)
def test_another_text_is_none(text: str) -> None:
    assert not is_path(text)
    made = bodies.text(Scrubber(b"tests"), f'e("path",{{d:"{text}"}})', "application/javascript")
    assert "10.1.2.3" not in made


@pytest.mark.parametrize("text", ["x M1 2H10.1.2.3", "d=M1 2H10.1.2.3 z", 'f("M1 2H10.1.2.3 from")'])
def test_a_part_of_a_string_is_none(text: str) -> None:
    assert "10.1.2.3" not in Scrubber(b"tests").free(text)


def test_an_address_that_is_known_is_replaced_in_a_path_as_well() -> None:
    scrubber = Scrubber(b"tests")
    made = scrubber.address("10.1.2.3")
    scrubber.replacements.close()
    assert scrubber.free('d="M1 2H10.1.2.3"') == f'd="M1 2H{made}"'


@given(st.lists(st.sampled_from([*PATHS, *NO_PATHS, '"', "'", "(", ")", "\\", "x", "\n"])))
def test_what_is_outside_and_what_is_a_path_make_the_whole(parts: list[str]) -> None:
    text = "".join(parts)
    assert outside(text, lambda rest: rest) == text


@pytest.mark.parametrize("piece", ['"M1 2', "M1 2L3 4", "'M", "1.1.1.1 ", "\t", "M1 2a1 1 0 0", '"M1 2H3"'])
def test_time_grows_with_the_text_alone(piece: str) -> None:
    text = '"' + piece * (400_000 // len(piece)) + "!"
    within(2, lambda: outside(text, lambda rest: rest))
