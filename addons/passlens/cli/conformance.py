"""``passlens conformance``: an app taken through the scenarios, and a report of how it reacts."""

import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from passlens.cli import completion
from passlens.cli.command import Command, WholeRange
from passlens.cli.confdir_option import CONFDIR
from passlens.cli.output_option import output_option
from passlens.cli.rules_option import RULES
from passlens.cli.world_option import SANDBOX_WORLD
from passlens.errors import InputError, UsageError
from passlens.runner.outputs import Target, begin, write
from passlens.runner.signals import Stopped, cleaning_up
from passlens.scenarios.library import Library, shipped
from passlens.testing.conformance.drive import Driver, parse_command
from passlens.testing.conformance.keys import Keys, NoKeys
from passlens.testing.conformance.outcome import ConformanceVerdict
from passlens.testing.conformance.report import FORMATS, MAKERS, counted
from passlens.testing.conformance.session import ConformanceRun, StoppedByKey
from passlens.testing.conformance.state_file import NAME, RunState, read_state, write_state
from passlens.testing.conformance.steps import ConformanceStep, step
from passlens.testing.proxy_process import ProxyProcess
from passlens.util.local_address import default_address
from passlens.util.terminal import width
from passlens.util.text import escape_controls

EXIT_NOT_MET: Final = 1
EXIT_NOT_EXERCISED: Final = 2
EXIT_STOPPED: Final = 130

_EXAMPLES: Final = """\b
Examples:
  passlens conformance --sandbox --output html=report.html
  passlens conformance --only pfs-fallback --only denied
  passlens conformance --sandbox --drive 'pytest ui/' --output junit=ui.xml"""

STATUSES: Final = {
    0: "every scenario is met, or was skipped by the tester",
    EXIT_NOT_MET: "one is not met",
    EXIT_NOT_EXERCISED: "none of that, but one was not exercised or not decided; or a usage mistake",
    4: "a report could not be written",
    5: "the proxy did not start, or ended",
    EXIT_STOPPED: "stopped with q or Ctrl-C (143: with SIGTERM, 129: with its terminal); the same command goes on",
}


@click.command(cls=Command, epilog=_EXAMPLES, statuses=STATUSES)
@click.option("--only", multiple=True, metavar="NAME", shell_complete=completion.scenarios,
              help="Only this scenario; may be repeated. [default: all that "
              "answer themselves]")  # fmt: skip
@output_option(FORMATS)
@click.option("--drive", metavar="COMMAND", help="Run this for each scenario, in place of a person.")
@click.option("--app", default="", metavar="TEXT", help="The app and its version, for the report.")
@click.option("--sandbox", is_flag=True, help="Answer the API without a server.")
@SANDBOX_WORLD
@RULES
@click.option("--host", multiple=True, metavar="HOST", help="Look into TLS to this host as well; may be repeated.")
@click.option("--port", type=WholeRange(1, 65535), metavar="N", help="Listen on this port. [default: 8080; a free "
              "one on this machine with --drive]")  # fmt: skip
@click.option(
    "--state",
    default=NAME,
    show_default=True,
    metavar="FILE",
    shell_complete=completion.files,
    help="Where the run is kept until it is over.",
)
@click.option("--fresh", is_flag=True, help="Begin anew, whatever was kept.")
@CONFDIR
def conformance(
    only: tuple[str, ...],
    outputs: list[tuple[str, str]],
    drive: str | None,
    app: str,
    sandbox: bool,
    sandbox_world: str,
    rules: str | None,
    host: tuple[str, ...],
    port: int | None,
    state: str,
    fresh: bool,
    confdir: str,
) -> int:
    """Take an app through the scenarios: what to do in it, what it should do then, and whether it did."""
    words = parse_command(drive) if drive is not None else None
    try:
        steps = _steps(only, rules)
    except InputError as error:
        raise click.UsageError(str(error)) from None
    place = Path(state).expanduser()
    run = None if fresh else read_state(place)
    arguments = [
        *(["--sandbox"] if sandbox else []),
        *(["--sandbox-world", sandbox_world] if sandbox_world else []),
        *(["--rules", rules] if rules else []),
        *(word for one in host for word in ("--host", one)),
        *(["--port", str(port)] if port is not None else [] if words else ["--port", "8080"]),
        *([] if words else ["--", "--listen-host", "0.0.0.0"]),
    ]
    with cleaning_up(), ExitStack() as stack, tempfile.TemporaryDirectory(prefix="passlens-") as folder:
        reports = begin(stack, outputs)
        proxy = ProxyProcess(Path(folder), Path(confdir).expanduser(), arguments)
        try:
            return _run(proxy, run or _begin(proxy, app), steps, place, reports, words)
        finally:
            proxy.close()


