"""Tables of the result as HTML: caption, heads, German numbers, one row a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from daz_planner import german
from daz_planner.results.schema import Column, Kind, Table

MOST_ROWS = 200
"""Rows of one table on the page; the rest stands in the CSV file of the table."""
_NUMERIC = (Kind.WHOLE, Kind.NUMBER, Kind.SHARE, Kind.COUNT)
_SHORT = 11
"""Characters up to which a text stays on one line."""
_LONG = 60
"""Characters from which on a text keeps a width that can be read on a phone."""


def html_table(
    table: Table,
    caption: str,
    columns: Sequence[str] | None = None,
    *,
    rows: Sequence[int] | None = None,
    most: int = MOST_ROWS,
    told: bool = False,
    cards: bool = False,
) -> Markup:
    """A table of the result; where it is empty, its sentence for the empty case.

    Parameters
    ----------
    columns:
        Names of the columns to show, in this order; ``None`` for all.
    rows:
        Positions of the rows to show; ``None`` for all.
    most:
        Rows shown at most. How many more there are, and where, is told.
    told:
        Whether a heading above already says what the caption says.
    cards:
        See :func:`plain_table`.
    """
    chosen = [table.column(name) for name in columns] if columns else list(table.columns)
    positions = list(range(len(table.frame))) if rows is None else list(rows)
    if not positions:
        return sentence(table.empty)
    values = [table.values(column.name) for column in chosen]
    shown = positions[:most]
    lines = [[cell_text(values[c][r], chosen[c]) for c in range(len(chosen))] for r in shown]
    heads = [(head_text(column), column.kind in _NUMERIC) for column in chosen]
    html = plain_table(caption, heads, lines, told=told, cards=cards)
    if len(positions) > len(shown):
        html += note(
            f"Gezeigt sind {german.number(len(shown))} von {german.number(len(positions))} Zeilen; "
            f"alle stehen in tabellen/{table.name}.csv."
        )
    return html


def telling_columns(table: Table, rows: Sequence[int] | None = None) -> list[str]:
    """Names of the columns in which at least one of the rows (``None``: all) says something."""
    positions = range(len(table.frame)) if rows is None else rows
    return [
        column.name
        for column in table.columns
        if any(
            values[n] not in (None, "") for values in [table.values(column.name)] for n in positions
        )
    ]


def plain_table(
    caption: str,
    heads: Sequence[tuple[str, bool]],
    lines: Sequence[Sequence[str | Markup]],
    *,
    last_is_sum: bool = False,
    told: bool = False,
    cards: bool = False,
) -> Markup:
    """A table of texts.

    Parameters
    ----------
    heads:
        Text of each head, and whether its column holds numbers.
    last_is_sum:
        Whether the last line is a sum and looks like one.
    told:
        Whether a heading above already says what the caption says; then only a screen reader
        reads it.
    cards:
        Whether on a phone each row stands below the other as a card, for rows with a long text.
    """
    # Drawn as blocks, the parts of a table keep their meaning only by name.
    table, group, head, row, cell, name = (
        Markup(f' role="{role}"') if cards else Markup("")
        for role in ("table", "rowgroup", "columnheader", "row", "cell", "rowheader")
    )
    parts = [
        Markup('<div class="scroll"><table{}{}><caption{}>{}</caption><thead{}><tr{}>').format(
            Markup(' class="cards"') if cards else Markup(""),
            table,
            Markup(' class="sr"') if told else Markup(""),
            caption,
            group,
            row,
        )
    ]
    for c, (title, numeric) in enumerate(heads):
        # The first cell of a row is its head and stands on the left.
        parts.append(
            Markup('<th scope="col"{}{}>{}</th>').format(head, _class(numeric and c > 0), title)
        )
    parts.append(Markup("</tr></thead><tbody{}>").format(group))
    for n, line in enumerate(lines):
        total = last_is_sum and n == len(lines) - 1
        parts.append(
            Markup("<tr{}{}>").format(Markup(' class="sum"') if total else Markup(""), row)
        )
        for c, (text, (title, numeric)) in enumerate(zip(line, heads, strict=True)):
            if c == 0:
                parts.append(Markup('<th scope="row"{}>{}</th>').format(name, escape(text)))
            else:
                told_head = Markup(' data-head="{}"').format(title) if cards else Markup("")
                parts.append(
                    Markup("<td{}{}{}>{}</td>").format(
                        cell, told_head, _class(numeric, text), escape(text)
                    )
                )
        parts.append(Markup("</tr>"))
    parts.append(Markup("</tbody></table></div>"))
    return Markup("").join(parts)


def sentence(text: str) -> Markup:
    """A paragraph."""
    return Markup("<p>{}</p>").format(text)


def note(text: str) -> Markup:
    """A paragraph in small letters."""
    return Markup('<p class="note">{}</p>').format(text)


def folded(title: str, body: Markup, *, stays_closed: bool = False) -> Markup:
    """Content that opens on demand, and on paper unless it ``stays_closed``."""
    return Markup("<details{}><summary>{}</summary>{}</details>").format(
        Markup(' class="long"') if stays_closed else Markup(""), title, body
    )


def head_text(column: Column) -> str:
    """The head of a column; its name in full, which a browser may break."""
    return german.short_month(column.month) if column.month else column.name


def cell_text(value: Any, column: Column) -> str:
    """A value as a German reader expects it; nothing where it is missing."""
    if value is None or value == "":
        return "–" if column.kind in _NUMERIC else ""
    digits = column.digits if column.shown is None else column.shown
    if column.kind is Kind.SHARE:
        return german.percent(value, digits)
    if column.kind is Kind.COUNT and isinstance(value, str):
        return value
    if column.kind in (Kind.WHOLE, Kind.NUMBER, Kind.COUNT):
        return fixed(value, digits)
    if column.kind is Kind.MONTH:
        return german.short_month(value)
    if column.kind is Kind.DATE:
        return german.day(value)
    return german.value_text(value)


def fixed(value: float, digits: int) -> str:
    """A number with so many decimals, also where they are zero: one column, one width."""
    text = german.number(value, digits).replace("-", "\N{MINUS SIGN}")
    return text if not digits or "," in text else f"{text},{'0' * digits}"


def _class(numeric: bool, text: str = "") -> Markup:
    if numeric:
        return Markup(' class="n"')
    if len(text) >= _LONG:
        return Markup(' class="t"')
    return Markup(' class="w"') if 0 < len(text) <= _SHORT else Markup("")
