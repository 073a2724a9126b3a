"""The sheets Belegung (seats and use month by month) and Ausgangszahlen (where the plan starts)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.district.today_numbers import COMPUTED, ROSTER
from daz_planner.results.sheets.lists import add_list, mark
from daz_planner.results.sheets.style import ALARM, CAUTION, Styles

if TYPE_CHECKING:
    from openpyxl import Workbook

    from daz_planner.results.schema import Table
    from daz_planner.results.sheets.frame import Placed

_NOTE = (
    "Erwartete Belegung am Stichtag und je Monat danach. Rot, fett und umrandet: 100 % oder mehr. "
    "Gelb und unterstrichen: ab 90 %. Plätze = Klassen × Obergrenze + Abweichung der Reserve."
)
_BANDS_NOTE = (
    "P10, P50, P90: in den gezogenen Zukünften, in denen jedes Kind an den nächsten freien Platz "
    "kommt (Blatt Zukünfte)."
)
_START_NOTE = (
    "Woher die Zahlen von heute stammen. beide: Bestand und Tabelle nennen dieselbe Zahl; sonst "
    "zählt die größere. Reserve gerechnet: keine Angabe, also Klassen × Obergrenze − Schüler."
)
# The limits follow what is shown: one decimal.
_FULL = "AND(ISNUMBER({cell}),{cell}>=0.9995)"
_HIGH = "AND(ISNUMBER({cell}),{cell}>=0.8995)"
_SHARE = "Auslastung %"


def add_occupancy(workbook: Workbook, styles: Styles, load: Table, footer: str) -> Placed:
    """Belegung: a row a school and month; where the table stands."""
    bands = "" if load.is_empty or load.frame.columns[-1] != "belegt P90" else f" {_BANDS_NOTE}"
    placed = add_list(
        workbook,
        styles,
        load,
        name="Belegung",
        title="Plätze und Belegung Monat für Monat",
        note=_NOTE + bands,
        footer=footer,
        frozen_columns=3,
    )
    mark(workbook["Belegung"], placed, _SHARE, _FULL, ALARM, stop=True)
    mark(workbook["Belegung"], placed, _SHARE, _HIGH, CAUTION)
    return placed


def add_start(workbook: Workbook, styles: Styles, start: Table, footer: str) -> Placed:
    """Ausgangszahlen: pupils and free seats of each school, and their sources."""
    name = "Ausgangszahlen"
    placed = add_list(
        workbook,
        styles,
        start,
        name=name,
        title="Ausgangszahlen am Stichtag",
        note=_START_NOTE,
        footer=footer,
    )
    mark(workbook[name], placed, "Quelle Schüler", f'{{cell}}="{ROSTER}"', CAUTION)
    mark(workbook[name], placed, "Quelle Reserve", f'{{cell}}="{COMPUTED}"', CAUTION)
    return placed
