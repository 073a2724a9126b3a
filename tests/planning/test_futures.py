"""A plan on drawn futures against answers worked out by hand.

Stays are fixed: twelve months with the seat (one in phase 1, eleven in phase 2). A minute is a
kilometre. A class has one seat, so that each child counts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district.model import ClassDecision, District, PlanState, Pupil, Roster
from daz_planner.errors import ConservationError, InputError
from daz_planner.planning.futures import OFFICE, PLAN, TODAY, Judgement, judge
from daz_planner.planning.futures_blocks import BlockJudge
from daz_planner.planning.futures_children import split_pupils
from daz_planner.planning.futures_months import FixedClasses, follow
from daz_planner.planning.futures_world import build_world, planned_classes
from daz_planner.planning.plan import ChildSeat, Plan
from daz_planner.scenario.model import Scenario
from daz_planner.simulation.ensemble import draw_futures
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population, planned_months
from tests.factories import child, district, place, scenario, school


def plan_of(
    town: District,
    setting: Scenario,
    classes: list[list[int]] | None = None,
    children: tuple[ChildSeat, ...] = (),
) -> Plan:
    """A plan of which only the classes and the seats of today's list matter here."""
    months = planned_months(town, setting)
    table = np.array([[s.classes] * len(months) for s in town.schools])
    for s, row in enumerate(classes or []):
        table[s] = row
    nothing = cast("Any", None)
    return Plan(
        district=town,
        scenario=setting,
        forecast=nothing,
        months=months,
        classes=table,
        seats=nothing,
        planning_seats=nothing,
        use_today=nothing,
        use_children=nothing,
        use_forecast=nothing,
        minutes=nothing,
        class_cap=nothing,
        weekly_hours=nothing,
        stages=(),
        openings=(),
        children=children,
        flows=(),
        waiting=(),
    )


def listed(count: int, **values: Any) -> list[Any]:
    return [
        child(f"k{n}", registered=date(2017, 1, 1 + n), **{"grade": 1, **values})
        for n in range(count)
    ]


def small(name: str, km: float = 0.0, **values: Any) -> Any:
    return school(name, km, **{"class_cap": 1, "free_rooms": 0, **values})


def use(judgement: Judgement, policy: str = PLAN) -> list[list[int]]:
    """``[s][t]`` of the first future."""
    return judgement.policies[policy].counts.use[0].tolist()


def waiting(judgement: Judgement, policy: str = PLAN) -> list[int]:
    """``[t]`` of the first future."""
    return judgement.policies[policy].counts.waiting[0].sum(axis=0).tolist()


def test_three_children_two_schools() -> None:
    # Two seats, 0 and 20 minutes away; the third child waits until the second class of A opens in
    # April: 8 February to 8 April are 59 days. Without the class it waits to the end, 8 August.
    town = district([small("A", free_rooms=1), small("B", 20)], newcomers=listed(3))
    setting = scenario(klassen={"vorlauf_monate": 3})
    result = judge(plan_of(town, setting, [[1, 1, 2, 2, 2, 2]]), futures=3)
    assert use(result) == [[1, 1, 2, 2, 2, 2], [1] * 6]
    assert waiting(result) == [1, 1, 0, 0, 0, 0]
    plan = result.policies[PLAN]
    assert plan.child_months().tolist() == [2, 2, 2]
    assert plan.counts.days.sum(axis=1).tolist() == [59] * 3
    assert plan.mean_days() == pytest.approx(59 / 3)
    assert plan.share_long() == 0.0
    assert plan.mean_minutes() == pytest.approx(20 / 3)
    assert plan.class_months().tolist() == [16] * 3
    assert plan.new_classes().tolist() == [1] * 3
    nothing = result.policies[TODAY]
    assert waiting(result, TODAY) == [1] * 6
    assert nothing.counts.days.sum(axis=1).tolist() == [181] * 3
    assert nothing.share_long() == pytest.approx(1 / 3)
    assert (nothing.days_quantile(0.5), nothing.days_quantile(0.9)) == (0, 181)
    # The office sees on 8 February that all is full; after three months of lead time it opens.
    assert waiting(result, OFFICE) == [1, 1, 1, 0, 0, 0]
    assert result.policies[OFFICE].counts.classes[0].tolist() == [[1, 1, 1, 2, 2, 2], [1] * 6]
    (one,) = result.classes
    assert (one.school, one.month, one.number) == (0, 2, 1)
    assert one.share_needed == 1.0
    assert one.needed_from.tolist() == [2, 2, 2]
    assert one.extra_waiting.tolist() == [4, 4, 4]
    assert one.needed_by(6).tolist() == [0, 0, 1, 1, 1, 1]
    assert one.usual_month == 2


