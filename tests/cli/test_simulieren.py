"""``simulieren``: the table on the screen and the one for Excel."""

from __future__ import annotations

import csv
import re
from importlib import import_module
from pathlib import Path

import pytest

from daz_planner.cli import main
from daz_planner.shipped import path

EXAMPLE = str(path("data", "meissen-2017-02-08.xlsx"))


def test_table_by_school_type_fits_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulieren", EXAMPLE, "--laeufe", "20"]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    rows = [
        line.split() for line in text.splitlines() if re.match(r"[A-ZÄ][a-zä]{2} 20\d\d ", line)
    ]
    assert len(rows) == 3 * 18
    for row in rows:
        numbers = [int(word) for word in row[2:]]
        assert len(numbers) == 12
        for low, middle, high in zip(numbers[0::3], numbers[1::3], numbers[2::3], strict=True):
            assert low <= middle <= high


def test_folder_with_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "neu"
    call = ["simulieren", EXAMPLE, "--laeufe", "5", "-o", str(folder)]
    assert main(call) == 0
    file = folder / "tabellen" / "prognose.csv"
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert {"Schulart", "Phase", "Monat", "P10", "P50", "P90"} <= set(rows[0])
    assert [entry.name for entry in tmp_path.iterdir()] == ["neu"]
    capsys.readouterr()


def test_existing_folder_stops_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(import_module("daz_planner.simulation.simulate"), "simulate", None)
    assert main(["simulieren", EXAMPLE, "-o", str(tmp_path)]) == 2
    assert "Das gibt es schon" in capsys.readouterr().err


def test_same_seed_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    outputs = []
    for seed in ("5", "5", "6"):
        main(["simulieren", EXAMPLE, "--laeufe", "5", "--saat", seed])
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1] != outputs[2]


def test_folder_and_warnings_on_the_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "schulen.xlsx").write_bytes(Path(EXAMPLE).read_bytes())
    assert main(["simulieren", str(tmp_path), "--laeufe", "5"]) == 0
    text = capsys.readouterr().out
    assert "Szenario basis, 5 durchgespielte Zukünfte" in text
    assert "Warnungen zur Eingabe" in text
    assert "Klassenobergrenze" in text
