"""The passlens_* options of mitmproxy: their names and help, and what their values mean.
All are strings that passlens parses itself, so that a bad value is a sentence and never a silently missing addon."""

from typing import TYPE_CHECKING, Final, NamedTuple

from passlens.recordings.filters import parse
from passlens.scenarios.nearest import nearest_question

if TYPE_CHECKING:
    from mitmproxy.flowfilter import TFilter

PREFIX: Final = "passlens_"


class Option(NamedTuple):
    """One option: its full name, its default, and the help that mitmproxy shows."""

    name: str
    default: str
    help: str


OPTIONS: Final = (
    Option("passlens_filter", "", "Look only at flows that match this mitmproxy filter expression."),
    Option(
        "passlens_hosts",
        "",
        "Look into TLS to these hosts (NAME or *.domain) only; all else passes unread. Empty: all.",
    ),
    Option("passlens_log", "", "Append one JSON line for each exchange to this file."),
    Option(
        "passlens_record",
        "",
        "Record into this .mitm or .har, written at the end: a clean copy, or real with passlens_reveal.",
    ),
    Option(
        "passlens_output", "", "Write reports at the end: FORMAT=FILE, several with commas; html, json, junit and more."
    ),
    Option("passlens_reveal", "false", "Show tokens, identifiers and addresses instead of pseudonyms (true or false)."),
    Option(
        "passlens_scenario", "", "Run this scenario: the name of a shipped one, of one in passlens_rules, or a path."
    ),
    Option("passlens_rules", "", "A folder of rule files; its scenarios go before the shipped ones."),
    Option(
        "passlens_sandbox", "false", "Answer the API without a server: true, false, or hosts to answer for as well."
    ),
    Option("passlens_world", "", "The world that the sandbox plays, a YAML file; without it, a few made-up MVPDs."),
    Option("passlens_sign_in", "at-once", "What a virtual session's page does: sign in (at-once), or ask."),
    Option("passlens_explain", "false", "Log for each exchange which rule matched, and which came closest."),
    Option("passlens_header", "true", "Mark answers of scenarios with the header X-Passlens (true or false)."),
    Option(
        "passlens_control",
        "false",
        "Offer the control API: true, false, a port, HOST:PORT, or lan; see docs/control.md.",
    ),
    Option("passlens_rewrite_recordings", "false", "Let scenarios act on flows read from a file, too (true or false)."),
)
NAMES: Final = tuple(option.name for option in OPTIONS)


def parse_flag(name: str, value: str) -> bool:
    """``true`` or ``false``; raises ValueError with a sentence for anything else."""
    if value not in ("true", "false"):
        raise ValueError(f"{name} is {value!r}, expected true or false.")
    return value == "true"


def parse_choice(name: str, value: str, choices: tuple[str, ...]) -> str:
    """One of the choices; raises ValueError with a sentence for anything else."""
    if value not in choices:
        raise ValueError(f"{name} is {value!r}, expected {' or '.join(choices)}.")
    return value


def unknown(names: list[str]) -> str | None:
    """A sentence about the first passlens_* name that is no option, or None."""
    for name in sorted(names):
        if name.startswith(PREFIX) and name not in NAMES:
            return f"{name} is no option of passlens; {nearest_question(name, NAMES)}"
    return None


def parse_filter(name: str, value: str) -> "TFilter | None":
    """What tells whether a flow matches, None for an empty value; raises ValueError with a sentence."""
    try:
        return parse(value) if value else None
    except ValueError as error:
        raise ValueError(f"{name}: {error}.") from None
