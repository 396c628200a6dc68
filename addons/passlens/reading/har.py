"""Reads HAR 1.2 without mitmproxy, as browsers, Charles, Proxyman, Fiddler and mitmproxy really write it.
One entry becomes one exchange; an entry that cannot be read is reported and the rest is read."""

import math
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from passlens.exchange import Answer, Exchange, Request, without_quotes
from passlens.reading.content import UNREAD
from passlens.reading.har_bodies import answer_body, request_body
from passlens.reading.har_scanner import NotHar, Readable, entries
from passlens.spec.routing import route


@dataclass(frozen=True)
class Trouble:
    """Something that could not be read: one sentence with the cause and the next step, to stand after the file's name.
    ``index`` is the position of the flow or entry, None if the whole file is meant; ``ended`` says that the reading of
    this file ended there."""

    file: str | None
    sentence: str
    index: int | None = None
    ended: bool = False


class Unreadable(ValueError):
    """An entry that is no exchange; the message completes "entry 3 cannot be read because …"."""


def read_har(stream: Readable, file: str | None = None, *, whole: bool = False) -> Iterator[Exchange | Trouble]:
    """The entries of a HAR file in file order; ``whole``: with the bodies of other traffic.

    Raises only what reading ``stream`` raises (OSError).
    """
    try:
        for index, entry in enumerate(entries(stream)):
            if entry.problem is not None:
                yield _trouble(file, index, entry.problem, entry.ended)
                continue
            try:
                item: Exchange | Trouble = from_entry(entry.value, index, file, whole=whole)
            except Unreadable as error:
                item = _trouble(file, index, str(error), False)
            yield item
    except NotHar as error:
        sentence = f"is no HAR file that can be read because {error}: export it again, as HAR 1.2"
        yield Trouble(file, sentence, None, True)


def _trouble(file: str | None, index: int, problem: str, ended: bool) -> Trouble:
    rest = "the reading ended there" if ended else "the rest was read"
    return Trouble(file, f"entry {index} cannot be read because {problem}; {rest}: export it again", index, ended)


def from_entry(entry: Any, index: int = 0, file: str | None = None, *, whole: bool = False) -> Exchange:
    """Build an exchange from one parsed entry; raises Unreadable if it is none.

    Bodies are read only if the request is one of the API's operations, or all of them if ``whole`` says so. HAR holds
    them already decoded.
    """
    if not isinstance(entry, dict):
        raise Unreadable("it is not a JSON object")
    sent = entry.get("request")
    if not isinstance(sent, dict):
        raise Unreadable("it has no request")
    method, url = sent.get("method"), sent.get("url")
    if not isinstance(method, str) or not isinstance(url, str):
        raise Unreadable("its request has no method or no url")
    scheme, host, port, path = split_url(url)
    found = route(method, path, host)
    looked_into = whole or found is not None
    headers = _headers(sent.get("headers"), "request")
    body, gap = request_body(sent, headers) if looked_into else (None, UNREAD)
    client, injected = _beside(entry.get("_passlens"))
    request = Request(headers, body, gap, method, scheme, host, port, path, client)
    answer, failure = _answer(entry, method, looked_into)
    started, duration = _epoch(entry.get("startedDateTime")), _milliseconds(entry.get("time"))
    ex = Exchange(request, answer, index, file, started, duration, failure, injected)
    vars(ex)["route"] = found  # as it would be found again
    return ex


def _beside(more: Any) -> tuple[str | None, dict[str, str] | None]:
    """The client's address and what was injected, of a recording that passlens converted."""
    client, injected = (more.get("client"), more.get("injected")) if isinstance(more, dict) else (None, None)
    return (
        client if isinstance(client, str) and client else None,
        {str(key): str(value) for key, value in injected.items()} if isinstance(injected, dict) and injected else None,
    )


def _answer(entry: dict[str, Any], method: str, looked_into: bool) -> tuple[Answer | None, str | None]:
    """The answer, or why there is none: recorders write an empty response, a status 0 or -1, and words in _error."""
    got = entry.get("response")
    if got is None:
        got = {}
    if not isinstance(got, dict):
        raise Unreadable("its response is not a JSON object")
    status = _status(got.get("status"))
    if status is None:
        words = [got.get("_error"), entry.get("_error"), got.get("statusText"), got.get("comment")]
        failure = next((word for word in words if isinstance(word, str) and word), "no answer was recorded")
        return None, without_quotes(failure)
    headers = _headers(got.get("headers"), "response")
    body, gap = answer_body(got, headers, method, status) if looked_into else (None, UNREAD)
    version, reason = got.get("httpVersion"), got.get("statusText")
    # HTTP/2 has no reason phrase; Firefox makes one up.
    has_reason = isinstance(reason, str) and re.match(r"(?i)h(ttp/)?[23]|quic", str(version)) is None
    return Answer(headers, body, gap, status, reason if isinstance(reason, str) and has_reason else ""), None


