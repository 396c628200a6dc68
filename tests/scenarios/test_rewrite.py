"""Rewriting touches what is named and nothing else: headers, fields inside headers, forms, paths, answers."""

import json
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

import forge
from passlens.errors import EditError
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange, Request, Response
from passlens.rest_v2.encoded_json import decode_encoded_json
from passlens.scenarios.changes import FieldChanges, FormChanges, HeaderChanges, RewriteRequest, RewriteResponse
from passlens.scenarios.rewrite import (
    change_fields,
    change_form,
    change_headers,
    change_path,
    edit_response,
    rewrite_request,
)
from scenarios.made import exchange


def fields(**changes: Any) -> FieldChanges:
    return FieldChanges.model_validate(changes)


def request(changes: dict[str, Any], ex: Exchange) -> Any:
    return rewrite_request(RewriteRequest.model_validate(changes), Decoded(ex))


def respond(changes: dict[str, Any], given_answer: Response) -> Any:
    return edit_response(RewriteResponse.model_validate(changes), given_answer)


def test_headers_keep_their_place_and_spelling() -> None:
    headers = (("a", "1"), ("X-B", "2"), ("x-b", "3"), ("C", "4"))
    changes = HeaderChanges.model_validate({"set": {"x-B": "5", "New": "6"}, "remove": ["A"]})
    assert change_headers(headers, changes) == (("X-B", "5"), ("C", "4"), ("New", "6"))


def test_a_header_cannot_be_split() -> None:
    changes = HeaderChanges.model_validate({"set": {"A": "{{ x }}"}})
    with pytest.raises(EditError, match="line end"):
        change_headers((), changes, lambda value: "a\r\nB: c")


def test_fields_inside_a_header() -> None:
    raw = forge.b64(
        '{"frameworkPermissionInfo": {"accessStatus": "granted"}, "x": 1.000}', padding=False, url_safe=True
    )
    changed = change_fields(raw, fields(set={"frameworkPermissionInfo.accessStatus": "denied"}, remove=["y.z"]))
    assert changed == forge.b64(
        '{"frameworkPermissionInfo": {"accessStatus": "denied"}, "x": 1.000}', padding=False, url_safe=True
    )


def test_an_unreadable_header_is_left_alone() -> None:
    ex = exchange("P1 X-Device-Info:" + forge.broken_device_info().replace("+", "%2B"))
    made = request({"device_info": {"set": {"osName": "iOS"}}, "partner_status": {"set": {"a": 1}}}, ex)
    (problem,) = made.problems
    assert problem.startswith("X-Device-Info was left alone: it holds no JSON object (")
    assert ("X-Device-Info", ex.request.header("X-Device-Info")) in made.headers


def test_a_header_that_is_not_there() -> None:
    made = request({"partner_status": {"set": {"a": 1}}}, exchange("C1"))
    assert made.problems == ("AP-Partner-Framework-Status was left alone: the request has none.",)
    assert made.headers == exchange("C1").request.headers


@pytest.mark.parametrize(
    ("body", "changes", "expected"),
    [
        (b"mvpd=A%20B&redirectUrl=x", {"remove": ["redirectUrl"]}, b"mvpd=A%20B"),
        (b"a=1&b=%2f&a=2&&c", {"set": {"b": "/"}}, b"a=1&b=%2f&a=2&&c"),
        (b"a=1&b=2&a=3", {"set": {"a": 4}}, b"a=4&b=2"),
        (b"a=x+y", {"set": {"b": "p q&"}}, b"a=x+y&b=p+q%26"),
        (b"a=x%20y", {"set": {"b": "p q"}}, b"a=x%20y&b=p%20q"),
        (b"", {"set": {"b": "1"}}, b"b=1"),
        (b"a=1", {"remove": ["a"]}, b""),
        (b"a=1", {"remove": ["a"], "set": {"b": True}}, b"b=true"),
        (b"%61=1", {"set": {"a": "2"}}, b"%61=2"),
    ],
)
def test_forms(body: bytes, changes: dict[str, Any], expected: bytes) -> None:
    assert change_form(body, FormChanges.model_validate(changes)) == expected


