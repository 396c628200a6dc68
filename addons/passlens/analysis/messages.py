"""Headers and bodies of an exchange for a report that shows them: decoded, redacted, cut.
Only values of documented members, parameters and headers are shown; what nobody lists may be anything."""

import json
from collections.abc import Iterator
from typing import Any, Final

from passlens.analysis.analyzer import fault
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import MAX_HEADER, Exchange, Message, Request
from passlens.redaction.policy import (
    BODIES,
    ERRORS,
    HEADERS,
    MEMBERS,
    PUBLIC_METADATA,
    PUBLIC_PARAMETERS,
    SECRET_HEADERS,
    is_secret_name,
)
from passlens.redaction.redactor import Redactor
from passlens.redaction.secrets import plain_identifier
from passlens.redaction.vocabulary import SCHEMES
from passlens.rest_v2.encoded_json import decode_encoded_json
from passlens.rest_v2.json_decoding import JsonText
from passlens.rest_v2.operations import FORM
from passlens.rest_v2.tokens import decode_jwt
from passlens.util.text import plural

MAX_CHARS: Final = 6_000
"""Characters of a body that are shown; the longest documented answer has some 1,600."""

MAX_FIELDS: Final = 60
"""Headers and parameters of a message that are shown."""

VALUES: Final = 400
"""Values of a JSON body that are shown."""

DEEPEST: Final = 8

_HIDDEN: Final = "…"


def messages(exchange: Exchange, *, reveal: bool = False) -> dict[str, Any]:
    """What a report shows of the messages, as plain JSON types. Never raises: a fault of passlens stands in its place.

    ``request`` and ``response`` (None if there is none) have ``headers`` (name, value, what is decoded of it),
    ``more_headers`` and a ``body``; ``failure`` says why there is no answer.
    """
    ex = Decoded(exchange)
    try:
        renderer = _MessageRenderer(ex, reveal)
        return {
            "request": renderer.message(ex.request),
            "response": renderer.message(ex.response) if ex.response is not None else None,
            "failure": renderer.redactor.text(ex.failure) if ex.failure is not None else None,
        }
    except Exception as error:  # the findings are still shown
        return {"fault": fault(error)}


