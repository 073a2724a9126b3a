"""A facility location problem stated as an input workbook and a scenario, for tests and benchmarks.

The customers are municipalities, the sites are Oberschulen without a class today, the costs of one
unit stand on the sheet Wege, and all demand is registered in the month after the reference date.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

Numbers = Sequence[float]


def write_facility_workbook(
    path: Path,
    demand: Numbers,
    cost: Sequence[Numbers],
    capacity: Numbers,
    opening_cost: Numbers,
    modules: Sequence[int] | None = None,
) -> Path:
    """Write the workbook; ``cost[i][s]`` is that of one unit, finite. Capacities are whole."""
    sites = [f"Standort {s + 1}" for s in range(len(capacity))]
    customers = [f"Kunde {i + 1}" for i in range(len(demand))]
    total = sum(demand)
    book = Workbook(write_only=True)
    details = book.create_sheet("Angaben")
    details.append(["Landkreis", "Probe"])
    details.append(["Stichtag", "08.02.2017"])
    schools = book.create_sheet("Schulen")
    head = ["Schule", "Schulart", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve"]
    schools.append([*head, "Klassengröße", "freie Räume", "Öffnungskosten", "Breite", "Länge"])
    for s, site in enumerate(sites):
        rooms = 1 if modules is None else int(modules[s])
        size = int(capacity[s])
        if size != capacity[s]:
            raise ValueError("a class has a whole number of seats")
        schools.append(
            [site, "OS", customers[0], 0, 0, 0, size, rooms, opening_cost[s], 51.2, 13.5]
        )
    places = book.create_sheet("Gemeinden")
    places.append(["Gemeinde", "Einwohner", "Breite", "Länge", "Anteil am Zuzug"])
    for customer, units in zip(customers, demand, strict=True):
        places.append([customer, 1000, 51.2, 13.5, units / total])
    ways = book.create_sheet("Wege")
    ways.append(["Gemeinde", *sites])
    for customer, row in zip(customers, cost, strict=True):
        ways.append([customer, *(float(value) for value in row)])
    book.save(path)
    return path


def facility_scenario(
    demand: Numbers, *, waiting: float | None = None, seconds: float = 600.0
) -> str:
    """The scenario that goes with the workbook, as a TOML file.

    ``waiting`` is the price of a unit that is not served; without it every unit is.
    """
    return f"""
name = "Standorte"
[zeitraum]
monate = 2
[zuzug]
pro_monat = {sum(demand)!r}
schularten = {{ OS = 1.0 }}
[abgang]
wegzug_pro_monat = 0.0
[klassen]
planungsgroesse = "obergrenze"
vorlauf_monate = 0
[wege]
grenze = "keine"
[ziele.preise]
wartemonate = {'"zuerst"' if waiting is None else waiting}
weg = 1.0
[rechnen]
laeufe = 2
luecke = 1e-7
zeitlimit = {seconds!r}
"""


def by_unit(demand: Numbers, cost: Any) -> list[list[float]]:
    """Costs of the whole demand → costs of one unit; anything for customers without a demand."""
    return [
        [value / units if units else 0.0 for value in row]
        for units, row in zip(demand, cost, strict=True)
    ]