def test_a_class_that_nobody_needs_and_the_second_of_two() -> None:
    # Two children: today's seat takes one. Of two classes that open in March one is enough, and a
    # class of B, 20 minutes away, has nobody to serve.
    town = district([small("A"), small("B", 20, classes=0)], newcomers=listed(2))
    rows = [[1, 3, 3, 3, 3, 3], [0, 0, 0, 1, 1, 1]]
    result = judge(plan_of(town, scenario(), rows), futures=2)
    shares = {(c.school, c.month, c.number): c.share_needed for c in result.classes}
    assert shares == {(0, 1, 1): 1.0, (0, 1, 2): 0.0, (1, 3, 1): 0.0}
    assert result.classes[-1].usual_month is None
    assert result.classes[-1].needed_by(6).tolist() == [0.0] * 6


def test_a_class_is_not_needed_where_a_longer_way_does() -> None:
    town = district([small("A", classes=0), small("B", 59)], newcomers=listed(1))
    fixed = judge(plan_of(town, scenario(), [[0, 1, 1, 1, 1, 1]]), futures=1)
    assert [c.share_needed for c in fixed.classes] == [0.0]
    far = district([small("A", classes=0), small("B", 61)], newcomers=listed(1))
    result = judge(plan_of(far, scenario(), [[0, 1, 1, 1, 1, 1]]), futures=1)
    assert [c.share_needed for c in result.classes] == [1.0]


def test_what_is_open_without_a_class() -> None:
    def without(*row: int) -> list[list[int]]:
        return [c.without.tolist() for c in planned_classes(np.array([row]))]

    assert without(1, 2, 2) == [[1, 1, 1]]
    assert without(1, 2, 3) == [[1, 1, 2], [1, 2, 2]]
    assert without(1, 3, 3) == [[1, 1, 1], [1, 2, 2]]
    # The class that opens closes again: the other one is not closed in its place.
    assert without(1, 2, 1) == [[1, 1, 1]]
    assert without(2, 3, 1) == [[2, 2, 1]]
    assert without(1, 1, 1) == []


def test_oldest_first_then_the_shortest_ways_together() -> None:
    # k0 is the older one and lives nearer to A; but k1 reaches A only, so k0 rides to B.
    places = [place("A-Dorf"), place("B-Dorf", km=-55)]
    town = district(
        [small("A"), small("B", 20)],
        places,
        [
            child("k0", "A-Dorf", grade=1, registered=date(2017, 1, 1)),
            child("k1", "B-Dorf", grade=1, registered=date(2017, 1, 2)),
        ],
    )
    result = judge(plan_of(town, scenario()), futures=1)
    assert result.policies[PLAN].counts.minutes.sum() == pytest.approx(75.0)
    # The office seats k0 at A, and k1 waits.
    assert use(result, OFFICE) == [[1] * 6, [0] * 6]


def test_pins_exclusions_wishes_and_the_limit_of_the_way() -> None:
    schools = [small("A", class_cap=5), small("B", 20), small("C", 70)]

    def seats(**values: Any) -> list[int]:
        town = district(schools, newcomers=listed(1, **values))
        return [row[0] for row in use(judge(plan_of(town, scenario()), futures=1))]

    assert seats() == [1, 0, 0]
    assert seats(excluded=("A",)) == [0, 1, 0]
    assert seats(excluded=("A", "B")) == [0, 0, 0]
    assert seats(pinned_to="C") == [0, 0, 1]
    assert seats(wishes=("B", "A")) == [0, 1, 0]
    assert seats(wishes=("C",)) == [1, 0, 0]


def test_children_of_the_list_take_the_seat_of_the_plan() -> None:
    children = listed(1)
    town = district([small("A"), small("B", 20)], newcomers=children)
    seat = ChildSeat(children[0], 1, 0, 20.0, "")
    result = judge(plan_of(town, scenario(), children=(seat,)), futures=1)
    assert use(result) == [[0] * 6, [1] * 6]
    assert use(result, TODAY) == [[1] * 6, [0] * 6]


def test_the_months_in_the_class_begin_with_the_seat() -> None:
    # One seat: the first child has it for months 0 to 11, the second for 12 to 23.
    town = district([small("A")], newcomers=listed(2))
    result = judge(plan_of(town, scenario(zeitraum={"monate": 26})), futures=1)
    assert use(result) == [[1] * 24 + [0, 0]]
    assert waiting(result) == [1] * 12 + [0] * 14


