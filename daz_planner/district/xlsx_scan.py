"""What the reader of values does not show of an .xlsx sheet, from a stream over its XML.

Hidden rows and columns, formulas without a stored value, error values, numbers that Excel shows
with leading zeros, and the used range, which must be known before the values are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from daz_planner.district.container import local, parse, xml_parser
from daz_planner.district.findings import column_letter
from daz_planner.district.limits import (
    LARGEST_PART,
    LAST_COLUMN,
    LAST_ROW,
    MOST_CELLS,
    MOST_ELEMENTS,
    Extent,
    broken,
    has_entities,
    unpacks_too_large,
)

_EMPTY_CELL = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"[^<>]*(?:/>|></c>)')
_EMPTY_ROW = re.compile(rb'<row r="[0-9]{1,7}"[^<>]*(?:/>|></row>)')
_CELL = re.compile(rb"<c[\s/>]")
_CELL_COLUMN = re.compile(rb'<c r="([A-Z]+)')
_CELL_ROW = re.compile(rb'<c r="[A-Z]{1,3}([0-9]{1,7})"')
_ROW_NUMBER = re.compile(rb'<row r="([0-9]+)"')
_CELL_START = rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^<>]*)>'
_FORMULA = rb"<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)"
_NO_RESULT = re.compile(_CELL_START + _FORMULA + rb"(<v\s?/>|<v></v>)?</c>")
_ERROR = re.compile(_CELL_START + rb"(?:" + _FORMULA + rb")?<v>([^<]+)</v>")
_NUMBER = re.compile(_CELL_START + rb"(?:" + _FORMULA + rb")?<v>[^<]")
_HIDDEN_ROW = re.compile(rb'<row r="([0-9]{1,7})"[^<>]* hidden="(?:1|true)"')
_COLUMNS = re.compile(rb"<col [^<>]*>")
_ATTRIBUTE = re.compile(r'([A-Za-z:]+)="([^"]*)"')
_OTHER_ENCODING = re.compile(
    rb"""^\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-?8|us-ascii|ascii)""", re.IGNORECASE
)
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
ERRORS = {"#REF!": "#BEZUG!", "#VALUE!": "#WERT!", "#NUM!": "#ZAHL!", "#N/A": "#NV"}
"""Excel's German words for its error values; the others are the same in both languages."""


@dataclass
class Scan:
    """What was found in a sheet. Rows and columns count from 1 as Excel does."""

    extent: Extent = field(default_factory=Extent)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    empty_formulas: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    zeros: dict[tuple[int, int], int] = field(default_factory=dict)
    """Numbers shown with leading zeros: the digits that Excel shows."""

    def hide_columns(self, attributes: Mapping[str, str]) -> None:
        """Take note of an element ``col`` if it hides its columns."""
        if attributes.get("hidden") in ("1", "true"):
            first = _whole(attributes.get("min"), LAST_COLUMN, 1)
            last = _whole(attributes.get("max"), LAST_COLUMN, first)
            self.hidden_columns.update(range(first, last + 1))


def sheet_text(pieces: Iterable[bytes]) -> tuple[bytes, bool]:
    """The XML of a sheet, and whether it is written in the usual way.

    In the usual way (Excel, LibreOffice, openpyxl) each cell starts with its place; then empty
    cells and rows, of which a formatted sheet may have millions, are left out.
    """
    kept: list[bytes] = []
    size = 0
    rest = b""
    plain = True
    for piece in pieces:
        text = rest + piece
        cut = len(text)
        if plain:
            cut = max(text.rfind(b"<c "), text.rfind(b"<row "))
            if cut <= 0:  # no cell begins in this piece, or only one does
                cut = len(text) if len(text) > 4_000_000 else 0
        rest, text = text[cut:], text[:cut]
        if plain:
            text, plain = _without_empty(text)
        size += len(text)
        if size > LARGEST_PART:
            raise unpacks_too_large()
        kept.append(text)
    if plain:
        rest, plain = _without_empty(rest)
    kept.append(rest)
    whole = b"".join(kept)
    if whole.startswith((b"\xff\xfe", b"\xfe\xff")) or _OTHER_ENCODING.match(whole[:200]):
        raise broken()
    if not plain and (b"<!DOCTYPE" in whole or b"<!ENTITY" in whole):
        raise has_entities()
    return whole, plain and b"<sheetData" in whole


