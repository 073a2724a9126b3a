"""The sheet ``Befunde``: the list of the findings as a real Excel table with links to the cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo

from daz_planner.district.findings import Finding, Severity
from daz_planner.district.marking import RED, YELLOW, Marks, legible
from daz_planner.german import number

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SHEET = "Befunde"
MOST_LISTED = 20_000
"""Findings in the list; more of them nobody reads, and the rest is in the .csv."""

_COLUMNS: tuple[tuple[str, int], ...] = (
    ("Nr.", 6),
    ("Datei", 24),
    ("Blatt", 16),
    ("Zelle", 10),
    ("Art", 10),
    ("Wert", 20),
    ("Befund", 46),
    ("Abhilfe", 42),
    ("Kennung", 24),
)
"""Header and width in characters."""
_WRAPPED = ("Datei", "Blatt", "Wert", "Befund", "Abhilfe")

_BODY = Font(name="Arial", size=10)
_BOLD = Font(name="Arial", size=10, bold=True)
_TITLE = Font(name="Arial", size=14, bold=True)
_HEAD = Font(name="Arial", size=10, bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", fgColor="1F3864")
_LINK = Font(name="Arial", size=10, color="0563C1", underline="single")
_TOP = Alignment(vertical="top")
_WRAP = Alignment(vertical="top", wrap_text=True)
_KIND_FILLS = {
    Severity.FAULT: PatternFill("solid", fgColor=RED),
    Severity.WARNING: PatternFill("solid", fgColor=YELLOW),
}
_LEFT = Alignment(vertical="top", horizontal="left")
_LONGEST_TEXT = 2_000
_LINE_HEIGHT = 13.5
"""Points of a line of the list."""
_MOST_LINES = 25


def add_findings_sheet(
    workbook: Workbook,
    title: str,
    findings: Sequence[Finding],
    notes: Sequence[str],
    *,
    marks: Marks | None = None,
    copies: Mapping[str, tuple[str, Marks]] | None = None,
) -> Worksheet:
    """Put the sheet in front of the workbook and show it when the workbook opens.

    Parameters
    ----------
    title:
        The first line, for example ``Befunde zu schulen.xlsx``.
    notes:
        Sentences below it: what the workbook is, what of the original is not in it.
    marks:
        The marked cells of this workbook, for the links; without them a column says the file.
    copies:
        File as the findings name it → the copy in which its cells are marked (a path as seen from
        this workbook) and the marked cells.
    """
    sheet: Worksheet = workbook.create_sheet(_free_sheet_name(workbook), 0)
    columns = [c for c in _COLUMNS if c[0] != "Datei" or marks is None]
    row = _head(sheet, title, findings, notes, columns)
    for column, (_, width) in enumerate(columns, start=1):
        sheet.column_dimensions[_letter(column)].width = width
    if findings:
        _list(sheet, row, dict(columns), findings[:MOST_LISTED], marks, copies or {})
        last = row + min(len(findings), MOST_LISTED)
        table = Table(
            displayName=_free_table_name(workbook),
            ref=f"A{row}:{_letter(len(columns))}{last}",
        )
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
        sheet.add_table(table)
        sheet.freeze_panes = f"A{row + 1}"
        sheet.print_title_rows = f"{row}:{row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    _show(workbook, sheet)
    return sheet


def verdict(findings: Sequence[Finding]) -> str:
    """``2 Fehler, 1 Warnung.``, or that there is nothing."""
    faults = sum(finding.severity is Severity.FAULT for finding in findings)
    warnings = len(findings) - faults
    if not findings:
        return "Es gibt keine Befunde."
    return f"{faults or 'Keine'} Fehler, " + (
        f"{warnings or 'keine'} {'Warnung' if warnings == 1 else 'Warnungen'}."
    )


def _head(
    sheet: Worksheet,
    title: str,
    findings: Sequence[Finding],
    notes: Sequence[str],
    columns: Sequence[tuple[str, int]],
) -> int:
    """Title, counts and notes; the row of the header of the list."""
    lines = [verdict(findings), *notes]
    if len(findings) > MOST_LISTED:
        lines.append(
            f"Die Liste nennt die ersten {number(MOST_LISTED)} Befunde; alle zeigt "
            "pruefen --format csv."
        )
    _text(sheet, 1, 1, title, _TITLE, _TOP)
    sheet.row_dimensions[1].height = 22
    for row, line in enumerate(lines, start=2):
        _text(sheet, row, 1, line, _BOLD if row == 2 else _BODY, _WRAP)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(columns))
        _set_height(sheet, row, [(line, sum(width for _, width in columns))])
    return len(lines) + 3


def _list(
    sheet: Worksheet,
    header: int,
    widths: dict[str, int],
    findings: Sequence[Finding],
    marks: Marks | None,
    copies: Mapping[str, tuple[str, Marks]],
) -> None:
    for column, name in enumerate(widths, start=1):
        cell = _text(sheet, header, column, name, _HEAD, _WRAP)
        cell.fill = _HEAD_FILL
    for place, finding in enumerate(findings, start=1):
        values: dict[str, str | int] = {
            "Nr.": place,
            "Datei": finding.file,
            "Blatt": finding.sheet,
            "Zelle": finding.cell,
            "Art": finding.severity.value,
            "Wert": finding.value,
            "Befund": finding.problem,
            "Abhilfe": finding.remedy,
            "Kennung": finding.code,
        }
        link = _link(finding, marks, copies)
        for column, name in enumerate(widths, start=1):
            linked = name == "Zelle" and link is not None
            alignment = _WRAP if name in _WRAPPED else _LEFT
            font = _LINK if linked else _BODY
            cell = _text(sheet, header + place, column, values[name], font, alignment)
            if name == "Art":
                cell.fill = _KIND_FILLS[finding.severity]
            if linked:
                cell.hyperlink = link
                cell.font = _LINK
        texts = [(str(values[name]), widths[name]) for name in _WRAPPED if name in widths]
        _set_height(sheet, header + place, texts)


def _link(
    finding: Finding, marks: Marks | None, copies: Mapping[str, tuple[str, Marks]]
) -> Hyperlink | None:
    """The way to the marked cell: in this workbook, or in the copy of the file."""
    path, own = ("", marks) if marks is not None else copies.get(finding.file, ("", None))
    place = own.target(finding) if own is not None else None
    if place is None:
        return None
    coded = "".join(sign if ord(sign) > 127 else quote(sign) for sign in path)
    return Hyperlink(
        ref="A1", target=coded or None, location=location(*place), display=finding.cell
    )


def _set_height(sheet: Worksheet, row: int, texts: Sequence[tuple[str, int]]) -> None:
    """Room for all lines of the texts in columns of the given widths (in characters)."""
    lines = max(
        sum(max(1, -(-len(part) // int(1.15 * width))) for part in text.split("\n"))
        for text, width in texts
    )
    sheet.row_dimensions[row].height = min(lines, _MOST_LINES) * _LINE_HEIGHT + 2


def location(sheet: str, cell: str) -> str:
    """A cell as the target of a link: ``'Schulen'!D17``; an apostrophe in the name counts twice."""
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'!{cell}"


def _text(
    sheet: Worksheet, row: int, column: int, value: str | int, font: Font, alignment: Alignment
) -> Cell:
    """Write a value; text stays text, whatever it starts with."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        text = legible(value)
        if len(text) > _LONGEST_TEXT:
            text = f"{text[: _LONGEST_TEXT - 1]}…"
        cell.value = text
        if text.startswith(("=", "+", "-", "@")):
            cell.data_type = "s"
            cell.quotePrefix = True
    else:
        cell.value = value
    cell.font = font
    cell.alignment = alignment
    return cell


def _letter(column: int) -> str:
    return chr(ord("A") + column - 1)


def _show(workbook: Workbook, sheet: Worksheet) -> None:
    """Open the workbook on this sheet alone: sheets chosen together are edited together."""
    for other in workbook.worksheets:
        if getattr(other, "sheet_view", None) is not None:
            other.sheet_view.tabSelected = False
    workbook.active = sheet
    sheet.sheet_view.tabSelected = True
    for view in workbook.views:
        view.firstSheet = 0


def _free_sheet_name(workbook: Workbook) -> str:
    taken = {name.casefold() for name in workbook.sheetnames}
    return _free(SHEET, taken, " ")


def _free_table_name(workbook: Workbook) -> str:
    taken = {name.casefold() for name in workbook.defined_names}
    for sheet in workbook.worksheets:
        taken |= {name.casefold() for name in getattr(sheet, "tables", {})}
        taken |= {name.casefold() for name in getattr(sheet, "defined_names", {})}
    return _free(SHEET, taken, "_")


def _free(name: str, taken: set[str], between: str) -> str:
    candidate, number = name, 2
    while candidate.casefold() in taken:
        candidate, number = f"{name}{between}{number}", number + 1
    return candidate
