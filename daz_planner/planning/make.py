"""The planning as a whole: from the expectation to the plan that is handed out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner import rules
from daz_planner.german import listed
from daz_planner.planning.announced import with_announced, within_rooms
from daz_planner.planning.balance import check_balance
from daz_planner.planning.bill import bill_of, list_ways, with_list_ways, with_regular_seats
from daz_planner.planning.children import NOBODY, Seating, seat_list
from daz_planner.planning.counted import CountedUse
from daz_planner.planning.explain import explain_openings
from daz_planner.planning.grades import HARD
from daz_planner.planning.hours import planned_together
from daz_planner.planning.list_in_plan import hand_out_later_seats
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.plan import (
    BillItem,
    ChildSeat,
    Flow,
    Opening,
    Plan,
    SolveStatus,
    StageResult,
    WaitingPlace,
)
from daz_planner.planning.plan_hints import plan_hints
from daz_planner.planning.problem import (
    FloatArray,
    IntArray,
    Problem,
    all_minutes,
    build_problem,
    group_children,
)
from daz_planner.planning.reasons import seat_reasons
from daz_planner.planning.regular import plan_regular, with_regular_goal
from daz_planner.planning.side_by_side import Task, solve_all
from daz_planner.planning.stages import Budget, Solution
from daz_planner.planning.waiting import waiting_places
from daz_planner.simulation.expectation import Outlook, expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.forecast import Forecast

Progress = Callable[[float, str], None]
_SMALLEST_FLOW = 1e-6
_EXPLAIN_SECONDS = 10.0
_LIST_SECONDS = 10.0
"""At least so long the children of the list are matched with their later seats."""


def make_plan(
    district: District,
    scenario: Scenario,
    forecast: Forecast,
    *,
    progress: Progress | None = None,
    seconds: float | None = None,
    least: Mapping[str, Sequence[int]] | None = None,
) -> Plan:
    """Decide which classes run and who goes where.

    Parameters
    ----------
    seconds:
        Time limit, where it is not the scenario's.
    least:
        Name of a school → ``[t]`` classes that run at least, as an earlier plan announced them.

    Raises
    ------
    SolverError
        If the solver is missing or found no plan.
    ConservationError
        If the plan lost a child or counted one twice (a bug).
    """
    return _Planner(district, scenario, forecast, progress, seconds, least).plan()


class _Planner:
    """Collects the parts of the plan, one school type after the other."""

    def __init__(
        self,
        district: District,
        scenario: Scenario,
        forecast: Forecast,
        progress: Progress | None,
        seconds: float | None = None,
        least: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        self.least = least
        self.limit = scenario.rechnen.zeitlimit if seconds is None else seconds
        self.original = district
        self.canonical = canonical(district)
        self.district = district = self.canonical.district
        self.scenario = scenario
        self.forecast = forecast
        self.progress = progress
        self.seconds = {"Modell": 0.0, "Lösung": 0.0, "Erklärung": 0.0}
        self.place = {m.name: i for i, m in enumerate(district.municipalities)}
        self.outlook: Outlook = expect(build_population(district, scenario))
        shape = (len(district.schools), len(self.outlook.population.months))
        self.classes = np.zeros(shape, dtype=np.int64)
        self.class_cap = np.zeros(shape, dtype=np.int64)
        self.seats = np.zeros(shape)
        self.planning_seats = np.zeros(shape)
        self.use_children = np.zeros(shape)
        self.use_forecast = np.zeros(shape)
        self.counted = CountedUse(scenario, self.outlook)
        self.stages: list[StageResult] = []
        self.bill: list[BillItem] = []
        self.openings: list[Opening] = []
        self.children: list[ChildSeat] = []
        self.flows: list[Flow] = []
        self.waiting: list[WaitingPlace] = []
        self._solved: list[tuple[PlanningModel, IntArray, FloatArray, IntArray | None]] = []
        self._seating = NOBODY
        self._list_cut = False
        self._more_minutes = 0.0
        self._outgrown = np.zeros(len(self.outlook.population.school_types))

    def plan(self) -> Plan:
        """Solve each school type, explain the openings, and put the plan together."""
        kinds = self.outlook.population.school_types
        budget = Budget.of_seconds(self.limit)
        since = time.perf_counter()
        self._whole = build_problem(self.district, self.scenario, self.outlook, kinds)
        self._seating = seat_list(
            self.district, self._whole, self.outlook, self.scenario, budget.share(2)
        )
        self._list_cut = self._seating.cut_off
        self.seconds["Heutige Liste"] = time.perf_counter() - since
        groups = planned_together(self.district, self.scenario, kinds)
        tasks = [self._task(group) for group in groups]
        since = time.perf_counter()
        solutions = solve_all(
            tasks,
            self.scenario,
            budget,
            lambda n: self._tell(
                0.8 * n / len(groups), f"Plan für {listed(groups[n])} wird gerechnet"
            ),
        )
        for n, (task, solution) in enumerate(zip(tasks, solutions, strict=True)):
            self._take(task, solution, budget.share(4 * (len(tasks) - n)))
        self.seconds["Lösung"] += time.perf_counter() - since
        self.children = seat_reasons(
            self.district,
            self.scenario,
            self._whole,
            self._seating,
            classes=self.classes[self._whole.schools],
        )
        self._tell(0.8, "Neue Klassen werden begründet")
        self._explain(Budget.of_seconds(max(_EXPLAIN_SECONDS, self.limit / 2)))
        self.regular = plan_regular(self.district, self.scenario, self.outlook)
        self._tell(1.0, "Plan ist gerechnet")
        plan = Plan(
            district=self.district,
            scenario=self.scenario,
            forecast=self.forecast,
            months=self.outlook.population.months,
            classes=self.classes,
            seats=self.seats,
            planning_seats=self.planning_seats,
            use_today=self.outlook.use_today,
            use_children=self.use_children,
            use_forecast=self.use_forecast,
            minutes=all_minutes(self.district, self.scenario),
            class_cap=self.class_cap,
            weekly_hours=self._weekly_hours(),
            stages=with_regular_goal(self.stages, self.scenario.ziele, self.regular),
            openings=tuple(self.openings),
            children=tuple(self.children),
            flows=tuple(self.flows),
            waiting=tuple(self.waiting),
            demand=self._demand(),
            place_demand=np.array(self.outlook.demand, dtype=np.float64),
            seconds=self.seconds,
            regular=self.regular,
            counted_today=self.counted.today,
            bill=with_regular_seats(self.bill, self.regular),
        )
        hints = plan_hints(plan, self.outlook.population, self._seating, self._more_minutes)
        return self._in_the_order_of_the_workbook(replace(plan, hints=tuple(hints)))

    def _in_the_order_of_the_workbook(self, plan: Plan) -> Plan:
        """Back from sorted schools, municipalities and children to the rows of the input."""
        schools, places = self.canonical.school, self.canonical.municipality
        back = np.argsort(schools)
        position = {child.pupil_id: c for c, child in enumerate(self.original.newcomers)}
        openings = (replace(o, school=int(schools[o.school])) for o in plan.openings)
        flows = (
            replace(f, school=int(schools[f.school]), municipality=int(places[f.municipality]))
            for f in plan.flows
        )
        children = (child.with_schools(schools) for child in plan.children)
        return replace(
            plan,
            district=self.original,
            classes=plan.classes[back],
            seats=plan.seats[back],
            planning_seats=plan.planning_seats[back],
            use_today=plan.use_today[back],
            use_children=plan.use_children[back],
            use_forecast=plan.use_forecast[back],
            minutes=plan.minutes[np.argsort(places)][:, back],
            place_demand=(
                None if plan.place_demand is None else plan.place_demand[:, np.argsort(places)]
            ),
            class_cap=plan.class_cap[back],
            weekly_hours=plan.weekly_hours[back],
            counted_today=None if plan.counted_today is None else plan.counted_today[back],
            openings=tuple(sorted(openings, key=lambda o: (o.month, o.school))),
            children=tuple(sorted(children, key=lambda c: position[c.child.pupil_id])),
            flows=tuple(sorted(flows, key=lambda f: (f.month, f.municipality, f.school))),
            waiting=tuple(
                replace(w, municipality=int(places[w.municipality])) for w in plan.waiting
            ),
        )

    def _tell(self, share: float, what: str) -> None:
        if self.progress is not None:
            self.progress(share, what)

    def _task(self, kinds: tuple[str, ...]) -> Task:
        """The model of a school type, or of several that share teacher hours."""
        since = time.perf_counter()
        problem = build_problem(self.district, self.scenario, self.outlook, kinds)
        seating = self._seating.of_schools(problem.schools)
        unseated = self._listed(kinds) - set(seating.school)
        groups = group_children(self.district, problem, self.outlook, unseated)
        soon = tuple(
            (t, group)
            for t in sorted(set(seating.month.values()) - {0})
            for group in group_children(
                self.district,
                problem,
                self.outlook,
                {c for c, m in seating.month.items() if m == t},
            )
        )
        problem = problem.with_children(seating.use, groups, soon)
        calendar, least = problem.may_open, self._announced(problem)
        if least is not None:
            problem = with_announced(problem, least)
        task = Task(PlanningModel(problem), None if least is None else (calendar, least))
        self.seconds["Modell"] += time.perf_counter() - since
        return task

    def _listed(self, kinds: tuple[str, ...]) -> set[int]:
        """Children of today's list of these school types."""
        newcomers = enumerate(self.district.newcomers)
        return {c for c, child in newcomers if child.school_type in kinds}

    def _take(self, task: Task, solution: Solution, seconds: float) -> None:
        """Hand out the seats of one problem's solution and read its part of the plan."""
        problem = task.model.problem
        kinds = problem.school_types
        decided = list_ways(
            problem,
            (
                (self.place[self.district.newcomers[c].municipality], s)
                for c, s in sorted(self._seating.of_schools(problem.schools).school.items())
            ),
        )
        handed = hand_out_later_seats(
            self.district,
            self.scenario,
            self.outlook,
            self._whole,
            task.model,
            self._seating,
            solution.values,
            max(_LIST_SECONDS, seconds),
        )
        self._seating = handed.seating
        self._more_minutes += handed.more_minutes
        if (handed.cut_off or self._list_cut) and self._listed(kinds):
            self.stages.append(
                StageResult(
                    "+".join(kinds), "heutige_liste", 0.0, None, None, SolveStatus.LIMIT, 0.0
                )
            )
        stages = with_list_ways(solution.stages, decided)
        self.stages.extend(_with_waits(stages, task.model, "+".join(kinds)))
        self._read(problem, task.model, self._seating.of_schools(problem.schools), handed.values)
        self.bill.extend(decided)

    def _announced(self, problem: Problem) -> IntArray | None:
        """``[s, t]`` classes of the problem that run at least; ``None`` without an earlier plan."""
        if self.least is None:
            return None
        rows = [
            self.least.get(self.district.schools[s].name, problem.base[n].tolist())
            for n, s in enumerate(problem.schools.tolist())
        ]
        shape = problem.base.shape
        return within_rooms(problem, np.array(rows, dtype=np.int64).reshape(shape))

    def _read(
        self, problem: Problem, model: PlanningModel, seating: Seating, values: FloatArray
    ) -> None:
        """Take the plan of one problem out of the solver's values."""
        rows = problem.schools
        classes = model.reached_classes(values)
        self.classes[rows] = classes
        self.class_cap[rows] = problem.class_cap.astype(np.int64)
        self.seats[rows] = problem.seats(classes)
        self.planning_seats[rows] = problem.planning_size * classes
        self.use_children[rows] = seating.use
        self._read_children(problem, seating)
        forecast = self._read_flows(problem, model, values)
        self.use_forecast[rows] = forecast
        rows = problem.schools
        use = self.outlook.use_today[rows] + self.use_children[rows] + self.use_forecast[rows]
        check_balance(problem, model, values, self.seats[rows], use)
        self.bill.extend(bill_of(model, values))
        hit = self._cut_off(problem.school_types)
        use = problem.use_today + self.use_children[rows] + forecast
        strict = self.scenario.klassen.klassenstufen_spanne == HARD
        self.waiting.extend(
            waiting_places(self.district, model, values, use, hit, strict_spans=strict)
        )
        self._solved.append((model, classes, use, self._announced(problem)))

    def _explain(self, budget: Budget) -> None:
        """The reason of each opening, within a time of its own."""
        since = time.perf_counter()
        for model, classes, use, announced in self._solved:
            hit = self._cut_off(model.problem.school_types)
            self.openings.extend(
                explain_openings(
                    self.district,
                    self.scenario,
                    model,
                    classes,
                    use,
                    None if hit else budget,
                    announced,
                )
            )
        self.seconds["Erklärung"] += time.perf_counter() - since

    def _read_children(self, problem: Problem, seating: Seating) -> None:
        """Children of today's list: flows of those with a seat, and who outgrows the type."""
        for c, s in sorted(seating.school.items()):
            place = self.place[self.district.newcomers[c].municipality]
            self._add_flow(problem, place, s, seating.month[c], 1.0)
            child = self.district.newcomers[c]
            self.counted.add_child(problem, s, seating.month[c], child)
        for group in problem.groups:
            if group.until < problem.month_count:
                kind = problem.school_types[group.kind]
                waiting = sum(c not in seating.school for c in group.children)
                self._outgrown[self.outlook.population.school_types.index(kind)] += waiting

    def _add_flow(self, problem: Problem, i: int, s: int, t: int, pupils: float) -> None:
        self.flows.append(Flow(i, int(problem.schools[s]), t, pupils, float(problem.minutes[i, s])))

    def _read_flows(self, problem: Problem, model: PlanningModel, values: FloatArray) -> FloatArray:
        use = np.zeros_like(problem.use_today)
        for (i, s, t), variable in model.flows.items():
            pupils = float(values[variable.index])
            if pupils > _SMALLEST_FLOW:
                self._add_flow(problem, i, s, t, pupils)
                use[s] += pupils * problem.survival[problem.kind[s], t]
                self.counted.add_forecast(problem, s, t, pupils)
        return use

    def _demand(self) -> FloatArray:
        """``[k, t]`` demand for seats: forecast, changes of type, and today's list in month 0."""
        demand = np.array(self.outlook.demand.sum(axis=1), dtype=np.float64)
        for child in self.district.newcomers:
            demand[self.outlook.population.school_types.index(child.school_type), 0] += 1.0
        # Who changes the type in August before a seat was found is demand of the new type then.
        demand[:, 0] -= self._outgrown
        return demand

    def _weekly_hours(self) -> FloatArray:
        hours = np.zeros(self.classes.shape)
        use = self.counted.pupils
        if use is None:
            use = self.outlook.use_today + self.use_children + self.use_forecast
        for t, day in enumerate(self.outlook.population.months):
            rule = rules.teacher_hours(day)
            for s, school in enumerate(self.district.schools):
                classes = float(self.classes[s, t])
                hours[s, t] = rule.hours(school.school_type, classes, float(use[s, t]))
        return hours

    def _cut_off(self, kinds: tuple[str, ...]) -> bool:
        """Whether a goal of these school types ended at the time limit."""
        return any(
            stage.status.is_cut_off
            for stage in self.stages
            if set(stage.school_type.split("+")) & set(kinds)
        )


def _with_waits(
    stages: Sequence[StageResult], model: PlanningModel, kinds: str
) -> list[StageResult]:
    """The stages; the waiting months too where nobody waits but those whose seat is decided."""
    decided = -model.constant("wartemonate")
    if not decided or any(stage.goal in ("wartemonate", "preise") for stage in stages):
        return list(stages)
    waits = StageResult(kinds, "wartemonate", decided, decided, 0.0, SolveStatus.OPTIMAL, 0.0)
    return [waits, *stages]
