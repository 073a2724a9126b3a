"""CBC as PuLP ships it: a process of its own per goal, its bound read from its log."""

from __future__ import annotations

import math
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pulp

from daz_planner.errors import SolverError
from daz_planner.planning.session import NO_SOLUTION, FloatArray, Outcome, Session, Terms


class CbcSession(Session):
    """CBC as an own process per goal, as PuLP runs it; its bound is read from its log."""

    def __init__(self, problem: pulp.LpProblem, *, gap: float, threads: int) -> None:
        super().__init__(problem, gap=gap, threads=threads)
        if not _cbc().available():
            raise SolverError(
                "Das Rechenprogramm CBC ist auf diesem Rechner nicht vorhanden.",
                remedy="Wählen Sie --loeser highs.",
            )
        self._limits = 0

    def minimise(
        self,
        terms: Terms,
        *,
        seconds: float,
        start: FloatArray | None = None,
        constant: float = 0.0,
    ) -> Outcome:
        since = time.perf_counter()
        gap = self.gap
        if start is not None:
            for variable, value in zip(self.variables, start, strict=True):
                variable.varValue = float(value)
            value = self.value_of(terms, start)
            # Today's classes are no part of the goal: take their share out of the relative gap.
            gap *= max(0.0, value - constant) / value if value > 0.0 else 1.0
        log = self._solve(terms, gap=gap, mip=True, seconds=seconds, warm=start is not None)
        status = self.problem.sol_status
        if status == pulp.LpSolutionInfeasible and start is None:
            raise SolverError(NO_SOLUTION)
        solved = status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
        values = np.array([v.varValue or 0.0 for v in self.variables], dtype=np.float64)
        limit = "Stopped on time" in log or not solved
        bound = None
        if solved:
            told = _cbc_bound(log, self.value_of(terms, values), limit)
            bound = None if told is None else told - constant
        return self._outcome(
            terms, values if solved else None, start, bound, limit, constant, since
        )

    def minimise_relaxed(self, terms: Terms, *, seconds: float) -> float:
        if seconds <= 0.0:
            return -math.inf
        self._solve(terms, gap=self.gap, mip=False, seconds=seconds, warm=False)
        if self.problem.sol_status != pulp.LpSolutionOptimal:
            return -math.inf
        values = np.array([v.varValue or 0.0 for v in self.variables], dtype=np.float64)
        return self.value_of(terms, values)

    def _solve(self, terms: Terms, *, gap: float, mip: bool, seconds: float, warm: bool) -> str:
        self.problem.setObjective(pulp.LpAffineExpression(terms))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "cbc.log"
            solver = _cbc(
                mip=mip,
                timeLimit=max(1.0, seconds),
                gapRel=gap,
                threads=self.threads,
                warmStart=warm,
                keepFiles=False,
                logPath=str(path),
            )
            # PuLP splits CBC's command line at blanks: a folder with one is no place for its files.
            solver.tmpDir = "" if " " in folder else folder
            try:
                self.problem.solve(solver)
            except (pulp.PulpSolverError, OSError) as error:
                raise SolverError(
                    "Das Rechenprogramm CBC ließ sich nicht ausführen.",
                    remedy="Wählen Sie --loeser highs.",
                ) from error
            return path.read_text(encoding="utf-8", errors="replace")

    def limit(self, terms: Terms, most: float) -> None:
        self._limits += 1
        self.problem.addConstraint(
            pulp.LpConstraint(
                pulp.LpAffineExpression(terms),
                sense=pulp.LpConstraintLE,
                name=f"limit_{self._limits}",
                rhs=most,
            )
        )

    def set_bounds(self, variable: pulp.LpVariable, low: float, high: float) -> None:
        variable.lowBound, variable.upBound = low, high


def _cbc(**options: Any) -> pulp.COIN_CMD:
    """CBC as it comes with PuLP (its class of its own is deprecated, the program is not)."""
    return pulp.COIN_CMD(path=pulp.PULP_CBC_CMD.pulp_cbc_path, msg=False, **options)


def _cbc_bound(log: str, value: float, limit: bool) -> float | None:
    """CBC's proven bound: the line "Lower bound", or the value where CBC proved it optimal."""
    found = re.findall(r"Lower bound:\s+(-?[\d.]+(?:e[+-]?\d+)?)", log)
    if found:
        return min(value, float(found[-1]))
    return None if limit else value
