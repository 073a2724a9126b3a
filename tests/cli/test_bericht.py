"""``bericht`` on result folders: again without solving, older versions, versions to hand on."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from daz_planner.cli import main
from daz_planner.shipped import path as shipped
from tests.results.public_cases import contents

OLD = Path(__file__).parent.parent / "results" / "plaene" / "format1"
"""A plan with sites, futures, bottlenecks and changes, as the version before format 2 wrote it."""


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with invented pupils and a list, planned once; beside it its shared version."""
    place = tmp_path_factory.mktemp("bericht")
    book = place / "beispiel.xlsx"
    assert main(["vorlage", str(book), "--beispiel", "-q"]) == 0
    few = ["--laeufe", "20", "--zukuenfte", "20", "--zeitlimit", "30"]
    call = ["planen", str(book), "-o", str(place / "plan"), *few, "--oeffentlich", "-q"]
    assert main(call) in (0, 3)
    return place


@pytest.fixture
def copied(planned: Path, tmp_path: Path) -> Path:
    """A copy of the result, in a folder with blanks in its name."""
    copy = tmp_path / "Kopie des Plans"
    shutil.copytree(planned / "plan", copy)
    return copy


def error(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().err.split())


def test_the_report_comes_again(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (copied / "bericht.html").read_bytes()
    (copied / "bericht.html").unlink()
    assert main(["bericht", str(copied)]) == 0
    assert "bericht.html" in capsys.readouterr().out
    assert (copied / "bericht.html").read_bytes() == before
    assert not list(copied.glob(".*"))


def test_only_the_report_is_written(copied: Path) -> None:
    before = {p: p.read_bytes() for p in copied.rglob("*") if p.is_file()}
    target = copied.parent / "neu.html"
    assert main(["bericht", str(copied), "-o", str(target)]) == 0
    assert target.read_bytes() == before[copied / "bericht.html"]
    assert {p: p.read_bytes() for p in copied.rglob("*") if p.is_file()} == before


def test_the_report_of_the_folder_is_replaced(copied: Path) -> None:
    before = {p: p.read_bytes() for p in copied.rglob("*") if p.is_file()}
    (copied / "bericht.html").write_text("von früher", encoding="utf-8")
    assert main(["bericht", str(copied)]) == 0
    assert {p: p.read_bytes() for p in copied.rglob("*") if p.is_file()} == before


def test_another_file_that_is_there_stays(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = copied.parent / "meins.html"
    mine.write_text("meins", encoding="utf-8")
    call = ["bericht", str(copied), "-o", str(mine)]
    assert main(call) == 2
    assert "gibt es schon" in error(capsys)
    assert mine.read_text(encoding="utf-8") == "meins"
    assert main([*call, "--ueberschreiben"]) == 0
    assert mine.stat().st_size > 500_000


@pytest.mark.parametrize("name", ["plan.xlsx", "bericht", "ordner.html"])
def test_only_a_page_is_a_target(
    name: str, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copied / "ordner.html").mkdir()
    book = (copied / "plan.xlsx").read_bytes()
    assert main(["bericht", str(copied), "-o", str(copied / name), "--ueberschreiben"]) == 2
    assert "endet nicht auf .html" in (told := error(capsys)) or "ist ein Ordner" in told
    assert (copied / "plan.xlsx").read_bytes() == book


def test_no_child_of_the_list_leaves_the_office(planned: Path) -> None:
    with (planned / "plan" / "tabellen" / "zuweisung.csv").open(encoding="utf-8-sig") as file:
        ids = [row["Schüler-ID"] for row in csv.DictReader(file, delimiter=";")]
    roster = [
        row[0]
        for row in json.loads(
            (planned / "plan" / "problem" / "problem.json").read_text(encoding="utf-8")
        )["plan"]["district"]["rosters"]["zeilen"][-1][1]["zeilen"]
    ]
    assert len(ids) > 3 and len(roster) > 100
    found = contents(planned / "plan-oeffentlich")
    assert not [(name, i) for name, text in found.items() for i in ids + roster if i in text]
    # The same search finds them in the result itself.
    assert any(i in text for text in contents(planned / "plan" / "tabellen").values() for i in ids)


def test_the_shared_version_comes_again(
    planned: Path, copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bericht", str(copied), "--oeffentlich"]) == 0
    target = copied.with_name("Kopie des Plans-oeffentlich")
    told = " ".join(capsys.readouterr().out.split())
    assert "Geschrieben:" in told and "In der öffentlichen Fassung fehlen alle Angaben" in told
    for name in ("bericht.html", "lauf.json", "tabellen/auslastung.csv"):
        again = (target / name).read_bytes()
        assert again == (planned / "plan-oeffentlich" / name).read_bytes()
    assert not (target / "problem").exists()


def test_a_shared_page_alone(copied: Path) -> None:
    target = copied.parent / "seite.html"
    assert main(["bericht", str(copied), "--oeffentlich", "-o", str(target)]) == 0
    assert "Was in dieser Fassung fehlt" in target.read_text(encoding="utf-8")
    assert not copied.with_name("Kopie des Plans-oeffentlich").exists()


def test_a_shared_version_elsewhere(copied: Path) -> None:
    target = copied.parent / "weitergabe"
    assert main(["bericht", str(copied), "--oeffentlich", "-o", str(target), "-q"]) == 0
    assert (target / "plan.xlsx").is_file()


def test_a_plan_of_the_version_before(tmp_path: Path) -> None:
    shutil.copytree(OLD, tmp_path / "alt")
    assert main(["bericht", str(tmp_path / "alt")]) == 0
    page = (tmp_path / "alt" / "bericht.html").read_text(encoding="utf-8")
    assert "Landkreis Probe" in page and "K1" in page
    assert main(["bericht", str(tmp_path / "alt"), "--oeffentlich"]) == 0
    assert main(["erklaeren", str(tmp_path / "alt"), "GS A"]) == 0


def change(folder: Path, file: str, **values: object) -> None:
    path = folder / file
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, **values}), encoding="utf-8")


