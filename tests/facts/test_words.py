"""What passlens says of the API's own words: each is one of the facts, so that a renamed one is named here."""

from collections.abc import Iterable

from passlens.checks import denials, diagnosis, glossary_words
from support.facts import Rows, hold, load


def names(words: Iterable[str]) -> Rows:
    return {word: {} for word in sorted(set(words))}


def current(table: str) -> set[str]:
    """The values of today of a vocabulary that has revisions, of all operations together."""
    facts = load("session-responses")[table]
    return {value for revisions in facts.values() for value in revisions[-1]["values"]}


def test_reasons_are_explained() -> None:
    hold("explanations of reasonType", names(glossary_words.REASONS), names(current("reasonType")))


def test_causes_are_told_of_reasons_that_there_are() -> None:
    told = {diagnosis.PFS_FALLBACK, *diagnosis.CAUSES}
    hold("causes of reasonType", names(told), names(told & current("reasonType")))


def test_actions_are_explained() -> None:
    facts = load("session-responses")
    wanted = {value for values in facts["actionName"].values() for value in values or ()}
    hold("explanations of actionName", names(glossary_words.ACTIONS), names(wanted))


def test_causes_are_told_of_error_codes_that_there_are() -> None:
    codes = {row["code"] for row in load("error-codes")["codes"]}
    hold("causes of error codes", names(denials.CAUSES), names({*denials.CAUSES} & codes))
