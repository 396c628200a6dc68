"""PL46x, PL122 and PL327: decisions: resources asked for and answered, who decided, media tokens."""

from collections.abc import Iterator
from typing import Any, Final

from passlens.checks import item_shape
from passlens.checks.finding import Hit, Severity
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.base64_decoding import decode_base64
from passlens.rest_v2.decisions import SOURCES, Decision, compare_resources, resources_of
from passlens.rest_v2.operations import FAMILIES
from passlens.rest_v2.results import text
from passlens.rest_v2.wire import epoch_seconds, kind_of, listed, moment

MIN_LIFE: Final = 60
MAX_LIFE: Final = 1800
"""Seconds that a media token lives, by passlens' own reckoning: samples have 180 to 600, the page says 7 minutes."""

_NAMED: Final = 5
"""Resources that a message names."""


def _asked(ex: Decoded) -> Any:
    """The parsed body of a request for decisions; None where it is not there to be read."""
    if ex.operation.id not in FAMILIES["decisions"] or ex.route is None or not ex.route.documented_method:
        return None
    read = ex.request.json
    return read.value if read is not None and read.valid else None


def _items(ex: Decoded) -> Iterator[tuple[str, Decision]]:
    if ex.operation.id not in FAMILIES["decisions"] or ex.outcome is None:
        return
    for item in ex.recognition.items:
        if isinstance(item, Decision) and isinstance(item.value, dict):
            yield f"body#/decisions/{item.place}", item


def resources_form(ex: Decoded) -> Iterator[Hit]:
    """The body of a request for decisions is no JSON object with a list of resources.

    Why: the page demands resources, a list of strings, and the server has an error code for anything else.
    Example: {"resources": "news"}
    Do: send {"resources": ["news"]} as application/json.
    """
    if ex.operation.id not in FAMILIES["decisions"] or ex.route is None or not ex.route.documented_method:
        return
    if ex.request.body is None:
        return
    expected = "a JSON object with resources, a list of strings"
    read = ex.request.json
    if read is None or not read.valid:
        yield Hit(
            "body", "The body is {actual}, expected {expected}.", expected, "empty" if read is None else "no JSON"
        )
        return
    if not isinstance(read.value, dict):
        yield Hit("body", "The body is {actual}, expected {expected}.", expected, kind_of(read.value))
        return
    found = read.value.get("resources")
    if not isinstance(found, list):
        actual = kind_of(found) if "resources" in read.value else "missing"
        yield Hit(
            "body#/resources", "The member resources is {actual}, expected {expected}.", "a list of strings", actual
        )
        return
    for place, one in enumerate(found):
        if not isinstance(one, str):
            where = f"body#/resources/{place}"
            yield Hit(where, "The resource is {actual}, expected {expected}.", "a string", kind_of(one), basis="sample")


def source_value(ex: Decoded) -> Iterator[Hit]:
    """The source of a decision is not one that the page lists.

    Why: the page has a closed list of who decides: mvpd, degradation, temppass and dummy.
    Example: {"source": "cache"}
    Do: treat an unknown source like mvpd in the app, and report it.
    """
    for hit in item_shape.hits(ex, "value", "The source is {actual}, expected one of {expected}."):
        yield hit._replace(expected=listed(SOURCES))


def decisions_empty(ex: Decoded) -> Iterator[Hit]:
    """The list of decisions is empty though resources were asked for.

    Why: every sample answers each resource. Until release 3.4.0 preauthorize answered too many resources so.
    Example: {"decisions": []}
    Do: do not take it for a denial; ask for fewer resources.
    """
    if ex.operation.id in FAMILIES["decisions"] and ex.outcome is not None and not ex.recognition.items:
        asked = _asked(ex)
        if ex.request.body is None or (isinstance(asked, dict) and asked.get("resources") == []):
            return
        severity: Severity = "warning" if ex.operation.id == "authorize" else "note"
        yield Hit(
            "body#/decisions",
            "The list of decisions is {actual}, expected {expected}.",
            "one for each resource",
            "empty",
            severity,
        )


def _named(resources: tuple[str, ...]) -> str:
    """Some resources in words."""
    names = tuple(text(one) or "" for one in resources[:_NAMED])
    more = f" and {len(resources) - _NAMED} more" if len(resources) > _NAMED else ""
    return f"{listed(names, 'and') if not more else ', '.join(names)}{more}"


