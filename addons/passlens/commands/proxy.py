"""``passlens proxy``: mitmproxy with the addon and the user's own arguments."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from passlens.live.launch import INTERFACES, command_line
from passlens.scenarios.library import Library


@click.command()
@click.option("--ui", type=click.Choice(tuple(INTERFACES)), default="dump", show_default=True, help="Which interface.")
@click.option("--scenario", default="", metavar="NAME", help="Run this scenario (see passlens scenarios).")
@click.option(
    "--rules", type=click.Path(exists=True, file_okay=False), metavar="DIR", help="A folder of your own rule files."
)
@click.option("--sandbox", is_flag=True, help="Answer the API without a server.")
@click.option("--sandbox-host", multiple=True, metavar="HOST", help="Answer for this host as well; may be repeated.")
@click.option("--sign-in", type=click.Choice(("at-once", "ask")), help="What a virtual session's page does.")
@click.option("--explain", "explaining", is_flag=True, help="Log which rule matched, and which came closest.")
@click.option("--no-header", is_flag=True, help="Do not mark answers with the header X-Passlens.")
@click.option("--filter", "flow_filter", default="", metavar="EXPR", help="Look only at flows that match this filter.")
@click.option("--log", type=click.Path(dir_okay=False), default="", help="Append one JSON line for each exchange.")
@click.option("--reveal", is_flag=True, help="Show tokens, identifiers and addresses instead of pseudonyms.")
@click.option("--all-addons", is_flag=True, help="Keep built-in addons that nobody asked for; slower.")
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
    all_addons: bool,
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
            Library([Path(rules)] if rules else []).load(scenario)
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
    given = {name: value for name, value in options.items() if value}
    words = command_line(ui, given, arguments, all_addons=all_addons)
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(words[0], words)
    return subprocess.call(words)
