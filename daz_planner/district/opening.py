"""The bytes of a file, and what they are, whatever the name says.

Only regular files are opened: a pipe or a device would never end. Each thing that goes wrong is
one sentence for the planner.
"""

from __future__ import annotations

import errno
import stat
from enum import Enum
from pathlib import Path

from daz_planner.district.limits import FORMATS, LARGEST_FILE, Unreadable, broken
from daz_planner.district.text import did_you_mean, nearest, quoted

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")

_COPY_FIRST = "Kopieren Sie sie auf den eigenen Rechner und versuchen Sie es noch einmal."
_REASONS = {
    errno.ELOOP: (
        "Die Verknüpfung führt im Kreis und zu keiner Datei.",
        "Geben Sie die Datei selbst an.",
    ),
    errno.ENAMETOOLONG: (
        "Der Pfad der Datei ist zu lang.",
        "Kopieren Sie sie in einen Ordner mit kürzerem Namen.",
    ),
    errno.EINVAL: ("Der Pfad der Datei ist ungültig.", "Prüfen Sie Ordner und Namen."),
    errno.ENOTDIR: (
        "Ein Teil des Pfades ist kein Ordner, sondern eine Datei.",
        "Prüfen Sie Ordner und Namen.",
    ),
}


class Kind(Enum):
    """What the bytes of a file are."""

    PACKED = "Zip-Behälter: .xlsx, .ods oder etwas anderes"
    COMPOUND = "OLE-Behälter: .xls, eine verschlüsselte .xlsx oder etwas anderes"
    TEXT = "Text, wohl .csv"


def read_bytes(path: Path) -> bytes:
    """All bytes of a regular file of at most :data:`~daz_planner.district.limits.LARGEST_FILE`.

    Raises
    ------
    Unreadable
        The file is missing, empty, too large, locked, a folder, a pipe or not to be read.
    """
    if path.name.startswith(("~$", ".~lock.")):
        raise Unreadable(
            "datei_sperrdatei",
            "Das ist die Sperrdatei einer geöffneten Arbeitsmappe.",
            "Geben Sie die Arbeitsmappe selbst an.",
        )
    try:
        return _read(path)
    except FileNotFoundError:
        raise Unreadable(
            "datei_fehlt",
            f"Die Datei {quoted(str(path))} gibt es nicht.",
            _similar_files(path) or "Prüfen Sie Ordner und Namen.",
        ) from None
    except PermissionError:
        raise Unreadable(
            "datei_gesperrt",
            "Die Datei lässt sich nicht öffnen: gesperrt oder ohne Leserecht.",
            "Schließen Sie sie in Excel und prüfen Sie die Rechte der Datei und ihres Ordners.",
        ) from None
    except OSError as error:
        problem, remedy = _REASONS.get(
            error.errno or 0, ("Die Datei lässt sich nicht lesen.", _COPY_FIRST)
        )
        raise Unreadable("datei_unlesbar", problem, remedy) from None
    except ValueError:  # a zero byte in the path
        problem, remedy = _REASONS[errno.EINVAL]
        raise Unreadable("datei_unlesbar", problem, remedy) from None


def _read(path: Path) -> bytes:
    about = path.stat()
    if stat.S_ISDIR(about.st_mode):
        raise Unreadable(
            "datei_ordner",
            f"{quoted(str(path))} ist ein Ordner, keine Datei.",
            "Geben Sie die Arbeitsmappe selbst an.",
        )
    if not stat.S_ISREG(about.st_mode):
        raise Unreadable(
            "datei_unlesbar",
            f"{quoted(str(path))} ist keine gewöhnliche Datei.",
            "Geben Sie eine Arbeitsmappe an, die auf der Festplatte liegt.",
        )
    data = b""
    if about.st_size <= LARGEST_FILE:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    if about.st_size > LARGEST_FILE or len(data) > LARGEST_FILE:
        raise Unreadable(
            "datei_zu_gross",
            f"Die Datei ist größer als {LARGEST_FILE // 1_000_000} MB.",
            "Geben Sie eine Arbeitsmappe an, in der nur die Tabellen stehen, ohne Bilder.",
        )
    if not data:
        raise Unreadable(
            "datei_leer",
            "Die Datei ist leer (0 Bytes).",
            "Speichern Sie sie in Excel noch einmal oder geben Sie eine andere an.",
        )
    return data


