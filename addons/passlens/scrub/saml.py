"""XML of SAML with its personal values replaced: names, attributes, sessions, ids, addresses, signatures, certificates,
comments.
Elements are found by their text, so that cut or broken XML is scrubbed as far as it goes."""

import re
import zlib
from collections.abc import Callable
from typing import Final

from passlens.redaction.nested import COMMENT

TextRewriter = Callable[[str], str]

_ASIDE: Final = rf"{COMMENT}|<!\[CDATA\[[^\]]*(?:\](?!\]>)[^\]]*)*(?:\]\]>|\Z)"
"""A comment or a section of CDATA, which may be cut: either may stand anywhere, also in the middle of a name."""

_ELEMENT: Final = re.compile(
    r"(?P<open><(?P<name>(?:[\w.-]+:)?(?:NameID|BaseID|AttributeValue|SessionIndex|SignatureValue|DigestValue|X509\w+"
    r"|CipherValue|AuthenticatingAuthority|ArtifactId|Artifact|TelephoneNumber|EmailAddress|GivenName|SurName))"
    rf"\b[^<>]{{0,1000}}(?<!/)>)(?P<inner>(?:[^<]+|{_ASIDE}|<(?!/(?P=name)\b)[^<>]*>)+)|(?P<aside>{_ASIDE})"
)
"""An element that tells, with all that stands in it, or a comment anywhere else."""

_PIECE: Final = re.compile(rf"{_ASIDE}|<[^<>]*>|[^<]+")
_MARKS: Final = (("<!--", "-->"), ("<![CDATA[", "]]>"))
_ATTRIBUTE: Final = re.compile(
    r"(\s(?:ID|AssertionID|ResponseID|RequestID|InResponseTo|SessionIndex|Address|DNSName)\s*=\s*)([\"'])(.{0,2000}?)\2",
    re.DOTALL,
)
_REFERENCE: Final = re.compile(r"(\sURI\s*=\s*[\"']#)([^\"']+)")
_MARKUP: Final = re.compile(r"<(?:[\w.-]+:)?(?:NameID|AttributeValue|AuthnRequest|Response|Assertion|LogoutRequest)\b")
_MAX_COUNT: Final = 1 << 20


def looks_like(text: str) -> bool:
    """True if the text holds an element of SAML."""
    return "<" in text and _MARKUP.search(text) is not None


def rewrite(text: str, change: TextRewriter, rest: TextRewriter) -> str:
    """The XML with personal values changed by ``change``, everything by ``rest`` afterwards."""
    text = _ELEMENT.sub(lambda match: _element(match, change), text)
    text = _ATTRIBUTE.sub(lambda match: match[1] + match[2] + change(match[3]) + match[2], text)
    text = _REFERENCE.sub(lambda match: match[1] + change(match[2]), text)
    return rest(text)


def _element(match: re.Match[str], change: TextRewriter) -> str:
    if match["aside"]:
        return _piece(match["aside"], change)
    pieces = _PIECE.findall(match["inner"])
    texts = [_text(piece) for piece in pieces if not piece.startswith("<!--")]
    if len(texts) > 1 and (whole := "".join(texts).strip()):
        change(whole)  # a comment parts what a reader takes for one value, which others repeat
    return match["open"] + "".join(_piece(piece, change) for piece in pieces)


def _text(piece: str) -> str:
    """What a piece of XML says to a reader."""
    if piece.startswith("<![CDATA["):
        return piece.removeprefix("<![CDATA[").removesuffix("]]>")
    return "" if piece.startswith("<") else piece


def _piece(piece: str, change: TextRewriter) -> str:
    """A text, a comment or CDATA changed; a tag stays."""
    for lead, end in _MARKS:
        if piece.startswith(lead):
            bare = piece.removeprefix(lead)
            tail = end if bare.endswith(end) else ""
            return lead + _inner(bare.removesuffix(tail), change) + tail
    return piece if piece.startswith("<") else _inner(piece, change)


def _inner(text: str, change: TextRewriter) -> str:
    bare = text.strip()
    return text.replace(bare, change(bare)) if bare else text


def deflated(data: bytes, change: TextRewriter) -> bytes | None:
    """The same for XML that was deflated, as in redirects; None if it is not."""
    try:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        text = stream.decompress(data, _MAX_COUNT).decode("utf-8")
    except (zlib.error, UnicodeDecodeError):
        return None
    if not stream.eof or not looks_like(text):
        return None
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(change(text).encode()) + packer.flush()
