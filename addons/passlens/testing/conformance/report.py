"""The report of a conformance run: a page for people, and JUnit for CI. Both are functions of the run."""

from collections import Counter
from collections.abc import Sequence
from importlib import resources
from typing import Final

from passlens.reports.html.shell import environment
from passlens.reports.junit import clean
from passlens.testing.conformance.outcome import WORDS, ConformanceResult, ConformanceVerdict
from passlens.testing.conformance.state_file import RunState
from passlens.testing.conformance.steps import ConformanceStep
from passlens.util.text import plural

FORMATS: Final = ("html", "junit")

_ORDER: Final[tuple[ConformanceVerdict, ...]] = ("not-met", "met", "open", "not-exercised", "skipped")
LOOKS: Final[dict[str, str]] = {
    "met": "good", "not-met": "error", "open": "warning", "not-exercised": "none", "skipped": "none",
}  # fmt: skip


def results_of(
    state: RunState, steps: Sequence[ConformanceStep]
) -> list[tuple[ConformanceStep, ConformanceResult | None]]:
    """Each scenario of the run with what came of it; None for one that its turn did not come to."""
    return [(one, state["results"].get(one.name)) for one in steps]


def counted(state: RunState, steps: Sequence[ConformanceStep]) -> str:
    """``24 scenarios: 2 not met, 20 met, 2 skipped``; what there is none of is left out."""
    found = [result["outcome"] if result is not None else None for _, result in results_of(state, steps)]
    counts = Counter(found)
    said = [f"{counts[outcome]} {WORDS[outcome]}" for outcome in _ORDER if counts[outcome]]
    said += [f"{counts[None]} to go"] if counts[None] else []
    return f"{plural(len(found), 'scenario')}: {', '.join(said)}"


def verdict(state: RunState, steps: Sequence[ConformanceStep]) -> tuple[str, str]:
    """How the page looks, and its heading."""
    found = [result for _, result in results_of(state, steps)]
    outcomes = {result["outcome"] if result is not None else "open" for result in found}
    if "not-met" in outcomes:
        count = sum(result is not None and result["outcome"] == "not-met" for result in found)
        return "error", f"Not as expected in {plural(count, 'scenario')}"
    if outcomes == {"met"}:
        return "good", "The app reacts as expected"
    if "met" in outcomes:
        return "warning", "Nothing against it, and not all was exercised"
    return "warning", "Nothing was exercised"


def html(state: RunState, steps: Sequence[ConformanceStep]) -> str:
    """The page, in ASCII with character references; it loads nothing and has no script."""
    template = (resources.files(__package__) / "files" / "report.html").read_text("utf-8")
    look, heading = verdict(state, steps)
    made = environment({"report.html": template}).get_template("report.html").render(
        look=look, heading=heading, state=state, counted=counted(state, steps),
        results=results_of(state, steps), words=WORDS, looks=LOOKS, plural=plural,
    )  # fmt: skip
    return made.encode("ascii", "xmlcharrefreplace").decode("ascii") + "\n"


def junit(state: RunState, steps: Sequence[ConformanceStep]) -> str:
    """One case for each scenario: not met is a failure, what was not decided is skipped."""
    cases, failures, skipped = [], 0, 0
    for one, result in results_of(state, steps):
        outcome: ConformanceVerdict = result["outcome"] if result is not None else "open"
        why = clean(result["why"] if result is not None else "its turn did not come")
        inner = ""
        if outcome == "not-met":
            failures += 1
            inner = f'   <failure message="{why}" type="not-met">{why}</failure>\n'
        elif outcome != "met":
            skipped += 1
            inner = f'   <skipped message="{WORDS[outcome]}: {why}"/>\n'
        said = "\n".join(clean(f"{each['name']}: {each['why']}") for each in (result["expectations"] if result else ()))
        output = f"   <system-out>{said or clean(one.description)}</system-out>\n"
        cases.append(f'  <testcase classname="conformance" name="{clean(one.name)}">\n{inner}{output}  </testcase>\n')
    name = clean(state["app"] or "app")
    head = (
        f'<testsuite name="{name}" tests="{len(cases)}" failures="{failures}" errors="0" skipped="{skipped}" time="0">'
    )
    body = f" {head}\n{''.join(cases)} </testsuite>\n"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="passlens conformance">\n{body}</testsuites>\n'


MAKERS: Final = {"html": html, "junit": junit}
"""What makes each of FORMATS."""
