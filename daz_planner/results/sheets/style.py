"""The look of the workbook: one font, few colours that also work in greyscale, shared styles.

Styles are made once a workbook and then shared by all cells; making them cell by cell is what makes
openpyxl slow.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from enum import Enum
from typing import TYPE_CHECKING, Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.styles import Font as _Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils.indexed_list import IndexedList

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "Arial"
SIZE = 10


class Font(_Font):
    """A font whose parts are written in the order that the schema of the format asks for."""

    tagname = "font"
    __elements__ = (
        *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
        *("sz", "color", "name", "family", "charset", "scheme"),
    )


# openpyxl collects these for each class from its own body, not from its parents.
Font.__nested__ = _Font.__nested__


DARK = "1F3864"
LINE = "D0D4DC"
GREY = "595959"
LINK = "0B5394"

_FRAME = Side(style="thin", color="000000")
ALARM = DifferentialStyle(
    font=Font(bold=True, color="9C0006"),
    fill=PatternFill(bgColor="FFC7CE"),
    border=Border(left=_FRAME, right=_FRAME, top=_FRAME, bottom=_FRAME),
)
"""Something is wrong or full: red, bold and framed, so that it is seen in greyscale too."""
HIGH = DifferentialStyle(font=Font(bold=True, color="3F3000"), fill=PatternFill(bgColor="FFEB9C"))
"""Nearly full: bold without a frame."""
LOW = DifferentialStyle(font=Font(italic=True, color="44546A"), fill=PatternFill(bgColor="DDEBF7"))
"""Much room: italic, so that it is seen in greyscale too."""
STRONG = DifferentialStyle(font=Font(bold=True))
"""A line that matters more than the others."""
CAUTION = DifferentialStyle(
    font=Font(u="single", color="5F4B00"), fill=PatternFill(bgColor="FFEB9C")
)
"""Worth a look: yellow and underlined."""
GOOD = DifferentialStyle(font=Font(bold=True, color="006100"), fill=PatternFill(bgColor="C6EFCE"))
"""What is new or right: green and bold."""

_FORMULA_STARTS = ("=", "+", "-", "@")


class Look(Enum):
    """What a cell is."""

    TITLE = "title"
    TITLE_BIG = "title big"
    SUBTITLE = "subtitle"
    NOTE = "note"
    SECTION = "section"
    HEAD = "head"
    BODY = "body"
    WRAP = "wrap"
    SUM = "sum"
    KEY = "key"
    PLAIN = "plain"
    SENTENCE = "sentence"
    NOTE_BIG = "note big"
    NOTE_WRAP = "note wrapped"
    NOTE_WRAP_BIG = "note wrapped big"
    HEAD_BIG = "head big"
    HEAD_SMALL = "head small"
    BIG = "big"
    SUM_BIG = "sum big"
    LINK = "link"
    QUESTION = "question"
    ANSWER = "answer"
    HINT = "hint"


_SCALES = {
    Look.TITLE_BIG: 1.6,
    Look.SUBTITLE: 1.5,
    Look.HEAD_BIG: 1.5,
    Look.HEAD_SMALL: 0.9,
    Look.BIG: 1.4,
    Look.SUM_BIG: 1.4,
    Look.NOTE_BIG: 1.3,
    Look.NOTE_WRAP_BIG: 1.3,
    Look.QUESTION: 1.3,
    Look.ANSWER: 1.3,
    Look.HINT: 1.1,
    Look.LINK: 1.2,
}


def scale_of(look: Look) -> float:
    """Size of the letters of a look, as a multiple of the usual."""
    return _SCALES.get(look, 1.0)


class Align(Enum):
    """Where the content of a cell stands. Numbers keep a gap to the text right of them."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Styles:
    """Shared cell styles of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._known: dict[tuple[Look, str, bool, Align], Any] = {}
        # The first font is that of cells without a style; the one of openpyxl is another.
        workbook._fonts = IndexedList([Font(name=FONT, size=SIZE)])  # type: ignore[attr-defined]
        normal = workbook._named_styles["Normal"]  # type: ignore[attr-defined]
        normal.font = Font(name=FONT, size=SIZE)
        normal.bind(workbook)

    def put(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        value: Any,
        look: Look = Look.BODY,
        number_format: str = "General",
        align: Align = Align.LEFT,
    ) -> Cell:
        """Write a value. Text is always stored as text, whatever it starts with."""
        cell = sheet.cell(row, column)
        assert isinstance(cell, Cell)
        quoted = _fill(cell, value)
        cell._style = self._style(sheet, look, number_format, quoted, align)  # type: ignore[attr-defined]
        return cell

    def put_column(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        values: Iterable[Any],
        look: Look,
        number_format: str,
        align: Align,
    ) -> None:
        """Write values one below the other from a row on, as :meth:`put` does each of them."""
        plain, quoted = (
            self._style(sheet, look, number_format, quoted, align) for quoted in (False, True)
        )
        for line, value in enumerate(values, start=row):
            cell = sheet.cell(line, column)
            assert isinstance(cell, Cell)
            cell._style = quoted if _fill(cell, value) else plain  # type: ignore[attr-defined]

    def formula(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        formula: str,
        look: Look = Look.BODY,
        number_format: str = "General",
        align: Align = Align.LEFT,
    ) -> Cell:
        """Write a formula of the program's own (English function names, plain ranges)."""
        cell = sheet.cell(row, column)
        assert isinstance(cell, Cell)
        cell.value = formula
        cell._style = self._style(sheet, look, number_format, False, align)  # type: ignore[attr-defined]
        return cell

    def _style(
        self, sheet: Worksheet, look: Look, number_format: str, quoted: bool, align: Align
    ) -> Any:
        key = (look, number_format, quoted, align)
        if key not in self._known:
            pattern = Cell(sheet, row=1, column=1)
            _paint(pattern, look)
            pattern.alignment = Alignment(
                horizontal=align.value,
                vertical=pattern.alignment.vertical,
                wrap_text=pattern.alignment.wrap_text,
                indent=1 if align is Align.RIGHT else 0,
            )
            pattern.number_format = number_format
            if quoted:
                pattern.quotePrefix = True
            self._known[key] = copy(pattern._style)  # type: ignore[attr-defined]
        return self._known[key]


