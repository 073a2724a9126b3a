"""The public Python API: every name is there, and importing the package is free."""

from __future__ import annotations

import subprocess
import sys

import pytest

import daz_planner


@pytest.mark.parametrize("name", daz_planner.__all__)
def test_every_public_name_resolves(name: str) -> None:
    value = getattr(daz_planner, name)
    assert isinstance(value, str) or callable(value), f"{name} is a {type(value).__name__}"


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="gibt_es_nicht"):
        _ = daz_planner.gibt_es_nicht


def test_import_loads_nothing_else() -> None:
    code = (
        "import sys, daz_planner\n"
        "print([m for m in sys.modules if m.startswith('daz_planner.') or m in "
        "('numpy', 'pandas', 'pydantic', 'typer', 'openpyxl', 'pulp')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"
