"""The findings as a workbook: an annotated copy of the planner's own one, or a list with copies.

Of one workbook in the format .xlsx or .xlsm a copy is made with a list in front. Of a folder and of
several files the list is a workbook of its own, with links into copies of the faulty workbooks,
which lie in a folder beside it. Where there is no copy, the list says why.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from daz_planner.district.findings import Finding
from daz_planner.district.marked_copy import COPIED
from daz_planner.district.text import quoted
from daz_planner.district.workbook_file import write_whole
from daz_planner.errors import OutputError

if TYPE_CHECKING:
    from daz_planner.district.marking import Marks

_ONLY = "Diese Mappe enthält nur die Liste der Befunde."


@dataclass(frozen=True)
class ErrorFile:
    """What was written: the file, how many cells are marked, and German notes on it.

    ``is_copy`` is false where the file itself holds nothing but the list. ``copies`` are the marked
    copies beside it; the notes on each stand in it.
    """

    path: Path
    is_copy: bool
    marked: int
    notes: tuple[str, ...]
    copies: tuple[Path, ...] = ()


def check_error_file(target: Path, inputs: Sequence[Path], *, overwrite: bool = False) -> None:
    """Refuse a target that must not be written, before the work begins.

    Raises
    ------
    OutputError
        The ending does not fit, the target is one of the inputs or lies in a folder that is read,
        or it exists and must not be overwritten.
    """
    from daz_planner.district.marked_folder import check_copies_folder, same_file

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
        if same_file(target, path):
            raise OutputError(
                f"{quoted(str(target))} ist die Eingabe selbst.",
                remedy="Nennen Sie für die Befunde eine andere Datei.",
            )
        if path.is_dir() and same_file(target.parent, path):
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
    if _has_several(inputs):
        check_copies_folder(target, inputs, overwrite=overwrite)


def write_error_file(
    target: Path,
    inputs: Sequence[Path],
    findings: Sequence[Finding],
    *,
    overwrite: bool = False,
) -> ErrorFile:
    """Write the findings as a workbook: marked in a copy of the input, or as a list with copies.

    Parameters
    ----------
    target:
        The file to write (.xlsx; .xlsm keeps the macros of an input .xlsm). The copies of a folder
        go to a folder beside it, ``befunde-Kopien`` for ``befunde.xlsx``.
    inputs:
        The files and folders that were read.
    findings:
        Everything found in them, in the order of the list. Where two inputs hold files of the same
        name, a finding names the path.

    Raises
    ------
    OutputError
        See :func:`check_error_file`; or the file cannot be written. Nothing is left half-done.
    """
    from daz_planner.district.marked_copy import marked_copy

    target = Path(target)
    inputs = [Path(path) for path in inputs]
    check_error_file(target, inputs, overwrite=overwrite)
    if _has_several(inputs):
        return _list_with_copies(target, inputs, findings, overwrite)
    macros = target.suffix.casefold() == ".xlsm"
    made = marked_copy(inputs[0], findings, macros=macros)
    if isinstance(made, str):
        notes = (f"{_ONLY} {made}",)
        content = _list(inputs, findings, notes)
        result = ErrorFile(target, False, 0, notes)
    else:
        content = made.content
        result = ErrorFile(target, True, made.marks.count, made.notes)
    write_whole(content, target, overwrite=overwrite)
    return result


def _list_with_copies(
    target: Path, inputs: Sequence[Path], findings: Sequence[Finding], overwrite: bool
) -> ErrorFile:
    from daz_planner.district.marked_folder import copies_folder, make_copies, written_together

    folder = copies_folder(target)
    made = make_copies(inputs, findings)
    links = {file: (f"{folder.name}/{one.name}", one.copy.marks) for file, one in made.copies}
    notes = made.notes(folder.name) if made.copies else (_ONLY, *made.notes(folder.name))
    content = _list(inputs, findings, notes, links)
    contents = {one.name: one.copy.content for _, one in made.copies}
    with written_together(folder, contents, overwrite=overwrite):
        write_whole(content, target, overwrite=overwrite)
    return ErrorFile(
        target,
        False,
        sum(one.copy.marks.count for _, one in made.copies),
        notes,
        tuple(folder / name for name in contents),
    )


def _list(
    inputs: Sequence[Path],
    findings: Sequence[Finding],
    notes: Sequence[str],
    links: Mapping[str, tuple[str, Marks]] | None = None,
) -> bytes:
    """A workbook with the list alone."""
    from openpyxl import Workbook

    from daz_planner.district.findings_sheet import add_findings_sheet

    workbook = Workbook()
    if workbook.active is not None:
        workbook.remove(workbook.active)
    title = f"Befunde zu {inputs[0].name or inputs[0]}" if len(inputs) == 1 else "Befunde"
    add_findings_sheet(workbook, title, findings, notes, copies=links)
    raw = io.BytesIO()
    workbook.save(raw)
    return raw.getvalue()


def _has_several(inputs: Sequence[Path]) -> bool:
    return len(inputs) != 1 or inputs[0].is_dir()


def _is_macro_workbook(inputs: Sequence[Path]) -> bool:
    return len(inputs) == 1 and inputs[0].suffix.casefold() == ".xlsm"
