"""Targets: files that a user gets from others. Recordings, rule files, templates, configuration, baseline.
Each is taken, or refused with one sentence."""

import io
import random
import tempfile
from pathlib import Path
from typing import Any

from fuzz.decoders import json_of
from passlens.analysis.analyzer import analyze
from passlens.analysis.baseline import from_document, to_document
from passlens.errors import (
    BaselineError,
    CutOffError,
    EditError,
    NotRecordsError,
    ReadError,
    RuleFileError,
    TemplateError,
)
from passlens.exchange.decoded import Decoded
from passlens.exchange.model import Exchange
from passlens.recordings.har_reader import read_har
from passlens.recordings.mitm_records import records, well_formed
from passlens.recordings.reader import read
from passlens.recordings.source import Source
from passlens.runner import config_file
from passlens.scenarios import json_edit, patch, template, template_engine, template_texts
from passlens.scenarios.changes import PatchStep
from passlens.scenarios.patterns import fits
from passlens.scenarios.reader import read_text
from passlens.scenarios.template_values import context
from passlens.util.text import escape_controls
from scenarios.made import NOW, exchange

SEEN = context(Decoded(exchange("P1")), NOW, random.Random(1))
STEPS = (
    PatchStep(op="add", path="/a/0", value={"b": [1]}),
    PatchStep.model_validate({"op": "copy", "path": "/c", "from": "/a"}),
    PatchStep.model_validate({"op": "move", "path": "/d", "from": "/c"}),
    PatchStep(op="replace", path="/d", value=None),
    PatchStep(op="remove", path="/d"),
)


def sentence(text: str) -> None:
    """One sentence or clause that people can read."""
    assert text
    assert "\n" not in escape_controls(text)
    assert len(text) < 5_000


def recording(data: bytes) -> None:
    """A recording of either format, as far as it can be read; every exchange in it is judged."""
    with tempfile.NamedTemporaryFile(prefix="passlens-fuzz-") as file:
        file.write(data)
        file.flush()
        for item in read([file.name]):
            if isinstance(item, ReadError):
                sentence(item.sentence)
            elif isinstance(item, Exchange) and item.route is not None:
                analyze(item)


def har(data: bytes) -> None:
    for item in read_har(io.BytesIO(data), "fuzz", whole=True):
        if isinstance(item, ReadError):
            sentence(item.sentence)


def mitm(data: bytes) -> None:
    well_formed(data)
    try:
        for record in records(Source(io.BytesIO(data))):
            well_formed(record)
    except (CutOffError, NotRecordsError):
        return


def rules(data: bytes) -> None:
    try:
        made = read_text(data, Path("fuzz.yaml"))
    except RuleFileError as error:
        for said in error.sentences:
            sentence(said)
        return
    for rule in made.rules:
        for _, text in template_texts.texts(rule.then, made.bodies):
            _filled(text)


def templates(data: bytes) -> None:
    _filled(data.decode("utf-8", "replace"))


def _filled(text: str) -> None:
    try:
        template_engine.check(text)
        assert len(template.render(text, SEEN)) <= max(template_engine.LARGEST, len(text))
    except TemplateError as error:
        sentence(str(error))


def expressions(data: bytes) -> None:
    """A pattern of a rule and a value of a device, a line each."""
    pattern, _, value = data.decode("utf-8", "replace").partition("\n")
    try:
        assert fits(pattern, value[:4096]) in (True, False)
    except ValueError as error:
        sentence(str(error))


def changes(data: bytes) -> None:
    """Changes to JSON text in place: the JSON, then the path, then the new value, a line each."""
    text, _, rest = data.decode("utf-8", "replace").partition("\n")
    path, _, new = rest.partition("\n")
    value: Any = json_of(new.encode())
    steps = tuple(path.split(".")[:20])
    for change in (
        lambda: json_edit.set_value(text, steps, value),
        lambda: json_edit.remove(text, steps),
        lambda: json_edit.merge(text, value),
        lambda: str(patch.apply(patch.parsed(text), STEPS)),
    ):
        try:
            change()
        except EditError as error:
            sentence(str(error))


def settings(data: bytes) -> None:
    try:
        config_file.parse(data.decode("utf-8", "replace"), Path("passlens.toml"), shared=False)
    except ValueError as error:
        sentence(str(error))


def baselines(data: bytes) -> None:
    try:
        made = from_document(json_of(data))
    except BaselineError as error:
        sentence(str(error))
        return
    assert from_document(to_document(made)).counts == made.counts
