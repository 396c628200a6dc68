"""The table of codes: sorted, named, documented, and tested code by code on both sides.
Collects the examples of all modules beside it, so that no code can be added without them."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import forge
from passlens.checks import table
from passlens.checks.docs import FAMILIES, parts
from passlens.checks.finding import SEVERITIES, Check, Hit
from passlens.checks.table import BY_CODE, CHECKS
from passlens.rest_v2.sources import PAGES
from support.examples import Example, codes, collected, exchange

HERE = Path(__file__).parent
EACH = pytest.mark.parametrize("check", CHECKS, ids=[check.code for check in CHECKS])


@pytest.fixture(scope="module")
def examples() -> dict[str, list[Example]]:
    return collected()


def test_codes_are_sorted_and_unique() -> None:
    listed = [check.code for check in CHECKS]
    assert listed == sorted(set(listed))
    assert list(BY_CODE) == listed


def test_names_are_unique_and_in_kebab_case() -> None:
    names = [check.name for check in CHECKS]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_each_code_has_a_function_of_its_own() -> None:
    assert len({check.find for check in CHECKS}) == len(CHECKS)


@EACH
def test_code_and_family_are_known(check: Check) -> None:
    assert re.fullmatch(r"PL\d{3}", check.code)
    assert check.code[:3] in FAMILIES
    assert check.severity in SEVERITIES
    assert check.source is None or check.source in PAGES


@EACH
def test_an_error_rests_on_prose_or_on_samples(check: Check) -> None:
    assert check.severity != "error" or check.basis != "inferred"


@EACH
def test_the_docstring_documents_the_code(check: Check) -> None:
    found = parts(check)
    assert list(found) == ["What", "Why", "Example", "Do"]
    assert all(found.values())
    assert all(found[part].endswith((".", "?", ")")) for part in ("What", "Why", "Do")), found
    assert "\n\n" in (inspect.getdoc(check.find) or "")


@EACH
def test_there_is_an_exchange_that_triggers_the_code_and_one_near_it_that_must_not(
    check: Check, examples: dict[str, list[Example]]
) -> None:
    if check.scope in ("sequence", "expectation"):
        return  # tests/checks/sequence and tests/analysis/test_expected.py have journeys in its place
    of_code = examples.get(check.code, [])
    assert of_code, f"no Example of {check.code} in tests/checks"
    # The last code is about failures of checks: its neighbour is made by the test that breaks one.
    if check.code != "PL999":
        for example in of_code:
            assert check.code in codes(example.trigger)
            assert check.code not in codes(example.near)


def test_examples_are_of_known_codes_and_of_operations(examples: dict[str, list[Example]]) -> None:
    assert set(examples) <= set(BY_CODE)
    for of_code in examples.values():
        assert all(example.trigger.route and example.near.route for example in of_code)


def test_every_check_belongs_to_the_table() -> None:
    """A public function of a check module that nobody lists is a finding nobody sees."""
    modules = {module for module in vars(table).values() if inspect.ismodule(module)}
    listed = {check.find for check in CHECKS}
    for module in modules:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            finds_hits = inspect.signature(function).return_annotation == Iterator[Hit]
            if function.__module__ == module.__name__ and finds_hits and not name.startswith("_"):
                assert function in listed, f"{module.__name__}.{name}"


@pytest.mark.parametrize("name", ["C1", "R1", "P1", "RS-B", "authorize", "dcr-token"])
def test_a_conformant_exchange_has_no_findings(name: str) -> None:
    assert codes(exchange(name)) == []


def test_the_clock_of_the_examples_is_the_one_of_the_cases() -> None:
    assert exchange("C1").started == forge.CLOCK
