"""PL690 is made of a verdict: names of the rule file, no values of traffic."""

from passlens.checks.expectation import expectation_not_met


def test_the_hit_of_a_verdict() -> None:
    hit = expectation_not_met("code-expired", "stops polling", "retrieve-profile-code came", 3)
    assert (hit.at, hit.expected, hit.actual) == ("status", "code-expired: stops polling", "retrieve-profile-code came")
    assert hit.message == "Not as the scenario expects ({expected}): {actual}."
    assert hit.related == (3,)
    assert expectation_not_met("a", "b", "c", None).related == ()
