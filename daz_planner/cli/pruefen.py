"""``daz-planner pruefen``: everything that is wrong or doubtful in the input, at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daz_planner.cli.options import (
    FORMATS,
    Overwrite,
    Quiet,
    ReferenceDate,
    ScenarioName,
    one_of,
)
from daz_planner.cli.status import ExitStatus
from daz_planner.errors import InputError

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.cli.terminal import Terminal
    from daz_planner.district.annotate import ErrorFile
    from daz_planner.district.findings import Finding
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario

MOST_FINDINGS = 200
"""Lines of findings that the text shows; a longer list is for Excel."""
GROUPED = (
    "Gezählt ist jede Zelle; gleiche Befunde einer Spalte stehen oben in einer Zeile zusammen."
)


@dataclass(frozen=True)
class Checked:
    """One input: the district, where it can be read, and everything found in it."""

    path: Path
    district: District | None
    findings: tuple[Finding, ...]


def pruefen(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="EINGABE...",
            show_default=False,
            help="Arbeitsmappen (.xlsx, .xls, .ods), Tabellen (.csv) oder Ordner. Jede Datei wird "
            "für sich geprüft; die Dateien eines Ordners gehören zu einem Landkreis.",
        ),
    ],
    error_file: Annotated[
        Path | None,
        typer.Option(
            "--fehlerdatei",
            metavar="F.xlsx",
            help="Schreibt eine Kopie Ihrer Mappe mit farbigen Zellen, Notizen und einer Liste. "
            "Für Ordner und mehrere Dateien: die Liste, daneben im Ordner F-Kopien die Kopien der "
            "fehlerhaften Mappen. Von .xls, .ods und .csv gibt es nur die Liste.",
        ),
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="ART",
            parser=one_of("--format", FORMATS),
            help="text (zum Lesen), csv (für Excel) oder json (für Programme). Ohne Angabe: text.",
        ),
    ] = "text",
    scenario_name: ScenarioName = "basis",
    reference_date: ReferenceDate = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> int:
    """Prüft die Eingabe und nennt alle Fehler und Warnungen auf einmal.

    Fehler verhindern einen Plan, Warnungen nicht. Mit Fehlern endet der Befehl mit 2, sonst mit 0.
    """
    from daz_planner.cli.finding_list import csv_bytes, json_bytes
    from daz_planner.cli.runs import loaded_scenario
    from daz_planner.cli.terminal import Terminal
    from daz_planner.district.annotate import check_error_file, write_error_file

    terminal = Terminal(quiet=quiet)
    scenario = loaded_scenario(scenario_name)
    if error_file is not None:
        check_error_file(error_file, files, overwrite=overwrite)
    checked = _with_unlike_names([_check(file, reference_date, scenario) for file in files])
    findings = sorted((f for item in checked for f in item.findings), key=lambda f: f.sort_key)
    written = None
    if error_file is not None:
        written = write_error_file(error_file, files, findings, overwrite=overwrite)
    if kind == "csv":
        terminal.write_bytes(csv_bytes(findings))
    elif kind == "json":
        terminal.write_bytes(json_bytes(findings))
    elif quiet:
        # Quiet keeps warnings back, but not what is wrong.
        faults = [finding for finding in findings if _is_fault(finding)]
        terminal.findings(
            faults, most=MOST_FINDINGS, more="siehe pruefen --format csv", on_error=True
        )
    else:
        _show(terminal, checked, findings, scenario)
        _show_order(terminal, scenario)
    if written is not None:
        _show_written(terminal, written, data_on_stdout=kind != "text")
    return ExitStatus.WRONG if any(map(_is_fault, findings)) else ExitStatus.OK


def _check(file: Path, day: date | None, scenario: Scenario) -> Checked:
    """Read one input; what keeps it from being read is a finding too."""
    from daz_planner.cli.runs import load, with_cap_findings
    from daz_planner.district.findings import Finding

    try:
        district = with_cap_findings(load(file, day), scenario)
    except InputError as error:
        if error.findings:
            return Checked(file, None, error.findings)
        whole = Finding(
            file=file.name or str(file),
            sheet="",
            row=0,
            column=0,
            code="datei",
            problem=error.message,
            remedy=error.remedy,
        )
        return Checked(file, None, (whole,))
    return Checked(file, district, (*district.findings, *_period_findings(district, scenario)))


def _period_findings(district: District, scenario: Scenario) -> tuple[Finding, ...]:
    """What keeps the period of the scenario from being computed from the reference date on."""
    from daz_planner.district.findings import Finding
    from daz_planner.simulation.population import planned_months

    try:
        planned_months(district, scenario)
    except InputError as error:
        return (
            Finding(
                file=district.files[0][0] if district.files else "",
                sheet="",
                row=0,
                column=0,
                code="zeitraum",
                problem=f"{error.place}: {error.message}",
                remedy=error.remedy,
            ),
        )
    return ()


def _with_unlike_names(checked: Sequence[Checked]) -> list[Checked]:
    """Files of the same name in two inputs get their folder, so that the list tells them apart."""
    names = Counter(name for item in checked for name in _file_names(item))
    return [
        replace(
            item,
            findings=tuple(
                replace(f, file=_longer(item.path, f.file)) if names[f.file] > 1 else f
                for f in item.findings
            ),
        )
        for item in checked
    ]


def _file_names(item: Checked) -> set[str]:
    read = item.district.files if item.district is not None else ()
    return {finding.file for finding in item.findings} | {name for name, _ in read}


def _longer(path: Path, file: str) -> str:
    return str(path) if path.name == file else str(path / file)


def _is_fault(finding: Finding) -> bool:
    return finding.severity.name == "FAULT"


def _show(
    terminal: Terminal,
    checked: Sequence[Checked],
    findings: Sequence[Finding],
    scenario: Scenario,
) -> None:
    """What was read, the list, and the counts."""
    from daz_planner.cli.finding_groups import grouped
    from daz_planner.cli.finding_list import sheet_tables
    from daz_planner.german import plural

    for item in checked:
        terminal.print(f"{item.path}", style="bold")
        if item.district is not None:
            for sentence in _content(item.district, scenario):
                terminal.print(sentence)
        if len(checked) > 1:
            terminal.print(_verdict(item.findings))
        terminal.print("")
    several = len(checked) > 1 or len({finding.file for finding in findings}) > 1
    groups = grouped(findings)
    shown = groups[:MOST_FINDINGS]
    for heading, table in sheet_tables(shown, terminal.out.width, with_file=several):
        terminal.print(heading, style="bold")
        terminal.print(table, "")
    more = sum(len(group.findings) for group in groups[MOST_FINDINGS:])
    if more:
        others = plural(more, "weiterer", "weitere")
        terminal.print(f"… und {others}, siehe pruefen --format csv\n")
    if len(checked) == 1:
        terminal.print(_verdict(findings))
    else:
        terminal.print(f"{len(checked)} Eingaben: {_counts(findings)}")
    if any(len(group.findings) > 1 for group in shown):
        terminal.print(GROUPED)


def _show_order(terminal: Terminal, scenario: Scenario) -> None:
    """What an unusual order of the goals means for every plan, as the plan says it too."""
    from daz_planner.planning.goal_hints import order_hints

    hints = order_hints(scenario.ziele)
    if hints:
        terminal.heading("Hinweise zum Szenario")
        terminal.bullets(hints)


def _show_written(terminal: Terminal, written: ErrorFile, *, data_on_stdout: bool) -> None:
    """Where the findings were written, and what the workbook does not hold."""
    from daz_planner.cli.terminal import counted

    show = terminal.note if data_on_stdout else terminal.print
    many = "farbige Zellen" if written.marked else "farbigen Zellen"
    cells = counted(written.marked, "farbige Zelle", many)
    if not data_on_stdout:
        show("")
    show(f"Geschrieben: {written.path}{f' ({cells})' if written.is_copy else ''}")
    if written.copies:
        files = counted(len(written.copies), "Kopie", "Kopien")
        show(f"Geschrieben: {written.copies[0].parent} ({files}, {cells})")
    for sentence in written.notes:
        show(sentence)


def _content(district: District, scenario: Scenario) -> list[str]:
    """What is in the district, and what is said of it whether it is right or wrong."""
    from daz_planner.cli.terminal import counted
    from daz_planner.district.today_numbers import source_text

    schools = district.schools
    parts = [
        counted(len(schools), "Schule", "Schulen"),
        counted(sum(s.classes for s in schools), "VKA-Klasse", "VKA-Klassen"),
        counted(sum(s.pupils for s in schools), "Schüler", "Schüler"),
        f"Kapazitätsreserve {_reserve(district, scenario)}",
        counted(len(district.newcomers), "Kind auf der Warteliste", "Kinder auf der Warteliste"),
    ]
    if len(district.files) > 1:
        parts.append(counted(len(district.files), "Datei", "Dateien"))
    sentences = [
        f"{district.name}, Stand {district.reference_date:%d.%m.%Y}: {', '.join(parts)}.",
    ]
    if district.roster is not None:
        number = counted(len(district.roster.pupils), "Schüler", "Schüler")
        sentences.append(f"Bestandsliste vom Stichtag: {number}. {source_text(district)}")
    sentences.append(_ways(district))
    return [*sentences, *_open_rules(district, scenario)]


def _reserve(district: District, scenario: Scenario) -> str:
    """The free seats that a plan starts with, as its summary says them."""
    from daz_planner.district.today_numbers import reserve_text
    from daz_planner.planning.seats import seats_without_new_classes

    seats = seats_without_new_classes(district, scenario, [district.reference_date])
    return reserve_text(district, seats[:, 0].tolist())


def _ways(district: District) -> str:
    """How many ways are given and how many are estimated."""
    from daz_planner.german import number

    municipalities = {m.name for m in district.municipalities}
    schools = {school.name for school in district.schools}
    pairs = len(municipalities) * len(schools)
    given = len(
        {
            (way.municipality, way.school)
            for way in district.ways
            if way.municipality in municipalities and way.school in schools
        }
    )
    every = "1" if pairs == 1 else f"alle {number(pairs)}"
    if not given:
        return f"Schulwege: {every} aus der Entfernung geschätzt."
    if given == pairs:
        return f"Schulwege: {every} angegeben."
    return (
        f"Schulwege: {number(given)} von {number(pairs)} angegeben, "
        f"{number(pairs - given)} aus der Entfernung geschätzt."
    )


def _open_rules(district: District, scenario: Scenario) -> list[str]:
    """The rules that are open in the months of the plan, as the plan says them."""
    from daz_planner.rules import class_cap_or_last
    from daz_planner.simulation.calendar import month_sequence

    if scenario.klassen.obergrenze != "regel":
        return []
    start, first = district.reference_date, scenario.zeitraum.beginn
    ahead = (first.year - start.year) * 12 + first.month - start.month if first else 0
    months = month_sequence(start, max(ahead, 0) + scenario.zeitraum.monate)
    caps = map(class_cap_or_last, months)
    return list(dict.fromkeys(cap.note for cap in caps if cap.open and cap.note))


def _verdict(findings: Sequence[Finding]) -> str:
    if not findings:
        return "Alles in Ordnung."
    faults = any(map(_is_fault, findings))
    end = "So entsteht kein Plan." if faults else "Ein Plan ist möglich."
    return f"{_counts(findings)} {end}"


def _counts(findings: Sequence[Finding]) -> str:
    from daz_planner.cli.terminal import counted

    faults = sum(map(_is_fault, findings))
    warnings = len(findings) - faults
    text = f"{counted(faults, 'Fehler', 'Fehler')}, {counted(warnings, 'Warnung', 'Warnungen')}."
    return f"{text[0].upper()}{text[1:]}"
