"""The table of the control API's calls: method, path, what it takes, what it gives. Routes and openapi.json are made of
it; ``{code}`` stands for one segment of a path."""

from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from passlens import __version__
from passlens.control import models
from passlens.control.query import ExchangesQuery, FindingsQuery, Model
from passlens.control.timeline_models import TimelineList, TimelineQuery


class Call(NamedTuple):
    """One call. ``name`` is that of its function; ``response`` None: no JSON."""

    method: str
    path: str
    name: str
    summary: str
    response: Any
    query: type[Model] | None = None
    body: type[Model] | None = None


CALLS: Final = (
    Call("GET", "/api/v1/status", "status", "What runs, and what it has seen.", models.StatusReport),
    Call("GET", "/api/v1/devices", "devices", "Devices with link state and last exchange.", models.DeviceList),
    Call("GET", "/api/v1/exchanges", "exchanges", "Entries that fit; may wait.", models.ExchangeList, ExchangesQuery),
    Call("GET", "/api/v1/findings", "findings", "Findings with their exchange.", models.FindingList, FindingsQuery),
    Call("GET", "/api/v1/journeys", "journeys", "Journeys, each with a verdict.", models.JourneyList),
    Call("GET", "/api/v1/timelines", "timelines", "Exchanges by device, drawn.", TimelineList, TimelineQuery),
    Call("GET", "/api/v1/expectations", "expectations", "What scenarios expect of the app.", models.ExpectationList),
    Call("GET", "/api/v1/events", "events", "Server-sent events; docs/control.md names them.", None),
    Call("GET", "/api/v1/scenarios", "scenarios", "Scenarios that can be run.", models.ScenarioList),
    Call("GET", "/api/v1/scenario", "scenario", "What runs.", models.RunningScenarios, models.ScenarioQuery),
    Call("PUT", "/api/v1/scenario", "run", "Run a scenario.", models.RunningScenarios, None, models.ScenarioBody),
    Call("DELETE", "/api/v1/scenario", "stop", "Run none.", models.RunningScenarios, models.ScenarioQuery),
    Call("GET", "/api/v1/rules", "rules", "Hits of each rule, and the nearest miss.", models.RuleList),
    Call("GET", "/api/v1/sessions", "sessions", "Virtual sessions that are not over.", models.SessionList),
    Call("POST", "/api/v1/sessions/{code}", "session", "Act on one.", models.SessionList, None, models.SessionBody),
    Call("POST", "/api/v1/marks", "mark", "Begin a mark.", models.Marked, None, models.MarkBody),
    Call("POST", "/api/v1/reset", "reset", "Forget counters, states, virtual sessions and entries.", models.Reset),
    Call("GET", "/api/v1/recording", "recording", "Clean copy or report.", None, models.RecordingQuery),
)  # fmt: skip


def openapi() -> dict[str, Any]:
    """The description of the API, OpenAPI 3.1."""
    adapters = [(call.name, "serialization", TypeAdapter(call.response)) for call in CALLS if call.response is not None]
    schemas, extra = TypeAdapter.json_schemas(adapters, ref_template=_REF)  # type: ignore[arg-type]
    bodies, more = models_json_schema(
        [(call.body, "validation") for call in CALLS if call.body is not None], ref_template=_REF
    )
    paths: dict[str, Any] = {}
    for call in CALLS:
        media = "application/json" if call.response is not None else "text/event-stream"
        content: dict[str, Any] = {media: {"schema": schemas.get((call.name, "serialization"), {"type": "string"})}}
        if call.name == "recording":
            content = {"application/octet-stream": {}}
        one: dict[str, Any] = {
            "operationId": call.name,
            "summary": call.summary,
            "parameters": [*_in_path(call), *_in_query(call)],
            "responses": {
                "200": {"description": "Done.", "content": content},
                "default": {"description": "A mistake.", "content": {"application/json": {"schema": _ERROR}}},
            },
        }
        if call.body is not None:
            one["requestBody"] = {
                "required": True,
                "content": {"application/json": {"schema": bodies[(call.body, "validation")]}},
            }
        paths.setdefault(call.path, {})[call.method.lower()] = one
    return {
        "openapi": "3.1.0",
        "info": {"title": "passlens control API", "version": __version__},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {**extra.get("$defs", {}), **more.get("$defs", {})},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


_REF: Final = "#/components/schemas/{model}"
_TEXT: Final = {"type": "string"}
_ERROR: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {"type": "object", "required": ["code", "message"], "properties": {"code": _TEXT, "message": _TEXT}}
    },
}


def _in_path(call: Call) -> list[dict[str, Any]]:
    return [{"name": "code", "in": "path", "required": True, "schema": _TEXT}] if "{code}" in call.path else []


def _in_query(call: Call) -> list[dict[str, Any]]:
    if call.query is None:
        return []
    found = call.query.model_json_schema()["properties"]
    return [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in found.items()]
