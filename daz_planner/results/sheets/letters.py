"""How wide a text is in Arial, so that rows are high enough and nothing is cut.

Excel does not say how many lines a wrapped text takes; without the widths of the letters a guess
either cuts text or leaves empty lines.
"""

from __future__ import annotations

from functools import lru_cache

DIGIT = 556.0
"""Width of a digit, in thousandths of the size of the letters."""
_UPPER = 722.0
"""Width taken for a letter that is in no list: that of a wide capital."""
_PADDING = 1.3
"""What a cell keeps free on both sides together, in digits."""
_BOLD = 1.08

_WIDTHS: dict[str, float] = {}
for _letters, _width in (
    ("'", 191),
    ("ijl‚‘’", 222),
    ("|", 260),
    (" .,:;/!ftI[]\\·\u00a0", 278),
    ("-()r„“”`{}", 333),
    ("•", 350),
    ('"', 355),
    ("*", 389),
    ("°", 400),
    ("^", 469),
    ("cksvxyz", 500),
    ("abdeghnopqu0123456789äöüé?_L#$–§", 556),
    ("+=<>~−×", 584),
    ("FTZß", 611),
    ("ABEKPSVXYÄ&", 667),
    ("wCDHNRUÜ", 722),
    ("GOQÖ", 778),
    ("mM", 833),
    ("%", 889),
    ("W", 944),
    ("—…→", 1000),
):
    _WIDTHS.update(dict.fromkeys(_letters, float(_width)))


@lru_cache(maxsize=4096)
def text_width(text: str, *, bold: bool = False) -> float:
    """Width of a text in one line, in digits of the same size (the unit of column widths)."""
    units = sum(_WIDTHS.get(letter, _UPPER) for letter in text) / DIGIT
    return units * _BOLD if bold else units


@lru_cache(maxsize=4096)
def line_count(text: str, width: float, *, break_words: bool = True) -> int:
    """Lines that a wrapped text takes in a column of a width in digits of its own size.

    A word that is wider than the column goes on in the next line; without ``break_words`` it
    counts as one line, for heads whose columns are as wide as their words.
    """
    room = max(width - _PADDING, 2.0)
    lines = 0
    for part in text.split("\n"):
        lines += 1
        used = 0.0
        for word in part.split():
            size = text_width(word)
            if used and used + text_width(" ") + size > room:
                lines += 1
                used = 0.0
            used += size + (text_width(" ") if used else 0.0)
            while break_words and used > room:
                lines += 1
                used -= room
    return lines
