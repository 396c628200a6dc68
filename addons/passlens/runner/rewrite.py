"""A recording rewritten by a scenario: read flow by flow, acted on as live traffic, written whole or not at all.
The result is for mitmproxy's server replay, which gives its answers to clients."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Final

from mitmproxy import http
from mitmproxy.flow import Flow
from mitmproxy.io import FlowWriter

from passlens.analysis.analyzer import fault
from passlens.errors import EditError, ReadError, Remark
from passlens.proxy import flow_edits
from passlens.recordings import parts
from passlens.recordings.flow_to_exchange import host_of
from passlens.recordings.har_headers import apart
from passlens.recordings.har_text import to_bytes
from passlens.recordings.reader import ReportProgress, names, read_flows
from passlens.rest_v2.routing import route
from passlens.runner.dry_run import DryRun, DryRunResult
from passlens.runner.originals import access, is_same, itself, writing
from passlens.scenarios.model import Scenario

MARKER: Final = ":white_large_square:"
"""What mitmproxy's screens show beside a flow that a scenario had a hand in, as on live traffic."""


@dataclass
class RewriteResult:
    """What became of a recording."""

    flows: int = 0
    rewritten: int = 0
    requests_changed: int = 0
    unreadable: int = 0
    never_matched: tuple[str, ...] = ()
    unshown: dict[str, int] = field(default_factory=dict)
    """Sentences about what a recording cannot hold, with how often."""


ReportResult = Callable[[int, str, DryRunResult], None]
"""Takes the position of a flow that was changed, its operation, and what was done."""


def rewrite(
    source: str,
    scenario: Scenario,
    target: str,
    *,
    say: ReportResult,
    read_error: Callable[[ReadError], None],
    progress: ReportProgress | None = None,
) -> RewriteResult:
    """Write ``target``; raises ValueError with a sentence if it is the input, nothing could be read or its place is
    wrong, and WriteError if what was read cannot be written."""
    if is_same(source, target):
        raise ValueError(itself(target))
    result = RewriteResult()
    dry_run = DryRun(scenario)
    with writing(target, access(names([source]))) as stream:
        writer = FlowWriter(stream)  # type: ignore[no-untyped-call, unused-ignore]
        index = -1
        for item in read_flows([source], progress):
            index += 1
            if isinstance(item, ReadError):
                result.unreadable += not isinstance(item, Remark)
                read_error(item)
                continue
            if isinstance(item, http.HTTPFlow) and (operation := _operation(item)) is not None:
                told = _told(dry_run, item, index, result, read_error, source)
                if told is not None:
                    say(index, operation, told)
            if _written(writer, item, index, source, read_error):
                result.flows += 1
            else:
                result.unreadable += 1
        if result.unreadable and not result.flows:
            raise ValueError(f"Nothing of {source} could be read, so {target} was not written: check the recording.")
    result.never_matched = dry_run.never_matched()
    return result


def _written(writer: FlowWriter, flow: Flow, index: int, source: str, read_error: Callable[[ReadError], None]) -> bool:
    """Write one flow; one that mitmproxy cannot save is left out, since it writes a flow whole or not at all."""
    try:
        writer.add(flow)
    except (ValueError, TypeError) as error:
        words = f"flow {index} cannot be saved by mitmproxy ({type(error).__name__}) and was left out: record it again"
        read_error(ReadError(source, words, index, False))
        return False
    return True


def _operation(flow: http.HTTPFlow) -> str | None:
    request = flow.request
    found = route(request.method, request.path, host_of(request))
    return found.operation.id if found is not None else None


def _take_apart(flow: http.HTTPFlow) -> None:
    """Give headers that a recorder joined by line ends (mitmproxy reads a .har so) lines of their own again: no server
    can replay them otherwise."""
    for message in filter(None, (flow.request, flow.response)):
        fields = message.headers.fields
        if any(b"\n" in value or b"\r" in value for _, value in fields):
            message.headers.fields = tuple(
                (name, to_bytes(one)) for name, value in fields for one in apart(parts.text(value))
            )


def _told(
    dry_run: DryRun,
    flow: http.HTTPFlow,
    index: int,
    result: RewriteResult,
    read_error: Callable[[ReadError], None],
    source: str,
) -> DryRunResult | None:
    """Act on one flow; what was done, or None if nothing was."""
    before = deepcopy(flow.get_state())
    try:
        _take_apart(flow)
        told = dry_run.act(flow)
    except Exception as error:  # the flow stays as it came, and so do the others
        flow.set_state(before)
        result.unreadable += 1
        if isinstance(error, EditError):
            read_error(ReadError(source, f"flow {index} could not be rewritten and stays as it was: {error}", index))
            return None
        words = f"flow {index} could not be rewritten ({fault(error)}); this is a fault of passlens, report it"
        read_error(ReadError(source, words, index, False))
        return None
    for problem in told.problems:
        result.unshown[problem] = result.unshown.get(problem, 0) + 1
    done = flow_edits.injection_of(flow)
    if done is None:
        return None
    result.rewritten += 1
    result.requests_changed += done.request_rewritten
    flow.marked = flow.marked or MARKER
    words = f"passlens: {done.scenario}/{done.rule} ({done.to_member()['how']})"
    flow.comment = f"{flow.comment}\n{words}" if flow.comment else words
    return told
