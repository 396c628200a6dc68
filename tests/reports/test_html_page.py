"""What stands in the HTML page: the verdict, what could not be read, escaped texts, no address but its own."""

import io
import re

from passlens.reports.html import HtmlReport
from passlens.reports.tally import Tally


def page(*troubles: tuple[str, int | None, str]) -> str:
    out, tally = io.StringIO(), Tally()
    report = HtmlReport(out)
    for trouble in troubles:
        tally.unreadable += 1
        report.trouble(*trouble)
    report.close(tally)
    return out.getvalue()


def test_what_could_not_be_read_is_named_and_escaped() -> None:
    made = page(("<b>.mitm", 3, "flow 3 cannot be read & more"))
    assert "&lt;b&gt;.mitm" in made
    assert "flow 3 cannot be read &amp; more" in made
    assert "<b>.mitm" not in made


def test_the_policy_forbids_everything_but_the_page_itself() -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page())
    assert policy is not None
    assert "default-src &#39;none&#39;" in policy[1] or "default-src 'none'" in policy[1]
    assert "unsafe-inline" not in policy[1]


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert re.findall(r'(?:src|href)="(?!#|data:,)[^"]*"', page()) == []
