"""The front between classes and ways on the screen: a table, and a picture made of letters."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.cli.plot import Letters, scale_for

if TYPE_CHECKING:
    from rich.table import Table

    from daz_planner.planning.front_points import Curve, Front, FrontPoint
    from daz_planner.planning.plan import Plan

POINTS_BEYOND = 3
"""So many points beyond the plan's number of classes are shown of each school type."""
PLAN_LETTER = "P"
MOST_ROWS = 10
_WIDEST = 6


def front_table(plan: Plan) -> Table:
    """The plan and the next points of each school type."""
    from daz_planner.cli.terminal import plain_table
    from daz_planner.planning.front_points import Measure
    from daz_planner.results.front_tables import saved_per_day

    assert plan.front is not None
    numbers = ("neue\nKl.", "Klassen-\nmonate", "Weg\nam Tag", "spart je\nKlasse")
    table = plain_table("Art", "", *numbers, "öffnet zusätzlich", right=numbers)
    for item in plan.front.plans:
        own = item.point
        curve = plan.front.curve(item.school_type, Measure.CLASSES)
        if curve is None:
            continue
        table.add_row(item.school_type, "Plan", *_numbers(own), "", "")
        before: FrontPoint | None = None
        for point in _shown(curve, own):
            saved = None if before is None else saved_per_day(before, point, Measure.CLASSES)
            text = "" if saved is None else german.plain(saved, 2)
            table.add_row("", "", *_numbers(point), text, _further(before, point))
            before = point
    return table


def _shown(curve: Curve, own: FrontPoint) -> list[FrontPoint]:
    start = curve.points.index(curve.at(own.classes))
    return list(curve.points[start : start + 1 + POINTS_BEYOND])


def _numbers(point: FrontPoint) -> tuple[str, str, str]:
    way = "–" if point.daily_minutes is None else german.plain(point.daily_minutes, 1)
    return f"{point.classes}", f"{point.class_months}", way


def _further(before: FrontPoint | None, point: FrontPoint) -> str:
    from daz_planner.results.front_tables import difference

    if before is None:
        return ""
    more, fewer = difference(before, point)
    text = ", ".join(dict.fromkeys(item.school for item in more))
    less = ", ".join(dict.fromkeys(item.school for item in fewer))
    return f"{text} (nicht {less})" if less else text


def front_plot(front: Front, *, width: int, letters: Letters) -> list[str]:
    """Minutes of a child on a day over the number of new classes, all school types together.

    A title with both units, then the picture: one column of letters a number of classes; ``P`` is
    the plan. No line is longer than ``width``.
    """
    from daz_planner.planning.front_points import TOGETHER, Measure

    curve, own = front.curve(TOGETHER, Measure.CLASSES), front.plan(TOGETHER)
    if curve is None or own is None or own.daily_minutes is None:
        return []
    points = {p.classes: p.daily_minutes for p in curve.points if p.daily_minutes is not None}
    first, last = min([*points, own.classes]), max([*points, own.classes])
    values = [10.0 * value for value in (*points.values(), own.daily_minutes)]
    scale = scale_for(min(values), max(values), MOST_ROWS)
    labels = [german.plain(scale.value(row) / 10.0, 1) for row in range(scale.rows)]
    margin = max(map(len, labels))
    room = max(1, width - margin - 3)
    every = -(-(last - first + 1) // room)
    column = max(1, min(_WIDEST, room // -(-(last - first + 1) // every)))
    lines: list[str] = []
    for row in range(scale.rows):
        cells = [" "] * ((last - first) // every + 1)
        for classes, minutes in points.items():
            if scale.row(10.0 * minutes) == row:
                cells[(classes - first) // every] = letters.stock
        if scale.row(10.0 * own.daily_minutes) == row:
            cells[(own.classes - first) // every] = PLAN_LETTER
        drawn = "".join(cell.ljust(column) for cell in cells)
        lines.append(f"{labels[row]:>{margin}} {letters.axis}{drawn}".rstrip())
    names = " " * (margin + 2)
    step = max(1, -(-4 // column))
    for n in range(0, (last - first) // every + 1, step):
        names = names.ljust(margin + 2 + n * column) + f"{first + n * every}"
    legend = f"{letters.stock} kürzeste Wege   {PLAN_LETTER} Plan   nach rechts: neue Klassen"
    pupils = german.plural(own.pupils, "neu verteiltes Kind", "neu verteilte Kinder")
    titles = [
        f"Alle Schularten zusammen ({pupils}): Schulweg gegen neue Klassen",
        "Minuten je Kind und Schultag, hin und zurück",
    ]
    below = wrap(legend, max(10, width - margin - 2))
    return [
        *(line for title in titles for line in wrap(title, width)),
        *lines,
        names[:width].rstrip(),
        *(" " * (margin + 2) + line for line in below),
    ]
