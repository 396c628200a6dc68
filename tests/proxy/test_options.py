"""The options of the addon: values become what they mean or a sentence, misspelt names are found."""

import pytest

from passlens.proxy.options import NAMES, OPTIONS, PREFIX, parse_flag, unknown


def test_a_flag_is_true_or_false() -> None:
    assert parse_flag("passlens_reveal", "true") is True
    assert parse_flag("passlens_reveal", "false") is False


@pytest.mark.parametrize("value", ["", "True", "yes", "1", " true"])
def test_any_other_flag_is_a_sentence(value: str) -> None:
    with pytest.raises(ValueError, match=r"^passlens_reveal is '.*', expected true or false\.$"):
        parse_flag("passlens_reveal", value)


def test_a_misspelt_name_gets_the_nearest_one() -> None:
    assert unknown(["passlens_lgo"]) == "passlens_lgo is no option of passlens; did you mean passlens_log?"


def test_a_name_far_from_all_gets_the_list() -> None:
    sentence = unknown(["passlens_zzzzzzzzzzzzzzzzzz"])
    assert sentence is not None
    assert all(name in sentence for name in NAMES)


def test_names_of_others_are_not_our_business() -> None:
    assert unknown(["flow_detail", "upstream_tls", *NAMES]) is None


def test_every_option_says_what_it_does() -> None:
    for option in OPTIONS:
        assert option.name.startswith(PREFIX)
        assert option.help.endswith(".")
