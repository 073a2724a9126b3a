"""Copies of a folder: which, where, with links, whole or not at all, nothing lost."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest

from daz_planner.district import marked_folder, marking
from daz_planner.district.annotate import ErrorFile, check_error_file, write_error_file
from daz_planner.district.findings import Finding, Severity
from daz_planner.errors import OutputError


def finding(file: str, row: int = 2, column: int = 1, **values: object) -> Finding:
    base = Finding(file, "Bestand", row, column, "wert_falsch", Severity.FAULT, "x", "Falsch.")
    return replace(base, **values)  # type: ignore[arg-type]


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Bestand"
    for row in ("Schüler-ID", "S-1", "S-2"):
        book.active.append([row])
    path.parent.mkdir(exist_ok=True)
    book.save(path)
    return path


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A folder with three workbooks, one of them without a fault, and two other files."""
    folder = tmp_path / "listen"
    for name in ("GS Süd 50%.xlsx", "OS Nord.xlsx", "gut.xlsx"):
        workbook(folder / name)
    (folder / "alt.csv").write_text("Schüler-ID\nx\n", encoding="utf-8")
    return folder


FOUND = (
    finding("alt.csv", sheet="alt"),
    finding("GS Süd 50%.xlsx"),
    finding("GS Süd 50%.xlsx", 3, severity=Severity.WARNING),
    finding("OS Nord.xlsx", 0, 0),
    finding("OS Nord.xlsx", 3),
    finding("gut.xlsx", 0, 0, sheet=""),
    finding("listen", 0, 0, sheet=""),
)


def write(target: Path, inputs: Sequence[Path], **options: bool) -> ErrorFile:
    return write_error_file(target, inputs, FOUND, **options)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_faulty_workbooks_are_copied_beside_the_list(lists: Path, tmp_path: Path) -> None:
    before = {entry.name: entry.read_bytes() for entry in lists.iterdir()}
    written = write(tmp_path / "befunde.xlsx", [lists])
    assert names(tmp_path) == ["befunde-Kopien", "befunde.xlsx", "listen"]
    folder = tmp_path / "befunde-Kopien"
    assert names(folder) == ["GS Süd 50%.xlsx", "OS Nord.xlsx"]
    assert written.copies == (folder / "GS Süd 50%.xlsx", folder / "OS Nord.xlsx")
    assert (written.is_copy, written.marked) == (False, 3)
    copy = openpyxl.load_workbook(folder / "GS Süd 50%.xlsx")
    assert copy.sheetnames == ["Befunde", "Bestand"]
    assert copy["Bestand"]["A2"].fill.fgColor.rgb[-6:] == marking.RED
    assert copy["Bestand"]["A3"].fill.fgColor.rgb[-6:] == marking.YELLOW
    assert copy["Befunde"]["A2"].value == "1 Fehler, 1 Warnung."
    assert {entry.name: entry.read_bytes() for entry in lists.iterdir()} == before


def test_the_list_leads_to_the_cells_of_the_copies(lists: Path, tmp_path: Path) -> None:
    write(tmp_path / "befunde.xlsx", [lists])
    sheet = openpyxl.load_workbook(tmp_path / "befunde.xlsx")["Befunde"]
    links = {}
    for row in sheet[sheet.tables["Befunde"].ref][1:]:
        link = row[3].hyperlink
        links[row[1].value, row[3].value] = link and (link.target, link.location)
    assert links["alt.csv", "A2"] is None
    assert links["listen", None] is None
    assert links["OS Nord.xlsx", None] is None
    target, location = links["GS Süd 50%.xlsx", "A3"]
    assert location == "'Bestand'!A3"
    assert " " not in target
    assert (tmp_path / unquote(target)).is_file()


def test_what_has_no_copy_is_said(lists: Path, tmp_path: Path) -> None:
    (lists / "OS Nord.xlsx").write_bytes(b"PK\3\4")
    written = write(tmp_path / "befunde.xlsx", [lists])
    text = "\n".join(written.notes)
    assert "Nur in dieser Liste, ohne Kopie: „alt.csv“. Kopien gibt es nur von .xlsx" in text
    assert "Nur in dieser Liste, ohne Kopie: „OS Nord.xlsx“. Die Mappe ist beschädigt." in text
    assert "gut.xlsx" not in text
    sheet = openpyxl.load_workbook(tmp_path / "befunde.xlsx")["Befunde"]
    values = [cell.value for row in sheet.iter_rows(max_row=10) for cell in row]
    assert all(note in values for note in written.notes)


