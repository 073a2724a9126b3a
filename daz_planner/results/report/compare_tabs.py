"""The scenarios of ``vergleich.html`` one by one: a tab each with summary, need, map, classes.

The drawings of all tabs are the same and only their rows differ, so each stands there once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from daz_planner import german
from daz_planner.results.compare_figures import plan_of
from daz_planner.results.compare_texts import single_run
from daz_planner.results.figures import need_course, school_types
from daz_planner.results.folder import REPORT_NAME, SCENARIOS_NAME
from daz_planner.results.proof import cut_off_remark
from daz_planner.results.report.charts import need_chart
from daz_planner.results.report.district_map import district_map
from daz_planner.results.report.html_tables import plain_table
from daz_planner.results.report.map_data import BORDERS_SOURCE, fullest_month
from daz_planner.results.report.parts import USE_KEY, partial, type_name
from daz_planner.results.report.tiles import tiles
from daz_planner.results.summary import summary
from daz_planner.results.where import TAB

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daz_planner.planning.compare import Comparison, ScenarioRun
    from daz_planner.planning.plan import Plan
    from daz_planner.results.report.vega import Chart, Rows


@dataclass
class Drawings:
    """The drawings of a page, and which rows each place shows in which drawing."""

    specifications: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[str, dict[str, Any]] = field(default_factory=dict)
    months: list[str] = field(default_factory=list)
    start: int = 0

    def add(self, place: str, chart: Chart, like: str = "", *, most: float | None = None) -> None:
        """Show a chart at a place; charts that are ``like`` each other share one drawing.

        ``most`` is the upper end of the vertical axis, so that like charts can be compared.
        """
        name = like or place
        if name not in self.specifications:
            compiled = chart.compiled()
            for entry in compiled["data"]:
                if entry["name"] in chart.data:
                    entry.pop("values", None)
            if most is not None:
                for scale in compiled["scales"]:
                    if scale["name"] == "y":
                        scale["domainMax"] = most
            self.specifications[name] = compiled
        self.places[place] = {"zeichnung": name, "werte": dict(chart.data)}

    def rows(self, place: str, rows: Mapping[str, Rows]) -> None:
        """Keep rows at a place that has no drawing."""
        self.places[place] = {"zeichnung": "", "werte": dict(rows)}

    def data(self) -> dict[str, Any]:
        """Everything as the script of the page reads it; equal rows stand there once."""
        shared: list[Rows] = []
        places: dict[str, Any] = {}
        for place, told in self.places.items():
            numbers = {}
            for name, rows in told["werte"].items():
                if rows not in shared:
                    shared.append(rows)
                numbers[name] = shared.index(rows)
            places[place] = {"zeichnung": told["zeichnung"], "werte": numbers}
        return {
            "zeichnungen": self.specifications,
            "orte": places,
            "werte": shared,
            "monate": self.months,
            "start": self.start,
        }


def scenario_tabs(comparison: Comparison, folders: Mapping[str, str], drawings: Drawings) -> Markup:
    """The tabs of all scenarios, of failed ones too."""
    plans = [plan_of(run) for run in comparison.planned]
    longest = max((plan.months for plan in plans), key=len)
    drawings.months = [german.month(month) for month in longest]
    drawings.start = fullest_month(max(plans, key=_highest_use))
    highest = _highest(plans)
    panels = [
        _panel(n, run, folders.get(run.name, ""), drawings, highest)
        for n, run in enumerate(comparison.runs)
    ]
    kinds = dict.fromkeys(kind for plan in plans for kind in school_types(plan))
    return partial(
        "vergleich_reiter.html",
        panels=panels,
        kinds=[(kind, type_name(kind)) for kind in kinds],
        last=len(longest) - 1,
        first=drawings.start,
        first_month=drawings.months[drawings.start],
        classes=USE_KEY,
        source=BORDERS_SOURCE if any(panel["borders"] for panel in panels) else "",
    )


def _highest_use(plan: Plan) -> float:
    """The highest use of all seats together in any month (1 is full)."""
    t = fullest_month(plan)
    seats = float(plan.seats[:, t].sum())
    return float(plan.use[:, t].sum()) / seats if seats > 0 else 0.0


def _highest(plans: list[Plan]) -> dict[str, float]:
    """School type → most seats or pupils of any scenario, for one axis in all tabs."""
    found: dict[str, float] = {}
    for plan in plans:
        for kind in school_types(plan):
            if kind in plan.forecast.school_types:
                course = need_course(plan, kind)
                top = max(float(course.high.max()), float(course.seats.max()))
                found[kind] = max(found.get(kind, 1.0), top)
    return found


def _panel(
    n: int, run: ScenarioRun, folder: str, drawings: Drawings, highest: dict[str, float]
) -> dict[str, Any]:
    """What the tab of a scenario shows."""
    head = {"name": run.name, "key": f"s{n}", "text": single_run(run), "borders": False}
    if run.plan is None:
        told = run.failure.text if run.failure is not None else ""
        kind = run.failure.kind.value if run.failure is not None else ""
        return {**head, "failure": f"Nicht gerechnet ({kind}): {told}"}
    plan = run.plan
    figures = []
    for kind in school_types(plan):
        if kind in plan.forecast.school_types:
            place, like = f"bedarf-{kind}-s{n}", f"bedarf-{kind}-{len(plan.months)}"
            drawings.add(place, need_chart(plan, kind), like, most=highest[kind])
            figures.append((place, type_name(kind)))
    found = district_map(plan)
    if found.chart is not None:
        drawings.add(f"karte-s{n}", found.chart, "karte")
    else:
        drawings.rows(f"karte-s{n}", {"schulen": found.schools})
    return {
        **head,
        "failure": "",
        "cut_off": cut_off_remark(plan),
        "tiles": tiles(plan),
        "answers": summary(plan, TAB),
        "figures": figures,
        "map": found.chart is not None,
        "borders": found.borders,
        "classes": _classes(plan),
        "folder": f"{SCENARIOS_NAME}/{folder}" if folder else "",
        "report": f"{SCENARIOS_NAME}/{quote(folder)}/{REPORT_NAME}" if folder else "",
    }


def _classes(plan: Plan) -> Markup:
    """New classes with their reasons."""
    if not plan.openings:
        return Markup('<p class="empty">Es öffnet keine neue Klasse.</p>')
    heads = [
        ("Schule", False),
        ("Schulart", False),
        ("ab", False),
        ("Klassen", True),
        ("Grund", False),
    ]
    lines = [
        [
            plan.district.schools[item.school].name,
            plan.district.schools[item.school].school_type,
            german.short_month(plan.months[item.month]),
            german.number(item.classes),
            item.reason,
        ]
        for item in sorted(plan.openings, key=lambda opening: (opening.month, opening.school))
    ]
    return plain_table("Neue Klassen mit Begründung", heads, lines, told=True, cards=True)
