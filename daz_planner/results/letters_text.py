"""The letters to merge as plain text, for programs that do not read Word files.

Merge fields stand as ``«Name»``, with the names of the columns of the sheet Serienbrief.
"""

from __future__ import annotations

import textwrap

from daz_planner.results.letters_docx import Field, Line, Own, Part, letter_lines

_WIDTH = 72
_LABEL = 18
"""Characters of a line, and of the label before a detail."""
_DETAILS = ("Angabe", "Letzte")
"""Styles of paragraphs that follow each other without a blank line."""


def letter_text(letter: str) -> bytes:
    """One of the letters as text: UTF-8 with BOM and line ends as Windows writes them.

    Raises ``KeyError`` for a letter that there is not.
    """
    told = []
    before = ""
    for line in letter_lines(letter):
        if before and not (before in _DETAILS and line.style in _DETAILS):
            told.append("")
        told.extend(_paragraph(line))
        before = line.style
    return ("\r\n".join(told) + "\r\n").encode("utf-8-sig")


def _paragraph(line: Line) -> list[str]:
    label, tab, rest = "".join(map(_text, line.parts)).partition("\t")
    if tab:
        return [f"{label:{_LABEL}}{rest}"]
    return textwrap.wrap(label, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _text(part: Part) -> str:
    if isinstance(part, Field):
        return f"«{part.name}»"
    return f"[{part.text}]" if isinstance(part, Own) else part
