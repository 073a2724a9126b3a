"""Random inputs on real schools: the district of Meißen with a list of children and decisions."""

from __future__ import annotations

import csv
import math
import random
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from daz_planner.district.example import example_district
from daz_planner.district.model import District, Municipality, School

Row = dict[str, Any]
Sheets = dict[str, list[Row]]

GRADES = {"GS": (1, 4), "OS": (5, 10), "BSZ": (11, 12)}


@dataclass
class Case:
    """Sheets, scenario, and what the checks have to know of it."""

    sheets: Sheets
    months: int
    day: date
    arrivals: float
    shares: dict[str, float]
    hazard: float
    classes: dict[str, Any]
    limit: float
    hours_limited: bool
    over_august: bool
    rest: dict[str, dict[str, Any]] = field(default_factory=dict)

    def toml(self, arrivals: float | None = None) -> str:
        """The scenario as a file."""
        stay = "[" + "0.0, " * 23 + "1.0]"
        lines = ['name = "probe"', "[zeitraum]", f"monate = {self.months}"]
        lines += ["[zuzug]", f"pro_monat = {self.arrivals if arrivals is None else arrivals}"]
        lines += ["[zuzug.schularten]", *(f"{k} = {v}" for k, v in self.shares.items())]
        for kind in ("GS", "OS", "BSZ"):
            lines += [f"[phasen.{kind}]", f"phase1 = {{ tabelle = {stay} }}"]
            lines += [f"phase2 = {{ tabelle = {stay} }}", 'hoechstdauer = "keine"']
        lines += ["[abgang]", f"wegzug_pro_monat = {self.hazard}"]
        lines += ["[klassen]", *(f"{k} = {_toml(v)}" for k, v in self.classes.items())]
        lines += ["[wege]", f"grenze = {self.limit}"]
        if self.hours_limited:
            lines += ["[lehrer]", "begrenzt = true"]
        lines += ["[rechnen]", "laeufe = 2", "zeitlimit = 300"]
        return "\n".join(lines) + "\n"

    def write(self, path: Path, order: random.Random | None = None) -> Path:
        """The workbook, its rows shuffled where an order is given."""
        book = Workbook()
        book.remove(book.active)
        for name, rows in self.sheets.items():
            sheet = book.create_sheet(name)
            if name == "Angaben":
                for key, value in rows[0].items():
                    sheet.append([key, value])
                continue
            if not rows:
                continue
            head = list(rows[0])
            shown = list(rows)
            if order is not None:
                order.shuffle(shown)
            sheet.append(head)
            for row in shown:
                sheet.append([row[key] for key in head])
        book.save(path)
        return path


