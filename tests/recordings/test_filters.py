"""Filter expressions of mitmproxy on flows and on the exchanges of a .har."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.test import tflow

import cases
from passlens.recordings.filters import MAX_WORK, parse, wanted


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("~m POST", True),
        ("~m GET", False),
        ("~u sessions/sso", True),
        ("~c 200 & ~bs pfs_fallback", True),
        ("~hq X-Device-Info", True),
        ("~bq domainName", True),
        ("~src 127.0.0.1", True),
        ("~d sp.auth.adobe.com", True),
        ("!~s", False),
        ("~marked", False),
    ],
)
def test_an_exchange_is_judged_like_the_flow_it_was(expression: str, holds: bool) -> None:
    matches = wanted(expression)
    assert matches is not None
    assert matches(cases.as_exchange(cases.case("P3"))) is holds


def test_flows_are_judged_as_they_are() -> None:
    flow = tflow.tflow()
    matches = wanted("~marked")
    assert matches is not None
    assert not matches(flow)
    flow.marked = ":red_circle:"
    assert matches(flow)


def test_no_expression_wants_everything() -> None:
    assert wanted("") is wanted("  ") is None


@pytest.mark.parametrize("expression", ["~", "~u (", "((", "~c abc", "~m ^" * 5000])
def test_what_is_no_expression_is_a_clause(expression: str) -> None:
    with pytest.raises(ValueError, match="is no filter expression of mitmproxy; see") as caught:
        wanted(expression)
    assert len(str(caught.value)) < 250


def test_an_expression_has_ten_thousand_characters_at_most() -> None:
    assert wanted("~m POST".ljust(10_000))
    with pytest.raises(ValueError, match="is no filter expression"):
        wanted("~m POST".ljust(10_001))


@pytest.mark.parametrize(("length", "shown"), [(80, "~" * 80), (81, "~" * 77 + "...")])
def test_a_long_expression_is_cut_where_it_is_shown(length: int, shown: str) -> None:
    with pytest.raises(ValueError, match="is no filter expression") as caught:
        wanted("~" * length)
    assert str(caught.value).startswith(f"'{shown}' is")


@given(st.text(max_size=20))
def test_any_text_is_an_expression_or_a_clause(text: str) -> None:
    matches, said = None, ""
    try:
        matches = wanted(text)
    except ValueError as error:
        said = str(error)
    assert said == "" or "is no filter expression" in said
    assert matches is None or matches(cases.as_exchange(cases.case("P3"))) in (True, False)


@pytest.mark.parametrize(
    "expression",
    ["((~q ) | ((~s ) & (~u x )))", "!(~u a & !(~u b | ~u c))", "~u '[(((((((((!!!!!!!!]'", '~u "a\\"[((((((((((]"'],
)
def test_what_people_write_is_nested_less_than_the_limit(expression: str) -> None:
    assert wanted(expression) is not None


def test_so_much_work_is_taken_and_no_more() -> None:
    fewest = next(count for count in range(1, 50) if 2.2**count > MAX_WORK)
    assert parse("!" * 8 + "~q")
    with pytest.raises(ValueError, match="nested too deep"):
        parse("!" * fewest + "~q")
