"""The template engine: Jinja2's sandbox, narrowed to what an answer needs. A template sees the request's decoded
values, ``now`` and ``random``, nothing else; size, loops and time are bounded."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import jinja2
from jinja2 import StrictUndefined, Template, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from passlens.errors import TemplateError
from passlens.scenarios.budget import limited, look, timed
from passlens.scenarios.nearest import nearest
from passlens.scenarios.template_values import MEMBERS, NAMES, Dice, Moment

MAX_CHARS: Final = 1 << 14
"""Characters of a template (16 KiB)."""

LARGEST: Final = 1 << 20
"""Characters that a template may make (1 MiB)."""

MAX_TEMPLATE_CHARS: Final = 1 << 16
"""Characters of a text that a template may put together for further use (64 KiB); each step with it stays quick."""

MAX_TURNS: Final = 10_000
"""Turns of all loops of a template together."""

_DEEPEST_LOOP: Final = 2
_MAX_RANGE: Final = 1000
_FILTERS: Final = (
    "abs", "capitalize", "default", "d", "first", "float", "int", "last", "length", "lower", "round", "trim", "upper",
    "urlencode", "sort", "unique", "reverse", "string",
)  # fmt: skip
_TESTS: Final = (
    "defined", "undefined", "none", "string", "number", "boolean", "in", "eq", "ne", "lt", "le", "gt", "ge", "odd",
    "even", "true", "false",
)  # fmt: skip
_TEXT_METHODS: Final = ("lower", "upper", "strip", "startswith", "endswith")
_REFUSED: Final[dict[type[nodes.Node], str]] = {
    nodes.Macro: "macro", nodes.CallBlock: "call", nodes.Include: "include", nodes.Import: "import",
    nodes.FromImport: "from", nodes.Extends: "extends", nodes.Block: "block", nodes.FilterBlock: "filter",
    nodes.With: "with", nodes.AssignBlock: "set with a body",
}  # fmt: skip


def is_template(text: str) -> bool:
    """True if a text holds anything for the template engine to do."""
    return "{{" in text or "{%" in text or "{#" in text


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if attr.startswith("_"):
            return False
        if isinstance(obj, str):
            return attr in _TEXT_METHODS
        return isinstance(obj, (Moment, Dice, LoopContext))

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            return self.getitem(obj, attribute)
        if isinstance(obj, str) and attribute not in _TEXT_METHODS:
            return self.unsafe_undefined(obj, attribute)  # the sandbox itself would let format through
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Mapping):
            return obj[argument] if argument in obj else self.undefined(obj=obj, name=str(argument))
        if isinstance(obj, str) and isinstance(argument, str):
            return self.getattr(obj, argument)
        return super().getitem(obj, argument)

    def is_safe_callable(self, obj: Any) -> bool:
        return bool(super().is_safe_callable(obj))

    def call(self, context: Any, obj: Any, *values: Any, **named: Any) -> Any:
        look()
        return super().call(context, obj, *values, **named)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        look()
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return _joined(left, right)
        numbers = (int, float)
        if not isinstance(left, numbers) or not isinstance(right, numbers):
            raise SecurityError(f"{operator} is for numbers here")
        if operator == "**" or abs(left) > 1e18 or abs(right) > 1e18:
            raise SecurityError("the numbers are too large")
        return super().call_binop(context, operator, left, right)


def _joined(*parts: Any) -> str:
    """What ``~`` does: texts and numbers one after the other."""
    look()
    text = "".join(plain(part) for part in parts)
    if len(text) > MAX_TEMPLATE_CHARS:
        raise SecurityError("the text grows too large")
    return text


def plain(value: Any) -> Any:
    """A value as it goes into the text; lists and objects only through tojson."""
    if isinstance(value, StrictUndefined):
        str(value)  # raises with the name that is not there
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or not isinstance(value, (str, int, float, Moment)):
        raise SecurityError("a list, an object or nothing cannot be written as text; tojson can")
    return str(value)


def _kept(value: Any) -> Any:
    """What ``set`` may keep: nothing that could grow into something large."""
    if isinstance(value, (list, tuple, dict)):
        raise SecurityError("set keeps texts and numbers only")
    return value


def to_json(value: Any) -> str:
    """Compact JSON, bounded in size."""
    text = ""
    for piece in json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).iterencode(value):
        text += piece
        if len(text) > LARGEST:
            raise SecurityError("the JSON grows too large")
    return text


def _range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > _MAX_RANGE:
        raise SecurityError(f"a range may have {_MAX_RANGE} numbers at most")
    return numbers


def _environment() -> _Environment:
    environment = _Environment(undefined=StrictUndefined, finalize=plain, autoescape=False, keep_trailing_newline=True)
    filters = {name: environment.filters[name] for name in _FILTERS} | {"tojson": to_json}
    environment.filters = {name: timed(made) for name, made in filters.items()}
    environment.tests = {name: environment.tests[name] for name in _TESTS}
    environment.globals = {"range": _range, "_joined": _joined, "_kept": _kept}
    return environment


ENVIRONMENT: Final = _environment()


def check(text: str) -> None:
    """Compile a template; raises TemplateError."""
    if is_template(text):
        compiled(text)
        _check_names(text)


def _check_names(text: str) -> None:
    """Refuse names that no template sees; what stands below form, headers and the like is the device's own."""
    tree = ENVIRONMENT.parse(text)
    unknown = meta.find_undeclared_variables(tree) - {*NAMES, *ENVIRONMENT.globals}
    for name in sorted(unknown):
        raise TemplateError(f"the template names {name!r}, which is not there; {nearest(name, NAMES)}")
    for node in tree.find_all(nodes.Getattr):
        known = MEMBERS.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        if known is not None and node.attr not in known:
            words = f"{node.node.name}.{node.attr}" if isinstance(node.node, nodes.Name) else node.attr
            raise TemplateError(f"the template names {words!r}, which is not there; {nearest(node.attr, known)}")


