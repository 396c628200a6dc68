"""PL9xx: what was not checked, and why; failures inside passlens itself."""

from collections.abc import Iterator

from passlens.checks.finding import Hit
from passlens.exchange import MAX_HEADER, Exchange, GapKind


def _gaps(ex: Exchange, kind: GapKind, words: str = "The body of the {side} was not checked") -> Iterator[Hit]:
    for side, message in (("request", ex.request), ("answer", ex.answer)):
        if message is not None and message.gap is not None and message.gap.kind == kind:
            yield Hit("body", words.replace("{side}", side) + ": {actual}.", "", message.gap.detail)


def body_streamed(ex: Exchange) -> Iterator[Hit]:
    """A body was streamed through the proxy and not kept.

    Why: mitmproxy streams bodies above stream_large_bodies, and on request; there is nothing left to look into.
    Example: mitmdump --set stream_large_bodies=1k
    Do: run without streaming for this host.
    """
    return _gaps(ex, "streamed")


def body_too_large(ex: Exchange) -> Iterator[Hit]:
    """A body is larger than passlens looks into (1 MiB), or grows beyond that when it is decompressed.

    Why: documented bodies are below 10 KiB. A small body that grows a thousandfold is an attack or a fault; passlens
    stops at the limit and does not fill the memory with it.
    Example: an answer of 5 MB, or a gzip bomb
    Do: look at it in mitmweb; find out who sends it.
    """
    yield from _gaps(ex, "too-large")
    yield from _gaps(ex, "expansion")


def body_encoding(ex: Exchange) -> Iterator[Hit]:
    """A body cannot be decoded as its Content-Encoding says.

    Why: the client will fail on it as well.
    Example: Content-Encoding: gzip with plain text
    Do: look for a proxy or cache that changes bodies or headers.
    """
    return _gaps(ex, "encoding")


def body_not_recorded(ex: Exchange) -> Iterator[Hit]:
    """The recording does not hold a body that was there.

    Why: browsers and proxies leave bodies out of a .har file by option or by size.
    Example: a .har entry with size 512 and no text
    Do: record with bodies (Chrome: Save all as HAR with content), or with mitmdump -w.
    """
    return _gaps(ex, "not-recorded")


def header_too_long(ex: Exchange) -> Iterator[Hit]:
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


def no_answer(ex: Exchange) -> Iterator[Hit]:
    """The request got no answer, or only a part of one.

    Why: the connection failed, the client left, the proxy was ended, or the recording ends here.
    Example: the server closes the connection
    Do: see the reason; check name resolution, network and certificate trust of the device.
    """
    if ex.answer is None:
        yield Hit("status", "There is no answer: {actual}.", "", (ex.failure or "the recording holds none").rstrip("."))
    else:
        yield from _gaps(ex, "failed", "The {side} is not whole")


def check_failed(ex: Exchange) -> Iterator[Hit]:
    """A check failed inside passlens; the other checks ran.

    Why: this is a fault of passlens, never of the traffic, which was not touched.
    Example: none is known
    Do: report it with the exchange, scrubbed.
    """
    for failure in ex.check_failures:
        yield Hit("passlens", "A check failed: {actual}.", "", failure)
