"""Reading .ods (LibreOffice, OpenOffice).

A cell or a row stands for as many as it says, so the content is looked through before
python-calamine makes room for it; the same pass finds what the values do not show.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

from daz_planner.district.collect import Collector
from daz_planner.district.container import Container, local, parse, xml_parser
from daz_planner.district.limits import (
    LAST_COLUMN,
    LAST_ROW,
    MOST_CELLS,
    MOST_ELEMENTS,
    MOST_TEXT,
    Extent,
    broken,
    protected,
    unpacks_too_large,
)
from daz_planner.district.sheets import Sheet
from daz_planner.district.values_reader import read_grids, sparse

_MIME = "application/vnd.oasis.opendocument.spreadsheet"


@dataclass
class _Found:
    extent: Extent = field(default_factory=Extent)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    empty_formulas: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    zeros: dict[tuple[int, int], int] = field(default_factory=dict)
    has_comments: bool = False


def is_ods(container: Container) -> bool:
    """Whether the container holds a spreadsheet of LibreOffice."""
    if "content.xml" not in container or "mimetype" not in container:
        return False
    kind = container.read("mimetype", most=1_000).decode("ascii", "replace")
    return kind.strip() in (_MIME, f"{_MIME}-template")


def read_ods(container: Container, out: Collector, needed: Callable[[str], bool]) -> list[Sheet]:
    """The sheets of an .ods with their values and what the values do not show."""
    if "meta-inf/manifest.xml" in container and b"encryption-data" in container.read(
        "META-INF/manifest.xml", most=5_000_000
    ):
        raise protected()
    if any(name.startswith(("basic/", "scripts/")) for name in container.names):
        out.warn(
            "datei_makros",
            "Die Datei enthält Makros; sie werden weder gelesen noch ausgeführt.",
            "Sie müssen nichts tun.",
        )
    content = container.read("content.xml")
    look = _Look()
    look.over(content)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("mimetype", _MIME)
        file.writestr("META-INF/manifest.xml", "<manifest/>")
        file.writestr("content.xml", content)
    packed.seek(0)
    del content
    grids = read_grids(packed)
    if len(grids) != len(look.tables):
        raise broken()
    sheets: list[Sheet] = []
    for grid, found in zip(grids, look.tables, strict=True):
        grid.put(found.errors)
        grid.pad(found.zeros)
        sheets.append(
            Sheet(
                grid.name,
                tuple(grid.rows),
                grid.first_row,
                grid.first_column,
                is_hidden=grid.is_hidden,
                hidden_rows=frozenset(found.hidden_rows),
                hidden_columns=frozenset(found.hidden_columns),
                empty_formulas=frozenset(found.empty_formulas),
                error_cells=found.errors,
                has_comments=found.has_comments,
            )
        )
    return sheets


class _Look:
    """One pass over the content."""

    def __init__(self) -> None:
        self.tables: list[_Found] = []
        self._depth = 0
        self._row = self._rows = 0
        self._column = self._columns = 0
        self._hidden_at = 1
        self._attributes: dict[str, str] = {}
        self._in_cell = self._in_note = False
        self._text: list[str] = []
        self._count = self._cells = self._characters = 0
        self._parser = xml_parser()

    def over(self, text: bytes) -> None:
        """Fill ``tables``, one for each sheet in order."""
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        parse(self._parser, text)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise unpacks_too_large()
        prefix, _, plain = name.rpartition(":")
        if plain == "table" and prefix == "table":
            self._depth += 1
            if self._depth > 1:
                raise broken()
            self.tables.append(_Found())
            if len(self.tables) > 1_000:
                raise unpacks_too_large()
            self._row = self._rows = 0
            self._hidden_at = 1
        elif self._depth != 1:
            return
        elif plain == "table-column":
            self._take_columns(attributes)
        elif plain == "table-row":
            self._row += self._rows or (0 if self._row else 1)
            self._rows = _times(attributes, "number-rows-repeated")
            self._column, self._columns = 1, 0
            if _value(attributes, "visibility") in ("collapse", "filter"):
                last = min(self._row + self._rows, LAST_ROW + 1)
                self.tables[-1].hidden_rows.update(range(self._row, last))
        elif plain in ("table-cell", "covered-table-cell"):
            self._column += self._columns
            self._columns = _times(attributes, "number-columns-repeated")
            self._attributes = attributes
            self._in_cell = True
            self._text = []
        elif plain == "annotation":
            self._in_note = self.tables[-1].has_comments = True
        elif plain == "p" and self._in_cell and not self._in_note:
            self._parser.CharacterDataHandler = self._text.append

    def _take_columns(self, attributes: dict[str, str]) -> None:
        many = _times(attributes, "number-columns-repeated")
        last = min(self._hidden_at + many, LAST_COLUMN + 1)
        if _value(attributes, "visibility") in ("collapse", "filter"):
            self.tables[-1].hidden_columns.update(range(self._hidden_at, last))
        self._hidden_at += many

    def _end(self, name: str) -> None:
        prefix, _, plain = name.rpartition(":")
        if plain == "p":
            self._parser.CharacterDataHandler = None
        elif plain == "annotation":
            self._in_note = False
        elif plain == "table" and prefix == "table":
            self._depth -= 1
        elif plain in ("table-cell", "covered-table-cell") and self._depth == 1:
            self._end_cell()
            self._in_cell = False

    def _end_cell(self) -> None:
        kind = _value(self._attributes, "value-type")
        formula = _value(self._attributes, "formula")
        shown = "".join(self._text)
        if not kind and not formula and not shown:
            return
        table, place = self.tables[-1], (self._row, self._column)
        last = (self._row + self._rows - 1, self._column + self._columns - 1)
        if last[0] > LAST_ROW or last[1] > LAST_COLUMN:
            raise broken()
        before = table.extent.cells
        table.extent.add(*place, last_row=last[0], last_column=last[1])
        self._cells += table.extent.cells - before
        if self._cells > MOST_CELLS:
            raise sparse(table.extent)
        many = self._rows * self._columns
        self._characters += many * (len(shown) + len(_value(self._attributes, "string-value")))
        if self._characters > MOST_TEXT:
            raise unpacks_too_large()
        if not kind and not formula:
            return
        for row in range(self._row, last[0] + 1):
            for column in range(self._column, last[1] + 1):
                self._note(table, (row, column), kind, formula, shown)

    def _note(
        self, table: _Found, place: tuple[int, int], kind: str, formula: str, shown: str
    ) -> None:
        if formula and shown.startswith(("#", "Err:")) and kind in ("", "string", "float"):
            table.errors[place] = shown[:20]
        elif formula and not kind:
            table.empty_formulas.add(place)
        elif kind == "float" and shown[:1] == "0" and 1 < len(shown) <= 20 and shown.isdigit():
            table.zeros[place] = len(shown)


def _value(attributes: dict[str, str], name: str) -> str:
    for key, value in attributes.items():
        if local(key) == name and not key.startswith("calcext:"):
            return value
    return ""


def _times(attributes: dict[str, str], name: str) -> int:
    value = _value(attributes, name)
    if not value:
        return 1
    if not value.isdigit() or len(value) > 8 or value == "0":
        raise broken()
    return int(value)
