"""A back-test as tables: each comparison, and the measures of each method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.results.backtest_texts import series_name
from daz_planner.results.schema import Column, Kind, Table, table

if TYPE_CHECKING:
    from daz_planner.simulation.backtest.measures import Score
    from daz_planner.simulation.backtest.observed import Series
    from daz_planner.simulation.backtest.run import Backtest

_PUPILS = "Schüler"
_HORIZON = Column("Monate voraus", Kind.WHOLE, "Monate")


def backtest_tables(result: Backtest) -> dict[str, Table]:
    """Both tables by name, in the order in which they are written."""
    built = [case_table(result), score_table(result)]
    return {item.name: item for item in built}


def case_table(result: Backtest) -> Table:
    """Rücktest: one row a past day, horizon, series and method."""
    columns = [
        Column("Stichtag", Kind.DATE),
        Column("Grundlage"),
        _HORIZON,
        Column("verglichen mit", Kind.DATE),
        Column("Schulart"),
        Column("Phase"),
        Column("Verfahren"),
        Column("Prognose", Kind.NUMBER, _PUPILS, 3, shown=1),
        Column("P10", Kind.NUMBER, _PUPILS, 3, shown=1),
        Column("P90", Kind.NUMBER, _PUPILS, 3, shown=1),
        Column("eingetroffen", Kind.WHOLE, _PUPILS),
        Column("Abweichung", Kind.NUMBER, _PUPILS, 3, shown=1),
        Column("im Band"),
        Column("Bandnote", Kind.NUMBER, _PUPILS, 3, shown=1),
        Column("Zuzug je Monat", Kind.NUMBER, "Anmeldungen je Monat", 3, shown=1),
        Column("Monate mit Anmeldungen", Kind.WHOLE, "Monate"),
    ]
    starts = {start.day: start for start in result.starts}
    rows = [
        [
            case.start,
            "Schülerliste" if case.from_roster else "Monatszahl",
            case.horizon,
            case.day,
            case.series.school_type or "alle",
            phase_text(case.series),
            case.method.value,
            case.forecast,
            case.band[0] if case.band else None,
            case.band[1] if case.band else None,
            case.observed,
            case.error,
            {True: "ja", False: "nein", None: ""}[case.inside],
            case.interval_score,
            starts[case.start].level,
            starts[case.start].months,
        ]
        for case in result.cases
    ]
    return table("ruecktest", columns, rows, empty="Es gibt keinen Vergleich.")


def score_table(result: Backtest) -> Table:
    """Maße: one row a series, horizon and method."""
    columns = [
        Column("Reihe", width=26),
        _HORIZON,
        Column("Verfahren", width=20),
        *_measure_columns(),
    ]
    rows = [
        [series_name(score.series), score.horizon, score.method.value, *measures(score)]
        for score in result.scores
    ]
    return table("ruecktest_masse", columns, rows, empty="Es gibt keinen Vergleich.")


def _measure_columns() -> list[Column]:
    return [
        Column("Fälle", Kind.WHOLE, "Fälle"),
        Column("Abweichung im Mittel", Kind.NUMBER, _PUPILS, 3, shown=1),
        Column("Abstand im Mittel", Kind.NUMBER, _PUPILS, 3, shown=1),
        Column("Abstand %", Kind.SHARE, "%", 1),
        Column("im Band", Kind.WHOLE, "Fälle"),
        Column("Fälle mit Band", Kind.WHOLE, "Fälle"),
        Column("Breite des Bands", Kind.NUMBER, _PUPILS, 3, shown=1),
        Column("Bandnote", Kind.NUMBER, _PUPILS, 3, shown=1),
        Column("Gewinn %", Kind.SHARE, "%", 1),
    ]


def measures(score: Score) -> list[float | int | None]:
    """The measures in the order of the columns."""
    return [
        score.cases,
        score.bias,
        score.absolute,
        score.relative,
        score.inside if score.with_band else None,
        score.with_band,
        score.width,
        score.interval_score,
        score.skill,
    ]


def phase_text(series: Series) -> str:
    """``1 und 2 (VKA)``, ``1`` …"""
    return str(series.phase) if series.phase else "1 und 2 (VKA)"
