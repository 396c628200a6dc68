"""Options of ``passlens check`` about what goes along with it: baseline and dry run.
``options`` puts them on a command, which gets one ``More`` in their place."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from click.core import ParameterSource

from passlens.cli import completion
from passlens.cli.rules_option import RULES
from passlens.runner.baseline_file import read_baseline
from passlens.runner.known_scenarios import expected_of
from passlens.runner.post_processors import ChecklistLines, DryRunCounts, KnownFindings, PostProcessor, Recorder
from passlens.runner.settings import CheckSettings

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class More:
    """What the options say."""

    scenario: str = ""
    rules: str = ""
    baseline: str | None = None
    new_baseline: str | None = None
    expect: tuple[str, ...] = ()
    checklist: bool = False

    def into(self, settings: CheckSettings) -> CheckSettings:
        """The settings with these options; a scenario remembers, so that it needs the exchanges in one row."""
        jobs = 1 if self.scenario else settings.jobs
        # Who writes a baseline and compares with none accepts everything.
        accepts = self.new_baseline is not None and self.baseline is None
        fail_on = "never" if accepts else settings.fail_on
        settings = replace(settings, scenario=self.scenario, rules=self.rules, baseline=self.baseline)
        settings = replace(settings, expect=self.expect)
        return replace(settings, jobs=jobs, fail_on=fail_on)

    def post_processors(self, settings: CheckSettings) -> list[PostProcessor]:
        """What goes along with the check; raises click's UsageError for what cannot be read."""
        if settings.reveal and (self.baseline or self.new_baseline):
            raise click.UsageError("a baseline goes by what is shown without --reveal; leave one of the two out.")
        found: list[PostProcessor] = []
        try:
            for _ in expected_of(self.expect, self.rules):
                pass  # a misspelt name is told before hours of reading
            if self.scenario:
                # Imported here, because most checks have no scenario, and it takes longer to load than they take.
                from passlens.proxy.scenario_switch import read
                from passlens.scenarios.library import Library

                chosen = Library([Path(self.rules)] if self.rules else [], read=read).load(self.scenario)
                found.append(DryRunCounts(chosen.name, tuple(rule.name for rule in chosen.rules)))
            if self.checklist:
                found.append(ChecklistLines())
            if self.new_baseline is not None:
                found.append(Recorder(self.new_baseline))
            if self.baseline is not None:
                found.append(KnownFindings(self.baseline, read_baseline(self.baseline), settings.wants))
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        return found


_OPTIONS: Final = (
    click.option("--baseline", metavar="FILE", shell_complete=completion.files,
                 help="Findings in this file are known: they count, and do not fail."),
    click.option("--write-baseline", "new_baseline", metavar="FILE", shell_complete=completion.files,
                 help="Write all findings as a baseline."),
    click.option("--scenario", default="", metavar="NAME", shell_complete=completion.scenarios,
                 help="Dry run: say what the rules of this scenario would have done."),
    click.option("--expect", multiple=True, metavar="NAME", shell_complete=completion.scenarios,
                 help="Tell of this scenario's expectations also where nothing came to them."),
    click.option("--checklist", is_flag=True,
                 help="Tell of each line of the official checklist what the recordings show."),
    RULES,
)  # fmt: skip


def options(command: F) -> Callable[..., Any]:
    """Put the options on a command, which takes ``more``."""

    @functools.wraps(command)
    def wrapped(
        *arguments: Any,
        scenario: str,
        rules: str | None,
        baseline: str | None,
        new_baseline: str | None,
        expect: tuple[str, ...],
        checklist: bool,
        **others: Any,
    ) -> Any:
        source = click.get_current_context().get_parameter_source("baseline")
        if new_baseline is not None and source is ParameterSource.DEFAULT_MAP:
            baseline = None  # the configured one is about to be written, perhaps for the first time
        more = More(scenario, rules or "", baseline, new_baseline, expect, checklist)
        return command(*arguments, more=more, **others)

    decorated: Callable[..., Any] = wrapped
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated
