"""``belastung`` on the real district: the answers on the screen, the folder, wrong calls."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from daz_planner.cli import main
from daz_planner.shipped import path

FILE = str(path("data", "meissen-2017-02-08.xlsx"))


def test_the_real_district(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    folder = tmp_path / "neu"
    call = ["belastung", FILE, "--laeufe", "40", "-s", "moderat", "-o", str(folder)]
    call += ["--zeitlimit", "1800"]
    assert main(call) == 0
    text = capsys.readouterr().out
    lines = text.splitlines()
    assert max(map(len, lines[: lines.index("Ergebnisse")])) <= 80
    assert "…" not in text
    assert "Ja. In allen 40 Zukünften" in text
    assert "öffnet die erste Klasse (OS," in " ".join(text.split())
    rows = [line for line in lines if line.startswith(("GS  ", "OS  ", "BSZ  ", "zusammen  "))]
    assert len(rows) == 4
    assert all(row.count("×") == 3 and row.count("–") == 3 for row in rows)
    with (folder / "tabellen" / "belastung.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file, delimiter=";"))
    assert len(table) == 12

    def factor(kind: str, event: int, column: str = "Faktor") -> float:
        own = [row for row in table if row["Schulart"] == kind]
        return float(own[event][column].replace(",", "."))

    for kind in ("GS", "OS", "BSZ"):
        assert 1.0 < factor(kind, 0) < factor(kind, 1) < factor(kind, 2) < 5.0
        for event in (0, 1, 2):
            p10, p50, p90 = (factor(kind, event, name) for name in ("P10", "P50", "P90"))
            assert p10 < p50 < p90
    assert factor("zusammen", 0) == min(factor(kind, 0) for kind in ("GS", "OS", "BSZ"))
    record = json.loads((folder / "lauf.json").read_text(encoding="utf-8"))
    assert record["laeufe"] == 40
    assert len(record["ergebnis"]) == 3
    book = load_workbook(folder / "belastung.xlsx")
    assert book.sheetnames == ["Übersicht", "Annahmen", "Protokoll"]
    assert "tab_belastung" in book["Übersicht"].tables
    assert main(call) == 2
    assert "existiert schon" in capsys.readouterr().err


def test_a_factor_on_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ohne.toml"
    file.write_text('name = "ohne"\nbasis = "basis"\n[zuzug]\npro_monat = 0\n', encoding="utf-8")
    assert main(["belastung", FILE, "-s", str(file)]) == 2
    assert "keine Anmeldungen" in capsys.readouterr().err


def test_overwriting_needs_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["belastung", FILE, "--ueberschreiben"]) == 2
    assert "-o" in capsys.readouterr().err
