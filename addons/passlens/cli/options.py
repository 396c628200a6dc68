"""Options that choose what counts, --select, --ignore, --filter and --allow-empty, and the file that gives defaults to
a command. ``options`` puts them on a command; it takes ``select``, ``ignore``, ``flow_filter`` and ``allow_empty``."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from passlens.cli import completion
from passlens.recordings.filters import wanted
from passlens.runner.config_file import find, load
from passlens.runner.selection import prefixes
from passlens.util.text import escape_controls

NARROWING: Final = ("select", "ignore", "flow_filter", "allow_empty")
"""What every command with these options takes from the file."""

FILE: Final = "passlens.configuration.file"
"""Where the context of a command says which file gave it options."""

_NOTED: Final = "passlens.runner.config_file"

F = TypeVar("F", bound=Callable[..., Any])


def _codes(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Codes and families of --select and --ignore, as prefixes of codes."""
    try:
        return prefixes(values)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _filter(context: click.Context, parameter: click.Parameter, value: str) -> str:
    try:
        wanted(value)
    except ValueError as error:
        raise click.BadParameter(escape_controls(f"{error}.")) from None
    return value


def _configure(context: click.Context, named: str | None, isolated: bool, taken: tuple[str, ...]) -> None:
    """Make the options of the file the defaults of the command's."""
    if named and isolated:
        raise click.UsageError("--config names a configuration and --isolated ignores it; leave one of the two out.")
    if isolated:
        return
    try:
        path = Path(named) if named else find(Path.cwd())
        if path is None:
            return
        values = load(path)
        if "flow_filter" in values:
            _checked(path, values["flow_filter"])
    except OSError as error:
        words = f"The working directory cannot be looked at ({error.strerror}): go to another, or use --isolated."
        raise click.UsageError(words) from None
    except ValueError as error:
        raise click.UsageError(escape_controls(str(error))) from None
    context.meta[FILE] = str(path)
    chosen = {name: value for name, value in values.items() if name in taken}
    context.default_map = {**(context.default_map or {}), **chosen}


def _checked(path: Path, expression: str) -> None:
    try:
        wanted(expression)
    except ValueError as error:
        raise ValueError(f"{path}: filter: {error}.") from None


def options(*more: str) -> Callable[[F], F]:
    """Put the options on a command; ``more`` are other parameters that it takes from the file."""

    def note(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        noted = context.meta.setdefault(_NOTED, {})
        noted[parameter.name] = value
        if len(noted) == 2 and not context.resilient_parsing:  # --config and --isolated, in any order
            _configure(context, noted["config"], noted["isolated"], (*NARROWING, *more))
        return value

    made = (
        click.option("--select", multiple=True, callback=_codes, metavar="CODES", shell_complete=completion.codes,
                     help="Only these codes or families (PL204, PL2xx)."),
        click.option("--ignore", multiple=True, callback=_codes, metavar="CODES", shell_complete=completion.codes,
                     help="Not these codes or families."),
        click.option("--filter", "flow_filter", default="", callback=_filter, metavar="EXPR",
                     help="Only flows that match this filter expression of mitmproxy."),
        click.option("--allow-empty", is_flag=True, help="Nothing to check is fine. [default: status 2]"),
        click.option("--config", is_eager=True, callback=note, expose_value=False, metavar="FILE",
                     shell_complete=completion.files,
                     help="Take options from this file. [default: passlens.toml or [tool.passlens] in pyproject.toml, "
                     "nearest upwards]"),
        click.option("--isolated", is_flag=True, is_eager=True, callback=note, expose_value=False,
                     help="Take no options from a file."),
    )  # fmt: skip

    def put(command: F) -> F:
        for option in reversed(made):
            command = option(command)
        return command

    return put
