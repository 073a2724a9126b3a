"""``zuweisen``: the example, exit codes, and what is written and shown."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook

from daz_planner.cli import main
from daz_planner.district.example import example_district
from daz_planner.district.template import write_example

HEAD = "Landkreis Meißen\nSchule;Schulart;Gemeinde;VKA-Schüler;VKA-Klassen;Kap.reserve\n"


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workbook of ``vorlage --beispiel`` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    write_example(tmp_path / "beispiel.xlsx")
    return tmp_path


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "tabellen" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def test_the_example_has_a_seat_for_each_child(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["zuweisen", "beispiel.xlsx"]) == 0
    folder = example / "ergebnisse" / "basis-zuweisung"
    children = [child.pupil_id for child in example_district().newcomers]
    written = rows(folder, "zuweisung")
    assert [row["Schüler-ID"] for row in written] == children
    by_id = {row["Schüler-ID"]: row for row in written}
    assert by_id["K-003"]["Schule"] == "Pestalozzi-Oberschule Meißen"
    assert by_id["K-003"]["Grund"] == "vom Amt auf diese Schule festgelegt"
    assert by_id["K-001"]["Schule"] == "4. Grundschule Riesa"
    assert "Wunsch erfüllt" in by_id["K-001"]["Grund"]
    assert all(row["Alternativen"].count("Min.)") in (2, 3) for row in written)
    # Every seat that is given away is missing among the free ones of its school.
    taken = Counter(row["Schule"] for row in written)
    for row in rows(folder, "freie_plaetze"):
        given = int(row["sofort vergeben"])
        assert given == taken.pop(row["Schule"], 0)
        assert int(row["frei am Stichtag"]) - given == int(row["noch frei"]) >= 0
    assert not taken
    assert rows(folder, "wartende") == []
    sheets = load_workbook(folder / "zuweisung.xlsx").sheetnames
    assert sheets == [
        "Übersicht", "Zuweisung", "Serienbrief", "Freie Plätze", "Annahmen", "Protokoll",
    ]  # fmt: skip
    record = json.loads((folder / "lauf.json").read_text(encoding="utf-8"))
    assert record["kinder_ohne_platz"] == 0
    assert record["los"] == {"saat": 1, "kinder": []}
    out = capsys.readouterr().out
    assert all(child in out for child in children)
    assert "Ja. 6 Kinder haben sofort einen Platz." in out


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_the_terminal(
    width: int, example: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["zuweisen", "beispiel.xlsx", "-o", "o"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= width
    assert ("Alternativen" in out) is (width == 120)
    assert "…" not in out
    words = out.split()
    assert "Pestalozzi-Oberschule" in words


def small(folder: Path, seats: int, children: str) -> str:
    """One Grundschule with some free seats, and a list of children."""
    (folder / "Schulen.csv").write_text(
        f"{HEAD}Grundschule A;GS;Riesa;{23 - seats};1;{seats}\n", encoding="utf-8"
    )
    (folder / "Neuzugänge.csv").write_text(
        f"Schüler-ID;Gemeinde;Schulart;gemeldet am;Familie;fixiert auf\n{children}",
        encoding="utf-8",
    )
    return str(folder)


def test_a_child_without_a_seat_is_exit_3_and_nobody_is_lost_or_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "kreis"
    source.mkdir()
    listed = [f"K-{n:02}" for n in range(40)]
    text = "".join(f"{name};Riesa;GS;0{1 + n % 9}.01.2017;;\n" for n, name in enumerate(listed))
    call = ["zuweisen", small(source, 2, text), "--stichtag", "08.02.2017", "-o", "o"]
    assert main(call) == 3
    written = rows(tmp_path / "o", "zuweisung")
    assert [row["Schüler-ID"] for row in written] == listed
    at_once = [row["Schüler-ID"] for row in written if row["ab Monat"] == "2017-02"]
    # Five children of the first day of registration, two seats: the lot decides.
    assert len(at_once) == 2
    assert set(at_once) <= set(listed[::9])
    record = json.loads((tmp_path / "o" / "lauf.json").read_text(encoding="utf-8"))
    assert set(at_once) <= set(record["los"]["kinder"])
    waiting = [row["Schüler-ID"] for row in rows(tmp_path / "o", "wartende")]
    assert sorted(waiting + at_once) == listed
    without = sum(row["Schule"] == "wartet" for row in written)
    assert record["kinder_ohne_platz"] == without > 0
    book = load_workbook(tmp_path / "o" / "zuweisung.xlsx")
    cells = [cell.value for cell in book["Zuweisung"]["A"]]
    assert Counter(value for value in cells if str(value).startswith("K-")) == Counter(listed)
    protocol = {row[0].value: row[1].value for row in book["Protokoll"].iter_rows(max_col=2)}
    assert protocol["Los unter Gleichen"] == ", ".join(record["los"]["kinder"])
    assert "Nein. " in capsys.readouterr().out


def test_the_seed_of_the_call_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "kreis"
    source.mkdir()
    file = small(source, 1, "K-1;Riesa;GS;;;\nK-2;Riesa;GS;;;\nK-3;Riesa;GS;;;\n")
    winners = set()
    for seed in range(8):
        main(["zuweisen", file, "--stichtag", "08.02.2017", "-o", f"o{seed}", "--saat", f"{seed}"])
        written = rows(tmp_path / f"o{seed}", "zuweisung")
        winners |= {r["Schüler-ID"] for r in written if r["ab Monat"] == "2017-02"}
    assert len(winners) > 1


def test_pins_that_cannot_all_hold_are_warnings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    source = tmp_path / "kreis"
    source.mkdir()
    text = "K-1;Riesa;GS;;;Grundschule A\nK-2;Riesa;GS;;;Grundschule A\n"
    file = small(source, 1, text)
    assert main(["pruefen", file, "--stichtag", "08.02.2017", "--format", "json"]) == 0
    assert capsys.readouterr().out.count("fixiert_voll") == 1


def test_an_empty_list_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Schulen.csv").write_text(
        f"{HEAD}Grundschule A;GS;Riesa;20;1;3\n", encoding="utf-8"
    )
    assert main(["zuweisen", "Schulen.csv", "--stichtag", "08.02.2017"]) == 0
    assert "steht kein Kind" in capsys.readouterr().out
    assert rows(tmp_path / "ergebnisse" / "basis-zuweisung", "zuweisung") == []


def test_an_existing_folder_stops_before_the_work(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (example / "da").mkdir()
    assert main(["zuweisen", "beispiel.xlsx", "-o", "da"]) == 2
    assert "--ueberschreiben" in capsys.readouterr().err