def test_a_change_of_school_type_leaves_the_seat_and_queues_again() -> None:
    # Three children in grade 4, two seats in the GS. In August (month 6) all change; the OS has a
    # seat only. It goes to the child that has waited all along: twelve months, from August on.
    # The two others have queued since August and still need six months.
    town = district(
        [small("G", classes=2), small("O", school_type="OS")], newcomers=listed(3, grade=4)
    )
    result = judge(plan_of(town, scenario(zeitraum={"monate": 20})), futures=1)
    assert use(result) == [[2] * 6 + [0] * 14, [0] * 6 + [1] * 14]
    by_type = result.policies[PLAN].counts.waiting[0].tolist()
    assert by_type[0] == [1] * 6 + [0] * 14
    # From month 18 on one of the two has the seat.
    assert by_type[1] == [0] * 6 + [2] * 12 + [1] * 2
    # All three are counted where they sought a seat first, each once.
    assert result.policies[PLAN].counts.children.tolist() == [[3, 0]]
    days = (date(2018, 8, 8) - date(2017, 8, 8)).days
    assert result.policies[PLAN].counts.days[0, 0] == (
        (date(2017, 8, 8) - date(2017, 2, 8)).days
        + days
        + (date(2018, 10, 8) - date(2017, 8, 8)).days
    )


def test_today_s_pupils_who_change_the_type_seek_a_seat() -> None:
    # Twelve pupils of grade 4, a week in phase 2: eleven months to go. In August they change to the
    # OS, which has seven seats; five wait. From January 2018 (month 11) on nobody needs a seat.
    pupils = tuple(Pupil(f"p{n}", "G", 2, date(2017, 2, 1), date(2017, 1, 2), 4) for n in range(12))
    town = replace(
        district([school("G", pupils=12), small("O", school_type="OS", class_cap=7)]),
        rosters=(Roster(date(2017, 2, 8), pupils),),
    )
    result = judge(plan_of(town, scenario(zeitraum={"monate": 18})), futures=2)
    # The five sit as soon as the seven have left in January 2018, for the five months they lack.
    assert use(result) == [[12] * 6 + [0] * 12, [0] * 6 + [7] * 5 + [5] * 5 + [0] * 2]
    assert waiting(result) == [0] * 6 + [5] * 5 + [0] * 7
    assert result.policies[PLAN].counts.children.tolist() == [[0, 12]] * 2


@pytest.mark.parametrize("lead", [0, 3])
def test_the_office_orders_when_it_sees_that_all_is_full(lead: int) -> None:
    # Three children change to the OS in August (month 6), where one seat is free: the office orders
    # two classes, which open after the lead time.
    town = district(
        [small("G", class_cap=5), small("O", school_type="OS", free_rooms=5)],
        newcomers=listed(3, grade=4),
    )
    setting = scenario(zeitraum={"monate": 12}, klassen={"vorlauf_monate": lead})
    result = judge(plan_of(town, setting), futures=1)
    office = result.policies[OFFICE]
    assert office.counts.classes[0, 1].tolist() == [1] * (6 + lead) + [3] * (6 - lead)
    assert waiting(result, OFFICE) == [0] * 6 + [2] * lead + [0] * (6 - lead)
    assert office.new_classes().tolist() == [2]


def test_who_moves_away_leaves_the_queue() -> None:
    town = district([small("A", classes=0)], newcomers=listed(3))
    setting = scenario(abgang={"wegzug_pro_monat": 0.3})
    plan = plan_of(town, setting)
    result = judge(plan, futures=64)
    world, _ = build_world(plan, setting, setting.rechnen.saat)
    table = BlockJudge(world, 64).drawing.block(0)
    there = np.array([np.bincount(table.run, table.away > t, 64) for t in range(6)]).T
    assert result.policies[PLAN].counts.waiting.sum(axis=1).tolist() == there.tolist()
    assert 0 < there[:, -1].sum() < 64


def test_who_comes_back_queues_again() -> None:
    # Twelve months, three in phase 3, then eleven more.
    town = district([small("A")], newcomers=listed(1))
    setting = scenario(
        zeitraum={"monate": 30}, abgang={"rueckkehr_in_vka": 1.0, "rueckkehr_nach_monaten": 3}
    )
    result = judge(plan_of(town, setting), futures=1)
    assert use(result) == [[1] * 12 + [0] * 3 + [1] * 11 + [0] * 4]
    assert result.policies[PLAN].counts.children.sum() == 2


