"""PL30x and PL31x: the shape of an answer: JSON, attributes and their wire types."""

from collections.abc import Iterator
from typing import Final

from passlens.checks import item_shape
from passlens.checks.finding import Basis, Hit, Severity
from passlens.checks.intermediaries import PAGE, in_place_of_answer
from passlens.checks.json_place import place
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.operations import DCR, JSON
from passlens.rest_v2.outcomes import ACTION_NAMES, STATED
from passlens.rest_v2.wire import Problem, kind_of

_VOCABULARIES: Final = ("actionName", "actionType", "reasonType")
_MAX_COUNT: Final = 10


def _expects_json(ex: Decoded) -> bool:
    # What authenticate answers is for a user agent, and to HEAD no body may come.
    of_json = ex.operation.id != "authenticate" and ex.request.method != "HEAD"
    return of_json and ex.succeeded and ex.response is not None and ex.response.body is not None


def content_type(ex: Decoded) -> Iterator[Hit]:
    """A successful answer does not say that it is JSON.

    Why: the tables of the operations demand application/json; of resume and retrieve session and of registration the
    samples have it. Clients that look at the Content-Type will not parse the body. A missing header is a warning: the
    oldest samples print none.
    Example: Content-Type: text/plain
    Do: look for a gateway or cache that changes the header.
    """
    if not _expects_json(ex) or ex.response is None or ex.response.media_type == JSON:
        return
    stated = ex.operation.id not in ("resume-session", "retrieve-session") and ex.operation.prefix != DCR
    severity: Severity = "error" if stated and ex.response.media_type is not None else "warning"
    basis: Basis = "prose" if stated else "sample"
    actual = ex.response.media_type or "missing"
    yield Hit(
        "header:Content-Type", "The Content-Type is {actual}, expected {expected}.", JSON, actual, severity, basis
    )


def not_json(ex: Decoded) -> Iterator[Hit]:
    """The body of a successful answer is not JSON; the place where the parser stopped is named.

    Why: no client can read it. Eight published samples are broken in this way, by a missing comma or brace; real
    answers are not.
    Example: {"reasonType": "temporary" "url": "…"}
    Do: look for something on the way that changes or cuts the body.
    """
    if not _expects_json(ex) or ex.response is None:
        return
    text = ex.response.json
    if text is None:
        yield Hit("body", "The body is {actual}, expected {expected}.", "JSON", "empty")
    elif not text.valid and in_place_of_answer(ex) is not None:
        yield Hit("body", "The body is {actual}, expected {expected}.", "a JSON object", PAGE)
    elif not text.valid:
        broken = f"broken ({place(text)})"
        yield Hit("body", "The JSON of the body is {actual}, expected {expected}.", "a JSON object", broken)


def not_an_object(ex: Decoded) -> Iterator[Hit]:
    """The body of a successful answer is JSON, but no object.

    Why: every documented answer is an object with named attributes. A configuration may be a list with one: its page
    speaks of one.
    Example: []
    Do: look for something on the way that answers in the server's place.
    """
    text = ex.response.json if _expects_json(ex) and ex.response is not None else None
    if text is not None and text.valid and not isinstance(text.value, dict) and ex.outcome is None:
        kind = kind_of(text.value)
        actual = kind if kind == "null" else f"an {kind}" if kind == "array" else f"a {kind}"
        yield Hit("body", "The body is {actual}, expected {expected}.", "an object", actual)


def text_form(ex: Decoded) -> Iterator[Hit]:
    """The JSON of an answer can be read, but only with a liberty: a repeated key, a UTF-8 mark, bytes outside UTF-8.

    Why: parsers differ in what they make of it.
    Example: {"code": "8ER640M", "code": "8BLW4RW"}
    Do: look for something on the way that changes the body.
    """
    text = ex.response.json if _expects_json(ex) and ex.response is not None else None
    for deviation in text.deviations[:_MAX_COUNT] if text is not None else ():
        if deviation.kind in ("duplicate-key", "utf8-mark", "invalid-utf8"):
            yield Hit("body", "The JSON of the body has a flaw: {actual}.", "plain JSON", deviation.detail)


def _problems(ex: Decoded, *kinds: str) -> Iterator[Problem]:
    """Problems of a sessions answer's model that are not about the device object, which has a check of its own."""
    for problem in ex.problems if item_shape.FAMILY_OF[ex.operation.id] == "sessions" else ():
        if problem.kind in kinds and not problem.pointer.startswith("/device/"):
            yield problem


def attribute_missing(ex: Decoded) -> Iterator[Hit]:
    """An attribute is missing that this answer, or an item of it, has.

    Why: the page requires it, or every sample of this outcome has it and the flow goes on with it. A profile without
    userID is a warning, pieces of metadata that only samples show are a note.
    Example: an answer with actionName authenticate and no code
    Do: report it to Adobe with the recording; do not rely on the attribute in the app.
    """
    if ex.operation.id == "retrieve-session" and ex.shape is None:
        return  # One finding says that nothing is there (PL311).
    for hit in item_shape.hits(ex, "missing", "{name} is {actual}."):
        if not hit.at.endswith("/url"):
            yield hit
    for problem in _problems(ex, "missing"):
        name = problem.pointer.rpartition("/")[2]
        if name == "url" or problem.pointer.startswith("/authenticationRequest/"):
            continue
        stated = ex.operation.id == "retrieve-session" or name in STATED.get(ex.operation.id, ())
        if name == "code" and ex.session is not None and ex.session.row.action == "authorize":
            stated = False
        severity: Severity = "error" if stated else "warning"
        row = ex.session.row.id if ex.session is not None else None
        message = f"The attribute {name} is {{actual}}" + (f" (outcome {row})." if row else ".")
        yield Hit(f"body#{problem.pointer}", message, "present", "missing", severity, "prose" if stated else "sample")


