"""Reading .xlsx and .xlsm.

Of the container only the parts that hold tables are unpacked, within limits, looked through
(:mod:`daz_planner.district.xlsx_scan`) and handed, repacked, to python-calamine, which gives the
values. So neither sizes nor counts that a file declares wrongly reach it, and macros, pictures and
links to other files are never touched.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from daz_planner.district.collect import Collector
from daz_planner.district.container import Container, elements
from daz_planner.district.limits import (
    MOST_CELLS,
    MOST_TEXT,
    Unreadable,
    broken,
    has_entities,
    unpacks_too_large,
)
from daz_planner.district.sheets import Sheet
from daz_planner.district.text import listed
from daz_planner.district.values_reader import Grid, read_grids, sparse
from daz_planner.district.xlsx_scan import Scan, scan, sheet_text

_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_EMPTY_SHEET = f'<worksheet xmlns="{_SPACE}"><sheetData/></worksheet>'.encode()
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_COUNT = re.compile(rb"""\s(?:uniqueC|c)ount\s*=\s*(?:"[0-9]{5,}"|'[0-9]{5,}')""")
_TEXT_END = re.compile(rb"</(?:\w+:)?si>")
_TEXT_INDEX = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>\s*([0-9]{1,8})"""
)
_ZEROS = re.compile(r'(?:\[\$-[0-9A-Fa-f]+\])?(0{2,20})(?:;.*)?\Z')  # fmt: skip


@dataclass
class _Part:
    """A sheet of the workbook: its name, its part, and what a look through it gave."""

    name: str
    path: str
    is_hidden: bool
    text: bytes = _EMPTY_SHEET
    scan: Scan | None = None
    has_comments: bool = False


def is_xlsx(container: Container) -> bool:
    """Whether the container holds a workbook of Excel (not the binary .xlsb)."""
    return _workbook_path(container) is not None


def read_xlsx(container: Container, out: Collector, needed: Callable[[str], bool]) -> list[Sheet]:
    """The worksheets with their values and with what the values do not show.

    ``needed`` says whether a sheet that cannot be read stops the run; others are warned of and
    come out empty. Warnings on macros and links go to ``out``.
    """
    path = _workbook_path(container)
    if path is None:
        raise broken()
    book = container.read(path)
    parts = _sheets(container, path, book)
    _tell(container, out)
    styles = _related(container, path, "/styles")
    style_text = _without_counts(container.read(styles)) if styles else b""
    padded = _padded_styles(style_text) if style_text else {}
    texts = _related(container, path, "/sharedStrings")
    text_text = _texts(container.read(texts)) if texts else b""
    cells = 0
    failed: list[tuple[str, Unreadable, bool]] = []
    for part in parts:
        try:
            cells = _look(container, part, padded, text_text, cells)
        except Unreadable as error:
            part.text = _EMPTY_SHEET
            part.scan = None
            failed.append((part.name, error, needed(part.name) or len(parts) == 1))
    _report_failed(failed, out)
    out.stop_on_faults()
    packed = _packed(parts, book, style_text, text_text)
    del book, style_text, text_text
    grids = read_grids(packed, [f"s{number}" for number in range(1, len(parts) + 1)])
    return [_sheet(part, grid) for part, grid in zip(parts, grids, strict=True)]


def _report_failed(failed: list[tuple[str, Unreadable, bool]], out: Collector) -> None:
    """Say which sheets cannot be read: a fault, or a warning where one is not needed.

    Damage is one fault of the file with the names of the sheets; a sheet that is too large is one
    of its own.
    """
    damaged: dict[str, tuple[Unreadable, list[str]]] = {}
    for name, error, stops in failed:
        of_file = error.code.startswith("datei_")
        if stops and of_file:
            damaged.setdefault(error.code, (error, []))[1].append(name)
        elif stops:
            out.fault(error.code, error.problem, error.remedy, sheet=name)
        else:
            problem = (
                "Die Datei ist beschädigt: Das Blatt lässt sich nicht lesen und bleibt außen vor."
                if error.code == broken().code
                else f"{error.problem} Das Blatt bleibt außen vor."
            )
            out.warn(error.code, problem, error.remedy, sheet=name)
    for code, (error, names) in damaged.items():
        which = "Betroffen ist das Blatt" if len(names) == 1 else "Betroffen sind die Blätter"
        out.fault(code, f"{error.problem} {which} {listed(names)}.", error.remedy)


