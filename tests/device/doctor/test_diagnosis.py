"""The three kinds of diagnosis."""

from passlens.device.doctor.diagnosis import ok, unknown, wrong


def test_what_is_not_well_says_what_to_do() -> None:
    assert ok("proxy", "it runs", "asked it") == ("proxy", "ok", "it runs", "asked it", "")
    assert wrong("proxy", "it is gone", "asked it", "start it")[1::3] == ("wrong", "start it")
    assert unknown("trust", "cannot be told", "asked it", "start it")[1::3] == ("unknown", "start it")
