"""Regular classes: who newly needs a seat there, against the seats that are free (constraint (6)).

For each school r of the sheet Regelklassen, grade g and month t::

    use[r,g,t] ≤ free[r,g,t] + e[r,g,t]
    free[r,g,t] = classes · cap[t] − pupils − surcharge for inclusion

``use`` are the expected pupils who reach phase 3 (or phase 2, where it counts) after the reference
date; those of today are among the pupils of the sheet.  The home school of a pupil is the nearest
school of the type that has the grade.  It hangs on the residence only, not on the school of the VKA
or on any class that opens, so ``e`` is no decision but computed: it adds a constant to the goal
``regelklassen``.

Today's numbers of the sheet stay for all months: with the new school year one age group leaves and
another comes, and nobody knows it yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner import rules
from daz_planner.district.model import SCHOOL_TYPES
from daz_planner.district.regular_schools import RegularSchool, regular_schools
from daz_planner.german import listed
from daz_planner.planning.plan import SolveStatus, StageResult
from daz_planner.planning.problem import minutes_to
from daz_planner.planning.session import relative_gap
from daz_planner.scenario.solving import PRICES
from daz_planner.simulation.calendar import FloatArray, same_day
from daz_planner.simulation.regular_entries import regular_entries

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario
    from daz_planner.scenario.solving import Goals
    from daz_planner.simulation.expectation import Outlook

GOAL = "regelklassen"
NOTICEABLE = 0.05
"""Expected pupils below this are nobody where something is said of them."""


@dataclass(frozen=True)
class RegularGrade:
    """The regular classes of one grade of a school, as the office entered them."""

    school: str
    school_type: str
    municipality: str
    grade: int
    classes: int
    pupils: int
    surcharge: float
    """Seats that inclusion takes, at most as many as the rule allows."""


@dataclass(frozen=True)
class RegularSeats:
    """Seats in regular classes and their expected use. Axes: ``n`` row of ``grades``, ``t`` month.

    Attributes
    ----------
    grades:
        By school type, name and grade.
    seats, planned:
        ``[n, t]`` classes × cap, and classes × planning size.
    use:
        ``[n, t]`` expected pupils who came into regular classes after the reference date.
    phase2:
        By month: whether phase 2 takes a seat.
    unchecked:
        (school type, grades) that no school of the sheet has, although pupils are expected there.
    left_out:
        Schools of the sheet of which nobody knows the type or the place.
    """

    grades: tuple[RegularGrade, ...]
    seats: FloatArray
    planned: FloatArray
    use: FloatArray
    phase2: tuple[bool, ...]
    unchecked: tuple[tuple[str, tuple[int, ...]], ...]
    left_out: tuple[str, ...]

    @property
    def free(self) -> FloatArray:
        """``[n, t]`` seats that nobody of the sheet uses; below 0 where it has more pupils."""
        return self.seats - self._taken

    @property
    def free_planned(self) -> FloatArray:
        """``[n, t]`` the same up to the planning size."""
        return self.planned - self._taken

    @property
    def _taken(self) -> FloatArray:
        return np.array([[g.pupils + g.surcharge] for g in self.grades]).reshape(-1, 1)

    @property
    def above(self) -> FloatArray:
        """``[n, t]`` e: pupils above the regular seats, those of the sheet too."""
        return np.maximum(0.0, self.use - self.free)

    @property
    def missing(self) -> FloatArray:
        """``[n, t]`` seats that those who newly come do not find."""
        return np.maximum(0.0, self.use - np.maximum(0.0, self.free))

    @property
    def schools(self) -> tuple[tuple[str, str], ...]:
        """(school type, name) in the order of the rows."""
        return tuple(dict.fromkeys((g.school_type, g.school) for g in self.grades))

    def rows_of(self, school: str) -> tuple[int, ...]:
        """Rows of a school."""
        return tuple(n for n, grade in enumerate(self.grades) if grade.school == school)

    def above_of(self, kinds: Sequence[str]) -> float:
        """Σ e over the schools of some types and all months: seat months."""
        rows = [n for n, grade in enumerate(self.grades) if grade.school_type in kinds]
        return float(self.above[rows].sum())


def phase2_by_month(
    scenario: Scenario, reference: date, months: Sequence[date]
) -> tuple[bool, ...]:
    """Whether phase 2 takes a seat in a regular class: the scenario's word, else the dated rule."""
    setting = scenario.klassen.phase2_zaehlt_in_regelklasse
    if isinstance(setting, bool):
        return (setting,) * len(months)
    return tuple(bool(rules.phase2_in_regular(same_day(reference, m)).value) for m in months)


