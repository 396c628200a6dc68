"""What may be shown. Everything passlens writes goes through here: secrets become stable pseudonyms, so that two
lines about one device can still be linked. Pseudonyms are one-way, but a guess can be confirmed with them."""

import copy
import hashlib
import re
from functools import cached_property, lru_cache
from typing import Any, Final

from passlens.exchange import Exchange
from passlens.secret_names import STATUS_NAMES, is_secret_name
from passlens.secrets import find_secrets, own_secrets, sender
from passlens.spec.decoding import decode_base64
from passlens.spec.device_info import NAMES
from passlens.unwrapping import PREFIX, PUBLIC_CLAIMS, SHORTEST

LONGEST: Final = 300
"""Characters of a text that are shown."""

_CUT: Final = 4096
"""Characters of a text that are looked into."""

_CLEAN: Final = 256
"""Texts that are kept for each sender."""

_DEEPEST: Final = 8
_MOST: Final = 100

_JSON: Final = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2}))e(?:yJ|wog|w0K|yAi|yAg)[\w+/=.%-]{4,}")
"""A JWT, or Base64 over the start of a JSON object."""

_XML: Final = re.compile(r"(?:PD94|PHNhbWw|PFJlc3BvbnNl|PHN|PEF1dGhu|PFJlcXVlc3|PEFzc2VydGlvb)[A-Za-z0-9+/=_%-]{16,}")
_EMAIL: Final = re.compile(r"[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_IN_QUERY: Final = re.compile(r"([?&][^=&#?\s]{1,200}=)(?!sha256:)([^&#\s]+)")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")


def pseudonym(value: str) -> str:
    """The stable stand-in of a secret: the first 12 hexadecimal digits of its SHA-256.

    >>> pseudonym("fingerprint YWJj")
    'sha256:572b6000fede'
    """
    return f"sha256:{hashlib.sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


class Redactor:
    """Redacts texts about one exchange: what its secret places hold, and what looks like a token anywhere.

    With ``reveal`` nothing is redacted.
    """

    def __init__(self, ex: Exchange, *, reveal: bool = False) -> None:
        self._reveal = reveal
        if not reveal:
            self._ex = ex
            self._sender = sender(ex)
            self._own = own_secrets(ex)

    @cached_property
    def _secrets(self) -> dict[str, str]:
        return find_secrets(self._ex, self._own)

    def secret(self, value: str) -> str:
        """A value that is a secret as a whole."""
        return _whole(value) if self._reveal else pseudonym(value)

    def text(self, value: str) -> str:
        """A text that may hold a secret, made short."""
        if self._reveal:
            return _shortened(value)
        if len(value) < SHORTEST and value.isalnum() and value.isascii():
            return value
        known = self._sender.clean.get(value) or self._looked_at(value)
        if known is None or any(spelling in known[1] for spelling in self._own):
            return _shortened(self._redacted(value))
        return known[0]

    def _looked_at(self, value: str) -> tuple[str, str] | None:
        """What is shown of a text in which no secret of the sender stands, and what to look for the others in."""
        if len(value) > LONGEST:
            return None
        shown, searched = _without_patterns(value)
        if any(spelling in searched for secrets in self._sender[:2] for spelling in secrets):
            return None
        clean = self._sender.clean
        if len(clean) == _CLEAN:
            clean.clear()
        return clean.setdefault(value, (_shortened(shown), searched))

    def _redacted(self, value: str) -> str:
        shown = _hide_patterns(self._without_literals(value[:_CUT]))
        shown = _BASE64.sub(self._encoded, shown)
        # What was cut may end in the first characters of a secret; they are not shown.
        return pseudonym(value) if len(value) > _CUT and len(shown) <= LONGEST + PREFIX else shown

    def _without_literals(self, value: str) -> str:
        lowered = value.lower()
        hits = sorted((spelling for spelling in self._secrets if spelling in lowered), key=len, reverse=True)
        if not hits:
            return value
        # Longest first, so that a token is replaced as a whole and not by its parts. A long secret is known by its
        # first characters; what follows them belongs to it.
        literals = (re.escape(hit) + (r"[^\s\"'<>,;&]*" if len(hit) == PREFIX else "") for hit in hits)
        pattern = re.compile("|".join(literals), re.IGNORECASE)
        return pattern.sub(lambda match: pseudonym(self._secrets.get(match[0][:PREFIX].lower(), match[0])), value)

    def _encoded(self, match: re.Match[str]) -> str:
        """A run of Base64 stays unless a secret stands in what it encodes."""
        text = _inside(match[0])
        return match[0] if self._without_literals(text) == text else pseudonym(match[0])

    def path(self, value: str) -> str:
        """A request target: values in the query string are never shown."""
        if self._reveal:
            return self.text(value)
        bare, mark, query = value.partition("?")
        bare, fragment_mark, fragment = bare.partition("#")
        if fragment:
            bare += fragment_mark + pseudonym(fragment)
        return self.text(bare) + mark + "&".join(self._parameter(piece) for piece in query.split("&", 20)[:20])

    def _parameter(self, piece: str) -> str:
        name, equals, value = piece.partition("=")
        if not equals:
            return pseudonym(name) if name else ""
        return f"{self.text(name[:PREFIX])}={pseudonym(value) if value else ''}"

    def value(self, value: Any, name: str = "", *, depth: int = 0) -> Any:
        """A decoded JSON value for display: secrets by the name of their member, texts by what they look like."""
        if is_secret_name(name):
            return self._hidden(value)
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, (dict, list)) and depth > _DEEPEST:
            return "…"
        if isinstance(value, dict):
            items = list(value.items())[:_MOST]
            return {self.text(str(key)): self.value(item, str(key), depth=depth + 1) for key, item in items}
        if isinstance(value, list):
            return [self.value(item, name, depth=depth + 1) for item in value[:_MOST]]
        return _number(value)

    def _hidden(self, value: Any) -> Any:
        """The pseudonym of a value, if there is one and it can say anything."""
        if self._reveal or value is None or isinstance(value, bool) or value == "":
            return self.value(value)
        if isinstance(value, (dict, list)):
            return "…"
        return self.secret(value if isinstance(value, str) else str(_number(value)))

    def only(self, value: Any, known: frozenset[str], *, depth: int = 0) -> Any:
        """A decoded JSON object for display: values of members that nobody lists are pseudonyms."""
        if not isinstance(value, dict) or depth > _DEEPEST:
            return self.value(value, depth=depth)
        return {
            key if key in known else self.text(str(key)): self.value(item, key)
            if key in known and not isinstance(item, dict)
            else self.only(item, known, depth=depth + 1)
            if key in known
            else self._hidden(item)
            for key, item in list(value.items())[:_MOST]
        }

    def device_info(self, shown: dict[str, Any]) -> dict[str, Any]:
        """Decoded X-Device-Info for display."""
        return self._view("device info", shown, _DEVICE_INFO)

    def partner_status(self, shown: dict[str, Any]) -> dict[str, Any]:
        """Decoded AP-Partner-Framework-Status for display."""
        return self._view("partner status", shown, STATUS_NAMES)

    def _view(self, name: str, shown: dict[str, Any], known: frozenset[str]) -> dict[str, Any]:
        """What is shown of a header; the same every time, unless the exchange has secrets of its own to look for."""
        if self._reveal or self._own:
            return dict(self.only(shown, known))
        views = self._sender.views
        if name not in views:
            views[name] = dict(self.only(shown, known))
        return copy.deepcopy(views[name])

    def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
        """Header or claims of a JWT for display."""
        return dict(self.only(claims, PUBLIC_CLAIMS))


_DEVICE_INFO: Final = frozenset({*NAMES, "type"})


def _hide_patterns(text: str) -> str:
    """A text without what looks like a token, an address or the value of a parameter, whoever it belongs to."""
    for pattern in (_XML, _JSON, _EMAIL):
        text = pattern.sub(lambda match: pseudonym(match[0]), text)
    return _IN_QUERY.sub(lambda match: match[1] + pseudonym(match[2]), text)


@lru_cache(maxsize=1024)
def _without_patterns(value: str) -> tuple[str, str]:
    """The same, and all in which a secret may stand: the text, and what runs of Base64 in it encode, in lower case."""
    shown = _hide_patterns(value)
    return shown, searched(value, shown)


def searched(text: str, shown: str | None = None) -> str:
    """All of a text in which a secret may stand, in lower case: itself, and what runs of Base64 in it encode; only
    those in ``shown``, where part of the text is hidden anyway."""
    runs = _BASE64.findall(text if shown is None else shown)
    return "\n".join((text, *(_inside(run) for run in runs))).lower()


def _inside(run: str) -> str:
    return (decode_base64(run).data or b"").decode("utf-8", "replace")


def _shortened(value: str) -> str:
    value = _whole(value)
    return value if len(value) <= LONGEST else f"{value[: LONGEST - 3]}..."


def _whole(value: str) -> str:
    """A text that every file can hold: bytes that were not UTF-8 stand as escapes."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8")


def _number(value: Any) -> Any:
    """Numbers as JSON and people can take them."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**20:
        return "a huge number"
    return value
