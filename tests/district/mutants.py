"""Workbooks changed at random: cells, headers, sheets, types, structure.

:func:`mutant` changes one to three things of a workbook in memory.  :func:`judge` reads the result
as the commands do: whatever was changed, the answer is a district or an :class:`InputError`; and a
number of the table of schools that was changed alone must be noticed, because subtotals stand
against it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from daz_planner.cli.runs import with_cap_findings
from daz_planner.district.findings import Finding
from daz_planner.district.read import build_partly
from daz_planner.district.sheets import Sheet, Source
from daz_planner.district.text import Cell
from daz_planner.errors import InputError

LONGEST = 20.0
"""Seconds that any file may take."""

STRANGE: tuple[Cell, ...] = (
    None,
    "",
    " ",
    "–",
    "k. A.",
    "ca. 20",
    "<3",
    "1.234",
    "12,5",
    "1e3",
    "-1",
    -5,
    0,
    7,
    23.5,
    1e308,
    float("nan"),
    float("inf"),
    True,
    False,
    "01005",
    "=SUMME(A1:A3)",
    "#BEZUG!",
    "Summe GS",
    "Summe",
    "Oberschule",
    "GS",
    "Gymnasium",
    "x" * 5000,
    "ä ö ü ß",
    "\u00a05",
    "５",
    "²",
    "\u200b",
    "𝟙𝟚",
    date(2017, 2, 8),
    datetime(1900, 1, 1),
    "08.02.2017",
    "31.02.2017",
    "2017-13-01",
    "12 %",
    "NULL",
    "Stand 08.02.2017",
    "Landkreis Bautzen",
    "Meißen",
    "Riesa;Riesa",
    "'--",
    "\n\n",
    10**12,
)


@dataclass(frozen=True)
class Mutant:
    """A changed workbook, what was done to it, and whether only one number was changed."""

    source: Source
    what: str
    lone_number: bool = False


def mutant(source: Source, random_number: random.Random) -> Mutant:
    """The workbook with one to three random changes."""
    if random_number.random() < 0.25:
        return _changed_number(source, random_number)
    told = []
    for _ in range(random_number.randint(1, 3)):
        change = random_number.choice(_CHANGES)
        source, what = change(source, random_number)
        told.append(what)
    return Mutant(source, "; ".join(told))


def findings_of(source: Source) -> frozenset[Finding]:
    """What the commands find in a workbook that can be read."""
    return frozenset(with_cap_findings(build_partly(source)).findings)


def judge(changed: Mutant, usual: frozenset[Finding]) -> str:
    """Read the mutant; an empty text, or what is wrong with the program.

    Parameters
    ----------
    usual:
        The findings of the workbook before the change: they do not count as noticing it.
    """
    since = time.perf_counter()
    noticed = False
    try:
        noticed = bool(findings_of(changed.source) - usual)
    except InputError as error:
        noticed = True
        if not error.findings and not error.message:
            return "an error without a word"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if time.perf_counter() - since > LONGEST:
        return "too slow"
    if changed.lone_number and not noticed:
        return "a changed number was accepted without a word"
    return ""


def _pick(source: Source, chance: random.Random) -> tuple[int, Sheet]:
    index = chance.randrange(len(source.sheets))
    return index, source.sheets[index]


def _with(source: Source, index: int, sheet: Sheet) -> Source:
    sheets = list(source.sheets)
    sheets[index] = sheet
    return replace(source, sheets=tuple(sheets))


def _changed_number(source: Source, chance: random.Random) -> Mutant:
    """Another whole number in a row of the table of schools (pupils, classes or reserve)."""
    index, sheet = next((n, s) for n, s in enumerate(source.sheets) if s.name == "Schulen")
    places = [
        (r, c)
        for r, row in enumerate(sheet.rows)
        for c, cell in enumerate(row)
        if isinstance(cell, float) and cell.is_integer() and cell < 1000
    ]
    r, c = chance.choice(places)
    old = sheet.rows[r][c]
    assert isinstance(old, float)
    new = chance.choice([n for n in (old + 1, old - 1, old + 10, old * 10, 0.0, 99.0) if n != old])
    rows = [list(row) for row in sheet.rows]
    rows[r][c] = new
    changed = replace(sheet, rows=tuple(tuple(row) for row in rows))
    return Mutant(_with(source, index, changed), f"Schulen {r},{c}: {old} -> {new}", True)


def _strange_cell(source: Source, chance: random.Random) -> tuple[Source, str]:
    index, sheet = _pick(source, chance)
    filled = [(r, c) for r, row in enumerate(sheet.rows) for c in range(len(row))]
    if not filled:
        return source, "nothing"
    r, c = chance.choice(filled)
    rows = [list(row) for row in sheet.rows]
    rows[r][c] = chance.choice(STRANGE)
    changed = replace(sheet, rows=tuple(tuple(row) for row in rows))
    return _with(source, index, changed), f"{sheet.name} {r},{c}: {rows[r][c]!r:.40}"


def _swapped_cells(source: Source, chance: random.Random) -> tuple[Source, str]:
    index, sheet = _pick(source, chance)
    places = [(r, c) for r, row in enumerate(sheet.rows) for c in range(len(row))]
    if len(places) < 2:
        return source, "nothing"
    (r1, c1), (r2, c2) = chance.sample(places, 2)
    rows = [list(row) for row in sheet.rows]
    rows[r1][c1], rows[r2][c2] = rows[r2][c2], rows[r1][c1]
    changed = replace(sheet, rows=tuple(tuple(row) for row in rows))
    return _with(source, index, changed), f"{sheet.name}: {r1},{c1} <-> {r2},{c2}"


def _row_change(source: Source, chance: random.Random) -> tuple[Source, str]:
    index, sheet = _pick(source, chance)
    if not sheet.rows:
        return source, "nothing"
    rows = list(sheet.rows)
    r = chance.randrange(len(rows))
    kind = chance.choice(["drop", "double", "blank", "shuffle", "cut"])
    if kind == "drop":
        del rows[r]
    elif kind == "double":
        rows.insert(r, rows[r])
    elif kind == "blank":
        rows.insert(r, tuple(None for _ in rows[r]))
    elif kind == "shuffle":
        chance.shuffle(rows)
    else:
        rows = rows[:r]
    return _with(source, index, replace(sheet, rows=tuple(rows))), f"{sheet.name}: {kind} row {r}"


def _column_change(source: Source, chance: random.Random) -> tuple[Source, str]:
    index, sheet = _pick(source, chance)
    width = max((len(row) for row in sheet.rows), default=0)
    if not width:
        return source, "nothing"
    c = chance.randrange(width)
    kind = chance.choice(["drop", "double", "blank", "text"])
    rows = []
    for row in sheet.rows:
        cells = list(row) + [None] * (width - len(row))
        if kind == "drop":
            del cells[c]
        elif kind == "double":
            cells.insert(c, cells[c])
        elif kind == "blank":
            cells.insert(c, None)
        else:
            cells[c] = None if cells[c] is None else str(cells[c])
        rows.append(tuple(cells))
    changed = replace(sheet, rows=tuple(rows))
    return _with(source, index, changed), f"{sheet.name}: {kind} column {c}"


def _header_change(source: Source, chance: random.Random) -> tuple[Source, str]:
    index, sheet = _pick(source, chance)
    texts = [
        (r, c)
        for r, row in enumerate(sheet.rows[:12])
        for c, cell in enumerate(row)
        if isinstance(cell, str) and cell
    ]
    if not texts:
        return source, "nothing"
    r, c = chance.choice(texts)
    rows = [list(row) for row in sheet.rows]
    text = str(rows[r][c])
    at = chance.randrange(len(text))
    rows[r][c] = chance.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + "x" + text[at:],
            text.upper(),
            text + " *",
            text[::-1],
        ]
    )
    changed = replace(sheet, rows=tuple(tuple(row) for row in rows))
    return _with(source, index, changed), f"{sheet.name}: header {text!r} -> {rows[r][c]!r}"


def _sheet_change(source: Source, chance: random.Random) -> tuple[Source, str]:
    index, sheet = _pick(source, chance)
    sheets = list(source.sheets)
    kind = chance.choice(["drop", "double", "rename", "empty", "shift", "note"])
    if kind == "drop":
        del sheets[index]
    elif kind == "double":
        sheets.append(replace(sheet, name=f"{sheet.name} (2)"))
    elif kind == "rename":
        sheets[index] = replace(
            sheet, name=chance.choice(["Tabelle1", sheet.name + "n", "Wege", ""])
        )
    elif kind == "empty":
        sheets[index] = replace(sheet, rows=())
    elif kind == "shift":
        sheets[index] = replace(sheet, first_row=sheet.first_row + 3, first_column=5)
    else:
        places = frozenset(
            (r, c) for r in range(1, 40) for c in range(1, 12) if chance.random() < 0.05
        )
        sheets[index] = replace(sheet, empty_formulas=places, hidden_rows=frozenset({3, 9}))
    return replace(source, sheets=tuple(sheets)), f"{kind} {sheet.name}"


Change = Callable[[Source, random.Random], tuple[Source, str]]
_CHANGES: tuple[Change, ...] = (
    _strange_cell,
    _strange_cell,
    _strange_cell,
    _swapped_cells,
    _row_change,
    _column_change,
    _header_change,
    _header_change,
    _sheet_change,
)
