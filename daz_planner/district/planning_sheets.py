"""The sheets Klassenplan, Räume, Regelklassen, Lehrerstunden and Historie."""

from __future__ import annotations

from daz_planner.district.collect import Collector
from daz_planner.district.gaps import Gaps
from daz_planner.district.model import (
    SCHOOL_TYPES,
    ClassDecision,
    HistoryMonth,
    RegularClasses,
    RoomChange,
    TeacherBudget,
)
from daz_planner.district.names import normal_name
from daz_planner.district.references import Known, SheetReader, school_question
from daz_planner.district.rows import RowKind, classify, records, report_asides
from daz_planner.district.sums import check_sums
from daz_planner.district.tables import Record, Table, read_record
from daz_planner.district.text import fold, quoted


def read_class_plan(table: Table, known: Known, out: Collector) -> tuple[ClassDecision, ...]:
    """What the office has decided; a school that is not in the table is a fault."""
    reader = SheetReader(table, known, out)
    result: list[ClassDecision] = []
    for record in records(table, out):
        written = record.get("Schule")
        school = reader.school(record, "Schule", written) if written else None
        if school is None or not {"ab", "Klassen", "Stand"} <= record.values.keys():
            continue
        result.append(
            ClassDecision(
                school.name,
                record.get("ab"),
                record.get("Klassen"),
                record.get("Stand"),
                **reader.at(record),
            )
        )
    return tuple(result)


def read_rooms(table: Table, known: Known, out: Collector) -> tuple[RoomChange, ...]:
    """Rooms by month; a school that is not in the table is a fault."""
    reader = SheetReader(table, known, out)
    result: list[RoomChange] = []
    for record in records(table, out):
        written = record.get("Schule")
        school = reader.school(record, "Schule", written) if written else None
        if school is None or not {"ab", "freie Räume"} <= record.values.keys():
            continue
        result.append(
            RoomChange(
                school.name, record.get("ab"), record.get("freie Räume"), **reader.at(record)
            )
        )
    return tuple(result)


def read_regular_classes(table: Table, known: Known, out: Collector) -> tuple[RegularClasses, ...]:
    """Regular classes by school and grade.

    A school that is not in the table of schools runs no VKA and keeps its name as written; where
    the name looks like one of the table that is asked about.
    """
    reader = SheetReader(table, known, out)
    result: list[RegularClasses] = []
    first_row: dict[tuple[str, int], int] = {}
    spelling: dict[object, str] = {}
    rows = classify(table, is_name=lambda name: True)
    read: list[Record] = []
    report_asides(table, rows, out)
    for item in rows:
        if item.kind is not RowKind.DATA:
            continue
        record = read_record(table, item.row, out)
        read.append(record)
        written = record.get("Schule")
        if not written:
            continue
        name = _regular_school(reader, record, written, spelling)
        grade = record.get("Klassenstufe")
        if grade is None or not {"Klassen", "Schüler"} <= record.values.keys():
            continue
        first = first_row.setdefault((name, grade), record.row)
        if first != record.row:
            record.repeats = first
            reader.fault(
                record,
                "Schule",
                "regelklasse_doppelt",
                f"Klassenstufe {grade} der Schule {quoted(name)} steht schon in Zeile {first}.",
                "Fassen Sie beide Zeilen zusammen, oder löschen Sie eine.",
            )
            continue
        place = record.get("Gemeinde", "")
        result.append(
            RegularClasses(
                name,
                grade,
                record.get("Klassen"),
                record.get("Schüler"),
                record.get("Inklusionszuschlag", 0.0),
                record.get("Schulart", ""),
                reader.municipality(record, "Gemeinde", place) if place else "",
                **reader.at(record),
            )
        )
    check_sums(table, rows, read, {}, out)
    return tuple(result)


