"""``pruefen``: everything found, in three forms."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from daz_planner.cli import main
from daz_planner.shipped import path

TABLE = """Schule;Schulart;Gemeinde;VKA-Schüler;VKA-Klassen;Kap.reserve
=Grundschule Riesa;GS;Riesa;{pupils};1;3
"""


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    file = tmp_path / "Schulen Stand 08.02.2017.csv"
    file.write_text(TABLE.format(pupils="=zwanzig"), encoding="utf-8")
    return file


def test_real_table_has_warnings_but_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pruefen", str(path("data", "meissen-2017-02-08.xlsx"))]) == 0
    text = capsys.readouterr().out
    flat = " ".join(text.split())
    assert "Stand 08.02.2017: 19 Schulen, 31 VKA-Klassen, 517 Schüler" in flat
    assert "Kapazitätsreserve 198" in flat
    assert "Blatt Schulen" in flat
    assert "Schulwege: alle 532 aus der Entfernung geschätzt." in flat
    assert "Ein Plan ist möglich." in flat
    assert max(map(len, text.splitlines())) <= 80


def test_fault_in_text(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pruefen", str(faulty), "--stichtag", "08.02.2017"]) == 2
    text = capsys.readouterr().out
    assert re.search("^D2 +Fehler ", text, re.MULTILINE)
    assert "„=zwanzig“" in text
    assert "So entsteht kein Plan." in text


def test_quiet_keeps_warnings_back_but_not_faults(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pruefen", str(faulty), "--stichtag", "08.02.2017", "-q"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "„=zwanzig“" in err
    assert main(["pruefen", str(path("data", "meissen-2017-02-08.xlsx")), "-q"]) == 0
    assert capsys.readouterr() == ("", "")


def test_fault_as_csv(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pruefen", str(faulty), "--stichtag", "08.02.2017", "--format", "csv"]) == 2
    text = capsys.readouterr().out
    assert text.startswith("\ufeffDatei;Blatt;Zelle;Art;Kennung;Wert;Befund;Abhilfe\r\n")
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=";"))
    (fault,) = [row for row in rows if row["Art"] == "Fehler" and "zwanzig" in row["Wert"]]
    assert fault["Datei"] == faulty.name
    assert fault["Kennung"] == "wert_falsch"
    assert fault["Zelle"] == "D2"
    assert fault["Abhilfe"]
    assert fault["Wert"] == "'=zwanzig"  # so that Excel takes it for text


def test_fault_as_json(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["pruefen", str(faulty), "--stichtag", "08.02.2017", "--format", "json"]
    assert main(call) == 2
    records = json.loads(capsys.readouterr().out)
    (fault,) = [record for record in records if record["Zelle"] == "D2"]
    assert (fault["Art"], fault["Zeile"], fault["Spalte"]) == ("Fehler", 2, 4)


def test_several_files_and_a_missing_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = str(path("data", "meissen-2017-02-08.xlsx"))
    assert main(["pruefen", good, str(tmp_path / "fehlt.xlsx")]) == 2
    text = capsys.readouterr().out
    assert "Ein Plan ist möglich." in text
    assert "So entsteht kein Plan." in text
    assert "meissen-2017-02-08.xlsx, Blatt Schulen" in text
    assert text.rstrip().endswith("2 Eingaben: 1 Fehler, 2 Warnungen.")


GOOD = str(path("data", "meissen-2017-02-08.xlsx"))


@pytest.mark.parametrize("width", [80, 120])
def test_table_fits_the_terminal(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["pruefen", GOOD]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= width
    (head,) = [line for line in lines if line.startswith("Zelle")]
    assert ("Kennung" in head) == (width == 120)
    assert any("ueber_obergrenze" in line for line in lines)


def test_files_of_the_same_name_are_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / name / "liste.csv" for name in ("a", "b")]
    for file in files:
        file.parent.mkdir()
        file.write_text(TABLE.format(pupils="=zwanzig"), encoding="utf-8")
    assert main(["pruefen", *map(str, files), "--format", "json"]) == 2
    names = {record["Datei"] for record in json.loads(capsys.readouterr().out)}
    assert names == set(map(str, files))


def test_folder_is_one_district(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "kreis"
    folder.mkdir()
    (folder / "schulen.xlsx").write_bytes(Path(GOOD).read_bytes())
    assert main(["pruefen", str(folder)]) == 0
    text = capsys.readouterr().out
    assert "19 Schulen" in text
    assert "Keine Fehler, 2 Warnungen." in text
    assert main(["planen", str(tmp_path / "fehlt")]) == 2
    assert "fehlt" in capsys.readouterr().err


def test_scenario_gives_the_cap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = tmp_path / "eng.toml"
    scenario.write_text('name = "eng"\n[klassen]\nobergrenze = 28\n', encoding="utf-8")
    main(["pruefen", GOOD, "-s", str(scenario), "--format", "json"])
    problems = [record["Befund"] for record in json.loads(capsys.readouterr().out)]
    assert any("28" in problem for problem in problems)
    assert not any("ueber" in problem for problem in problems)
    assert main(["pruefen", GOOD, "-s", "gibt-es-nicht"]) == 2


def test_open_rule_of_the_class_cap_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(day: str, *more: str) -> bool:
        assert main(["pruefen", GOOD, "--stichtag", day, *more]) in (0, 2)
        return "keine Regel gefunden" in " ".join(capsys.readouterr().out.split())

    fixed = tmp_path / "fest.toml"
    fixed.write_text('name = "fest"\n[klassen]\nobergrenze = 25\n', encoding="utf-8")
    short = tmp_path / "kurz.toml"
    short.write_text('name = "kurz"\n[zeitraum]\nmonate = 2\n', encoding="utf-8")
    assert not said("08.02.2017")
    assert said("01.06.2026")
    assert not said("01.06.2026", "-s", str(short))
    assert not said("01.06.2026", "-s", str(fixed))


def test_given_and_estimated_ways(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import openpyxl

    book = openpyxl.load_workbook(GOOD)
    ways = book["Wege"] if "Wege" in book.sheetnames else book.create_sheet("Wege")
    ways.delete_rows(1, ways.max_row)
    ways.append(["Gemeinde", "Schule", "Minuten"])
    ways.append(["Riesa", "Oberschule „Am Sportzentrum“ Riesa", 12])
    file = tmp_path / "mit-wegen.xlsx"
    book.save(file)
    main(["pruefen", str(file)])
    text = " ".join(capsys.readouterr().out.split())
    assert "Schulwege: 1 von 532 angegeben, 531 aus der Entfernung geschätzt." in text


def test_error_file(faulty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import openpyxl

    target = tmp_path / "befunde.xlsx"
    call = ["pruefen", GOOD, "--fehlerdatei", str(target)]
    assert main(call) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "farbige Zellen)" in text
    assert "Fehler sind rot" in text
    book = openpyxl.load_workbook(target)
    assert book.sheetnames[0] == "Befunde"
    assert "Schulen" in book.sheetnames
    assert main(call) == 2
    assert "gibt es schon" in capsys.readouterr().err
    csv_call = ["pruefen", str(faulty), "--fehlerdatei", str(target), "--ueberschreiben"]
    assert main([*csv_call, "--format", "csv"]) == 2
    captured = capsys.readouterr()
    assert captured.out.startswith("\ufeffDatei;")
    assert "Geschrieben" not in captured.out
    assert "nur die Liste der Befunde" in captured.err
    assert openpyxl.load_workbook(target).sheetnames == ["Befunde"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The real table and a roster with 76 wrong phases in its rows 2 to 77."""
    import openpyxl

    folder = tmp_path / "kreis"
    folder.mkdir()
    (folder / "schulen.xlsx").write_bytes(Path(GOOD).read_bytes())
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Bestand"
    book.active.append(["Schüler-ID", "Schule", "Phase"])
    for number in range(76):
        book.active.append([f"S-{number:03d}", "Grundschule Niederau", f"x{number}"])
    book.save(folder / "Niederau.xlsx")
    return folder


