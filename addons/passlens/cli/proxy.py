"""``passlens proxy``: mitmproxy with the addon and the user's own arguments."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from passlens.cli import completion
from passlens.cli.command import Command, NearestChoice, WholeRange
from passlens.cli.rules_option import RULES
from passlens.cli.world_option import SANDBOX_WORLD
from passlens.control.control import NETWORK
from passlens.control.control import parse as parse_control
from passlens.proxy.entry_texts import EntryTexts
from passlens.proxy.hosts import API_HOSTS, parse_hosts
from passlens.proxy.launch import INTERFACES, command_line
from passlens.proxy.log_sink import LogSink
from passlens.proxy.options import parse_filter
from passlens.proxy.record_file import check_place
from passlens.proxy.scenario_switch import hosts as sandboxed
from passlens.runner.report_sink import open_outputs, parse_option
from passlens.scenarios.library import Library
from passlens.scenarios.world_file import read_world
from passlens.util.plain_file import is_pipe
from passlens.util.safe_path import environment

STATUSES: Final = {
    0: "ended, by Ctrl-C, SIGTERM or the end of its terminal as well",
    1: "mitmproxy could not start: the port is taken, or an option is wrong",
    4: "something that was seen could not be written: the log, the recording, a report",
    130: "stopped with Ctrl-C (143: with SIGTERM) before it ran",
}


class _ProxyCommand(Command):
    """Takes arguments of mitmproxy behind ``--`` only: mitmproxy would take a scenario's name for a filter, and show
    nothing."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        behind = len(args) - args.index("--") - 1 if "--" in args else 0
        rest = super().parse_args(ctx, args)
        words = ctx.params["arguments"]
        if len(words) > behind and not ctx.resilient_parsing:
            raise click.UsageError(
                f"{words[0]!r} is no option; write --scenario before the name of a scenario, "
                "and -- before arguments of mitmproxy."
            )
        return rest


@click.command(cls=_ProxyCommand, statuses=STATUSES)
@click.option("--ui", type=NearestChoice(tuple(INTERFACES)), default="dump", show_default=True, help="Which interface.")
@click.option(
    "--scenario",
    default="",
    metavar="NAME",
    shell_complete=completion.scenarios,
    help="Run this scenario (see passlens scenarios).",
)
@RULES
@click.option("--sandbox", is_flag=True, help="Answer the API without a server.")
@click.option("--sandbox-host", multiple=True, metavar="HOST", help="Answer for this host as well; may be repeated.")
@click.option(
    "--host", multiple=True, metavar="HOST", help="Look into TLS to this host (or *.domain) as well; repeatable."
)
@click.option("--all-hosts", is_flag=True, help="Look into TLS to every host.")
@SANDBOX_WORLD
@click.option("--sign-in", type=NearestChoice(("at-once", "ask")), help="What a virtual session's page does.")
@click.option("--explain", "explaining", is_flag=True, help="Log which rule matched, and which came closest.")
@click.option("--no-header", is_flag=True, help="Do not mark answers with the header X-Passlens.")
@click.option("--filter", "flow_filter", default="", metavar="EXPR", help="Look only at flows that match this filter.")
@click.option("--log", type=click.Path(dir_okay=False), default="", help="Append one JSON line for each exchange.")
@click.option(
    "--record",
    default="",
    metavar="FILE",
    shell_complete=completion.files,
    help="Record into FILE (.mitm, .har), at the end: a clean copy, a real one with --reveal.",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write a report at the end, like html=report.html; may be repeated.",
)
@click.option("--port", type=WholeRange(1, 65535), metavar="N", help="Listen on this port instead of 8080.")
@click.option("--control", default="", metavar="[HOST:]PORT", help="Where the control API listens. [default: 8084]")
@click.option("--no-control", is_flag=True, help="Offer no control API.")
@click.option("--panel", is_flag=True, help="Open the panel to your network, with its address and QR code here.")
@click.option("--reveal", is_flag=True, help="Show tokens, identifiers and addresses instead of pseudonyms.")
@click.option(
    "--end-with-input", is_flag=True, help="End when standard input ends: whoever started it cannot leave it behind."
)
@click.option("--all-addons", is_flag=True, help="Keep built-in addons that nobody asked for; slower.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- MITMPROXY ARGUMENTS]")
def proxy(
    ui: str,
    scenario: str,
    rules: str | None,
    sandbox: bool,
    sandbox_host: tuple[str, ...],
    sandbox_world: str,
    host: tuple[str, ...],
    all_hosts: bool,
    sign_in: str | None,
    explaining: bool,
    no_header: bool,
    flow_filter: str,
    log: str,
    record: str,
    outputs: tuple[str, ...],
    port: int | None,
    control: str,
    no_control: bool,
    panel: bool,
    reveal: bool,
    end_with_input: bool,
    all_addons: bool,
    arguments: Sequence[str],
) -> int:
    """Start mitmdump (or another mitmproxy) with passlens; what stands after -- goes on to it.

    \b
    Examples:
      passlens proxy
      passlens proxy --scenario pfs-fallback
      passlens proxy --panel
      passlens proxy --sandbox
      passlens proxy --sandbox-world world.yaml
      passlens proxy --host api.myapp.example
      passlens proxy --port 9090 --log sessions.jsonl
      passlens proxy --record tv.mitm --output html=report.html
      passlens proxy --ui web -- --web-port 8082
    """
    with _typed():
        if scenario:
            Library([Path(rules)] if rules else []).load(scenario)
        if sandbox_world:
            read_world(Path(sandbox_world).expanduser())
        parse_filter("--filter", flow_filter)
        _check_places(log, record, ",".join(outputs))
    if end_with_input and ui == "console":
        raise click.UsageError("--end-with-input needs the input that --ui console takes keys from; leave one out.")
    looked_into = _looked_into(host, sandbox_host)
    options = {
        "passlens_hosts": "" if all_hosts else ",".join(looked_into),
        "passlens_scenario": scenario,
        "passlens_rules": rules,
        "passlens_sandbox": ",".join(sandbox_host) or "true" * (sandbox or bool(sandbox_world)),
        "passlens_world": sandbox_world,
        "passlens_sign_in": sign_in or "",
        "passlens_explain": "true" * explaining,
        "passlens_header": "false" * no_header,
        "passlens_filter": flow_filter,
        "passlens_log": log,
        "passlens_record": record,
        "passlens_output": ",".join(outputs),
        "passlens_control": _controlled(control, no_control=no_control, panel=panel),
        "passlens_reveal": "true" * reveal,
    }
    given = {name: value for name, value in options.items() if value}
    Path.home()  # mitmproxy would end with a traceback where there is none
    listen = [] if port is None else ["--listen-port", str(port)]
    return _become(command_line(ui, given, [*listen, *arguments], all_addons=all_addons, end_with_input=end_with_input))


