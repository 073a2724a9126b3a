"""Problems that share nothing, solved at the same time where more than one thread is allowed.

With HiGHS each problem is solved by one thread and none of them sees the others, so the plans do
not depend on the number of threads as long as the time limit is not reached.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daz_planner.planning.stages import Budget, Solution, solve_stages

if TYPE_CHECKING:
    from daz_planner.planning.model import PlanningModel
    from daz_planner.planning.problem import BoolArray, IntArray
    from daz_planner.scenario.model import Scenario

Announced = tuple["BoolArray", "IntArray"]


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
    if not highs or rechnen.threads < 2 or len(tasks) < 2:
        solutions = []
        for n, task in enumerate(tasks):
            tell(n)
            left = len(tasks) - n
            solutions.append(solve_stages(task.model, scenario, budget, left, task.announced))
        return solutions
    # All at once: one that ends early leaves the processors to those that are harder.
    with ThreadPoolExecutor(min(len(tasks), max(2, rechnen.threads))) as pool:
        running = [
            pool.submit(solve_stages, task.model, scenario, budget, 1, task.announced)
            for task in tasks
        ]
        solutions = []
        for n, one_of_them in enumerate(running):
            tell(n)
            solutions.append(one_of_them.result())
        return solutions
