"""Bearer tokens and the tokens of single sign-on: JWTs read for display and for their times, never verified.
The Authorization page calls the access token opaque; every sample is a JWT signed with RS256."""

from dataclasses import dataclass
from typing import Any, Final

from passlens.rest_v2.base64_decoding import decode_base64
from passlens.rest_v2.deviation import Deviation
from passlens.rest_v2.json_decoding import decode_json

SCOPE: Final = "api:client:v2"
"""Value of the scopes claim in every sample."""


@dataclass(frozen=True)
class Jwt:
    """A compact JWS with its readable parts; ``encrypted`` is True for the five parts of a JWE, which has none."""

    header: dict[str, Any]
    claims: dict[str, Any]
    encrypted: bool = False

    def time(self, claim: str) -> float | None:
        """A time claim (``exp``, ``nbf``, ``iat``) in seconds since the epoch, or None."""
        value = self.claims.get(claim)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 10**12:
            return None
        return float(value)

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes claim; samples write one string, several may be separated by blanks or stand in an array."""
        value = self.claims.get("scopes", self.claims.get("scope"))
        if isinstance(value, str):
            return tuple(value.replace(",", " ").split())
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


@dataclass(frozen=True)
class Bearer:
    """Authorization of one request. ``scheme`` is what stands before the first blank, ``jwt`` None for an opaque
    token, ``problem`` says why a token of three parts could not be read."""

    scheme: str
    token: str
    jwt: Jwt | None
    problem: str | None


def decode_jwt(token: str) -> tuple[Jwt | None, str | None]:
    """Read a compact JWS or JWE: the parts, or None with the reason; (None, None) if it does not look like one."""
    parts = token.split(".")
    if len(parts) not in (3, 5) or not all(parts[:1]):
        return None, None
    header, problem = _object(parts[0], "header")
    if header is None:
        return None, problem
    if len(parts) == 5:
        return Jwt(header, {}, encrypted=True), None
    claims, problem = _object(parts[1], "claims")
    return (None, problem) if claims is None else (Jwt(header, claims), None)


def _object(part: str, name: str) -> tuple[dict[str, Any] | None, str | None]:
    encoded = decode_base64(part)
    if encoded.data is None:
        return None, f"its {name} are not Base64" if name == "claims" else f"its {name} is not Base64"
    text = decode_json(encoded.data)
    if not isinstance(text.value, dict):
        return None, f"its {name} hold no JSON object" if name == "claims" else f"its {name} holds no JSON object"
    return text.value, None


def jwt_deviations(token: str) -> tuple[Deviation, ...]:
    """Departures from Base64url without padding in the parts of a JWT that matter to a reader."""
    inner = ("quotes", "line-wrap", "white-space", "percent-encoding", "data-after-padding")
    found = (deviation for part in token.split(".")[:2] for deviation in decode_base64(part).deviations)
    return tuple(deviation for deviation in found if deviation.kind in inner)


def decode_bearer(raw: str) -> Bearer:
    """Split and decode an Authorization value; never raises."""
    scheme, _, token = raw.strip().partition(" ")
    token = token.strip()
    jwt, problem = decode_jwt(token)
    return Bearer(scheme, token, jwt, problem)
