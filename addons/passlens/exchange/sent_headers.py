"""The headers of a request, decoded: on demand, once for all requests with the same headers."""

from collections.abc import Callable
from hashlib import sha256
from typing import Final, TypeVar, cast

from passlens.exchange.headers import KnownHeaders
from passlens.exchange.model import MAX_HEADER
from passlens.exchange.recorders import habit, has_mask, is_hash, is_header_mask
from passlens.rest_v2 import device_info, identifiers, partner_status, tokens
from passlens.rest_v2.deviation import Deviation
from passlens.rest_v2.device_info import DeviceInfo
from passlens.rest_v2.encoded_json import decode_encoded_json
from passlens.rest_v2.identifiers import DeviceIdentifier
from passlens.rest_v2.operations import Operation
from passlens.rest_v2.partner_status import PartnerStatus
from passlens.rest_v2.tokens import Bearer
from passlens.util.cache import cached_by_value
from passlens.util.cached_property import cached_property

T = TypeVar("T")

_DIGITS: Final = 32
"""Hexadecimal digits of the key of a device: more than anybody could meet twice."""

_COUNT: Final = 256
"""Values of each header that are kept: devices send the same ones again and again."""

decode_device_info: Final = cached_by_value(_COUNT)(device_info.decode_device_info)
decode_partner_status: Final = cached_by_value(_COUNT)(partner_status.decode_partner_status)
decode_device_identifier: Final = cached_by_value(_COUNT)(identifiers.decode_device_identifier)
decode_bearer: Final = cached_by_value(_COUNT)(tokens.decode_bearer)
_token_deviations: Final = cached_by_value(_COUNT)(tokens.jwt_deviations)
_identity: Final = cached_by_value(_COUNT)(decode_encoded_json)


def sent_headers(headers: KnownHeaders, operation: Operation | None, recorder: str | None) -> "SentHeaders":
    """The headers of a request of an operation (None for other traffic), as a tool recorded them (None for mitmproxy).
    They are kept with what was sent."""
    dropped = habit(recorder).headers if recorder is not None and operation is not None else None
    key = operation.id if operation is not None else None, dropped
    found = headers.views.get(key)
    if found is None:
        found = headers.views[key] = SentHeaders(headers, tuple(operation.headers if operation else ()), dropped)
    return cast("SentHeaders", found)


def hashed(kind: str, value: str | bytes) -> str:
    """The key of what tells a device; ``kind`` keeps equal texts of two kinds apart."""
    raw = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    return f"sha256:{sha256(kind.encode() + bytes(1) + raw).hexdigest()[:_DIGITS]}"


class SentHeaders:
    """Decoded headers. ``listed`` are those of the operation's page, ``dropped`` (lower case) those that the recorder
    drops by default; None for mitmproxy, which drops and masks none."""

    def __init__(self, headers: KnownHeaders, listed: tuple[str, ...], dropped: frozenset[str] | None) -> None:
        self._by_name: Final = headers.by_name
        self._listed: Final = tuple(map(str.lower, listed))
        self._dropped: Final = dropped

    @cached_property
    def device_info(self) -> DeviceInfo | None:
        """X-Device-Info decoded, or None if the header is missing, masked or too long to be looked into."""
        return self._decoded("x-device-info", decode_device_info)

    @cached_property
    def partner_status(self) -> PartnerStatus | None:
        """AP-Partner-Framework-Status decoded, or None if missing, masked or too long."""
        return self._decoded("ap-partner-framework-status", decode_partner_status)

    @cached_property
    def device_identifier(self) -> DeviceIdentifier | None:
        """AP-Device-Identifier decoded, or None if missing, masked or too long."""
        return self._decoded("ap-device-identifier", decode_device_identifier)

    @cached_property
    def bearer(self) -> Bearer | None:
        """Authorization decoded, or None if missing, masked or too long."""
        return self._decoded("authorization", decode_bearer)

    @cached_property
    def deviations(self) -> dict[str, tuple[Deviation, ...]]:
        """Liberties taken with the encoded headers, by header; headers that took none are left out."""
        identity = self._decoded("ap-temppass-identity", _identity)
        identifier = self.device_identifier.encoded if self.device_identifier is not None else None
        token = self.bearer.token if self.bearer is not None and self.bearer.jwt is not None else None
        found = {
            "X-Device-Info": self.device_info.encoded.deviations if self.device_info is not None else (),
            "AP-Partner-Framework-Status": self.partner_status.encoded.deviations if self.partner_status else (),
            "AP-Device-Identifier": identifier.deviations if identifier is not None else (),
            "AP-TempPass-Identity": identity.deviations if identity is not None else (),
            "Authorization": _token_deviations(token) if token is not None else (),
        }
        return {name: deviations for name, deviations in found.items() if deviations}

    def _decoded(self, name: str, decode: Callable[[str], T]) -> T | None:
        values = self._by_name.get(name)
        if values is None or len(values[0]) > MAX_HEADER or name in self.masked:
            return None
        return decode(values[0])

    # ---- what the recording lacks

    @cached_property
    def masked(self) -> frozenset[str]:
        """Names (lower case) of the operation's request headers whose value, or a part of it, is a mask.

        Where mitmproxy recorded, which masks nothing, it is what the app really sent.
        """
        if self._dropped is None:
            return frozenset()
        values = ((name, value) for name in self._listed for value in self._by_name.get(name, ()))
        return frozenset(name for name, value in values if has_mask(value) or is_header_mask(value))

    @cached_property
    def left_out(self) -> frozenset[str]:
        """Names (lower case) of the operation's request headers that are not there because the recorder drops them.

        All of them, if it recorded no header at all; a tool that drops some by default did so, unless one of these is
        there.
        """
        if self._dropped is None:
            return frozenset()
        if not self._by_name:
            return frozenset(self._listed)
        if self._dropped & self._by_name.keys():
            return frozenset()
        return frozenset(name for name in self._listed if name in self._dropped)

    # ---- who sent it

    @cached_property
    def identifier_key(self) -> str | None:
        """The key of AP-Device-Identifier, None without one. The header is decoded, so that its spellings (padding,
        URL-safe alphabet, quotes) give one key; what cannot be decoded, or was hashed by the recorder, counts as it
        stands."""
        identifier = self.device_identifier
        if identifier is not None and identifier.encoded is not None and identifier.encoded.data is not None:
            return hashed("identifier", identifier.encoded.data)
        sent = self._by_name.get("ap-device-identifier", [""])[0].strip()
        stands = "ap-device-identifier" not in self.masked or is_hash(sent)
        return hashed("identifier as sent", sent) if sent and stands else None

    @cached_property
    def subject(self) -> str | None:
        """The client registration that the bearer token speaks for, its ``sub``; None where it names none."""
        subject = self.bearer.jwt.claims.get("sub") if self.bearer is not None and self.bearer.jwt is not None else None
        return subject if isinstance(subject, str) and subject else None
