"""One sentence about a rule file: places, nearest words, nothing unprintable."""

from pathlib import Path

import pytest

from passlens.scenarios.mistakes import RuleFileError, in_words, keys_at, nearest
from passlens.scenarios.model import RuleFile
from passlens.scenarios.yaml_nodes import Mistake
from scenarios.made import scenario


def test_places_in_words() -> None:
    assert in_words(("rules", 0, "when", "form", "mvpd")) == "rules[0].when.form.mvpd"


def test_nearest() -> None:
    assert nearest("operaton", ["operation", "state"]) == "did you mean operation"
    assert nearest("xyzzy", ["operation", "state"]) == "known are operation and state"


def test_known_keys_follow_the_models() -> None:
    assert keys_at(RuleFile, ()) == ["description", "seed", "rules"]
    assert "body_file" in keys_at(RuleFile, ("rules", 0, "then", "respond"))
    assert "json" in keys_at(RuleFile, ("rules", 0, "then", "respond"))
    assert "contains" in keys_at(RuleFile, ("rules", 0, "when", "form", "mvpd"))
    assert "contains" in keys_at(RuleFile, ("rules", 0, "when", "form", "matches"))
    assert keys_at(RuleFile, ("rules", 0, "name", "x")) == []
    assert "from" in keys_at(RuleFile, ("rules", 0, "then", "rewrite_response", "patch", 0))


def test_the_sentence_can_be_shown_anywhere() -> None:
    error = RuleFileError(Path("a\n.yaml"), Mistake("has \x1b[31m in it", ("rules",), 3, 4))
    assert str(error) == "a\ufffd.yaml:3:4: rules: has \ufffd[31m in it."
    assert (error.line, error.column, error.key) == (3, 4, "rules")


def test_a_misspelt_key_goes_before_what_is_missing_because_of_it() -> None:
    with pytest.raises(RuleFileError, match=r"rules\[0\].nam: is no known key; did you mean name\?"):
        scenario("rules:\n  - nam: a\n    then: {delay: 1}\n")
