"""The documentation of the finding codes, out of the table and the docstrings of the checks.
``passlens explain`` prints it; ``docs/findings.md`` is made from it."""

import inspect
import re
from typing import Final

from passlens.checks import glossary
from passlens.checks.finding import Check
from passlens.checks.table import BY_CODE, CHECKS
from passlens.rest_v2.sources import cite
from passlens.util.text import nearest_of

FAMILIES: Final = {
    "PL1": "The request line and body",
    "PL2": "Request headers",
    "PL3": "The shape of the answer",
    "PL4": "The meaning of the answer",
    "PL5": "Error answers and statuses",
    "PL6": "Sequences of exchanges",
    "PL9": "Not checked, and why",
}
_HEADINGS: Final = {"Why": "Why it matters", "Example": "Example", "Do": "What to do"}


def find(name: str) -> Check | None:
    """A check by its code or name, in any letter case."""
    wanted = name.strip()
    return BY_CODE.get(wanted.upper()) or next((row for row in CHECKS if row.name == wanted.lower()), None)


def family(name: str) -> str | None:
    """The family that a word such as PL2 or pl2xx names."""
    wanted = name.strip().upper()
    return next((start for start in FAMILIES if wanted in (start, f"{start}X", f"{start}XX")), None)


def nearest(name: str) -> str | None:
    """The word that comes closest to a misspelt one: a code, a name, or another word that passlens shows."""
    wanted = name.strip().upper()
    if re.fullmatch(r"PL\d+", wanted):  # of a code that is too short, the first that goes on with it
        for code in sorted(BY_CODE):
            if code.startswith(wanted):
                return code
    words = {word.lower(): word for word in (*BY_CODE, *(row.name for row in CHECKS), *glossary.known())}
    near = nearest_of(name.strip().lower(), words)
    return words[near] if near is not None else None


def parts(check: Check) -> dict[str, str]:
    """The docstring of a check by heading: ``What``, ``Why``, ``Example``, ``Do``, each on one line."""
    found: dict[str, list[str]] = {"What": []}
    current = "What"
    for text in (inspect.getdoc(check.find) or "").splitlines():
        heading, colon, rest = text.partition(": ")
        if colon and heading in _HEADINGS:
            current, text = heading, rest
        found.setdefault(current, []).append(text.strip())
    return {heading: " ".join(words).strip() for heading, words in found.items()}


def page(check: Check) -> str:
    """Where the check's fact stands, in words."""
    return cite(check.source) if check.source else "the page of the operation"


def as_text(check: Check) -> str:
    """The documentation of one code for a terminal; paragraphs stand on one line each."""
    lines = [f"{check.code} {check.name}", f"{check.severity}, {check.side}, basis {check.basis}: {page(check)}", ""]
    for heading, words in parts(check).items():
        lines += [words if heading == "What" else f"{_HEADINGS[heading]}: {words}", ""]
    return "\n".join(lines).rstrip()


def rows(start: str = "") -> list[tuple[str, str]]:
    """Codes that begin so, with severity and name, and what each says."""
    found = [check for check in CHECKS if check.code.startswith(start)]
    return [(f"{row.code}  {row.severity:<8} {row.name}", parts(row)["What"]) for row in found]


def text_of(word: str) -> str | None:
    """What a code, a name, a family or another word of passlens means; None for an unknown one."""
    check = find(word)
    if check is not None:
        return as_text(check)
    start = family(word)
    if start is not None:
        codes = [f"{name}  {said}" for name, said in rows(start)]
        return "\n".join([f"{start}xx: {FAMILIES[start]}", "", *codes])
    lines = glossary.meaning(word)
    return None if lines is None else "\n".join(lines)


def as_markdown() -> str:
    """The documentation of all codes: the text of ``docs/findings.md``."""
    lines = [
        "# Findings",
        "",
        "Made from the checks by `passlens explain --markdown`; do not edit. The severity is the usual one: it is",
        "another where a single hit rests on other ground.",
        "",
        "| code | name | severity | side | basis |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| [{row.code}](#{row.code.lower()}-{row.name}) | {row.name} | {row.severity} | {row.side} | {row.basis} |"
        for row in CHECKS
    ]
    for family, title in FAMILIES.items():
        lines += ["", f"## {family}xx: {title}"]
        for row in CHECKS:
            if row.code.startswith(family):
                lines += [
                    "",
                    f"### {row.code} {row.name}",
                    "",
                    f"*{row.severity}, {row.side}; {row.basis}, {page(row)}*",
                ]
                for heading, words in parts(row).items():
                    lines += [
                        "",
                        _escaped(words) if heading == "What" else f"**{_HEADINGS[heading]}:** {_escaped(words)}",
                    ]
    return "\n".join(lines) + "\n"


def _escaped(words: str) -> str:
    return words.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")
