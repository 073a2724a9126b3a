"""Some hundreds of workbooks changed at random; ten thousand are for ``benchmarks/mutants.py``."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from daz_planner import shipped
from daz_planner.district.sheets import Source, load
from daz_planner.district.template import write_example
from tests.district.mutants import findings_of, judge, mutant


@pytest.fixture(scope="module")
def real() -> Source:
    return load(shipped.path("data", "meissen-2017-02-08.xlsx"))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Source:
    file: Path = tmp_path_factory.mktemp("mutants") / "beispiel.xlsx"
    write_example(file)
    return load(file)


@pytest.mark.parametrize("seed", range(300))
def test_a_mutant_of_the_real_table(real: Source, seed: int) -> None:
    changed = mutant(real, random.Random(seed))
    assert judge(changed, findings_of(real)) == "", changed.what


@pytest.mark.parametrize("seed", range(60))
def test_a_mutant_of_the_filled_template(filled: Source, seed: int) -> None:
    changed = mutant(filled, random.Random(10_000 + seed))
    assert judge(changed, findings_of(filled)) == "", changed.what
