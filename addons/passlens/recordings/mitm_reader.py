"""Flows as mitmproxy itself reads them: records of other formats, and whole flows for those who ask for them.
Imported where it is needed and not before: mitmproxy takes longer to load than most recordings take to read."""

import io

from mitmproxy import exceptions, http
from mitmproxy.flow import Flow
from mitmproxy.io import FlowReader

from passlens.errors import OtherFormatError, RecordError
from passlens.exchange.model import Exchange
from passlens.recordings.flow_to_exchange import from_flow
from passlens.recordings.mitm_records import well_formed


def read_flow(record: bytes) -> Flow:
    """The flow in a record (``length:payload}``), of whatever format this mitmproxy knows; raises RecordError, and
    OtherFormatError where it knows none."""
    try:
        if not well_formed(record):
            raise exceptions.FlowReadException
        return next(iter(FlowReader(io.BytesIO(record)).stream()))
    except exceptions.FlowReadException as error:
        if "flow format version" in str(error):
            raise OtherFormatError(str(error).removesuffix(".")[:200]) from None
        why = "it is damaged"
    except Exception as error:  # mitmproxy raises all sorts for states of the wrong shape
        why = _shape(error)
    raise RecordError(why)


def exchange_of(flow: Flow, index: int, file: str) -> Exchange | str:
    """The exchange of an HTTP flow, or the type of another one; raises RecordError."""
    if not isinstance(flow, http.HTTPFlow):
        return flow.type
    try:
        return from_flow(flow, index, file)
    except Exception as error:  # a tampered recording
        raise RecordError(_shape(error)) from None


def _shape(error: Exception) -> str:
    return f"it holds no flow as mitmproxy writes it ({type(error).__name__})"
