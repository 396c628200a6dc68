"""Broken JSON is told with its place and what stands there."""

from passlens.checks.json_place import NAMES, place
from passlens.rest_v2.json_decoding import decode_json


def test_the_place_is_told_with_documented_names_alone() -> None:
    text = decode_json('{"osName": "Alice" "x1y2": 3}')
    assert place(text) == 'a comma is missing at line 1 column 20 (char 19), in "osName": "…" <here> "…": …'


def test_a_text_without_a_place_has_its_problem() -> None:
    assert place(decode_json("[" * 100_000)) == "nested too deep to be read"


def test_names_of_headers_and_answers_are_known() -> None:
    assert {"osName", "accessStatus", "expirationDate", "actionName", "reasonType"} <= NAMES
