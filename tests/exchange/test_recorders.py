"""Habits of recording tools by their names, and masks told from values."""

import pytest

from fuzz.limits import within
from passlens.exchange.recorders import (
    HABITS,
    NOT_RECORDED,
    habit,
    has_mask,
    is_hash,
    is_header_mask,
    is_mask,
    is_variable,
)

MASKS = [
    "[Authorization redacted]", "***", "**", "<redacted>", "[REDACTED]", "REDACTED", "Bearer [REDACTED]", "Bearer ***",
    "bearer <access_token>", "fingerprint ***", "██", "••••", "xxxx", "....", "…", "%REDACTED%", "__redacted__",
    "[FILTERED]", "(redacted)", "**REDACTED**", "<hidden>", "[cookie value removed]", "{{token}}", "${TOKEN}",
    "{{ access.token }}", "sanitized", '"[Masked]"', "Basic redacted", NOT_RECORDED, "redacted-by-privacy",
    "[REDACTED:32]", "<REDACTED len=311>", "(redacted, 311 bytes)", "Bearer [redacted:jwt]", "[Filtered by Sentry]",
    "REDACTED_BY_PROXYMAN", "redacted-by-har-sanitizer", "\u00abredacted\u00bb", "Bearer <JWT>", "Bearer $TOKEN",
    "$ACCESS_TOKEN", "Bearer YOUR_ACCESS_TOKEN", "Bearer xxxxx.yyyyy.zzzzz", "Bearer XXX", "user_token_redacted_32",
]  # fmt: skip

VALUES = [
    "*/*", "*", "application/json", "text/*", "REF30", "private", "no-cache", "secret", "token", "code", "Bearer",
    "xxx", "..", "[object Object]", "{}", "{6A9654C5-B39E-46E6-B4DD-F9CA561E4E25}", "{{a1b2c3d4e5}}", "", " ",
    "Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJlIn0.sig", "fingerprint NmE5NjU0YzU=", "AppleTV14,1", "mask of zorro",
    "[redacted] 4711", "Bearer eyJhbGciOi***",
    "$token", "$A", "your", "yourself", "Bearer x", "[redacted 123456]", "redacted 4711", "xxxxx.yyyyy",
    "redacted_a1b2c3d4e5f6", "a1b2c3d4_redacted",
]  # fmt: skip


@pytest.mark.parametrize("text", MASKS)
def test_masks(text: str) -> None:
    assert is_mask(text)
    assert has_mask(text)


@pytest.mark.parametrize("text", VALUES)
def test_values(text: str) -> None:
    assert not is_mask(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("removed", True), (" hidden ", True), ("Bearer hidden", True), ("***", True), ("[redacted]", True),
        ("Apple", False), ("REF30", False), ("fingerprint NmE5NjU0YzU=", False), ("", False),
        ("removed" + " " * 121, True), ("removed" + " " * 122, False),
    ],
)  # fmt: skip
def test_a_bare_word_in_the_place_of_a_header_is_a_mask(text: str, masked: bool) -> None:
    assert is_header_mask(text) is masked


@pytest.mark.parametrize(
    ("text", "hashed"),
    [("sha256:5f5f5f5f", True), ("fingerprint sha256:5f5f5f5f", True), ("fingerprint ***", False), ("***", False)],
)
def test_a_hash_stands_for_one_value(text: str, hashed: bool) -> None:
    assert is_hash(text) is hashed


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Bearer eyJhbGciOi***", True),
        ("Bearer eyJhbGciOi...", True),
        ("Bearer eyJhbGciOi…", True),
        ("eyJ[redacted]", True),
        ("Bearer eyJhbGciOi**", True),
        ("Bearer eyJhbGciOi...Xy12", True),
        ("Bearer eyJhbGciOi...redacted", True),
        ("{% response 'body', 'req_1' %}", True),
        ("a...now and then", False),
        ("https://a.example/{{path}}", True),
        ("*/*", False),
        ("text/*;q=0.5, */*", False),
        ("please wait... now", False),
        ('{"a": {"b": ["redacted"]}}', False),
        ("application/json;charset=utf-8", False),
    ],
)
def test_a_part_may_be_masked(text: str, masked: bool) -> None:
    assert has_mask(text) is masked


@pytest.mark.parametrize(
    ("segment", "variable"),
    [
        (":code", True), ("{service-provider}", True), ("<service provider>", True), ("code", False), (":", False),
        ("{}", False), ("{1}", False), (":a" + "b" * 40, True), (":a" + "b" * 41, False),
    ],
)  # fmt: skip
def test_variables_of_a_path(segment: str, variable: bool) -> None:
    assert is_variable(segment) is variable


def test_a_mask_is_no_longer_than_some_words() -> None:
    assert is_mask("*" * 64)
    assert not is_mask("*" * 65)
    assert has_mask("*" * 65)
    assert not is_mask("redacted" + " token" * 40)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("WebInspector 537.36", "sensitive data"),
        ("WebKit Web Inspector 1.0", "Safari"),
        ("Firefox 133.0", "Firefox"),
        ("Playwright 1.49.0", "Playwright"),
        ("BrowserMob Proxy 2.1.5", "REQUEST_HEADERS"),
        ("HTTP Toolkit 1.20", "HTTP Toolkit"),
        ("Fiddler 5.0", "Fiddler"),
        ("Charles Proxy 4.6", "SSL proxying"),
        ("Polly.JS 6.0.4", "beforePersist"),
        ("mitmproxy 12.2.0", "record again"),
        ("mitmproxy har_dump 0.1", "record again"),
        ("unknown", "mitmdump"),
        (None, "mitmdump"),
    ],
)
def test_the_switch_is_that_of_the_tool(name: str | None, words: str) -> None:
    assert words in habit(name).switch


def test_only_chrome_and_clients_drop_headers_by_default_and_no_mark_is_used_twice() -> None:
    assert [one.marks[0] for one in HABITS if one.headers] == ["webinspector", "insomnia"]
    marks = [mark for one in HABITS for mark in one.marks]
    assert len(set(marks)) == len(marks)
    assert all(mark == mark.lower() for mark in marks)


@pytest.mark.parametrize("part", ["[", "<(", "{", "[token ", "<x-a-b-", "...a", "**redacted "])
def test_a_long_value_is_told_from_a_mask_in_no_time(part: str) -> None:
    text = part * (50_000 // len(part))
    within(0.3, lambda: has_mask(text))
