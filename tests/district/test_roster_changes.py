from __future__ import annotations

from datetime import date

import pytest

from daz_planner.district.model import Pupil, Roster
from daz_planner.district.roster_changes import compare_rosters

OCTOBER = Roster(
    date(2016, 10, 4),
    (Pupil("a", "X", 1), Pupil("b", "X", 1), Pupil("c", "X", 2), Pupil("d", "Y", 3)),
)
FEBRUARY = Roster(
    date(2017, 2, 8),
    (Pupil("e", "Y", 1), Pupil("b", "X", 2), Pupil("c", "Y", 2), Pupil("a", "X", 1)),
)


def test_two_rosters_by_hand() -> None:
    changes = compare_rosters(OCTOBER, FEBRUARY)
    assert (changes.first_date, changes.second_date) == (date(2016, 10, 4), date(2017, 2, 8))
    assert changes.arrivals == (Pupil("e", "Y", 1),)
    assert changes.departures == (Pupil("d", "Y", 3),)
    assert [(c.before.pupil_id, c.before.phase, c.after.phase) for c in changes.phase_changes] == [
        ("b", 1, 2)
    ]
    assert [(c.before.school, c.after.school) for c in changes.school_changes] == [("X", "Y")]
    assert changes.stayed == 3
    assert len(changes.arrivals) + changes.stayed == len(FEBRUARY.pupils)
    assert len(changes.departures) + changes.stayed == len(OCTOBER.pupils)


def test_order_does_not_matter_and_dates_must_differ() -> None:
    assert compare_rosters(FEBRUARY, OCTOBER) == compare_rosters(OCTOBER, FEBRUARY)
    with pytest.raises(ValueError, match="same date"):
        compare_rosters(OCTOBER, OCTOBER)
