"""What one assumption does: the first scenario with this one of another scenario, against itself.

Of each piece that differs (:mod:`daz_planner.planning.compare_switches`) the highest need in
expectation is known in milliseconds; for new classes and waiting the plan is made again, for at
most :data:`MOST_PLANS` pieces. What the pieces together do beyond their sum, or short of it, is
their interaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from daz_planner.planning.make import make_plan
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population
from daz_planner.simulation.simulate import simulate

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.planning.compare_switches import Switch
    from daz_planner.planning.plan import Plan
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.forecast import FloatArray

MOST_PLANS = 24
"""So many plans with one assumption switched are made at most, all scenarios together."""
_NOISE = 1e-6


@dataclass(frozen=True)
class Course:
    """What a plan comes to, month by month (``[t]``), the whole district together."""

    need: FloatArray
    """Expected pupils who need a VKA seat."""
    opened: FloatArray
    """Classes that open in the month."""
    waiting: FloatArray
    """Expected children who wait."""
    cut_off: bool
    """Whether the plan ended at the time limit."""

    def figures(self, months: int) -> tuple[float, float, float, float]:
        """Within the first months: highest need, need at their end, new classes, waiting months."""
        return (
            float(self.need[:months].max()),
            float(self.need[months - 1]),
            float(self.opened[:months].sum()),
            float(self.waiting[:months].sum()),
        )


@dataclass(frozen=True)
class Effect:
    """Change of the highest need, of the need at the end, of new classes and of waiting months.

    ``None`` where it was not computed.
    """

    need: float | None
    end: float | None
    classes: float | None
    waiting: float | None


@dataclass(frozen=True)
class Tornado:
    """How another scenario comes to differ from the first one.

    Attributes
    ----------
    run:
        Position of the other scenario.
    pieces:
        What differs, strongest effect first, with the effect of each alone.
    together:
        The whole difference.
    interaction:
        The difference that the pieces alone do not explain; ``None`` where a piece is missing.
    left_out:
        How many pieces were not planned because there were too many.
    failed:
        How many pieces have no plan of their own: they cannot be planned without the others.
    cut_off:
        How many of their plans ended at the time limit; what they do to classes and waiting is not
        known then.
    """

    run: int
    pieces: tuple[tuple[Switch, Effect], ...]
    together: Effect
    interaction: Effect
    left_out: int
    failed: int
    cut_off: int


def course_of(plan: Plan) -> Course:
    """The course of a plan."""
    months = len(plan.months)
    opened, waiting = np.zeros(months), np.zeros(months)
    for opening in plan.openings:
        opened[opening.month] += opening.classes
    for place in plan.waiting:
        waiting[place.month] += place.pupils
    need = np.asarray(plan.forecast.vka_expected.sum(axis=0), dtype=np.float64)
    return Course(need, opened, waiting, plan.hit_limit)


def course_of_switch(district: District, scenario: Scenario) -> Course:
    """The course of the plan of a scenario, without futures: a plan counts on expectations."""
    few = scenario.rechnen.model_copy(update={"laeufe": 1})
    forecast = simulate(district, scenario.model_copy(update={"rechnen": few}))
    return course_of(make_plan(district, scenario, forecast))


def need_of_switch(district: District, scenario: Scenario) -> FloatArray:
    """``[t]`` expected pupils who need a VKA seat under a scenario."""
    outlook = expect(build_population(canonical(district).district, scenario))
    return np.asarray(outlook.pupils[:, :2].sum(axis=(0, 1)), dtype=np.float64)


def planned_switches(
    pairs: Mapping[int, tuple[Switch, ...]],
    needs: Mapping[tuple[int, int], FloatArray | None],
    start: FloatArray,
    most: int,
) -> tuple[tuple[int, int], ...]:
    """The pieces (scenario, number) that get a plan, at most so many.

    A single piece is the whole difference and needs none. The scenarios take turns. Pieces that
    leave the need as it is (``start``) come first, because only a plan tells what they do; then
    those that change it most.
    """
    turns: list[tuple[int, int, int]] = []
    for n, pieces in pairs.items():
        if len(pieces) < 2:
            continue
        change = {}
        for k in range(len(pieces)):
            need = needs.get((n, k))
            if need is not None:
                months = min(len(need), len(start))
                change[k] = float(np.abs(need[:months] - start[:months]).max())
        ranked = sorted(change, key=lambda k: (change[k] > _NOISE, -change[k], k))
        turns.extend((turn, n, k) for turn, k in enumerate(ranked))
    return tuple((n, k) for _, n, k in sorted(turns)[:most])


def tornados(
    courses: Mapping[int, Course],
    base: int,
    months: int,
    pairs: Mapping[int, tuple[Switch, ...]],
    needs: Mapping[tuple[int, int], FloatArray | None],
    planned: tuple[tuple[int, int], ...],
    outcomes: Mapping[int, Any],
) -> tuple[Tornado, ...]:
    """The effects by scenario, over the first ``months`` months.

    Parameters
    ----------
    outcomes:
        Position in ``planned`` → :class:`Course`, anything else where the plan failed.
    """
    start = courses[base].figures(months)
    late = courses[base].cut_off

    def change(course: Course) -> Effect:
        whole = _change(course.figures(months), start)
        # What a plan that was cut off opens says nothing; the need does not depend on it.
        return Effect(whole.need, whole.end, None, None) if late or course.cut_off else whole

    results = {key: outcomes.get(n) for n, key in enumerate(planned)}
    found = []
    for n, pieces in pairs.items():
        if n not in courses or not pieces:
            continue
        together = change(courses[n])
        listed = []
        for k, switch in enumerate(pieces):
            result = courses[n] if len(pieces) == 1 else results.get((n, k))
            if isinstance(result, Course):
                effect = change(result)
            else:
                need = needs.get((n, k))
                if need is None:
                    effect = Effect(None, None, None, None)
                else:
                    highest, end = float(need[:months].max()), float(need[months - 1])
                    effect = Effect(highest - start[0], end - start[1], None, None)
            listed.append((switch, effect))
        wanted = [(n, k) for k in range(len(pieces))] if len(pieces) > 1 else []
        failed = sum(key in results and not isinstance(results[key], Course) for key in wanted)
        failed += sum(needs.get(key) is None for key in wanted if key not in results)
        found.append(
            Tornado(
                run=n,
                pieces=tuple(sorted(listed, key=lambda item: _strength(item[1]))),
                together=together,
                interaction=_rest(together, [effect for _, effect in listed]),
                left_out=sum(key not in results for key in wanted if needs.get(key) is not None),
                failed=failed,
                cut_off=sum(_ended_early(results.get(key)) for key in wanted),
            )
        )
    return tuple(found)


def _ended_early(result: Any) -> bool:
    return isinstance(result, Course) and result.cut_off


def _change(figures: tuple[float, ...], start: tuple[float, ...]) -> Effect:
    return Effect(*(_clean(value - first) for value, first in zip(figures, start, strict=True)))


def _clean(value: float) -> float:
    return 0.0 if abs(value) < _NOISE else value


def _strength(effect: Effect) -> tuple[float, float, float]:
    need = max(abs(effect.need or 0.0), abs(effect.end or 0.0))
    return (-need, -abs(effect.classes or 0.0), -abs(effect.waiting or 0.0))


def _rest(together: Effect, single: list[Effect]) -> Effect:
    def left(name: str) -> float | None:
        whole = getattr(together, name)
        parts = [getattr(effect, name) for effect in single]
        return None if whole is None or None in parts else _clean(whole - sum(parts))

    return Effect(left("need"), left("end"), left("classes"), left("waiting"))
