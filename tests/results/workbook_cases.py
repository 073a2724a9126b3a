"""Plans for the tests of the workbook: small ones, and one with every sheet and awkward names."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from daz_planner.district.candidates import Candidates
from daz_planner.district.model import School
from daz_planner.planning import Plan, make_plan
from daz_planner.planning.again import plan_again
from daz_planner.planning.bottlenecks import with_bottlenecks
from daz_planner.planning.front import with_front
from daz_planner.planning.futures import with_judgement
from daz_planner.planning.regular import RegularGrade, RegularSeats
from daz_planner.planning.site_plan import Sites
from daz_planner.planning.sites import SiteGain, SiteRanking
from daz_planner.simulation import simulate
from tests.factories import child, district, place, scenario, school

FORMULA_LIKE = ("=1+1", "+Schule", '-Schule "Nord" & <Süd>', "@Schule")


@cache
def everything() -> Plan:
    """Futures, changes, front, sites, regular classes; names begin like formulas."""
    first, second, third, fourth = FORMULA_LIKE
    schools = [
        school(first, pupils=22, free_rooms=1, planning_area="Nord"),
        school(second, 40, classes=0, free_rooms=1, municipality="-Dorf"),
        school(third, 10, classes=0, free_rooms=1, municipality="C-Dorf"),
    ]
    towns = [place("A-Dorf"), place("-Dorf", km=40), place("C-Dorf", km=10)]
    listed = [child("=K1"), child("@K2", "C-Dorf"), child("+K3")]
    town = replace(
        district(schools, towns, listed), name="=Kreis", files=(("=datei.xlsx", "ab" * 32),)
    )
    setting = scenario(
        zuzug={"pro_monat": 4.0},
        klassen={"vorlauf_monate": 1},
        abgang={"wegzug_pro_monat": 0.01},
    )
    forecast = simulate(town, setting)
    before = make_plan(town, setting, forecast)
    plan = plan_again(town, setting, forecast, before, "=früher")
    plan = with_bottlenecks(with_front(with_judgement(plan, 16), 60.0), 20.0)
    months = len(plan.months)
    grades = tuple(RegularGrade(first, "GS", "A-Dorf", grade, 2, 50, 1.0) for grade in (1, 2))
    regular = RegularSeats(
        grades=grades,
        seats=np.full((2, months), 56.0),
        planned=np.full((2, months), 50.0),
        use=np.linspace([0.0, 1.0], [7.0, 3.0], months).T,
        phase2=(False,) * months,
        unchecked=(),
        left_out=(),
    )
    site = School(fourth, "GS", 0, 0, 0, "C-Dorf", 51.0, 13.0, free_rooms=1)
    gain = SiteGain(site, True, 2.5, 30.0, 15.0, 4.0, 12.0)
    ranking = SiteRanking(plan.months[1], (gain,), (), ())
    sites = Sites(plan, Candidates((site,), (), 3, ()), ranking, ())
    # A scenario of such a name is refused where it is read.
    named = plan.scenario.model_copy(update={"name": "=Szenario"})
    return replace(plan, regular=regular, sites=sites, scenario=named)
