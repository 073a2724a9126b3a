"""Counts: days between ends of months, sums of periods, gaps, the sheet Historie."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from daz_planner.district.model import District, HistoryMonth
from daz_planner.errors import InputError
from daz_planner.simulation.calibration.counts_data import (
    CountData,
    CountObservation,
    counts_of_history,
    fill_gaps,
    spread_periods,
)
from daz_planner.simulation.past import joint_history, position
from tests.factories import district, school


def with_history(*entries: HistoryMonth) -> District:
    """A district with 30 pupils and 2 guests on 8 February 2017."""
    here = district([school("A", pupils=30, guests=2)])
    return replace(here, history=entries)


def entry(
    month: int, *, year: int = 2016, **values: dict[str, int] | dict[int, int]
) -> HistoryMonth:
    return HistoryMonth(
        date(year, month, 1),
        tuple(values.get("registrations", {}).items()),  # type: ignore[arg-type]
        tuple(values.get("pupils", {}).items()),  # type: ignore[arg-type]
    )


def test_end_of_month_is_whole_and_the_middle_is_half() -> None:
    january = 2016 * 12
    assert position(date(2016, 1, 31)) == january
    assert position(date(2016, 2, 29)) == january + 1
    assert position(date(2016, 4, 15)) == january + 2.5
    assert position(date(2015, 12, 31)) == january - 1


def test_sums_are_spread_evenly_or_by_a_profile() -> None:
    periods = [
        (date(2015, 11, 1), date(2016, 1, 1), 30.0),
        (date(2016, 3, 1), date(2016, 3, 1), 7.0),
    ]
    first, values = spread_periods(periods)
    assert first == date(2015, 11, 1)
    assert values == (10.0, 10.0, 10.0, None, 7.0)
    profile = {date(2015, 11, 1): 1.0, date(2015, 12, 1): 3.0, date(2016, 1, 1): 2.0}
    assert spread_periods(periods[:1], profile)[1] == (5.0, 15.0, 10.0)


def test_periods_that_overlap_are_refused() -> None:
    with pytest.raises(InputError, match="überschneidet"):
        spread_periods(
            [
                (date(2015, 1, 1), date(2015, 12, 1), 1934.0),
                (date(2015, 1, 1), date(2015, 10, 1), 1773.0),
            ]
        )
    with pytest.raises(InputError, match="kein Verlauf"):
        spread_periods([(date(2015, 1, 1), date(2015, 2, 1), 5.0)], {date(2016, 1, 1): 1.0})


def test_gaps_lie_on_the_line_and_ends_on_the_mean() -> None:
    assert fill_gaps([None, 10.0, None, None, 40.0, None]) == (
        (25.0, 10.0, 20.0, 30.0, 40.0, 25.0),
        4,
    )
    assert fill_gaps([None, None]) == ((), 0)


def test_history_of_registrations_and_pupils() -> None:
    data = counts_of_history(
        with_history(
            entry(10, registrations={"": 12}, pupils={0: 100}),
            entry(11, registrations={"GS": 5, "OS": 3}, pupils={1: 20, 2: 90, 3: 200}),
            entry(12, registrations={"GS": 5}),
        )
    )
    assert data.first_month == date(2016, 10, 1)
    # December names GS only although the sheet knows OS: unknown, filled like January and February.
    assert data.arrivals == (12.0, 8.0, 10.0, 10.0, 10.0)
    assert data.notes and "3 Monaten" in data.notes[0]
    assert data.observations == (
        CountObservation(date(2016, 10, 31), 100.0),
        CountObservation(date(2016, 11, 30), 20.0, 1),
        CountObservation(date(2016, 11, 30), 90.0, 2),
        CountObservation(date(2016, 11, 30), 200.0, 3),
        CountObservation(date(2017, 2, 8), 30.0),
    )
    # Months whose registrations were filled in: their number is not known.
    assert data.filled == (2, 3, 4)
    assert data.by_phase and data.with_phase3 and not data.persons


def test_one_phase_and_the_sum_give_the_other_phase() -> None:
    data = counts_of_history(with_history(entry(10, pupils={0: 100, 1: 30})), with_today=False)
    assert [(seen.phase, seen.pupils) for seen in data.observations] == [(1, 30.0), (2, 70.0)]
    assert data.arrivals == ()
    assert "nicht bekannt" in data.notes[0]


def test_the_month_of_the_reference_date_is_not_over_and_later_ones_never_count() -> None:
    rows = (
        entry(12, registrations={"": 7}, pupils={0: 27}),
        entry(1, year=2017, registrations={"": 9}, pupils={0: 28}),
        entry(2, year=2017, registrations={"": 2}, pupils={0: 31}),
        entry(3, year=2017, registrations={"": 99}, pupils={0: 999}),
    )
    here = with_history(*rows)
    data = counts_of_history(here, with_today=False)
    # Two so far in the first eight days of February are no number of February; the pupils are those
    # of the 8th.
    assert data.observations[-1] == CountObservation(date(2017, 2, 8), 31.0)
    assert [seen.pupils for seen in data.observations] == [27.0, 28.0, 31.0]
    assert data.arrivals == (7.0, 9.0, 8.0) and data.filled == (2,)
    # The table of schools is of that very day and goes before the sheet.
    assert counts_of_history(here).observations[-1].pupils == 30.0
    over = replace(here, reference_date=date(2017, 2, 28))
    data = counts_of_history(over, with_today=False)
    assert data.arrivals == (7.0, 9.0, 2.0) and data.filled == ()
    assert data.observations[-1] == CountObservation(date(2017, 2, 28), 31.0)


def test_rows_of_one_month_are_put_together() -> None:
    data = counts_of_history(
        with_history(
            entry(10, registrations={"": 12}),
            entry(10, pupils={0: 100}),
            entry(11, registrations={"GS": 5}, pupils={1: 20}),
            entry(11, registrations={"OS": 3}, pupils={2: 90}),
            entry(12, registrations={"": 4}, pupils={0: 110}),
            entry(12, registrations={"": 4}, pupils={0: 110}),
        ),
        with_today=False,
    )
    assert data.arrivals == (12.0, 8.0, 4.0)
    assert [(seen.day.month, seen.phase, seen.pupils) for seen in data.observations] == [
        (10, 0, 100.0),
        (11, 1, 20.0),
        (11, 2, 90.0),
        (12, 0, 110.0),
    ]


def test_a_later_input_corrects_an_earlier_one_and_completes_its_last_month() -> None:
    august = replace(
        with_history(
            entry(6, registrations={"": 5}, pupils={0: 40}),
            entry(7, registrations={"": 6}),
            entry(8, registrations={"": 1}, pupils={0: 41}),  # the first days of August
        ),
        reference_date=date(2016, 8, 3),
    )
    later = with_history(
        entry(7, registrations={"": 8}),
        entry(8, registrations={"": 9}),
    )
    months, contradicted = joint_history((august, later))
    assert contradicted == 1  # July; August was not over then
    assert [(m.month.month, dict(m.registrations), dict(m.pupils)) for m in months] == [
        (6, {"": 5}, {0: 40}),
        (7, {"": 8}, {}),
        (8, {"": 9}, {}),
    ]


def test_no_pupils_at_all_is_said() -> None:
    with pytest.raises(InputError, match="keine Zahl von VKA-Schülern"):
        counts_of_history(with_history(entry(1, registrations={"": 9})), with_today=False)


def test_impossible_counts_are_refused() -> None:
    seen = CountObservation(date(2016, 1, 31), 10.0)
    with pytest.raises(InputError, match="0 oder größer"):
        CountData(date(2016, 1, 1), (-1.0,), (seen,))
    with pytest.raises(InputError, match="zwei Zahlen"):
        CountData(date(2016, 1, 1), (1.0,), (seen, seen))
    with pytest.raises(InputError, match="unbekannten Phase"):
        CountData(date(2016, 1, 1), (1.0,), (replace(seen, phase=4),))


def test_arrivals_before_the_series_are_the_mean_of_its_first_year() -> None:
    seen = (CountObservation(date(2016, 1, 31), 10.0),)
    values = tuple(float(n) for n in range(1, 25))
    assert CountData(date(2015, 1, 1), values, seen).level_before == 6.5
    assert CountData(date(2015, 1, 1), values, seen, before=3.0).level_before == 3.0
