"""``pruefen``: everything found, in three forms."""

from __future__ import annotations

import csv
import io
import json
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
    assert "Warnung Schulen!" in flat
    assert "Ein Plan ist möglich." in flat
    assert max(map(len, text.splitlines())) <= 80


def test_fault_in_text(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pruefen", str(faulty), "--stichtag", "08.02.2017"]) == 2
    text = capsys.readouterr().out
    assert "Fehler " in text
    assert "„=zwanzig“" in text
    assert "So entsteht kein Plan." in text


def test_fault_as_csv(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pruefen", str(faulty), "--stichtag", "08.02.2017", "--format", "csv"]) == 2
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out), delimiter=";"))
    (fault,) = [row for row in rows if row["Art"] == "Fehler" and "zwanzig" in row["Wert"]]
    assert fault["Datei"] == faulty.name
    assert fault["Zelle"] == "D2"
    assert fault["Abhilfe"]
    assert fault["Wert"] == "'=zwanzig"  # so that Excel takes it for text


def test_fault_as_json(faulty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["pruefen", str(faulty), "--stichtag", "08.02.2017", "--format", "json"]
    assert main(call) == 2
    records = json.loads(capsys.readouterr().out)
    assert ("D2", "Fehler") in {(record["Zelle"], record["Art"]) for record in records}


def test_several_files_and_a_missing_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = str(path("data", "meissen-2017-02-08.xlsx"))
    assert main(["pruefen", good, str(tmp_path / "fehlt.xlsx")]) == 2
    text = capsys.readouterr().out
    assert "Ein Plan ist möglich." in text
    assert "So entsteht kein Plan." in text
