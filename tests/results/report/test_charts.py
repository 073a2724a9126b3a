"""Charts, colours and the runtime: valid, readable, the same in every process."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from daz_planner.planning.plan import Plan
from daz_planner.results.report import charts, runtime
from daz_planner.results.report.colours import DARK, LIGHT, variable
from daz_planner.results.report.district_map import district_map
from daz_planner.results.report.vega import Chart, as_json


def all_charts(plan: Plan) -> list[Chart]:
    found = district_map(plan).chart
    return [
        charts.need_chart(plan, "GS"),
        charts.phase_chart(plan),
        charts.waiting_chart(plan),
        *([found] if found else []),
    ]


@pytest.mark.parametrize("name", ["", "one month", "two months"])
def test_charts_are_valid_for_the_grammar(
    plan: Plan, odd_plans: dict[str, Callable[[Plan], Plan]], name: str
) -> None:
    """The program itself skips this check, which takes longer than drawing."""
    for chart in all_charts(odd_plans[name](plan) if name else plan):
        assert chart.drawing.to_dict(validate=True)
        assert chart.compiled()["marks"]


def test_charts_show_the_numbers_of_the_plan(plan: Plan) -> None:
    need = charts.need_chart(plan, "GS").data["werte"]
    assert [row["Plätze"] for row in need] == [45, 45, 68, 68]
    assert [row["P90"] for row in need] == [42, 62, 46, 44]
    waiting = charts.waiting_chart(plan).data["werte"]
    assert [row["Kinder"] for row in waiting if row["Schulart"] == "GS"] == [1.0, 3.5, 0, 0]
    phases = charts.phase_chart(plan).data["werte"]
    assert [row["Schüler"] for row in phases if row["Phase"] == "Phase 3"] == [0, 0.5, 1, 1.5]


def test_a_chart_becomes_a_picture(plan: Plan) -> None:
    picture = charts.need_chart(plan, "GS").picture(300, 120, scale=1.0)
    assert picture.startswith(b"\x89PNG")


def test_the_month_axis_has_each_month_once_where_they_are_few(plan: Plan) -> None:
    axis = charts.month_axis(plan.months).to_dict()["axis"]
    assert axis["tickCount"] == {"interval": "month", "step": 1}
    assert charts.month_axis(plan.months * 5).to_dict()["axis"]["tickCount"]["step"] == 3


def test_json_cannot_end_a_script() -> None:
    text = as_json({"a": "</script><!-- \u2028\u2029", "ü": 1.5})
    assert "<" not in text and "\u2028" not in text and "\u2029" not in text
    assert '"ü":1.5' in text


def test_the_child_process_makes_the_same_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    runtime._child.cache_clear()
    runtime.runtime.cache_clear()
    runtime.start_runtime()
    runtime._child().thread.join()
    assert len(runtime._child().text) > 500_000
    beside = runtime.runtime()
    runtime._child.cache_clear()
    runtime.runtime.cache_clear()
    here = runtime.runtime()
    assert beside == here
    assert "</script" not in here and "<!--" not in here
    # Where no process can be started, the work is done here.
    runtime.runtime.cache_clear()
    monkeypatch.setattr(sys, "executable", "/gibt/es/nicht")
    runtime.start_runtime()
    assert runtime.runtime() == here
    runtime._child.cache_clear()


# -- colours ------------------------------------------------------------------------------------


def linear(colour: str) -> np.ndarray[Any, Any]:
    """Linear RGB of a colour like ``#0a4f8f``."""
    parts = np.array([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ (0.2126, 0.7152, 0.0722))


def contrast(one: str, other: str) -> float:
    """Contrast by WCAG 2.2, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read(colours: dict[str, str]) -> None:
    pairs = [(text, ground) for text in ("ink", "muted", "accent") for ground in ("panel", "bg")]
    pairs += [("alarm", "alarm-bg"), ("head-ink", "head"), ("ink", "land")]
    pairs += [(f"use{n}-ink", f"use{n}") for n in range(4)]
    for text, ground in pairs:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_line_can_be_seen(colours: dict[str, str]) -> None:
    for line in ("need", "seats", "way", "accent"):
        assert contrast(colours[line], colours["panel"]) >= 3, line
    assert contrast(colours["way"], colours["land"]) >= 3
    assert contrast(colours["need"], colours["band"]) >= 3


# Colour vision without one kind of cone: matrices on linear RGB by Machado, Oliveira and
# Fernandes (2009), severity 1.
BLIND = {
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
    "grey": [[0.2126, 0.7152, 0.0722]] * 3,
}


def lab(rgb: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """CIE Lab (D65) of linear RGB."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    ratio = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", BLIND)
def test_classes_of_use_differ_for_the_colour_blind(colours: dict[str, str], kind: str) -> None:
    matrix = np.array(BLIND[kind])
    seen = [lab(matrix @ linear(colours[f"use{n}"])) for n in range(4)]
    pairs = itertools.pairwise(range(4)) if kind == "grey" else itertools.combinations(range(4), 2)
    least = 5 if kind == "grey" else 12
    for one, other in pairs:
        assert float(np.linalg.norm(seen[one] - seen[other])) >= least, (kind, one, other)
    phases = [lab(matrix @ linear(colours[f"phase{n}"])) for n in (1, 2, 3)]
    for first, second in itertools.pairwise(phases):
        assert float(np.linalg.norm(first - second)) >= least


def test_an_unknown_colour_is_a_fault() -> None:
    with pytest.raises(KeyError):
        variable("lila")


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([0, 0], [0]),
        ([1, 0, 1], [0, 1]),
        ([2, 5, 3], [2, 3, 4, 5]),
        ([0, 25], [0, 3, 6, 9, 12, 15, 18, 21, 24]),
    ],
)
def test_classes_on_the_axis_are_whole(values: list[int], ticks: list[int]) -> None:
    assert charts._whole(values) == ticks
