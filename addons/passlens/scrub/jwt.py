"""JWTs that stay JWTs: the same times and scopes, another subject, a made-up signature of the same length.
A part that cannot be read becomes other signs of the same kind, so that it cannot be read either."""

from collections.abc import Callable

from passlens.rest_v2.base64_decoding import decode_base64
from passlens.rest_v2.json_decoding import decode_json
from passlens.scrub import base64_text


def looks_like(text: str) -> bool:
    """True for three parts or so of which the first holds a JSON object."""
    parts = text.split(".")
    if not 2 <= len(parts) <= 6 or not 8 <= len(parts[0]) <= 4096:
        return False
    return isinstance(decode_json(decode_base64(parts[0]).data or b"").value, dict)


def rewrite(text: str, claims: Callable[[str], str], word: Callable[[str], str]) -> str:
    """A token whose header and claims ``claims`` has changed (JSON in, JSON out), and whose signature ``word``."""

    def changed(data: bytes) -> bytes | None:
        inner = data.decode("utf-8", "surrogateescape")
        if not inner.lstrip("\ufeff \t\r\n").startswith("{"):
            return None
        new = claims(inner).encode("utf-8", "surrogateescape")
        return new + b" " * ((len(data) - len(new)) % 3)

    parts = text.split(".")
    for place, part in enumerate(parts):
        made = base64_text.rewrite(part, changed, url_safe=True) if place < 2 else None
        parts[place] = word(part) if made is None else made
    return ".".join(parts)
