"""The map: municipalities, schools sized by seats and coloured by use, ways of new children.

The month, the school type and whether ways are shown are parameters that the page sets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from daz_planner.results.report.colours import variable
from daz_planner.results.report.map_data import (
    HIDDEN_USE,
    LEAST_SHOWN,
    NO_USE,
    are_moved,
    borders,
    frame_of,
    fullest_month,
    place_rows,
    school_rows,
    way_rows,
)
from daz_planner.results.report.vega import Chart, Rows

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan

HEIGHT = 520
USE_NAMES = ("bis 70 %", "bis 90 %", "bis 100 %", "über 100 %")
"""The classes of use in words, as :func:`~daz_planner.results.report.map_data.use_class`."""
_COLOURS = tuple(variable(f"use{n}") for n in range(len(USE_NAMES)))
_LARGEST, _MANY = 900, 60
"""Area of the largest circle in square pixels, and schools beyond which circles shrink."""


@dataclass(frozen=True)
class DistrictMap:
    """The map of a plan.

    Attributes
    ----------
    chart:
        ``None`` where no place has a point.
    schools:
        The rows behind it, also those of schools without a point.
    borders:
        Whether borders are drawn, whose source has to be named.
    moved:
        Whether schools on one point stand beside it.
    ways_left_out:
        Ways that the page does not carry.
    """

    chart: Chart | None
    schools: Rows
    borders: bool
    moved: bool
    ways_left_out: int


def district_map(plan: Plan, first: int | None = None) -> DistrictMap:
    """The map of a plan; ``first`` is the month that it shows at first, else the fullest."""
    frame = frame_of(plan)
    schools = school_rows(plan, frame)
    if frame is None:
        return DistrictMap(None, schools, False, False, 0)
    ways, left_out = way_rows(plan, frame)
    outline = borders(plan)
    drawing = (
        alt.layer(
            alt.Chart(alt.NamedData("rahmen")).mark_geoshape(filled=False, strokeOpacity=0),
            *([_outline()] if outline else []),
            _ways(max((row["n"][-1] for row in ways), default=1.0)),
            *_schools(float(np.max(plan.seats, initial=1.0)), len(schools)),
            *_places(),
        )
        .add_params(
            alt.param(name="monat", value=fullest_month(plan) if first is None else first),
            alt.param(name="art", value="alle"),
            alt.param(name="wege", value=False),
            alt.param(name="schule", value=""),
        )
        .project(type="mercator")
        .properties(width="container", height=HEIGHT)
    )
    data = {
        "rahmen": frame.row(),
        "grenzen": outline,
        "orte": place_rows(plan, frame, HEIGHT),
        "fluesse": ways,
        "schulen": schools,
    }
    return DistrictMap(Chart(drawing, data), schools, bool(outline), are_moved(plan), left_out)


def _outline() -> Any:
    return (
        alt.Chart(alt.NamedData("grenzen"))
        .mark_geoshape(fill=variable("land"), stroke=variable("edge"), strokeWidth=1)
        .encode(tooltip=[alt.Tooltip("properties.gemeinde:N", title="Gemeinde")])
    )


def _places() -> list[Any]:
    """Names of the municipalities with a school, with a rim that keeps them readable."""
    base = (
        alt.Chart(alt.NamedData("orte"))
        .transform_filter("width > 480 || datum.eng")
        .encode(longitude="lon:Q", latitude="lat:Q", text="name:N")
    )
    rim = variable("panel")
    return [
        base.mark_text(dy=20, fontSize=12, fill=rim, stroke=rim, strokeWidth=3, strokeJoin="round"),
        base.mark_text(dy=20, fontSize=12, fill=variable("ink")),
    ]


def _ways(most: float) -> Any:
    """Lines; ``most`` children on one way make the widest."""
    return (
        alt.Chart(alt.NamedData("fluesse"))
        .transform_calculate(Kinder="datum.n[monat]")
        .transform_filter(
            f"wege && datum.Kinder >= {LEAST_SHOWN} && (art == 'alle' || datum.art == art)"
            " && (schule == '' || datum.nach == schule)"
        )
        .mark_rule(color=variable("way"), opacity=0.65, strokeCap="round")
        .encode(
            longitude="x:Q",
            latitude="y:Q",
            longitude2="x2:Q",
            latitude2="y2:Q",
            strokeWidth=alt.StrokeWidth(
                "Kinder:Q",
                scale=alt.Scale(type="sqrt", domain=[0, most], range=[0.8, 9]),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("von:N", title="Gemeinde"),
                alt.Tooltip("nach:N", title="Schule"),
                alt.Tooltip("Kinder:Q", title="neue Kinder im Mittel", format=",.1f"),
                alt.Tooltip("min:Q", title="Minuten, einfacher Weg"),
            ],
        )
    )


def _schools(most: float, count: int) -> list[Any]:
    """Circles, and a plus at schools with a new class; ``most`` seats make the largest circle."""
    largest = _LARGEST * min(1.0, math.sqrt(_MANY / max(count, 1)))
    base = (
        alt.Chart(alt.NamedData("schulen"))
        .transform_calculate(
            **{
                "Klassen": "datum.k[monat]",
                "Plätze": "datum.p[monat]",
                "belegt": "datum.u[monat] === null ? '•' : format(datum.u[monat], ',.0f')",
                "stufe": "datum.c[monat]",
                "Auslastung": "datum.q[monat] == null ? '–' : datum.q[monat] + ' %'",
            }
        )
        .transform_filter(
            "isValid(datum.x) && (datum.p[monat] > 0 || datum.u[monat] > 0)"
            " && (art == 'alle' || datum.art == art)"
        )
        .encode(longitude="x:Q", latitude="y:Q")
    )
    domain = [*(str(n) for n in range(len(USE_NAMES))), NO_USE, HIDDEN_USE]
    circles = base.mark_circle(opacity=1, stroke=variable("ink"), cursor="pointer").encode(
        size=alt.Size(
            "Plätze:Q",
            scale=alt.Scale(domain=[0, most], range=[largest / 30, largest]),
            legend=None,
        ),
        color=alt.Color(
            "stufe:N",
            scale=alt.Scale(domain=domain, range=[*_COLOURS, _COLOURS[-1], variable("panel")]),
            legend=None,
        ),
        strokeWidth=alt.condition("datum.Schule == schule", alt.value(3.5), alt.value(0.8)),
        tooltip=[
            alt.Tooltip("Schule:N"),
            alt.Tooltip("Klassen:Q"),
            alt.Tooltip("belegt:N", title="belegt im Mittel"),
            alt.Tooltip("Plätze:Q", format=",.0f"),
            alt.Tooltip("Auslastung:N"),
        ],
    )
    new = base.transform_filter("datum.k[monat] > datum.k[0]").mark_text(
        text="+", fontSize=20, fontWeight="bold", fill=variable("ink"), dy=-15, dx=12
    )
    return [circles, new]
