"""The tables of a comparison: figures, differences, classes by school, assumptions, effects."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from daz_planner import german
from daz_planner.results.compare_figures import (
    NeededClasses,
    RunFigures,
    compared_types,
    need_of,
    needed_by_school,
    needed_by_type,
    plan_of,
    run_figures,
)
from daz_planner.results.figures import waiting_by_month
from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.scenario import differences, parameter_rows

if TYPE_CHECKING:
    from daz_planner.planning.compare import Comparison, ScenarioRun
    from daz_planner.planning.compare_effects import Effect, Tornado
    from daz_planner.planning.compare_switches import Switch
    from daz_planner.scenario.rows import ParameterRow

PLANNED = "gerechnet"
CUT_OFF = "am Zeitlimit beendet, nicht vergleichbar"
FAILED = "nicht gerechnet"
INTERACTION = "Zusammenwirken"
ALL_TOGETHER = "alle zusammen"
MOST_VALUE = 90
"""Longest text of a value in the table of effects; whole it stands in the table of assumptions."""

FIGURES: tuple[tuple[str, Column], ...] = (
    (
        "registrations",
        Column("Anmeldungen je Monat", Kind.NUMBER, "Kinder", 1, head="Anmel-dungen je Monat"),
    ),
    ("need_max", Column("Bedarf höchstens", Kind.NUMBER, "Plätze", 3, shown=0)),
    ("need_month", Column("im Monat", Kind.MONTH)),
    ("need_low", Column("P10", Kind.WHOLE, "Plätze")),
    ("need_high", Column("P90", Kind.WHOLE, "Plätze")),
    ("need_end", Column("Bedarf am Ende", Kind.NUMBER, "Plätze", 3, shown=0)),
    ("seats_today", Column("Plätze heute", Kind.NUMBER, "Plätze", 1, shown=0)),
    ("classes_new", Column("neue Klassen", Kind.WHOLE, "Klassen")),
    ("first_opening", Column("erste neue Klasse", Kind.MONTH)),
    (
        "class_months",
        Column("mehr Klassenmonate", Kind.WHOLE, "Monate", head="mehr Klassen-monate"),
    ),
    ("waiting_max", Column("Wartende höchstens", Kind.NUMBER, "Kinder", 3, shown=1)),
    (
        "waiting_months",
        Column("Wartemonate", Kind.NUMBER, "Kindermonate", 3, shown=1, head="Warte-monate"),
    ),
    ("mean_minutes", Column("Weg im Mittel", Kind.NUMBER, "Minuten", 3, shown=1)),
    ("over_soft", Column("über Richtwert %", Kind.SHARE, "% der neuen Kinder", 1)),
    (
        "hours_max",
        Column(
            "Lehrerstunden höchstens",
            Kind.NUMBER,
            "Stunden je Woche",
            1,
            shown=0,
            head="Lehrer-stunden höchstens",
        ),
    ),
    ("enough", Column("Plätze reichen %", Kind.SHARE, "% der Zukünfte", 1)),
    ("gap", Column("Abstand zum Optimum %", Kind.SHARE, "%", 2, shown=2)),
)
"""Attribute of :class:`~daz_planner.results.compare_figures.RunFigures` and its column."""
_OF_FORECAST = (
    "registrations",
    "need_max",
    "need_month",
    "need_low",
    "need_high",
    "need_end",
    "seats_today",
)
"""Figures that hold whatever became of the plan."""

_EFFECTS: tuple[tuple[str, Column], ...] = (
    ("need", Column("Bedarf höchstens", Kind.NUMBER, "Plätze mehr", 3, shown=1)),
    ("end", Column("Bedarf am Ende", Kind.NUMBER, "Plätze mehr", 3, shown=1)),
    ("classes", Column("neue Klassen", Kind.NUMBER, "Klassen mehr", 0)),
    ("waiting", Column("Wartemonate", Kind.NUMBER, "Kindermonate mehr", 3, shown=1)),
)


def comparison_tables(comparison: Comparison) -> dict[str, Table]:
    """All tables by name."""
    figures = {
        run.name: run_figures(plan_of(run), len(comparison.months)) for run in comparison.planned
    }
    built = [
        figures_table(comparison, figures),
        change_table(comparison, figures),
        school_table(comparison),
        type_table(comparison),
        assumption_table(comparison),
        effect_table(comparison),
        month_table(comparison),
    ]
    return {item.name: item for item in built}


def status_of(run: ScenarioRun) -> str:
    """How a scenario ended, in a word or two."""
    if run.failure is not None:
        return f"{FAILED}: {run.failure.kind.value}"
    return CUT_OFF if run.plan is not None and run.plan.hit_limit else PLANNED


def figures_table(comparison: Comparison, figures: dict[str, RunFigures]) -> Table:
    """Szenarien: one row a scenario, failed ones too."""
    columns = [Column("Szenario"), *(column for _, column in FIGURES), Column("Stand")]
    rows = []
    for run in comparison.runs:
        found = figures.get(run.name)
        values = [None if found is None else getattr(found, name) for name, _ in FIGURES]
        rows.append([run.name, *values, status_of(run)])
    return table("szenarien", columns, rows, empty="Es gibt kein Szenario.")


def change_table(comparison: Comparison, figures: dict[str, RunFigures]) -> Table:
    """Unterschied: each other scenario minus the first; months as how many months later.

    Where one of the two plans ended at the time limit, only what the forecast alone says.
    """
    base = figures[comparison.runs[comparison.base].name]
    columns = [Column("Szenario")]
    for _, column in FIGURES:
        if column.kind is Kind.MONTH:
            columns.append(Column(f"{column.name} (Monate später)", Kind.WHOLE, "Monate"))
        elif column.kind is Kind.SHARE:
            # A difference of shares is in percentage points and stays a share in the workbook.
            columns.append(
                Column(column.name, Kind.SHARE, "Prozentpunkte", column.digits, shown=column.shown)
            )
        else:
            columns.append(column)
    rows = [
        [
            run.name,
            *(
                _minus(getattr(figures[run.name], name), getattr(base, name))
                if name in _OF_FORECAST or not (base.cut_off or figures[run.name].cut_off)
                else None
                for name, _ in FIGURES
            ),
        ]
        for run in comparison.planned
        if run is not comparison.runs[comparison.base]
    ]
    return table(
        "szenarien_unterschied",
        columns,
        rows,
        empty="Es gibt nur ein gerechnetes Szenario und damit nichts zu vergleichen.",
    )


def _minus(value: Any, base: Any) -> Any:
    if value is None or base is None:
        return None
    if hasattr(value, "year"):
        return (value.year - base.year) * 12 + value.month - base.month
    return value - base


def school_table(comparison: Comparison) -> Table:
    """Klassen: school × scenario, new classes and the month of the first one."""
    names = [run.name for run in comparison.planned]
    columns = [
        Column("Schule"),
        Column("Schulart"),
        Column("in Szenarien", Kind.WHOLE, "Szenarien"),
        Column("in allen", Kind.WHOLE, "Klassen"),
        Column("frühestens", Kind.MONTH),
        Column("spätestens", Kind.MONTH),
        *_scenario_columns(names),
    ]
    schools = comparison.district.schools
    rows = []
    for item in needed_by_school(comparison):
        school = schools[int(item.key)]
        rows.append([school.name, school.school_type, *_needed(item)])
    return table(
        "klassen_vergleich", columns, rows, empty="In keinem Szenario öffnet eine neue Klasse."
    )


def type_table(comparison: Comparison) -> Table:
    """Klassen je Schulart: how many open in every scenario, wherever."""
    names = [run.name for run in comparison.planned]
    columns = [
        Column("Name"),
        Column("Schulart"),
        Column("in Szenarien", Kind.WHOLE, "Szenarien"),
        Column("in allen", Kind.WHOLE, "Klassen"),
        Column("frühestens", Kind.MONTH),
        Column("spätestens", Kind.MONTH),
        *_scenario_columns(names),
    ]
    full = german.SCHOOL_TYPE_NAMES
    rows = [
        [full.get(str(item.key), str(item.key)), str(item.key), *_needed(item)]
        for item in needed_by_type(comparison)
    ]
    return table(
        "klassen_schularten", columns, rows, empty="In keinem Szenario öffnet eine neue Klasse."
    )


def _scenario_columns(names: list[str]) -> list[Column]:
    return [
        column
        for name in names
        for column in (
            Column(f"{name}: Klassen", Kind.WHOLE, "neue Klassen", width=_head_width(name)),
            Column(f"{name}: ab", Kind.MONTH, width=_head_width(name)),
        )
    ]


def _head_width(name: str) -> float:
    """Width of a column in which the words of a name stay whole, unless they are very long."""
    longest = max((len(word) for word in name.split()), default=0) + 1
    return min(max(10.0, 1.15 * longest + 3.0), 20.0)


def _needed(item: NeededClasses) -> list[Any]:
    pairs = zip(item.counts, item.firsts, strict=True)
    each: list[Any] = [value for count, first in pairs for value in (count or None, first)]
    return [item.scenarios, item.everywhere or None, item.earliest, item.latest, *each]


def assumption_table(comparison: Comparison) -> Table:
    """Unterschiede: the parameters in which any scenario differs from the first."""
    runs = comparison.planned
    base = comparison.runs[comparison.base]
    assert base.scenario is not None
    keys: dict[str, None] = {}
    for run in runs:
        assert run.scenario is not None
        keys |= dict.fromkeys(item.key for item in differences(run.scenario, base.scenario))
    listed = {run.name: _rows_of(run) for run in runs}
    order = {key: n for rows in listed.values() for n, key in enumerate(rows)}
    columns = [
        Column("Parameter"),
        Column("Bedeutung", width=48),
        Column("Einheit"),
        *(Column(f"Wert {run.name}", Kind.VALUE, width=19) for run in runs),
    ]
    rows = []
    for key in sorted(keys, key=lambda name: order.get(name, 0)):
        first = next(rows[key] for rows in listed.values() if key in rows)
        values = [listed[run.name][key].value if key in listed[run.name] else "" for run in runs]
        rows.append([key, first.description, first.unit, *values])
    return table(
        "unterschiede", columns, rows, empty="Die Szenarien unterscheiden sich in keiner Annahme."
    )


def _rows_of(run: ScenarioRun) -> dict[str, ParameterRow]:
    assert run.scenario is not None
    return {row.key: row for row in parameter_rows(run.scenario)}


def effect_table(comparison: Comparison) -> Table:
    """Wirkung: what each differing assumption does alone, and all of them together."""
    columns = [
        Column("Szenario"),
        Column("Annahme"),
        Column("von", width=22),
        Column("nach", width=22),
        *(column for _, column in _EFFECTS),
    ]
    rows = []
    base = _rows_of(comparison.runs[comparison.base])
    for tornado in comparison.tornados:
        run = comparison.runs[tornado.run]
        own = _rows_of(run)
        for switch, effect in tornado.pieces:
            told = [value_of(switch, base), value_of(switch, own)]
            rows.append([run.name, switch.name, *told, *_effects(effect)])
        if has_interaction(tornado):
            rows.append([run.name, INTERACTION, "", "", *_effects(tornado.interaction)])
        if len(tornado.pieces) > 1:
            rows.append([run.name, ALL_TOGETHER, "", "", *_effects(tornado.together)])
    return table("wirkung", columns, rows, empty="Es gibt keine Annahme, die sich unterscheidet.")


def has_interaction(tornado: Tornado) -> bool:
    """Whether the pieces together do something else than their sum, as far as that is known."""
    rest = tornado.interaction
    return len(tornado.pieces) > 1 and any(getattr(rest, item.name) for item in fields(rest))


def value_of(switch: Switch, rows: dict[str, ParameterRow]) -> str:
    """The values of a piece in a scenario as one text."""
    there = [(key, rows[key].value) for key in switch.keys if key in rows]
    if len(there) == 1 and len(switch.keys) == 1:
        text = german.value_text(there[0][1])
    else:
        text = "; ".join(
            f"{key.removeprefix(switch.name + '.').rsplit('.', 1)[-1]} {german.value_text(value)}"
            for key, value in there
            if value != ""
        )
    return text if len(text) <= MOST_VALUE else f"{text[: MOST_VALUE - 2]} …"


def _effects(effect: Effect) -> list[Any]:
    return [getattr(effect, name) for name, _ in _EFFECTS]


def month_table(comparison: Comparison) -> Table:
    """Monate: need, seats, classes and waiting children by scenario, school type and month."""
    columns = [
        Column("Szenario"),
        Column("Schulart"),
        Column("Monat", Kind.MONTH),
        Column("Bedarf im Mittel", Kind.NUMBER, "Plätze", 3, shown=1),
        Column("P10", Kind.WHOLE, "Plätze"),
        Column("P90", Kind.WHOLE, "Plätze"),
        Column("Plätze", Kind.NUMBER, "Plätze", 1, shown=0),
        Column("Wartende", Kind.NUMBER, "Kinder", 3, shown=1),
        Column("neue Klassen bis dahin", Kind.WHOLE, "Klassen"),
    ]
    count = len(comparison.months)
    rows: list[list[Any]] = []
    for run in comparison.planned:
        plan = plan_of(run)
        kinds = compared_types([plan])
        groups = [((kind,), kind) for kind in kinds] + [(kinds, "zusammen")]
        for group, name in groups:
            course = need_of(plan, group, count, name)
            waits = sum(
                (waiting_by_month(plan, kind) for kind in group), np.zeros(len(plan.months))
            )
            rows.extend(
                [
                    run.name,
                    name,
                    month,
                    float(course.expected[t]),
                    int(course.low[t]),
                    int(course.high[t]),
                    float(course.seats[t]),
                    float(waits[t]),
                    _opened(comparison, run, group, t),
                ]
                for t, month in enumerate(comparison.months)
            )
    return table("vergleich_monate", columns, rows, empty="Es gibt keinen Monat.")


def _opened(comparison: Comparison, run: ScenarioRun, kinds: tuple[str, ...], t: int) -> int:
    schools = comparison.district.schools
    return sum(
        item.classes
        for item in plan_of(run).openings
        if item.month <= t and schools[item.school].school_type in kinds
    )
