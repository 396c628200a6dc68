"""Forms: order, repeats and what was sent are kept, up to a limit."""

from passlens.rest_v2.forms import parse_form


def test_a_form_keeps_order_repeats_and_what_was_sent() -> None:
    found = parse_form(b"a=1&&b=x+y%20z&a=2&c&=d&e=%zz&f=%ff")
    assert [(p.name, p.value, p.well_encoded) for p in found] == [
        ("a", "1", True),
        ("b", "x y z", True),
        ("a", "2", True),
        ("c", "", True),
        ("", "d", True),
        ("e", "%zz", False),
        ("f", "\udcff", False),
    ]
    assert [p.raw for p in found][:3] == ["1", "x+y%20z", "2"]


def test_an_escape_at_the_end_is_one_and_half_of_one_is_none() -> None:
    found = parse_form(b"a=x%20&b=%41&c=x%2&d=x%&e=%41%4&f=%0g&g=%g0")
    assert [(p.name, p.well_encoded) for p in found] == [
        ("a", True), ("b", True), ("c", False), ("d", False), ("e", False), ("f", False), ("g", False)
    ]  # fmt: skip


def test_a_form_without_end_is_looked_into_up_to_a_limit() -> None:
    parameters = parse_form(b"a=1&" * 300_000)
    assert len(parameters) == 1000
    for count, last in ((999, "n998"), (1000, "n999"), (1001, "n999"), (2000, "n999")):
        assert parse_form(b"&".join(b"n%d=1" % number for number in range(count)))[-1].name == last
