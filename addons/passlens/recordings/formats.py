"""Tells a recording by its first bytes, and a file that is none in the same words wherever it is opened."""

import re
from codecs import BOM_UTF8
from typing import Final

from passlens.errors import RecordingError

FIRST: Final = 64
"""Bytes that are looked at."""

NO_MITM: Final = "starts with a digit like a .mitm recording but is none: give what mitmproxy or a browser saved"

_EMPTY: Final = "is empty: nothing was recorded, or the recorder has not written it yet"
_UNKNOWN: Final = "is neither a .mitm nor a .har recording: give what mitmproxy saved or a browser exported as HAR"

_OWN: Final = re.compile(rb'\{\s*"schema":\s*\d+,\s*"(?:kind|tool)":')
"""How a log of passlens begins (``kind``), and a document of ``check --format json`` (``tool``)."""

_JUDGED: Final = (
    "is what passlens wrote of exchanges that it has judged (a log or a report), and no recording: give the recording "
    "itself, as passlens proxy --record FILE makes one"
)

_POSTMAN: Final = (
    "is a Postman collection, which holds no answers: record what it sends, with passlens proxy or mitmdump -w"
)
_NEWMAN: Final = "is a report of Newman: record what it sends, with passlens proxy or mitmdump -w"
_JSON: Final[tuple[tuple[re.Pattern[bytes], str], ...]] = (
    (re.compile(rb'\{\s*"info":\s*\{\s*"(?:_postman_id|name)":'), _POSTMAN),
    (re.compile(rb'\{\s*"_type":\s*"export"'), "is an Insomnia collection, which holds no answers: export it as HAR"),
    (re.compile(rb'\{\s*"collection":\s*\{'), _NEWMAN),
    (re.compile(rb'\{\s*"constants":\s*\{'), "is a network log of Chrome, and no HAR: export that in the DevTools"),
    (re.compile(rb'\[\s*\{\s*"status":\s*"[A-Z_]+",\s*"'), "is a Charles session in JSON: export it as HAR"),
)
"""How the JSON of other tools begins."""

_TEXT: Final = (
    "is a text that a client wrote of its calls, which leaves out too much: record with passlens proxy or mitmdump -w"
)
_CAPTURE: Final = "is a packet capture, in which TLS is not decrypted: record with passlens proxy or mitmdump -w"
_FOREIGN: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x1f\x8b", "is compressed with gzip: unpack it first (gunzip)"),
    (b"PK\x03\x04", "is a ZIP archive: unpack it and give the .har file inside, or export as HAR"),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstd: unpack it first (unzstd)"),
    (b"x\x01", "is compressed with zlib: save it as .har instead of .zhar"),
    (b"x\x9c", "is compressed with zlib: save it as .har instead of .zhar"),
    (b"x\xda", "is compressed with zlib: save it as .har instead of .zhar"),
    (b"\xd4\xc3\xb2\xa1", _CAPTURE),
    (b"\xa1\xb2\xc3\xd4", _CAPTURE),
    (b"\x4d\x3c\xb2\xa1", _CAPTURE),
    (b"\xa1\xb2\x3c\x4d", _CAPTURE),
    (b"\x0a\x0d\x0d\x0a", _CAPTURE),
    (b"\xff\xfe", "is text in UTF-16: save it as UTF-8"),
    (b"\xfe\xff", "is text in UTF-16: save it as UTF-8"),
    (b"{\0", "is text in UTF-16: save it as UTF-8"),
    (b"[\0", "is text in UTF-16: save it as UTF-8"),
    (b"\0{", "is text in UTF-16: save it as UTF-8"),
    (b"\0[", "is text in UTF-16: save it as UTF-8"),
    (b"\xac\xed", "is a Charles session: export it from Charles as HAR"),
    (b"<", "is XML or HTML: export the session as HAR"),
    (b"onInputData(", "is HAR inside a call of JavaScript: take off onInputData( and the bracket at the end"),
    (b"* ", _TEXT),  # curl -v, in the order of its lines, and the interceptor of OkHttp
    (b"> ", _TEXT),
    (b"--> ", _TEXT),
    (b"version https://git-lfs", "is a pointer of Git LFS, and not the recording itself: fetch that with git lfs pull"),
)


def is_har(start: bytes) -> bool:
    """True for a .har, False for a .mitm, by the first bytes of the file; raises RecordingError for anything else."""
    text = start.removeprefix(BOM_UTF8).lstrip(b" \t\r\n")
    if not start:
        raise RecordingError(_EMPTY)
    if _OWN.match(text):
        raise RecordingError(_JUDGED)
    if (other := next((sentence for form, sentence in _JSON if form.match(text)), None)) is not None:
        raise RecordingError(other)
    if text.startswith((b"{", b"[")) and text[1:2] != b"\0":
        return True
    if start[:1].isdigit():
        return False
    foreign = [sentence for magic, sentence in _FOREIGN if start.startswith(magic) or text.startswith(magic)]
    raise RecordingError(foreign[0] if foreign else _UNKNOWN)


def no_har(why: object) -> str:
    """The sentence about a JSON file that is no HAR file."""
    return f"is no HAR file that can be read because {why}: export it again, as HAR 1.2"


def os_sentence(error: OSError) -> str:
    """Why a recording cannot be opened or read, and what to do."""
    advice = {
        FileNotFoundError: "check the name",
        PermissionError: "make it readable for you",
    }.get(type(error), "check the file and its disk")
    return f"cannot be read ({error.strerror or error}): {advice}"
