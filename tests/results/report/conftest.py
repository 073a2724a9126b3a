"""The page as a reader sees it: headings, sections, tables; and plans out of the common."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from daz_planner.district.candidates import Candidates
from daz_planner.district.model import Municipality, School
from daz_planner.planning import make_plan as solve
from daz_planner.planning.again import plan_again
from daz_planner.planning.bottlenecks import with_bottlenecks
from daz_planner.planning.front import with_front
from daz_planner.planning.futures import with_judgement
from daz_planner.planning.plan import Cause, ClassKind, Flow, Opening, Plan, WaitingPlace
from daz_planner.planning.regular import RegularGrade, RegularSeats
from daz_planner.planning.site_plan import Sites
from daz_planner.planning.sites import SiteGain, SiteRanking
from daz_planner.results.record import run_record
from daz_planner.results.report.page import report_page
from daz_planner.results.tables import tables
from daz_planner.simulation import simulate
from daz_planner.simulation.forecast import FLOW_NAMES, Forecast
from tests.factories import child, district, place, scenario, school


@dataclass
class ShownTable:
    """A table of the page: caption, heads, rows of texts."""

    section: str
    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)

    @property
    def heads(self) -> list[str]:
        return self.rows[0]

    @property
    def body(self) -> list[list[str]]:
        return self.rows[1:]


class Page(HTMLParser):
    """Reads a page; ``text`` is what is visible, by section."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.sections: list[str] = []
        self.text: dict[str, str] = {}
        self.tables: list[ShownTable] = []
        self.headings: list[tuple[int, str]] = []
        self.links: list[str] = []
        self.scripts: dict[str, str] = {}
        self.tones: list[tuple[str, str]] = []
        self._now = ""
        self._tag = ""
        self._script = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._tag = tag
        if tag == "section":
            self._now = told["id"]
            self.sections.append(self._now)
        elif tag == "table":
            self.tables.append(ShownTable(self._now))
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        elif tag in ("td", "th"):
            self.tables[-1].rows[-1].append("")
            self.tones.append((told.get("class", ""), self._now))
        elif tag in ("h1", "h2", "h3"):
            self.headings.append((int(tag[1]), ""))
        elif tag == "script":
            self._script = told.get("id", "")
        for name in ("src", "href", "action", "data", "srcset"):
            if name in told:
                self.links.append(told[name])

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "caption", "h1", "h2", "h3", "script"):
            self._tag = ""
        if tag == "section":
            self._now = ""

    def handle_data(self, text: str) -> None:
        if self._tag == "script":
            self.scripts[self._script] = self.scripts.get(self._script, "") + text
            return
        if self._tag == "style":
            return
        self.text[self._now] = self.text.get(self._now, "") + text
        if self._tag == "caption":
            self.tables[-1].caption += text
        elif self._tag in ("td", "th"):
            self.tables[-1].rows[-1][-1] += text
        elif self._tag in ("h1", "h2", "h3"):
            level, before = self.headings[-1]
            self.headings[-1] = (level, before + text)

    def table(self, section: str, number: int = 0) -> ShownTable:
        """The n-th table of a section."""
        return [item for item in self.tables if item.section == section][number]

    @property
    def data(self) -> dict[str, Any]:
        """What the script reads."""
        found: dict[str, Any] = json.loads(self.scripts["daten"])
        return found

    @property
    def charts(self) -> dict[str, Any]:
        """The charts."""
        found: dict[str, Any] = json.loads(self.scripts["diagramme"])
        return found


def html_of(plan: Plan, **more: Any) -> str:
    """The page of a plan."""
    return report_page(plan, tables(plan), run_record(plan), **more)


@pytest.fixture
def page_of() -> Callable[..., Page]:
    """Function from a plan to its page."""
    return lambda plan, **more: Page(html_of(plan, **more))


@pytest.fixture
def html() -> Callable[..., str]:
    """Function from a plan to the text of its page."""
    return html_of


def with_months(plan: Plan, count: int) -> Plan:
    """The first months of a plan."""
    forecast = plan.forecast
    return replace(
        plan,
        months=plan.months[:count],
        classes=plan.classes[:, :count],
        seats=plan.seats[:, :count],
        planning_seats=plan.planning_seats[:, :count],
        use_today=plan.use_today[:, :count],
        use_children=plan.use_children[:, :count],
        use_forecast=plan.use_forecast[:, :count],
        class_cap=plan.class_cap[:, :count],
        weekly_hours=plan.weekly_hours[:, :count],
        openings=tuple(item for item in plan.openings if item.month < count),
        flows=tuple(item for item in plan.flows if item.month < count),
        waiting=tuple(item for item in plan.waiting if item.month < count),
        children=plan.children[:1],
        demand=None,
        forecast=replace(
            forecast,
            months=forecast.months[:count],
            expected=forecast.expected[:, :, :count],
            runs=forecast.runs[..., :count],
            expected_flows={k: v[:, :count] for k, v in forecast.expected_flows.items()},
        ),
    )


def without_schools(plan: Plan) -> Plan:
    """A district that has no school at all."""
    none, whole = np.zeros((0, 4)), np.zeros((0, 4), dtype=np.int64)
    return replace(
        plan,
        district=replace(plan.district, schools=()),
        classes=whole,
        seats=none,
        planning_seats=none,
        use_today=none,
        use_children=none,
        use_forecast=none,
        minutes=np.zeros((3, 0)),
        class_cap=whole,
        weekly_hours=none,
        openings=(),
        flows=(),
        children=(),
    )


