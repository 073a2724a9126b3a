"""The solvers that PuLP knows, by the names that a planner may use, and what differs among them.

Which of the arguments gap, time limit, threads and start a solver takes is read from its class in
PuLP. The rest stands here: where the proven bound is read, and what PuLP says wrongly.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pulp

Options = Callable[[float, float, int, Path], dict[str, Any]]
"""Gap, seconds, threads and a folder for files → further arguments of the solver's class."""

NO_TIME_LIMIT = "es hält kein Zeitlimit ein"
NO_PROOF = "es sagt nicht, wie nah sein Plan am besten möglichen ist"
NOT_LOCAL = "es rechnet nicht auf diesem Rechner"

UNFIT = {
    "CyLP": NO_TIME_LIMIT,
    "PYGLPK": NO_TIME_LIMIT,
    "COINMP_DLL": NO_PROOF,
    "MIPCL_CMD": NO_PROOF,
    "SAS94": NOT_LOCAL,
    "SASCAS": NOT_LOCAL,
}
"""Solvers of PuLP that the planner does not use, and why."""

CBC_NAMES = ("cbc", "coin", "coin_cmd", "pulp_cbc_cmd")
"""Names of CBC, which has a session of its own, as HiGHS has."""

_INSTALL = {
    "highs": "pip install highspy",
    "cbc": "pip install pulp",
    "glpk": "das Programm glpsol (Paket glpk-utils, auf Windows winglpk)",
    "scip": "pip install pyscipopt",
    "fscip": "das Programm fscip der SCIP-Sammlung",
    "gurobi": "pip install gurobipy, dazu eine Lizenz",
    "cplex": "pip install cplex, dazu eine Lizenz",
    "xpress": "pip install xpress, dazu eine Lizenz",
    "mosek": "pip install mosek, dazu eine Lizenz",
    "copt": "pip install coptpy, dazu eine Lizenz",
    "choco": "Java und die Datei choco-parsers-with-dependencies.jar im Suchpfad",
    "cuopt": "cuOpt und eine Grafikkarte von NVIDIA",
}


@dataclass(frozen=True)
class Traits:
    """What differs from solver to solver beyond the arguments that PuLP's class takes.

    Attributes
    ----------
    further:
        Further arguments for the class.
    bound:
        The proven bound in the solver's own object, given the problem and the solver.
    log_bound:
        Pattern of the proven bound in the log; the last match counts.
    log_proven:
        What the log says where the plan itself is the bound.
    own_gap:
        Relative gap at which the solver stops by itself where it cannot be told one.
    takes_gap:
        Whether ``further`` tells it the gap.
    relaxes:
        Whether it solves problems without whole numbers to the end.
    one_thread:
        Whether it knows one thread only, and PuLP warns where it is told of more.
    chatters:
        Whether it writes to the terminal by itself.
    """

    further: Options | None = None
    bound: Callable[[Any, Any], float] | None = None
    log_bound: re.Pattern[str] | None = None
    log_proven: str = ""
    own_gap: float = 1e-4
    takes_gap: bool = False
    relaxes: bool = True
    one_thread: bool = False
    chatters: bool = False


_NUMBER = r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"


def _glpk(gap: float, seconds: float, threads: int, folder: Path) -> dict[str, Any]:
    log = str(folder / "solver.log")
    return {"options": ["--mipgap", f"{gap:.9g}", "--cuts", "--log", log]}


def _mosek(gap: float, seconds: float, threads: int, folder: Path) -> dict[str, Any]:
    options = {"MSK_DPAR_MIO_TOL_REL_GAP": gap, "MSK_IPAR_NUM_THREADS": threads}
    return {"options": options, "sol_type": _mosek_whole()}


def _mosek_whole() -> Any:
    import mosek  # type: ignore[import-not-found, unused-ignore]

    return mosek.soltype.itg


def _mosek_bound(problem: Any, solver: Any) -> float:
    import mosek

    return float(solver.task.getdouinf(mosek.dinfitem.mio_obj_bound))


