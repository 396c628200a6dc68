"""A recording rewritten by a scenario: read flow by flow, acted on as live traffic, written whole or not at all.
The result is for mitmproxy's server replay, which gives its answers to clients."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from mitmproxy import http
from mitmproxy.flow import Flow
from mitmproxy.io import FlowWriter

from passlens.atomic import replacing
from passlens.flows import INJECTED, host_of
from passlens.offline.rehearsal import Rehearsal, Told
from passlens.recording import Progress, Trouble, read_flows
from passlens.scenarios.model import Scenario
from passlens.spec.routing import route
from passlens.verdict import fault

MARKER: Final = ":white_large_square:"
"""What mitmproxy's screens show beside a flow that a scenario had a hand in, as on live traffic."""


@dataclass
class Result:
    """What became of a recording."""

    flows: int = 0
    rewritten: int = 0
    requests_changed: int = 0
    unreadable: int = 0
    never_matched: tuple[str, ...] = ()
    unshown: dict[str, int] = field(default_factory=dict)
    """Sentences about what a recording cannot hold, with how often."""


Say = Callable[[int, str, Told], None]
"""Takes the position of a flow that was changed, its operation, and what was done."""


def rewrite(
    source: str,
    scenario: Scenario,
    target: str,
    *,
    say: Say,
    trouble: Callable[[Trouble], None],
    progress: Progress | None = None,
) -> Result:
    """Write ``target``; raises ValueError with a sentence if it is the input or nothing could be read, OSError if it
    cannot be written."""
    if _same(source, target):
        raise ValueError(f"{target} is the recording itself, which is never written over; name another file.")
    result = Result()
    rehearsal = Rehearsal(scenario)
    with replacing(target) as stream:
        writer = FlowWriter(stream)  # type: ignore[no-untyped-call, unused-ignore]
        index = -1
        for item in read_flows([source], progress):
            index += 1
            if isinstance(item, Trouble):
                result.unreadable += 1
                trouble(item)
                continue
            if isinstance(item, http.HTTPFlow) and (operation := _operation(item)) is not None:
                told = _told(rehearsal, item, index, result, trouble, source)
                if told is not None:
                    say(index, operation, told)
            if _written(writer, item, index, source, trouble):
                result.flows += 1
            else:
                result.unreadable += 1
        if result.unreadable and not result.flows:
            raise ValueError(f"Nothing of {source} could be read, so {target} was not written: check the recording.")
    result.never_matched = rehearsal.never_matched()
    return result


def _written(writer: FlowWriter, flow: Flow, index: int, source: str, trouble: Callable[[Trouble], None]) -> bool:
    """Write one flow; one that mitmproxy cannot save is left out, since it writes a flow whole or not at all."""
    try:
        writer.add(flow)
    except (ValueError, TypeError) as error:
        words = f"flow {index} cannot be saved by mitmproxy ({type(error).__name__}) and was left out: record it again"
        trouble(Trouble(source, words, index, False))
        return False
    return True


def _same(source: str, target: str) -> bool:
    try:
        if os.path.isdir(source):
            return os.path.commonpath([os.path.realpath(source), os.path.realpath(target)]) == os.path.realpath(source)
        return os.path.samefile(source, target)
    except (OSError, ValueError):
        return False


def _operation(flow: http.HTTPFlow) -> str | None:
    request = flow.request
    found = route(request.method, request.path, host_of(request))
    return found.operation.id if found is not None else None


def _told(
    rehearsal: Rehearsal,
    flow: http.HTTPFlow,
    index: int,
    result: Result,
    trouble: Callable[[Trouble], None],
    source: str,
) -> Told | None:
    """Act on one flow; what was done, or None if nothing was."""
    try:
        told = rehearsal.act(flow)
    except Exception as error:  # the flow stays as it came, and so do the others
        result.unreadable += 1
        words = f"flow {index} could not be rewritten ({fault(error)}); this is a fault of passlens, report it"
        trouble(Trouble(source, words, index, False))
        return None
    for problem in told.problems:
        result.unshown[problem] = result.unshown.get(problem, 0) + 1
    if not told.changed:
        return None
    result.rewritten += 1
    how = flow.metadata[INJECTED]
    result.requests_changed += "rewrite_request" in how["how"].split(", ")
    flow.marked = flow.marked or MARKER
    words = f"passlens: {how['scenario']}/{how['rule']} ({how['how']})"
    flow.comment = f"{flow.comment}\n{words}" if flow.comment else words
    return told