def test_who_comes_back_is_never_there_twice() -> None:
    # The second child waits for twelve months and would come back in month 15, in its third month.
    town = district([small("A", class_cap=1)], newcomers=listed(2))
    setting = scenario(
        zeitraum={"monate": 30}, abgang={"rueckkehr_in_vka": 1.0, "rueckkehr_nach_monaten": 3}
    )
    result = judge(plan_of(town, setting), futures=1)
    present = np.array(use(result)[0]) + np.array(waiting(result))
    # From month 15 on both seek the one seat: eleven months for one, then the other has it.
    assert present.tolist() == [2] * 12 + [1] * 3 + [2] * 11 + [1] * 4
    assert use(result) == [[1] * 30]


def test_seats_for_all_give_the_counts_of_the_simulation() -> None:
    # Everything that can happen to a pupil, and seats enough: then nobody waits, and the pupils in
    # phases 1 and 2 are those of the forecast, future by future.
    schools = [
        school(f"{kind} {n}", km=10 * n, school_type=kind, pupils=30, class_cap=500)
        for kind in ("GS", "OS", "BSZ")
        for n in range(2)
    ]
    town = district(schools, [place("A-Dorf"), place("B-Dorf", 12)], listed(3))
    setting = scenario(
        zeitraum={"monate": 20},
        zuzug={
            "pro_monat": 25,
            "varianzfaktor": 3,
            "familien_anteil": 0.4,
            "schularten": {"GS": 0.4, "OS": 0.4, "BSZ": 0.2},
        },
        phasen={
            kind: {
                "phase1": {"mittel": 4, "standardabweichung": 2},
                "phase2": {"mittel": 7, "standardabweichung": 3},
            }
            for kind in ("GS", "OS", "BSZ", "GYM")
        },
        abgang={
            "wegzug_pro_monat": 0.03,
            "rueckkehr_in_vka": 0.3,
            "direkt_in_regelklasse": 0.2,
        },
        schuljahr={"gymnasium_anteil": 0.3},
    )
    result = judge(plan_of(town, setting), futures=100)
    assert result.policies[PLAN].child_months().max() == 0
    population = build_population(canonical(town).district, setting)
    forecast = draw_futures(population, setting.rechnen.saat, 100)[:, :, :2].sum(axis=2)
    for k, kind in enumerate(population.school_types):
        rows = [s for s, entry in enumerate(town.schools) if entry.school_type == kind]
        for policy in result.policies.values():
            assert np.array_equal(policy.counts.use[:, rows].sum(axis=1), forecast[:, k])


BUSY: dict[str, Any] = {
    "zeitraum": {"monate": 14},
    "zuzug": {"pro_monat": 6, "varianzfaktor": 2, "schularten": {"GS": 0.6, "OS": 0.4}},
    "abgang": {"wegzug_pro_monat": 0.03, "rueckkehr_in_vka": 0.2},
    "klassen": {"vorlauf_monate": 2},
}


def busy_town(order: int = 1) -> District:
    schools = [
        school("Z1", pupils=20, free_rooms=2),
        school("G2", 25, pupils=8, class_cap=9, free_rooms=1),
        school("O1", 10, pupils=18, school_type="OS", free_rooms=1),
        school("O2", 50, pupils=5, class_cap=12, school_type="OS", free_rooms=2),
    ]
    return district(
        schools[::order],
        [place("A-Dorf"), place("B-Dorf", 30)][::order],
        listed(4)[::order],
    )


BUSY_PLAN = [[1] * 4 + [2] * 10, [1] * 8 + [2] * 6, [1] * 3 + [2] * 11, [1] * 12 + [3] * 2]


