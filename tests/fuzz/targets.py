"""Every target by its name: what takes the bytes, where it starts, and what it may cost.
To add one, write a function that takes any bytes and asserts what must hold, and give it a row here."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import forge
from cases import cases
from fuzz import decoders, exchanges, files, limits, messages

CORPUS: Final = Path(__file__).with_name("corpus")
"""What was found, in a folder for each target: small files with made-up content, replayed by test_targets.py."""

ROOT: Final = Path(__file__).parents[2]
RECORDINGS: Final = ROOT / "tests" / "recordings"

Seeds = Callable[[], list[bytes]]


class Target(NamedTuple):
    """One target. ``seconds`` of CPU time and ``bytes`` of memory are for 100 KB, ``examples`` those of a test run."""

    run: Callable[[bytes], None]
    seeds: Seeds
    seconds: float = limits.SECONDS
    bytes: int = limits.BYTES
    examples: int = 25


def _texts(*values: str) -> Seeds:
    return lambda: [value.encode() for value in values]


def _exchanges() -> list[bytes]:
    return [messages.to_bytes(made) for made in cases()]


def _bodies() -> list[bytes]:
    return [bytes([(made.status - 200) // 4]) + made.response_body for made in cases()]


def _rules() -> list[bytes]:
    return [path.read_bytes() for path in sorted((ROOT / "rules").glob("*.yaml"))]


def _forms() -> list[bytes]:
    return [made.body for made in cases() if b"=" in made.body]


def _routes() -> list[bytes]:
    return sorted({f"{made.method} {made.path} {made.host}".encode() for made in cases()})


def _recordings(ending: str) -> Seeds:
    return lambda: [path.read_bytes()[:60_000] for path in sorted(RECORDINGS.glob(f"*.{ending}"))]


_TEMPLATES: Final = (
    "{{ now.plus(minutes=30).millis }}{{ random.code() }}",
    "{% for n in range(3) %}{{ loop.index ~ form.mvpd|default('x')|upper }}{% endfor %}",
    "{% set a = device_info.osName %}{% if a == 'tvOS' %}{{ a|tojson }}{% else %}{{ a[1]|trim('x') }}{% endif %}",
)

TARGETS: Final[dict[str, Target]] = {
    "decoding": Target(decoders.decoding, _texts(forge.device_info(), forge.partner_status(), '{"a": [1, NaN]}')),
    "device-info": Target(decoders.device_info, _texts(forge.device_info(), '{"osName": "tvOS"}')),
    "partner-status": Target(decoders.partner_status, _texts(forge.partner_status(), "e30=")),
    "identifiers": Target(decoders.identifiers, _texts(forge.device_identifier("tv"), '"fingerprint YQ"')),
    "tokens": Target(decoders.tokens, _texts(forge.bearer(), "Bearer a.b.c")),
    "answer-bodies": Target(decoders.answer_bodies, _bodies),
    "forms": Target(decoders.forms, _forms),
    "routing": Target(decoders.routing, _routes),
    "content": Target(decoders.content, _texts("gzip\n", "br, deflate\nx", "zstd\n")),
    # After a broken entry what follows is read again.
    "recording": Target(files.recording, _recordings("har"), 0.6),
    "har": Target(files.har, _recordings("har"), 0.6),
    "mitm": Target(files.mitm, _recordings("mitm"), 0.1),
    # A YAML parser in Python reads some 100 KB a second.
    "rules": Target(files.rules, _rules, 3.0, 128 << 20),
    "templates": Target(files.templates, _texts(*_TEMPLATES), 1.5),
    "expressions": Target(files.expressions, _texts("(a+)+b\naaaa", "[a-z]{3}|.*\nabc"), 1.0),
    "changes": Target(files.changes, _texts('{"a": [1, {"b": null}]}\na.1.b\n{"c": 2}'), 0.4),
    "settings": Target(files.settings, _texts('select = ["PL2"]\nfail-on = "error"\n'), 0.5),
    "baselines": Target(files.baselines, _texts('{"kind": "passlens baseline", "schema": 1, "findings": []}')),
    "exchange": Target(exchanges.exchange, _exchanges, 0.5),
    "page": Target(exchanges.page, _exchanges, 1.0, examples=5),
    "redaction": Target(exchanges.redaction, _texts("before\nafter", "%65eyJ\n.a@b.example")),
    "sandbox": Target(exchanges.sandbox, _exchanges, 0.5),
    "rewriting": Target(exchanges.rewriting, _exchanges, 0.5),
    "scrubbing": Target(exchanges.scrubbing, _exchanges, 1.0),
}


def kept(name: str) -> Iterator[Path]:
    """What was found for a target."""
    folder = CORPUS / name
    return (path for path in sorted(folder.iterdir()) if path.is_file()) if folder.is_dir() else iter(())
