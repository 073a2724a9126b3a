"""``problem/``: what comes back is what was written, and nothing else is taken for it."""

from __future__ import annotations

import dataclasses
import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from daz_planner.errors import InputError
from daz_planner.planning import make_plan
from daz_planner.planning.again import plan_again
from daz_planner.planning.bottlenecks import find_bottlenecks
from daz_planner.planning.futures import judge
from daz_planner.planning.plan import Plan
from daz_planner.planning.site_plan import plan_with_sites
from daz_planner.results.folder import write_result
from daz_planner.results.stored import load_plan, write_problem
from daz_planner.results.tables import tables
from daz_planner.simulation import simulate
from tests.factories import child, district, scenario, school


def same(one: Any, other: Any, where: str = "plan") -> None:
    """Equal in every field that takes part in comparisons, arrays to the last bit and type."""
    if isinstance(one, np.ndarray):
        floats = one.dtype.kind == "f"
        assert one.dtype == other.dtype, where
        assert np.array_equal(one, other, equal_nan=floats), where
    elif dataclasses.is_dataclass(one):
        assert type(one) is type(other), where
        for field in dataclasses.fields(one):
            if field.compare:
                same(getattr(one, field.name), getattr(other, field.name), f"{where}.{field.name}")
    elif isinstance(one, tuple):
        assert len(one) == len(other), where
        for n, pair in enumerate(zip(one, other, strict=True)):
            same(*pair, f"{where}[{n}]")
    elif isinstance(one, dict):
        assert list(one) == list(other), where
        for key in one:
            same(one[key], other[key], f"{where}[{key}]")
    else:
        assert one == other or (one != one and other != other), where


def full_plan() -> Plan:
    """A plan with everything that a plan can carry: sites, judgement, bottlenecks, changes."""
    town = district(
        [school("GS A", pupils=12, free_rooms=1), school("GS B", km=5, pupils=20)],
        newcomers=[child("K1", registered=date(2017, 1, 5), wishes=("GS B",)), child("K2")],
    )
    setting = scenario(zuzug={"pro_monat": 12.0}, klassen={"vorlauf_monate": 1})
    forecast = simulate(town, setting)
    earlier = make_plan(town, setting, forecast)
    plan = plan_again(town, setting, forecast, earlier, "frueher", make=plan_with_sites)
    assert plan.sites is not None and plan.openings and plan.changes is not None
    return replace(
        plan, judgement=judge(plan, futures=70), bottlenecks=find_bottlenecks(plan, 20.0)
    )


def test_everything_comes_back(tmp_path: Path) -> None:
    plan = full_plan()
    write_problem(plan, tmp_path / "problem")
    loaded = load_plan(tmp_path)
    same(plan, loaded)
    assert loaded.judgement is not None and loaded.judgement.district is loaded.district
    for name, table in tables(plan).items():
        assert table.frame.equals(tables(loaded)[name].frame), name


def test_what_is_not_a_number_comes_back(make_plan: Any, tmp_path: Path) -> None:
    plan = make_plan()
    opening = replace(plan.openings[0], waiting_without=float("nan"))
    plan = replace(plan, openings=(opening,))
    write_problem(plan, tmp_path / "problem")
    same(plan, load_plan(tmp_path))


def test_input_and_scenario_are_named(plan: Plan, tmp_path: Path) -> None:
    write_problem(plan, tmp_path / "problem")
    content = json.loads((tmp_path / "problem" / "problem.json").read_text(encoding="utf-8"))
    assert content["format"] == 2
    assert content["eingabe"] == [{"datei": "meissen.xlsx", "sha256": "ab" * 32}]
    assert content["plan"]["scenario"]["name"] == "basis"


def test_the_same_plan_gives_the_same_bytes(plan: Plan, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_problem(plan, tmp_path / name)
    for file in ("problem.json", "zahlen.npz"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_a_folder_copied_elsewhere_is_read(plan: Plan, tmp_path: Path) -> None:
    written = write_result(plan, tmp_path / "aus")
    shutil.copytree(written, tmp_path / "anderswo" / "Kopie mit Leerzeichen")
    shutil.rmtree(written)
    same(plan, load_plan(tmp_path / "anderswo" / "Kopie mit Leerzeichen"))


def test_an_unknown_version_is_refused(plan: Plan, tmp_path: Path) -> None:
    write_problem(plan, tmp_path / "problem")
    path = tmp_path / "problem" / "problem.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, "format": 99, "programm": "9.1"}), encoding="utf-8")
    with pytest.raises(InputError, match=r"Format 99; dieses Programm .* Formate 1 und 2\..*9\.1"):
        load_plan(tmp_path)


def damage_json(folder: Path) -> None:
    path = folder / "problem.json"
    path.write_text(path.read_text(encoding="utf-8")[:-200], encoding="utf-8")


def damage_arrays(folder: Path) -> None:
    path = folder / "zahlen.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def remove_arrays(folder: Path) -> None:
    (folder / "zahlen.npz").unlink()


def change_type(folder: Path) -> None:
    path = folder / "problem.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["plan"]["months"] = ["kein Datum"]
    path.write_text(json.dumps(content), encoding="utf-8")


def change_number(folder: Path) -> None:
    """A number that could as well be right."""
    path = folder / "problem.json"
    text = path.read_text(encoding="utf-8")
    changed = text.replace('"laeufe":', '"laeufe":1', 1)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


def other_checksum(folder: Path) -> None:
    change_number(folder)
    path = folder / "problem.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, "text_sha256": 7}), encoding="utf-8")


@pytest.mark.parametrize(
    "damage",
    [damage_json, damage_arrays, remove_arrays, change_type, change_number, other_checksum],
)
def test_what_is_damaged_is_refused(damage: Any, plan: Plan, tmp_path: Path) -> None:
    write_problem(plan, tmp_path / "problem")
    damage(tmp_path / "problem")
    with pytest.raises(InputError, match="unvollständig oder verändert"):
        load_plan(tmp_path)


def test_a_folder_without_a_plan(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="liegt kein Plan"):
        load_plan(tmp_path)
    with pytest.raises(InputError, match="gibt es nicht"):
        load_plan(tmp_path / "fehlt")


def test_a_plan_of_format_1_is_read(tmp_path: Path) -> None:
    """Kept from the version before format 2: what it did not know yet is simply not there."""
    loaded = load_plan(Path(__file__).parent / "plaene" / "format1")
    assert loaded.sites is not None and loaded.judgement is not None
    assert (loaded.front, loaded.regular, loaded.counted_today) == (None, None, None)
    assert loaded.district.room_changes == ()
    write_problem(loaded, tmp_path / "problem")
    same(loaded, load_plan(tmp_path))
    content = json.loads((tmp_path / "problem" / "problem.json").read_text(encoding="utf-8"))
    assert content["format"] == 2
