"""Marked copies of the faulty workbooks of a folder, or of several files, in a folder of their own.

The folder is written whole or not at all, together with the list that leads into it. It takes the
place of an older one only where that holds nothing but such copies.
"""

from __future__ import annotations

import os
import secrets
import shutil
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from daz_planner.district.findings import Finding
from daz_planner.district.findings_sheet import SHEET
from daz_planner.district.marked_copy import COPIED, HOW_TO_READ, MarkedCopy, marked_copy
from daz_planner.district.report import first_few
from daz_planner.district.text import quoted
from daz_planner.errors import OutputError
from daz_planner.german import number

MOST_ITEMS = 500_000
"""Cells and the like of all copies together; more would take too long."""

_MOST_NAMED = 8
_ONLY_THESE = "Kopien gibt es nur von .xlsx und .xlsm."
_LONG = f"Die Kopien haben zusammen schon {number(MOST_ITEMS)} Zellen und Formate."
_SAME_NAME = "Mehrere Dateien heißen so."


@dataclass(frozen=True)
class NamedCopy:
    """A copy and the name of its file, which no other copy has."""

    name: str
    copy: MarkedCopy


@dataclass(frozen=True)
class Copies:
    """The copies by the file as the findings name it, and why files with findings have none."""

    copies: tuple[tuple[str, NamedCopy], ...]
    without: tuple[tuple[str, str], ...]

    def notes(self, folder: str) -> tuple[str, ...]:
        """What the planner has to know about the copies."""
        found = []
        if self.copies:
            found += [
                f"Kopien mit farbigen Zellen liegen im Ordner {quoted(folder)}; ein Klick auf die "
                "Zelle öffnet sie. Lassen Sie Liste und Ordner nebeneinander.",
                HOW_TO_READ.replace("Diese Kopie dient", "Die Kopien dienen")
                .replace("eigene Mappe", "eigenen Mappen"),
            ]  # fmt: skip
        reasons: dict[str, list[str]] = defaultdict(list)
        for file, reason in self.without:
            reasons[reason].append(file)
        for reason, files in reasons.items():
            names = quoted(files[0]) if len(files) == 1 else first_few(files, _MOST_NAMED)
            found.append(f"Nur in dieser Liste, ohne Kopie: {names}. {reason}")
        return tuple(found)


def copies_folder(target: Path) -> Path:
    """The folder of the copies beside the list: ``befunde-Kopien`` for ``befunde.xlsx``."""
    return target.with_name(f"{target.stem}-Kopien")


def check_copies_folder(target: Path, inputs: Sequence[Path], *, overwrite: bool) -> None:
    """Refuse a folder of copies that must not be written.

    Raises
    ------
    OutputError
        It exists and must not be overwritten, holds other things than copies, or is read itself.
    """
    folder = copies_folder(target)
    if not os.path.lexists(folder):
        return
    remedy = "Nennen Sie für die Befunde eine andere Datei."
    for path in inputs:
        if same_file(path, folder) or same_file(path.parent, folder):
            raise OutputError(
                f"Die Kopien kämen in den Ordner {quoted(str(folder))}, der selbst gelesen wird.",
                remedy=remedy,
            )
    if not folder.is_dir() or folder.is_symlink():
        raise OutputError(f"{quoted(str(folder))} gibt es schon als Datei.", remedy=remedy)
    if not overwrite:
        raise OutputError(
            f"Den Ordner {quoted(str(folder))} gibt es schon.",
            remedy="Wählen Sie für die Befunde einen anderen Namen oder --ueberschreiben.",
        )
    try:
        other = next((entry for entry in sorted(folder.iterdir()) if not _is_copy(entry)), None)
    except OSError as error:
        raise _refused(folder, error) from error
    if other is not None:
        raise OutputError(
            f"Im Ordner {quoted(str(folder))} liegt anderes als Kopien: {quoted(other.name)}. Er "
            "wird nicht überschrieben.",
            remedy=remedy,
        )


def make_copies(inputs: Sequence[Path], findings: Sequence[Finding]) -> Copies:
    """Copies of the workbooks that have a finding with a cell, in the order of the findings."""
    paths = _paths(inputs)
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_file[finding.file].append(finding)
    copies: list[tuple[str, NamedCopy]] = []
    without: list[tuple[str, str]] = []
    taken: set[str] = set()
    left = MOST_ITEMS
    for file, found in by_file.items():
        if not any(finding.row for finding in found):
            continue
        path = paths.get(file)
        made = _made(path, found, left)
        if isinstance(made, str):
            without.append((file, made))
            continue
        assert path is not None
        left -= made.items
        copies.append((file, NamedCopy(_free(path, taken), made)))
    return Copies(tuple(copies), tuple(without))


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to the same file or folder."""
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return os.path.abspath(one) == os.path.abspath(other)


@contextmanager
def written_together(
    folder: Path, contents: Mapping[str, bytes], *, overwrite: bool
) -> Iterator[None]:
    """Write the files into a new folder that takes its place; undone if the body fails.

    Without files an older folder of copies goes away.

    Raises
    ------
    OutputError
        The disk refuses, or the folder has come into being meanwhile.
    """
    mark = secrets.token_hex(4)
    fresh = folder.with_name(f".{folder.name}.neu-{mark}")
    old = folder.with_name(f".{folder.name}.alt-{mark}")
    placed = False
    try:
        try:
            if contents:
                fresh.mkdir()
                for name, content in contents.items():
                    (fresh / name).write_bytes(content)
            if overwrite and os.path.lexists(folder):
                folder.rename(old)
            if contents:
                fresh.rename(folder)
                placed = True
        except OSError as error:
            raise _refused(folder, error) from error
        yield
    except BaseException:
        if placed:
            shutil.rmtree(folder, ignore_errors=True)
        if old.exists():
            old.rename(folder)
        raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def _made(path: Path | None, findings: Sequence[Finding], left: int) -> MarkedCopy | str:
    if path is None:
        return _SAME_NAME
    if path.suffix.casefold() not in COPIED:
        return _ONLY_THESE
    if left <= 0:
        return _LONG
    return marked_copy(path, findings, macros=path.suffix.casefold() == ".xlsm")


def _paths(inputs: Sequence[Path]) -> dict[str, Path | None]:
    """File as a finding may name it → its path; ``None`` where several have the name."""
    found: dict[str, Path | None] = {}
    for path in inputs:
        files = [path]
        if path.is_dir():
            try:
                files = sorted(path.iterdir())
            except OSError:
                continue
        for file in files:
            found[file.name] = None if file.name in found else file
            found[str(file)] = file
    return found


def _free(path: Path, taken: set[str]) -> str:
    """The name of a copy; a second file of the same name gets a number."""
    name, count = path.name, 2
    while name.casefold() in taken:
        name, count = f"{path.stem} ({count}){path.suffix}", count + 1
    taken.add(name.casefold())
    return name


def _is_copy(path: Path) -> bool:
    """Whether a file is a copy that was written here: a workbook with the list in front."""
    if path.suffix.casefold() not in COPIED or path.is_symlink() or not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            about = archive.getinfo("xl/workbook.xml")
            text = archive.read(about) if about.file_size < 5_000_000 else b""
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError):
        return False
    return f'name="{SHEET}'.encode() in text


def _refused(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"Der Ordner {quoted(str(folder))} lässt sich nicht schreiben ({error.strerror or error}).",
        remedy="Schließen Sie die Kopien in Excel und prüfen Sie die Rechte am Ordner.",
    )
