"""One secret has one pseudonym, which does not hold it."""

from passlens.redaction.pseudonym import pseudonym


def test_a_pseudonym_is_the_same_in_any_run() -> None:
    assert pseudonym("fingerprint YWJj") == "sha256:572b6000fede"


def test_what_no_encoding_has_gets_one_as_well() -> None:
    assert pseudonym("\udcff") != pseudonym("\udcfe")
