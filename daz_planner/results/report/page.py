"""The page: its sections in order, its data, and the file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from daz_planner import __version__, german
from daz_planner.results.proof import cut_off_remark
from daz_planner.results.report.colours import DARK, LIGHT, css
from daz_planner.results.report.further_sections import (
    CHANGES_KEY,
    HINTS_KEY,
    LIST_KEY,
    assumptions_section,
    bottlenecks_section,
    changes_section,
    children_section,
    front_section,
    futures_section,
    goals_section,
    hints_section,
    hours_section,
    protocol_section,
    reach_section,
    regular_section,
    sites_section,
)
from daz_planner.results.report.main_sections import (
    classes_section,
    map_section,
    need_section,
    phases_section,
    types_section,
    use_section,
    waiting_section,
)
from daz_planner.results.report.map_data import fullest_month, use_sentences
from daz_planner.results.report.parts import FOLDER, Inputs, Section, environment, script
from daz_planner.results.report.runtime import runtime
from daz_planner.results.report.tiles import Tile, tiles
from daz_planner.results.report.vega import as_json
from daz_planner.results.summary import summary
from daz_planner.results.where import PAGE

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan
    from daz_planner.results.report.vega import Rows
    from daz_planner.results.schema import Table

PERSONAL = frozenset({LIST_KEY, CHANGES_KEY, HINTS_KEY})
"""Sections that may name a child, to leave out where the page is handed on."""


def write_report(
    plan: Plan,
    path: Path,
    tables: Mapping[str, Table],
    record: Mapping[str, Any],
    *,
    without: Collection[str] = (),
) -> None:
    """Write ``bericht.html``. Raises ``OSError`` where the file cannot be written."""
    text = report_page(plan, tables, record, without=without)
    path.write_text(text, encoding="utf-8", newline="\n")


def report_page(
    plan: Plan,
    tables: Mapping[str, Table],
    record: Mapping[str, Any],
    *,
    without: Collection[str] = (),
) -> str:
    """The whole page as text.

    Parameters
    ----------
    tables:
        The tables of the result by name, as :func:`daz_planner.results.tables.tables` makes them.
    record:
        What is kept of the run, see :func:`daz_planner.results.record.run_record`.
    without:
        Keys of sections to leave out, for example :data:`PERSONAL`.
    """
    inputs = Inputs(plan, tables, record)
    sections, schools = _sections(inputs, without)
    data = {
        "monate": [german.month(month) for month in plan.months],
        "start": fullest_month(plan),
        "schulen": schools,
        "summen": use_sentences(plan),
    }
    return rendered(
        plan,
        sections,
        charts=_without_rows(inputs.charts, schools),
        data=data,
        tiles=tiles(plan),
        answers=summary(plan, PAGE),
        hints="" if HINTS_KEY in without else _hints_line(inputs),
    )


def rendered(
    plan: Plan,
    sections: Sequence[Section],
    *,
    charts: Mapping[str, Any],
    data: Mapping[str, Any],
    tiles: Sequence[Tile],
    answers: Sequence[tuple[str, str]],
    hints: str,
) -> str:
    """The page with these sections; of the plan itself only what it is of and its scenario.

    Parameters
    ----------
    charts:
        Compiled charts by name.
    data:
        What the script needs for the map and its table.
    hints:
        How many hints there are; empty where none are shown.
    """
    return (
        environment()
        .get_template("bericht.html")
        .render(
            title=f"VKA-Plan {plan.district.name}",
            district=plan.district.name,
            day=german.day(plan.district.reference_date),
            scenario=plan.scenario.name,
            scenario_text=plan.scenario.beschreibung,
            period=_period(plan),
            tiles=tiles,
            answers=answers,
            cut_off=cut_off_remark(plan),
            hints=hints,
            sections=sections,
            charts=Markup(as_json(charts)),
            data=Markup(as_json(data)),
            style=Markup(style()),
            script=script("bericht.js"),
            runtime=Markup(runtime()),
            version=__version__,
        )
    )


def style(*more: str) -> str:
    """Style sheet with the colours: light, dark by system or by hand, and light on paper.

    ``more`` are names of further sheets among the templates.
    """
    light, dark = css(LIGHT), css(DARK)
    sheets = "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("stil.css", *more))
    return (
        f":root{{color-scheme:light;{light}}}"
        "@media screen and (prefers-color-scheme:dark)"
        f'{{:root:not([data-farben="hell"]){{color-scheme:dark;{dark}}}}}'
        f'@media screen{{:root[data-farben="dunkel"]{{color-scheme:dark;{dark}}}}}' + sheets
    )


def _sections(inputs: Inputs, without: Collection[str]) -> tuple[list[Section], Rows]:
    """The sections that the run has, in their order, and the rows of the schools on the map."""
    on_map, schools = map_section(inputs)
    every = [
        types_section(inputs),
        on_map,
        need_section(inputs),
        classes_section(inputs),
        use_section(inputs),
        waiting_section(inputs),
        children_section(inputs),
        futures_section(inputs),
        changes_section(inputs),
        front_section(inputs),
        bottlenecks_section(inputs),
        sites_section(inputs),
        reach_section(inputs),
        regular_section(inputs),
        phases_section(inputs),
        hours_section(inputs),
        goals_section(inputs),
        hints_section(inputs),
        assumptions_section(inputs),
        protocol_section(inputs),
    ]
    return [s for s in every if s is not None and s.key not in without], schools


def _without_rows(charts: dict[str, dict[str, Any]], schools: Rows) -> dict[str, dict[str, Any]]:
    """The charts; rows that the page holds already are put in there by its script."""
    for chart in charts.values():
        for entry in chart["data"]:
            if entry.get("values") is schools:
                del entry["values"]
    return charts


def _period(plan: Plan) -> str:
    first, last = german.month(plan.months[0]), german.month(plan.months[-1])
    return first if first == last else f"{first} bis {last}"


def _hints_line(inputs: Inputs) -> str:
    """How many hints and warnings there are; empty where there are none."""
    hints = len(inputs.plan.hints)
    warnings = len(inputs.record.get("warnungen", []))
    parts = []
    if hints:
        parts.append(german.plural(hints, "Hinweis zum Plan", "Hinweise zum Plan"))
    if warnings:
        parts.append(german.plural(warnings, "Warnung zur Eingabe", "Warnungen zur Eingabe"))
    return german.listed(parts)
