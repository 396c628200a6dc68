"""Which header a finding says was not recorded: all, one that the tool drops, or those that are masked."""

from dataclasses import replace
from typing import Any

import pytest

from passlens.analysis.unread_header import is_left_out, is_masked
from passlens.checks.unchecked import value_masked
from passlens.exchange.decoded import Decoded
from support.examples import exchange


def finding(code: str, at: str, actual: str = "") -> Any:
    return {"code": code, "at": at, "actual": actual}


@pytest.mark.parametrize(
    ("at", "is_it"), [("header", True), ("header:Authorization", True), ("header:Content-Type", False)]
)
def test_all_headers_or_this_one_were_left_out(at: str, is_it: bool) -> None:
    assert is_left_out(finding("PL907", at), "Authorization") is is_it
    assert not is_left_out(finding("PL201", at), "Authorization")


def test_a_finding_about_many_masks_names_each_header() -> None:
    masked = dict.fromkeys(
        ("Authorization", "AP-Device-Identifier", "X-Device-Info", "Adobe-Subject-Token", "AD-Service-Token",
         "AP-Visitor-Identifier"), "***")  # fmt: skip
    (hit,) = value_masked(Decoded(replace(exchange("C1", headers=masked), recorder="unknown")))
    assert hit.actual.endswith(" and 1 more")
    found = finding("PL908", hit.at, hit.actual)
    assert [is_masked(found, name) for name in (*masked, "Accept")] == [True] * 5 + [False] * 2
    assert not is_masked(finding("PL907", hit.at, hit.actual), "X-Device-Info")
