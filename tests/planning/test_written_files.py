"""What ``planen`` and ``zuweisen`` write, computed again from the input and the files alone.

``DAZ_TIEF=20`` runs twenty times as many inputs.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from daz_planner.cli import main
from tests.planning.written_check import Written
from tests.planning.written_input import random_case, read_table

DEEP = int(os.environ.get("DAZ_TIEF", "1"))
TELLING = (14, 60, 66, 67, 81, 87, 90, 109)
"""Inputs whose plans open and close classes, at once and later, with decisions, pins, exclusions,
reserves by hand at full schools, scarce hours and seats for the list in later months."""


def run(folder: Path, seed: int, *options: str, arrivals: float | None = None) -> Path:
    """Write a case and plan it; where the result is."""
    case = random_case(seed, small=True)
    folder.mkdir(exist_ok=True)
    book = case.write(folder / "eingabe.xlsx")
    setting = folder / "probe.toml"
    setting.write_text(case.toml(arrivals), encoding="utf-8")
    command, *rest = options
    result = folder / "ergebnis"
    code = main([command, str(book), "-s", str(setting), "-o", str(result), "-q", *rest])
    assert code in (0, 3)
    return result


@pytest.mark.parametrize("seed", [*TELLING, *range(200, 192 + 8 * DEEP)])
def test_the_files_of_a_plan_hold_what_they_promise(seed: int, tmp_path: Path) -> None:
    result = run(tmp_path, seed, "planen", "--zukuenfte", "0")
    Written(random_case(seed, small=True), result).all()


@pytest.mark.parametrize(
    "seed",
    [s for s in range(1000, 1000 + 5 * DEEP) if "Neuzugänge" in random_case(s, small=True).sheets],
)
def test_the_files_of_a_seating_hold_what_they_promise(seed: int, tmp_path: Path) -> None:
    case = random_case(seed, small=True)
    Written.of_list(case, run(tmp_path, seed, "zuweisen")).seating()


@pytest.mark.parametrize("seed", range(2000, 2000 + 2 * DEEP))
def test_planning_again_keeps_what_was_announced(seed: int, tmp_path: Path) -> None:
    case = random_case(seed, small=True)
    first = run(tmp_path / "eins", seed, "planen", "--zukuenfte", "0")
    more = case.arrivals + 4.0
    options = ("planen", "--zukuenfte", "0", "--auf", str(first))
    second = run(tmp_path / "zwei", seed, *options, arrivals=more)
    before, after = Written(case, first), Written(case, second, more)
    after.children_once()
    after.pins_and_exclusions()
    after.families()
    after.seat_numbers()
    after.nobody_is_lost()
    changed = {row["Schule oder Schüler-ID"] for row in read_table(second, "aenderungen")}
    for old, new in zip(before.seats, after.seats, strict=True):
        if (old["Schule"], old["ab Monat"]) != (new["Schule"], new["ab Monat"]):
            assert new["Schüler-ID"] in changed
    for name, classes in before.classes.items():
        if after.classes[name] != classes:
            assert name in changed
        if not case.hours_limited:
            assert all(n >= o for n, o in zip(after.classes[name], classes, strict=True))


@pytest.mark.parametrize("seed", [3012, *range(3100, 3099 + DEEP)])
def test_a_plan_with_candidate_sites_holds_what_it_promises(seed: int, tmp_path: Path) -> None:
    case = random_case(seed, small=True)
    written = Written(case, run(tmp_path, seed, "planen", "--zukuenfte", "0", "--standorte"))
    sites = set(written.classes) - set(written.schools)
    if seed == 3012:
        assert len(sites) == 2
    assert all(written.classes[name][0] == 0 and max(written.classes[name]) == 1 for name in sites)
    written.add_sites(sites)
    written.all()
