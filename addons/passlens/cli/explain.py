"""``passlens explain``: what a word means that passlens shows."""

import sys

import click

from passlens.checks import docs as documentation
from passlens.checks import truth_table
from passlens.cli import completion
from passlens.cli.command import Command
from passlens.util.terminal import width
from passlens.util.text import definition_list, paragraph


@click.command(name="explain", cls=Command, statuses={0: "done"})
@click.argument("word", required=False, shell_complete=completion.explained)
@click.option("--markdown", is_flag=True, help="All codes as Markdown, the text of docs/findings.md.")
@click.option(
    "--truth-table", "answers", is_flag=True, help="All answers as Markdown, the text of docs/truth-table.md."
)
def explain_command(word: str | None, markdown: bool, answers: bool) -> int:
    """Explain a finding code, a family, an operation, an outcome, a row of a result, a reason, an error code or a
    verdict; or list all codes.

    \b
    Examples:
      passlens explain PL230
      passlens explain PL2xx
      passlens explain P3
      passlens explain AD2
      passlens explain pfs_fallback
      passlens explain authorization_denied_by_mvpd
    """
    columns = width(sys.stdout)
    if markdown:
        print(documentation.as_markdown().rstrip("\n"))
        return 0
    if answers:
        print(truth_table.as_markdown().rstrip("\n"))
        return 0
    if word is None:
        print("\n".join(definition_list(documentation.rows(), columns)))
        return 0
    found = documentation.text_of(word)
    if found is None:
        near = documentation.nearest(word)
        hint = f"did you mean {near}?" if near else "passlens explain lists all codes."
        raise click.UsageError(f"{word[:80]!r} is no word that passlens shows; {hint}")
    print("\n".join(paragraph(line, columns) for line in found.split("\n")))
    return 0
