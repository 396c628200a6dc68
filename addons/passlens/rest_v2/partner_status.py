"""The header AP-Partner-Framework-Status: what the platform's partner framework told the app about permission and
provider. Structure as on the header's page (doc-2026-01-13, expirationDate as stated since doc-2025-10-01)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from passlens.rest_v2.encoded_json import EncodedJson, decode_encoded_json
from passlens.rest_v2.wire import EpochMilliseconds, NonEmpty, Problem, Text, WireModel, problems

GRANTED: Final = "granted"
ACCESS: Final = ("granted", "denied", "restricted", "notDetermined")
"""Values of accessStatus since doc-2026-01-13."""

OLD_ACCESS: Final = "pending"
"""Removed on doc-2026-01-13; what it said is today said by notDetermined, which had another meaning before."""

OLD_MEMBERS: Final = ("user_permissions", "mvpd_status")
"""Structure of the samples until doc-2024-10-15."""

EXPIRATION: Final = "/frameworkProviderInfo/expirationDate"
"""JSON pointer of the expiry: epoch milliseconds as a string; the flow page checks it only if it is there."""

ACCESS_WORDS: Final = {
    "granted": "the user allowed access",
    "denied": "the user refused access",
    "restricted": "the app is not allowed to ask (since doc-2026-01-13)",
    "notDetermined": "the user has not chosen yet (before doc-2026-01-13: the app is not allowed to ask)",
    "pending": "the user has not chosen yet (old value, today notDetermined)",
}


class FrameworkError(WireModel):
    """An error of the partner framework."""

    code: Text | None = None
    message: Text | None = None


class PermissionInfo(WireModel):
    """Whether the app may read the TV provider account."""

    accessStatus: Literal["granted", "denied", "restricted", "notDetermined", "pending"]
    error: FrameworkError | None = None


class ProviderInfo(WireModel):
    """Which TV provider the user is signed in to on the device; ``id`` is the provider's mapping id at the partner."""

    id: NonEmpty
    expirationDate: EpochMilliseconds
    error: FrameworkError | None = None


class PartnerStatusModel(WireModel):
    """AP-Partner-Framework-Status after Base64 decoding."""

    frameworkPermissionInfo: PermissionInfo
    frameworkProviderInfo: ProviderInfo


Defect = Literal[
    "not-base64",
    "not-json",
    "old-structure",
    "no-access-status",
    "not-granted",
    "no-provider",
    "expiry-form",
    "expired",
]


@dataclass(frozen=True)
class PartnerStatus:
    """AP-Partner-Framework-Status of one request, decoded as far as it goes."""

    encoded: EncodedJson

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What the decoded object has wrong by its model; empty if there is no object or it has the old structure."""
        value = self.encoded.value
        if value is None or self.has_old_structure:
            return ()
        return problems(PartnerStatusModel.model_validate, value)

    @property
    def shown(self) -> dict[str, Any]:
        """The decoded object, salvaged members where the JSON is broken, for display."""
        return self.encoded.shown

    @cached_property
    def has_old_structure(self) -> bool:
        """True for the members of doc-2024-08-05."""
        value = self.encoded.value or {}
        return "frameworkPermissionInfo" not in value and any(name in value for name in OLD_MEMBERS)

    def _member(self, part: str, name: str) -> Any:
        inner = (self.encoded.value or {}).get(part)
        return inner.get(name) if isinstance(inner, dict) else None

    @cached_property
    def access(self) -> str | None:
        """accessStatus, if it is a string."""
        value = self._member("frameworkPermissionInfo", "accessStatus")
        return value if isinstance(value, str) else None

    @cached_property
    def provider(self) -> str | None:
        """The provider id, if it is a string that is not empty."""
        value = self._member("frameworkProviderInfo", "id")
        return value if isinstance(value, str) and value else None

    @cached_property
    def expires(self) -> float | None:
        """expirationDate in seconds since the epoch; read from digits in a string or a number, None otherwise."""
        value = self._member("frameworkProviderInfo", "expirationDate")
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 16:
            return int(value) / 1000
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**16:
            return value / 1000
        return None

    def defect(self, now: float | None) -> Defect | None:
        """The first reason why this status does not carry partner single sign-on at time ``now`` (epoch seconds).

        None means: granted, with a provider, not expired. Whether the server knows the provider cannot be seen here.
        Source: partner flow page, and the error codes invalid_header_pfs_* of the partner profile operation.
        """
        if self._flaw is None and now is not None and self.expires is not None and self.expires < now:
            return "expired"
        return self._flaw

    @cached_property
    def _flaw(self) -> Defect | None:
        """The first reason that does not depend on the time."""
        if self.encoded.json is None:
            return "not-base64"
        if self.encoded.value is None:
            return "not-json"
        if self.has_old_structure:
            return "old-structure"
        if self.access is None:
            return "no-access-status"
        if self.access != GRANTED:
            return "not-granted"
        if self.provider is None:
            return "no-provider"
        if any(problem.pointer == EXPIRATION and problem.kind != "missing" for problem in self.problems):
            return "expiry-form"
        return None


def decode_partner_status(raw: str) -> PartnerStatus:
    """Decode a header value."""
    return PartnerStatus(decode_encoded_json(raw))
