"""What all commands of passlens ctl have: the group with its exit statuses, and how they find and show."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

from passlens.cli.command import NoRepeats, hint, write_statuses
from passlens.control.connection import connect
from passlens.control.runtime_file import Address
from passlens.testing.client import Client
from passlens.util.terminal import width
from passlens.util.text import escape_controls, fold

EXIT_NOT_THERE: Final = 1
CTL_STATUSES: Final = {0: "done", 2: "a usage mistake, or what the proxy refuses", 5: "no running proxy was found"}


class CtlGroup(NoRepeats, click.Group):
    """The subcommands of ctl. ``statuses`` are the exit statuses of all of them."""

    statuses: Final = CTL_STATUSES

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            words = hint(args[0], self.commands, "passlens ctl --help lists them.")
            raise click.UsageError(f"there is no command ctl {args[0][:80]}; {words}")
        return super().resolve_command(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        write_statuses(formatter, self.statuses | {EXIT_NOT_THERE: "wait: none came; findings: there are some"})


class Context:
    """Finds the proxy when it is asked, so that --help needs none."""

    def __init__(self, control: str | None, as_json: bool) -> None:
        self._control, self.as_json = control, as_json

    @property
    def client(self) -> Client:
        return Client.connect(self._control)

    @property
    def address(self) -> Address:
        return connect(self._control).address

    def tell(self, number: int, words: str) -> None:
        """The number after which entries come: in a sentence, or alone with --json."""
        print(number if self.as_json else "\n".join(fold(escape_controls(words), width(sys.stdout))))

    def show(self, members: Sequence[Mapping[str, object]], line: Any, none: str) -> None:
        """One line for each member, folded on a terminal."""
        if self.as_json:
            for member in members:
                print(json.dumps(member))
        else:
            for member in members:
                print("\n".join(fold(escape_controls(line(member)), width(sys.stdout), rest="    ")))
            if not members:
                print(none)
        sys.stdout.flush()


pass_session = click.make_pass_decorator(Context)
