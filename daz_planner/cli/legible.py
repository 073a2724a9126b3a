"""Texts and tables as a console can write them, before they are laid out.

Where an encoding has no ä, ``ae`` is written (:mod:`daz_planner.cli.streams`).  That must be known
before columns get their widths and lines are broken: afterwards nothing would fit any more.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Span, Text

from daz_planner.cli.streams import writable

if TYPE_CHECKING:
    from rich.console import RenderableType


def can_write(text: str, encoding: str) -> bool:
    """Whether an encoding has every letter of a text; an unknown one is taken to have all."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    except LookupError:
        return True
    return True


def as_written(item: RenderableType, encoding: str) -> RenderableType:
    """A text or table with the letters that an encoding has; a table is changed in place."""
    if isinstance(item, str):
        return item if can_write(item, encoding) else writable(item, encoding)
    if isinstance(item, Text):
        return _text(item, encoding)
    if isinstance(item, Table):
        for column in item.columns:
            column.header = as_written(column.header, encoding)
            column.footer = as_written(column.footer, encoding)
            column._cells = [as_written(cell, encoding) for cell in column._cells]
    return item


def _text(text: Text, encoding: str) -> Text:
    """The text with its styles on the same words."""
    plain = text.plain
    if can_write(plain, encoding):
        return text
    letters = [writable(letter, encoding) for letter in plain]
    starts = list(accumulate(map(len, letters), initial=0))
    written = text.blank_copy("".join(letters))
    written.spans = [Span(starts[s.start], starts[s.end], s.style) for s in text.spans]
    return written
