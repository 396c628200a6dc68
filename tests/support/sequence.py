"""Short journeys for the tests of sequence checks: a call is one line, and what is found in a row of them another."""

import importlib.util
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

import forge
from passlens.analysis.analyzer import analyze
from passlens.analysis.tracker import Tracker
from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Action, Injection
from passlens.exchange.model import Exchange, Request, Response

T0 = forge.CLOCK
SP, MVPD = "REF30", "Cox"
HOUR = 3600.0

PATHS = {
    "create-session": ("POST", "/api/v2/{sp}/sessions"),
    "resume-session": ("POST", "/api/v2/{sp}/sessions/{code}"),
    "retrieve-session": ("GET", "/api/v2/{sp}/sessions/{code}"),
    "partner-session": ("POST", "/api/v2/{sp}/sessions/sso/{partner}"),
    "partner-profile": ("POST", "/api/v2/{sp}/profiles/sso/{partner}"),
    "authenticate": ("GET", "/api/v2/authenticate/{sp}/{code}"),
    "poll": ("GET", "/api/v2/{sp}/profiles/code/{code}"),
    "profiles": ("GET", "/api/v2/{sp}/profiles"),
    "profile": ("GET", "/api/v2/{sp}/profiles/{mvpd}"),
    "configuration": ("GET", "/api/v2/{sp}/configuration"),
    "authorize": ("POST", "/api/v2/{sp}/decisions/authorize/{mvpd}"),
    "preauthorize": ("POST", "/api/v2/{sp}/decisions/preauthorize/{mvpd}"),
    "logout": ("GET", "/api/v2/{sp}/logout/{mvpd}"),
    "register": ("POST", "/o/client/register"),
    "token": ("POST", "/o/client/token"),
    "v1": ("GET", "/reggie/v1/REF30/regcode"),
}


def session(
    code: str | None = "AAAA1A1", action: str = "authenticate", reason: str = "none", *,
    until: float = 1800.0, missing: Sequence[str] = (), mvpd: str | None = MVPD, at: float = 0.0,
) -> dict[str, Any]:  # fmt: skip
    """A sessions response; ``until`` and ``at`` are seconds after T0."""
    made = {"actionName": action, "actionType": "direct", "reasonType": reason, "code": code, "mvpd": mvpd}
    made |= {"notBefore": forge.epoch_ms(T0 + at), "notAfter": forge.epoch_ms(T0 + until)}
    return forge.without_none(made) | ({"missingParameters": list(missing)} if missing else {})


def profiles(kind: str = "regular", mvpd: str = MVPD, *, until: float = 24 * HOUR) -> dict[str, Any]:
    """A response with one profile."""
    times = {"notBefore": int(T0 * 1000), "notAfter": int((T0 + until) * 1000)}
    return {"profiles": {mvpd: {**times, "issuer": mvpd, "type": kind, "attributes": {}}}}


NONE: dict[str, Any] = {"profiles": {}}


def decisions(**resources: str) -> dict[str, Any]:
    """A decisions response: ``permit``, or ``code/action`` of a denial."""
    items = []
    for resource, word in resources.items():
        item: dict[str, Any] = {"resource": resource, "serviceProvider": SP, "mvpd": MVPD, "source": "mvpd"}
        item["authorized"] = word == "permit"
        if word != "permit":
            code, _, action = word.partition("/")
            item["error"] = {"code": code, "action": action or "none", "status": 403, "message": "no"}
        items.append(item)
    return {"decisions": items}


def error(code: str, action: str = "none", status: int = 400) -> dict[str, Any]:
    """The body of an Enhanced Error Code."""
    return {"code": code, "action": action, "status": status, "message": "no"}


def token(at: float = 0.0, life: int = 21600) -> dict[str, Any]:
    """The response of the token endpoint."""
    made = int((T0 + at) * 1000)
    return {"id": "x", "access_token": "opaque", "created_at": made, "expires_in": life, "token_type": "bearer"}


