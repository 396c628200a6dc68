"""Scripts, style sheets and HTML code. Their operators read like parameters (``a?b=c``, ``e&&t=f``), so a query is
looked for where one can be: in an address inside a string or an attribute. Literals that a telling name is given are
found as well."""

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final, NamedTuple

from passlens.redaction.policy import is_secret_name
from passlens.scrub import percent

_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_TYPE: Final = re.compile(r"text/css|(?:text|application)/(?:x-)?(?:java|ecma|j|live)script(?:1\.\d)?")
_NO_TYPE: Final = frozenset({"", "application/octet-stream"})
_LOOK: Final = re.compile(
    r"""\s*(?:/[*/]|["']use[ ]strict["']|[!;+(]*(?:async\s+)?function\b|[!;+(]*\(\)\s*=>|@(?:charset|import|media)\s
    |(?:var|let|const)\s+[\w$]+\s*[=,;]|(?:window|self|globalThis|document|module)[.[]
    |import\s*["'(*{]|export\s*(?:default|const|function|class|[*{])|(?i:<!doctype\s+html|<(?:html|head|body|script)\b))""",
    re.VERBOSE,
)
_JSON: Final = re.compile(r'[\[{]\s*(?:"(?:[^"\\]|\\.){0,200}"\s*[:,\]]|[\[{\]}\d-]|true|false|null|$)')
_FORM: Final = re.compile(r"[\w.~%+*-]+=[\w.~%+*-]*(?:&[\w.~%+*-]+=[\w.~%+*-]*)+={0,2}\s*")
_FORM_START: Final = re.compile(r"[\w.-]{1,64}=")

_LOOK_BACK: Final = 2048
"""Characters of an address before its query."""

_SIGN: Final = r"[^\s\"'`<>()\\]"
_SLASH: Final = r"(?:\\*/|\\u002[fF]|\\x2[fF])"
_QUOTE: Final = r"(?:\\{0,3}[\"'`]|&(?:quot|apos|\#3[49]);|\\(?:u00|x)2[27])"
_ESCAPED_SLASH: Final = re.compile(r"\\+/|\\u002[fF]|\\x2[fF]")
_EQUALS: Final = r"(?P<name>[\w.-]{1,64})(?:=|\\u003[dD]|\\x3[dD])"
_PAIR: Final = re.compile(
    rf"(?:[?#]|&(?:amp;|#38;)?|\\(?:u00|x)26){_EQUALS}"
    rf"(?!%[sd]\b)(?P<value>(?:[^&#\s\"'`<>(){{}}\\]|{_SLASH})+)"
)
_HINTS: Final = tuple(re.compile(sign + _EQUALS) for sign in (r"\?", "#", "&(?:amp;|#38;)?", r"\\(?:u00|x)26"))
"""One of these stands in every text that holds a query, or parameters in a fragment. Each begins with a fixed sign,
which Python's engine looks for quickly."""

_BEFORE: Final = re.compile(rf"(?:/\\+|[fF]2(?:00u|x)\\|{_SIGN})*")
"""An address backwards, up to its query."""

_AFTER: Final = re.compile(rf"(?:{_SIGN}|\\+/|\\u00[0-9A-Fa-f]{{2}}|\\x[0-9A-Fa-f]{{2}})*")
_ADDRESS: Final = re.compile(
    rf"{_QUOTE}(?!/[dgimsuy]{{0,4}}[,;:&|\])}}])(?:\.{{0,2}}{_SLASH}|[\w%]|\$\{{)|[A-Za-z]:{_SLASH}{_SLASH}[\w$%\[{{]|(?<=url)\(\S"
    rf"|(?:[\s=;,]|\)\}}){_SLASH}(?:{_SLASH}|[\w.~%@-])*\Z"
)
"""Where an address may begin. A quote before a slash may also end an expression (``/"/g,``)."""

_CLEAN: Final = r"(?:[\w.~%+*/:@,!$-]*\w(?:(?<=\w{8})={1,2})?)"
_PART: Final = re.compile(
    rf"(?P<pairs>[?&#](?:amp;)?[\w.-]{{1,64}}={_CLEAN}(?:&(?:amp;)?[\w.-]{{1,64}}={_CLEAN})*"
    rf"(?:&(?:amp;)?[\w.-]{{1,64}}=)?)(?P<end>[\"'`]|\$\{{)"
)
"""What follows a string's first sign where the string is a part of a query: all of it, for code may follow, too."""