def _without_empty(text: bytes) -> tuple[bytes, bool]:
    """The text without empty cells, and whether it is plain.

    It is where every cell starts with its place and no comment or the like hides tags.
    """
    cells = text.count(b'<c r="')
    if b"<!" in text or (cells != text.count(b"<c") and cells != len(_CELL.findall(text))):
        return text, False
    if text.count(b"</c>") < cells:
        text = _EMPTY_CELL.sub(b"", text)
        cells = 0
    if cells < 1_000:
        text = _EMPTY_ROW.sub(b"", text)
    return text, True


def scan(text: bytes, plain: bool, padded: Mapping[int, int]) -> Scan:
    """Look through the XML of a sheet.

    ``padded`` names the cell styles that show leading zeros, with their number of digits.
    """
    if plain and b"='" not in text:
        found = _plain_look(text, padded)
        found.extent = _plain_extent(text)
        return found
    return _Look(padded).over(text)


def _plain_look(text: bytes, padded: Mapping[int, int]) -> Scan:
    """The same as :class:`_Look` with patterns, ten times faster, where the text is plain.

    In XML a ``<`` stands nowhere but at the start of a tag, so the patterns cannot go astray.
    """
    found = Scan()
    start, end = text.find(b"<sheetData"), text.find(b"</sheetData")
    for tag in _COLUMNS.findall(text, 0, start):
        attributes = dict(_ATTRIBUTE.findall(tag.decode("utf-8", "replace")))
        found.hide_columns(attributes)
    if b' hidden="1"' in text or b' hidden="true"' in text:
        found.hidden_rows.update(int(row) for row in _HIDDEN_ROW.findall(text, start))
    if text.find(b"<f", start, end) >= 0:
        for match in _NO_RESULT.finditer(text, start):
            if match[4] is None or b't="str"' not in match[3]:
                found.empty_formulas.add(_place_of(match))
    if b't="e"' in text:
        for match in _ERROR.finditer(text, start):
            if b't="e"' in match[3]:
                found.errors[_place_of(match)] = _error_word(match[4].decode("utf-8", "replace"))
    for style, digits in padded.items():
        sign = b' s="%d"' % style
        if sign not in text:
            continue
        for match in _NUMBER.finditer(text, start):
            if sign in match[3] and (b" t=" not in match[3] or b' t="n"' in match[3]):
                found.zeros[_place_of(match)] = digits
    return found


def _place_of(match: re.Match[bytes]) -> tuple[int, int]:
    return int(match[2]), _number_of(match[1])


def _error_word(said: str) -> str:
    said = said[:20].strip()
    return ERRORS.get(said, said or "#FEHLER")


def _plain_extent(text: bytes) -> Extent:
    """The used range, from A1 on; guessed from the rows and the first cells, then made sure of."""
    extent = Extent()
    columns = set(_CELL_COLUMN.findall(text[:100_000]))
    last_column = max(map(_number_of, columns), default=1)
    last_row = max((int(row) for row in _ROW_NUMBER.findall(text)), default=1)
    first_row = first_column = 1
    if last_row * last_column > MOST_CELLS or _beyond(last_row, last_column).search(text):
        columns = set(_CELL_COLUMN.findall(text))
        found = _CELL_ROW.findall(text)
        if len(found) != text.count(b'<c r="'):
            raise broken()
        if not found:
            return extent
        rows = [int(row) for row in set(found)]
        first_row, last_row = min(rows), max(rows)
        first_column, last_column = min(map(_number_of, columns)), max(map(_number_of, columns))
    if not 1 <= first_row <= last_row <= LAST_ROW or not last_column <= LAST_COLUMN:
        raise broken()
    extent.add(first_row, first_column, last_row=last_row, last_column=last_column)
    return extent


