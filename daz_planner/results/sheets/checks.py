"""Sheet Prüfung: live formulas over the other sheets that check the sums again.

Plain ranges and functions that Excel and LibreOffice both know; each line shows two values that
must agree and ``OK``, or the difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from openpyxl.formatting.rule import Rule

from daz_planner import german
from daz_planner.results.figures import school_types
from daz_planner.results.sheets.frame import HEAD_ROW, Placed, open_sheet, set_page, write_heads
from daz_planner.results.sheets.style import ALARM, GOOD, Align, Look, Styles
from daz_planner.results.sheets.waiting import EXPECTED

if TYPE_CHECKING:
    from openpyxl import Workbook

    from daz_planner.planning.plan import Plan

TOLERANCE = "0.01"
_ONE_PAGE = 48
"""So many checks are readable on one page."""
_HEADS = ("Prüfung", "Schulart", "Wert", "muss gleich sein mit", "Ergebnis")
_ALIGNS = (Align.LEFT, Align.CENTER, Align.RIGHT, Align.RIGHT, Align.CENTER)
_WIDTHS = (78.0, 12.0, 18.0, 18.0, 14.0)


@dataclass(frozen=True)
class Places:
    """Where the tables of the workbook stand."""

    overview: Placed
    classes: Placed
    children: Placed
    flows: Placed
    flow_sums: Placed
    matrix: Placed
    load: Placed
    waiting: Placed
    waiting_sums: Placed
    hours: Placed
    hour_sums: Placed


@dataclass(frozen=True)
class Check:
    """Two formulas (without ``=``) whose values must agree."""

    text: str
    school_type: str
    value: str
    target: str


def add_checks(workbook: Workbook, styles: Styles, plan: Plan, places: Places, footer: str) -> None:
    """The sheet, with the verdict over all lines on top."""
    sheet = workbook.create_sheet("Prüfung")
    open_sheet(sheet, styles, "Prüfung der Summen")
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    checks = list(all_checks(plan, places))
    first, last = HEAD_ROW + 1, HEAD_ROW + len(checks)
    verdict = (
        f'=IF(COUNTIF(E{first}:E{last},"OK")=ROWS(E{first}:E{last}),'
        '"Alle Prüfungen gehen auf.","Achtung: Mindestens eine Prüfung geht nicht auf.")'
    )
    styles.formula(sheet, 2, 1, verdict, Look.SECTION)
    write_heads(sheet, styles, HEAD_ROW, _HEADS, _WIDTHS, _ALIGNS)
    for row, check in enumerate(checks, start=first):
        styles.put(sheet, row, 1, check.text, Look.WRAP)
        styles.put(sheet, row, 2, check.school_type, Look.BODY, align=Align.CENTER)
        styles.formula(sheet, row, 3, f"={check.value}", Look.BODY, "#,##0.00", Align.RIGHT)
        styles.formula(sheet, row, 4, f"={check.target}", Look.BODY, "#,##0.00", Align.RIGHT)
        result = f'=IF(ABS(C{row}-D{row})<={TOLERANCE},"OK",C{row}-D{row})'
        styles.formula(sheet, row, 5, result, Look.BODY, "#,##0.00", Align.CENTER)
    area = f"E{first}:E{last}"
    good = Rule(type="expression", dxf=GOOD, formula=[f'E{first}="OK"'], stopIfTrue=True)
    sheet.conditional_formatting.add(area, good)
    bad = Rule(type="expression", dxf=ALARM, formula=[f'E{first}<>"OK"'])
    sheet.conditional_formatting.add(area, bad)
    sheet.freeze_panes = sheet.cell(first, 1)
    set_page(sheet, footer, repeat=HEAD_ROW, one_page=len(checks) <= _ONE_PAGE)


def all_checks(plan: Plan, places: Places) -> Iterator[Check]:
    """Every check, by subject."""
    kinds = school_types(plan)
    for kind in kinds:
        yield from _demand(plan, places, kind)
    for kind in kinds:
        yield from _children(plan, places, kind)
    for kind in kinds:
        yield from _flows(plan, places, kind)
    for kind in kinds:
        yield from _waiting(places, kind)
    yield from _load(places)
    for kind in kinds:
        yield from _classes(places, kind)
    for kind in kinds:
        yield from _hours(places, kind)
    negative = "0"
    if not places.flows.is_empty:
        negative = f'COUNTIF({places.flows.cells(*_months(places.flows))},"<0")'
    yield Check("Keine negative Zahl in der Verteilung", "alle", negative, "0")
    if not places.load.is_empty:
        used = places.load.cells("belegt heutige Schüler", "belegt gesamt")
        yield Check("Keine negative Zahl in der Auslastung", "alle", f'COUNTIF({used},"<0")', "0")


def _demand(plan: Plan, places: Places, kind: str) -> Iterator[Check]:
    """Demand of all months = placed + waiting at the end + moved away while waiting."""
    if plan.demand is None or kind not in plan.forecast.school_types:
        return
    demand = float(plan.demand[plan.forecast.school_types.index(kind)].sum())
    placed = _block(places.flows, kind)
    end = away_from = "0"
    waiting = places.waiting
    if not waiting.is_empty:
        types, who = waiting.cells("Schulart"), waiting.cells("wer")
        last = german.month_key(plan.months[-1])
        end = _sum_if(waiting, last, "Schulart", kind)
        # Children of today's list are people, not a forecast: none moves away while it waits.
        rows = f'({types}="{kind}")*({who}="{EXPECTED}")'
        away_from = (
            f"(SUMPRODUCT({rows}*{waiting.cells(*_months(waiting))})"
            f"-SUMPRODUCT({rows}*{waiting.cells(last)}))"
        )
    away = plan.scenario.abgang.wegzug_pro_monat
    yield Check(
        "Verteilt + Wartende am Ende + weggezogen beim Warten = Bedarf laut Prognose",
        kind,
        f"{placed}+{end}+{away!r}*{away_from}",
        repr(demand),
    )


def _children(plan: Plan, places: Places, kind: str) -> Iterator[Check]:
    if places.children.is_empty:
        return
    listed = sum(child.school_type == kind for child in plan.district.newcomers)
    types, schools = places.children.cells("Schulart"), places.children.cells("Schule")
    placed = f'COUNTIFS({types},"{kind}",{schools},"<>wartet")'
    waiting = f'COUNTIFS({types},"{kind}",{schools},"wartet")'
    text = "Heutige Liste: Kinder mit Platz + wartende Kinder = Kinder auf der Liste"
    yield Check(text, kind, f"{placed}+{waiting}", str(listed))


def _flows(plan: Plan, places: Places, kind: str) -> Iterator[Check]:
    """The wide table against the seats taken by school, in all and month by month."""
    flows, load = places.flows, places.load
    intake = _sum_if(load, "neu im Monat", "Schulart", kind)
    yield Check("Verteilung = neu im Monat (Auslastung)", kind, _block(flows, kind), intake)
    if flows.is_empty or load.is_empty:
        return
    for year in _school_years(plan.months, plan.scenario.schuljahr.wechsel_monat):
        terms = [
            f"ABS({_sum_if(flows, german.month_key(month), 'Schulart', kind)}"
            f'-SUMIFS({load.cells("neu im Monat")},{load.cells("Schulart")},"{kind}",'
            f"{load.cells('Monat')},{_day(month)}))"
            for month in year
        ]
        span = german.short_month(year[0])
        if len(year) > 1:
            span += f" bis {german.short_month(year[-1])}"
        text = f"Verteilung = neu im Monat, Monat für Monat, {span} (Summe der Abweichungen)"
        yield Check(text, kind, "+".join(terms), "0")
    yield Check(
        "Verteilung: Monate = Spalte Summe",
        kind,
        _block(flows, kind),
        _sum_if(flows, "Summe", "Schulart", kind),
    )
    yield Check(
        "Verteilung: Zeilen = Summe der Schulart",
        kind,
        _block(flows, kind),
        _block(places.flow_sums, kind),
    )


def _waiting(places: Places, kind: str) -> Iterator[Check]:
    """The sums of the waiting children, and the highest of them against the overview."""
    waiting, sums = places.waiting, places.waiting_sums
    if waiting.is_empty:
        return
    yield Check(
        "Wartende: Zeilen = Summe der Schulart",
        kind,
        _block(waiting, kind),
        _block(sums, kind),
    )
    yield Check(
        "Wartende höchstens: Wartende = Übersicht",
        kind,
        _sum_if(sums, "höchstens", "Schulart", kind),
        _sum_if(places.overview, "Wartende höchstens", "Schulart", kind),
    )


def _school_years(months: Sequence[date], change: int) -> list[list[date]]:
    """The months cut where the school year changes: a formula of twelve months is short enough."""
    years: list[list[date]] = []
    for month in months:
        if not years or month.month == change:
            years.append([])
        years[-1].append(month)
    return years


def _load(places: Places) -> Iterator[Check]:
    load = places.load
    if load.is_empty:
        return
    used = load.cells("belegt gesamt")
    parts = "+".join(
        f"SUM({load.cells(name)})"
        for name in ("belegt heutige Schüler", "belegt Liste", "belegt Prognose")
    )
    yield Check("Belegt gesamt = Summe der Teile", "alle", f"SUM({used})", parts)
    rows = "-".join(
        load.cells(name)
        for name in ("belegt gesamt", "belegt heutige Schüler", "belegt Liste", "belegt Prognose")
    )
    text = "Belegt gesamt = Summe der Teile, Zeile für Zeile (Summe der Abweichungen)"
    yield Check(text, "alle", f"SUMPRODUCT(ABS({rows}))", "0")
    product = f"{load.cells('Klassen')}*{load.cells('Obergrenze je Klasse')}"
    seats, hand = load.cells("Plätze"), load.cells("Abweichung der Reserve")
    yield Check(
        "Plätze = Klassen × Obergrenze + Abweichung der Reserve, Zeile für Zeile",
        "alle",
        f"SUMPRODUCT(ABS({product}+{hand}-{seats}))",
        "0",
    )
    yield Check(
        "Frei = Plätze − belegt, Zeile für Zeile",
        "alle",
        f"SUMPRODUCT(ABS({seats}-{used}-{load.cells('frei')}))",
        "0",
    )
    share = load.cells("Auslastung %")
    yield Check(
        "Auslastung % × Plätze = belegt, Zeile für Zeile",
        "alle",
        f"SUMPRODUCT(ABS({share}*{seats}-({seats}>0)*{used}))",
        "0",
    )
    yield Check(
        "Auslastung auf einen Blick = Auslastung % der Monate (Summe)",
        "alle",
        f"SUM({places.matrix.cells(*_months(places.matrix))})",
        f"SUM({share})",
    )


def _classes(places: Places, kind: str) -> Iterator[Check]:
    classes, load = places.classes, places.load
    if classes.is_empty or load.is_empty:
        return
    yield Check(
        "Klassenmonate: Klassenbildung = Auslastung",
        kind,
        _block(classes, kind),
        _sum_if(load, "Klassen", "Schulart", kind),
    )
    overview = places.overview
    yield Check(
        "Neue Klassen: Klassenbildung = Übersicht",
        kind,
        _sum_if(classes, "neue Klassen", "Schulart", kind),
        _sum_if(overview, "neue Klassen", "Schulart", kind),
    )


def _hours(places: Places, kind: str) -> Iterator[Check]:
    if places.hours.is_empty:
        return
    yield Check(
        "Lehrerstunden: Schulen = Summe der Schulart",
        kind,
        _block(places.hours, kind),
        _block(places.hour_sums, kind),
    )


def _sum_if(placed: Placed, column: str, key: str, value: str) -> str:
    if placed.is_empty:
        return "0"
    return f'SUMIFS({placed.cells(column)},{placed.cells(key)},"{value}")'


def _months(placed: Placed) -> tuple[str, str]:
    """The first and the last column of months of a wide table."""
    months = [name for name in placed.columns if name[:2].isdigit()]
    return months[0], months[-1]


def _block(placed: Placed, kind: str) -> str:
    """The sum over all months of the rows of a school type of a wide table."""
    if placed.is_empty:
        return "0"
    return f'SUMPRODUCT(({placed.cells("Schulart")}="{kind}")*{placed.cells(*_months(placed))})'


def _day(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"
