"""The files of the panel, which the control API serves. They hold no data, so they need no token."""

from functools import cache
from importlib import resources
from typing import Final, NamedTuple

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""The Content-Security-Policy: own files only, nothing inline, and no text becomes markup or script."""


class PanelFile(NamedTuple):
    """One file as it is served."""

    media_type: str
    data: bytes


_SCRIPTS: Final = ("panel.js", "api.js", "element.js", "exchange.js", "timeline.js", "controls.js")


@cache
def files() -> dict[str, PanelFile]:
    """The files by the path that they are asked for at. The style is that of the HTML report, with a little more."""
    own = resources.files("passlens.control.panel") / "files"
    report = resources.files("passlens.reports.html") / "files"
    found = {
        "/": PanelFile("text/html; charset=utf-8", (own / "panel.html").read_bytes()),
        "/panel/panel.css": PanelFile("text/css; charset=utf-8", (own / "panel.css").read_bytes()),
        "/panel/report.css": PanelFile("text/css; charset=utf-8", (report / "report.css").read_bytes()),
    }
    for name in _SCRIPTS:
        found[f"/panel/{name}"] = PanelFile("text/javascript; charset=utf-8", (own / name).read_bytes())
    return found