@lru_cache(maxsize=512)
def compiled(text: str, typed: bool = False) -> Template:
    if len(text) > MAX_CHARS:
        raise TemplateError(f"the template is longer than {MAX_CHARS} characters; template: false takes it as it is")
    try:
        with limited():  # Jinja works out constant parts while it compiles
            tree = ENVIRONMENT.parse(text)
            _narrow(tree, 0)
            if typed:
                output = tree.body[0]
                assert isinstance(output, nodes.Output)
                keep = _call("_keep", output.nodes)
                keep.set_lineno(output.lineno)
                output.nodes = [keep]
            code = ENVIRONMENT.compile(tree)
            return Template.from_code(ENVIRONMENT, code, dict(ENVIRONMENT.globals))
    except TemplateError:
        raise
    except jinja2.TemplateError as error:
        raise TemplateError(f"the template cannot be read: {clause(error)}") from None
    except (RecursionError, MemoryError, SyntaxError, ValueError, OverflowError) as error:
        raise TemplateError(f"the template cannot be read: {clause(error)}") from None


def _narrow(node: nodes.Node, depth: int) -> None:
    """Refuse what templates here do not need, and put a counter into every loop."""
    if type(node) in _REFUSED:
        raise TemplateError(f"templates here have no {_REFUSED[type(node)]}")
    if isinstance(node, (nodes.Name, nodes.NSRef)) and node.name.startswith("_"):
        raise TemplateError(f"the name {node.name!r} begins with an underscore")
    if isinstance(node, nodes.For):
        depth += 1
        if depth > _DEEPEST_LOOP or node.recursive:
            raise TemplateError(f"loops may stand in one another {_DEEPEST_LOOP} deep at most")
    for child in node.iter_child_nodes():
        _narrow(child, depth)
    _replace_joins(node)
    if isinstance(node, nodes.For):
        node.body.insert(0, nodes.Output([_call("_turn", [])]).set_lineno(node.lineno))
    if isinstance(node, nodes.Assign):
        node.node = _call("_kept", [node.node]).set_lineno(node.lineno)


def _replace_joins(node: nodes.Node) -> None:
    """Put a bounded join in place of ``~`` wherever it stands below a node."""
    for name, value in node.iter_fields():
        if isinstance(value, nodes.Concat):
            setattr(node, name, _call("_joined", value.nodes).set_lineno(value.lineno))
        elif isinstance(value, list):
            value[:] = [
                _call("_joined", item.nodes).set_lineno(item.lineno) if isinstance(item, nodes.Concat) else item
                for item in value
            ]


def _call(name: str, arguments: list[Any]) -> nodes.Call:
    return nodes.Call(nodes.Name(name, "load"), arguments, [], None, None)


@lru_cache(maxsize=512)
def is_expression(text: str) -> bool:
    """True for a text that is one ``{{ expression }}`` and nothing else."""
    if not text.startswith("{{") or not text.endswith("}}") or len(text) > MAX_CHARS:
        return False
    try:
        body = ENVIRONMENT.parse(text).body
    except jinja2.TemplateError:
        return False
    only = body[0].nodes if len(body) == 1 and isinstance(body[0], nodes.Output) else []
    return len(only) == 1 and not isinstance(only[0], nodes.TemplateData)


def clause(error: BaseException) -> str:
    text = " ".join(str(error).split()).rstrip(".")
    return (text or type(error).__name__)[:200]