def attribute_type(ex: Decoded) -> Iterator[Hit]:
    """An attribute has another JSON type than on the wire of every sample.

    Why: a client with typed models fails to decode the whole answer. notBefore and notAfter of a session are strings,
    those of profiles, decisions and tokens are numbers; authorized is true or false without quotes.
    Example: {"notBefore": 1733735289035}
    Do: report it to Adobe with the recording; decode tolerantly.
    """
    for problem in _problems(ex, "type"):
        name = problem.pointer.rpartition("/")[2]
        message = f"The attribute {name} is {{actual}}, expected {{expected}}."
        yield Hit(f"body#{problem.pointer}", message, problem.expected, problem.actual)
    yield from item_shape.hits(ex, "type", "{name} is {actual}, expected {expected}.")
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


def attribute_empty(ex: Decoded) -> Iterator[Hit]:
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
    for hit in item_shape.hits(ex, "format", "{name} is {actual}."):
        if hit.expected == "not empty":
            yield hit._replace(expected="a value", actual="empty")


def epoch_form(ex: Decoded) -> Iterator[Hit]:
    """notBefore or notAfter has the right type, but does not hold epoch milliseconds.

    Why: the pages state milliseconds since doc-2025-07-09; a client that divides by 1000 shows a time in January 1970.
    Of profiles and decisions it is a warning: samples had seconds until doc-2025-07-10.
    Example: {"notAfter": "1733737089"}
    Do: report it to Adobe with the recording; do not show the time without a check of its size.
    """
    for problem in _problems(ex, "format"):
        if problem.pointer in ("/notBefore", "/notAfter"):
            message = f"{problem.pointer[1:]} is {{actual}}, expected {{expected}}."
            actual = problem.actual or "empty"
            yield Hit(f"body#{problem.pointer}", message, "13 digits of epoch milliseconds", actual)
    for hit in item_shape.hits(ex, "format", "{name} is {actual}, expected {expected}."):
        if hit.expected != "not empty":
            yield hit._replace(expected="13 digits of epoch milliseconds")


def url_missing(ex: Decoded) -> Iterator[Hit]:
    """The url is missing.

    Why: the pages of sessions have it optional today, every sample has it, and every documented action needs it. With
    the action logout the user agent has to open it, which the flow states: there it is an error.
    Example: an answer with actionName authenticate and no url
    Do: build it from the template of the next operation.
    """
    for problem in _problems(ex, "missing"):
        if problem.pointer == "/url":
            yield Hit("body#/url", "The attribute url is {actual}.", "present", "missing")
    if ex.operation.id == "logout":
        for hit in item_shape.hits(ex, "missing", "{name} is {actual}."):
            if hit.at.endswith("/url"):
                yield hit


def reason_renamed(ex: Decoded) -> Iterator[Hit]:
    """The answer has an attribute reason; its wire name is reasonType.

    Why: the release notes of 3.1.0 call it reason, every page and sample reasonType.
    Example: {"reason": "none"}
    Do: read reasonType.
    """
    if ex.succeeded and ex.operation.id in ACTION_NAMES and "reason" in (ex.body or {}):
        yield Hit("body#/reason", "The attribute is called {actual}, expected {expected}.", "reasonType", "reason")


def retrieve_shape(ex: Decoded) -> Iterator[Hit]:
    """A retrieve answer has none of the four documented shapes.

    Why: it names neither existing nor missing parameters nor a device, so nobody can tell what to do with the code.
    Example: {}
    Do: report it to Adobe with the recording.
    """
    if ex.operation.id == "retrieve-session" and ex.succeeded and ex.body is not None and ex.shape is None:
        expected = "existingParameters, device, notBefore and notAfter"
        yield Hit("body", "The answer has {actual}, expected {expected}.", expected, "neither parameters nor a device")


_HOLDERS: Final = {
    "profiles": ("profiles", "a map of profiles"),
    "decisions": ("decisions", "a list of decisions"),
    "configuration": ("mvpds", "a list of MVPDs, in requestor or at the top"),
    "logout": ("logouts", "a map of logouts"),
}
"""The member that holds the items of an answer, by family, and what it is."""

_HANDED_OUT: Final = {"dcr-register": "client_id", "dcr-token": "access_token"}


def items_missing(ex: Decoded) -> Iterator[Hit]:
    """The answer does not have what it is asked for: profiles, decisions, MVPDs, logouts, or credentials.

    Why: the pages give the one member that holds them and its kind; profiles and logouts are maps, decisions are a
    list. An empty one is no fault.
    Example: {"profiles": []}
    Do: report it to Adobe with the recording; do not take it for an empty answer in the app.
    """
    if not _expects_json(ex) or ex.body is None or ex.outcome is not None or ex.recognition.error is not None:
        return
    if {"action", "status", "code"} <= ex.body.keys():
        return  # An error in a success (PL505).
    if ex.operation.id in _HANDED_OUT:
        name = _HANDED_OUT[ex.operation.id]
        yield Hit(f"body#/{name}", f"The attribute {name} is {{actual}}.", "present", "missing")
        return
    holder = _HOLDERS.get(item_shape.FAMILY_OF[ex.operation.id])
    if holder is not None:
        name, expected = holder
        actual = kind_of(ex.body[name]) if name in ex.body else "missing"
        yield Hit(f"body#/{name}", f"The member {name} is {{actual}}, expected {{expected}}.", expected, actual)
