"""Regular expressions of rule files, in an engine whose time grows with the value and no faster: Rust's, which pydantic
brings along. Values come from whatever device is connected; in Python's own engine one of them could stop the proxy."""

from functools import lru_cache
from typing import Final

from pydantic_core import SchemaError, SchemaValidator, core_schema

LONGEST_PATTERN: Final = 500

LONGEST_VALUE: Final = 4096
"""Characters of a value that an expression is tried on; a longer one neither matches nor does not."""


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> SchemaValidator:
    """What takes the values that fit as a whole; raises ValueError with a clause if it is no expression.

    The engine has no look-around and no back-references: they are what cannot be done in linear time.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"the expression is longer than {LONGEST_PATTERN} characters")
    try:
        _validator(pattern)  # alone first, so that no bracket of it can close the group around it
        return _validator(rf"\A(?:{pattern})\z")
    except SchemaError as error:
        why = str(error).strip().splitlines()[-1].strip().removeprefix("error: ").removeprefix("SchemaError: ")
        raise ValueError(f"is no regular expression that can be used here ({why.rstrip('.')})") from None


def _validator(pattern: str) -> SchemaValidator:
    return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex", strict=True))


def fits(pattern: str, value: str) -> bool | None:
    """Whether a whole value fits an expression; None if the value is too long to be tried."""
    if len(value) > LONGEST_VALUE:
        return None
    # The engine takes Unicode only: a byte of a header that is not UTF-8 counts as a question mark.
    return compiled(pattern).isinstance_python(value.encode("utf-8", "replace").decode())