def later_plan(folder: Path) -> None:
    change(folder, "problem/problem.json", format=99, programm="9.1")


def later_record(folder: Path) -> None:
    change(folder, "lauf.json", format=99, versionen={"daz-planner": "9.1"})


def other_record(folder: Path) -> None:
    change(folder, "lauf.json", stichtag="1999-01-01")


def broken_record(folder: Path) -> None:
    (folder / "lauf.json").write_text("{", encoding="utf-8")


def no_arrays(folder: Path) -> None:
    (folder / "problem" / "zahlen.npz").unlink()


def no_plan(folder: Path) -> None:
    shutil.rmtree(folder / "problem")


def only_simulated(folder: Path) -> None:
    no_plan(folder)
    (folder / "simulation.xlsx").write_bytes(b"")


def only_seated(folder: Path) -> None:
    no_plan(folder)
    (folder / "zuweisung.xlsx").write_bytes(b"")


def shared_version(folder: Path) -> None:
    no_plan(folder)
    change(folder, "lauf.json", oeffentliche_fassung=True)


def comparison(folder: Path) -> None:
    (folder / "szenarien" / "stark").mkdir(parents=True)
    shutil.move(folder / "problem", folder / "szenarien" / "stark" / "problem")
    (folder / "vergleich.xlsx").write_bytes(b"")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (
            later_plan,
            "Der Plan hat das Format 99; dieses Programm (0.1.0) liest die Formate 1 und ",
        ),
        (later_plan, "Geschrieben hat ihn daz-planner 9.1"),
        (later_record, "Geschrieben hat es daz-planner 9.1"),
        (other_record, "gehört zu einem anderen Plan"),
        (broken_record, "lauf.json ist beschädigt"),
        (no_arrays, "unvollständig oder verändert"),
        (no_plan, "es fehlt problem/problem.json"),
        (only_simulated, "sondern das Ergebnis von „simulieren“"),
        (only_seated, "sondern das Ergebnis von „zuweisen“"),
        (shared_version, "sondern eine öffentliche Fassung"),
        (comparison, "sondern ein Vergleich"),
        (comparison, str(Path("szenarien") / "stark")),
    ],
)
def test_one_clear_sentence(
    damage: object, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "alt"
    shutil.copytree(OLD, folder)
    assert callable(damage)
    damage(folder)
    for more in ([], ["--oeffentlich"]):
        assert main(["bericht", str(folder), *more]) == 2
        # A path may be broken at any place of a line.
        assert told.replace(" ", "") in error(capsys).replace(" ", "")
    assert not (folder / "bericht.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["alt"]


def test_without_a_record_of_the_run(tmp_path: Path) -> None:
    shutil.copytree(OLD, tmp_path / "alt")
    (tmp_path / "alt" / "lauf.json").unlink()
    assert main(["bericht", str(tmp_path / "alt"), "-q"]) == 0


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bericht", str(tmp_path / "fehlt")]) == 2
    assert "Den Ordner gibt es nicht" in error(capsys)


def test_planen_asks_before_the_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "plan-oeffentlich").mkdir()
    file = str(shipped("data", "meissen-2017-02-08.xlsx"))
    assert main(["planen", file, "-o", str(tmp_path / "plan"), "--oeffentlich"]) == 2
    assert "plan-oeffentlich: Der Ordner existiert schon" in error(capsys)
    assert not (tmp_path / "plan").exists()
