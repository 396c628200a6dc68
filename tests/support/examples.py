"""Examples of finding codes: an exchange that triggers a code and one near it that must not.
Exchanges are documented cases with a few changes; the clock is forge.CLOCK."""

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest

import cases
import forge
from passlens.analysis.analyzer import analyze
from passlens.exchange.model import Exchange, Gap, Message, Response
from samples.case import Headers, dump, form

CLOCK = forge.CLOCK

M = TypeVar("M", bound=Message)

Changes = Mapping[str, str | Sequence[str] | None]
"""Headers by name: a value, several values for a repeated header, None for no such header."""


@dataclass(frozen=True)
class Example:
    """One code with an exchange on either side of it. ``at``, ``severity`` and ``words`` are about the first finding
    of the code: its place, its severity, and something its message holds."""

    code: str
    trigger: Exchange
    near: Exchange
    at: str
    severity: str
    words: str = ""


@cache
def collected() -> dict[str, list[Example]]:
    """The examples of every test module of the checks, by code."""
    found: dict[str, list[Example]] = {}
    for path in sorted((Path(__file__).parent.parent / "checks").glob("test_*.py")):
        if "\nEXAMPLES = [" not in path.read_text(encoding="utf-8"):
            continue
        spec = importlib.util.spec_from_file_location(f"examples_of_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for example in module.EXAMPLES:
            found.setdefault(example.code, []).append(example)
    return found


def verify(example: Example) -> None:
    """The trigger yields the finding that the example describes, its neighbour none with that code."""
    found = with_code(example.trigger, example.code)
    assert found, f"the trigger yields no {example.code}, only {codes(example.trigger)}"
    first = found[0]
    assert (first["at"], first["severity"]) == (example.at, example.severity), first
    assert example.words in first["message"], first
    for finding in found:
        message = finding["message"]
        assert "{actual}" not in message, finding
        assert "{expected}" not in message, finding
        assert message.strip() == message, finding
        assert message.endswith((".", "?", "…")), finding
    assert not with_code(example.near, example.code), with_code(example.near, example.code)
    if example.code != "PL999":
        assert "PL999" not in codes(example.trigger) + codes(example.near)


def parametrize(examples: Sequence[Example]) -> pytest.MarkDecorator:
    """Parametrize a test over ``example``; ids are the codes, numbered where a code has several."""
    seen: dict[str, int] = {}
    names = []
    for example in examples:
        count = seen[example.code] = seen.get(example.code, 0) + 1
        names.append(example.code if count == 1 else f"{example.code}-{count}")
    return pytest.mark.parametrize("example", examples, ids=names)


def findings(ex: Exchange) -> list[dict[str, str]]:
    """The findings about an exchange, as a report shows them."""
    found: list[dict[str, str]] = analyze(ex)["findings"]
    return found


def codes(ex: Exchange) -> list[str]:
    """The codes of the findings about an exchange, repeats kept."""
    return [finding["code"] for finding in findings(ex)]


def with_code(ex: Exchange, code: str) -> list[dict[str, str]]:
    """The findings with one code."""
    return [finding for finding in findings(ex) if finding["code"] == code]


def exchange(
    name: str,
    *,
    headers: Changes | None = None,
    form: Mapping[str, str | None] | bytes | None = None,
    body: bytes | None = None,
    gap: Gap | None = None,
    response: Mapping[str, Any] | None = None,
    answer_headers: Changes | None = None,
    response_body: bytes | None = None,
    answer_gap: Gap | None = None,
    status: int | None = None,
    no_answer: bool = False,
    **changes: Any,
) -> Exchange:
    """The exchange of a documented case (``cases.case``), changed.

    ``headers`` and ``answer_headers`` set, repeat or remove headers. ``form`` sets or removes (None) parameters of the
    form body, or replaces it when given as bytes; ``body`` replaces the request's body whatever it is. ``answer`` sets
    or removes (None) members of the answer's JSON object, ``answer_body`` replaces the answer's body. A gap takes the
    body away. Other changes go to the request if it has such an attribute (``method``, ``path``, ``host``, ``client``)
    and else to the exchange (``started``, ``failure``, ``injection``).
    """
    case = cases.case(name)
    if response is not None:
        case = case.with_answer(**response)
    ex = cases.as_exchange(case)
    request, reply = ex.request, ex.response
    assert reply is not None
    if form is not None:
        request = replace(request, body=form if isinstance(form, bytes) else _form(ex, form))
    request = _message(request, headers, body, gap)
    reply = _message(reply, answer_headers, response_body, answer_gap)
    if status is not None:
        reply = replace(reply, status=status)
    of_request = {
        key: changes.pop(key) for key in ("method", "scheme", "host", "port", "path", "client") & changes.keys()
    }
    return replace(ex, request=replace(request, **of_request), response=None if no_answer else reply, **changes)


def answered(ex: Exchange, body: object, **changes: Any) -> Exchange:
    """The exchange with another JSON value as the answer's body; changes go to the answer."""
    response = ex.response if ex.response is not None else Response()
    return replace(ex, response=replace(response, body=dump(body), **changes))


def _form(ex: Exchange, changes: Mapping[str, str | None]) -> bytes:
    have = {parameter.name: parameter.value for parameter in ex.request.form}
    return form(**forge.without_none(have | changes))


def _message(message: M, headers: Changes | None, body: bytes | None, gap: Gap | None) -> M:
    if headers is not None:
        message = replace(message, headers=_changed(message.headers, headers))
    if body is not None:
        message = replace(message, body=body)
    return message if gap is None else replace(message, body=None, gap=gap)


def _changed(have: Headers, changes: Changes) -> Headers:
    """Changed headers stand where they stood, new ones at the end."""
    wanted = {name.lower(): (name, _values(value)) for name, value in changes.items()}
    made: list[tuple[str, str]] = []
    for name, value in have:
        if name.lower() not in wanted:
            made.append((name, value))
        elif name.lower() not in {done.lower() for done, _ in made}:
            made += [(name, new) for new in wanted[name.lower()][1]]
    present = {name.lower() for name, _ in have}
    for lower, (name, values) in wanted.items():
        if lower not in present:
            made += [(name, value) for value in values]
    return tuple(made)


def _values(value: str | Sequence[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)
