"""The back-test as a whole: what a past forecast knew, who wins, how often the band holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from daz_planner.district.model import District, HistoryMonth, Pupil, Roster
from daz_planner.errors import InputError
from daz_planner.scenario import with_values
from daz_planner.scenario.model import Scenario
from daz_planner.simulation.backtest.known import known_then
from daz_planner.simulation.backtest.measures import Case, Method
from daz_planner.simulation.backtest.observed import (
    VKA,
    Observation,
    Series,
    observations,
    partial_rosters,
)
from daz_planner.simulation.backtest.run import Backtest, backtest
from daz_planner.simulation.calendar import month_sequence
from daz_planner.simulation.past import known_pupils, month_end
from daz_planner.simulation.stays import stay_distribution
from tests.factories import district, scenario, school

FIRST = date(2012, 1, 1)
TWELVE = {"tabelle": [0.0] * 11 + [1.0]}
LASTING = {"phasen": {"GS": {"phase1": TWELVE, "phase2": TWELVE, "hoechstdauer": "keine"}}}
"""Everybody stays twelve months in phase 1 and twelve in phase 2."""


def month(number: int, registered: int | None, **phases: int | None) -> HistoryMonth:
    """The month ``number`` after January 2012; phases as ``vka``, ``p1``, ``p2``, ``p3``."""
    keys = {"vka": 0, "p1": 1, "p2": 2, "p3": 3}
    return HistoryMonth(
        month_sequence(FIRST, number + 1)[-1],
        () if registered is None else (("", registered),),
        tuple((keys[name], count) for name, count in phases.items() if count is not None),
    )


def past(*months: HistoryMonth, **values: object) -> District:
    """A district with a history; its table of schools is of another time."""
    base = district([school("A", pupils=0)], reference_date=date(2000, 1, 1))
    return replace(base, history=months, **values)  # type: ignore[arg-type]


def ours(result: Backtest, horizon: int, series: Series = VKA) -> dict[date, Case]:
    return {
        case.start: case
        for case in result.cases
        if (case.horizon, case.series, case.method) == (horizon, series, Method.FORECAST)
    }


# -- what was counted ------------------------------------------------------------------------------


def test_counts_fill_in_what_follows() -> None:
    def of(**phases: int) -> dict[int, int]:
        return known_pupils(month(0, None, **phases))

    assert of(p1=3, p2=4) == {0: 7, 1: 3, 2: 4}
    assert of(vka=9, p1=3) == {0: 9, 1: 3, 2: 6}
    assert of(vka=9, p2=3) == {0: 9, 1: 6, 2: 3}
    assert of(vka=2, p1=3) == {0: 2, 1: 3}  # contradicts itself: nothing follows
    assert of(p3=5) == {3: 5}


def test_rosters_months_and_schools_are_days_with_counts() -> None:
    pupils = (Pupil("1", "A", 1), Pupil("2", "B", 2), Pupil("3", "B", 2), Pupil("4", "B", 3))
    schools = [school("A", pupils=5, guests=1), school("B", pupils=7, school_type="OS")]
    one = replace(
        district(schools, reference_date=date(2012, 3, 8)),
        history=(month(0, 4, vka=3), month(1, 3), month(2, 3, vka=99)),
        rosters=(Roster(date(2012, 2, 15), pupils),),
    )
    first, second, third = observations(one)
    assert (first.day, first.counts) == (date(2012, 1, 31), {VKA: 3})
    assert second.day == date(2012, 2, 15) and second.roster is not None
    assert second.counts == {
        VKA: 3,
        Series(phase=1): 1,
        Series(phase=2): 2,
        Series(phase=3): 1,
        Series("GS"): 1,
        Series("GS", 1): 1,
        Series("GS", 2): 0,
        Series("GS", 3): 0,
        Series("OS"): 2,
        Series("OS", 1): 0,
        Series("OS", 2): 2,
        Series("OS", 3): 1,
    }
    # The month of the reference date is a count of that day; the table of schools goes before it.
    # Its guest pupil is left out, as the sheet Historie and the list name none.
    assert third.day == date(2012, 3, 8)
    assert third.counts == {VKA: 12, Series("GS"): 5, Series("OS"): 7}


def test_rows_of_one_month_are_one_count() -> None:
    """One row with registrations, one with pupils, one phase each, and one row written twice."""
    rows = (
        month(0, 4),
        month(0, None, p1=3),
        month(0, None, p2=8),
        month(0, None, p2=8),
        month(1, 5, vka=11),
        month(1, 5, vka=11),
    )
    first, second = observations(past(*rows))[1:]
    assert first.counts == {VKA: 11, Series(phase=1): 3, Series(phase=2): 8}
    assert second.counts == {VKA: 11}
    start = Observation(date(2012, 12, 31), {VKA: 11})
    rest = [month(n, 6) for n in range(2, 12)]
    known = known_then(past(*rows, *rest), scenario(), start, None, 1)
    assert known is not None and known.arrivals.level == (4 + 5 + 10 * 6) / 12


def test_a_list_that_lacks_schools_does_not_replace_the_count_of_its_day() -> None:
    def listed(day: date, count: int) -> Roster:
        return Roster(day, tuple(Pupil(str(n), "A", 1 + n % 2) for n in range(count)))

    months = [month(n, 5, p1=40, p2=60) for n in range(4)]
    whole, partial = listed(date(2012, 2, 29), 80), listed(date(2012, 3, 31), 79)
    beside = listed(date(2012, 4, 10), 30)  # ten days after a count of 100
    far = listed(date(2012, 8, 1), 9)  # no count near it: nothing says that it is not whole
    one = past(*months, rosters=(whole, partial, beside, far))
    found = {entry.day: entry for entry in observations(one)}
    assert partial_rosters(one) == (date(2012, 3, 31), date(2012, 4, 10))
    assert found[date(2012, 2, 29)].roster == whole
    assert found[date(2012, 2, 29)].counts[VKA] == 80
    assert found[date(2012, 3, 31)].roster is None
    assert found[date(2012, 3, 31)].counts == {
        VKA: 100,
        Series(phase=1): 40,
        Series(phase=2): 60,
    }
    assert date(2012, 4, 10) not in found and date(2012, 8, 1) in found
    result = backtest(one, scenario(rechnen={"laeufe": 5}))
    assert result.partial == partial_rosters(one)


def test_phases_of_today_count_where_every_school_names_them() -> None:
    schools = [
        school("A", pupils=5, guests=1, phases=(2, 3, None)),
        school("B", pupils=7, school_type="OS", phases=(3, 4, 6)),
        school("C", pupils=1, school_type="OS"),
    ]
    (today,) = observations(district(schools))
    assert today.counts == {
        VKA: 13,
        Series("GS"): 5,
        Series("GS", 1): 2,
        Series("GS", 2): 3,
        Series("OS"): 8,
    }


# -- what was known --------------------------------------------------------------------------------


def wavy(later: int = 0) -> District:
    """30 months; from the 20th on everything is higher by ``later``."""
    rng = np.random.default_rng(7)
    months = []
    for number in range(30):
        more = later if number >= 20 else 0
        first, second = rng.integers(10, 30, size=2)
        months.append(
            month(number, int(rng.integers(0, 9)) + more, p1=int(first) + more, p2=int(second))
        )
    roster = [Pupil(f"S-{n}", "A", 1 + n % 2, entered=date(2012, 1 + n % 12, 3)) for n in range(40)]
    later_roster = [*roster, *(Pupil(f"T-{n}", "A", 1) for n in range(later))]
    rosters = (
        Roster(date(2013, 3, 12), tuple(roster)),
        Roster(date(2013, 9, 12), tuple(roster)),
        Roster(date(2013, 10, 12), tuple(later_roster)),
    )
    base = past(*months, rosters=rosters)
    return replace(base, schools=(replace(base.schools[0], pupils=later),))


def test_nothing_of_later_months_leaks_into_a_forecast() -> None:
    """What was forecast until the middle of September 2013 does not know that month's numbers."""
    assumed = scenario(rechnen={"laeufe": 30})
    border = date(2013, 9, 15)
    results = [backtest(wavy(later), assumed) for later in (0, 50)]
    before, after = (
        {
            (c.start, c.horizon, c.series, c.method): (c.forecast, c.band)
            for c in result.cases
            if c.start < border
        }
        for result in results
    )
    assert len(before) > 500
    assert any(method is Method.LAST and band for (*_, method), (_, band) in before.items())
    assert max(start for start, *_ in before) == date(2013, 9, 12)
    assert before == after
    observed = [[c.observed for c in r.cases if c.start < border] for r in results]
    assert observed[0] != observed[1]
    assert [s for s in results[0].starts if s.day < border] == [
        s for s in results[1].starts if s.day < border
    ]


