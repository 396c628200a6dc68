"""Signs that steer a terminal, end a line or hide: from traffic and from file names they reach no terminal, no log and
no report as they are."""

import io
import json
import logging
import shutil
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from mitmproxy.test import taddons

from cases import as_exchange, case
from fuzz.messages import to_bytes, to_flow
from passlens.addon import Sessions
from passlens.analysis import comparison
from passlens.analysis.analyzer import analyze
from passlens.analysis.summary import RunSummary
from passlens.cli.main import main
from passlens.exchange.decoded import Decoded
from passlens.exchange.injection import Action, Injection
from passlens.exchange.model import Exchange
from passlens.proxy.annotate import annotate
from passlens.recordings.flow_to_exchange import from_flow
from passlens.reports import changes
from passlens.reports.formats import FORMATS, REPORTS
from passlens.reports.jsonl import line
from passlens.reports.text import block
from passlens.util.text import escape_controls

BAD = ("Cc", "Cf", "Cs", "Zl", "Zp")
EVIL = "\x1b[2J\x1b]8;;x\x07\x9b3m\x00\b\r\nfake line\u2028\u2029\x85\u202e\u2066\u200b\ufeff\xad\u3164\U000e0041\ufff9"
OF_EVIL = Injection(EVIL, EVIL, (Action("other", EVIL),))
RECORDINGS = Path(__file__).parents[1] / "recordings"


def evil(text: str) -> set[str]:
    return {sign for sign in text if sign != "\n" and unicodedata.category(sign) in BAD} | ({"\u3164"} & {*text})


def test_every_such_sign_of_unicode_is_escaped() -> None:
    every = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in BAD]
    assert len(every) > 2_000
    assert [ascii(sign) for sign in every if escape_controls(sign) == sign] == []
    assert not evil(escape_controls(EVIL))


def placed() -> dict[str, Exchange]:
    """The same in every place that traffic can bring it to."""
    good = as_exchange(case("P3"))
    request, response = good.request, good.response
    assert response is not None
    body = json.loads(response.body or b"")
    info = json.dumps({"osName": EVIL, "model": EVIL, EVIL: EVIL, "type": EVIL, "version": [EVIL]})

    def sent(**changed: object) -> Exchange:
        return replace(good, request=replace(request, **changed))  # type: ignore[arg-type]

    def got(**changed: object) -> Exchange:
        return replace(good, response=replace(response, **changed))  # type: ignore[arg-type]

    headers = tuple(pair for pair in request.headers if not pair[0].startswith(("X-Device", "AP-Partner", "Accept")))
    error = {"code": EVIL, "action": EVIL, "status": EVIL, "message": EVIL, "details": EVIL, EVIL: EVIL}
    return {
        "a header": sent(headers=(*headers, ("X-Device-Info", EVIL), (EVIL, EVIL), ("Accept", EVIL))),
        "a decoded header": sent(headers=(*headers, ("X-Device-Info", info), ("AP-Partner-Framework-Status", info))),
        "a token": sent(headers=(("Authorization", f"Bearer {EVIL}.{EVIL}.{EVIL}"), ("Content-Type", EVIL))),
        "the path": sent(path=f"/api/v2/{EVIL}/sessions/sso/{EVIL}?{EVIL}={EVIL}"),
        "method and host": sent(method=EVIL, host=EVIL, scheme=EVIL, client=EVIL),
        "the form": sent(body=f"mvpd={EVIL}&{EVIL}={EVIL}&redirectUrl={EVIL}".encode("utf-8", "replace")),
        "the answer": got(body=json.dumps(dict.fromkeys([*body, EVIL], EVIL)).encode()),
        "the answer's headers": got(headers=(("Content-Type", EVIL), (EVIL, EVIL), ("Retry-After", EVIL)), reason=EVIL),
        "an error": got(status=400, body=json.dumps(error).encode()),
        "broken JSON": got(body=('{"a": "' + EVIL).encode("utf-8", "replace")),
        "the failure": replace(good, response=None, failure=EVIL),
        "what was injected": replace(good, injection=OF_EVIL),
        "the file": replace(good, file=f"{EVIL}.mitm"),
    }


PLACED = placed()