def test_any_number_of_processes_and_any_order_of_rows() -> None:
    setting = scenario(**BUSY)
    alone = judge(plan_of(busy_town(), setting, BUSY_PLAN), futures=150)
    shared = judge(plan_of(busy_town(), setting, BUSY_PLAN), futures=150, processes=2)
    turned = judge(plan_of(busy_town(-1), setting, BUSY_PLAN[::-1]), futures=150)
    assert alone.policies[PLAN].child_months().sum() > 0
    for name, policy in alone.policies.items():
        for field in ("waiting", "use", "classes", "days", "long", "minutes", "by_days"):
            own = getattr(policy.counts, field)
            assert np.array_equal(own, getattr(shared.policies[name].counts, field))
            other = getattr(turned.policies[name].counts, field)
            if field in ("use", "classes"):
                other = other[:, ::-1]
            assert np.allclose(own, other)
    for one, two in zip(alone.classes, shared.classes, strict=True):
        assert one.needed_from.tolist() == two.needed_from.tolist()

    def by_name(result: Judgement) -> dict[tuple[str, int, int], list[int]]:
        names = [entry.name for entry in result.district.schools]
        return {
            (names[c.school], c.month, c.number): c.needed_from.tolist() for c in result.classes
        }

    assert by_name(alone) == by_name(turned)
    assert {name for name, _, _ in by_name(alone)} == {"Z1", "G2", "O1", "O2"}


def test_fewer_futures_are_the_first_of_more() -> None:
    setting = scenario(**BUSY)
    few = judge(plan_of(busy_town(), setting, BUSY_PLAN), futures=70)
    more = judge(plan_of(busy_town(), setting, BUSY_PLAN), futures=130)
    for name in few.policies:
        first = more.policies[name].counts.waiting[:70]
        assert np.array_equal(few.policies[name].counts.waiting, first)


def test_a_class_is_needed_where_the_plan_without_it_lets_more_wait() -> None:
    # The short cut (futures in which nobody sits on a seat of the class) against all futures.
    setting = scenario(**BUSY)
    result = judge(plan_of(busy_town(), setting, BUSY_PLAN), futures=80)
    with_it = result.policies[PLAN].counts.waiting.sum(axis=1)
    needed = 0
    table = np.array(BUSY_PLAN)
    for one in result.classes:
        rows = table.copy()
        rows[one.school, one.month :] -= table[one.school, one.month] - (
            table[one.school, one.month - 1] + one.number - 1
        )
        other = judge(plan_of(busy_town(), setting, rows.tolist()), futures=80)
        more = other.policies[PLAN].counts.waiting.sum(axis=1) - with_it
        assert one.extra_waiting.tolist() == more.sum(axis=1).tolist()
        lacking = more.sum(axis=1) > 0
        assert (one.needed_from >= 0).tolist() == lacking.tolist()
        assert one.needed_from[lacking].tolist() == (more[lacking] > 0).argmax(axis=1).tolist()
        needed += int(lacking.sum())
    assert 0 < needed < 80 * len(result.classes)


def test_decided_classes_open_whatever_is_planned() -> None:
    town = busy_town()
    decided = ClassDecision("G2", date(2017, 5, 1), 2, PlanState.DECIDED)
    barred = [ClassDecision(s.name, date(2017, 2, 1), 0, PlanState.EXCLUDED) for s in town.schools]
    town = replace(town, class_plan=(decided, *barred))
    result = judge(plan_of(town, scenario(**BUSY), BUSY_PLAN), futures=30)
    today = result.policies[TODAY].counts.classes[0].tolist()
    assert today == [[1] * 14, [1] * 3 + [2] * 11, [1] * 14, [1] * 14]
    # An office may not open anything here.
    assert result.policies[OFFICE].counts.classes.tolist() == [today] * 30


def test_another_scenario_over_the_same_months_only() -> None:
    setting = scenario(**BUSY)
    plan = plan_of(busy_town(), setting, BUSY_PLAN)
    wave = scenario(**{**BUSY, "zuzug": {**BUSY["zuzug"], "pro_monat": 20}})
    assert (
        judge(plan, scenario=wave, futures=20).policies[PLAN].child_months().mean()
        > judge(plan, futures=20).policies[PLAN].child_months().mean()
    )
    with pytest.raises(
        InputError, match="bis März 2018, das Szenario von Februar 2017 bis Oktober 2017"
    ):
        judge(plan, scenario=scenario(zeitraum={"monate": 9}), futures=20)
    with pytest.raises(InputError, match="0 Zukünften"):
        judge(plan, futures=0)


def test_a_child_without_a_seat_is_noticed() -> None:
    setting = scenario(**BUSY)
    world, _ = build_world(plan_of(busy_town(), setting), setting, 1)
    used, children = split_pupils(world, BlockJudge(world, 64).drawing.block(0))
    seats = np.broadcast_to(world.seats(world.planned), used.shape)

    class TooMany(FixedClasses):
        def place(self, month: int, run: Any, *others: Any) -> Any:
            found = super().place(month, run, *others)
            kind = others[0]
            rows = np.flatnonzero((found < 0) & (kind == 0))[:1] if month == 5 else []
            found[rows] = int(np.flatnonzero(self.world.school_kind == 0)[0])
            return found

    follow(world, children, used, FixedClasses(world, seats, np.zeros(64, dtype=bool)))
    with pytest.raises(ConservationError, match="den es nicht gibt"):
        follow(world, children, used, TooMany(world, seats, np.zeros(64, dtype=bool)))


