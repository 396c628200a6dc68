"""An unknown word gets the nearest known one, else all of them."""

from passlens.scenarios.nearest import nearest, nearest_question


def test_nearest() -> None:
    assert nearest("operaton", ["operation", "state"]) == "did you mean operation"
    assert nearest("xyzzy", ["operation", "state"]) == "known are operation and state"


def test_the_end_of_a_sentence_has_its_sign() -> None:
    assert nearest_question("operaton", ["operation", "state"]) == "did you mean operation?"
    assert nearest_question("xyzzy", ["operation", "state"]) == "known are operation and state."
    assert nearest_question("xyzzy", []) == "there is none like it."
