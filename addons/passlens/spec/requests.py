"""Pydantic models of the sessions requests: headers and form of each core operation, made from the operations table.
Leaving a form parameter out is answered, not refused, so the form's members are optional; see the checks."""

from typing import Any, Final

from pydantic import Field, create_model

from passlens.spec.operations import BY_ID, CORE, Operation
from passlens.spec.wire import Problem, Text, WireModel, problems


def _headers_model(operation: Operation) -> type[WireModel]:
    fields: dict[str, Any] = {}
    for name, presence in operation.headers.items():
        default = ... if presence == "required" else None
        field = Field(default, alias=name.lower(), title=name, description=presence)
        fields[name.replace("-", "_").lower()] = (Text if default is ... else Text | None, field)
    return create_model(f"{operation.id} headers", __base__=WireModel, **fields)


def _form_model(operation: Operation) -> type[WireModel]:
    fields: dict[str, Any] = dict.fromkeys(operation.parameters, (Text | None, None))
    return create_model(f"{operation.id} form", __base__=WireModel, **fields)


HEADERS: Final = {name: _headers_model(BY_ID[name]) for name in CORE}
FORMS: Final = {name: _form_model(BY_ID[name]) for name in CORE}


def validate_headers(operation: str, headers: dict[str, str]) -> tuple[Problem, ...]:
    """Which required headers a core request lacks. ``headers`` are first values by lower-case name."""
    return problems(HEADERS[operation].model_validate, headers)
