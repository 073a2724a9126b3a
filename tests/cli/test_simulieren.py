"""``simulieren``: the answers, the plots and tables on the screen, and the folder."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from daz_planner.cli import main
from daz_planner.shipped import path

EXAMPLE = str(path("data", "meissen-2017-02-08.xlsx"))
MONTH_ROW = re.compile(r"[A-ZÄ][a-zä]{2} 20\d\d ")


def month_rows(text: str) -> list[list[int]]:
    """The numbers of the rows of months."""
    return [
        [int(word.replace("−", "-")) for word in line.split()[2:]]
        for line in text.splitlines()
        if MONTH_ROW.match(line)
    ]


@pytest.mark.parametrize(("columns", "numbers"), [("80", 9), ("120", 15), ("50", 6)])
def test_tables_fit_the_screen(
    columns: str, numbers: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["simulieren", EXAMPLE, "--laeufe", "20"]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= int(columns)
    assert "…\n" not in text.split("Warnungen zur Eingabe")[0]
    rows = month_rows(text)
    # Three school types and all together.
    assert len(rows) == 4 * 18
    for low, middle, high, seats, free_middle, free_high, *phases in rows:
        assert low <= middle <= high
        assert (free_middle, free_high) == (seats - middle, seats - high)
        assert len(phases) == numbers - 6
    together = rows[-18:]
    assert together[0][:4] == [517, 517, 517, 714]


def test_answers_plots_and_causes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulieren", EXAMPLE, "--laeufe", "50", "-s", "welle-2015"]) == 0
    text = capsys.readouterr().out
    flat = " ".join(text.split())
    assert "Reichen die heutigen Plätze?" in text
    assert "In jedem Monat bis Juli 2018 reichen die Plätze in mindestens 9 von 10" in flat
    assert re.search(r"Oberschule \(OS\) (Ab|Von|Im|In \d).{0,60} reichen die Plätze in mehr", flat)
    assert "Bestand Februar 2017" in text
    assert text.count("━━━━━━━━\n") == text.count("░ P10 bis P90   ━ Plätze") == 4
    assert "\x1b" not in text


def test_causes_to_a_chosen_month(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulieren", EXAMPLE, "--laeufe", "5", "--bis", "08.2017"]) == 0
    lines = capsys.readouterr().out.splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("Bestand Februar 2017"))
    last = next(n for n, line in enumerate(lines) if line.startswith("Bestand August 2017"))

    # Label, then GS, OS, BSZ, together, then the bar.
    numbers = [
        re.findall(r"[+−]?\d+(?:,\d)?(?= )", line[30:] + " ") for line in lines[first : last + 1]
    ]
    values = [[float(n.replace(",", ".").replace("−", "-")) for n in row] for row in numbers]
    assert {len(row) for row in values} == {4}
    for column in zip(*values, strict=True):
        assert sum(column[:-1]) == pytest.approx(column[-1], abs=0.51)


@pytest.mark.parametrize(
    ("option", "text"),
    [
        (["--bis", "02.2017"], "Februar 2017 liegt nicht im Zeitraum"),
        (["--bis", "08.2030"], "August 2030 liegt nicht im Zeitraum"),
        (["--bis", "August"], "„August“ ist kein Monat"),
        (["--ueberschreiben"], "--ueberschreiben geht nur zusammen mit -o"),
        (["--einzeln"], "--einzeln geht nur zusammen mit -o"),
    ],
)
def test_wrong_calls(option: list[str], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulieren", EXAMPLE, "--laeufe", "5", *option]) == 2
    captured = capsys.readouterr()
    assert text in captured.err
    assert captured.out == ""


def test_folder_with_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "neu"
    call = ["simulieren", EXAMPLE, "--laeufe", "5", "-o", str(folder)]
    assert main(call) == 0
    assert str(folder) in capsys.readouterr().out.replace("\n", "")
    assert (folder / "simulation.xlsx").is_file()
    assert (folder / "lauf.json").is_file()
    file = folder / "tabellen" / "prognose.csv"
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert {"Schulart", "Phase", "Monat", "P10", "P50", "P90"} <= set(rows[0])
    assert [entry.name for entry in tmp_path.iterdir()] == ["neu"]
    assert main(call) == 2
    assert main([*call, "--ueberschreiben"]) == 0


def test_same_seed_same_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, seed in (("a", "5"), ("b", "5"), ("c", "6")):
        folder = str(tmp_path / name)
        main(["simulieren", EXAMPLE, "--laeufe", "5", "--saat", seed, "--einzeln", "-o", folder])
    capsys.readouterr()
    tables = [
        {file.name: file.read_bytes() for file in (tmp_path / name / "tabellen").iterdir()}
        for name in "abc"
    ]
    assert tables[0] == tables[1]
    assert tables[0]["plaetze.csv"] != tables[2]["plaetze.csv"]
    assert len(tables[0]) == 6


def test_existing_folder_stops_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(import_module("daz_planner.simulation.simulate"), "simulate", None)
    assert main(["simulieren", EXAMPLE, "-o", str(tmp_path)]) == 2
    assert "existiert schon" in capsys.readouterr().err


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


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_whole_process_on_a_foreign_console(encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "daz_planner", "simulieren", EXAMPLE, "--laeufe", "20"],
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "COLUMNS": "80"},
        capture_output=True,
        check=True,
    )
    text = done.stdout.decode(encoding)
    drawing = text.split("Grundschule (GS)")[2]
    assert ("░" in drawing) == (encoding == "utf-8")
    assert (":::" in drawing) == (encoding != "utf-8")
    # The two questions are the only signs that the encoding may have put there.
    assert text.count("?") == 2
    # The columns of a table keep their width where ä becomes ae.
    lines = text.splitlines()
    head = next(n for n, line in enumerate(lines) if line.startswith("Monat"))
    assert {len(line) for line in lines[head - 1 : head + 18]} == {len(lines[head])}
    first = next(n for n, line in enumerate(lines) if line.startswith("Bestand Februar"))
    assert {len(line) for line in lines[first - 2 : first + 9]} == {len(lines[first])}


def test_futures_until_the_p90_is_precise_enough(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulieren", EXAMPLE, "--genauigkeit", "6"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "256 durchgespielte Zukünfte" in out
    assert "auf" in out and "Kinder genau bekannt (zu 95 % sicher)" in out


def test_number_and_precision_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulieren", EXAMPLE, "--genauigkeit", "1", "--laeufe", "9"]) == 2
    assert "gehen nicht zusammen" in capsys.readouterr().err


def test_the_same_tables_on_two_processes(tmp_path: Path) -> None:
    written = []
    for processes in ("1", "2"):
        folder = tmp_path / processes
        call = ["simulieren", EXAMPLE, "-o", str(folder), "--laeufe", "130", "--prozesse"]
        assert main([*call, processes]) == 0
        written.append({f.name: f.read_bytes() for f in (folder / "tabellen").iterdir()})
    assert written[0] == written[1]
