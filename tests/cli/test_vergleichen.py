"""``vergleichen`` on the real district: three scenarios, a failing one, wrong calls."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from daz_planner.cli import main
from daz_planner.planning import compare as compare_module
from daz_planner.planning.plan import Plan
from daz_planner.planning.whole import whole_plan
from daz_planner.scenario.model import Scenario
from daz_planner.shipped import path

FILE = str(path("data", "meissen-2017-02-08.xlsx"))
SHORT = '\nbasis = "basis"\n[zeitraum]\nmonate = 6\n[rechnen]\nlaeufe = 8\n'


def written(folder: Path, name: str, text: str = "") -> str:
    file = folder / f"{name}.toml"
    file.write_text(f'name = "{name}"{SHORT}{text}', encoding="utf-8")
    return str(file)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "tabellen" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_three_scenarios_and_one_that_does_not_exist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    first = written(tmp_path, "sechs")
    more = written(tmp_path, "mehr", "[zuzug]\npro_monat = 60\n[klassen]\nfreie_raeume = 2\n")
    few = written(tmp_path, "wenig", "[zuzug]\npro_monat = 5\n")
    folder = tmp_path / "neu"
    call = ["vergleichen", FILE, "-s", first, "-s", more, "-s", "gibtsnicht", "-s", few]
    assert main([*call, "--prozesse", "2", "-o", str(folder)]) == 4
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert max(map(len, lines[: lines.index("Ergebnisse")])) <= 80
    assert "Das Szenario „gibtsnicht“ gibt es nicht." in told.err
    assert "Die anderen Szenarien werden gerechnet." in " ".join(told.err.split())
    states = {row["Szenario"]: row["Stand"] for row in rows(folder, "szenarien")}
    assert states == {
        "sechs": "gerechnet",
        "mehr": "gerechnet",
        "gibtsnicht": "nicht gerechnet: Szenario fehlerhaft",
        "wenig": "gerechnet",
    }
    changes = {row["Szenario"]: row for row in rows(folder, "szenarien_unterschied")}
    assert changes["mehr"]["Anmeldungen je Monat"] == "42,0"
    assert changes["wenig"]["Anmeldungen je Monat"] == "-13,0"
    pieces = [row["Annahme"] for row in rows(folder, "wirkung") if row["Szenario"] == "mehr"]
    assert pieces[0] == "zuzug.pro_monat" and "klassen.freie_raeume" in pieces
    assert pieces[-1] == "alle zusammen"
    record = json.loads((folder / "lauf.json").read_text(encoding="utf-8"))
    assert [item["name"] for item in record["szenarien"]] == list(states)
    # The plan of a scenario is the one that planen makes.
    alone = tmp_path / "allein"
    assert main(["planen", FILE, "-s", more, "-o", str(alone), "-q"]) in (0, 3)
    own = folder / "szenarien" / "mehr" / "tabellen"
    names = sorted(file.name for file in (alone / "tabellen").iterdir())
    assert names == sorted(file.name for file in own.iterdir())
    timed = {"engpaesse.csv"}  # the search for bottlenecks has a time limit of its own
    for name in set(names) - timed:
        assert (own / name).read_bytes() == (alone / "tabellen" / name).read_bytes(), name


def test_a_period_far_away_is_told_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_work(*_: object, **__: object) -> None:
        raise AssertionError("geplant")

    monkeypatch.setattr("daz_planner.planning.compare.compare", no_work)
    far = [written(tmp_path, name) for name in "ab"]
    for file in map(Path, far):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("monate = 6", 'monate = 6\nbeginn = "2099-01"'), "utf-8")
    assert main(["vergleichen", FILE, "-s", far[0], "-s", far[1]]) == 2
    assert "mehr als 24 Monate nach dem Stichtag" in " ".join(capsys.readouterr().err.split())
    assert main(["pruefen", FILE, "-s", far[0]]) == 2
    told = " ".join(capsys.readouterr().out.split())
    assert "zeitraum.beginn" in told and "Alles in Ordnung" not in told


def test_the_number_of_processes_changes_nothing(tmp_path: Path) -> None:
    scenarios = [written(tmp_path, "sechs"), written(tmp_path, "mehr", "[zuzug]\npro_monat = 60\n")]
    call = ["vergleichen", FILE, "-q", *(part for name in scenarios for part in ("-s", name))]
    assert main([*call, "--prozesse", "1", "-o", str(tmp_path / "eins")]) == 0
    assert main([*call, "--prozesse", "2", "-o", str(tmp_path / "zwei")]) == 0
    for file in (tmp_path / "eins" / "tabellen").iterdir():
        assert file.read_bytes() == (tmp_path / "zwei" / "tabellen" / file.name).read_bytes()


def test_a_bug_in_one_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(place: object, given: Scenario, **options: object) -> Plan:
        if given.name == "mehr":
            raise ZeroDivisionError("geheim")
        return whole_plan(place, given, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(compare_module, "whole_plan", fails)
    scenarios = [written(tmp_path, name) for name in ("sechs", "mehr")]
    log, folder = tmp_path / "lauf.log", tmp_path / "neu"
    call = ["vergleichen", FILE, "-s", scenarios[0], "-s", scenarios[1], "--prozesse", "1"]
    assert main([*call, "-o", str(folder), "--log", str(log), "-q"]) == 5
    told = capsys.readouterr()
    assert told.out == ""
    assert "mehr ist nicht gerechnet: Damit hat das Programm nicht gerechnet" in told.err
    assert "geheim" not in told.err and "Traceback" not in told.err
    assert "geheim" in log.read_text(encoding="utf-8")
    assert (folder / "vergleich.html").is_file()
    assert (folder / "szenarien" / "sechs" / "plan.xlsx").is_file()


def test_wrong_calls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "neu"
    assert main(["vergleichen", FILE, "-s", "basis", "-o", str(folder)]) == 2
    assert "mindestens zwei Szenarien" in capsys.readouterr().err
    assert main(["vergleichen", FILE, "-o", str(folder)]) == 2
    assert "Fehler" in capsys.readouterr().err
    assert main(["vergleichen", FILE, "-s", "bassis", "-s", "starck", "-o", str(folder)]) == 2
    assert "„basis“" in capsys.readouterr().err
    missing = str(tmp_path / "fehlt.xlsx")
    assert main(["vergleichen", missing, "-s", "basis", "-s", "stark", "-o", str(folder)]) == 2
    assert not folder.exists()


def test_faults_of_the_input_are_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kaputt.csv"
    text = "Schule;Schulart;VKA-Schüler;VKA-Klassen;Kap.reserve\nNord;GS;zwei;2x;1\n"
    file.write_text(text, encoding="utf-8")
    call = ["vergleichen", str(file), "-s", "basis", "-s", "stark", "--stichtag", "08.02.2017"]
    assert main([*call, "-o", str(tmp_path / "neu")]) == 2
    told = capsys.readouterr().err
    assert told.count("„2x“") == 1
    assert not (tmp_path / "neu").exists()
