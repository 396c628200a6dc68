"""``passlens decode``: one header value, decoded as far as it goes, with every deviation and finding.
The value is checked as if a partner session request had carried it."""

import json
import re
import sys
import time
from collections.abc import Iterator
from typing import Any, Final

import click

from passlens.checks.runner import findings
from passlens.cli.command import Command, NearestChoice, hint
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange, Request
from passlens.exchange.recorders import is_mask
from passlens.redaction.policy import SECRET_HEADERS
from passlens.redaction.redactor import Redactor
from passlens.rest_v2.encoded_json import decode_encoded_json
from passlens.rest_v2.operations import API_HEADERS
from passlens.rest_v2.tokens import decode_jwt
from passlens.rest_v2.wire import moment
from passlens.util.terminal import width
from passlens.util.text import escape_controls, fold

HEADERS: Final = (*API_HEADERS, "Authorization", "X-Forwarded-For", "Accept")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}")
"""A name of a header, as it may stand before a colon."""

_PATH: Final = "/api/v2/REF30/sessions/sso/Apple"


def guess(value: str, header: str | None = None) -> tuple[str, str]:
    """The header a value belongs to unless it is known, and the value without the header's name in front.

    Raises click's UsageError for the name of a header that holds nothing to decode.
    """
    name, colon, rest = value.partition(":")
    known = {header.lower(): header for header in HEADERS}
    if colon and name.strip().lower() in known:
        return header or known[name.strip().lower()], rest.strip(" ")
    if header is not None:
        return header, value
    if colon and _NAME.fullmatch(name.strip()) and (rest[:1] == " " or name[:1].isupper()):
        near = hint(name.strip(), HEADERS)
        words = f"passlens decodes no header {name.strip()!r}; " + (near or f"known are {', '.join(HEADERS)}.")
        raise click.UsageError(escape_controls(words))
    bare = value.strip()
    if bare.lower().startswith("bearer"):
        return "Authorization", value
    if bare.startswith("fingerprint "):
        return "AP-Device-Identifier", value
    if bare.count(".") in (2, 4) and decode_jwt(bare)[0] is not None:
        return "Authorization", f"Bearer {bare}"
    shown = decode_encoded_json(value).shown
    if "frameworkPermissionInfo" in shown or "frameworkProviderInfo" in shown or "accessStatus" in shown:
        return "AP-Partner-Framework-Status", value
    return ("AP-TempPass-Identity", value) if set(shown) == {"email"} else ("X-Device-Info", value)


def explain_value(header: str, value: str, now: float, *, reveal: bool, columns: int | None = None) -> str:
    """The decoded value and its findings as text, at most ``columns`` wide."""
    ex = Decoded(Exchange(Request(headers=((header, value),), method="POST", path=_PATH), started=now))
    redactor = Redactor(ex, reveal=reveal)
    lines = [header, *_decoded(ex, header, value, redactor)]
    for finding in findings(ex):
        if not finding.at.startswith(f"header:{header}") or finding.code in ("PL201", "PL206"):
            continue
        expected, actual = redactor.text(finding.expected), redactor.text(finding.actual)
        message = redactor.text(finding.message.removeprefix(f"{header}: "))  # the place names it already
        message = message.replace("{expected}", expected).replace("{actual}", actual)
        head = f"  {finding.severity:<8}  {finding.code} "
        words = f"{escape_controls(redactor.text(finding.at))}: {escape_controls(message)}"
        lines += fold(words, columns, first=head, rest=" " * 12)
    return "\n".join(lines)


def _decoded(ex: Decoded, header: str, value: str, redactor: Redactor) -> Iterator[str]:
    if is_mask(value):
        yield "  is masked: a tool or a person put this text in place of the value; decode the value that the app sent"
        return
    if header in ("X-Device-Info", "AP-Partner-Framework-Status", "AP-TempPass-Identity"):
        encoded = decode_encoded_json(value)
        if encoded.json is None:
            yield "  cannot be decoded"
            return
        if not encoded.json.valid:
            where = f" at {encoded.json.position}" if encoded.json.position else ""
            yield f"  not valid JSON: {encoded.json.problem}{where}"
            yield "  what could be salvaged, for display only:"
        yield from _json(_shown(header, encoded.shown, redactor))
    elif header == "Authorization" and ex.bearer is not None and ex.bearer.jwt is not None:
        yield from _json(
            {"header": redactor.claims(ex.bearer.jwt.header), "claims": redactor.claims(ex.bearer.jwt.claims)}
        )
        for claim in ("iat", "nbf", "exp"):
            seconds = ex.bearer.jwt.time(claim)
            if seconds is not None:
                yield f"  {claim} {moment(seconds)}"
    elif header == "AP-Device-Identifier" and ex.device_identifier is not None:
        identifier = ex.device_identifier
        data = identifier.encoded.data if identifier.encoded is not None else None
        text = (data or b"").decode("utf-8", "replace")
        readable = text if text.isprintable() and text else (data or b"").hex()
        text = escape_controls(redactor.secret(readable)) if data else "not readable"
        kind = identifier.type or "none"
        shown = kind if kind.isalpha() and len(kind) <= 20 else redactor.secret(kind)
        yield f"  type {escape_controls(shown)}, identifier {text}"
    else:
        jwt, _ = decode_jwt(value.strip())
        if jwt is not None:
            yield from _json({"header": redactor.claims(jwt.header), "claims": redactor.claims(jwt.claims)})
        else:
            show = redactor.secret if header.lower() in SECRET_HEADERS else redactor.text
            yield f"  {escape_controls(show(value))}"


def _shown(header: str, members: dict[str, Any], redactor: Redactor) -> dict[str, Any]:
    if header == "X-Device-Info":
        return redactor.device_info(members)
    if header == "AP-Partner-Framework-Status":
        return redactor.partner_status(members)
    return redactor.claims(members)


def _json(value: Any) -> Iterator[str]:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    yield from (f"  {escape_controls(line)}" for line in text.splitlines())


@click.command(cls=Command, statuses={0: "decoded, whatever was found"})
@click.argument("value", required=False, default="-")
@click.option(
    "--header",
    type=NearestChoice(HEADERS, case_sensitive=False),
    metavar="NAME",
    help="Which header it is, such as X-Device-Info; guessed otherwise.",
)
@click.option("--reveal", is_flag=True, help="Show tokens, identifiers and addresses instead of pseudonyms.")
def decode(value: str, header: str | None, reveal: bool) -> int:
    """Decode a header value, from the command line or (-) from standard input.

    \b
    Examples:
      passlens decode "X-Device-Info: eyJtb2RlbCI6ICJBcHBsZVRWIn0="
      passlens decode --header AP-Partner-Framework-Status < value.txt
    """
    if value == "-":
        if sys.stdin.isatty():
            print("passlens: reads the value from this terminal; end it with Ctrl-D.", file=sys.stderr)
        value = sys.stdin.buffer.read().decode("utf-8", "surrogateescape").rstrip("\r\n")
    if not value.strip():
        raise click.UsageError("there is no value to decode; give one, or pipe it to standard input.")
    print(explain_value(*guess(value, header), time.time(), reveal=reveal, columns=width(sys.stdout)))
    return 0