@pytest.mark.parametrize(
    ("case", "name", "path"),
    [
        ("retrieve-profile-code", "code", "/api/v2/DEMOTV/profiles/code/0%2F0"),
        ("authenticate", "code", "/api/v2/authenticate/DEMOTV/0%2F0"),
        ("P1", "partner", "/api/v2/DEMOTV/sessions/sso/0%2F0"),
    ],
)
def test_paths(case: str, name: str, path: str) -> None:
    ex = exchange(case)
    assert change_path(ex.request.path + "?a=b", Decoded(ex), name, "0/0") == path + "?a=b"


def test_a_path_parameter_that_is_not_there() -> None:
    made = request({"path": {"code": "A"}}, exchange("P1"))
    assert made.problems == ("The path's code was left alone: the path has none.",)
    assert made.path == exchange("P1").request.path


def test_answers() -> None:
    given_answer = Response((("Content-Type", "application/json"),), b'{"a": 1, "b": [1.0, 2]}', status=200)
    made = respond({"status": 201, "headers": {"set": {"X": "y"}}, "merge": {"a": None, "c": "d"}}, given_answer)
    assert (made.status, made.body) == (201, b'{"b": [1.0, 2], "c": "d"}')
    assert made.headers[-1] == ("X", "y")
    patched = respond({"patch": [{"op": "add", "path": "/b/0", "value": 3}]}, given_answer)
    assert json.loads(patched.body) == {"a": 1, "b": [3, 1.0, 2]}


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", None])
def test_an_answer_without_json_is_left_alone(body: bytes | None) -> None:
    made = respond({"merge": {"a": 1}}, Response((), body))
    assert made.body == body
    assert made.problems[0].startswith("The body was left alone: it is n")


def test_a_patch_that_fails_changes_nothing() -> None:
    made = respond(
        {"merge": {"b": 1}, "patch": [{"op": "replace", "path": "/notAfter", "value": "1"}]}, Response((), b'{"a":1}')
    )
    assert made.body == b'{"a":1}'
    assert made.problems == ('The body was left alone: there is nothing at "/notAfter".',)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
NAMES = st.sampled_from(["mvpd", "domainName", "redirectUrl", "x y", "\u00e9"])


@given(st.dictionaries(TEXTS, TEXTS | st.integers(), min_size=1, max_size=5), TEXTS, st.booleans(), st.data())
def test_a_header_there_and_back(value: dict[str, Any], new: str, url_safe: bool, data: st.DataObject) -> None:
    raw = forge.b64(json.dumps(value, separators=(", ", ": ")), url_safe=url_safe)
    key = data.draw(st.sampled_from(sorted(value)))
    path = "/" + key.replace("~", "~0").replace("/", "~1")
    changed = change_fields(raw, fields(set={path: new}))
    assert decode_encoded_json(changed).value == {**value, key: new}
    back = change_fields(changed, fields(set={path: value[key]}))
    assert decode_encoded_json(back).value == value
    if url_safe is False:
        assert back == raw


@given(st.lists(st.tuples(NAMES, TEXTS), max_size=5), TEXTS)
def test_a_form_there_and_back(pairs: list[tuple[str, str]], value: str) -> None:
    body = "&".join(f"{quote_plus(name)}={quote_plus(text)}" for name, text in pairs).encode()
    added = change_form(body, FormChanges.model_validate({"set": {"new": value}}))
    assert added.startswith(body)
    assert change_form(added, FormChanges.model_validate({"remove": ["new"]})) == body


@given(st.binary(max_size=60), NAMES, TEXTS)
def test_arbitrary_forms(body: bytes, name: str, value: str) -> None:
    changed = change_form(body, FormChanges.model_validate({"set": {name: value}}))
    sent = Request(body=body).form
    made = Request(body=changed).form
    assert [p.raw for p in made if p.name != name] == [p.raw for p in sent if p.name != name]
    assert [p.value for p in made if p.name == name] == [value]
