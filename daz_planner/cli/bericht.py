"""``daz-planner bericht``: the report of a finished plan once more, or a version to hand on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daz_planner.cli.german import CallError
from daz_planner.cli.options import Overwrite, Public, Quiet
from daz_planner.cli.status import ExitStatus

if TYPE_CHECKING:
    from daz_planner.cli.terminal import Terminal
    from daz_planner.results.public import Shared

_PAGE = (".html", ".htm")


def bericht(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="ORDNER",
            show_default=False,
            help="Der Ergebnisordner, den planen geschrieben hat, z. B. ergebnisse/basis.",
        ),
    ],
    target: Annotated[
        Path | None,
        typer.Option(
            "--datei",
            "-o",
            metavar="ZIEL",
            help="Die neue Datei .html. Mit --oeffentlich auch ein Ordner. Ohne Angabe: "
            "bericht.html im Ergebnisordner, auch wenn es sie schon gibt.",
        ),
    ] = None,
    public: Public = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> int:
    """Schreibt den Bericht zu einem fertigen Plan noch einmal, ohne neu zu rechnen.

    Ohne weitere Angabe wird bericht.html im Ergebnisordner ersetzt; plan.xlsx und alles andere
    darin bleibt, wie es ist. Mit -o entsteht eine neue Datei.

    Mit --oeffentlich entsteht daneben der Ordner ORDNER-oeffentlich mit plan.xlsx, bericht.html
    und tabellen, die das Amt weitergeben kann: ohne Zeilen zu Kindern, ohne Zahlen von 1 bis 3.
    Geben Sie zu einem Stichtag nur eine solche Fassung heraus: Zwei lassen sich vergleichen.

    Die Eingabe wird nicht noch einmal gelesen; der Ordner darf eine Kopie sein.
    """
    from daz_planner.cli.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    is_page = target is not None and target.suffix.lower() in _PAGE
    if target is not None and not is_page and not public:
        raise CallError(
            f"„{target}“ endet nicht auf .html.",
            remedy=f"Schreiben Sie „{_as_page(target)}“.",
        )
    if public and not is_page:
        return _write_public(folder, target, overwrite, terminal)
    return _write_page(folder, target, public, overwrite, terminal)


def _as_page(target: Path) -> Path:
    return target.with_suffix(".html") if target.name else Path("bericht.html")


def _write_page(
    folder: Path, target: Path | None, public: bool, overwrite: bool, terminal: Terminal
) -> int:
    """One file, whole or not at all."""
    from daz_planner.district.workbook_file import check_new_file, write_whole
    from daz_planner.results.folder import REPORT_NAME
    from daz_planner.results.proof import cut_off_remark
    from daz_planner.results.stored import load_plan
    from daz_planner.results.stored_record import stored_record

    path = folder / REPORT_NAME if target is None else target
    plan = load_plan(folder)
    # The report of a folder is made of what lies beside it: nothing is lost with the old one.
    overwrite = overwrite or target is None
    check_new_file(path, overwrite=overwrite)
    record = stored_record(plan, folder)
    shared: Shared | None = None
    if public:
        from daz_planner.results.public_folder import public_report

        text, shared = public_report(plan, record)
    else:
        from daz_planner.results.report.page import report_page
        from daz_planner.results.tables import tables

        text = report_page(plan, tables(plan), record)
    write_whole(text.encode("utf-8"), path, overwrite=overwrite)
    terminal.print(f"Geschrieben: {path}")
    if plan.hit_limit:
        terminal.print(cut_off_remark(plan))
    if shared is not None:
        show_left_out(terminal, shared)
    return ExitStatus.OK


def _write_public(folder: Path, target: Path | None, overwrite: bool, terminal: Terminal) -> int:
    from daz_planner.results.proof import cut_off_remark
    from daz_planner.results.public_folder import (
        check_public_folder,
        public_folder,
        write_public,
    )
    from daz_planner.results.stored import load_plan
    from daz_planner.results.stored_record import stored_record

    plan = load_plan(folder)
    path = public_folder(folder) if target is None else target
    check_public_folder(path, folder, overwrite)
    record = stored_record(plan, folder)
    shared = write_public(plan, path, record, source=folder, overwrite=overwrite)
    terminal.print(f"Geschrieben: {path}")
    if plan.hit_limit:
        terminal.print(cut_off_remark(plan))
    show_left_out(terminal, shared)
    return ExitStatus.OK


def show_left_out(terminal: Terminal, shared: Shared) -> None:
    """Say what the shared version leaves out, and what to mind with a second one."""
    from daz_planner.results.public_texts import left_out_sentence

    terminal.print(left_out_sentence(shared))