def plan_regular(district: District, scenario: Scenario, outlook: Outlook) -> RegularSeats | None:
    """Use and seats of the regular classes; ``None`` without the sheet Regelklassen.

    Municipalities of the district in the order of the outlook.
    """
    if not district.regular_classes:
        return None
    population = outlook.population
    months, reference = population.months, district.reference_date
    found = regular_schools(district)
    grades = _grades(district, found.schools)
    days = [same_day(reference, month) for month in months]
    phase2 = phase2_by_month(scenario, reference, months)
    entries = regular_entries(outlook, np.array(phase2, dtype=np.bool_))
    minutes = minutes_to(district, found.schools, scenario)
    use, unchecked = _use(outlook, entries, grades, found.schools, minutes)
    return RegularSeats(
        grades=grades,
        seats=_seats(grades, [rules.regular_cap(day).value or 0 for day in days]),
        planned=_seats(grades, [rules.regular_planning_size(day).value or 0 for day in days]),
        use=use,
        phase2=phase2,
        unchecked=unchecked,
        left_out=(*found.without_type, *found.without_place),
    )


def _grades(district: District, schools: Sequence[RegularSchool]) -> tuple[RegularGrade, ...]:
    known = {school.name: school for school in schools}
    joined: dict[tuple[int, str, int], RegularGrade] = {}
    most = rules.most_surcharge(district.reference_date).value
    for entry in district.regular_classes:
        school = known.get(entry.school)
        if school is None:
            continue
        surcharge = entry.surcharge
        if most is not None:
            surcharge = min(surcharge, float(most * entry.classes))
        key = (SCHOOL_TYPES.index(school.school_type), school.name, entry.grade)
        before = joined.get(key)
        one = RegularGrade(
            *(school.name, school.school_type, school.municipality, entry.grade),
            *(entry.classes, entry.pupils, surcharge),
        )
        if before is not None:
            one = replace(
                one,
                classes=before.classes + one.classes,
                pupils=before.pupils + one.pupils,
                surcharge=before.surcharge + one.surcharge,
            )
        joined[key] = one
    return tuple(joined[key] for key in sorted(joined))


def _seats(grades: Sequence[RegularGrade], sizes: Sequence[int]) -> FloatArray:
    classes = np.array([grade.classes for grade in grades], dtype=np.float64)
    return classes[:, None] * np.array(sizes, dtype=np.float64)[None, :]


def _use(
    outlook: Outlook,
    entries: FloatArray,
    grades: Sequence[RegularGrade],
    schools: Sequence[RegularSchool],
    minutes: FloatArray,
) -> tuple[FloatArray, tuple[tuple[str, tuple[int, ...]], ...]]:
    """``[n, t]`` pupils at their home schools, and the grades that no school has."""
    ladder = outlook.population.ladder
    column = {school.name: c for c, school in enumerate(schools)}
    use = np.zeros((len(grades), entries.shape[2]))
    open_grades: defaultdict[str, list[int]] = defaultdict(list)
    for position, (kind, grade) in enumerate(zip(ladder.kind, ladder.grade, strict=True)):
        name = ladder.school_types[kind]
        # Rows are sorted by name, so of two schools that are equally near the first one counts.
        rows = [n for n, g in enumerate(grades) if (g.school_type, g.grade) == (name, grade)]
        if not rows:
            if entries[position].sum(axis=0).max(initial=0.0) >= NOTICEABLE:
                open_grades[name].append(int(grade))
            continue
        home = np.argmin(minutes[:, [column[grades[n].school] for n in rows]], axis=1)
        for place, nearest in enumerate(home):
            use[rows[nearest]] += entries[position, place]
    return use, tuple((kind, tuple(found)) for kind, found in open_grades.items())


