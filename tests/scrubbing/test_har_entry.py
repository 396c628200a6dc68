"""Entries keep their dialect, and lose their secrets and what nobody knows."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings

from passlens.exchange import MAX_BODY
from passlens.reading.har import Unreadable, from_entry
from passlens.scrubbing.account import Account
from passlens.scrubbing.har_entry import scrub
from passlens.scrubbing.values import Scrubber
from reading.test_har import ANYTHING, ENTRIES, make

TOKEN = "plantedOpaqueToken0123456789"


def one(entry: Any, other: str = "drop") -> tuple[Any, Account]:
    account = Account()
    return scrub(entry, Scrubber(b"tests"), other, account, 0), account


@pytest.mark.parametrize(
    "headers",
    [
        [{"name": "Authorization", "value": f"Bearer {TOKEN}"}],
        [["Authorization", f"Bearer {TOKEN}"]],
        {"Authorization": f"Bearer {TOKEN}"},
    ],
)
def test_headers_stay_in_their_dialect(headers: Any) -> None:
    made, _ = one(make({"headers": headers}))
    assert type(made["request"]["headers"]) is type(headers)
    ((name, value),) = from_entry(made).request.headers
    assert name == "Authorization"
    assert value.startswith("Bearer ")
    assert TOKEN not in json.dumps(made)


def test_bodies_cookies_queries_and_unknown_members() -> None:
    body = json.dumps({"access_token": TOKEN}).encode()
    entry = make(
        {
            "url": f"https://sp.auth.adobe.com/api/v2/REF30/sessions?x={TOKEN}",
            "queryString": [{"name": "x", "value": TOKEN}, {"name": TOKEN, "value": ""}],
            "cookies": [{"name": "a", "value": TOKEN}],
            "postData": {"mimeType": "x", "params": [{"name": "device_id", "value": TOKEN}]},
        },
        {
            "status": 200,
            "headers": [],
            "content": {"text": base64.b64encode(body).decode(), "encoding": "base64", "size": len(body)},
        },
        serverIPAddress="203.0.113.7",
        _initiator={"stack": TOKEN},
        comment=f"about {TOKEN}@mail.example",
    )
    made, account = one(entry)
    assert TOKEN not in json.dumps(made)
    assert made["serverIPAddress"].startswith("192.0.2.")
    assert account.left_out["members of entries that HAR does not have"] == 1
    after = from_entry(made)
    assert after.answer is not None
    assert after.answer.json is not None
    assert len(after.answer.json.value["access_token"]) == len(TOKEN)


@pytest.mark.parametrize(
    "content",
    [{"text": "%%%", "encoding": "base64"}, {"text": "x" * (MAX_BODY + 1)}, {"text": None, "size": 5}, {"size": 5}],
)
def test_what_cannot_be_read_leaves_the_same_gap(content: Any) -> None:
    entry = make(None, {"status": 200, "headers": [], "content": content})
    made, account = one(entry)
    before, after = from_entry(entry).answer, from_entry(made).answer
    assert before is not None
    assert after is not None
    assert before.gap is not None
    assert after.gap is not None
    assert before.gap.kind == after.gap.kind
    assert account.unread or "text" not in content


def test_other_traffic_and_unreadable_entries() -> None:
    entry = make({"url": f"https://a.example/{TOKEN}/x?y={TOKEN}"})
    for how in ("drop", "keep-scrubbed"):
        made, account = one(entry, how)
        assert account.other == 1
        assert made["request"]["url"].startswith("https://a.example/")
    assert TOKEN not in json.dumps(one(entry)[0])
    assert one(entry)[0]["request"]["headers"] == []
    made, account = one({"request": 5})
    assert made is None
    assert account.troubles


@settings(max_examples=60)
@given(ENTRIES | ANYTHING)
def test_any_entry_is_taken_and_stays_readable_if_it_was(entry: Any) -> None:
    made, _ = one(entry)
    json.dumps(made)
    try:
        from_entry(entry)
    except Unreadable:
        assert made is None
    else:
        from_entry(made)
