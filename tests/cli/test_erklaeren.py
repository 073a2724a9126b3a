"""``erklaeren`` and ``planen --auf`` on result folders that ``planen`` wrote."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from daz_planner.cli import main

SCHOOLS = """Stand 08.02.2017
Schule;Schulart;Gemeinde;VKA-Schüler;VKA-Klassen;Kap.reserve;freie Räume
Grundschule Coswig;GS;Coswig;20;1;3;1
Grundschule Riesa;GS;Riesa;22;1;1;1
Oberschule Riesa;OS;Riesa;20;1;3;1
"""
CHILDREN = "Schüler-ID;Gemeinde;Schulart;gemeldet am\n"
SCENARIO = """name = "probe"
[zeitraum]
monate = 8
[zuzug]
pro_monat = 12
[rechnen]
laeufe = 64
"""


def folder_of(path: Path, children: str, schools: str = SCHOOLS) -> Path:
    path.mkdir()
    (path / "Schulen.csv").write_text(f"Landkreis Meißen\n{schools}", encoding="utf-8")
    (path / "Neuzugänge.csv").write_text(CHILDREN + children, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the input ``kreis``, the scenario and the result ``plan``."""
    place = tmp_path_factory.mktemp("auf")
    folder_of(place / "kreis", "K1;Riesa;GS;16.01.2017\nK2;Coswig;GS;20.01.2017\n")
    (place / "probe.toml").write_text(SCENARIO, encoding="utf-8")
    code = run(place, "kreis", "plan")
    assert code in (0, 3)
    return place


def run(place: Path, folder: str, result: str, *options: str) -> int:
    call = ["planen", str(place / folder), "-s", str(place / "probe.toml")]
    return main([*call, "-o", str(place / result), *options])


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_a_school_of_a_copied_folder(
    planned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "Plan für den Kreistag"
    shutil.copytree(planned / "plan", copy)
    capsys.readouterr()
    assert main(["erklaeren", str(copy), "grundschule coswig"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Grundschule Coswig\nPlan Landkreis Meißen, Szenario probe")
    assert "Wen sie aufnimmt" in text and "Auslastung Monat für Monat" in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_child(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["erklaeren", str(planned / "plan"), "K1"]) == 0
    text = capsys.readouterr().out
    assert "Grundschule Riesa, sofort" in text
    assert "hier ist der Platz" in text and "weiter entfernt" in text
    assert max(map(len, text.splitlines())) <= 80


def test_who_is_unknown(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["erklaeren", str(planned / "plan"), "Grundschule Risa"]) == 2
    assert "Meinen Sie „Grundschule Riesa“" in capsys.readouterr().err
    assert main(["erklaeren", str(planned / "kreis"), "K1"]) == 2
    assert "liegt kein Plan" in capsys.readouterr().err


def test_the_same_input_on_the_plan_changes_nothing(
    planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    run(planned, "kreis", "gleich", "--auf", str(planned / "plan"))
    text = capsys.readouterr().out
    assert "Gegenüber dem Plan vom 08.02.2017 ändert sich nichts." in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 80
    assert table(planned / "gleich" / "tabellen" / "aenderungen.csv") == []
    first, second = (
        [
            {name: value for name, value in row.items() if name not in ("Grund", "gebraucht in")}
            for row in table(planned / name / "tabellen" / "klassenbildung.csv")
        ]
        for name in ("plan", "gleich")
    )
    assert first == second


def test_one_more_child_and_nothing_else(planned: Path) -> None:
    more = "K1;Riesa;GS;16.01.2017\nK2;Coswig;GS;20.01.2017\nK3;Coswig;GS;06.02.2017\n"
    folder_of(planned / "mehr", more)
    run(planned, "mehr", "plan-mehr", "--auf", str(planned / "plan"), "-q")
    (row,) = table(planned / "plan-mehr" / "tabellen" / "aenderungen.csv")
    assert (row["Änderung"], row["Schule oder Schüler-ID"]) == ("neues Kind", "K3")
    assert row["jetzt"] == "Grundschule Coswig ab Februar 2017"


def test_a_school_that_is_gone_is_a_warning(
    planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without = "".join(line for line in SCHOOLS.splitlines(True) if "Oberschule" not in line)
    folder_of(planned / "weniger", "K1;Riesa;GS;16.01.2017\n", without)
    capsys.readouterr()
    run(planned, "weniger", "plan-weniger", "--auf", str(planned / "plan"))
    text = " ".join(capsys.readouterr().out.split())
    assert "Schule fehlt: Oberschule Riesa" in text
    assert "Kind nicht mehr auf der Liste: K2" in text
    record = json.loads((planned / "plan-weniger" / "lauf.json").read_text(encoding="utf-8"))
    assert any("Oberschule Riesa" in warning for warning in record["warnungen"])
    assert record["auf"] == {"ordner": "plan", "stichtag": "2017-02-08", "aenderungen": 2}


def test_a_folder_that_is_no_plan_stops_before_the_work(
    planned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(planned, "kreis", "nie", "--auf", str(planned / "kreis")) == 2
    assert "liegt kein Plan" in capsys.readouterr().err
    assert not (planned / "nie").exists()


def test_without_futures(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(planned, "kreis", "ohne", "--zukuenfte", "0")
    assert "Was bringt der Plan?" not in capsys.readouterr().out
    names = {path.name for path in (planned / "ohne" / "tabellen").iterdir()}
    assert not any(name.startswith("zukunft") for name in names)
    record = json.loads((planned / "ohne" / "lauf.json").read_text(encoding="utf-8"))
    assert "geprueft_an_zukuenften" not in record
    record = json.loads((planned / "plan" / "lauf.json").read_text(encoding="utf-8"))
    assert record["geprueft_an_zukuenften"] == 64
