"""The options of a check, as the command line, the configuration and the tests give them.
Plain values only, so that they can be handed to a worker process."""

import os
from dataclasses import dataclass

from passlens.analysis.entry import CheckConfiguration


@dataclass(frozen=True)
class CheckSettings:
    """Options of a check. ``select`` and ``ignore`` are prefixes of codes; an empty ``select`` takes all.

    ``form`` is what goes to standard output; ``outputs`` are pairs of format and file; ``jobs`` is the number of
    processes that read recordings. ``flow_filter`` is a filter expression of mitmproxy; ``scenario`` (a name or path,
    also looked for in the folder ``rules``) asks for a dry run. With ``allow_empty`` it is fine
    that there is nothing to check.
    """

    form: str = "text"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "error"
    reveal: bool = False
    outputs: tuple[tuple[str, str], ...] = ()
    jobs: int = 1
    flow_filter: str = ""
    scenario: str = ""
    rules: str = ""
    expect: tuple[str, ...] = ()
    """Scenarios whose expectations are also told where nothing came to them."""
    allow_empty: bool = False
    baseline: str | None = None
    configuration: str | None = None
    """The file that gave options, if one did."""

    def wants(self, code: str) -> bool:
        """True if findings of this code count; the longer of two prefixes that fit wins."""
        chosen = max((len(prefix) for prefix in self.select if code.startswith(prefix)), default=-1)
        refused = max((len(prefix) for prefix in self.ignore if code.startswith(prefix)), default=-1)
        return refused < chosen or (refused == -1 and not self.select)

    def in_force(self) -> CheckConfiguration:
        """The member ``configuration`` of the machine-readable document: what decides over the findings that count."""
        return {
            "file": _from_here(self.configuration),
            "select": list(self.select),
            "ignore": list(self.ignore),
            "fail_on": self.fail_on,
            "filter": self.flow_filter or None,
            "baseline": _from_here(self.baseline),
        }

    def in_words(self) -> str | None:
        """The same for people; None where all is as it is without options."""
        words = [f"only {', '.join(self.select)}"] * bool(self.select)
        words += [f"without {', '.join(self.ignore)}"] * bool(self.ignore)
        words += [f"filter {self.flow_filter}"] * bool(self.flow_filter)
        words += [f"fails on {self.fail_on}"] * (self.fail_on != "error")
        if self.configuration is None and not words:
            return None
        return f"configuration {_from_here(self.configuration) or 'of the command'}: {'; '.join(words) or 'as usual'}"

    @property
    def shows_messages(self) -> bool:
        """True if a report shows headers and bodies; only then entries have the member ``messages``."""
        return "html" in (self.form, *(form for form, _ in self.outputs))


def _from_here(path: str | None) -> str | None:
    """A file as it is named from the current folder, so that no report tells where that is."""
    return os.path.relpath(path) if path else None
