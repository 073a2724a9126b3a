"""What ``vergleichen`` prints: the figures, the classes school × scenario, the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from rich.table import Table as RichTable

    from daz_planner.cli.terminal import Terminal
    from daz_planner.planning.compare import Comparison
    from daz_planner.results.schema import Column, Table

MOST_COLUMNS = 4
"""Scenarios beside each other; more stand below each other."""
_ROWS = (
    "Anmeldungen je Monat",
    "Bedarf höchstens",
    "im Monat",
    "Bedarf am Ende",
    "Plätze heute",
    "neue Klassen",
    "erste neue Klasse",
    "Wartende höchstens",
    "Weg im Mittel",
    "Lehrerstunden höchstens",
    "Plätze reichen %",
)
_FEW = {
    "Bedarf höchstens": "Bedarf\nhöchst.",
    "Bedarf am Ende": "Bedarf\nEnde",
    "neue Klassen": "neue\nKlassen",
    "erste neue Klasse": "erste",
    "Wartende höchstens": "Wartende\nhöchst.",
    "Plätze reichen %": "Plätze\nreichen",
}
"""Columns of the table with a row a scenario, with heads that fit 80 characters."""


def show(
    terminal: Terminal,
    comparison: Comparison,
    written: Path,
    file: Path,
    told: Collection[str],
    bug: Path | None,
) -> None:
    """Everything in the order in which a planner asks.

    ``told`` are the scenarios whose failure has been told already, ``bug`` the file with traces.
    """
    from rich.table import Table as RichTable

    from daz_planner.results.compare_notes import notes
    from daz_planner.results.compare_tables import comparison_tables
    from daz_planner.results.compare_texts import answers, period, title

    base = comparison.runs[comparison.base]
    terminal.print(
        f"{title(comparison)}, {comparison.district.name}, {period(comparison)}", style="bold"
    )
    tables = comparison_tables(comparison)
    figures, changes = tables["szenarien"], tables["szenarien_unterschied"]
    if len(comparison.planned) <= MOST_COLUMNS:
        terminal.print("", _as_columns(figures, changes))
    else:
        terminal.print("", _as_rows(figures))
    if len(comparison.planned) <= MOST_COLUMNS and not changes.is_empty:
        terminal.print(f"In Klammern: Unterschied zu {base.name}.")
    grid = RichTable.grid(padding=(0, 2))
    grid.add_column(style="bold", width=22)
    grid.add_column()
    for question, answer in answers(comparison):
        grid.add_row(question, answer)
    terminal.print("", grid)
    matrix = tables["klassen_vergleich"]
    if not matrix.is_empty and len(comparison.planned) <= MOST_COLUMNS:
        terminal.heading("Neue Klassen je Schule und Szenario")
        terminal.print(_matrix(matrix, [run.name for run in comparison.planned]))
    if not tables["wirkung"].is_empty:
        terminal.heading(f"Was jede Annahme allein an {base.name} ändert")
        terminal.print(_effects(tables["wirkung"]))
    terminal.heading("Hinweise")
    terminal.bullets(notes(comparison))
    if base.plan is not None:
        terminal.input_warnings(base.plan.district.findings, file)
    _show_failures(terminal, comparison, told, bug)
    terminal.heading("Ergebnisse")
    terminal.print(f"{written}")
    terminal.print(
        "vergleich.xlsx und vergleich.html zum Lesen, tabellen für Excel, szenarien mit dem ganzen "
        "Plan jedes Szenarios, lauf.json mit allen Angaben zum Lauf"
    )


def _show_failures(
    terminal: Terminal, comparison: Comparison, told: Collection[str], bug: Path | None
) -> None:
    """Scenarios that have no plan, on stderr, where they are seen in quiet runs too."""
    for run in comparison.failed:
        if run.failure is not None and run.name not in told:
            terminal.error(f"{run.name} ist nicht gerechnet: {run.failure.text}")
    if bug is not None:
        terminal.note(f"Einzelheiten für die Entwickler stehen in {bug}")


def _cell(value: object, column: Column) -> str:
    from daz_planner.results.report.html_tables import cell_text

    return cell_text(value, column) or "–"


def _as_columns(figures: Table, changes: Table) -> RichTable:
    """A row a figure, a column a scenario, the difference in brackets."""
    from daz_planner.cli.terminal import plain_table
    from daz_planner.results.compare_tables import FAILED

    states = figures.values("Stand")
    everyone = figures.values("Szenario")
    there = [n for n, state in enumerate(states) if not state.startswith(FAILED)]
    names = [everyone[n] for n in there]
    table = plain_table("", *names, right=names)
    for shown in table.columns[1:]:
        shown.overflow = "fold"
    position = {name: n for n, name in enumerate(changes.values("Szenario"))}
    later = {column.name.removesuffix(" (Monate später)"): column for column in changes.columns}
    for name in _ROWS:
        column = figures.column(name)
        cells = []
        values = figures.values(name)
        for n, scenario in zip(there, names, strict=True):
            text = _cell(values[n], column)
            if scenario in position and name in later:
                moved = changes.values(later[name].name)[position[scenario]]
                text += _in_brackets(moved, column)
            cells.append(text)
        table.add_row(name.removesuffix(" %"), *cells)
    table.add_row("Stand", *(states[n] for n in there))
    return table


def _in_brackets(moved: object, column: Column) -> str:
    """`` (+19)``; nothing where there is no difference, or where it is one of months."""
    from daz_planner import german
    from daz_planner.results.schema import Kind

    if column.kind is Kind.MONTH or not isinstance(moved, (int, float)):
        return ""
    shown = column.digits if column.shown is None else column.shown
    share = 100 if column.kind is Kind.SHARE else 1
    number = german.number(abs(moved) * share, shown)
    if not number.strip("0,"):
        return ""
    return f" ({'+' if moved > 0 else '-'}{number})"


def _as_rows(figures: Table) -> RichTable:
    """A row a scenario, the most important figures."""
    from daz_planner.cli.terminal import plain_table

    heads = list(_FEW.values())
    table = plain_table("Szenario", *heads, right=heads)
    table.columns[0].overflow = "fold"
    states = figures.values("Stand")
    values = {name: figures.values(name) for name in _FEW}
    for n, name in enumerate(figures.values("Szenario")):
        cells = [_cell(values[key][n], figures.column(key)) for key in _FEW]
        mark = "" if states[n] == "gerechnet" else f"\n({states[n]})"
        table.add_row(f"{name}{mark}", *cells)
    return table


def _matrix(matrix: Table, names: list[str]) -> RichTable:
    """School × scenario: month of the first new class, and how many where they are more."""
    from daz_planner import german
    from daz_planner.cli.terminal import plain_table

    table = plain_table("Schule", *names, "in allen")
    table.columns[0].min_width = 20
    schools = matrix.values("Schule")
    sure = matrix.values("in allen")
    for n, school in enumerate(schools):
        cells = []
        for name in names:
            first = matrix.values(f"{name}: ab")[n]
            count = matrix.values(f"{name}: Klassen")[n] or 0
            often = f"{count}, ab " if count > 1 else ""
            cells.append("–" if first is None else f"{often}{german.short_month(first)}")
        table.add_row(school, *cells, str(sure[n]) if sure[n] else "–")
    return table


def _effects(effects: Table) -> RichTable:
    """The effect of each assumption on need, classes and waiting."""
    from daz_planner.cli.terminal import plain_table

    heads = ("Bedarf\nhöchst.", "Bedarf\nEnde", "neue\nKlassen", "Warte-\nmonate")
    table = plain_table("Szenario", "Annahme", *heads, right=heads)
    table.columns[1].overflow = "fold"
    names, pieces = effects.values("Szenario"), effects.values("Annahme")
    keys = ("Bedarf höchstens", "Bedarf am Ende", "neue Klassen", "Wartemonate")
    values = {key: effects.values(key) for key in keys}
    last = ""
    for n, (name, piece) in enumerate(zip(names, pieces, strict=True)):
        cells = [_signed(values[key][n]) for key in keys]
        table.add_row("" if name == last else name, piece, *cells)
        last = name
    return table


def _signed(value: float | None) -> str:
    from daz_planner import german

    if value is None:
        return "–"
    number = german.number(abs(value), 1)
    if not number.strip("0,"):
        return "0"
    return f"{'+' if value > 0 else '-'}{number}"
