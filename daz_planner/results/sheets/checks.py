"""Sheet Prüfung: live formulas over the other sheets that check the sums again.

Plain ranges and functions that Excel and LibreOffice both know; each line shows two values that
must agree and ``OK``, or the difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from openpyxl.formatting.rule import Rule

from daz_planner import german
from daz_planner.results.figures import WITHOUT_SEAT, school_types
from daz_planner.results.sheets.check_formulas import (
    Check,
    Places,
    block,
    day,
    months_of,
    sum_if,
)
from daz_planner.results.sheets.check_subjects import (
    forecast_checks,
    front_checks,
    futures_checks,
    hours_checks,
    overview_checks,
    regular_checks,
    site_checks,
)
from daz_planner.results.sheets.frame import (
    HEAD_ROW,
    LINE_HEIGHT,
    Placed,
    open_sheet,
    place_table,
    set_page,
    write_heads,
)
from daz_planner.results.sheets.letters import line_count
from daz_planner.results.sheets.style import ALARM, GOOD, Align, Look, Styles
from daz_planner.results.sheets.waiting import EXPECTED

if TYPE_CHECKING:
    from openpyxl import Workbook

    from daz_planner.planning.plan import Plan
    from daz_planner.results.schema import Table

TOLERANCE = "0.01"
_ONE_PAGE = 48
"""So many checks are readable on one page."""
_HEADS = ("Prüfung", "Schulart", "Wert", "muss gleich sein mit", "Ergebnis")
_ALIGNS = (Align.LEFT, Align.CENTER, Align.RIGHT, Align.RIGHT, Align.CENTER)
_WIDTHS = (84.0, 14.0, 18.0, 18.0, 18.0, 18.0)
_BALANCE = "Bilanz der Kinder, die einen Platz brauchen"
LISTED, LATER, PLACED = "am Anfang auf der Liste", "später dazugekommen", "verteilt"
AT_END, AWAY = "warten am Ende", "beim Warten weggezogen"


def add_checks(
    workbook: Workbook,
    styles: Styles,
    plan: Plan,
    places: Places,
    balance: Table,
    footer: str,
) -> None:
    """The sheet: the verdict over all lines, line by line, and the balance of the children."""
    sheet = workbook.create_sheet("Prüfung")
    open_sheet(sheet, styles, "Prüfung der Summen")
    for letter, width in zip("ABCDEF", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    if not balance.is_empty:
        # Where the balance stands below the lines is known once they are counted.
        columns = {column.name: n for n, column in enumerate(balance.columns, start=1)}
        size = len(balance.frame)
        places = replace(places, balance=Placed(sheet.title, 1, size, columns))
        row = HEAD_ROW + len(list(all_checks(plan, places))) + 3
        styles.put(sheet, row - 1, 1, _BALANCE, Look.SECTION)
        placed = place_table(sheet, styles, balance, row=row, set_widths=False)
        places = replace(places, balance=placed)
    checks = list(all_checks(plan, places))
    first, last = HEAD_ROW + 1, HEAD_ROW + len(checks)
    verdict = (
        f'=IF(COUNTIF(E{first}:E{last},"OK")=ROWS(E{first}:E{last}),'
        '"Alle Prüfungen gehen auf.","Achtung: Mindestens eine Prüfung geht nicht auf.")'
    )
    styles.formula(sheet, 2, 1, verdict, Look.SECTION)
    write_heads(sheet, styles, HEAD_ROW, _HEADS, _WIDTHS[:-1], _ALIGNS)
    for row, check in enumerate(checks, start=first):
        styles.put(sheet, row, 1, check.text, Look.WRAP)
        lines = line_count(check.text, _WIDTHS[0])
        if lines > 1:
            sheet.row_dimensions[row].height = lines * LINE_HEIGHT + 2
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
        yield from _balance(places, kind)
    for kind in kinds:
        yield from _children(places, kind)
    yield from overview_checks(places, kinds)
    for kind in kinds:
        yield from _flows(plan, places, kind)
    for kind in kinds:
        yield from _waiting(places, kind)
    yield from _load(places)
    for kind in kinds:
        yield from _classes(places, kind)
    for kind in kinds:
        yield from _hours(places, kind)
    yield from hours_checks(places, kinds)
    yield from forecast_checks(places, kinds)
    yield from regular_checks(places)
    yield from futures_checks(places)
    yield from front_checks(places, kinds)
    yield from site_checks(places)
    negative = "0"
    if not places.flows.is_empty:
        negative = f'COUNTIF({places.flows.cells(*months_of(places.flows))},"<0")'
    yield Check("Keine negative Zahl in der Verteilung", "alle", negative, "0")
    if not places.load.is_empty:
        used = places.load.cells("belegt heutige Schüler", "belegt gesamt")
        yield Check("Keine negative Zahl in der Belegung", "alle", f'COUNTIF({used},"<0")', "0")


def _balance(places: Places, kind: str) -> Iterator[Check]:
    """On the list + came later = placed + waiting + moved away, and each part of it again."""
    balance = places.balance
    if balance.is_empty:
        return

    def part(name: str) -> str:
        return sum_if(balance, name, "Schulart", kind)

    yield Check(
        "Bilanz: auf der Liste + später dazugekommen = verteilt + warten am Ende + weggezogen",
        kind,
        f"{part(LISTED)}+{part(LATER)}",
        f"{part(PLACED)}+{part(AT_END)}+{part(AWAY)}",
    )
    yield Check("Bilanz: verteilt = Verteilung", kind, part(PLACED), block(places.flows, kind))
    waiting = places.waiting
    end = left = "0"
    if not waiting.is_empty:
        types, who = waiting.cells("Schulart"), waiting.cells("wer")
        last = months_of(waiting)[1]
        end = sum_if(waiting, last, "Schulart", kind)
        # Children of today's list are people, not a forecast: none moves away while it waits.
        rows = f'({types}="{kind}")*({who}="{EXPECTED}")'
        left = (
            f"{sum_if(places.assumptions, 'Wert', 'Parameter', 'abgang.wegzug_pro_monat')}"
            f"*(SUMPRODUCT({rows}*{waiting.cells(*months_of(waiting))})"
            f"-SUMPRODUCT({rows}*{waiting.cells(last)}))"
        )
    yield Check("Bilanz: warten am Ende = Wartende, letzter Monat", kind, part(AT_END), end)
    text = "Bilanz: weggezogen = Wegzug je Monat (Annahmen) × Wartende der Prognose davor"
    yield Check(text, kind, part(AWAY), left)


def _children(places: Places, kind: str) -> Iterator[Check]:
    children = places.children
    if children.is_empty or places.balance.is_empty:
        return
    types, schools = children.cells("Schulart"), children.cells("Schule")
    placed = f'COUNTIFS({types},"{kind}",{schools},"<>wartet")'
    waiting = f'COUNTIFS({types},"{kind}",{schools},"wartet")'
    yield Check(
        "Heutige Liste: Kinder mit Platz + wartende Kinder = am Anfang auf der Liste (Bilanz)",
        kind,
        f"{placed}+{waiting}",
        sum_if(places.balance, LISTED, "Schulart", kind),
    )


def _flows(plan: Plan, places: Places, kind: str) -> Iterator[Check]:
    """The wide table against the seats taken by school, in all and month by month."""
    flows, load = places.flows, places.load
    intake = sum_if(load, "neu im Monat", "Schulart", kind)
    yield Check("Verteilung = neu im Monat (Belegung)", kind, block(flows, kind), intake)
    if flows.is_empty or load.is_empty:
        return
    for year in _school_years(plan.months, plan.scenario.schuljahr.wechsel_monat):
        terms = [
            f"ABS({sum_if(flows, german.month_key(month), 'Schulart', kind)}"
            f'-SUMIFS({load.cells("neu im Monat")},{load.cells("Schulart")},"{kind}",'
            f"{load.cells('Monat')},{day(month)}))"
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
        block(flows, kind),
        sum_if(flows, "Summe", "Schulart", kind),
    )
    yield Check(
        "Verteilung: Zeilen = Summe der Schulart",
        kind,
        block(flows, kind),
        block(places.flow_sums, kind),
    )


def _waiting(places: Places, kind: str) -> Iterator[Check]:
    """The sums of the waiting children, and the highest of them against the overview."""
    waiting, sums = places.waiting, places.waiting_sums
    if waiting.is_empty:
        return
    yield Check(
        "Wartende: Zeilen = Summe der Schulart",
        kind,
        block(waiting, kind),
        block(sums, kind),
    )
    yield Check(
        "Wartende höchstens: Wartende = Übersicht",
        kind,
        sum_if(sums, "höchstens", "Schulart", kind),
        sum_if(places.overview, "Wartende höchstens", "Schulart", kind),
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
    if WITHOUT_SEAT in load.columns:
        text = "Ohne Platz, weil Klassen schließen (Belegung, höchster Monat einer Schule)"
        yield Check(text, "alle", f"MAX({load.cells(WITHOUT_SEAT)})", "0")
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
        f"SUM({places.matrix.cells(*months_of(places.matrix))})",
        f"SUM({share})",
    )


def _classes(places: Places, kind: str) -> Iterator[Check]:
    classes, load = places.classes, places.load
    if classes.is_empty or load.is_empty:
        return
    yield Check(
        "Klassenmonate: Klassenbildung = Belegung",
        kind,
        block(classes, kind),
        sum_if(load, "Klassen", "Schulart", kind),
    )
    overview = places.overview
    yield Check(
        "Neue Klassen: Klassenbildung = Übersicht",
        kind,
        sum_if(classes, "neue Klassen", "Schulart", kind),
        sum_if(overview, "neue Klassen", "Schulart", kind),
    )


def _hours(places: Places, kind: str) -> Iterator[Check]:
    if places.hours.is_empty:
        return
    yield Check(
        "Lehrerstunden: Schulen = Summe der Schulart",
        kind,
        block(places.hours, kind),
        block(places.hour_sums, kind),
    )