@pytest.mark.parametrize("place", PLACED)
@pytest.mark.parametrize("reveal", [False, True])
def test_no_report_has_such_a_sign_of_traffic(place: str, reveal: bool) -> None:
    ex = PLACED[place]
    assert ex.route is not None
    entry = analyze(ex, reveal=reveal)
    assert "PL999" not in {finding["code"] for finding in entry["findings"]}
    assert line(entry).isascii()
    assert "\n" not in line(entry)
    for form in FORMATS:
        out, summary = io.StringIO(), RunSummary()
        report = REPORTS[form](out)
        summary.add(entry)
        summary.closing.append(escape_controls(EVIL))
        report.entry(entry)
        report.read_error(ex.file or EVIL, 1, EVIL)
        report.close(summary)
        assert not evil(out.getvalue()), form
        # A line that the traffic ended would begin with what comes next.
        assert not [text for text in out.getvalue().splitlines() if text.lstrip().startswith("fake line")], form


@pytest.mark.parametrize("place", PLACED)
def test_no_comparison_has_such_a_sign_of_traffic(place: str) -> None:
    good, bad = (comparison.meaning(Decoded(ex), analyze(ex)) for ex in (as_exchange(case("P3")), PLACED[place]))
    pairs = comparison.compare([good], [bad])
    assert not evil(changes.as_text(pairs))
    assert changes.as_json(pairs, f"{EVIL}.mitm", EVIL).isascii()


def test_the_comment_and_the_lines_of_a_running_proxy(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    flow = to_flow(to_bytes(case("P3")))
    flow.request.path = "/api/v2/" + "%1B%5B2J" + EVIL.replace("\r\n", "") + "/sessions"
    flow.request.headers["X-Device-Info"] = EVIL
    entry = analyze(from_flow(flow))
    annotate(flow, entry, block(entry))
    assert not evil(flow.comment)
    addon = Sessions()
    log = tmp_path / "log.jsonl"
    with taddons.context(addon) as context:
        context.master.addons.get = lambda name: context.master if name == "termlog" else None  # type: ignore[method-assign]
        context.configure(addon, passlens_log=str(log))
        addon._inspector.see(flow)
    shown = capsys.readouterr().out
    assert "create-session" in shown
    assert not evil(shown)
    assert log.read_bytes().isascii()
    assert log.read_bytes().count(b"\n") == 1


NAME = f"{EVIL.replace(chr(0), '').replace('/', '')}<b>.mitm"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(RECORDINGS / "apple-tv.mitm", tmp_path / NAME)
    (tmp_path / f"broken {NAME}").write_bytes(b"9:abc")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        *(["check", "FOLDER", "--format", form] for form in FORMATS),
        ["diff", "FILE", "BROKEN"],
        ["scrub", "FILE", "-o", "FILE.out.mitm"],
        ["convert", "FILE", "-o", "FILE.out.har"],
        ["rewrite", "FILE", "--scenario", "pfs-fallback", "-o", "FILE.out.mitm"],
        ["check", "FOLDER/none " + NAME],
        ["check", "FILE", "--baseline", "FILE"],
        ["check", "FILE", "--config", "FILE"],
        ["check", "FILE", "--rules", "FILE", "--scenario", NAME],
        ["check", NAME, f"--{NAME}"],
        ["scenarios", "--validate", "FILE"],
        ["scenarios", "FILE"],
        [NAME],
    ],
    ids=lambda words: " ".join(word for word in words if word != NAME and "\x1b" not in word),
)  # fmt: skip
def test_no_command_prints_such_a_sign_of_a_file_name(
    arguments: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"FOLDER": str(folder), "FILE": str(folder / NAME), "BROKEN": str(folder / f"broken {NAME}")}
    words_given = []
    for word in arguments:
        for key, value in names.items():
            word = word.replace(key, value)
        words_given.append(word)
    with pytest.raises(SystemExit):
        main(words_given)
    shown = capsys.readouterr()
    assert shown.out + shown.err
    assert not evil(shown.out + shown.err)


def test_mistakes_at_the_start_are_told_of_in_one_line(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    (tmp_path / "demo.yaml").write_text(f"rules: [{{name: a, then: {{fault: no_answer}}}}]\n{json.dumps(EVIL)}: 1\n")
    addon = Sessions()
    with caplog.at_level(logging.ERROR), taddons.context(addon) as context:
        context.configure(addon, passlens_scenario=str(tmp_path / "demo.yaml"))
        context.configure(addon, passlens_rules=str(tmp_path / NAME))
        context.configure(addon, passlens_log=str(tmp_path / NAME / "log"))
    told = [record.getMessage() for record in caplog.records if record.getMessage().startswith("passlens:")]
    assert len(told) == 3
    assert not [text for text in told if evil(text) or "\n" in text]