@pytest.mark.parametrize("width", [80, 120])
def test_a_column_of_the_same_fault_is_one_line(
    width: int,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["pruefen", str(folder)]) == 2
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= width
    assert re.search(r"^C2:C77 +Fehler +x0, x1, x2, … +Zum Beispiel: „x0“", text, re.MULTILINE)
    assert "(76 Zellen)" in text
    flat = " ".join(text.split())
    assert re.search(
        r" 76 Fehler, \d+ Warnung(en)?\. So entsteht kein Plan\. Gezählt ist jede", flat
    )
    assert main(["pruefen", str(folder), "--format", "json"]) == 2
    records = json.loads(capsys.readouterr().out)
    assert sum(record["Art"] == "Fehler" for record in records) == 76
    assert main(["planen", str(folder)]) == 2
    error = capsys.readouterr().err
    assert "Die Eingabe hat 76 Fehler." in error
    assert "Fehler Niederau.xlsx: Bestand!C2:C77 (76 Zellen, z. B. „x0“)" in error


def test_nothing_is_said_of_grouping_where_nothing_is_grouped(
    faulty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["pruefen", str(faulty), "--stichtag", "08.02.2017"])
    assert "Gezählt ist jede" not in capsys.readouterr().out


def test_error_file_of_a_folder(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import openpyxl

    target = tmp_path / "befunde.xlsx"
    call = ["pruefen", str(folder), "--fehlerdatei", str(target)]
    assert main(call) == 2
    text = "".join(capsys.readouterr().out.split())  # a long path is broken anywhere
    copies = tmp_path / "befunde-Kopien"
    assert sorted(path.name for path in copies.iterdir()) == ["Niederau.xlsx", "schulen.xlsx"]
    assert f"Geschrieben:{target}Geschrieben:{copies}(2Kopien," in text
    assert openpyxl.load_workbook(copies / "Niederau.xlsx").sheetnames == ["Befunde", "Bestand"]
    assert main(call) == 2
    assert "gibt es schon" in capsys.readouterr().err
    assert main([*call, "--ueberschreiben"]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "befunde-Kopien", "befunde.xlsx", "kreis"
    ]  # fmt: skip


def shown(file: Path, capsys: pytest.CaptureFixture[str]) -> str:
    main(["pruefen", str(file)])
    return capsys.readouterr().out


def test_a_file_of_the_same_name_without_a_fault_is_not_taken_for_the_faulty_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only the second list.xlsx has a fault; it is the one that is copied."""
    import openpyxl

    one, two = tmp_path / "a" / "liste.xlsx", tmp_path / "b" / "liste.xlsx"
    for file, pupils in ((one, 20), (two, "2x")):
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.title = "Schulen"
        book.active.append(["Landkreis Meißen, Stand 08.02.2017"])
        head = ["Schule", "Schulart", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve"]
        book.active.append([*head, "Breite", "Länge"])
        row = ["Grundschule Niederau", "GS", "Niederau", pupils, 1, 3, 51.17, 13.54]
        book.active.append(row)
        file.parent.mkdir()
        book.save(file)
    target = tmp_path / "f.xlsx"
    assert "Alles in Ordnung." in shown(one, capsys)
    assert main(["pruefen", str(one), str(two), "--fehlerdatei", str(target), "-q"]) == 2
    (copy,) = (tmp_path / "f-Kopien").iterdir()
    assert openpyxl.load_workbook(copy)["Schulen"]["D3"].value == "2x"


def test_copy_gives_the_same_findings_as_the_original(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "befunde.xlsx"
    main(["pruefen", GOOD, "--fehlerdatei", str(target), "-q"])
    found = []
    for file in (GOOD, str(target)):
        main(["pruefen", file, "--format", "json"])
        records = json.loads(capsys.readouterr().out)
        found.append([{**record, "Datei": ""} for record in records])
    assert found[0] == found[1] != []


def test_input_that_cannot_be_opened_gives_a_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import openpyxl

    broken = tmp_path / "kaputt.xlsx"
    broken.write_bytes(Path(GOOD).read_bytes()[:3000])
    target = tmp_path / "befunde.xlsx"
    assert main(["pruefen", str(broken), "--fehlerdatei", str(target)]) == 2
    assert "nur die Liste der Befunde" in " ".join(capsys.readouterr().out.split())
    assert openpyxl.load_workbook(target).sheetnames == ["Befunde"]


def test_error_file_is_checked_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pruefen", GOOD, "--fehlerdatei", GOOD, "--ueberschreiben"]) == 2
    captured = capsys.readouterr()
    assert "die Eingabe selbst" in captured.err
    assert captured.out == ""


def test_an_order_that_leaves_children_waiting_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / "wege.toml"
    odd.write_text('[ziele]\nreihenfolge = ["weg", "wartemonate"]\n', encoding="utf-8")
    main(["pruefen", GOOD, "-s", str(odd)])
    told = " ".join(capsys.readouterr().out.split())
    assert "Hinweise zum Szenario" in told
    assert "steht „weg“ vor „wartemonate“" in told
    assert "schreiben Sie im Szenario unter [ziele] in „reihenfolge“ „wartemonate“" in told
    # Data for machines stays as it is, and the usual order needs no hint.
    for options in (["-s", str(odd), "--format", "json"], []):
        main(["pruefen", GOOD, *options])
        assert "Hinweise zum Szenario" not in capsys.readouterr().out
