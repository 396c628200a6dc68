"""What the benchmark sends and gets: sessions exchanges of some made-up Apple TVs, and other traffic.
Every exchange has a code and an id of its own, so that no cache can answer for the work."""

import base64
import itertools
import json
import random
import time
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from passlens.demo.device import ACCEPT, USER_AGENT, device_headers, partner_status
from passlens.exchange import Exchange, Request
from passlens.sandbox.device import device_object

Kind = Literal["core", "partner", "other"]

DEVICES: Final = 20
OTHER_BODY: Final = bytes(range(256)) * 8
"""2 KiB that stand for a picture."""

_FORM: Final = "application/x-www-form-urlencoded"
_CLOCK: Final = float(int(time.time()))
_YEAR: Final = 365 * 86_400


class Sent(NamedTuple):
    """One request: method, path, headers and body; the server tells the answer by the path."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def requests(kind: Kind, seed: int = 0) -> Iterator[Sent]:
    """An endless mix of requests, the same for the same seed."""
    draw = random.Random(f"passlens bench {kind} {seed}")
    if kind == "other":
        for number in itertools.count():
            headers = {"User-Agent": USER_AGENT, "Accept": "image/*"}
            yield Sent("GET", f"/images/poster-{number}.png?size={draw.randrange(9999)}", headers, b"")
    devices = [_headers(number) for number in range(DEVICES)]
    for number in itertools.count():
        headers = devices[number % DEVICES]
        code = "".join(draw.choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=7))
        yield _core(3 if kind == "partner" else number // DEVICES % 4, code, headers)


def _headers(number: int) -> dict[str, str]:
    claims = {
        "sub": f"bench-device-{number}",
        "scopes": "api:client:v2",
        "iat": int(_CLOCK),
        "exp": int(_CLOCK) + _YEAR,
    }
    parts = [{"alg": "RS256"}, claims]
    token = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    bearer = ".".join([*token, base64.urlsafe_b64encode(random.Random(number).randbytes(256)).decode().rstrip("=")])
    return {"Authorization": f"Bearer {bearer}", **device_headers(f"bench {number}"), "Accept": ACCEPT}


def _core(which: int, code: str, headers: dict[str, str]) -> Sent:
    form = "mvpd=HarbourCable&domainName=demotv.example&redirectUrl=https%3A%2F%2Fdemotv.example%2Fdone"
    with_form = headers | {"Content-Type": _FORM}
    if which == 0:
        return Sent("POST", "/api/v2/DEMOTV/sessions", with_form, form.encode())
    if which == 1:
        return Sent("POST", f"/api/v2/DEMOTV/sessions/{code}", with_form, form.encode())
    if which == 2:
        return Sent("GET", f"/api/v2/DEMOTV/sessions/{code}", headers, b"")
    status = partner_status("granted", "harbourcable", _CLOCK + _YEAR)
    return Sent("POST", "/api/v2/DEMOTV/sessions/sso/Apple", with_form | status, form.partition("&")[2].encode())


_DEVICE: Final = device_object(Exchange(Request(tuple(device_headers("bench").items()))))
_SAML: Final = base64.b64encode(b"<samlp:AuthnRequest ID='_bench' Version='2.0'>" + b" " * 600 + b"</samlp>").decode()


def answer(method: str, path: str, number: int) -> tuple[str, bytes]:
    """Media type and body of the answer to a request; ``number`` makes its ids differ from those of any other."""
    if "/sessions" not in path:
        return "image/png", OTHER_BODY
    last, session = path.rpartition("/")[2], f"{number:08x}-0000-4000-8000-00000000be4c"
    code = f"{number:07}"[-7:] if last == "sessions" else last
    names = {"mvpd": "HarbourCable", "serviceProvider": "DEMOTV"}
    times = {"notBefore": str(int(_CLOCK * 1000)), "notAfter": str(int(_CLOCK * 1000) + _YEAR * 1000)}
    body: dict[str, object]
    if last == "Apple":
        action = {"actionName": "partner_profile", "actionType": "direct", "reasonType": "none"}
        asked = {"type": "saml", "request": _SAML, "attributesNames": ["isUpstream", "userID"]}
        url = "/api/v2/DEMOTV/profiles/sso/Apple"
        body = action | {"url": url, "sessionId": session, **names, "authenticationRequest": asked}
    elif method == "GET":
        existing = names | {"domainName": "demotv.example", "redirectUrl": "https://demotv.example/done"}
        body = {"existingParameters": existing, "device": _DEVICE} | times
    else:
        action = {"actionName": "authenticate", "actionType": "interactive", "reasonType": "none"}
        body = action | {"url": f"/api/v2/authenticate/DEMOTV/{code}", "code": code, "sessionId": session}
        body |= names | times
    return "application/json;charset=utf-8", json.dumps(body).encode()
