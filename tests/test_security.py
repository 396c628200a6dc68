"""Holds SECURITY.md to what is there: its commands are taken, its numbers are right, its links lead somewhere, and what
it promises has tests."""

import asyncio
import base64
import re
import shlex
from pathlib import Path

import pytest
from mitmproxy import options
from mitmproxy.tools import cmdline
from mitmproxy.tools.dump import DumpMaster

from passlens.cli.main import cli
from passlens.cli.proxy import proxy
from passlens.proxy.log_file import MODE
from passlens.sandbox.session import CODE_LENGTH, CODE_SIGNS
from passlens.scrub import bodies
from passlens.scrub.values import Scrubber

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "SECURITY.md").read_text("utf-8")
COMMANDS = [line.partition("#")[0].strip() for block in re.findall(r"```sh\n(.*?)```", PAGE, re.S)
            for line in block.splitlines()]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_mitmproxy_and_passlens_take_the_options_shown(command: str) -> None:
    words = shlex.split(command)
    assert words[:2] == ["passlens", "proxy"]
    ours, _, theirs = " ".join(map(shlex.quote, words[2:])).partition("-- ")
    known = {name for parameter in proxy.params for name in parameter.opts}
    assert {word for word in shlex.split(ours) if word.startswith("--")} <= known

    async def parse() -> None:
        opts = options.Options()
        DumpMaster(opts, with_termlog=False, with_dumper=False)
        found = cmdline.mitmdump(opts).parse_args(shlex.split(theirs))
        opts.set(*found.setoptions)

    asyncio.run(parse())


def test_the_numbers_are_right() -> None:
    assert len(CODE_SIGNS) ** CODE_LENGTH > 78_000 * 10**6
    assert "more than 78,000 million" in PAGE
    assert f"mode {MODE:o}" in PAGE


def test_what_a_clean_copy_cannot_see_is_as_the_page_says() -> None:
    plain, name = "viewer@demotv.example", "a8f3-Kp2v-77Qd"

    def copied(text: str, *, known: bool = False) -> str:
        one = Scrubber(b"tests")
        if known:
            one.secret(name)
        one.replacements.close()
        return bodies.text(one, text, "")

    in_base64 = base64.b64encode(plain.encode("utf-16")).decode()
    assert "**UTF-16 inside Base64.**" in PAGE
    assert copied(in_base64) == in_base64
    assert copied(base64.b64encode(plain.encode()).decode()) != base64.b64encode(plain.encode()).decode()
    assert "**XML outside of SAML.**" in PAGE
    xml = f"<user><token>{name}</token></user>"
    assert copied(xml) == xml
    assert name not in copied(xml, known=True)
    assert plain not in copied(xml.replace(name, plain))
    assert name not in copied(f'<user token="{name}"/>')
    assert name not in copied(f'{{"token": "{name}"}}')


def test_the_links_lead_somewhere_and_the_readme_leads_here() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / target).is_file(), target
    assert "](SECURITY.md)" in (ROOT / "README.md").read_text("utf-8")


def test_the_commands_that_are_named_exist() -> None:
    for name in ("scrub", "rewrite", "convert", "decode", "diff", "proxy"):
        assert f"`{name}`" in PAGE or f"passlens {name}" in PAGE
        assert name in cli.list_commands(None)  # type: ignore[arg-type]


def test_a_hole_is_reported_to_no_person() -> None:
    assert not re.search(r"[\w.+-]+@[\w-]+\.\w+", PAGE)
    assert "private vulnerability reporting" in PAGE


ABOUT = {
    "secrets in what passlens writes": "tests/redaction/test_redactor.py",
    "mitmproxy's own log": "tests/proxy/test_log_filter.py",
    "a reader who stops reading": "tests/proxy/test_stdout_writer.py",
    "files in the current folder": "tests/hostile/test_current_folder.py",
    "others on the same machine": "tests/proxy/test_log_file.py",
    "changes that nobody asked for": "tests/test_pipeline.py",
    "traffic that means harm": "tests/hostile/test_floods.py",
    "values that steer": "tests/hostile/test_escapes.py",
    "requests hidden in requests": "tests/hostile/test_smuggling.py",
    "recordings of strangers": "tests/hostile/test_recordings.py",
    "rule files of strangers": "tests/hostile/test_rule_files.py",
    "guessing": "tests/hostile/test_guesses.py",
    "web pages behind the proxy": "tests/hostile/test_other_origins.py",
    "others who ask the control API": "tests/control/test_runtime_file.py",
    "pages that ask the control API": "tests/control/test_guard.py",
    "devices that ask the control API": "tests/hostile/test_control.py",
    "floods of the control API": "tests/hostile/test_control.py",
    "the panel's token": "tests/control/panel/test_address.py",
    "values that steer the panel": "tests/control/panel/test_browser.py",
    "mitmweb before 11.1.2": "tests/proxy/test_web_guard.py",
}


def test_what_the_old_mitmproxy_leaves_open_has_a_defence_or_says_none() -> None:
    table = PAGE.partition("## What the old mitmproxy leaves open")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([^|]+?) \| (.+) \|$", table, re.M)[2:]
    assert len(rows) >= 4
    assert [opened for opened, defence in rows if not defence] == []


def test_everything_that_is_promised_has_tests() -> None:
    table = PAGE.partition("## What it protects")[2].partition("\n## ")[0]
    promised = re.findall(r"^\| ([^|]+?) \| .+ \|$", table, re.M)[1:]
    assert [name for name in promised if set(name) != {"-"}] == list(ABOUT)
    assert [path for path in ABOUT.values() if not (ROOT / path).is_file()] == []
