"""One adapter over PuLP's solvers: which there are, and a model handed to one of them.

A :class:`Session` holds a PuLP problem. After each goal a constraint keeps its value and the next
goal starts from the last plan. HiGHS and CBC have sessions of their own, every other solver that
PuLP finds has :class:`~daz_planner.planning.solver_pulp.PulpSession`.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pulp

from daz_planner.errors import SolverChoiceError
from daz_planner.planning.session import Outcome, Session, Terms, relative_gap
from daz_planner.planning.solver_cbc import CbcSession, cbc_path
from daz_planner.planning.solver_names import (
    CBC_NAMES,
    UNFIT,
    classes_of,
    family,
    install_hint,
    is_there,
)
from daz_planner.planning.solver_pulp import PulpSession

if TYPE_CHECKING:
    from daz_planner.planning.solver_highs import HighsSession

__all__ = [
    "SOLVERS",
    "CbcSession",
    "HighsSession",
    "Outcome",
    "PulpSession",
    "Session",
    "Terms",
    "check_solver",
    "open_session",
    "relative_gap",
    "solvers_here",
]

SOLVERS = ("highs", "cbc")
"""Solvers with sessions of their own, by the name that the scenario uses: they come with PuLP."""


def __getattr__(name: str) -> Any:
    # HiGHS may be missing where another solver is there.
    if name == "HighsSession":
        from daz_planner.planning.solver_highs import HighsSession

        return HighsSession
    raise AttributeError(name)


def open_session(name: str, problem: pulp.LpProblem, *, gap: float, threads: int) -> Session:
    """Hand a problem to the solver of the given name (see :func:`check_solver`).

    Raises
    ------
    SolverChoiceError
        No solver has this name, or it is not on this machine.
    """
    chosen = check_solver(name)
    if chosen == "highs":
        from daz_planner.planning.solver_highs import HighsSession

        return HighsSession(problem, gap=gap, threads=threads)
    if chosen == "cbc":
        return CbcSession(problem, gap=gap, threads=threads)
    return PulpSession(_by_name(chosen), problem, gap=gap, threads=threads)


def check_solver(name: str) -> str:
    """The solver that a name means: „highs“, „cbc“ or PuLP's name of another one.

    Upper and lower case are the same; ``glpk`` is found as well as ``GLPK_CMD``.

    Raises
    ------
    SolverChoiceError
        PuLP knows no such solver, the planner cannot use it, or it is not on this machine.
    """
    found = _found(name)
    if found is None:
        raise _missing(name)
    return found


def solvers_here() -> list[str]:
    """The solvers on this machine, by short names that the scenario and ``--loeser`` take."""
    here = [name for name in SOLVERS if _found(name) is not None]
    for one in dict.fromkeys(pulp.apis._all_solvers):
        short = family(one.name)
        if short in (*here, "highs", "coin", "pulp_cbc") or one.name in UNFIT:
            continue
        if is_there(one):
            here.append(short)
    return here


def _found(name: str) -> str | None:
    wanted = name.lower()
    if wanted == "highs":
        return None if find_spec("highspy") is None else "highs"
    if wanted in CBC_NAMES:
        return "cbc" if cbc_path() else None
    return next((str(one.name) for one in classes_of(wanted) if is_there(one)), None)


def _missing(name: str) -> SolverChoiceError:
    known = name.lower() in ("highs", *CBC_NAMES) or bool(classes_of(name))
    here = ", ".join(solvers_here()) or "keines"
    place = f"Auf diesem Rechner gibt es: {here}."
    unfit = [why for one, why in UNFIT.items() if name.lower() in (one.lower(), family(one))]
    if unfit and not known:
        problem = f"Das Rechenprogramm „{name}“ ist für den Plan nicht geeignet: {unfit[0]}."
        return SolverChoiceError(problem, remedy=place)
    if known:
        install = install_hint(name)
        needed = f" Für „{name}“ brauchen Sie: {install}." if install else ""
        problem = f"Das Rechenprogramm „{name}“ ist auf diesem Rechner nicht vorhanden."
        return SolverChoiceError(problem, remedy=f"{place}{needed}")
    every = [*SOLVERS, *(family(one.name) for one in pulp.apis._all_solvers)]
    near = get_close_matches(name.lower(), every, n=1, cutoff=0.6)
    guess = f"Meinten Sie „{near[0]}“? " if near else ""
    return SolverChoiceError(
        f"„{name}“ ist kein Rechenprogramm, das der Planer kennt.", remedy=f"{guess}{place}"
    )


def _by_name(name: str) -> Any:
    return next(one for one in pulp.apis._all_solvers if one.name == name)
