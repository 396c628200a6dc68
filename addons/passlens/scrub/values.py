"""The scrubber of a file: secret values are replaced by others of the same form, free text loses the secrets it
repeats. Values are followed into JWT, SAML, Base64, hexadecimal digits, JSON, URLs and percent-encoding."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Final

from passlens.exchange.model import without_quotes
from passlens.exchange.recorders import is_mask
from passlens.redaction.addresses import replace_addresses
from passlens.redaction.named_values import replace_named_values
from passlens.redaction.patterns import USER
from passlens.redaction.policy import PUBLIC_CLAIMS, PUBLIC_PARAMETERS, is_secret_name
from passlens.redaction.vocabulary import UNTOUCHABLE
from passlens.rest_v2.json_decoding import decode_json
from passlens.scrub import base64_text, candidates, code, form_field, hex_text, json_text, jwt, percent, saml, svg_path
from passlens.scrub.names import keeps_body, keeps_nothing
from passlens.scrub.replacement import DOMAIN, EMAIL, ESCAPED_EMAIL, PLACEHOLDER, ReplacementMaker
from passlens.scrub.replacements import Replacements
from passlens.util.address import is_ip_address
from passlens.util.text import printable

DEEPEST: Final = 6
"""Encodings over each other that are followed; what lies deeper is replaced as a whole, or stays if it is no secret."""

_REMEMBERED: Final = 1 << 12
_MAX_REMEMBERED_CHARS: Final = 1 << 12

_RESOURCE: Final = ("decisions", "resource")

Keeps = Callable[[tuple[str, ...]], bool]

_JWT: Final = re.compile(
    r"(?:(?<![A-Za-z0-9_-])|(?<=%[0-9A-Fa-f]{2}))e[wy][A-Za-z0-9_-]{6,}={0,2}(?:\.[A-Za-z0-9_=+/-]+){1,5}"
)
_RUN: Final = re.compile(r"(?:[A-Za-z0-9+/_-]|%2[BbFf]){12,}(?:=|%3[Dd]){0,2}")
_IN_TEXT: Final = re.compile(
    rf"(?P<name>[?&#][\w.-]{{1,64}}=)(?P<value>[^&#\s\"'<>]+)|(?P<encoded>{percent.QUERY}{percent.SIGN}+)"
)
_IN_PATH: Final = re.compile(r"(?P<name>;jsessionid=)(?P<value>[^?&#;/\s\"'<>]+)")
"""The session that a Java server writes into the path for a user agent without cookies."""

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_WHOLE_URL: Final = re.compile(rf"{_URL.pattern}\S*")
_XML: Final = re.compile(r"<([\w:.-]+)>[^<>]*(?:</?[\w:.-]+\s?/?>[^<>]*)*")
"""XML without attributes, as media tokens are."""

_PERSON: Final = re.compile(rf"{USER}|{EMAIL.pattern}")
_SEPARATORS: Final = re.compile(r"([\s,;:=&|\"'<>(){}\[\]]+)")


class Scrubber:
    """Scrubs values with one key; ``replacements`` remembers the secrets of the file."""

    def __init__(self, key: bytes) -> None:
        self.replacements = Replacements()
        self._replacements_for = ReplacementMaker(key)
        self._seen: dict[tuple[str, str, bool], tuple[str, Counter[str]]] = {}
        self._plain: set[bytes] = set()

    def once(self, kind: str, value: str, make: Callable[[], str]) -> str:
        """What ``make`` makes of a value, remembered: devices repeat their headers, servers their answers."""
        if len(value) > _MAX_REMEMBERED_CHARS:
            return make()
        key = (kind, value, self.replacements.searching)
        known = self._seen.get(key)
        if known is None:
            before = self.replacements.counts.copy()
            made = make()
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            known = self._seen[key] = made, self.replacements.counts - before
        else:
            self.replacements.counts.update(known[1])
        return known[0]

    # ---- secrets

    def secret(self, text: str, *, loose: bool = False, depth: int = 0, counted: bool = True) -> str:
        """The replacement of a value that is a secret as a whole, of the same form: a token for a token, digits for
        digits. ``counted``: it is no part of one."""
        if PLACEHOLDER.fullmatch(text) or is_mask(text) or (loose and self.replacements.is_public(text)):
            return text
        new, kind = self._secret(text, loose, depth)
        self.replacements.counts[kind] += counted and new != text
        self.replacements.add(text, new, loose=loose)
        return new

    def _secret(self, text: str, loose: bool, depth: int) -> tuple[str, str]:
        def inner(value: str) -> str:
            return self.secret(value, loose=loose, depth=depth + 1, counted=False)

        if depth > DEEPEST:
            return self._replacements_for.word(text), "value"
        bare = text.strip()
        if bare != text:
            return text.replace(bare, inner(bare)), "value"
        if len(text) > 2 and text[0] == text[-1] and text[0] in "\"'":
            return text[0] + inner(text[1:-1]) + text[0], "value"
        if jwt.looks_like(text):
            return self.token(text, depth), "token"
        if EMAIL.fullmatch(text):
            return self._replacements_for.email(text), "e-mail"
        if is_ip_address(text):
            return self._replacements_for.address(text), "address"
        if text[0] in "{[" and text[-1] in "}]":
            return self.json(text, keeps_nothing, depth + 1, loose=loose), "value"
        if saml.looks_like(text):
            return saml.rewrite(text, inner, self.free), "SAML"
        if (xml := _XML.fullmatch(text)) is not None and f"</{xml[1]}>" in text:
            # The names of elements are no secrets, and some values are shown elsewhere: who asked for what, and when.
            return re.sub(
                "(?<=>)[^<>]+",
                lambda match: self.secret(match[0], loose=True, depth=depth + 1, counted=False),
                text,
            ), "value"
        if _URL.match(text):
            return self.url(text, depth + 1), "URL"
        if re.search("%[0-9A-Fa-f]{2}", text):
            return percent.rewrite(text, inner), "value"
        return self._encoded(text, inner) or (self._words(text, loose), "value")

    def _encoded(self, text: str, inner: Callable[[str], str]) -> tuple[str, str] | None:
        """A value in Base64 or hexadecimal digits, or None if it is in neither."""
        if (made := hex_text.whole(text, inner)) is not None:
            return made, "value"
        if " " in text:  # in a form, a + that was not escaped
            found = self._encoded(text.replace(" ", "+"), inner)
            if found is not None and found[1] == "SAML":
                return found[0].replace("+", " "), "SAML"
        kind = "value"

        def change(data: bytes) -> bytes | None:
            nonlocal kind
            plain = printable(data)
            if plain is None:
                kind = "SAML"
                return saml.deflated(data, lambda xml: saml.rewrite(xml, inner, self.free))
            kind = "SAML" if saml.looks_like(plain) else "value"
            return inner(plain).encode("utf-8")

        decoded = base64_text.rewrite(text, change) if len(text) >= 8 else None
        if decoded is not None:
            return decoded, kind
        # Bytes that say nothing: other signs stand for other bytes, which may turn up as hexadecimal digits.
        binary = base64_text.rewrite(text, lambda data: self._noted(text, data)) if len(text) >= 16 else None
        return None if binary is None else (binary, "value")

    def _noted(self, text: str, data: bytes) -> bytes | None:
        if any(sign.isspace() or sign in "\"'" for sign in text) or "=" in text.rstrip("="):
            return None
        found: list[bytes] = []
        base64_text.rewrite(self._replacements_for.word(text), lambda new: found.append(new))
        if found and len(data) <= 64:
            self.replacements.add(data.hex(), found[0].hex())
        return found[0] if found and len(found[0]) == len(data) else None

    def _words(self, text: str, loose: bool) -> str:
        """Several words, each with a replacement of its own, so that it has the same one alone."""
        parts = _SEPARATORS.split(text)
        for place in range(0, len(parts), 2):
            part = parts[place]
            if part and len(parts) > 1:
                parts[place] = self.secret(part, loose=loose, depth=DEEPEST - 1, counted=False)
            elif part:
                parts[place] = self._replacements_for.word(part)
        return "".join(parts)

    def address(self, text: str, *, loose: bool = False) -> str:
        """The replacement of an address of a connection; ``loose``: of what looks like one in a text."""
        if not text:
            return text
        made = (
            self._replacements_for.address(text)
            if is_ip_address(text.partition("%")[0])
            else self.secret(text, loose=True)
        )
        self.replacements.counts["address"] += 1
        self.replacements.add(text, made, loose=loose or not is_ip_address(text))
        return made

    def token(self, text: str, depth: int = 0) -> str:
        """A JWT with other claims and another signature."""

        def claims(inner: str) -> str:
            return self.json(inner, lambda path: bool(path) and path[0] in PUBLIC_CLAIMS, depth + 1, loose=True)

        return jwt.rewrite(text, claims, self._replacements_for.word)

    def opaque(self, text: str) -> str:
        """A text that cannot be read: replaced as a whole, mark by mark."""
        made = self._replacements_for.word(text)
        self.replacements.counts["unreadable value"] += made != text
        return made

    # ---- structures

    def json(
        self, text: str, keeps: Keeps, depth: int = 0, *, loose: bool = False, note: bool = False,
        hidden: frozenset[str] = frozenset(),
    ) -> str:  # fmt: skip
        """JSON, whole or broken: what ``keeps`` does not allow is secret, and so are the members ``hidden`` of the
        outermost object. ``note``: what it allows is public."""

        def change(value: str, path: tuple[str, ...], *, key: bool = False, number: bool = False) -> str:
            told = not hidden.isdisjoint(path[:1])
            if key or (not told and keeps(path)):
                if (note or path == _RESOURCE) and not key and path:
                    self.replacements.public(value)
                if not key and not number and _WHOLE_URL.fullmatch(value) is not None:
                    return self.url(value, depth + 1)
                versions = bool(path) and path[-1].lower().endswith("version")
                return value if number else self.free(value, depth + 1, versions=versions)
            if not path and value.lower() in UNTOUCHABLE:
                return value
            soft = loose or (keeps is keeps_body and not told and not any(map(is_secret_name, path)))
            return (
                self._number(value, soft) if number else self.secret(value, loose=soft, depth=depth, counted=not depth)
            )

        return json_text.rewrite(text, change)

    def _number(self, digits: str, loose: bool) -> str:
        made = self._replacements_for.word(digits)
        if len(digits.lstrip("-")) > 1 and re.fullmatch(r"-?\d+", digits):
            self.replacements.add(digits, made, loose=loose)
        return made

    def pairs(self, text: str, *, depth: int = 0) -> str:
        """A query or a form: values of parameters that are not public are secret."""
        return "&".join(self._pair(piece, depth) for piece in text.split("&"))

    def _pair(self, piece: str, depth: int) -> str:
        name, equals, value = piece.partition("=")
        if not equals:
            return percent.rewrite(name, partial(self.secret, loose=True, depth=depth), plus=True) if name else ""
        return f"{percent.rewrite(name, partial(self.free, depth=depth))}={self._parameter(name, value, depth)}"

    def _parameter(self, name: str, value: str, depth: int = 0) -> str:
        if not value or depth > DEEPEST:
            return self._replacements_for.word(value) if value else value
        if name not in PUBLIC_PARAMETERS:
            loose = not is_secret_name(name)
            made = percent.rewrite(value, partial(self.secret, loose=loose, depth=depth), plus=True)
            self.replacements.add(value, made, loose=loose)
            return made
        if name not in ("redirectUrl", "redirect_url", "redirect_uri"):
            self.replacements.public(value)
        return percent.rewrite(value, lambda text: self.url(text, depth + 1), plus=True)

    def parameter(self, name: str, value: str) -> str:
        """The value of a parameter that is not encoded."""
        if name in PUBLIC_PARAMETERS:
            return self.url(value, 1)
        return self.secret(value, loose=not is_secret_name(name))

    def parameter_name(self, name: str, value: str) -> str:
        """The name of a parameter; without a value it is a value itself."""
        return self.free(name) if value or name in PUBLIC_PARAMETERS else self.secret(name, loose=True)

    def url(self, text: str, depth: int = 0) -> str:
        """A URL or request target, or what stands where one should: values of its query are secret."""
        if depth > DEEPEST:
            return self._replacements_for.word(text)
        if "?" not in text and "#" not in text and re.search("%3[Ff]|%23", text):
            return percent.rewrite(text, lambda inner: self.url(inner, depth + 1))
        bare, mark, query = text.partition("?")
        bare, fragment_mark, fragment = bare.partition("#")
        query, query_mark, rest = query.partition("#")
        scheme, slashes, tail = bare.partition("://")
        if slashes:
            host, slash, path = tail.partition("/")
            user, at, host = host.rpartition("@")
            scheme = scheme if _URL.match(f"{scheme}://") else self.free(scheme, depth)
            user = self.secret(user, depth=depth) if user else ""
            bare = f"{scheme}://{user}{at}{self.free(host, depth)}{slash}"
        else:
            path, bare = bare, ""
        bare += "/".join(percent.rewrite(part, partial(self.free, depth=depth)) for part in path.split("/"))
        parts = (fragment_mark, self.pairs(fragment, depth=depth + 1), mark, self.pairs(query, depth=depth + 1))
        return self.replacements.swept("".join((bare, *parts, query_mark, self.pairs(rest, depth=depth + 1))))

    # ---- everything else

    def free(self, text: str, depth: int = 0, *, versions: bool = False, of_code: bool = False) -> str:
        """A text that may repeat a secret: what looks like one, and what is known from elsewhere in the file.
        ``versions``: four numbers may be a version. ``of_code``: operators read like parameters."""
        if depth > DEEPEST or len(text) < 4:
            return text
        if of_code:
            text = code.rewrite(text, self._in_code)
        elif _is_json(text):
            return self.replacements.swept(self.json(text, keeps_body, depth + 1))
        if candidates.has_markup(text):
            return self.replacements.swept(self._patterns(text, depth, versions, of_code))
        pieces = (text,) if versions else candidates.chunks(text)
        made = [
            self._patterns(one, depth, versions, of_code) if candidates.may_matter(one, of_code=of_code) else one
            for one in pieces
        ]
        return self.replacements.swept("".join(made))

    def _in_code(self, found: code.Found, value: str) -> str:
        if found.kind == "URL":
            return self.url(value, 1)
        if found.kind == "literal":
            return self.secret(value, loose=True)
        return self.once("pair", f"{found.name}={value}", lambda: self._parameter(found.name, value, 1))

    def _patterns(self, text: str, depth: int, versions: bool, of_code: bool) -> str:
        """The text without what looks like a secret."""
        if candidates.has_token(text):
            text = _JWT.sub(lambda match: self.token(match[0]) if jwt.looks_like(match[0]) else match[0], text)
        if saml.looks_like(text):
            text = saml.rewrite(text, self.secret, lambda rest: rest)
        if candidates.has_email(text):
            text = _PERSON.sub(lambda match: self.secret(match[0]), text)
            text = ESCAPED_EMAIL.sub(lambda match: percent.rewrite(match[0], self.secret), text)
        if "<" in text:
            text = form_field.rewrite(text, self.secret)
        if not of_code and candidates.has_query(text):
            for pattern in (_IN_PATH, _IN_TEXT):
                text = pattern.sub(partial(self._in_text, depth + 1), text)
        if not of_code:
            text = replace_named_values(text, self._named)
        pieces = (text,) if versions else candidates.chunks(text)
        text = "".join(self._addresses(one, versions) if candidates.has_address(one) else one for one in pieces)
        if candidates.has_encoded(text):
            text = hex_text.rewrite(text, lambda plain: self.free(plain, depth + 1, of_code=code.is_code("", plain)))
            text = _RUN.sub(lambda match: self._run(match[0], depth), text)
        return text

    def _named(self, value: str) -> str:
        """A value that a sentence names; tokens and addresses were found already."""
        return value if jwt.looks_like(value) else self.secret(value, loose=True)

    def _in_text(self, depth: int, match: re.Match[str]) -> str:
        def made() -> str:
            found = match.groupdict()
            if found.get("encoded") is not None:
                return percent.rewrite(match[0], lambda query: self.free(query, depth))
            return found["name"] + self._parameter(found["name"][1:-1], found["value"], depth)

        return self.once(f"parameter {depth}", match[0], made)

    def _addresses(self, text: str, versions: bool) -> str:
        def change(rest: str) -> str:
            return replace_addresses(rest, lambda found: self.address(found, loose=True), versions=versions)

        return svg_path.outside(text, change)

    def code(self, text: str) -> str:
        """A script, a style sheet or HTML code. One that nothing had to be done to when the file was read first is
        only searched for known secrets when it is written."""
        key = b"code" + _digest(text)
        if key in self._plain:
            return self.replacements.swept(text)
        made = self.free(text, of_code=True)
        if made == text and not self.replacements.searching:
            self._plain.add(key)
        return made

    def is_plain(self, text: str, *, json: bool = False) -> bool:
        """True for a long text in which nothing looks like a secret; remembered, for a file is read twice."""
        if len(text) < candidates.CHUNK:
            return False
        key = _digest(text)
        look = candidates.is_plain_json if json else candidates.is_plain_text
        if not self.replacements.searching and key not in self._plain and look(text):
            self._plain.add(key)
        return key in self._plain

    def evident(self, text: str) -> str:
        """What stands outside of the strings of broken JSON: e-mail and IP addresses."""
        text = EMAIL.sub(lambda match: match[0] if match[0].endswith(DOMAIN) else self.secret(match[0]), text)
        return replace_addresses(text, lambda found: self.address(found, loose=True))

    def message(self, text: str) -> str:
        """The same for a message about a connection, without the bytes that it quotes."""
        return self.free(without_quotes(text))

    def _run(self, text: str, depth: int) -> str:
        """A run of Base64: changed if what it encodes is text with a secret in it, else its parts between slashes."""

        def change(data: bytes) -> bytes | None:
            plain = printable(data)
            if plain is None:
                return saml.deflated(data, lambda xml: saml.rewrite(xml, self.secret, self.free))
            if plain.lstrip()[:1] == "{":
                return self.json(plain, keeps_body, depth + 1).encode("utf-8")
            return self.free(plain, depth + 1, of_code=code.is_code("", plain)).encode("utf-8")

        made = base64_text.rewrite(text, change)
        if made is None and "/" in text:
            return "/".join(self._run(part, depth) if len(part) >= 12 else part for part in text.split("/"))
        return text if made is None else made


def _is_json(text: str) -> bool:
    """True for an object or an array in JSON."""
    ends = text.strip() if text[0] in "{[ \t\r\n" else ""
    return ends[:1] in ("{", "[") and ends[-1] in "}]" and decode_json(ends).valid


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
