"""A rule file in, a scenario out, or one sentence that says what is wrong with it and where.
Files are touched here and in library.py only; whatever bytes a file holds, there is never a traceback."""

import os
import stat
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final

from pydantic import ValidationError

from passlens.scenarios import template
from passlens.scenarios.actions import Outcome, Then
from passlens.scenarios.mistakes import RuleFileError, at, first_mistake, nearest
from passlens.scenarios.model import Rule, RuleFile, Scenario, in_order
from passlens.scenarios.never import warnings
from passlens.scenarios.yaml_nodes import LARGEST, Document, Key, Mistake, parse
from passlens.spec.operations import OPERATIONS
from passlens.spec.wire import listed

LARGEST_BODY: Final = 1 << 20
"""Bytes of a body file (1 MiB)."""

SUFFIXES: Final = (".yaml", ".yml")

Possible = Callable[[str], tuple[str, ...]]
"""Names the outcomes that an operation can have."""

Stamp = tuple[int, int] | None
"""Modification time in nanoseconds and size of a file; None where there is none."""


def read_file(
    path: Path, *, possible: Possible | None = None, check_filter: Callable[[str], object] | None = None
) -> Scenario:
    """Read a rule file; raises RuleFileError.

    ``check_filter`` is called with every filter expression and raises ValueError for one that is none.
    """
    mark = stamp(path)
    try:
        data = _bytes(path, LARGEST)
    except OSError as error:
        raise RuleFileError(path, Mistake(f"cannot be read: {error.strerror or 'no such file'}")) from None
    except ValueError as error:
        raise RuleFileError(path, Mistake(str(error))) from None
    scenario = read_text(data, path, possible=possible, check_filter=check_filter)
    return Scenario(**{**vars(scenario), "stamps": {path: mark, **scenario.stamps}})


def read_text(
    data: bytes, path: Path, *, possible: Possible | None = None, check_filter: Callable[[str], object] | None = None
) -> Scenario:
    """Read the text of a rule file; ``path`` gives the scenario its name and body files their folder."""
    try:
        return _read(data, path, possible or _possible(), check_filter)
    except Mistake as mistake:
        raise RuleFileError(path, mistake) from None


def name_of(path: Path) -> str:
    """The scenario's name: the file's without its suffix."""
    return path.stem if path.suffix in SUFFIXES else path.name


def stamp(path: Path) -> Stamp:
    """What tells that a file has changed."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return (found.st_mtime_ns, found.st_size)


def _possible() -> Possible:
    from passlens.sandbox.produce import possible

    return possible


def _read(data: bytes, path: Path, possible: Possible, check_filter: Callable[[str], object] | None) -> Scenario:
    name = name_of(path)
    if not name or len(name) > 80 or not all(sign.isascii() and (sign.isalnum() or sign in "._-") for sign in name):
        raise Mistake(
            "the file's name must be of letters, digits, dots, hyphens and underscores: it names the scenario"
        )
    document = parse(data)
    try:
        file = RuleFile.model_validate(document.value)
    except ValidationError as error:
        raise first_mistake(error, RuleFile, document) from None
    rules = []
    bodies: dict[str, bytes] = {}
    stamps: dict[Path, Stamp] = {}
    for number, rule in enumerate(file.rules):
        rules.append(_with_operations(rule, number, document, possible))
        _check_filter(rule, number, document, check_filter)
        _read_body(rule, number, document, path, bodies, stamps)
        _check_templates(rule.then, number, document, bodies)
    ordered = in_order(rules)
    odd = tuple(f"{path}: {warning}" for warning in warnings(ordered))
    return Scenario(name, path, file.description, file.seed, ordered, bodies, odd, stamps)


def _with_operations(rule: Rule, number: int, document: Document, possible: Possible) -> Rule:
    """The rule with the operations that its outcome leaves; an outcome that is not possible is a mistake."""
    if rule.then.outcome is None:
        return rule
    name = rule.then.outcome.name
    place = ("rules", number, "then", "outcome")
    for operation in rule.when.operation:
        known = possible(operation)
        if name not in known:
            hint = nearest(name, known)
            hint = f"{hint}; " if hint.startswith("did") else ""
            words = f"{name!r} is no outcome of {operation}; {hint}possible are {listed(known, 'and')}"
            raise at(document, (*place, "name"), words)
        if rule.then.outcome.missing is not None:
            _require(operation, rule.then.outcome, document, place)
    if rule.when.operation:
        return rule
    operations = [operation.id for operation in OPERATIONS if name in possible(operation.id)]
    if operations and rule.then.outcome.missing is not None:
        _require(operations[0], rule.then.outcome, document, place)
    if not operations:
        every = sorted({known for operation in OPERATIONS for known in possible(operation.id)})
        raise at(document, (*place, "name"), f"{name!r} is no outcome of any operation; {nearest(name, every)}")
    return rule.model_copy(update={"when": rule.when.model_copy(update={"operation": operations})})


def _require(operation: str, outcome: Outcome, document: Document, place: Key) -> None:
    """Whether an outcome can name these parameters as missing."""
    from passlens.sandbox.produce import require

    try:
        require(operation, outcome.name, outcome.missing)
    except ValueError as error:
        raise at(document, (*place, "missing"), str(error).rstrip(".")) from None


def _check_filter(rule: Rule, number: int, document: Document, check_filter: Callable[[str], object] | None) -> None:
    if rule.when.filter is None or check_filter is None:
        return
    try:
        check_filter(rule.when.filter)
    except ValueError as error:
        problem = str(error).rstrip(".") or "is no filter expression"
        raise at(document, ("rules", number, "when", "filter"), problem) from None


def _read_body(
    rule: Rule, number: int, document: Document, path: Path, bodies: dict[str, bytes], stamps: dict[Path, Stamp]
) -> None:
    name = rule.then.respond.body_file if rule.then.respond else None
    if name is None or name in bodies:
        return
    place = ("rules", number, "then", "respond", "body_file")
    try:
        inside = _inside(path.parent, name)
        stamps[inside] = stamp(inside)
        bodies[name] = _bytes(inside, LARGEST_BODY)
    except OSError as error:
        raise at(document, place, f"{name!r} cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise at(document, place, f"{name!r} {error}") from None


def _inside(folder: Path, name: str) -> Path:
    """The file of that name below a folder; raises ValueError with a clause if it is anywhere else."""
    if "\0" in name or "\\" in name or PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise ValueError("must be a path below the rule file's folder")
    try:
        real = (folder / name).resolve()
    except (OSError, RuntimeError):  # before Python 3.13 a link to itself is a RuntimeError
        raise ValueError("leads nowhere") from None
    if not real.is_relative_to(folder.resolve()):
        raise ValueError("leads out of the rule file's folder")
    return real


def _bytes(path: Path, most: int) -> bytes:
    """The bytes of an ordinary file; raises OSError, or ValueError with a clause."""
    # Opening a pipe would wait for its other end, so look before the file is opened.
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise ValueError("is no ordinary file")
    with path.open("rb") as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise ValueError(f"is larger than {most // 1024} KiB")
    return data


def _check_templates(then: Then, number: int, document: Document, bodies: dict[str, bytes]) -> None:
    """Compile every template of a rule, so that a mistake in one shows before traffic does."""
    for place, text in template.texts(then, bodies):
        try:
            template.check(text)
        except ValueError as error:
            raise at(document, ("rules", number, "then", *place), str(error)) from None
