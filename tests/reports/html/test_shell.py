"""The shell of pages: what its policy lets run, and how values from traffic are written."""

import base64
import hashlib

from passlens.reports.html.shell import SHELL, environment, read

PAGE = '{% extends "shell.html" %}{% block title %}{{ name }}{% endblock %}{% block main %}{{ name }}{% endblock %}'


def rendered(name: str, script: str = "") -> str:
    return environment({"page.html": PAGE}, script).get_template("page.html").render(name=name)


def pin(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'".replace("'", "&#39;")


def test_only_the_style_and_the_script_of_the_page_are_let_run() -> None:
    script = "document.title = 1 < 2 && 'x'"
    page = rendered("x", script)
    assert f"script-src {pin(script)}; style-src {pin(read('report.css'))};" in page
    assert f"<script>{script}</script>" in page
    assert f"<style>{read('report.css')}</style>" in page


def test_a_page_without_a_script_lets_none_run() -> None:
    page = rendered("x")
    assert "<script" not in page
    assert "script-src" not in page
    assert "default-src &#39;none&#39;; style-src" in page


def test_values_are_escaped_and_show_no_hidden_sign() -> None:
    page = rendered("<b>\u202ex\x1b[2J")
    assert page.count("&lt;b&gt;\\u202ex\\x1b[2J") == 2
    assert "\u202e" not in page
    assert "<b>" not in page


def test_the_shell_is_a_whole_page_by_itself() -> None:
    page = environment({}).get_template(SHELL).render()
    assert page.startswith("<!doctype html>")
    assert page.rstrip().endswith("</html>")
