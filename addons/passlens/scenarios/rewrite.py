"""Changes to requests and answers: only what is named changes, everything else stays byte for byte.
What cannot be changed is left alone, and a sentence says why."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, quote_plus, unquote_to_bytes

from passlens.errors import EditError
from passlens.exchange.decoded import Decoded
from passlens.exchange.headers import Headers
from passlens.exchange.model import Response
from passlens.scenarios import json_edit, patch, paths, template
from passlens.scenarios.budget import look
from passlens.scenarios.changes import FieldChanges, FormChanges, HeaderChanges, RewriteRequest, RewriteResponse
from passlens.scenarios.compare import text_of
from passlens.scenarios.header_edit import put_together, take_apart

_FIELDS: Final = {"device_info": "X-Device-Info", "partner_status": "AP-Partner-Framework-Status"}


@dataclass(frozen=True)
class Rewritten:
    """A changed request or answer: its headers and body, the request's target or the answer's status, and sentences
    about what was left alone."""

    headers: Headers
    body: bytes | None
    path: str = ""
    status: int | None = None
    problems: tuple[str, ...] = ()


@template.deciding()
def rewrite_request(rewrite: RewriteRequest, ex: Decoded, fill: template.Fill = lambda value: value) -> Rewritten:
    """Apply a rule's changes to a request. ``fill`` fills in the templates of new values.

    Length and content-encoding are the caller's: the body is what Content-Encoding has been taken off.
    """
    request = ex.request
    headers, body, path = request.headers, request.body, request.path
    problems: list[str] = []
    for name, value in rewrite.path.items():
        path = _try(path, lambda: change_path(path, ex, name, text_of(fill(value))), f"The path's {name}", problems)  # noqa: B023
    for part, header in _FIELDS.items():
        changes: FieldChanges | None = getattr(rewrite, part)
        if changes is not None:
            headers = _fields(headers, header, changes, fill, problems)
    if rewrite.headers is not None:
        headers = _try(headers, lambda: change_headers(headers, rewrite.headers, fill), "The headers", problems)
    if rewrite.form is not None:
        if body is None:
            problems.append("The form was left alone: the body is not there to be changed.")
        else:
            sent = body
            body = _try(body, lambda: change_form(sent, rewrite.form, fill), "The form", problems)
    return Rewritten(headers, body, path, problems=tuple(problems))


@template.deciding()
def edit_response(rewrite: RewriteResponse, response: Response, fill: template.Fill = lambda value: value) -> Rewritten:
    """Apply a rule's changes to an answer."""
    problems: list[str] = []
    headers, body = response.headers, response.body
    if rewrite.headers is not None:
        headers = _try(headers, lambda: change_headers(headers, rewrite.headers, fill), "The headers", problems)
    if rewrite.has_merge or rewrite.patch:
        body = _try(body, lambda: change_json(body, rewrite, fill), "The body", problems)
    return Rewritten(headers, body, status=rewrite.status or response.status, problems=tuple(problems))


def _try(before: Any, change: Any, what: str, problems: list[str]) -> Any:
    try:
        return change()
    except ValueError as error:
        was = "were" if what.endswith("headers") else "was"
        problems.append(f"{what} {was} left alone: {error}.")
        return before


def change_path(path: str, ex: Decoded, name: str, value: str) -> str:
    """A request target with one path parameter changed; raises EditError if the path does not have it."""
    bare, mark, query = path.partition("?")
    have = bare.split("/")
    for template_path in ex.operation.paths:
        want = template_path.split("/")[1:]
        tail = have[len(have) - len(want) :]
        fits = len(tail) == len(want) and all(w.startswith("{") or w == h for w, h in zip(want, tail, strict=True))
        if fits and f"{{{name}}}" in want:
            have[len(have) - len(want) + want.index(f"{{{name}}}")] = quote(value, safe="", errors="surrogatepass")
            return "/".join(have) + mark + query
    raise EditError("the path has none")


