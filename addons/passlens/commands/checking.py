"""Options of ``passlens check`` beyond form and choice of findings: configuration, filter, baseline, dry run.
``options`` puts them on a command, which gets one ``More`` in their place."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from click.core import ParameterSource

from passlens.live.switching import read
from passlens.offline.baseline_file import read_baseline
from passlens.offline.companions import Companion, DryRun, Known, Recorder
from passlens.offline.configuration import find, load
from passlens.offline.settings import Settings
from passlens.reading.filters import wanted
from passlens.reports.words import safe
from passlens.scenarios.library import Library

_NOTED: Final = "passlens.offline.configuration"

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class More:
    """What the options say."""

    flow_filter: str = ""
    scenario: str = ""
    rules: str = ""
    baseline: str | None = None
    new_baseline: str | None = None

    def into(self, settings: Settings) -> Settings:
        """The settings with these options; a scenario remembers, so that it needs the exchanges in one row."""
        jobs = 1 if self.scenario else settings.jobs
        # Who writes a baseline and compares with none accepts everything.
        accepts = self.new_baseline is not None and self.baseline is None
        fail_on = "never" if accepts else settings.fail_on
        return replace(
            settings, flow_filter=self.flow_filter, scenario=self.scenario, rules=self.rules, jobs=jobs, fail_on=fail_on
        )

    def companions(self, settings: Settings) -> list[Companion]:
        """What goes along with the check; raises click's UsageError for what cannot be read."""
        if settings.reveal and (self.baseline or self.new_baseline):
            raise click.UsageError("a baseline goes by what is shown without --reveal; leave one of the two out.")
        found: list[Companion] = []
        try:
            if self.scenario:
                chosen = Library([Path(self.rules)] if self.rules else [], read=read).load(self.scenario)
                found.append(DryRun(chosen.name, tuple(rule.name for rule in chosen.rules)))
            if self.new_baseline is not None:
                found.append(Recorder(self.new_baseline))
            if self.baseline is not None:
                found.append(Known(self.baseline, read_baseline(self.baseline), settings.wants))
        except ValueError as error:
            raise click.UsageError(safe(str(error))) from None
        return found


def _filter(context: click.Context, parameter: click.Parameter, value: str) -> str:
    try:
        wanted(value)
    except ValueError as error:
        raise click.BadParameter(safe(f"{error}.")) from None
    return value


def _note(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """Note --config and --isolated; the second of them makes the file's options the defaults of the others."""
    noted = context.meta.setdefault(_NOTED, {})
    noted[parameter.name] = value
    if len(noted) == 2 and not context.resilient_parsing:
        _configure(context, noted["config"], noted["isolated"])
    return value


def _configure(context: click.Context, named: str | None, isolated: bool) -> None:
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
        raise click.UsageError(safe(str(error))) from None
    context.default_map = {**(context.default_map or {}), **values}


def _checked(path: Path, expression: str) -> None:
    try:
        wanted(expression)
    except ValueError as error:
        raise ValueError(f"{path}: filter: {error}.") from None


_OPTIONS: Final = (
    click.option("--filter", "flow_filter", default="", callback=_filter, metavar="EXPR",
                 help="Only flows that match this filter expression of mitmproxy; others count as other flows."),
    click.option("--baseline", metavar="FILE", help="Findings in this file are known: they count, and do not fail."),
    click.option("--write-baseline", "new_baseline", metavar="FILE", help="Write all findings as a baseline."),
    click.option("--scenario", default="", metavar="NAME",
                 help="Dry run: say what the rules of this scenario would have done."),
    click.option("--rules", type=click.Path(exists=True, file_okay=False), metavar="DIR",
                 help="A folder of your own rule files."),
    click.option("--config", is_eager=True, callback=_note, expose_value=False, metavar="FILE",
                 help="Take options from this file. [default: passlens.toml or [tool.passlens] in pyproject.toml, "
                 "nearest upwards]"),
    click.option("--isolated", is_flag=True, is_eager=True, callback=_note, expose_value=False,
                 help="Take no options from a file."),
)  # fmt: skip


def options(command: F) -> Callable[..., Any]:
    """Put the options on a command, which takes ``more``."""

    @functools.wraps(command)
    def wrapped(
        *arguments: Any,
        flow_filter: str,
        scenario: str,
        rules: str | None,
        baseline: str | None,
        new_baseline: str | None,
        **others: Any,
    ) -> Any:
        source = click.get_current_context().get_parameter_source("baseline")
        if new_baseline is not None and source is ParameterSource.DEFAULT_MAP:
            baseline = None  # the configured one is about to be written, perhaps for the first time
        more = More(flow_filter, scenario, rules or "", baseline, new_baseline)
        return command(*arguments, more=more, **others)

    decorated: Callable[..., Any] = wrapped
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated
