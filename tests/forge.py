"""Made-up values for tests and recordings: tokens, device headers, SAML, codes. No value comes from a real system.
Everything follows from its seed and from a clock in epoch seconds, so that a run can be repeated exactly."""

import base64
import json
import random
import uuid as uuids
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any

CLOCK = 1767323045.0
"""The clock of everything that does not ask for another: 2026-01-02T03:04:05Z."""

SERVICE_PROVIDER = "DEMOTV"
MVPD = "HarbourCable"
TEMPPASS = "TempPass_DemoTV"
PARTNER = "Apple"
DOMAIN = "demotv.example"
REDIRECT_URL = "https://demotv.example/signed-in?from=tv"
USER_AGENT = "DemoTV/4.2.1 (AppleTV14,1; tvOS 18.5) CFNetwork/3826.500.111 Darwin/24.5.0"

HOUR = 3600.0
SESSION_MS = 1_800_000

APPLE_TV: dict[str, Any] = {
    "primaryHardwareType": "SetTopBox",
    "model": "AppleTV",
    "version": "14,1",
    "manufacturer": "Apple",
    "vendor": "Apple",
    "osName": "tvOS",
    "osFamily": "tvOS",
    "osVendor": "Apple",
    "osVersion": "18.5",
    "displayWidth": 1920,
    "displayHeight": 1080,
    "connectionType": "WiFi",
    "applicationId": SERVICE_PROVIDER,
}
"""A complete and valid X-Device-Info object; the five required keys are among its members."""


def source(seed: object) -> random.Random:
    """A stream of random-looking values that is the same in every run."""
    return random.Random(f"passlens {seed}")


def b64(data: bytes | str, *, url_safe: bool = False, padding: bool = True) -> str:
    """Base64; the knobs give what clients do wrong."""
    raw = data.encode() if isinstance(data, str) else data
    text = (base64.urlsafe_b64encode(raw) if url_safe else base64.b64encode(raw)).decode()
    return text if padding else text.rstrip("=")


def json_text(value: object) -> str:
    """Compact JSON."""
    return json.dumps(value, separators=(",", ":"))


@cache
def uuid(seed: object) -> str:
    """A lower-case version 4 UUID."""
    return str(uuids.UUID(bytes=source(("uuid", seed)).randbytes(16), version=4))


@cache
def code(seed: object) -> str:
    """A session code: seven characters out of 0-9 and A-Z."""
    return "".join(source(("code", seed)).choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=7))


def epoch_ms(clock: float) -> str:
    """A time as the API writes it: epoch milliseconds in a string."""
    return str(int(clock * 1000))


# ---- signed tokens


def jws(claims: dict[str, Any], *, seed: object = "jws", alg: str = "RS256", **header: Any) -> str:
    """Three Base64url parts, the last of the length an RS256 signature has. Nobody's key signed it."""
    parts = [json_text({"alg": alg, **header}).encode(), json_text(claims).encode()]
    parts.append(source(("signature", seed, *parts)).randbytes(256))
    return ".".join(b64(part, url_safe=True, padding=False) for part in parts)


def access_token(clock: float = CLOCK, *, age: float = 600, lifetime: float = 6 * HOUR, **changes: Any) -> str:
    """An access token, valid at ``clock`` unless told otherwise. A change to None removes the claim."""
    issued = int(clock - age)
    claims: dict[str, Any] = {
        "sub": uuid("application"),
        "nbf": issued,
        "iss": "auth.adobe.com",
        "scopes": "api:client:v2",
        "exp": int(issued + lifetime),
        "iat": issued,
    }
    return jws(without_none(claims | changes), seed="access")


def bearer(clock: float = CLOCK, **changes: Any) -> str:
    """An Authorization value."""
    return f"Bearer {access_token(clock, **changes)}"


def service_token(clock: float = CLOCK, **changes: Any) -> str:
    """An AD-Service-Token value."""
    claims: dict[str, Any] = {
        "iss": "demotv-identity",
        "sub": uuid("viewer"),
        "aud": "Adobe",
        "iat": int(clock - 60),
        "exp": int(clock + HOUR),
    }
    return jws(without_none(claims | changes), seed="service", kid=uuid("key"))


