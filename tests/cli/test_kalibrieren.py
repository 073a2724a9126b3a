"""``kalibrieren``: from workbooks and lists to a scenario that can be used."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from daz_planner.cli import main
from daz_planner.district import read_district
from daz_planner.district.model import District, HistoryMonth
from daz_planner.district.template import write_district
from daz_planner.scenario import load_scenario, parameter_rows, with_values
from daz_planner.scenario.model import Scenario
from daz_planner.simulation.calibration.calibrate import calibrate
from daz_planner.simulation.calibration.scenario_file import write_scenario
from daz_planner.simulation.history import USUAL_DRIFT
from daz_planner.simulation.simulate import simulate
from tests.factories import district, place, school
from tests.simulation.calibration.roster_world import Truth, gamma, lives, rosters

START = date(2012, 1, 1)
DAYS = (date(2016, 8, 1), date(2017, 2, 1))
TRUTH = Truth(
    phase1={"GS": gamma(3.0, 1.5), "OS": gamma(5.0, 2.0)},
    phase2={"GS": gamma(8.0, 3.0), "OS": gamma(10.0, 4.0)},
    arrivals={"GS": 8.0, "OS": 6.0},
    moving=0.01,
)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The workbooks of an office, as of August and of February."""
    folder = tmp_path_factory.mktemp("mappen")
    months = (DAYS[-1] - START).days / 30.4375
    people = lives(TRUTH, months, np.random.default_rng(1))
    written = []
    for day, roster in zip(DAYS, rosters(people, START, DAYS, with_phase3=True), strict=True):
        schools = [
            school(
                f"Schule {kind}",
                school_type=kind,
                classes=5,
                pupils=sum(1 for p in roster.pupils if p.school.endswith(kind) and p.phase < 3),
                municipality="Meißen",
            )
            for kind in TRUTH.arrivals
        ]
        base = district(schools, [place("Meißen")], reference_date=day)
        path = folder / f"stand {day:%Y-%m}.xlsx"
        write_district(replace(base, name="Landkreis Meißen", rosters=(roster,)), path)
        written.append(path)
    return written[0], written[1]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("beispiel") / "beispiel.xlsx"
    assert main(["vorlage", "--beispiel", str(path), "-q"]) == 0
    return path


