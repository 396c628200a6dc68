"""A rule file in, a scenario out, or what is wrong with it and where, a sentence for each error.
Whatever bytes a file holds, there is never a traceback."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from passlens.errors import RuleError
from passlens.rest_v2.operations import OPERATIONS
from passlens.rest_v2.wire import listed
from passlens.sandbox.build_outcome import possible, require
from passlens.scenarios import lint_expect, template_engine, template_texts
from passlens.scenarios.base_model import RuleModel
from passlens.scenarios.budget import READING, is_over, limited
from passlens.scenarios.errors import all_errors, at, rule_file_error
from passlens.scenarios.errors import in_order as errors_in_order
from passlens.scenarios.expect import Expect
from passlens.scenarios.lint import warnings
from passlens.scenarios.model import Rule, RuleFile, Scenario, in_order
from passlens.scenarios.nearest import nearest
from passlens.scenarios.rule_files import BodyFiles, name_of, stamp, yaml_bytes
from passlens.scenarios.then import Outcome
from passlens.scenarios.yaml_nodes import NodePath, YamlDocument, read

P = TypeVar("P", bound=RuleModel)


def read_file(path: Path, *, check_filter: Callable[[str], object] | None = None) -> Scenario:
    """Read a rule file; raises RuleFileError.

    ``check_filter`` is called with every filter expression and raises ValueError for one that is none.
    """
    mark = stamp(path)
    data = yaml_bytes(path)
    scenario = read_text(data, path, check_filter=check_filter)
    return Scenario(**{**vars(scenario), "stamps": {path: mark, **scenario.stamps}})


def read_text(data: bytes, path: Path, *, check_filter: Callable[[str], object] | None = None) -> Scenario:
    """Read the text of a rule file; ``path`` gives the scenario its name and body files their folder."""
    try:
        name = _checked_name(path)
        document = read(data)  # what that costs is bounded by the file's size
        with limited(READING):
            return _read(document, name, path, check_filter)
    except RuleError as error:
        raise rule_file_error(path, error) from None


def _checked_name(path: Path) -> str:
    name = name_of(path)
    if not name or len(name) > 80 or not all(sign.isascii() and (sign.isalnum() or sign in "._-") for sign in name):
        raise RuleError(
            "the file's name must be of letters, digits, dots, hyphens and underscores: it names the scenario"
        )
    if name in _TAKEN:
        raise RuleError(f"the file's name says something else where a scenario is named ({_TAKEN[name]}): rename it")
    return name


_TAKEN: Final = {
    "off": "passlens ctl scenario off runs none",
    "true": "injected=true is any scenario",
    "false": "injected=false is none",
}
"""Names that no scenario can have, with what they say."""


def _read(
    document: YamlDocument,
    name: str,
    path: Path,
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
    bodies = BodyFiles(path.parent)
    for number, rule in rules.items():
        looks: tuple[Callable[[], object], ...] = (
            partial(_check_filter, rule, number, document, check_filter),
            partial(_read_body, rule, number, document, bodies),
        )
        try:
            rules[number] = _with_operations(rule, number, document)
        except RuleError as error:
            errors.append(error)
        for look in looks:
            try:
                look()
            except RuleError as error:
                errors.append(error)
        errors += _template_errors(template_texts.texts(rule.then, bodies.texts), number, document)
    for number, then in _refused(document.value, rules):
        errors += _template_errors(template_texts.texts_as_written(then), number, document)
    errors += lint_expect.errors(rules, _readable(document.value, "expect", Expect), document)
    if file is None or errors:
        raise rule_file_error(path, *errors_in_order(errors))
    ordered = in_order(list(rules.values()))
    odd = tuple(f"{path}: {warning}" for warning in warnings(ordered))
    expected = tuple(file.expect)
    return Scenario(name, path, file.description, file.seed, ordered, bodies.texts, odd, bodies.stamps, expected)


def _with_operations(rule: Rule, number: int, document: YamlDocument) -> Rule:
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


def _read_body(rule: Rule, number: int, document: YamlDocument, bodies: BodyFiles) -> None:
    name = rule.then.respond.body_file if rule.then.respond else None
    if name is None:
        return
    try:
        bodies.read(name)
    except ValueError as error:
        raise at(document, ("rules", number, "then", "respond", "body_file"), f"{name!r} {error}") from None


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