def subject_token(clock: float = CLOCK) -> str:
    """An Adobe-Subject-Token or X-Roku-Reserved-Roku-Connect-Token value."""
    claims = {"sub": uuid("platform"), "iss": "demo-platform", "iat": int(clock - 60), "exp": int(clock + 24 * HOUR)}
    return jws(claims, seed="subject")


def software_statement() -> str:
    """The statement an application registers with."""
    claims = {"software_id": uuid("software"), "client_name": "DemoTV", "client_uri": "https://demotv.example"}
    return jws(claims, seed="software")


# ---- device and partner headers


def device_identifier(
    seed: object = "living room", *, kind: str = "fingerprint", hashed: bool = False, **encoding: bool
) -> str:
    """An AP-Device-Identifier value: the Base64 of a UUID text, or of the 32 bytes of a hash."""
    text = uuid(("device", seed))
    return f"{kind} {b64(sha256(text.encode()).digest() if hashed else text, **encoding)}"


def device_info(base: dict[str, Any] | None = None, **changes: Any) -> str:
    """An X-Device-Info value. A change to None removes the key."""
    return b64(json_text(without_none((APPLE_TV if base is None else base) | changes)))


def broken_device_info() -> str:
    """An X-Device-Info value whose JSON lacks the comma after osName and two required keys."""
    lines = ['"primaryHardwareType": "SetTopBox",', '"model": "AppleTV 4K",', '"manufacturer": "Apple",']
    lines += ['"osName": "tvOS"', '"osVendor": "Apple",', '"osVersion": "18.5"']
    return b64("{\n" + "".join(f"  {line}\n" for line in lines) + "}")


def partner_status(
    clock: float = CLOCK,
    *,
    access: str | None = "granted",
    provider: str | None = MVPD,
    expires_in: float | None = 12 * HOUR,
    number: bool = False,
    **more: Any,
) -> str:
    """An AP-Partner-Framework-Status value. ``number`` gives expirationDate the wrong JSON type."""
    expiry: str | int | None = None if expires_in is None else epoch_ms(clock + expires_in)
    if number and expiry is not None:
        expiry = int(expiry)
    status = {
        "frameworkPermissionInfo": without_none({"accessStatus": access}),
        "frameworkProviderInfo": without_none({"id": provider, "expirationDate": expiry}),
    }
    return b64(json_text(without_none(status | more)))


def denied_status(access: str = "denied") -> str:
    """An AP-Partner-Framework-Status value without permission, and so without a provider."""
    return partner_status(access=access, provider=None, expires_in=None)


def old_partner_status() -> str:
    """The structure that the first samples of AP-Partner-Framework-Status had."""
    return b64(json_text({"user_permissions": {}, "mvpd_status": {}}))


def temppass_identity(email: str = "viewer@demotv.example") -> str:
    """An AP-TempPass-Identity value."""
    return b64(json_text({"email": email}))


def visitor_id(seed: object = "viewer") -> str:
    """An AP-Visitor-Identifier value: an Experience Cloud ID of 38 digits."""
    return "".join(source(("ecid", seed)).choices("0123456789", k=38))


# ---- SAML


def saml_request(clock: float = CLOCK, seed: object = "saml") -> str:
    """The Base64 of a small SAML request."""
    return b64(_saml("AuthnRequest", "urn:demotv:example:sp", clock, seed))


def saml_response(clock: float = CLOCK, seed: object = "saml") -> str:
    """The Base64 of a small SAML response."""
    return b64(_saml("Response", "urn:harbour:example:idp", clock, seed))


def _saml(element: str, issuer: str, clock: float, seed: object) -> str:
    issued = datetime.fromtimestamp(int(clock), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<samlp:{element} xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Version="2.0"'
        f' ID="_{uuid((element, seed))}" IssueInstant="{issued}">'
        f'<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{issuer}</saml:Issuer>'
        f"</samlp:{element}>"
    )


def without_none(members: dict[str, Any]) -> dict[str, Any]:
    """The members that are not None."""
    return {name: value for name, value in members.items() if value is not None}
