"""The input workbook to fill in: empty, with an example, or with any district.

Sheets, columns and formats come from :mod:`daz_planner.district.layout` and
:mod:`daz_planner.district.layout_planning`, so the template is always one that
:func:`daz_planner.district.read.read_district` understands. The look is in
:mod:`~daz_planner.district.template_sheets`, drop-downs and checks in
:mod:`~daz_planner.district.template_rules`, the words in
:mod:`~daz_planner.district.template_texts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from daz_planner.district.layout import DETAILS
from daz_planner.district.model import District
from daz_planner.district.template_look import set_default_font
from daz_planner.district.template_readme import readme_sheet
from daz_planner.district.template_rows import details_of, rows_of
from daz_planner.district.template_rules import define_lists
from daz_planner.district.template_sheets import details_sheet, table_sheet
from daz_planner.district.template_texts import ORDER, README_SHEET, TITLE
from daz_planner.district.workbook_file import workbook_bytes, write_whole

if TYPE_CHECKING:
    from openpyxl import Workbook

_STAMP = datetime(2017, 2, 8, 12, 0, 0)
"""Time of writing in the file, always the same so that the same content gives the same bytes."""

Remarks = Mapping[str, Sequence[str]]
"""Red lines above the table of a sheet, by the name of the sheet."""


def write_template(path: Path, *, overwrite: bool = False) -> None:
    """Write the empty input workbook.

    Raises
    ------
    OutputError
        The file exists already (without ``overwrite``) or cannot be written.
    """
    write_whole(workbook_bytes(_workbook(None, {}), _STAMP), Path(path), overwrite=overwrite)


def write_example(path: Path, *, overwrite: bool = False) -> None:
    """Write the workbook with the table of Landkreis Meißen of 8 Feb 2017 and invented pupils.

    What is real and what is invented stands on the sheets; see
    :mod:`daz_planner.district.example`.

    Raises
    ------
    OutputError
        The file exists already (without ``overwrite``) or cannot be written.
    """
    from daz_planner.district.example import REMARKS, example_district

    write_district(example_district(), path, remarks=REMARKS, overwrite=overwrite)


def write_district(
    district: District, path: Path, *, remarks: Remarks | None = None, overwrite: bool = False
) -> None:
    """Write a district as an input workbook; reading it gives the district back.

    Coordinates, shares and hours keep 15 digits, as Excel does.

    Parameters
    ----------
    district:
        Its roster of the reference date becomes the sheet Bestand. Not written: the files it was
        read from, its findings, and the place where each school was read.
    remarks:
        Red lines above the table of a sheet, by the name of the sheet ("Lies mich" too).

    Raises
    ------
    OutputError
        The district has a roster of another day, for which a workbook has no sheet; the file
        exists already (without ``overwrite``) or cannot be written.
    """
    content = workbook_bytes(_workbook(district, remarks or {}), _STAMP)
    write_whole(content, Path(path), overwrite=overwrite)


def _workbook(district: District | None, remarks: Remarks) -> Workbook:
    from openpyxl import Workbook

    workbook = Workbook()
    set_default_font(workbook)
    workbook.properties.creator = "daz-planner"
    workbook.properties.title = TITLE
    first = workbook.active
    assert first is not None
    workbook.remove(first)
    readme_sheet(workbook.create_sheet(README_SHEET), remarks.get(README_SHEET, ()))
    details_sheet(
        workbook.create_sheet(DETAILS.name),
        details_of(district) if district else {},
        remarks.get(DETAILS.name, ()),
    )
    rows = rows_of(district) if district else {}
    headers = {
        spec.name: table_sheet(
            workbook.create_sheet(spec.name),
            spec,
            rows.get(spec.name, ()),
            remarks.get(spec.name, ()),
        )
        for spec in ORDER
    }
    define_lists(workbook, headers)
    return workbook