def change_headers(
    headers: Headers, changes: HeaderChanges | None, fill: template.Fill = lambda value: value
) -> Headers:
    """Headers after a change: one that is set keeps its place and spelling, a new one stands last."""
    if changes is None:
        return headers
    gone = {name.lower() for name in changes.remove}
    kept = [pair for pair in headers if pair[0].lower() not in gone]
    for name, value in changes.set.items():
        look()
        text = text_of(fill(value))
        if any(ord(sign) < 32 and sign != "\t" for sign in text):
            raise EditError(f"the new value of {name} holds a line end or a control character")
        places = [at for at, pair in enumerate(kept) if pair[0].lower() == name.lower()]
        if not places:
            kept.append((name, text))
            continue
        kept[places[0]] = (kept[places[0]][0], text)
        kept = [pair for at, pair in enumerate(kept) if at not in places[1:]]
    return tuple(kept)


def _fields(headers: Headers, name: str, changes: FieldChanges, fill: template.Fill, problems: list[str]) -> Headers:
    at = next((at for at, pair in enumerate(headers) if pair[0].lower() == name.lower()), None)
    if at is None:
        problems.append(f"{name} was left alone: the request has none.")
        return headers
    try:
        value = change_fields(headers[at][1], changes, fill)
    except ValueError as error:
        problems.append(f"{name} was left alone: {error}.")
        return headers
    return (*headers[:at], (headers[at][0], value), *headers[at + 1 :])


def change_fields(raw: str, changes: FieldChanges, fill: template.Fill = lambda value: value) -> str:
    """A header value with fields inside it changed, encoded the way it came; raises EditError with a clause."""
    text, form = take_apart(raw)
    changed = text
    for path in changes.remove:
        look()
        changed = json_edit.remove(changed, paths.split(path))
    for path, value in changes.set.items():
        look()
        changed = json_edit.set_value(changed, paths.split(path), fill(value))
    return raw if changed == text else put_together(changed, form)


def change_form(body: bytes, changes: FormChanges | None, fill: template.Fill = lambda value: value) -> bytes:
    """A form body after a change: a parameter that is set keeps its place, a new one stands last."""
    if changes is None:
        return body
    pieces = [piece for piece in body.split(b"&") if _name(piece) not in changes.remove or not piece]
    for name, value in changes.set.items():
        look()
        text = text_of(fill(value))
        places = [at for at, piece in enumerate(pieces) if piece and _name(piece) == name]
        new = _encoded(name, body) + b"=" + _encoded(text, body)
        if not places:
            pieces = [new] if pieces == [b""] else [*pieces, new]
            continue
        old_name, equals, old = pieces[places[0]].partition(b"=")
        if not equals or _decoded(old) != text:
            pieces[places[0]] = old_name + b"=" + _encoded(text, body)
        pieces = [piece for at, piece in enumerate(pieces) if at not in places[1:]]
    return b"&".join(pieces)


def _name(piece: bytes) -> str:
    return _decoded(piece.partition(b"=")[0])


def _decoded(raw: bytes) -> str:
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8", "surrogateescape")


def _encoded(text: str, body: bytes) -> bytes:
    """A name or value, with blanks the way the body has them: %20 if there is one and no plus sign."""
    encode = quote if b"%20" in body and b"+" not in body else quote_plus
    return encode(text, safe="", errors="surrogatepass").encode("ascii")


def change_json(body: bytes | None, rewrite: RewriteResponse, fill: template.Fill = lambda value: value) -> bytes:
    """A JSON body after merge and patch; raises EditError if it is no JSON."""
    if body is None:
        raise EditError("it is not there to be changed")
    read = json_text_of(body)
    text = read
    if rewrite.has_merge:
        text = json_edit.merge(text, fill(rewrite.merge))
    if rewrite.patch:
        value = patch.parsed(text)
        steps = [step.model_copy(update={"value": fill(step.value)}) for step in rewrite.patch]
        text = json_edit.dump_like(text, patch.apply(value, steps))
    return body if text == read else text.encode("utf-8", "surrogatepass")


def json_text_of(body: bytes) -> str:
    """The text of a JSON body; raises EditError with a clause."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise EditError("it is not UTF-8") from None
    patch.parsed(text)
    return text
