"""A copy of one workbook with its findings marked, or the reason that there is none.

openpyxl reads the workbook and writes it again; what it drops is put back where that is possible
(pictures, names and print areas) and told where it is not.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daz_planner.district.findings import Finding
from daz_planner.german import number

if TYPE_CHECKING:
    from openpyxl import Workbook

    from daz_planner.district.marking import Marks
    from daz_planner.district.package import Package

COPIED = (".xlsx", ".xlsm")
HOW_TO_READ = (
    "Fehler sind rot, Warnungen gelb; was zu tun ist, steht in der Notiz der Zelle. "
    "Berichtigen Sie Ihre eigene Mappe: Diese Kopie dient nur zum Lesen."
)


@dataclass(frozen=True)
class MarkedCopy:
    """The bytes of a copy, its marked cells, German notes on it and its size in cells."""

    content: bytes
    marks: Marks
    notes: tuple[str, ...]
    items: int


def marked_copy(path: Path, findings: Sequence[Finding], *, macros: bool) -> MarkedCopy | str:
    """Copy a workbook (.xlsx, .xlsm) and mark the findings in it; all of them are on its sheets.

    Parameters
    ----------
    macros:
        Whether the copy is an .xlsm and keeps macros.

    Returns
    -------
    MarkedCopy | str
        The copy, or a German sentence on why there is none and what helps.
    """
    from daz_planner.district.limits import Unreadable
    from daz_planner.district.opening import read_bytes
    from daz_planner.district.package import survey

    if path.suffix.casefold() not in COPIED:
        kind = path.suffix or "Dateien ohne Endung"
        return f"Markierungen in der eigenen Mappe gibt es für .xlsx und .xlsm, nicht für {kind}."
    try:
        data = read_bytes(path)
    except Unreadable as error:
        return error.problem
    package = survey(data)
    if package.refusal:
        return package.refusal
    workbook = _loaded(data, keep_macros=macros)
    if workbook is None:
        return "Diese Mappe lässt sich nicht verändern, ohne Schaden zu nehmen."
    notes = _notes(workbook, package, keeps_macros=macros)
    if findings:
        notes.insert(0, HOW_TO_READ)
    made = _annotated(workbook, data, path.name, findings, notes)
    if made is None:
        return "Diese Mappe lässt sich nicht verändern, ohne Schaden zu nehmen."
    content, marks = made
    return MarkedCopy(content, marks, tuple(notes), package.items)


def _loaded(data: bytes, *, keep_macros: bool) -> Workbook | None:
    """The workbook, ``None`` where openpyxl cannot read it."""
    from openpyxl.workbook.defined_name import DefinedName

    from daz_planner.district.kept_names import read_names, without_names

    workbook = _opened(data, keep_macros)
    if workbook is not None:
        return workbook
    # A name that openpyxl does not understand (a deleted print area) ends its reading.
    try:
        names = read_names(data)
        workbook = _opened(without_names(data), keep_macros)
    except Exception:  # as in _opened: damage of any kind
        return None
    for name in names if workbook is not None else ():
        title = dict(name.attributes).get("name", "")
        if workbook is not None and not name.sheet:
            workbook.defined_names[title] = DefinedName(title, attr_text=name.text)
    return workbook


def _opened(data: bytes, keep_macros: bool) -> Workbook | None:
    import openpyxl

    from daz_planner.district.kept_images import keep_images

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is lost is said by the survey of the package
        try:
            workbook = openpyxl.load_workbook(
                io.BytesIO(data), keep_vba=keep_macros, rich_text=True
            )
            keep_images(workbook, data)
        except Exception:  # openpyxl raises anything at all on what it does not know
            return None
    return workbook


def _annotated(
    workbook: Workbook, data: bytes, name: str, findings: Sequence[Finding], notes: list[str]
) -> tuple[bytes, Marks] | None:
    """Bytes and marks of the workbook, ``None`` where it cannot be written; adds to the notes."""
    from daz_planner.district.findings_sheet import add_findings_sheet
    from daz_planner.district.kept_names import read_names, with_names
    from daz_planner.district.marking import MOST_NOTES, mark

    marks = mark(workbook, findings)
    if marks.without_note:
        notes.append(
            f"Notizen haben nur die ersten {number(MOST_NOTES)} Zellen; gefärbt sind alle."
        )
    sheet = add_findings_sheet(workbook, f"Befunde zu {name}", findings, notes, marks=marks)
    workbook.calculation.fullCalcOnLoad = True
    raw = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            workbook.save(raw)
            return with_names(raw.getvalue(), read_names(data), sheet.title), marks
        except Exception:  # as above: parts that were read, but cannot be written
            return None


def _notes(workbook: Workbook, package: Package, *, keeps_macros: bool) -> list[str]:
    """What the planner has to know about the copy."""
    notes: list[str] = []
    lost = list(package.lost)
    sheets: list[Any] = workbook._sheets  # type: ignore[attr-defined]
    charts = sum(len(sheet._charts) for sheet in sheets)
    pictures = sum(len(getattr(sheet, "_images", ())) for sheet in sheets)
    changed = list(package.changed)
    for there, kept, word in (
        (package.charts, charts, "Diagramme"),
        (package.pictures, pictures, "Bilder"),
    ):
        if kept < there:
            lost.append(word if not kept else f"einige {word}")
            if not kept:
                changed = [text for text in changed if not text.startswith(word)]
    if package.has_macros and not keeps_macros:
        lost.append("Makros (sie bleiben, wenn der Name der Datei auf .xlsm endet)")
    if lost:
        notes.append(f"Nicht in dieser Kopie, nur in Ihrer eigenen Mappe: {', '.join(lost)}.")
    if changed:
        notes.append(f"Kann in dieser Kopie anders aussehen: {', '.join(changed)}.")
    if package.has_formulas:
        notes.append("Formeln sind unverändert; Excel rechnet sie beim Öffnen neu.")
    return notes
