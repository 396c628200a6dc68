"""Pydantic models of the sessions answers, one for each row of the truth table, made from that table.
A row's model is strict about types, demands what the row has and refuses what no sample of the row has."""

from typing import Any, Final, Literal

from pydantic import Field, create_model

from passlens.rest_v2 import outcomes
from passlens.rest_v2.wire import Absent, EpochMilliseconds, NonEmpty, Problem, Text, Texts, WireModel, problems


class AuthenticationRequest(WireModel):
    """What the app hands to the partner framework; SAML is the only type the partner page knows."""

    type: Literal["saml"]
    request: NonEmpty
    attributesNames: Texts


class OldAuthenticationRequest(WireModel):
    """The same until doc-2024-10-15, when samples had no attributesNames."""

    type: Literal["saml"]
    request: NonEmpty
    attributesNames: Texts = Field(default=[])


WIRE_TYPES: Final[dict[str, Any]] = {
    "actionName": Text,
    "actionType": Text,
    "reasonType": Text,
    "missingParameters": Texts,
    "url": NonEmpty,
    "code": NonEmpty,
    "authenticationRequest": AuthenticationRequest,
    "sessionId": NonEmpty,
    "mvpd": NonEmpty,
    "serviceProvider": NonEmpty,
    "notBefore": EpochMilliseconds,
    "notAfter": EpochMilliseconds,
}


def _row_model(row: outcomes.OutcomeRow) -> type[WireModel]:
    types = dict(WIRE_TYPES)
    types |= {"actionName": Literal[row.action], "actionType": Literal[row.type], "reasonType": Literal[row.reason]}
    if row.old:
        types["authenticationRequest"] = OldAuthenticationRequest
    # An old row does not refuse the validity times that came later; they do no harm.
    refused = row.absent if not row.old else [name for name in row.absent if name not in ("notBefore", "notAfter")]
    fields: dict[str, Any] = {}
    for name in outcomes.ATTRIBUTES:
        if name in row.required:
            fields[name] = (types[name], ...)
        elif name in refused:
            fields[name] = (Absent, None)
        else:
            fields[name] = (types[name], None)
    until = f" until {row.until}" if row.old else ", unconfirmed" if row.until else ""
    doc = f"Row {row.id}, {row.operation}, since {row.since}{until}."
    return create_model(row.id, __base__=WireModel, __doc__=doc, **fields)


def _operation_model(operation: str) -> type[WireModel]:
    """Types and vocabularies alone, for an answer whose action, type and reason are in no row."""
    types = dict(WIRE_TYPES)
    types["actionName"] = Literal[outcomes.ACTION_NAMES[operation]]
    types["actionType"] = Literal[outcomes.ACTION_TYPES]
    types["reasonType"] = Literal[outcomes.REASON_TYPES[operation]]
    stated = ("actionName", "actionType", "reasonType", "sessionId", "serviceProvider")
    fields: dict[str, Any] = {name: (types[name], ... if name in stated else None) for name in outcomes.ATTRIBUTES}
    return create_model(f"{operation} answer", __base__=WireModel, **fields)


ROW_MODELS: Final = {row.id: _row_model(row) for row in outcomes.ROWS}
OPERATION_MODELS: Final = {operation: _operation_model(operation) for operation in outcomes.ACTION_NAMES}


def validate(operation: str, recognised: outcomes.Recognised | None, body: dict[str, Any]) -> tuple[Problem, ...]:
    """What an answer of create, resume or partner session has wrong, by the model of its row, else of its operation."""
    model = OPERATION_MODELS[operation] if recognised is None else ROW_MODELS[recognised.row.id]
    return problems(model.model_validate, body)
