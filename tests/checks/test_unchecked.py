"""PL901 to PL909: what was not checked, and why; PL999 stands with the runner that yields it.
Each code with an exchange that triggers it and one near it that must not."""

from dataclasses import replace

import pytest

import forge
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import MAX_HEADER, Exchange, Gap, GapKind
from support.examples import Example, codes, exchange, findings, parametrize, verify, with_code


def gap(kind: GapKind) -> Gap:
    """A gap with a clause of its own."""
    return Gap(kind, f"a made-up reason ({kind})")


CHROME = "WebInspector 537.36"


def without_headers(ex: Exchange) -> Exchange:
    """The same exchange of which no header of the request was recorded."""
    return replace(ex, request=replace(ex.request, headers=()))


LONG = forge.b64("x" * MAX_HEADER)

EXAMPLES = [
    Example(
        "PL901",
        trigger=exchange("C1", gap=gap("streamed")),
        near=exchange("C1", gap=gap("not-recorded")),
        at="body",
        severity="note",
        words="The body of the request was not checked: a made-up reason (streamed).",
    ),
    Example(
        "PL901",
        trigger=exchange("RS-B", answer_gap=gap("streamed")),
        near=exchange("authenticate", answer_gap=gap("streamed")),
        at="body",
        severity="note",
        words="The body of the answer",
    ),
    Example(
        "PL901",
        trigger=exchange("authorize", gap=gap("streamed")),
        near=exchange("authorize", no_answer=True),
        at="body",
        severity="note",
    ),
    Example(
        "PL902",
        trigger=exchange("P1", answer_gap=gap("too-large")),
        near=exchange("P1", answer_gap=gap("streamed")),
        at="body",
        severity="note",
    ),
    Example(
        "PL902",
        trigger=exchange("P1", answer_gap=gap("expansion")),
        near=exchange("P1"),
        at="body",
        severity="note",
    ),
    Example(
        "PL903",
        trigger=exchange("C1", answer_gap=gap("encoding")),
        near=exchange("C1", answer_headers={"Content-Encoding": "gzip"}),
        at="body",
        severity="warning",
    ),
    Example(
        "PL904",
        trigger=exchange("R1", answer_gap=gap("not-recorded")),
        near=exchange("R1", response_body=b""),
        at="body",
        severity="note",
    ),
    Example(
        "PL905",
        trigger=exchange("C1", headers={"X-Device-Info": LONG}),
        near=exchange("C1", headers={"X-Device-Info": LONG[:MAX_HEADER]}),
        at="header:X-Device-Info",
        severity="warning",
        words=f"The header X-Device-Info was not checked: {len(LONG)} characters.",
    ),
    Example(
        "PL905",
        trigger=exchange("authorize", headers={"AP-Partner-Framework-Status": LONG}),
        near=exchange("authorize", headers={"X-Demo": LONG}),
        at="header:AP-Partner-Framework-Status",
        severity="warning",
    ),
    Example(
        "PL906",
        trigger=exchange("C1", no_answer=True, failure="server closed the connection"),
        near=exchange("C1", failure="server closed the connection"),
        at="status",
        severity="note",
        words="There is no answer: server closed the connection.",
    ),
    Example(
        "PL906",
        trigger=exchange("logout", no_answer=True),
        near=exchange("no-body-500"),
        at="status",
        severity="note",
        words="the recording holds none",
    ),
    Example(
        "PL906",
        trigger=exchange("logout", answer_gap=gap("failed")),
        near=exchange("logout", answer_gap=gap("streamed")),
        at="body",
        severity="note",
        words="The answer is not whole: ",
    ),
    Example(
        "PL904",
        trigger=replace(exchange("C1", answer_gap=gap("not-recorded")), recorder="Playwright 1.49.0"),
        near=replace(exchange("C1"), recorder="Playwright 1.49.0"),
        at="body",
        severity="note",
        words="content: 'embed'",
    ),
    Example(
        "PL907",
        trigger=replace(exchange("C1", headers={"Authorization": None}), recorder=CHROME),
        near=replace(exchange("C1", headers={"Authorization": None, "Cookie": "a=1"}), recorder=CHROME),
        at="header:Authorization",
        severity="note",
        words="with sensitive data",
    ),
    Example(
        "PL907",
        trigger=replace(without_headers(exchange("C1")), recorder="unknown"),
        near=without_headers(exchange("C1")),
        at="header",
        severity="note",
        words="The headers of the request were not recorded",
    ),
    Example(
        "PL908",
        trigger=replace(exchange("C1", headers={"Authorization": "[Authorization redacted]"}), recorder="unknown"),
        near=exchange("C1", headers={"Authorization": "[Authorization redacted]"}),
        at="header:Authorization",
        severity="note",
        words="not checked: Authorization;",
    ),
    Example(
        "PL909",
        trigger=replace(exchange("C1"), started=None, undated="yesterday", recorder="unknown"),
        near=replace(exchange("C1"), started=None, recorder="unknown"),
        at="started",
        severity="note",
        words="the recorder wrote yesterday",
    ),
]