def call(
    operation: str, at: float, body: Any = None, *, status: int | None = 200, took: float = 0.04, code: str = "AAAA1A1",
    sp: str = SP, mvpd: str = MVPD, partner: str = "Apple", sub: str | None = "app", exp: float = 6 * HOUR,
    device: str | None = "tv", client: str | None = "192.168.1.50", form: Mapping[str, str] | None = None,
    resources: Sequence[str] = (), headers: Mapping[str, str] | None = None, info: Mapping[str, Any] | None = None,
    injected: str | None = None, statement: str = "statement", scheme: str = "https",
) -> Exchange:  # fmt: skip
    """One exchange ``at`` seconds after T0; ``status`` None: no answer. ``injected`` is what passlens did."""
    method, template = PATHS[operation]
    sent: dict[str, str] = {"User-Agent": forge.USER_AGENT, "X-Device-Info": forge.device_info(**(info or {}))}
    if sub is not None and operation not in ("register", "token", "authenticate"):
        sent["Authorization"] = f"Bearer {forge.jws({'sub': sub, 'exp': int(T0 + exp), 'scopes': 'api:client:v2'})}"
    if device is not None and operation not in ("register", "token", "authenticate"):
        sent["AP-Device-Identifier"] = forge.device_identifier(device)
    raw = b""
    if operation in ("authorize", "preauthorize"):
        raw = json.dumps({"resources": list(resources or ("news",))}).encode()
        sent["Content-Type"] = "application/json;charset=utf-8"
    elif operation == "register":
        raw = json.dumps({"software_statement": statement}).encode()
        sent["Content-Type"] = "application/json;charset=utf-8"
    elif method == "POST":
        raw = urlencode(form or {}).encode()
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    pairs = tuple((name, value) for name, value in (sent | dict(headers or {})).items() if value)
    path = template.format(sp=sp, code=code, mvpd=mvpd, partner=partner)
    request = Request(pairs, raw, None, method, scheme, "sp.auth.adobe.com", 443, path, client)
    response = None
    if status is not None:
        kind = (("Content-Type", "application/json;charset=UTF-8"),)
        content = json.dumps(body).encode() if body is not None else b""
        response = Response(kind, content, None, status)
    injection = Injection("scenario", "rule", (Action(injected),)) if injected else None  # type: ignore[arg-type]
    return Exchange(request, response, started=T0 + at, duration_ms=took * 1000, injection=injection)


def register(at: float, client_id: str = "app", **words: Any) -> Exchange:
    """A registration that succeeds."""
    words = {"status": 201} | words
    return call("register", at, {"client_id": client_id, "client_secret": "s", "redirect_uris": []}, **words)


def get_token(at: float, client_id: str = "app", life: int = 21600, **words: Any) -> Exchange:
    """A token that is given."""
    words = {"status": 201, "form": {"client_id": client_id}} | words
    return call("token", at, token(at, life), **words)


def judged(calls: Sequence[Exchange]) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Tracker]:
    """Entries and journeys of a recording with these calls, in the order of their ends."""
    tracker, entries, journeys = Tracker(), [], []
    for index, ex in enumerate(calls):
        ex.index = index
        if ex.route is None:
            tracker.other(ex)
            continue
        decoded = Decoded(ex)
        entry: Any = analyze(decoded)
        journeys += tracker.feed(decoded, entry)
        entries.append(entry)
    return entries, [*journeys, *tracker.finish()], tracker  # type: ignore[list-item]


def found(calls: Sequence[Exchange], code: str) -> list[dict[str, Any]]:
    """The findings of one code, each with the ``index`` of its entry."""
    entries, _, _ = judged(calls)
    return [one | {"index": entry["index"]} for entry in entries for one in entry["findings"] if one["code"] == code]


@dataclass(frozen=True)
class Journey:
    """A row of a table: ``expected`` is ``severity@index`` of each finding of the code, nothing for a near miss."""

    code: str
    name: str
    expected: str
    calls: Sequence[Exchange]


def parametrize(rows: Sequence[Journey]) -> pytest.MarkDecorator:
    """Parametrize a test over ``row``."""
    return pytest.mark.parametrize("row", rows, ids=[f"{row.code} {row.name}" for row in rows])


def verify(row: Journey) -> None:
    """The findings of the code are those that the row expects, with others that came before named."""
    hits = found(row.calls, row.code)
    assert " ".join(f"{hit['severity']}@{hit['index']}" for hit in hits) == row.expected, hits
    for hit in hits:
        assert all(index <= hit["index"] for index in hit["related"]), hit
        assert "{" not in hit["message"], hit


@cache
def collected() -> dict[str, list[Journey]]:
    """The rows of every test module of the sequence checks, by code."""
    rows: dict[str, list[Journey]] = {}
    for path in sorted((Path(__file__).parent.parent / "checks" / "sequence").glob("test_*.py")):
        if "\nJOURNEYS = [" not in path.read_text("utf-8"):
            continue
        spec = importlib.util.spec_from_file_location(f"journeys_of_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for row in module.JOURNEYS:
            rows.setdefault(row.code, []).append(row)
    return rows
