"""Pydantic models of the requests: headers and body of each operation, made from the operations table.
Leaving a parameter out is answered, not refused, so the body's members are optional; see the checks."""

from typing import Any, Final

from pydantic import Field, create_model

from passlens.rest_v2.operations import BY_ID, OPERATIONS, Operation
from passlens.rest_v2.wire import Text, Texts, WireModel

_LISTS: Final = ("resources",)
"""Parameters that are arrays of strings; every other one is a string."""


def _headers_model(operation: Operation) -> type[WireModel]:
    fields: dict[str, Any] = {}
    for name, presence in operation.headers.items():
        default = ... if presence == "required" else None
        field = Field(default, alias=name.lower(), title=name, description=presence)
        fields[name.replace("-", "_").lower()] = (Text if default is ... else Text | None, field)
    return create_model(f"{operation.id} headers", __base__=WireModel, **fields)


def _body_model(operation: Operation) -> type[WireModel]:
    fields: dict[str, Any] = {name: ((Texts if name in _LISTS else Text) | None, None) for name in operation.parameters}
    return create_model(f"{operation.id} form", __base__=WireModel, **fields)


HEADERS: Final = {operation.id: _headers_model(operation) for operation in OPERATIONS}
FORMS: Final = {operation.id: _body_model(operation) for operation in OPERATIONS}


def body_name(operation: str) -> str | None:
    """What the body of a request is called: ``form`` or ``json``; None where there is none."""
    media_type = BY_ID[operation].media_type
    return None if media_type is None else "json" if media_type.endswith("/json") else "form"
