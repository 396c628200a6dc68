"""What every command does with a misspelt word and an option that is given twice, and the exit statuses it tells."""

import re
from collections.abc import Iterator, Sequence

import click
import pytest
from mitmproxy.options import CONF_DIR

from passlens.cli.command import STATUSES, Command, hint
from passlens.cli.ctl_group import CtlGroup
from passlens.cli.main import COMMANDS, cli
from support.proxy import ROOT


def refused(*words: str) -> str:
    with pytest.raises(click.UsageError) as error, cli.make_context("passlens", list(words)) as context:
        cli.invoke(context)
    return error.value.format_message()


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by the words that call it, those of groups too."""
    for name in sorted(COMMANDS):
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {word}", inner) for word, inner in sorted(command.commands.items()))


def single(command: click.Command) -> list[str]:
    """The options of a command that take one value."""
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    return [option.opts[0] for option in options if not (option.multiple or option.is_flag)]


ONCE = [(name, option) for name, command in commands() for option in single(command)]


def test_every_command_refuses_repeats() -> None:
    assert [name for name, command in commands() if not isinstance(command, (Command, click.Group))] == []


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_the_help_tells_every_exit_status(name: str, command: click.Command) -> None:
    text = command.get_help(click.Context(command))
    told = {int(line.split()[0]): line for line in text.partition("Exit status:\n")[2].splitlines() if line[2] != " "}
    assert {0, *STATUSES} <= set(told) <= {0, 1, 5, *STATUSES}, name
    assert (5 in told) is (name.split()[0] in ("ctl", "doctor", "conformance")), name


def test_the_page_of_exit_statuses_says_what_the_help_says() -> None:
    page = (ROOT / "docs" / "exit-status.md").read_text().splitlines()
    every = [f"| {number} | {words} |" for number, words in STATUSES.items()]
    own = []
    for name, command in commands():
        assert isinstance(command, Command | CtlGroup)
        known = CtlGroup.statuses if name.startswith("ctl ") else {}
        rows = sorted(set(command.statuses.items()) - set(known.items()))
        own += [f"| `{name}` | {number} | {words} |" for number, words in rows]
    assert [line for line in page if line.startswith(("| `", "| 2", "| 3", "| 4", "| 130"))] == every + own


def test_the_page_of_conformance_runs_says_what_its_help_says() -> None:
    page = (ROOT / "docs" / "conformance.md").read_text().partition("### Exit status\n")[2]
    command = cli.get_command(click.Context(cli), "conformance")
    assert isinstance(command, Command)
    rows = [f"| {number} | {words} |" for number, words in sorted((STATUSES | dict(command.statuses)).items())]
    assert [line for line in page.splitlines() if re.match(r"\| \d", line)] == rows


@pytest.mark.parametrize(("name", "option"), ONCE)
def test_an_option_that_takes_one_value_is_refused_twice(name: str, option: str) -> None:
    words = f"{option} is given twice and takes one value; leave one of the two out."
    assert refused(*name.split(), option, "a", option, "a") == words


NUMBERS = [
    (name, parameter.opts[0])
    for name, command in commands()
    for parameter in command.params
    if isinstance(parameter.type, click.types.IntParamType | click.types.FloatParamType)
]


@pytest.mark.parametrize("value", ["nan", "-NaN", "inf", "1e999"])
@pytest.mark.parametrize(("name", "option"), NUMBERS)
def test_an_option_that_takes_a_number_takes_a_finite_one(name: str, option: str, value: str) -> None:
    assert refused(*name.split(), f"{option}={value}").startswith(f"Invalid value for '{option}': ")


def test_an_option_that_may_be_repeated_is_taken() -> None:
    assert "twice" not in refused("check", "--select", "PL1", "--select", "PL2", "--jobs", "0", "x")


@pytest.mark.parametrize(
    ("words", "end"),
    [
        (("prox",), "did you mean proxy?"),
        (("Chek", "tv.mitm"), "did you mean check?"),
        (("check", "--formt", "json", "x"), "did you mean --format?"),
        (("proxy", "--senario", "x"), "did you mean --scenario?"),
        (("schema", "eror"), "did you mean error?"),
        (("check", "--format", "htm", "x"), "'markdown', 'html'; did you mean html?"),
        (("decode", "--header", "ap-tempas-identity", "x"), "did you mean AP-TempPass-Identity?"),
        (("decode", "AP-Tempas-Identity: x"), "did you mean AP-TempPass-Identity?"),
        (("archive", "x", "-o", "y", "--partition", "zzz"), "is not one of 'day', 'none'."),
        (("frobnicate",), "passlens --help lists them."),
        (("check", "--zzz"), "--help lists the options."),
        (("ctl", "status", "--json"), "--json stands before the command: passlens ctl --json status."),
        (("ctl", "status", "--control", "8084"), "before the command: passlens ctl --control [HOST:]PORT status."),
        (("check", "--jobs", "x", "y"), "'x' is not a valid whole number."),
        (("ctl", "wait", "--timeout", "x"), "'x' is not a valid number."),
    ],
)
def test_a_misspelt_word_gets_the_nearest(words: tuple[str, ...], end: str) -> None:
    assert refused(*words).endswith(end)


@pytest.mark.parametrize(
    "option", ["--rules", "--confdir", "--sandbox-world", "--filter", "--select", "--ignore", "--config"]
)
def test_options_of_one_name_are_the_same_in_all_commands(option: str) -> None:
    of = [one for _, command in commands() for one in command.params if option in one.opts]
    assert len(of) > 1
    assert len({(one.metavar, str(one.default), getattr(one, "help", None)) for one in of} - {LIVE_FILTER}) == 1


def test_the_folder_of_the_authority_is_mitmproxys() -> None:
    assert {one.default for _, command in commands() for one in command.params if "--confdir" in one.opts} == {CONF_DIR}


LIVE_FILTER = ("EXPR", "", "Look only at flows that match this filter.")
"""What the proxy looks at, in place of a recording."""

CHOICES = [
    (name, option.opts[0], option.type.choices)
    for name, command in commands()
    for option in command.params
    if isinstance(option.type, click.Choice)
]


@pytest.mark.parametrize(("name", "option", "choices"), CHOICES)
def test_a_misspelt_word_of_a_list_gets_the_nearest(name: str, option: str, choices: Sequence[str]) -> None:
    said = refused(*name.split(), option, f"{choices[0]}x")
    assert said.endswith(f"; did you mean {choices[0]}?")


def test_a_hint_is_nothing_where_nothing_is_near() -> None:
    assert hint("zzz", ["check"]) == ""


@pytest.mark.parametrize(("words", "command"), [("", cli), *commands()])
def test_help_fits_a_terminal_of_80_columns_and_cuts_no_sentence(words: str, command: click.Command) -> None:
    context = click.Context(command, info_name=f"passlens {words}".strip(), terminal_width=80)
    lines = command.get_help(context).splitlines()
    assert [line for line in lines if len(line) > 80] == []
    assert [line for line in lines if line.endswith("...") and "[ARGS]" not in line and "Usage" not in line] == []
