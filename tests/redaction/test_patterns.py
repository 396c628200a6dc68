"""What looks like a secret goes whoever it belongs to, and what is encoded is searched as well."""

import base64

import pytest

from passlens.redaction.patterns import decode_run, hide_patterns, searched
from passlens.redaction.pseudonym import pseudonym

TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJwbGFudGVkIn0.c2ln"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"sent {TOKEN} twice", f"sent {pseudonym(TOKEN)} twice"),
        ("from someone@example.com", f"from {pseudonym('someone@example.com')}"),
        ("no route to http://jane:planted@proxy:80/", f"no route to http://{pseudonym('jane:planted')}@proxy:80/"),
        ("https://jane:planted@demotv.example/a", f"https://{pseudonym('jane:planted')}@demotv.example/a"),
        ("from 198.51.100.7 today", f"from {pseudonym('198.51.100.7')} today"),
        ("/a?code=planted&b=", f"/a?code={pseudonym('planted')}&b="),
        ("/a?code=sha256:0123456789ab", "/a?code=sha256:0123456789ab"),
        ("8ER640M", "8ER640M"),
        ("a session, and nothing else", "a session, and nothing else"),
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str, shown: str) -> None:
    assert hide_patterns(text) == shown


def test_an_address_is_shown_as_the_caller_wants() -> None:
    assert hide_patterns("from 198.51.100.7", lambda found: f"<{found}>") == "from <198.51.100.7>"


def test_what_is_encoded_in_what_is_encoded_is_searched() -> None:
    inner = base64.b64encode(b"Planted secret").decode()
    outer = base64.b64encode(f"it says {inner}".encode()).decode()
    assert "planted secret" in searched(f"see {outer}")
    assert "planted secret" not in searched(f"see {outer}", "see")


@pytest.mark.parametrize(("levels", "read"), [(4, True), (5, False)])
def test_four_encodings_over_each_other_are_searched(levels: int, read: bool) -> None:
    text = "Planted secret"
    for _ in range(levels):
        text = base64.b64encode(text.encode()).decode()
    assert ("Planted secret" in decode_run(text)) is read


@pytest.mark.parametrize("run", ["QQ", "QUJD", "QUJ", "QUJDR", "-_-_"])
def test_any_run_is_taken(run: str) -> None:
    assert isinstance(decode_run(run), str)
