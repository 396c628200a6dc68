"""A documented case: one request with the answer the documentation gives it, and what passlens should call that answer.
The builders below fill in what every conformant client sends and every conformant server returns."""

import json
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import forge

HOST = "sp.auth.adobe.com"
ACCEPT = "application/json;charset=utf-8"
FORM = "application/x-www-form-urlencoded"
JSON_ANSWER = (("Content-Type", "application/json;charset=UTF-8"),)

Headers = tuple[tuple[str, str], ...]

REASONS = {200: "OK", 201: "Created", 302: "Found", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden"}
REASONS |= {405: "Method Not Allowed", 429: "Too Many Requests", 500: "Internal Server Error"}


@dataclass(frozen=True)
class Case:
    """One case. ``outcome`` is a truth-table row or a retrieve shape, ``error`` what an error answer reports,
    ``form`` its form. ``group`` is ``current``, ``other``, ``revisions``, ``variants`` or ``errors``."""

    name: str
    operation: str
    method: str
    path: str
    headers: Headers
    body: bytes
    status: int
    answer_headers: Headers
    response_body: bytes
    outcome: str | None = None
    error: str | None = None
    form: str | None = None
    group: str = "current"
    host: str = HOST

    @property
    def reason(self) -> str:
        """The reason phrase an HTTP/1.1 server sends."""
        return REASONS.get(self.status, "")

    def named(self, name: str, **changes: Any) -> "Case":
        """The same case under another name, with other attributes."""
        return replace(self, name=name, **changes)

    def with_header(self, name: str, value: str) -> "Case":
        """The same case with a request header set (in its old place, or at the end)."""
        return replace(self, headers=_set(self.headers, name, value))

    def without_header(self, name: str) -> "Case":
        """The same case without a request header."""
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() != name.lower()))

    def with_form(self, **parameters: str) -> "Case":
        """The same case with other form parameters."""
        return replace(self, body=form(**parameters))

    def with_answer_header(self, name: str, value: str) -> "Case":
        """The same case with an answer header set."""
        return replace(self, answer_headers=_set(self.answer_headers, name, value))

    def with_answer(self, **changes: Any) -> "Case":
        """The same case with members of the answer's JSON object set; None removes a member."""
        return replace(self, response_body=dump(forge.without_none(json.loads(self.response_body) | changes)))


def _set(headers: Headers, name: str, value: str) -> Headers:
    if all(have.lower() != name.lower() for have, _ in headers):
        return (*headers, (name, value))
    return tuple((have, value if have.lower() == name.lower() else old) for have, old in headers)


def dump(value: object) -> bytes:
    """The body of a JSON answer."""
    return json.dumps(value).encode()


def form(**parameters: str) -> bytes:
    """A form body."""
    return urlencode(parameters).encode()


FULL = {"mvpd": forge.MVPD, "domainName": forge.DOMAIN, "redirectUrl": forge.REDIRECT_URL}
"""The form of create and resume with nothing left out."""


def request_headers(clock: float, *extra: tuple[str, str], media_type: str | None = None) -> Headers:
    """What every call but authenticate carries, ``extra`` before the ordinary headers."""
    headers = [
        ("Authorization", forge.bearer(clock)),
        ("AP-Device-Identifier", forge.device_identifier()),
        ("X-Device-Info", forge.device_info()),
        *extra,
    ]
    if media_type is not None:
        headers.append(("Content-Type", media_type))
    return (*headers, ("Accept", ACCEPT), ("User-Agent", forge.USER_AGENT))


def lifetime(clock: float) -> dict[str, str]:
    """notBefore and notAfter of a session that was made a moment before ``clock``."""
    start = int(clock * 1000) - 250
    return {"notBefore": str(start), "notAfter": str(start + forge.SESSION_MS)}
