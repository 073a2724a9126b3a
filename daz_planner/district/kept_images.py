"""Pictures of a workbook that is copied: openpyxl drops them where Pillow is not installed.

It needs Pillow for their size only, and the anchor has that already. So the bytes are handed
through as they are.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from openpyxl.drawing import image as openpyxl_image
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.relationship import get_dependents
from openpyxl.xml.functions import fromstring

if TYPE_CHECKING:
    from openpyxl import Workbook

_FORMATS = {"png": "png", "jpg": "jpeg", "jpeg": "jpeg", "gif": "gif", "emf": "emf"}


class KeptImage(openpyxl_image.Image):
    """A picture whose bytes are copied unchanged."""

    def __init__(self, content: bytes, kind: str, anchor: Any) -> None:
        self.content = content
        self.format = kind
        self.anchor = anchor
        self.width = self.height = 0  # the anchor holds the size

    def _data(self) -> bytes:
        return self.content


def keep_images(workbook: Workbook, data: bytes) -> None:
    """Put the pictures back that openpyxl dropped while it read ``data``."""
    if openpyxl_image.PILImage:
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = set(archive.namelist())
        for sheet, path in sheet_parts(archive, parts):
            if sheet not in workbook.sheetnames:
                continue
            target: Any = workbook[sheet]
            target._images.extend(_images(archive, parts, path))


def sheet_parts(archive: zipfile.ZipFile, parts: set[str]) -> list[tuple[str, str]]:
    """Name and part of each worksheet."""
    from openpyxl.packaging.workbook import WorkbookPackage
    from openpyxl.xml.constants import ARC_WORKBOOK

    if ARC_WORKBOOK not in parts:
        return []
    tree: Any = fromstring(archive.read(ARC_WORKBOOK))
    package: Any = WorkbookPackage.from_tree(tree)
    targets = dict(_relations(archive, parts, ARC_WORKBOOK, "/worksheet"))
    return [(s.name, targets[s.id]) for s in package.sheets if targets.get(s.id) in parts]


def _images(archive: zipfile.ZipFile, parts: set[str], sheet: str) -> list[KeptImage]:
    found: list[KeptImage] = []
    for drawing_path in _targets(archive, parts, sheet, "/drawing"):
        tree: Any = fromstring(archive.read(drawing_path))
        try:
            drawing: Any = SpreadsheetDrawing.from_tree(tree)
        except TypeError:  # how openpyxl answers shapes that it does not know
            continue
        pictures = dict(_relations(archive, parts, drawing_path, "/image"))
        for blip in drawing._blip_rels:
            path = pictures.get(blip.embed)
            kind = _FORMATS.get(PurePosixPath(path).suffix.lower().lstrip(".")) if path else None
            if path in parts and kind is not None:
                blip.anchor.groupShape = None
                found.append(KeptImage(archive.read(path), kind, blip.anchor))
    return found


def _targets(archive: zipfile.ZipFile, parts: set[str], path: str, kind: str) -> list[str]:
    return [target for _, target in _relations(archive, parts, path, kind) if target in parts]


def _relations(
    archive: zipfile.ZipFile, parts: set[str], path: str, kind: str
) -> list[tuple[str, str]]:
    folder, _, name = path.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels"
    if rels not in parts:
        return []
    relations: Any = get_dependents(archive, rels)
    return [(found.Id, found.target) for found in relations if found.Type.endswith(kind)]
