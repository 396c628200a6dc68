"""A second reading of answers, by the fact base alone: what a page or a sample says of an answer of today, told without
any table of passlens. What departs from it is a sentence."""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

from support.facts import ANSWERS, load

SESSIONS = ("create-session", "resume-session", "partner-session")
DCR = ("dcr-register", "dcr-token")
ERROR_ROWS = [row for file in ANSWERS for row in load(file)["answer_rows"]]
CODES = {row["code"]: row for row in load("error-codes")["codes"]}
OPERATIONS = {row["id"]: row for row in load("endpoints")["operations"]}


class Answer(NamedTuple):
    """An answer with what was asked: path parameters by their names, the resources of a request for decisions."""

    operation: str
    path: Mapping[str, str]
    status: int
    headers: Mapping[str, str]
    body: bytes
    resources: tuple[str, ...] = ()

    def header(self, name: str) -> str | None:
        """A header, whatever its letter case."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)

    @property
    def media_type(self) -> str | None:
        """The media type of the body."""
        value = self.header("Content-Type")
        return value.partition(";")[0].strip().lower() if value is not None else None


def objections(answer: Answer) -> list[str]:
    """What the facts have against an answer, as sentences."""
    return list(_objections(answer))


def _objections(answer: Answer) -> Iterator[str]:
    row = OPERATIONS[answer.operation]
    if answer.status == 405 and not answer.body:
        # HTTP's own word for a method that no page has.
        return
    listed = {*row["success"], *row.get("success_openapi", ()), *row["errors"], 429}
    if answer.status not in listed:
        yield f"the status {answer.status} is not one of the page"
    if answer.status == 429:
        yield from _throttled(answer)
    elif answer.operation == "authenticate":
        yield from _navigation(answer)
    elif answer.status >= 400:
        yield from _error(answer)
    else:
        if answer.media_type != "application/json":
            yield f"the media type is {answer.media_type}"
        value = json.loads(answer.body)
        yield from _READERS[answer.operation](answer, value)


# ---- values by the words of the facts


def _is_of(value: Any, wire_type: str) -> bool:
    """Whether a JSON value has the type that a fact tells in words; unknown words are of any type."""
    word = wire_type.split(":")[0]
    if word.startswith("string of epoch"):
        return isinstance(value, str) and bool(re.fullmatch(r"\d{13}", value))
    if word.startswith("integer of epoch"):
        return isinstance(value, int) and not isinstance(value, bool) and len(str(value)) == 13
    if word.startswith(("integer", "number")):
        return isinstance(value, int) and not isinstance(value, bool)
    if word.startswith("absolute URL"):
        return isinstance(value, str) and bool(urlsplit(value).scheme and urlsplit(value).netloc)
    if word.startswith("Base64"):
        return isinstance(value, str) and _base64(value) is not None
    if word.startswith("string"):
        return isinstance(value, str) and value != ""
    if word.startswith("boolean"):
        return isinstance(value, bool)
    if word.startswith("array of"):
        inner = word.removeprefix("array of ").removesuffix("s")
        return isinstance(value, list) and all(_is_of(one, inner) for one in value)
    if word.startswith("object of"):
        return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    if word.startswith(("object", "Enhanced")):
        return isinstance(value, dict)
    return True


def _base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _members(value: Any, facts: list[dict[str, Any]], where: str) -> Iterator[str]:
    """Types of the members that are listed, presence of those that are required, and members that nobody lists."""
    if not isinstance(value, dict):
        yield f"{where} is no object"
        return
    known = {fact["name"]: fact for fact in facts}
    for name, fact in known.items():
        if name not in value:
            if fact.get("presence") == "required":
                yield f"{where} lacks {name}"
        elif not _is_of(value[name], fact["wire_type"]):
            yield f"{where}: {name} is no {fact['wire_type']}"
    for name in value:
        if name not in known:
            yield f"{where} has {name}, which no fact lists"


def _order(value: Mapping[str, Any], where: str) -> Iterator[str]:
    if {"notBefore", "notAfter"} <= value.keys() and int(value["notBefore"]) >= int(value["notAfter"]):
        yield f"{where} ends before it begins"


def _current(rows: list[dict[str, Any]], operation: str) -> list[dict[str, Any]]:
    """Rows of an operation that hold today, announced ones included."""
    of = [row for row in rows if operation in (row.get("operations") or [row.get("operation")])]
    return [row for row in of if row["until"] in ("head", "unconfirmed")]


def _attributes(value: Mapping[str, Any], row: dict[str, Any], where: str) -> Iterator[str]:
    for name in row.get("must_be_present", ()):
        if name not in value:
            yield f"{where} lacks {name} of row {row['id']}"
    for name in row.get("must_be_absent", ()):
        if name in value:
            yield f"{where} has {name}, which row {row['id']} has not"


# ---- errors


def _throttled(answer: Answer) -> Iterator[str]:
    if answer.media_type != "text/html":
        yield f"the media type of a 429 is {answer.media_type}"


def _error(answer: Answer) -> Iterator[str]:
    rows = [row for row in _current(ERROR_ROWS, answer.operation) if answer.status in _statuses(row)]
    if not rows and answer.operation not in (*SESSIONS, "retrieve-session"):
        yield f"no row of {answer.operation} has the status {answer.status}"
    if not answer.body:
        return  # The pages say that the body may carry an error.
    value = json.loads(answer.body)
    if answer.operation in DCR:
        words = [code for row in rows for code in row.get("codes", ())]
        if value.get("error") not in words:
            yield f"the error is {value.get('error')}, not one of {words}"
        return
    if answer.media_type != "application/json":
        yield f"the media type of the error is {answer.media_type}"
    yield from _enhanced(value, "the error")
    named = [row for row in _current(ERROR_ROWS, answer.operation) if value.get("code") in row.get("codes", ())]
    if named and not any(answer.status in _statuses(row) for row in named):
        yield f"{value['code']} comes with {answer.status}"
    if value.get("status") != answer.status:
        yield f"the status inside is {value.get('status')}, outside {answer.status}"


def _statuses(row: dict[str, Any]) -> list[int]:
    found = row["http_status"]
    return list(found) if isinstance(found, list) else [found]


def _enhanced(value: Any, where: str) -> Iterator[str]:
    code = CODES.get(value.get("code")) if isinstance(value, dict) else None
    if code is None:
        yield f"{where} has no code of the table"
        return
    for name in ("action", "status"):
        if value.get(name) != code[name]:
            yield f"{where}: {name} of {code['code']} is {value.get(name)}, the table has {code[name]}"
    for name in value:
        if name not in load("session-responses")["error_body"]:
            yield f"{where} has {name}, which no error has"


# ---- successes


def _navigation(answer: Answer) -> Iterator[str]:
    if answer.status >= 400:
        if answer.body and answer.media_type != "text/html":
            yield f"the media type of the error is {answer.media_type}"
        return
    location = answer.header("Location")
    if answer.status == 302 and not location:
        yield "a redirect without Location"
    query = parse_qs(urlsplit(location or "").query)
    if query.get("requestor_id", [answer.path["serviceProvider"]]) != [answer.path["serviceProvider"]]:
        yield "requestor_id is another service provider"


def _session(answer: Answer, value: Any) -> Iterator[str]:
    triple = tuple(value.get(name) for name in ("actionName", "actionType", "reasonType"))
    rows = [
        row
        for row in _current(load("session-responses")["truth_table"], answer.operation)
        if (row["actionName"], row["actionType"], row["reasonType"]) == triple
    ]
    if not rows:
        yield f"{triple} is in no row of the truth table"
        return
    row = rows[0]
    yield from _attributes(value, row, "the answer")
    allowed = {*row["must_be_present"], "mvpd"}
    yield from (f"the answer has {name}, which row {row['id']} has not" for name in value if name not in allowed)
    for name in ("notBefore", "notAfter"):
        if name in value and not _is_of(value[name], "string of epoch milliseconds"):
            yield f"{name} is no string of epoch milliseconds"
    yield from _order(value, "the session")
    known = {"serviceProvider": answer.path["serviceProvider"], "partner": answer.path.get("partner", "")}
    known |= {name: value.get(name, "") for name in ("code", "mvpd")}
    urls = [re.sub(r"\{(\w+)\}", lambda match: quote(known[match[1]], safe=""), url) for url in row["urls"]]
    if value.get("url") not in urls:
        yield f"the url is {value.get('url')}, not one of {urls}"
    if value.get("serviceProvider") != answer.path["serviceProvider"]:
        yield "the serviceProvider is not that of the path"
    if "code" in answer.path and value.get("code", answer.path["code"]) != answer.path["code"]:
        yield "the code is not that of the path"
    names = {"domain" if name == "domainName" else name for name in load("session-responses")["missingParameters"]}
    if not {*value.get("missingParameters", ())} <= names:
        yield f"missingParameters is {value['missingParameters']}"
    if "authenticationRequest" in value:
        request = value["authenticationRequest"]
        text = _base64(request.get("request", "")) if isinstance(request, dict) else None
        if request.get("type") != "saml" or text is None or not text.startswith(b"<"):
            yield "the authenticationRequest is no SAML in Base64"


def _retrieved(answer: Answer, value: Any) -> Iterator[str]:
    shape = next(row for row in load("session-responses")["retrieve_shapes"] if row["until"] == "head")
    yield from _members(value, shape["members"], "the answer")
    yield from _order(value, "the session")
    if value.get("existingParameters", {}).get("serviceProvider") != answer.path["serviceProvider"]:
        yield "the serviceProvider is not that of the path"
    for name in value.get("device", {}):
        if name not in load("session-responses")["device"]["Device"]:
            yield f"the device has {name}, which no fact lists"


def _profiles(answer: Answer, value: Any) -> Iterator[str]:
    facts = load("profiles")
    found = value.get("profiles")
    if set(value) != {"profiles"} or not isinstance(found, dict):
        yield "the answer is no map of profiles"
        return
    for mvpd, profile in found.items():
        yield from _members(profile, facts["members"], f"the profile of {mvpd}")
        yield from _order(profile, f"the profile of {mvpd}")
        yield from _profile(answer, mvpd, profile)
    if answer.path.get("mvpd") is not None and not set(found) <= {answer.path["mvpd"]}:
        yield f"there are profiles of {list(found)}"
    if answer.operation == "partner-profile" and found:
        degraded = all(profile["type"] == "degraded" for profile in found.values())
        if answer.status != (200 if degraded else 201):
            yield f"the status is {answer.status} with {[profile['type'] for profile in found.values()]}"


def _profile(answer: Answer, mvpd: str, profile: Any) -> Iterator[str]:
    facts, names = load("profiles"), profile["attributes"]
    rows = [
        row
        for row in _current(facts["profile_rows"], answer.operation)
        if row["type"] == profile["type"]
        and set(row["must_have_attributes"]) <= set(names)
        and not set(row.get("must_be_absent_attributes", ())) & set(names)
    ]
    if not rows:
        yield f"a profile of type {profile['type']} with {sorted(names)} is in no row of {answer.operation}"
        return
    row = rows[0]
    if profile["issuer"] != (mvpd if row["issuer"] == "key" else row["issuer"]):
        yield f"the issuer of {row['id']} is {profile['issuer']}"
    user = names["userID"]["value"]
    if not str(user).startswith(row.get("user_id_starts", "")):
        yield f"the userID of {row['id']} starts otherwise"
    keys = {key["key"]: key for key in facts["metadata"]}
    for name, piece in names.items():
        if set(piece) != {"value", "state"} or piece["state"] not in facts["state"]:
            yield f"{name} is {sorted(piece)}, {piece.get('state')}"
        elif name not in keys:
            yield f"{name} is no metadata that a page names"
        elif not _is_of(piece["value"], keys[name]["type"]):
            yield f"{name} is no {keys[name]['type']}"
        elif keys[name].get("must_be_encrypted") and piece["state"] != "enc":
            yield f"{name} is not encrypted"


def _decisions(answer: Answer, value: Any) -> Iterator[str]:
    facts, found = load("decisions"), value.get("decisions")
    if set(value) != {"decisions"} or not isinstance(found, list) or not found:
        yield "the answer is no list of decisions"
        return
    if answer.resources and tuple(item.get("resource") for item in found) != answer.resources:
        yield f"decisions about {[item.get('resource') for item in found]}, asked for {answer.resources}"
    for item in found:
        where = f"the decision about {item.get('resource')}"
        members = [fact for fact in facts["members"] if answer.operation in fact.get("operations", [answer.operation])]
        yield from _members(item, members, where)
        yield from _order(item, where)
        code = item.get("error", {}).get("code")
        rows = [
            row
            for row in _current(facts["decision_rows"], answer.operation)
            if (row["authorized"], row["source"]) == (item.get("authorized"), item.get("source"))
            and (code is None or code in (*row.get("codes", ()), *row.get("other_codes_possible", ())))
        ]
        if not rows:
            yield f"{where}: {item.get('authorized')} by {item.get('source')} with {code} is in no row"
            continue
        yield from _attributes(item, rows[0], where)
        if "error" in item:
            yield from _enhanced(item["error"], where)
        for name in ("serviceProvider", "mvpd"):
            if item.get(name) != answer.path[name]:
                yield f"{where}: {name} is not that of the path"
        if "token" in item:
            yield from _token(item, where)


def _token(item: Any, where: str) -> Iterator[str]:
    token = item["token"]
    yield from _members(token, load("decisions")["token"][:3], f"the token of {where}")
    yield from _order(token, f"the token of {where}")
    if "notAfter" in item and token["notAfter"] > item["notAfter"]:
        yield f"{where} ends before its token"


def _configuration(answer: Answer, value: Any) -> Iterator[str]:
    facts = load("configuration")
    yield from _members(value, facts["members"], "the answer")
    requestor = value.get("requestor", {})
    yield from _members(requestor, facts["requestor"], "the requestor")
    if requestor.get("id") != answer.path["serviceProvider"]:
        yield "the requestor is not the service provider of the path"
    for mvpd in requestor.get("mvpds", ()):
        yield from _members(mvpd, facts["mvpd"], f"the mvpd {mvpd.get('id')}")
        if mvpd.get("boardingStatus", "PICKER") not in facts["boardingStatus"]:
            yield f"boardingStatus is {mvpd['boardingStatus']}"


def _logout(answer: Answer, value: Any) -> Iterator[str]:
    found = value.get("logouts")
    if set(value) != {"logouts"} or not isinstance(found, dict):
        yield "the answer is no map of logouts"
        return
    for mvpd, entry in found.items():
        rows = [
            row
            for row in load("logout")["entry_rows"]
            if (row["actionName"], row["actionType"]) == (entry.get("actionName"), entry.get("actionType"))
        ]
        if not rows:
            yield f"{entry} is in no row"
            continue
        yield from _attributes(entry, rows[0], f"the logout of {mvpd}")
        if set(entry) - {"actionName", "actionType", "mvpd", "url"} or entry.get("mvpd") != mvpd:
            yield f"the logout of {mvpd} is {entry}"
        query = parse_qs(urlsplit(entry.get("url", "")).query)
        if "url" in entry and (query.get("requestor_id"), query.get("mso_id")) != (
            [answer.path["serviceProvider"]],
            [mvpd],
        ):
            yield f"the url of the logout of {mvpd} is about {query}"
    if answer.path.get("mvpd") is not None and set(found) != {answer.path["mvpd"]}:
        yield f"logouts of {list(found)}"


def _handed_out(answer: Answer, value: Any) -> Iterator[str]:
    yield from _members(value, load("dcr")["members"][answer.operation], "the answer")
    if answer.operation == "dcr-register":
        if "api:client:v2" not in value.get("scopes", ()):
            yield "the scopes lack api:client:v2"
        if len(str(value.get("client_id_issued_at"))) != 10:
            yield "client_id_issued_at has no 10 digits"
    else:
        if len(str(value.get("created_at"))) != 13:
            yield "created_at has no 13 digits"
        if str(value.get("token_type")).lower() != "bearer":
            yield "token_type is not bearer"


_READERS = {
    **dict.fromkeys(SESSIONS, _session),
    "retrieve-session": _retrieved,
    **dict.fromkeys(
        ("retrieve-profiles", "retrieve-profile-mvpd", "retrieve-profile-code", "partner-profile"), _profiles
    ),
    "authorize": _decisions,
    "preauthorize": _decisions,
    "retrieve-configuration": _configuration,
    "logout": _logout,
    **dict.fromkeys(DCR, _handed_out),
}
