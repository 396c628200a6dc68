"""The team's options of a check: [tool.passlens] in pyproject.toml, or passlens.toml, nearest upwards.
Every mistake is a ValueError with one sentence that names file and key; nothing unknown is passed over."""

import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from passlens.checks.finding import WORST_FIRST
from passlens.errors import ConfigurationError
from passlens.reports.formats import FORMATS
from passlens.rest_v2.wire import kind_of, listed
from passlens.runner.selection import prefixes
from passlens.scenarios.nearest import nearest_question
from passlens.util import plain_file

OWN: Final = "passlens.toml"
SHARED: Final = "pyproject.toml"

MAX_CHARS: Final = 1 << 18
"""Bytes of a file that are read (256 KiB)."""

MAX_DOTS: Final = 400
"""Dots in one line: Python's reader of TOML takes long over a key of thousands of parts."""

FAIL_ON: Final = (*WORST_FIRST, "never")

Values = dict[str, Any]
"""Options by the names that the command's parameters have."""


def _codes(value: Any, folder: Path) -> tuple[str, ...]:
    words = [value] if isinstance(value, str) else value
    wrong = [word for word in words if not isinstance(word, str)] if isinstance(words, list) else [value]
    if wrong:
        verb = "has" if isinstance(words, list) else "is"
        raise ConfigurationError(f'{verb} {_found(wrong[0])}, expected a list of codes such as ["PL204", "PL4xx"]')
    prefixes(words)
    return tuple(words)


def _one_of(choices: tuple[str, ...]) -> Callable[[Any, Path], str]:
    def read(value: Any, folder: Path) -> str:
        if isinstance(value, str) and value in choices:
            return value
        shown = repr(_short(value)) if isinstance(value, str) else _found(value)
        raise ConfigurationError(f"is {shown}, expected {listed(choices, 'or')}")

    return read


def _file(value: Any, folder: Path) -> str:
    """A file beside the configuration, wherever the command is started."""
    if not isinstance(value, str) or not value or "\0" in value:
        raise ConfigurationError(f"is {_found(value)}, expected the name of a file")
    return str(folder / value)


def _flag(value: Any, folder: Path) -> bool:
    if not isinstance(value, bool):
        raise ConfigurationError(f"is {_found(value)}, expected true or false")
    return value


def _filter(value: Any, folder: Path) -> str:
    if not isinstance(value, str):
        raise ConfigurationError(f"is {_found(value)}, expected a filter expression of mitmproxy")
    return value


KEYS: Final[dict[str, tuple[str, Callable[[Any, Path], Any]]]] = {
    "select": ("select", _codes),
    "ignore": ("ignore", _codes),
    "fail-on": ("fail_on", _one_of(FAIL_ON)),
    "baseline": ("baseline", _file),
    "filter": ("flow_filter", _filter),
    "allow-empty": ("allow_empty", _flag),
    "format": ("form", _one_of(FORMATS)),
}
"""Keys of the file: the parameter each one sets, and what reads its value."""


def find(start: Path) -> Path | None:
    """The nearest file upwards that configures passlens; of two in one folder passlens.toml.

    A pyproject.toml without [tool.passlens] is passed over; one that cannot be read is found only if it names it.
    """
    for folder in (start, *start.parents):
        if (folder / OWN).exists() and not (folder / OWN).is_dir():
            return folder / OWN
        if (folder / SHARED).is_file() and _speaks_of_passlens(folder / SHARED):
            return folder / SHARED
    return None


def _speaks_of_passlens(path: Path) -> bool:
    try:
        text = _text(path)
    except ValueError:
        return False
    try:
        return _section(_document(text), shared=True) is not None
    except (ValueError, RecursionError):
        return "tool.passlens" in text


def load(path: Path) -> Values:
    """The options in a file; raises ValueError with a sentence."""
    return parse(_text(path), path, shared=path.name == SHARED)


def parse(text: str, path: Path, *, shared: bool) -> Values:
    """The options in the text of a file; ``shared`` says that they stand below [tool.passlens]."""
    try:
        document = _document(text)
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "it holds a value that is too large"
        raise ConfigurationError(
            f"{path} is no TOML ({_short(why)}): mend it, or leave it out with --isolated."
        ) from None
    section = _section(document, shared=shared)
    if section is None:
        return {}
    if not isinstance(section, dict):
        raise ConfigurationError(f"{path}: tool.passlens is {_found(section)}, expected a table [tool.passlens].")
    prefix = "tool.passlens." if shared else ""
    found: Values = {}
    for key, value in section.items():
        place = f"{path}: {prefix}{_short(key)}"
        if key == "tool" and not shared:
            raise ConfigurationError(f"{path}: the keys stand here as they are; leave [tool.passlens] out.")
        if key not in KEYS:
            raise ConfigurationError(f"{place} is no known key; {_near(key)}")
        name, read = KEYS[key]
        try:
            found[name] = read(value, path.parent)
        except ConfigurationError as error:
            end = "" if str(error).endswith(("?", ".")) else "."
            raise ConfigurationError(f"{place} {error}{end}") from None
        except ValueError as error:  # of what reads such a value on the command line, too: a whole sentence
            raise ConfigurationError(f"{place}: {error}") from None
    return found


def _document(text: str) -> dict[str, Any]:
    if any(line.count(".") > MAX_DOTS for line in text.splitlines()):
        raise tomllib.TOMLDecodeError(f"a line has more than {MAX_DOTS} dots")
    return tomllib.loads(text)


def _section(document: dict[str, Any], *, shared: bool) -> Any:
    if not shared:
        return document
    tool = document.get("tool")
    return tool.get("passlens") if isinstance(tool, dict) else None


def _text(path: Path) -> str:
    try:
        data = plain_file.read(path, MAX_CHARS)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigurationError(
            f"The configuration {os.fspath(path)} cannot be read ({reason}): check the name."
        ) from None
    if len(data) > MAX_CHARS:
        raise ConfigurationError(f"{path} is longer than a configuration can be: check the name.")
    try:
        return data.decode("utf-8-sig")  # editors of Windows begin with a mark
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path} is no TOML (it is not UTF-8): save it as UTF-8.") from None


def _near(key: str) -> str:
    return nearest_question(key.lower().replace("_", "-"), tuple(KEYS))


def _found(value: Any) -> str:
    if isinstance(value, str):
        return f"the text {_short(value)!r}"
    if isinstance(value, bool | int | float):
        return f"{kind_of(value)} {_short(str(value).lower())}" if abs(value) < 10**20 else "a huge number"
    return "a table" if isinstance(value, dict) else "a list" if isinstance(value, list) else "a date or time"


def _short(text: str) -> str:
    cut = text if len(text) <= 80 else f"{text[:77]}..."
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in cut)
