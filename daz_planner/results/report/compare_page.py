"""``vergleich.html``: the scenarios side by side on top, each on a tab of its own below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from daz_planner import __version__, german
from daz_planner.district.text import quoted
from daz_planner.results.compare_notes import notes
from daz_planner.results.compare_tables import status_of
from daz_planner.results.compare_texts import answers, failure_sentences, period, title
from daz_planner.results.report.compare_sections import (
    assumptions_section,
    classes_section,
    effects_section,
    figures_section,
    need_section,
)
from daz_planner.results.report.compare_tabs import Drawings, scenario_tabs
from daz_planner.results.report.page import style
from daz_planner.results.report.parts import environment, script
from daz_planner.results.report.runtime import runtime
from daz_planner.results.report.vega import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from daz_planner.planning.compare import Comparison
    from daz_planner.results.schema import Table


def write_comparison_page(
    comparison: Comparison, path: Path, tables: Mapping[str, Table], folders: Mapping[str, str]
) -> None:
    """Write ``vergleich.html``. Raises ``OSError`` where the file cannot be written."""
    text = comparison_page(comparison, tables, folders)
    path.write_text(text, encoding="utf-8", newline="\n")


def comparison_page(
    comparison: Comparison, tables: Mapping[str, Table], folders: Mapping[str, str]
) -> str:
    """The whole page as text.

    Parameters
    ----------
    tables:
        As :func:`~daz_planner.results.compare_tables.comparison_tables` makes them.
    folders:
        Name of each scenario → name of the folder with its whole result.
    """
    drawings = Drawings()
    sections = [
        figures_section(comparison, tables),
        need_section(comparison, tables, drawings),
        classes_section(comparison),
        effects_section(comparison, tables, drawings),
        assumptions_section(comparison, tables),
    ]
    tabs = scenario_tabs(comparison, folders, drawings)
    base = comparison.runs[comparison.base]
    values: dict[str, Any] = {
        "title": f"{title(comparison)}, {comparison.district.name}",
        "kicker": title(comparison),
        "district": comparison.district.name,
        "day": german.day(comparison.district.reference_date),
        "period": period(comparison),
        "base": quoted(base.name),
        "names": [(run.name, status_of(run)) for run in comparison.runs],
        "answers": answers(comparison),
        "failures": failure_sentences(comparison),
        "sections": [section for section in sections if section is not None],
        "notes": notes(comparison),
        "tabs": tabs,
        "data": Markup(as_json(drawings.data())),
        "style": Markup(style("vergleich.css")),
        "script": script("vergleich.js"),
        "runtime": Markup(runtime()),
        "version": __version__,
    }
    return environment().get_template("vergleich.html").render(values)
