"""Grades in preparatory classes: which a school has, and whether one more child fits.

A VKA holds few grades only (GS two neighbouring ones, OS three), by the dated rule
:func:`daz_planner.rules.grade_span` on the reference date.  A school with n
classes may hold n spans: its grades have to be coverable by n of them.  Where the pupils who are
there need more spans than the school has classes, their number of spans is taken as given: nobody
is sent away, and a child whose grade lies in one fits.

Simplifications: today's grades stay as they are (in August all move up together), and pupils whose
grade is not known fit everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daz_planner import rules
from daz_planner.district.plausible_pupils import GRADES, classes_needed

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario

SOFT, HARD, OFF = "soll", "muss", "keine"
"""Values of the scenario's ``klassenstufen_spanne``."""


@dataclass(frozen=True)
class Span:
    """How many grades one class may hold, and whether they have to be neighbours."""

    size: int
    neighbours: bool

    def needed(self, grades: Iterable[int]) -> int:
        """Fewest classes that hold all the grades."""
        return classes_needed(grades, self.size, neighbours=self.neighbours)

    def begins(self, grades: Iterable[int]) -> set[int]:
        """First grades of the fewest spans of neighbours that cover all."""
        found: set[int] = set()
        for grade in sorted(grades):
            if not any(first <= grade < first + self.size for first in found):
                found.add(grade)
        return found


@dataclass(frozen=True)
class SchoolGrades:
    """The grades in the VKA of a school on the reference date.

    ``span`` is ``None`` where no rule is known or the scenario leaves it out.
    """

    span: Span | None
    present: frozenset[int]

    def spans(self, classes: int, further: Iterable[int] = ()) -> int:
        """Spans that the school may hold: one a class, or as many as those there already need."""
        if self.span is None:
            return classes
        return max(classes, self.span.needed({*self.present, *further}))

    def fits(self, grade: int | None, classes: int, further: Iterable[int] = ()) -> bool:
        """Whether a child of the grade fits; ``further`` are grades of others who come."""
        if self.span is None or grade is None:
            return True
        there = {*self.present, *further}
        return self.span.needed({*there, grade}) <= max(classes, self.span.needed(there))


def span_of(district: District, scenario: Scenario, school_type: str) -> Span | None:
    """The dated rule of the reference date, ``None`` where there is none or it is left out."""
    if scenario.klassen.klassenstufen_spanne == OFF:
        return None
    day = district.reference_date
    size = rules.grade_span(day, school_type).value
    return None if size is None else Span(size, rules.only_neighbours(day, school_type))


def school_grades(district: District, scenario: Scenario) -> tuple[SchoolGrades, ...]:
    """``[s]`` grades of the pupils in phases 1 and 2 whom the roster names, by school."""
    present: defaultdict[str, set[int]] = defaultdict(set)
    if district.roster is not None:
        for pupil in district.roster.pupils:
            if pupil.phase <= 2 and pupil.grade is not None:
                present[pupil.school].add(pupil.grade)
    return tuple(
        SchoolGrades(
            span_of(district, scenario, school.school_type),
            frozenset(
                grade
                for grade in present[school.name]
                if grade_of_type(grade, school.school_type) is not None
            ),
        )
        for school in district.schools
    )


def grade_of_type(grade: int | None, school_type: str) -> int | None:
    """The grade where the school type has it, else ``None``: it then fits everywhere."""
    first, last = GRADES.get(school_type, (1, 13))
    return grade if grade is not None and first <= grade <= last else None
