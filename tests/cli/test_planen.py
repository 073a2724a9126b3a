"""``planen``: exit code, order of the work, and what is printed."""

from __future__ import annotations

import json
from datetime import date
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from daz_planner.cli import main
from daz_planner.shipped import path

EXAMPLE = str(path("data", "meissen-2017-02-08.xlsx"))


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    """The main job with its costly parts replaced; ``fake`` steers and records."""
    fake = SimpleNamespace(waiting=0.0, hit_limit=False, done=[], scenario=None, seconds={})

    def make_plan(district: Any, scenario: Any, _forecast: Any, **_: Any) -> Any:
        fake.done.append("plan")
        fake.scenario = scenario
        return SimpleNamespace(
            district=district,
            scenario=scenario,
            months=(date(2017, 2, 1), date(2018, 7, 1)),
            openings=(),
            hints=("Ein Hinweis.",),
            hit_limit=fake.hit_limit,
            sites=None,
            front=None,
            bottlenecks=None,
            changes=None,
            seconds={"Modell": 1.0},
        )

    def write_result(_plan: Any, folder: Path | None, **options: Any) -> Path:
        fake.done.append("write")
        fake.seconds = options["seconds"]
        return folder or tmp_path / "ergebnisse"

    replaced: dict[str, dict[str, Any]] = {
        "daz_planner.simulation.simulate": {"simulate": lambda *_, **__: None},
        "daz_planner.planning.make": {"make_plan": make_plan},
        "daz_planner.planning.futures": {"with_judgement": lambda plan, *_: plan},
        "daz_planner.planning.bottlenecks": {"with_bottlenecks": lambda plan, _seconds: plan},
        "daz_planner.results.folder": {"write_result": write_result},
        "daz_planner.results.summary": {
            "children_without_seat": lambda _plan: fake.waiting,
            "summary": lambda _plan: [("Frage?", "Antwort.")],
        },
    }
    for module, functions in replaced.items():
        for name, function in functions.items():
            monkeypatch.setattr(import_module(module), name, function)
    monkeypatch.chdir(tmp_path)
    return fake


@pytest.mark.parametrize(
    ("waiting", "hit_limit", "code"),
    [(0.0, False, 0), (0.49, False, 0), (0.5, False, 3), (9.0, True, 4), (0.0, True, 4)],
)
def test_exit_code(waiting: float, hit_limit: bool, code: int, fake: SimpleNamespace) -> None:
    fake.waiting, fake.hit_limit = waiting, hit_limit
    assert main(["planen", EXAMPLE]) == code
    assert fake.done == ["plan", "write"]


def test_options_reach_the_scenario(fake: SimpleNamespace) -> None:
    call = "--laeufe 7 --saat 3 --loeser cbc --zeitlimit 12,5 --luecke 2% -s moderat -q"
    assert main(["planen", EXAMPLE, *call.split()]) == 0
    computing = fake.scenario.rechnen
    assert (computing.laeufe, computing.saat, computing.loeser) == (7, 3, "cbc")
    assert (computing.zeitlimit, computing.luecke) == (12.5, pytest.approx(0.02))
    assert fake.scenario.name == "moderat"


def test_existing_folder_stops_before_the_work(
    fake: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "da").mkdir()
    assert main(["planen", EXAMPLE, "-o", "da"]) == 2
    assert fake.done == []
    assert "--ueberschreiben" in capsys.readouterr().err


def test_unknown_scenario_names_the_nearest(
    fake: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["planen", EXAMPLE, "-s", "moderrat"]) == 2
    assert "moderat" in capsys.readouterr().err
    assert fake.done == []


def test_missing_file(fake: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["planen", "fehlt.xlsx"]) == 2
    assert "fehlt.xlsx" in capsys.readouterr().err
    assert fake.done == []


def test_summary_hints_and_warnings_are_shown(
    fake: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["planen", EXAMPLE])
    text = capsys.readouterr().out
    assert "Szenario basis, Februar 2017 bis Juli 2018" in text
    assert "Frage?" in text
    assert "Antwort." in text
    assert "– Ein Hinweis." in text
    assert "Warnungen zur Eingabe" in text
    assert max(map(len, text.splitlines())) <= 80


def test_many_warnings_of_a_kind_are_one_line(
    fake: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "kreis"
    folder.mkdir()
    rows = "".join(f"Grundschule {n};GS;Riesa;20;1;9\n" for n in "ABCDEFG")
    head = (
        "Landkreis Meißen\n"
        "Schule;Schulart;Gemeinde;VKA-Schüler;VKA-Klassen;Kap.reserve;Klassengröße\n"
    )
    rows = rows.replace(";9\n", ";9;25\n")
    (folder / "Schulen Stand 08.02.2017.csv").write_text(head + rows, encoding="utf-8")
    assert main(["planen", str(folder), "--stichtag", "08.02.2017"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "Schulen Stand 08.02.2017!F3:F9 (7 Zellen, z. B. „Grundschule A“)" in text
    assert "Zum Beispiel: „Grundschule A“: 20 VKA-Schüler" in text
    assert "„Grundschule B“: 20 VKA-Schüler" not in text


def test_quiet_says_nothing(fake: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    main(["planen", EXAMPLE, "-q"])
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_log_and_times(fake: SimpleNamespace, tmp_path: Path) -> None:
    main(["planen", EXAMPLE, "--log", "lauf.log"])
    assert list(fake.seconds)[:3] == ["Start", "Lesen", "Simulation"]
    assert fake.seconds["Modell"] == 1.0
    log = (tmp_path / "lauf.log").read_text(encoding="utf-8")
    for step in ("Start", "Lesen", "Simulation", "Modell", "Schreiben", "Gesamt"):
        assert f" {step}: " in log


def test_log_that_cannot_be_written(
    fake: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["planen", EXAMPLE, "--log", "kein/ordner/lauf.log"]) == 2
    assert "--log" in capsys.readouterr().err
    assert fake.done == []


def test_main_job_on_the_real_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["planen", EXAMPLE, "--laeufe", "20"]) in (0, 3)
    assert capsys.readouterr().err == ""
    folder = tmp_path / "ergebnisse" / "basis"
    assert (folder / "plan.xlsx").is_file()
    assert list((folder / "tabellen").glob("*.csv"))
    record = json.loads((folder / "lauf.json").read_text(encoding="utf-8"))
    assert record
    assert [entry.name for entry in (tmp_path / "ergebnisse").iterdir()] == ["basis"]
