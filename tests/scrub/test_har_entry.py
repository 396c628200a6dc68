"""Entries keep their dialect, and lose their secrets and what nobody knows."""

import base64
import json
import zlib
from typing import Any

import pytest
from hypothesis import given, settings

from passlens.errors import RecordError
from passlens.exchange.model import MAX_BODY
from passlens.recordings.har_headers import header_pairs
from passlens.recordings.har_reader import from_entry
from passlens.scrub.har_entry import scrub
from passlens.scrub.summary import ScrubSummary
from passlens.scrub.values import Scrubber
from recordings.test_har_reader import ANYTHING, ENTRIES, make

TOKEN = "plantedOpaqueToken0123456789"


def one(entry: Any, other: str = "drop") -> tuple[Any, ScrubSummary]:
    summary = ScrubSummary()
    return scrub(entry, Scrubber(b"tests"), other, summary, 0), summary


@pytest.mark.parametrize(
    "headers",
    [
        [{"name": "Authorization", "value": f"Bearer {TOKEN}"}],
        [["Authorization", f"Bearer {TOKEN}"]],
        {"Authorization": f"Bearer {TOKEN}"},
    ],
)
def test_headers_in_every_dialect_become_those_of_har(headers: Any) -> None:
    made, _ = one(make({"headers": headers}))
    assert set(made["request"]["headers"][0]) == {"name", "value"}
    ((name, value),) = header_pairs(made["request"]["headers"])
    assert name == "Authorization"
    assert value.startswith("Bearer ")
    assert TOKEN not in json.dumps(made)


@pytest.mark.parametrize(
    "headers",
    [
        [{"name": ":authority", "value": "a.example"}, {"name": "Accept", "value": "x"}],
        [[":authority", "a.example"], ["Accept", "x"]],
        {":authority": "a.example", "Accept": "x"},
    ],
)
def test_pseudo_headers_go(headers: Any) -> None:
    made, _ = one(make({"headers": headers}))
    assert ":authority" not in json.dumps(made)
    assert [name for name, _ in header_pairs(made["request"]["headers"])] == ["Accept"]


def test_headers_of_no_answer_may_be_anything() -> None:
    made, _ = one(make({}) | {"response": {"status": None, "headers": False}})
    assert made["response"]["headers"] == []


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
    made, summary = one(entry)
    assert TOKEN not in json.dumps(made)
    assert made["serverIPAddress"].startswith("192.0.2.")
    assert summary.left_out["members of entries that HAR does not have"] == 1
    after = from_entry(made)
    assert after.response is not None
    assert after.response.json is not None
    assert len(after.response.json.value["access_token"]) == len(TOKEN)


@pytest.mark.parametrize("part", [slice(10), slice(None)])
def test_a_time_stays_that_a_cookie_repeats(part: slice) -> None:
    entry = make()
    started = entry["startedDateTime"]
    entry["request"]["cookies"] = [{"name": "seen", "value": started[part]}]
    scrubber = Scrubber(b"tests")
    scrub(entry, scrubber, "drop", ScrubSummary(), 0)
    scrubber.replacements.close()
    made = scrub(entry, scrubber, "drop", ScrubSummary(), 0)
    assert made["startedDateTime"] == started
    assert made["request"]["cookies"][0]["value"] != started[part]


@pytest.mark.parametrize("word", ["response", "request", "headers", "postData", "mimeType"])
def test_a_secret_that_is_the_name_of_a_member_renames_none(word: str) -> None:
    entry = make({"cookies": [{"name": "a", "value": word}]})
    scrubber = Scrubber(b"tests")
    scrub(entry, scrubber, "drop", ScrubSummary(), 0)
    scrubber.replacements.close()
    made = scrub(entry, scrubber, "drop", ScrubSummary(), 0)
    assert made["request"]["cookies"][0]["value"] != word
    assert from_entry(made).response is not None


@pytest.mark.parametrize(
    "content",
    [{"text": "%%%", "encoding": "base64"}, {"text": "x" * (MAX_BODY + 1)}, {"text": None, "size": 5}, {"size": 5}],
)
def test_what_cannot_be_read_leaves_the_same_gap(content: Any) -> None:
    entry = make(None, {"status": 200, "headers": [], "content": content})
    made, summary = one(entry)
    before, after = from_entry(entry).response, from_entry(made).response
    assert before is not None
    assert after is not None
    assert before.gap is not None
    assert after.gap is not None
    assert before.gap.kind == after.gap.kind
    assert summary.unread or "text" not in content


@pytest.mark.parametrize("status", [404, "404 planted words", 0, "planted"])
def test_no_words_about_other_traffic_stay(status: Any) -> None:
    words = {"comment": "planted words", "_error": "planted words", "_errorMessage": "planted words"}
    entry = make(
        {"url": "https://a.example/x", **words},
        {"status": status, "statusText": "planted words", "headers": [], "redirectURL": "/planted", **words},
        **words,
        time="12",
        timings={"wait": 12, "planted": 3, "comment": "planted words"},
        _resourceType="planted",
        _passlens={"marked": "planted", "injected": {"scenario": "planted"}, "id": "5", "started": "planted words"},
    )
    made, _ = one(entry)
    assert "planted" not in json.dumps(made)
    before, after = from_entry(entry), from_entry(made)
    assert after.duration_ms == before.duration_ms
    assert (after.response and after.response.status) == (before.response and before.response.status)
    assert "planted" in json.dumps(one(entry, "keep-scrubbed")[0])


def test_other_traffic_and_unreadable_entries() -> None:
    entry = make({"url": f"https://a.example/{TOKEN}/x?y={TOKEN}"})
    for how in ("drop", "keep-scrubbed"):
        made, summary = one(entry, how)
        assert summary.other == 1
        assert made["request"]["url"].startswith("https://a.example/")
    assert TOKEN not in json.dumps(one(entry)[0])
    assert one(entry)[0]["request"]["headers"] == []
    made, summary = one({"request": 5})
    assert made is None
    assert summary.read_errors


@settings(max_examples=60)
@given(ENTRIES | ANYTHING)
def test_any_entry_is_taken_and_stays_readable_if_it_was(entry: Any) -> None:
    made, _ = one(entry)
    json.dumps(made)
    try:
        from_entry(entry)
    except RecordError:
        assert made is None
    else:
        from_entry(made)


def test_that_mitmproxy_sent_a_request_stays() -> None:
    made, _ = one(make(_passlens={"replay": "request"}))
    assert made["_passlens"]["replay"] == "request"


def test_a_body_that_is_packed_as_the_header_says_is_looked_into() -> None:
    body = json.dumps({"access_token": TOKEN}).encode()
    text = base64.b64encode(zlib.compress(body)).decode()
    headers = [{"name": "Content-Encoding", "value": "deflate"}]
    made, _ = one(make(None, {"status": 200, "headers": headers, "content": {"text": text}}))
    copied = from_entry(made).response
    assert copied is not None
    assert copied.body is not None
    assert b"access_token" in copied.body
    assert TOKEN.encode() not in copied.body
