"""Reads HAR 1.2 without mitmproxy, as browsers, Charles, Proxyman, Fiddler and mitmproxy really write it.
One entry becomes one exchange; an entry that cannot be read is reported and the rest is read."""

import re
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final, TypeVar

from passlens.errors import NotHarError, ReadError, RecordError, Remark
from passlens.exchange.content import STREAMED, UNREAD
from passlens.exchange.headers import Headers
from passlens.exchange.injection import Injection
from passlens.exchange.model import NO_ANSWER, REPLAYED, Exchange, Request, Response, without_quotes
from passlens.exchange.recorders import UNKNOWN
from passlens.recordings.formats import no_har
from passlens.recordings.har_bodies import FAILURES, form_of, named_pairs, request_body, response_body
from passlens.recordings.har_feed import Readable
from passlens.recordings.har_headers import header_pairs
from passlens.recordings.har_scanner import entries
from passlens.recordings.har_text import absent
from passlens.recordings.har_times import milliseconds, start_time
from passlens.rest_v2.operations import FORM, JSON, NEED_BODY, Operation
from passlens.rest_v2.routing import route
from passlens.util.address import is_ip_address, plain_address

MAX_TIME: Final = 40
"""Characters kept of a start time that is none."""

_IN_THE_EXCHANGE: Final = ("send", "wait", "receive")
"""Timings that lie between the start of a request and the end of its response, in every tool."""


def read_har(stream: Readable, file: str | None = None, *, whole: bool = False) -> Iterator[Exchange | ReadError]:
    """The entries of a HAR file in file order; ``whole``: with the bodies of other traffic.

    Raises only what reading ``stream`` raises (OSError).
    """
    document, loose = 1, False
    repeated: set[str] = set()
    try:
        for index, entry in enumerate(entries(stream, repeated)):
            document, loose = entry.document, loose or entry.loose
            if entry.problem is not None:
                yield _trouble(file, index, entry.problem, entry.ended)
                continue
            try:
                item: Exchange | ReadError = from_entry(entry.value, index, file, whole=whole, recorder=entry.recorder)
            except RecordError as error:
                item = _trouble(file, index, str(error), False)
            yield item
    except NotHarError as error:
        yield ReadError(file, no_har(error), None, True)
    if (words := remark(document, loose)) is not None:
        yield Remark(file, words, None, True)
    for words in left_unread(repeated):
        yield ReadError(file, words, None, True)


def remark(documents: int, loose: bool) -> str | None:
    """A sentence about a file that is not one HAR document and was read all the same; ``loose``: entries stand in
    none."""
    if loose:
        return "holds entries without a HAR document around them: all were read, as one recording"
    if documents > 1:
        return f"holds {documents} HAR documents, one after the other: all were read, as one recording"
    return None


def left_unread(repeated: set[str]) -> Iterator[str]:
    """Sentences about members that stand twice in one HAR document, of which only the first is read."""
    for name in sorted(repeated):
        yield f"has the member {name} twice in one HAR document: only the first was read; give each a file of its own"


def _trouble(file: str | None, index: int, problem: str, ended: bool) -> ReadError:
    rest = "the reading ended there" if ended else "the rest was read"
    return ReadError(file, f"entry {index} cannot be read because {problem}; {rest}: export it again", index, ended)


_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


def from_entry(
    entry: Any, index: int = 0, file: str | None = None, *, whole: bool = False, recorder: str | None = UNKNOWN
) -> Exchange:
    """Build an exchange from one parsed entry; raises RecordError if it is none. ``recorder`` is who recorded the file,
    unless the entry itself says it; None if passlens made it of what mitmproxy recorded.

    Bodies are read only if the request is one of the API's operations, or all of them if ``whole`` says so. HAR holds
    them already decoded.
    """
    if not isinstance(entry, dict):
        raise RecordError("it is not a JSON object")
    sent = entry.get("request")
    if not isinstance(sent, dict):
        raise RecordError("it has no request")
    method, url = sent.get("method"), sent.get("url")
    if not isinstance(method, str) or not isinstance(url, str):
        raise RecordError("its request has no method or no url")
    if method.upper() in _METHODS:  # on the wire they are in capitals; some tools write what a script called them
        method = method.upper()
    scheme, host, port, path = split_url(url)
    query = named_pairs(sent.get("queryString")) if "?" not in path else []
    if any(name for name, _ in query):  # a tool kept it there only
        path += f"?{form_of(query).decode('utf-8', 'surrogateescape')}"
    headers = _headers(sent.get("headers"), "request", sent.get("postData"))
    host = _host(host, headers)
    found = route(method, path, host)
    looked_into = whole or found is not None
    body, gap = request_body(sent, headers, method) if looked_into else (None, UNREAD)
    more = entry.get("_passlens")
    if isinstance(more, dict) and isinstance(told := more.get("recorder"), str):
        recorder = told
    client, injection, replayed = _beside(more)
    request = Request(headers, body, gap, method, scheme, host, port, path, client)
    response, failure = _response(entry, method, looked_into)
    if recorder is not None and found is not None and _was_needed(request, response, found.operation):
        request = replace(request, body=None, gap=absent()[1])
    if recorder is None:
        request, response = _streamed(request), _streamed(response)
    started, undated = _started(entry.get("startedDateTime"), more)
    duration = _duration(entry, recorder)
    return Exchange(
        request, response, index, file, started, duration, failure, injection, recorder, undated, replayed,
        response is not None and _cached(entry), known_route=found,
    )  # fmt: skip


