"""What a scenario expects: the model on both sides of each bound, and what it refuses by itself."""

import pytest

from passlens.errors import RuleFileError
from passlens.scenarios.expect import MAX_WITHIN
from scenarios.made import scenario

RULE = "rules:\n  - name: a\n    when: {operation: partner-session}\n    then: {outcome: P3}\n"


def expecting(item: str) -> str:
    return f"{RULE}    expect:\n      - {item}\n"


def test_an_expectation_of_a_rule_and_one_beside_them() -> None:
    made = scenario(
        expecting("{name: goes on, within: 60000, next: [authenticate, retrieve-profile-code], say: Go on.}")
        + "expect:\n  - {name: asks once, never: partner-session}\n"
    )
    (rule, first), (none, second) = made.expectations()
    assert (rule, first.name, first.seconds, first.say) == ("a", "goes on", 60.0, "Go on.")
    assert first.next == ["authenticate", "retrieve-profile-code"]
    assert (none, second.name, second.seconds, second.never) == (None, "asks once", None, ["partner-session"])


@pytest.mark.parametrize("within", ["0.1", "1", "1800000"])
def test_times_that_are_taken(within: str) -> None:
    assert scenario(expecting(f"{{name: x, next: authenticate, within: {within}}}"))


REFUSED = [
    ("{name: x}", "rules[0].expect[0]: expects nothing; write next or never."),
    ("{name: x, within: 5}", "rules[0].expect[0]: expects nothing; write next or never."),
    ("{name: x, next: authenticate}", "rules[0].expect[0].next: needs within, or it could wait for ever."),
    ("{name: x, within: 5, next: []}", "rules[0].expect[0].next: is an empty list."),
    ("{name: x, within: 5, next: authorise}",
     "rules[0].expect[0].next: 'authorise' is no operation; did you mean authorize?"),
    ("{name: x, never: [logout, logout]}", "rules[0].expect[0].never: names logout twice."),
    ("{name: x, within: 5, next: logout, never: [authorize, logout]}",
     "rules[0].expect[0].never: names logout, which next asks for; leave one of the two out."),
    ("{name: x, never: logout, within: 0}",
     f"rules[0].expect[0].within: is 0, expected milliseconds above 0, at most {MAX_WITHIN}."),
    ("{name: x, never: logout, within: 1800001}",
     "rules[0].expect[0].within: is 1800001, expected milliseconds above 0, at most 1800000."),
    ("{name: x, never: logout, within: 5 s}", "rules[0].expect[0].within: is the text 5 s, expected a number."),
    ("{name: x, nevr: logout}", "rules[0].expect[0].nevr: is no known key; did you mean never?"),
    ("{name: x, never: logout, say: ''}", "rules[0].expect[0].say: is empty."),
    ("{never: logout}", "rules[0].expect[0]: lacks name."),
]  # fmt: skip


@pytest.mark.parametrize(("item", "wanted"), REFUSED)
def test_refused(item: str, wanted: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        scenario(expecting(item))
    said = [sentence.partition(": ")[2] for sentence in caught.value.sentences]
    assert wanted in said, said
