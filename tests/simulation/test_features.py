"""Families, half-years, coming back, grammar schools, first-graders: by hand, and drawn = exact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district.model import Pupil, Roster
from daz_planner.errors import ConservationError
from daz_planner.scenario import load_scenario, with_values
from daz_planner.simulation import simulate
from daz_planner.simulation.calendar import half_year_steps, month_sequence
from daz_planner.simulation.conservation import check_vka_flows
from daz_planner.simulation.counting import count_block
from daz_planner.simulation.expectation import Outlook, expect
from daz_planner.simulation.forecast import VKA_FLOWS
from daz_planner.simulation.population import build_population
from daz_planner.simulation.pupil_table import PupilTable
from daz_planner.simulation.pupils import draw_block
from daz_planner.simulation.stays import (
    StayLimits,
    StayTable,
    moved_to_half_years,
    stay_distribution,
)
from tests.factories import child, district, place, scenario, school

SCHOOLS = [
    school("GS A", pupils=30, classes=2, phases=(10, 20, 25)),
    school("OS B", school_type="OS", pupils=25, classes=2, phases=(10, 15, 40), guests=3),
    school("BSZ C", school_type="BSZ", pupils=12),
    school("GYM D", school_type="GYM", pupils=5, phases=(2, 3, 9)),
]
EVERYTHING: dict[str, Any] = {
    "zeitraum.monate": 26,
    "rechnen.laeufe": 3000,
    "abgang.direkt_in_regelklasse": 0.2,
    "abgang.rueckkehr_in_vka": 0.3,
    "abgang.rueckkehr_nach_monaten": 2,
    "schuljahr.gymnasium_anteil": 0.4,
    "zuzug.familien_anteil": 0.5,
    "zuzug.stufen": {"GS": [0.1, 0.2, 0.3, 0.4]},
    "phasen.OS.wechsel": "halbjahr",
    "phasen.GS.hoechstdauer": 9,
}


def town(**values: Any) -> Any:
    children = [child("k1", grade=4), child("k2", school_type="OS")]
    return replace(district(SCHOOLS, newcomers=children), **values)


def base(**values: Any) -> Any:
    return with_values(load_scenario("basis"), values)


def test_drawn_futures_agree_with_the_expectation_with_everything_on() -> None:
    forecast = simulate(town(), base(**EVERYTHING))
    mean, spread = forecast.runs.mean(axis=0), forecast.runs.std(axis=0)
    error = spread / np.sqrt(len(forecast.runs))
    assert forecast.school_types == ("GS", "OS", "BSZ", "GYM")
    assert np.all(np.abs(mean - forecast.expected) <= 5 * error + 1e-9)


def test_drawn_flows_agree_with_the_expectation_with_everything_on() -> None:
    population = build_population(town(), base(**EVERYTHING))
    expected = expect(population).flows
    assert all(expected[name].sum() > 1.0 for name in expected)
    blocks = [count_block(population, [draw_block(population, 2, b)]) for b in range(40)]
    for name, flow in expected.items():
        drawn = np.concatenate([block.flows[name] for block in blocks])
        error = np.sqrt(np.maximum(drawn.var(axis=0), flow) / len(drawn))
        assert np.all(np.abs(drawn.mean(axis=0) - flow) <= 5 * error + 1e-9), name


@settings(max_examples=25, deadline=None)
@given(
    arrivals=st.floats(0.0, 30.0),
    hazard=st.floats(0.0, 0.3),
    direct=st.floats(0.0, 1.0),
    back=st.floats(0.0, 1.0),
    after=st.integers(1, 24),
    grammar=st.floats(0.0, 1.0),
    families=st.floats(0.0, 1.0),
    half_yearly=st.sampled_from([(), ("GS",), ("OS", "BSZ")]),
    months=st.integers(1, 40),
    change=st.integers(1, 12),
    seed=st.integers(0, 2**40),
)
def test_nobody_is_lost_in_any_scenario(
    arrivals: float,
    hazard: float,
    direct: float,
    back: float,
    after: int,
    grammar: float,
    families: float,
    half_yearly: tuple[str, ...],
    months: int,
    change: int,
    seed: int,
) -> None:
    setting = base(
        **{
            "zeitraum.monate": months,
            "zuzug.pro_monat": arrivals,
            "zuzug.familien_anteil": families,
            "abgang.wegzug_pro_monat": hazard,
            "abgang.direkt_in_regelklasse": direct,
            "abgang.rueckkehr_in_vka": back,
            "abgang.rueckkehr_nach_monaten": after,
            "schuljahr.gymnasium_anteil": grammar,
            "schuljahr.wechsel_monat": change,
            **{f"phasen.{kind}.wechsel": "halbjahr" for kind in half_yearly},
        }
    )
    population = build_population(town(), setting)
    pupils = draw_block(population, seed, 0)
    counts = count_block(population, [pupils])
    # Each row of the table is present at the end, or has left in one of three ways.
    gone = sum(counts.flows[n].sum() for n in ("moved_away", "finished", "returned_out"))
    assert counts.pupils[..., -1].sum() + gone == len(pupils.run)
    assert counts.flows["returned_in"].sum() == pupils.came_back.sum()
    expect(population)


def test_the_flows_explain_every_change_of_the_vka_pupils() -> None:
    outlook = expect(build_population(town(), base(**EVERYTHING)))
    vka = outlook.pupils[:, :2].sum(axis=1)
    explained = sum(sign * outlook.vka_flows[name] for name, sign in VKA_FLOWS.items())
    assert np.diff(vka, axis=1) == pytest.approx(explained[:, 1:], abs=1e-9)
    broken = {**outlook.vka_flows, "moved_away": outlook.vka_flows["moved_away"] + 0.1}
    with pytest.raises(ConservationError, match="Ursachen"):
        check_vka_flows(vka, broken, 1e-6)


# -- families --------------------------------------------------------------------------------------


def households(pupils: PupilTable) -> dict[tuple[int, int], list[int]]:
    result: dict[tuple[int, int], list[int]] = {}
    for row in np.flatnonzero(pupils.household >= 0):
        key = (int(pupils.run[row]), int(pupils.household[row]))
        result.setdefault(key, []).append(int(row))
    return result


def test_families_live_together_and_move_away_together() -> None:
    municipalities = [place("A-Dorf"), place("B-Dorf", km=5), place("C-Dorf", km=9)]
    setting = base(**{"zuzug.familien_anteil": 0.6, "abgang.wegzug_pro_monat": 0.05})
    population = build_population(
        district([school("GS A")], municipalities=municipalities), setting
    )
    pupils = draw_block(population, 1, 0)
    homes = households(pupils)
    together = [rows for rows in homes.values() if len(rows) > 1]
    for rows in together:
        assert len(set(pupils.municipality[rows])) == 1
        assert len(set(pupils.away[rows])) == 1
        assert len(set(pupils.entry[rows])) == 1
    share = sum(map(len, together)) / sum(map(len, homes.values()))
    assert share == pytest.approx(0.6, abs=0.03)


def test_families_leave_the_expectation_and_the_stays_as_they_are() -> None:
    alone = build_population(town(), base())
    families = build_population(town(), base(**{"zuzug.familien_anteil": 0.6}))
    assert (expect(alone).pupils == expect(families).pupils).all()
    one, other = draw_block(alone, 1, 0), draw_block(families, 1, 0)
    assert (one.phase3_from == other.phase3_from).all()
    assert (one.position == other.position).all()
    assert (one.municipality == other.municipality).all()  # one municipality only
    assert (one.away != other.away).any()


# -- half-years ------------------------------------------------------------------------------------


def test_months_to_the_next_half_year() -> None:
    months = month_sequence(date(2017, 2, 8), 4)
    steps = half_year_steps(months, (8, 2), 7)
    # From February: now, then August in six months, then February again in twelve.
    assert steps[0].tolist() == [0, 6, 6, 6, 6, 6, 6, 12]
    # From March: August in five months, February in eleven.
    assert steps[1].tolist() == [5, 5, 5, 5, 5, 5, 11, 11]


def test_phases_end_with_a_half_year() -> None:
    stay = StayTable.from_matrix(np.array([[0.0, 0.0], [0.0, 1.0]]))  # one month, one month
    steps = half_year_steps(month_sequence(date(2017, 3, 8), 1), (8, 2), 60)[0]
    moved = moved_to_half_years(stay, steps, StayLimits())
    # Entered in March: phase 1 until August, phase 2 until February.
    assert (moved.phase1.tolist(), moved.phase2.tolist()) == ([5], [6])


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (StayLimits(phase1=12, phase2=12), (11, 12)),
        (StayLimits(phase1=10), (5, 18)),
        (StayLimits(phase1=4), (4, 13)),
        (StayLimits(total=24), (11, 12)),
        (StayLimits(total=16), (11, 0)),
        (StayLimits(total=4), (4, 0)),
    ],
)
def test_a_limit_ends_a_phase_with_the_half_year_before(
    limits: StayLimits, expected: tuple[int, int]
) -> None:
    joint = np.zeros((10, 14))
    joint[9, 13] = 1.0
    steps = half_year_steps(month_sequence(date(2017, 3, 8), 1), (8, 2), 60)[0]
    moved = moved_to_half_years(StayTable.from_matrix(joint), steps, limits)
    assert (moved.phase1.tolist(), moved.phase2.tolist()) == ([expected[0]], [expected[1]])


def test_half_yearly_moves_empty_phase_1_in_august() -> None:
    setting = scenario(
        zeitraum={"monate": 8},
        zuzug={"reihe": [5.0, 0.0], "varianzfaktor": 1},
        phasen={
            "GS": {
                "phase1": {"tabelle": [1.0]},
                "phase2": {"tabelle": [1.0]},
                "wechsel": "halbjahr",
            }
        },
    )
    forecast = simulate(district([school("GS A")]), setting)
    # Registered in March 2017; month 6 is August. A quarter changes to the OS then.
    first, second = forecast.expected[:, 0].sum(axis=0), forecast.expected[:, 1].sum(axis=0)
    assert first.tolist() == pytest.approx([0, 5, 5, 5, 5, 5, 0, 0])
    gone = 0 if "OS" in forecast.school_types else 5 / 4
    assert second.tolist() == pytest.approx([0, 0, 0, 0, 0, 0, 5 - gone, 5 - gone])


def test_pupils_of_today_have_waited_for_their_half_year_already() -> None:
    # Five a month for ever, one month in phase 1 and one in phase 2, moves in August and February.
    stay = {"phase1": {"tabelle": [1.0]}, "phase2": {"tabelle": [1.0]}, "wechsel": "halbjahr"}
    setting = scenario(
        zeitraum={"monate": 25},
        zuzug={"pro_monat": 5.0, "schularten": {"GS": 1.0}},
        phasen={"GS": stay},
        schuljahr={"erstklaessler_direkt": False, "stufen": {"GS": [1, 1], "OS": [5, 9]}},
    )
    # In February the five of each month from September on have just reached phase 2 (30), the 30
    # of the half-year before have left; in phase 1 are the five of February.
    pupils = 35
    schools = [school("GS A", pupils=pupils, phases=(5, 30, 0), classes=2)]
    outlook = expect(build_population(district(schools), setting))
    month = [outlook.use_today[0, t] for t in range(13)]
    # Nobody changes phase before August; then the 30 leave and the five reach phase 2.
    assert month[:6] == pytest.approx([35] * 6)


def test_dated_pupils_wait_for_the_half_year_after_their_entry() -> None:
    stay = {
        "phase1": {"mittel": 4.0, "standardabweichung": 2.0},
        "phase2": {"tabelle": [1.0]},
        "wechsel": "halbjahr",
    }
    setting = scenario(zeitraum={"monate": 4}, phasen={"GS": stay}, zuzug={"pro_monat": 0})
    pupils = tuple(
        Pupil(f"k{n}", "GS A", 1, phase_since=date(2017, 2, 1), grade=1) for n in range(100)
    )
    day = date(2017, 7, 8)
    place = replace(
        district([school("GS A", pupils=100, classes=5)], reference_date=day),
        rosters=(Roster(day, pupils),),
    )
    outlook = expect(build_population(place, setting))
    ready = stay_distribution(4.0, 2.0)[:6].sum()
    # Entered in February; whoever is ready within six months moves in August.
    assert outlook.pupils[0, 0].tolist() == pytest.approx([100, *[100 * (1 - ready)] * 3])


@pytest.mark.parametrize("month", [2, 5, 7, 10])
def test_half_yearly_steady_state_is_periodic(month: int) -> None:
    setting = scenario(
        zeitraum={"monate": 49},
        zuzug={
            "pro_monat": 10.0,
            "schularten": {"GYM": 1.0},
            "stufen": {"GYM": [1.0] + [0.0] * 12},
        },
        phasen={
            "GYM": {
                "phase1": {"mittel": 4.0, "standardabweichung": 2.0},
                "phase2": {"mittel": 8.0, "standardabweichung": 3.0},
                "wechsel": "halbjahr",
            }
        },
        schuljahr={"erstklaessler_direkt": False, "stufen": {"GYM": [1, 13]}},
        abgang={"wegzug_pro_monat": 0.01},
    )
    day = date(2017, month, 8)
    empty = district([school("GYM A", school_type="GYM")], reference_date=day)
    later = expect(build_population(empty, setting)).pupils[0, :2]
    # After three years the empty start is forgotten: that is the steady state of this month.
    first, second = later[:, 36]
    full = [school("GYM A", school_type="GYM", pupils=1000, phases=(1, 999, 0), classes=50)]
    met = build_population(district(full, reference_date=day), setting).groups
    curves = {group.phase: group.stay.survival(13)[1] for group in met if group.stay is not None}
    today = first * curves[1] + second * curves[2]
    moved = 0.99 ** np.arange(13)
    new = expect(build_population(empty, setting)).pupils[0, :2, :13].sum(axis=0)
    assert today * moved + new == pytest.approx(later.sum(axis=0)[36:49], rel=2e-3)


# -- coming back -----------------------------------------------------------------------------------


def returning(**values: Any) -> Outlook:
    setting = scenario(
        zeitraum={"monate": 12},
        zuzug={"reihe": [8.0, 0.0], "stufen": {"GS": [1.0, 0, 0, 0]}},
        phasen={
            "GS": {
                "phase1": {"tabelle": [1.0]},
                "phase2": {"tabelle": [0.0, 1.0]},
                "phase3": {"tabelle": [0.0, 0.0, 0.0, 1.0]},
            }
        },
        abgang={
            "wegzug_pro_monat": 0.0,
            "rueckkehr_in_vka": 0.25,
            "rueckkehr_nach_monaten": 3,
            **values,
        },
    )
    return expect(build_population(district([school("GS A")]), setting))


def test_who_comes_back_is_in_phase_2_once_more() -> None:
    outlook = returning()
    # Eight register in month 1, reach phase 2 in 2 and phase 3 in 4. In month 7 two come back
    # until 9, the others leave in 8. The two are in phase 3 from 9 for four months.
    assert outlook.pupils[0, 0].tolist() == pytest.approx([0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    assert outlook.pupils[0, 1].tolist() == pytest.approx([0, 0, 8, 8, 0, 0, 0, 2, 2, 0, 0, 0])
    assert outlook.pupils[0, 2].tolist() == pytest.approx([0, 0, 0, 0, 8, 8, 8, 6, 0, 2, 2, 2])
    assert outlook.demand[0, 0].tolist() == pytest.approx([0, 8, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0])
    assert outlook.survival[0, 7, 7:].tolist() == pytest.approx([1, 1, 0, 0, 0])
    assert outlook.vka_flows["returned"][0, 7] == pytest.approx(2)


def test_nobody_comes_back_whose_phase_3_is_shorter() -> None:
    assert returning(rueckkehr_nach_monaten=4).demand[0, 0, 2:].sum() == 0


# -- school ----------------------------------------------------------------------------------------


def test_first_graders_of_august_go_straight_to_a_regular_class() -> None:
    values = {
        "zeitraum": {"monate": 9},
        "zuzug": {"reihe": [0, 0, 0, 0, 0, 4, 4, 0], "stufen": {"GS": [1.0, 0, 0, 0]}},
    }
    town_of_one = district([school("GS A")])
    direct = scenario(**values, schuljahr={"erstklaessler_direkt": True})
    # Month 6 is August: these four are in phase 3 at once, the four of September in phase 1.
    result = expect(build_population(town_of_one, direct))
    assert result.pupils[0, 0].tolist() == pytest.approx([0, 0, 0, 0, 0, 0, 0, 4, 0])
    assert result.pupils[0, 2, 6] == pytest.approx(4)
    assert result.demand[0, 0].tolist() == pytest.approx([0, 0, 0, 0, 0, 0, 0, 4, 0])
    without = expect(build_population(town_of_one, scenario(**values)))
    assert without.pupils[0, 0].tolist() == pytest.approx([0, 0, 0, 0, 0, 0, 4, 4, 0])


def test_grammar_schools_take_pupils_in_phase_3_only() -> None:
    both = [
        school("GS A", pupils=8, phases=(0, 8, 16)),
        school("OS B", school_type="OS"),
    ]
    setting = scenario(
        schuljahr={"gymnasium_anteil": 0.5, "erstklaessler_direkt": False},
        phasen={
            kind: {
                "phase1": {"tabelle": [1.0]},
                "phase2": {"tabelle": [0.0] * 10 + [1.0]},
                "phase3": {"tabelle": [0.0] * 59 + [1.0]},
                "hoechstdauer": "keine",
            }
            for kind in ("GS", "OS", "BSZ", "GYM")
        },
    )
    town_in_july = district(both, reference_date=date(2017, 7, 8))
    forecast = simulate(town_in_july, setting)
    assert forecast.school_types == ("GS", "OS", "GYM")
    # In August a quarter leaves the GS: 2 of 8 in phase 2 (one month of eleven of them reaches
    # phase 3 then), and of 16 in phase 3 (one of sixty months is over) half goes to the GYM.
    third = 16 * 59 / 60
    assert forecast.expected[1, 1, 1] == pytest.approx(2 * 10 / 11)
    assert forecast.expected[2, 2, 1] == pytest.approx((third + 8 / 11) / 4 / 2)
    assert forecast.expected[1, 2, 1] == pytest.approx((third + 8 / 11) / 4 / 2)
    assert forecast.expected[2, :2].sum() == 0


@pytest.mark.parametrize("back", [0.0, 0.5, 1.0])
def test_coming_back_later_keeps_nobody_from_a_grammar_school(back: float) -> None:
    pupils = [
        school("GS A", pupils=30, phases=(0, 30, 0), classes=2),
        school("OS B", school_type="OS"),
    ]
    values = {
        "zeitraum.monate": 12,
        "zuzug.pro_monat": 0.0,
        "schuljahr.gymnasium_anteil": 0.4,
        "abgang.rueckkehr_in_vka": back,
        "abgang.rueckkehr_nach_monaten": 24,
    }
    outlook = expect(build_population(district(pupils), base(**values)))
    # Nobody has been in phase 3 for 24 months by August, so nobody has come back.
    august = 6
    kinds = outlook.population.school_types
    changed = outlook.flows["changed_in"][:, august]
    in_vka = outlook.vka_flows["changed_in"][:, august]
    third = (changed - in_vka)[kinds.index("OS")]
    grammar = changed[kinds.index("GYM")]
    assert grammar / (grammar + third) == pytest.approx(0.4)


def test_grades_of_newcomers_follow_the_shares() -> None:
    setting = base(**{"zuzug.stufen": {"GS": [0.7, 0.0, 0.3, 0.0]}})
    population = build_population(district([school("GS A")]), setting)
    pupils = draw_block(population, 1, 0)
    gs = pupils.position[(pupils.entry > 0) & (pupils.position < 4)]
    assert set(gs) == {0, 2}
    assert (gs == 0).mean() == pytest.approx(0.7, abs=0.02)
