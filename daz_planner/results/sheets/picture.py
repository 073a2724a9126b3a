"""Pictures and their alternative text.

openpyxl asks Pillow for the size of a picture and cannot give it a text; both are known here, so
that no further library is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.drawing.fill import Blip
from openpyxl.drawing.geometry import PresetGeometry2D
from openpyxl.drawing.image import Image
from openpyxl.drawing.picture import PictureFrame
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_EMU_PER_CM = 360_000
"""The unit of lengths in drawings of the format."""
_PICTURE_ID = 1001
"""Beyond the numbers that openpyxl gives to the charts of a sheet."""


class Png(Image):
    """A PNG picture that is already made."""

    def __init__(self, content: bytes, anchor: OneCellAnchor) -> None:
        self.content = content
        self.format = "png"
        self.anchor = anchor

    def _data(self) -> bytes:
        return self.content


class ToldAnchor(OneCellAnchor):
    """The place of a chart that hands a text for screen readers on to it."""

    __elements__ = OneCellAnchor.__elements__
    told = ""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "graphicFrame" and value is not None:
            value.nvGraphicFramePr.cNvPr.descr = self.told
        super().__setattr__(name, value)


def add_picture(
    sheet: Worksheet,
    content: bytes,
    cell: tuple[int, int],
    size: tuple[float, float],
    name: str,
    text: str,
) -> None:
    """Put a PNG on a sheet at ``cell`` (row, column), ``size`` wide and high in centimetres."""
    frame = PictureFrame()
    properties = frame.nvPicPr.cNvPr
    properties.id, properties.name, properties.descr = _PICTURE_ID, name, text
    frame.blipFill.blip = Blip(cstate="print")
    frame.spPr.prstGeom = PresetGeometry2D(prst="rect")
    frame.spPr.ln = None
    sheet.add_image(Png(content, _anchor(OneCellAnchor, cell, size, pic=frame)))


def add_chart(
    sheet: Worksheet, chart: Any, cell: tuple[int, int], size: tuple[float, float], text: str
) -> None:
    """Put a chart on a sheet at ``cell`` (row, column), ``size`` in centimetres, with its text."""
    chart.width, chart.height = size
    # Without a word on them Excel rounds the corners.
    chart.roundedCorners = False
    anchor = _anchor(ToldAnchor, cell, size)
    anchor.told = text
    chart.anchor = anchor
    sheet.add_chart(chart)


def _anchor(kind: type[Any], cell: tuple[int, int], size: tuple[float, float], **more: Any) -> Any:
    row, column = cell
    marker = AnchorMarker(col=column - 1, row=row - 1)
    width, height = (round(length * _EMU_PER_CM) for length in size)
    extent = XDRPositiveSize2D(width, height)
    return kind(_from=marker, ext=extent, **more)
