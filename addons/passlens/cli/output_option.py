"""The option ``--output``, of each command that makes reports."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from passlens.runner.outputs import parse_outputs

_Function = TypeVar("_Function", bound=Callable[..., Any])


def output_option(formats: Sequence[str]) -> Callable[[_Function], _Function]:
    """``--output FORMAT=FILE``, any number of times: a command gets pairs of format and file as ``outputs``.
    ``formats`` are those that it writes."""

    def parse(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, str]]:
        try:
            return parse_outputs(values, formats)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None

    example = "html=report.html" if "html" in formats else "json=report.json"
    words = f"Write a report to a file too, like {example}; may be repeated."
    return click.option("--output", "outputs", multiple=True, callback=parse, metavar="FORMAT=FILE", help=words)
