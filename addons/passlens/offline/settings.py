"""The options of a check, as the command line, the configuration and the tests give them.
Plain values only, so that they can be handed to a worker process."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Options of a check. ``select`` and ``ignore`` are prefixes of codes; an empty ``select`` takes all.

    ``form`` is what goes to standard output; ``outputs`` are pairs of format and file; ``jobs`` is the number of
    processes that read recordings. ``flow_filter`` is a filter expression of mitmproxy; ``scenario`` (a name or path,
    also looked for in the folder ``rules``) asks for a dry run.
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

    def wants(self, code: str) -> bool:
        """True if findings of this code count; the longer of two prefixes that fit wins."""
        chosen = max((len(prefix) for prefix in self.select if code.startswith(prefix)), default=-1)
        refused = max((len(prefix) for prefix in self.ignore if code.startswith(prefix)), default=-1)
        return refused < chosen or (refused == -1 and not self.select)

    @property
    def shows_messages(self) -> bool:
        """True if a report shows headers and bodies; only then entries have the member ``messages``."""
        return "html" in (self.form, *(form for form, _ in self.outputs))
