"""The value of a header that should be Base64 over a JSON object, decoded as far as it goes."""

from dataclasses import dataclass
from typing import Any

from passlens.rest_v2.base64_decoding import decode_base64
from passlens.rest_v2.deviation import Deviation
from passlens.rest_v2.json_decoding import JsonText, decode_json


@dataclass(frozen=True)
class EncodedJson:
    """A header value that should be Base64 over a JSON object, decoded as far as it goes."""

    raw: str
    json: JsonText | None
    deviations: tuple[Deviation, ...]

    @property
    def value(self) -> dict[str, Any] | None:
        """The decoded object, or None if the value does not hold one."""
        if self.json is not None and self.json.valid and isinstance(self.json.value, dict):
            return self.json.value
        return None

    @property
    def shown(self) -> dict[str, Any]:
        """The decoded object, else its salvaged members, for display."""
        if self.value is not None:
            return self.value
        return self.json.salvaged if self.json is not None else {}


def decode_encoded_json(raw: str) -> EncodedJson:
    """Decode a header value that should be Base64 over a JSON object."""
    stripped = raw.strip()
    if stripped.startswith("{"):
        text = decode_json(stripped)
        plain = Deviation("not-encoded", "the JSON stands in the header as it is, without Base64")
        return EncodedJson(raw, text, (plain, *text.deviations, *_object_only(text)))
    encoded = decode_base64(raw)
    if encoded.data is None:
        return EncodedJson(raw, None, encoded.deviations)
    text = decode_json(encoded.data)
    return EncodedJson(raw, text, (*encoded.deviations, *text.deviations, *_object_only(text)))


def _object_only(text: JsonText) -> tuple[Deviation, ...]:
    if text.valid and not isinstance(text.value, dict):
        return (Deviation("not-an-object", f"the JSON is {_kind(text.value)}, not an object"),)
    return ()


def _kind(value: Any) -> str:
    names = {list: "an array", str: "a string", bool: "a boolean", int: "a number", float: "a number"}
    return names.get(type(value), "null")
