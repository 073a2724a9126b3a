"""What an .xlsx package holds beyond cells: how large it is, and what a copy of it cannot keep.

The annotated copy is written by openpyxl, which reads a workbook into its own objects and writes
those. Whatever it has no object for is gone in the copy, without a word. So the parts of the
original are searched here for all such things, and the planner is told. The search is a stream over
the parts; nothing is unpacked into memory.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from daz_planner.district.text import quoted
from daz_planner.german import number

MOST_CELLS = 250_000
"""Cells, rows, texts and the like that a copy may have: openpyxl handles 30,000 a second."""
MOST_BYTES = 120_000_000
"""Unpacked size of all parts of a workbook that is copied."""
MOST_PARTS = 5_000
_REMEDY_FOR_EMPTY = (
    "Markieren Sie in Excel die leeren Zeilen unter der Tabelle, löschen Sie sie mit Strg+Minus "
    "und speichern Sie die Mappe; dann gibt es auch eine Kopie."
)

_CHUNK = 1 << 20
_OVERLAP = 1 << 16

_ITEM = re.compile(
    rb"<(?:\w+:)?(?:c|row|si|rPr|xf|dxf|font|fill|border|numFmt|comment|cfRule|dataValidation|"
    rb"definedName|col|mergeCell|hyperlink|tableColumn|brk|pt|Relationship|\w+Anchor)[\s/>]"
)
"""Elements of which openpyxl makes an object, and of which there may be many."""
_FILLED = re.compile(rb"<(?:\w+:)?(?:v|is)[\s>]")
"""What stands in a cell that is not empty."""
_AREA = re.compile(
    rb"<(?:\w+:)?(?:mergeCell|hyperlink)\s[^<>]*?\bref\s*=\s*[\"']"
    rb"\$?([A-Za-z]{1,3})\$?(\d{1,7}):\$?([A-Za-z]{1,3})\$?(\d{1,7})[\"']"
)
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")

_LOST_PARTS: tuple[tuple[str, str], ...] = (
    (r"(^|/)slicer(cache)?s/", "Datenschnitte"),
    (r"(^|/)timeline(cache)?s/", "Zeitachsen"),
    (r"(^|/)(ctrlprops|activex)/", "Steuerelemente (Schaltflächen, Kästchen, Auswahlfelder)"),
    (r"(^|/)threadedcomments/", "Unterhaltungen (sie bleiben als einfache Notizen)"),
    (r"(^|/)(extendedcharts/|charts/chartex)", "neuere Diagrammarten (Wasserfall, Karte u. a.)"),
    (r"(^|/)diagrams/", "SmartArt-Grafiken"),
    (r"(^|/)embeddings/", "eingebettete Objekte"),
    (r"(^|/)(querytables/|connections\.xml$|model/)", "Datenverbindungen und Abfragen"),
    (r"(^|/)webextensions/", "Add-Ins"),
    (r"^_xmlsignatures/", "digitale Signaturen"),
    (r"(^|/)(dialogsheets|macrosheets)/", "Makro- und Dialogblätter"),
    (r"(^|/)richdata/", "verknüpfte Datentypen und Bilder in Zellen"),
    (r"^docmetadata/", "die Vertraulichkeitsbezeichnung"),
    (r"^customxml/", "Zusatzdaten anderer Programme (z. B. SharePoint)"),
    (r"(^|/)customproperty", "Zusatzdaten anderer Programme (z. B. SharePoint)"),
)
"""Names of parts (lower case) and what is lost with them."""

_LOST_TAGS: tuple[tuple[bytes, str], ...] = (
    (
        rb"<x14:conditionalFormatting[\s>/]",
        "neuere bedingte Formatierungen (Datenbalken, Symbole, Bezüge auf andere Blätter)",
    ),
    (rb"<x14:dataValidation[\s>/]", "Auswahllisten mit Bezug auf andere Blätter"),
    (rb"<x14:sparklineGroup[\s>/]", "Sparklines (kleine Diagramme in Zellen)"),
    (rb"<(?:\w+:)?customSheetView[\s>/]", "benutzerdefinierte Ansichten"),
    (rb"<(?:\w+:)?protectedRange[\s>/]", "Bereiche, die trotz Blattschutz frei sind"),
    (rb"<(?:\w+:)?ignoredError[\s>/]", "abgeschaltete Fehlerhinweise (grüne Ecken)"),
    (rb"<(?:\w+:)?legacyDrawingHF[\s/]", "Bilder in Kopf- und Fußzeilen"),
    (rb"<(?:\w+:)?picture\s[^>]{0,80}\bid=", "Hintergrundbilder"),
    (rb"<(?:\w+:)?control\s", "Steuerelemente (Schaltflächen, Kästchen, Auswahlfelder)"),
    (rb"<(?:\w+:)?oleObject\s", "eingebettete Objekte"),
)
"""Elements of a sheet and what is lost with them."""

_LOST_DRAWINGS: tuple[tuple[bytes, str], ...] = (
    (rb"<(?:\w+:)?(?:sp|cxnSp|grpSp|contentPart)[\s>/]", "Formen, Textfelder und Gruppen"),
)

_CHANGED_PARTS: tuple[tuple[str, str], ...] = (
    (r"(^|/)charts/chart\d*\.xml$", "Diagramme"),
    (r"(^|/)pivottables/", "Pivot-Tabellen"),
    (r"(^|/)comments[^/]*\.xml$|(^|/)comments/", "Notizen (Größe und Schrift)"),
    (r"(^|/)media/", "Bilder (Zuschnitt und Rahmen)"),
    (r"(^|/)xl/metadata\.xml$|^xl/metadata\.xml$", "dynamische Formelbereiche"),
)
"""Names of parts that are kept, though not in every detail."""

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_PICTURE = re.compile(rb"<(?:\w+:)?pic[\s>/]")


@dataclass(frozen=True)
class Package:
    """What was found in a package.

    ``refusal`` says in German why no copy can be made and what helps, else it is empty. ``items``:
    how many cells, rows and the like there are. ``lost`` and ``changed`` name what a copy does not
    keep, or not in every detail.
    """

    refusal: str = ""
    items: int = 0
    lost: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    has_formulas: bool = False
    has_macros: bool = False
    charts: int = 0
    pictures: int = 0


def survey(data: bytes) -> Package:
    """Look through the bytes of a workbook (.xlsx, .xlsm) before it is copied."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _survey(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError):
        return Package(refusal="Die Mappe ist beschädigt.")
    except RuntimeError:  # how zipfile says that a part is encrypted
        return Package(refusal="Die Mappe ist mit einem Passwort geschützt.")


