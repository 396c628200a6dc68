"""``passlens ctl``: a running proxy from the command line, over its control API."""

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from passlens.cli import completion
from passlens.cli.command import Command, FiniteRange, NearestChoice
from passlens.cli.ctl_group import CTL_STATUSES, EXIT_NOT_THERE, Context, CtlGroup, pass_session
from passlens.cli.outlets import is_read
from passlens.control.panel.address import is_for_others, panel_url
from passlens.device.qr_code import qr_lines
from passlens.errors import NoProxyError, UsageError, WriteError
from passlens.util.atomic import PRIVATE, cannot_write, replacing
from passlens.util.text import escape_controls, plural

if TYPE_CHECKING:
    from passlens.checks.finding import Severity

FORMATS: Final = ("mitm", "har", "html")
_COUNTED: Final = ("exchange", "error", "warning", "note")
_SHOWS: Final = "what comes from here on is shown by passlens ctl exchanges"


@click.group(cls=CtlGroup)
@click.option("--control", metavar="[HOST:]PORT", help="Choose among several proxies by their control API.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one line for each member of a list.")
@click.pass_context
def ctl(context: click.Context, control: str | None, as_json: bool) -> None:
    """Ask and steer a running passlens proxy.

    \b
    Examples:
      passlens ctl status
      passlens ctl scenario pfs-fallback
      passlens ctl wait --operation partner-session --outcome P3 --timeout 30
      passlens ctl findings --min warning
    """
    context.obj = Context(control, as_json)


@ctl.command(cls=Command, statuses=CTL_STATUSES)
@pass_session
def status(session: Context) -> int:
    """What runs, and what it has seen."""
    found = session.client.status()
    if session.as_json:
        print(json.dumps(found))
        return 0
    counts: Mapping[str, Any] = found["counts"]
    running = map(_runs, found["scenarios"])
    lines = [
        f"passlens {found['version']}, mitmproxy {found['mitmproxy']}",
        f"proxy      port {found['port']}",
        f"scenario   {', '.join(running) or 'none'}",
        f"sandbox    {'on' if found['sandbox'] else 'off'}",
        f"seen       {', '.join(plural(counts[f'{what}s'], what) for what in _COUNTED)}",
    ]
    print("\n".join(map(escape_controls, lines)))
    return 0


@ctl.command(cls=Command, statuses=CTL_STATUSES)
@pass_session
def devices(session: Context) -> int:
    """Devices, and how far each has come."""
    session.show(session.client.devices(), _device, "no device yet")
    return 0


def _device(member: dict[str, Any]) -> str:
    last = member["last"]
    tail = f"  last {last['operation']}" if last is not None else ""
    refused = f" {member['refused']}" if member["link"] == "refuses" and member["refused"] else ""
    return f"{member['address']}  {member['link']}{refused}{tail}  {' '.join(member['keys'])}".rstrip()


@ctl.command(cls=Command, statuses=CTL_STATUSES)
@click.argument("name", metavar="NAME|off", shell_complete=completion.scenarios)
@click.option("--device", metavar="D", help="For this device only: its address or key (passlens ctl devices).")
@pass_session
def scenario(session: Context, name: str, device: str | None) -> int:
    """Run a scenario from the next request on, or none (off).

    NAME is that of a scenario, or the path of a rule file.
    """
    found = session.client.scenario(None if name == "off" else name, device)
    session.show(found["scenarios"], _goes_on if name == "off" and device is None else _runs, "no scenario")
    return 0


def _runs(member: Mapping[str, Any]) -> str:
    return f"{member['name']} for {member['device'] or 'all devices'}"


def _goes_on(member: Mapping[str, Any]) -> str:
    return f"{_runs(member)} goes on; passlens ctl scenario off --device {member['device']} stops it"


_FILTERS: Final = {
    "operation": "Only of this operation.",
    "outcome": "Only with this outcome, such as P3.",
    "error": "Only with this error code, or any.",
    "status": "Only with this HTTP status.",
    "result": "Only with a permit, deny, profile or none.",
    "resource": "Only about this resource.",
    "injected": "Only injected (true, false) or by this scenario.",
    "device": "Only of this device: its address or key.",
    "mark": "Only since this mark (passlens ctl mark).",
}


_LOOK: Final = 2.0
"""Seconds between two looks at whether anybody reads what is followed."""


def _filters(command: Any) -> Any:
    for name, words in reversed(_FILTERS.items()):
        completed = completion.operations if name == "operation" else None
        command = click.option(f"--{name}", metavar=name[0].upper(), shell_complete=completed, help=words)(command)
    return click.option("--since", type=int, metavar="N", help="Only after this number.")(command)


@ctl.command(cls=Command, statuses=CTL_STATUSES)
@_filters
@click.option("--follow", is_flag=True, help="Go on with those that come, until Ctrl-C, the proxy's or reader's end.")
@pass_session
def exchanges(session: Context, /, follow: bool, **query: Any) -> int:
    """Exchanges that fit, one a line."""
    client = session.client
    found = client.exchanges(**query)
    if found or not follow:
        session.show(found, _exchange, "no exchange")
    while follow and is_read():
        query["since"] = found[-1]["number"] if found else query["since"] or 0
        try:
            entry = client.wait_for(timeout=_LOOK, **query)
        except NoProxyError:
            print("passlens: the proxy has ended.", file=sys.stderr)
            break
        found = [entry] if entry is not None else []
        if found:
            session.show(found, _exchange, "")
    return 0


