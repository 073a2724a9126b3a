"""The load test as a table: a row a school type and event, and all together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.results.load_test_texts import cell_text, why_no_class
from daz_planner.results.need import TOGETHER
from daz_planner.results.schema import Column, Kind, Table, table

if TYPE_CHECKING:
    from daz_planner.planning.load_futures import Spread
    from daz_planner.planning.load_search import Unfinished
    from daz_planner.planning.load_test import LoadTest, TypeLoad

FIRST_CLASS = "erste neue Klasse"
SEATS_FULL = "heutige Plätze voll"
FIRST_WAITING = "Kind wartet, alle Räume genutzt"


def load_test_tables(test: LoadTest) -> dict[str, Table]:
    """All tables by name."""
    built = [load_test_table(test)]
    return {item.name: item for item in built}


def load_test_table(test: LoadTest) -> Table:
    """Belastung: the factor in the expectation and its spread over the futures.

    „Zukünfte ohne“: share of the futures in which it does not happen in the scenario itself.
    """
    factor = "Faktor auf den Zuzug"
    columns = [
        Column("Schulart"),
        Column("Ereignis", width=32),
        Column("Faktor", Kind.NUMBER, factor, 2),
        Column("Anmeldungen je Monat", Kind.NUMBER, "Anmeldungen je Monat", 1),
        *(Column(name, Kind.NUMBER, factor, 2) for name in ("P10", "P50", "P90")),
        Column("Zukünfte ohne %", Kind.SHARE, "% der Zukünfte bei Faktor 1", 1),
        Column("Monat", Kind.MONTH),
        Column("Bemerkung", width=18),
    ]
    rows = []
    for load in test.types:
        rows.append(_class_row(test, load, load.school_type, load.class_spread))
        rows.append(_full_row(test, load, load.school_type, load.full_spread))
        rows.append(_waiting_row(test, load, load.school_type, load.waiting_spread))
    rows.append(_class_row(test, test.first_class, TOGETHER, test.class_spread))
    rows.append(_full_row(test, test.seats_full, TOGETHER, test.full_spread))
    rows.append(_waiting_row(test, test.first_waiting, TOGETHER, test.waiting_spread))
    return table("belastung", columns, rows, empty="Es gibt keine Schulart.")


def _class_row(test: LoadTest, load: TypeLoad | None, name: str, spread: Spread) -> list[object]:
    factor = load.first_class if load else None
    opens = load.opens if load else None
    never = _open(load.first_class_open) if load else ""
    if load is not None and factor is None and not never:
        never = why_no_class(load, hours_limited=test.hours_limited)
    return [
        name,
        FIRST_CLASS,
        *_numbers(test, factor, spread),
        opens.month if opens else None,
        never,
    ]


def _full_row(test: LoadTest, load: TypeLoad | None, name: str, spread: Spread) -> list[object]:
    factor = load.seats_full if load else None
    never = _never(load, load.full_open if load else None)
    return [name, SEATS_FULL, *_numbers(test, factor, spread), None, never]


def _waiting_row(test: LoadTest, load: TypeLoad | None, name: str, spread: Spread) -> list[object]:
    factor = load.first_waiting if load else None
    month = load.waits_in if load else None
    never = _never(load, load.waiting_open if load else None)
    return [name, FIRST_WAITING, *_numbers(test, factor, spread), month, never]


def _never(load: TypeLoad | None, unknown: Unfinished | None) -> str:
    """Why there is no factor."""
    return "keine Schule" if load is not None and not load.has_schools else _open(unknown)


def _open(unknown: Unfinished | None) -> str:
    """What is known where the time did not suffice."""
    if unknown is None:
        return ""
    known = cell_text(None, unknown)
    return "Zeitlimit" if known == "nicht gerechnet" else f"Zeitlimit: {known}"


def _numbers(test: LoadTest, factor: float | None, spread: Spread) -> list[float | None]:
    count = None if factor is None else factor * test.registrations
    return [factor, count, spread.low, spread.middle, spread.high, spread.suffices]
