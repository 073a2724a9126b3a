"""The tables of the handbook that come out of the program: ``<!-- Tabelle NAME -->`` … ``Ende``."""

from __future__ import annotations

import re
from collections.abc import Callable

from daz_planner.cli.status import ExitStatus
from daz_planner.district import template_texts as texts
from daz_planner.district.layout import DETAILS
from daz_planner.scenario import load_scenario, shipped_names
from daz_planner.scenario.rows import key_table

TABLE = re.compile(r"(<!-- Tabelle ([\w-]+) -->\n)(.*?)(<!-- Ende -->)", re.DOTALL)

_CODES = {
    ExitStatus.OK: "fertig, alles gut",
    ExitStatus.WRONG: "Eingabe oder Aufruf falsch; es wurde nichts geschrieben",
    ExitStatus.WITHOUT_SEAT: "fertig, aber ein halbes Kind oder mehr bleibt ohne Platz; der Plan "
    "ist vollständig und sagt, wer wartet, wo und warum",
    ExitStatus.LIMIT: "am Zeitlimit beendet, bevor der Plan gut genug war (geht der 3 vor)",
    ExitStatus.BUG: "Fehler im Programm; die Meldung nennt eine Datei mit Einzelheiten",
    ExitStatus.INTERRUPTED: "von Ihnen abgebrochen (Strg+C)",
}


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """A table; a bar in a cell stays text."""
    cells = [[_cell(cell) for cell in row] for row in rows]
    lines = [head, ["---"] * len(head), *cells]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").strip() or "–"


def scenario_keys() -> str:
    """Every key of the scenario file, from the model."""
    rows = []
    for row in key_table():
        origin = f" Herkunft der Vorgabe: {row.origin.rstrip('.')}." if row.default else ""
        meaning = f"{row.description.rstrip('.')}.{origin}"
        rows.append([f"`{row.key}`", row.default, row.unit, meaning])
    return markdown(["Schlüssel", "Vorgabe", "Einheit", "Bedeutung"], rows)


def scenarios() -> str:
    """The shipped scenarios and where what is their own comes from."""
    inherited = load_scenario("basis").quellen
    rows = []
    for name in shipped_names():
        scenario = load_scenario(name)
        own = [
            text
            for key, text in scenario.quellen.items()
            if name == "basis" or inherited.get(key) != text
        ]
        rows.append([f"`{name}`", scenario.beschreibung, "; ".join(own)])
    return markdown(["Szenario", "Geschichte", "Herleitung"], rows)


def sheets() -> str:
    """The sheets of the input workbook: what they are for, and their columns."""
    rows = []
    for spec in (DETAILS, *texts.ORDER):
        must, free = [], []
        for column in spec.columns:
            if column.unused or column.name in ("Nr.", "Quelle"):
                continue
            wanted = texts.need(spec, column)
            if wanted is texts.Need.MUST or wanted is texts.Need.COLUMN:
                must.append(f"**{column.name}**")
            elif wanted is texts.Need.EITHER:
                must.append(f"**{column.name}** \\*")
            else:
                free.append(column.name)
        rows.append([spec.name, ", ".join([*must, *free]), texts.ABOUT[spec.name].purpose])
    return markdown(["Blatt", "Spalten (**Pflicht**)", "Wofür"], rows)


def exit_codes() -> str:
    """The exit codes in their order."""
    rows = [[str(int(status)), _CODES[status]] for status in ExitStatus]
    return markdown(["Zahl", "Bedeutung"], rows)


TABLES: dict[str, Callable[[], str]] = {
    "Szenario-Schlüssel": scenario_keys,
    "Szenarien": scenarios,
    "Blätter": sheets,
    "Rückgabewerte": exit_codes,
}


def with_tables(text: str) -> str:
    """The text with every table as it is now."""
    return TABLE.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n{found[4]}", text)
