"""The ``passlens`` command. Each subcommand has a file of its own in cli/, which is read when it is called.
What it may end with is told by --help, of each subcommand its own."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NamedTuple

import click

from passlens import __version__
from passlens.cli import completion, outlets
from passlens.cli.command import hint, write_statuses
from passlens.errors import PasslensError, UsageError, WriteError
from passlens.runner.signals import Stopped

EXIT_INTERRUPTED: Final = 130

_STATUSES: Final = {
    0: "done",
    1: "something is wrong, changed, not met or not there; the help of the command says what",
    2: "a usage mistake, an input that could not be read to its end, or nothing to check",
    4: "something that was seen could not be written: a log, a recording, a report",
    5: "no running proxy was found",
}


class Subcommand(NamedTuple):
    """One subcommand: where it is defined, and what the help says about it."""

    module: str
    attribute: str
    help: str


COMMANDS: Final = {
    "addon": Subcommand("addon", "addon", "Print the path of the addon script, for mitmdump -s."),
    "archive": Subcommand("archive", "archive", "Make tables of recordings, for DuckDB, pandas and Spark."),
    "check": Subcommand("check", "check", "Check recordings."),
    "conformance": Subcommand("conformance", "conformance", "Take an app through the scenarios and report on it."),
    "convert": Subcommand("convert", "convert", "Convert a recording to the other format."),
    "ctl": Subcommand("ctl", "ctl", "Ask and steer a running proxy."),
    "decode": Subcommand("decode", "decode", "Decode a header value."),
    "demo": Subcommand("demo", "demo", "Walk the documented journeys through a sandboxed proxy."),
    "device": Subcommand("device", "device", "Put an Apple TV or an iPhone behind the proxy."),
    "diff": Subcommand("diff", "diff", "Compare two recordings."),
    "doctor": Subcommand("doctor", "doctor", "Find out why nothing arrives from a device."),
    "explain": Subcommand("explain", "explain_command", "Explain a word that passlens shows, or list all codes."),
    "proxy": Subcommand("proxy", "proxy", "Start mitmdump (or another mitmproxy) with passlens."),
    "rewrite": Subcommand("rewrite", "rewrite_command", "Write a recording as a scenario would have made it."),
    "scenarios": Subcommand("scenarios", "scenarios", "List the scenarios, show one, or validate rule files."),
    "schema": Subcommand("schema", "schema", "Print the JSON Schema of a spec model or of scenarios."),
    "scrub": Subcommand("convert", "scrub", "Write a clean copy of a recording, to be sent on."),
}


class Commands(click.Group):
    """Imports a subcommand when it is asked for: most need mitmproxy or the models, the help needs neither."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        row = COMMANDS.get(cmd_name)
        if row is None:
            return None
        command: click.Command = getattr(import_module(f"passlens.cli.{row.module}"), row.attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            words = hint(args[0], COMMANDS, "passlens --help lists them.")
            raise click.UsageError(f"there is no command {args[0][:80]!r}; {words}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].help) for name in self.list_commands(ctx)])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_epilog(ctx, formatter)
        write_statuses(formatter, _STATUSES)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="passlens", message="%(prog)s %(version)s")
def cli() -> None:
    """See, check and explain Adobe Pass Authentication REST API V2 traffic.

    \b
    passlens demo                see it at work, without a device
    passlens proxy               start mitmdump with passlens, for your device
    passlens device apple-tv     set up an Apple TV, with a profile and a guide
    passlens doctor              find out why nothing arrives
    passlens proxy --scenario X  make one answer happen (see passlens scenarios)
    passlens proxy --sandbox     the API without a server
    passlens check tv.mitm       check a recording (.mitm or .har)
    passlens diff OLD NEW        what changed in meaning between two recordings
    passlens explain PL230       what a finding means and what to do
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit. A mistake of the user is one sentence and status 2, never a traceback."""
    outlets.prepare()
    try:
        # Not click's own main: it ends mistakes and signals in words and statuses of its own.
        if instruction := os.environ.get(completion.VARIABLE):
            sys.exit(completion.answer(cli, instruction))
        words = list(sys.argv[1:] if arguments is None else arguments)
        with cli.make_context("passlens", words) as context:
            status = cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        status = end.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        status = UsageError.exit_status
    except click.ClickException as error:
        _tell(error.format_message())
        status = UsageError.exit_status
    except PasslensError as error:
        _tell(str(error))
        status = error.exit_status
    except Stopped as stopped:
        status = stopped.status
    except (click.Abort, KeyboardInterrupt):
        status = EXIT_INTERRUPTED
    except OSError as error:
        status = _told(error)
    except RuntimeError as error:
        if "home directory" not in str(error):  # pathlib has no error of its own for it
            raise
        _tell("there is no home folder; set HOME to a folder that can be written.")
        status = UsageError.exit_status
    sys.exit(status or 0)


def _told(error: OSError) -> int:
    """Say what the system refused; the exit status. An error that names no file is one of standard output."""
    cause = error.strerror or type(error).__name__
    if error.filename is None:
        outlets.give_up()
        _tell(f"cannot write the report: {cause}; make room or name another place.")
        return WriteError.exit_status
    _tell(f"{error.filename}: {cause}; name another place.")
    return UsageError.exit_status


def _tell(message: str) -> None:
    from passlens.util.text import escape_lines

    # A mistake may quote a name that somebody else gave to a file; the mistakes of a rule file and click's hints are
    # lines of their own.
    print(f"passlens: {escape_lines(message)}", file=sys.stderr)
