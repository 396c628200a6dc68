"""A file is told by its first bytes, in the same words for every command."""

import io
import json

import pytest

from cases import as_exchange, case
from passlens.analysis.analyzer import analyze
from passlens.analysis.summary import RunSummary
from passlens.errors import RecordingError
from passlens.recordings.formats import FIRST, is_har, os_sentence
from passlens.reports.formats import maker


def test_recordings() -> None:
    assert is_har(b'\xef\xbb\xbf \r\n{"log":')
    assert is_har(b'[{"log":')
    assert not is_har(b"12:abc")


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04", "ZIP"),
        (b"\x1f\x8b", "gunzip"),
        (b"hello", "neither"),
        (b" <har>", "XML"),
        ("\ufeff{".encode("utf-16-le"), "UTF-16"),
        ('{"log"'.encode("utf-16-le"), "UTF-16"),
        ("[{".encode("utf-16-be"), "UTF-16"),
        (b"onInputData({", "take off onInputData"),
        (b"* Trying 192.0.2.7:443...", "text that a client wrote"),
        (b"> POST /api/v2/REF30/sessions HTTP/2", "text that a client wrote"),
        (b"--> POST https://sp.auth.adobe.com/api/v2/", "record with passlens proxy"),
    ],
)
def test_others(start: bytes, words: str) -> None:
    with pytest.raises(RecordingError, match=words):
        is_har(start)


@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_what_passlens_wrote_itself_is_told_kindly(form: str) -> None:
    out = io.StringIO()
    report = maker(form)(out)
    report.entry(analyze(as_exchange(case("P3"))))
    report.close(RunSummary())
    own = out.getvalue().encode()
    for start in (own, json.dumps(json.loads(own)).encode() if form == "jsonl" else own, b"\n" + own):
        with pytest.raises(RecordingError, match="no recording: give the recording itself, as passlens proxy --record"):
            is_har(start[:FIRST])
    assert is_har(b'{"schema": 2, "log": {}}')


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ('{\n\t"info": {\n\t\t"_postman_id": "1"', "Postman collection, which holds no answers"),
        ('{"info":{"name":"x"', "Postman"),
        ('{"collection":{"info":', "report of Newman"),
        ('{"constants":{"activeFieldTrialGroups":', "network log of Chrome"),
        ('{"_type":"export","__export_format":4', "Insomnia"),
        ('[{"status":"COMPLETE","method":"POST"', "Charles session in JSON: export it as HAR"),
    ],
)
def test_json_of_other_tools_is_named(start: str, words: str) -> None:
    with pytest.raises(RecordingError, match=words):
        is_har(start.encode()[:FIRST])


def test_a_recording_that_git_lfs_keeps_elsewhere_is_named() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n"
    with pytest.raises(RecordingError, match="fetch that with git lfs pull"):
        is_har(pointer[:FIRST])


def test_json_that_may_be_a_recording_is_left_to_be_read() -> None:
    for start in (
        '{"info": {"log": 1}',
        '{"constants": 1, "log": ',
        '{"_type": "x", "log": ',
        '[{"status": 200, "',
        '[{"startedDateTime": "',
    ):
        assert is_har(start.encode()[:FIRST])


def test_as_much_white_space_as_is_looked_at() -> None:
    assert is_har((b" " * (FIRST - 1) + b"{")[:FIRST])
    with pytest.raises(RecordingError):
        is_har((b" " * FIRST + b"{")[:FIRST])


def test_what_the_system_says() -> None:
    assert os_sentence(FileNotFoundError(2, "No such file")) == "cannot be read (No such file): check the name"
