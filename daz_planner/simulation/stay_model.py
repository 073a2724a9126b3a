"""The stays of one school type: of newcomers by the month of entry, and of those there today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from daz_planner.simulation.calendar import FloatArray, IntArray, half_year_steps, month_sequence
from daz_planner.simulation.stays import (
    StayLimits,
    StayTable,
    cap_stay,
    moved_to_half_years,
    new_stays,
    residual_single,
    residual_stays,
    stays_given_spent,
)

_YEAR = 12
_ANY_YEAR = 2000


class HalfYears:
    """The half-years of a school year: how long it is from a calendar month to the next one."""

    def __init__(self, starts: tuple[int, int], longest: int) -> None:
        """``starts``: calendar months in which a half begins; ``longest``: longest stay."""
        months = month_sequence(date(_ANY_YEAR, 1, 1), _YEAR)
        self._steps = half_year_steps(months, starts, longest + 3 * _YEAR)

    def steps(self, calendar_month: int) -> IntArray:
        """``[d]`` months from the calendar month to the first half-year d or more months later."""
        return np.asarray(self._steps[(calendar_month - 1) % _YEAR])


@dataclass(frozen=True)
class StayModel:
    """Stays of a school type. Months are whole; moving away is not in them."""

    new: StayTable
    """Stays of newcomers who change phase as soon as they are ready."""
    second: StayTable
    """Phase 2 alone, for those of whom no more is known, and for a second time in it."""
    limits: StayLimits
    phase3: FloatArray
    """Probabilities of 1, 2, … months in phase 3."""
    met_in_phase3: FloatArray
    """The same for what is left on the reference date."""
    hazard: float
    past: FloatArray | None
    reference_month: int
    """Calendar month of the reference date."""
    half_years: HalfYears | None
    """Given where pupils change phase with a half-year only."""
    _moved: dict[tuple[bool, int], StayTable]

    def begun(self, calendar_month: int, *, second: bool = False) -> StayTable:
        """Stays that begin in a calendar month; ``second``: in phase 2 at once."""
        table = self.second if second else self.new
        if self.half_years is None:
            return table
        key = (second, (calendar_month - 1) % _YEAR)
        if key not in self._moved:
            steps = self.half_years.steps(calendar_month)
            self._moved[key] = moved_to_half_years(table, steps, self.limits)
        return self._moved[key]

    def entered(self, months_ago: int) -> StayTable:
        """Stays of those who entered some months before the reference date."""
        return self.begun(self.reference_month - months_ago)

    def met(self, phase: int | None) -> StayTable:
        """Months left of a pupil met on the reference date (``None``: phase not known)."""
        return residual_stays(self._at_entry(), self.hazard, phase, self.past)

    def given(self, phase: int, in_phase: int | None, in_all: int | None) -> StayTable:
        """Months left of a pupil of whom the months in the phase or in the VKA are known."""
        if in_all is None and phase == 1:
            in_all = in_phase
        if in_all is not None:
            return stays_given_spent(self.entered(in_all), phase, in_phase, in_all)
        begun = self.begun(self.reference_month - (in_phase or 0), second=True)
        return stays_given_spent(begun, phase, in_phase, in_all)

    def _at_entry(self) -> StayTable | Callable[[int], StayTable]:
        return self.new if self.half_years is None else self.entered


def stay_model(
    phase1: FloatArray,
    phase2: FloatArray,
    phase3: FloatArray,
    limits: StayLimits,
    hazard: float,
    past: FloatArray | None = None,
    *,
    reference_month: int = 1,
    half_years: tuple[int, int] | None = None,
) -> StayModel:
    """The stays of a type from the probabilities of 1, 2, … months in each phase.

    Parameters
    ----------
    past:
        Arrivals 0, 1, … months before the reference date, where they are known.
    reference_month:
        Calendar month of the reference date.
    half_years:
        Calendar months in which the halves of a school year begin, where phases end with them.
    """
    phase1 = cap_stay(phase1, limits.phase1)
    phase2 = cap_stay(phase2, limits.phase2)
    new = new_stays(phase1, phase2, limits.total)
    second = StayTable.from_matrix(np.concatenate(([0.0], phase2))[None, :])
    longest = int(new.phase1.max()) + len(phase2)
    inflow = None if past is None else _inflow_to_phase3(new, hazard, past)
    return StayModel(
        new=new,
        second=second,
        limits=limits,
        phase3=phase3,
        met_in_phase3=residual_single(phase3, hazard, inflow),
        hazard=hazard,
        past=past,
        reference_month=reference_month,
        half_years=None if half_years is None else HalfYears(half_years, longest),
        _moved={},
    )


def _inflow_to_phase3(stays: StayTable, hazard: float, past: FloatArray) -> FloatArray:
    """Pupils who reached phase 3 0, 1, 2 … months ago, from the arrivals of the past."""
    total = stays.total_distribution()
    lasting = total * (1.0 - hazard) ** np.arange(len(total))
    longer = np.concatenate((past, np.full(len(total), past[-1])))
    return np.array([lasting @ longer[ago : ago + len(total)] for ago in range(len(past))])
