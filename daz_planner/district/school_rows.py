"""What is to be said of single rows of the table of schools, and which block they stand in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from daz_planner.district import values
from daz_planner.district.rows import Classified, RowKind
from daz_planner.district.tables import Record
from daz_planner.district.text import fold, quoted
from daz_planner.german import plural

NUMBERS = ("VKA-Schüler", "VKA-Klassen", "Kap.reserve")


def block_types(rows: Sequence[Classified]) -> dict[int, str]:
    """Row number → school type of its block: the heading above, else the sum row below."""
    types: dict[int, str] = {}
    open_rows: list[int] = []
    heading: str | None = None
    for item in rows:
        if item.kind is RowKind.HEADING:
            heading, open_rows = item.school_type, []
        elif item.kind is RowKind.DATA:
            if heading is not None:
                types[item.row.number] = heading
            else:
                open_rows.append(item.row.number)
        elif item.kind is RowKind.SUM:
            if item.school_type is not None:
                types.update(dict.fromkeys(open_rows, item.school_type))
            heading, open_rows = None, []
    return types


def no_school(name: str) -> str:
    """What to do with a row that is no school. Without numbers it must not sound like one."""
    if values.type_of_name(name) is not None:
        return "Ist das keine Schule, löschen Sie die Zeile."
    return (
        "Ist das keine Schule, löschen Sie die Zeile oder setzen Sie sie ohne ihre Zahlen unter "
        "die Tabelle."
    )


def twice(record: Record, name: str, first: Record, other: str) -> tuple[str, str]:
    """Problem and remedy where a school is there a second time; ``first`` has its name ``other``.

    The same name in two municipalities may be two schools; other numbers say that one is wrong.
    """
    places = [str(r.get("Gemeinde", "")) for r in (first, record)]
    apart = all(places) and fold(places[0]) != fold(places[1]) and fold(other) == fold(name)
    as_what = "" if fold(other) == fold(name) else f" als {quoted(other)}"
    where = f", dort in {places[0]}, hier in {places[1]}" if apart else ""
    same = all(first.get(column) == record.get(column) for column in NUMBERS)
    which = "eine der beiden Zeilen" if same else "die Zeile mit den falschen Zahlen"
    remedy = f"Löschen Sie {which}, oder geben Sie den Schulen verschiedene Namen."
    if apart and fold(places[1]) not in fold(name):
        remedy = (
            "Sind es zwei Schulen, dann setzen Sie die Gemeinde in den Namen, z. B. "
            f"{quoted(f'{name} {places[1]}')}; sonst löschen Sie eine der beiden Zeilen."
        )
    problem = (
        f"Die Schule {quoted(name)} steht schon in Zeile {first.row}{as_what}{where}"
        f"{'' if same else ', mit anderen Zahlen'}."
    )
    return problem, remedy


def check_row_counts(
    record: Record,
    name: str,
    phases: tuple[int | None, ...],
    warn: Callable[[str, str, str, str], None],
) -> None:
    """Warnings on counts that contradict each other within the row.

    ``warn`` takes column, code, problem and remedy.
    """
    pupils, classes = record.get("VKA-Schüler"), record.get("VKA-Klassen")
    if pupils and not classes:
        warn(
            "VKA-Klassen",
            "schueler_ohne_klasse",
            f"{quoted(name)} hat {pupils} VKA-Schüler, aber keine VKA-Klasse.",
            "Prüfen Sie die Zahl der Klassen; gerechnet wird mit 0 Klassen.",
        )
    if classes and not pupils:
        warn(
            "VKA-Schüler",
            "klasse_ohne_schueler",
            f"{quoted(name)} hat {plural(classes, 'VKA-Klasse', 'VKA-Klassen')}, "
            "aber keinen VKA-Schüler.",
            "Prüfen Sie die Zahl der Schüler; gerechnet wird mit 0 Schülern.",
        )
    first, second = phases[0], phases[1]
    if first is not None and second is not None and first + second != pupils:
        warn(
            "Phase 1",
            "phasen_summe",
            f"Bei {quoted(name)} ergeben Phase 1 und Phase 2 zusammen {first} + {second} = "
            f"{first + second}, die Spalte „VKA-Schüler“ nennt {pupils}.",
            f"Gerechnet wird mit {plural(pupils or 0, 'VKA-Schüler', 'VKA-Schülern')}.",
        )