def _beyond(row: int, column: int) -> re.Pattern[bytes]:
    """Finds a cell below the row or right of the column, or one whose place is no place."""
    right = _greater(column_letter(column), "A", "Z").encode()
    below = _greater(str(row), "0", "9").encode()
    odd = rb"[^A-Z]|[A-Z]+(?:[^A-Z0-9]|[0-9]+[^0-9\"])"
    return re.compile(rb'<c r="(?:(?:%b)[0-9]|[A-Z]+(?:%b)"|%b)' % (right, below, odd))


def _greater(written: str, low: str, high: str) -> str:
    """A pattern for all texts of signs from low to high that come after this one in counting."""
    any_sign = f"[{low}-{high}]"
    choices = [f"{any_sign}{{{len(written) + 1},}}"]
    for place, sign in enumerate(written):
        if sign < high:
            left = len(written) - place - 1
            choices.append(f"{written[:place]}[{chr(ord(sign) + 1)}-{high}]{any_sign}{{{left}}}")
    return "|".join(choices)


def _number_of(letters: bytes) -> int:
    return column_number(letters.decode("ascii"))


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


class _Look:
    """One pass over all elements of a sheet."""

    def __init__(self, padded: Mapping[int, int]) -> None:
        self.found = Scan()
        self._padded = {str(style): digits for style, digits in padded.items()}
        self._names: dict[str, str] = {}
        self._row = self._column = 0
        self._count = 0
        self._type = ""
        self._style = ""
        self._formula = self._valued = self._listening = False
        self._text: list[str] = []

    def over(self, text: bytes) -> Scan:
        parser = xml_parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self._parser = parser
        parse(parser, text)
        return self.found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise unpacks_too_large()
        plain = self._names.get(name)
        if plain is None:
            if len(self._names) > 5_000:
                raise broken()
            plain = self._names[name] = local(name)
        if plain == "c":
            self._start_cell(attributes)
        elif plain == "v" or plain == "is":
            # A formula that was never computed may stand beside an empty value; one that gave an
            # empty text says so with its type.
            self._listening = self._type == "e" or (self._formula and self._type != "str")
            self._valued = not self._listening
            if self._listening:
                self._text.clear()
                self._parser.CharacterDataHandler = self._text.append
        elif plain == "f":
            self._formula = True
        elif plain == "row":
            self._row = _whole(attributes.get("r"), LAST_ROW, self._row + 1)
            self._column = 0
            if attributes.get("hidden") in ("1", "true"):
                self.found.hidden_rows.add(self._row)
        elif plain == "col":
            self.found.hide_columns(attributes)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        if place is None:
            self._column += 1
        else:
            match = _PLACE.match(place)
            if match is None:
                raise broken()
            self._column = column_number(match[1])
            self._row = int(match[2])
        if not 1 <= self._row <= LAST_ROW or not 1 <= self._column <= LAST_COLUMN:
            raise broken()
        self._type = attributes.get("t", "")
        self._style = attributes.get("s", "")
        self._formula = self._valued = False

    def _end(self, name: str) -> None:
        plain = self._names.get(name)
        if plain == "v" and self._listening:
            self._parser.CharacterDataHandler = None
            self._listening = False
            self._valued = bool("".join(self._text).strip())
        elif plain == "c":
            place = (self._row, self._column)
            if self._valued or self._formula:
                self.found.extent.add(*place)
            if self._formula and not self._valued:
                self.found.empty_formulas.add(place)
            if self._type == "e" and self._valued:
                self.found.errors[place] = _error_word("".join(self._text))
            digits = self._padded.get(self._style)
            if digits and self._type in ("", "n") and self._valued:
                self.found.zeros[place] = digits
            self._type = ""


def _whole(value: str | None, most: int, default: int) -> int:
    if value is None:
        return default
    if not value.isdigit() or len(value) > 7 or not 1 <= int(value) <= most:
        raise broken()
    return int(value)
