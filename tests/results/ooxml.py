"""What Excel insists on in an .xlsx file and repairs or refuses otherwise (ECMA-376, part 1 and 2).

Reads the parts of the file themselves, not through openpyxl, which forgives much of it.
"""

from __future__ import annotations

import math
import posixpath
import re
import zipfile
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

from openpyxl.utils import range_boundaries

from tests.results.ooxml_order import axis_problems, order_problems

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_ART = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"

SHEET_ORDER = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData"),
    *("sheetProtection", "autoFilter", "mergeCells", "conditionalFormatting", "dataValidations"),
    *("hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks"),
    *("colBreaks", "drawing", "legacyDrawing", "tableParts"),
)
"""Order of the parts of a sheet (18.3.1.99)."""
FONT_ORDER = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz"),
    *("color", "name", "family", "charset", "scheme"),
)
FUNCTIONS = {
    *("ABS", "AND", "COUNTIF", "COUNTIFS", "DATE", "IF", "ISBLANK", "ISNUMBER", "LEFT", "MAX"),
    *("MIN", "ROUND", "ROWS", "SEARCH", "SUM", "SUMIFS", "SUMPRODUCT"),
}
"""Functions that the program uses; in the file they have their English names."""
_MOST = {"rows": 1_048_576, "columns": 16_384, "text": 32_767, "formula": 8192, "foot": 255}
_NAME = re.compile(r"[A-Za-z_\\][A-Za-z0-9_.]*")