def test_assumptions_of_today_on_arrivals_do_not_leak() -> None:
    data = wavy()
    assumed = scenario(rechnen={"laeufe": 20})
    others = [
        with_values(assumed, {"zuzug.pro_monat": 300}),
        with_values(assumed, {"zuzug.trend_pro_jahr": 2.0}),
        with_values(
            assumed,
            {"zuzug.welle": {"ab": "2012-05", "hoehe": 200, "abklingen_monate": 9}},
        ),
    ]
    expected = backtest(data, assumed).cases
    for other in others:
        assert backtest(data, other).cases == expected


def test_the_level_is_the_mean_of_the_known_ones_of_the_last_twelve_months() -> None:
    months = [month(n, n, vka=50) for n in range(20) if n != 15]
    start = Observation(month_end(months[-1].month), {VKA: 50})
    known = known_then(past(*months, month(25, 900)), scenario(), start, None, 3)
    assert known is not None
    chosen = [n for n in range(8, 20) if n != 15]
    assert known.arrivals.level == sum(chosen) / 11
    assert known.arrivals.months == 11
    assert known.district.reference_date == date(2013, 8, 31)
    assert max(entry.month for entry in known.district.history) == date(2013, 8, 1)
    assert known.scenario.zeitraum.monate == 4


def test_a_day_within_a_month_knows_the_month_before() -> None:
    months = [month(n, 10 if n < 12 else 1000) for n in range(13)]
    start = Observation(date(2013, 1, 15), {VKA: 50})
    known = known_then(past(*months), scenario(), start, None, 1)
    assert known is not None and known.arrivals.level == 10.0


