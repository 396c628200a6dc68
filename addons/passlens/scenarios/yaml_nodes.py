"""YAML text to plain values, with the line and column of every key and value. Safe for whatever bytes arrive:
only plain tags, limited size, depth and number of values, and no value that YAML and a reader take differently."""

import math
import re
from dataclasses import dataclass, field
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scanner import Scanner

from passlens.errors import RuleError
from passlens.scenarios.yaml_advice import advice

LARGEST: Final = 1 << 17
"""Bytes of a rule file (128 KiB)."""
DEEPEST: Final = 24
MAX_COUNT: Final = 20_000
"""Values in a file, those behind aliases counted each time."""

MAX_TEXT_CHARS: Final = 1 << 20
"""Characters of all texts together, counted the same way."""

_SURROGATE: Final = re.compile("[\ud800-\udfff]")

_TAG: Final = "tag:yaml.org,2002:"

_NO_MERGE: Final = "keys are not merged here; write out those that are meant"

NodePath = tuple[str | int, ...]


@dataclass
class YamlDocument:
    """A document's plain value, and where things stand by their path: keys where they are named, items where they
    begin."""

    value: Any = None
    places: dict[NodePath, tuple[int, int]] = field(default_factory=dict)
    errors: list[RuleError] = field(default_factory=list)
    """What is wrong with single keys and values; the document can be read beside them."""


def read(data: bytes) -> YamlDocument:
    """Read one document as far as it goes, with its errors; raises RuleError for what cannot be read at all."""
    if len(data) > LARGEST:
        raise RuleError(f"the file is larger than {LARGEST // 1024} KiB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RuleError("is not UTF-8", line=line, column=1) from None
    document = YamlDocument()
    node = _compose(text)
    if node is None:
        raise RuleError("the file is empty")
    document.value = _Builder(document).build(node, (), 0)
    return document


class _Shallow(Scanner):
    """Refuses what is nested too deep before it is read: each level makes the next one slower."""

    def fetch_flow_collection_start(self, TokenClass: Any, to_push: Any) -> None:
        if len(self.flow_context) > DEEPEST:
            mark = self.reader.get_mark()
            raise RuleError(f"is nested deeper than {DEEPEST} levels", line=mark.line + 1, column=mark.column + 1)
        super().fetch_flow_collection_start(TokenClass, to_push)


def _compose(text: str) -> Node | None:
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = _Shallow
    try:
        node: Node | None = yaml.compose(text)
        return node
    except RuleError:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(str(error.problem or error.context or "is not YAML").split()).removeprefix("but ")
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise RuleError(f"is not YAML: {problem}{advice(problem)}", line=line, column=column) from None
    except RecursionError:
        raise RuleError("is nested too deep to be read") from None
    except YAMLError as error:
        raise RuleError(f"is not YAML: {' '.join(str(error).split())[:200]}") from None
    except Exception as error:
        # The parser trips over some malformed escapes and directives with exceptions that are not its own.
        raise RuleError(f"is not YAML: {' '.join(str(error).split())[:200] or type(error).__name__}") from None


class _Builder:
    def __init__(self, document: YamlDocument) -> None:
        self.document = document
        self.count = 0
        self.size = 0

    def build(self, node: Node, key: NodePath, depth: int) -> Any:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        self.document.places.setdefault(key, (line, column))
        self.count += 1
        if self.count > MAX_COUNT:
            raise RuleError(f"holds more than {MAX_COUNT} values", key, line, column)
        if depth > DEEPEST:
            raise RuleError(f"is nested deeper than {DEEPEST} levels", key, line, column)
        tag = str(node.tag).removeprefix(_TAG)
        if isinstance(node, MappingNode) and tag == "map":
            return self._mapping(node, key, depth)
        if isinstance(node, SequenceNode) and tag == "seq":
            return [self.build(item, (*key, at), depth + 1) for at, item in enumerate(node.value)]
        if isinstance(node, ScalarNode):
            self.size += len(node.value)
            if self.size > MAX_TEXT_CHARS:
                raise RuleError(f"holds more than {MAX_TEXT_CHARS} characters", key, line, column)
            try:
                return _scalar(tag, _joined(node.value))
            except ValueError as error:
                self.document.errors.append(RuleError(str(error), key, line, column))
                return str(node.value)
        raise RuleError(f"the tag {_short(tag)!r} is not known here", key, line, column)

    def _mapping(self, node: MappingNode, key: NodePath, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name_node, value_node in node.value:
            line, column = name_node.start_mark.line + 1, name_node.start_mark.column + 1
            if not isinstance(name_node, ScalarNode):
                raise RuleError("a key must be a plain text; a template stands in quotes", key, line, column)
            name = _joined(str(name_node.value))
            if _SURROGATE.search(name):
                raise RuleError("a key has half of a surrogate pair in it", key, line, column)
            if name_node.tag == f"{_TAG}merge":
                self.document.errors.append(RuleError(_NO_MERGE, (*key, name), line, column))
                continue
            if name in found:
                self.document.errors.append(RuleError("stands twice", (*key, name), line, column))
                continue
            self.document.places.setdefault((*key, name), (line, column))
            found[name] = self.build(value_node, (*key, name), depth + 1)
        return found


def _joined(text: str) -> str:
    """The text with the sign that two escaped halves of a surrogate pair are: so JSON writes what is beyond U+FFFF."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _scalar(tag: str, text: str) -> Any:
    """The value of a scalar; a number that is not written the way it is read could be meant as text."""
    if _SURROGATE.search(text):
        raise ValueError("has half of a surrogate pair in it")
    match tag:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            if len(text) > 20 or not text.lstrip("-").isdigit() or str(int(text)) != text:
                raise ValueError(f"is the number {_short(text)}; put it in quotes if it is a text, or write it plainly")
            return int(text)
        case "float":
            try:
                value = float(text)
            except ValueError:
                value = math.nan
            if not math.isfinite(value):
                raise ValueError(f"is no plain number: {_short(text)}")
            if repr(value) != text:
                raise ValueError(f"is the number {value}; write it so, or put {_short(text)} in quotes if it is a text")
            return value
        case "str" | "timestamp":
            return text
    raise ValueError(f"the tag {_short(tag)!r} is not known here")


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."
