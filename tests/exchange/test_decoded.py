"""What the API makes of an exchange: decoded on demand, tolerant of whatever arrives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cases
import forge
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import MAX_HEADER, Exchange, Request, Response
from support.examples import exchange

EVERY = cases.cases()


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.name)
def test_a_case_is_what_it_says(case: cases.Case) -> None:
    ex = Decoded(cases.as_exchange(case))
    assert ex.operation.id == case.operation
    assert ex.succeeded == (case.error is None)
    assert (ex.error.name if ex.error else None) == case.error
    assert ex.outcome == case.outcome
    assert ex.problems == ()


def test_the_first_of_repeated_parameters_counts() -> None:
    assert Decoded(exchange("C1", form=b"mvpd=One&mvpd=Two")).form == {"mvpd": "One"}


def test_long_headers_are_not_decoded() -> None:
    long = "A" * (MAX_HEADER + 1)
    names = ("X-Device-Info", "AP-Partner-Framework-Status", "AP-Device-Identifier", "Authorization")
    ex = Decoded(exchange("P1", headers=dict.fromkeys(names, long)))
    assert headers_of(ex) == [None] * 4
    ex = Decoded(exchange("P1", headers=dict.fromkeys(names, long[1:])))
    assert None not in headers_of(ex)


def headers_of(ex: Decoded) -> list[object]:
    return [ex.device_info, ex.partner_status, ex.device_identifier, ex.bearer]


@pytest.mark.parametrize("body", [b"", b"[]", b'"text"', b"17", b"null", b"{", b"\xff"])
def test_an_answer_without_an_object_has_no_outcome(body: bytes) -> None:
    ex = Decoded(exchange("C1", response_body=body))
    assert (ex.body, ex.session, ex.shape, ex.problems, ex.error) == (
        None,
        None,
        None,
        (),
        None,
    )


def test_an_answer_of_any_operation_has_an_outcome_and_results() -> None:
    ex = Decoded(exchange("authorize"))
    assert (ex.outcome, [result["kind"] for result in ex.results], ex.session) == ("DA-1", ["decision"], None)
    assert Decoded(exchange("C1", status=400)).outcome is None
    nothing = Decoded(exchange("C1", no_answer=True))
    assert (nothing.outcome, nothing.error, nothing.results, nothing.problems) == (None, None, (), ())


def test_an_error_can_come_with_200_and_a_redirect_with_303() -> None:
    ex = Decoded(exchange("retrieve-profile-mvpd", response_body=b'{"code": "temppass_expired", "status": 200}'))
    assert (ex.outcome, ex.recognition.error, ex.error.code if ex.error else None) == (None, *["temppass_expired"] * 2)
    ex = Decoded(exchange("authenticate", status=303))
    assert (ex.outcome, ex.error) == ("U-1", None)
    ex = Decoded(exchange("C1", status=201))
    assert (ex.outcome, ex.error.name if ex.error else None) == (None, "http_201")


def test_what_is_decoded_once_is_kept() -> None:
    ex = Decoded(exchange("P3"))
    assert ex.partner_status is ex.partner_status
    assert ex.session is ex.session


TEXT = st.text(st.characters(codec=None), max_size=60)


@given(method=TEXT, path=TEXT, headers=st.lists(st.tuples(TEXT, TEXT), max_size=5), body=st.binary(max_size=200))
def test_arbitrary_exchanges_decode_without_raising(
    method: str, path: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    request = Request(tuple(headers), body, None, method, path=path)
    ex = Decoded(Exchange(request, Response(tuple(headers), body), started=forge.CLOCK))
    assert ex.form is not None
    assert ex.device_info is None or ex.device_info.shown is not None
    assert ex.body is None or isinstance(ex.body, dict)
    assert ex.route is None or ex.error is None or ex.error.name
