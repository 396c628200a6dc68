"""The ``passlens`` command: check recordings, decode a header, explain a code, start the proxy.
Exit status: 0 fine, 1 findings at or above --fail-on, 2 a usage mistake or input that could not be read to its end."""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TextIO

import click

from passlens import __version__, explain, listing
from passlens.check import FORMATS, SUMMARY, Settings, check_recordings
from passlens.checks.finding import SEVERITIES
from passlens.checks.table import CHECKS
from passlens.commands import checking
from passlens.commands.diff import diff
from passlens.commands.recordings import convert, scrub
from passlens.commands.rewrite import rewrite_command
from passlens.decode import HEADERS, explain_value, guess
from passlens.outputs import parse_outputs
from passlens.proxy import INTERFACES, command_line, script
from passlens.scenarios.library import Library
from passlens.selection import prefixes
from passlens.spec import schema as schemas

EXIT_FINDINGS: Final = 1
EXIT_USAGE: Final = 2
EXIT_INTERRUPTED: Final = 130

_FOLDER: Final = click.Path(exists=True, file_okay=False)

_CHECK_EXAMPLES: Final = """\b
Examples:
  passlens check tv.mitm
  passlens check recordings/ --format json > report.json
  passlens check recordings/ --jobs 4 --output junit=report.xml --output sarif=passlens.sarif
  passlens check session.har --select PL2,PL4 --ignore PL261
  passlens check recordings/ --baseline known.json
  passlens check tv.mitm --scenario pfs-fallback
  mitmdump -nr tv.mitm -w - | passlens check -

Exit status: 0 nothing at or above --fail-on, 1 something is, 2 a usage mistake, a recording that could not be read
to its end (the report covers what could be read) or a report that could not be written, 130 stopped with Ctrl-C (the
report covers what was read and says that it is partial)."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
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


def _codes(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Codes and families of --select and --ignore, as prefixes of codes."""
    try:
        return prefixes(values)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _outputs(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, str]]:
    """Pairs of format and file of --output."""
    try:
        return parse_outputs(values)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@cli.command(epilog=_CHECK_EXAMPLES)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="What to print. [default: text; only its summary with --output]",
)
@click.option(
    "--output", "outputs", multiple=True, callback=_outputs, metavar="FORMAT=FILE", help="Write a report to a file too."
)
@click.option(
    "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Read this many recordings at a time."
)
@click.option(
    "--select", multiple=True, callback=_codes, metavar="CODES", help="Only these codes or families (PL204, PL2xx)."
)
@click.option("--ignore", multiple=True, callback=_codes, metavar="CODES", help="Not these codes or families.")
@click.option(
    "--fail-on",
    type=click.Choice([*reversed(SEVERITIES), "never"]),
    default="error",
    show_default=True,
    help="Least severity that makes the exit status 1.",
)
@click.option("--reveal", is_flag=True, help="Show tokens, identifiers and addresses instead of pseudonyms.")
@checking.options
def check(
    files: Sequence[str],
    form: str | None,
    outputs: list[tuple[str, str]],
    jobs: int,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    reveal: bool,
    more: checking.More,
) -> int:
    """Check recordings: .mitm and .har files, folders of them, - for standard input."""
    if reveal:
        click.echo("passlens: --reveal is on, tokens and identifiers are shown.", err=True)
    chosen = form or (SUMMARY if outputs else "text")
    settings = more.into(Settings(chosen, select, ignore, fail_on, reveal, tuple(outputs), jobs))
    return check_recordings(files, settings, sys.stdout, sys.stderr, more.companions(settings))


@cli.command()
@click.argument("value", required=False, default="-")
@click.option(
    "--header", type=click.Choice(HEADERS, case_sensitive=False), help="Which header it is; guessed otherwise."
)
@click.option("--reveal", is_flag=True, help="Show tokens, identifiers and addresses instead of pseudonyms.")
def decode(value: str, header: str | None, reveal: bool) -> int:
    """Decode a header value, from the command line or (-) from standard input.

    \b
    Examples:
      passlens decode "X-Device-Info: eyJtb2RlbCI6ICJBcHBsZVRWIn0="
      pbpaste | passlens decode --header AP-Partner-Framework-Status
    """
    if value == "-":
        value = sys.stdin.buffer.read().decode("utf-8", "surrogateescape").rstrip("\r\n")
    if not value.strip():
        raise click.UsageError("there is no value to decode; give one, or pipe it to standard input.")
    _write(sys.stdout, explain_value(*guess(value, header), time.time(), reveal=reveal))
    return 0


@cli.command(name="explain")
@click.argument("code", required=False)
@click.option("--markdown", is_flag=True, help="All codes as Markdown, the text of docs/findings.md.")
def explain_command(code: str | None, markdown: bool) -> int:
    """Explain a finding code, or list them all."""
    if markdown:
        _write(sys.stdout, explain.as_markdown().rstrip("\n"))
        return 0
    if code is None:
        for row in CHECKS:
            click.echo(f"{row.code}  {row.severity:<8} {row.name:<32} {explain.parts(row)['What']}")
        return 0
    found = explain.find(code)
    if found is None:
        near = explain.nearest(code)
        hint = f"did you mean {near}?" if near else "passlens explain lists all."
        raise click.UsageError(f"{code!r} is no finding code; {hint}")
    click.echo(explain.as_text(found))
    return 0


