"""The seats of the list against the best of all assignments, tried one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district.model import ClassDecision, District, Newcomer, PlanState, Pupil, Roster
from daz_planner.planning.assign import assign_children
from daz_planner.planning.children import seat_children, seat_later
from daz_planner.planning.grades import school_grades
from daz_planner.planning.problem import Problem, allowed_schools, build_problem
from daz_planner.planning.seekers import minutes_between
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population
from tests.factories import child, district, place, scenario, school

DAY = date(2017, 2, 8)
DAYS = [None, date(2016, 11, 1), date(2017, 1, 9)]
GRADES = {"GS": [None, 1, 2, 3, 4], "OS": [None, 5, 6, 7, 8]}

Places = tuple[tuple[int, int] | None, ...]
"""(school, month) of each child, or ``None``."""


@st.composite
def lists(draw: st.DrawFn, *, most: int = 5, later: bool = False) -> District:
    """Up to three schools with few seats, up to five children of two types, some of a family."""
    schools = []
    for n in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["GS", "GS", "OS"]))
        free = draw(st.integers(0, 0 if later else 2))
        classes = draw(st.integers(1, 2))
        km = draw(st.integers(0, 70))
        name = f"{kind} {n}"
        schools.append(
            school(name, km, school_type=kind, classes=classes, pupils=23 * classes - free)
        )
    of_type = {k: [s.name for s in schools if s.school_type == k] for k in ("GS", "OS")}
    children: list[Newcomer] = []
    for n in range(draw(st.integers(1, most))):
        kind = draw(st.sampled_from(["GS", "GS", "OS"]))
        names = of_type[kind]
        some = st.lists(st.sampled_from(names), unique=True) if names else st.just([])
        excluded = draw(st.one_of(st.just([]), some))
        pin = draw(st.sampled_from(["", "", "", *(x for x in names if x not in excluded)]))
        children.append(
            child(
                f"k{n}",
                draw(st.sampled_from(["A-Dorf", "B-Dorf"])),
                school_type=kind,
                grade=draw(st.sampled_from(GRADES[kind])),
                registered=draw(st.sampled_from(DAYS)),
                family=draw(st.sampled_from(["", "F", "G"])),
                excluded=tuple(excluded),
                wishes=tuple(draw(some)),
                pinned_to=pin,
            )
        )
    pupils = tuple(
        Pupil(f"s{n}", s.name, 1, grade=draw(st.sampled_from(GRADES[s.school_type])))
        for n, s in enumerate(schools)
    )
    town = district(schools, [place("A-Dorf"), place("B-Dorf", km=25)], children)
    town = replace(town, rosters=(Roster(DAY, pupils),))
    if later:
        decided = ClassDecision(schools[0].name, date(2017, 4, 1), 3, PlanState.DECIDED)
        town = replace(town, class_plan=(decided,))
    return canonical(town).district


@st.composite
def tied_lists(draw: st.DrawFn) -> District:
    """Children of one town, one seat at each school: much is equal but the day of registration."""
    schools = [
        school(f"GS {n}", draw(st.sampled_from([0, 10, 20])), pupils=22)
        for n in range(draw(st.integers(2, 3)))
    ]
    names = [s.name for s in schools]
    children = [
        child(
            f"k{n}",
            registered=draw(st.sampled_from(DAYS)),
            family=draw(st.sampled_from(["", "", "F"])),
            wishes=tuple(draw(st.lists(st.sampled_from(names), unique=True, max_size=2))),
        )
        for n in range(draw(st.integers(2, 4)))
    ]
    return canonical(district(schools, newcomers=children)).district


class Judge:
    """The goals of an assignment, computed from their words."""

    later = False
    """Whether months of entry count: the days have their months of waiting as goals."""

    def __init__(self, town: District, setting: Any, problem: Problem, classes: Any) -> None:
        self.town, self.problem, self.classes = town, problem, classes
        self.children = town.newcomers
        self.strict = setting.klassen.klassenstufen_spanne == "muss"
        self.place = {m.name: i for i, m in enumerate(town.municipalities)}
        self.grades = school_grades(town, setting)
        self.between = minutes_between(town, setting, problem.schools)
        self.allowed = [
            np.flatnonzero(allowed_schools(town, problem, c, self.place[c.municipality])).tolist()
            for c in self.children
        ]
        self.days = sorted({c.registered or date.max for c in self.children})

    def outside(self, places: Places, new: set[int]) -> int:
        """Fewest of the new children whose grade no span covers, in the worst month of each."""
        total = 0
        for s in range(len(self.problem.schools)):
            grades = self.grades[s]
            if grades.span is None:
                continue
            worst = 0
            for t in range(self.problem.month_count):
                here = [
                    c
                    for c, p in enumerate(places)
                    if p and p[0] == s and p[1] <= t and self.children[c].grade is not None
                ]
                there = {self.children[c].grade or 0 for c in here if c not in new}
                there |= grades.present
                spans = max(int(self.classes[s, t]), grades.span.needed(there))
                added = [self.children[c].grade or 0 for c in here if c in new]
                kept = max(
                    number
                    for number in range(len(added) + 1)
                    for some in combinations(added, number)
                    if grades.span.needed({*there, *some}) <= spans
                )
                worst = max(worst, len(added) - kept)
            total += worst
        return total

    def goals(self, places: Places, new: set[int]) -> tuple[float, ...] | None:
        """The goals in their order, smaller is better; ``None`` where it is not allowed."""
        outside = self.outside(places, new)
        if self.strict and outside:
            return None
        end = self.problem.month_count
        seated = [c for c in new if places[c]]
        first: list[float] = [-sum(bool(self.children[c].pinned_to) for c in seated), -len(seated)]
        for day in self.days:
            own = [c for c in new if (self.children[c].registered or date.max) == day]
            if self.later:
                first.append(sum(p[1] - end for c in own if (p := places[c])))
            else:
                first.append(-sum(1 for c in own if places[c]))
        first.append(outside)
        first.append(self.family_places(places))
        first.append(sum(self.excess(c, places) for c in seated))
        for rank in range(3):
            first.append(
                -sum(
                    len(self.children[c].wishes) > rank
                    and self.town.schools[places[c][0]].name == self.children[c].wishes[rank]  # type: ignore[index]
                    for c in seated
                )
            )
        ways = sum(self.problem.minutes[self.town_of(c), places[c][0]] for c in seated)  # type: ignore[index]
        first.append(round(float(ways) + self.sibling_ways(places, new), 4))
        if not outside:
            for day in self.days:
                first += self.of_day(day, places, new)
        return tuple(first)

    def of_day(self, day: date, places: Places, new: set[int]) -> list[float]:
        """What is best for the children of a day, where all goals are equal."""
        own = [c for c in new if self.day(c) == day]
        at = {
            c: self.town.schools[self.problem.schools[p[0]]].name for c in own if (p := places[c])
        }
        wishes = [
            -sum(self.children[c].wishes[rank : rank + 1] == (name,) for c, name in at.items())
            for rank in range(3)
        ]
        ways = sum(
            float(self.problem.minutes[self.town_of(c), p[0]]) for c in own if (p := places[c])
        )
        ways += self.sibling_ways(places, new, day)
        return [float(self.family_places(places, day, new)), *wishes, round(ways, 4)]

    def day(self, c: int) -> date:
        return self.children[c].registered or date.max

    def town_of(self, c: int) -> int:
        return self.place[self.children[c].municipality]

    def excess(self, c: int, places: Places) -> float:
        p = places[c]
        return float(self.problem.excess[self.town_of(c), p[0]]) if p else 0.0

    def family_places(
        self, places: Places, day: date | None = None, new: set[int] | None = None
    ) -> int:
        """Schools and waiting lists of each family of one type, or of those of a first day."""
        key = [(child.family, child.school_type) for child in self.children]
        first = {
            k: min(self.day(c) for c in new or () if key[c] == k)
            for k in {key[c] for c in new or ()}
        }
        found = {
            (*key[c], p[0] if p else None)
            for c, p in enumerate(places)
            if self.children[c].family and (day is None or first.get(key[c]) == day)
        }
        return len(found)

    def sibling_ways(self, places: Places, new: set[int], day: date | None = None) -> float:
        """Minutes between the schools of siblings; of a day those whose first one is of it."""
        total = 0.0
        for c, d in combinations(range(len(places)), 2):
            one, two = self.children[c], self.children[d]
            if one.family and one.family == two.family and one.school_type != two.school_type:
                p, q = places[c], places[d]
                first = min(self.day(n) for n in (c, d) if n in new) if {c, d} & new else None
                if p and q and first and (day is None or first == day):
                    total += float(self.between[p[0], q[0]])
        return total


def judged(town: District, months: int, **tables: Any) -> tuple[Any, ...]:
    setting = scenario(zeitraum={"monate": months}, **tables)
    outlook = expect(build_population(town, setting))
    problem = build_problem(town, setting, outlook, outlook.population.school_types)
    classes = problem.base
    return setting, outlook, problem, classes, Judge(town, setting, problem, classes)


def places_of(town: District, seating: Any) -> Places:
    return tuple(
        (seating.school[c], seating.month[c]) if c in seating.school else None
        for c in range(len(town.newcomers))
    )


@pytest.mark.parametrize("spans", ["soll", "muss"])
@settings(max_examples=250, deadline=None)
@given(town=st.one_of(lists(), tied_lists()))
def test_no_other_assignment_is_better(spans: str, town: District) -> None:
    setting, outlook, problem, _, judge = judged(town, 1, klassen={"klassenstufen_spanne": spans})
    seating = seat_children(town, problem, outlook, setting, 60.0)
    everybody = set(range(len(town.newcomers)))
    found = judge.goals(places_of(town, seating), everybody)
    best = None
    for schools in product(*([None, *allowed] for allowed in judge.allowed)):
        if any(schools.count(s) > seating.free[s] for s in range(len(problem.schools))):
            continue
        goals = judge.goals(tuple(None if s is None else (s, 0) for s in schools), everybody)
        if goals is not None and (best is None or goals < best):
            best = goals
    assert found == pytest.approx(best, abs=1e-3)


@settings(max_examples=120, deadline=None)
@given(town=lists(most=3, later=True))
def test_no_other_later_assignment_is_better(town: District) -> None:
    setting, outlook, problem, classes, judge = judged(town, 4)
    judge.later = True
    now = seat_children(town, problem, outlook, setting, 60.0)
    both = seat_later(town, problem, outlook, setting, now, classes, 60.0)
    fixed = places_of(town, now)
    new = {c for c, p in enumerate(fixed) if p is None}
    found = judge.goals(places_of(town, both), new)
    room = problem.seats(classes) - problem.use_today - now.use
    seats = [
        [int(max(0.0, np.floor(room[s, t:].min() + 1e-9))) for t in range(problem.month_count)]
        for s in range(len(problem.schools))
    ]
    options: list[list[tuple[int, int] | None]] = []
    for c, allowed in enumerate(judge.allowed):
        if c not in new:
            options.append([fixed[c]])
            continue
        until = outlook.months_in_type(
            problem.school_types.index(town.newcomers[c].school_type), town.newcomers[c].grade
        )
        options.append([None, *((s, t) for s in allowed for t in range(1, min(4, until)))])
    best = None
    for places in product(*options):
        taken = [p for c, p in enumerate(places) if p and c in new]
        if any(
            sum(p[0] == s and p[1] <= t for p in taken) > seats[s][t]
            for s in range(len(seats))
            for t in range(1, 4)
        ):
            continue
        goals = judge.goals(places, new)
        if goals is not None and (best is None or goals < best):
            best = goals
    assert found == pytest.approx(best, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(town=lists(), data=st.data())
def test_the_order_of_the_rows_changes_nothing(town: District, data: st.DataObject) -> None:
    turned = replace(
        town,
        schools=tuple(data.draw(st.permutations(town.schools))),
        municipalities=tuple(data.draw(st.permutations(town.municipalities))),
        newcomers=tuple(data.draw(st.permutations(town.newcomers))),
    )
    setting = scenario(zeitraum={"monate": 3})
    seats = []
    for one in (town, turned):
        result = assign_children(one, setting)
        names = [s.name for s in one.schools]
        assert [s.child.pupil_id for s in result.children] == [c.pupil_id for c in one.newcomers]
        seats.append(
            {
                s.child.pupil_id: (
                    None if s.school is None else names[s.school],
                    s.month,
                    s.reason,
                    tuple((names[a.school], a.obstacle) for a in s.alternatives),
                )
                for s in result.children
            }
        )
    assert seats[0] == seats[1]


@settings(max_examples=25, deadline=None)
@given(town=lists())
def test_both_solvers_agree(town: District) -> None:
    results = [
        assign_children(town, scenario(zeitraum={"monate": 1}, rechnen={"loeser": name}))
        for name in ("highs", "cbc")
    ]
    one, two = ([(s.school, s.month) for s in result.children] for result in results)
    assert one == two
