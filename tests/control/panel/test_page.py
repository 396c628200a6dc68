"""The files of the panel: all there, nothing inline, nothing from elsewhere, and no text becomes markup."""

import re
from importlib import resources

import pytest

from passlens.control.panel.page import POLICY, files

SCRIPTS = {path: file.data.decode() for path, file in files().items() if path.endswith(".js")}
PAGE = files()["/"].data.decode()


def test_every_file_of_the_folder_is_served() -> None:
    folder = resources.files("passlens.control.panel") / "files"
    assert {path.name for path in folder.iterdir()} | {"report.css"} == {
        path.rpartition("/")[2] or "panel.html" for path in files()
    }


def test_the_page_names_only_what_is_served() -> None:
    named = set(re.findall(r'(?:href|src)="(/[^"]*)"', PAGE))
    imported = {f"/panel/{name}" for text in SCRIPTS.values() for name in re.findall(r'from "\./([^"]+)"', text)}
    assert named | imported == set(files()) - {"/"}


def test_nothing_is_inline_and_nothing_comes_from_elsewhere() -> None:
    assert "<style" not in PAGE
    assert not re.search(r"<script(?![^>]* src=)", PAGE)
    assert not re.search(r"\s(?:on\w+|style)=", PAGE)
    for path, file in files().items():
        assert set(re.findall(rb"https?://[\w.]+", file.data)) <= {b"http://www.w3.org"}, path


@pytest.mark.parametrize("path", SCRIPTS)
def test_no_text_becomes_markup_or_script(path: str) -> None:
    found = re.findall(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(|Function\(", SCRIPTS[path]
    )
    assert found == []


def test_the_policy_allows_own_files_only() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in POLICY.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert "unsafe" not in POLICY
    assert rules["frame-ancestors"] == "'none'"
