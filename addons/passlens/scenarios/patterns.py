"""Regular expressions that a rule file may use: those that cannot run away on a value of limited length.
What makes an expression slow (a repeat inside a repeat) is refused when the file is read."""

import re
import warnings
from functools import lru_cache
from typing import Any, Final

LONGEST_PATTERN: Final = 500
LONGEST_VALUES: Final = (4096, 4096, 4096, 512)
"""Characters of a value that an expression may be tried on, by the number of its open repeats: with k of them, a value
of n characters takes some n to the power of k steps at the worst. A longer value neither matches nor does not."""

MOST_REPEATS: Final = len(LONGEST_VALUES) - 1

_SHORT: Final = 8
"""A repeat of at most so many turns does not count."""


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile an expression; raises ValueError with a clause if it is no expression or could be slow."""
    return _judged(pattern)[0]


def fits(pattern: str, value: str) -> bool | None:
    """Whether a whole value fits an expression; None if the value is too long to be tried."""
    expression, longest = _judged(pattern)
    return None if len(value) > longest else expression.fullmatch(value) is not None


@lru_cache(maxsize=1024)
def _judged(pattern: str) -> tuple[re.Pattern[str], int]:
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"the expression is longer than {LONGEST_PATTERN} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expression = re.compile(pattern)
        # The parser is the only way to see an expression's structure; Python has no public one.
        tree = re._parser.parse(pattern)  # type: ignore[attr-defined]
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"is no regular expression ({str(error) or 'nested too deep'})") from None
    repeats = _repeats(tree, inside=False)
    if repeats > MOST_REPEATS:
        raise ValueError(f"has {repeats} open repeats (* or +), more than {MOST_REPEATS} could be slow")
    return expression, LONGEST_VALUES[repeats]


def _repeats(tree: Any, *, inside: bool) -> int:
    """Count the open repeats; raise ValueError for what backtracks without bound."""
    found = 0
    for operation, argument in tree:
        name = str(operation)
        if name.endswith("_REPEAT"):
            _, most, inner = argument
            is_open = most > _SHORT
            if is_open and inside:
                raise ValueError("has a repeat inside a repeat, which could be slow")
            found += is_open + _repeats(inner, inside=inside or most > 1)
            continue
        if inside and name in ("BRANCH", "GROUPREF", "GROUPREF_EXISTS", "ASSERT", "ASSERT_NOT"):
            raise ValueError("has alternatives or references inside a repeat, which could be slow")
        if name == "GROUPREF":
            found += 1
        found += sum(_repeats(inner, inside=inside) for inner in _inner(argument))
    return found


def _inner(argument: Any) -> list[Any]:
    """The parts of an expression inside one of its operations."""
    if hasattr(argument, "data"):
        return [argument]
    if isinstance(argument, (tuple, list)):
        return [inner for item in argument for inner in _inner(item)]
    return []
