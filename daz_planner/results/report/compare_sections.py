"""The sections of ``vergleich.html`` that put the scenarios side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from daz_planner import german
from daz_planner.district.text import quoted
from daz_planner.results.compare_figures import (
    NeededClasses,
    compared_types,
    needed_by_school,
    needed_by_type,
    plan_of,
)
from daz_planner.results.compare_texts import needed_answer
from daz_planner.results.report.compare_charts import (
    MEASURES,
    TOGETHER,
    scenario_looks,
    scenarios_chart,
    told,
    tornado_chart,
    tornado_rows,
)
from daz_planner.results.report.html_tables import (
    cell_text,
    folded,
    html_table,
    note,
    plain_table,
    sentence,
)
from daz_planner.results.report.parts import Section, partial, type_name
from daz_planner.results.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daz_planner.planning.compare import Comparison
    from daz_planner.results.report.compare_tabs import Drawings
    from daz_planner.results.report.vega import Rows
    from daz_planner.results.schema import Column, Table


_LONGEST = 40
"""Characters of a value in the table of assumptions."""


def figures_section(comparison: Comparison, tables: Mapping[str, Table]) -> Section:
    """One table: a row a figure, a column a scenario, below each number the difference."""
    figures, changes = tables["szenarien"], tables["szenarien_unterschied"]
    names = figures.values("Szenario")
    position = {name: n for n, name in enumerate(changes.values("Szenario"))}
    heads = [("Kennzahl", False), *((name, True) for name in names)]
    lines: list[list[str | Markup]] = []
    for n, column in enumerate(figures.columns[1:], start=1):
        values = figures.values(column.name)
        line: list[str | Markup] = [_named(column)]
        change = changes.columns[n] if n < len(changes.columns) else None
        moved = [] if change is None else changes.values(change.name)
        for name, value in zip(names, values, strict=True):
            text: str | Markup = cell_text(value, column) or "–"
            if change is not None and name in position and moved[position[name]]:
                text = _with_change(text, moved[position[name]], change)
            elif column.name == "Stand":
                # A long one must not widen a column that has no numbers.
                text = Markup('<span class="state">{}</span>').format(text)
            line.append(text)
        lines.append(line)
    base = comparison.runs[comparison.base].name
    body = plain_table("Die Szenarien in Zahlen", heads, lines, told=True)
    body += note(
        f"Klein darunter: Unterschied zu {quoted(base)}. Bedarf: Schüler der Phasen 1 und 2; P10 "
        "und P90 im Monat des höchsten Bedarfs."
    )
    return Section("zahlen", "Die Szenarien in Zahlen", "Zahlen", body)


def _named(column: Column) -> str:
    if column.kind is Kind.SHARE:
        return column.name.removesuffix(" %")
    told = not column.unit or column.unit.casefold() in column.name.casefold()
    return column.name if told else f"{column.name} ({column.unit})"


def _with_change(text: str | Markup, value: Any, column: Column) -> Markup | str:
    shown = column.digits if column.shown is None else column.shown
    number = german.number(abs(value) * (100 if column.kind is Kind.SHARE else 1), shown)
    if not number.strip("0,"):
        return text
    sign = "+" if value > 0 else "−"
    unit = " %-Punkte" if column.kind is Kind.SHARE else ""
    if "Monate später" in column.name:
        later = "später" if value > 0 else "früher"
        return Markup('{}<small class="change">{} {}</small>').format(
            text, german.plural(abs(value), "Monat", "Monate"), later
        )
    return Markup('{}<small class="change">{}{}{}</small>').format(text, sign, number, unit)


def need_section(
    comparison: Comparison, tables: Mapping[str, Table], drawings: Drawings
) -> Section:
    """The need of all scenarios in one chart, by school type on demand."""
    drawings.add("bedarf-alle", scenarios_chart(comparison))
    kinds = compared_types([plan_of(run) for run in comparison.planned])
    colours, dashes = scenario_looks(len(comparison.planned))
    looks = [
        (run.name, colour, " ".join(str(part) for part in dash))
        for run, colour, dash in zip(comparison.planned, colours, dashes, strict=True)
    ]
    months = tables["vergleich_monate"]
    rows = [n for n, kind in enumerate(months.values("Schulart")) if kind == TOGETHER]
    listed = html_table(
        months,
        "Bedarf und Plätze Monat für Monat, alle Schularten zusammen",
        [c.name for c in months.columns if c.name != "Schulart"],
        rows=rows,
        most=400,
    )
    body = partial(
        "vergleich_bedarf.html",
        kinds=[(TOGETHER, "alle zusammen"), *((kind, type_name(kind)) for kind in kinds)],
        looks=looks,
        numbers=folded("Zahlen", listed, stays_closed=True),
    )
    return Section("bedarf", "Bedarf gegen Plätze", "Bedarf", body)


def classes_section(comparison: Comparison) -> Section:
    """School × scenario, and by school type below."""
    schools = comparison.district.schools
    body = sentence(needed_answer(comparison))
    rows = [
        (schools[int(item.key)].name, schools[int(item.key)].school_type, item)
        for item in needed_by_school(comparison)
    ]
    if rows:
        body += _matrix(comparison, "Neue Klassen je Schule und Szenario", "Schule", rows)
        types = needed_by_type(comparison)
        kinds = [(type_name(str(item.key)), str(item.key), item) for item in types]
        body += _matrix(comparison, "Neue Klassen je Schulart und Szenario", "Schulart", kinds)
        body += note(
            "In allen: so viele Klassen öffnen in jedem Szenario; ab dem genannten Monat laufen "
            "sie überall. Je Schulart sind es oft mehr als je Schule, weil eine andere Schule "
            "derselben Schulart öffnen kann."
        )
    return Section("klassen", "Welche Klassen in welchen Szenarien öffnen", "Klassen", body)


def _matrix(
    comparison: Comparison, caption: str, what: str, rows: list[tuple[str, str, NeededClasses]]
) -> Markup:
    names = [run.name for run in comparison.planned]
    lines = []
    for name, kind, item in rows:
        cells = [
            ("–", "none")
            if first is None
            else (f"{f'{count}, ab ' if count > 1 else ''}{german.short_month(first)}", "opens")
            for count, first in zip(item.counts, item.firsts, strict=True)
        ]
        sure = "–"
        if item.everywhere and item.latest is not None:
            sure = f"{item.everywhere}, ab {german.short_month(item.latest)}"
        share = f"{item.scenarios} von {len(names)}"
        # Green says that a class is needed, which a plan that ended early does not tell.
        lines.append((name, kind, cells, share, sure, item.everywhere and not comparison.cut_off))
    return partial("vergleich_matrix.html", caption=caption, what=what, names=names, rows=lines)


def effects_section(
    comparison: Comparison, tables: Mapping[str, Table], drawings: Drawings
) -> Section | None:
    """A tornado for each other scenario, and all numbers on demand."""
    if not comparison.tornados:
        return None
    base = comparison.runs[comparison.base].name
    groups = []
    single = [item for item in comparison.tornados if len(item.pieces) == 1]
    for item in comparison.tornados:
        if len(item.pieces) > 1:
            name = comparison.runs[item.run].name
            found = {key: tornado_rows(item, key) for key, _, _ in MEASURES}
            figures = _figures(f"wirkung-{item.run}", found, drawings)
            groups.append((f"{name} gegen {base}", figures))
    if single:
        found = {
            key: told(
                [
                    {
                        "Annahme": f"{comparison.runs[item.run].name}: {item.pieces[0][0].name}",
                        "Wert": value,
                    }
                    for item in single
                    if (value := getattr(item.together, key)) is not None
                ]
            )
            for key, _, _ in MEASURES
        }
        heading = f"Szenarien, die sich von {base} nur in einer Annahme unterscheiden"
        groups.append((heading, _figures("wirkung-einzeln", found, drawings)))
    listed = html_table(tables["wirkung"], "Wirkung jeder Annahme", told=True, most=400)
    body = partial(
        "vergleich_wirkung.html",
        base=quoted(base),
        groups=groups,
        numbers=folded("Zahlen", listed, stays_closed=True),
    )
    return Section("wirkung", "Was jede Annahme allein ändert", "Wirkung", body)


def _figures(key: str, found: dict[str, Rows], drawings: Drawings) -> list[tuple[str, str, str]]:
    """Charts of the measures that move: name, heading, and all numbers as one sentence."""
    figures = []
    for measure, heading, axis in MEASURES:
        rows = found[measure]
        if rows:
            name = f"{key}-{measure}"
            drawings.add(name, tornado_chart(rows, axis))
            figures.append((name, heading, "; ".join(f"{r['Annahme']} {r['Zahl']}" for r in rows)))
    return figures


def assumptions_section(comparison: Comparison, tables: Mapping[str, Table]) -> Section:
    """The parameters that differ, a column a scenario; long values are cut here."""
    table = tables["unterschiede"]
    title, short = "Was sich unterscheidet", "Annahmen"
    if table.is_empty:
        return Section("annahmen", title, short, sentence(table.empty))
    names = [run.name for run in comparison.planned]
    columns = [table.column(f"Wert {name}") for name in names]
    values = [[cell_text(v, column) for v in table.values(column.name)] for column in columns]
    keys, meanings = table.values("Parameter"), table.values("Bedeutung")
    units = table.values("Einheit")
    lines: list[list[str | Markup]] = []
    for n, key in enumerate(keys):
        unit = f" ({units[n]})" if units[n] else ""
        named = Markup('{}<small class="change">{}{}</small>').format(key, meanings[n], unit)
        lines.append([named, *(_short(column[n]) for column in values)])
    heads = [("Parameter", False), *((name, False) for name in names)]
    body = plain_table(
        "Annahmen, in denen sich die Szenarien unterscheiden", heads, lines, told=True
    )
    body += note(
        "Alle anderen Annahmen sind in allen Szenarien gleich. Lange Listen sind hier gekürzt und "
        "stehen ganz in tabellen/unterschiede.csv."
    )
    return Section("annahmen", title, short, body)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2].rstrip('; ')} …"