def _status(value: Any) -> int | None:
    """A status as a number; None where there was no answer."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,4}", value):
        value = int(value)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not -9999 < value < 9999:
        raise Unreadable("the status of its response is not one")
    return int(value) if value > 0 else None


def _headers(value: Any, where: str) -> tuple[tuple[str, str], ...]:
    """Header pairs from objects with name and value, from [name, value] pairs (Slack), or from one object.

    HTTP/2 pseudo headers are dropped. A header that cannot be read makes the entry unreadable: without it the checks
    would miss a header that was there.
    """
    if value is None:
        return ()
    with suppress(TypeError, KeyError):  # the common case, which takes no time: every one has texts as name and value
        plain = [(item["name"], item["value"]) for item in value]
        if plain and all(type(name) is str and type(text) is str for name, text in plain):
            return tuple([pair for pair in plain if not pair[0].startswith(":")])
    items = value.items() if isinstance(value, dict) else value
    if not isinstance(value, dict | list):
        raise Unreadable(f"the headers of its {where} are not a list")
    pairs = []
    for item in items:
        if isinstance(item, dict):
            name, text = item.get("name"), item.get("value")
        elif isinstance(item, list | tuple) and len(item) >= 2:
            name, text = item[0], item[1]
        else:
            name = text = None
        if isinstance(text, int | float) and not isinstance(text, bool):
            text = str(text)
        if text is None and isinstance(item, dict):
            text = ""
        if not isinstance(name, str) or not isinstance(text, str):
            raise Unreadable(f"a header of its {where} has no name or no value")
        if not name.startswith(":"):
            pairs.append((name, text))
    return tuple(pairs)


_URL: Final = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.\-]*):)?//([^/?#]*)(.*)", re.DOTALL)
_AUTHORITY: Final = re.compile(r"(\[[^\]]*\]|[^:]*)(?::([0-9]{1,5})(?![0-9]))?", re.DOTALL)


def split_url(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and target (path with query, as written) of a URL; never raises.

    >>> split_url("https://sp.auth.adobe.com/api/v2/REF30/sessions?a=1")
    ('https', 'sp.auth.adobe.com', 443, '/api/v2/REF30/sessions?a=1')
    """
    match = _URL.match(url)
    if match is None:
        return "https", "", 443, url if url.startswith("/") else "/" + url
    scheme = (match[1] or "https").lower()
    authority = _AUTHORITY.match(match[2].rpartition("@")[2])
    host, port = (authority[1].strip("[]").lower(), authority[2]) if authority else ("", None)
    path = match[3] if match[3].startswith("/") else "/" + match[3]
    return scheme, host, int(port) if port else 80 if scheme in ("http", "ws") else 443, path


_DATE: Final = re.compile(
    r"\s*([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]((?:[01][0-9]|2[0-3]):[0-9]{2})(?::([0-5][0-9])(?:[.,]([0-9]+))?)?"
    r"\s*(?:[Zz]|([+-])([0-9]{2}):?([0-9]{2})?)?\s*"
)
_DAY: Final = 86_400


def _epoch(value: Any) -> float | None:
    """Seconds since the epoch of a date as recorders write it; UTC where no offset stands. None if it is no date."""
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    date, time, second, fraction, sign, hours, minutes = match.groups()
    offset = int(f"{sign}1") * (int(hours) * 3600 + int(minutes or 0) * 60) if sign else 0
    start = _minute(date, time)
    if start is None or abs(offset) >= _DAY:
        return None
    return start + int(second or 0) - offset + float("0." + (fraction or "0")[:9])


@lru_cache(maxsize=256)
def _minute(date: str, time: str) -> float | None:
    """Seconds since the epoch at which a minute begins; entries of one recording share many."""
    try:
        return datetime.fromisoformat(f"{date}T{time}+00:00").timestamp()
    except ValueError:
        return None


def _milliseconds(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        return None
    return float(value)
