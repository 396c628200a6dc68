"""One plausible success of each of the operations outside the sessions core."""

from typing import Any
from urllib.parse import urlencode

import forge
from samples.case import ACCEPT, FORM, JSON_ANSWER, Case, dump, form, request_headers

SP, MVPD = forge.SERVICE_PROVIDER, forge.MVPD
JSON_REQUEST = "application/json;charset=utf-8"


ROWS = {
    "retrieve-configuration": "CA-1",
    "retrieve-profiles": "PA-1",
    "retrieve-profile-mvpd": "PM-1",
    "retrieve-profile-code": "PC-1",
    "partner-profile": "PP-1",
    "authorize": "DA-1",
    "preauthorize": "DA-1",
    "logout": "LA-1",
    "dcr-register": "G-1",
    "dcr-token": "T-1",
}
"""The answer row of each."""


def profile(clock: float, kind: str = "regular", issuer: str = MVPD) -> dict[str, Any]:
    """A profile; its times are JSON integers, unlike those of a session."""
    end = int((clock + 30 * 24 * forge.HOUR) * 1000)
    attributes: dict[str, Any] = {"userID": {"value": forge.uuid("user"), "state": "plain"}}
    if kind == "temporary":
        attributes["userID"]["value"] = f"temppass_{forge.uuid('user')}"
        attributes["expiration_date"] = {"value": end, "state": "plain"}
    return {
        "notBefore": int(clock * 1000) - 60_000,
        "notAfter": end,
        "issuer": issuer,
        "type": kind,
        "attributes": attributes,
    }


def decision(clock: float, resource: str, *, token: bool) -> dict[str, Any]:
    """A positive decision, with a media token if it is an authorization."""
    made = {"resource": resource, "serviceProvider": SP, "mvpd": MVPD, "source": "mvpd", "authorized": True}
    if token:
        start = int(clock * 1000)
        serialized = forge.b64(forge.source("media").randbytes(48))
        made["token"] = {"notBefore": start, "notAfter": start + 420_000, "serializedToken": serialized}
    return made


def configuration() -> dict[str, Any]:
    """A configuration with two MVPDs, one of them boarded for Apple single sign-on."""
    apple = {"boardingStatus": "SUPPORTED", "enablePlatformServices": True, "displayInPlatformPicker": True}
    logo = f"https://{forge.DOMAIN}/logo.png"
    first = {"id": MVPD, "displayName": "Harbour Cable", "logoUrl": logo, "platformMappingId": MVPD, **apple}
    second = {"id": "MeridianFiber", "displayName": "Meridian Fiber", "logoUrl": logo, "boardingStatus": "PICKER"}
    return {"requestor": {"id": SP, "name": "Demo TV", "displayName": "Demo TV", "mvpds": [first, second]}}


def others(clock: float) -> list[Case]:
    """Every non-core operation once."""
    granted = ("AP-Partner-Framework-Status", forge.partner_status(clock))
    visitor = ("AP-Visitor-Identifier", forge.visitor_id())
    identity = ("AP-TempPass-Identity", forge.temppass_identity())
    profiles = dump({"profiles": {MVPD: profile(clock)}})
    temporary = dump({"profiles": {forge.TEMPPASS: profile(clock, "temporary", "Adobe")}})
    resources = dump({"resources": ["DemoTV-Sports"]})
    code = forge.code("C1")
    api = f"/api/v2/{SP}"
    json_type = {"media_type": JSON_REQUEST}
    plain, with_sso = request_headers(clock), request_headers(clock, granted, visitor)

    def get(operation: str, path: str, headers: tuple[tuple[str, str], ...], body: bytes) -> Case:
        return Case(
            operation, operation, "GET", path, headers, b"", 200, JSON_ANSWER, body, ROWS[operation], group="other"
        )

    def post(
        operation: str, path: str, headers: tuple[tuple[str, str], ...], sent: bytes, body: bytes, status: int = 200
    ) -> Case:
        return Case(
            operation, operation, "POST", path, headers, sent, status, JSON_ANSWER, body, ROWS[operation], group="other"
        )

    return [
        _authenticate(code),
        get("retrieve-configuration", f"{api}/configuration", plain, dump(configuration())),
        get("retrieve-profiles", f"{api}/profiles", with_sso, profiles),
        get("retrieve-profile-mvpd", f"{api}/profiles/{forge.TEMPPASS}", request_headers(clock, identity), temporary),
        get("retrieve-profile-code", f"{api}/profiles/code/{code}", plain, profiles),
        post("partner-profile", f"{api}/profiles/sso/{forge.PARTNER}", request_headers(clock, granted, media_type=FORM),
             form(SAMLResponse=forge.saml_response(clock)),
             dump({"profiles": {MVPD: profile(clock, "appleSSO", "Apple")}}), 201),
        post("authorize", f"{api}/decisions/authorize/{MVPD}", request_headers(clock, granted, **json_type),
             resources, dump({"decisions": [decision(clock, "DemoTV-Sports", token=True)]})),
        post("preauthorize", f"{api}/decisions/preauthorize/{MVPD}", request_headers(clock, **json_type),
             resources, dump({"decisions": [decision(clock, "DemoTV-Sports", token=False)]})),
        get("logout", f"{api}/logout/{MVPD}?{urlencode({'redirectUrl': forge.REDIRECT_URL})}", plain,
            dump({"logouts": {MVPD: {"actionName": "complete", "actionType": "none", "mvpd": MVPD}}})),
        post("dcr-register", "/o/client/register", _dcr_headers(JSON_REQUEST),
             dump({"software_statement": forge.software_statement()}), dump(_registered(clock)), 201),
        post("dcr-token", "/o/client/token", _dcr_headers(FORM),
             form(client_id=forge.uuid("client"), client_secret=forge.uuid("secret"), grant_type="client_credentials"),
             dump(_token(clock)), 201),
    ]  # fmt: skip


def _authenticate(code: str) -> Case:
    query = {"noflash": "true", "mso_id": MVPD, "requestor_id": SP, "no_iframe": "false"}
    query |= {"domain_name": forge.DOMAIN, "redirect_url": forge.REDIRECT_URL}
    location = f"https://sp.auth.adobe.com/adobe-services/authenticate/saml?{urlencode(query)}"
    headers = (("Accept", "text/html"), ("User-Agent", forge.USER_AGENT))
    path = f"/api/v2/authenticate/{SP}/{code}"
    return Case("authenticate", "authenticate", "GET", path, headers, b"", 302, (("Location", location),), b"",
                "U-1", group="other")  # fmt: skip


def _dcr_headers(media_type: str) -> tuple[tuple[str, str], ...]:
    return (
        ("X-Device-Info", forge.device_info()),
        ("Content-Type", media_type),
        ("Accept", ACCEPT),
        ("User-Agent", forge.USER_AGENT),
    )


def _registered(clock: float) -> dict[str, Any]:
    return {
        "client_id": forge.uuid("client"),
        "client_secret": forge.uuid("secret"),
        "client_id_issued_at": int(clock),
        "redirect_uris": [f"app.{forge.DOMAIN}://signed-in"],
        "grant_types": ["client_credentials"],
        "scopes": ["api:client:v2"],
    }


def _token(clock: float) -> dict[str, Any]:
    return {
        "id": forge.uuid("token"),
        "access_token": forge.access_token(clock, age=0),
        "created_at": int(clock * 1000),
        "expires_in": 21600,
        "token_type": "bearer",
    }