def test_example_is_calibrated_and_the_scenario_runs(
    example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "eigenes.toml"
    assert main(["kalibrieren", str(example), "-o", str(target)]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert "Dauer der Phase 1 in Monaten" in text
    assert "Aus einem einzigen Stichtag" in text
    assert "Es bleibt beim Wert des Szenarios" in " ".join(text.split())
    assert [path.name for path in tmp_path.iterdir()] == ["eigenes.toml"]
    scenario = load_scenario(target)
    assert scenario.name == "eigenes"
    assert scenario.phasen["GS"].phase1.tabelle is not None
    assert scenario.phasen["GS"].phase2.mittel is not None
    assert scenario.phasen["GYM"] == load_scenario("basis").phasen["GYM"]
    # The level is that of the sheet Historie, with the uncertainty that a run finds in it.
    assert (scenario.zuzug.aus, scenario.zuzug.pro_monat) == ("Historie", None)
    assert scenario.zuzug.niveau_schwankung is None
    assert main(["simulieren", str(example), "-s", str(target), "--laeufe", "5", "-q"]) == 0


def test_two_dated_workbooks(
    books: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "aus zwei.toml"
    assert main(["kalibrieren", *map(str, books), "-o", str(target)]) == 0
    text = capsys.readouterr().out
    assert "Liste vom 01.08.2016" in text and "Liste vom 01.02.2017" in text
    rows = dict(re.findall(r"^(GS|OS|alle) +(\d+,\d) ", text, re.MULTILINE))
    assert set(rows) == {"GS", "OS", "alle"}
    content = target.read_text(encoding="utf-8")
    for said in ("stand 2016-08.xlsx", "01.08.2016", "01.02.2017", "Fälle", "Geschätzt am"):
        assert said in content
    # The file gives back what was estimated.
    found = calibrate([read_district(path) for path in books], load_scenario("basis"))
    scenario = load_scenario(target)
    assert found.moving is not None and found.arrivals is not None
    assert scenario.abgang.wegzug_pro_monat == found.moving.value.value
    assert scenario.zuzug.pro_monat == found.arrivals.value.value
    # Lists do not say how the level moves: what is usual, and the file says so.
    assert scenario.zuzug.niveau_schwankung == found.drift == USUAL_DRIFT
    assert "Um diesen Anteil verschiebt sich das Niveau" in content
    assert scenario.zuzug.schularten["GS"] == found.shares[0][1].value
    for stay in found.stays:
        if stay.kind:
            kept = getattr(scenario.phasen[stay.kind], f"phase{stay.phase}")
            assert kept.tabelle == stay.table
    sources = {row.key: row.source for row in parameter_rows(scenario)}
    assert sources["phasen.GS.phase2.tabelle"].startswith("geschätzt: Listen vom 01.08.2016 und")
    assert sources["abgang.wegzug_pro_monat"].startswith("geschätzt: ")


def test_lists_alone_take_the_schools_of_the_other_input(
    books: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "alte listen"
    folder.mkdir()
    for kind in TRUTH.arrivals:
        rows = [
            f"{p.pupil_id};{p.school};{p.phase};{p.phase_since:%d.%m.%Y};{p.entered:%d.%m.%Y}"
            for p in read_district(books[0]).rosters[0].pupils
            if p.school.endswith(kind)
        ]
        head = "Stand 01.08.2016;;;;\nSchüler-ID;Schule;Phase;Phase seit;Eintritt\n"
        (folder / f"Schule {kind}.csv").write_text(
            head + "\n".join(rows) + "\n", encoding="utf-8-sig"
        )
    assert main(["kalibrieren", str(books[1]), str(books[0])]) == 0
    # The workbook has warnings of its own.
    both, warned = capsys.readouterr().out.split("Warnungen zur Eingabe")
    assert main(["kalibrieren", str(books[1]), str(folder)]) == 0
    assert capsys.readouterr().out.split("Warnungen zur Eingabe")[0] == both and warned


def test_writes_whole_or_not_at_all(
    books: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "mein.toml"
    target.write_text("wichtig", encoding="utf-8")
    call = ["kalibrieren", str(books[1]), "-o", str(target)]
    assert main(call) == 2
    assert "--ueberschreiben" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "wichtig"
    assert main([*call, "--ueberschreiben", "-q"]) == 0
    assert load_scenario(target).name == "mein"
    assert capsys.readouterr().out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["mein.toml"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [("mein.tml", "endet nicht auf .toml"), ("nul.toml", "taugt nicht als Name")],
)
def test_wrong_target_stops_before_the_work(
    name: str, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["kalibrieren", "gibt-es-nicht.xlsx", "-o", str(tmp_path / name)]) == 2
    assert problem in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_own_scenario_as_basis(
    books: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "eigene" / "grund.toml"
    own.parent.mkdir()
    own.write_text('basis = "moderat"\n[klassen]\nplanungsgroesse = 17\n', encoding="utf-8")
    target = tmp_path / "neu.toml"
    assert main(["kalibrieren", str(books[1]), "-s", str(own), "-o", str(target), "-q"]) == 0
    assert 'basis = "eigene/grund.toml"' in target.read_text(encoding="utf-8")
    assert load_scenario(target).klassen.planungsgroesse == 17
    call = ["kalibrieren", str(books[1]), "-s", str(own), "-o", str(own), "--ueberschreiben"]
    assert main(call) == 2
    assert "baut das neue Szenario auf" in capsys.readouterr().err


def test_without_any_data_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from daz_planner.shipped import path

    table = tmp_path / "tabelle.xlsx"
    shutil.copy(path("data", "meissen-2017-02-08.xlsx"), table)
    assert main(["kalibrieren", str(table)]) == 2
    assert "weder eine Schülerliste noch Anmeldungen" in capsys.readouterr().err


def with_history(day: date, months: range, *, twice: bool = False) -> District:
    """A school and a year and more of registrations and pupils; a month again with others."""
    rows = [
        HistoryMonth(date(n // 12, n % 12 + 1, 1), (("", 9 + 3 * (n % 4)),), ((0, 90),))
        for n in months
    ]
    if twice:
        rows.append(replace(rows[-1], registrations=(("", 99),)))
    base = district(
        [school("A", pupils=90, classes=6, municipality="Meißen")],
        [place("Meißen")],
        reference_date=day,
    )
    return replace(base, name="Landkreis Meißen", history=tuple(rows))


def months_until(day: date, count: int) -> range:
    last = day.year * 12 + day.month - 1
    return range(last - count, last)


def test_faults_stop_it_as_they_stop_every_command(
    books: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A month that stands in the sheet with two different numbers: no estimate from either."""
    target = tmp_path / "aus.toml"
    for name, files in (("einzeln", []), ("zusammen", [str(books[0])])):
        bad = tmp_path / f"{name}.xlsx"
        day = DAYS[-1]
        write_district(with_history(day, months_until(day, 18), twice=True), bad)
        assert main(["pruefen", str(bad)]) == 2
        assert "anderen Zahlen" in capsys.readouterr().out
        assert main(["kalibrieren", *files, str(bad), "-o", str(target)]) == 2
        assert "anderen Zahlen" in capsys.readouterr().err
        assert not target.exists()


def test_warnings_on_the_inputs_are_printed(
    books: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = DAYS[-1]
    month = months_until(day, 18)
    here = with_history(day, month)
    doubled = replace(here, history=(*here.history, here.history[-1]))
    path = tmp_path / "stand.xlsx"
    write_district(doubled, path)
    for others in ([], [str(books[0])]):
        assert main(["kalibrieren", *others, str(path)]) == 0
        text = capsys.readouterr().out
        assert "Warnungen zur Eingabe" in text
        assert "steht schon an anderer Stelle" in " ".join(text.split())
    # The row that stands there twice counts once.
    once = calibrate([here], load_scenario("basis")).arrivals
    assert calibrate([read_district(path)], load_scenario("basis")).arrivals == once


def test_the_level_keeps_its_uncertainty_in_the_file(tmp_path: Path) -> None:
    """A run with the calibrated scenario is as unsure as one with aus = "Historie"."""
    day = DAYS[-1]
    here = with_history(day, months_until(day, 18))
    basis = with_values(
        load_scenario("basis"),
        {"rechnen.laeufe": 400, "zeitraum.monate": 13, "zuzug.aus": "Historie"},
    )
    found = calibrate([here], load_scenario("basis"))
    own = write_scenario(found, tmp_path / "eins.toml", "basis", today=day)
    assert own.zuzug.aus == "Historie"
    factor = own.zuzug.varianzfaktor

    def width(scenario: Scenario) -> float:
        values = {
            "rechnen.laeufe": 400,
            "zeitraum.monate": 13,
            "zuzug.varianzfaktor": factor,
            "phasen": basis.model_dump(mode="json", exclude_none=True)["phasen"],
        }
        runs = simulate(here, with_values(scenario, values)).runs[:, :, :2, 12].sum(axis=(1, 2))
        low, high = np.quantile(runs, [0.1, 0.9])
        return float(high - low)

    assert width(own) == pytest.approx(width(basis), rel=0.02)
    # Months of two inputs together: no single sheet has them all, so numbers are written.
    older = with_history(date(2016, 9, 1), months_until(date(2016, 9, 1), 12))
    newer = with_history(day, months_until(day, 5))
    found = calibrate([older, newer], load_scenario("basis"))
    apart = write_scenario(found, tmp_path / "zwei.toml", "basis", today=day)
    assert apart.zuzug.aus is None and apart.zuzug.pro_monat is not None
    assert apart.zuzug.niveau_schwankung == pytest.approx(found.drift or 0.0, abs=1e-6)
    assert width(apart) > 0.7 * width(basis)
    assert width(with_values(apart, {"zuzug.niveau_schwankung": 0.0})) < 0.6 * width(basis)
    # Whoever has decided how the level moves is not overruled.
    decided = with_values(load_scenario("basis"), {"zuzug.niveau_schwankung": 0.05})
    assert calibrate([older, newer], decided).drift is None


def test_overwriting_needs_a_file(
    books: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["kalibrieren", str(books[1]), "--ueberschreiben"]) == 2
    assert "nur zusammen mit -o" in capsys.readouterr().err


def test_reference_date_is_for_one_input(
    books: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["kalibrieren", *map(str, books), "--stichtag", "01.02.2017"]) == 2
    assert "nur mit einer einzigen Eingabe" in capsys.readouterr().err


def test_same_input_same_file(books: tuple[Path, Path], tmp_path: Path) -> None:
    found = calibrate([read_district(books[1])], load_scenario("basis"), repeats=5)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_scenario(found, tmp_path / name / "x.toml", "basis", today=date(2026, 1, 2))
    first, second = ((tmp_path / name / "x.toml").read_bytes() for name in ("a", "b"))
    assert first == second
    assert b"02.01.2026" in first and b"\r" not in first


def test_nothing_to_write_is_no_success(
    books: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from daz_planner.simulation.calibration import calibrate as module

    real = module.calibrate

    def nothing(districts: list[District], scenario: Scenario) -> object:
        found = real(districts, scenario, repeats=0)
        return replace(found, stays=(), moving=None, arrivals=None, variance=None, shares=())

    monkeypatch.setattr(module, "calibrate", nothing)
    target = tmp_path / "eigenes.toml"
    assert main(["kalibrieren", str(books[1]), "-o", str(target)]) == 2
    assert not target.exists()
    assert "Nichts zu schreiben" in capsys.readouterr().out
    assert main(["kalibrieren", str(books[1])]) == 0
