"""Sheet Protokoll: input files with checksums, versions, seed, solver, stages, warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daz_planner import german
from daz_planner.results.sheets.frame import (
    LINE_HEIGHT,
    align_of,
    open_sheet,
    print_parts,
    set_page,
    write_heads,
)
from daz_planner.results.sheets.letters import line_count
from daz_planner.results.sheets.style import Look, Styles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from daz_planner.results.run import Run
    from daz_planner.results.schema import Table

_WIDTHS = (26.0, 34.0, 16.0, 14.0, 14.0, 12.0, 34.0)


def add_protocol(
    workbook: Workbook,
    styles: Styles,
    plan: Run,
    record: dict[str, Any],
    goals: Table | None,
    footer: str,
    bill: Table | None = None,
) -> None:
    """The sheet; ``record`` as :mod:`daz_planner.results.record` makes it.

    ``goals`` is ``None`` where nothing was optimised, ``bill`` where the goals have no prices.
    """
    sheet = workbook.create_sheet("Protokoll")
    open_sheet(sheet, styles, "Protokoll des Laufs", "Womit gerechnet wurde, zum Nachprüfen.")
    for letter, width in zip("ABCDEFG", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    scenario = plan.scenario
    solver = [] if goals is None else _solver(record)
    row = _pairs(
        sheet,
        styles,
        4,
        "Lauf",
        [
            ("Landkreis", plan.district.name),
            ("Stichtag", german.day(plan.district.reference_date)),
            ("Szenario", scenario.name),
            ("Zeitraum", f"{german.month(plan.months[0])} bis {german.month(plan.months[-1])}"),
            ("Zufallszahlen (Saat)", str(record["saat"])),
            ("gerechnete Zukünfte", str(record["laeufe"])),
            *solver,
            *_lots(record),
            *_warnings(plan),
        ],
    )
    files = [(item["datei"], f"SHA-256 {item['sha256']}") for item in record["eingabe"]]
    none = [("keine", "Es wurde keine Datei gelesen.")]
    row = _pairs(sheet, styles, row, "Eingabedateien", files or none)
    row = _pairs(sheet, styles, row, "Versionen", list(record["versionen"].items()))
    starts = [1]
    if goals is not None:
        starts.append(row)
        title = "Ziele der Reihe nach" if bill is None else "Ziele"
        row = _rows(sheet, styles, row, title, goals)
    if bill is not None:
        starts.append(row)
        title = "Abrechnung: Menge × Preis = Betrag"
        row = _rows(sheet, styles, row, title, bill)
    seconds = [
        (name, german.plural(value, "Sekunde", "Sekunden", 2))
        for name, value in record["sekunden"].items()
    ]
    if seconds:
        row = _pairs(sheet, styles, row, "Rechenzeit", seconds)
    repeat = None
    if plan.district.findings:
        starts.append(row)
        repeat = row + 1
        row = _findings(sheet, styles, row, plan)
    print_parts(sheet, starts, len(_WIDTHS), row, cut=False)
    set_page(sheet, footer, repeat=repeat)


def _solver(record: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        ("Löser", str(record["loeser"])),
        ("verlangte Lücke", german.percent(record["verlangte_luecke"])),
        ("am Zeitlimit beendet", "ja" if record["am_limit_beendet"] else "nein"),
    ]


def _lots(record: dict[str, Any]) -> list[tuple[str, str]]:
    """Among whom the lot decided, where children of a list were seated."""
    if "los" not in record:
        return []
    return [("Los unter Gleichen", ", ".join(record["los"]["kinder"]) or "nicht gebraucht")]


def _warnings(plan: Run) -> list[tuple[str, str]]:
    """That there is none; others stand in a list of their own."""
    return [] if plan.district.findings else [("Warnungen der Eingabe", "keine")]


def _section(sheet: Worksheet, styles: Styles, row: int, title: str) -> int:
    styles.put(sheet, row, 1, title, Look.SECTION)
    sheet.row_dimensions[row].height = 18
    return row + 1


def _pairs(
    sheet: Worksheet, styles: Styles, row: int, title: str, pairs: Sequence[tuple[str, str]]
) -> int:
    row = _section(sheet, styles, row, title)
    for name, value in pairs:
        styles.put(sheet, row, 1, name, Look.KEY)
        for number in range(2, len(_WIDTHS) + 1):
            styles.put(sheet, row, number, None, Look.BODY)
        styles.put(sheet, row, 2, value, Look.BODY)
        row += 1
    return row + 1


def _rows(sheet: Worksheet, styles: Styles, row: int, title: str, goals: Table) -> int:
    row = _section(sheet, styles, row, title)
    if goals.is_empty:
        styles.put(sheet, row, 1, goals.empty, Look.SENTENCE)
        return row + 2
    aligns = [align_of(column) for column in goals.columns]
    titles = [column.title for column in goals.columns]
    write_heads(sheet, styles, row, titles, _WIDTHS, aligns)
    for number, column in enumerate(goals.columns, start=1):
        for line, value in enumerate(goals.values(column.name), start=row + 1):
            align = aligns[number - 1]
            styles.put(sheet, line, number, value, Look.WRAP, column.number_format, align)
            lines = line_count(value, _WIDTHS[number - 1]) if isinstance(value, str) else 1
            if lines > 1:
                dimension = sheet.row_dimensions[line]
                dimension.height = max(dimension.height or 0.0, lines * LINE_HEIGHT + 2)
    return row + len(goals.frame) + 2


def _findings(sheet: Worksheet, styles: Styles, row: int, plan: Run) -> int:
    row = _section(sheet, styles, row, "Warnungen der Eingabe")
    heads = ["Datei", "Stelle", "Warnung"]
    write_heads(sheet, styles, row, heads, (*_WIDTHS[:2], sum(_WIDTHS[2:])))
    _merge_text(sheet, row)
    width = sum(_WIDTHS[2:])
    for finding in plan.district.findings:
        row += 1
        text = f"{finding.problem} {finding.remedy}".strip()
        place = finding.place if finding.sheet else "ganze Datei"
        for number in range(1, len(_WIDTHS) + 1):
            styles.put(sheet, row, number, None, Look.WRAP)
        styles.put(sheet, row, 1, finding.file, Look.KEY)
        styles.put(sheet, row, 2, place, Look.WRAP)
        styles.put(sheet, row, 3, text, Look.WRAP)
        _merge_text(sheet, row)
        lines = max(
            line_count(text, width),
            line_count(finding.file, _WIDTHS[0]),
            line_count(place, _WIDTHS[1]),
        )
        sheet.row_dimensions[row].height = lines * LINE_HEIGHT + 2
    return row


def _merge_text(sheet: Worksheet, row: int) -> None:
    """One cell for the sentence of a warning."""
    sheet.merge_cells(start_row=row, end_row=row, start_column=3, end_column=len(_WIDTHS))
