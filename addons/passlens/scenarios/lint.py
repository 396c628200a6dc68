"""Rules that can never match, said when the file is read. These are warnings: the scenario runs all the same.
What is not certain is not said."""

from collections.abc import Iterator, Sequence
from typing import Final

from passlens.rest_v2.operations import BY_ID, FORM, OPERATIONS, Operation
from passlens.scenarios.budget import is_over
from passlens.scenarios.compare import fits_alone, holds
from passlens.scenarios.model import Rule
from passlens.scenarios.when import STARTED, Comparison, When

# What a part of ``when`` looks into -> whether an operation has it.
_PATH_PARAMETERS: Final = {"service_provider": "{serviceProvider}", "partner": "{partner}", "code": "{code}"}
_HEADERS: Final = {
    "device_info": "X-Device-Info",
    "partner_status": "AP-Partner-Framework-Status",
    "token": "Authorization",
}


def warnings(rules: Sequence[Rule]) -> Iterator[str]:
    """Sentences about rules that can never match; ``rules`` stand in the order they are tried."""
    reached = {STARTED} | {rule.then.state for rule in rules if rule.then.state}
    for position, rule in enumerate(rules):
        why = _contradiction(rule.when) or _impossible(rule.when) or _unreached(rule.when, reached)
        if why is None:
            earlier = next((other for other in rules[:position] if _covers(other.when, rule.when)), None)
            if earlier is not None:
                why = f"the rule {earlier.name!r} before it takes every exchange that it fits"
        if why is not None:
            yield f"the rule {rule.name!r} can never match: {why}."


def _unreached(when: When, reached: set[str]) -> str | None:
    if when.state is None or when.state in reached:
        return None
    return f"no rule sets the state {when.state!r}"


def _contradiction(when: When) -> str | None:
    if when.chance == 0:
        return "its chance is 0"
    occurrence = when.occurrence
    if occurrence and occurrence.first and occurrence.after and occurrence.first <= occurrence.after:
        return f"nothing is among the first {occurrence.first} and after the first {occurrence.after}"
    if occurrence and occurrence.first and occurrence.every and occurrence.first < occurrence.every:
        return f"the first {occurrence.first} hold no {occurrence.every}th"
    for field, comparison in when.comparisons.items():
        if _nothing_fits(comparison):
            return f"no value of {field} can fit all that it asks for"
    for part, header in _HEADERS.items():
        named = {name.lower(): comparison for name, comparison in when.headers.items()}
        absent = header.lower() in named and named[header.lower()].absent
        if absent and any(_needs_value(comparison) for comparison in getattr(when, part).values()):
            return f"it asks for fields inside {header} and for no {header}"
    return None


def _nothing_fits(comparison: Comparison) -> bool:
    """True if a value that is named outright fails another word of the same comparison."""
    given = comparison.given
    if "equal_to" in given:
        candidates = [comparison.equal_to]
    elif "one_of" in given:
        candidates = comparison.one_of or []
    else:
        return False
    if comparison.absent:
        return True
    if comparison.before is not None or comparison.after is not None:
        return False
    fits = fits_alone(comparison)
    # Once the file's time is over no expression is tried any more.
    return not any(fits(value, 0.0) for value in candidates) and not is_over()


def _needs_value(comparison: Comparison) -> bool:
    """True if the comparison cannot hold for a value that is not there."""
    return not holds(comparison, [], 0.0)


def _impossible(when: When) -> str | None:
    """Why no operation of the rule can have what the rule looks at."""
    operations = [BY_ID[name] for name in when.operation] or list(OPERATIONS)
    for part, template in _PATH_PARAMETERS.items():
        comparison = getattr(when, part)
        if comparison is not None and _needs_value(comparison):
            operations = [operation for operation in operations if any(template in path for path in operation.paths)]
            if not operations:
                return f"its operation has no {part} in its path"
    for part, header in _HEADERS.items():
        if any(_needs_value(comparison) for comparison in getattr(when, part).values()):
            operations = [operation for operation in operations if header in operation.headers]
            if not operations:
                return f"its operation has no {header}"
    for name, comparison in when.form.items():
        if _needs_value(comparison):
            operations = [operation for operation in operations if _takes(operation, name)]
            if not operations:
                return f"its operation takes no form parameter {name}"
    return None


def _takes(operation: Operation, name: str) -> bool:
    return operation.media_type == FORM and name in operation.parameters


def _covers(earlier: When, later: When) -> bool:
    """True if the earlier rule takes every exchange that the later one could take."""
    if earlier.occurrence is not None or earlier.chance not in (None, 1):
        return False
    if earlier.state not in (None, later.state) or earlier.filter not in (None, later.filter):
        return False
    if earlier.operation and not (later.operation and set(later.operation) <= set(earlier.operation)):
        return False
    asked = later.comparisons
    return all(asked.get(field) == comparison for field, comparison in earlier.comparisons.items())
