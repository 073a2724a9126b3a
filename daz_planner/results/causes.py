"""What drives the number of VKA pupils: from the reference date to a later month, cause by cause.

Pupils at the start + all who come − all who go = pupils at the end.  The numbers are expectations;
the balance is checked for every month before anything is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daz_planner import german
from daz_planner.errors import ConservationError
from daz_planner.results.need import TOGETHER
from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.simulation.forecast import VKA_FLOWS

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.simulation.forecast import FloatArray, Forecast

TOLERANCE = 1e-6
"""Pupils by which a balance of expectations may be off."""


CAUSES: dict[str, str] = {
    "registered": "neu in der VKA",
    "returned": "aus Regelklasse zurück",
    "changed_in": "Wechsel aus anderer Schulart",
    "to_phase3_today": "heutige Schüler in Regelklasse",
    "to_phase3_new": "neue Schüler in Regelklasse",
    "to_phase3_again": "Rückkehrer in Regelklasse",
    "moved_away": "weggezogen",
    "changed_out": "Wechsel in andere Schulart",
    "school_over": "Ende der Schulzeit",
}
"""Flow of :data:`~daz_planner.simulation.forecast.VKA_FLOWS` → what a planner reads.

Those that add come first, so that no step of the chart falls below zero.
"""

SHORT_NAMES: dict[str, str] = {
    "registered": "neu",
    "returned": "wieder zurück",
    "changed_in": "aus anderer Schulart",
    "to_phase3_today": "heutige in Phase 3",
    "to_phase3_new": "neue in Phase 3",
    "to_phase3_again": "wieder in Phase 3",
    "moved_away": "Wegzug",
    "changed_out": "in andere Schulart",
    "school_over": "Schule zu Ende",
}
"""The causes below the columns of a chart, where a long word would be cut."""

BETWEEN_TYPES = ("changed_in", "changed_out")
"""The two that cancel out where all school types are taken together."""


@dataclass(frozen=True)
class Waterfall:
    """Expected VKA pupils of a school type by cause.

    Attributes
    ----------
    months:
        From the reference date to the last month, ``T`` entries.
    pupils:
        ``[t]`` expected pupils in phases 1 and 2.
    flows:
        ``[cause, t]`` signed pupils who came (+) or went (−) in the month up to ``t``; 0 at t = 0.
    """

    school_type: str
    months: tuple[date, ...]
    pupils: FloatArray
    flows: FloatArray

    @property
    def start(self) -> float:
        """Pupils at the reference date."""
        return float(self.pupils[0])

    @property
    def end(self) -> float:
        """Pupils in the last month."""
        return float(self.pupils[-1])

    @property
    def amounts(self) -> FloatArray:
        """``[cause]`` signed pupils over all months."""
        return np.asarray(self.flows.sum(axis=1), dtype=np.float64)

    def amount(self, flow: str) -> float:
        """Signed pupils of one cause over all months, 0 where it is rounding."""
        value = float(self.amounts[list(CAUSES).index(flow)])
        return value if abs(value) > TOLERANCE else 0.0


def waterfalls(forecast: Forecast, last: int | None = None) -> list[Waterfall]:
    """The waterfall of each school type, and of all together at the end.

    Parameters
    ----------
    last:
        Index of the last month, ``None`` for the end of the forecast.

    Raises
    ------
    ConservationError
        Where start and causes do not give the pupils of a month: a bug of the program.
    """
    end = len(forecast.months) if last is None else last + 1
    pupils = forecast.vka_expected[:, :end]
    flows = np.array(
        [VKA_FLOWS[flow] * forecast.expected_vka_flows[flow][:, :end] for flow in CAUSES]
    )
    # Nobody moves before the reference date; adding 0 makes −0 a 0.
    flows[:, :, 0] = 0.0
    flows += 0.0
    names, months = forecast.school_types, forecast.months[:end]
    result = [Waterfall(name, months, pupils[k], flows[:, k]) for k, name in enumerate(names)]
    if len(names) > 1:
        together = _cancelled(flows.sum(axis=1))
        result.append(Waterfall(TOGETHER, months, pupils.sum(axis=0), together))
    for waterfall in result:
        _check(waterfall)
    return result


def _cancelled(flows: FloatArray) -> FloatArray:
    """Who changes between two school types neither comes nor goes: only the difference is left."""
    into, out = (list(CAUSES).index(flow) for flow in BETWEEN_TYPES)
    net = flows[into] + flows[out]
    net[np.abs(net) < TOLERANCE] = 0.0
    flows = flows.copy()
    flows[into], flows[out] = np.maximum(net, 0.0), np.minimum(net, 0.0)
    return flows


def _check(waterfall: Waterfall) -> None:
    """Start + causes = pupils, in every month."""
    balance = waterfall.start + np.cumsum(waterfall.flows.sum(axis=0))
    off = np.abs(balance - waterfall.pupils)
    t = int(np.argmax(off))
    if off[t] > TOLERANCE * max(1.0, float(waterfall.pupils.max())):
        raise ConservationError(
            f"Die Ursachen ergeben im {german.month(waterfall.months[t])} "
            f"({waterfall.school_type}) {german.number(float(balance[t]), 4)} statt "
            f"{german.number(float(waterfall.pupils[t]), 4)} Schüler.",
            remedy="Das ist ein Fehler des Programms. Bitte melden Sie ihn.",
        )


def steps(
    waterfall: Waterfall,
    causes: Collection[str] = CAUSES,
    names: Mapping[str, str] = CAUSES,
) -> list[tuple[str, float, float]]:
    """The lines of a waterfall: name, signed pupils, pupils after it; start and end in full.

    Only ``causes`` have a line, called by ``names``; the others must be 0.
    """
    first, last = waterfall.months[0], waterfall.months[-1]
    level = waterfall.start
    lines = [(f"Bestand {german.month(first)}", level, level)]
    for flow in CAUSES:
        if flow in causes:
            level += waterfall.amount(flow)
            lines.append((names[flow], waterfall.amount(flow), level))
    lines.append((f"Bestand {german.month(last)}", waterfall.end, waterfall.end))
    return lines


def cause_table(falls: Sequence[Waterfall]) -> Table:
    """Ursachen: one row a cause, from the reference date to the last month."""
    columns = [
        Column("Schulart"),
        Column("von", Kind.MONTH),
        Column("bis", Kind.MONTH),
        Column("Ursache", width=34),
        Column("Schüler", Kind.NUMBER, "erwartete VKA-Schüler", 3, shown=1),
        Column("Bestand danach", Kind.NUMBER, "erwartete VKA-Schüler", 3, shown=1),
    ]
    rows = [
        [fall.school_type, fall.months[0], fall.months[-1], *line]
        for fall in falls
        for line in steps(fall)
    ]
    return table("ursachen", columns, rows, empty="Es gibt keine Prognose.")


def wide_causes(falls: Sequence[Waterfall]) -> Table:
    """Ursachen turned on their side: a row a cause, a column a school type."""
    columns = [
        Column("Ursache"),
        *(
            Column(fall.school_type, Kind.NUMBER, "erwartete VKA-Schüler", 3, shown=1)
            for fall in falls
        ),
    ]
    lines = [steps(fall) for fall in falls]
    rows = [[step[0][0], *(amount for _, amount, _ in step)] for step in zip(*lines, strict=True)]
    return table("ursachen", columns, rows, empty="Es gibt keine Prognose.")


def used_causes(falls: Sequence[Waterfall]) -> list[str]:
    """The flows that are not 0 everywhere, in their order."""
    return [flow for flow in CAUSES if any(fall.amount(flow) for fall in falls)]


def cause_month_table(falls: Sequence[Waterfall]) -> Table:
    """Ursachen Monat für Monat: pupils before, each cause, pupils after."""
    unit = "erwartete VKA-Schüler"
    columns = [
        Column("Schulart"),
        Column("Monat", Kind.MONTH),
        Column("Bestand davor", Kind.NUMBER, unit, 3, shown=1),
        *(Column(name, Kind.NUMBER, unit, 3, shown=1) for name in CAUSES.values()),
        Column("Bestand danach", Kind.NUMBER, unit, 3, shown=1),
    ]
    rows = [
        [
            fall.school_type,
            fall.months[t],
            float(fall.pupils[t - 1]),
            *(float(value) for value in fall.flows[:, t]),
            float(fall.pupils[t]),
        ]
        for fall in falls
        for t in range(1, len(fall.months))
    ]
    return table("ursachen_monate", columns, rows, empty="Die Prognose hat nur einen Monat.")
