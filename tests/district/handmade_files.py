"""Workbooks made by hand for the tests of reading: parts of .xlsx, .ods and .xls."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

from daz_planner.district.compound import build

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>Schule</t></is></c></row>'


def xlsx(
    path: Path,
    *sheets: str,
    names: Sequence[str] = ("Schulen", "Zweites", "Drittes"),
    texts: str = "",
    styles: str = "",
    states: Sequence[str] = (),
    raw: bool = False,
    more: dict[str, bytes] | None = None,
) -> Path:
    """A workbook of rows (or, with ``raw``, of whole sheets) of XML."""
    listed = "".join(
        f'<sheet name="{names[n]}" sheetId="{n + 1}" r:id="rId{n + 1}"'
        + (f' state="{states[n]}"' if states else "")
        + "/>"
        for n in range(len(sheets))
    )
    related = "".join(
        f'<Relationship Id="rId{n + 1}" Type="{RELATIONS}/worksheet" '
        f'Target="worksheets/sheet{n + 1}.xml"/>'
        for n in range(len(sheets))
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        file.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        )
        if texts:
            related += (
                f'<Relationship Id="t" Type="{RELATIONS}/sharedStrings" '
                'Target="sharedStrings.xml"/>'
            )
            file.writestr("xl/sharedStrings.xml", texts)
        if styles:
            related += f'<Relationship Id="s" Type="{RELATIONS}/styles" Target="styles.xml"/>'
            file.writestr("xl/styles.xml", styles)
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>',
        )
        for number, rows in enumerate(sheets, start=1):
            text = (
                rows
                if raw
                else f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
            )
            file.writestr(f"xl/worksheets/sheet{number}.xml", text)
        for name, content in (more or {}).items():
            file.writestr(name, content)
    return path


def ods(path: Path, *tables: str, manifest: str = "<manifest/>") -> Path:
    """A LibreOffice workbook of tables, each the XML inside ``table:table``."""
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    body = "".join(
        f'<table:table table:name="{"Schulen" if n == 0 else f"Blatt{n}"}">{t}</table:table>'
        for n, t in enumerate(tables)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", manifest)
        file.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content '
            f'xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0" '
            f'xmlns:text="{space}text:1.0"><office:body><office:spreadsheet>{body}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def ods_cell(value: str | float, shown: str = "", more: str = "") -> str:
    """A cell of an .ods."""
    if isinstance(value, str):
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {kind} {more}><text:p>{shown or value}</text:p></table:table-cell>"


def record(kind: int, content: bytes = b"") -> bytes:
    """A record of an .xls."""
    return struct.pack("<HH", kind, len(content)) + content


def label(row: int, column: int, index: int) -> bytes:
    """A cell that shows a shared text; row and column from 0."""
    return record(0xFD, struct.pack("<HHHI", row, column, 0, index))


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    """A cell with a number."""
    return record(0x203, struct.pack("<HHHd", row, column, style, value))


def xls(
    path: Path,
    cells: bytes,
    texts: Sequence[str] = (),
    *,
    declared_texts: int | None = None,
    before: bytes = b"",
    stream: str = "Workbook",
) -> Path:
    """An .xls with one sheet named Schulen."""
    start = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 0))
    content = b"".join(struct.pack("<HB", len(t), 0) + t.encode("latin-1") for t in texts)
    many = len(texts) if declared_texts is None else declared_texts
    shared = record(0xFC, struct.pack("<II", many, many) + content) if texts else b""
    formats = record(0x41E, struct.pack("<HHB", 164, 5, 0) + b"00000")
    styles = record(0xE0, struct.pack("<HH", 0, 0) + bytes(16))
    styles += record(0xE0, struct.pack("<HH", 0, 164) + bytes(16))
    name = b"Schulen"
    length = len(start) + len(before) + len(formats + styles) + len(shared) + 4
    length += 4 + 8 + len(name)
    sheet = record(0x85, struct.pack("<IBBBB", length, 0, 0, len(name), 0) + name)
    book = start + before + formats + styles + sheet + shared + record(0x0A)
    book += record(0x809, struct.pack("<HHHHII", 0x600, 16, 0, 1997, 0, 0)) + cells + record(0x0A)
    path.write_bytes(build(stream, book))
    return path
