"""A header value taken apart and put together again is the one that came."""

import base64
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forge
from passlens.errors import EditError
from passlens.scenarios.header_edit import put_together, take_apart

TEXT = '{"osName": "tvOS", "model": "Apple TV \u2122\u2122 >>>???"}'
PLAIN = forge.b64(TEXT)
WRAPPED = "\r\n ".join(PLAIN[at : at + 20] for at in range(0, len(PLAIN), 20))

FORMS = [
    PLAIN,
    forge.b64(TEXT, url_safe=True),
    forge.b64(TEXT, padding=False),
    forge.b64(TEXT, url_safe=True, padding=False),
    f'"{PLAIN}"',
    f"  '{PLAIN}' ",
    quote(PLAIN, safe=""),
    quote(PLAIN, safe="").replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d"),
    PLAIN.replace("=", "%3D"),
    WRAPPED,
    PLAIN + "==",
    PLAIN.rstrip("=") + "==\u0020"[:2],
    TEXT,
    f" {TEXT}",
    forge.b64("\ufeff" + TEXT),
]


@pytest.mark.parametrize("raw", FORMS)
def test_there_and_back(raw: str) -> None:
    text, form = take_apart(raw)
    assert text == TEXT
    assert put_together(text, form) == raw


@pytest.mark.parametrize("raw", ["", "%%%", forge.b64("{broken"), forge.b64("[1]"), forge.broken_device_info()])
def test_without_an_object_it_says_so(raw: str) -> None:
    with pytest.raises(EditError, match="holds no JSON object"):
        take_apart(raw)


def test_bytes_that_are_not_utf8() -> None:
    with pytest.raises(EditError, match="not UTF-8"):
        take_apart(base64.b64encode(b'{"a":"\xff"}').decode())


@given(st.text(max_size=40).map(lambda text: forge.json_text({"a": text})), st.booleans(), st.booleans(), st.booleans())
def test_any_text_in_any_form(text: str, url_safe: bool, padding: bool, quoted: bool) -> None:
    raw = forge.b64(text, url_safe=url_safe, padding=padding)
    raw = f'"{raw}"' if quoted else raw
    read, form = take_apart(raw)
    assert (read, put_together(read, form)) == (text, raw)


@given(st.text(max_size=200))
def test_arbitrary_values(raw: str) -> None:
    try:
        text, form = take_apart(raw)
    except EditError:
        return
    assert take_apart(put_together(text, form))[0] == text
