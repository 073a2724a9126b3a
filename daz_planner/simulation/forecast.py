"""The forecast: what the simulation hands on, as arrays with named axes.

Axes: ``k`` school type (order of ``school_types``), ``p`` phase 1, 2, 3, ``t`` month (0 is the
reference date, t the same day t months later), ``r`` run (future) 1 … N.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FLOW_NAMES: tuple[str, ...] = (
    "arrived",
    "changed_in",
    "changed_out",
    "moved_away",
    "finished",
    "returned_in",
    "returned_out",
)
"""The ways in and out of a school type. ``finished``: phase 3 is over, or school is; who goes back
from phase 3 to phase 2 counts as ``returned_out`` and ``returned_in`` (in August the type may be
another one)."""

VKA_FLOWS: dict[str, int] = {
    "registered": 1,
    "returned": 1,
    "changed_in": 1,
    "to_phase3_today": -1,
    "to_phase3_new": -1,
    "to_phase3_again": -1,
    "moved_away": -1,
    "changed_out": -1,
    "school_over": -1,
}
"""What changes the number of pupils in phases 1 and 2, with its sign: registrations; back from
phase 3; from another school type in August; to phase 3, of today's pupils, of later ones, and of
those who had come back; moved away; to another type in August; school over in August."""


@dataclass(frozen=True)
class Forecast:
    """Pupils by school type, phase and month: run 0 exact, runs 1 … N drawn.

    Attributes
    ----------
    months:
        First day of each month, ``T`` entries.
    expected:
        ``[k, p, t]`` expected pupils (run 0, exact).
    runs:
        ``[r, k, p, t]`` pupils in each drawn future.
    expected_flows:
        Name of :data:`FLOW_NAMES` → ``[k, t]`` expected pupils who moved in the month up to ``t``.
    expected_vka_flows:
        Name of :data:`VKA_FLOWS` → ``[k, t]`` the same for phases 1 and 2 together: with their
        signs they add up to the change of :attr:`vka_expected` from month to month.
    phase3_known:
        Per school type: whether today's phase 3 pupils were in the input. Where they were not,
        phase 3 counts only those who get there after the reference date.
    """

    months: tuple[date, ...]
    school_types: tuple[str, ...]
    expected: FloatArray
    runs: npt.NDArray[np.int32]
    expected_flows: dict[str, FloatArray]
    phase3_known: tuple[bool, ...]
    expected_vka_flows: dict[str, FloatArray] = field(default_factory=dict)

    def quantile(self, share: float) -> FloatArray:
        """``[k, p, t]`` quantile over the runs (0.1, 0.5, 0.9 are P10, P50, P90)."""
        return _quantile(self.runs, share)

    def vka_quantile(self, share: float) -> FloatArray:
        """``[k, t]`` quantile of the pupils who need a VKA seat (phases 1 and 2 together)."""
        return _quantile(self.runs[:, :, 0, :] + self.runs[:, :, 1, :], share)

    @property
    def vka_expected(self) -> FloatArray:
        """``[k, t]`` expected pupils who need a VKA seat."""
        return self.expected[:, 0, :] + self.expected[:, 1, :]


def _quantile(runs: npt.NDArray[np.int32], share: float) -> FloatArray:
    """Smallest count that at least the given share of the runs does not exceed."""
    return np.quantile(runs, share, axis=0, method="inverted_cdf").astype(np.float64)
