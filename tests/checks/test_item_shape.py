"""How much a departure weighs: each row of the table is reached, the first that fits counts, keys are only data."""

import pytest

from passlens.checks.item_shape import FAMILY_OF, WEIGHTS, Weight, hits, of_items, weigh
from passlens.exchange.decoded import Decoded
from passlens.rest_v2.operations import BY_ID
from passlens.rest_v2.wire import Problem
from support.examples import answered, exchange


@pytest.mark.parametrize("row", WEIGHTS, ids=lambda row: f"{row.family}{row.pointer}-{row.kinds[0]}")
def test_every_row_is_reached_by_a_pointer_of_its_own(row: Weight) -> None:
    names = iter(("k", "0", "x"))
    steps = [next(names) if step == "*" else "deep" if step == "**" else step for step in row.pointer.split("/")[1:]]
    found = [weigh(row.family, Problem(kind, "/" + "/".join(steps), "", "")) for kind in row.kinds]
    assert row in found


@pytest.mark.parametrize(
    ("family", "kind", "pointer", "severity"),
    [
        ("profiles", "missing", "/profiles/Cox/issuer", "error"),
        ("profiles", "missing", "/profiles/Cox/attributes/userID", "warning"),
        ("profiles", "missing", "/profiles/Cox/attributes/expiration_date", "note"),
        ("profiles", "missing", "/profiles/attributes/issuer", "error"),
        ("profiles", "format", "/profiles/Cox/notAfter", "warning"),
        ("profiles", "value", "/profiles/Cox/issuer", None),
        ("decisions", "missing", "/decisions/0/error", "warning"),
        ("decisions", "missing", "/decisions/0/error/code", None),
        ("decisions", "type", "/decisions/0/authorized", "error"),
        ("decisions", "forbidden", "/decisions/0/error", "warning"),
        ("configuration", "missing", "/requestor/mvpds/3/logoUrl", "warning"),
        ("configuration", "type", "/0/requestor/mvpds/3/isProxy", "warning"),
        ("logout", "missing", "/logouts/Cox/url", "error"),
        ("registration", "missing", "/client_id", "error"),
        ("registration", "type", "/scopes/0", "warning"),
    ],
)
def test_a_problem_weighs(family: str, kind: str, pointer: str, severity: str | None) -> None:
    found = weigh(family, Problem(kind, pointer, "", ""))  # type: ignore[arg-type]
    assert found is not None
    assert found.severity == severity


def test_an_error_rests_on_prose_or_on_samples() -> None:
    assert not [row for row in WEIGHTS if row.severity == "error" and row.basis == "inferred"]


def test_every_operation_has_a_family() -> None:
    assert FAMILY_OF.keys() == BY_ID.keys()


def test_sessions_and_errors_have_no_items() -> None:
    assert of_items(Decoded(exchange("C1"))) == ()
    assert of_items(Decoded(answered(exchange("authorize"), {"code": "x"}, status=400))) == ()
    assert list(hits(Decoded(exchange("authorize")), "missing", "{name}")) == []
