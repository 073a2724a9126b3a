"""``daz-planner erklaeren``: why this seat, why this class."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daz_planner.cli.status import ExitStatus

if TYPE_CHECKING:
    from daz_planner.cli.terminal import Terminal
    from daz_planner.results.explained import Explanation

_Folder = Annotated[
    Path,
    typer.Argument(
        metavar="ORDNER",
        show_default=False,
        help="Der Ergebnisordner, den planen geschrieben hat, z. B. ergebnisse/basis.",
    ),
]
_Who = Annotated[
    str,
    typer.Argument(
        metavar="SCHUELER|SCHULE",
        show_default=False,
        help="Die Schüler-ID eines Kindes der heutigen Liste oder der Name einer Schule.",
    ),
]


def erklaeren(folder: _Folder, who: _Who) -> int:
    """Erklärt einen Platz oder eine Klasse aus einem fertigen Plan.

    Zu einem Kind: Platz, Minuten, ab wann, und bei den drei nächsten Schulen, was dagegen sprach.
    Zu einer Schule: ihre Klassen, was ohne die neue Klasse geschähe, wen sie aufnimmt und wie voll
    sie wird. Die Eingabe wird dazu nicht noch einmal gelesen.
    """
    from daz_planner import german
    from daz_planner.cli.terminal import Terminal
    from daz_planner.results.explained import explain
    from daz_planner.results.proof import cut_off_remark
    from daz_planner.results.stored import load_plan

    plan = load_plan(folder)
    found = explain(plan, who)
    terminal = Terminal()
    day = german.day(plan.district.reference_date)
    terminal.print(found.title, style="bold")
    terminal.print(f"Plan {plan.district.name}, Szenario {plan.scenario.name}, Stichtag {day}")
    if plan.hit_limit:
        terminal.print(cut_off_remark(plan))
    _show(terminal, found)
    return ExitStatus.OK


def _show(terminal: Terminal, found: Explanation) -> None:
    from rich.table import Table

    from daz_planner.cli.terminal import plain_table

    answers = Table.grid(padding=(0, 2))
    answers.add_column(style="bold", width=24)
    answers.add_column()
    for question, answer in found.answers:
        answers.add_row(question, answer)
    terminal.print("", answers)
    terminal.heading(found.table_title)
    table = plain_table(*found.heads, right=found.numbers)
    for column in table.columns:
        column.overflow = "fold"
    for row in found.rows:
        table.add_row(*row)
    terminal.print(table)
    if found.note:
        terminal.print(found.note)
