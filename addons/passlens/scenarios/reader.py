"""A rule file in, a scenario out, or what is wrong with it and where, a sentence for each error.
Files are touched here and in library.py only; whatever bytes a file holds, there is never a traceback."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from passlens.errors import RuleError
from passlens.recordings.formats import os_sentence
from passlens.rest_v2.operations import OPERATIONS
from passlens.rest_v2.wire import listed
from passlens.scenarios import lint_expect, template_engine, template_texts
from passlens.scenarios.base_model import RuleModel
from passlens.scenarios.budget import READING, is_over, limited
from passlens.scenarios.errors import all_errors, at, rule_file_error
from passlens.scenarios.errors import in_order as errors_in_order
from passlens.scenarios.expect import Expect
from passlens.scenarios.lint import warnings
from passlens.scenarios.model import Rule, RuleFile, Scenario, in_order
from passlens.scenarios.nearest import nearest
from passlens.scenarios.then import Outcome
from passlens.scenarios.yaml_nodes import LARGEST, NodePath, YamlDocument, read

LARGEST_BODY: Final = 1 << 20
"""Bytes of a body file (1 MiB)."""

LARGEST_BODIES: Final = 1 << 23
"""Bytes of all body files of a rule file (8 MiB)."""

SUFFIXES: Final = (".yaml", ".yml")

Possible = Callable[[str], tuple[str, ...]]
"""Names the outcomes that an operation can have."""

P = TypeVar("P", bound=RuleModel)

Stamp = tuple[int, int] | None
"""Modification time in nanoseconds and size of a file; None where there is none."""


def read_file(
    path: Path, *, possible: Possible | None = None, check_filter: Callable[[str], object] | None = None
) -> Scenario:
    """Read a rule file; raises RuleFileError.

    ``check_filter`` is called with every filter expression and raises ValueError for one that is none.
    """
    mark = stamp(path)
    data = yaml_bytes(path)
    scenario = read_text(data, path, possible=possible, check_filter=check_filter)
    return Scenario(**{**vars(scenario), "stamps": {path: mark, **scenario.stamps}})


def read_text(
    data: bytes, path: Path, *, possible: Possible | None = None, check_filter: Callable[[str], object] | None = None
) -> Scenario:
    """Read the text of a rule file; ``path`` gives the scenario its name and body files their folder."""
    try:
        name = _checked_name(path)
        document = read(data)  # what that costs is bounded by the file's size
        with limited(READING):
            return _read(document, name, path, possible or _possible(), check_filter)
    except RuleError as error:
        raise rule_file_error(path, error) from None


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
    from passlens.sandbox.build_outcome import possible

    return possible


def _checked_name(path: Path) -> str:
    name = name_of(path)
    if not name or len(name) > 80 or not all(sign.isascii() and (sign.isalnum() or sign in "._-") for sign in name):
        raise RuleError(
            "the file's name must be of letters, digits, dots, hyphens and underscores: it names the scenario"
        )
    return name


def _read(
    document: YamlDocument,
    name: str,
    path: Path,
    possible: Possible,
    check_filter: Callable[[str], object] | None,
) -> Scenario:
    errors = [*document.errors, *_repeated_names(document)]
    rules: dict[int, Rule] = {}
    file = None
    try:
        file = RuleFile.model_validate(document.value)
        rules = dict(enumerate(file.rules))
    except ValidationError as error:
        broken = {error.key for error in errors}
        errors += [found for found in all_errors(error, RuleFile, document) if found.key not in broken]
        rules = _readable(document.value, "rules", Rule)
    bodies: dict[str, bytes] = {}
    stamps: dict[Path, Stamp] = {}
    for number, rule in rules.items():
        looks: tuple[Callable[[], object], ...] = (
            partial(_check_filter, rule, number, document, check_filter),
            partial(_read_body, rule, number, document, path, bodies, stamps),
        )
        try:
            rules[number] = _with_operations(rule, number, document, possible)
        except RuleError as error:
            errors.append(error)
        for look in looks:
            try:
                look()
            except RuleError as error:
                errors.append(error)
        errors += _template_errors(template_texts.texts(rule.then, bodies), number, document)
    for number, then in _refused(document.value, rules):
        errors += _template_errors(template_texts.texts_as_written(then), number, document)
    errors += lint_expect.errors(rules, _readable(document.value, "expect", Expect), document)
    if file is None or errors:
        raise rule_file_error(path, *errors_in_order(errors))
    ordered = in_order(list(rules.values()))
    odd = tuple(f"{path}: {warning}" for warning in warnings(ordered))
    expected = tuple(file.expect)
    return Scenario(name, path, file.description, file.seed, ordered, bodies, odd, stamps, expected)


def _with_operations(rule: Rule, number: int, document: YamlDocument, possible: Possible) -> Rule:
    """The rule with the operations that its outcome leaves; an outcome that is not possible is an error."""
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


def _require(operation: str, outcome: Outcome, document: YamlDocument, place: NodePath) -> None:
    """Whether an outcome can name these parameters as missing."""
    from passlens.sandbox.build_outcome import require

    try:
        require(operation, outcome.name, outcome.missing)
    except ValueError as error:
        raise at(document, (*place, "missing"), str(error).rstrip(".")) from None


def _check_filter(
    rule: Rule, number: int, document: YamlDocument, check_filter: Callable[[str], object] | None
) -> None:
    if rule.when.filter is None or check_filter is None:
        return
    try:
        if is_over():
            raise ValueError(f"the file's expressions take more than {READING:g} seconds to read: repeat less in them")
        check_filter(rule.when.filter)
    except ValueError as error:
        problem = str(error).rstrip(".") or "is no filter expression"
        raise at(document, ("rules", number, "when", "filter"), problem) from None


def _read_body(
    rule: Rule, number: int, document: YamlDocument, path: Path, bodies: dict[str, bytes], stamps: dict[Path, Stamp]
) -> None:
    name = rule.then.respond.body_file if rule.then.respond else None
    if name is None or name in bodies:
        return
    place = ("rules", number, "then", "respond", "body_file")
    try:
        inside = _inside(path.parent, name)
        stamps[inside] = stamp(inside)
        left = LARGEST_BODIES - sum(map(len, bodies.values()))
        bodies[name] = file_bytes(inside, min(LARGEST_BODY, left))
    except OSError as error:
        raise at(document, place, f"{name!r} {os_sentence(error)}") from None
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


def yaml_bytes(path: Path) -> bytes:
    """The bytes of a rule or world file; raises RuleFileError where it cannot be read, or is no file that one reads."""
    try:
        return file_bytes(path, LARGEST)
    except OSError as error:
        raise rule_file_error(path, RuleError(os_sentence(error))) from None
    except ValueError as error:
        raise rule_file_error(path, RuleError(str(error))) from None


def file_bytes(path: Path, most: int) -> bytes:
    """The bytes of an ordinary file; raises OSError, or ValueError with a clause."""
    # Opening a pipe would wait for its other end, so look before the file is opened.
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise ValueError("is no ordinary file")
    with path.open("rb") as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise ValueError(f"is larger than {most // 1024} KiB")
    return data


def _template_errors(
    texts: Iterator[tuple[template_texts.Place, str]], number: int, document: YamlDocument
) -> Iterator[RuleError]:
    """Compile every template of a rule, so that an error in one shows before traffic does."""
    for place, text in texts:
        if is_over():
            words = f"the file's expressions and templates take more than {READING:g} seconds to read"
            yield at(document, ("rules", number, "then", *place), f"{words}: repeat less in them")
            return
        try:
            template_engine.check(text)
        except ValueError as error:
            yield at(document, ("rules", number, "then", *place), str(error))


def _repeated_names(document: YamlDocument) -> Iterator[RuleError]:
    """Rules that are called as one before them: marks and reports could not tell them apart."""
    raw = document.value.get("rules") if isinstance(document.value, dict) else None
    seen: set[str] = set()
    for number, item in enumerate(raw if isinstance(raw, list) else ()):
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str):
            continue
        if name in seen:
            yield at(document, ("rules", number, "name"), f"two rules are called {name!r}")
        seen.add(name)


def _readable(value: Any, key: str, model: type[P]) -> dict[int, P]:
    """The items of a list of the file that can be read, by their place: there may be other kinds of errors in them
    than in the rest."""
    raw = value.get(key) if isinstance(value, dict) else None
    found: dict[int, P] = {}
    for number, item in enumerate(raw if isinstance(raw, list) else ()):
        with suppress(ValidationError):
            found[number] = model.model_validate(item)
    return found


def _refused(value: Any, rules: dict[int, Rule]) -> Iterator[tuple[int, Any]]:
    """Place and ``then`` of the rules that cannot be read."""
    raw = value.get("rules") if isinstance(value, dict) else None
    for number, item in enumerate(raw if isinstance(raw, list) else ()):
        if number not in rules and isinstance(item, dict):
            yield number, item.get("then")
