"""A folder as input: the district's workbook, and beside it one roster a school."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from daz_planner.district.collect import Collector
from daz_planner.district.layout import SCHOOLS, sheet_kind
from daz_planner.district.roles import has_rows
from daz_planner.district.sheets import Source, load
from daz_planner.district.text import listed, quoted
from daz_planner.errors import InputError

MOST_FILES = 1_000
"""Files of a folder that are read. A district has some hundred schools."""

_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv")
_SILENT = frozenset(("desktop.ini", "thumbs.db", ".ds_store"))
_MOST_NAMED = 8
_FINDINGS = "Befunde"


def load_folder(path: Path, out: Collector, *, with_schools: bool = True) -> tuple[Source, ...]:
    """The files of a folder, the one with the table of schools first.

    Folders inside, hidden files, lock files and files of other kinds are left out and named in one
    warning. Faults go to ``out``; without any readable file the result is empty. ``with_schools``:
    one of the files must hold the table of schools.
    """
    sources = _without_findings(load_files(_files(path, out), out), out)
    unreadable = bool(out.fault_count)
    if not sources and unreadable:
        return ()
    if not sources:
        out.fault(
            "ordner_leer",
            f"Im Ordner {quoted(path.name or str(path))} liegt keine Arbeitsmappe.",
            "Legen Sie die Arbeitsmappe des Landkreises und die Listen der Schulen hinein "
            "(.xlsx, .xls, .ods oder .csv).",
        )
        return ()
    if not with_schools or (len(sources) == 1 and not unreadable):
        return sources
    fitting = [source for source in sources if _has_schools(source)]
    if not fitting:  # its table may have a fault, which is told when it is read
        named = [source for source in sources if _has_sheet_of_schools(source)]
        fitting = named if len(named) == 1 else []
    if len(fitting) == 1:
        first = fitting[0]
        return (first, *(source for source in sources if source is not first))
    if not fitting and unreadable:
        return ()  # it may be the file that cannot be read
    names = [source.file for source in fitting]
    out.fault(
        "ordner_schulen",
        f"Die Tabelle der Schulen steht in mehreren Dateien des Ordners: {listed(names)}."
        if names
        else "In keiner Datei des Ordners steht die Tabelle der Schulen (Blatt „Schulen“).",
        "Lassen Sie nur eine davon im Ordner."
        if names
        else "Legen Sie die Arbeitsmappe des Landkreises in den Ordner.",
    )
    return ()


def load_files(paths: Sequence[Path], out: Collector) -> tuple[Source, ...]:
    """Read the files; what keeps one of them out is a fault in ``out``, and the rest is read."""
    sources: list[Source] = []
    for path in paths:
        try:
            source = load(path)
        except InputError as error:
            out.include(error.findings)
            if not error.findings:
                out.of(path.name).fault("datei", error.message, error.remedy)
            continue
        out.include(source.findings)
        sources.append(source)
    return tuple(sources)


def _without_findings(sources: Sequence[Source], out: Collector) -> tuple[Source, ...]:
    """The files without lists of findings and marked copies that ``pruefen`` has written."""
    kept: list[Source] = []
    marked: list[Source] = []
    for source in sources:
        is_list = any(sheet.name == _FINDINGS and not sheet.is_empty for sheet in source.sheets)
        (marked if is_list else kept).append(source)
    dropped = [source.file for source in marked]
    if marked and not any(map(_has_schools, kept)):
        copies = [source for source in marked if _has_schools(source)]
        kept += copies
        dropped = [name for name in dropped if name not in {source.file for source in copies}]
    if dropped:
        out.warn(
            "ordner_befunde",
            f"Nicht gelesen, weil darin Befunde von „pruefen“ stehen: {listed(dropped)}.",
            "Legen Sie Fehlerdateien in einen anderen Ordner.",
        )
    return tuple(sorted(kept, key=lambda source: (source.file.casefold(), source.file)))


def _has_schools(source: Source) -> bool:
    """Whether a file holds a table of schools with rows."""
    named = [sheet for sheet in source.sheets if sheet_kind(sheet.name) is SCHOOLS]
    return any(has_rows(sheet, SCHOOLS) for sheet in (*named, *source.sheets))


def _has_sheet_of_schools(source: Source) -> bool:
    """Whether a filled sheet of a file bears the name of the table of schools."""
    return any(sheet_kind(s.name) is SCHOOLS and not s.is_empty for s in source.sheets)


def _files(path: Path, out: Collector) -> list[Path]:
    """The files to read, by name. Nothing is looked for in folders inside."""
    entries: list[str] = []
    try:
        with os.scandir(path) as found:
            for entry in found:
                entries.append(entry.name)
                if len(entries) > 20 * MOST_FILES:
                    break
    except OSError as error:
        out.fault(
            "ordner_unlesbar",
            f"Der Ordner lässt sich nicht lesen ({error.strerror or error}).",
            "Prüfen Sie die Rechte am Ordner.",
        )
        return []
    files: list[Path] = []
    skipped: list[str] = []
    for name in sorted(entries, key=lambda name: (name.casefold(), name)):
        if name.casefold() in _SILENT:
            continue
        file = path / name
        wanted = file.suffix.casefold() in _SUFFIXES and not name.startswith((".", "~"))
        if wanted and os.path.isfile(file):
            files.append(file)
        else:
            skipped.append(name)
    if len(files) > MOST_FILES:
        out.fault(
            "ordner_zu_gross",
            f"Im Ordner liegen mehr als {MOST_FILES} Tabellen.",
            "Geben Sie einen Ordner an, in dem nur die Arbeitsmappe des Landkreises und die Listen "
            "der Schulen liegen.",
        )
        return []
    if skipped:
        some = skipped[:_MOST_NAMED]
        more = f" und {len(skipped) - len(some)} weitere" if len(skipped) > len(some) else ""
        out.warn(
            "ordner_uebergangen",
            f"Nicht gelesen: {listed(some)}{more}.",
            "Gelesen werden Arbeitsmappen und .csv-Dateien, die im Ordner selbst liegen. Eine "
            "Datei mit „~$“ am Anfang heißt: diese Mappe ist noch in Excel geöffnet."
            if any(name.startswith("~$") for name in skipped)
            else "Gelesen werden Arbeitsmappen und .csv-Dateien, die im Ordner selbst liegen.",
        )
    return files
