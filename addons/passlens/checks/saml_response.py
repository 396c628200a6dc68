"""PL147: the SAMLResponse that partner-profile takes: Base64, then percent-encoded once."""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final

from passlens.checks.finding import Hit
from passlens.exchange.decoded import Decoded

_TWICE: Final = re.compile(r"%(?:2B|2F|3D)", re.IGNORECASE)


def saml_response_form(ex: Decoded) -> Iterator[Hit]:
    """The SAMLResponse is missing, encoded twice, not encoded at all, or no Base64.

    Why: the page demands it as Base64, percent-encoded once; the cookbook warns of doing it twice. An unescaped + is a
    blank in a form. The server answers invalid_parameter_saml_response.
    Example: SAMLResponse=PHNhbWxw%252B…
    Do: hand what the partner framework gave to the form encoder of the HTTP library, and to nothing else.
    """
    if ex.operation.id != "partner-profile" or not ex.takes_form:
        return
    sent = next((one for one in ex.request.form if one.name == "SAMLResponse"), None)
    at = "form:SAMLResponse"
    if sent is None or not sent.value:
        yield Hit(at, "The SAMLResponse is {actual}.", "present", "missing" if sent is None else "empty")
        return
    if _TWICE.search(sent.value):
        yield Hit(at, "The SAMLResponse is percent-encoded {actual}, expected {expected}.", "once", "twice")
        return
    if " " in sent.value and not sent.value.lstrip().startswith("<"):
        message = "The + signs of the SAMLResponse are {actual}, expected {expected}: in a form they are blanks."
        yield Hit(at, message, "escaped (%2B)", "not escaped")
        return
    plain = re.sub(r"[\r\n\t]", "", sent.value).rstrip(".=")
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    try:
        data = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        yield Hit(at, "The SAMLResponse is {actual}, expected {expected}.", "Base64 of SAML", "not Base64")
        return
    if not data.lstrip().startswith((b"<", b"\xef\xbb\xbf")):
        yield Hit(
            at, "The SAMLResponse encodes {actual}, expected {expected}.", "XML", "something else", "warning", "sample"
        )