def test_three_of_the_last_twelve_months_must_be_known() -> None:
    start = Observation(date(2013, 12, 31), {VKA: 50})
    old = [month(n, 10) for n in range(12)]  # all of 2012
    assert known_then(past(*old), scenario(), start, None, 1) is None
    new = [month(n, 4) for n in (21, 22, 23)]
    assert known_then(past(*old, *new[:2]), scenario(), start, None, 1) is None
    known = known_then(past(*old, *new), scenario(), start, None, 1)
    assert known is not None and known.arrivals.level == 4.0
    # In the middle of January 2014 the twelve months before are those of 2013.
    middle = replace(start, day=date(2014, 1, 15))
    assert known_then(past(*(month(n, 4) for n in (12, 13, 14))), scenario(), middle, None, 1)


def test_arrivals_from_the_days_of_entry_of_a_roster() -> None:
    """Everybody stays 24 months: 24 pupils of the last 12 months are two a month."""
    day = date(2013, 1, 15)
    pupils = [
        Pupil(f"S-{n}", "A", 1, entered=date(2012, 1 + n // 2, 20)) for n in range(24)
    ]  # whole months since: 11 … 0
    pupils += [Pupil(f"A-{n}", "A", 2, entered=date(2011, 5, 1)) for n in range(7)]
    data = past(rosters=(Roster(day, tuple(pupils)),))
    start = observations(data)[-1]
    known = known_then(data, scenario(**LASTING), start, start.roster, 1)
    assert known is not None
    assert (known.arrivals.level, known.arrivals.months) == (pytest.approx(2.0), 0)
    assert known.scenario.zuzug.pro_monat == pytest.approx(2.0)
    half = scenario(**LASTING, abgang={"direkt_in_regelklasse": 0.5, "wegzug_pro_monat": 0.0})
    direct = known_then(data, half, start, start.roster, 1)
    assert direct is not None and direct.arrivals.level == pytest.approx(4.0)
    undated = replace(pupils[0], entered=None)
    data = past(rosters=(Roster(day, (undated, *pupils[1:])),))
    start = observations(data)[-1]
    assert known_then(data, scenario(**LASTING), start, start.roster, 1) is None


def test_counts_are_split_over_school_types_as_in_the_last_roster() -> None:
    pupils = tuple(Pupil(str(n), "A" if n < 3 else "B", 1) for n in range(4))
    schools = (school("A"), school("B", school_type="OS"))
    data = past(*(month(n, 5) for n in range(6)), schools=schools)
    start = Observation(date(2012, 6, 30), {VKA: 10, Series(phase=1): 4, Series(phase=2): 6})
    roster = Roster(date(2012, 4, 1), pupils)
    known = known_then(data, scenario(), start, roster, 1)
    assert known is not None
    # Three quarters GS: 3 of 4 in phase 1; 4.5 of 6 in phase 2, the half to the first type.
    phases = {s.school_type: s.phases for s in known.district.schools}
    assert phases == {"GS": (3, 5, None), "OS": (1, 1, None)}
    without = known_then(data, scenario(), start, None, 1)
    assert without is not None
    assert {s.school_type: s.pupils for s in without.district.schools} == {"GS": 10, "OS": 0}


def test_who_changes_to_a_type_without_pupils_is_still_counted() -> None:
    """All are in grades 1 to 4 and stay for two years: in August a quarter goes on to the OS."""
    schools = (school("A", pupils=80), school("B", school_type="OS", pupils=0))
    assumed = scenario(**LASTING, zuzug={"schularten": {"GS": 1.0, "OS": 0.0, "BSZ": 0.0}})
    data = past(*(month(n, 0, vka=80) for n in range(12)), schools=schools)
    result = backtest(data, assumed)
    forecasts = [
        case.forecast
        for case in result.cases
        if case.series == VKA and case.method is Method.FORECAST and case.start < case.day
        and case.start == date(2012, 7, 31)
    ]  # fmt: skip
    alone = backtest(replace(data, schools=schools[:1]), assumed)
    lost = [
        case.forecast
        for case in alone.cases
        if case.series == VKA and case.method is Method.FORECAST
        and case.start == date(2012, 7, 31)
    ]  # fmt: skip
    assert forecasts and min(forecasts) > max(lost) + 10


def test_half_a_month_is_no_month() -> None:
    data = past(*(month(n, 5, vka=50) for n in range(5)), reference_date=date(2012, 6, 15))
    with pytest.raises(InputError):
        backtest(
            replace(data, history=tuple(m for m in data.history if m.month.month == 5)), scenario()
        )
    result = backtest(data, scenario(rechnen={"laeufe": 5}))
    assert {case.day for case in result.cases} == {date(2012, 4, 30), date(2012, 5, 31)}


# -- who wins --------------------------------------------------------------------------------------


def test_the_end_of_a_wave_is_seen_where_last_value_sees_none() -> None:
    """60 came in one month and stay 24 months; later nobody comes, so that they are gone then."""
    months = [month(n, 60 if n == 0 else 0, vka=60 if n < 24 else 0) for n in range(30)]
    result = backtest(past(*months), scenario(**LASTING, rechnen={"laeufe": 5}))
    # From January 2013 on the twelve months before were without anybody.
    late = {d: c for d, c in ours(result, 12).items() if d >= date(2013, 1, 31)}
    assert len(late) == 6
    for case in late.values():
        assert case.forecast == pytest.approx(0.0, abs=1e-9)
        assert case.observed == 0
    last = [c for c in result.cases if c.method is Method.LAST and c.start in late]
    assert {abs(c.error) for c in last if c.horizon == 12} == {60.0}


def test_last_value_wins_where_nothing_changes_against_the_assumed_stays() -> None:
    """A hundred pupils all the time and nobody comes: stays of 12 months cannot know that."""
    result = backtest(past(*(month(n, 0, vka=100) for n in range(20))), scenario())
    for horizon in (1, 3, 6, 12):
        score = result.score(VKA, horizon, Method.FORECAST)
        last = result.score(VKA, horizon, Method.LAST)
        assert score is not None and last is not None
        assert last.absolute == 0.0 and score.absolute > 5.0
        assert score.bias == pytest.approx(-score.absolute)


def steady(months: int, per_month: int, seed: int) -> tuple[HistoryMonth, ...]:
    """A steady state drawn pupil by pupil from the stays of :func:`ordinary`."""
    rng = np.random.default_rng(seed)
    warm = 40
    tables = [stay_distribution(*pair) for pair in ((4.0, 2.0), (9.0, 4.0))]
    course = np.zeros((2, months), dtype=int)
    registered = rng.poisson(per_month, size=warm + months)
    for entry, count in enumerate(registered):
        stays = [1 + rng.choice(len(t), p=t / t.sum(), size=count) for t in tables]
        grades = rng.integers(1, 14, size=count)
        for first, second, grade in zip(*stays, grades, strict=True):
            # Month 0 is January: changes of school year in months 7, 19 …; after grade 13 it ends.
            over = next(t for t in range(entry + 1, 900) if (t - warm) % 12 == 7) + 12 * (
                13 - grade
            )
            for phase, (begin, end) in enumerate(
                ((entry, entry + first), (entry + first, entry + first + second))
            ):
                begin, end = max(begin - warm, 0), min(end, over) - warm
                course[phase, begin : max(end, begin)] += 1
    return tuple(
        month(n, int(registered[warm + n]), p1=int(course[0, n]), p2=int(course[1, n]))
        for n in range(months)
    )


def ordinary() -> Scenario:
    stays = {
        "phase1": {"mittel": 4.0, "standardabweichung": 2.0},
        "phase2": {"mittel": 9.0, "standardabweichung": 4.0},
        "hoechstdauer": "keine",
    }
    return scenario(
        zuzug={"schularten": {"GYM": 1.0}, "varianzfaktor": 1.0},
        phasen={"GYM": stays},
        schuljahr={"stufen": {"GYM": [1, 13]}},
        rechnen={"laeufe": 64},
    )


def test_in_a_steady_state_eight_of_ten_counts_lie_in_the_band() -> None:
    schools = (school("A", school_type="GYM"),)
    result = backtest(past(*steady(100, 20, seed=5), schools=schools), ordinary())
    for series in (VKA, Series(phase=1)):
        for horizon in (1, 3):
            score = result.score(series, horizon, Method.FORECAST)
            assert score is not None and score.cases >= 94
            assert 0.68 <= score.inside / score.with_band <= 0.93, (series, horizon, score)
            assert abs(score.bias) < 0.25 * (score.width or 0.0)
    year = result.score(VKA, 12, Method.FORECAST)
    assert year is not None and year.skill is not None and year.with_band == year.cases


# -- gaps and too little ---------------------------------------------------------------------------


def test_missing_months_cost_their_comparisons_only() -> None:
    whole = [month(n, 5, vka=40 + n) for n in range(10)]
    result = backtest(past(*whole), scenario())
    assert {h: len(ours(result, h)) for h in (1, 3, 6, 12)} == {1: 7, 3: 5, 6: 2, 12: 0}
    assert result.gaps == {1: 0, 3: 0, 6: 0, 12: 0}
    assert [d.month for d in result.unknown_arrivals] == [1, 2]
    holes = backtest(past(*whole[:5], *whole[6:]), scenario())  # June is unknown
    assert {h: len(ours(holes, h)) for h in (1, 3, 6)} == {1: 5, 3: 3, 6: 2}
    assert holes.gaps == {1: 1, 3: 1, 6: 0, 12: 0}


def test_too_little_is_said_with_a_remedy() -> None:
    with pytest.raises(InputError, match="keine früheren Zahlen") as error:
        backtest(past(), scenario())
    assert "15 Monate" in error.value.remedy and "4 Monate" in error.value.remedy
    with pytest.raises(InputError, match="keine zwei"):
        backtest(past(month(0, 5, vka=40), month(2, 5, vka=40)), scenario())
    with pytest.raises(InputError, match="Anmeldungen aus mindestens 3 Monaten"):
        backtest(past(*(month(n, None, vka=40) for n in range(9))), scenario())


def test_the_same_seed_gives_the_same_and_another_seed_other_bands() -> None:
    data = wavy()
    first = backtest(data, scenario(rechnen={"laeufe": 10}))
    assert backtest(data, scenario(rechnen={"laeufe": 10})).cases == first.cases
    other = backtest(data, scenario(rechnen={"laeufe": 10, "saat": 2}))
    assert [c.band for c in other.cases] != [c.band for c in first.cases]
    assert [c.forecast for c in other.cases] == [c.forecast for c in first.cases]


def test_days_without_each_other_keep_their_random_numbers() -> None:
    data = wavy()
    assumed = scenario(rechnen={"laeufe": 10})
    fewer = replace(
        data,
        history=tuple(
            replace(entry, pupils=()) if entry.month == date(2012, 6, 1) else entry
            for entry in data.history
        ),
    )
    one, two = (ours(backtest(d, assumed), 3) for d in (data, fewer))
    same = one.keys() & two.keys()
    assert len(same) > 10
    assert all(one[day].band == two[day].band for day in same)