class Package:
    """The parts of a file, parsed."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.names = archive.namelist()
            self.raw = {name: archive.read(name) for name in self.names}
        self.xml = {
            name: ElementTree.fromstring(content)
            for name, content in self.raw.items()
            if name.endswith((".xml", ".rels"))
        }
        book = self.xml["xl/workbook.xml"]
        targets = self.relations("xl/workbook.xml")
        self.sheets = {
            sheet.attrib["name"]: targets[sheet.attrib[f"{REL}id"]]
            for sheet in book.iter(f"{MAIN}sheet")
        }

    def relations(self, part: str) -> dict[str, str]:
        """Id → part that a part refers to."""
        folder, name = posixpath.split(part)
        rels = self.xml.get(f"{folder}/_rels/{name}.rels")
        found = {}
        for rel in [] if rels is None else rels.iter(f"{_PACKAGE}Relationship"):
            target = rel.attrib["Target"]
            full = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            found[rel.attrib["Id"]] = posixpath.normpath(full)
        return found


def problems(path: Path) -> list[str]:
    """Everything found, in words; empty where nothing is wrong."""
    package = Package(path)
    found = [
        *_parts(package),
        *_workbook(package),
        *_styles(package),
        *_tables(package),
        *_drawings(package),
        *_properties(package),
    ]
    for name, content in package.xml.items():
        found += [f"{name}: {problem}" for problem in order_problems(content)]
        if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
            found += [f"{name}: {problem}" for problem in axis_problems(content)]
    for name, part in package.sheets.items():
        found += [f"{name}: {problem}" for problem in _sheet(package, part)]
    return found


def _parts(package: Package) -> Iterator[str]:
    """Content types of all parts, and relations that lead somewhere."""
    if len(set(package.names)) != len(package.names):
        yield "a part is there twice"
    types = package.xml["[Content_Types].xml"]
    by_end = {item.attrib["Extension"] for item in types.iter(f"{_TYPES}Default")}
    by_part = {item.attrib["PartName"] for item in types.iter(f"{_TYPES}Override")}
    for name in package.names:
        if name != "[Content_Types].xml" and f"/{name}" not in by_part:
            if name.rsplit(".", 1)[-1] not in by_end:
                yield f"{name}: no content type"
            elif name.endswith(".xml"):
                yield f"{name}: only a general content type"
    for part in by_part:
        if part[1:] not in package.names:
            yield f"{part}: a content type without a part"
    for name in package.names:
        if name.endswith(".rels") and name != "_rels/.rels":
            folder, rels = name.split("/_rels/")
            for target in package.relations(f"{folder}/{rels.removesuffix('.rels')}").values():
                if target not in package.names:
                    yield f"{name}: {target} is missing"
    for name, content in package.raw.items():
        if name.endswith(".png") and not content.startswith(b"\x89PNG\r\n"):
            yield f"{name}: not a PNG"


def _workbook(package: Package) -> Iterator[str]:
    names = [name.casefold() for name in package.sheets]
    if len(set(names)) != len(names):
        yield "two sheets of one name"
    for name in package.sheets:
        if not 1 <= len(name) <= 31 or re.search(r"[\[\]:*?/\\]", name) or name.strip("'") != name:
            yield f"{name}: not a name of a sheet"
    book = package.xml["xl/workbook.xml"]
    area = re.compile(r"'((?:[^']|'')+)'!\$?[A-Z]*\$?\d*(:\$?[A-Z]*\$?\d*)?")
    own = [
        (item.attrib["name"].casefold(), item.attrib.get("localSheetId"))
        for item in book.iter(f"{MAIN}definedName")
    ]
    if len(set(own)) != len(own):
        yield "two defined names of one name"
    for defined in book.iter(f"{MAIN}definedName"):
        for part in re.split(r",(?=')", defined.text or ""):
            match = area.fullmatch(part)
            if match is None or match[1].replace("''", "'") not in package.sheets:
                yield f"defined name {defined.attrib['name']}: {part}"


def _properties(package: Package) -> Iterator[str]:
    """Title and maker of the document, which a file manager shows."""
    core = package.xml["docProps/core.xml"]
    told = {item.tag.rsplit("}", 1)[1]: item.text for item in core}
    for name in ("title", "creator", "created", "modified"):
        if not told.get(name):
            yield f"the document has no {name}"


def _styles(package: Package) -> Iterator[str]:
    styles = package.xml["xl/styles.xml"]
    for group in styles:
        count = group.attrib.get("count")
        if count is not None and int(count) != len(group):
            yield f"{group.tag}: {count} told, {len(group)} there"
    sizes = {
        kind: len(styles.find(f"{MAIN}{kind}") or ())
        for kind in ("fonts", "fills", "borders", "cellStyleXfs")
    }
    for xf in styles.iterfind(f"{MAIN}cellXfs/{MAIN}xf"):
        for kind, key in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
            if int(xf.attrib[key]) >= sizes[kind]:
                yield f"a cell style has {key} {xf.attrib[key]}"
    for font in styles.iterfind(f"{MAIN}fonts/{MAIN}font"):
        places = [FONT_ORDER.index(part.tag.removeprefix(MAIN)) for part in font]
        if places != sorted(places):
            yield "a font has its parts in another order than the schema"


def _tables(package: Package) -> Iterator[str]:
    """Ids, names and heads of tables; tables and merged cells that overlap."""
    ids: list[str] = []
    names: list[str] = []
    for sheet, part in package.sheets.items():
        areas = [
            (merged.attrib["ref"], "merged")
            for merged in package.xml[part].iter(f"{MAIN}mergeCell")
        ]
        cells = _cells(package, part)
        parts = [p for p in package.relations(part).values() if p.startswith("xl/tables/")]
        told = package.xml[part].findall(f"{MAIN}tableParts/{MAIN}tablePart")
        if len(told) != len(parts):
            yield f"{sheet}: {len(told)} tables told, {len(parts)} there"
        for table in (package.xml[p] for p in parts):
            name, ref = table.attrib["displayName"], table.attrib["ref"]
            ids.append(table.attrib["id"])
            names.append(name.casefold())
            areas.append((ref, name))
            left, top, right, bottom = range_boundaries(ref)
            if not _NAME.fullmatch(name) or len(name) > 255:
                yield f"{sheet}: {name} is not a name of a table"
            if bottom <= top:
                yield f"{sheet}: {name} has no row"
            columns = [column.attrib for column in table.iter(f"{MAIN}tableColumn")]
            told = table.find(f"{MAIN}tableColumns")
            if told is None or int(told.attrib["count"]) != len(columns):
                yield f"{sheet}: {name} counts its columns wrongly"
            if len({column["id"] for column in columns}) != len(columns):
                yield f"{sheet}: {name} has two columns of one id"
            heads = [column["name"] for column in columns]
            if len({head.casefold() for head in heads}) != len(heads):
                yield f"{sheet}: {name} has two columns of one name"
            shown = [cells.get((top, number), (None, ""))[0] for number in range(left, right + 1)]
            if shown != heads:
                yield f"{sheet}: heads of {name} are {shown}, not {heads}"
            own = table.find(f"{MAIN}autoFilter")
            if own is not None and own.attrib["ref"] != ref:
                yield f"{sheet}: the filter of {name} is elsewhere"
        for (first, one), (second, other) in combinations(areas, 2):
            if _overlap(first, second):
                yield f"{sheet}: {one} {first} and {other} {second} overlap"
    if len(set(ids)) != len(ids):
        yield "two tables of one id"
    if len(set(names)) != len(names):
        yield "two tables of one name"


def _overlap(first: str, second: str) -> bool:
    a, b = range_boundaries(first), range_boundaries(second)
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def _cells(package: Package, part: str) -> dict[tuple[int, int], tuple[str | None, str]]:
    """(row, column) → text or number, and the type, of each cell of a sheet."""
    found = {}
    for cell in package.xml[part].iter(f"{MAIN}c"):
        left, top, _, _ = range_boundaries(cell.attrib["r"])
        kind = cell.attrib.get("t", "n")
        path = f"{MAIN}is/{MAIN}t" if kind == "inlineStr" else f"{MAIN}v"
        found[top, left] = cell.findtext(path), kind
    return found


def _drawings(package: Package) -> Iterator[str]:
    for name in package.names:
        if not re.fullmatch(r"xl/drawings/drawing\d+\.xml", name):
            continue
        drawing, targets = package.xml[name], package.relations(name)
        ids = [item.attrib["id"] for item in drawing.iter(f"{_DRAWING}cNvPr")]
        if len(set(ids)) != len(ids):
            yield f"{name}: two objects of one id"
        for item in drawing.iter(f"{_DRAWING}cNvPr"):
            if not item.attrib.get("descr", "").strip():
                yield f"{name}: {item.attrib['name']} has no alternative text"
        used = [
            *(item.attrib[f"{REL}embed"] for item in drawing.iter(f"{_ART}blip")),
            *(item.attrib[f"{REL}id"] for item in drawing.iter(f"{_CHART}chart")),
        ]
        if sorted(used) != sorted(targets):
            yield f"{name}: refers to {used}, has {sorted(targets)}"
        for marker in drawing.iter(f"{_DRAWING}from"):
            if int(marker.findtext(f"{_DRAWING}col") or -1) < 0:
                yield f"{name}: an object without a place"
    for name in package.names:
        if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
            for formula in package.xml[name].iter(f"{_CHART}f"):
                sheet = (formula.text or "").rsplit("!", 1)[0].strip("'").replace("''", "'")
                if sheet not in package.sheets:
                    yield f"{name}: {formula.text}"


def _sheet(package: Package, part: str) -> Iterator[str]:
    root = package.xml[part]
    order = [SHEET_ORDER.index(child.tag.removeprefix(MAIN)) for child in root]
    if order != sorted(order):
        yield "its parts stand in another order than the schema"
    yield from _rows(package, part)
    styles = package.xml["xl/styles.xml"]
    looks = len(styles.find(f"{MAIN}dxfs") or ())
    priorities = []
    for rule in root.iter(f"{MAIN}cfRule"):
        priorities.append(rule.attrib["priority"])
        if int(rule.attrib.get("dxfId", 0)) >= max(looks, 1):
            yield f"a condition has the look {rule.attrib['dxfId']} of {looks}"
        for formula in rule.iter(f"{MAIN}formula"):
            yield from _formula(package, formula.text or "")
    if len(set(priorities)) != len(priorities):
        yield "two conditions of one priority"
    for link in root.iter(f"{MAIN}hyperlink"):
        place = link.attrib.get("location", "").rsplit("!", 1)[0].strip("'").replace("''", "'")
        if place not in package.sheets:
            yield f"the link {link.attrib} leads nowhere"
    linked = [link.attrib["ref"] for link in root.iter(f"{MAIN}hyperlink")]
    if len(set(linked)) != len(linked):
        yield "two links in one cell"
    merged = root.find(f"{MAIN}mergeCells")
    if merged is not None and int(merged.attrib.get("count", len(merged))) != len(merged):
        yield "the merged cells are counted wrongly"
    spans = sorted((int(c.attrib["min"]), int(c.attrib["max"])) for c in root.iter(f"{MAIN}col"))
    if any(first[1] >= then[0] for first, then in pairwise(spans)):
        yield "columns overlap"
    for pane in root.iter(f"{MAIN}pane"):
        if pane.attrib.get("state") != "frozen" or "topLeftCell" not in pane.attrib:
            yield "a pane is not frozen"
    for foot in root.iter(f"{MAIN}oddFooter"):
        if len(foot.text or "") > _MOST["foot"]:
            yield f"the footer has {len(foot.text or '')} characters"
    for column in root.iter(f"{MAIN}col"):
        if not 0 <= float(column.attrib.get("width", 8)) <= 255:
            yield f"a column is {column.attrib['width']} wide"


def _rows(package: Package, part: str) -> Iterator[str]:
    looks = len(package.xml["xl/styles.xml"].find(f"{MAIN}cellXfs") or ())
    last = 0
    for row in package.xml[part].iter(f"{MAIN}row"):
        number = int(row.attrib["r"])
        if not last < number <= _MOST["rows"]:
            yield f"row {number} follows row {last}"
        last = number
        if float(row.attrib.get("ht", 15)) > 409.5:
            yield f"row {number} is {row.attrib['ht']} points high"
        before = 0
        for cell in row:
            left, top, _, _ = range_boundaries(cell.attrib["r"])
            if top != number or not before < left <= _MOST["columns"]:
                yield f"{cell.attrib['r']} stands in row {number} after column {before}"
            before = left
            if int(cell.attrib.get("s", 0)) >= looks:
                yield f"{cell.attrib['r']} has the style {cell.attrib['s']} of {looks}"
            formula, value = cell.findtext(f"{MAIN}f"), cell.findtext(f"{MAIN}v")
            if formula is not None:
                yield from _formula(package, formula)
            elif value and cell.attrib.get("t", "n") == "n" and not math.isfinite(float(value)):
                yield f"{cell.attrib['r']} is {value}"
            if len(cell.findtext(f"{MAIN}is/{MAIN}t") or "") > _MOST["text"]:
                yield f"{cell.attrib['r']} is too long"


def _formula(package: Package, formula: str) -> Iterator[str]:
    """Functions by their English names, commas, brackets in pairs, sheets that are there."""
    if not formula or formula.startswith("=") or len(formula) > _MOST["formula"]:
        yield f"not a formula: {formula[:60]}"
    bare = re.sub(r'"[^"]*"', '""', formula)
    for sheet in re.findall(r"'((?:[^']|'')+)'!", bare):
        if sheet.replace("''", "'") not in package.sheets:
            yield f"{formula[:60]}: there is no sheet {sheet}"
    bare = re.sub(r"'(?:[^']|'')+'!", "", bare)
    if ";" in bare or "[" in bare or bare.count("(") != bare.count(")"):
        yield f"{formula[:60]}: wrong separators or brackets"
    for name in re.findall(r"([A-ZÄÖÜa-z][\w.]*)\(", bare):
        if name not in FUNCTIONS:
            yield f"{formula[:60]}: unknown function {name}"
