"""The header AP-Device-Identifier: a type word, one space, and the identifier in Base64.
The only type is fingerprint; what the identifier holds is the app's own choice (doc-2024-10-01)."""

from dataclasses import dataclass
from typing import Final

from passlens.rest_v2.base64_decoding import QUOTES, Base64Text, decode_base64
from passlens.rest_v2.deviation import Deviation

TYPES: Final = ("fingerprint",)


@dataclass(frozen=True)
class DeviceIdentifier:
    """AP-Device-Identifier of one request. ``type`` and ``encoded`` are None where the value has no two parts;
    ``single_space`` is False if more than one blank stands between them."""

    raw: str
    type: str | None
    encoded: Base64Text | None
    single_space: bool


def decode_device_identifier(raw: str) -> DeviceIdentifier:
    """Split and decode a header value.

    >>> decode_device_identifier("fingerprint YWJj").encoded.data
    b'abc'
    """
    text = raw.strip()
    quoted = len(text) >= 2 and text[0] in QUOTES and text[-1] in QUOTES
    kind, space, identifier = (text[1:-1] if quoted else text).partition(" ")
    if not space:
        return DeviceIdentifier(raw, None, None, False)
    encoded = decode_base64(identifier.strip())
    if quoted:
        deviation = Deviation("quotes", f"the value is in quotes ({text[0]})")
        encoded = encoded._replace(deviations=(deviation, *encoded.deviations))
    return DeviceIdentifier(raw, kind, encoded, not identifier.startswith(" "))