class _MessageRenderer:
    """Writes what may be shown of the messages of one exchange."""

    def __init__(self, ex: Decoded, reveal: bool) -> None:
        self._ex, self._reveal = ex, reveal
        self.redactor = Redactor(ex, reveal=reveal)
        self._left = 0
        self._top = {**BODIES.get(ex.operation.id, {}), **ERRORS}

    def message(self, message: Message) -> dict[str, Any]:
        """Headers and body."""
        shown = message.headers[:MAX_FIELDS]
        seen: set[str] = set()
        headers = []
        for name, value in shown:
            first = name.lower() not in seen
            seen.add(name.lower())
            headers.append([self.redactor.text(name), *self._header(name.lower(), value, first)])
        return {"headers": headers, "more_headers": len(message.headers) - len(shown), "body": self._body(message)}

    # ---- headers

    def _header(self, name: str, value: str, first: bool) -> tuple[str, dict[str, Any] | None]:
        """What is shown of a value, and what could be decoded of it."""
        if first and name in ("x-device-info", "ap-partner-framework-status"):
            return self._encoded(name)
        if HEADERS.get(name) in ("public", "nested"):
            return self.redactor.text(value), None
        if first and name == "ap-device-identifier":
            return self._cut(self.redactor.secret(plain_identifier(self._ex, value))), None
        scheme, _, rest = value.strip().partition(" ")
        if name not in SECRET_HEADERS or scheme.lower() not in SCHEMES:
            scheme, rest = "", value.strip()
        shown = f"{scheme} {self._cut(self.redactor.secret(rest.strip()))}".strip() if rest else scheme
        return shown, self._decoded(name, rest.strip())

    def _encoded(self, name: str) -> tuple[str, dict[str, Any] | None]:
        """What X-Device-Info or AP-Partner-Framework-Status holds."""
        found = self._ex.device_info if name == "x-device-info" else self._ex.partner_status
        if found is None:
            return "too long to be decoded", None
        show = self.redactor.device_info if name == "x-device-info" else self.redactor.partner_status
        decoded = show(found.shown)
        return ("decoded" if decoded else "cannot be decoded"), decoded or None

    def _decoded(self, name: str, value: str) -> dict[str, Any] | None:
        """The public part of a token, the names of an identity."""
        if len(value) > MAX_HEADER:
            return None
        if name == "ap-temppass-identity":
            shown = decode_encoded_json(value).shown
            return self.redactor.claims(shown) or None
        jwt = decode_jwt(value)[0] if name in SECRET_HEADERS and value.count(".") == 2 else None
        if jwt is None:
            return None
        return {"header": self.redactor.claims(jwt.header), "claims": self.redactor.claims(jwt.claims)}

    def _cut(self, text: str) -> str:
        return text if len(text) <= MAX_CHARS else f"{text[:MAX_CHARS]}{_HIDDEN}"

    # ---- bodies

    def _body(self, message: Message) -> dict[str, Any]:
        if message.body is None:
            detail = message.gap.detail if message.gap is not None else "the recording does not hold it"
            return {"kind": "none", "why": self.redactor.text(detail)}
        if not message.body.strip():
            return {"kind": "none", "why": "empty"}
        text = message.json
        if text is not None and (text.valid or message.body.lstrip()[:1] in (b"{", b"[")):
            return self._json(text)
        if isinstance(message, Request) and message.media_type in (FORM, None):
            return self._form(message)
        if self._reveal:
            return self._text(message.body.decode("utf-8", "backslashreplace"))
        what = self.redactor.text(message.media_type or "a body of no media type")
        why = f"{what}, {plural(len(message.body), 'byte')}; only JSON and forms can be redacted"
        return {"kind": "none", "why": why}

    def _form(self, request: Request) -> dict[str, Any]:
        first = request.form[:MAX_FIELDS]
        rows = [[self._name(one.name, one.value), self._parameter(one.name, one.value)] for one in first]
        return {"kind": "form", "rows": rows, "more": len(request.form) - len(rows)}

    def _name(self, name: str, value: str) -> str:
        # A word without a value may be a token that somebody sent bare.
        known = name in PUBLIC_PARAMETERS or is_secret_name(name) or value
        return self._cut(self.redactor.text(name) if known else self.redactor.secret(name))

    def _parameter(self, name: str, value: str) -> str:
        if name in PUBLIC_PARAMETERS or not value:
            return self.redactor.text(value)
        return self._cut(self.redactor.secret(value))

    def _json(self, text: JsonText) -> dict[str, Any]:
        self._left = VALUES
        shown = self._value(text.value if text.valid else text.salvaged, "", "", 0)
        made = self._text(json.dumps(shown, indent=2, ensure_ascii=False))
        return made if text.valid else made | {"problem": self.redactor.text(text.problem or "it cannot be read")}

    def _text(self, text: str) -> dict[str, Any]:
        return {"kind": "text", "text": text[:MAX_CHARS], "more": max(len(text) - MAX_CHARS, 0), "problem": None}

    def _value(self, value: Any, name: str, holder: str, depth: int) -> Any:
        """A JSON value of the member ``name`` of an object that ``holder`` is the row of."""
        self._left -= 1
        if isinstance(value, dict):
            if name and not self._reveal:
                holder = f"{holder}/*" if f"{holder}/*" in MEMBERS else name
                if holder == "attributes/*" and name in PUBLIC_METADATA:
                    holder = "attributes/public"
                if holder not in MEMBERS:
                    return _HIDDEN
            return dict(self._members(value, holder, depth))
        if isinstance(value, list):
            return list(self._items(value, name, holder, depth))
        rows = MEMBERS.get(holder, {}) if holder else self._top
        return self._leaf(value, rows.get(name) == "public" and not is_secret_name(name))

    def _items(self, value: list[Any], name: str, holder: str, depth: int) -> Iterator[Any]:
        for item in value:
            if self._left <= 0 or depth > DEEPEST:
                yield _HIDDEN
                return
            yield self._value(item, name, holder, depth + 1)

    def _members(self, value: dict[str, Any], holder: str, depth: int) -> Iterator[tuple[str, Any]]:
        for name, item in value.items():
            if self._left <= 0 or depth > DEEPEST:
                yield _HIDDEN, _HIDDEN
                return
            yield self.redactor.text(name), self._value(item, name, holder, depth + 1)

    def _leaf(self, value: Any, shown: bool) -> Any:
        if value is None or isinstance(value, bool) or value == "":
            return value
        if isinstance(value, (int, float)):
            if not abs(value) < 10**20:  # nor is one that is no number
                return "a huge number"
            if shown and self.redactor.text(str(value)) == str(value):
                return value
        text = str(value)
        return self.redactor.text(text) if shown else self.redactor.secret(text)
