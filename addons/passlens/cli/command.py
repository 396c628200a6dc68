"""What every subcommand has: its exit statuses in its help, an option that takes one value refused when it is given
twice, and for a command, an option or a word of a list that is misspelt the nearest one."""

import gc
import math
import signal
import threading
from collections.abc import Iterable, Mapping
from typing import Any, Final

import click

from passlens.util.text import nearest_of

_MAX_CHARS: Final = 80
"""Characters of a misspelt word that are compared and quoted."""

YOUNG: Final = 50_000
"""New objects after which the collector looks for cycles, of which a command makes next to none; it makes hundreds of
objects for each exchange."""

STATUSES: Final = {
    2: "a usage mistake",
    3: "the installation is broken, or lacks what the command needs",
    4: "the output could not be written",
    130: "stopped with Ctrl-C (143: with SIGTERM, 129: with its terminal)",
}
"""What every command may end with, unless it says more of a status."""


class WholeRange(click.IntRange):
    """A whole number in a range."""

    name = "whole number"


class FiniteRange(click.FloatRange):
    """A number in a range. NaN is in every one for click, since it is neither below nor above a bound."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value} is no number.", param, ctx)
        return number


def hint(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A clause for an unknown word, to stand at the end of a sentence: the nearest known one, else ``otherwise``.

    >>> hint("prox", ["check", "proxy"])
    'did you mean proxy?'
    """
    near = nearest_of(word, sorted(known))
    return f"did you mean {near}?" if near is not None else otherwise


class NearestChoice(click.Choice[str]):
    """One word of a list. For another one, the message has the nearest of them beside the list."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        message = super().get_invalid_choice_message(value, ctx)
        near = hint(str(value), self.choices)
        return f"{message.removesuffix('.')}; {near}" if near else message


class NoRepeats(click.Command):
    """Refuses an option that takes one value and is given twice."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not ctx.resilient_parsing:  # not while a shell completes half a line
            refuse_repeats(self.make_parser(ctx), args, ctx)
        return super().parse_args(ctx, args)


class Command(NoRepeats):
    """A subcommand of passlens. ``statuses`` are the exit statuses that it has beside those of every command, or of
    which it says more."""

    def __init__(self, *arguments: Any, statuses: Mapping[int, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.statuses: Final = statuses

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        write_statuses(formatter, self.statuses)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, which Ctrl-C ends by an exception from here on; while it was loaded, it ended at once."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.default_int_handler)
        gc.freeze()  # what is loaded stays: the collector need not go through it, not even at the end
        gc.set_threshold(YOUNG)
        return super().invoke(ctx)


def write_statuses(formatter: click.HelpFormatter, statuses: Mapping[int, str]) -> None:
    """Write the exit statuses of a command, with those of every command, as a section of its help."""
    with formatter.section("Exit status"):
        formatter.write_dl([(str(number), words) for number, words in sorted((STATUSES | dict(statuses)).items())])


def refuse_repeats(parser: Any, args: list[str], ctx: click.Context) -> None:
    """Raise UsageError for an option that is given twice and takes one value, or that does not exist."""
    try:
        _, _, order = parser.parse_args(args=list(args))
    except click.NoSuchOption as error:
        _refuse_late(error.option_name, ctx)
        flags = {*parser._long_opt, *parser._short_opt}
        words = hint(error.option_name, flags, "--help lists the options.")
        raise click.UsageError(f"there is no option {error.option_name[:_MAX_CHARS]}; {words}") from None
    seen: set[str] = set()
    for parameter in order:
        if not isinstance(parameter, click.Option) or parameter.multiple or parameter.is_flag:
            continue
        name = parameter.opts[0]
        if name in seen:
            raise click.UsageError(f"{name} is given twice and takes one value; leave one of the two out.")
        seen.add(name)


def _refuse_late(flag: str, ctx: click.Context) -> None:
    """Raise UsageError for an option of the group that stands behind the name of a command of it."""
    group = ctx.parent
    found = next((one for one in group.command.params if flag in one.opts), None) if group is not None else None
    if group is not None and isinstance(found, click.Option):
        typed = flag if found.is_flag else f"{flag} {found.metavar}"
        raise click.UsageError(f"{flag} stands before the command: {group.command_path} {typed} {ctx.info_name}.")
