"""The lines of the checklist are sentences, and their codes are known."""

import re

import pytest

from passlens.checks.checklist import LINES, Line
from passlens.checks.table import BY_CODE
from passlens.rest_v2.operations import BY_ID


@pytest.mark.parametrize("line", LINES, ids=[line.id for line in LINES])
def test_a_line_is_whole(line: Line) -> None:
    assert re.fullmatch(r"CL-[MR]\d\.\d", line.id)
    assert line.id[3] == line.level[0].upper()
    assert line.app.endswith(".")
    assert line.do.endswith(".")
    assert {*line.not_met, *line.unclear, *line.unread} <= set(BY_CODE)
    assert set(line.only_on) <= set(BY_ID)