def _was_needed(request: Request, response: Response | None, operation: Operation) -> bool:
    """True for a body that is empty in the recording, and without which the server would not have answered so: tools
    write a size of 0 where they do not know it, or what JavaScript makes of an object."""
    if request.body not in (b"", b"[object Object]") or operation.id not in NEED_BODY or "client_id=" in request.query:
        return False
    return response is not None and response.status in operation.success and request.header("content-length") != "0"


M = TypeVar("M", Request, Response | None)


def _streamed(message: M) -> M:
    """A message as mitmproxy held it: a body that it did not keep was streamed past it."""
    if message is None or message.gap is None or message.gap.kind != "not-recorded" or message.gap is UNREAD:
        return message
    return replace(message, gap=STREAMED)


def _started(written: Any, more: Any) -> tuple[float | None, str | None]:
    """The start of an exchange, and what the recorder wrote for it if that is no time; a copy keeps that beside."""
    if isinstance(more, dict) and isinstance(kept := more.get("started"), str):
        return None, kept or None
    started = start_time(written)
    if started is not None or written is None or written == "":
        return started, None
    # A year 1 or 1970 is a time that nobody knew; a long text is shown in part.
    shown = written if isinstance(written, str) else repr(written) if isinstance(written, int | float) else "no text"
    return None, shown[:MAX_TIME]


def _duration(entry: dict[str, Any], recorder: str | None) -> float | None:
    """Milliseconds from the start of an exchange to its end. mitmproxy adds the time that its connection to the server
    took to the first exchange of each, though it was made before the request came or while it waited."""
    timings = entry.get("timings")
    if recorder is not None and recorder.lower().startswith("mitmproxy") and isinstance(timings, dict):
        parts = [milliseconds(timings.get(name)) for name in _IN_THE_EXCHANGE]
        if None not in parts:
            return sum(part for part in parts if part is not None)
    return milliseconds(entry.get("time"))


def _cached(entry: dict[str, Any]) -> bool:
    """True for an answer that a browser took from its cache: Chrome names which, or says that nothing was transferred,
    Safari where it fetched from."""
    if entry.get("_fromCache") or entry.get("_fetchType") in _CACHES:
        return True
    size = entry["response"].get("_transferSize")
    return size == 0 and not isinstance(size, bool)


_CACHES: Final = ("Memory Cache", "Disk Cache")


def _host(host: str, headers: Headers) -> str:
    """The host of a URL; where that is none, or the address that was connected to, the one that the request names."""
    if host and not is_ip_address(host):
        return host
    named = next((value for name, value in headers if name.lower() == "host"), "")
    found = split_url(f"//{named}/")[1]
    return host if host and is_ip_address(found) else found or host


def _beside(more: Any) -> tuple[str | None, Injection | None, bool]:
    """The client's address, what was injected, and whether mitmproxy sent the request, of a recording that passlens
    converted."""
    kept = more if isinstance(more, dict) else {}
    client = kept.get("client")
    return (
        plain_address(client) if isinstance(client, str) and client else None,
        Injection.from_member(kept.get("injected")),
        kept.get("replay") == REPLAYED,
    )


def _response(entry: dict[str, Any], method: str, looked_into: bool) -> tuple[Response | None, str | None]:
    """The answer, or why there is none: recorders write an empty response, a status 0 or -1, and words in _error."""
    got = entry.get("response")
    if got is None:
        got = {}
    if not isinstance(got, dict):
        raise RecordError("its response is not a JSON object")
    written = got.get("status", got.get("statusCode"))
    status = _status(got.get("statusText") if written in (None, "") else written)
    if status is None:
        if written not in (None, 0, -1, "", "0", "-1"):
            if isinstance(written, str) and _SAID.fullmatch(written) is not None:
                return None, f"the recorder wrote {written} in place of a status"
            return None, "the recorder wrote a status that is none"
        words = [holder.get(name) for name in FAILURES for holder in (got, entry)]
        words += [got.get("statusText"), got.get("comment")]
        said = (word for word in words if isinstance(word, str) and word and _status(word) is None)
        failure = next(said, NO_ANSWER)
        return None, without_quotes(failure)
    headers = _headers(got.get("headers"), "response", got.get("content"))
    body, gap = response_body(got, headers, method, status) if looked_into else (None, UNREAD)
    version, reason = got.get("httpVersion"), got.get("statusText")
    # HTTP/2 has no reason phrase; Firefox makes one up.
    has_reason = isinstance(reason, str) and re.match(r"(?i)h(ttp/)?[23]|quic", str(version)) is None
    return Response(headers, body, gap, status, reason if isinstance(reason, str) and has_reason else ""), None


