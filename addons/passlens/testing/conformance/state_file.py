"""The small file of a conformance run, so that it can be stopped and gone on with: what came of each scenario."""

import json
from pathlib import Path
from typing import Any, Final, get_args

from typing_extensions import TypedDict

from passlens.errors import InputError, WriteError
from passlens.testing.conformance.outcome import ConformanceResult, ConformanceVerdict
from passlens.util import plain_file
from passlens.util.atomic import cannot_write, replacing

NAME: Final = "passlens-conformance.json"
SCHEMA: Final = 1
KIND: Final = "passlens conformance"

MAX_BYTES: Final = 20_000_000
"""Bytes that are read; a run through all scenarios has a few hundred thousand."""


class RunState(TypedDict):
    """A run. ``devices`` are those that were seen, in words; ``versions`` of passlens and mitmproxy; times are ISO 8601
    in UTC."""

    began: str
    app: str
    versions: str
    devices: list[str]
    results: dict[str, ConformanceResult]


def read_state(path: Path) -> RunState | None:
    """The run in a file, None where there is none; raises InputError with a sentence."""
    try:
        data = plain_file.read(str(path), MAX_BYTES)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"The state of the run, {path}, cannot be read ({reason}): name another with --state."
        ) from None
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    if not _is_run(document):
        raise InputError(f"{path} is no conformance run of this version: name another with --state, or say --fresh.")
    state: RunState = document["run"]
    return state


def _is_run(document: Any) -> bool:
    if not isinstance(document, dict) or (document.get("kind"), document.get("schema")) != (KIND, SCHEMA):
        return False
    run = document.get("run")
    if (
        not isinstance(run, dict)
        or not isinstance(run.get("results"), dict)
        or not isinstance(run.get("devices"), list)
    ):
        return False
    if not all(isinstance(run.get(name), str) for name in ("began", "app", "versions")):
        return False
    return all(_is_result(result) for result in run["results"].values())


def _is_result(result: Any) -> bool:
    if not isinstance(result, dict) or result.get("outcome") not in get_args(ConformanceVerdict):
        return False
    texts = all(isinstance(result.get(name), str) for name in ("name", "why", "began"))
    lists = (result.get("expectations"), result.get("exchanges"))
    return texts and all(isinstance(one, list) and all(isinstance(item, dict) for item in one) for one in lists)


def write_state(path: Path, state: RunState) -> None:
    """Write the run in one go; raises WriteError with a sentence."""
    text = json.dumps({"kind": KIND, "schema": SCHEMA, "run": state}, indent=1) + "\n"
    try:
        with replacing(path) as stream:
            stream.write(text.encode("ascii"))
    except (OSError, ValueError) as error:
        raise WriteError(cannot_write(f"The state of the run, {path},", error)) from None
