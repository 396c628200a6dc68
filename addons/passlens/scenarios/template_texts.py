"""Which texts of a rule are templates, each with its place below ``then``."""

from collections.abc import Iterator, Mapping
from typing import Any

from passlens.scenarios.template_engine import is_template
from passlens.scenarios.then import Then

Place = tuple[str | int, ...]


def texts(then: Then, bodies: Mapping[str, bytes]) -> Iterator[tuple[Place, str]]:
    """Every text of a rule that is a template, with its place below ``then``."""
    respond = then.respond
    if respond is not None and respond.template:
        yield from _inside(("respond", "headers"), respond.headers)
        yield from _inside(("respond", "body"), respond.body)
        yield from _inside(("respond", "json"), respond.json_)
        yield from _inside(("respond", "body_file"), body_text(bodies.get(respond.body_file or "")))
    if then.rewrite_request is not None:
        yield from _inside(("rewrite_request", "path"), then.rewrite_request.path)
        for part in ("headers", "form", "device_info", "partner_status"):
            changes = getattr(then.rewrite_request, part)
            yield from _inside(("rewrite_request", part, "set"), changes.set if changes is not None else None)
    if then.rewrite_response is not None:
        rewrite = then.rewrite_response
        yield from _inside(("rewrite_response", "headers", "set"), rewrite.headers.set if rewrite.headers else None)
        yield from _inside(("rewrite_response", "merge"), rewrite.merge)
        for number, step in enumerate(rewrite.patch or ()):
            yield from _inside(("rewrite_response", "patch", number, "value"), step.value)


def texts_as_written(then: Any) -> Iterator[tuple[Place, str]]:
    """The same for a ``then`` that the models refuse, as it stands in the file."""
    for action in ("respond", "rewrite_request", "rewrite_response") if isinstance(then, dict) else ():
        value = then.get(action)
        if isinstance(value, dict) and value.get("template") is not False:
            yield from _inside((action,), value)


def body_text(data: bytes | None) -> str | None:
    """A body file as text, or None if it is none."""
    try:
        return None if data is None else data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _inside(place: Place, value: Any) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str) and is_template(value):
        yield place, value
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _inside((*place, number), item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _inside((*place, key), item)
