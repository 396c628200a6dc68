"""Documented words: what is never taken for a secret, and what is no more than that."""

from passlens.redaction.vocabulary import ORDINARY, SCHEMES, UNTOUCHABLE, WORDS


def test_words_of_the_api_are_documented() -> None:
    assert {"pfs_fallback", "authenticate", "invalid_parameter_code", "sp.auth.adobe.com", "create-session"} <= WORDS
    assert "secret" not in WORDS


def test_names_are_taken_apart_into_ordinary_words() -> None:
    assert {"secret", "client", "statement", "software", "profile"} <= ORDINARY
    assert "clientsecret" not in ORDINARY


def test_no_secret_blacks_out_a_word_of_the_api() -> None:
    assert {"actionname", "pfs_fallback", "x-device-info", "invalid_parameter_code"} <= UNTOUCHABLE
    assert {word.lower() for word in WORDS} | SCHEMES <= UNTOUCHABLE
    assert all(word == word.lower() for word in UNTOUCHABLE)