def _survey(archive: zipfile.ZipFile) -> Package:
    parts = archive.infolist()
    names = [part.filename.lower().lstrip("/") for part in parts]
    if not any(name.endswith("workbook.xml") for name in names):
        return Package(refusal="Die Datei ist keine Arbeitsmappe im Format .xlsx.")
    if len(parts) > MOST_PARTS:
        return Package(refusal=_too_many_bytes())
    # The declared sizes may be wrong, and the sheet that makes a file large is worth its name: so
    # the parts are looked through in any case, as far as the limits go.
    large = sum(part.file_size for part in parts) > MOST_BYTES
    items, size = 0, 0
    formulas = False
    pictures = 0
    lost: dict[str, None] = {}
    for part, name in zip(parts, names, strict=True):
        if not name.endswith((".xml", ".rels", ".vml")):
            continue
        drawing = "/drawings/" in name and name.endswith(".xml")
        tags = _LOST_DRAWINGS if drawing else _LOST_TAGS
        before, filled = items, 0
        for chunk, fresh in _chunks(archive, part):
            size += len(chunk) - fresh
            if _DECLARATION.search(chunk):
                return Package(refusal="Die Mappe enthält Vereinbarungen, die sie nicht braucht.")
            items += sum(match.start() >= fresh for match in _ITEM.finditer(chunk))
            items += sum(_area(match) for match in _AREA.finditer(chunk) if match.end() > fresh)
            filled += sum(match.start() >= fresh for match in _FILLED.finditer(chunk))
            if items > MOST_CELLS:
                empty = "/worksheets/" in name and 2 * filled < items - before
                return Package(refusal=_too_many_cells(archive, part.filename, empty=empty))
            if size > MOST_BYTES:
                return Package(refusal=_too_many_bytes())
            formulas = formulas or (not drawing and bool(_FORMULA.search(chunk)))
            if drawing:
                pictures += sum(m.start() >= fresh for m in _PICTURE.finditer(chunk))
            for pattern, what in tags:
                if what not in lost and re.search(pattern, chunk):
                    lost[what] = None
    if large:
        return Package(refusal=_too_many_bytes())
    for part_name, what in _LOST_PARTS:
        if any(re.search(part_name, name) for name in names):
            lost[what] = None
    return Package(
        items=items,
        lost=tuple(lost),
        changed=tuple(
            what
            for part_name, what in _CHANGED_PARTS
            if any(re.search(part_name, name) for name in names)
        ),
        has_formulas=formulas,
        has_macros=any(name.endswith("vbaproject.bin") for name in names),
        charts=sum(bool(re.search(_CHANGED_PARTS[0][0], name)) for name in names),
        pictures=pictures,
    )


def _too_many_bytes() -> str:
    return f"Die Mappe ist entpackt größer als {MOST_BYTES // 1_000_000} MB."


def _too_many_cells(archive: zipfile.ZipFile, part: str, *, empty: bool) -> str:
    """Why a copy would take too long, and what helps."""
    sheet = next((name for name, path in _sheet_parts(archive) if path == part), "")
    if empty:
        where = f"das Blatt {quoted(sheet)}" if sheet else "ein Blatt"
        return (
            f"Kopiert wird die Mappe nicht, weil {where} sehr viele leere Zellen mit Format hat. "
            f"{_REMEDY_FOR_EMPTY}"
        )
    return f"Die Mappe hat mehr als {number(MOST_CELLS)} Zellen und Formate."


def _sheet_parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Name and part of each sheet; nothing where reading them would not be safe."""
    from daz_planner.district.kept_images import sheet_parts

    about = [part for part in archive.infolist() if part.filename.startswith("xl/workbook.xml")]
    about += [p for p in archive.infolist() if p.filename == "xl/_rels/workbook.xml.rels"]
    if any(part.file_size > _CHUNK for part in about):
        return []
    try:
        if any(_DECLARATION.search(archive.read(part)) for part in about):
            return []
        return sheet_parts(archive, set(archive.namelist()))
    except Exception:  # openpyxl raises anything at all on what it does not know
        return []


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Pieces of a part with the end of the piece before, and where the new bytes begin.

    A match that begins in the old bytes was counted with the piece before, unless it was cut there.
    """
    with archive.open(part) as stream:
        old = b""
        while piece := stream.read(_CHUNK):
            yield old + piece, max(len(old) - 16, 0) if old else 0
            old = piece[-_OVERLAP:]


def _area(match: re.Match[bytes]) -> int:
    """Cells of a range: openpyxl makes an object of each."""
    left, top, right, bottom = match.groups()
    width = abs(_column(right) - _column(left)) + 1
    return width * (abs(int(bottom) - int(top)) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
