"""Texts of an entry: made once for all sinks, and those of the entry that is asked for."""

import json

import pytest
from mitmproxy.test import tflow

from cases import as_exchange, case
from passlens.analysis.analyzer import analyze
from passlens.proxy import entry_texts
from passlens.proxy.entry_texts import EntryTexts
from passlens.reports.jsonl import plain


def test_each_text_is_made_once_and_is_the_entrys_own(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(entry_texts, "plain", lambda entry: made.append(entry["outcome"]) or plain(entry))
    texts, flow = EntryTexts(), tflow.tflow()
    one, other = (analyze(as_exchange(case(name))) for name in ("P1", "P3"))
    assert texts.json(one) == texts.json(one) == plain(one)
    assert "partner_profile" in texts.block(flow, one)
    assert json.loads(texts.json(other))["outcome"] == "P3"
    assert "pfs_fallback" in texts.block(flow, other)
    assert texts.json(one) == plain(one)
    assert made == ["P1", "P3", "P1"]
