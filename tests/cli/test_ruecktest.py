"""``ruecktest``: the tables on the screen, the folder, and what is said of too little data."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from daz_planner.cli import main
from daz_planner.district import write_example
from daz_planner.district.example import example_district
from daz_planner.district.template import write_district
from daz_planner.shipped import path

WITHOUT_HISTORY = str(path("data", "meissen-2017-02-08.xlsx"))


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("beispiel") / "beispiel.xlsx"
    write_example(file)
    return str(file)


@pytest.mark.parametrize("width", [80, 120])
def test_the_tables_fit_the_terminal(
    example: str, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["ruecktest", example, "--laeufe", "10"]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    methods = ("Prognose", "letzter Wert", "linearer Trend", "mittlerer Wechsel")
    rows = [line for line in text.splitlines() if line.startswith(methods) and "von" in line]
    assert len(rows) == 4 * 4
    assert ("Bandnote" in text) == (width == 120)
    assert text.count("als „letzter Wert“:") + text.count("wie „letzter Wert“:") == 4


def test_the_folder(example: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "neu"
    call = ["ruecktest", example, "--laeufe", "10", "-o", str(folder)]
    assert main(call) == 0
    assert f"Geschrieben: {folder}" in capsys.readouterr().out.replace("\n", "")
    with (folder / "tabellen" / "ruecktest.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert {row["Verfahren"] for row in rows} == {
        "Prognose",
        "letzter Wert",
        "linearer Trend",
        "mittlerer Wechsel",
    }
    assert {row["Monate voraus"] for row in rows} == {"1", "3", "6", "12"}
    assert main(call) == 2
    assert "existiert schon" in capsys.readouterr().err
    again = [*call[:-1], str(tmp_path / "zwei")]
    assert main([*again, "-q"]) == 0
    assert capsys.readouterr().out == ""
    name = Path("tabellen", "ruecktest.csv")
    assert (folder / name).read_bytes() == (tmp_path / "zwei" / name).read_bytes()


def test_an_existing_folder_is_replaced_on_request(
    example: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "neu"
    call = ["ruecktest", example, "--laeufe", "5", "-o", str(folder), "-q"]
    assert main(call) == 0
    (folder / "notiz.txt").write_text("meine", encoding="utf-8")
    (folder / "ruecktest.xlsx").write_text("alt", encoding="utf-8")
    assert main([*call, "--ueberschreiben"]) == 0
    assert (folder / "ruecktest.xlsx").read_bytes()[:2] == b"PK"
    assert (folder / "notiz.txt").read_text(encoding="utf-8") == "meine"
    assert [path.name for path in tmp_path.iterdir()] == ["neu"]
    assert main(["ruecktest", example, "--ueberschreiben"]) == 2
    assert "nur zusammen mit -o" in capsys.readouterr().err
    other = tmp_path / "wichtig"
    other.mkdir()
    (other / "a.txt").write_text("x", encoding="utf-8")
    assert main([*call[:-2], str(other), "--ueberschreiben"]) == 2
    assert "kein Ergebnisordner" in capsys.readouterr().err


def test_guests_and_partial_lists_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = example_district()
    schools = (replace(whole.schools[0], guests=3), *whole.schools[1:])
    write_district(replace(whole, schools=schools), tmp_path / "stand.xlsx")
    rows = "".join(f"X-{n};{schools[0].name};{1 + n % 2}\n" for n in range(20))
    head = "Stand 31.08.2016;;\nSchüler-ID;Schule;Phase\n"
    (tmp_path / "august.csv").write_text(head + rows, encoding="utf-8-sig")
    assert main(["ruecktest", str(tmp_path), "--laeufe", "5"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "Die Schülerliste vom 31.08.2016 ist nicht benutzt" in text
    assert "Gastschüler (am Stichtag 3) zählen hier nicht mit" in text


def test_without_a_history_the_remedy_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ruecktest", WITHOUT_HISTORY]) == 2
    error = capsys.readouterr().err
    assert "keine früheren Zahlen" in error and "Blatt Historie" in error and "15" in error


def test_a_short_history_gives_a_part_and_a_hint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = example_district()
    file = tmp_path / "kurz.xlsx"
    write_district(replace(whole, history=whole.history[-6:]), file)
    assert main(["ruecktest", str(file), "--laeufe", "10"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "1 Monat voraus" in text and "6 Monate voraus" not in text
    assert "Für 6 und 12 Monate Vorausschau gibt es keinen Vergleich" in text
    assert "3 Fälle: zu wenig für ein Urteil" in text
