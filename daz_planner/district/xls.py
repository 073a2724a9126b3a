"""Reading .xls (Excel 97 to 2003).

The records of the workbook are walked once: the used ranges, what is hidden, error values, numbers
shown with leading zeros, a password. Declared sizes are corrected, then python-calamine gives the
values.
"""

from __future__ import annotations

import io
import re
import struct
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from daz_planner.district.collect import Collector
from daz_planner.district.compound import build, streams
from daz_planner.district.limits import (
    MOST_CELLS,
    MOST_TEXT,
    Extent,
    Unreadable,
    broken,
    protected,
    unpacks_too_large,
)
from daz_planner.district.opening import foreign
from daz_planner.district.sheets import Sheet
from daz_planner.district.values_reader import read_grids, sparse

_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#WERT!",
    0x17: "#BEZUG!",
    0x1D: "#NAME?",
    0x24: "#ZAHL!",
    0x2A: "#NV",
}
_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _SST, _CONTINUE = 0x809, 0x0A, 0x2F, 0x85, 0xFC, 0x3C
_DIMENSIONS, _ROW, _COLINFO, _NOTE, _FORMAT, _XF = 0x200, 0x208, 0x7D, 0x1C, 0x41E, 0xE0
_FORMULA, _NUMBER, _RK, _MULRK, _BOOLERR, _LABELSST = 0x06, 0x203, 0x27E, 0xBD, 0x205, 0xFD
_SINGLE = frozenset(
    {_FORMULA, _NUMBER, _RK, _BOOLERR, _LABELSST, 0x204, 0xD6, 0x02, 0x03, 0x04, 0x05}
)
_DEEPEST = 8
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZEROS = re.compile(r"(?:\[\$-[0-9A-Fa-f]+\])?(0{2,20})(?:;.*)?\Z")


@dataclass
class _Found:
    extent: Extent = field(default_factory=Extent)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    zeros: dict[tuple[int, int], int] = field(default_factory=dict)
    texts: Counter[int] = field(default_factory=Counter)
    has_comments: bool = False
    dimensions: int = 0


def read_xls(data: bytes, path: Path, out: Collector, needed: Callable[[str], bool]) -> list[Sheet]:
    """The worksheets of an .xls with their values and what the values do not show."""
    try:
        found = streams(data)
    except Unreadable:
        raise (protected() if _ENCRYPTED in data else broken()) from None
    if "EncryptedPackage" in found or "EncryptionInfo" in found:
        raise protected()
    name = next((n for n in found if n.casefold() in ("workbook", "book")), None)
    if name is None:
        raise foreign(
            "eine Word-Datei" if "WordDocument" in found else "eine Datei eines anderen Programms",
            path,
        )
    if any(n.startswith(("_VBA_PROJECT", "PROJECT")) for n in found):
        out.warn(
            "datei_makros",
            "Die Datei enthält Makros; sie werden weder gelesen noch ausgeführt.",
            "Sie müssen nichts tun.",
        )
    stream = bytearray(found[name])
    try:
        sheets = _walk(stream)
    except (struct.error, IndexError):
        raise broken() from None
    grids = read_grids(io.BytesIO(build("Workbook", bytes(stream))))
    result: list[Sheet] = []
    for grid in grids:
        extra = sheets.get(grid.name, _Found())
        grid.put(extra.errors)
        grid.pad(extra.zeros)
        result.append(
            Sheet(
                grid.name,
                tuple(grid.rows),
                grid.first_row,
                grid.first_column,
                is_hidden=grid.is_hidden,
                hidden_rows=frozenset(extra.hidden_rows),
                hidden_columns=frozenset(extra.hidden_columns),
                error_cells=extra.errors,
                merged=grid.merged,
                has_comments=extra.has_comments,
            )
        )
    return result


def _records(stream: bytearray) -> Iterator[tuple[int, int, int]]:
    """(kind, start of the content, length) of all records."""
    place = 0
    padding = False
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind == length == 0 and not padding:
            padding = True
            if stream.count(0, place) == len(stream) - place:
                return
        if place + 4 + length > len(stream):
            raise broken()
        yield kind, place + 4, length
        place += 4 + length


def _walk(stream: bytearray) -> dict[str, _Found]:
    names: dict[int, list[str]] = {}
    found: dict[int, _Found] = {}
    padded: dict[int, int] = {}
    formats: dict[int, int] = {}
    styles = 0
    open_parts: list[_Found] = []
    texts: list[tuple[int, int]] = []
    before = 0
    for kind, at, length in _records(stream):
        if kind == _BOF:
            open_parts.append(found.setdefault(at - 4, _Found()))
            if len(open_parts) > _DEEPEST:
                raise broken()
        elif kind == _EOF:
            del open_parts[-1:]
        elif kind == _CONTINUE and before == _SST:
            texts.append((at, length))
            continue
        elif not open_parts:
            pass
        elif kind == _FILEPASS:
            raise protected()
        elif kind == _BOUNDSHEET and length >= 8:
            names.setdefault(struct.unpack_from("<I", stream, at)[0], []).append(
                _name(stream[at + 6 : at + length])
            )
        elif kind == _FORMAT:
            digits = _digits(stream[at : at + length])
            if digits:
                formats[struct.unpack_from("<H", stream, at)[0]] = digits
        elif kind == _XF:
            number = struct.unpack_from("<H", stream, at + 2)[0]
            if number in formats:
                padded[styles] = formats[number]
            styles += 1
        elif kind == _SST:
            texts = [(at, length)]
        else:
            _take(stream, kind, at, length, open_parts[0], padded)
            if len(open_parts) > 1:
                _take(stream, kind, at, length, open_parts[-1], padded)
        before = kind
    if sum(map(len, names.values())) > 1_000:
        raise unpacks_too_large()
    if any(at not in found for at in names):
        raise broken()
    sheets = [(name, found[at]) for at, same in names.items() for name in same]
    _bound(stream, [sheet for _, sheet in sheets], _text_lengths(stream, texts))
    return dict(sheets)


