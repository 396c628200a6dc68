"""JSON Schemas of the spec models, by name: requests and answers of the operations, items of answers, headers, errors.
They are made from the models that check traffic, so they cannot say anything else."""

from typing import Any, Final

from passlens.rest_v2 import (
    configuration,
    decisions,
    logouts,
    outcomes,
    profiles,
    registration,
    requests,
    retrieve,
    session_models,
)
from passlens.rest_v2.device_info import DeviceInfoModel
from passlens.rest_v2.errors import ErrorBody
from passlens.rest_v2.operations import BY_ID
from passlens.rest_v2.partner_status import PartnerStatusModel
from passlens.rest_v2.response_rows import RESPONSE_ROWS
from passlens.rest_v2.wire import WireModel

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_MODELS: Final[dict[str, type[WireModel]]] = {
    "X-Device-Info": DeviceInfoModel,
    "AP-Partner-Framework-Status": PartnerStatusModel,
    "error": ErrorBody,
    **session_models.ROW_MODELS,
    **{row.id: row.model for row in retrieve.SHAPES},
    **profiles.PROFILE_MODELS,
    **decisions.DECISION_MODELS,
    **logouts.LOGOUT_MODELS,
    **registration.MODELS,
    "mvpd": configuration.MvpdModel,
}
NAMES: Final = (*BY_ID, *_MODELS)

Schema = dict[str, Any]


def schema(name: str) -> Schema:
    """The JSON Schema of an operation (its request, and its answers by row), a row, an item, a header or an error.

    Raises KeyError for a name that is not in ``NAMES``.
    """
    if name not in BY_ID:
        return {"$schema": DIALECT, **_MODELS[name].model_json_schema()}
    rows = _responses(name)
    body = requests.body_name(name)
    properties = {
        "headers": requests.HEADERS[name].model_json_schema(),
        **({body: requests.FORMS[name].model_json_schema()} if body else {}),
        "answer": {"anyOf": [{"$comment": row_id, **row} for row_id, row in rows.items()]},
        "error": ErrorBody.model_json_schema(),
    }
    # References point to the document's root, so that is where all definitions go; one name is one model.
    definitions = _take_definitions(properties)
    return {
        "$schema": DIALECT,
        "title": name,
        "type": "object",
        "properties": properties,
        **({"$defs": definitions} if definitions else {}),
    }


def _take_definitions(value: Any) -> Schema:
    """Take the definitions out of all subschemas of a value, and return them."""
    found: Schema = {}
    if isinstance(value, dict):
        found |= value.pop("$defs", {})
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in [*inner, *found.values()]:
        found = {**_take_definitions(part), **found}
    return found


def _responses(operation: str) -> dict[str, Schema]:
    """The schemas of an operation's answers of success, by row."""
    if operation == "retrieve-session":
        return {row.id: row.model.model_json_schema() for row in retrieve.SHAPES}
    named = [row for row in outcomes.ROWS if row.operation == operation]
    if named:
        return {row.id: session_models.ROW_MODELS[row.id].model_json_schema() for row in named}
    # H-PP-1 is PP-1 but for the status and the spelling of a key.
    named_rows = [row for row in RESPONSE_ROWS if operation in row.operations and row.kind == "success" and not row.old]
    return {row.id: _BODIES[operation](operation) for row in named_rows}


def _holder(name: str, inner: Schema) -> Schema:
    return {"type": "object", "properties": {name: inner}, "required": [name]}


def _either(models: list[type[WireModel]]) -> Schema:
    return {"anyOf": [model.model_json_schema() for model in models]}


def _profiles(operation: str) -> Schema:
    # A partner profile falls back to the basic flow, so any kind can come; of the others each lists its own.
    rows = [row for row in profiles.PROFILE_ROWS if operation in row.operations or operation == "partner-profile"]
    entries = _either([profiles.PROFILE_MODELS[row.id] for row in rows])
    return _holder("profiles", {"type": "object", "additionalProperties": entries})


def _decisions(operation: str) -> Schema:
    rows = [row for row in decisions.DECISION_ROWS if operation in row.operations]
    return _holder(
        "decisions", {"type": "array", "items": _either([decisions.DECISION_MODELS[row.id] for row in rows])}
    )


def _configuration(operation: str) -> Schema:
    requestor = configuration.Requestor.model_json_schema()
    requestor["properties"]["mvpds"] = {"type": "array", "items": configuration.MvpdModel.model_json_schema()}
    requestor["required"] = [*requestor["required"], "mvpds"]
    return _holder("requestor", requestor)


def _logout(operation: str) -> Schema:
    entries = _either(list(logouts.LOGOUT_MODELS.values()))
    return _holder("logouts", {"type": "object", "additionalProperties": entries})


def _client(operation: str) -> Schema:
    return registration.ClientModel.model_json_schema()


def _token(operation: str) -> Schema:
    return registration.TokenModel.model_json_schema()


def _navigation(operation: str) -> Schema:
    return {"description": "no JSON: a redirect for a user agent"}


_BODIES: Final = {
    "retrieve-profiles": _profiles,
    "retrieve-profile-mvpd": _profiles,
    "retrieve-profile-code": _profiles,
    "partner-profile": _profiles,
    "authorize": _decisions,
    "preauthorize": _decisions,
    "retrieve-configuration": _configuration,
    "logout": _logout,
    "dcr-register": _client,
    "dcr-token": _token,
    "authenticate": _navigation,
}
"""The body of a success of each operation beside the sessions."""
