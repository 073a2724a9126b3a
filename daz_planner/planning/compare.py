"""Several scenarios on the same random numbers: the plan of each, and what each assumption does.

The random streams are keyed by run, process and month (see :mod:`daz_planner.simulation.streams`),
so scenarios that differ in one parameter share all other randomness; number of futures and seed are
those of the first scenario. A scenario that fails does not stop the others.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from time import perf_counter
from typing import TYPE_CHECKING, Any

from daz_planner.errors import ConservationError, DazError, InputError, ScenarioError, SolverError
from daz_planner.planning.compare_effects import (
    MOST_PLANS,
    Course,
    Tornado,
    course_of,
    course_of_switch,
    need_of_switch,
    planned_switches,
    tornados,
)
from daz_planner.planning.compare_pool import as_completed
from daz_planner.planning.compare_switches import Switch, switches
from daz_planner.planning.whole import whole_plan

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.district.model import District
    from daz_planner.planning.plan import Plan
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.forecast import FloatArray

Progress = Callable[[float, str], None]
_PLAN_WEIGHT = 3.0
"""A whole plan takes about so many times as long as the plan of one switched assumption."""


class FailureKind(Enum):
    """Why a scenario has no plan. The value is what a planner reads."""

    SCENARIO = "Szenario fehlerhaft"
    INPUT = "passt nicht zur Eingabe"
    SOLVER = "kein Plan gefunden"
    BUG = "Fehler im Programm"


@dataclass(frozen=True)
class Failure:
    """Why a scenario has no plan: kind, German sentence, and the trace where it is a bug."""

    kind: FailureKind
    text: str
    trace: str = ""

    @classmethod
    def of(cls, error: Exception) -> Failure:
        """What an error says to the planner; anything but an error on purpose is a bug."""
        trace = "".join(traceback.format_exception(error))
        if isinstance(error, ConservationError):
            return cls(FailureKind.BUG, str(error), trace)
        if isinstance(error, InputError):
            more = len([item for item in error.findings if item.is_fault])
            told = str(error.findings[0]) if more == 1 else str(error)
            return cls(FailureKind.INPUT, told)
        if isinstance(error, ScenarioError):
            return cls(FailureKind.SCENARIO, str(error))
        if isinstance(error, SolverError):
            return cls(FailureKind.SOLVER, str(error))
        if isinstance(error, DazError):
            return cls(FailureKind.INPUT, str(error))
        text = f"Damit hat das Programm nicht gerechnet ({type(error).__name__})."
        return cls(FailureKind.BUG, text, trace)


@dataclass(frozen=True)
class Case:
    """A scenario to compare: what it is planned with, or why it cannot be planned.

    ``district`` carries the findings that depend on the scenario.
    """

    name: str
    scenario: Scenario | None = None
    district: District | None = None
    failure: Failure | None = None


@dataclass(frozen=True)
class ScenarioRun:
    """One scenario and its plan, or why it has none.

    Attributes
    ----------
    name:
        Unique among the scenarios compared.
    given:
        The scenario as it was handed in; ``scenario`` has futures and seed of the first one.
    """

    name: str
    given: Scenario | None
    scenario: Scenario | None
    plan: Plan | None
    failure: Failure | None
    seconds: float = 0.0


@dataclass(frozen=True)
class Comparison:
    """Scenarios side by side.

    Attributes
    ----------
    runs:
        All scenarios in the order of the call.
    base:
        Position of the scenario that the others are compared with: the first that has a plan.
    months:
        The months that all plans have; everything is compared over them.
    tornados:
        What each differing assumption does, for each other scenario with a plan.
    """

    district: District
    runs: tuple[ScenarioRun, ...]
    base: int
    months: tuple[date, ...]
    tornados: tuple[Tornado, ...]

    @property
    def planned(self) -> tuple[ScenarioRun, ...]:
        """The scenarios that have a plan."""
        return tuple(run for run in self.runs if run.plan is not None)

    @property
    def failed(self) -> tuple[ScenarioRun, ...]:
        """The scenarios that have none."""
        return tuple(run for run in self.runs if run.plan is None)

    @property
    def cut_off(self) -> tuple[str, ...]:
        """Names of the scenarios whose plan ended at the time limit."""
        return tuple(run.name for run in self.runs if run.plan is not None and run.plan.hit_limit)


def cases(district: District, scenarios: Iterable[Scenario]) -> list[Case]:
    """Scenarios on one district, as :func:`compare` takes them."""
    return [Case(scenario.name, scenario, district) for scenario in scenarios]


def compare(
    given: Sequence[Case],
    *,
    processes: int = 1,
    check: Callable[[Plan], None] | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Plan each scenario and compare.

    Parameters
    ----------
    processes:
        How many processes plan side by side. The result is the same for any number, unless a time
        limit was hit.
    check:
        Called with each plan where it was made, at the top level of a module; what it raises is
        the failure of that scenario.

    Raises
    ------
    InputError
        If there is no scenario, or none of them could be planned (``place`` and text are those of
        the first failure).
    """
    started = _named_apart(given)
    work = _Work(tuple(started), check, *_switches(started))
    jobs = work.jobs()
    weights = {job: _PLAN_WEIGHT if job < len(started) else 1.0 for job in jobs}
    total, done = sum(weights.values()), 0.0
    plans: dict[int, ScenarioRun] = {
        n: ScenarioRun(case.name, None, None, None, case.failure)
        for n, case in enumerate(started)
        if case.failure is not None
    }
    outcomes: dict[int, Course | Failure] = {}
    for job, result in as_completed(work, _one, jobs, processes):
        done += weights[job]
        if job < len(started):
            plans[job] = _run_of(given[job], started[job], result)
        else:
            outcomes[job - len(started)] = _died() if result is None else result
        if progress is not None:
            progress(done / total, _told(len(started), plans, len(outcomes), len(work.planned)))
    runs = tuple(plans[n] for n in range(len(started)))
    return _comparison(runs, work, outcomes)


