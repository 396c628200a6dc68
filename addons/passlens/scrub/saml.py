"""XML of SAML with its personal values replaced: names, attributes, sessions, ids, addresses, signatures, certificates.
Elements are found by their text, so that cut or broken XML is scrubbed as far as it goes."""

import re
import zlib
from collections.abc import Callable
from typing import Final

TextRewriter = Callable[[str], str]

_ELEMENT: Final = re.compile(
    r"(<(?:[\w.-]+:)?(?:NameID|BaseID|AttributeValue|SessionIndex|SignatureValue|DigestValue|X509\w+|CipherValue"
    r"|AuthenticatingAuthority|ArtifactId|Artifact|TelephoneNumber|EmailAddress|GivenName|SurName)\b[^<>]{0,1000}>)([^<]+)"
)
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
    text = _ELEMENT.sub(lambda match: match[1] + _inner(match[2], change), text)
    text = _ATTRIBUTE.sub(lambda match: match[1] + match[2] + change(match[3]) + match[2], text)
    text = _REFERENCE.sub(lambda match: match[1] + change(match[2]), text)
    return rest(text)


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
