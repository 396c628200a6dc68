"""``passlens schema``: the JSON Schemas of the API's models, of scenarios and worlds, and of what passlens writes."""

import json
from typing import Final

import click

from passlens.analysis import entry
from passlens.cli import completion
from passlens.cli.command import Command, hint
from passlens.rest_v2 import schema as schemas
from passlens.scenarios import schema as scenario
from passlens.scenarios import world_file

SCENARIO = "scenario"
WORLD = "world"


_NAMES: Final = (*schemas.NAMES, SCENARIO, WORLD, *entry.SCHEMAS)


@click.command(cls=Command, statuses={0: "done"})
@click.argument("name", required=False, shell_complete=completion.of(_NAMES))
def schema(name: str | None) -> int:
    """Print the JSON Schema of a model of the API, of scenarios, worlds or an output, or list their names.

    entry is one exchange as --format json, --format jsonl and the log write it; document is all of --format json.

    \b
    Examples:
      passlens schema partner-session
      passlens schema scenario > scenario.schema.json
      passlens schema world > world.schema.json
      passlens schema entry
    """
    if name is None:
        click.echo("\n".join(_NAMES))
        return 0
    known = {item.lower(): item for item in _NAMES}
    if name.lower() not in known:
        words = hint(name, known, "passlens schema lists their names.")
        raise click.UsageError(f"{name[:80]!r} is no model; {words}")
    if name.lower() == SCENARIO:
        click.echo(scenario.as_text(), nl=False)
        return 0
    if name.lower() == WORLD:
        click.echo(world_file.as_text(), nl=False)
        return 0
    found = known[name.lower()]
    made = entry.json_schema(found) if found in entry.SCHEMAS else schemas.schema(found)
    click.echo(json.dumps(made, indent=2))
    return 0
