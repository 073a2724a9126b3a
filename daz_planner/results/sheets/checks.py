"""Sheet Prüfung: live formulas over the other sheets that check the sums again.

Plain ranges and functions that Excel and LibreOffice both know; each line shows two values that
must agree and ``OK``, or the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.formatting.rule import Rule

from daz_planner.results.figures import school_types
from daz_planner.results.sheets.frame import HEAD_ROW, Placed, open_sheet, set_page, write_heads
from daz_planner.results.sheets.style import ALARM, GOOD, Align, Look, Styles

if TYPE_CHECKING:
    from openpyxl import Workbook

    from daz_planner.planning.plan import Plan

TOLERANCE = "0.01"
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
    load: Placed
    waiting: Placed
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
    set_page(sheet, footer, repeat=HEAD_ROW)


def all_checks(plan: Plan, places: Places) -> Iterator[Check]:
    """Every check, by subject."""
    kinds = school_types(plan)
    for kind in kinds:
        yield from _demand(plan, places, kind)
    for kind in kinds:
        yield from _children(plan, places, kind)
    for kind in kinds:
        flows = _sum_if(places.flows, "Schüler", "Schulart", kind)
        intake = _sum_if(places.load, "neu im Monat", "Schulart", kind)
        yield Check("Verteilung = neu im Monat (Auslastung)", kind, flows, intake)
    yield from _load(places)
    for kind in kinds:
        yield from _classes(places, kind)
    for kind in kinds:
        yield from _hours(places, kind)
    negative = _count(places.flows, "Schüler", '"<0"')
    yield Check("Keine negative Zahl in der Verteilung", "alle", negative, "0")


def _demand(plan: Plan, places: Places, kind: str) -> Iterator[Check]:
    """Demand of all months = placed + waiting at the end + moved away while waiting."""
    if plan.demand is None or kind not in plan.forecast.school_types:
        return
    demand = float(plan.demand[plan.forecast.school_types.index(kind)].sum())
    placed = _sum_if(places.flows, "Schüler", "Schulart", kind)
    waiting = _sum_if(places.waiting, "Kinder", "Schulart", kind)
    last = plan.months[-1]
    end = "0"
    if not places.waiting.is_empty:
        end = (
            f"SUMIFS({places.waiting.cells('Kinder')},"
            f'{places.waiting.cells("Schulart")},"{kind}",'
            f"{places.waiting.cells('Monat')},DATE({last.year},{last.month},{last.day}))"
        )
        # Children of today's list are people, not a forecast: none moves away while it waits.
        waiting += f"-({_sum_if(places.waiting, 'davon heutige Liste', 'Schulart', kind)})"
        listed_at_end = end.replace(
            places.waiting.cells("Kinder"), places.waiting.cells("davon heutige Liste"), 1
        )
        away_from = f"({waiting}-({end}-{listed_at_end}))"
    else:
        away_from = "0"
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
    seats, hand = load.cells("Plätze"), load.cells("Korrektur von Hand")
    yield Check(
        "Plätze = Klassen × Obergrenze + Korrektur von Hand, Zeile für Zeile",
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


def _classes(places: Places, kind: str) -> Iterator[Check]:
    classes, load = places.classes, places.load
    if classes.is_empty or load.is_empty:
        return
    months = [name for name in classes.columns if name[:2].isdigit()]
    types = classes.cells("Schulart")
    block = classes.cells(months[0], months[-1])
    yield Check(
        "Klassenmonate: Klassenbildung = Auslastung",
        kind,
        f'SUMPRODUCT(({types}="{kind}")*{block})',
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
    months = [name for name in places.hours.columns if name[:2].isdigit()]
    sides = []
    for placed in (places.hours, places.hour_sums):
        types, block = placed.cells("Schulart"), placed.cells(months[0], months[-1])
        sides.append(f'SUMPRODUCT(({types}="{kind}")*{block})')
    yield Check("Lehrerstunden: Schulen = Summe der Schulart", kind, *sides)


def _sum_if(placed: Placed, column: str, key: str, value: str) -> str:
    if placed.is_empty:
        return "0"
    return f'SUMIFS({placed.cells(column)},{placed.cells(key)},"{value}")'


def _count(placed: Placed, column: str, condition: str) -> str:
    return "0" if placed.is_empty else f"COUNTIF({placed.cells(column)},{condition})"
