"""Drop-downs, checks, hints and error texts of the cells of the template.

Drop-downs on schools and municipalities point to named ranges that end with the last entry of the
sheet and start below its header, so that they grow with the table in Excel and in LibreOffice, and
survive when its first row is deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Literal

from daz_planner.district import values
from daz_planner.district.columns import Column, SheetSpec
from daz_planner.district.gazetteer import district_names
from daz_planner.district.layout import MUNICIPALITIES, NEWCOMERS, SCHOOLS
from daz_planner.district.layout_planning import REGULAR, ROSTER
from daz_planner.district.model import SCHOOL_TYPES, PlanState
from daz_planner.district.places import SAXONY
from daz_planner.district.template_texts import hint, reason

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

LAST_ROW = 20_000
"""Last row in which cells are checked and offer a choice."""

LIST_ROWS = 2_000
"""Rows in which the drop-downs look for schools and municipalities."""

LISTS: dict[str, SheetSpec] = {"Liste_Schulen": SCHOOLS, "Liste_Gemeinden": MUNICIPALITIES}
"""Named ranges, each the first column of a sheet."""

Style = Literal["stop", "warning", "information"]
Kind = Literal["whole", "decimal", "date"]

_LONGEST_PROMPT, _LONGEST_ERROR, _LONGEST_TITLE = 255, 225, 32
_EXCEL_ORIGIN = date(1899, 12, 30)
_SEVERAL = frozenset(("Ausschluss", "Wunsch"))
_UNIQUE = frozenset(
    (
        (SCHOOLS.name, "Schule"),
        (MUNICIPALITIES.name, "Gemeinde"),
        (ROSTER.name, "Schüler-ID"),
        (NEWCOMERS.name, "Schüler-ID"),
    )
)


def define_lists(workbook: Workbook, header_rows: Mapping[str, int]) -> None:
    """Add the named ranges of :data:`LISTS`. ``header_rows``: row of the header by sheet."""
    from openpyxl.utils import quote_sheetname
    from openpyxl.workbook.defined_name import DefinedName

    for name, spec in LISTS.items():
        head = header_rows[spec.name]
        sheet = quote_sheetname(spec.name)
        column = f"{sheet}!$A${head}:$A${head + LIST_ROWS}"
        filled = f"MAX(1,COUNTA({column})-1)"
        formula = f"OFFSET({sheet}!$A${head},1,0,{filled},1)"
        workbook.defined_names[name] = DefinedName(name, attr_text=formula)


def check_cells(
    sheet: Worksheet, spec: SheetSpec, column: Column, letter: str, first_row: int
) -> None:
    """Check the cells of a column below its header and show its hint on the selected cell."""
    rule = _rule(spec, column, letter, first_row)
    _explain(rule, spec, column)
    sheet.add_data_validation(rule)
    rule.add(f"{letter}{first_row}:{letter}{LAST_ROW}")


def check_value(sheet: Worksheet, spec: SheetSpec, column: Column, cell: str) -> None:
    """Check one cell (sheet Angaben)."""
    rule = _rule(spec, column, cell.rstrip("0123456789"), int(cell.lstrip("ABC")))
    _explain(rule, spec, column)
    sheet.add_data_validation(rule)
    rule.add(cell)


def keep_header(sheet: Worksheet, spec: SheetSpec, column: Column, cell: str) -> None:
    """Refuse another text in a header cell.

    This is instead of sheet protection, under which Excel lets no table grow.
    """
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(
        type="custom", formula1=f'EXACT({cell},"{column.name}")', allow_blank=False
    )
    rule.showInputMessage = rule.showErrorMessage = True
    rule.promptTitle = column.name[:_LONGEST_TITLE]
    rule.prompt = hint(spec, column)[:_LONGEST_PROMPT]
    rule.errorStyle = "stop"
    rule.errorTitle = "Überschrift"
    rule.error = (
        f"Diese Überschrift bleibt „{column.name}“: Daran erkennt das Programm die Spalte. "
        "Drücken Sie Abbrechen."
    )
    sheet.add_data_validation(rule)
    rule.add(cell)


def _explain(rule: DataValidation, spec: SheetSpec, column: Column) -> None:
    rule.showInputMessage = True
    rule.promptTitle = column.name[:_LONGEST_TITLE]
    rule.prompt = hint(spec, column)[:_LONGEST_PROMPT]
    if rule.type is None:
        rule.showErrorMessage = False
        return
    rule.showErrorMessage = True
    rule.errorTitle = column.name[:_LONGEST_TITLE]
    text = " ".join(filter(None, (_expected(spec, column), reason(spec, column))))
    rule.error = text[:_LONGEST_ERROR]


def _rule(spec: SheetSpec, column: Column, letter: str, row: int) -> DataValidation:
    """The check of a column: a list, a number, a date, a text of its own kind, or none."""
    from openpyxl.worksheet.datavalidation import DataValidation

    source, style = choices(spec, column)
    if source:
        return DataValidation(type="list", formula1=source, allow_blank=True, errorStyle=style)
    number = bounds(column)
    if number is not None:
        kind, low, high = number
        return DataValidation(
            type=kind, operator="between", formula1=low, formula2=high, allow_blank=True
        )
    if column.name == "AGS":
        return DataValidation(
            type="textLength", operator="equal", formula1="8", allow_blank=True, errorStyle="stop"
        )
    if (spec.name, column.name) in _UNIQUE:
        once = f"COUNTIF(${letter}${row}:${letter}${LAST_ROW},{letter}{row})=1"
        if column.name == "Schüler-ID":
            once = f'AND({once},ISERROR(FIND(" ",{letter}{row})))'
        return DataValidation(type="custom", formula1=once, allow_blank=True, errorStyle="warning")
    return DataValidation(allow_blank=True)


def choices(spec: SheetSpec, column: Column) -> tuple[str, Style]:
    """The list of a drop-down, as Excel writes it, and how strict it is; empty for none."""
    if column.parse is values.school_type:
        return _literal(SCHOOL_TYPES), "stop"
    if column.parse is values.plan_state:
        return _literal([state.value for state in PlanState]), "stop"
    if column.name == "Phase":
        return _literal(["1", "2", "3"]), "stop"
    if column.name == "Landkreis":
        return _literal(sorted(district_names().values())), "warning"
    if column.name == "Gemeinde" and spec is not MUNICIPALITIES:
        return "Liste_Gemeinden", "warning"
    if column.name == "fixiert auf" or (column.name == "Schule" and spec is not SCHOOLS):
        return "Liste_Schulen", "information" if spec is REGULAR else "warning"
    if column.name in _SEVERAL:
        return "Liste_Schulen", "information"
    return "", "stop"


def _literal(names: Sequence[str]) -> str:
    return '"' + ",".join(names) + '"'


def bounds(column: Column) -> tuple[Kind, str, str] | None:
    """Kind of number and its bounds as Excel takes them; ``None`` where it is no number."""
    parse = column.parse
    if isinstance(parse, partial) and parse.func is values.whole:
        return "whole", str(parse.keywords["low"]), str(parse.keywords["high"])
    if parse in (values.day, values.month):
        days = (date(1990, 1, 1), date(2100, 12, 31))
        low, high = (str((day - _EXCEL_ORIGIN).days) for day in days)
        return "date", low, high
    if parse is values.decimal:
        south, north, west, east = SAXONY
        if column.name == "Breite":
            return "decimal", str(south), str(north)
        return "decimal", str(west), str(east)
    if parse is values.share:
        return "decimal", "0", "1"
    if parse is values.minutes:
        return "decimal", "0", "300"
    if parse is values.surcharge:
        return "decimal", "0", "250"
    if parse is values.hours:
        return "decimal", "0", "100000"
    return None


def _expected(spec: SheetSpec, column: Column) -> str:
    """What belongs into the cell, for the error text."""
    if column.name in _SEVERAL:
        return (
            "Mehrere Schulen trennen Sie mit Semikolon; jede heißt wie auf dem Blatt „Schulen“. "
            "Stimmt es so, dann drücken Sie OK."
        )
    if column.name == "Schule" and spec is REGULAR:
        return (
            "Diese Schule steht nicht auf dem Blatt „Schulen“. Hat sie keine VKA, ist das richtig: "
            "Drücken Sie OK."
        )
    source, _ = choices(spec, column)
    if source in LISTS:
        sheet = LISTS[source].name
        return (
            f"Das steht nicht auf dem Blatt „{sheet}“. Das Programm findet "
            f"{'die Schule' if sheet == SCHOOLS.name else 'die Gemeinde'} nur, wenn der Name "
            "derselbe ist: Wählen Sie aus der Liste, oder ergänzen Sie das Blatt."
        )
    number = bounds(column)
    if number is not None and number[0] == "whole":
        return f"{column.remedy} Erlaubt sind ganze Zahlen von {number[1]} bis {number[2]}."
    return column.remedy
