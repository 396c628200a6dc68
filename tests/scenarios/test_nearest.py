"""An unknown word gets the nearest known one, else all of them."""

from passlens.scenarios.nearest import nearest


def test_nearest() -> None:
    assert nearest("operaton", ["operation", "state"]) == "did you mean operation"
    assert nearest("xyzzy", ["operation", "state"]) == "known are operation and state"
