"""What solvers tell, and what the adapter makes of it: bounds in logs, limits, missing solvers."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import numpy as np
import pulp
import pytest

from daz_planner.errors import SolverChoiceError, SolverError
from daz_planner.planning import solver as registry
from daz_planner.planning import solver_cbc, solver_names, solver_process, solver_pulp
from daz_planner.planning.plan import SolveStatus
from daz_planner.planning.session import Terms
from daz_planner.planning.solver import check_solver, open_session, solvers_here
from daz_planner.planning.solver_pulp import PulpSession
from daz_planner.results.goals import status_text
from tests.planning.test_solvers_agree import location

ON_POSIX = pytest.mark.skipif(os.name == "nt", reason="a script stands for the program")


# -- what CBC writes -------------------------------------------------------------------------------

PROVEN = "Result - Optimal solution found\n\nObjective value:                437.00000000\n"
GAP = (
    "Continuous objective value is 1551.72 - 0.00 seconds\n"
    "Result - Optimal solution found (within gap tolerance)\n\n"
    "Objective value:                1964.00000000\nLower bound:                    1916.522\n"
)
TIME = (
    "Continuous objective value is 2732.6 - 0.00 seconds\nResult - Stopped on time limit\n\n"
    "Objective value:                3164.00000000\nLower bound:                    3133.839\n"
)
NO_PLAN = (
    "Continuous objective value is 2732.6 - 0.01 seconds\nResult - Stopped on time limit\n\n"
    "No feasible solution found\nLower bound:                    2732.600\n"
)
NODES = "Result - Stopped on node limit\n\nLower bound:                    -1756.694\n"
KILLED = "Continuous objective value is 2732.6 - 0.00 seconds\nCbc0010I After 0 nodes, 1 on tree"
WITHOUT_WHOLE_NUMBERS = "Optimal - objective value 306.61818\nOptimal objective 306.6 - 8 it\n"
LATE = "Result - Stopped on time limit\n\nObjective value:                7.0\n"


@pytest.mark.parametrize(
    ("log", "value", "solved", "bound"),
    [
        (PROVEN, 437.0, True, 437.0),
        # What is rounded to three digits counts from below.
        (GAP, 1964.0, True, 1916.5215),
        (TIME, 3164.0, True, 3133.8385),
        (NO_PLAN, 26273.5, False, 2732.5995),
        (NODES, -1700.0, True, -1756.6945),
        # Six digits of the relaxation.
        (KILLED, 26273.5, False, 2732.6 - 0.027326),
        (WITHOUT_WHOLE_NUMBERS, 306.61818182, True, 306.61818182),
        (LATE, 7.0, True, None),
        ("Problem is infeasible - 0.00 seconds\n", 5.0, False, None),
        ("", 5.0, False, None),
        # Proven, but the plan at hand is another one: the start.
        (PROVEN, 437.0, False, None),
    ],
)
def test_the_bound_in_each_log_of_cbc(
    log: str, value: float, solved: bool, bound: float | None
) -> None:
    told = solver_cbc._told_bound(log, value, solved=solved)
    assert told == (None if bound is None else pytest.approx(bound, abs=1e-9))


@contextmanager
def awkward(folder: Path) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    yield folder


def test_cbc_reads_its_start_in_a_folder_with_blanks_and_umlauts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "Größe & Co (Müller)"
    monkeypatch.setattr(solver_cbc, "plain_folder", lambda: awkward(folder))
    problem, goal = location(2)
    session = open_session("cbc", problem, gap=0.0, threads=2)
    first = session.minimise(goal, seconds=60.0)
    again = session.minimise(goal, seconds=60.0, start=first.values)
    assert isinstance(session, solver_cbc.CbcSession)
    assert f"MIPStart provided solution with cost {first.value:.6g}" in session.log
    assert again.value == pytest.approx(first.value)
    # 102 threads are two, of which two runs take the same way.
    assert "threads was changed from 0 to 102" in session.log
    assert "timeMode changed from cpu to elapsed" in session.log
    assert (folder / "problem.mst").exists()


# -- programs that do not end ----------------------------------------------------------------------


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!{sys.executable}\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@ON_POSIX
@pytest.mark.parametrize("solver", ["cbc", "glpk"])
def test_a_program_that_never_ends_is_killed_and_the_start_stays(
    solver: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "import time\nopen(__file__ + '.started', 'w').close()\ntime.sleep(600)"
    for name in ("cbc", "glpsol"):
        script(tmp_path / name, text)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(solver_cbc, "cbc_path", lambda: str(tmp_path / "cbc"))
    monkeypatch.setattr(solver_pulp, "grace", lambda _: 0.5)
    monkeypatch.setattr(solver_cbc, "grace", lambda _: 0.5)
    solver_names.is_there.cache_clear()
    problem, goal = location(2)
    session = open_session(solver, problem, gap=0.0, threads=1)
    start = np.full(len(session.variables), 2.0)
    outcome = session.minimise(goal, seconds=0.1, start=start)
    solver_names.is_there.cache_clear()
    assert (tmp_path / ("cbc.started" if solver == "cbc" else "glpsol.started")).exists()
    assert (outcome.status, outcome.bound, outcome.gap) == (SolveStatus.LIMIT, None, None)
    assert outcome.values is start


@ON_POSIX
def test_a_broken_cbc_is_told_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = script(tmp_path / "cbc", "raise SystemExit(3)")
    monkeypatch.setattr(solver_cbc, "cbc_path", lambda: str(broken))
    problem, goal = location(2)
    with pytest.raises(SolverError, match="CBC ließ sich nicht ausführen"):
        open_session("cbc", problem, gap=0.0, threads=1).minimise(goal, seconds=1.0)


@pytest.mark.parametrize("name", ["Max Mueller", "Müller"])
def test_a_folder_without_blanks_is_found(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    awkward_one = tmp_path / name
    awkward_one.mkdir()
    monkeypatch.setattr(solver_process.tempfile, "tempdir", str(awkward_one))
    with solver_process.plain_folder() as folder:
        assert folder.is_dir()
        if os.name != "nt":
            assert str(folder).isascii()
            assert not any(sign.isspace() for sign in str(folder))
    assert not folder.exists()


# -- solvers that say too much ---------------------------------------------------------------------


class Told(pulp.LpSolver):  # type: ignore[misc]
    """A solver that gives back what it was told to, and calls it optimal."""

    name = "Told"
    plan: ClassVar[dict[str, float]] = {}
    failure: Exception | None = None
    seconds = 0.0
    clock: ClassVar[list[float]] = []
    status = pulp.LpStatusOptimal

    def __init__(self, mip: bool = True, msg: bool = True, timeLimit: float | None = None) -> None:
        super().__init__(mip, msg, timeLimit=timeLimit)

    def available(self) -> bool:
        return True

    def actualSolve(self, lp: pulp.LpProblem) -> int:
        self.clock[0] += self.seconds
        if self.failure is not None:
            raise self.failure
        lp.assignVarsVals({**self.plan, "one": 1.0})
        lp.assignStatus(self.status)
        return int(self.status)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> type[Told]:
    class Fresh(Told):
        clock: ClassVar[list[float]] = [0.0]

    monkeypatch.setattr(solver_pulp.time, "perf_counter", lambda: Fresh.clock[0])
    return Fresh


def two_sites() -> tuple[pulp.LpProblem, Terms]:
    """Ten children, six seats a class: two classes at 5, at most two at each site."""
    problem = pulp.LpProblem("Probe", pulp.LpMinimize)
    a, b = (problem.add_variable(name, 0, 2, pulp.LpInteger) for name in "ab")
    problem.addConstraint(6 * a + 6 * b >= 10, "seats")
    return problem, [(a, 5.0), (b, 5.0)]


def test_a_plan_that_ended_by_itself_is_as_good_as_the_solvers_own_gap(told: type[Told]) -> None:
    problem, goal = two_sites()
    told.plan = {"a": 1.0, "b": 1.0}
    told.seconds = 1.0
    outcome = PulpSession(told, problem, gap=0.01, threads=1).minimise(goal, seconds=10.0)
    # It takes no gap: one part in ten thousand is what such solvers stop at.
    assert (outcome.value, outcome.bound) == (10.0, pytest.approx(9.999))
    assert outcome.status is SolveStatus.WITHIN_GAP


def test_optimal_at_the_time_limit_is_no_proof(told: type[Told]) -> None:
    problem, goal = two_sites()
    told.plan = {"a": 1.0, "b": 2.0}
    told.seconds = 9.5
    outcome = PulpSession(told, problem, gap=0.01, threads=1).minimise(goal, seconds=10.0)
    assert (outcome.value, outcome.bound, outcome.gap) == (15.0, None, None)
    assert outcome.status is SolveStatus.LIMIT


@pytest.mark.parametrize(
    "plan",
    [{"a": 0.0, "b": 1.0}, {"a": 3.0, "b": 0.0}, {"a": 1.5, "b": 1.0}, {"a": math.nan, "b": 2.0}],
    ids=["row", "bound", "fraction", "nan"],
)
def test_a_plan_that_breaks_the_model_is_not_taken(
    plan: dict[str, float], told: type[Told]
) -> None:
    problem, goal = two_sites()
    told.plan = plan
    start = np.array([2.0, 0.0])
    session = PulpSession(told, problem, gap=0.01, threads=1)
    outcome = session.minimise(goal, seconds=10.0, start=start)
    assert outcome.values is start
    assert outcome.status is SolveStatus.LIMIT
    with pytest.raises(SolverError, match="kein Plan gefunden"):
        session.minimise(goal, seconds=10.0)


def test_a_later_limit_counts_for_the_check_too(told: type[Told]) -> None:
    problem, goal = two_sites()
    told.plan = {"a": 1.0, "b": 1.0}
    session = PulpSession(told, problem, gap=0.01, threads=1)
    session.limit(goal[:1], 4.0)
    with pytest.raises(SolverError, match="kein Plan gefunden"):
        session.minimise(goal, seconds=10.0)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (
            ValueError("Error 1016: Community Edition.  Problem size limits exceeded"),
            "Lizenz fehlt",
        ),
        (pulp.PulpSolverError("bad\n  matrix"), "mit den Worten „bad matrix“"),
        (RuntimeError(), "hat die Rechnung abgelehnt\\."),
    ],
)
def test_a_solver_that_refuses_is_told_in_german(
    failure: Exception, words: str, told: type[Told]
) -> None:
    problem, goal = two_sites()
    told.failure = failure
    with pytest.raises(SolverChoiceError, match=words):
        PulpSession(told, problem, gap=0.01, threads=1).minimise(goal, seconds=10.0)


def test_infeasible_counts_only_long_before_the_time_limit(told: type[Told]) -> None:
    told.status = pulp.LpStatusInfeasible
    for seconds, words in ((1.0, "keine Lösung"), (9.5, "kein Plan gefunden")):
        problem, goal = two_sites()
        told.seconds = seconds
        with pytest.raises(SolverError, match=words):
            PulpSession(told, problem, gap=0.0, threads=1).minimise(goal, seconds=10.0)


def test_the_log_bound_is_used_and_a_cut_off_glpk_is_not_proven() -> None:
    traits = solver_names.TRAITS["GLPK_CMD"]
    assert traits.log_bound is not None
    cut = (
        "+   309: mip =     not found yet >=              -inf        (1; 0)\n"
        "+ 13031: mip =   1.918000000e+03 >=   1.866898551e+03   2.7% (3017; 4396)\n"
        "TIME LIMIT EXCEEDED; SEARCH TERMINATED\n"
    )
    assert traits.log_bound.findall(cut) == ["1.866898551e+03"]
    assert traits.log_proven not in cut


# -- which solvers there are -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "chosen"),
    [("highs", "highs"), ("HiGHS", "highs"), ("cbc", "cbc"), ("PULP_CBC_CMD", "cbc")],
)
def test_a_name_means_the_same_in_any_case(name: str, chosen: str) -> None:
    assert check_solver(name) == chosen


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("glpk", ["GLPK_CMD"]),
        ("GLPK_cmd", ["GLPK_CMD"]),
        ("scip", ["SCIP_PY", "SCIP_CMD"]),
        ("scip_cmd", ["SCIP_CMD"]),
        ("gurobi", ["GUROBI", "GUROBI_CMD"]),
        ("xpress", ["XPRESS_PY", "XPRESS"]),
        ("highs_cmd", ["HiGHS_CMD"]),
        ("pyglpk", []),
        ("mipcl", []),
    ],
)
def test_a_family_is_tried_from_the_inside_out(name: str, classes: list[str]) -> None:
    assert [one.name for one in solver_names.classes_of(name)] == classes


def test_an_unknown_solver_is_answered_with_the_nearest_one_and_those_that_are_there() -> None:
    with pytest.raises(SolverChoiceError) as caught:
        check_solver("higs")
    assert str(caught.value).startswith(
        "„higs“ ist kein Rechenprogramm, das der Planer kennt. Meinten Sie „highs“? "
        "Auf diesem Rechner gibt es: highs, cbc"
    )


def test_a_missing_solver_is_answered_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "is_there", lambda _: False)
    with pytest.raises(SolverChoiceError) as caught:
        check_solver("Gurobi")
    assert str(caught.value) == (
        "Das Rechenprogramm „Gurobi“ ist auf diesem Rechner nicht vorhanden. Auf diesem Rechner "
        "gibt es: highs, cbc. Für „Gurobi“ brauchen Sie: pip install gurobipy, dazu eine Lizenz."
    )


def test_an_unfit_solver_says_why() -> None:
    with pytest.raises(SolverChoiceError, match="nicht geeignet: es hält kein Zeitlimit ein"):
        check_solver("PYGLPK")


def test_without_highs_and_cbc_the_others_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "find_spec", lambda _: None)
    monkeypatch.setattr(registry, "cbc_path", lambda: "")
    assert not {"highs", "cbc"} & set(solvers_here())
    for name in ("highs", "cbc"):
        with pytest.raises(SolverChoiceError, match="nicht vorhanden"):
            check_solver(name)
    monkeypatch.setattr(registry, "solvers_here", lambda: [])
    with pytest.raises(SolverChoiceError, match="gibt es: keines"):
        check_solver("highs")


def test_each_trait_belongs_to_a_solver_of_pulp() -> None:
    known = {one.name for one in pulp.apis._all_solvers}
    assert set(solver_names.TRAITS) <= known
    assert set(solver_names.UNFIT) <= known


def test_an_unknown_distance_is_said() -> None:
    from daz_planner.planning.plan import StageResult

    def text(status: SolveStatus, bound: float | None, gap: float | None) -> str:
        return status_text(StageResult("GS", "weg", 9.0, bound, gap, status, 1.0))

    assert text(SolveStatus.LIMIT, None, None) == (
        "am Zeitlimit beendet, Abstand zum besten Plan unbekannt"
    )
    assert text(SolveStatus.LIMIT, 8.0, 0.1) == "am Zeitlimit beendet"
    assert text(SolveStatus.NOT_RUN, None, None) == "nicht gerechnet (Zeitlimit)"
    assert text(SolveStatus.OPTIMAL, 9.0, 0.0) == "bewiesen optimal"
