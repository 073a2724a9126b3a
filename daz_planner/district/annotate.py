"""The findings as a workbook: an annotated copy of the planner's own one, or a list.

A copy is made of one workbook in the format .xlsx or .xlsm. Of other formats, of several files, of
a folder, of a workbook that cannot be opened or is too large, a workbook with the list is made, and
it says why.
"""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daz_planner.district.findings import Finding
from daz_planner.district.text import quoted
from daz_planner.errors import OutputError

if TYPE_CHECKING:
    from openpyxl import Workbook

    from daz_planner.district.package import Package

COPIED = (".xlsx", ".xlsm")
LARGEST_COPY = 50_000_000
"""Bytes of a workbook that is copied."""

_HOW_TO_READ = (
    "Fehler sind rot, Warnungen gelb; was zu tun ist, steht in der Notiz der Zelle. "
    "Berichtigen Sie Ihre eigene Mappe: Diese Kopie dient nur zum Lesen."
)


@dataclass(frozen=True)
class ErrorFile:
    """What was written: the file, how many cells are marked in it, and German notes on it.

    ``is_copy`` is false where the file holds nothing but the list.
    """

    path: Path
    is_copy: bool
    marked: int
    notes: tuple[str, ...]


def check_error_file(target: Path, inputs: Sequence[Path], *, overwrite: bool = False) -> None:
    """Refuse a target that must not be written, before the work begins.

    Raises
    ------
    OutputError
        The ending does not fit, the target is one of the inputs or lies in a folder that is read,
        or it exists and must not be overwritten.
    """
    target = Path(target)
    suffix = target.suffix.casefold()
    if suffix not in COPIED:
        raise OutputError(
            f"{quoted(str(target))} endet nicht auf .xlsx.",
            remedy="Nennen Sie eine Datei wie befunde.xlsx.",
        )
    if suffix == ".xlsm" and not _is_macro_workbook(inputs):
        raise OutputError(
            f"{quoted(str(target))} endet auf .xlsm, doch die Eingabe ist keine Mappe mit Makros.",
            remedy=f"Nennen Sie die Datei {quoted(target.with_suffix('.xlsx').name)}.",
        )
    for path in inputs:
        if _same(target, path):
            raise OutputError(
                f"{quoted(str(target))} ist die Eingabe selbst.",
                remedy="Nennen Sie für die Befunde eine andere Datei.",
            )
        if path.is_dir() and _same(target.parent, path):
            raise OutputError(
                f"{quoted(str(target))} liegt im Ordner der Eingabe und würde beim nächsten Mal "
                "mitgelesen.",
                remedy="Nennen Sie eine Datei in einem anderen Ordner.",
            )
    if target.is_dir():
        raise OutputError(
            f"{quoted(str(target))} ist ein Ordner.",
            remedy="Nennen Sie eine Datei wie befunde.xlsx.",
        )
    if os.path.lexists(target) and not overwrite:
        raise OutputError(
            f"Die Datei {quoted(str(target))} gibt es schon.",
            remedy="Wählen Sie einen anderen Namen oder --ueberschreiben.",
        )


def write_error_file(
    target: Path,
    inputs: Sequence[Path],
    findings: Sequence[Finding],
    *,
    overwrite: bool = False,
) -> ErrorFile:
    """Write the findings as a workbook: marked in a copy of the input, or as a list.

    Parameters
    ----------
    target:
        The file to write (.xlsx; .xlsm keeps the macros of an input .xlsm).
    inputs:
        The files and folders that were read.
    findings:
        Everything found in them, in the order of the list.

    Raises
    ------
    OutputError
        See :func:`check_error_file`; or the file cannot be written. Nothing is left half-done.
    """
    from daz_planner.district.workbook_file import write_whole

    target = Path(target)
    inputs = [Path(path) for path in inputs]
    check_error_file(target, inputs, overwrite=overwrite)
    made = _copy(inputs, findings, target)
    if isinstance(made, str):
        content = _list_only(inputs, findings, made)
        result = ErrorFile(target, False, 0, (made,))
    else:
        content, marked, notes = made
        result = ErrorFile(target, True, marked, notes)
    write_whole(content, target, overwrite=overwrite)
    return result