def _comparison(
    runs: tuple[ScenarioRun, ...], work: _Work, outcomes: dict[int, Course | Failure]
) -> Comparison:
    there = [n for n, run in enumerate(runs) if run.plan is not None]
    if not there:
        first = next((run.failure for run in runs if run.failure is not None), None)
        raise InputError(
            "Es gibt kein Szenario zum Vergleichen."
            if first is None
            else f"Kein Szenario ließ sich rechnen. Zuerst: {first.text}"
        )
    base = there[0]
    plans = {n: run.plan for n, run in enumerate(runs) if run.plan is not None}
    months = min((plan.months for plan in plans.values()), key=len)
    courses = {n: course_of(plan) for n, plan in plans.items()}
    found = (
        tornados(courses, base, len(months), work.pairs, work.needs, work.planned, outcomes)
        if base == work.base
        else ()
    )
    return Comparison(plans[base].district, runs, base, months, found)


@dataclass(frozen=True)
class _Work:
    """Everything that the processes share. Jobs: first the scenarios, then switched assumptions."""

    cases: tuple[Case, ...]
    check: Callable[[Plan], None] | None
    base: int
    pairs: dict[int, tuple[Switch, ...]]
    needs: dict[tuple[int, int], FloatArray | None]
    planned: tuple[tuple[int, int], ...]

    def jobs(self) -> list[int]:
        """Jobs in the order in which they are begun."""
        whole = [n for n, case in enumerate(self.cases) if case.failure is None]
        return [*whole, *range(len(self.cases), len(self.cases) + len(self.planned))]


def _one(work: _Work, job: int) -> Any:
    """The plan of a scenario, or the course of a plan with one assumption switched."""
    try:
        if job < len(work.cases):
            case, since = work.cases[job], perf_counter()
            assert case.scenario is not None and case.district is not None
            plan = whole_plan(case.district, case.scenario)
            if work.check is not None:
                work.check(plan)
            return plan, perf_counter() - since
        other, piece = work.planned[job - len(work.cases)]
        district = work.cases[other].district
        assert district is not None
        return course_of_switch(district, work.pairs[other][piece].scenario)
    except Exception as error:
        # One scenario must not stop the others, whatever happens in it.
        return Failure.of(error)


def _switches(
    started: Sequence[Case],
) -> tuple[
    int,
    dict[int, tuple[Switch, ...]],
    dict[tuple[int, int], FloatArray | None],
    tuple[tuple[int, int], ...],
]:
    """What differs from the first scenario, the need with each piece, which are planned."""
    whole = [n for n, case in enumerate(started) if case.failure is None]
    if not whole:
        return 0, {}, {}, ()
    base = whole[0]
    first = started[base].scenario
    assert first is not None
    pairs: dict[int, tuple[Switch, ...]] = {}
    needs: dict[tuple[int, int], FloatArray | None] = {}
    for n in whole[1:]:
        scenario, district = started[n].scenario, started[n].district
        assert scenario is not None and district is not None
        pairs[n] = switches(first, scenario)
        for k, switch in enumerate(pairs[n]):
            try:
                needs[n, k] = need_of_switch(district, switch.scenario)
            except DazError:
                needs[n, k] = None
    if not any(len(pieces) > 1 for pieces in pairs.values()):
        return base, pairs, needs, ()
    district = started[base].district
    assert district is not None
    try:
        start = need_of_switch(district, first)
    except DazError:
        return base, {}, {}, ()
    return base, pairs, needs, planned_switches(pairs, needs, start, MOST_PLANS)


def _named_apart(given: Sequence[Case]) -> list[Case]:
    """The cases with names that differ, futures and seed of the first one."""
    first = next((case.scenario for case in given if case.scenario is not None), None)
    names: list[str] = []
    for case in given:
        number, name = 1, case.name
        while name.casefold() in {known.casefold() for known in names}:
            number += 1
            name = f"{case.name} ({number})"
        names.append(name)
    return [
        replace(case, name=name, scenario=_on_same_numbers(case.scenario, first))
        for case, name in zip(given, names, strict=True)
    ]


def _on_same_numbers(scenario: Scenario | None, first: Scenario | None) -> Scenario | None:
    if scenario is None or first is None:
        return scenario
    same = {"laeufe": first.rechnen.laeufe, "saat": first.rechnen.saat}
    return scenario.model_copy(update={"rechnen": scenario.rechnen.model_copy(update=same)})


def _run_of(given: Case, case: Case, result: Any) -> ScenarioRun:
    if isinstance(result, tuple):
        plan, seconds = result
        return ScenarioRun(case.name, given.scenario, case.scenario, plan, None, seconds)
    failure = _died() if result is None else result
    return ScenarioRun(case.name, given.scenario, case.scenario, None, failure)


def _died() -> Failure:
    return Failure(
        FailureKind.BUG,
        "Der Rechenprozess ist abgebrochen, vielleicht aus Mangel an Arbeitsspeicher. Rechnen Sie "
        "mit weniger Prozessen (--prozesse 1).",
    )


def _told(count: int, plans: dict[int, ScenarioRun], pieces: int, all_pieces: int) -> str:
    ready = sum(run.plan is not None for run in plans.values())
    text = f"{ready} von {count} Szenarien gerechnet"
    failed = len(plans) - ready
    if failed:
        text += f", {failed} gescheitert"
    if len(plans) == count and all_pieces:
        text += f"; einzelne Annahmen: {pieces} von {all_pieces}"
    return text
