"""What a delay is written as."""

import pytest

from scenarios.made import is_limit, refusal, rule


@pytest.mark.parametrize(
    "then",
    [
        "{delay: 0}",
        "{delay: 600000}",
        "{delay: {lognormal: {median: 200, sigma: 0.4}}}",
        "{delay: {uniform: {lower: 1, upper: 2.5}}}",
    ],
)
def test_a_delay(then: str) -> None:
    assert rule(f"then: {then}").then


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("{delay: {milliseconds: 1, uniform: {lower: 1, upper: 2}}}", "write one of"),
        ("{delay: {uniform: {lower: 2, upper: 1}}}", "lower (2) is above upper (1)"),
        ("{delay: 600001}", "expected milliseconds from 0 to 600000"),
        ("{delay: -0.1}", "expected milliseconds from 0 to 600000"),
    ],
)
def test_what_is_refused(then: str, words: str) -> None:
    assert words in refusal(then)


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        ("{delay: {lognormal: {median: 1, sigma: 0}}}", "{delay: {lognormal: {median: 1, sigma: -0.1}}}"),
        ("{delay: {lognormal: {median: 1, sigma: 10}}}", "{delay: {lognormal: {median: 1, sigma: 10.1}}}"),
        ("{delay: {uniform: {lower: 0, upper: 600000}}}", "{delay: {uniform: {lower: 0, upper: 600001}}}"),
    ],
)
def test_bounds_of_numbers(within: str, beyond: str) -> None:
    assert is_limit(within, beyond)