def _become(words: list[str]) -> int:
    """Run mitmproxy in this process's place, or, where a system has no such thing, beside it."""
    sys.stdout.flush()
    if os.name == "posix":
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # the new process lets it through
        try:
            os.execve(words[0], words, environment())
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    return subprocess.call(words, env=environment())


def _looked_into(host: Sequence[str], sandbox_host: Sequence[str]) -> tuple[str, ...]:
    """The hosts whose TLS is looked into; raises UsageError for what is none."""
    with _typed(passlens_hosts="--sandbox-host", passlens_sandbox="--sandbox-host"):
        parse_hosts(",".join(sandbox_host))
        sandboxed(",".join(sandbox_host))
    with _typed(passlens_hosts="--host"):
        return parse_hosts(",".join((*API_HOSTS, *host, *sandbox_host)))


def _controlled(control: str, *, no_control: bool, panel: bool) -> str:
    """The value of passlens_control; raises UsageError for options that do not go together."""
    if control and no_control:
        raise click.UsageError(
            "--control asks for the control API and --no-control for none; leave one of the two out."
        )
    if panel and (no_control or ":" in control):
        other = "--no-control offers none" if no_control else "--control names another address"
        raise click.UsageError(f"--panel opens the panel to your network, and {other}; leave one of the two out.")
    if panel:
        control = f"{NETWORK}:{control}" if control else NETWORK
    with _typed(passlens_control="--control"):
        parse_control(control)
    return "" if no_control else control or "true"


@contextmanager
def _typed(**typed: str) -> Iterator[None]:
    """Tell a mistake with the option that was typed in the place of mitmproxy's, which it became."""
    try:
        yield
    except ValueError as error:
        words = str(error)
        for option, own in typed.items():
            words = words.replace(option, own)
        raise click.UsageError(words) from None


def _check_places(log: str, record: str, outputs: str) -> None:
    """Raise ValueError with a sentence for a file that could not be written, before anything is seen."""
    if log and not is_pipe(log):
        LogSink(EntryTexts()).open(log)
    if record:
        check_place(record)
    wanted = [(form, path) for form, path in parse_option(outputs) if not is_pipe(path)]
    if (made := open_outputs(wanted)) is not None:
        with made:
            """Nothing is written under the names."""