@cli.command()
@click.argument("name", required=False)
def schema(name: str | None) -> int:
    """Print the JSON Schema of a spec model, or list their names."""
    if name is None:
        click.echo("\n".join(schemas.NAMES))
        return 0
    known = {item.lower(): item for item in schemas.NAMES}
    if name.lower() not in known:
        raise click.UsageError(f"{name!r} is no model; passlens schema lists their names.")
    click.echo(json.dumps(schemas.schema(known[name.lower()]), indent=2))
    return 0


@cli.command()
def addon() -> int:
    """Print the path of the addon script, for mitmdump -s "$(passlens addon)"."""
    click.echo(str(script()))
    return 0


@cli.command()
@click.option("--ui", type=click.Choice(tuple(INTERFACES)), default="dump", show_default=True, help="Which interface.")
@click.option("--scenario", default="", metavar="NAME", help="Run this scenario (see passlens scenarios).")
@click.option("--rules", type=_FOLDER, metavar="DIR", help="A folder of your own rule files.")
@click.option("--sandbox", is_flag=True, help="Answer the API without a server.")
@click.option("--sandbox-host", multiple=True, metavar="HOST", help="Answer for this host as well; may be repeated.")
@click.option("--sign-in", type=click.Choice(("at-once", "ask")), help="What a virtual session's page does.")
@click.option("--explain", "explaining", is_flag=True, help="Log which rule matched, and which came closest.")
@click.option("--no-header", is_flag=True, help="Do not mark answers with the header X-Passlens.")
@click.option("--filter", "flow_filter", default="", metavar="EXPR", help="Look only at flows that match this filter.")
@click.option("--log", type=click.Path(dir_okay=False), default="", help="Append one JSON line for each exchange.")
@click.option("--reveal", is_flag=True, help="Show tokens, identifiers and addresses instead of pseudonyms.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- MITMPROXY ARGUMENTS]")
def proxy(
    ui: str,
    scenario: str,
    rules: str | None,
    sandbox: bool,
    sandbox_host: tuple[str, ...],
    sign_in: str | None,
    explaining: bool,
    no_header: bool,
    flow_filter: str,
    log: str,
    reveal: bool,
    arguments: Sequence[str],
) -> int:
    """Start mitmdump (or another mitmproxy) with passlens; what stands after -- goes on to it.

    \b
    Examples:
      passlens proxy
      passlens proxy --scenario pfs-fallback
      passlens proxy --sandbox
      passlens proxy --log sessions.jsonl -- --listen-port 9090 -w tv.mitm
      passlens proxy --ui web -- --web-port 8082
    """
    try:
        if scenario:
            _library(rules).load(scenario)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    options = {
        "passlens_scenario": scenario,
        "passlens_rules": rules,
        "passlens_sandbox": ",".join(sandbox_host) or "true" * sandbox,
        "passlens_sign_in": sign_in or "",
        "passlens_explain": "true" * explaining,
        "passlens_header": "false" * no_header,
        "passlens_filter": flow_filter,
        "passlens_log": log,
        "passlens_reveal": "true" * reveal,
    }
    words = command_line(ui, {name: value for name, value in options.items() if value}, arguments)
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(words[0], words)
    import subprocess

    return subprocess.call(words)


@cli.command()
@click.argument("names", nargs=-1, metavar="[NAME | FILE...]")
@click.option("--rules", type=_FOLDER, metavar="DIR", help="A folder of your own rule files.")
@click.option("--validate", is_flag=True, help="Read the rule files and folders named, and say what is wrong.")
def scenarios(names: Sequence[str], rules: str | None, validate: bool) -> int:
    """List the scenarios, show one, or validate rule files.

    \b
    Examples:
      passlens scenarios
      passlens scenarios pfs-fallback
      passlens scenarios --validate my-rules/
    """
    library = _library(rules)
    if validate:
        if not names:
            raise click.UsageError("name the rule files or folders to validate.")
        return listing.validate(names, sys.stdout)
    try:
        for name in names:
            listing.show_scenario(library, name, sys.stdout)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    return 0 if names else listing.list_scenarios(library, sys.stdout)


@cli.command()
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where to leave recording and log.")
def demo(folder: Path | None) -> int:
    """Walk the documented journeys through a sandboxed proxy: no device, no account, no network."""
    from passlens.demo.run import run

    return run(folder, sys.stdout)


cli.add_command(diff)
cli.add_command(rewrite_command)
cli.add_command(scrub)
cli.add_command(convert)


def _library(rules: str | None) -> Library:
    return Library([Path(rules)] if rules else [])


def _write(out: TextIO, text: str) -> None:
    out.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit. A mistake of the user is one sentence and status 2, never a traceback."""
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
        print(f"passlens: {error.format_message()}", file=sys.stderr)
        status = EXIT_USAGE
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
