"""``bericht.html`` of a shared version: sections of the tables that are allowed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from daz_planner import german
from daz_planner.results.figures import (
    need_course,
    school_order,
    school_types,
    schools_of,
    type_figures,
)
from daz_planner.results.need_text import seat_sentences
from daz_planner.results.public import HIDDEN, LEGEND
from daz_planner.results.public_sums import is_small
from daz_planner.results.public_tables import need_types
from daz_planner.results.public_texts import TITLE, public_answers, waiting_text
from daz_planner.results.public_workbook import protocol_table, wide_type_use, wide_use
from daz_planner.results.report import charts
from daz_planner.results.report.district_map import district_map
from daz_planner.results.report.html_tables import folded, html_table, note
from daz_planner.results.report.map_data import (
    BORDERS_SOURCE,
    HIDDEN_USE,
    fullest_month,
    use_class,
)
from daz_planner.results.report.page import rendered
from daz_planner.results.report.parts import USE_KEY, Inputs, Section, partial, type_name
from daz_planner.results.report.tiles import NOBODY_WAITS, Tile
from daz_planner.results.where import PAGE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from daz_planner.planning.plan import Plan
    from daz_planner.results.public import Shared
    from daz_planner.results.report.vega import Chart, Rows
    from daz_planner.results.schema import Table

_LISTS = (
    ("wartende", "Kinder ohne Platz", "Wartende"),
    ("zukunft_vergleich", "Der Plan an gezogenen Zukünften", "Zukünfte"),
    ("abwaegung", "Schulwege gegen Klassen", "Abwägung"),
    ("engpaesse", "Engpässe, der wirksamste zuerst", "Engpässe"),
    ("standorte", "Mögliche neue Standorte, der wirksamste zuerst", "Standorte"),
    ("erreichbarkeit", "Gemeinden ohne VKA innerhalb des Richtwerts", "Erreichbarkeit"),
    ("lehrerstunden_schularten", "Lehrerwochenstunden je Schulart und Monat", "Lehrerstunden"),
    ("ziele", "Ziele und Genauigkeit", "Ziele"),
)
"""Table, heading and name in the navigation of the sections that are one table each."""


_FOLDED = ("lehrerstunden_schularten",)
"""Tables with a row a month, which open on demand."""


def write_public_report(
    shared: Shared, path: Path, tables: Mapping[str, Table], record: Mapping[str, Any]
) -> None:
    """Write the page. Raises ``OSError`` where the file cannot be written."""
    text = public_page(shared, tables, record)
    path.write_text(text, encoding="utf-8", newline="\n")


def public_page(shared: Shared, tables: Mapping[str, Table], record: Mapping[str, Any]) -> str:
    """The whole page as text; ``tables`` as ``public_tables`` makes them."""
    plan = shared.plan
    inputs = Inputs(plan, tables, record)
    on_map, schools = _map(shared, inputs)
    sections = [
        Section("fassung", TITLE, "Diese Fassung", _missing(tables)),
        _types(tables),
        on_map,
        _need(shared, inputs),
        _classes(tables),
        _use(tables),
        *(
            Section(name, title, short, _list(tables[name], title, folds=name in _FOLDED))
            for name, title, short in _LISTS
            if name in tables
        ),
        _assumptions(tables),
        Section(
            "protokoll",
            "Protokoll",
            "Protokoll",
            html_table(protocol_table(record), "Angaben zum Lauf", told=True),
        ),
    ]
    for chart in inputs.charts.values():
        for entry in chart["data"]:
            if entry.get("values") is schools:
                del entry["values"]
    # The description is free text of the office.
    told = replace(plan, scenario=plan.scenario.model_copy(update={"beschreibung": ""}))
    return rendered(
        told,
        sections,
        charts=inputs.charts,
        data={
            "monate": [german.month(month) for month in plan.months],
            "start": fullest_month(plan),
            "schulen": schools,
            "summen": _sums(shared, tables),
            "ohneWege": True,
        },
        tiles=_tiles(shared),
        answers=public_answers(shared, PAGE),
        hints="",
    )


def _list(table: Table, title: str, *, folds: bool) -> Markup:
    shown = html_table(table, title, told=True)
    return folded("Zahlen", shown) if folds else shown


def _missing(tables: Mapping[str, Table]) -> Markup:
    return note(LEGEND) + html_table(tables["fassung"], TITLE, told=True)


def _types(tables: Mapping[str, Table]) -> Section:
    title = "Der Plan je Schulart"
    body = html_table(tables["schularten"], title, told=True) + note(LEGEND)
    return Section("schularten", title, "Schularten", body)


def _map(shared: Shared, inputs: Inputs) -> tuple[Section, Rows]:
    """The map with its controls: circles by seats of the classes, no ways."""
    plan = shared.plan
    use = np.where(_hidden(shared)[:, None], 0.0, np.round(plan.use))
    nothing = np.zeros_like(plan.use)
    plain = replace(plan, use_today=use, use_children=nothing, use_forecast=nothing, flows=())
    first = fullest_month(plan)
    found = district_map(plain, first)
    _blank(shared, found.schools)
    if found.chart is not None:
        inputs.add("karte", found.chart)
    notes = [f"Kreis ohne Farbe, {HIDDEN}: nicht gezeigt."] if shared.hidden_schools else []
    if found.moved:
        notes.append("Schulen am selben Punkt stehen etwas auseinander.")
    body = partial(
        "karte.html",
        kinds=[(kind, type_name(kind)) for kind in school_types(plan)],
        schools=[plan.district.schools[s].name for s in school_order(plan)],
        last=len(plan.months) - 1,
        first=first,
        first_month=german.month(plan.months[first]),
        drawn=found.chart is not None,
        classes=USE_KEY,
        least="",
        notes=" ".join(notes),
        source=BORDERS_SOURCE if found.borders else "",
        ways=False,
    )
    return Section("karte", "Karte: Schulen und Auslastung", "Karte", body), found.schools


def _hidden(shared: Shared) -> np.ndarray[Any, np.dtype[np.bool_]]:
    count = len(shared.plan.district.schools)
    return np.array([not shared.shows_school(s) for s in range(count)], dtype=np.bool_)


def _blank(shared: Shared, rows: Rows) -> None:
    """Take out of the rows of the map what is hidden: small numbers and whole schools."""
    names = {
        s.name for s, h in zip(shared.plan.district.schools, _hidden(shared), strict=True) if h
    }
    for row in rows:
        classes = list(row["c"])
        for t, used in enumerate(row["u"]):
            if row["Schule"] in names or is_small(used):
                row["u"][t], row["q"][t], classes[t] = None, None, HIDDEN_USE
            elif row["p"][t]:
                share = used / row["p"][t]
                row["q"][t], classes[t] = german.number(100 * share), str(use_class(share))
        row["c"] = "".join(classes)


def _sums(shared: Shared, tables: Mapping[str, Table]) -> dict[str, list[str]]:
    """How full the schools are in each month, in words: of all and by school type."""
    plan = shared.plan
    told: dict[str, list[str]] = {}
    kinds = school_types(plan)
    for name in ("alle", *kinds):
        own = school_order(plan) if name == "alle" else schools_of(plan, name)
        shows = shared.shows_all_types if name == "alle" else shared.shows_type(name)
        seats, use = plan.seats[own].sum(axis=0), plan.use[own].sum(axis=0)
        told[name] = [
            _used_text(float(use[t]), float(seats[t]), shows) for t in range(len(plan.months))
        ]
    return told


def _used_text(use: float, seats: float, shows: bool) -> str:
    number = "unter 4" if is_small(use) else german.number(use)
    there = german.plural(seats, "Platz", "Plätzen")
    return f"{number if shows else HIDDEN} von {there} belegt"


def _need(shared: Shared, inputs: Inputs) -> Section:
    table = inputs.tables["bedarf"]
    figures = []
    kinds = table.values("Schulart")
    for kind in need_types(shared):
        drawn = _rounded(charts.need_chart(shared.plan, kind))
        chart = inputs.add(f"bedarf-{kind}", drawn)
        rows = [n for n, name in enumerate(kinds) if name == kind]
        columns = [column.name for column in table.columns if column.name != "Schulart"]
        title = f"Plätze und Bedarf je Monat, {type_name(kind)}"
        numbers = html_table(table, title, columns, rows=rows, told=True)
        sentences = seat_sentences(need_course(shared.plan, kind))
        figures.append((chart, type_name(kind), sentences, numbers))
    body = partial("bedarf.html", figures=figures)
    hidden = [kind for kind in school_types(shared.plan) if kind not in need_types(shared)]
    if hidden:
        body += note(f"In dieser Fassung nicht gezeigt: {german.listed(map(type_name, hidden))}.")
    return Section("bedarf", "Plätze und Bedarf", "Bedarf", body)


def _rounded(chart: Chart) -> Chart:
    """A chart of the need with whole numbers as in the tables; without small ones."""
    for row in chart.data["werte"]:
        for name in ("im Mittel", "P10", "P90"):
            row[name] = None if is_small(row[name]) else round(row[name])
        row["Plätze"] = round(row["Plätze"])
    return chart


def _classes(tables: Mapping[str, Table]) -> Section:
    table = tables["klassenbildung"]
    names = [column.name for column in table.columns]
    told = ("Schule", "Schulart", "neu ab", "neue Klassen", "Art", "gebraucht in", "Grund")
    new = [n for n, count in enumerate(table.values("neue Klassen")) if count]
    title = "Neue Klassen"
    columns = [name for name in told if name in names]
    body = (
        html_table(table, title, columns, rows=new, told=True, cards=True)
        if new
        else Markup('<p class="empty">Es öffnet keine neue Klasse.</p>')
    )
    if not table.is_empty:
        months = [column.name for column in table.columns if column.month is not None]
        every = "Klassen aller Schulen je Monat"
        columns = ["Schule", "Schulart", "Klassen heute", *months]
        body += folded(every, html_table(table, every, columns, told=True))
    return Section("klassen", title, "Klassen", body)


def _use(tables: Mapping[str, Table]) -> Section:
    title = "Belegte Plätze je Schule und Monat"
    body = html_table(wide_use(tables["auslastung"]), title, told=True) + note(LEGEND)
    every = "Belegte Plätze je Schulart und Monat"
    types = wide_type_use(tables["auslastung_schularten"])
    body += folded(every, html_table(types, every, told=True))
    return Section("auslastung", title, "Auslastung", body)


def _assumptions(tables: Mapping[str, Table]) -> Section:
    table = tables["annahmen"]
    title = "Annahmen"
    count = german.number(len(table.frame))
    every = html_table(table, "Jede Annahme mit Wert und Quelle", most=1000, told=True)
    body = folded(f"Alle {count} Annahmen mit Wert und Quelle", every, stays_closed=True)
    return Section("annahmen", title, title, body)


def _tiles(shared: Shared) -> list[Tile]:
    plan = shared.plan
    together = type_figures(plan)[-1]
    waiting = waiting_text(plan)
    return [
        Tile(
            "Kinder ohne Platz",
            waiting,
            "im Mittel, im höchsten Monat" if waiting != "0" else NOBODY_WAITS,
            "good" if waiting == "0" else "",
        ),
        Tile(
            "neue Klasse" if together.classes_new == 1 else "neue Klassen",
            german.number(together.classes_new),
            f"{german.number(together.classes_today)} heute, "
            f"{german.number(int(plan.classes[:, -1].sum()))} am Ende",
        ),
        _use_tile(shared, plan),
    ]


def _use_tile(shared: Shared, plan: Plan) -> Tile:
    t = fullest_month(plan)
    seats, use = float(plan.seats[:, t].sum()), float(plan.use[:, t].sum())
    label = "höchste Auslastung"
    if seats <= 0 or not shared.shows_all_types or is_small(use):
        return Tile(label, "–", "in dieser Fassung nicht gezeigt")
    return Tile(
        label,
        german.percent(round(use) / seats, 0),
        f"{german.number(use)} von {german.plural(seats, 'Platz', 'Plätzen')} im "
        f"{german.month(plan.months[t])}",
    )