def test_without_any_copy_there_is_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / "listen"
    folder.mkdir()
    (folder / "alt.csv").write_text("x", encoding="utf-8")
    written = write_error_file(tmp_path / "b.xlsx", [folder], FOUND[:1])
    assert names(tmp_path) == ["b.xlsx", "listen"]
    assert written.notes[0] == "Diese Mappe enthält nur die Liste der Befunde."


def test_all_copies_together_are_bounded(
    lists: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marked_folder, "MOST_ITEMS", 1)
    written = write(tmp_path / "b.xlsx", [lists])
    assert [path.name for path in written.copies] == ["GS Süd 50%.xlsx"]
    assert any("„OS Nord.xlsx“. Die Kopien haben zusammen" in note for note in written.notes)


def test_files_of_one_name_in_two_folders(tmp_path: Path) -> None:
    one, two = workbook(tmp_path / "a" / "liste.xlsx"), workbook(tmp_path / "b" / "liste.xlsx")
    found = [finding(str(one)), finding(str(two), 3)]
    written = write_error_file(tmp_path / "f.xlsx", [one, two], found)
    assert [path.name for path in written.copies] == ["liste.xlsx", "liste (2).xlsx"]
    second = openpyxl.load_workbook(tmp_path / "f-Kopien" / "liste (2).xlsx")["Bestand"]
    assert second["A3"].comment and not second["A2"].comment
    unclear = write_error_file(tmp_path / "g.xlsx", [one, two], [finding("liste.xlsx")])
    assert not unclear.copies
    assert "Mehrere Dateien heißen so." in unclear.notes[-1]


def test_nothing_is_overwritten_silently(lists: Path, tmp_path: Path) -> None:
    target = tmp_path / "befunde.xlsx"
    write(target, [lists])
    target.unlink()
    with pytest.raises(OutputError, match="gibt es schon"):
        write(target, [lists])
    write(target, [lists], overwrite=True)
    assert names(tmp_path) == ["befunde-Kopien", "befunde.xlsx", "listen"]
    write_error_file(target, [lists], FOUND[:1], overwrite=True)
    assert names(tmp_path) == ["befunde.xlsx", "listen"], "old copies would mislead"


@pytest.mark.parametrize("other", ["eigenes.txt", "eigene.xlsx", "ordner"])
def test_a_folder_with_other_things_is_never_replaced(
    other: str, lists: Path, tmp_path: Path
) -> None:
    target = tmp_path / "befunde.xlsx"
    write(target, [lists])
    own = tmp_path / "befunde-Kopien" / other
    if other == "ordner":
        own.mkdir()
    elif other.endswith("xlsx"):
        workbook(own)
    else:
        own.write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match=f"„{other}“"):
        write(target, [lists], overwrite=True)
    assert own.exists()


def test_the_folder_of_the_copies_must_not_be_read_itself(tmp_path: Path) -> None:
    file = workbook(tmp_path / "f-Kopien" / "a.xlsx")
    other = workbook(tmp_path / "b.xlsx")
    for inputs in ([file.parent], [file, other]):
        with pytest.raises(OutputError, match="selbst gelesen"):
            check_error_file(tmp_path / "f.xlsx", inputs, overwrite=True)


@pytest.mark.parametrize("existed", [True, False])
def test_a_failed_list_leaves_all_as_it_was(
    existed: bool, lists: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "befunde.xlsx"
    if existed:
        write(target, [lists])
        marker = (tmp_path / "befunde-Kopien" / "OS Nord.xlsx").stat().st_mtime_ns
    before = names(tmp_path)

    def fail(*_: object, **__: object) -> None:
        raise OutputError("Kein Platz.")

    monkeypatch.setattr("daz_planner.district.annotate.write_whole", fail)
    with pytest.raises(OutputError, match="Kein Platz"):
        write(target, [lists], overwrite=existed)
    assert names(tmp_path) == before
    if existed:
        assert (tmp_path / "befunde-Kopien" / "OS Nord.xlsx").stat().st_mtime_ns == marker


@pytest.mark.skipif(os.name != "posix", reason="replaces a method by its POSIX name")
def test_a_disk_that_refuses_keeps_the_old_copies(
    lists: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "befunde.xlsx"
    write(target, [lists])

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", fail)
    with pytest.raises(OutputError, match="lässt sich nicht schreiben"):
        write(target, [lists], overwrite=True)
    monkeypatch.undo()
    assert names(tmp_path / "befunde-Kopien") == ["GS Süd 50%.xlsx", "OS Nord.xlsx"]