_SAID: Final = re.compile(r"\(?[A-Za-z][A-Za-z :-]{2,40}\)?")
"""What a tool writes for a status that says more than that there is none: (canceled), CORS error."""


def _letters(text: str) -> str:
    return re.sub("[^a-z]", "", text.lower())


def _status(value: Any) -> int | None:
    """A status as a number, also where it is a text ("200 OK") or its words alone ("OK"); None where there was no
    answer, or what is there is none."""
    if isinstance(value, str):
        match = re.match(r"(?:HTTP/[0-9.]+\s+)?([0-9]{1,4})(?:\.0+)?(?:\s|$)", value.strip())
        value = int(match[1]) if match is not None else _PHRASES.get(_letters(value))
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1000:
        return None
    return int(value)


_PHRASES: Final[dict[str, int]] = {
    **{_letters(status.phrase): status.value for status in HTTPStatus if status >= 200},
    "movedtemporarily": 302, "payloadtoolarge": 413, "contenttoolarge": 413, "unprocessableentity": 422,
    "unprocessablecontent": 422,
}  # fmt: skip
"""Statuses by their reason phrase, in lower case and letters only: Python's, and those that were renamed."""


_TYPES: Final = (FORM, JSON)
"""Media types that no tool makes up."""


def _headers(value: Any, where: str, holder: Any) -> Headers:
    """The headers of a message; raises RecordError where one cannot be read. Clients list those that were typed, and
    tell the media type beside the body (``holder``) only."""
    try:
        found = header_pairs(value)
    except ValueError as error:
        what = f"the headers of its {where}" if str(error).startswith("are ") else f"a header of its {where}"
        raise RecordError(f"{what} {error}") from None
    told = holder.get("mimeType") if isinstance(holder, dict) else None
    if not found or not isinstance(told, str) or told.partition(";")[0].strip().lower() not in _TYPES:
        return found
    return found if any(name.lower() == "content-type" for name, _ in found) else (*found, ("Content-Type", told))


_URL: Final = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.\-]*):)?//([^/?#]*)(.*)", re.DOTALL)
_AUTHORITY: Final = re.compile(r"(\[[^\]]*\]|[^:]*)(?::([0-9]{1,5})(?![0-9]))?", re.DOTALL)
_TEMPLATE: Final = re.compile(r"\{\{|\$\{|%7[Bb]%7[Bb]|^<|^:|^%24%7[Bb]|^\{")
_BARE: Final = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}\.?(?::[0-9]{1,5})?|localhost(?::[0-9]{1,5})?")


def split_url(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and target (path with query, as written) of a URL; never raises. Also of one that has no
    scheme, or a template in place of its beginning ({{baseUrl}}), which is no part of the target.

    >>> split_url("https://sp.auth.adobe.com/api/v2/REF30/sessions?a=1")
    ('https', 'sp.auth.adobe.com', 443, '/api/v2/REF30/sessions?a=1')
    >>> split_url("{{baseUrl}}/api/v2/REF30/sessions")
    ('https', '', 443, '/api/v2/REF30/sessions')
    """
    url = url.strip()
    match = _URL.match(url)
    if match is None:
        start, slash, rest = url.partition("/")
        if start and slash and _TEMPLATE.search(start):
            # {{baseUrl}}api/v2/: the template ends in a slash.
            return "https", "", 443, f"/api/{rest}" if start.endswith("}api") else slash + rest
        if _BARE.fullmatch(start) is None:
            return "https", "", 443, url if url.startswith("/") else "/" + url
        match = _URL.match("//" + url)
        assert match is not None
    scheme = (match[1] or "https").lower()
    authority = _AUTHORITY.match(match[2].rpartition("@")[2])
    host, port = (authority[1].strip("[]").lower(), authority[2]) if authority else ("", None)
    path = match[3] if match[3].startswith("/") else "/" + match[3]
    return scheme, host, int(port) if port else 80 if scheme in ("http", "ws") else 443, path
