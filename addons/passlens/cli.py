"""The ``passlens`` command. Each subcommand has a file of its own in commands/, which is read when it is called.
Exit status: 0 fine, 1 findings at or above --fail-on, 2 a usage mistake or input that could not be read to its end."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NamedTuple

import click

from passlens import __version__
from passlens.offline.stopping import Stopped

EXIT_USAGE: Final = 2
EXIT_INTERRUPTED: Final = 130


class Row(NamedTuple):
    """One subcommand: where it is defined, and what the help says about it."""

    module: str
    attribute: str
    help: str


COMMANDS: Final = {
    "addon": Row("addon", "addon", "Print the path of the addon script, for mitmdump -s."),
    "check": Row("check", "check", "Check recordings."),
    "convert": Row("recordings", "convert", "Convert a recording to the other format."),
    "decode": Row("decode", "decode", "Decode a header value."),
    "demo": Row("demo", "demo", "Walk the documented journeys through a sandboxed proxy."),
    "diff": Row("diff", "diff", "Compare two recordings."),
    "explain": Row("explain", "explain_command", "Explain a finding code, or list them all."),
    "proxy": Row("proxy", "proxy", "Start mitmdump (or another mitmproxy) with passlens."),
    "rewrite": Row("rewrite", "rewrite_command", "Write a recording as a scenario would have made it."),
    "scenarios": Row("scenarios", "scenarios", "List the scenarios, show one, or validate rule files."),
    "schema": Row("schema", "schema", "Print the JSON Schema of a spec model."),
    "scrub": Row("recordings", "scrub", "Write a clean copy of a recording, to be sent on."),
}


class Commands(click.Group):
    """Imports a subcommand when it is asked for: most need mitmproxy or the models, the help needs neither."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        row = COMMANDS.get(cmd_name)
        if row is None:
            return None
        command: click.Command = getattr(import_module(f"passlens.commands.{row.module}"), row.attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].help) for name in self.list_commands(ctx)])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="passlens", message="%(prog)s %(version)s")
def cli() -> None:
    """See, check and explain Adobe Pass Authentication REST API V2 traffic.

    \b
    passlens demo                  see it at work, without a device
    passlens proxy                 start mitmdump with passlens and put a device behind it
    passlens proxy --scenario X    make one answer happen (passlens scenarios lists them)
    passlens proxy --sandbox       the API without a server
    passlens check tv.mitm         check a recording (.mitm or .har)
    passlens diff OLD NEW          what changed in the meaning between two recordings
    passlens explain PL230         what a finding means and what to do
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit. A mistake of the user is one sentence and status 2, never a traceback."""
    # Python has None for what the shell has closed: whatever is written goes nowhere, as it was told.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115  for as long as the process runs
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        # Not click's own main: it makes status 1 of a closed pipe, which here says that there are findings.
        words = list(sys.argv[1:] if arguments is None else arguments)
        with cli.make_context("passlens", words) as context:
            status = cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        status = end.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        status = EXIT_USAGE
    except click.ClickException as error:
        from passlens.reports.words import safe

        # A mistake may quote a name that somebody else gave to a file; click's hints are lines of their own.
        lines = (safe(line) for line in error.format_message().split("\n"))
        print("passlens: " + "\n".join(lines), file=sys.stderr)
        status = EXIT_USAGE
    except Stopped as stopped:
        status = stopped.status
    except (click.Abort, KeyboardInterrupt):
        status = EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; nothing is left to say, and closing must not complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = EXIT_USAGE
    except OSError as error:
        print(f"passlens: cannot write the report: {error.strerror}; make room or name another place.", file=sys.stderr)
        status = EXIT_USAGE
    sys.exit(status or 0)
