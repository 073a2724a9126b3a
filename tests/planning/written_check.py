"""What a plan has written, computed again from the input and the files alone."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.planning.written_input import Case, Row, number, read_table

NEAR = 0.02
"""Three decimals in a few dozen rows."""
CHILD = 0.5


class Written:
    """The result of ``planen`` on a case."""

    def __init__(self, case: Case, folder: Path, arrivals: float | None = None) -> None:
        self.case = case
        self.arrivals = case.arrivals if arrivals is None else arrivals
        self._read_input()
        self.seats = read_table(folder, "zuweisung")
        self.flows = read_table(folder, "verteilung")
        self.load = read_table(folder, "auslastung")
        self.waiting = read_table(folder, "wartende")
        self.goals = read_table(folder, "ziele")
        self.classes = {
            row["Schule"]: [int(row[m]) for m in self.months]
            for row in read_table(folder, "klassenbildung")
        }
        self.openings = read_table(folder, "klassenbildung")
        self.hours = read_table(folder, "lehrerstunden_schularten")

    def _read_input(self) -> None:
        case = self.case
        self.months = _months(case.day.year, case.day.month, case.months)
        self.at = {name: t for t, name in enumerate(self.months)}
        self.schools = {row["Schule"]: row for row in case.sheets["Schulen"]}
        self.children = {r["Schüler-ID"]: r for r in case.sheets.get("Neuzugänge", ())}
        self.minutes = {
            (r["Gemeinde"], r["Schule"]): r["Minuten"] for r in case.sheets.get("Wege", ())
        }

    @classmethod
    def of_list(cls, case: Case, folder: Path) -> Written:
        """The result of ``zuweisen``."""
        written = cls.__new__(cls)
        written.case = case
        written._read_input()
        written.seats = read_table(folder, "zuweisung")
        written.free = read_table(folder, "freie_plaetze")
        written.unseated = read_table(folder, "wartende")
        return written

    def seating(self) -> None:
        """Every check of ``zuweisen``: no seat twice, and who waits stands in the list of those."""
        self.children_once()
        self.pins_and_exclusions()
        self.families()
        at_once = Counter(r["Schule"] for r in self.seats if r["ab Monat"] == self.months[0])
        later = Counter(r["Schule"] for r in self.seats if r["ab Monat"]) - at_once
        assert {row["Schule"] for row in self.free} == set(self.schools)
        for row in self.free:
            free, given = int(row["frei am Stichtag"]), int(row["sofort vergeben"])
            assert given == at_once[row["Schule"]]
            assert int(row["noch frei"]) == free - given
            assert given <= max(0, free)
            assert int(row["später vergeben"]) == later[row["Schule"]]
            school = self.schools[row["Schule"]]
            assert int(row["Klassen"]) == school["VKA-Klassen"]
            if school["Kap.reserve"] is not None and school["VKA-Klassen"]:
                assert free == school["Kap.reserve"] or school["Kap.reserve"] == 0 >= free
        wait = sorted(r["Schüler-ID"] for r in self.seats if r["ab Monat"] != self.months[0])
        assert sorted(row["Schüler-ID"] for row in self.unseated) == wait

    def add_sites(self, names: Iterable[str]) -> None:
        """Count candidate sites among the schools: no class today, and one room."""
        kinds = {row["Schule"]: row["Schulart"] for row in self.load}
        for name in names:
            self.schools[name] = {
                "Schule": name,
                "Schulart": kinds[name],
                "VKA-Schüler": 0,
                "VKA-Klassen": 0,
                "Gast-VKA": 0,
                "Kap.reserve": None,
                "freie Räume": 1,
            }

    def all(self) -> None:
        """Every check."""
        self.children_once()
        self.pins_and_exclusions()
        self.families()
        self.rooms_and_calendar()
        self.seat_numbers()
        self.nobody_is_lost()
        self.goal_values()
        self.teacher_hours()

    # -- the list ------------------------------------------------------------------------------

    def children_once(self) -> None:
        """Each child of the list stands in the table once, in the order of the list."""
        assert [row["Schüler-ID"] for row in self.seats] == list(self.children)
        for row in self.seats:
            child = self.children[row["Schüler-ID"]]
            assert (row["Gemeinde"], row["Schulart"]) == (child["Gemeinde"], child["Schulart"])
            assert (row["Schule"] == "wartet") == (row["ab Monat"] == "")

    def pins_and_exclusions(self) -> None:
        """A child is where it may be, within the limit of the way unless it is pinned."""
        for row in self.seats:
            child, school = self.children[row["Schüler-ID"]], row["Schule"]
            if school == "wartet":
                continue
            assert self.schools[school]["Schulart"] == child["Schulart"]
            assert school not in _codes(child["Ausschluss"])
            pin = child["fixiert auf"]
            assert not pin or school == pin
            given = self.minutes.get((child["Gemeinde"], school))
            assert given is None or number(row["Minuten"]) == given
            if not pin:
                assert number(row["Minuten"]) <= self.case.limit + CHILD

    def families(self) -> None:
        """Whoever is told to be with others is with them."""
        where = {row["Schüler-ID"]: row["Schule"] for row in self.seats}
        for row in self.seats:
            for part in row["Grund"].split("; "):
                if part.startswith("zusammen mit "):
                    named = part.removeprefix("zusammen mit ").replace(" und ", ", ").split(", ")
                    family = self.children[row["Schüler-ID"]]["Familie"]
                    for other in named:
                        assert self.children[other]["Familie"] == family
                        assert where[other] == where[row["Schüler-ID"]] != "wartet"

    # -- classes -------------------------------------------------------------------------------

    def rooms_and_calendar(self) -> None:
        """Classes stay within rooms, open in allowed months, and what is decided holds."""
        case, settings = self.case, self.case.classes
        closing = bool(settings["schliessen_in"])
        for name, row in self.schools.items():
            today = row["VKA-Klassen"]
            rooms = row["freie Räume"]
            if rooms is None:
                rooms = settings["freie_raeume"] if today else 0
            base, decided, barred = self._decisions(row)
            shown = self.classes[name]
            assert shown[0] == today
            opened = 0
            for t in range(1, case.months):
                month = int(self.months[t][-2:])
                beyond, before = shown[t] - base[t], shown[t - 1] - base[t - 1]
                assert shown[t] <= max(base[t], today + rooms)
                if not closing or decided[t]:
                    assert shown[t] >= base[t]
                if beyond > before:
                    opened += beyond - before
                    assert month in settings["oeffnen_in"], name
                    assert t >= settings["vorlauf_monate"], name
                    assert not barred[t], name
                if beyond < before:
                    assert closing and month in settings["schliessen_in"], name
            told = next(r for r in self.openings if r["Schule"] == name)
            if not closing:
                assert int(told["neue Klassen"]) == opened, name

    def _decisions(self, school: Row) -> tuple[list[int], list[bool], list[bool]]:
        today = school["VKA-Klassen"]
        base, decided = [today] * self.case.months, [False] * self.case.months
        barred = [False] * self.case.months
        for entry in self.case.sheets.get("Klassenplan", ()):
            if entry["Schule"] != school["Schule"]:
                continue
            month, year = entry["ab"].split(".")
            since = (int(year) - self.case.day.year) * 12 + int(month) - self.case.day.month
            for t in range(max(1, since), self.case.months):
                if entry["Stand"] == "beschlossen":
                    base[t], decided[t] = entry["Klassen"], True
                if entry["Stand"] == "ausgeschlossen":
                    barred[t] = True
        return base, decided, barred

    # -- seats ---------------------------------------------------------------------------------

    def seat_numbers(self) -> None:
        """Seats of classes and reserve; nobody above them but those who are there today."""
        case = self.case
        entering: defaultdict[tuple[str, str], float] = defaultdict(float)
        for row in self.flows:
            entering[row["Schule"], row["Monat"]] += number(row["Schüler"])
        listed = Counter((row["Schule"], row["ab Monat"]) for row in self.seats if row["ab Monat"])
        stay = 1.0 - case.hazard
        assert len(self.load) == len(self.schools) * case.months
        for row in self.load:
            school, t = self.schools[row["Schule"]], self.at[row["Monat"]]
            classes, cap = int(row["Klassen"]), int(row["Obergrenze je Klasse"])
            assert classes == self.classes[row["Schule"]][t]
            seats, planned = number(row["Plätze"]), number(row["Planungsplätze"])
            assert planned == classes * min(cap, case.classes["planungsgroesse"])
            assert seats == classes * cap + (self._correction(school) if classes else 0)
            today, forecast = number(row["belegt heutige Schüler"]), number(row["belegt Prognose"])
            of_list, total = number(row["belegt Liste"]), number(row["belegt gesamt"])
            assert math.isclose(today + forecast + of_list, total, abs_tol=NEAR)
            assert math.isclose(seats - total, number(row["frei"]), abs_tol=NEAR)
            if t == 0:
                assert today == school["VKA-Schüler"] + school["Gast-VKA"]
                assert of_list <= max(0.0, seats - today) + NEAR
            assert total <= seats + max(0.0, today + of_list - seats) + NEAR
            if listed[row["Schule"], row["Monat"]]:
                assert today + of_list <= seats + NEAR
            base = self._decisions(school)[0][t]
            size = min(cap, case.classes["planungsgroesse"])
            assert forecast <= max(0.0, planned - min(today, size * base)) + NEAR
            new = entering[row["Schule"], row["Monat"]]
            assert math.isclose(number(row["neu im Monat"]), new, abs_tol=NEAR)
            if not case.over_august:
                # Stays are longer than the plan: only moving away thins those who have entered.
                stays = sum(
                    entering[row["Schule"], m] * stay ** (t - e)
                    for e, m in enumerate(self.months[: t + 1])
                )
                assert math.isclose(forecast + of_list, stays, abs_tol=2 * NEAR)
                children = sum(
                    listed[row["Schule"], m] * stay ** (t - e)
                    for e, m in enumerate(self.months[: t + 1])
                )
                assert math.isclose(of_list, children, abs_tol=2 * NEAR)

    def _correction(self, school: Row) -> int:
        reserve, classes = school["Kap.reserve"], school["VKA-Klassen"]
        if reserve is None or not classes:
            return 0
        cap = next(
            int(r["Obergrenze je Klasse"])
            for r in self.load
            if r["Schule"] == school["Schule"] and self.at[r["Monat"]] == 0
        )
        free = cap * classes - school["VKA-Schüler"] - school["Gast-VKA"]
        return int(reserve - (free if reserve > 0 else max(0, free)))

    # -- balance -------------------------------------------------------------------------------

    def nobody_is_lost(self) -> None:
        """Registered so far = seated + waiting + moved away while waiting, place by place."""
        self.late: Counter[str] = Counter()
        if self.case.over_august:
            return
        homes = {r["Gemeinde"]: r["Einwohner"] for r in self.case.sheets["Gemeinden"]}
        listed: defaultdict[tuple[str, str, int], int] = defaultdict(int)
        waits: defaultdict[tuple[str, str, int], int] = defaultdict(int)
        for row in self.seats:
            key = row["Schulart"], row["Gemeinde"]
            start = self.at[row["ab Monat"]] if row["ab Monat"] else self.case.months
            if row["ab Monat"]:
                listed[*key, start] += 1
            for t in range(start):
                waits[*key, t] += 1
        taken: defaultdict[tuple[str, str, int], float] = defaultdict(float)
        for row in self.flows:
            assert self.schools[row["Schule"]]["Schulart"] == row["Schulart"]
            assert number(row["Minuten"]) <= self.case.limit + CHILD or listed
            taken[row["Schulart"], row["Gemeinde"], self.at[row["Monat"]]] += number(row["Schüler"])
        told: defaultdict[tuple[str, str, int], float] = defaultdict(float)
        of_list: defaultdict[tuple[str, str, int], int] = defaultdict(int)
        for row in self.waiting:
            key = row["Schulart"], row["Gemeinde"], self.at[row["Monat"]]
            told[key] += number(row["Kinder"])
            of_list[key] += int(row["davon heutige Liste"])
        for kind, share in self.case.shares.items():
            for home, people in homes.items():
                each = self.arrivals * share * people / sum(homes.values())
                queue = 0.0
                for t in range(self.case.months):
                    key = kind, home, t
                    come = each if t else 0.0
                    queue = queue * (1 - self.case.hazard) + come - taken[key] + listed[key]
                    assert of_list[key] == waits[key], key
                    assert math.isclose(queue + waits[key], told[key], abs_tol=NEAR), key
                    recent = come + (each if t >= 2 else 0.0)
                    self.late[kind] += max(0.0, queue - recent)

    def goal_values(self) -> None:
        """The values of the goals from the tables of seats, classes and waiting."""
        values = {(row["Schulart"], row["Ziel"]): number(row["Wert"]) for row in self.goals}
        listed = {row["Schulart"] for row in self.seats if row["ab Monat"] != self.months[0]}
        for kind in self.case.shares:
            names = [name for name, row in self.schools.items() if row["Schulart"] == kind]
            beyond = {n: self._beyond(n) for n in names}
            months = sum(sum(more[1:]) for more in beyond.values())
            assert values.get((kind, "zusätzliche Klassenmonate"), 0.0) == months
            if not self.case.classes["schliessen_in"]:
                new = sum(more[-1] for more in beyond.values())
                assert values.get((kind, "neue Klassen"), 0.0) == new
            if kind in listed:
                # Who of the list gets which later seat follows goals of its own.
                continue
            above = sum(max(0.0, -number(r["frei"])) for r in self.load if r["Schule"] in names)
            told = values.get((kind, "Plätze über der Klassenobergrenze"), 0.0)
            assert math.isclose(told, above, abs_tol=0.05)
            if not self.case.over_august:
                waiting = sum(number(r["Kinder"]) for r in self.waiting if r["Schulart"] == kind)
                told = values.get((kind, "Wartezeit bei dieser Zahl von Klassen"), 0.0)
                assert math.isclose(told, waiting + self.late[kind], abs_tol=0.1)
            # Estimated minutes stand in the file without their decimals.
            if all((r["Gemeinde"], r["Schule"]) in self.minutes for r in self.flows):
                seated = {(row["Gemeinde"], row["Schule"], self.months[0]): 0 for row in self.seats}
                for row in self.seats:
                    seated[row["Gemeinde"], row["Schule"], self.months[0]] += 1
                ride = sum(
                    number(r["Minuten"])
                    * (
                        number(r["Schüler"])
                        - seated.get((r["Gemeinde"], r["Schule"], r["Monat"]), 0)
                    )
                    for r in self.flows
                    if r["Schulart"] == kind
                )
                told = values.get((kind, "Weg"), 0.0)
                assert math.isclose(told, ride, rel_tol=1e-3, abs_tol=1.0)

    def _beyond(self, name: str) -> list[int]:
        """Classes beyond those of today and those that are decided, month by month."""
        base = self._decisions(self.schools[name])[0]
        return [n - b for n, b in zip(self.classes[name], base, strict=True)]

    def teacher_hours(self) -> None:
        """Where hours are limited, no more than there are, or than are needed today."""
        case = self.case
        if not case.hours_limited:
            return
        there = {r["Schulart"]: r["Stunden"] for r in case.sheets.get("Lehrerstunden", ())}
        shown = {(r["Schulart"], r["Monat"]): number(r["Stunden"]) for r in self.hours}
        for kind in case.shares:
            first = shown.get((kind, self.months[0]), 0.0)
            if any(
                self.classes[n][t] > self.classes[n][0]
                for n, r in self.schools.items()
                if r["Schulart"] == kind
                for t in range(case.months)
            ) and not case.sheets.get("Klassenplan"):
                worst = max(shown[kind, m] for m in self.months)
                assert worst <= max(there.get(kind, first), first) + 1e-6


def _months(year: int, month: int, count: int) -> list[str]:
    return [f"{year + (month - 1 + n) // 12}-{(month - 1 + n) % 12 + 1:02d}" for n in range(count)]


def _codes(text: str | None) -> Iterable[str]:
    return [part for part in (text or "").split("; ") if part]
