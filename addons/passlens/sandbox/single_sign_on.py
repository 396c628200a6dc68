"""Single sign-on by a token: whoever signed in with one is signed in in every app that sends one of the same user. The
platform gives Adobe-Subject-Token or Roku's token (type platformSSO), a service of the programmer's AD-Service-Token
(type serviceTokenSSO)."""

import hashlib
from typing import Final, Literal, NamedTuple

from passlens.exchange.decoded import Decoded
from passlens.exchange.model import MAX_HEADER
from passlens.rest_v2.tokens import decode_jwt

SsoKind = Literal["platformSSO", "serviceTokenSSO"]

HEADERS: Final[dict[str, SsoKind]] = {
    "AD-Service-Token": "serviceTokenSSO",
    "Adobe-Subject-Token": "platformSSO",
    "X-Roku-Reserved-Roku-Connect-Token": "platformSSO",
}
"""What brings such a profile about, by header, the first one that a request has (profiles pages)."""


class SsoIdentity(NamedTuple):
    """Whom a token is about: the kind of single sign-on, and a digest that is the same for all tokens of one user."""

    kind: SsoKind
    subject: str


def identity_of(ex: Decoded, now: float) -> SsoIdentity | None:
    """Whom the token of a request is about, where its operation takes one; None for none, and for one that is over.

    A signed token is known by issuer and subject; one that cannot be read stands for itself.
    """
    for name, kind in HEADERS.items():
        value = ex.request.header(name) if name in ex.operation.headers else None
        if value is None or not value.strip() or len(value) > MAX_HEADER:
            continue
        jwt = decode_jwt(value.strip())[0]
        expires = jwt.time("exp") if jwt is not None else None
        if expires is not None and expires <= now:
            continue
        subject = jwt.claims.get("sub") if jwt is not None else None
        who = f"{jwt.claims.get('iss')} {subject}" if jwt is not None and isinstance(subject, str) else value.strip()
        return SsoIdentity(kind, hashlib.sha256(who.encode("utf-8", "surrogatepass")).hexdigest())
    return None
