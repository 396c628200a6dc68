"""The normal form, the way back from it, and the search for many texts at once."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz.limits import within
from passlens.redaction.normalize import _BLOCK, SHORTEST, Needles, normalize, positions

SECRET = "Planted-Sëcret/42"


def escaped(text: str, times: int) -> str:
    for _ in range(times):
        text = "".join(f"%{byte:02x}" for byte in text.encode())
    return text


SPELT = [
    SECRET, SECRET.upper(), quote(SECRET), escaped(SECRET, 1), escaped(SECRET, 2), escaped(SECRET, 3),
    quote(quote(SECRET, safe=""), safe=""), "\u200b".join(SECRET), "Planted\u00ad-Se\u0308cret/42",
    "\uff30\uff2c\uff41nted-Sëcret/42", "%50lanted-S%C3%ABcret%2f42", "\ufeff" + SECRET, "%E2%80%8B".join(SECRET),
]  # fmt: skip


@pytest.mark.parametrize("spelt", SPELT)
def test_one_normal_form_and_the_way_back(spelt: str) -> None:
    text = f"x 100% {spelt} y"
    normal, place = normalize(text), positions(text)
    at = normal.index(normalize(SECRET))
    found = text[place(at) : place(at + len(normalize(SECRET)))]
    assert found.lstrip("\ufeff") == spelt.lstrip("\ufeff")


def test_a_fourth_escape_stays() -> None:
    assert normalize(escaped("p", 3)) == "p"
    assert normalize(escaped("p", 4)) == "%70"


@given(st.text(alphabet=st.characters(codec=None) | st.sampled_from("%%%2570aé\u200b")))
def test_every_character_has_its_place(text: str) -> None:
    normal, place = normalize(text), positions(text)
    places = [place(at) for at in range(len(normal) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(text)


def test_needles_are_found_at_every_place() -> None:
    needles = Needles(["secret", "secret-long", "othersecret", "short"])
    assert "short" not in needles
    assert len("secret") == SHORTEST
    for before in range(9):
        for after in range(4):
            text = "." * before + "secret-lon" + "." * after
            assert list(needles.longest(text)) == [(before, "secret")]
            assert list(needles.longest(text.replace("c", "k"))) == []
    assert list(needles.longest("othersecret-long")) == [(0, "othersecret"), (5, "secret-long")]


@pytest.mark.parametrize("needle", ["secret", "sécret", "séçrèt-"])
def test_needles_are_found_across_blocks(needle: str) -> None:
    needles = Needles([needle])
    for before in range(2 * _BLOCK - 12, 2 * _BLOCK + 6):
        assert list(needles.longest("." * before + needle)) == [(before, needle)]


@pytest.mark.parametrize(
    "text", ["%25" * 40_000, "%" * 120_000, "\u200b" * 120_000, "a%41" * 30_000, "secret" * 20_000]
)
def test_it_takes_time_that_grows_with_the_text(text: str) -> None:
    needles = Needles(["secret", *(f"secret{n}" for n in range(2000))])
    within(1, lambda: (list(needles.longest(normalize(text))), positions(text)))
