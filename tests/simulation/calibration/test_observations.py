"""From rosters to bounds: each case of a pupil by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from daz_planner.district.model import Pupil, Roster
from daz_planner.simulation.calibration.observations import (
    Gone,
    Spell,
    counts_between,
    observe,
)

FIRST, SECOND = date(2016, 10, 1), date(2017, 2, 1)
KINDS = {"A": "GS", "B": "OS"}
STAYER = Pupil("S-0", "A", 1, None, date(2016, 6, 1))


def seen(*lists: tuple[Pupil, ...], days: tuple[date, ...] = (FIRST, SECOND)) -> tuple[Spell, ...]:
    """The spells of the pupils besides one who is in all lists (so that ids go on)."""
    rosters = [Roster(day, (STAYER, *pupils)) for day, pupils in zip(days, lists, strict=True)]
    return observe(rosters, KINDS).spells[1:]


def pupil(phase: int, since: date | None = None, entered: date | None = None) -> Pupil:
    return Pupil("S-1", "A", phase, since, entered)


@pytest.mark.parametrize(
    ("begin", "end", "months"),
    [
        (date(2017, 1, 8), date(2017, 2, 8), 1),
        (date(2017, 1, 9), date(2017, 2, 8), 0),  # no count on the 8th in between
        (date(2017, 1, 8), date(2017, 2, 9), 2),  # 8 January and 8 February
        (date(2016, 1, 20), date(2017, 1, 20), 12),
    ],
)
def test_months_are_counts_on_the_day_of_the_roster(begin: date, end: date, months: int) -> None:
    assert counts_between(begin, end, date(2017, 2, 8)) == months


def test_dated_change_between_two_rosters() -> None:
    (spell,) = seen((pupil(1, None, date(2016, 8, 1)),), (pupil(2, date(2016, 12, 1)),))
    # Met after 2 months; phase 1 from August to November; 6 months on 1 February and going on.
    assert (spell.phase, spell.clock, spell.seen) == (1, 1, 2)
    assert (spell.first, spell.total, spell.gone) == ((4, 4), (7, None), None)


def test_change_without_a_date_is_bracketed() -> None:
    (spell,) = seen((pupil(1, None, date(2016, 8, 1)),), (pupil(2),))
    assert (spell.first, spell.total) == ((3, 6), (7, None))


def test_end_of_phase_2_between_the_rosters() -> None:
    start = pupil(2, date(2016, 4, 1), date(2016, 1, 1))
    (spell,) = seen((start,), (pupil(3),))
    assert (spell.first, spell.total) == ((3, 3), (10, 13))
    (dated,) = seen((start,), (pupil(3, date(2016, 12, 1)),))
    assert dated.total == (11, 11)


def test_still_there_is_open() -> None:
    (spell,) = seen((pupil(1, None, date(2016, 8, 1)),), (pupil(1),))
    assert (spell.first, spell.total) == ((7, None), (8, None))


def test_missing_in_the_next_roster() -> None:
    (spell,) = seen((pupil(1, None, date(2016, 8, 1)),), ())
    assert spell.first == (3, None)
    assert spell.gone == Gone(6, pytest.approx(4.04, abs=0.01), False)
    assert not spell.ends(1) and not spell.ends(2)


def test_missing_with_phase_3_in_the_lists_has_moved_away() -> None:
    other = Pupil("S-2", "A", 2, date(2016, 5, 1), date(2016, 2, 1))
    spells = seen((pupil(2, date(2016, 6, 1)), other), (replace(other, phase=3, phase_since=None),))
    assert spells[0].gone is not None and spells[0].gone.phase3_listed
    assert not spells[0].ends(2)
    assert spells[1].ends(2)


def test_phase_2_without_entry_runs_on_its_own_clock() -> None:
    (spell,) = seen((pupil(2, date(2016, 6, 1)),), (pupil(2),))
    assert (spell.clock, spell.seen, spell.second) == (2, 4, (9, None))


def test_school_without_a_later_list_loses_nobody() -> None:
    gone = Pupil("S-1", "B", 1, None, date(2016, 8, 1))
    found = observe([Roster(FIRST, (STAYER, gone)), Roster(SECOND, (STAYER,))], KINDS)
    assert found.spells[1].gone is None
    assert found.lists_missing == (("B", SECOND),)


def test_contradicting_dates_are_left_out() -> None:
    # Phase 2 since before the entry.
    assert seen((pupil(2, date(2015, 1, 1), date(2016, 8, 1)),), ()) == ()
    # In phase 1 in October although phase 2 is said to have begun in March.
    late = (pupil(2, date(2016, 3, 1)),)
    assert seen((pupil(1, None, date(2016, 1, 1)),), late) == ()


def test_other_ids_are_not_all_gone() -> None:
    before = Roster(FIRST, tuple(replace(STAYER, pupil_id=f"X-{i}") for i in range(30)))
    after = Roster(SECOND, tuple(replace(STAYER, pupil_id=f"Y-{i}") for i in range(30)))
    found = observe([before, after], KINDS)
    assert found.other_ids == (FIRST,)
    assert [roster.reference_date for roster in found.rosters] == [SECOND]
    assert found.steps == ()


def test_back_in_phase_1_ends_what_is_known() -> None:
    days = (date(2016, 6, 1), FIRST, SECOND)
    start = pupil(1, None, date(2016, 5, 1))
    (spell,) = seen((start,), (pupil(2),), (pupil(1),), days=days)
    assert (spell.first, spell.total, spell.gone) == ((2, 5), (6, None), None)


def test_months_so_far_of_the_latest_roster() -> None:
    rosters = [
        Roster(FIRST, (pupil(1, None, date(2016, 8, 1)),)),
        Roster(SECOND, (replace(pupil(2, date(2016, 12, 15)), school="B"),)),
    ]
    assert observe(rosters, KINDS).elapsed == (("OS", 2, 1),)
