"""JSON Schemas of the spec models, by name: requests and answers of the core operations, headers, errors.
They are made from the models that check traffic, so they cannot say anything else."""

from typing import Any, Final

from passlens.spec import answers, outcomes, requests, retrieve
from passlens.spec.device_info import DeviceInfoModel
from passlens.spec.errors import ErrorBody
from passlens.spec.operations import CORE
from passlens.spec.partner_status import PartnerStatusModel
from passlens.spec.wire import WireModel

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_MODELS: Final[dict[str, type[WireModel]]] = {
    "X-Device-Info": DeviceInfoModel,
    "AP-Partner-Framework-Status": PartnerStatusModel,
    "error": ErrorBody,
    **answers.ROW_MODELS,
    **{row.id: row.model for row in retrieve.SHAPES},
}
NAMES: Final = (*CORE, *_MODELS)


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of an operation (its request, and its answers by row), a row, a header or an error.

    Raises KeyError for a name that is not in ``NAMES``.
    """
    if name not in CORE:
        return {"$schema": DIALECT, **_MODELS[name].model_json_schema()}
    if name == "retrieve-session":
        rows = {row.id: row.model.model_json_schema() for row in retrieve.SHAPES}
    else:
        named = [row for row in outcomes.ROWS if row.operation == name]
        rows = {row.id: answers.ROW_MODELS[row.id].model_json_schema() for row in named}
    # References point to the document's root, so that is where all definitions go; one name is one model.
    definitions = {key: value for row in rows.values() for key, value in row.pop("$defs", {}).items()}
    return {
        "$schema": DIALECT,
        "title": name,
        "type": "object",
        "properties": {
            "headers": requests.HEADERS[name].model_json_schema(),
            "form": requests.FORMS[name].model_json_schema(),
            "answer": {"anyOf": [{"$comment": row_id, **row} for row_id, row in rows.items()]},
            "error": ErrorBody.model_json_schema(),
        },
        **({"$defs": definitions} if definitions else {}),
    }