def with_regular_goal(
    stages: Sequence[StageResult], goals: Goals, regular: RegularSeats | None
) -> tuple[StageResult, ...]:
    """The goals with the regular seats above the cap added to the goal ``regelklassen``.

    They are a constant of the goal, so value and bound rise by the same number; where prices are
    weighed, by the price of as many seats.
    """
    if regular is None or not goals.follows(GOAL):
        return tuple(stages)
    price = goals.prices.get(GOAL)
    goal = GOAL if price is None else PRICES
    later = set(goals.order[goals.order.index(goal) + 1 :])
    result: list[StageResult] = []
    checked = {grade.school_type for grade in regular.grades}
    for kinds in dict.fromkeys(stage.school_type for stage in stages):
        own = [stage for stage in stages if stage.school_type == kinds]
        if checked.isdisjoint(kinds.split("+")):
            result += own
            continue
        above = regular.above_of(kinds.split("+")) * (1.0 if price is None else price)
        if any(stage.goal == goal for stage in own):
            result += [raised(stage, above) if stage.goal == goal else stage for stage in own]
            continue
        place = next((n for n, stage in enumerate(own) if stage.goal in later), len(own))
        alone = StageResult(kinds, goal, above, above, 0.0, SolveStatus.OPTIMAL, 0.0)
        result += [*own[:place], alone, *own[place:]]
    told = {kind for stage in stages for kind in stage.school_type.split("+")}
    for kind in sorted(checked - told):
        # Nothing is decided for this school type, but seats may be missing all the same.
        above = regular.above_of([kind]) * (1.0 if price is None else price)
        result.append(StageResult(kind, goal, above, above, 0.0, SolveStatus.OPTIMAL, 0.0))
    return tuple(result)


def raised(stage: StageResult, above: float) -> StageResult:
    """A goal with a constant added to its value and its bound."""
    if stage.bound is None:
        return replace(stage, value=stage.value + above)
    value, bound = stage.value + above, stage.bound + above
    return replace(stage, value=value, bound=bound, gap=relative_gap(value, bound))


def regular_hints(regular: RegularSeats | None, scenario: Scenario) -> list[str]:
    """What the numbers of the regular classes say and what they do not."""
    if regular is None:
        if not scenario.ziele.follows(GOAL):
            return []
        return [
            "Ohne das Blatt Regelklassen prüft der Plan nicht, ob in den Regelklassen Platz "
            "für Phase 2 und 3 ist."
        ]
    phases = "Phase 2 oder 3" if regular.phase2[0] else "Phase 3"
    switch = "" if regular.phase2[-1] == regular.phase2[0] else " (später auch Phase 2)"
    hints = [
        f"Regelklassen: Gezählt wird, wer nach dem Stichtag neu in {phases}{switch} kommt. Wer "
        "schon dort ist, steht unter den Schülern des Blatts Regelklassen. Deren Zahlen bleiben "
        "für alle Monate gleich, auch über den Wechsel des Schuljahrs (Annahme); die Schule ist "
        "die nächste mit dieser Schulart und Klassenstufe."
    ]
    if regular.unchecked:
        parts = [f"{kind} {_spans(grades)}" for kind, grades in regular.unchecked]
        hints.append(
            f"Nicht geprüft, weil das Blatt Regelklassen dafür keine Klasse nennt: {listed(parts)}."
        )
    if regular.left_out:
        hints.append(
            "Ohne Wirkung, weil Ort oder Schulart nicht bekannt sind: die Regelklassen von "
            f"{listed(regular.left_out)}."
        )
    return hints


def _spans(grades: Sequence[int]) -> str:
    """``Stufe 5``, ``Stufen 5 bis 9``, ``Stufen 5, 7 und 8``."""
    if len(grades) == 1:
        return f"Stufe {grades[0]}"
    if list(grades) == list(range(grades[0], grades[-1] + 1)):
        return f"Stufen {grades[0]} bis {grades[-1]}"
    return f"Stufen {listed([str(grade) for grade in grades])}"