@st.composite
def districts(draw: st.DrawFn) -> tuple[District, list[list[int]]]:
    """Schools of two types on a line, two municipalities, some children, and classes by month."""
    schools, rows = [], []
    for n in range(draw(st.integers(1, 4))):
        classes = draw(st.integers(0, 2))
        cap = draw(st.integers(1, 6))
        schools.append(
            school(
                f"S{n}",
                km=draw(st.integers(0, 80)),
                school_type=draw(st.sampled_from(["GS", "OS"])),
                classes=classes,
                class_cap=cap,
                pupils=draw(st.integers(0, cap * classes + 2)) if classes else 0,
                reserve=draw(st.none() | st.integers(0, 4)) if classes else None,
                free_rooms=draw(st.integers(0, 2)),
            )
        )
        later = st.lists(st.integers(0, 3), min_size=9, max_size=9)
        rows.append([classes, *draw(later)])
    children = [
        child(
            f"k{n}",
            draw(st.sampled_from(["A-Dorf", "B-Dorf"])),
            grade=draw(st.integers(1, 4)),
            registered=draw(st.none() | st.just(date(2017, 1, 5))),
        )
        for n in range(draw(st.integers(0, 4)))
    ]
    return district(schools, [place("A-Dorf"), place("B-Dorf", 40)], children), rows


@settings(max_examples=40, deadline=None)
@given(districts(), st.floats(0.0, 8.0), st.integers(0, 2))
def test_nobody_is_lost_in_any_future(
    case: tuple[District, list[list[int]]], arrivals: float, lead: int
) -> None:
    town, rows = case
    setting = scenario(
        zeitraum={"monate": 10},
        zuzug={"pro_monat": arrivals, "varianzfaktor": 2, "schularten": {"GS": 0.5, "OS": 0.5}},
        abgang={"wegzug_pro_monat": 0.05, "rueckkehr_in_vka": 0.3},
        phasen={
            kind: {
                "phase1": {"tabelle": [0.5, 0.5]},
                "phase2": {"tabelle": [0.3, 0.3, 0.4]},
            }
            for kind in ("GS", "OS", "BSZ", "GYM")
        },
        klassen={"vorlauf_monate": lead},
    )
    result = judge(plan_of(town, setting, rows), futures=20)
    population = build_population(canonical(town).district, setting)
    # Who waits needs the seat later, and for as long: nobody is there for a shorter time.
    at_once = draw_futures(population, setting.rechnen.saat, 20)[:, :, :2].sum(axis=(1, 2))
    for policy in result.policies.values():
        counts = policy.counts
        present = counts.use.sum(axis=1) + counts.waiting.sum(axis=1)
        assert (present[:, 0] == at_once[:, 0]).all()
        assert (present >= at_once).all()
        assert np.array_equal(counts.children, result.policies[PLAN].counts.children)
        assert counts.by_days.sum() == counts.children.sum()
        days = counts.by_days * np.arange(counts.by_days.shape[1])
        assert days.sum() == counts.days.sum()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 6), st.integers(0, 4), st.floats(0.5, 4.0))
def test_at_one_school_a_further_class_never_lets_anybody_wait_longer(
    pupils: int, since: int, arrivals: float
) -> None:
    # One queue, served in order: more seats never delay anybody (Kiefer and Wolfowitz 1955). With
    # several schools, types or moves away that does not hold in every future.
    town = district([school("A", class_cap=3, pupils=pupils)])
    setting = scenario(
        zeitraum={"monate": 6},
        zuzug={"pro_monat": arrivals, "varianzfaktor": 2},
        phasen={"GS": {"phase1": {"tabelle": [0.5, 0.5]}, "phase2": {"tabelle": [0.4, 0.3, 0.3]}}},
    )
    result = judge(plan_of(town, setting, [[1] * (since + 1) + [2] * (5 - since)]), futures=40)
    for one in result.classes:
        assert one.extra_waiting.min() >= 0
    plan, nothing = (result.policies[name].counts.waiting for name in (PLAN, TODAY))
    assert (plan <= nothing).all()
