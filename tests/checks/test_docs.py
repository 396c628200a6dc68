"""The documentation of the codes: found by code or name, complete, and docs/findings.md is what they say."""

from pathlib import Path

import pytest

from passlens.checks import docs
from passlens.checks.table import CHECKS

DOCS = Path(__file__).parents[2] / "docs" / "findings.md"


def test_the_page_is_what_the_checks_say() -> None:
    made = docs.as_markdown()
    assert DOCS.read_text("utf-8") == made, "run: passlens explain --markdown > docs/findings.md"


@pytest.mark.parametrize("name", ["PL204", "pl204", " PL204 ", "partner-status-missing", "Partner-Status-Missing"])
def test_a_check_is_found_by_code_and_name(name: str) -> None:
    found = docs.find(name)
    assert found is not None
    assert found.code == "PL204"


def test_a_misspelt_name_has_a_nearest() -> None:
    assert docs.find("PL2O4") is None
    assert docs.nearest("partner-status-mising") == "partner-status-missing"
    assert docs.nearest("zzzzzzzz") is None


def test_every_code_says_what_why_and_what_to_do() -> None:
    for row in CHECKS:
        parts = docs.parts(row)
        assert list(parts) == ["What", "Why", "Example", "Do"], row.code
        assert all(parts.values()), row.code
        assert parts["What"].endswith("."), row.code
        assert docs.page(row)


def test_every_code_stands_in_a_family_and_on_the_page() -> None:
    page = docs.as_markdown()
    for row in CHECKS:
        assert row.code[:3] in docs.FAMILIES
        assert f"### {row.code} {row.name}\n" in page


def test_the_text_for_a_terminal_has_all_parts() -> None:
    found = docs.find("PL204")
    assert found is not None
    text = docs.as_text(found)
    assert text.startswith("PL204 partner-status-missing\nwarning, request, basis prose: ")
    for heading in ("Why it matters: ", "Example: ", "What to do: "):
        assert f"\n\n{heading}" in text
