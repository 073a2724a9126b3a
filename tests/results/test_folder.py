"""The result folder: which one, whole or not at all, never over something else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from daz_planner.errors import ConservationError, OutputError
from daz_planner.planning.plan import Plan
from daz_planner.results import folder as folders
from daz_planner.results import workbook
from daz_planner.results.folder import check_folder, folder_name, write_result
from daz_planner.results.tables import tables


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_everything_is_written(plan: Plan, tmp_path: Path) -> None:
    written = write_result(plan, None, seconds={"Lesen": 0.5})
    assert written == Path("ergebnisse/basis")
    names = set(content(written))
    assert {"tabellen/klassenbildung.csv", "tabellen/ausgangszahlen.csv"} <= names
    files = {"plan.xlsx", "bericht.html", "lauf.json", "problem/problem.json", "problem/zahlen.npz"}
    assert names == files | {f"tabellen/{name}.csv" for name in tables(plan)}
    assert [path.name for path in (tmp_path / "ergebnisse").iterdir()] == ["basis"]


def test_record(plan: Plan) -> None:
    written = write_result(plan, None, seconds={"Lesen": 0.5})
    record = json.loads((written / "lauf.json").read_text(encoding="utf-8"))
    assert record["eingabe"] == [{"datei": "meissen.xlsx", "sha256": "ab" * 32}]
    assert record["szenario"]["name"] == "basis"
    assert record["szenario"]["rechnen"]["saat"] == record["saat"] == 1
    assert (record["loeser"], record["laeufe"]) == ("highs", 4)
    assert record["sekunden"] == {"Lösung": 0.25, "Lesen": 0.5}
    assert record["am_limit_beendet"] is False
    assert record["kinder_ohne_platz"] == 3.5
    assert {"daz-planner", "python", "pulp", "highspy", "pandas"} <= set(record["versionen"])
    assert record["ziele"][2] == {
        "schulart": "OS",
        "ziel": "weg",
        "wert": 87.5,
        "schranke": 87.5,
        "luecke": 0.0,
        "status": "OPTIMAL",
        "status_text": "bewiesen optimal",
        "sekunden": 0.1,
    }


def test_same_plan_same_bytes_of_the_tables(plan: Plan) -> None:
    first, second = write_result(plan, Path("a")), write_result(plan, Path("b"))
    assert content(first / "tabellen") == content(second / "tabellen")


def test_runs_are_numbered(plan: Plan) -> None:
    assert [write_result(plan, None).name for _ in range(3)] == ["basis", "basis-2", "basis-3"]
    assert check_folder(None, False, "basis") == Path("ergebnisse/basis-4")
    assert check_folder(None, True, "basis") == Path("ergebnisse/basis")


def test_an_existing_folder_is_refused(plan: Plan) -> None:
    write_result(plan, Path("aus"))
    before = content(Path("aus"))
    with pytest.raises(OutputError, match=r"existiert schon.*--ueberschreiben"):
        check_folder(Path("aus"), False, "basis")
    with pytest.raises(OutputError):
        write_result(plan, Path("aus"))
    assert content(Path("aus")) == before


def test_overwriting_replaces_the_result_and_keeps_foreign_files(
    make_plan: Callable[..., Plan],
) -> None:
    write_result(make_plan(), Path("aus"))
    Path("aus/notiz.txt").write_text("eigene", encoding="utf-8")
    Path("aus/tabellen/alt.csv").write_text("alt", encoding="utf-8")
    write_result(make_plan(hints=("neu",)), Path("aus"), overwrite=True)
    record = json.loads(Path("aus/lauf.json").read_text(encoding="utf-8"))
    assert record["hinweise"] == ["neu"]
    assert Path("aus/notiz.txt").read_text(encoding="utf-8") == "eigene"
    assert not Path("aus/tabellen/alt.csv").exists()
    assert [path.name for path in Path().iterdir()] == ["aus"]


def test_a_foreign_folder_is_never_overwritten(plan: Plan) -> None:
    Path("fremd").mkdir()
    Path("fremd/brief.docx").write_text("wichtig", encoding="utf-8")
    with pytest.raises(OutputError, match=r"kein Ergebnisordner.*lauf\.json"):
        write_result(plan, Path("fremd"), overwrite=True)
    assert content(Path("fremd")) == {"brief.docx": b"wichtig"}


def test_an_empty_folder_can_be_overwritten(plan: Plan) -> None:
    Path("leer").mkdir()
    with pytest.raises(OutputError):
        check_folder(Path("leer"), False, "basis")
    assert write_result(plan, Path("leer"), overwrite=True) == Path("leer")
    assert Path("leer/plan.xlsx").is_file()


def test_a_file_in_the_way(plan: Plan) -> None:
    Path("aus").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="schon eine Datei"):
        write_result(plan, Path("aus"), overwrite=True)


def test_a_file_in_the_way_of_the_parent() -> None:
    Path("aus").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="kann nicht geschrieben werden"):
        check_folder(Path("aus/unten"), False, "basis")


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_crash_in_the_middle_leaves_nothing_half_done(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, overwrite: bool
) -> None:
    if overwrite:
        write_result(plan, Path("aus"))
    before = content(Path())

    def crash(*args: object, **kwargs: object) -> None:
        raise RuntimeError("Strom weg")

    monkeypatch.setattr(workbook, "write_workbook", crash)
    with pytest.raises(RuntimeError):
        write_result(plan, Path("aus"), overwrite=overwrite)
    assert content(Path()) == before
    assert [path.name for path in Path().iterdir()] == (["aus"] if overwrite else [])


def test_a_failing_swap_puts_the_old_result_back(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_result(plan, Path("aus"))
    before = content(Path("aus"))
    rename = Path.rename

    def locked(self: Path, target: Path) -> Path:
        if ".neu-" in self.name:
            raise PermissionError(13, "gesperrt")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", locked)
    with pytest.raises(OutputError, match=r"gesperrt oder schreibgeschützt.*Excel"):
        write_result(plan, Path("aus"), overwrite=True)
    assert content(Path("aus")) == before
    assert [path.name for path in Path().iterdir()] == ["aus"]


def test_an_open_workbook_is_noticed_before_the_work(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_result(plan, Path("aus"))
    opened = Path.open

    def locked(self: Path, mode: str = "r", *args: object, **kwargs: object) -> object:
        if self.name == "plan.xlsx" and "+" in mode:
            raise PermissionError(13, "gesperrt")
        return opened(self, mode, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(OutputError, match=r"plan\.xlsx.*gesperrt.*Excel"):
        check_folder(Path("aus"), True, "basis")


def test_full_disk_is_a_german_message(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workbook, "write_workbook", full)
    with pytest.raises(OutputError, match="Speicherplatz"):
        write_result(plan, Path("aus"))
    assert list(Path().iterdir()) == []


def test_a_plan_that_does_not_add_up_is_not_written(plan: Plan) -> None:
    with pytest.raises(ConservationError):
        write_result(replace(plan, children=()), None)
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("scenario", "name"),
    [("welle-2015", "welle-2015"), ("a/b:c", "a_b_c"), ("..", "plan"), ("CON", "CON_")],
)
def test_scenario_names_become_folder_names_of_windows(scenario: str, name: str) -> None:
    assert folder_name(scenario) == name


def test_checking_a_folder_loads_no_heavy_library() -> None:
    import subprocess
    import sys

    code = (
        "import sys, daz_planner.results.folder;"
        "print(sorted({'pandas', 'numpy', 'openpyxl', 'pulp'} & set(sys.modules)))"
    )
    root = Path(folders.__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True
    )
    assert run.stdout.strip() == "[]"
