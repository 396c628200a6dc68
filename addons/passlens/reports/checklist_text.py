"""The official checklist for people: the counts, then a line for each of its lines, the gravest first."""

from collections import Counter
from collections.abc import Iterator, Sequence

from passlens.analysis.checklist import VERDICTS, WORDS
from passlens.analysis.entry import ChecklistLine


def counted(lines: Sequence[ChecklistLine]) -> str:
    """``35 lines: 2 not met, 3 for a person to decide, …``; what there is none of is left out."""
    counts = Counter(line["verdict"] for line in lines)
    return f"{len(lines)} lines: " + ", ".join(f"{counts[one]} {WORDS[one]}" for one in VERDICTS if counts[one])


def grouped(lines: Sequence[ChecklistLine]) -> Iterator[tuple[str, list[ChecklistLine]]]:
    """The lines of each verdict, with its words."""
    for verdict in VERDICTS:
        found = [line for line in lines if line["verdict"] == verdict]
        if found:
            yield WORDS[verdict], found


def line_text(line: ChecklistLine) -> str:
    """One line: what it is, why, and what to do where it was not seen."""
    where = f", first in exchange {line['at']}" if line["at"] is not None else ""
    text = f"{line['id']} {line['title']}: {line['why']}{where}"
    return f"{text}. {line['do']}" if line["verdict"] in ("not-seen", "not-visible") else text