def _toml(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


@cache
def _town() -> District:
    return example_district()


def random_case(seed: int, *, small: bool = False) -> Case:
    """A case of its own for each seed; ``small`` has few schools and municipalities."""
    dice = random.Random(seed)
    town = _town()
    kinds = dice.sample(["GS", "OS", "BSZ"], dice.choice([1, 2] if small else [2, 3]))
    kinds.sort(key=["GS", "OS", "BSZ"].index)
    schools = [s for s in town.schools if s.school_type in kinds]
    chosen = dice.sample(schools, min(len(schools), dice.randint(2, 5) if small else 12))
    chosen.sort(key=schools.index)
    homes = {s.municipality for s in chosen}
    others = [m for m in town.municipalities if m.name not in homes]
    places = [m for m in town.municipalities if m.name in homes]
    places += dice.sample(others, min(len(others), 3 if small else 12))
    kinds = [k for k in kinds if any(s.school_type == k for s in chosen)]
    day = dice.choice([date(2017, 2, 8), date(2017, 9, 8), date(2025, 9, 8), date(2022, 3, 8)])
    before_august = (8 - day.month) % 12
    over_august = dice.random() < 0.25
    months = before_august + 3 if over_august else dice.randint(2, before_august)
    months = min(months, 10)
    cap = 28 if day >= date(2022, 5, 12) else 23
    rows: list[Row] = []
    for s in chosen:
        classes = dice.choice([0, 1, 1, 1, 2])
        pupils = (
            dice.randint(0, cap * classes + (3 if dice.random() < 0.3 else -1)) if classes else 0
        )
        pupils = max(0, pupils)
        free = max(0, cap * classes - pupils)
        reserve = dice.choice([None, free, free, max(0, free - 2), free + 2]) if classes else None
        rows.append(
            {
                "Schule": s.name,
                "Schulart": s.school_type,
                "Gemeinde": s.municipality,
                "VKA-Schüler": pupils,
                "VKA-Klassen": classes,
                "Kap.reserve": reserve,
                "freie Räume": dice.choice([None, 0, 1, 1, 2]),
                "Gast-VKA": dice.choice([0, 0, 0, 1]) if classes else 0,
                "Breite": s.latitude,
                "Länge": s.longitude,
                "Planungsregion": dice.choice(["Nord", "Süd"]),
            }
        )
    sheets: Sheets = {
        "Angaben": [{"Landkreis": "Meißen", "Stichtag": day}],
        "Schulen": rows,
        "Gemeinden": [
            {
                "Gemeinde": m.name,
                "Einwohner": m.population,
                "Breite": m.latitude,
                "Länge": m.longitude,
            }
            for m in places
        ],
    }
    names = [m.name for m in places]
    if dice.random() < 0.7:
        sheets["Wege"] = [
            {"Gemeinde": m.name, "Schule": s.name, "Minuten": _minutes(dice, m, s)}
            for m in places
            for s in chosen
        ]
    limit = float(dice.choice([60, 60, 50]))
    if dice.random() < 0.6:
        sheets["Bestand"] = _roster(dice, rows, names, day)
    _list(dice, sheets, names, kinds, day, dice.randint(0, 8 if small else 40))
    _decisions(dice, sheets, day, months)
    hours_limited = dice.random() < 0.25
    if hours_limited and dice.random() < 0.7:
        sheets["Lehrerstunden"] = [{"Schulart": k, "Stunden": dice.randint(20, 250)} for k in kinds]
    shares = [dice.randint(1, 4) for _ in kinds]
    return Case(
        sheets=sheets,
        months=months,
        day=day,
        arrivals=float(dice.choice([0, 5, 18, 40]) / (3 if small else 1)),
        shares={k: n / sum(shares) for k, n in zip(kinds, shares, strict=True)},
        hazard=dice.choice([0.0, 0.01, 0.05]),
        classes={
            "planungsgroesse": dice.choice([15, 20, 23]),
            "freie_raeume": dice.choice([0, 1]),
            "vorlauf_monate": dice.choice([1, 2, 3]),
            "oeffnen_in": dice.choice([list(range(1, 13)), [2, 8, 11], [1, 4, 5, 10]]),
            "schliessen_in": dice.choice([[], [], [], [1, 7, 12]]),
            "klassenstufen_spanne": dice.choice(["soll", "muss", "keine"]),
        },
        limit=limit,
        hours_limited=hours_limited,
        over_august=over_august,
    )


def _minutes(dice: random.Random, home: Municipality, school: School) -> int:
    """Minutes by the map, give or take."""
    up = (home.latitude - school.latitude) * 111.2
    right = (home.longitude - school.longitude) * 69.8
    return max(1, round((5 + 1.95 * math.hypot(up, right)) * dice.uniform(0.8, 1.3)))


def _roster(dice: random.Random, schools: list[Row], places: list[str], day: date) -> list[Row]:
    pupils = []
    for row in schools:
        low, high = GRADES[row["Schulart"]]
        for n in range(row["VKA-Schüler"]):
            since = date(day.year - 1, dice.randint(1, 12), dice.randint(1, 28))
            pupils.append(
                {
                    "Schüler-ID": f"S{len(pupils):04d}-{n}",
                    "Schule": row["Schule"],
                    "Phase": dice.choice([1, 2]),
                    "Phase seit": dice.choice([since, since, None]),
                    "Klassenstufe": dice.choice([dice.randint(low, high), None]),
                    "Gemeinde": dice.choice(places),
                }
            )
    return pupils or [
        {
            "Schüler-ID": "S-0",
            "Schule": schools[0]["Schule"],
            "Phase": 3,
            "Phase seit": None,
            "Klassenstufe": None,
            "Gemeinde": places[0],
        }
    ]


def _list(
    dice: random.Random, sheets: Sheets, places: list[str], kinds: list[str], day: date, count: int
) -> None:
    """Neuzugänge: families, pins, exclusions, wishes."""
    names = {k: [r["Schule"] for r in sheets["Schulen"] if r["Schulart"] == k] for k in kinds}
    rows: list[Row] = []
    while len(rows) < count:
        family = f"F-{len(rows)}" if dice.random() < 0.4 else None
        home = dice.choice(places)
        for _ in range(dice.randint(2, 3) if family else 1):
            kind = dice.choice(kinds)
            some = names[kind]
            excluded = dice.sample(some, dice.randint(0, min(2, len(some))))
            left = [s for s in some if s not in excluded]
            pin = dice.choice(left) if left and dice.random() < 0.15 else None
            wishes = dice.sample(some, 1) if dice.random() < 0.3 else []
            low, high = GRADES[kind]
            before = date(
                day.year - (day.month <= 3), (day.month - 4) % 12 + 1, dice.randint(1, 28)
            )
            rows.append(
                {
                    "Schüler-ID": f"K-{len(rows):03d}",
                    "Gemeinde": home,
                    "Schulart": kind,
                    "Klassenstufe": dice.choice([dice.randint(low, high), None]),
                    "gemeldet am": dice.choice([before, before, None]),
                    "Familie": family,
                    "fixiert auf": pin,
                    "Ausschluss": "; ".join(excluded) if dice.random() < 0.4 else None,
                    "Wunsch": "; ".join(w for w in wishes if w not in excluded) or None,
                }
            )
    if rows:
        sheets["Neuzugänge"] = rows


def _decisions(dice: random.Random, sheets: Sheets, day: date, months: int) -> None:
    rows: list[Row] = []
    for school in sheets["Schulen"]:
        if dice.random() > 0.25:
            continue
        number = dice.randint(1, max(1, months - 1))
        month = day.month - 1 + number
        since = f"{month % 12 + 1:02d}.{day.year + month // 12}"
        state = dice.choice(["beschlossen", "beschlossen", "geplant", "ausgeschlossen"])
        rows.append(
            {
                "Schule": school["Schule"],
                "ab": since,
                "Klassen": school["VKA-Klassen"]
                if state == "ausgeschlossen"
                else dice.randint(0, 2),
                "Stand": state,
            }
        )
    if rows:
        sheets["Klassenplan"] = rows


def read_table(folder: Path, name: str) -> list[dict[str, str]]:
    """A table of the result as text."""
    path = folder / "tabellen" / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def number(text: str) -> float:
    """A German number."""
    return float(text.replace(".", "").replace(",", ".")) if text else 0.0
