"""The planning against its targets: gaps, values and times of every stage, in one run.

    taskset -c 2,3 python benchmarks/planning.py [real] [saxony] [textbook] [building]

* ``real``: the real district, 12, 24 and 36 months, turnover × 1, 1.5 and 2.5.
* ``saxony``: 844 schools and 419 municipalities, 12 months, turnover × 1.5.
* ``textbook``: our time beside the textbook model in PuLP (openings as monthly increments, flows
  as whole numbers, one goal as a weighted sum) on the same data and solver.
* ``building``: the planning step through PuLP beside the same matrices handed to HiGHS directly.

The gap of a stage is the one that holds given the values of the stages before it; "bewiesen" means
that these are proven too.  Everything runs in this process with two threads.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import highspy
import planning_cases as cases
import planning_textbook as textbook

from daz_planner.planning.model import PlanningModel
from daz_planner.planning.plan import SolveStatus
from daz_planner.planning.problem import Problem
from daz_planner.planning.session import relative_gap
from daz_planner.planning.stages import Budget, Solution, _StageRun, solve_stages
from daz_planner.scenario.model import Scenario

RAW: dict[int, list[tuple[str, float, float | None, float, bool]]] = {}
_note = _StageRun._note


def _keep_raw(
    run: _StageRun,
    goal: str,
    value: float,
    bound: float | None,
    status: SolveStatus,
    seconds: float,
) -> None:
    """The bound as the solver gave it, before an earlier cut-off goal takes its meaning away."""
    gap = None if bound is None else relative_gap(value, bound)
    RAW.setdefault(id(run.solution), []).append((goal, value, gap, seconds, not run.interrupted))
    _note(run, goal, value, bound, status, seconds)


_StageRun._note = _keep_raw  # type: ignore[method-assign]


@dataclass(frozen=True)
class Solved:
    """The stages of one type: goal, value, gap, seconds, and whether all before are proven."""

    kind: str
    stages: list[tuple[str, float, float | None, float, bool]]
    model: PlanningModel
    solution: Solution
    worked: float
    """Processor seconds, model and goals."""


def solve_all(scenario: Scenario, problems: dict[str, Problem], seconds: float) -> list[Solved]:
    """All school types as ``make_plan`` solves them: side by side, one thread each."""
    one_thread = scenario.model_copy(
        update={"rechnen": scenario.rechnen.model_copy(update={"threads": 1})}
    )
    deadline = time.perf_counter() + seconds

    def solve(kind: str) -> Solved:
        since = time.thread_time()
        model = PlanningModel(problems[kind])
        solution = solve_stages(model, one_thread, Budget(deadline), 1)
        worked = time.thread_time() - since
        return Solved(kind, RAW.pop(id(solution)), model, solution, worked)

    with ThreadPoolExecutor(len(problems)) as pool:
        return list(pool.map(solve, sorted(problems)))


def show(solved: list[Solved], target: float) -> float:
    """Print every stage that took a solver or is not proven; the largest gap."""
    worst = 0.0
    for one in solved:
        parts = []
        for goal, value, gap, seconds, proven in one.stages:
            worst = max(worst, 1.0 if gap is None else gap)
            told = "keine Schranke" if gap is None else f"{100 * gap:.2f} %"
            mark = "" if gap is not None and gap <= target else " (!)"
            after = "" if proven else " nach offenem Ziel"
            parts.append(f"{goal} {value:.2f} [{told}{mark}{after}, {seconds:.1f} s]")
        print(f"  {one.kind} ({one.worked:.1f} s of processor time): " + "; ".join(parts))
    return worst


def _judge(worst: float, target: float) -> None:
    print(f"  largest gap {100 * worst:.2f} %: target {'met' if worst <= target else 'NOT met'}")


def real() -> None:
    """Target: 0.5 % in 10 s at 12 months, 1 % in 60 s at 24 and 36."""
    for months, limit, target in ((12, 10.0, 0.005), (24, 60.0, 0.01), (36, 60.0, 0.01)):
        for factor in (1.0, 1.5, 2.5):
            scenario, problems = cases.real_problems(factor, months, limit)
            since, worked = time.perf_counter(), time.process_time()
            solved = solve_all(scenario, problems, limit)
            spent, worked = time.perf_counter() - since, time.process_time() - worked
            print(
                f"district, {months} months, turnover × {factor:g}: {spent:.1f} s of "
                f"{limit:.0f}, {worked:.0f} s of processor time"
            )
            worst = show(solved, target)
            _judge(worst, target)


def saxony() -> None:
    """Target: 2 % in every stage in 120 s and 2 GB."""
    scenario, problems = cases.saxon_problems(1.5, 12, 120.0)
    since, worked = time.perf_counter(), time.process_time()
    solved = solve_all(scenario, problems, 120.0)
    spent, worked = time.perf_counter() - since, time.process_time() - worked
    print(
        f"Saxony (seed {cases.SEED}), 12 months, turnover × 1.5: {spent:.1f} s of 120, "
        f"{worked:.0f} s of processor time"
    )
    worst = show(solved, 0.02)
    _judge(worst, 0.02)
    _memory()


def compare() -> None:
    """At equal time the gap of both, at equal gap the time of both."""
    limit = 20.0
    for factor in (1.5, 2.5):
        scenario, problems = cases.real_problems(factor, 12, limit)
        for kind in ("GS", "OS") if factor < 2 else ("OS",):
            problem = problems[kind]
            since = time.perf_counter()
            [ours] = solve_all(scenario, {kind: problem}, limit)
            spent = time.perf_counter() - since
            ours_gap = max(1.0 if gap is None else gap for _, _, gap, _, _ in ours.stages)
            told = textbook.value_of(ours, problem)
            gap, bound, value, seconds = textbook.solve(problem, limit)
            print(
                f"{kind} × {factor:g}: ours {spent:.1f} s, largest gap of a goal "
                f"{100 * ours_gap:.2f} %; textbook {seconds:.1f} s, gap {100 * gap:.2f} %; the "
                f"weighted sum of our plan {told:.0f}, of the textbook's {value:.0f}, its bound "
                f"{bound:.0f}"
            )
            if ours_gap < gap:
                reached = textbook.solve(problem, 3 * limit, gap=max(ours_gap, 1e-6))
                print(
                    f"  at our gap: textbook {reached[3]:.1f} s with {100 * reached[0]:.2f} % "
                    f"(limit {3 * limit:.0f} s)"
                )


def building() -> None:
    """The planning step through PuLP beside the same matrices handed to HiGHS directly.

    Both solve the same goals; the direct way is the whole step less the time in which PuLP's
    objects are made and turned into arrays.
    """
    for name, problems, scenario in (
        ("district × 1, 12 months", *reversed(cases.real_problems(1.0, 12, 60.0))),
        ("district × 1, 36 months", *reversed(cases.real_problems(1.0, 36, 60.0))),
    ):
        ratios, times = [], []
        for _ in range(3):
            since = time.perf_counter()
            models = [PlanningModel(problem) for problem in problems.values()]
            made = time.perf_counter() - since
            since = time.perf_counter()
            for model in models:
                textbook.matrix_of(model)
            turned = time.perf_counter() - since
            since = time.perf_counter()
            for model in models:
                solve_stages(model, scenario, Budget.of_seconds(60.0), 1)
            solving = time.perf_counter() - since
            ratios.append((made + solving) / (solving - turned))
            times.append((made + turned, made + solving))
        overhead, whole = min(times)
        print(
            f"{name}: step through PuLP {whole:.2f} s, of which building and handing over "
            f"{overhead:.2f} s; beside the direct way {statistics.median(ratios):.2f} (target 1.5)"
        )
    _, problems = cases.saxon_problems(1.5, 12, 120.0)
    since = time.perf_counter()
    models = [PlanningModel(problem) for problem in problems.values()]
    made = time.perf_counter() - since
    since = time.perf_counter()
    for model in models:
        textbook.matrix_of(model)
    turned = time.perf_counter() - since
    print(f"Saxony: building {made:.2f} s, handing over {turned:.2f} s, of 120 s")


def _memory() -> None:
    try:
        import resource
    except ImportError:
        return
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def main() -> None:
    """Measure and print."""
    parts = {"real": real, "saxony": saxony, "textbook": compare, "building": building}
    chosen = sys.argv[1:] or list(parts)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors "
        f"(load {load:.1f} at the start), Python {platform.python_version()}, "
        f"HiGHS {highspy.Highs().version()}"
    )
    for name in chosen:
        parts[name]()


if __name__ == "__main__":
    main()
