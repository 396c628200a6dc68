"""What to do about a text that is no YAML: the parser says what it met, and this what was most likely meant."""

from typing import Final

_SEPARATE: Final = "write each key with a colon and a blank behind it, and the keys of one part in one column"
_QUOTE: Final = "put a text that begins with this sign in quotes"
_CLOSE: Final = "close each { and [, with a comma between what they hold"

# words of the parser -> what to do; the first row that fits
_ADVICE: Final = (
    ("mapping values are not allowed", f"{_SEPARATE}; put a text that has a colon and a blank in it in quotes"),
    ("could not find expected ':'", _SEPARATE),
    (r"character '\t' that cannot start", "indent with blanks in place of tabs"),
    ("that cannot start any token", _QUOTE),
    ("expected alphabetic or numeric character", f"{_QUOTE}, * and & too"),
    ("found undefined alias", "put a text that begins with * in quotes"),
    ("found another document", "keep one document in a file"),
    ("found unexpected end of stream", "close the quotes of each text"),
    ("expected ',' or", _CLOSE),
    ("expected the node content", _CLOSE),
    ("expected <block end>", f"{_SEPARATE}; put a text with a template, or with quotes in it, in quotes as a whole"),
)


def advice(problem: str) -> str:
    """A clause to stand behind what the parser says, empty where nothing is known.

    >>> advice("found another document")
    '; keep one document in a file'
    """
    return next((f"; {words}" for said, words in _ADVICE if said in problem), "")
