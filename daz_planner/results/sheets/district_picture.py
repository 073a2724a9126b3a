"""The map of the district as a picture on the first page, and its legend as cells."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from openpyxl.styles import PatternFill

from daz_planner import german
from daz_planner.results.sheets.picture import add_picture
from daz_planner.results.sheets.style import Align, Font, Look, Styles

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from daz_planner.planning.plan import Plan

_PIXELS_PER_CM = 34.0
"""Size of the drawing by its size on the sheet: the names of the places are 9 points high there."""
_SCALE = 2.0
"""Pixels of the picture by those of the drawing: sharp on paper and on a projector."""
_FULL = 0.995
_MOST_NAMED = 6


def add_map(sheet: Worksheet, plan: Plan, cell: tuple[int, int], size: tuple[float, float]) -> bool:
    """Put the map at a cell, ``size`` in centimetres; false where no place has a point."""
    from daz_planner.results.report.district_map import district_map

    drawn = district_map(plan, _month(plan)).chart
    if drawn is None:
        return False
    width, height = (round(length * _PIXELS_PER_CM) for length in size)
    content = drawn.picture(width, height, _SCALE)
    add_picture(sheet, content, cell, size, "Karte", map_text(plan))
    return True


def map_text(plan: Plan) -> str:
    """What the map shows, for who cannot see it."""
    t = _month(plan)
    seats, use = plan.seats[:, t], plan.use[:, t]
    schools = plan.district.schools
    running = [s for s in range(len(schools)) if seats[s] > 0 or use[s] > 0]
    full = [schools[s].name for s in running if use[s] >= _FULL * seats[s]]
    new = [schools[s].name for s in running if plan.classes[s, t] > plan.classes[s, 0]]
    count = german.plural(len(running), "Schule", "Schulen")
    parts = [
        f"Karte von {plan.district.name} im {german.month(plan.months[t])} mit {count}, Kreise so "
        "groß wie die Plätze, Farbe nach Auslastung."
    ]
    for names, said in ((full, "Voll"), (new, "Mit neuer Klasse")):
        rest = len(names) - _MOST_NAMED
        more = f" und {rest} weitere" if rest > 0 else ""
        if names:
            parts.append(f"{said}: {', '.join(names[:_MOST_NAMED])}{more}.")
    return " ".join(parts)


def add_legend(sheet: Worksheet, styles: Styles, plan: Plan, row: int, columns: int) -> int:
    """One row of cells in the colours of the map, right-aligned below it; the row after."""
    from daz_planner.results.report.colours import LIGHT
    from daz_planner.results.report.district_map import USE_NAMES

    told = (
        f"Karte: {german.month(plan.months[_month(plan)])}, der Monat mit der höchsten Auslastung; "
        "Kreise so groß wie die Plätze, Farbe nach Auslastung; + neue Klasse"
    )
    styles.put(sheet, row, 1, told, Look.NOTE_BIG, align=Align.RIGHT)
    first = columns - len(USE_NAMES) + 1
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=first - 1)
    for number, name in enumerate(USE_NAMES):
        cell = styles.put(sheet, row, first + number, name, Look.NOTE_BIG, align=Align.CENTER)
        ink, fill = LIGHT[f"use{number}-ink"], LIGHT[f"use{number}"]
        # The style is shared by all cells of the look until it is copied.
        cell._style = copy(cell._style)  # type: ignore[attr-defined]
        cell.font = Font(name=cell.font.name, size=cell.font.size, color=ink.lstrip("#").upper())
        cell.fill = PatternFill("solid", fgColor=fill.lstrip("#").upper())
    sheet.row_dimensions[row].height = 17
    return row + 1


def _month(plan: Plan) -> int:
    from daz_planner.results.report.map_data import fullest_month

    return fullest_month(plan)
