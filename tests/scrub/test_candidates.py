"""The quick look says no only where the plain way changes nothing."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forge
from fuzz.limits import within
from passlens.scrub import bodies, candidates
from passlens.scrub.values import Scrubber

UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
TELLING = [
    "viewer@demotv.example",
    "viewer%40demotv.example",
    "203.0.113.9",
    "2a02:1234::9",
    "2a02%3A1234%3A%3A9",
    "the token 8f14e45fceea is unknown",
    "http://jane:abcdefgh@proxy/",
    "2a02:1:2:3:4:5:6:7",
    forge.jws({"sub": UUID}),
    "?token=abcdefgh",
    "&token=abcdefgh",
    "#token=abcdefgh",
    forge.b64("viewer@demotv.example"),
    forge.b64("viewer@demotv.example").rstrip("="),
    b"viewer@demotv.example".hex(),
    b"viewer@demotv.example".hex().upper(),
    "aaa/" + forge.b64("viewer@demotv.example"),
    '<input type="hidden" name="SAMLResponse" value="abcdefgh">',
    "<saml:NameID>abcdefgh</saml:NameID>",
]
FILLING = (
    "word",
    "function(a,b){return a.b}",
    "net/w300/1ef53e45",
    "12:30:45",
    "1.5",
    "\n",
    '"',
    ";",
    "é",
    "=",
    "@",
    "/",
)


def free(text: str, *, plainly: bool) -> str:
    """What becomes of a text, with or without the quick look."""
    with pytest.MonkeyPatch.context() as patch:
        if plainly:
            for name in ("has_email", "has_address", "has_token", "has_query", "has_encoded", "has_markup"):
                patch.setattr(candidates, name, lambda _: True)
        return Scrubber(b"tests").free(text)


@pytest.mark.parametrize("text", TELLING)
def test_nothing_is_missed_wherever_it_stands(text: str) -> None:
    for before, after in (("", ""), ("a word ", " and more"), ('"', '"'), ("x" * 3000 + '"', '"' + "y" * 3000)):
        whole = before + text + after
        assert candidates.may_matter(whole) or candidates.has_markup(whole)
        made = free(whole, plainly=False)
        assert made != whole
        assert made == free(whole, plainly=True)


@given(st.lists(st.one_of(st.sampled_from([*TELLING, *FILLING]), st.text(max_size=20)), max_size=40))
def test_the_quick_way_is_the_plain_way(parts: list[str]) -> None:
    text = " ".join(parts)
    assert free(text, plainly=False) == free(text, plainly=True)


def test_long_texts_go_in_pieces_that_make_the_whole() -> None:
    random = Random(3)
    text = "".join(random.choice(FILLING) for _ in range(5000))
    pieces = list(candidates.chunks(text))
    assert len(pieces) > 3
    assert "".join(pieces) == text
    assert list(candidates.chunks("x" * 10_000)) == ["x" * 10_000]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ('{"title": "a\\nword", "image": "https:\\/\\/a.example\\/b"}', True),
        ('{"title": "a\\u0040b.example"}', False),
        ('{"userId": 1}', False),
        ('{"title": "{\\"userId\\": 1}"}', False),
        ('{"title": "\\n [ {\\n\\"userId\\": 1}]"}', False),
        ('{"title": "[1, {\\"userId\\": 1}]"}', False),
        ('{"title": "[null, {\\"userId\\": 1}]"}', False),
        ('{"title": "{word}", "a": ["[b]", {"c": "{}"}]}', True),
        ('{"attributes": {}}', False),
        ('{"title": "viewer@demotv.example"}', False),
        ("[" * candidates.MAX_NESTING + "]" * candidates.MAX_NESTING, True),
        ("[" * (candidates.MAX_NESTING + 1) + "]" * (candidates.MAX_NESTING + 1), False),
    ],
)
def test_json_without_anything_of_interest(text: str, plain: bool) -> None:
    assert candidates.is_plain_json(text) is plain


def test_a_body_of_no_interest_is_swept_all_the_same() -> None:
    one = Scrubber(b"tests")
    for body in ("word " * 1000 + UUID, '{"a": "' + "word " * 1000 + UUID + '"}'):
        assert bodies.text(one, body, "") == body
    made = one.secret(UUID)
    one.replacements.close()
    for body in ("word " * 1000 + UUID, '{"a": "' + "word " * 1000 + UUID + '"}'):
        assert bodies.text(one, body, "") == body.replace(UUID, made)


def test_an_image_is_looked_through_for_what_people_could_read() -> None:
    noise = bytes(range(128, 256)) * 100
    assert candidates.texts_in(noise + b" secret word ") == " secret word "
    assert candidates.texts_in(b"all of it is text \xff") is None
    one = Scrubber(b"tests")
    made = one.secret(UUID)
    one.replacements.close()
    assert bodies.content(one, noise, "", "image/png") == (noise, None)
    raw = noise + UUID.encode() + noise
    assert bodies.content(one, raw, "", "image/png") == (noise + made.encode() + noise, None)


@pytest.mark.parametrize("part", ["ey", "ew-", "?a", "a@", "1.", "ab:", "<input ", "%2B", "{"])
def test_a_long_text_is_looked_at_in_no_time(part: str) -> None:
    text = part * (200_000 // len(part))
    within(0.5, lambda: candidates.is_plain_text(text))


@pytest.mark.parametrize("before", ["", " ", "%2F", "%2f", ".", "="])
def test_a_token_is_seen_where_one_may_begin(before: str) -> None:
    assert candidates.has_token(before + forge.jws({"sub": UUID}))
