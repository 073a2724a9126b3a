"""The summaries of three scenarios are those that somebody has read and agreed to."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


def _summaries() -> ModuleType:
    file = Path(__file__).resolve().parent / "summaries.py"
    spec = importlib.util.spec_from_file_location("golden_summaries", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


summaries = _summaries()


@pytest.mark.parametrize("name", summaries.SCENARIOS)
def test_summary_is_the_golden_one(name: str) -> None:
    kept = summaries.golden_file(name).read_text(encoding="utf-8")
    assert summaries.summary_text(name) == kept, (
        "Is the change meant? Then renew the summaries with: python docs/erneuern.py --golden"
    )


def test_every_file_belongs_to_a_scenario() -> None:
    files = {file.stem for file in summaries.FOLDER.glob("*.txt")}
    assert files == set(summaries.SCENARIOS)


def test_renewing_writes_what_the_test_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summaries, "FOLDER", tmp_path)
    monkeypatch.setattr(
        summaries, "summary_text", lambda name: f"Was ist mit {name}?\n„Ja“ – 3 %\n"
    )
    summaries.renew()
    for name in summaries.SCENARIOS:
        kept = summaries.golden_file(name)
        assert kept.parent == tmp_path
        assert kept.read_bytes().decode("utf-8") == f"Was ist mit {name}?\n„Ja“ – 3 %\n"


def test_each_answers_all_questions_and_gives_the_reason_of_each_class() -> None:
    for name in summaries.SCENARIOS:
        told = summaries.golden_file(name).read_text(encoding="utf-8")
        assert sum(line.endswith("?") for line in told.splitlines()) >= 6
        assert ("neue Klasse: " in told or "neue Klassen: " in told) == (
            "Ohne diese Klasse warten" in told
        )
