"""What a plan changes against an earlier one, as a table and in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.planning.changes import ABOUT_CLASSES, ChangeKind
from daz_planner.results.schema import Column, Table, table

if TYPE_CHECKING:
    from daz_planner.planning.changes import Changes


def change_tables(changes: Changes) -> dict[str, Table]:
    """The one table by its name."""
    built = change_table(changes)
    return {built.name: built}


def change_table(changes: Changes) -> Table:
    """Änderungen: one row a difference against the earlier plan."""
    columns = [
        Column("Änderung", width=21),
        Column("Schule oder Schüler-ID", width=30),
        Column("Schulart"),
        Column("früher", width=30),
        Column("jetzt", width=30),
        Column("Grund", width=60),
    ]
    rows = [
        [item.kind.value, item.who, item.school_type, item.before, item.after, item.reason]
        for item in changes.items
    ]
    return table("aenderungen", columns, rows, empty=nothing_changed(changes))


def nothing_changed(changes: Changes) -> str:
    """The sentence where there is no difference."""
    return f"Gegenüber dem Plan vom {german.day(changes.reference_date)} ändert sich nichts."


def change_sentence(changes: Changes) -> str:
    """How much changes, in one sentence or two."""
    if not changes.items:
        return f"{nothing_changed(changes)} {_kept(changes)}".rstrip()
    counted = (
        ("neue Klasse", "neue Klassen", (ChangeKind.NEW_CLASS,)),
        ("verschobene Klasse", "verschobene Klassen", (ChangeKind.MOVED_CLASS,)),
        ("Klasse weniger", "Klassen weniger", (ChangeKind.NO_CLASS, ChangeKind.CLOSED_CLASS)),
        (
            "Schule mit weniger Klassen in der Eingabe",
            "Schulen mit weniger Klassen in der Eingabe",
            (ChangeKind.FEWER_TODAY,),
        ),
        (
            "Schule mit mehr Klassen in der Eingabe",
            "Schulen mit mehr Klassen in der Eingabe",
            (ChangeKind.MORE_TODAY,),
        ),
        ("fehlende Schule", "fehlende Schulen", (ChangeKind.NO_SCHOOL,)),
        (
            "Kind mit anderem Platz",
            "Kinder mit anderem Platz",
            (ChangeKind.OTHER_SEAT, ChangeKind.OTHER_MONTH, ChangeKind.FIRST_SEAT),
        ),
        ("Kind jetzt ohne Platz", "Kinder jetzt ohne Platz", (ChangeKind.NO_SEAT,)),
        ("neues Kind", "neue Kinder", (ChangeKind.NEW_CHILD,)),
        (
            "Kind nicht mehr auf der Liste",
            "Kinder nicht mehr auf der Liste",
            (ChangeKind.NO_CHILD,),
        ),
    )
    parts = [
        german.plural(number, one, many)
        for one, many, kinds in counted
        if (number := changes.count(*kinds))
    ]
    return (
        f"Gegenüber dem Plan vom {german.day(changes.reference_date)}: {german.listed(parts)}. "
        f"{_kept(changes)}"
    ).rstrip()


def _kept(changes: Changes) -> str:
    parts = []
    if changes.kept_classes:
        parts.append(
            german.plural(changes.kept_classes, "angekündigte Klasse", "angekündigte Klassen")
        )
    if changes.kept_seats:
        parts.append(german.plural(changes.kept_seats, "Platz eines Kindes", "Plätze von Kindern"))
    if not parts:
        return ""
    verb = "bleibt" if changes.kept_classes + changes.kept_seats == 1 else "bleiben"
    return f"Es {verb} {german.listed(parts)}."


def about_classes(changes: Changes) -> list[tuple[str, str, str]]:
    """(what, school, from and to) of the changes that are about a school."""
    return [
        (item.kind.value, item.who, f"{item.before} → {item.after}")
        for item in changes.items
        if item.kind in ABOUT_CLASSES
    ]