@parametrize(EXAMPLES)
def test_example(example: Example) -> None:
    verify(example)


@pytest.mark.parametrize("kind", ["streamed", "too-large", "expansion", "encoding", "not-recorded", "failed"])
@pytest.mark.parametrize("name", ["C1", "C2", "R2", "P1", "P5", "RS-B", "invalid_parameter_code-resume-session"])
def test_a_body_that_is_not_there_yields_that_one_finding(name: str, kind: GapKind) -> None:
    found = codes(exchange(name, answer_gap=gap(kind)))
    (code,) = [code for code in found if not code.startswith("PL1")]
    assert code in ("PL901", "PL902", "PL903", "PL904", "PL906")


def test_a_request_without_its_body_is_asked_for_no_parameter() -> None:
    assert codes(exchange("C1", gap=gap("streamed"))) == ["PL901"]


def test_both_bodies_may_be_missing() -> None:
    found = with_code(exchange("C1", gap=gap("streamed"), answer_gap=gap("streamed")), "PL901")
    assert [finding["side"] for finding in found] == ["exchange", "exchange"]
    assert found[0]["message"] != found[1]["message"]


def test_no_answer_leaves_the_request_checked() -> None:
    ex = exchange("C1", no_answer=True, headers={"Authorization": None})
    assert codes(ex) == ["PL201", "PL906"]
    assert codes(replace(ex, failure="\ud800")) == ["PL201", "PL906"]
    for finding in findings(ex):
        assert finding["related"] == []
        assert all(isinstance(value, str) for name, value in finding.items() if name != "related")


@pytest.mark.parametrize(("size", "checked"), [(1 << 16, True), ((1 << 16) + 1, False)])
def test_a_header_of_64_ki_characters_is_looked_into(size: int, checked: bool) -> None:
    found = codes(exchange("C1", headers={"X-Device-Info": "x" * size}))
    assert ("PL905" not in found) == checked


@pytest.mark.parametrize("name", ["C1", "R1", "P1", "RS-B", "logout", "invalid_parameter_code-resume-session"])
def test_headers_that_were_not_recorded_are_that_one_note(name: str) -> None:
    ex = replace(without_headers(exchange(name)), recorder="unknown")
    assert codes(ex) == ["PL907"]
    assert ex.response is not None
    bare = replace(ex, response=replace(ex.response, headers=()))
    (finding,) = findings(bare)
    assert "the request and the answer" in finding["message"]


def test_headers_of_the_answer_alone_that_were_not_recorded_are_a_note_of_their_own() -> None:
    ex = replace(exchange("C1", headers={"Authorization": None}), recorder=CHROME)
    assert ex.response is not None
    found = findings(replace(ex, response=replace(ex.response, headers=())))
    assert [(one["code"], one["at"]) for one in found] == [
        ("PL907", "header:Content-Type"),
        ("PL907", "header:Authorization"),
    ]


@pytest.mark.parametrize("mask", ["***", "<redacted>", "[X-Device-Info redacted]", "{{device}}", "[not recorded]"])
def test_masked_headers_are_one_note_together(mask: str) -> None:
    headers = {"Authorization": f"Bearer {mask}", "AP-Device-Identifier": mask, "X-Device-Info": mask}
    ex = replace(exchange("C1", headers=headers), recorder="unknown")
    (finding,) = findings(ex)
    assert (finding["code"], finding["severity"]) == ("PL908", "note")
    assert all(name in finding["message"] for name in headers)
    assert Decoded(ex).device_info is Decoded(ex).bearer is Decoded(ex).device_identifier is None


def test_of_chrome_only_what_it_drops_by_default_is_excused() -> None:
    ex = exchange("C1", headers={"Authorization": None, "AP-Device-Identifier": None})
    assert codes(replace(ex, recorder=CHROME)) == ["PL201", "PL907"]
    assert codes(replace(ex, recorder="Firefox 133.0")) == ["PL201", "PL201"]


def test_an_empty_time_is_no_time_and_no_finding() -> None:
    assert codes(replace(exchange("C1"), started=None)) == []