def _fill(cell: Cell, value: Any) -> bool:
    """Give a cell its value; true where a text could be taken for a formula."""
    if not isinstance(value, str):
        cell.value = value
        return False
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.value = text
    # openpyxl takes „=…“ for a formula and „#N/A“ for an error.
    cell.data_type = "s"
    return text.startswith(_FORMULA_STARTS)


def _paint(cell: Cell, look: Look) -> None:
    line = Side(style="thin", color=LINE)
    strong = Side(style="medium", color=DARK)
    top = Alignment(vertical="top")
    wrap = Alignment(vertical="top", wrap_text=True)
    size = SIZE * scale_of(look)
    font = Font(name=FONT, size=size)
    middle = Alignment(vertical="center", wrap_text=True)
    if look in (Look.TITLE, Look.TITLE_BIG):
        cell.font = Font(name=FONT, size=15 * scale_of(look), bold=True, color=DARK)
    elif look in (Look.NOTE, Look.NOTE_BIG, Look.SUBTITLE):
        cell.font = Font(name=FONT, size=9 * scale_of(look), color=GREY)
        cell.alignment = top
    elif look in (Look.NOTE_WRAP, Look.NOTE_WRAP_BIG):
        cell.font = Font(name=FONT, size=9 * scale_of(look), color=GREY)
        cell.alignment = wrap
    elif look is Look.LINK:
        cell.font = Font(name=FONT, size=size, u="single", color=LINK)
        cell.alignment = Alignment(vertical="center")
    elif look is Look.SECTION:
        cell.font = Font(name=FONT, size=11, bold=True, color=DARK)
    elif look is Look.SENTENCE:
        cell.font = Font(name=FONT, size=11, italic=True)
    elif look in (Look.HEAD, Look.HEAD_BIG, Look.HEAD_SMALL):
        cell.font = Font(name=FONT, size=size, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=DARK)
        cell.alignment = middle
    elif look is Look.BIG:
        cell.font, cell.alignment, cell.border = font, middle, Border(bottom=line)
    elif look is Look.SUM_BIG:
        cell.font = Font(name=FONT, size=size, bold=True)
        cell.alignment, cell.border = middle, Border(top=strong, bottom=line)
    elif look is Look.BODY:
        cell.font, cell.alignment, cell.border = font, top, Border(bottom=line)
    elif look in (Look.WRAP, Look.ANSWER):
        cell.font, cell.alignment, cell.border = font, wrap, Border(bottom=line)
    elif look is Look.SUM:
        cell.font = Font(name=FONT, size=SIZE, bold=True)
        cell.alignment, cell.border = top, Border(top=strong, bottom=line)
    elif look in (Look.KEY, Look.QUESTION):
        cell.font = Font(name=FONT, size=size, bold=True)
        cell.alignment, cell.border = wrap, Border(bottom=line)
    else:
        cell.font, cell.alignment = font, wrap
