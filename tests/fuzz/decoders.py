"""Targets: every decoder of rest_v2/, and what takes content-encodings off. None of them raises, whatever arrives."""

import json
from typing import Any

from passlens.exchange.content import decode_content
from passlens.exchange.model import MAX_BODY
from passlens.rest_v2 import errors, outcomes, requests, retrieve, session_models
from passlens.rest_v2.base64_decoding import decode_base64
from passlens.rest_v2.device_info import decode_device_info
from passlens.rest_v2.encoded_json import decode_encoded_json
from passlens.rest_v2.forms import parse_form
from passlens.rest_v2.identifiers import decode_device_identifier
from passlens.rest_v2.json_decoding import decode_json, salvage
from passlens.rest_v2.operations import BY_ID
from passlens.rest_v2.partner_status import decode_partner_status
from passlens.rest_v2.routing import route
from passlens.rest_v2.tokens import decode_bearer, jwt_deviations
from passlens.rest_v2.wire import Problem, problems, show

CLOCK = 1767323045.0


def text_of(data: bytes) -> str:
    """Bytes as a header brings them."""
    return data.decode("utf-8", "surrogateescape")


def _clauses(deviations: Any) -> None:
    for deviation in deviations:
        assert deviation.detail, deviation


def _problems(found: tuple[Problem, ...]) -> None:
    for problem in found:
        assert isinstance(problem.actual, str)
        assert problem.expected, problem


def decoding(data: bytes) -> None:
    text = text_of(data)
    _clauses(decode_base64(text).deviations)
    _clauses(decode_json(data).deviations)
    decoded = decode_encoded_json(text)
    _clauses(decoded.deviations)
    assert isinstance(decoded.shown, dict)
    assert isinstance(salvage(text), dict)


def device_info(data: bytes) -> None:
    found = decode_device_info(text_of(data))
    _problems(found.problems)
    assert isinstance(found.shown, dict)
    found.get("primaryHardwareType")


def partner_status(data: bytes) -> None:
    found = decode_partner_status(text_of(data))
    _problems(found.problems)
    assert isinstance(found.shown, dict)
    assert found.has_old_structure in (True, False)
    for value in (found.access, found.provider):
        assert value is None or isinstance(value, str)
    found.defect(CLOCK)
    found.defect(None)


def identifiers(data: bytes) -> None:
    found = decode_device_identifier(text_of(data))
    assert (found.type is None) == (found.encoded is None)


def tokens(data: bytes) -> None:
    found = decode_bearer(text_of(data))
    if found.jwt is not None:
        for claim in ("iat", "nbf", "exp"):
            found.jwt.time(claim)
    if found.token is not None:
        _clauses(jwt_deviations(found.token))


def answer_bodies(data: bytes) -> None:
    """Errors, outcomes, retrieve answers, and pydantic's verdict on them; the first byte chooses the status."""
    status, body = 200 + 4 * data[0] if data else 200, data[1:]
    read = decode_json(body)
    error = errors.read(status, body, read.value)
    assert error.name
    _problems(error.problems)
    show(read.value)
    if not isinstance(read.value, dict):
        return
    for operation in outcomes.ACTION_NAMES:
        row = outcomes.recognise(operation, read.value)
        _problems(session_models.validate(operation, row, read.value))
        if row is not None:
            outcomes.match_url(row.row, read.value.get("url"))
    _problems(retrieve.validate(retrieve.recognise(read.value), read.value))


def forms(data: bytes) -> None:
    found = parse_form(data)
    assert sum(len(item.raw) for item in found) <= len(data)
    headers = {item.name: item.value for item in found}
    _problems(problems(requests.HEADERS["create-session"].model_validate, headers))


def routing(data: bytes) -> None:
    method, _, rest = text_of(data).partition(" ")
    path, _, host = rest.partition(" ")
    found = route(method, path, host)
    if found is not None:
        assert found.operation.id in BY_ID
        assert found.canonical.startswith(found.operation.prefix)


def content(data: bytes) -> None:
    encodings, _, raw = data.partition(b"\n")
    body, gap = decode_content(raw, encodings.decode("latin-1"), MAX_BODY)
    assert (body is None) == (gap is not None)
    assert body is None or len(body) <= MAX_BODY


def json_of(data: bytes) -> Any:
    """The JSON value of some bytes, None for what is none; as deep as passlens takes it."""
    read = decode_json(data)
    return json.loads(read.text) if read.valid else None
