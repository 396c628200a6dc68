"""``passlens schema``: the JSON Schemas of the spec models."""

import json

import click

from passlens.spec import schema as schemas


@click.command()
@click.argument("name", required=False)
def schema(name: str | None) -> int:
    """Print the JSON Schema of a spec model, or list their names."""
    if name is None:
        click.echo("\n".join(schemas.NAMES))
        return 0
    known = {item.lower(): item for item in schemas.NAMES}
    if name.lower() not in known:
        raise click.UsageError(f"{name!r} is no model; passlens schema lists their names.")
    click.echo(json.dumps(schemas.schema(known[name.lower()]), indent=2))
    return 0
