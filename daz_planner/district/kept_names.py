"""Defined names of a workbook that is copied: print areas, print titles, ranges with a name.

openpyxl reads print areas and titles into its own objects and leaves out what does not fit: an area
that is a formula, a range that was deleted, criteria of a filter; it also numbers the sheets
without the chart sheets. So the names of the original are written into the copy as they are, and
only the numbers of their sheets are changed.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl.xml.functions import fromstring

_WORKBOOK = "xl/workbook.xml"
_NAMES = re.compile(
    rb"<((?:\w+:)?definedNames)\s*(?:/>|>.*?</\1\s*>)",
    re.DOTALL,
)
_NAMES_PLACE = re.compile(rb"<calcPr\b|</workbook>")


@dataclass(frozen=True)
class KeptName:
    """A name as it stands in the original; ``sheet`` is empty where it holds everywhere."""

    attributes: tuple[tuple[str, str], ...]
    sheet: str
    text: str

    @property
    def key(self) -> tuple[str, str]:
        """What no other name of the workbook may have: the name and its sheet."""
        return dict(self.attributes).get("name", "").casefold(), self.sheet


def read_names(data: bytes) -> tuple[KeptName, ...]:
    """The names of a workbook, each once, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if _WORKBOOK not in archive.namelist():
            return ()
        return _names(archive.read(_WORKBOOK))


def without_names(data: bytes) -> bytes:
    """The workbook without its names, for a reader that stumbles over one of them."""
    return _changed(data, lambda text: _NAMES.sub(b"", text, count=1))


def with_names(content: bytes, names: Sequence[KeptName], own_sheet: str) -> bytes:
    """The copy with the names of the original, and those of the sheet that was added to it."""

    def put(text: bytes) -> bytes:
        numbers = {title: number for number, title in enumerate(_titles(fromstring(text)))}
        own = [name for name in _names(text) if name.sheet == own_sheet]
        kept = [name for name in names if not name.sheet or name.sheet in numbers]
        block = "".join(_written(name, numbers) for name in (*kept, *own))
        filled = f"<definedNames>{block}</definedNames>".encode() if block else b""
        bare = _NAMES.sub(b"", text, count=1)
        return _NAMES_PLACE.sub(lambda match: filled + match.group(), bare, count=1)

    return _changed(content, put)


def _written(name: KeptName, numbers: dict[str, int]) -> str:
    attributes = dict(name.attributes)
    if name.sheet:
        attributes["localSheetId"] = str(numbers[name.sheet])
    listed = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<definedName{listed}>{escape(name.text)}</definedName>"


def _names(text: bytes) -> tuple[KeptName, ...]:
    root: Any = fromstring(text)
    titles = _titles(root)
    found: dict[tuple[str, str], KeptName] = {}
    for element in root.iter():
        if _local(element.tag) != "definedName":
            continue
        attributes = {key: value for key, value in element.attrib.items() if "}" not in key}
        number = attributes.pop("localSheetId", "")
        if number and not (number.isdigit() and int(number) < len(titles)):
            continue
        sheet = titles[int(number)] if number else ""
        name = KeptName(tuple(attributes.items()), sheet, element.text or "")
        found.setdefault(name.key, name)
    return tuple(found.values())


def _titles(root: Any) -> list[str]:
    """The names of all sheets, of charts too, in their order."""
    return [e.attrib.get("name", "") for e in root.iter() if _local(e.tag) == "sheet"]


def _local(tag: Any) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _changed(data: bytes, change: Any) -> bytes:
    """The package with its main part changed."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == _WORKBOOK:
                content = change(content)
            target.writestr(entry.filename, content)
    return result.getvalue()
