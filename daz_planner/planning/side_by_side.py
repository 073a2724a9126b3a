"""Problems that share nothing, solved at the same time where more than one thread is allowed.

The solver works in threads of its own, so that whoever waits for it can be interrupted.

With HiGHS each problem is solved by one thread and none of them sees the others, so the plans do
not depend on the number of threads as long as the time limit is not reached.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daz_planner.planning.stages import Budget, Solution, solve_stages

if TYPE_CHECKING:
    from daz_planner.planning.model import PlanningModel
    from daz_planner.planning.problem import BoolArray, IntArray
    from daz_planner.scenario.model import Scenario

Announced = tuple["BoolArray", "IntArray"]

THREADS = "daz-solver"
"""How the names of the solver's threads begin."""
_LOOK_EVERY = 0.2
"""Seconds after which waiting looks up: Windows cannot be interrupted in the midst of it."""


@dataclass(frozen=True)
class Task:
    """A model and what an earlier plan announced of it (see :func:`solve_stages`)."""

    model: PlanningModel
    announced: Announced | None = None


def solve_all(
    tasks: Sequence[Task],
    scenario: Scenario,
    budget: Budget,
    tell: Callable[[int], None] = lambda _: None,
) -> list[Solution]:
    """The solutions in the order of the tasks.

    Parameters
    ----------
    tell:
        Called with the number of each task when its turn comes, from this thread.

    Raises
    ------
    SolverError
        As :func:`solve_stages`.
    """
    rechnen = scenario.rechnen
    highs = rechnen.loeser == "highs"
    if highs:
        # HiGHS gains little from further threads of its own, and keeps its result without them.
        one = rechnen.model_copy(update={"threads": 1})
        scenario = scenario.model_copy(update={"rechnen": one})
    if not highs:
        solutions = []
        for n, task in enumerate(tasks):
            tell(n)
            left = len(tasks) - n
            solutions.append(solve_stages(task.model, scenario, budget, left, task.announced))
        return solutions
    # All at once, even with fewer processors: none is left without time by one that is harder.
    at_once = max(1, len(tasks)) if rechnen.threads > 1 else 1
    pool = ThreadPoolExecutor(at_once, thread_name_prefix=THREADS)
    try:
        running = [
            pool.submit(solve_stages, task.model, scenario, budget, left, task.announced)
            for task, left in zip(tasks, _shares(len(tasks), at_once), strict=True)
        ]
        solutions = []
        for n, one_of_them in enumerate(running):
            tell(n)
            solutions.append(_result(one_of_them))
        return solutions
    except BaseException:
        budget.stopped.set()
        raise
    finally:
        pool.shutdown(wait=not budget.stopped.is_set(), cancel_futures=True)


def _shares(tasks: int, at_once: int) -> list[int]:
    """Among how many problems each one shares the time that is left when its turn comes."""
    return [1 if at_once > 1 else tasks - n for n in range(tasks)]


def _result(running: Future[Solution]) -> Solution:
    while True:
        try:
            return running.result(timeout=_LOOK_EVERY)
        except TimeoutError:
            # Done by now: its result, or its own error.
            if running.done():
                return running.result()
