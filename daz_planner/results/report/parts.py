"""What all sections of the page share: their inputs, the templates, the charts they ask for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from daz_planner import german
from daz_planner.results.report.district_map import USE_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daz_planner.planning.plan import Plan
    from daz_planner.results.report.vega import Chart
    from daz_planner.results.schema import Table

FOLDER = Path(__file__).parent / "vorlage"
USE_KEY = tuple((name, f"use{n}") for n, name in enumerate(USE_NAMES))
"""The classes of use: name and CSS class."""


@dataclass(frozen=True)
class Section:
    """One section of the page: anchor, heading, name in the navigation, and content."""

    key: str
    title: str
    short: str
    body: Markup


@dataclass(frozen=True)
class Inputs:
    """What the page is made from, and the charts (Vega, by name) that its sections add."""

    plan: Plan
    tables: Mapping[str, Table]
    record: Mapping[str, Any]
    charts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, chart: Chart) -> str:
        """Take a chart up; returns its name."""
        self.charts[name] = chart.compiled()
        return name

    def has(self, name: str) -> bool:
        """Whether the run has a table."""
        return name in self.tables


@cache
def environment() -> jinja2.Environment:
    """The templates; every value is escaped and none may be missing."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def script(name: str) -> Markup:
    """A script among the templates, after what every page needs for its links."""
    return Markup("\n").join(
        Markup((FOLDER / file).read_text(encoding="utf-8"))
        for file in ("sprung.js", "rahmen.js", name)
    )


def partial(name: str, **values: Any) -> Markup:
    """A template with its values."""
    return Markup(environment().get_template(name).render(values))


def type_name(kind: str) -> str:
    """The school type in full."""
    return german.SCHOOL_TYPE_NAMES.get(kind, kind)