def _workbook_path(container: Container) -> str | None:
    if "_rels/.rels" in container:
        for name, attributes in elements(container.read("_rels/.rels", most=1_000_000)):
            if name == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
                path = _resolve("", attributes.get("Target", ""))
                if path in container and path.casefold().endswith(".xml"):
                    return path if "/worksheets/" in "".join(container.names) else _book(path)
    return "xl/workbook.xml" if "xl/workbook.xml" in container else None


def _book(path: str) -> str | None:
    return path if posixpath.basename(path).casefold().startswith("workbook") else None


def _resolve(base: str, target: str) -> str:
    joined = target if target.startswith("/") else posixpath.join(posixpath.dirname(base), target)
    return posixpath.normpath(unquote(joined)).lstrip("/")


def _relations(container: Container, path: str) -> dict[str, tuple[str, str, bool]]:
    """Id → (type, target, lies outside the file) of the relations of a part."""
    folder, name = posixpath.split(path)
    own = f"{folder}/_rels/{name}.rels"
    if own not in container:
        return {}
    found: dict[str, tuple[str, str, bool]] = {}
    for element, attributes in elements(container.read(own, most=5_000_000)):
        if element == "Relationship":
            outside = attributes.get("TargetMode", "").casefold() == "external"
            target = attributes.get("Target", "")
            found[attributes.get("Id", "")] = (
                attributes.get("Type", ""),
                target if outside else _resolve(path, target),
                outside,
            )
    return found


def _related(container: Container, path: str, kind: str) -> str:
    for type_, target, outside in _relations(container, path).values():
        if type_.endswith(kind) and not outside and target in container:
            return target
    return ""


def _sheets(container: Container, path: str, book: bytes) -> list[_Part]:
    relations = _relations(container, path)
    parts: list[_Part] = []
    for name, attributes in elements(book):
        if name != "sheet":
            continue
        reference = next((v for k, v in attributes.items() if k.endswith(":id")), "")
        type_, target, outside = relations.get(reference, ("", "", False))
        if outside or not type_.endswith("/worksheet") or target not in container:
            continue
        hidden = attributes.get("state", "visible") in ("hidden", "veryHidden")
        part = _Part(attributes.get("name", ""), target, hidden)
        part.has_comments = any(
            t.endswith(("/comments", "/threadedComment"))
            for t, _, _ in _relations(container, target).values()
        )
        parts.append(part)
    if len(parts) > 1_000:
        raise unpacks_too_large()
    if not parts:
        raise broken()
    return parts


def _tell(container: Container, out: Collector) -> None:
    names = container.names
    if any(name.endswith("vbaproject.bin") for name in names):
        out.warn(
            "datei_makros",
            "Die Datei enthält Makros; sie werden weder gelesen noch ausgeführt.",
            "Sie müssen nichts tun.",
        )
    if any("/externallinks/" in name for name in names):
        out.warn(
            "datei_verknuepfungen",
            "Die Datei ist mit anderen Dateien verknüpft; gelesen werden die zuletzt "
            "gespeicherten Werte.",
            "Prüfen Sie, ob sie noch stimmen, oder fügen Sie die Zahlen als Werte ein.",
        )