def large_plan(plan: Plan, schools: int = 1000, places: int = 419, months: int = 12) -> Plan:
    """A plan of the size of Saxony: every school has ways, every place waits now and then."""
    rng = np.random.default_rng(1)
    kinds = ("GS", "OS", "BSZ", "GYM")
    calendar = tuple(date(2017 + (n + 1) // 12, (n + 1) % 12 + 1, 1) for n in range(months))
    towns = tuple(
        Municipality(
            f"Gemeinde mit längerem Namen {i}",
            1000 + i,
            50.2 + 1.5 * float(rng.random()),
            11.9 + 3.0 * float(rng.random()),
            ags=f"{14_000_000 + i}",
        )
        for i in range(places)
    )
    built = tuple(
        School(
            f"Oberschule mit längerem Namen Nr. {s}",
            kinds[s % 4],
            20,
            1,
            3,
            towns[s % places].name,
            towns[s % places].latitude + 0.01 * float(rng.random()),
            towns[s % places].longitude,
        )
        for s in range(schools)
    )
    classes = np.ones((schools, months), dtype=np.int64)
    use = 23.0 * rng.random((schools, months))
    expected = np.zeros((4, 3, months))
    expected[:, :2] = schools * 2.5
    forecast = Forecast(
        months=calendar,
        school_types=kinds,
        expected=expected,
        runs=np.repeat(expected[np.newaxis].astype(np.int64), 20, axis=0),
        expected_flows={name: np.zeros((4, months)) for name in FLOW_NAMES},
        phase3_known=(True,) * 4,
    )
    flows = tuple(
        Flow(i, s, t, 0.2 + float(rng.random()), 20.0)
        for s in range(schools)
        for t in range(months)
        for i in {s % places, int(rng.integers(places))}
    )
    waiting = tuple(
        WaitingPlace(kinds[n % 4], n % places, n % months, 1.5, calendar[0], Cause.NO_ROOM)
        for n in range(3 * places)
    )
    return replace(
        plan,
        district=replace(plan.district, schools=built, municipalities=towns, newcomers=()),
        forecast=forecast,
        months=calendar,
        classes=classes,
        seats=classes * 23.0,
        planning_seats=classes * 20.0,
        use_today=use,
        use_children=np.zeros_like(use),
        use_forecast=np.zeros_like(use),
        minutes=rng.integers(5, 90, (places, schools)).astype(np.float64),
        class_cap=np.full((schools, months), 23),
        weekly_hours=classes * 15.0,
        openings=tuple(
            Opening(s, 3, 1, ClassKind.CLASS, 12.0, 5.0, 0.0, "Ohne sie warten Kinder.")
            for s in range(0, schools, 5)
        ),
        children=(),
        flows=flows,
        waiting=waiting,
        demand=None,
    )


@pytest.fixture
def odd_plans() -> dict[str, Callable[[Plan], Plan]]:
    """Functions that make a plan odd, by name."""
    return {
        "one month": lambda plan: with_months(plan, 1),
        "two months": lambda plan: with_months(plan, 2),
        "no schools": without_schools,
        "no points": without_points,
    }


def without_points(plan: Plan) -> Plan:
    """A plan whose places and schools nobody can find on a map."""
    nowhere = float("nan")
    return replace(
        plan,
        district=replace(
            plan.district,
            schools=tuple(replace(s, latitude=nowhere) for s in plan.district.schools),
            municipalities=tuple(
                replace(m, longitude=nowhere) for m in plan.district.municipalities
            ),
        ),
    )


@pytest.fixture
def make_large() -> Callable[..., Plan]:
    """Function that builds a large plan from the small one."""
    return large_plan


@pytest.fixture(scope="session")
def whole() -> Plan:
    """A plan with everything: the child of the list fills A; B and C may open classes."""
    sites = [
        school("GS B", 40, classes=0, free_rooms=1, municipality="B-Dorf"),
        school("GS C", 10, classes=0, free_rooms=1, municipality="C-Dorf"),
    ]
    places = [place("A-Dorf"), place("B-Dorf", km=40), place("C-Dorf", km=10)]
    town = district([school("GS A", pupils=22, free_rooms=1), *sites], places, [child("K1")])
    setting = scenario(zuzug={"pro_monat": 4.0}, klassen={"vorlauf_monate": 1})
    forecast = simulate(town, setting)
    first = solve(town, setting, forecast)
    plan = plan_again(town, setting, forecast, first, "frueher")
    plan = with_bottlenecks(with_front(with_judgement(plan, 16), 60.0), 20.0)
    months = len(plan.months)
    regular = RegularSeats(
        grades=(RegularGrade("GS A", "GS", "A-Dorf", 1, 2, 50, 1.0),),
        seats=np.full((1, months), 56.0),
        planned=np.full((1, months), 50.0),
        use=np.linspace(0.0, 7.0, months)[np.newaxis],
        phase2=(False,) * months,
        unchecked=(),
        left_out=(),
    )
    site = School("GS Neu", "GS", 0, 0, 0, "C-Dorf", 51.0, 13.0, free_rooms=1)
    gains = tuple(
        SiteGain(replace(site, name=f"GS Neu {n}"), True, 2.5, 30.0, 15.0, 4.0, 12.0)
        for n in range(12)
    )
    found = Candidates(tuple(gain.school for gain in gains), (), 3, ())
    ranked = Sites(plan, found, SiteRanking(date(2017, 4, 1), gains, (), ()), ())
    return replace(plan, regular=regular, sites=ranked)
