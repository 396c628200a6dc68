"""Sources of findings: every page that a check names exists and reads as a citation."""

from passlens.checks.table import CHECKS
from passlens.rest_v2.sources import PAGES, cite


def test_every_page_of_the_table_is_known() -> None:
    assert {check.source for check in CHECKS if check.source} <= set(PAGES)


def test_a_citation_names_page_and_revision() -> None:
    assert cite("throttling") == "Throttling mechanism, doc-2024-10-15"
    assert cite("throttling", "doc-2024-03-05") == "Throttling mechanism, doc-2024-03-05"
