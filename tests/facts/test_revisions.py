"""Revisions of pages, held to the facts; every revision that a table names is a known one."""

import re
from pathlib import Path

from passlens import rest_v2 as spec
from passlens.rest_v2.operations import OPERATIONS
from passlens.rest_v2.sources import PAGES
from support.facts import NAMES, Rows, cells, hold, load, rows

NO_PAGE = {"capture", "scenario"}
REVISIONS = rows("revisions", "revisions")


def test_revisions_stand_in_the_order_of_their_dates() -> None:
    dates = [row["date"] for row in REVISIONS.values()]
    assert dates == sorted(dates)


def test_the_pages() -> None:
    want: Rows = {
        key: cells(title=row["title"], revision=row["revision"]) for key, row in rows("pages", "pages", "key").items()
    }
    have: Rows = {
        key: cells(title=title, revision=revision) for key, (title, revision) in PAGES.items() if key not in NO_PAGE
    }
    hold("pages", have, want)


def test_every_page_is_cited_with_a_date() -> None:
    cited = [PAGES[key][1] for key in PAGES if key not in NO_PAGE] + [one.revision for one in OPERATIONS]
    assert [revision for revision in cited if revision not in REVISIONS] == []


def test_every_revision_that_a_table_names_is_known() -> None:
    texts = [path.read_text("utf-8") for path in Path(spec.__file__).parent.glob("*.py")]
    texts += [repr(load(name)) for name in NAMES]
    named = {found for text in texts for found in re.findall(r"\b(?:doc|oas|rn)-[0-9][0-9.-]*[0-9]", text)}
    assert named - set(REVISIONS) == set()
