"""Rule files and exchanges for the tests of scenarios, out of the documented cases and a few words.
One line such as ``P1 device=kitchen access=denied`` is an exchange."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import cases
import forge
from passlens.errors import RuleFileError
from passlens.exchange.model import Exchange
from passlens.scenarios.model import Rule, Scenario
from passlens.scenarios.reader import read_text

NOW = forge.CLOCK


def scenario(text: str, path: Path = Path("rules/demo.yaml")) -> Scenario:
    """The scenario of a rule file's text."""
    return read_text(text.encode(), path)


def rule(text: str) -> Rule:
    """The only rule of a text that holds its ``when`` and ``then``."""
    inner = "".join(f"    {line}\n" for line in text.strip("\n").splitlines())
    return scenario(f"rules:\n  - name: only\n{inner}").rules[0]


def refusal(then: str) -> str:
    """What is said of a ``then`` that is refused."""
    with pytest.raises(RuleFileError) as caught:
        rule(f"then: {then}")
    return str(caught.value)


def is_limit(within: str, beyond: str) -> bool:
    """True if the one ``then`` is taken, and the other, just beyond it, refused."""
    return bool(rule(f"then: {within}").then and refusal(beyond))


def exchange(words: str, *, answered: bool = False) -> Exchange:
    """A case by its name, with changes.

    device=NAME, access=WORD and expires=SECONDS (of the partner status), without=HEADER, NAME:VALUE (a header),
    code=CODE, client=ADDRESS, body=TEXT.
    """
    name, *changes = words.split()
    ex = cases.as_exchange(cases.case(name))
    request = ex.request
    headers = list(request.headers)
    for change in changes:
        key, mark, value = change.partition("=") if "=" in change.partition(":")[0] else change.partition(":")
        if mark == ":":
            headers = _with(headers, key, value.replace("+", " "))
            continue
        match key:
            case "device":
                headers = _with(headers, "AP-Device-Identifier", forge.device_identifier(value))
            case "access":
                headers = _with(headers, "AP-Partner-Framework-Status", forge.partner_status(access=value))
            case "expires":
                status = forge.partner_status(expires_in=float(value))
                headers = _with(headers, "AP-Partner-Framework-Status", status)
            case "without":
                headers = [pair for pair in headers if pair[0].lower() != value.lower()]
            case "code":
                request = replace(request, path=request.path.replace(ex.path_parameter("code") or "?", value))
            case "client":
                request = replace(request, client=value)
            case "body":
                request = replace(request, body=value.encode())
            case _:
                raise LookupError(change)
    return Exchange(replace(request, headers=tuple(headers)), ex.response if answered else None, started=NOW)


def _with(headers: list[tuple[str, str]], name: str, value: str) -> list[tuple[str, str]]:
    return [*(pair for pair in headers if pair[0].lower() != name.lower()), (name, value)]


def sections(folder: str) -> Iterator[tuple[str, list[str]]]:
    """The plain-text cases of a folder: their names, and their parts between lines of ---."""
    for path in sorted((Path(__file__).parent / folder).glob("*.txt")):
        yield path.stem, path.read_text().split("\n---\n")
