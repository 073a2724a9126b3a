"""The errors of the program: each carries what is wrong, where, and what to do about it.

Everything below :mod:`daz_planner.cli` raises one of these; only the command line turns them into
printed text and an exit code.  Messages are German, because planners read them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daz_planner.district.findings import Finding


class DazError(Exception):
    """Base of all errors that the program raises on purpose.

    Parameters
    ----------
    message:
        What is wrong, one German sentence.
    place:
        Where: a file, ``Blatt!Zelle``, a scenario key. Empty where no place exists.
    remedy:
        What the planner can do, one German sentence.
    """

    def __init__(self, message: str, *, place: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.remedy = remedy

    def __str__(self) -> str:
        parts = [f"{self.place}: {self.message}" if self.place else self.message]
        if self.remedy:
            parts.append(self.remedy)
        return " ".join(parts)


class InputError(DazError):
    """The input cannot be used. ``findings`` holds every fault and warning of the reading."""

    def __init__(
        self,
        message: str,
        *,
        place: str = "",
        remedy: str = "",
        findings: tuple[Finding, ...] = (),
    ) -> None:
        super().__init__(message, place=place, remedy=remedy)
        self.findings = findings


class ScenarioError(DazError):
    """A scenario cannot be found, read or understood."""


class OutputError(DazError):
    """The result cannot be written: the folder exists, is locked or is not writable."""


class SolverError(DazError):
    """The solver is missing or ended without any plan."""


class InfeasibleError(SolverError):
    """The solver has proven that the model has no solution."""


class OutOfTimeError(SolverError):
    """The solver found no plan within its time."""


class SolverChoiceError(SolverError):
    """The solver that the scenario or the call names does not exist or is not on this machine."""


class ConservationError(DazError):
    """Pupils were lost or counted twice: a bug of the program, never of the input."""