def _steps(only: Sequence[str], rules: str | None) -> list[ConformanceStep]:
    """The scenarios of the run; without names those that answer themselves, the user's first."""
    library = Library([Path(rules)] if rules else [])
    names = list(dict.fromkeys(only)) or [
        name for name in library.names() if not name.endswith(".provoke") or library.locate(name).parent != shipped()
    ]
    loaded = [library.load(name) for name in names]
    found = [step(scenario) for scenario in loaded]
    for one in found:
        if not one.expectations and only:
            raise UsageError(f"The scenario {one.name} expects nothing of the app; add expect to its rules.")
    return [one for one in found if one.expectations]


def _begin(proxy: ProxyProcess, app: str) -> RunState:
    status = proxy.client.status()
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    versions = f"passlens {status['version']}, mitmproxy {status['mitmproxy']}"
    return {"began": now, "app": app, "versions": versions, "devices": [], "results": {}}


def _run(
    proxy: ProxyProcess,
    state: RunState,
    steps: list[ConformanceStep],
    place: Path,
    reports: list[tuple[str, Target]],
    words: list[str] | None,
) -> int:
    done = sum(one.name in state["results"] for one in steps)
    if done:
        _say(f"{done} of {len(steps)} scenarios were decided before; --fresh begins anew.")
    for line in _welcome(proxy, alone=words is not None):
        _say(line)

    def started(one: ConformanceStep) -> Driver:
        assert words is not None
        return Driver(words, _variables(proxy, one))

    stopped = 0
    with Keys() if words is None else _NobodyThere() as keys:
        run = ConformanceRun(
            proxy.client, state, keys, _say, lambda known: write_state(place, known),
            started if words is not None else None, width(sys.stdout),
        )  # fmt: skip
        try:
            run.through(steps)
        except StoppedByKey:
            stopped = EXIT_STOPPED
        except KeyboardInterrupt as error:
            stopped = error.status if isinstance(error, Stopped) else EXIT_STOPPED
    if stopped:
        write_state(place, state)
        _say(f"stopped; the same command goes on ({escape_controls(str(place))} keeps the run).")
    _say(counted(state, steps))
    _write(reports, state, steps)
    if not stopped:
        _forget(place, state, steps)
    return stopped or _status([state["results"][one.name]["outcome"] for one in steps])


def _welcome(proxy: ProxyProcess, *, alone: bool) -> list[str]:
    """Where the proxy is, and how a device gets there; ``alone``: a test runs in place of a person."""
    if alone:
        return [f"proxy   {proxy.url}, for the command as PASSLENS_PROXY", ""]
    where = default_address() or "this machine"
    return [
        f"proxy   {where} port {proxy.port}",
        "set up  passlens device apple-tv --ssid YOUR-WIFI   (passlens device --help names other devices)",
        "",
    ]


class _NobodyThere(NoKeys):
    """No keys, as a context manager."""

    def __enter__(self) -> "NoKeys":
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is to be put back."""


def _variables(proxy: ProxyProcess, one: ConformanceStep) -> dict[str, str]:
    """What a test is told."""
    return {
        "PASSLENS_SCENARIO": one.name,
        "PASSLENS_PROXY": proxy.url,
        "PASSLENS_CA_FILE": str(proxy.ca_file),
        **proxy.control_variables,
    }


def _write(reports: list[tuple[str, Target]], state: RunState, steps: list[ConformanceStep]) -> None:
    for form, target in reports:
        write(target, MAKERS[form](state, steps))
        _say(f"wrote {escape_controls(target.name)}")


def _forget(place: Path, state: RunState, steps: list[ConformanceStep]) -> None:
    """Remove the state of a run that is over; a run through more scenarios that was stopped before stays."""
    if set(state["results"]) <= {one.name for one in steps}:
        place.unlink(missing_ok=True)
    else:
        _say(f"{escape_controls(str(place))} keeps the run through other scenarios; --fresh begins anew.")


def _status(outcomes: list[ConformanceVerdict]) -> int:
    if "not-met" in outcomes:
        return EXIT_NOT_MET
    return EXIT_NOT_EXERCISED if {"not-exercised", "open"} & set(outcomes) else 0


def _say(line: str) -> None:
    click.echo(line)
