"""The shell that pages have in common: their head, style and policy, and how Jinja writes what comes from traffic."""

import base64
import hashlib
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from passlens.util.text import escape_controls

SHELL: Final = "shell.html"
"""The template that pages extend: blocks ``title``, ``skip``, ``look``, ``top``, ``main`` and ``footer``."""

_FOLDER: Final = resources.files("passlens.reports.html") / "files"


def read(name: str) -> str:
    """A file of the pages: a template, the style, a script."""
    return (_FOLDER / name).read_text("utf-8")


def environment(templates: Mapping[str, str], script: str = "") -> Environment:
    """What renders these templates and the shell. ``script`` is the only one that runs in the page."""
    made = Environment(
        loader=DictLoader({SHELL: read(SHELL), **templates}),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = read("report.css")
    made.globals.update(policy=_policy(style, script), style=Markup(style), script=Markup(script))
    return made


def _shown(value: Any) -> Any:
    """What a template writes: signs that could reorder or hide text stand as escapes, wherever they come from."""
    return escape_controls(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _policy(style: str, script: str) -> str:
    """A Content-Security-Policy under which only the page's own script and style run, and nothing is loaded."""
    scripts = f"script-src {_pin(script)}; " if script else ""
    return f"default-src 'none'; {scripts}style-src {_pin(style)}; img-src data:; base-uri 'none'; form-action 'none'"


def _pin(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
