"""The handbook shows what the scripts print, letter by letter."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "handbuch.md").read_text(encoding="utf-8")


def _renewing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("erneuern", ROOT / "docs" / "erneuern.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


erneuern = _renewing()


def test_every_script_of_the_folder_is_shown() -> None:
    files = (ROOT / "docs" / "belege").glob("*_20*.py")
    assert sorted(erneuern.scripts(TEXT)) == sorted(f"docs/belege/{f.name}" for f in files)


@pytest.mark.parametrize("script", erneuern.scripts(TEXT))
def test_block_is_what_the_script_prints(script: str) -> None:
    assert erneuern.shown(TEXT)[script] == erneuern.output(script), (
        "Rewrite the block with: python docs/erneuern.py"
    )


def test_renewing_replaces_the_block_only() -> None:
    text = "a\n<!-- Ausgabe von docs/x.py -->\n```text\nold\n```\nb\n"
    new = erneuern.renewed(text, {"docs/x.py": "new\n"})
    assert new == text.replace("old", "new")
    assert erneuern.shown(new) == {"docs/x.py": "new\n"}


def test_the_data_that_is_named_is_there() -> None:
    named = re.findall(r"`(data/[^`]+)`", TEXT)
    assert named
    assert all((ROOT / name).is_file() for name in named)


def test_lines_of_the_blocks_fit_on_a_page() -> None:
    for block in erneuern.shown(TEXT).values():
        assert max(len(line) for line in block.splitlines()) <= 100
