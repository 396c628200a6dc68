"""What a running proxy gives away as a file."""

from io import BytesIO

import pytest
from mitmproxy.io import FlowReader
from mitmproxy.test import tflow

from cases import as_exchange, case
from passlens.control.recording import clean_copy
from passlens.recordings.exchange_to_flow import to_flow


def test_a_flow_that_mitmproxy_cannot_save_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    odd = tflow.tflow(resp=True)
    odd.metadata["another"] = object()
    data = clean_copy([to_flow(as_exchange(case("P3"))), odd, to_flow(as_exchange(case("C1")))], "mitm")
    assert len(list(FlowReader(BytesIO(data)).stream())) == 2
    assert [record.levelname for record in caplog.records] == ["ERROR"]