def _exchange(entry: dict[str, Any]) -> str:
    response = entry["outcome"] or entry["error"] or ""
    code = f"  {entry['code']}" if entry["code"] else ""
    injected = f"  ({entry['injected']['scenario']})" if entry["injected"] else ""
    return f"{entry['number']}  {entry['operation']}  {entry['status'] or 'no answer'}  {response}{code}{injected}"


@ctl.command(cls=Command, statuses=CTL_STATUSES | {0: "one came", EXIT_NOT_THERE: "none came in time"})
@_filters
@click.option("--timeout", type=FiniteRange(0, 86_400), default=30.0, show_default=True, metavar="S",
              help="Seconds to wait.")  # fmt: skip
@pass_session
def wait(session: Context, /, timeout: float, **query: Any) -> int:
    """Wait for an exchange that fits.

    What came before counts, but for --since.
    """
    entry = session.client.wait_for(timeout=timeout, **query)
    if entry is None:
        asked = ", ".join(f"{name} {value}" for name, value in query.items() if value is not None)
        words = f"passlens: no exchange{' with ' * bool(asked)}{asked} came within {timeout:g} s."
        print(escape_controls(words), file=sys.stderr)
        return EXIT_NOT_THERE
    session.show([entry], _exchange, "")
    return 0


@ctl.command(cls=Command, statuses=CTL_STATUSES | {0: "there are none", EXIT_NOT_THERE: "there are some"})
@click.option("--min", "minimum", type=NearestChoice(("note", "warning", "error")), default="note", show_default=True,
              help="The lowest severity.")  # fmt: skip
@pass_session
def findings(session: Context, minimum: "Severity") -> int:
    """Findings so far."""
    found = session.client.findings(minimum)
    session.show(found, _finding, "no findings")
    return EXIT_NOT_THERE if found else 0


def _finding(member: dict[str, Any]) -> str:
    of = member["exchange"]
    return (
        f"{of['number']}  {of['operation']}  {member['severity']} {member['code']} {member['at']}: {member['message']}"
    )


@ctl.command(cls=Command, statuses=CTL_STATUSES)
@pass_session
def sessions(session: Context) -> int:
    """Virtual sessions that are not over."""
    session.show(session.client.sessions(), _session, "no virtual session")
    return 0


def _session(member: dict[str, Any]) -> str:
    whose = f"{member['service_provider']}  {member['mvpd'] or 'no mvpd'}"
    return f"{member['code'] or 'no code'}  {whose}  {member['state']}  until {member['not_after']}"


def _session_command(name: str, action: Any, words: str) -> None:
    @ctl.command(name=name, cls=Command, statuses=CTL_STATUSES, help=words)
    @click.argument("code")
    @pass_session
    def act(session: Context, code: str) -> int:
        session.show(session.client.session(code, action), _session, "")
        return 0


_session_command("sign-in", "sign-in", "Sign in to a virtual session.")
_session_command("deny", "deny", "Deny a virtual session.")
_session_command("expire", "expire", "Let a virtual session expire.")


@ctl.command(cls=Command, statuses=CTL_STATUSES)
@pass_session
def panel(session: Context) -> int:
    """Show the panel's address.

    With its token, and a QR code where others can open it; on a terminal only.
    """
    session.client.status()
    address = session.address
    if not sys.stdout.isatty():
        raise UsageError("The panel's address holds the token, so it is shown on a terminal only; do not redirect it.")
    url = panel_url(address)
    print("\n".join([*(qr_lines(url, sys.stdout) if is_for_others(address) else ()), url]))
    return 0


@ctl.command(cls=Command, statuses=CTL_STATUSES)
@click.argument("name")
@pass_session
def mark(session: Context, name: str) -> int:
    """Begin a mark.

    Entries from here on count as of it (passlens ctl exchanges --mark NAME). With --json, the number for --since alone.
    """
    number = session.client.mark(name)
    session.tell(number, f"Mark {name} begins behind exchange {number}: {_SHOWS} --mark {name}, or --since {number}.")
    return 0


@ctl.command(cls=Command, statuses=CTL_STATUSES)
@pass_session
def reset(session: Context) -> int:
    """Forget what was seen; scenarios go on.

    Counters, states, virtual sessions and entries begin anew. With --json, prints the number for --since alone.
    """
    number = session.client.reset()
    session.tell(number, f"What was seen is forgotten; {_SHOWS} --since {number}.")
    return 0


@ctl.command(cls=Command, statuses=CTL_STATUSES | {4: "the file could not be written"})
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False))
@pass_session
def save(session: Context, file: str) -> int:
    """Write what was seen to a file.

    FILE is a clean copy (.mitm, .har) or a report (.html).
    """
    form = file.lower().rpartition(".")[2]
    if form not in FORMATS:
        raise UsageError(f"{file} does not say its format; name a .mitm, .har or .html file.")
    data = session.client.recording(form)  # type: ignore[arg-type]
    try:
        reveals = form == "html" and session.client.status()["reveal"]
        with replacing(file, PRIVATE) if reveals else replacing(file) as stream:
            stream.write(data)
    except OSError as error:
        raise WriteError(cannot_write(file, error)) from None
    return 0
