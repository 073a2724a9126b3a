"""``daz-planner pruefen``: everything that is wrong or doubtful in the input, at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daz_planner.cli.options import FORMATS, Quiet, ReferenceDate, one_of
from daz_planner.cli.status import ExitStatus
from daz_planner.errors import InputError

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.district.findings import Finding
    from daz_planner.district.model import District

HEADER = ("Datei", "Blatt", "Zelle", "Art", "Wert", "Befund", "Abhilfe")
MOST_FINDINGS = 200
"""Findings that the text shows; a longer list is for Excel."""


def pruefen(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="EINGABE...",
            show_default=False,
            help="Eine oder mehrere Arbeitsmappen (.xlsx, .xls, .ods) oder Tabellen (.csv).",
        ),
    ],
    kind: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="ART",
            parser=one_of("--format", FORMATS),
            help="text (zum Lesen), csv (für Excel) oder json (für Programme). Ohne Angabe: text.",
        ),
    ] = "text",
    reference_date: ReferenceDate = None,
    quiet: Quiet = False,
) -> int:
    """Prüft die Eingabe und nennt alle Fehler und Warnungen auf einmal.

    Fehler verhindern einen Plan, Warnungen nicht. Mit Fehlern endet der Befehl mit 2, sonst mit 0.
    """
    from daz_planner.cli.terminal import Terminal

    terminal = Terminal(quiet=quiet)
    checked = [_check(file, reference_date) for file in files]
    findings = [finding for _, found in checked for finding in found]
    if kind == "csv":
        terminal.write(_csv(findings))
    elif kind == "json":
        terminal.write(json.dumps([_record(f) for f in findings], ensure_ascii=False, indent=2))
        terminal.write("\n")
    else:
        for file, (district, found) in zip(files, checked, strict=True):
            terminal.print(f"{file}", style="bold")
            if district is not None:
                terminal.print(_content(district))
            terminal.findings(found, most=MOST_FINDINGS, more="siehe pruefen --format csv")
            terminal.print(f"{_verdict(found)}\n")
    return ExitStatus.WRONG if any(map(_is_fault, findings)) else ExitStatus.OK


def _check(file: Path, day: date | None) -> tuple[District | None, tuple[Finding, ...]]:
    """The district, where the file can be read, and everything found in it."""
    from daz_planner.cli.runs import with_cap_findings
    from daz_planner.district import read_district
    from daz_planner.district.findings import Finding

    try:
        district = with_cap_findings(read_district(file, reference_date=day))
    except InputError as error:
        if error.findings:
            return None, error.findings
        whole = Finding(
            file=file.name,
            sheet="",
            row=0,
            column=0,
            code="datei",
            problem=error.message,
            remedy=error.remedy,
        )
        return None, (whole,)
    return district, district.findings


def _is_fault(finding: Finding) -> bool:
    return finding.severity.name == "FAULT"


def _content(district: District) -> str:
    from daz_planner.cli.terminal import counted

    schools = district.schools
    reserve = sum(school.reserve or 0 for school in schools)
    parts = [
        counted(len(schools), "Schule", "Schulen"),
        counted(sum(s.classes for s in schools), "VKA-Klasse", "VKA-Klassen"),
        counted(sum(s.pupils for s in schools), "Schüler", "Schüler"),
        f"Kapazitätsreserve {reserve}",
        counted(len(district.newcomers), "Kind auf der Warteliste", "Kinder auf der Warteliste"),
    ]
    day = district.reference_date
    return f"{district.name}, Stand {day:%d.%m.%Y}: {', '.join(parts)}."


def _verdict(findings: tuple[Finding, ...]) -> str:
    from daz_planner.cli.terminal import counted

    faults = sum(map(_is_fault, findings))
    warnings = len(findings) - faults
    if not findings:
        return "Alles in Ordnung."
    end = "So entsteht kein Plan." if faults else "Ein Plan ist möglich."
    text = f"{counted(faults, 'Fehler', 'Fehler')}, {counted(warnings, 'Warnung', 'Warnungen')}."
    return f"{text[0].upper()}{text[1:]} {end}"


def _record(finding: Finding) -> dict[str, str]:
    values = (
        finding.file,
        finding.sheet,
        finding.cell,
        finding.severity.value,
        finding.value,
        finding.problem,
        finding.remedy,
    )
    return dict(zip(HEADER, values, strict=True))


def _csv(findings: list[Finding]) -> str:
    """Semicolons as German Excel wants them; text that looks like a formula stays text."""
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\n")
    writer.writerow(HEADER)
    for finding in findings:
        record = _record(finding)
        writer.writerow(f"'{v}" if v.startswith(tuple("=+-@")) else v for v in record.values())
    return buffer.getvalue()
