"""CBC as PuLP ships it: a process of its own per goal, its bound read from its log."""

from __future__ import annotations

import math
import os
import re
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pulp

from daz_planner.errors import InfeasibleError, SolverChoiceError, SolverError
from daz_planner.planning.session import NO_SOLUTION, FloatArray, Outcome, Session, Terms
from daz_planner.planning.solver_process import grace, plain_folder, run_in

_LEAST_SECONDS = 0.01
_RESULT = re.compile(r"^Result - (.+?)\s*$", re.MULTILINE)
_LOWER = re.compile(r"^Lower bound:\s+(-?\d+(?:\.(\d+))?(?:e[+-]?\d+)?)\s*$", re.MULTILINE)
_CONTINUOUS = re.compile(r"^Continuous objective value is (-?[\d.]+(?:e[+-]?\d+)?) ", re.MULTILINE)
_PROVEN = "Optimal solution found"
_PROVEN_LP = "\nOptimal objective "
"""Of a problem without any whole number CBC writes no result, but this."""
_DIGITS = 1e-5
"""Relative rounding of the value of the relaxation in CBC's log (six digits)."""


def cbc_path() -> str:
    """The program CBC: that which comes with PuLP, else the one in the search path, else empty."""
    shipped = str(pulp.PULP_CBC_CMD.pulp_cbc_path)
    if os.access(shipped, os.X_OK):
        return shipped
    return shutil.which("cbc") or ""


class CbcSession(Session):
    """CBC as an own process per goal, as PuLP runs it; its bound is read from its log."""

    def __init__(self, problem: pulp.LpProblem, *, gap: float, threads: int) -> None:
        super().__init__(problem, gap=gap, threads=threads)
        self._path = cbc_path()
        if not self._path:
            raise SolverChoiceError(
                "Das Rechenprogramm CBC ist auf diesem Rechner nicht vorhanden.",
                remedy="Wählen Sie --loeser highs.",
            )
        self.log = ""
        """What CBC wrote in its last run."""
        self._limits = 0
        self._one = problem.add_variable("one", 1.0, 1.0)

    def minimise(
        self,
        terms: Terms,
        *,
        seconds: float,
        start: FloatArray | None = None,
        constant: float = 0.0,
    ) -> Outcome:
        since = time.perf_counter()
        if start is not None:
            for variable, value in zip(self.variables, start, strict=True):
                variable.varValue = float(value)
            self._one.varValue = 1.0
        found = self._solve(terms, constant, mip=True, seconds=seconds, warm=start is not None)
        if start is None and self.problem.sol_status == pulp.LpSolutionInfeasible:
            raise InfeasibleError(NO_SOLUTION)
        best = found if found is not None else start
        value = math.inf if best is None else self.value_of(terms, best) - constant
        bound = _told_bound(self.log, value, solved=found is not None)
        # A bound says itself whether CBC got as far as it was asked to.
        return self._outcome(terms, found, start, bound, bound is None, constant, since)

    def minimise_relaxed(self, terms: Terms, *, seconds: float) -> float:
        if seconds <= 0.0:
            return -math.inf
        values = self._solve(terms, 0.0, mip=False, seconds=seconds, warm=False)
        proven = self.problem.sol_status == pulp.LpSolutionOptimal
        return self.value_of(terms, values) if proven and values is not None else -math.inf

    def _solve(
        self, terms: Terms, constant: float, *, mip: bool, seconds: float, warm: bool
    ) -> FloatArray | None:
        """The plan that CBC found, ``None`` without one; its log is kept."""
        # Today's classes are no part of the goal: with them CBC's gap would look smaller than it
        # is. PuLP writes no constant, a variable that is always 1 takes it off.
        goal = [*terms, (self._one, -constant)]
        self.problem.setObjective(pulp.LpAffineExpression(goal))
        with plain_folder() as folder:
            solver = _Cbc(
                folder,
                path=self._path,
                msg=False,
                mip=mip,
                timeLimit=max(_LEAST_SECONDS, seconds),
                gapRel=self.gap,
                # 100 more than the number of threads: two runs then take the same way.
                threads=self.threads if self.threads == 1 else 100 + min(self.threads, 99),
                warmStart=warm,
            )
            try:
                self.problem.solve(solver)
            except (pulp.PulpSolverError, OSError) as error:
                raise SolverError(
                    "Das Rechenprogramm CBC ließ sich nicht ausführen.",
                    remedy="Wählen Sie --loeser highs.",
                ) from error
        self.log = solver.log
        if self.problem.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
            return None
        return np.array([v.varValue or 0.0 for v in self.variables], dtype=np.float64)

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


class _Cbc(pulp.COIN_CMD):  # type: ignore[misc]
    """PuLP's CBC, run in its folder with short file names, so that no path can be misread.

    PuLP splits the command line at blanks, CBC on Windows takes no path for a start, and PuLP
    waits for CBC without end.
    """

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__(**options)
        self._folder = folder
        self.log = ""

    def solve_CBC(self, lp: pulp.LpProblem, use_mps: bool = True) -> int:
        began = time.perf_counter()
        model, plan, start = (str(self._folder / f"problem.{end}") for end in ("mps", "sol", "mst"))
        variables, names, rows, _ = lp.writeMPS(model, rename=1)
        command = [
            self.path,
            "problem.mps",
            "-timeMode",
            "elapsed",
            "-sec",
            f"{self.timeLimit:.3f}",
        ]
        command += [word for option in self.getOptions() for word in f"-{option}".split()]
        if self.optionsDict.get("warmStart"):
            self.writesol(start, lp, variables, names, rows)
            command += ["-mips", "problem.mst"]
        # Writing a large problem takes its part of the time.
        seconds = max(_LEAST_SECONDS, self.timeLimit - (time.perf_counter() - began))
        command += ["-sec", f"{seconds:.3f}"]
        command += ["-solve" if self.mip else "-initialSolve", "-printingOptions", "all"]
        command += ["-solution", "problem.sol"]
        log = self._folder / "cbc.log"
        with log.open("wb") as stream:
            code = run_in(self._folder, command, stream, grace(seconds))
        self.log = log.read_text(encoding="utf-8", errors="replace")
        status, result = pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound
        if code is not None and (code or not os.path.exists(plan)):
            raise pulp.PulpSolverError(f"CBC: {code}")
        if code is not None:
            status, values, _, _, _, result = self.readsol_MPS(plan, lp, variables, names, rows)
            lp.assignVarsVals(values)
        lp.assignStatus(status, result)
        return int(status)


def _told_bound(log: str, value: float, *, solved: bool) -> float | None:
    """CBC's proven bound: the value where CBC proved it, else its lower bound in the log.

    CBC rounds what it writes; the bound is taken from below.
    """
    results, lower = _RESULT.findall(log), list(_LOWER.finditer(log))
    if lower:
        decimals = len(lower[-1][2] or "")
        return min(value, float(lower[-1][1]) - 0.5 * 10.0**-decimals)
    if solved and (results[-1] == _PROVEN if results else _PROVEN_LP in log):
        return value
    relaxed = _CONTINUOUS.findall(log)
    if not relaxed or (results and "infeasible" in results[-1]):
        return None
    return min(value, float(relaxed[-1]) - _DIGITS * abs(float(relaxed[-1])))