def _regular_school(
    reader: SheetReader, record: Record, written: str, spelling: dict[object, str]
) -> str:
    """The name in the spelling of the table, else in that of its first row here."""
    match = reader.matched(record, "Schule", written)
    if match.certain is not None:
        return match.certain.name
    normal = normal_name(written)
    first = spelling.setdefault(normal if normal.words else fold(written), written)
    asked = bool(match.candidates) and not reader.known.school_is_open()
    if first == written and asked and written not in reader.told:
        reader.told.add(written)
        reader.warn(
            record,
            "Schule",
            "schule_ohne_vka",
            f"{quoted(written)} steht nicht in der Tabelle der Schulen und gilt als Schule ohne "
            "VKA.",
            school_question(match),
        )
    return first


def read_teacher_budgets(table: Table, out: Collector) -> tuple[TeacherBudget, ...]:
    """Teacher hours by school type or by planning area, exactly one of them in a row."""
    reader = SheetReader(table, Known.nothing(), out)
    if not table.has("Schulart") and not table.has("Planungsregion"):
        out.fault(
            "spalte_fehlt",
            "Es fehlt eine Spalte „Schulart“ oder „Planungsregion“.",
            "Ergänzen Sie eine der beiden: wofür gelten die Stunden?",
            sheet=table.sheet,
            row=table.header_row,
            value="Schulart",
        )
        return ()
    result: list[TeacherBudget] = []
    first_row: dict[str, int] = {}
    for record in records(table, out):
        kind, area = record.get("Schulart", ""), record.get("Planungsregion", "")
        column = "Schulart" if table.has("Schulart") else "Planungsregion"
        if bool(kind) == bool(area):
            if "Schulart" in record.faulty:
                continue
            reader.fault(
                record,
                column,
                "stunden_unklar",
                "Für die Stunden stehen Schulart und Planungsregion da, es zählt nur eine."
                if kind
                else "Es fehlt, wofür die Stunden gelten.",
                "Tragen Sie die Schulart oder die Planungsregion ein, nicht beide.",
            )
            continue
        first = first_row.setdefault(fold(f"{kind} {area}"), record.row)
        if first != record.row:
            reader.fault(
                record,
                column,
                "stunden_doppelt",
                f"Die Stunden für {quoted(kind or area)} stehen schon in Zeile {first}.",
                "Fassen Sie beide Zeilen zusammen, oder löschen Sie eine.",
                kind or area,
            )
        elif "Stunden" in record.values:
            result.append(TeacherBudget(record.get("Stunden"), kind, area, **reader.at(record)))
    return tuple(result)


_KINDS = ("", *SCHOOL_TYPES)
_PHASES = {"VKA-Schüler": 0, "Phase 1": 1, "Phase 2": 2, "Phase 3": 3}


def read_history(table: Table, gaps: Gaps, out: Collector) -> tuple[HistoryMonth, ...]:
    """Past months in order: registrations in total or by school type, VKA pupils by phase."""
    reader = SheetReader(table, Known.nothing(), out)
    result: list[HistoryMonth] = []
    registered = {f"Anmeldungen {kind}".strip(): kind for kind in _KINDS}
    if not any(table.has(name) for name in (*registered, *_PHASES)):
        out.fault(
            "spalte_fehlt",
            "Neben dem Monat fehlt eine Spalte mit Zahlen: „Anmeldungen“ (auch je Schulart), "
            "„VKA-Schüler“ oder „Phase 1“ bis „Phase 3“.",
            "Ergänzen Sie eine davon, oder lassen Sie das Blatt leer.",
            sheet=table.sheet,
            row=table.header_row,
            value="Anmeldungen",
        )
        return ()
    for record in records(table, out):
        if "Monat" not in record.values:
            gaps.history_lost = True
            continue
        result.append(
            HistoryMonth(
                record.get("Monat"),
                tuple(
                    (kind, record.get(name))
                    for name, kind in registered.items()
                    if name in record.values
                ),
                tuple(
                    (phase, record.get(name))
                    for name, phase in _PHASES.items()
                    if name in record.values
                ),
                **reader.at(record),
            )
        )
    gaps.history_lost |= bool(table.lost)
    return tuple(sorted(result, key=lambda entry: entry.month))
