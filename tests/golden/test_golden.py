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
