"""The truth table of the sessions operations and the retrieve shapes, held to the facts."""

from typing import Any

from passlens.rest_v2 import outcomes, retrieve
from passlens.rest_v2.errors import ErrorBody
from passlens.rest_v2.wire import WireModel
from support.facts import Rows, cells, hold, load, plain, rows, until


def test_the_truth_table() -> None:
    want: Rows = {
        name: cells(
            operation=row["operation"],
            action=row["actionName"],
            type=row["actionType"],
            reason=row["reasonType"],
            required=set(row["must_be_present"]),
            absent=set(row["must_be_absent"]),
            urls=set(row["urls"]),
            rests=row["basis"],
            since=row["from"],
            until=until(row["until"]),
        )
        for name, row in rows("session-responses", "truth_table").items()
    }
    have: Rows = {
        row.id: cells(
            operation=row.operation,
            action=row.action,
            type=row.type,
            reason=row.reason,
            required=set(row.required),
            absent=set(row.absent),
            urls=set(row.urls),
            rests=row.rests,
            since=row.since,
            until=row.until,
        )
        for row in outcomes.ROWS
    }
    hold("truth table", have, want)


def test_the_vocabularies_of_today() -> None:
    facts = load("session-responses")
    names = {key: values for key, values in facts["actionName"].items() if values}
    assert plain(outcomes.ACTION_NAMES) == names
    assert list(outcomes.ACTION_TYPES) == facts["actionType"]
    assert list(outcomes.MISSING_PARAMETERS) == facts["missingParameters"]
    want: Rows = {name: cells(values=revisions[-1]["values"]) for name, revisions in facts["reasonType"].items()}
    hold("reasonType", {name: cells(values=values) for name, values in outcomes.REASON_TYPES.items()}, want)
    assert {revisions[-1]["until"] for revisions in facts["reasonType"].values()} == {"head"}


def test_only_C7_is_unconfirmed_and_it_is_neither_old_nor_current() -> None:
    unconfirmed = [row for row in outcomes.ROWS if not row.current and not row.old]
    assert [row.id for row in unconfirmed] == ["C7"]


def members(model: type[WireModel]) -> dict[str, bool]:
    return {name: field.is_required() for name, field in model.model_fields.items()}


def test_the_retrieve_shapes() -> None:
    inner = {"RS-A": retrieve.WrappedParameters}
    want: Rows = {
        name: cells(
            since=row["from"],
            until=until(row["until"]),
            members={one["name"]: one["presence"] == "required" for one in row["members"]},
            inner={
                one["name"]: one["presence"] == "required" for top in row["members"] for one in top.get("members", [])
            },
        )
        for name, row in rows("session-responses", "retrieve_shapes").items()
    }
    have: Rows = {
        shape.id: cells(
            since=shape.since,
            until=shape.until,
            members=members(shape.model),
            inner=members(inner[shape.id]) if shape.id in inner else {},
        )
        for shape in retrieve.SHAPES
    }
    hold("retrieve shapes", have, want)


def test_the_device_and_its_parts() -> None:
    want: Rows = {name: cells(members=names) for name, names in load("session-responses")["device"].items()}
    have: Rows = {name: cells(members=list(getattr(retrieve, name).model_fields)) for name in want}
    hold("device", have, want)


def test_what_the_pages_state_and_what_follows_an_action() -> None:
    facts = load("session-responses")
    assert {name: set(values) for name, values in outcomes.STATED.items()} == {
        name: set(values) for name, values in facts["stated"].items()
    }
    assert plain(outcomes.NEXT) == facts["next"]
    assert facts["translations"] == outcomes.TRANSLATED


def test_the_members_of_an_error() -> None:
    names: list[Any] = load("session-responses")["error_body"]
    assert list(ErrorBody.model_fields) == names
