"""A back-test as it is handed out: sentences that name the loser, tables, workbook, folder."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from daz_planner.district.model import HistoryMonth
from daz_planner.errors import OutputError
from daz_planner.results import backtest_texts as texts
from daz_planner.results.backtest_folder import write_backtest
from daz_planner.results.backtest_tables import backtest_tables
from daz_planner.results.backtest_workbook import build_backtest_workbook
from daz_planner.results.csvfiles import csv_bytes
from daz_planner.scenario import load_scenario, with_values
from daz_planner.simulation.backtest.measures import Case, Method, scores
from daz_planner.simulation.backtest.observed import VKA, Series
from daz_planner.simulation.backtest.run import Backtest, Start, backtest
from daz_planner.simulation.calendar import month_sequence
from tests.factories import district, scenario, school


def of(*cases: Case, **values: object) -> Backtest:
    """A back-test with the given cases."""
    days = sorted({case.start for case in cases})
    base = Backtest(
        district=district([school("A")]),
        scenario=scenario(),
        starts=tuple(Start(day, False, 5.0, 12) for day in days),
        cases=cases,
        scores=scores(cases),
        unknown_arrivals=(),
        gaps={1: 0, 3: 0, 6: 0, 12: 0},
        runs=64,
    )
    return replace(base, **values)  # type: ignore[arg-type]


def cases(
    forecast: float, last: float, *, count: int = 1, horizon: int = 1, series: Series = VKA
) -> list[Case]:
    """The forecast and „letzter Wert“ against 100 observed pupils, ``count`` times."""
    result = []
    for month in month_sequence(date(2015, 1, 1), count):
        for method, value in ((Method.FORECAST, forecast), (Method.LAST, last)):
            band = (value - 5, value + 5) if method is Method.FORECAST else None
            day = date(2016, 1, 1)
            result.append(Case(month, horizon, day, series, method, value, band, 100))
    return result


@cache
def whole() -> Backtest:
    months = tuple(
        HistoryMonth(month, (("", 5 + n % 3),), ((1, 20 + n % 5), (2, 30 + n)))
        for n, month in enumerate(month_sequence(date(2015, 1, 1), 20))
    )
    base = replace(district([school("A")], reference_date=date(2016, 9, 8)), history=months)
    return backtest(base, scenario(rechnen={"laeufe": 20}))


# -- sentences -------------------------------------------------------------------------------------


def test_the_loser_is_called_the_loser() -> None:
    (worse,) = texts.verdicts(of(*cases(130, 110, count=12, horizon=12)))
    assert worse.startswith(
        "Die Prognose ist bei 12 Monaten schlechter als „letzter Wert“: Sie lag im Mittel um 30 "
        "Schüler daneben, „letzter Wert“ um 10 (12 Fälle)."
    )
    assert "0 von 12 (0 %), erwartet sind 80 %: Das Band ist zu schmal." in worse
    (better,) = texts.verdicts(of(*cases(101, 110, count=12)))
    assert better.startswith("Die Prognose ist bei 1 Monat besser als „letzter Wert“")
    assert "12 von 12 (100 %), erwartet sind 80 %: Das Band ist zu breit." in better
    (few,) = texts.verdicts(of(*cases(101, 110, count=12, horizon=6)))
    assert "ist zu breit" not in few and "noch kein Beleg für ein zu breites Band" in few
    (same,) = texts.verdicts(of(*cases(90, 110)))
    assert same.startswith("Die Prognose ist bei 1 Monat genauso gut wie „letzter Wert“")


def test_few_cases_allow_no_verdict_and_no_percentage() -> None:
    (text,) = texts.verdicts(of(*cases(101, 110, count=3)))
    assert "lagen 3 von 3." in text
    assert text.endswith("3 Fälle: zu wenig für ein Urteil.")
    assert "%" not in text


def test_one_case_is_singular() -> None:
    (text,) = texts.verdicts(of(*cases(101, 110)))
    assert "lag 1 von 1." in text


def test_cases_that_overlap_are_counted_in_the_hint() -> None:
    found = " ".join(texts.hints(of(*cases(101, 110, count=7, horizon=6))))
    assert "7 Fälle über 6 Monate sind keine 7 unabhängigen." in found


def test_simple_methods_lose_and_win_too() -> None:
    trend = Case(date(2015, 1, 1), 1, date(2016, 1, 1), VKA, Method.TREND, 150.0, None, 100)
    both = cases(120, 110)
    (text,) = texts.verdicts(of(*both, trend))
    assert "Gegen „letzter Wert“ verliert auch „linearer Trend“ (50)." in text
    (text,) = texts.verdicts(of(*cases(105, 110), trend))
    assert "Gegen „letzter Wert“ verliert „linearer Trend“ (50)." in text
    (text,) = texts.verdicts(of(*both, replace(trend, forecast=101.0)))
    assert "verliert" not in text and "Am besten war „linearer Trend“ mit 1." in text


def test_phases_in_which_the_forecast_loses() -> None:
    both = cases(101, 110) + cases(130, 110, series=Series("GS", 1), horizon=3)
    assert texts.detail_verdict(of(*both)).endswith("bei: GS, Phase 1 (3 Monate).")
    assert texts.detail_verdict(of(*cases(130, 110))) == ""


def test_where_the_stays_come_from() -> None:
    assumed = of(*cases(101, 110), scenario=load_scenario("moderat"))
    assert "mitgelieferten Szenario „basis“" in texts.stay_origin(assumed)
    own = with_values(
        load_scenario("basis"),
        {
            "phasen.GS.phase1": {"mittel": 5.0, "standardabweichung": 2.0},
            "quellen": {"phasen.GS.phase1": "zwei Listen"},
        },
    )
    assert "(Quelle: zwei Listen)" in texts.stay_origin(replace(assumed, scenario=own))
    assert "schneidet die Prognose zu gut ab" in texts.stay_origin(replace(assumed, scenario=own))


def test_hints_name_what_is_missing() -> None:
    result = of(
        *cases(101, 110, count=2, horizon=3),
        gaps={1: 0, 3: 2, 6: 0, 12: 0},
        unknown_arrivals=(date(2015, 1, 31), date(2015, 2, 28)),
    )
    text = " ".join(texts.hints(result))
    assert "Für 1, 6 und 12 Monate Vorausschau gibt es keinen Vergleich" in text
    assert "4 für 1 Monat, 9 für 6 Monate und 15 für 12 Monate" in text
    three = [case for h in (3, 6, 12) for case in cases(101, 110, horizon=h)]
    assert texts.hints(of(*three))[0].startswith("Für 1 Monat Vorausschau gibt es")
    assert "An 2 Stichtagen (31.01.2015 bis 28.02.2015) gab es noch keine 3 Monate" in text
    assert "fallen Vergleiche weg: 2 bei 3 Monaten" in text


# -- tables ----------------------------------------------------------------------------------------


def test_each_case_is_a_row() -> None:
    result = whole()
    tables = backtest_tables(result)
    table = tables["ruecktest"]
    assert len(table.frame) == len(result.cases)
    keys = ["Stichtag", "Monate voraus", "Schulart", "Phase", "Verfahren"]
    assert not table.frame.duplicated(keys).any()
    for value, forecast, observed in zip(
        table.values("Abweichung"),
        table.values("Prognose"),
        table.values("eingetroffen"),
        strict=True,
    ):
        assert value == pytest.approx(forecast - observed)
    assert len(tables["ruecktest_masse"].frame) == len(result.scores)


def test_the_same_seed_gives_the_same_bytes() -> None:
    again = backtest(whole().district, whole().scenario)
    for name, table in backtest_tables(whole()).items():
        assert csv_bytes(table) == csv_bytes(backtest_tables(again)[name])


# -- workbook and folder ---------------------------------------------------------------------------


def test_the_workbook_has_a_page_with_charts_and_two_lists(tmp_path: Path) -> None:
    workbook = build_backtest_workbook(whole())
    assert workbook.sheetnames == ["Übersicht", "Maße", "Vergleiche"]
    overview = workbook["Übersicht"]
    assert len(overview._charts) == 2
    text = [cell.value for row in overview.iter_rows(max_col=1) for cell in row if cell.value]
    assert any("als „letzter Wert“" in str(line) for line in text)
    path = tmp_path / "r.xlsx"
    workbook.save(path)
    sheet = load_workbook(path)["Vergleiche"]
    (table,) = sheet.tables.values()
    assert sheet.max_row - 4 == len(whole().cases)
    assert table.ref.startswith("A4:")


def test_one_case_alone_needs_no_chart_of_its_course() -> None:
    workbook = build_backtest_workbook(of(*cases(101, 110)))
    assert len(workbook["Übersicht"]._charts) == 1


def test_the_folder_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = write_backtest(whole(), tmp_path / "r")
    assert sorted(p.name for p in target.iterdir()) == ["lauf.json", "ruecktest.xlsx", "tabellen"]
    with (target / "tabellen" / "ruecktest.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len(rows) == len(whole().cases)
    with pytest.raises(OutputError):
        write_backtest(whole(), target)

    def full(*_: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr("daz_planner.results.backtest_workbook.write_backtest_workbook", full)
    with pytest.raises(OutputError):
        write_backtest(whole(), tmp_path / "s")
    assert [p.name for p in tmp_path.iterdir()] == ["r"]
