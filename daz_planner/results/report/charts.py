"""The charts of the page beside the map: seats against need, phases, waiting, ways for classes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import altair as alt

from daz_planner import german
from daz_planner.planning.front_points import TOGETHER, Measure
from daz_planner.results.figures import need_course, school_types, waiting_by_month
from daz_planner.results.front_tables import PLAN, POINT
from daz_planner.results.report.colours import variable
from daz_planner.results.report.vega import Chart, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from daz_planner.planning.plan import Plan

HEIGHT = 260
TYPE_COLOURS = 4
"""Colours of school types, used again beyond them."""
PHASES = ("Phase 1", "Phase 2", "Phase 3")
_PHASE_COLOURS = tuple(variable(f"phase{n}") for n in (1, 2, 3))
_MOST_TICKS = 12
_STEPS = ((6, 1), (12, 2), (36, 3), (72, 6))
"""Up to so many months, every n-th has its name."""


def type_colours(kinds: Sequence[str]) -> list[str]:
    """The name of the colour of each school type."""
    return [f"type{n % TYPE_COLOURS}" for n in range(len(kinds))]


def need_chart(plan: Plan, kind: str) -> Chart:
    """Seats of a school type as a step, the need as a line, and eight of ten futures as a band."""
    course = need_course(plan, kind)
    rows = [
        {
            "monat": _moment(month),
            "Monat": german.month(month),
            "Plätze": round(float(course.seats[t]), 1),
            "im Mittel": round(float(course.expected[t]), 1),
            "P10": int(course.low[t]),
            "P90": int(course.high[t]),
        }
        for t, month in enumerate(plan.months)
    ]
    base = alt.Chart(alt.NamedData("werte")).encode(
        x=month_axis(plan.months),
        tooltip=[
            alt.Tooltip("Monat:N"),
            alt.Tooltip("Plätze:Q", format=",.0f"),
            alt.Tooltip("im Mittel:Q", format=",.0f"),
            alt.Tooltip("P10:Q", title="in 9 von 10 Zukünften mindestens", format=",.0f"),
            alt.Tooltip("P90:Q", title="in 9 von 10 Zukünften höchstens", format=",.0f"),
        ],
    )
    scale = alt.Scale(zero=True, nice=True)
    span = alt.Y(
        "P10:Q", title="Schüler und Plätze", scale=scale, axis=alt.Axis(tickCount=6, format=",.0f")
    )
    middle, seats = alt.Y("im Mittel:Q", scale=scale), alt.Y("Plätze:Q", scale=scale)
    need_colour, seat_colour = variable("need"), variable("seats")
    if len(plan.months) == 1:
        layers = [
            base.mark_rule(color=variable("band"), strokeWidth=40).encode(y=span, y2="P90:Q"),
            base.mark_point(color=need_colour, filled=True, size=90, opacity=1).encode(y=middle),
            base.mark_tick(color=seat_colour, thickness=3, size=60, opacity=1).encode(y=seats),
        ]
    else:
        smooth: Any = "monotone"
        layers = [
            base.mark_area(color=variable("band"), interpolate=smooth).encode(y=span, y2="P90:Q"),
            base.mark_line(color=need_colour, strokeWidth=3, interpolate=smooth).encode(y=middle),
            base.mark_line(
                color=seat_colour, strokeWidth=3, strokeDash=[7, 4], interpolate="step-after"
            ).encode(y=seats),
        ]
    hover = base.mark_rule(strokeWidth=14, opacity=0)
    return _sized(alt.layer(*layers, hover), rows)


def phase_chart(plan: Plan) -> Chart:
    """Pupils by phase, all school types together, stacked by month."""
    expected = plan.forecast.expected.sum(axis=0)
    rows = [
        {
            "monat": _moment(month),
            "Monat": german.month(month),
            "Phase": name,
            "Rang": p,
            "Schüler": round(float(expected[p, t]), 1),
        }
        for p, name in enumerate(PHASES)
        for t, month in enumerate(plan.months)
    ]
    base = alt.Chart(alt.NamedData("werte"))
    marked = (
        base.mark_bar(size=40)
        if len(plan.months) == 1
        else base.mark_area(interpolate="monotone", opacity=0.95)
    )
    chart = marked.encode(
        x=month_axis(plan.months),
        y=alt.Y("Schüler:Q", stack="zero", title="Schüler im Mittel"),
        color=alt.Color(
            "Phase:N",
            scale=alt.Scale(domain=list(PHASES), range=list(_PHASE_COLOURS)),
            legend=None,
        ),
        order=alt.Order("Rang:Q"),
        tooltip=["Monat:N", "Phase:N", alt.Tooltip("Schüler:Q", format=",.0f")],
    )
    return _sized(chart, rows)


def waiting_chart(plan: Plan) -> Chart:
    """Expected children who wait, by month and school type."""
    kinds = school_types(plan)
    rows = [
        {
            "Monat": german.short_month(month),
            "Schulart": kind,
            "Kinder": round(float(waiting_by_month(plan, kind)[t]), 2),
        }
        for kind in kinds
        for t, month in enumerate(plan.months)
    ]
    chart = (
        alt.Chart(alt.NamedData("werte"))
        .mark_bar()
        .encode(
            x=alt.X(
                "Monat:O",
                sort=None,
                title=None,
                axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=12),
            ),
            y=alt.Y("Kinder:Q", stack="zero", title="wartende Kinder im Mittel"),
            color=_kind_colour(kinds),
            tooltip=["Monat:N", "Schulart:N", alt.Tooltip("Kinder:Q", format=",.1f")],
        )
    )
    return _sized(chart, rows)


def front_chart(plan: Plan) -> Chart | None:
    """Daily way against new classes by school type; ``None`` where there is no curve."""
    if plan.front is None:
        return None
    rows: Rows = []
    kinds = []
    for curve in plan.front.curves:
        if curve.measure is not Measure.CLASSES or curve.school_type == TOGETHER:
            continue
        kinds.append(curve.school_type)
        own = plan.front.plan(curve.school_type)
        for name, points in ((POINT, curve.points), (PLAN, [own] if own else [])):
            rows += [
                {
                    "Schulart": curve.school_type,
                    "Zeile": name,
                    "neue Klassen": int(point.classes),
                    "Weg": round(float(point.daily_minutes or 0.0), 2),
                }
                for point in points
            ]
    if not rows:
        return None
    base = alt.Chart(alt.NamedData("werte")).encode(
        x=alt.X(
            "neue Klassen:Q",
            axis=alt.Axis(
                values=_whole([row["neue Klassen"] for row in rows]), format=",.0f", grid=False
            ),
        ),
        y=alt.Y(
            "Weg:Q", title="Minuten am Tag, hin und zurück", scale=alt.Scale(zero=False, nice=True)
        ),
        color=_kind_colour(kinds),
        tooltip=[
            "Schulart:N",
            "Zeile:N",
            alt.Tooltip("neue Klassen:Q", format=",.0f"),
            alt.Tooltip("Weg:Q", title="Minuten am Tag, hin und zurück", format=",.1f"),
        ],
    )
    curves = base.transform_filter(f"datum.Zeile == '{POINT}'")
    own_points = base.transform_filter(f"datum.Zeile == '{PLAN}'")
    drawing = alt.layer(
        curves.mark_line(strokeWidth=2.5),
        curves.mark_point(filled=True, size=60, opacity=1),
        own_points.mark_point(shape="diamond", filled=False, size=220, strokeWidth=3, opacity=1),
    )
    return _sized(drawing, rows)


def _whole(values: Sequence[int]) -> list[int]:
    """Whole numbers for an axis from the least to the most, at most a dozen and one."""
    step = max(1, -(-(max(values) - min(values)) // _MOST_TICKS))
    return list(range(min(values), max(values) + 1, step))


def month_axis(months: Sequence[date]) -> alt.X:
    """A time axis with German months and no more labels than fit."""
    step = next((step for most, step in _STEPS if len(months) <= most), 12)
    axis = alt.Axis(
        format="%b %Y",
        labelOverlap="greedy",
        labelSeparation=12,
        grid=False,
        tickCount=alt.TimeIntervalStep(interval="month", step=step),
    )
    if len(months) > 1:
        return alt.X("monat:T", title=None, axis=axis)
    half = timedelta(days=15)
    around = [alt.DateTime(year=d.year, month=d.month, date=d.day) for d in _around(months, half)]
    return alt.X("monat:T", title=None, axis=axis, scale=alt.Scale(domain=around))


def _around(months: Sequence[date], half: timedelta) -> tuple[date, date]:
    return months[0] - half, months[0] + half


def _kind_colour(kinds: Sequence[str]) -> alt.Color:
    colours = [variable(name) for name in type_colours(kinds)]
    scale = alt.Scale(domain=list(kinds), range=colours)
    return alt.Color("Schulart:N", scale=scale, legend=None)


def _moment(month: date) -> str:
    # Without an hour JavaScript would take it for UTC and might show the month before.
    return f"{month.isoformat()}T00:00:00"


def _sized(drawing: Any, rows: Rows) -> Chart:
    return Chart(drawing.properties(width="container", height=HEIGHT), {"werte": rows})