def _look(
    container: Container, part: _Part, padded: dict[int, int], texts: bytes, cells: int
) -> int:
    """Unpack and scan a sheet; returns the cells used so far in the file."""
    text, plain = sheet_text(container.pieces(part.path))
    if not plain:
        text = container.read(part.path)
    found = scan(text, plain, padded)
    cells += found.extent.cells
    if cells > MOST_CELLS:
        raise sparse(found.extent)
    _bound_texts(text, texts)
    part.text, part.scan = _without_counts(text), found
    return cells


def _bound_texts(text: bytes, texts: bytes) -> None:
    """Refuse a sheet in which few long texts stand in very many cells."""
    lengths = [len(one) for one in _TEXT_END.split(texts)]
    references = text.count(b't="s"') + text.count(b"t='s'")
    if max(lengths) * references <= MOST_TEXT:
        return
    total = 0
    for index, many in Counter(_TEXT_INDEX.findall(text)).items():
        place = int(index)
        total += many * (lengths[place] if place < len(lengths) else 0)
    if total > MOST_TEXT:
        raise unpacks_too_large()


def _without_counts(text: bytes) -> bytes:
    """Without the counts that a file declares: room would be made for as many."""
    return _COUNT.sub(b"", text) if b"ount=" in text or b"ount =" in text else text


def _texts(text: bytes) -> bytes:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise has_entities()
    return _without_counts(text[:4_000]) + text[4_000:]


def _padded_styles(text: bytes) -> dict[int, int]:
    """Cell style → digits, for number formats of zeros alone (``00000``, as postcodes have)."""
    formats: dict[str, int] = {}
    found: dict[int, int] = {}
    within = False
    style = 0
    for name, attributes in elements(text):
        if name == "numFmt":
            match = _ZEROS.match(attributes.get("formatCode", "").replace('"', ""))
            if match:
                formats[attributes.get("numFmtId", "")] = len(match[1])
        elif name in ("cellXfs", "cellStyles", "dxfs", "cellStyleXfs"):
            within = name == "cellXfs"
        elif name == "xf" and within:
            digits = formats.get(attributes.get("numFmtId", ""))
            if digits:
                found[style] = digits
            style += 1
    return found


def _packed(parts: list[_Part], book: bytes, styles: bytes, texts: bytes) -> io.BytesIO:
    """A container with just what holds values; the sheets are named s1, s2 …"""
    dates = b"date1904" in book and any(
        name == "workbookPr" and attributes.get("date1904") in ("1", "true")
        for name, attributes in elements(book)
    )
    sheets = "".join(
        f'<sheet name="s{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, len(parts) + 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" '
        f'Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(parts) + 1)
    )
    if styles:
        relations += f'<Relationship Id="rIdA" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
    if texts:
        relations += (
            f'<Relationship Id="rIdB" Type="{_RELATIONS}/sharedStrings" '
            'Target="sharedStrings.xml"/>'
        )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("[Content_Types].xml", _TYPES)
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        file.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_SPACE}" xmlns:r="{_RELATIONS}">'
            f'<workbookPr date1904="{int(dates)}"/><sheets>{sheets}</sheets></workbook>',
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        )
        if styles:
            file.writestr("xl/styles.xml", styles)
        if texts:
            file.writestr("xl/sharedStrings.xml", texts)
        for number, part in enumerate(parts, start=1):
            file.writestr(f"xl/worksheets/sheet{number}.xml", part.text)
            part.text = b""
    packed.seek(0)
    return packed


def _sheet(part: _Part, grid: Grid) -> Sheet:
    found = part.scan or Scan()
    grid.put(found.errors)
    grid.pad(found.zeros)
    return Sheet(
        part.name,
        tuple(grid.rows),
        grid.first_row,
        grid.first_column,
        is_hidden=part.is_hidden,
        hidden_rows=frozenset(found.hidden_rows),
        hidden_columns=frozenset(found.hidden_columns),
        empty_formulas=frozenset(found.empty_formulas),
        error_cells=found.errors,
        merged=grid.merged,
        has_comments=part.has_comments,
    )
