"""Recordings, configuration and baselines that somebody else made: nothing in them runs or takes the reader down, and
what stands beside a bad part is still read."""

import ast
import base64
import io
import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mitmproxy.io import FlowReader, tnetstring

from fuzz import limits
from passlens.analysis.analyzer import analyze
from passlens.errors import ReadError
from passlens.exchange.model import Exchange
from passlens.recordings.reader import read, read_flows
from passlens.runner.baseline_file import read_baseline
from passlens.runner.config_file import load
from passlens.util.text import escape_controls

ROOT = Path(__file__).parents[2]
RECORDINGS = ROOT / "tests" / "recordings"
FLOW = next(iter(FlowReader(io.BytesIO((RECORDINGS / "apple-tv.mitm").read_bytes())).stream()))
STATE: dict[str, Any] = FLOW.get_state()
ENTRY: dict[str, Any] = json.loads((RECORDINGS / "apple-tv.har").read_bytes())["log"]["entries"][0]


# ---- nothing is executed

MODULES = ("pickle", "marshal", "shelve", "dill", "code", "codeop", "ctypes", "xml", "xmlrpc", "imp", "runpy")
CALLS = ("eval", "exec", "compile", "__import__", "system", "popen", "load_module", "unsafe_load", "full_load")


def dangers(tree: ast.AST) -> Iterator[str]:
    """Imports and calls through which data could become code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.partition(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in MODULES:
            yield str(node.module)
        elif isinstance(node, ast.Call):
            whole = isinstance(node.func, ast.Name) and node.func.id in CALLS
            part = isinstance(node.func, ast.Attribute) and node.func.attr in ("system", "popen", "unsafe_load")
            shell = any(word.arg == "shell" for word in node.keywords)
            yaml = any(getattr(word.value, "value", "") in ("unsafe", "full") for word in node.keywords)
            if whole or part or shell or yaml:
                yield ast.unparse(node)


def test_no_module_could_run_what_it_reads() -> None:
    found = {path.name: list(dangers(ast.parse(path.read_text("utf-8")))) for path in (ROOT / "addons").rglob("*.py")}
    # The processes of one check send each other pickles, and read none from elsewhere.
    assert {name: what for name, what in found.items() if what} == {"jobs.py": ["pickle"]}


@pytest.mark.parametrize("text", ["import pickle", "from xml.etree import x", "eval(a)", "run(a, shell=True)",
                                  "os.system(a)", "YAML(typ='unsafe')"])  # fmt: skip
def test_the_search_for_such_modules_finds_them(text: str) -> None:
    assert list(dangers(ast.parse(text)))


class Bomb:
    """Ends the test run if anybody unpickles it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return SystemExit, ("a pickle was read",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_no_pickle_is_read(protocol: int, tmp_path: Path) -> None:
    data = pickle.dumps(Bomb(), protocol)
    (tmp_path / "a.mitm").write_bytes(data)
    (tmp_path / "b.mitm").write_bytes(tnetstring.dumps({"type": "http", "version": 21, "metadata": data}))
    entry = {**ENTRY, "response": {"content": {"encoding": "base64", "text": base64.b64encode(data).decode()}}}
    (tmp_path / "c.har").write_text(json.dumps({"log": {"entries": [entry]}}))
    kinds = [type(item) for item in read([str(tmp_path)])]
    assert kinds == [ReadError, ReadError, Exchange]


# ---- bad parts


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside a value."""
    if way:
        yield way
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*way, key))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value[:3]):
            yield from places(item, (*way, number))


def replaced(value: Any, way: tuple[Any, ...], new: Any) -> Any:
    """The value with another one in that place."""
    if not way:
        return new
    if isinstance(value, dict):
        return {key: replaced(item, way[1:], new) if key == way[0] else item for key, item in value.items()}
    return [replaced(item, way[1:], new) if number == way[0] else item for number, item in enumerate(value)]


WRONG = (None, -1, 2**70, float("nan"), b"\xff\xfe", "\u202e", [], {}, [[b"a"]], {"a": None}, True)


def test_a_mitm_record_with_any_wrong_value_harms_no_other(tmp_path: Path) -> None:
    good = tnetstring.dumps(STATE)
    path = tmp_path / "bad.mitm"
    for number, way in enumerate(places(STATE)):
        for new in (WRONG[number % len(WRONG)], WRONG[(number + 3) % len(WRONG)]):
            path.write_bytes(tnetstring.dumps(replaced(STATE, way, new)) + good)
            bad, after = read([str(path)])
            assert isinstance(after, Exchange), way
            if isinstance(bad, Exchange) and bad.route is not None:
                assert analyze(bad)["operation"], way
            assert len(list(read_flows([str(path)]))) == 2


def test_a_har_entry_with_any_wrong_value_harms_no_other(tmp_path: Path) -> None:
    path = tmp_path / "bad.har"
    wrong = [value for value in WRONG if not isinstance(value, bytes) and value not in ([[b"a"]],)]
    for number, way in enumerate(places(ENTRY)):
        new = wrong[number % len(wrong)]
        path.write_text(json.dumps({"log": {"entries": [replaced(ENTRY, way, new), ENTRY]}}))
        bad, after = read([str(path)])
        assert isinstance(after, Exchange), way
        if isinstance(bad, Exchange) and bad.route is not None:
            assert analyze(bad)["operation"], way


HEAD = b'{"log": {"entries": ['
ABSURD: dict[str, bytes] = {
    "lists": HEAD + b"[" * 200_000,
    "objects": HEAD + b'{"request":' * 50_000,
    "objects that close": HEAD + b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "a log in a log": b'{"log":' * 50_000,
    "a long number": HEAD + b'{"request": {"method": "GET", "url": "/"}, "time": ' + b"9" * 200_000 + b"}]}}",
    "many numbers": HEAD + b"1," * 30_000,
    "quotes": HEAD + b'"' * 60_000,
    "backslashes": HEAD + b'{"a": "' + b"\\" * 200_000,
    "commas": HEAD + b"," * 200_000,
    "a long key": b'{"' + b"k" * 200_000,
    "broken entries": HEAD + b'{"request":{"method":1,' * 8_000,
    "lengths in lengths": b"".join(b"%d:" % (9 * number) for number in range(20_000)),
    "a length without end": b"9" * 200_000,
    "many short records": b"0:}" * 20_000,
    "many broken records": b"3:a:b}" * 15_000,
}


@pytest.mark.parametrize("name", ABSURD)
def test_an_absurd_file_is_told_of_in_time(name: str, tmp_path: Path) -> None:
    path = tmp_path / "absurd"
    path.write_bytes(ABSURD[name])
    found: list[Any] = []

    def run(data: bytes) -> None:
        found[:] = read([str(path)])

    limits.within_time(run, ABSURD[name], 1.5)
    read_errors = [item for item in found if isinstance(item, ReadError)]
    assert read_errors or name == "a long number"
    assert all("\n" not in item.sentence and len(item.sentence) < 500 for item in read_errors)


# ---- what stands beside recordings

DEEP = 40_000
SETTINGS: dict[str, bytes] = {
    "deep lists": b"select = " + b"[" * DEEP,
    "deep tables": b"[" + b"a." * DEEP + b"a]",
    "deep keys": b"a." * DEEP + b"a = 1",
    "a long number": b"select = " + b"9" * DEEP,
    "a long text": b'fail-on = "' + b"x" * DEEP + b'"',
    "signs that steer": 'fail-on = "\u202e\\u001b[2J\\u0000"'.encode(),
    "a key that steers": '"\\u001b[2J\u2028" = 1'.encode(),
    "a file elsewhere": b'baseline = "\\u0000"',
    "no UTF-8": b'select = "\xff"',
    "a date": b"select = 2020-01-01",
    "a filter that is none": b'format = ["text"]',
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_configuration_that_means_harm_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / "passlens.toml"
    path.write_bytes(SETTINGS[name])

    def run(data: bytes) -> None:
        with pytest.raises(ValueError, match=r"passlens\.toml") as caught:
            load(path)
        assert "\n" not in escape_controls(str(caught.value))
        assert len(str(caught.value)) < 700

    limits.within_time(run, SETTINGS[name], 1.5)


KIND = b'{"kind": "passlens baseline", "schema": 1, "findings": '
BASELINES: dict[str, bytes] = {
    "deep lists": KIND + b"[" * DEEP,
    "a long number": b'{"kind": "passlens baseline", "schema": ' + b"9" * DEEP + b"}",
    "NaN": b'{"kind": "passlens baseline", "schema": NaN}',
    "negative counts": KIND + b'[{"operation": "", "code": "", "at": "", "expected": "", "actual": "", "count": -1}]}',
    "no object": b"[]",
    "nothing": b"",
    "no UTF-8": b'{"kind": "\xff\xfe"}',
}


@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_that_means_harm_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_bytes(BASELINES[name])
    with pytest.raises(ValueError, match=r"baseline\.json") as caught:
        read_baseline(str(path))
    assert len(str(caught.value)) < 700
