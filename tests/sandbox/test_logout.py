"""Logout: what is left to do, by the kind of profile that was held."""

import random
from urllib.parse import parse_qsl, urlsplit

import pytest

from passlens.rest_v2.logouts import BY_ID
from passlens.sandbox.logout import ROWS, entry, sign_out_of, sign_out_url
from passlens.sandbox.profile_store import PROFILE_MS, ProfileKind
from passlens.sandbox.session import SessionStore

URL = sign_out_url("sp.auth.adobe.com", "SP", "A", "id-1", "https://demotv.example/bye?a=b&c")


@pytest.mark.parametrize(
    ("row", "url", "left"),
    [
        ("L1", URL, {"actionName": "logout", "actionType": "interactive", "mvpd": "A", "url": URL}),
        ("L1", None, {"actionName": "complete", "actionType": "none", "mvpd": "A"}),
        ("L2", URL, {"actionName": "partner_logout", "actionType": "partner_interactive", "mvpd": "A"}),
        ("L3", URL, {"actionName": "complete", "actionType": "none", "mvpd": "A"}),
        ("L4", URL, {"actionName": "invalid", "actionType": "none", "mvpd": "A"}),
    ],
)
def test_what_is_left_to_do(row: str, url: str | None, left: dict[str, str]) -> None:
    assert entry(row, "A", url) == left


def test_every_kind_of_profile_has_a_row() -> None:
    assert set(ROWS) == set(PROFILE_MS)
    assert set(ROWS.values()) <= set(BY_ID)


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        ("regular", "logout"), ("platformSSO", "logout"), ("serviceTokenSSO", "logout"), ("appleSSO", "partner_logout"),
        ("degraded", "complete"), ("temporary", "complete"), ("promotional", "complete"),
    ],
)  # fmt: skip
def test_the_kind_of_profile_tells_what_is_left(kind: ProfileKind, action: str) -> None:
    assert entry(ROWS[kind], "A", URL)["actionName"] == action


def test_the_address_of_a_sign_out() -> None:
    url = urlsplit(URL)
    assert (url.scheme, url.netloc, url.path) == ("https", "sp.auth.adobe.com", "/adobe-services/logout")
    assert dict(parse_qsl(url.query)) == {
        "noflash": "true", "mso_id": "A", "requestor_id": "SP", "pt_device_id": "id-1",
        "redirect_url": "https://demotv.example/bye?a=b&c",
    }  # fmt: skip
    assert sign_out_of(f"{url.path}?{url.query}") == "id-1"
    assert sign_out_of(f"{url.path}?x=y") is None
    assert sign_out_of(f"/other?{url.query}") is None


def test_addresses_of_sign_outs_are_bounded() -> None:
    sessions, rng = SessionStore(limit=2), random.Random(1)
    ids = [sessions.send_out(f"https://{name}.example/", rng) for name in "abc"]
    assert [sessions.sent_out(made) for made in ids] == [None, "https://b.example/", "https://c.example/"]
    sessions.clear()
    assert sessions.sent_out(ids[2]) is None
