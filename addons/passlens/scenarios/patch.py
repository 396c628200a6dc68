"""JSON patch (RFC 6902) on a parsed value. All steps hold or none: a step that cannot be done says why."""

import copy
import json
from collections.abc import Sequence
from typing import Any

from passlens.errors import EditError
from passlens.rest_v2.json_decoding import decode_json
from passlens.scenarios.budget import look, made
from passlens.scenarios.changes import PatchStep
from passlens.scenarios.json_edit import same
from passlens.scenarios.paths import index, split


def apply(value: Any, steps: Sequence[PatchStep]) -> Any:
    """The value after all steps; the one given stays as it is. Raises EditError with a clause."""
    holder = {"": copy.deepcopy(value)}
    for step in steps:
        look()
        path = _steps(step.path)
        origin = _steps(step.from_ or "")
        match step.op:
            case "add":
                _add(holder, path, copy.deepcopy(step.value))
            case "remove":
                _take(holder, path)
            case "replace":
                _get(holder, path)
                _replace(holder, path, copy.deepcopy(step.value))
            case "move":
                if path[: len(origin)] == origin and path != origin:
                    raise EditError(f"{step.from_} cannot be moved into itself")
                _add(holder, path, _take(holder, origin))
            case "copy":
                copied = copy.deepcopy(_get(holder, origin))
                made(len(json.dumps(copied)))
                _add(holder, path, copied)
            case "test":
                if not same(_get(holder, path), step.value):
                    raise EditError(f"the test of {step.path or 'the whole'} failed")
    return holder.get("")


def _steps(pointer: str) -> tuple[str, ...]:
    """The steps below the holder, whose only member is the whole value."""
    return ("", *split(pointer)) if pointer else ("",)


def _get(value: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and (at := index(step)) is not None and at < len(value):
            value = value[at]
        else:
            raise EditError(f"there is nothing at {_shown(path)}")
    return value


def _shown(path: tuple[str, ...]) -> str:
    return json.dumps("/".join(path), ensure_ascii=False)


def _add(holder: Any, path: tuple[str, ...], value: Any) -> None:
    parent, step = _get(holder, path[:-1]), path[-1]
    if isinstance(parent, dict):
        parent[step] = value
        return
    at = len(parent) if step == "-" and isinstance(parent, list) else index(step)
    if not isinstance(parent, list) or at is None or at > len(parent):
        raise EditError(f"nothing can be added at {_shown(path)}")
    parent.insert(at, value)


def _replace(holder: Any, path: tuple[str, ...], value: Any) -> None:
    parent, step = _get(holder, path[:-1]), path[-1]
    parent[step if isinstance(parent, dict) else int(step)] = value


def _take(holder: Any, path: tuple[str, ...]) -> Any:
    value = _get(holder, path)
    parent, step = _get(holder, path[:-1]), path[-1]
    del parent[step if isinstance(parent, dict) else int(step)]
    return value


def parsed(text: str) -> Any:
    """A JSON text's value; raises EditError with a clause."""
    read = decode_json(text)
    if not read.valid:
        raise EditError(f"it is no JSON ({read.problem})")
    return read.value
