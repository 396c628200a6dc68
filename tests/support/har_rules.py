"""HAR 1.2 as browsers take it: the models of ``hario-core``, which were not written here, and what they leave open.
``complaints`` lists what a document has wrong; members that HAR does not have must start with an underscore."""

import json
import re
import sys
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

MODELS: Final = sys.version_info < (3, 14)
"""hario-core pins an orjson that has no wheels for later versions; the rules below are held there all the same."""

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
_LONE: Final = re.compile(r"\\u[dD][89a-fA-F]")

REQUIRED: Final = {
    "entry": {"startedDateTime", "time", "request", "response", "cache", "timings"},
    "request": {
        "method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize",
    },
    "response": {
        "status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize",
        "bodySize",
    },
    "content": {"size", "mimeType"},
    "postData": {"mimeType"},
    "timings": {"send", "wait", "receive"},
}  # fmt: skip
TEXTS: Final = {"method", "url", "httpVersion", "statusText", "redirectURL", "mimeType", "text", "encoding", "comment"}
NUMBERS: Final = {"status", "headersSize", "bodySize", "size", "compression"}


def complaints(data: bytes) -> list[str]:
    """What a HAR file has wrong."""
    log = json.loads(data, parse_constant=lambda name: name)["log"]
    found = list(_log(log))
    if MODELS and not _LONE.search(data.decode("ascii")):
        from hario_core.models.har_1_2 import HarLog

        try:
            HarLog.model_validate_json(json.dumps(log), strict=True)
        except ValidationError as error:
            found += [f"{one['loc']}: {one['msg']}" for one in error.errors()]
        found += _unknown(log, HarLog, "log")
    return found


def _log(log: dict[str, Any]) -> Iterator[str]:
    if log["version"] != "1.2" or not all(isinstance(log["creator"].get(name), str) for name in ("name", "version")):
        yield "version or creator"
    for number, entry in enumerate(log["entries"]):
        if not isinstance(entry, dict):
            yield f"entry {number} is no object"
            continue
        yield from (f"entry {number}: {words}" for words in _entry(entry))


def _entry(entry: dict[str, Any]) -> Iterator[str]:
    yield from _lacks("entry", entry)
    if not _DATE.fullmatch(str(entry.get("startedDateTime"))):
        yield f"startedDateTime {entry.get('startedDateTime')!r}"
    timings = entry.get("timings", {})
    yield from _lacks("timings", timings)
    times = {name: value for name, value in timings.items() if name != "comment"}
    if not all(_number(value) and value >= -(name not in REQUIRED["timings"]) for name, value in times.items()):
        yield f"timings {timings}"
    elif abs(entry["time"] - sum(value for name, value in times.items() if value > 0 and name != "ssl")) > 0.01:
        yield f"time {entry['time']} is not the sum of {timings}"
    for name in ("request", "response"):
        message = entry.get(name, {})
        yield from _lacks(name, message)
        yield from _types(name, message)
        for rows in ("headers", "cookies", "queryString"):
            if not all(isinstance(row, dict) and _pair(row) for row in message.get(rows, [])):
                yield f"{rows} of the {name}"
    sent, got = entry["request"], entry["response"]
    if not re.match(r"[a-z]+://", sent["url"]):
        yield f"url {sent['url']!r} is not absolute"
    if "postData" in sent:
        post = sent["postData"]
        yield from chain(_lacks("postData", post), _types("postData", post))
        if not all(isinstance(row.get("name"), str) for row in post.get("params", [])):
            yield "params"
    yield from chain(_lacks("content", got["content"]), _types("content", got["content"]))
    if got["content"].get("encoding", "base64") != "base64":
        yield "encoding"


def _lacks(kind: str, value: dict[str, Any]) -> Iterator[str]:
    if missing := REQUIRED[kind] - value.keys():
        yield f"{kind} lacks {sorted(missing)}"


def _types(kind: str, value: dict[str, Any]) -> Iterator[str]:
    for name, item in value.items():
        if name in TEXTS and not isinstance(item, str):
            yield f"{name} of {kind} is {item!r}"
        if name in NUMBERS and (not isinstance(item, int) or isinstance(item, bool)):
            yield f"{name} of {kind} is {item!r}"


def _pair(row: dict[str, Any]) -> bool:
    return isinstance(row.get("name"), str) and isinstance(row.get("value"), str)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _unknown(value: Any, model: type[BaseModel], at: str) -> list[str]:
    """Members that the models do not know and that do not say so."""
    found = [f"{at}/{name} is no member of HAR" for name in value if name not in model.model_fields and name[0] != "_"]
    for name, field in model.model_fields.items():
        inner = [field.annotation, *get_args(field.annotation)]
        inner += [one for part in inner for one in get_args(part)]
        types = [one for one in inner if isinstance(one, type) and issubclass(one, BaseModel)]
        items = value.get(name) if isinstance(value.get(name), list) else [value.get(name)]
        for item in items if types else []:
            found += _unknown(item, types[0], f"{at}/{name}") if isinstance(item, dict) else []
    return found