def _similar_files(path: Path) -> str:
    """A question with the files of the folder whose names are near; empty where there is none."""
    try:
        names = {
            entry.stem: entry.name
            for entry in path.parent.iterdir()
            if entry.suffix.casefold() in (*WORKBOOK_SUFFIXES, *TEXT_SUFFIXES)
        }
    except (OSError, ValueError):
        return ""
    return did_you_mean(names[stem] for stem in nearest(path.stem, names, most=2))


_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta", b"<style")
_FOREIGN = (
    (b"%PDF", "eine PDF-Datei"),
    (b"{\\rtf", "ein Textdokument (RTF)"),
    (b"\x89PNG", "ein Bild"),
    (b"\xff\xd8\xff", "ein Bild"),
    (b"GIF8", "ein Bild"),
    (b"7z\xbc\xaf", "ein gepacktes Archiv"),
    (b"Rar!", "ein gepacktes Archiv"),
    (b"\x1f\x8b", "ein gepacktes Archiv"),
)
_OLD_EXCEL = (b"\x09\x08\x08\x00", b"\x09\x08\x06\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00",
              b"\x09\x00\x04\x00")  # fmt: skip


def kind_of(data: bytes, path: Path) -> Kind:
    """What the file is, by its first bytes.

    Raises
    ------
    Unreadable
        It is something else (a web page, a PDF, a picture …) and the sentence says what.
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.PACKED
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Kind.COMPOUND
    suffix = path.suffix.casefold()
    for start, what in _FOREIGN:
        if data.startswith(start):
            raise foreign(what, path)
    if data.startswith(_OLD_EXCEL):
        raise Unreadable(
            "datei_anderes_format",
            "Die Datei stammt von einem Excel vor 1997.",
            "Öffnen Sie sie in Excel oder LibreOffice und speichern Sie sie als .xlsx.",
        )
    _refuse_markup(data)
    if suffix in TEXT_SUFFIXES:
        return Kind.TEXT
    if suffix in WORKBOOK_SUFFIXES:
        if _looks_like_csv(data):
            return Kind.TEXT
        raise broken()
    raise no_workbook(path)


def no_workbook(path: Path) -> Unreadable:
    """The file is not one of the known formats and does not claim to be."""
    ending = quoted(path.suffix) if path.suffix else "ohne Endung"
    return Unreadable("datei_keine_mappe", f"Die Datei ({ending}) ist keine Arbeitsmappe.", FORMATS)


def foreign(what: str, path: Path) -> Unreadable:
    """The file is ``what`` ("eine PDF-Datei"), and perhaps it claims to be a workbook."""
    ending = quoted(path.suffix) if path.suffix else "ohne Endung"
    return Unreadable(
        "datei_keine_mappe",
        f"Die Datei ({ending}) ist {what}, keine Arbeitsmappe.",
        f"Geben Sie die Arbeitsmappe mit der Tabelle an. {FORMATS}",
    )


def _refuse_markup(data: bytes) -> None:
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="ignore").encode("utf-8")
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not head.startswith(b"<"):
        return
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head or b"mso-application" in head:
        raise Unreadable(
            "datei_xml_tabelle",
            "Das ist eine XML-Tabelle von Excel 2003, keine Arbeitsmappe.",
            "Öffnen Sie sie in Excel und speichern Sie sie als .xlsx.",
        )
    if head.startswith(_HTML_STARTS) or b"<html" in head or b"<table" in head:
        raise Unreadable(
            "datei_html",
            "Das ist eine HTML-Seite, keine Arbeitsmappe.",
            "Öffnen Sie sie in Excel und speichern Sie sie als .xlsx.",
        )
    if head.startswith((b"<?xml", b"<!doctype", b"<!entity")):
        raise Unreadable(
            "datei_anderes_format",
            "Das ist eine XML-Datei, keine Arbeitsmappe.",
            "Öffnen Sie sie in Excel oder LibreOffice und speichern Sie sie als .xlsx.",
        )


def _looks_like_csv(data: bytes) -> bool:
    """Whether the head is text in lines of which two or more hold the same separator."""
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="ignore").encode("utf-8")
    if b"\0" in head or sum(byte < 32 and byte not in b"\t\r\n\f" for byte in head):
        return False
    lines = [line for line in head.splitlines() if line.strip()]
    return any(sum(mark in line for line in lines) > 1 for mark in (b";", b"\t", b","))
