"""PL9xx: what was not checked, and why; failures inside passlens itself."""

from collections.abc import Iterator

from passlens.checks.finding import Hit
from passlens.checks.unrecorded import masked_places
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import MAX_HEADER, NO_ANSWER, GapKind
from passlens.exchange.recorders import habit


def _gaps(ex: Decoded, kind: GapKind, words: str = "The body of the {side} was not checked") -> Iterator[Hit]:
    # What authenticate answers is a page for a user agent: nothing in it is checked.
    response = None if ex.operation.id == "authenticate" and kind != "failed" else ex.response
    for side, message in (("request", ex.request), ("answer", response)):
        if message is not None and message.gap is not None and message.gap.kind == kind:
            yield Hit("body", words.replace("{side}", side) + ": {actual}.", "", message.gap.detail)


def body_streamed(ex: Decoded) -> Iterator[Hit]:
    """A body was streamed through the proxy and not kept.

    Why: mitmproxy streams bodies above stream_large_bodies, and on request; there is nothing left to look into.
    Example: mitmdump --set stream_large_bodies=1k
    Do: run without streaming for this host.
    """
    return _gaps(ex, "streamed")


def body_too_large(ex: Decoded) -> Iterator[Hit]:
    """A body is larger than passlens looks into (1 MiB), or grows beyond that when it is decompressed.

    Why: documented bodies are below 10 KiB. A small body that grows a thousandfold is an attack or a fault; passlens
    stops at the limit and does not fill the memory with it.
    Example: an answer of 5 MB, or a gzip bomb
    Do: look at it in mitmweb; find out who sends it.
    """
    yield from _gaps(ex, "too-large")
    yield from _gaps(ex, "expansion")


def body_encoding(ex: Decoded) -> Iterator[Hit]:
    """A body cannot be decoded as its Content-Encoding says.

    Why: the client will fail on it as well.
    Example: Content-Encoding: gzip with plain text
    Do: look for a proxy or cache that changes bodies or headers.
    """
    return _gaps(ex, "encoding")


def body_not_recorded(ex: Decoded) -> Iterator[Hit]:
    """The recording does not hold a body that was there.

    Why: browsers, test frameworks and proxies leave bodies out of a .har file by default, by option or by size.
    Nothing that such a body would have said is a fault.
    Example: a .har entry with size 512 and no text
    Do: record with bodies, as the message says for the tool that recorded, or with mitmdump -w.
    """
    for hit in _gaps(ex, "not-recorded"):
        words = f"{hit.actual}; {habit(ex.recorder).bodies}" if ex.recorder is not None else hit.actual
        # A copy knows that there was none, and not in which way it was left out.
        yield hit._replace(message=hit.message.replace("{actual}", words), actual="not recorded")


def header_not_recorded(ex: Decoded) -> Iterator[Hit]:
    """The recording holds no headers, or not those that its tool leaves out by default.

    Why: Chrome and Edge export a sanitized HAR without Authorization and cookies unless told otherwise; some tools
    record no headers at all. Nothing that depends on such a header is a fault.
    Example: a .har of Chrome without any Authorization
    Do: switch on what the message names for the tool, or record with mitmdump -w.
    """
    if ex.recorder is None:
        return
    lacking = [name for name in ex.operation.headers if name.lower() in ex.left_out]
    sides = []
    if not ex.request.headers:
        sides.append("the request")
    if ex.response is not None and not ex.response.headers:
        sides.append("the answer")
    switch = habit(ex.recorder).switch
    if sides:
        words = f"The headers of {' and '.join(sides)} were not recorded and not checked: {{actual}}."
        # The place of all headers is the request's; of an answer only this one is looked at.
        yield Hit("header" if not ex.request.headers else "header:Content-Type", words, "", switch)
    if ex.request.headers and any(ex.operation.headers[name] == "required" for name in lacking):
        words = f"Whether {' and '.join(lacking)} was sent is not known, the recorder leaves it out: {{actual}}."
        yield Hit(f"header:{lacking[0]}", words, "", switch)


def value_masked(ex: Decoded) -> Iterator[Hit]:
    """A value is masked in the recording: the tool, or a person, put a word or signs in its place.

    Why: sanitizers write [Authorization redacted], *** or <redacted>; exports of collections keep {{templates}}.
    Nothing that depends on such a value is a fault.
    Example: Authorization: Bearer ***
    Do: record without the masks, or with mitmdump -w, and make a clean copy with passlens scrub.
    """
    places = masked_places(ex)
    if places:
        shown = [place.removeprefix("header:") for place in places[:5]]
        listed = ", ".join(shown) + (f" and {len(places) - 5} more" if len(places) > 5 else "")
        words = (
            "Masked in the recording and not checked: {actual}; record without the masks, and make a clean copy with "
            "passlens scrub."
        )
        yield Hit(places[0], words, "", listed)


def time_not_understood(ex: Decoded) -> Iterator[Hit]:
    """The recording holds a start time that is none: nothing that depends on the clock was checked.

    Why: tools write times in many forms; passlens reads those of ISO 8601, RFC 1123, epoch seconds and milliseconds and
    some more. The year 1 of .NET stands for no time at all.
    Example: "startedDateTime": "0001-01-01T00:00:00"
    Do: record again, or put the time into the file as 2026-01-02T03:04:05Z.
    """
    if ex.undated is not None:
        words = "The start of the exchange is not known: the recorder wrote {actual}."
        yield Hit("started", words, "a time", ex.undated or "nothing")


def header_too_long(ex: Decoded) -> Iterator[Hit]:
    """A header value is longer than passlens decodes (64 Ki characters).

    Why: documented values are below 4 KiB; servers refuse such a header.
    Example: X-Device-Info of 1 MB
    Do: find out what fills it.
    """
    for name in ex.operation.headers:
        value = ex.request.header(name)
        if value is not None and len(value) > MAX_HEADER:
            yield Hit(
                f"header:{name}", f"The header {name} was not checked: {{actual}}.", "", f"{len(value)} characters"
            )


def no_answer(ex: Decoded) -> Iterator[Hit]:
    """The request got no answer, or only a part of one.

    Why: the connection failed, the client left, the proxy was ended, or the recording ends here.
    Example: the server closes the connection
    Do: see the reason; check name resolution, network and certificate trust of the device.
    """
    if ex.response is None:
        yield Hit("status", "There is no answer: {actual}.", "", (ex.failure or NO_ANSWER).rstrip("."))
    else:
        yield from _gaps(ex, "failed", "The {side} is not whole")


def check_failed(ex: Decoded) -> Iterator[Hit]:
    """A check failed inside passlens; the other checks ran.

    Why: this is a fault of passlens, never of the traffic, which was not touched.
    Example: none is known
    Do: report it with the exchange, scrubbed.
    """
    yield from ()  # the runner yields it, who alone knows
