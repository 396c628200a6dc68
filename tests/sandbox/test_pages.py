"""The page for yes or no: nothing from elsewhere, nothing unescaped, buttons that only this page can press."""

import random
import re

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.sandbox.pages import Pressed, address, back, is_own, page, pressed
from passlens.sandbox.session import SessionStore, VirtualSession
from sandbox.asking import SP, exchange

PATH = f"/api/v2/authenticate/{SP}/AAAAAAA"


def session(**values: str | None) -> VirtualSession:
    made = SessionStore().open(SP, "d", now=forge.CLOCK, rng=random.Random(1))
    made.take({"mvpd": "MeridianFiber", "redirectUrl": forge.REDIRECT_URL} | values)
    return made


def test_the_page_is_self_contained_and_escaped() -> None:
    made = page(session(mvpd="<script>alert(1)</script>"), PATH + '"><script>')
    text = made.body.decode()
    assert "<script" not in text
    assert "http" not in text.replace(f'action="{PATH}', "").replace("method=", "")
    assert text.count("<form ") == text.count('method="post"') == 2
    assert dict(made.headers)["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("method", "target", "body", "found"),
    [
        ("GET", PATH, b"", None),
        ("GET", PATH + "?answer=yes&token=t", b"", Pressed("yes", "t")),
        ("GET", PATH + "?answer=maybe&token=t", b"", None),
        ("POST", PATH, b"answer=no&token=t", Pressed("no", "t")),
        ("POST", PATH, b"answer=yes", Pressed("yes", "")),
        ("POST", PATH + "?answer=yes&token=t", b"", None),
    ],
)
def test_which_button_was_pressed(method: str, target: str, body: bytes, found: Pressed | None) -> None:
    assert pressed(Decoded(exchange(method, target, (), body))) == found


def test_only_the_own_secret_counts() -> None:
    one = session()
    assert is_own(Pressed("yes", one.press), one)
    for secret in ("", "x", one.press[:-1], one.press.upper() + "x", "\udcff"):
        assert not is_own(Pressed("yes", secret), one)


def test_back_to_the_app() -> None:
    assert back(session()).headers[0] == ("Location", forge.REDIRECT_URL)


@pytest.mark.parametrize("address", [None, "javascript:alert(1)", "nowhere"])
def test_back_without_an_address_to_go_to(address: str | None) -> None:
    made = back(session(redirectUrl=address))
    assert made.status == 200
    assert b"not signed in" in made.body
    assert "Location" not in dict(made.headers)


def test_the_address_of_the_page_is_known_once_somebody_can_sign_in_there() -> None:
    made = session(domainName="demotv.example")
    assert made.code is not None
    assert address(made) == f"https://sp.auth.adobe.com/api/v2/authenticate/{SP}/{made.code}"
    made.host = "sandbox.example"
    assert str(address(made)).startswith("https://sandbox.example/api/v2/")
    for change in ({"state": "authenticated"}, {"code": None}, {"mvpd": None}):
        other = session(domainName="demotv.example")
        vars(other).update(change)
        assert address(other) is None


def test_the_page_goes_with_a_dark_screen() -> None:
    text = page(session(), PATH).body.decode()
    assert "color-scheme:light dark" in text
    # Colours of its own for text or ground would fight the browser's.
    assert not re.search(r"(?<![-\w])(?:color|background(?:-color)?):", text)