def _copt_bound(problem: Any, solver: Any) -> float:
    model = problem.solverModel
    return float(model.BestBnd if model.IsMIP else model.LpObjVal)


def _xpress(gap: float, seconds: float, threads: int, folder: Path) -> dict[str, Any]:
    # A plan has to be better by more than these to count, and the bound would stop short of it.
    return {"options": [f"THREADS={threads}", "MIPRELCUTOFF=0", "MIPADDCUTOFF=0"]}


def _gurobi_bound(problem: Any, solver: Any) -> float:
    model = problem.solverModel
    return float(model.ObjBound if model.IsMIP else model.ObjVal)


TRAITS = {
    "GLPK_CMD": Traits(
        further=_glpk,
        log_bound=re.compile(rf">=\s+{_NUMBER}\s"),
        log_proven="INTEGER OPTIMAL SOLUTION FOUND",
        takes_gap=True,
    ),
    "SCIP_PY": Traits(bound=lambda problem, _: problem.solverModel.getDualbound(), one_thread=True),
    "SCIP_CMD": Traits(log_bound=re.compile(rf"Dual Bound\s*:\s*{_NUMBER}"), one_thread=True),
    "FSCIP_CMD": Traits(log_bound=re.compile(rf"Dual Bound\s*:\s*{_NUMBER}")),
    "GUROBI": Traits(
        further=lambda gap, seconds, threads, folder: {
            "Threads": threads,
            "Seed": 1,
            "manageEnv": True,
        },
        bound=_gurobi_bound,
    ),
    "GUROBI_CMD": Traits(log_bound=re.compile(rf"best bound {_NUMBER}")),
    "CPLEX_PY": Traits(
        bound=lambda problem, _: problem.solverModel.solution.MIP.get_best_objective()
    ),
    "CPLEX_CMD": Traits(log_bound=re.compile(rf"Current MIP best bound\s*=\s*{_NUMBER}")),
    "XPRESS_PY": Traits(
        further=_xpress, bound=lambda problem, _: problem.solverModel.getAttrib("bestbound")
    ),
    "XPRESS": Traits(further=_xpress),
    "COPT": Traits(
        further=lambda gap, seconds, threads, folder: {"Threads": threads},
        bound=_copt_bound,
        chatters=True,
    ),
    "MOSEK": Traits(further=_mosek, bound=_mosek_bound, takes_gap=True),
    "HiGHS_CMD": Traits(log_bound=re.compile(rf"Dual bound\s+{_NUMBER}")),
    "CHOCO_CMD": Traits(relaxes=False),
}
"""Traits by PuLP's name; a solver that is not here has the usual ones."""


def family(name: str) -> str:
    """The family of a solver: ``glpk`` for ``GLPK_CMD``."""
    return re.sub(r"_(cmd|py|dll)$", "", name.lower())


def classes_of(name: str) -> list[Any]:
    """PuLP's solver classes that a name means, in any case: one by its name, or a whole family.

    Those that run inside this process come first, for they tell their bound.
    """
    wanted = name.lower()
    found = [
        one
        for one in dict.fromkeys(pulp.apis._all_solvers)
        if one.name not in UNFIT and wanted in (one.name.lower(), family(one.name))
    ]
    return sorted(found, key=lambda one: issubclass(one, pulp.LpSolver_CMD))


@cache
def is_there(one: Any) -> bool:
    """Whether a solver of PuLP can be used on this machine."""
    try:
        with silence(one):
            return bool(one(msg=False).available())
    except Exception:  # a solver without its licence may raise anything
        return False


@contextmanager
def silence(one: Any) -> Iterator[None]:
    """Keep what PuLP and a solver write by themselves from the planner's terminal."""
    chatters = TRAITS.get(one.name, Traits()).chatters
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if not chatters:
            yield
            return
        # It writes from outside Python.
        kept = os.dup(1)
        nothing = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nothing, 1)
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)
            os.close(nothing)


def install_hint(name: str) -> str:
    """What to install for a solver: part of a German sentence, empty where it is not known."""
    return _INSTALL.get(family(name), "")
