"""``passlens scenarios``: list the scenarios, show one, or validate rule files."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import click

from passlens.cli import completion
from passlens.cli.command import Command
from passlens.cli.rules_option import RULES
from passlens.errors import RuleFileError, UnknownScenarioError
from passlens.proxy.scenario_switch import read
from passlens.scenarios.library import Library
from passlens.scenarios.rule_files import SUFFIXES, yaml_bytes
from passlens.util.terminal import width
from passlens.util.text import definition_list, escape_controls, escape_lines, fold, plural


def list_scenarios(library: Library, out: TextIO) -> int:
    """Name and description of each; the exit status is 2 if one cannot be read."""
    entries = list(library.entries())
    said = [
        (
            escape_controls(entry.name),
            escape_controls(entry.description if entry.problem is None else f"cannot be read: {entry.problem}"),
        )
        for entry in entries
    ]
    out.writelines(f"{line}\n" for line in definition_list(said, width(out)))
    return 2 if any(entry.problem for entry in entries) else 0


def show_scenario(library: Library, name: str, out: TextIO) -> int:
    """The text of a rule file, with its path; raises UnknownScenarioError or RuleFileError."""
    path = library.locate(name)
    text = yaml_bytes(path).decode("utf-8", "replace")
    out.write(f"# {escape_controls(str(path))}\n")
    out.writelines(f"{escape_controls(line)}\n" for line in text.splitlines())
    return 0


def validate(files: Sequence[str], out: TextIO) -> int:
    """Read rule files (and folders of them) and say what is wrong; 2 if one is refused, 0 otherwise."""
    refused = checked = 0
    for name in files:
        if not _expand(Path(name)):
            out.write(f"{escape_controls(name)}: a folder without rule files; they end in {' or '.join(SUFFIXES)}.\n")
    for path in [found for name in files for found in _expand(Path(name))]:
        checked += 1
        try:
            scenario = read(path)
        except RuleFileError as error:
            refused += 1
            out.write(f"{escape_lines(str(error))}\n")
            continue
        for warning in scenario.warnings:
            out.write(f"{escape_controls(str(path))}: warning: {escape_controls(warning)}\n")
    out.write(f"{plural(checked, 'rule file')}, {refused} refused\n")
    return 2 if refused or not checked else 0


def _names(known: Sequence[str]) -> list[str]:
    """The names that there are, on a terminal in as many lines as they take."""
    return fold(", ".join(known), width(sys.stderr), first="  ", rest="  ") if known else []


def _expand(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(found for found in path.iterdir() if found.suffix in SUFFIXES)
    return [path]


@click.command(cls=Command, statuses={0: "done", 2: "a usage mistake, or a rule file that cannot be taken"})
@click.argument("names", nargs=-1, metavar="[NAME | FILE...]", shell_complete=completion.scenarios)
@RULES
@click.option(
    "--validate", "validate_them", is_flag=True, help="Read the rule files and folders named, and say what is wrong."
)
def scenarios(names: Sequence[str], rules: str | None, validate_them: bool) -> int:
    """List the scenarios, show one, or validate rule files.

    \b
    Examples:
      passlens scenarios
      passlens scenarios pfs-fallback
      passlens scenarios --validate my-rules/
    """
    library = Library([Path(rules)] if rules else [])
    if validate_them:
        if not names:
            raise click.UsageError("name the rule files or folders to validate.")
        return validate(names, sys.stdout)
    try:
        for name in names:
            show_scenario(library, name, sys.stdout)
    except UnknownScenarioError as error:
        raise click.UsageError("\n".join((str(error), *_names(error.known)))) from None
    return 0 if names else list_scenarios(library, sys.stdout)
