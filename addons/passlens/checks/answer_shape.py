"""PL30x and PL31x: the shape of a sessions answer: JSON, attributes and their wire types."""

from collections.abc import Iterator
from typing import Final

from passlens.checks.finding import Basis, Hit, Severity
from passlens.exchange import Exchange
from passlens.spec.operations import JSON
from passlens.spec.outcomes import ACTION_NAMES, STATED
from passlens.spec.wire import Problem, kind_of

_VOCABULARIES: Final = ("actionName", "actionType", "reasonType")
_MOST: Final = 10


def _expects_json(ex: Exchange) -> bool:
    return ex.operation.core and ex.succeeded and ex.answer is not None and ex.answer.body is not None


def content_type(ex: Exchange) -> Iterator[Hit]:
    """A sessions answer does not say that it is JSON.

    Why: the tables of create and partner session demand application/json, samples of the other two have it. Clients
    that look at the Content-Type will not parse the body. A missing header is a warning: the oldest samples print none.
    Example: Content-Type: text/plain
    Do: look for a gateway or cache that changes the header.
    """
    if not _expects_json(ex) or ex.answer is None or ex.answer.media_type == JSON:
        return
    stated = ex.operation.id in ("create-session", "partner-session")
    severity: Severity = "error" if stated and ex.answer.media_type is not None else "warning"
    basis: Basis = "prose" if stated else "sample"
    actual = ex.answer.media_type or "missing"
    yield Hit(
        "header:Content-Type", "The Content-Type is {actual}, expected {expected}.", JSON, actual, severity, basis
    )


def not_json(ex: Exchange) -> Iterator[Hit]:
    """The body of a sessions answer is not JSON; the place where the parser stopped is named.

    Why: no client can read it. Eight published samples are broken in this way, by a missing comma or brace; real
    answers are not.
    Example: {"reasonType": "temporary" "url": "…"}
    Do: look for something on the way that changes or cuts the body.
    """
    if not _expects_json(ex) or ex.answer is None:
        return
    text = ex.answer.json
    if text is None:
        yield Hit("body", "The body is {actual}, expected {expected}.", "JSON", "empty")
    elif not text.valid:
        where = f"broken ({text.problem}: {text.position})" if text.position else f"broken ({text.problem})"
        yield Hit("body", "The JSON of the body is {actual}, expected {expected}.", "a JSON object", where)


def not_an_object(ex: Exchange) -> Iterator[Hit]:
    """The body of a sessions answer is JSON, but no object.

    Why: every documented answer is an object with named attributes.
    Example: []
    Do: look for something on the way that answers in the server's place.
    """
    text = ex.answer.json if _expects_json(ex) and ex.answer is not None else None
    if text is not None and text.valid and not isinstance(text.value, dict):
        kind = kind_of(text.value)
        actual = kind if kind == "null" else f"an {kind}" if kind == "array" else f"a {kind}"
        yield Hit("body", "The body is {actual}, expected {expected}.", "an object", actual)


def text_form(ex: Exchange) -> Iterator[Hit]:
    """The JSON of an answer can be read, but only with a liberty: a repeated key, a UTF-8 mark, bytes outside UTF-8.

    Why: parsers differ in what they make of it.
    Example: {"code": "8ER640M", "code": "8BLW4RW"}
    Do: look for something on the way that changes the body.
    """
    text = ex.answer.json if _expects_json(ex) and ex.answer is not None else None
    for liberty in text.liberties[:_MOST] if text is not None else ():
        if liberty.kind in ("duplicate-key", "utf8-mark", "invalid-utf8"):
            yield Hit("body", "The JSON of the body has a flaw: {actual}.", "plain JSON", liberty.detail)


def _problems(ex: Exchange, *kinds: str) -> Iterator[Problem]:
    """Problems of the answer's model that are not about the device object, which has a check of its own."""
    for problem in ex.body_problems:
        if problem.kind in kinds and not problem.pointer.startswith("/device/"):
            yield problem


def attribute_missing(ex: Exchange) -> Iterator[Hit]:
    """An attribute is missing that this answer has.

    Why: the page requires it, or every sample of this outcome has it and the flow goes on with it.
    Example: an answer with actionName authenticate and no code
    Do: report it to Adobe with the recording; do not rely on the attribute in the app.
    """
    if ex.operation.id == "retrieve-session" and ex.shape is None:
        return  # One finding says that nothing is there (PL311).
    for problem in _problems(ex, "missing"):
        name = problem.pointer.rpartition("/")[2]
        if name == "url" or problem.pointer.startswith("/authenticationRequest/"):
            continue
        stated = ex.operation.id == "retrieve-session" or name in STATED.get(ex.operation.id, ())
        if name == "code" and ex.outcome is not None and ex.outcome.row.action == "authorize":
            stated = False
        severity: Severity = "error" if stated else "warning"
        row = ex.outcome.row.id if ex.outcome is not None else None
        message = f"The attribute {name} is {{actual}}" + (f" (outcome {row})." if row else ".")
        yield Hit(f"body#{problem.pointer}", message, "present", "missing", severity, "prose" if stated else "sample")


def attribute_type(ex: Exchange) -> Iterator[Hit]:
    """An attribute has another JSON type than on the wire of every sample.

    Why: a client with typed models fails to decode the whole answer. notBefore and notAfter of a session are strings,
    though the same names on profiles are numbers.
    Example: {"notBefore": 1733735289035}
    Do: report it to Adobe with the recording; decode tolerantly.
    """
    for problem in _problems(ex, "type"):
        name = problem.pointer.rpartition("/")[2]
        message = f"The attribute {name} is {{actual}}, expected {{expected}}."
        yield Hit(f"body#{problem.pointer}", message, problem.expected, problem.actual)
    # A vocabulary's model sees a value that is not listed where the type is wrong already.
    for name in _VOCABULARIES:
        value = (ex.body or {}).get(name, "")
        if ex.operation.id in ACTION_NAMES and ex.succeeded and not isinstance(value, str):
            yield Hit(
                f"body#/{name}",
                f"The attribute {name} is {{actual}}, expected {{expected}}.",
                "string",
                kind_of(value),
            )


def attribute_empty(ex: Exchange) -> Iterator[Hit]:
    """An identifier in the answer is an empty string.

    Why: identifiers are opaque, but they identify something.
    Example: {"code": ""}
    Do: report it to Adobe with the recording.
    """
    for problem in _problems(ex, "format"):
        if problem.expected == "not empty":
            yield Hit(
                f"body#{problem.pointer}", f"The attribute {problem.pointer[1:]} is {{actual}}.", "a value", "empty"
            )


def epoch_form(ex: Exchange) -> Iterator[Hit]:
    """notBefore or notAfter is a string, but not of epoch milliseconds.

    Why: the pages state milliseconds since doc-2025-07-09; a client that divides by 1000 shows a time in January 1970.
    Example: {"notAfter": "1733737089"}
    Do: report it to Adobe with the recording; do not show the time without a check of its size.
    """
    for problem in _problems(ex, "format"):
        if problem.pointer in ("/notBefore", "/notAfter"):
            message = f"{problem.pointer[1:]} is {{actual}}, expected {{expected}}."
            actual = problem.actual or "empty"
            yield Hit(f"body#{problem.pointer}", message, "13 digits of epoch milliseconds", actual)


def url_missing(ex: Exchange) -> Iterator[Hit]:
    """The url is missing.

    Why: the pages have it optional today, every sample has it, and every documented action needs it.
    Example: an answer with actionName authenticate and no url
    Do: build it from the template of the next operation.
    """
    for problem in _problems(ex, "missing"):
        if problem.pointer == "/url":
            yield Hit("body#/url", "The attribute url is {actual}.", "present", "missing")


def reason_renamed(ex: Exchange) -> Iterator[Hit]:
    """The answer has an attribute reason; its wire name is reasonType.

    Why: the release notes of 3.1.0 call it reason, every page and sample reasonType.
    Example: {"reason": "none"}
    Do: read reasonType.
    """
    if ex.succeeded and ex.operation.id in ACTION_NAMES and "reason" in (ex.body or {}):
        yield Hit("body#/reason", "The attribute is called {actual}, expected {expected}.", "reasonType", "reason")


def retrieve_shape(ex: Exchange) -> Iterator[Hit]:
    """A retrieve answer has none of the four documented shapes.

    Why: it names neither existing nor missing parameters nor a device, so nobody can tell what to do with the code.
    Example: {}
    Do: report it to Adobe with the recording.
    """
    if ex.operation.id == "retrieve-session" and ex.succeeded and ex.body is not None and ex.shape is None:
        expected = "existingParameters, device, notBefore and notAfter"
        yield Hit("body", "The answer has {actual}, expected {expected}.", expected, "neither parameters nor a device")
