"""What a shell completes beside commands, options and words of lists: files, scenarios, codes and other words.
What is looked through for an answer is imported when it is asked for."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import click
from click.shell_completion import CompletionItem, shell_complete

VARIABLE: Final = "_PASSLENS_COMPLETE"
"""By this a shell asks: ``bash_source`` for its script, ``bash_complete`` for words; zsh and fish likewise."""

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def answer(command: click.Command, instruction: str) -> int:
    """Answer a shell; the exit status."""
    return shell_complete(command, {}, "passlens", VARIABLE, instruction)


def files(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The shell's own completion of files."""
    return [CompletionItem(incomplete, type="file")]


def folders(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The shell's own completion of folders."""
    return [CompletionItem(incomplete, type="dir")]


def of(words: Iterable[str]) -> Completer:
    """One of some words."""
    return lambda context, parameter, incomplete: _begin(words, incomplete)


def scenarios(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of scenarios, those of ``--rules`` too; where none begins so, files."""
    from passlens.scenarios.library import Library

    rules = context.params.get("rules")
    found = _begin(Library([Path(rules)] if rules else []).names(), incomplete)
    return found or files(context, parameter, incomplete)


def codes(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Codes of findings and their families; several stand in one value."""
    from passlens.checks.table import BY_CODE

    before, comma, _ = incomplete.rpartition(",")
    known = [*sorted({f"{code[:3]}xx" for code in BY_CODE}), *BY_CODE]
    return _begin((f"{before}{comma}{code}" for code in known), incomplete)


def explained(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What ``passlens explain`` knows."""
    from passlens.checks import glossary
    from passlens.checks.table import BY_CODE

    return _begin((*BY_CODE, *glossary.known()), incomplete)


def operations(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of operations."""
    from passlens.rest_v2.operations import BY_ID

    return _begin(BY_ID, incomplete)


def _begin(words: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(word) for word in words if word.lower().startswith(incomplete.lower())]
