"""What every subcommand has: an option that takes one value is refused when it is given twice, and a command or option
that is misspelt gets the nearest one."""

import gc
import signal
import threading
from collections.abc import Iterable
from typing import Any, Final

import click

from passlens.util.text import nearest_of

_MAX_CHARS: Final = 80
"""Characters of a misspelt word that are compared and quoted."""

YOUNG: Final = 50_000
"""New objects after which the collector looks for cycles, of which a command makes next to none; it makes hundreds of
objects for each exchange."""


def hint(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A clause for an unknown word, to stand at the end of a sentence: the nearest known one, else ``otherwise``.

    >>> hint("prox", ["check", "proxy"])
    'did you mean proxy?'
    """
    near = nearest_of(word.lower(), sorted(known))
    return f"did you mean {near}?" if near is not None else otherwise


class Command(click.Command):
    """A subcommand of passlens."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not ctx.resilient_parsing:  # not while a shell completes half a line
            refuse_repeats(self.make_parser(ctx), args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, which Ctrl-C ends by an exception from here on; while it was loaded, it ended at once."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.default_int_handler)
        gc.freeze()  # what is loaded stays: the collector need not go through it, not even at the end
        gc.set_threshold(YOUNG)
        return super().invoke(ctx)


def refuse_repeats(parser: Any, args: list[str]) -> None:
    """Raise UsageError for an option that is given twice and takes one value, or that does not exist."""
    try:
        _, _, order = parser.parse_args(args=list(args))
    except click.NoSuchOption as error:
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
