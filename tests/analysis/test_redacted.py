"""The one pass over an entry: a row of the policy for each member, and what has none is hidden."""

from typing import get_args

import pytest

from cases import as_exchange, case
from passlens.analysis.analyzer import analyze
from passlens.analysis.entry import ActionEntry, DeviceEntry, Entry, FindingEntry, Injected
from passlens.analysis.redacted import redacted
from passlens.exchange.decoded import Decoded
from passlens.redaction.policy import ENTRY
from passlens.redaction.redactor import Redactor
from passlens.rest_v2.results import ItemResult


@pytest.mark.parametrize(
    ("holder", "forms"),
    [
        ("entry", [Entry]),
        ("action", [ActionEntry]),
        ("device", [DeviceEntry]),
        ("injected", [Injected]),
        ("findings", [FindingEntry]),
        ("results", get_args(ItemResult)),
    ],
)
def test_every_member_of_an_entry_has_a_row(holder: str, forms: list[type]) -> None:
    named = {name for form in forms for name in form.__annotations__}
    assert named - {"dry_run"} == set(ENTRY[holder])  # a dry run redacts what it tells


def test_what_has_no_row_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    ex = as_exchange(case("C1"))
    rows = {name: kind for name, kind in ENTRY["entry"].items() if name not in ("operation", "next", "code")}
    monkeypatch.setitem(ENTRY, "entry", rows)  # type: ignore[misc]
    made = analyze(ex)
    assert made["operation"].startswith("sha256:")
    assert str(made["code"]).startswith("sha256:")
    assert made["next"] == "…"


def test_the_entry_that_is_redacted_is_left_as_it_was() -> None:
    ex = Decoded(as_exchange(case("P3")))
    raw = analyze(ex, reveal=True)
    before = repr(raw)
    assert redacted(raw, Redactor(ex))["device"] != raw["device"]
    assert repr(raw) == before
