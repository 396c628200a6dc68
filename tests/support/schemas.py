"""JSON Schemas made strict, so that a member that nobody lists is seen."""

from typing import Any


def closed(schema: Any) -> Any:
    """The same schema, in which no object may have a member that is not listed."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(value) for name, value in schema.items()}
    return made | {"additionalProperties": False} if "properties" in schema else made
