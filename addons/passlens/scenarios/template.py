"""Templates in rule files: Jinja2's sandbox, narrowed to what an answer needs. A template sees the request's decoded
values, ``now`` and ``random``, nothing else; size, loops and time are bounded, and a mistake is one clause."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from passlens.scenarios.actions import Then
from passlens.scenarios.template_time import limited, look, timed
from passlens.scenarios.template_values import Dice, Moment

LONGEST: Final = 1 << 14
"""Characters of a template (16 KiB)."""

LARGEST: Final = 1 << 20
"""Characters that a template may make (1 MiB)."""

LONGEST_TEXT: Final = 1 << 16
"""Characters of a text that a template may put together for further use (64 KiB); each step with it stays quick."""

MOST_TURNS: Final = 10_000
"""Turns of all loops of a template together."""

_DEEPEST_LOOP: Final = 2
_LONGEST_RANGE: Final = 1000
_FILTERS: Final = (
    "abs", "capitalize", "default", "d", "first", "float", "int", "last", "length", "lower", "round", "trim", "upper",
    "urlencode", "sort", "unique", "reverse",
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


class TemplateMistake(ValueError):
    """Why a template cannot be used or filled in; its text is a clause."""


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
    text = "".join(_plain(part) for part in parts)
    if len(text) > LONGEST_TEXT:
        raise SecurityError("the text grows too large")
    return text


def _plain(value: Any) -> Any:
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
    if len(numbers) > _LONGEST_RANGE:
        raise SecurityError(f"a range may have {_LONGEST_RANGE} numbers at most")
    return numbers


def _environment() -> _Environment:
    environment = _Environment(undefined=StrictUndefined, finalize=_plain, autoescape=False, keep_trailing_newline=True)
    filters = {name: environment.filters[name] for name in _FILTERS} | {"tojson": to_json}
    environment.filters = {name: timed(made) for name, made in filters.items()}
    environment.tests = {name: environment.tests[name] for name in _TESTS}
    environment.globals = {"range": _range, "_joined": _joined, "_kept": _kept}
    return environment


_ENVIRONMENT: Final = _environment()


def check(text: str) -> None:
    """Compile a template; raises TemplateMistake."""
    if is_template(text):
        _compiled(text)


@lru_cache(maxsize=512)
def _compiled(text: str) -> Template:
    if len(text) > LONGEST:
        raise TemplateMistake(f"the template is longer than {LONGEST} characters; template: false takes it as it is")
    try:
        with limited():  # Jinja works out constant parts while it compiles
            tree = _ENVIRONMENT.parse(text)
            _narrow(tree, 0)
            code = _ENVIRONMENT.compile(tree)
            return Template.from_code(_ENVIRONMENT, code, dict(_ENVIRONMENT.globals))
    except TemplateMistake:
        raise
    except TemplateError as error:
        raise TemplateMistake(f"the template cannot be read: {_clause(error)}") from None
    except (RecursionError, MemoryError, SyntaxError, ValueError, OverflowError) as error:
        raise TemplateMistake(f"the template cannot be read: {_clause(error)}") from None


def _narrow(node: nodes.Node, depth: int) -> None:
    """Refuse what templates here do not need, and put a counter into every loop."""
    if type(node) in _REFUSED:
        raise TemplateMistake(f"templates here have no {_REFUSED[type(node)]}")
    if isinstance(node, (nodes.Name, nodes.NSRef)) and node.name.startswith("_"):
        raise TemplateMistake(f"the name {node.name!r} begins with an underscore")
    if isinstance(node, nodes.For):
        depth += 1
        if depth > _DEEPEST_LOOP or node.recursive:
            raise TemplateMistake(f"loops may stand in one another {_DEEPEST_LOOP} deep at most")
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


def render(text: str, context: Mapping[str, Any]) -> str:
    """Fill in a template; raises TemplateMistake."""
    if not is_template(text):
        return text
    template = _compiled(text)
    turns = 0

    def turn() -> str:
        nonlocal turns
        turns += 1
        look()
        if turns > MOST_TURNS:
            raise SecurityError(f"the loops take more than {MOST_TURNS} turns")
        return ""

    pieces: list[str] = []
    size = 0
    try:
        with limited():
            for piece in template.generate(**context, _turn=turn):
                size += len(piece)
                if size > LARGEST:
                    raise SecurityError(f"the text is longer than {LARGEST} characters")
                pieces.append(piece)
    except Exception as error:
        # A template is a program: whatever it trips over (a sum of text and number, a wrong argument) is told.
        raise TemplateMistake(f"the template cannot be filled in: {_clause(error)}") from None
    return "".join(pieces)


def render_json(value: Any, context: Mapping[str, Any]) -> Any:
    """Fill in the texts inside a JSON value; keys stay as they are."""
    if isinstance(value, str):
        return render(value, context)
    if isinstance(value, list):
        return [render_json(item, context) for item in value]
    if isinstance(value, dict):
        return {key: render_json(item, context) for key, item in value.items()}
    return value


def _clause(error: BaseException) -> str:
    text = " ".join(str(error).split()).rstrip(".")
    return (text or type(error).__name__)[:200]


Place = tuple[str | int, ...]


def texts(then: Then, bodies: Mapping[str, bytes]) -> Iterator[tuple[Place, str]]:
    """Every text of a rule that is a template, with its place below ``then``."""
    respond = then.respond
    if respond is not None and respond.template:
        yield from _inside(("respond", "headers"), respond.headers)
        yield from _inside(("respond", "body"), respond.body)
        yield from _inside(("respond", "json"), respond.json_)
        yield from _inside(("respond", "body_file"), body_text(bodies.get(respond.body_file or "")))
    if then.rewrite_request is not None:
        yield from _inside(("rewrite_request", "path"), then.rewrite_request.path)
        for part in ("headers", "form", "device_info", "partner_status"):
            changes = getattr(then.rewrite_request, part)
            yield from _inside(("rewrite_request", part, "set"), changes.set if changes is not None else None)
    if then.rewrite_response is not None:
        rewrite = then.rewrite_response
        yield from _inside(("rewrite_response", "headers", "set"), rewrite.headers.set if rewrite.headers else None)
        yield from _inside(("rewrite_response", "merge"), rewrite.merge)
        for number, step in enumerate(rewrite.patch or ()):
            yield from _inside(("rewrite_response", "patch", number, "value"), step.value)


def body_text(data: bytes | None) -> str | None:
    """A body file as text, or None if it is none."""
    try:
        return None if data is None else data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _inside(place: Place, value: Any) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str) and is_template(value):
        yield place, value
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _inside((*place, number), item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _inside((*place, key), item)


Fill = Callable[[Any], Any]
"""Fills in the templates inside a JSON value."""
