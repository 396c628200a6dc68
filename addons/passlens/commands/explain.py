"""``passlens explain``: what a finding code means."""

import click

from passlens import explain as documentation
from passlens.checks.table import CHECKS


@click.command(name="explain")
@click.argument("code", required=False)
@click.option("--markdown", is_flag=True, help="All codes as Markdown, the text of docs/findings.md.")
def explain_command(code: str | None, markdown: bool) -> int:
    """Explain a finding code, or list them all."""
    if markdown:
        print(documentation.as_markdown().rstrip("\n"))
        return 0
    if code is None:
        for row in CHECKS:
            click.echo(f"{row.code}  {row.severity:<8} {row.name:<32} {documentation.parts(row)['What']}")
        return 0
    found = documentation.find(code)
    if found is None:
        near = documentation.nearest(code)
        hint = f"did you mean {near}?" if near else "passlens explain lists all."
        raise click.UsageError(f"{code!r} is no finding code; {hint}")
    click.echo(documentation.as_text(found))
    return 0
