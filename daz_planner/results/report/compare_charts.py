"""The charts of a comparison: the need of all scenarios, and what each assumption does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from daz_planner import german
from daz_planner.results.compare_figures import compared_types, need_of, plan_of
from daz_planner.results.compare_tables import INTERACTION
from daz_planner.results.report.charts import month_axis
from daz_planner.results.report.colours import variable
from daz_planner.results.report.vega import Chart, Rows

if TYPE_CHECKING:
    from daz_planner.planning.compare import Comparison
    from daz_planner.planning.compare_effects import Tornado

LINE_COLOURS = 6
"""Colours of scenarios, used again beyond them with other dashes."""
_DASHES = ([1, 0], [8, 4], [2, 3], [10, 3, 2, 3], [14, 4], [5, 2], [2, 6])
TOGETHER = "zusammen"
HEIGHT = 320
MEASURES: tuple[tuple[str, str, str], ...] = (
    ("need", "Bedarf höchstens", "Plätze"),
    ("end", "Bedarf am Ende", "Plätze"),
    ("classes", "Neue Klassen", "Klassen"),
    ("waiting", "Wartemonate", "Kindermonate"),
)
"""Attribute of an effect, heading of its chart, title of its axis."""
_NOISE = 0.05
_SHORTEST = 44
_NARROW = 180
"""Pixels of the bars below which they have no numbers."""


def scenario_looks(count: int) -> tuple[list[str], list[list[int]]]:
    """Colour and dash of each scenario; no two of the first ones share either."""
    colours = [variable(f"line{n % LINE_COLOURS}") for n in range(count)]
    return colours, [_DASHES[n % len(_DASHES)] for n in range(count)]


def scenarios_chart(comparison: Comparison) -> Chart:
    """Expected need of every scenario as lines, seats of today as a grey line."""
    names = [run.name for run in comparison.planned]
    plans = [plan_of(run) for run in comparison.planned]
    kinds = compared_types(plans)
    groups = [((kind,), kind) for kind in kinds] + [(kinds, TOGETHER)]
    count = len(comparison.months)
    rows: Rows = []
    seats: Rows = []
    for group, art in groups:
        for name, plan in zip(names, plans, strict=True):
            course = need_of(plan, group, count, art)
            rows.extend(
                {
                    "monat": _moment(month.isoformat()),
                    "Monat": german.month(month),
                    "art": art,
                    "Szenario": name,
                    "Bedarf": round(float(course.expected[t]), 1),
                    "P10": int(course.low[t]),
                    "P90": int(course.high[t]),
                    "Plätze": round(float(course.seats[t]), 1),
                }
                for t, month in enumerate(comparison.months)
            )
        today = float(need_of(plans[0], group, count, art).seats[0])
        seats.extend(
            {"monat": _moment(month.isoformat()), "art": art, "heute": today}
            for month in comparison.months
        )
    colours, dashes = scenario_looks(len(names))
    chosen = "datum.art == art"
    base = (
        alt.Chart(alt.NamedData("werte"))
        .transform_filter(chosen)
        .encode(
            x=month_axis(comparison.months),
            tooltip=[
                alt.Tooltip("Szenario:N"),
                alt.Tooltip("Monat:N"),
                alt.Tooltip("Bedarf:Q", title="Bedarf im Mittel", format=",.0f"),
                alt.Tooltip("P10:Q", title="P10", format=",.0f"),
                alt.Tooltip("P90:Q", title="P90", format=",.0f"),
                alt.Tooltip("Plätze:Q", title="Plätze nach Plan", format=",.0f"),
            ],
        )
    )
    y = alt.Y("Bedarf:Q", title="Schüler und Plätze", scale=alt.Scale(zero=True, nice=True))
    lines = base.mark_line(strokeWidth=2.5, interpolate="monotone").encode(
        y=y,
        color=alt.Color("Szenario:N", scale=alt.Scale(domain=names, range=colours), legend=None),
        strokeDash=alt.StrokeDash(
            "Szenario:N", scale=alt.Scale(domain=names, range=dashes), legend=None
        ),
    )
    points = base.mark_point(filled=True, size=60, opacity=0.0 if count > 1 else 1.0).encode(
        y=y,
        color=alt.Color("Szenario:N", scale=alt.Scale(domain=names, range=colours), legend=None),
    )
    today_line = (
        alt.Chart(alt.NamedData("plaetze"))
        .transform_filter(chosen)
        .mark_line(color=variable("muted"), strokeWidth=5, opacity=0.55)
        .encode(x=month_axis(comparison.months), y=alt.Y("heute:Q"))
    )
    drawing = (
        alt.layer(today_line, lines, points)
        .add_params(alt.param(name="art", value=TOGETHER))
        .properties(width="container", height=HEIGHT)
    )
    return Chart(drawing, {"werte": rows, "plaetze": seats})


def tornado_rows(tornado: Tornado, measure: str) -> Rows:
    """The bars of a measure, strongest first, the interaction last; empty where nothing moves."""
    rows: Rows = [
        {"Annahme": switch.name, "Wert": getattr(effect, measure)}
        for switch, effect in tornado.pieces
        if getattr(effect, measure) is not None
    ]
    rows.sort(key=lambda row: -abs(row["Wert"]))
    rest = getattr(tornado.interaction, measure)
    if len(tornado.pieces) > 1 and rest is not None and abs(rest) > _NOISE:
        rows.append({"Annahme": INTERACTION, "Wert": rest})
    return told(rows)


def told(rows: Rows) -> Rows:
    """Bars with their signs and numbers; none where all are as good as 0."""
    if all(abs(row["Wert"]) <= _NOISE for row in rows):
        return []
    for row in rows:
        value = row["Wert"]
        sign = "+" if value > _NOISE else "−" if value < -_NOISE else ""
        row["Zahl"] = f"{sign}{german.number(abs(value), 1)}"
        row["mehr"] = value >= 0
        row["Wert"] = round(value, 2)
    return rows


def tornado_chart(rows: Rows, axis: str) -> Chart:
    """Bars to both sides of 0 with their numbers, in the order of the rows."""
    order = [row["Annahme"] for row in rows]
    most = max(0.0, *(row["Wert"] for row in rows), 0.0)
    least = min(0.0, *(row["Wert"] for row in rows), 0.0)
    # Room beyond the longest bars for their numbers.
    room = 0.4 * (most - least)
    base = alt.Chart(alt.NamedData("werte")).encode(
        y=alt.Y(
            "Annahme:N",
            sort=order,
            title=None,
            axis=alt.Axis(labelLimit=210, ticks=False, domain=False, labelPadding=6),
        ),
        tooltip=["Annahme:N", alt.Tooltip("Zahl:N", title=axis)],
    )
    x = alt.X(
        "Wert:Q",
        title=axis,
        scale=alt.Scale(domain=[least - (room if least else 0.02 * most), most + room], nice=False),
        axis=alt.Axis(tickCount=5, tickMinStep=1, format=",.0f"),
    )
    colour: Any = alt.condition(
        "datum.mehr", alt.value(variable("line1")), alt.value(variable("line0"))
    )
    # On a phone a number would be cut off or cover its name; the table below has it too.
    seen: Any = alt.condition(f"width >= {_NARROW}", alt.value(1), alt.value(0))
    bars = base.mark_bar(height=16).encode(x=x, color=colour)
    right = (
        base.transform_filter("datum.mehr")
        .mark_text(align="left", dx=4, fontSize=12, fill=variable("ink"))
        .encode(x=x, text="Zahl:N", opacity=seen)
    )
    left = (
        base.transform_filter("!datum.mehr")
        .mark_text(align="right", dx=-4, fontSize=12, fill=variable("ink"))
        .encode(x=x, text="Zahl:N", opacity=seen)
    )
    drawing = alt.layer(bars, right, left).properties(
        width="container", height=max(_SHORTEST, 28 * len(rows))
    )
    return Chart(drawing, {"werte": rows})


def _moment(day: str) -> str:
    # Without an hour JavaScript would take it for UTC and might show the month before.
    return f"{day}T00:00:00"
