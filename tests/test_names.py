"""A name stands for one thing, which is there: no two classes or type aliases of passlens have the same."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import passlens

PACKAGE = Path(passlens.__file__).parent
ROOT = Path(__file__).parents[1]


def names(path: Path) -> set[str]:
    """The classes of a module, and its type aliases: ``Name = …`` at the top."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.add(node.targets[0].id)
    return {name for name in found if len(name) > 1 and name.lstrip("_")[:1].isupper() and not name.isupper()}


def test_no_name_stands_for_two_things() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for name in names(path):
            places[name.lstrip("_")].append(path.relative_to(PACKAGE).as_posix())
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def said(path: Path) -> set[str]:
    """The modules that a docstring of a file names, such as ``analyzer.py`` or ``analysis/analyzer.py``."""
    nodes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = (ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, nodes))
    return {name for text in texts for name in re.findall(r"[\w/]+\.py\b", text)}


def test_modules_that_are_named_are_there() -> None:
    there = [
        f"/{path.relative_to(ROOT).as_posix()}" for part in ("addons", "tests") for path in (ROOT / part).rglob("*.py")
    ]
    for path in sorted(PACKAGE.rglob("*.py")):
        gone = {name for name in said(path) if not any(one.endswith(f"/{name}") for one in there)}
        assert gone <= {"logging.py"}, f"{path}: {gone}"
