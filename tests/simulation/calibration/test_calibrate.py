"""Known stays come back from invented rosters; what cannot be known is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from daz_planner.district.model import District, HistoryMonth, Pupil, Roster
from daz_planner.errors import InputError
from daz_planner.scenario import load_scenario, with_values
from daz_planner.simulation.calibration.calibrate import calibrate
from daz_planner.simulation.calibration.curve import fit_curves, moments, rounded_table
from daz_planner.simulation.calibration.elapsed import fit_steps
from daz_planner.simulation.calibration.history import arrivals_by_age
from daz_planner.simulation.calibration.moving import UNKNOWN, estimate_moving
from daz_planner.simulation.calibration.observations import Step, observe
from daz_planner.simulation.calibration.phases import Stays, estimate_stays
from daz_planner.simulation.calibration.registrations import estimate_registrations
from daz_planner.simulation.calibration.results import Calibration, Method, StayEstimate, Value
from daz_planner.simulation.calibration.weights import weigh
from daz_planner.simulation.stays import stay_distribution
from tests.factories import district, school
from tests.simulation.calibration.roster_world import Truth, gamma, lives, rosters

START = date(2010, 1, 1)
BASIS = load_scenario("basis")
TRUTH = Truth(
    phase1={"GS": gamma(3.0, 1.5), "OS": gamma(5.0, 2.0)},
    phase2={"GS": gamma(9.0, 4.0), "OS": gamma(12.0, 5.0)},
    arrivals={"GS": 14.0, "OS": 12.0},
    moving=0.01,
)
DAYS = (date(2016, 6, 1), date(2017, 2, 1))


def world(*days: date, seed: int = 3, truth: Truth = TRUTH, **listed: bool) -> District:
    months = (days[-1] - START).days / 30.4375
    people = lives(truth, months, np.random.default_rng(seed))
    schools = [school(f"Schule {kind}", school_type=kind) for kind in truth.arrivals]
    base = district(schools, reference_date=days[-1])
    return replace(base, rosters=tuple(rosters(people, START, days, **listed)))


def stay(found: Calibration, kind: str, phase: int) -> StayEstimate:
    return next(s for s in found.stays if (s.kind, s.phase) == (kind, phase))


def near(estimate: StayEstimate, truth: float) -> bool:
    """Within two widths from the middle to an end of the interval."""
    value = estimate.mean
    return (
        value.value - 2 * (value.value - value.low)
        <= truth
        <= value.value + 2 * (value.high - value.value)
    )


@pytest.fixture(scope="module", params=[True, False], ids=["with phase 3", "without phase 3"])
def followed(request: pytest.FixtureRequest) -> Calibration:
    return calibrate([world(*DAYS, with_phase3=request.param)], BASIS, repeats=60)


def test_two_rosters_give_stays_back(followed: Calibration) -> None:
    for kind, means in {"GS": (3.0, 9.0), "OS": (5.0, 12.0)}.items():
        for phase, mean in enumerate(means, start=1):
            found = stay(followed, kind, phase)
            assert found.method is Method.CURVE
            assert near(found, mean), found
            assert found.table is not None
            months = np.arange(1, len(found.table) + 1)
            assert found.mean.value == pytest.approx(np.dot(found.table, months), abs=0.006)
    assert stay(followed, "OS", 1).mean.low > stay(followed, "GS", 1).mean.high


def test_two_rosters_give_moving_and_arrivals_back(followed: Calibration) -> None:
    assert followed.moving is not None and followed.arrivals is not None
    assert followed.moving.value.low / 2 < 0.01 < followed.moving.value.high * 2
    low, high = followed.arrivals.value.low, followed.arrivals.value.high
    assert 0.9 * low < 26.0 < 1.1 * high
    shares = {kind: value for kind, value, _ in followed.shares}
    assert shares["GS"].low - 0.05 < 14 / 26 < shares["GS"].high + 0.05
    assert sum(value.value for value in shares.values()) == pytest.approx(1.0)


def test_ignoring_that_long_stays_are_met_more_often_would_fail() -> None:
    """The same pupils, taken as if they had been followed from their entry on: far too long."""
    data = world(*DAYS, with_phase3=True)
    seen = observe(data.rosters, {"Schule GS": "GS", "Schule OS": "OS"})
    own = [replace(spell, seen=0) for spell in seen.spells if spell.kind == "OS"]
    weights = weigh(own, (30, 40), 0.01)
    counts = np.bincount(weights.pattern)[None].astype(float)
    naive = float(moments(fit_curves(weights, counts)[1])[0][0])
    found = stay(calibrate([data], BASIS, repeats=60), "OS", 2)
    assert near(found, 12.0)
    assert naive > found.mean.value + 1.0
    shift = naive - found.mean.value
    moved = Value(naive, found.mean.low + shift, found.mean.high + shift)
    assert not near(replace(found, mean=moved), 12.0)


def test_one_roster_with_dates() -> None:
    found = calibrate([world(DAYS[1])], BASIS, repeats=60)
    assert [stay(found, "GS", p).method for p in (1, 2)] == [Method.CURVE, Method.ELAPSED]
    assert near(stay(found, "GS", 1), 3.0) and near(stay(found, "OS", 1), 5.0)
    assert near(stay(found, "GS", 2), 9.0) and near(stay(found, "OS", 2), 12.0)
    assert stay(found, "GS", 2).table is None
    assert found.moving is None
    assert any("Aus einem einzigen Stichtag" in note for note in found.notes)
    assert any(note.startswith("Wegzug: Aus einem Stichtag") for note in found.notes)


def test_rosters_without_dates_keep_the_relative_spread() -> None:
    found = calibrate([world(*DAYS, with_entry=False, with_since=False)], BASIS, repeats=20)
    second = stay(found, "OS", 2)
    assert second.method is Method.STEPS
    assert near(second, 12.0)
    assert second.spread.value / second.mean.value == pytest.approx(5 / 11, rel=0.05)
    assert any("ohne Tage" in note for note in found.notes)


def test_after_a_wave_the_history_keeps_the_stay_from_being_short() -> None:
    """All came within the last year: months so far are few although stays are long."""
    day = date(2017, 2, 1)
    truth = replace(TRUTH, moving=0.0)
    people = [
        life
        for life in lives(truth, 85.0, np.random.default_rng(5))
        if life.entry > (85.0 - 8.0) * 30.4375
    ]
    base = world(day, truth=truth)
    base = replace(base, rosters=tuple(rosters(people, START, (day,), with_entry=False)))
    months = [date(2014 + m // 12, m % 12 + 1, 1) for m in range(37)]
    history = tuple(HistoryMonth(m, (("", 26 if m >= date(2016, 6, 1) else 0),)) for m in months)
    known = calibrate([replace(base, history=history)], BASIS, repeats=10)
    unknown = calibrate([base], BASIS, repeats=10)
    assert stay(unknown, "", 2).mean.value < 7.0
    assert stay(known, "", 2).mean.value > stay(unknown, "", 2).mean.value + 2.0


def test_history_that_contradicts_the_entries_is_set_aside() -> None:
    base = world(DAYS[1])
    wave = tuple(
        HistoryMonth(date(2014 + m // 12, m % 12 + 1, 1), (("", 500 if m == 33 else 1),))
        for m in range(37)
    )
    found = calibrate([replace(base, history=wave)], BASIS, repeats=5)
    assert any("passen besser zu gleichmäßigem Zuzug" in note for note in found.notes)
    assert near(
        stay(calibrate([base], BASIS, repeats=30), "OS", 2), stay(found, "OS", 2).mean.value
    )


def test_few_cases_lean_on_the_district() -> None:
    truth = Truth(
        phase1={"GS": gamma(4.0, 1.5), "OS": gamma(8.0, 1.5)},
        phase2={"GS": gamma(9.0, 4.0), "OS": gamma(9.0, 4.0)},
        arrivals={"GS": 30.0, "OS": 0.9},
    )
    found = calibrate([world(*DAYS, truth=truth)], BASIS, repeats=100)
    few = stay(found, "OS", 1)
    assert 5 <= few.cases < 25
    assert stay(found, "", 1).mean.value + 0.3 < few.mean.value < 7.0
    # That types differ by a ninth widens the interval even if the pupils themselves agree.
    share = 20.0 / (20.0 + few.cases)
    assert few.mean.high - few.mean.low > 0.7 * 2 * 1.28 * 0.11 * share * few.mean.value


def test_too_little_data_is_said_and_gives_no_number() -> None:
    truth = replace(TRUTH, arrivals={"GS": 0.5, "OS": 0.3})
    found = calibrate([world(*DAYS, truth=truth)], BASIS, repeats=5)
    assert found.stays == () and found.moving is None and found.arrivals is None
    assert found.is_empty
    text = " ".join(found.notes)
    assert "Dauer der Phase 1: zu wenig Fälle" in text
    assert "Wegzug: zu wenig Beobachtung" in text
    assert "Es bleibt beim Wert des Szenarios" in text


def test_registrations_of_the_history_beat_the_lists() -> None:
    months = [date(2016 + m // 12, m % 12 + 1, 1) for m in range(13)]
    history = tuple(HistoryMonth(m, (("", 20 + (-1) ** i),)) for i, m in enumerate(months))
    found = calibrate([replace(world(*DAYS), history=history)], BASIS, repeats=5)
    assert found.arrivals is not None and "Blatt Historie" in found.arrivals.source
    assert found.arrivals.value.value == pytest.approx(20.0, abs=0.1)
    assert any("Es gilt die Zahl aus dem Blatt Historie" in note for note in found.notes)


def test_nothing_to_estimate_from() -> None:
    with pytest.raises(InputError, match="weder eine Schülerliste noch Anmeldungen"):
        calibrate([district([school("A")])], BASIS)


def test_same_seed_same_estimates() -> None:
    data = world(*DAYS)
    assert calibrate([data], BASIS, repeats=5) == calibrate([data], BASIS, repeats=5)


def test_two_inputs_are_one_district() -> None:
    data = world(*DAYS)
    parts = [
        replace(data, rosters=(roster,), reference_date=roster.reference_date)
        for roster in data.rosters
    ]
    assert calibrate(parts, BASIS, repeats=5).stays == calibrate([data], BASIS, repeats=5).stays


def test_moving_by_hand() -> None:
    # 400 pupils in phase 1 for one month, 8 missing, none can finish: (8 + 0.5) / (400 + 50)
    # with the scenario's 1 % over 50 months (1 - (1 - h) is h for one month).
    steps = [Step("GS", 1, 0, 1.0, 0 if i < 8 else 1, False) for i in range(400)]
    stays = (np.eye(12)[11], np.eye(12)[11])
    found = estimate_moving(steps, [(0.01, stays)], 0.01)
    assert found is not None
    assert found.rate.value.value == pytest.approx(8.5 / 450, rel=0.03)
    assert found.rate.value.low < 8.5 / 450 < found.rate.value.high
    assert list(found.likely) == sorted(found.likely) and len(found.likely) == 5
    assert found.likely[0] < 8.5 / 450 < found.likely[-1]
    # Where both phases can end in between, a missing pupil is no proof.
    short = (np.array([1.0]), np.array([0.05, 0.95]))
    longer = [replace(step, gap=2.0) for step in steps]
    certain = estimate_moving(longer, [(0.01, stays)], 0.01)
    unsure = estimate_moving(longer, [(0.01, short)], 0.01)
    assert certain is not None and unsure is not None
    assert unsure.rate.value.value < certain.rate.value.value
    # Stays that leave no time for both phases if many move away, and half of it if nobody does:
    # 2 % of the pupils finish at 0, none from 2 % a month on.
    part = (np.array([1.0]), np.array([0.02, 0.98]))
    turning = estimate_moving(longer, [(0.0, part), (0.02, stays)], 0.01)
    assert turning is not None
    assert turning.rate.value.value < certain.rate.value.value


def test_interval_of_moving_reaches_zero_where_nobody_is_missing() -> None:
    steps = [Step("GS", 1, 0, 1.0, 1, False) for _ in range(400)]
    found = estimate_moving(steps, [(0.01, (np.eye(12)[11], np.eye(12)[11]))], 0.01)
    assert found is not None
    assert found.rate.value.low < 0.0005 < found.rate.value.high < 0.006


@pytest.mark.parametrize(
    ("away", "arrivals", "months", "share"), [(0.0, 20.0, 0.45, 0.004), (0.02, 60.0, 0.25, 0.0035)]
)
def test_phase2_and_moving_are_told_apart_without_phase3(
    away: float, arrivals: float, months: float, share: float
) -> None:
    """80 % intervals hold the truth in four of six worlds at least, and none lean on 1 %."""
    truth = Truth({"GS": gamma(5.0, 2.0)}, {"GS": gamma(9.0, 3.0)}, {"GS": arrivals}, away)
    days = (date(2014, 1, 31), date(2014, 6, 30))  # five months, as in most offices
    means, shares, phase2, moving = [], [], 0, 0
    for seed in range(20, 26):
        found = calibrate([world(*days, seed=seed, truth=truth)], BASIS, repeats=30)
        second = stay(found, "", 2).mean
        assert found.moving is not None
        rate = found.moving.value
        means.append(second.value)
        shares.append(rate.value)
        phase2 += second.low <= 9.0 <= second.high
        moving += round(rate.low, 3) <= away <= rate.high
    assert phase2 >= 4 and moving >= 4
    assert np.mean(means) == pytest.approx(9.0, abs=months)
    assert np.mean(shares) == pytest.approx(away, abs=share)
    assert any("Nehmen Sie Phase 3 in die Listen auf" in note for note in found.notes)


def test_lists_a_year_apart_give_no_number_for_moving() -> None:
    """Nearly all who are missing may have finished both phases in a year."""
    truth = Truth({"GS": gamma(5.0, 2.0)}, {"GS": gamma(9.0, 3.0)}, {"GS": 20.0}, 0.02)
    found = calibrate([world(date(2013, 6, 30), date(2014, 6, 30), truth=truth)], BASIS, repeats=10)
    assert found.moving is None
    assert any(note.startswith("Wegzug: Zwischen den Listen") for note in found.notes)


def test_phase2_is_unsure_where_moving_is_not_known() -> None:
    """Few pupils in phase 1: no number for moving away, and phase 2 for 0 to 3 % a month."""
    truth = Truth({"GS": gamma(1.5, 0.5)}, {"GS": gamma(9.0, 3.0)}, {"GS": 20.0}, 0.01)
    days = (date(2014, 1, 31), date(2014, 6, 30))
    found = calibrate([world(*days, truth=truth)], BASIS, repeats=10)
    assert found.moving is None
    assert any("0 bis 3 % im Monat wegziehen" in note for note in found.notes)
    many = world(*days, truth=replace(truth, arrivals={"GS": 80.0}))
    seen = observe(many.rosters, {"Schule GS": "GS"})
    alone, spread = (
        next(
            estimate.mean
            for estimate in estimate_stays(
                seen, BASIS, shares, lambda kind: np.ones(120), repeats=50, seed=1
            ).estimates
            if (estimate.kind, estimate.phase) == ("", 2)
        )
        for shares in ((0.01,), (0.01, *UNKNOWN))
    )
    assert alone.value == spread.value
    assert spread.high - spread.low > 1.3 * (alone.high - alone.low)


def test_mean_from_steps_by_hand() -> None:
    # In the stationary state the share still there after g months is Σ S(e + g) / Σ S(e).
    survival = 1.0 - np.concatenate(([0.0], np.cumsum(stay_distribution(12.0, 12.0 * 0.4545))))
    still = survival[4:].sum() / survival.sum()
    steps = [
        Step("GS", 1, None, 4.0, 1 if i < round(1000 * still) else 2, False) for i in range(1000)
    ]
    once = np.ones((1, 1000))
    assert fit_steps(steps, once, 1, 0.0, 0.4545) == pytest.approx([12.0], rel=0.03)
    assert fit_steps(steps, once, 2, 0.0, 0.4545) is None


def test_a_month_ago_takes_parts_of_two_calendar_months() -> None:
    months = [date(2016, m, 1) for m in range(1, 13)]
    base = district([school("A")], reference_date=date(2016, 12, 15))
    history = tuple(HistoryMonth(m, (("", 10 * m.month),)) for m in months)
    ago = arrivals_by_age(replace(base, history=history), BASIS, "GS")
    assert ago is not None
    # December is not over and goes on as November; 15/31 of a month and the rest of the one before,
    # and half a pupil.
    part = 15 / 31
    assert ago[:3] == pytest.approx(
        [110.5, part * 110 + (1 - part) * 100 + 0.5, part * 100 + (1 - part) * 90 + 0.5]
    )


def test_variance_factor_by_hand() -> None:
    # 5 and 15 entries in turn over two years, all still there: 24/23 · 24 · 25 = 626 in squares,
    # 240 of them by chance, so 1 + (626 - 240) / 240 = 2.61.
    day = date(2017, 2, 1)
    pupils = [
        Pupil(f"S-{ago}-{i}", "A", 1, None, date(2015 + (25 - ago) // 12, (25 - ago) % 12 + 1, 1))
        for ago in range(24)
        for i in range(5 if ago % 2 else 15)
    ]
    seen = observe([Roster(day, tuple(pupils))], {"A": "GS"})
    stays = Stays((), {"": (np.eye(30)[[29]], np.eye(30)[[29]])}, (None, None), (0, 0), 0.0)
    found = estimate_registrations(seen, stays, 0.0, ("GS",), None, 3.0)
    assert found.variance is not None and found.level is not None
    assert found.variance.value.value == 2.6
    assert found.variance.value.low < 2.6 < found.variance.value.high
    assert found.level.value.value == pytest.approx(10.0)


def test_table_sums_to_one() -> None:
    assert rounded_table(np.array([1 / 3, 1 / 3, 1 / 3, 0.0])) == (0.3334, 0.3333, 0.3333)
    assert sum(rounded_table(np.random.default_rng(0).random(40))) == pytest.approx(1.0, abs=1e-12)


def test_counts_alone() -> None:
    """20 registrations a month and 280 pupils all the time: 14 months in the VKA (Little's law)."""
    months = [date(2014 + m // 12, m % 12 + 1, 1) for m in range(37)]
    history = tuple(
        HistoryMonth(m, (("", 20),), ((0, 280),) if i >= 24 and i % 2 == 0 else ())
        for i, m in enumerate(months)
    )
    base = district([school("A", pupils=280, classes=14)])
    scenario = with_values(BASIS, {"abgang.wegzug_pro_monat": 0.0})
    found = calibrate([replace(base, history=history)], scenario)
    assert found.days == () and found.arrivals is not None
    assert found.arrivals.value.value == 20.0
    second = stay(found, "GS", 2)
    assert second.method is Method.COUNTS
    # Phase 1 takes 4 of them in the scenario.
    assert second.mean.low < 10.5 and second.mean.high > 9.5
    assert second.spread.value == pytest.approx(second.mean.value * 5 / 11, abs=0.02)
    assert any("Es bleibt beim Wert des Szenarios" in note for note in found.notes)


def monthly(counts: list[int], last: date) -> tuple[HistoryMonth, ...]:
    """Registrations of so many months, ``last`` being the last of them."""
    end = last.year * 12 + last.month - 1
    numbers = range(end - len(counts) + 1, end + 1)
    return tuple(
        HistoryMonth(date(n // 12, n % 12 + 1, 1), (("", count),))
        for n, count in zip(numbers, counts, strict=True)
    )


def test_a_wave_in_the_level_is_told_with_both_numbers() -> None:
    even = with_values(BASIS, {"zuzug.saison": [1.0] * 12})
    base = district([school("A")], reference_date=date(2016, 12, 31))

    def notes(counts: list[int]) -> str:
        known = replace(base, history=monthly(counts, date(2016, 12, 1)))
        return " ".join(calibrate([known], even, repeats=2).notes)

    # (8 · 10 + 4 · 40) / 12 = 20
    rising = notes([10] * 8 + [40] * 4)
    assert "Der Zuzug steigt: In den letzten 4 bekannten Monaten waren es 40 Anmeldungen" in rising
    assert "im Mittel von 12 Monaten 20 " in rising and "pro_monat = 40" in rising
    assert "Der Zuzug fällt" in notes([40] * 8 + [10] * 4)
    assert "Der Zuzug" not in notes([20] * 8 + [22] * 4)
    # More than chance, but less than a quarter.
    assert "Der Zuzug" not in notes([200] * 8 + [230] * 4)
    # More than a quarter, but chance can do that to so few children.
    assert "Der Zuzug" not in notes([2, 1, 3, 2, 1, 2, 3, 2, 3, 2, 4, 3])


def test_an_old_history_does_not_win_over_new_lists() -> None:
    base = world(*DAYS)
    old = replace(
        base, reference_date=date(2015, 6, 30), history=monthly([90] * 24, date(2015, 6, 1))
    )
    found = calibrate([old], BASIS, repeats=2)
    assert found.arrivals is not None and "Historie" not in found.arrivals.source
    assert found.arrivals.value.value < 60.0
    assert not found.level_in_sheet
    assert any(
        "endet mit Juni 2015, die neueste Liste ist vom 01.02.2017" in note for note in found.notes
    )
