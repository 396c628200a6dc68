"""What the benchmark sends and gets: sessions exchanges of some made-up Apple TVs, and other traffic.
As in real traffic, a device repeats its headers and forms, and every answer has codes, ids and times of its own."""

import base64
import itertools
import json
import random
import time
from collections.abc import Iterator
from email.utils import formatdate
from typing import Final, Literal, NamedTuple

from passlens.demo.device import ACCEPT, USER_AGENT, device_headers, partner_status
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange, Request
from passlens.sandbox.device import device_object

Kind = Literal["core", "distinct", "partner", "other", "large"]

DEVICES: Final = 20
OTHER_BODY: Final = bytes(range(256)) * 8
"""2 KiB that stand for a picture."""

LARGE_BODY: Final = bytes(1 << 20) * 50
"""50 MiB that stand for video."""

_FORM: Final = "application/x-www-form-urlencoded"
CLOCK: Final = float(int(time.time()))
"""When the bench was started, in seconds since the epoch."""

_YEAR: Final = 365 * 86_400


class Sent(NamedTuple):
    """One request: method, path, headers and body; the server tells the answer by the path."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def requests(kind: Kind, seed: int = 0) -> Iterator[Sent]:
    """An endless mix of requests, the same for the same seed; those of ``distinct`` each come from a device of their
    own, so that no header but that of its model is sent twice."""
    draw = random.Random(f"passlens bench {kind} {seed}")
    if kind == "other":
        for number in itertools.count():
            headers = {"User-Agent": USER_AGENT, "Accept": "image/*"}
            yield Sent("GET", f"/images/poster-{number}.png?size={draw.randrange(9999)}", headers, b"")
    if kind == "large":
        for number in itertools.count():
            yield Sent("GET", f"/videos/part-{number}.ts", {"User-Agent": USER_AGENT}, b"")
    devices = [_headers(number) for number in range(DEVICES)]
    for number in itertools.count():
        headers = devices[number % DEVICES] if kind != "distinct" else _headers(number)
        code = "".join(draw.choices("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=7))
        yield _core(3 if kind == "partner" else number // DEVICES % 4, code, headers)


def _headers(number: int) -> dict[str, str]:
    claims = {
        "sub": f"bench-device-{number}",
        "scopes": "api:client:v2",
        "iat": int(CLOCK),
        "exp": int(CLOCK) + _YEAR,
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
    status = partner_status("granted", "harbourcable", CLOCK + _YEAR)
    return Sent("POST", "/api/v2/DEMOTV/sessions/sso/Apple", with_form | status, form.partition("&")[2].encode())


_DEVICE: Final = device_object(Decoded(Exchange(Request(tuple(device_headers("bench").items())))))


def respond(method: str, path: str, number: int, at: float) -> tuple[dict[str, str], bytes]:
    """Headers and body of the answer to a request at a time; ``number`` makes its ids and its login differ from those
    of any other, as a server's do."""
    last, session = path.rpartition("/")[2], f"{number:08x}-0000-4000-8000-00000000be4c"
    headers = {"Date": formatdate(at, usegmt=True), "X-Request-Id": session}
    if path.startswith("/videos/"):
        return headers | {"Content-Type": "video/mp2t"}, LARGE_BODY
    if "/sessions" not in path:
        return headers | {"Content-Type": "image/png"}, OTHER_BODY
    code = f"{number:07}"[-7:] if last == "sessions" else last
    names = {"mvpd": "HarbourCable", "serviceProvider": "DEMOTV"}
    start = int(at * 1000)
    times = {"notBefore": str(start), "notAfter": str(start + 1_800_000)}
    body: dict[str, object]
    if last == "Apple":
        action = {"actionName": "partner_profile", "actionType": "direct", "reasonType": "none"}
        asked = {"type": "saml", "request": _login(session), "attributesNames": ["isUpstream", "userID"]}
        url = "/api/v2/DEMOTV/profiles/sso/Apple"
        body = action | {"url": url, "sessionId": session, **names, "authenticationRequest": asked}
    elif method == "GET":
        existing = names | {"domainName": "demotv.example", "redirectUrl": "https://demotv.example/done"}
        body = {"existingParameters": existing, "device": _DEVICE} | times
    else:
        action = {"actionName": "authenticate", "actionType": "interactive", "reasonType": "none"}
        body = action | {"url": f"/api/v2/authenticate/DEMOTV/{code}", "code": code, "sessionId": session}
        body |= names | times
    return headers | {"Content-Type": "application/json;charset=utf-8"}, json.dumps(body).encode()


def _login(session: str) -> str:
    request = f"<samlp:AuthnRequest ID='_{session}' Version='2.0'>" + " " * 600 + "</samlp>"
    return base64.b64encode(request.encode()).decode()