def resources_differ(ex: Decoded) -> Iterator[Hit]:
    """The answer decides about other resources than were asked for, or in another order.

    Why: every sample has one decision for each resource, in the order of the request. Live preauthorizations leave some
    out. White space around a resource is not compared.
    Example: asked for news and movies, answered news
    Do: match decisions by resource, never by place; take a missing one for no permit.
    """
    asked = resources_of(_asked(ex))
    items = [item for _, item in _items(ex)]
    answered = tuple(one for one in (item.member("resource") for item in items) if isinstance(one, str))
    # Decisions of 2024 name no resource, and those without a text have a finding of their own.
    if not asked or not items or len(answered) < len(items) or ex.recognition.cut:
        return
    found = compare_resources(asked, answered)
    if found.unasked:
        message = "There is a decision about {actual}, which was not asked for; expected {expected}."
        yield Hit("body#/decisions", message, _named(asked), _named(found.unasked), "warning")
    if found.missing:
        severity: Severity = "warning" if ex.operation.id == "authorize" else "note"
        message = "There is no decision about {expected}; there are {actual}."
        yield Hit("body#/decisions", message, _named(found.missing), f"{len(answered)} of {len(asked)}", severity)
    if found.reordered:
        message = "The decisions come in the order {actual}, asked for was {expected}."
        yield Hit("body#/decisions", message, _named(asked), _named(answered), "note")


def decision_of_other(ex: Decoded) -> Iterator[Hit]:
    """A decision is about another service provider or MVPD than the path.

    Why: in the samples of the operations they are those of the path. The sample of the Enhanced Error Codes has the
    resource in the place of the service provider: that is a note.
    Example: authorize/Cox answered with the mvpd Spectrum
    Do: look for a cache on the way that mixes answers up.
    """
    for at, item in _items(ex):
        for name in ("serviceProvider", "mvpd"):
            value, expected = item.member(name), ex.path_parameter(name)
            if isinstance(value, str) and expected is not None and value != expected:
                message = f"The {name} of the decision is {{actual}}, the path has {{expected}}."
                severity: Severity | None = (
                    "note" if name == "serviceProvider" and value == item.member("resource") else None
                )
                yield Hit(f"{at}/{name}", message, text(expected) or "", text(value) or "empty", severity)


def _span(value: Any) -> tuple[float | None, float | None]:
    """notBefore and notAfter of a decision or token in seconds, of integers only."""
    if not isinstance(value, dict):
        return None, None
    start, end = (value.get(name) for name in ("notBefore", "notAfter"))
    return (
        epoch_seconds(start) if isinstance(start, int) else None,
        epoch_seconds(end) if isinstance(end, int) else None,
    )


def token_order(ex: Decoded) -> Iterator[Hit]:
    """A media token ends before it begins, or after its decision.

    Why: a token that ends first plays nothing; in every sample it ends before the decision does.
    Example: notBefore after notAfter
    Do: report it to Adobe with the recording.
    """
    for at, item in _items(ex):
        start, end = _span(item.member("token"))
        limit = _span(item.value)[1]
        if start is not None and end is not None and start >= end:
            message = "notBefore of the token is {actual}, expected before notAfter, {expected}."
            yield Hit(f"{at}/token/notBefore", message, moment(end), moment(start))
        elif end is not None and limit is not None and end > limit:
            message = "The token ends at {actual}, expected not after its decision, {expected}."
            yield Hit(f"{at}/token/notAfter", message, moment(limit), moment(end))


def token_life(ex: Decoded) -> Iterator[Hit]:
    """A media token lives much shorter or longer than documented ones.

    Why: samples have 3 to 10 minutes, the page of media tokens 7. The limits of 1 and 30 minutes are passlens' own.
    Example: a token of a day
    Do: check the time-to-live in the TVE Dashboard.
    """
    for at, item in _items(ex):
        start, end = _span(item.member("token"))
        if start is None or end is None or end <= start:
            continue
        life = end - start
        if life < MIN_LIFE and end == _span(item.value)[1]:
            continue  # It ends with its decision, as it should.
        if not MIN_LIFE <= life <= MAX_LIFE:
            yield Hit(
                f"{at}/token/notAfter",
                "The token lives {actual}, expected {expected}.",
                "1 to 30 minutes",
                f"{life:.0f} s",
            )


def token_form(ex: Decoded) -> Iterator[Hit]:
    """A media token is not Base64.

    Why: the page says that it is Base64-encoded; what it encodes is not for apps to read.
    Example: a serializedToken with angle brackets
    Do: hand it on as it is; report it to Adobe with the recording.
    """
    for at, item in _items(ex):
        token = item.member("token")
        value = token.get("serializedToken") if isinstance(token, dict) else None
        if not isinstance(value, str) or not value:
            continue
        read = decode_base64(value.rstrip("."))
        if read.data is None:
            message = "The serializedToken is {actual}, expected {expected}."
            yield Hit(f"{at}/token/serializedToken", message, "Base64", "not Base64")
