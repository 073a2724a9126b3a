"""What a run takes from the sheet Historie, as rows of the sheet Annahmen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.simulation.history import history_level

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario

SHEET = "Blatt Historie der Eingabe"


def history_rows(district: District, scenario: Scenario) -> list[list[object]]:
    """Level of the arrivals and how much it moves; no rows where the scenario names a level."""
    if scenario.zuzug.aus is None:
        return []
    level = history_level(district, scenario)
    months = f"{german.month_key(level.first)}–{german.month_key(level.last)}"
    rows: list[list[object]] = [
        [
            "zuzug.aus: Niveau",
            f"Mittel der Anmeldungen aus {german.plural(len(level.ages), 'Monat', 'Monaten')}, "
            "ohne Jahresgang.",
            round(level.per_month, 3),
            "Anmeldungen je Monat",
            months,
            SHEET,
            "ja",
            "",
        ]
    ]
    for kind, share in (level.shares or {}).items():
        meaning = "Anteil der Schulart an den Anmeldungen, statt zuzug.schularten."
        rows.append(
            [f"zuzug.aus: {kind}", meaning, round(share, 4), "Anteil", months, SHEET, "ja", ""]
        )
    if scenario.zuzug.niveau_schwankung is None:
        rows.append(
            [
                "zuzug.aus: niveau_schwankung",
                "Wie sehr sich das Niveau verschiebt, aus den Änderungen von Halbjahr zu Halbjahr; "
                "eine kurze Historie zählt weniger als die Zuweisungen 2013 bis 2017.",
                round(level.drift, 4),
                "Anteil je Monat",
                "",
                SHEET,
                "ja",
                "",
            ]
        )
    return rows
