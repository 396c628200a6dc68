"""Forms: order, repeats and what was sent are kept, up to a limit."""

from passlens.spec.forms import MAX_PARAMETERS, parse_form


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


def test_a_form_without_end_is_looked_into_up_to_a_limit() -> None:
    parameters = parse_form(b"a=1&" * 300_000)
    assert len(parameters) == MAX_PARAMETERS
    assert parse_form(b"&".join(b"n%d=1" % number for number in range(2000)))[-1].name == f"n{MAX_PARAMETERS - 1}"
