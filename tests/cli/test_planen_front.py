"""``planen --abwaegung`` from the workbook to the screen and the folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from daz_planner.cli import main

SCHOOLS = (
    "VKA im Landkreis Meißen;;;;;;\n"
    "Schule;Schulart;Gemeinde;VKA-Schüler;VKA-Klassen;Kap.reserve;freie Räume\n"
    "3. Grundschule Riesa;GS;Riesa;10;1;13;0\n"
    "Grundschule Coswig-Mitte;GS;Coswig;0;0;0;1\n"
    "Pestalozzi-Grundschule Nossen;GS;Nossen;0;0;0;1\n"
)
SCENARIO = (
    'name = "nur-gs"\nbasis = "basis"\n[zeitraum]\nmonate = 6\n[zuzug]\npro_monat = 2\n'
    "schularten = { GS = 1.0 }\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "schulen.csv").write_text(SCHOOLS, encoding="utf-8")
    (tmp_path / "s.toml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


CALL = ["planen", "schulen.csv", "--stichtag", "08.02.2017", "-s", "s.toml", "--zukuenfte", "0"]
LONG = ["--zeitlimit", "900"]


def test_screen_and_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CALL, *LONG, "-o", "mit", "--abwaegung"]) in (0, 3)
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    text = " ".join(shown.split())
    assert "Was spart eine Klasse mehr?" in text
    assert "Eine Klasse mehr an „Pestalozzi-Grundschule Nossen“ spart im Mittel" in text
    assert "P Plan" in text
    record = json.loads((folder / "mit" / "lauf.json").read_text(encoding="utf-8"))
    assert record["abwaegung"]["nicht_gerechnet"] == []
    assert "Abwägung" in record["sekunden"]
    # The plan is the same as without.
    assert main([*CALL, *LONG, "-o", "ohne", "-q"]) in (0, 3)
    for path in sorted((folder / "ohne" / "tabellen").iterdir()):
        other = folder / "mit" / "tabellen" / path.name
        assert other.read_bytes() == path.read_bytes(), path.name
    assert not (folder / "ohne" / "tabellen" / "abwaegung.csv").exists()


def test_with_sites_and_on_an_earlier_plan(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*CALL, *LONG, "-o", "eins", "-q"]) in (0, 3)
    call = [*CALL, *LONG, "--abwaegung", "--standorte", "--auf", "eins", "-o", "zwei"]
    assert main(call) in (0, 3)
    text = " ".join(capsys.readouterr().out.split())
    for part in ("Änderungen", "Mögliche Standorte", "Was spart eine Klasse mehr?"):
        assert part in text
    lines = (folder / "zwei" / "tabellen" / "abwaegung.csv").read_text(encoding="utf-8-sig")
    listed = (folder / "zwei" / "tabellen" / "standorte.csv").read_text(encoding="utf-8-sig")
    sites = [line.split(";")[1] for line in listed.splitlines()[1:] if ";Schulliste;" in line]
    # Schools of the list may open in the curves, too.
    assert any(name in lines for name in sites)
