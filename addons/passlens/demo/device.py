"""A made-up Apple TV: the headers it sends, encoded as the documentation wants them.
Nothing in here belongs to a real device or person."""

import base64
import json
import uuid
from typing import Any, Final

USER_AGENT: Final = "PasslensDemo/1.0 (Apple TV; tvOS 18.5)"
ACCEPT: Final = "application/json;charset=utf-8"
DEVICE_INFO: Final = {
    "primaryHardwareType": "SetTopBox",
    "model": "AppleTV",
    "version": "14,1",
    "manufacturer": "Apple",
    "osName": "tvOS",
    "osVersion": "18.5",
    "connectionType": "WiFi",
}


def encoded(value: Any) -> str:
    """Base64 over JSON, as X-Device-Info and AP-Partner-Framework-Status want it."""
    return base64.b64encode(json.dumps(value).encode()).decode()


def device_headers(name: str) -> dict[str, str]:
    """The headers of every call of one device; the same name is the same device."""
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"https://example.com/passlens-demo/{name}")
    return {
        "AP-Device-Identifier": f"fingerprint {base64.b64encode(str(identifier).encode()).decode()}",
        "X-Device-Info": encoded(DEVICE_INFO),
        "Accept": ACCEPT,
        "User-Agent": USER_AGENT,
    }


def partner_status(access: str, provider: str | None, expires: float) -> dict[str, str]:
    """AP-Partner-Framework-Status; ``expires`` in seconds since the epoch. Without a provider its part is empty."""
    info = {"id": provider, "expirationDate": str(int(expires * 1000))} if provider else {}
    value = {"frameworkPermissionInfo": {"accessStatus": access}, "frameworkProviderInfo": info}
    return {"AP-Partner-Framework-Status": encoded(value)}


def saml_response() -> str:
    """What the partner framework would hand to the app; made up, signed by nobody."""
    text = '<?xml version="1.0"?><samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_demo"/>'
    return base64.b64encode(text.encode()).decode()


def software_statement(name: str) -> str:
    """A software statement in the form of a JWT, one for each device, since all of them have one address; made up,
    signed by nobody."""
    software = uuid.uuid5(uuid.NAMESPACE_URL, f"https://example.com/passlens-demo/{name}/software")
    parts = ({"alg": "RS256"}, {"software_id": str(software), "client_name": "passlens demo"})
    words = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*words, "ZGVtbw"])
