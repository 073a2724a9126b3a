"""Altair charts for the page: one look, German numbers and months, compiled to Vega beforehand.

Colours are CSS variables of the page, so light, dark and print need no second drawing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from daz_planner.german import MONTH_NAMES, SHORT_MONTH_NAMES
from daz_planner.results.report.colours import resolved, variable

FONT = "system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif"
INK, MUTED, LINE = variable("ink"), variable("muted"), variable("line")
_DAYS = ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"]

_TIME_LOCALE = {
    "dateTime": "%A, der %e. %B %Y, %X",
    "date": "%d.%m.%Y",
    "time": "%H:%M:%S",
    "periods": ["vormittags", "nachmittags"],
    "days": _DAYS,
    "shortDays": [day[:2] for day in _DAYS],
    "months": list(MONTH_NAMES),
    "shortMonths": list(SHORT_MONTH_NAMES),
}
_NUMBER_LOCALE = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " €"]}


Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Chart:
    """A chart over named data, and the rows of each name.

    The rows do not go through Altair: it would copy and check each of them several times.
    """

    drawing: Any
    data: Mapping[str, Rows]

    def compiled(self) -> dict[str, Any]:
        """The Vega specification in the look of the page, with its data."""
        return self._with_data(self.drawing)

    def picture(self, width: int, height: int, scale: float = 2.0) -> bytes:
        """The chart as PNG in the light colours, ``width`` × ``height`` times ``scale`` pixels."""
        import vl_convert

        drawing = self.drawing.properties(width=width, height=height)
        told = resolved(self._with_data(drawing))
        told["background"] = "white"
        picture: bytes = vl_convert.vega_to_png(told, scale=scale)
        return picture

    def _with_data(self, drawing: Any) -> dict[str, Any]:
        # Altair's own check against its schema takes longer than all the rest; a test does it.
        specification = drawing.to_dict(validate=False)
        specification["config"] = _config()
        result: dict[str, Any] = json.loads(_as_vega(json.dumps(specification)))
        for entry in result["data"]:
            if entry["name"] in self.data:
                entry["values"] = self.data[entry["name"]]
        return result


@cache
def _as_vega(specification: str) -> str:
    """Vega of a Vega-Lite specification, which charts of several school types share."""
    import vl_convert

    return json.dumps(vl_convert.vegalite_to_vega(specification))


def as_json(value: Any) -> str:
    """JSON that may stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _config() -> dict[str, Any]:
    text = {"labelColor": MUTED, "titleColor": MUTED, "labelFont": FONT, "titleFont": FONT}
    return {
        "background": "transparent",
        "font": FONT,
        "locale": {"number": _NUMBER_LOCALE, "time": _TIME_LOCALE},
        "view": {"stroke": None},
        "axis": {
            **text,
            "labelFontSize": 13,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "gridColor": LINE,
            "domainColor": LINE,
            "tickColor": LINE,
        },
        "legend": {**text, "labelFontSize": 13, "titleFontSize": 13, "titleFontWeight": "normal"},
        "title": {"color": INK, "font": FONT, "fontSize": 14, "anchor": "start"},
        "text": {"fill": INK, "font": FONT},
    }