def _copy(
    inputs: Sequence[Path], findings: Sequence[Finding], target: Path
) -> str | tuple[bytes, int, tuple[str, ...]]:
    """Bytes, number of marked cells and notes of the copy, or why there is none."""
    only = "Diese Mappe enthält nur die Liste der Befunde"
    if len(inputs) != 1:
        return f"{only}, weil mehrere Dateien geprüft wurden."
    path = inputs[0]
    if path.is_dir():
        return f"{only}, weil ein Ordner geprüft wurde."
    if path.suffix.casefold() not in COPIED:
        kind = path.suffix or "ohne Endung"
        return (
            f"{only}: Markierungen in der eigenen Mappe gibt es für .xlsx und .xlsm, nicht für "
            f"{kind}."
        )
    try:
        if path.stat().st_size > LARGEST_COPY:
            return f"{only}: Die Datei ist größer als {LARGEST_COPY // 1_000_000} MB."
        data = path.read_bytes()
    except OSError:
        return f"{only}, weil sich die Datei nicht öffnen lässt."
    from daz_planner.district.package import survey

    package = survey(data)
    if package.refusal:
        return f"{only}. {package.refusal}"
    macros = package.has_macros and target.suffix.casefold() == ".xlsm"
    workbook = _loaded(data, macros)
    notes = [] if workbook is None else _notes(workbook, package, macros)
    if findings:
        notes.insert(0, _HOW_TO_READ)
    content, marked = (
        (None, 0) if workbook is None else _annotated(workbook, path.name, findings, notes)
    )
    if content is None:
        return f"{only}, weil sich diese Mappe nicht verändern lässt, ohne Schaden zu nehmen."
    return content, marked, tuple(notes)


def _loaded(data: bytes, macros: bool) -> Workbook | None:
    """The workbook, ``None`` where openpyxl cannot read it."""
    import openpyxl

    from daz_planner.district.kept_images import keep_images

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is lost is said by the survey of the package
        try:
            workbook = openpyxl.load_workbook(io.BytesIO(data), keep_vba=macros, rich_text=True)
            keep_images(workbook, data)
        except Exception:  # openpyxl raises anything at all on what it does not know
            return None
    return workbook


def _annotated(
    workbook: Workbook, name: str, findings: Sequence[Finding], notes: list[str]
) -> tuple[bytes | None, int]:
    """Bytes of the marked workbook and the number of marked cells; adds to the notes."""
    from daz_planner.district.findings_sheet import add_findings_sheet
    from daz_planner.district.marking import MOST_NOTES, mark

    marks = mark(workbook, findings)
    if marks.without_note:
        notes.append(f"Notizen haben nur die ersten {MOST_NOTES} Zellen; gefärbt sind alle.")
    add_findings_sheet(workbook, f"Befunde zu {name}", findings, notes, marks=marks)
    workbook.calculation.fullCalcOnLoad = True
    raw = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            workbook.save(raw)
        except Exception:  # as above: parts that were read, but cannot be written
            return None, 0
    return raw.getvalue(), marks.count


def _notes(workbook: Workbook, package: Package, macros: bool) -> list[str]:
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
    if package.has_macros and not macros:
        lost.append("Makros (sie bleiben, wenn der Name der Datei auf .xlsm endet)")
    if lost:
        notes.append(f"Nicht in dieser Kopie, nur in Ihrer eigenen Mappe: {', '.join(lost)}.")
    if changed:
        notes.append(f"Kann in dieser Kopie anders aussehen: {', '.join(changed)}.")
    if package.has_formulas:
        notes.append("Formeln sind unverändert; Excel rechnet sie beim Öffnen neu.")
    return notes


def _list_only(inputs: Sequence[Path], findings: Sequence[Finding], reason: str) -> bytes:
    from openpyxl import Workbook as NewWorkbook

    from daz_planner.district.findings_sheet import add_findings_sheet

    workbook = NewWorkbook()
    if workbook.active is not None:
        workbook.remove(workbook.active)
    title = f"Befunde zu {inputs[0].name or inputs[0]}" if len(inputs) == 1 else "Befunde"
    add_findings_sheet(workbook, title, findings, [reason])
    raw = io.BytesIO()
    workbook.save(raw)
    return raw.getvalue()


def _is_macro_workbook(inputs: Sequence[Path]) -> bool:
    return len(inputs) == 1 and inputs[0].suffix.casefold() == ".xlsm"


def _same(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return os.path.abspath(one) == os.path.abspath(other)
