"""A server that stands in for the real one: it knows its own codes only, and answers a request as its content deserves.
It shares nothing with passlens but the documented cases, so it also judges what passlens made of a request."""

import base64
import json
import time
from typing import Any
from urllib.parse import parse_qsl, unquote

import forge
from cases import case
from samples.case import Case
from support.reply import Received, Reply
from support.upstream import Upstream

SP = forge.SERVICE_PROVIDER
OWN_CODES = tuple(forge.code(name) for name in ("C1", "C2", "P3", "P5", "R1"))
CLOCK = float(int(time.time()))
"""The server's clock stands still, so that it answers alike twice."""


class Api(Upstream):
    """The local upstream as a server of the API. ``seen`` has method and target of each request."""

    @property
    def seen(self) -> list[str]:
        """Method and path of each request, in the order they came."""
        return [f"{request.method} {request.target}" for request in self.received]

    def choose(self, request: Received) -> Reply:
        """The answer that the documentation has for such a request."""
        self.received.append(request)
        return Reply.of(_response(request))


def _response(request: Received) -> Case:
    path = unquote(request.target.partition("?")[0]).split("/")[1:]
    form = dict(parse_qsl(request.body.decode("latin-1")))
    match [request.method, *path]:
        case ["POST", "o", "client", "register"]:
            return _case("dcr-register")
        case ["POST", "o", "client", "token"]:
            return _case("dcr-token")
        case ["GET", "api", "v2", "authenticate", _, code]:
            return _case("authenticate") if code in OWN_CODES else _case("authenticate-html-400")
    if "broken" in (request.header("authorization") or "broken"):
        return _case("no-body-401")
    match [request.method, *path[3:]]:
        case ["POST", "sessions"]:
            return _case("C1" if "redirectUrl" in form else "C2-partial")
        case ["POST", "sessions", "sso", _]:
            if "redirectUrl" not in form:
                return _case("P5")
            return _case("P3" if _defect(request) else "P1")
        case ["POST", "profiles", "sso", _]:
            defect = _defect(request)
            return _error(f"invalid_header_pfs_{defect}") if defect else _case("partner-profile")
        case ["POST", "sessions", code]:
            return _case("R1") if code in OWN_CODES else _error("invalid_parameter_code")
        case ["GET", "sessions", code]:
            return _case("RS-B") if code in OWN_CODES else _error("invalid_parameter_code")
        case ["GET", "profiles", "code", code]:
            return _case("retrieve-profile-code") if code in OWN_CODES else _error("invalid_parameter_code")
        case ["GET", "profiles"]:
            return _case("retrieve-profiles")
        case ["GET", "profiles", _]:
            return _case("retrieve-profile-mvpd")
        case ["POST", "decisions", kind, _]:
            return _case(kind)
        case ["GET", "logout", _]:
            return _case("logout")
    return _case("retrieve-configuration")


def _case(name: str) -> Case:
    return case(name, CLOCK)


def _error(code: str) -> Case:
    made = _case("invalid_parameter_code-resume-session")
    return made.with_answer(**{**json.loads(made.response_body), "code": code}).named(code)


def _defect(request: Received) -> str | None:
    """What is wrong with the partner status, as the end of an error code; None if nothing is."""
    raw = request.header("ap-partner-framework-status")
    if raw is None:
        return "permission_access_not_present"
    value: dict[str, Any] = json.loads(base64.b64decode(raw))
    if value.get("frameworkPermissionInfo", {}).get("accessStatus") != "granted":
        return "permission_access_not_granted"
    provider = value.get("frameworkProviderInfo", {})
    if not provider.get("id"):
        return "provider_id_not_determined"
    return "provider_info_expired" if int(provider["expirationDate"]) < time.time() * 1000 else None
