"""What may be shown. Everything passlens writes goes through here: secrets become stable pseudonyms, so that two
lines about one device can still be linked. Pseudonyms are one-way, but a guess can be confirmed with them."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from passlens.exchange.decoded import Decoded
from passlens.redaction.addresses import is_address, is_version
from passlens.redaction.nested import MORE, PREFIX
from passlens.redaction.normalize import SHORTEST, Needles, is_plain, normalize, positions
from passlens.redaction.patterns import BASE64_RUN, decode_run, hide_patterns, searched
from passlens.redaction.policy import DEVICE_INFO_NAMES, PUBLIC_CLAIMS, STATUS_NAMES, is_secret_name
from passlens.redaction.pseudonym import pseudonym
from passlens.redaction.secrets import Secrets, find_secrets, secrets_by_place
from passlens.redaction.vocabulary import WORDS
from passlens.util.cached_property import cached_property

MAX_CHARS: Final = 300
"""Characters of a text that are shown."""

_CUT: Final = 4096
"""Characters of a text that are looked into."""

_DEEPEST: Final = 8
_MAX_COUNT: Final = 100

_AFTER: Final = frozenset(" \t\r\n\"'<>,;&")
"""What ends a secret of which only the first characters are known."""

_WORD: Final = 12
"""Letters of a secret that may be a word, or a part of one."""


class Redactor:
    """Redacts texts about one exchange: what its secret places hold, and what looks like a token anywhere.

    With ``reveal`` nothing is redacted. Of an exchange with more secrets than are looked for, no free text is shown.
    """

    def __init__(self, ex: Decoded, *, reveal: bool = False) -> None:
        self._ex, self._reveal = ex, reveal
        self._shown: dict[str, str] = {}

    @cached_property
    def _places(self) -> tuple[Secrets, ...]:
        return secrets_by_place(self._ex)

    @cached_property
    def _more(self) -> bool:
        return any(MORE in secrets for place in self._places for secrets in place)

    @cached_property
    def _secrets(self) -> dict[str, str]:
        return find_secrets(self._ex, self._places)

    @cached_property
    def _needles(self) -> Needles:
        return Needles(self._secrets)

    def secret(self, value: str) -> str:
        """A value that is a secret as a whole."""
        return _whole(value) if self._reveal else pseudonym(value)

    def text(self, value: str) -> str:
        """A text that may hold a secret, made short."""
        if self._reveal:
            return _shortened(value)
        if is_word(value):
            return value
        if self._more:
            return pseudonym(value)
        if value not in self._shown:
            self.search([value])
        return self._shown[value]

    def search(self, texts: Iterable[str]) -> None:
        """Work out what is shown of texts, so that ``text`` need not. All are searched at once, for mostly none of
        them holds a secret."""
        if self._reveal or self._more:
            return
        looked_at = {value: _without_patterns(value) for value in texts if len(value) <= MAX_CHARS}
        clean = not self._holds_secret("\n".join([searched for _, searched in looked_at.values()]))
        for value in texts:
            shown, searched = looked_at.get(value, ("", ""))
            whole = bool(searched) and (clean or not self._holds_secret(searched))
            self._shown[value] = _shortened(shown if whole else self._redacted(value))

    def _holds_secret(self, searched: str) -> bool:
        """True if a spelling of a secret, or of what may be one, stands in what ``searched`` made of a text."""
        stands = searched.__contains__
        return any(any(map(stands, secrets)) for place in self._places for secrets in place)

    def _redacted(self, value: str) -> str:
        shown = hide_patterns(self._without_literals(value[:_CUT]))
        shown = BASE64_RUN.sub(self._encoded, shown)
        # What was cut may end in the first characters of a secret; they are not shown.
        return pseudonym(value) if len(value) > _CUT and len(shown) <= MAX_CHARS + PREFIX else shown

    def _without_literals(self, value: str) -> str:
        lowered = value.lower()
        if not is_plain(value):
            value = self._without_spelt(value)
            lowered = value.lower()
        hits = sorted((spelling for spelling in self._needles.found(lowered)), key=len, reverse=True)
        if not hits:
            return value
        # Longest first, so that a token is replaced as a whole and not by its parts. A long secret is known by its
        # first characters; what follows them belongs to it.
        pattern = re.compile("|".join(map(_literal, hits)), re.IGNORECASE)
        return pattern.sub(lambda match: pseudonym(self._secrets.get(match[0][:PREFIX].lower(), match[0])), value)

    def _without_spelt(self, value: str) -> str:
        """The same for secrets with escapes, invisible signs and other forms of letters in them."""
        normal, place = normalize(value), None
        pieces: list[str] = []
        end = kept = 0
        for at, needle in self._needles.longest(normal):
            if at < end or (_is_word(needle) and _in_word(normal, at, at + len(needle))):
                continue
            place = positions(value) if place is None else place
            end = at + len(needle)
            while len(needle) == PREFIX and end < len(normal) and normal[end] not in _AFTER:
                end += 1
            pieces += (value[kept : place(at)], pseudonym(self._secrets[needle]))
            kept = place(end)
        return "".join(pieces) + value[kept:] if pieces else value

    def _encoded(self, match: re.Match[str]) -> str:
        """A run of Base64 stays unless a secret stands in what it encodes."""
        text = decode_run(match[0])
        return match[0] if self._without_literals(text) == text else pseudonym(match[0])

    def host(self, value: str) -> str:
        """The host of a request: an address of a server is shown."""
        if value in WORDS:
            return value
        return value if is_address(value) and value not in self._secrets else self.text(value)

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
            return value if name.lower().endswith("version") and is_version(value) else self.text(value)
        if isinstance(value, (dict, list)) and depth > _DEEPEST:
            return "…"
        if isinstance(value, dict):
            items = list(value.items())[:_MAX_COUNT]
            return {self.text(str(key)): self.value(item, str(key), depth=depth + 1) for key, item in items}
        if isinstance(value, list):
            return [self.value(item, name, depth=depth + 1) for item in value[:_MAX_COUNT]]
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
            for key, item in list(value.items())[:_MAX_COUNT]
        }

    def device_info(self, shown: dict[str, Any]) -> dict[str, Any]:
        """Decoded X-Device-Info for display."""
        return dict(self.only(shown, DEVICE_INFO_NAMES))

    def partner_status(self, shown: dict[str, Any]) -> dict[str, Any]:
        """Decoded AP-Partner-Framework-Status for display."""
        return dict(self.only(shown, STATUS_NAMES))

    def claims(self, claims: dict[str, Any]) -> dict[str, Any]:
        """Header or claims of a JWT for display."""
        return dict(self.only(claims, PUBLIC_CLAIMS))


def is_word(text: str) -> bool:
    """True for a text that needs no search: a documented word, or one too short to be a secret."""
    return not text or text in WORDS or (len(text) < SHORTEST and text.isalnum() and text.isascii())


@lru_cache(maxsize=1024)
def _without_patterns(value: str) -> tuple[str, str]:
    """The same, and all in which a secret may stand: the text, and what runs of Base64 in it encode, in lower case."""
    shown = hide_patterns(value)
    return shown, searched(value, shown)


def _is_word(secret: str) -> bool:
    return len(secret) <= _WORD and secret.isalpha()


def _in_word(text: str, start: int, end: int) -> bool:
    """True if letters stand right before or after a place of a text."""
    return text[max(start - 1, 0) : start].isalpha() or text[end : end + 1].isalpha()


def _literal(hit: str) -> str:
    """The pattern of a secret; a short one of letters alone is a word, and no part of a longer one."""
    if _is_word(hit):
        return rf"(?<![^\W\d_]){re.escape(hit)}(?![^\W\d_])"
    return re.escape(hit) + (r"[^\s\"'<>,;&]*" if len(hit) == PREFIX else "")


def _shortened(value: str) -> str:
    value = _whole(value)
    return value if len(value) <= MAX_CHARS else f"{value[: MAX_CHARS - 3]}..."


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
