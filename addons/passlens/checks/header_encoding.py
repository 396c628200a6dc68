"""PL21x and PL22x: how header values are encoded; each deviation is a finding of its own."""

from collections.abc import Iterator

from passlens.checks.finding import Basis, Hit, Severity
from passlens.checks.json_place import place
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.deviation import Deviation, DeviationKind
from passlens.rest_v2.encoded_json import decode_encoded_json
from passlens.rest_v2.sources import cite

_PAGES = {
    "X-Device-Info": "x-device-info",
    "AP-Partner-Framework-Status": "ap-partner-framework-status",
    "AP-Device-Identifier": "ap-device-identifier",
    "AP-TempPass-Identity": "ap-temppass-identity",
    "Authorization": "authorization",
}
# Only these pages state the encoding without a way out; findings about the others are warnings at most.
_STRICT = ("AP-Partner-Framework-Status", "AP-Device-Identifier")
_JSON_BY_SAMPLE = ("AP-TempPass-Identity",)
_ABOUT_JSON = ("invalid-json", "not-an-object", "not-encoded")


def _deviations(ex: Decoded) -> Iterator[tuple[str, Deviation]]:
    """Every deviation worth a finding, with the name of its header."""
    for name, deviations in ex.deviations.items():
        yield from ((name, deviation) for deviation in _telling(deviations))


def _telling(deviations: tuple[Deviation, ...]) -> tuple[Deviation, ...]:
    """The deviations worth a finding: of a value that is not Base64 at all, nothing else."""
    return tuple(deviation for deviation in deviations if deviation.kind == "not-base64") or deviations


def _hits(ex: Decoded, kind: DeviationKind, expected: str, fatal: bool) -> Iterator[Hit]:
    if not ex.deviations:
        return
    for name, deviation in _deviations(ex):
        if deviation.kind != kind or _is_placeholder(ex, name):
            continue
        severity: Severity | None = "error" if fatal and name in _STRICT else None
        basis: Basis | None = "sample" if name in _JSON_BY_SAMPLE and kind in _ABOUT_JSON else None
        yield Hit(
            f"header:{name}",
            f"{name}: {{actual}}; expected {{expected}}.",
            expected,
            _json_place(ex, name) or deviation.detail if kind == "invalid-json" else deviation.detail,
            severity=severity,
            basis=basis,
            source=cite(_PAGES[name]),
        )


def _json_place(ex: Decoded, name: str) -> str | None:
    value = ex.request.header(name)
    text = decode_encoded_json(value).json if value is not None else None
    return place(text) if text is not None and not text.valid else None


def _is_placeholder(ex: Decoded, name: str) -> bool:
    value = (ex.request.header(name) or "").strip()
    return bool(value) and set(value) == {"."}


def not_base64(ex: Decoded) -> Iterator[Hit]:
    """A header value that should be Base64 cannot be decoded.

    Why: the server cannot read it either. On partner session the answer is then pfs_fallback.
    Example: X-Device-Info: AppleTV; tvOS 18.5
    Do: encode the JSON text with the platform's Base64 encoder, without line breaks.
    """
    return _hits(ex, "not-base64", "Base64", fatal=True)


def missing_padding(ex: Decoded) -> Iterator[Hit]:
    """A Base64 value ends without its padding signs.

    Why: strict decoders refuse it. Encoders for URLs and JWTs leave the padding out.
    Example: eyJhIjoxfQ in place of eyJhIjoxfQ==
    Do: use the standard encoder with padding.
    """
    return _hits(ex, "missing-padding", "padding to a multiple of four", fatal=False)


def url_safe_alphabet(ex: Decoded) -> Iterator[Hit]:
    """A Base64 value is written in the URL-safe alphabet.

    Why: strict decoders refuse the signs - and _; the pages say Base64, samples use + and /.
    Example: eyJtb2RlbCI6ItCi0JIifQ with _ in place of /
    Do: use the standard alphabet.
    """
    return _hits(ex, "url-safe-alphabet", "the standard alphabet", fatal=False)


def percent_encoded(ex: Decoded) -> Iterator[Hit]:
    """A Base64 value is percent-encoded on top.

    Why: REST API V1 wanted both encodings, V2 wants Base64 only; code taken over from V1 ends in %3D.
    Example: eyJhIjoxfQ%3D%3D
    Do: leave the URL encoding out.
    """
    return _hits(ex, "percent-encoding", "Base64 only", fatal=False)


