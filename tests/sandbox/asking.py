"""Asking the sandbox: a client with one device that sends what a conformant app sends, and what passlens' own checks
say about the answers."""

import json
import random
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

import forge
from passlens.analysis.analyzer import analyze
from passlens.checks.runner import OF_A_SAMPLE
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange, Request
from passlens.rest_v2.operations import BY_ID, FORM, JSON
from passlens.sandbox import decisions
from passlens.sandbox.registration import access_token
from passlens.sandbox.response import SyntheticResponse
from passlens.sandbox.server import Api
from support.fact_reader import Answer
from support.fact_reader import objections as fact_objections

SP = forge.SERVICE_PROVIDER
STATUS = "AP-Partner-Framework-Status"
FULL = {"mvpd": "MeridianFiber", "domainName": forge.DOMAIN, "redirectUrl": forge.REDIRECT_URL}
LEAVE = "?redirectUrl=https%3A%2F%2Fdemotv.example%2Fbye"
"""The query of a logout: where the user agent goes in the end."""
HARBOUR = "harbour-cable"
"""The mapping id of the made-up provider that has partner single sign-on."""

SAYS_WHAT_IT_IS = {"PL503", "PL405", "PL427"}
"""Notes about answers that are as documented: that a client was throttled, that C7 is not confirmed, that the samples
say domain. Of an answer that is marked as passlens' own, nothing is said of these."""


def headers(device: object = "tv", clock: float = forge.CLOCK, **more: str | None) -> tuple[tuple[str, str], ...]:
    """The headers of a conformant call; a keyword with underscores sets a header, None takes it away."""
    made: dict[str, str | None] = {
        "Authorization": f"Bearer {access_token(forge.uuid('client'), now=clock, rng=random.Random(1))}",
        "AP-Device-Identifier": forge.device_identifier(device),
        "X-Device-Info": forge.device_info(),
        "Accept": "application/json;charset=utf-8",
        "User-Agent": forge.USER_AGENT,
    }
    made |= {name.replace("_", "-"): value for name, value in more.items()}
    return tuple((name, value) for name, value in made.items() if value is not None)


def exchange(
    method: str,
    path: str,
    sent: tuple[tuple[str, str], ...] | None = None,
    body: bytes = b"",
    clock: float = forge.CLOCK,
) -> Exchange:
    """A request to a known host, without an answer yet."""
    request = Request(headers() if sent is None else sent, body, None, method, path=path, client="192.0.2.7")
    request = replace(request, host="sp.auth.adobe.com")
    return Exchange(request, started=clock)


def call(operation: str, clock: float = forge.CLOCK, *, device: object = "tv", **values: Any) -> Exchange:
    """A conformant request of an operation. ``code``, ``mvpd_path``, ``partner`` fill the path, ``form`` is the body's
    form, ``resources`` its JSON list; other keywords are headers."""
    row = BY_ID[operation]
    path = row.prefix + row.paths[0]
    segments = {"serviceProvider": SP, "code": "AAAAAAA", "mvpd": "MeridianFiber", "partner": "Apple"}
    for name in segments:
        segments[name] = values.pop({"mvpd": "mvpd_path"}.get(name, name), segments[name])
        path = path.replace("{" + name + "}", segments[name])
    body, form = b"", values.pop("form", None)
    if row.media_type == FORM:
        body = urlencode(form if form is not None else {}).encode()
    resources = values.pop("resources", ["Sports"])
    if row.media_type == JSON:
        body = json.dumps({"resources": resources} if operation != "dcr-register" else form or {}).encode()
    if row.media_type is not None:
        values.setdefault("Content_Type", row.media_type)
    query = values.pop("query", LEAVE if operation == "logout" else "")
    return exchange(row.method, path + query, headers(device, clock, **values), body, clock)


def analyzed(ex: Exchange, made: SyntheticResponse) -> dict[str, Any]:
    """The verdict on a request with that answer."""
    return analyze(replace(ex, response=made.as_response(), duration_ms=3.0))


def departures(ex: Exchange, made: SyntheticResponse) -> list[str]:
    """What the fact base alone has against the answer."""
    assert ex.route is not None
    asked = decisions.resources(Decoded(ex))
    path = ex.route.parameters
    return fact_objections(Answer(ex.operation.id, path, made.status, dict(made.headers), made.body, asked))


def objections(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """What the checks have against the answer; what they have against the request alone is the request's."""
    found = [finding for finding in entry["findings"] if finding["side"] != "request"]
    return [
        finding
        for finding in found
        if finding["code"] not in SAYS_WHAT_IT_IS and (finding["code"], finding["severity"]) != OF_A_SAMPLE
    ]


def value(made: SyntheticResponse) -> Any:
    """The JSON of an answer."""
    return json.loads(made.body)


class Device:
    """One device that talks to an Api; the clock goes on as told. Every answer is judged on the way."""

    def __init__(self, api: Api, name: object = "tv", *, beside_a_server: bool = False) -> None:
        self.api, self.name, self.now, self.beside = api, name, forge.CLOCK, beside_a_server
        self.entry: dict[str, Any] = {}

    def send(self, ex: Exchange) -> SyntheticResponse:
        """The answer to a request, which must be free of objections."""
        made = self.api.belongs_to(Decoded(ex), self.now) if self.beside else self.api.respond(Decoded(ex), self.now)
        assert made is not None, f"{ex.request.path} belongs to the real server"
        self.entry = analyzed(ex, made)
        assert objections(self.entry) == [], [(f["code"], f["at"], f["message"]) for f in objections(self.entry)]
        assert departures(ex, made) == [], departures(ex, made)
        return made

    def ask(self, operation: str, **values: Any) -> Any:
        """The JSON of an answer."""
        return value(self.send(call(operation, self.now, device=self.name, **values)))

    def browse(self, url: str, method: str = "GET", body: bytes = b"") -> SyntheticResponse:
        """What a user agent gets that opens a url."""
        assert urlsplit(url).path.startswith("/api/v2/authenticate/")
        sent = (("User-Agent", "Mozilla/5.0 Safari/604.1"), ("Accept", "text/html"))
        ex = exchange(method, url, sent, body, self.now)
        made = self.api.belongs_to(Decoded(ex), self.now) if self.beside else self.api.respond(Decoded(ex), self.now)
        assert made is not None
        return made
