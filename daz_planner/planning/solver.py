"""One adapter over PuLP's solvers: which there are, and a model handed to one of them.

A :class:`Session` holds a PuLP problem that is handed to the solver once. After each goal a
constraint keeps its value and the next goal starts from the last plan.
"""

from __future__ import annotations

import pulp

from daz_planner.errors import SolverError
from daz_planner.planning.session import Outcome, Session, Terms, relative_gap
from daz_planner.planning.solver_cbc import CbcSession
from daz_planner.planning.solver_highs import HighsSession

__all__ = [
    "SOLVERS",
    "CbcSession",
    "HighsSession",
    "Outcome",
    "Session",
    "Terms",
    "open_session",
    "relative_gap",
]

SOLVERS: dict[str, type[Session]] = {"highs": HighsSession, "cbc": CbcSession}
"""Solvers by the name that the scenario uses."""


def open_session(name: str, problem: pulp.LpProblem, *, gap: float, threads: int) -> Session:
    """Hand a problem to the solver of the given name (see :data:`SOLVERS`)."""
    if name not in SOLVERS:
        raise SolverError(
            f"„{name}“ ist kein Rechenprogramm, das der Planer kennt.",
            remedy=f"Möglich sind: {', '.join(SOLVERS)}.",
        )
    return SOLVERS[name](problem, gap=gap, threads=threads)
