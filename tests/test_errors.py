"""The error tree: drawn as it is, statuses as the command ends, and errors that travel between processes."""

import ast
import pickle
import re
from pathlib import Path

import pytest

from passlens import errors
from passlens.errors import PasslensError, ReadError, Remark, RuleError, RuleFileError

PACKAGE = Path(__file__).parents[1] / "addons" / "passlens"


def tree(kind: type[PasslensError]) -> list[type[PasslensError]]:
    return [kind, *(one for child in kind.__subclasses__() for one in tree(child))]


def drawn() -> dict[str, tuple[str | None, int | None]]:
    """Each error of the drawing with the one it stands below, and its status where one is given."""
    found: dict[str, tuple[str | None, int | None]] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"((?:  )*)(\w+(?:Error|Remark)|Remark)(?:\s+(\d))?(?:\s|$)", line)
        if match is None:
            continue
        depth = len(match[1]) // 2
        above[depth:] = [match[2]]
        found[match[2]] = (above[depth - 1] if depth else None, int(match[3]) if match[3] else None)
    return found


def test_the_drawing_is_the_tree() -> None:
    real = {
        kind.__name__: next((base.__name__ for base in kind.__bases__ if issubclass(base, PasslensError)), None)
        for kind in tree(PasslensError)
    }
    assert {name: parent for name, (parent, _) in drawn().items()} == real


def test_statuses_are_as_drawn_and_inherited() -> None:
    rows = drawn()
    for kind in tree(PasslensError):
        name: str | None = kind.__name__
        status = None
        while name is not None and status is None:
            name, status = rows[name]
        assert kind.exit_status == (status or 2), kind


def test_no_error_for_people_stands_elsewhere() -> None:
    """Private ones and signals that say no more than where to go on may."""
    allowed = {"OtherFlow", "Stopped", "_GivenUp", "_Broken", "_TooMuch", "_NotJson", "_Refused"}
    allowed |= {"StoppedByKey", "_Again", "_Back", "_RepeatedKey", "_Skipped", "_Unpacked"}
    found = {
        node.name
        for path in PACKAGE.rglob("*.py")
        if path != PACKAGE / "errors.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(
            isinstance(base, ast.Name) and base.id.endswith(("Exception", "Error", "Interrupt")) for base in node.bases
        )
    }
    assert found <= allowed


def test_a_read_error_is_a_plain_value() -> None:
    one = ReadError("tv.mitm", "is empty: record again", 3, True)
    assert str(one) == "tv.mitm is empty: record again"
    assert str(ReadError(None, "is empty")) == "is empty"
    copy = pickle.loads(pickle.dumps(one))
    assert (copy, copy.file, copy.sentence, copy.index, copy.ended) == (one, "tv.mitm", one.sentence, 3, True)
    assert one != Remark("tv.mitm", "is empty: record again", 3, True)
    assert one != ReadError("tv.mitm", "is empty: record again", 4, True)
    assert len({one, copy}) == 1


def test_a_rule_file_error_tells_its_first_mistake() -> None:
    first = RuleError("is no text", ("rules", 0), 3, 5)
    error = RuleFileError(Path("a.yaml"), ["a.yaml:3:5: rules[0]: is no text.", "more"], first, "rules[0]")
    assert str(error) == "a.yaml:3:5: rules[0]: is no text.\nmore"
    assert (error.line, error.column, error.key, error.problem) == (3, 5, "rules[0]", "is no text")


def test_long_paths_of_an_edit_are_cut_in_the_middle() -> None:
    assert str(errors.EditError("x" * 400)) == "x" * 400
    assert len(str(errors.EditError("x" * 401))) == 403


@pytest.mark.parametrize("kind", [errors.UsageError, errors.InputError])
def test_use_and_input_are_value_errors(kind: type[Exception]) -> None:
    assert issubclass(kind, ValueError)