_ENCODED: Final = re.compile(rf"%3[Aa](?:%2[Ff]){{2}}{percent.SIGN}{{1,2048}}")
"""What may be an address that is percent-encoded as a whole, from behind its scheme."""

_ENCODED_PAIR: Final = re.compile(r"%(?:3[Ff]|23)[\w.-]{1,64}%3[Dd]\w")

_LITERALS: Final = tuple(
    re.compile(rf"{sign}\s{{0,2}}(?P<quote>{_QUOTE})(?P<value>(?:[\w.~+%:@=|*!-]|{_SLASH}){{6,4096}})(?P=quote)")
    for sign in ":="
)
_DIGIT: Final = re.compile("[0-9]")
_NAME: Final = re.compile(rf"([\w$-]{{1,64}})(?:{_QUOTE})?\s{{0,2}}\Z")


class Found(NamedTuple):
    """A value in code and where it stands; ``kind`` is ``parameter``, ``literal`` or ``URL`` (percent-encoded)."""

    kind: str
    name: str
    start: int
    end: int


def is_code(media_type: str, text: str) -> bool:
    """True for a body that is a script, a style sheet or HTML code by its media type, or, where that says nothing, by
    how it begins. JSON and texts without markup are not, whatever they are called."""
    if text[:1] in ("{", "[") and _JSON.match(text) is not None:
        return False
    if media_type in _NO_TYPE:
        return _LOOK.match(text) is not None
    if media_type in _HTML:
        return "<" in text and _FORM_START.match(text) is None
    return _TYPE.fullmatch(media_type) is not None and _FORM.fullmatch(text) is None


def found(text: str) -> Iterator[Found]:
    """Values in code, in order; they do not overlap."""
    end = 0
    for one in sorted(chain(_parameters(text), _urls(text), _literals(text)), key=lambda one: one.start):
        if one.start >= end:
            yield one
            end = one.end


def rewrite(text: str, change: Callable[[Found, str], str]) -> str:
    """The text with each value changed; slashes in it that are escaped are told bare, and escaped again."""
    pieces: list[str] = []
    kept = 0
    for one in found(text):
        value = text[one.start : one.end]
        escaped = _ESCAPED_SLASH.search(value)
        bare = value if escaped is None else _ESCAPED_SLASH.sub("/", value)
        new = change(one, bare)
        if new != bare:
            pieces += (text[kept : one.start], new if escaped is None else new.replace("/", escaped[0]))
            kept = one.end
    return "".join((*pieces, text[kept:]))


def _parameters(text: str) -> Iterator[Found]:
    end = searched = 0  # the end of the address that was found last, and the place up to which none was found
    for match in _PAIR.finditer(text) if any(hint.search(text) for hint in _HINTS) else ():
        start = match.start()
        if start >= end:
            end = max(_address_end(text, start, searched), _part_end(text, start))
            searched = start
        if start < end:
            yield Found("parameter", match["name"], *match.span("value"))


def _urls(text: str) -> Iterator[Found]:
    matches = (match for match in _ENCODED.finditer(text) if _ENCODED_PAIR.search(match[0]))
    return (Found("URL", "", *match.span()) for match in matches)


def _literals(text: str) -> Iterator[Found]:
    for match in chain(*(pattern.finditer(text) for pattern in _LITERALS)):
        if _DIGIT.search(match["value"]) is None:  # a word, of a label or of the code itself
            continue
        name = _NAME.search(text, max(match.start() - 80, 0), match.start())
        if name is not None and is_secret_name(name[1]):
            yield Found("literal", name[1], *match.span("value"))


def _address_end(text: str, at: int, searched: int) -> int:
    """The end of the address whose query begins or goes on here; 0 if there is none."""
    least = max(at - _LOOK_BACK, searched)
    run = _BEFORE.match(text[least:at][::-1])
    begin = at - (run.end() if run is not None else 0)
    found = _ADDRESS.search(text, max(begin - 1, 0), at)
    if found is None or begin == at or (text[at] not in "?#" and not re.search("[?#]", text[found.start() : at])):
        return 0
    after = _AFTER.match(text, at)
    return after.end() if after is not None else 0


def _part_end(text: str, at: int) -> int:
    """The end of a string that is a part of a query and begins here, or goes on after an expression; 0 if there is
    none."""
    opened = text[at - 1 : at]
    part = _PART.match(text, at) if opened and opened in "\"'`}" else None
    if part is None:
        return 0
    ends = (opened,) if opened in "\"'" else ("`", "${")
    return part.end("pairs") if part["end"] in ends else 0