def _take(
    stream: bytearray, kind: int, at: int, length: int, into: _Found, padded: dict[int, int]
) -> None:
    """One record of a sheet."""
    if kind in _SINGLE and length >= 6:
        row, column, style = struct.unpack_from("<HHH", stream, at)
        place = (row + 1, column + 1)
        into.extent.add(*place)
        if kind == _LABELSST:
            into.texts[struct.unpack_from("<I", stream, at + 6)[0]] += 1
        elif kind == _BOOLERR and stream[at + 7]:
            into.errors[place] = _ERRORS.get(stream[at + 6], "#FEHLER")
        elif kind == _FORMULA and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2:
            into.errors[place] = _ERRORS.get(stream[at + 8], "#FEHLER")
        elif style in padded and kind in (_NUMBER, _RK):
            into.zeros[place] = padded[style]
    elif kind == _MULRK and length >= 6:
        row, first = struct.unpack_from("<HH", stream, at)
        many = (length - 6) // 6
        if many:
            into.extent.add(row + 1, first + 1, last_row=row + 1, last_column=first + many)
        if padded:
            for number in range(many):
                style = struct.unpack_from("<H", stream, at + 4 + 6 * number)[0]
                if style in padded:
                    into.zeros[(row + 1, first + number + 1)] = padded[style]
    elif kind == _ROW and length >= 16:
        if stream[at + 12] & 0x20:
            into.hidden_rows.add(struct.unpack_from("<H", stream, at)[0] + 1)
    elif kind == _COLINFO and length >= 10:
        first, last = struct.unpack_from("<HH", stream, at)
        if stream[at + 8] & 1:
            into.hidden_columns.update(range(first + 1, min(last, 255) + 2))
    elif kind == _NOTE:
        into.has_comments = True
    elif kind == _DIMENSIONS and length >= 14:
        into.dimensions = at


def _bound(stream: bytearray, sheets: list[_Found], lengths: list[int]) -> None:
    """Refuse what would need too much room; correct the ranges that the sheets declare."""
    cells = text = 0
    for found in sheets:
        cells += found.extent.cells
        if cells > MOST_CELLS:
            raise sparse(found.extent)
        for index, many in found.texts.items():
            text += many * (lengths[index] if index < len(lengths) else 0)
        if text > MOST_TEXT:
            raise unpacks_too_large()
        if found.dimensions:
            used = found.extent
            struct.pack_into(
                "<IIHH", stream, found.dimensions, max(used.top - 1, 0), used.bottom,
                max(used.left - 1, 0), used.right,
            )  # fmt: skip


def _text_lengths(stream: bytearray, parts: list[tuple[int, int]]) -> list[int]:
    """The number of characters of each shared text; its declared number is corrected."""
    if not parts:
        return []
    at, _ = parts[0]
    declared = struct.unpack_from("<I", stream, at + 4)[0]
    if declared > sum(size for _, size in parts):
        raise broken()
    text = b"".join(bytes(stream[start : start + size]) for start, size in parts)
    ends: list[int] = []
    total = 0
    for _, size in parts:
        total += size
        ends.append(total)
    place = 8
    lengths: list[int] = []
    for _ in range(declared):
        if place + 3 > len(text):
            break
        many, flags = struct.unpack_from("<HB", text, place)
        place += 3
        lengths.append(many)
        tail = 0
        if flags & 8:
            tail += 4 * struct.unpack_from("<H", text, place)[0]
            place += 2
        if flags & 4:
            tail += struct.unpack_from("<I", text, place)[0]
            place += 4
        wide = flags & 1
        while many > 0 and place < len(text):
            end = ends[bisect_right(ends, place)]
            taken = min(many, max((end - place) >> wide, 0))
            place += taken << wide
            many -= taken
            if many > 0:
                place = end
                wide = text[place] & 1 if place < len(text) else 0
                place += 1
        place += tail
    return lengths


def _name(content: bytearray) -> str:
    many, flags = content[0], content[1]
    text = bytes(content[2:])
    return (
        text[: 2 * many].decode("utf-16-le", "replace")
        if flags & 1
        else text[:many].decode("latin-1")
    )


def _digits(content: bytearray) -> int:
    """Digits of a number format of zeros alone; 0 for all others."""
    if len(content) < 6:
        return 0
    many, flags = struct.unpack_from("<HB", content, 2)
    text = bytes(content[5:])
    code = (
        text[: 2 * many].decode("utf-16-le", "replace")
        if flags & 1
        else text[:many].decode("latin-1")
    )
    match = _ZEROS.match(code.replace('"', ""))
    return len(match[1]) if match else 0
