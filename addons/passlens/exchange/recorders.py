"""What recording tools leave out, and what to switch on: a table of their habits, and the forms that masks have.
Pure: who recorded is read from a recording, and what follows from it is said by the PL9xx checks."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from passlens.util.cache import cached_by_value

UNKNOWN: Final = "unknown"
"""Who recorded, where a HAR file does not say it."""

NOT_RECORDED: Final = "[not recorded]"
"""Stands for the value of a header of which a recording holds the name only; a mask like others."""


class Habit(NamedTuple):
    """What a tool leaves out: ``marks`` are parts of the name it gives itself, in lower case. ``headers`` are those
    that it drops by default (lower case); ``bodies`` and ``switch`` are clauses that say how bodies, and headers, are
    kept."""

    marks: tuple[str, ...]
    headers: frozenset[str]
    bodies: str
    switch: str


_PROXY: Final = "record with mitmdump -w or passlens proxy"
_NONE: Final[frozenset[str]] = frozenset()
_SENSITIVE: Final = frozenset({"authorization", "cookie", "set-cookie"})

HABITS: Final[tuple[Habit, ...]] = (
    Habit(
        ("webinspector", "chrome", "chromium", "edge"),
        _SENSITIVE,
        "Chrome and Edge forget large and old bodies: keep DevTools open from the start, and choose Export HAR soon",
        "Chrome and Edge export a sanitized HAR by default: allow HAR with sensitive data in the DevTools settings, "
        "and choose Export HAR (with sensitive data)",
    ),
    Habit(
        ("webkit", "safari"),
        _NONE,
        "Safari keeps bodies only while the Web Inspector is open: open it before the page is loaded",
        "Safari adds headers only once a response came: export after the page has loaded",
    ),
    Habit(
        ("firefox",),
        _NONE,
        "Firefox keeps no body above devtools.netmonitor.responseBodyLimit, and none without "
        "devtools.netmonitor.har.includeResponseBodies: set both in about:config",
        f"Firefox records all headers, so that something else took them out: {_PROXY}",
    ),
    Habit(
        ("playwright",),
        _NONE,
        "Playwright keeps bodies in other files, or none: record with recordHar {mode: 'full', content: 'embed'}",
        "Playwright leaves headers out in mode minimal: record with recordHar {mode: 'full'}",
    ),
    Habit(
        ("http toolkit", "httptoolkit"),
        _NONE,
        "HTTP Toolkit keeps no body that is too large or still running: export after the response is complete",
        f"HTTP Toolkit records all headers, so that something else took them out: {_PROXY}",
    ),
    Habit(
        ("browsermob", "browserup"),
        _NONE,
        "BrowserMob Proxy keeps bodies only with the capture types REQUEST_CONTENT and RESPONSE_CONTENT: enable them",
        "BrowserMob Proxy keeps headers only with the capture types REQUEST_HEADERS and RESPONSE_HEADERS: enable them",
    ),
    Habit(
        ("fiddler",),
        _NONE,
        "Fiddler leaves out bodies above the limits of its HAR export: raise fiddler.importexport.HTTPArchiveJSON."
        "MaxTextBodyLength",
        f"Fiddler records all headers, so that something else took them out: {_PROXY}",
    ),
    Habit(
        ("charles", "proxyman"),
        _NONE,
        "Charles and Proxyman keep no body above their size limit, and none of a host without SSL proxying: enable it "
        "for the host and raise the limit",
        "Charles and Proxyman see headers only with SSL proxying: enable it for the host",
    ),
    Habit(
        ("polly",),
        _NONE,
        "Polly.JS records what its beforePersist handlers leave: keep the bodies there",
        "Polly.JS records what its beforePersist handlers leave: keep the headers there",
    ),
    Habit(
        ("cypress", "neuralegion", "brightsec"),
        _NONE,
        "the HAR generator of Cypress keeps bodies only with includeBodies: set it",
        "the HAR generator of Cypress drops blocked headers: record all of them",
    ),
    Habit(
        ("puppeteer", "chrome-har", "sitespeed", "browsertime"),
        _NONE,
        "chrome-har and puppeteer-har keep bodies only with includeTextFromResponseBody or saveResponse: set it",
        f"the headers of a request come with an extra event that some versions do not read: {_PROXY}",
    ),
    Habit(
        ("mitmproxy",),
        _NONE,
        "mitmproxy keeps no body that it streams past: record without stream_large_bodies",
        "mitmproxy records all headers, so that something else took them out: record again",
    ),
    Habit(
        ("webpagetest", "wptagent"),
        _NONE,
        "WebPageTest keeps bodies only with Save response bodies: check it in the advanced settings",
        f"WebPageTest records all headers, so that something else took them out: {_PROXY}",
    ),
    Habit(
        ("insomnia", "postman", "bruno", "hoppscotch"),
        frozenset({"authorization"}),
        f"it was not kept when the collection was exported: {_PROXY}",
        f"clients export the headers that were typed, not those that were sent: {_PROXY}",
    ),
    Habit(
        ("pulse",),
        _NONE,
        f"Pulse exports no bodies of requests: {_PROXY}",
        "Pulse exports the headers that the app set, before URLSession added its own: set them in the app, or "
        f"{_PROXY}",
    ),
    Habit(
        ("k6", "burp", "okhttp"),
        _NONE,
        f"it was not kept in the export: {_PROXY}",
        f"such tools record all headers, so that something else took them out: {_PROXY}",
    ),
)

_GENERAL: Final = Habit((), _NONE, f"the tool left it out: record with bodies, or {_PROXY}",
                        f"the tool left them out: record with headers, or {_PROXY}")  # fmt: skip


def habit(recorder: str | None) -> Habit:
    """The habits of whoever recorded, by its own name; those of any tool if it is not known.

    >>> habit("WebInspector 537.36").headers == habit("Firefox 128").headers
    False
    """
    return _habit((recorder or "").lower())


@cached_by_value(64)
def _habit(name: str) -> Habit:
    if "webkit" in name:  # WebKit Web Inspector is Safari's, WebInspector is Chrome's
        return HABITS[1]
    return next((one for one in HABITS if any(mark in name for mark in one.marks)), _GENERAL)


_SIGNS: Final[tuple[tuple[frozenset[str], str], ...]] = (
    (frozenset({"_fetchType"}), "WebKit Web Inspector"),
    (frozenset({"_securityState"}), "Firefox"),
    (frozenset({"_monotonicTime"}), "Playwright"),
    (frozenset({"_frameref"}), "Playwright"),
    (frozenset({"_priority", "_resourceType"}), "WebInspector"),
)
"""Members of its own that a tool gives to an entry."""


def recorder_of(entry: Mapping[str, object]) -> str:
    """Who recorded an entry of a HAR that does not say it, or says it behind its entries: by members that only one tool
    writes, else UNKNOWN.

    >>> recorder_of({"_priority": "High", "_resourceType": "fetch", "request": {}})
    'WebInspector'
    """
    return next((name for members, name in _SIGNS if members <= entry.keys()), UNKNOWN)


_SURE: Final = r"redact(?:ed)?|masked|filtered|saniti[sz]ed|obfuscated|scrubbed|censored|anonymi[sz]ed|not[ _-]recorded"
"""Words that say nothing but that a value was taken away."""

_WORD: Final = (
    rf"{_SURE}|mask|hidden|removed|suppressed|omitted|stripped|sensitive|secret|confidential|private|not[ _-]shown|"
    r"elided|truncated"
)
"""The same and others, which do so between brackets."""

_NAME: Final = (
    r"(?:authorization|auth|access|bearer|basic|api|client|device|session|user|the|a|by|for|from|has|been|is|was|"
    r"token|key|id|identifier|info|code|cookie|cookies|header|value|data|content|body|request|response|payload|password|security|privacy|"
    r"your|here|base|url|host|insert|jwt|pii|len|length|size|bytes|chars|string|har|sanitizer|proxyman|charles|sentry|"
    r"(?:x|ap|ad|set|proxy)-[a-z]{1,20}(?:-[a-z]{1,20}){0,3})"
)
_SAID: Final = rf"(?:{_NAME}[ _.:-]{{1,3}}){{0,4}}(?:{_WORD})(?:[ _.:=,-]{{1,3}}(?:{_NAME}|\d{{1,5}})){{0,4}}"
_OPEN, _CLOSE = r"(?:[\[<({_%*#\u00ab-]{1,4}|&lt;)", r"(?:[\]>)}_%*#\u00bb-]{1,4}|&gt;)"
_HASH: Final = r"(?:sha-?(?:1|256|384|512)|md5|hmac(?:-sha-?[0-9]{1,3})?|hash)[:=][0-9a-f]{6,128}"
_MASK: Final = re.compile(
    rf"(?:[*]{{2,64}}|[\u2022\u25cf\u2588\u2592\u2593]{{2,64}}|[xX]{{4,64}}|[.\u2026]{{3,64}}|[#]{{4,64}}|\u2026"
    rf"|{_OPEN}(?:{_SAID}){_CLOSE}"
    r"|\$(?-i:[A-Z])[A-Z_]{2,40}|x{3,8}\.y{3,8}\.z{3,8}"
    rf"|your(?:[ _-]{_NAME}){{1,4}}"
    rf"|{_OPEN}{_NAME}(?:[ _-]+{_NAME}){{0,3}}{_CLOSE}"
    r"|(?:\$\{|\{\{)\s{0,4}[A-Za-z][A-Za-z_.-]{0,40}\s{0,4}\}{1,2}"
    rf"|{_HASH}"
    r"|(?:[a-z]{1,20}[_-]){0,3}redacted(?:[_-](?:[a-z]{1,20}|[0-9]{1,5})){0,4}"
    rf"|(?:{_NAME}[ _.:-]{{1,3}}){{0,4}}(?:{_SURE})(?:[ _.:-]{{1,3}}{_NAME}){{0,4}})",
    re.IGNORECASE,
)
_SCHEME: Final = re.compile(r"(?:bearer|basic|token|fingerprint):? +", re.IGNORECASE)
_MASKED_PART: Final = re.compile(r"[*]{2}|[\u2022\u25cf\u2588\u2592\u2593]{2}|\u2026|\.{3}[\w-]{0,16}$|\{\{|\$\{|\{%|"
                                 rf"[\[<({{](?:{_SAID})[\])>}}]", re.IGNORECASE)  # fmt: skip
_ODD: Final = re.compile(
    "[*\u2022\u25cf\u2588\u2592\u2593\u2026\\[<({]|\\.{3}[\\w-]{0,16}$"
)  # found faster than the parts below
_MAX_CHARS: Final = 128


def is_mask(value: str) -> bool:
    """True for a text that a tool or a person puts in place of a value, after a scheme too. Such a text is made of a
    few known words and signs only, so that it says nothing.

    >>> [is_mask(text) for text in ("[Authorization redacted]", "Bearer ***", "<redacted>", "*/*", "REF30")]
    [True, True, True, False, False]
    """
    text = value.strip().strip("\"'")
    if not text or len(text) > _MAX_CHARS:
        return False
    if _MASK.fullmatch(text) is not None:
        return True
    scheme = _SCHEME.match(text)
    if scheme is None:
        return False
    value = text[scheme.end() :]
    return _MASK.fullmatch(value) is not None or value.lower() == "xxx"


_BARE: Final = re.compile(rf"(?:{_SCHEME.pattern})?(?:{_SAID}|x{{3,64}}|n/a)", re.IGNORECASE)


def is_header_mask(value: str) -> bool:
    """True for a text in the place of the value of a header: none of the API's is a bare word, so that words are masks
    there which may be names elsewhere.

    >>> is_header_mask("Bearer hidden"), is_header_mask("removed"), is_header_mask("fingerprint YWJj")
    (True, True, False)
    """
    return is_mask(value) or (len(value) <= _MAX_CHARS and _BARE.fullmatch(value.strip()) is not None)


_HASHED: Final = re.compile(rf"(?:{_SCHEME.pattern})?{_HASH}", re.IGNORECASE)


def is_hash(value: str) -> bool:
    """True for a mask that is made of what it hides, so that equal ones stand for equal values.

    >>> is_hash("fingerprint sha256:5f5f5f5f"), is_hash("fingerprint ***")
    (True, False)
    """
    return _HASHED.fullmatch(value) is not None


_VARIABLE: Final = re.compile(r":[A-Za-z]\w{0,40}|\{[A-Za-z][\w-]{0,40}\}|<[A-Za-z][\w -]{0,40}>", re.ASCII)


def is_variable(segment: str) -> bool:
    """True for a segment of a path in which a tool left the name of a variable.

    >>> is_variable(":serviceProvider"), is_variable("{code}"), is_variable("REF30")
    (True, True, False)
    """
    return _VARIABLE.fullmatch(segment) is not None


def says_nothing(segment: str) -> bool:
    """True for a segment of a path that holds a mask, or the name of a variable.

    >>> says_nothing(":code"), says_nothing("***"), says_nothing("REF30")
    (True, True, False)
    """
    return is_variable(segment) or has_mask(segment)


@cached_by_value(2048)
def has_mask(value: str) -> bool:
    """True for a text that is a mask, or of which a part is one; no documented value has such a part. Cached: devices
    and servers repeat their values.

    >>> has_mask("Bearer eyJhbGciOi***"), has_mask("application/json")
    (True, False)
    """
    if is_mask(value):
        return True
    return _ODD.search(value) is not None and _MASKED_PART.search(value) is not None