def white_space(ex: Decoded) -> Iterator[Hit]:
    """White space stands around or inside an encoded value.

    Why: strict decoders refuse it; it comes from copying, from printing JSON before sending, or from folded lines.
    Example: eyJhI joxfQ==
    Do: send the encoder's text as one piece.
    """
    return _hits(ex, "white-space", "no white space", fatal=False)


def line_wrap(ex: Decoded) -> Iterator[Hit]:
    """An encoded value is broken over several lines.

    Why: a line break cannot survive in HTTP/1.1 and is forbidden in HTTP/2. Encoders break after 76 characters
    unless told otherwise (Android: NO_WRAP).
    Example: a value with a line feed after 76 characters
    Do: tell the encoder not to wrap.
    """
    return _hits(ex, "line-wrap", "one line", fatal=False)


def quotes(ex: Decoded) -> Iterator[Hit]:
    """An encoded value stands in quotes.

    Why: quotes are no Base64; strict decoders refuse them.
    Example: "eyJhIjoxfQ=="
    Do: send the bare value.
    """
    return _hits(ex, "quotes", "no quotes", fatal=False)


def data_after_padding(ex: Decoded) -> Iterator[Hit]:
    """More data follows the padding of a Base64 value.

    Why: two values were glued together. Strict decoders fail, lenient ones drop the rest without a word.
    Example: eyJhIjoxfQ==eyJiIjoyfQ==
    Do: send one value.
    """
    return _hits(ex, "data-after-padding", "nothing after the padding", fatal=False)


def trailing_bits(ex: Decoded) -> Iterator[Hit]:
    """The last sign of a Base64 value has bits that belong to no byte, and they are not zero.

    Why: an encoder sets them to zero; other ones come from a value that was cut or changed by hand. Decoders may refuse
    it (RFC 4648, section 3.5), and one value has several spellings.
    Example: eyJhIjoxfR== in place of eyJhIjoxfQ==
    Do: send the encoder's text as it is.
    """
    return _hits(ex, "trailing-bits", "zero bits after the last byte", fatal=False)


def utf8_mark(ex: Decoded) -> Iterator[Hit]:
    """The decoded JSON starts with a UTF-8 mark (BOM).

    Why: JSON parsers may refuse it (RFC 8259).
    Example: the bytes EF BB BF before the opening brace
    Do: write the text as UTF-8 without a mark.
    """
    return _hits(ex, "utf8-mark", "no mark", fatal=False)


def invalid_utf8(ex: Decoded) -> Iterator[Hit]:
    """The decoded text is not UTF-8.

    Why: JSON is UTF-8; the server reads other characters than the app wrote, or none.
    Example: a model name in Latin-1
    Do: encode the text as UTF-8 before Base64.
    """
    return _hits(ex, "invalid-utf8", "UTF-8", fatal=False)


def invalid_json(ex: Decoded) -> Iterator[Hit]:
    """The decoded text is not JSON; the place where the parser stopped is named.

    Why: the server cannot read it. The value that the operation pages show for X-Device-Info is itself broken: a
    comma is missing after osName. What could still be read is shown, and used for nothing else.
    Example: {"osName": "tvOS" "osVendor": "Apple"}
    Do: build the text with a JSON encoder, and do not copy the sample.
    """
    return _hits(ex, "invalid-json", "JSON", fatal=True)


def duplicate_key(ex: Decoded) -> Iterator[Hit]:
    """A key stands twice in the decoded JSON.

    Why: which of them counts depends on the parser; most take the last.
    Example: {"osName": "tvOS", "osName": "iOS"}
    Do: write each key once.
    """
    return _hits(ex, "duplicate-key", "each key once", fatal=False)


def not_an_object(ex: Decoded) -> Iterator[Hit]:
    """The decoded JSON is no object.

    Why: the pages describe a JSON object with named members.
    Example: ["tvOS"]
    Do: send an object.
    """
    return _hits(ex, "not-an-object", "a JSON object", fatal=True)


def not_encoded(ex: Decoded) -> Iterator[Hit]:
    """The JSON stands in the header as it is, without Base64.

    Why: the page demands Base64. The server cannot be expected to read it.
    Example: X-Device-Info: {"osName":"tvOS"}
    Do: encode the JSON text as Base64.
    """
    return _hits(ex, "not-encoded", "Base64 over the JSON", fatal=True)
