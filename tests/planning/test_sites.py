"""What a candidate site is worth, worked out by hand, and the plan that may use the sites."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district.model import District, Municipality, School
from daz_planner.planning import Plan, make_plan
from daz_planner.planning.plan import Cause, ClassKind, SolveStatus
from daz_planner.planning.site_plan import plan_with_sites, without_unused
from daz_planner.planning.sites import SiteRanking, rank_sites
from daz_planner.results.conservation import check_plan
from daz_planner.results.site_tables import effect_sentence
from daz_planner.results.tables import tables
from daz_planner.scenario.model import Scenario
from daz_planner.simulation import simulate
from tests.factories import KM_PER_DEGREE, child, district, place, scenario, school

SOLVERS = pytest.mark.parametrize("solver", ["highs", "cbc"])
LONG = 600.0


def plan_of(town: District, setting: Scenario) -> Plan:
    return make_plan(town, setting, simulate(town, setting))


def site(name: str, km: float = 0.0, **values: Any) -> School:
    own = {"classes": 0, "free_rooms": 1, "municipality": "B-Dorf", **values}
    return school(name, km, **own)


def ranked(town: District, *sites: School, **tables: Any) -> SiteRanking:
    return rank_sites(plan_of(town, scenario(**tables)), sites, seconds=LONG)


NEAR, FAR = place("A-Dorf"), place("B-Dorf", km=40)


@SOLVERS
def test_a_site_in_a_far_municipality_saves_its_way(solver: str) -> None:
    # One child a month from each place. Month 1 comes too early for a class (two months ahead),
    # so four children of B-Dorf (months 2 to 5) save 40 minutes each: 160, in each of 4 months 40.
    town = district([school("GS A", free_rooms=0)], [NEAR, FAR])
    ranking = ranked(town, site("GS B", 40), zuzug={"pro_monat": 2.0}, rechnen={"loeser": solver})
    (gain,) = ranking.gains
    assert ranking.month == date(2017, 4, 1)
    assert gain.minutes_saved == pytest.approx(160.0, abs=1e-3)
    assert gain.minutes_a_month == pytest.approx(40.0, abs=1e-3)
    assert gain.newly_inside == pytest.approx(4.0, abs=1e-4)
    assert gain.pupils == pytest.approx(4.0, abs=1e-4)
    assert gain.waiting_avoided == pytest.approx(0.0, abs=1e-6)


@SOLVERS
def test_a_site_ends_a_wait(solver: str) -> None:
    # The only class is out of reach (100 km), so of one child a month 1, 2, 3, 4 and 5 wait. With
    # the site all wait who came in month 1, and nobody from month 2 on: 15 - 1 = 14.
    town = district([school("GS Weit", km=100, free_rooms=0)], [NEAR])
    ranking = ranked(
        town,
        site("GS A", municipality="A-Dorf"),
        zuzug={"pro_monat": 1.0},
        rechnen={"loeser": solver},
    )
    (gain,) = ranking.gains
    assert gain.waiting_avoided == pytest.approx(14.0, abs=1e-3)
    assert gain.minutes_saved == pytest.approx(0.0, abs=1e-3)
    assert gain.newly_inside == pytest.approx(5.0, abs=1e-3)


def test_more_children_with_a_seat_can_mean_more_minutes() -> None:
    # As above, but the site is 20 km away: five children ride 20 minutes who stayed at home.
    town = district([school("GS Weit", km=100, free_rooms=0)], [NEAR])
    site_20 = site("GS C", 20, municipality="A-Dorf")
    (gain,) = ranked(town, site_20, zuzug={"pro_monat": 1.0}).gains
    assert gain.waiting_avoided == pytest.approx(14.0, abs=1e-3)
    assert gain.minutes_saved == pytest.approx(-100.0, abs=1e-2)


def test_a_site_frees_seats_for_others() -> None:
    # Planning size 10: of 40 children of A-Dorf ten sit in GS A and 30 ride 30 minutes to GS C. The
    # site at 10 km has ten seats: ten children save 20 minutes each.
    town = district(
        [school("GS A", free_rooms=0), school("GS C", 30, classes=4, free_rooms=0)], [NEAR]
    )
    (gain,) = ranked(
        town,
        site("GS B", 10, municipality="A-Dorf"),
        zuzug={"pro_monat": 8.0},
        klassen={"planungsgroesse": 10},
    ).gains
    assert gain.pupils == pytest.approx(10.0, abs=1e-3)
    assert gain.minutes_saved == pytest.approx(200.0, abs=1e-2)


def _east(where: Any, km: float) -> Any:
    """The place or school so many kilometres further to the east."""
    degrees = km / (KM_PER_DEGREE * np.cos(np.radians(51.0)))
    return replace(where, longitude=where.longitude + degrees)


def test_a_site_is_compared_with_the_goals_of_the_plan() -> None:
    # Five children of A and five of B, five seats in GS X (2 minutes from A, 17 from B); GS Y is 29
    # from A and 32.6 from B. The plan keeps to the guide value of 30: B to X and A to Y, 230
    # minutes, nobody beyond. The shortest ways are B to Y (173), five beyond: no site can win them.
    places = [NEAR, _east(place("B-Dorf"), 15)]
    town = district(
        [_east(school("GS X", free_rooms=0), -2), school("GS Y", 29, classes=4, free_rooms=0)],
        places,
    )
    where = _east(site("GS B"), 15)
    settings_ = {"zuzug": {"pro_monat": 2.0}, "klassen": {"planungsgroesse": 5}}
    (gain,) = ranked(town, where, **settings_).gains
    assert gain.newly_inside == pytest.approx(0.0, abs=1e-3)
    # One child of B comes before the site opens (17), four of A get X (8), one the site (15).
    assert gain.minutes_saved == pytest.approx(230 - 40, abs=0.1)
    # Where ways come first, the five beyond the guide value are won.
    order = ["wartemonate", "neue_klassen", "klassenmonate", "weg", "weg_ueber_richtwert"]
    (gain,) = ranked(town, where, **settings_, ziele={"reihenfolge": order}).gains
    assert gain.newly_inside == pytest.approx(5.0, abs=1e-2)


def test_the_best_site_comes_first_whatever_the_order() -> None:
    places = [NEAR, FAR, place("C-Dorf", km=-20)]
    town = district([school("GS A", free_rooms=0)], places)
    sites = [
        site("GS B", 40),
        site("GS C", -20, municipality="C-Dorf"),
        site("GS D", 35, municipality="B-Dorf"),
    ]
    expected = [("GS B", 160.0), ("GS D", 140.0), ("GS C", 80.0)]
    for schools, villages in ((sites, places), (sites[::-1], places[::-1])):
        other = replace(town, municipalities=tuple(villages))
        gains = ranked(other, *schools, zuzug={"pro_monat": 3.0}).gains
        assert [(g.school.name, round(g.minutes_saved, 2)) for g in gains] == expected


def test_waiting_comes_before_minutes() -> None:
    # GS A serves A- and B-Dorf; C-Dorf has no school in reach, so its site ends a wait.
    town = district([school("GS A", free_rooms=0)], [NEAR, FAR, place("C-Dorf", km=150)])
    gains = ranked(
        town,
        site("GS B", 40),
        site("GS C", 150, municipality="C-Dorf"),
        zuzug={"pro_monat": 3.0},
    ).gains
    assert [gain.school.name for gain in gains] == ["GS C", "GS B"]
    assert gains[1].minutes_saved == pytest.approx(160.0, abs=1e-2)


def test_own_open_sites_are_ranked_and_those_in_use_are_not() -> None:
    # No class is needed, so the plan leaves GS B of the table closed.
    town = district([school("GS A", free_rooms=0), site("GS B", 40)], [NEAR, FAR])
    ranking = ranked(town, zuzug={"pro_monat": 2.0})
    (gain,) = ranking.gains
    assert (gain.school.name, gain.from_list) == ("GS B", False)
    assert gain.minutes_saved == pytest.approx(160.0, abs=1e-3)
    # With 12 children a month it opens in the plan itself.
    used = ranked(town, zuzug={"pro_monat": 12.0})
    assert [s.name for s in used.used] == ["GS B"] and used.gains == ()


def test_children_of_the_list_who_have_a_seat_keep_it() -> None:
    # The child of B-Dorf sits in GS A from the reference date on: a site that opens one month later
    # saves it nothing.
    town = district([school("GS A", free_rooms=0)], [NEAR, FAR], [child("K1", "B-Dorf")])
    (gain,) = ranked(town, site("GS B", 40), klassen={"vorlauf_monate": 1}).gains
    assert gain.minutes_saved == pytest.approx(0.0, abs=1e-6)
    assert gain.pupils == pytest.approx(0.0, abs=1e-6)


def test_seats_of_the_list_are_taken() -> None:
    # Ten children of the list fill GS A, so one child a month of A-Dorf rides 40 km to GS C; with
    # the site at 10 km the four who come from month 2 on save 30 minutes each.
    town = district(
        [school("GS A", free_rooms=0, class_cap=10), school("GS C", 40, free_rooms=0)],
        [NEAR],
        [child(f"K{n}") for n in range(10)],
    )
    (gain,) = ranked(town, site("GS B", 10, municipality="A-Dorf"), zuzug={"pro_monat": 1.0}).gains
    assert gain.minutes_saved == pytest.approx(120.0, abs=1e-2)


def test_children_of_the_list_who_wait_get_the_site() -> None:
    town = district(
        [school("GS A", pupils=60, free_rooms=0, class_cap=28)],
        [NEAR],
        [child("K1"), child("K2")],
    )
    setting = scenario(zeitraum={"monate": 4}, phasen=_stay_for_good())
    base = plan_of(town, setting)
    assert [seat.school for seat in base.children] == [None, None]
    (gain,) = rank_sites(base, [site("GS B", municipality="A-Dorf")], seconds=LONG).gains
    # Both wait in all four months; with the site in month 0 and 1 only.
    assert gain.waiting_avoided == pytest.approx(4.0, abs=1e-6)
    assert gain.pupils == pytest.approx(2.0)


def _stay_for_good() -> dict[str, Any]:
    stay = {"tabelle": [*[0.0] * 11, 1.0]}
    phases = {"phase1": stay, "phase2": stay}
    return {kind: phases for kind in ("GS", "OS", "BSZ", "GYM")}


def test_no_month_to_open_no_ranking() -> None:
    town = district([school("GS A")], [NEAR, FAR])
    ranking = ranked(town, site("GS B", 40), klassen={"oeffnen_in": [1]})
    assert (ranking.month, ranking.gains) == (None, ())


def test_time_that_runs_out_leaves_sites_with_a_bound() -> None:
    town = district([school("GS A", free_rooms=0)], [NEAR, FAR])
    base = plan_of(town, scenario(zuzug={"pro_monat": 2.0}))
    ranking = rank_sites(base, [site("GS B", 40)], seconds=0.0)
    assert ranking.gains == ()
    # Five children of B-Dorf could save 40 minutes each, with the one who came too early.
    assert ranking.left_out[0].minutes_at_most == pytest.approx(200.0, abs=1e-3)
    assert not ranking.surely_best(1)


@settings(max_examples=25, deadline=None)
@given(
    homes=st.lists(st.integers(-60, 60), min_size=2, max_size=4, unique=True),
    at=st.integers(-60, 60),
    seats=st.integers(10, 20),
    newcomers=st.integers(1, 12),
)
def test_no_site_saves_more_than_its_bound(
    homes: list[int], at: int, seats: int, newcomers: int
) -> None:
    places = [place(f"Ort {km}", km=km) for km in homes]
    schools = [
        school(f"GS {km}", km, municipality=f"Ort {km}", classes=2, free_rooms=0)
        for km in homes[:2]
    ]
    town = district(schools, places)
    setting = scenario(zuzug={"pro_monat": float(newcomers)}, klassen={"planungsgroesse": seats})
    base = plan_of(town, setting)
    where = site("GS Neu", at, municipality=places[-1].name)
    bound = rank_sites(base, [where], seconds=0.0).left_out[0].minutes_at_most
    (gain,) = rank_sites(base, [where], seconds=LONG).gains
    if bound is None:
        assert base.waiting
    else:
        assert gain.waiting_avoided == pytest.approx(0.0, abs=1e-3)
        assert -1e-2 <= gain.minutes_saved <= bound + 1e-2


def test_the_bound_keeps_the_best() -> None:
    town = district([school("GS A", free_rooms=0)], [NEAR, FAR])
    base = plan_of(town, scenario(zuzug={"pro_monat": 2.0}))
    (gain,) = rank_sites(base, [site("GS B", 40)], seconds=LONG).gains
    (left,) = rank_sites(base, [site("GS C", 3, municipality="B-Dorf")], seconds=0.0).left_out
    assert SiteRanking(base.months[2], (gain,), (left,), ()).surely_best(1)
    assert not SiteRanking(base.months[2], (gain,), (left,), ()).surely_best(2)
    unknown = replace(left, minutes_at_most=None)
    assert not SiteRanking(base.months[2], (gain,), (unknown,), ()).surely_best(1)


# -- a school of the table that opens its first class ----------------------------------------------


def test_a_new_site_end_to_end() -> None:
    # 12 children a month, GS A has 20 seats: the room in B-Dorf is needed, two months ahead.
    town = district([school("GS A", free_rooms=0), site("GS B", 40)], [NEAR, FAR])
    setting = scenario(zuzug={"pro_monat": 12.0})
    plan = plan_of(town, setting)
    (opening,) = plan.openings
    assert (opening.school, opening.month, opening.classes) == (1, 2, 1)
    assert opening.kind in (ClassKind.CLASS, ClassKind.GROUP)
    assert "Ohne diese Klasse" in opening.reason
    assert plan.classes[1].tolist() == [0, 0, 1, 1, 1, 1]
    assert plan.weekly_hours[1].tolist()[:2] == [0.0, 0.0]
    assert plan.weekly_hours[1, 2] > 0.0
    assert plan.seats[1].tolist()[:2] == [0.0, 0.0]
    classes = tables(plan)["klassenbildung"]
    assert classes.values("Art")[0] == ""
    assert classes.values("Art")[1].startswith("neuer Standort, ")
    check_plan(plan)


def test_a_new_site_needs_a_room() -> None:
    town = district([school("GS A", free_rooms=0), site("GS B", 40, free_rooms=None)], [NEAR, FAR])
    plan = plan_of(town, scenario(zuzug={"pro_monat": 12.0}))
    assert plan.openings == ()
    assert {w.cause for w in plan.waiting} == {Cause.NO_ROOM}


# -- planen --standorte ----------------------------------------------------------------------------

NOSSEN = Municipality("Nossen", 3000, 51.058, 13.297, ags="14627180")
MEISSEN = Municipality("Meißen", 1000, 51.1586, 13.4844, ags="14627140")


def of_meissen(**values: Any) -> District:
    own: dict[str, Any] = {"municipality": "Meißen", "free_rooms": 1, **values}
    here = replace(school("Grundschule Am Fluss", **own), latitude=51.15865, longitude=13.484439)
    return replace(district([here], [NOSSEN, MEISSEN]), name="Landkreis Meißen")


def with_sites(town: District, **tables: Any) -> Plan:
    setting = scenario(**tables)
    return plan_with_sites(town, setting, simulate(town, setting))


def test_the_plan_opens_the_site_nearer_to_the_children() -> None:
    # One class is needed. Three of four children live in Nossen, where the list has a Grundschule;
    # the plan without the list opens in Meißen.
    plan = with_sites(of_meissen(), zuzug={"pro_monat": 5.0})
    assert plan.sites is not None
    assert plan.sites.opened == ("Pestalozzi-Grundschule Nossen",)
    assert [s.name for s in plan.district.schools] == [
        "Grundschule Am Fluss",
        "Pestalozzi-Grundschule Nossen",
    ]
    assert [o.school for o in plan.openings] == [1]
    assert [o.school for o in plan.sites.base.openings] == [0]
    check_plan(plan)
    effect = tables(plan)["standorte_vergleich"]
    assert effect.values("neue Klassen") == [1, 1, 1, 1]
    assert effect.values("davon neue Standorte") == [0, 1, 0, 1]
    minutes = effect.values("Minuten zusammen")
    assert minutes[1] < minutes[0]
    notes = dict(
        zip(*(tables(plan)["standorte"].values(n) for n in ("Schule", "Anmerkung")), strict=True)
    )
    assert notes["Pestalozzi-Grundschule Nossen"] == "öffnet im Plan"


def test_nobody_is_lost_with_sites() -> None:
    plan = with_sites(of_meissen(), zuzug={"pro_monat": 5.0})
    assert plan.demand is not None
    placed = sum(flow.pupils for flow in plan.flows)
    waiting = sum(place.pupils for place in plan.waiting if place.month == len(plan.months) - 1)
    assert placed + waiting == pytest.approx(float(plan.demand.sum()), abs=1e-3)


def test_candidates_never_change_the_rows_of_the_district() -> None:
    town = of_meissen(pupils=17, phases=(5, 12, 3))
    plan = with_sites(town, zuzug={"pro_monat": 5.0})
    assert plan.sites is not None
    base = plan.sites.base
    assert plan.district.schools[: len(town.schools)] == town.schools
    np.testing.assert_array_equal(plan.use_today[:1], base.use_today)
    np.testing.assert_array_equal(plan.place_demand, base.place_demand)
    np.testing.assert_array_equal(plan.minutes[:, :1], base.minutes)
    assert plan.forecast.phase3_known == base.forecast.phase3_known
    one, other = (tables(p)["ausgangszahlen"].frame for p in (plan, base))
    assert one.iloc[:1].equals(other)


def test_where_no_site_opens_the_plan_is_that_without() -> None:
    town = of_meissen()
    setting = scenario(zuzug={"pro_monat": 1.0})
    forecast = simulate(town, setting)
    alone = tables(make_plan(town, setting, forecast))
    plan = plan_with_sites(town, setting, forecast)
    assert plan.sites is not None and plan.sites.opened == ()
    assert plan.sites.ranking.gains[0].school.name == "Pestalozzi-Grundschule Nossen"
    built = tables(plan)
    assert set(built) - set(alone) == {"standorte", "standorte_vergleich"}
    for name, table in alone.items():
        if name != "annahmen":
            assert built[name].frame.equals(table.frame), name
    rows = built["annahmen"].values("Parameter")
    assert "--standorte: freier Raum je Schule der Liste" in rows


def test_order_of_the_rows_does_not_matter() -> None:
    town = of_meissen()
    second = replace(town.schools[0], name="Grundschule Am Berg", latitude=51.17)
    town = replace(town, schools=(*town.schools, second))
    turned = replace(town, schools=town.schools[::-1], municipalities=town.municipalities[::-1])
    plans = [with_sites(one, zuzug={"pro_monat": 9.0}) for one in (town, turned)]
    frames = [tables(plan)["standorte"].frame for plan in plans]
    assert frames[0].equals(frames[1])
    opened = [{plan.district.schools[o.school].name for o in plan.openings} for plan in plans]
    assert opened[0] == opened[1]


def test_hints_say_what_is_assumed_and_what_is_left_out() -> None:
    plan = with_sites(of_meissen(), zuzug={"pro_monat": 1.0})
    text = " ".join(plan.hints)
    assert "mit je einem freien Raum angenommen" in text
    assert "Fragen Sie den Schulträger" in text
    assert "nicht auf dem Blatt Gemeinden" in text
    nowhere = replace(of_meissen(), name="Landkreis Probe", municipalities=(NEAR, FAR))
    alone = replace(nowhere, schools=(replace(nowhere.schools[0], municipality="A-Dorf"),))
    assert "keine weitere Schule" in " ".join(with_sites(alone).hints)


def test_unused_schools_leave_no_trace() -> None:
    own = district([school("GS A")], [NEAR, FAR], [child("K1")])
    wide = replace(own, schools=(*own.schools, site("GS X", 1), site("GS Y", 40)))
    plan = plan_of(wide, scenario(zuzug={"pro_monat": 7.0}, klassen={"freie_raeume": 0}))
    assert [wide.schools[o.school].name for o in plan.openings] == ["GS Y"]
    kept = without_unused(plan, own)
    assert [s.name for s in kept.district.schools] == ["GS A", "GS Y"]
    assert [o.school for o in kept.openings] == [1]
    assert kept.classes.shape == kept.use_today.shape == kept.class_cap.shape == (2, 6)
    assert kept.minutes.tolist() == [[0.0, 40.0], [40.0, 0.0]]
    assert sum(f.pupils for f in kept.flows) == pytest.approx(sum(f.pupils for f in plan.flows))
    check_plan(kept)


def test_a_plan_that_was_cut_off_is_not_taken_for_better(monkeypatch: pytest.MonkeyPatch) -> None:
    # What a time limit can leave: every room opens a class. The plan without the list is better.
    from daz_planner.planning import site_plan

    town = of_meissen()
    setting = scenario(zuzug={"pro_monat": 5.0})
    forecast = simulate(town, setting)

    def made(wide: District, *rest: Any, **options: Any) -> Plan:
        plan = make_plan(wide, *rest, **options)
        if len(wide.schools) == 1:
            return plan
        stages = [replace(stage, status=SolveStatus.LIMIT) for stage in plan.stages]
        worse = [
            replace(stage, value=stage.value + extra) if stage.goal == "neue_klassen" else stage
            for stage in stages
        ]
        return replace(plan, stages=tuple(worse))

    monkeypatch.setattr(site_plan, "make_plan", made)
    extra = 2.0
    plan = plan_with_sites(town, setting, forecast)
    assert plan.sites is not None and plan.sites.cut_off
    assert plan.sites.opened == () and plan.openings == plan.sites.base.openings
    assert "Gezeigt ist der Plan ohne sie" in " ".join(plan.hints)
    # Cut off, but better: the ways are shorter, everything before them is the same.
    extra = 0.0
    plan = plan_with_sites(town, setting, forecast)
    assert plan.sites is not None and not plan.sites.cut_off
    assert plan.sites.opened == ("Pestalozzi-Grundschule Nossen",)


def late(plan: Plan) -> Plan:
    """The same plan as if every goal had ended at the time limit."""
    cut = tuple(replace(stage, status=SolveStatus.LIMIT) for stage in plan.stages)
    return replace(plan, stages=cut)


@pytest.mark.parametrize("base_late", [False, True])
@pytest.mark.parametrize("full_late", [False, True])
@pytest.mark.parametrize("monthly", [1.0, 5.0])
def test_what_was_cut_off_is_told(
    monkeypatch: pytest.MonkeyPatch, base_late: bool, full_late: bool, monthly: float
) -> None:
    # With one child a month no school of the list opens, with five one does, and is better.
    from daz_planner.planning import site_plan

    town = of_meissen()
    setting = scenario(zuzug={"pro_monat": monthly})

    def made(wide: District, *rest: Any, **options: Any) -> Plan:
        plan = make_plan(wide, *rest, **options)
        return late(plan) if (full_late if len(wide.schools) > 1 else base_late) else plan

    monkeypatch.setattr(site_plan, "make_plan", made)
    plan = plan_with_sites(town, setting, simulate(town, setting))
    sites = plan.sites
    assert sites is not None
    sentence, hints = effect_sentence(sites, plan), " ".join(plan.hints)
    states = tables(plan)["standorte_vergleich"].values("Plan")
    unsure = "wurde am Zeitlimit beendet" in sentence
    assert unsure == base_late == ("sind unsicher" in hints)
    assert ("ohne Schulliste (am Zeitlimit beendet)" in states) == base_late
    assert sites.opened == (("Pestalozzi-Grundschule Nossen",) if monthly == 5.0 else ())
    if monthly == 5.0:
        assert not sites.cut_off and plan.hit_limit == full_late
        return
    # Nothing opens: what was proven is shown, and only then the two are called the same.
    assert sites.cut_off == full_late
    assert plan.hit_limit == (base_late and full_late)
    assert ("Gezeigt ist der Plan ohne sie" in sentence) == full_late
    assert ("Er ist derselbe wie ohne sie" in sentence) == (not base_late and not full_late)
    assert ("Die Rangfolge gilt." in sentence) == (full_late and not base_late)


def test_without_time_for_the_plan_itself_no_site_is_ranked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from daz_planner.errors import SolverError
    from daz_planner.planning import sites

    def nothing(*_: Any, **__: Any) -> Any:
        raise SolverError("Im Zeitlimit wurde kein Plan gefunden.")

    monkeypatch.setattr(sites, "solve_fixed", nothing)
    plan = with_sites(of_meissen(), zuzug={"pro_monat": 5.0})
    assert plan.sites is not None
    ranking = plan.sites.ranking
    assert ranking.gains == () and not ranking.surely_best(1)
    assert {out.school.name for out in ranking.left_out} == {
        school.name for school in plan.sites.candidates.schools
    }
    assert "unter ihnen kann ein besserer sein" in " ".join(plan.hints)
    assert plan.sites.opened == ("Pestalozzi-Grundschule Nossen",)
