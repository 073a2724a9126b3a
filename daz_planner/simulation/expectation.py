"""Run 0: the exact expectation, by convolution of arrivals with survivals.

A cohort is a number of pupils who start at one time with the same stays and grades.  The stay and
the steps of the school ladder are independent, so the expected pupils of a cohort in type k and
phase p after a months are ``size · P(type k after the changes of school year) · S_p(a)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from daz_planner.simulation.calendar import FloatArray, IntArray
from daz_planner.simulation.conservation import check_conservation
from daz_planner.simulation.forecast import FLOW_NAMES
from daz_planner.simulation.population import Population
from daz_planner.simulation.stays import StayModel, StayTable
from daz_planner.simulation.today import Group


@dataclass(frozen=True)
class Survival:
    """Shares of a cohort after 0, 1, … months: in phase 1, 2, 3, in a VKA, and at all.

    Moving away is included in all but ``stay``, which is the share whose stay is not over yet.
    """

    phases: FloatArray
    """``[p, a]``"""
    stay: FloatArray
    """``[a]`` share whose three phases are not over, nobody moving away."""

    @property
    def vka(self) -> FloatArray:
        """``[a]`` share that needs a VKA seat."""
        return np.asarray(self.phases[0] + self.phases[1], dtype=np.float64)


@dataclass(frozen=True)
class Cohort:
    """Pupils who start together; ``municipality`` is ``None`` for a spread over all by share."""

    size: float
    month: int
    kind: int
    start: FloatArray
    survival: Survival
    school: int = -1
    municipality: int | None = None
    registered: bool = False
    """Whether the cohort is new demand (a registration) rather than on the roster already."""
    on_list: bool = False
    """Whether the cohort is a child of today's waiting list."""


@dataclass(frozen=True)
class Outlook:
    """Expectation of everything the planning counts on. Axes: k, p, t as in the forecast.

    Attributes
    ----------
    pupils:
        ``[k, p, t]`` expected pupils.
    flows:
        ``[k, t]`` expected pupils by :data:`~daz_planner.simulation.forecast.FLOW_NAMES`.
    use_today:
        ``[s, t]`` expected VKA seats in use by the pupils of today's roster.
    demand:
        ``[k, i, t]`` expected new demand for seats: registrations and changes of school type.
        Today's waiting list is not in it.
    survival:
        ``[k, t0, t]`` share of the demand of month t0 that still needs its seat in month t.
    """

    pupils: FloatArray
    flows: dict[str, FloatArray]
    use_today: FloatArray
    demand: FloatArray
    survival: FloatArray
    population: Population
    _seat: tuple[FloatArray, ...]
    _after: IntArray

    def child_survival(self, kind: int, grade: int | None) -> FloatArray:
        """``[t0, t]`` share of children of a type and grade who, seated at t0, need it at t.

        Of children whom the change of school year has led into another type before t0, none.
        """
        population = self.population
        count = population.change_count
        start = population.ladder.start_shares(kind, grade)
        curve = self._seat[kind]
        months = population.month_count
        result = np.zeros((months, months))
        for t0 in range(months):
            still = start * (self._after[count[t0]] == kind)
            if still.sum() > 0.0:
                same = (self._after[count[t0:]] == kind) @ still / still.sum()
                result[t0, t0:] = curve[: months - t0] * same
        return result

    def months_in_type(self, kind: int, grade: int | None) -> int:
        """Months, counted from the reference date, before the last of them has left the type."""
        start = self.population.ladder.start_shares(kind, grade)
        there = (self._after[self.population.change_count] == kind) @ start > 0.0
        return int(there.sum())


def expect(population: Population) -> Outlook:
    """Compute the exact expectation and check that nobody is lost."""
    months = population.month_count
    kinds = len(population.school_types)
    after = _kind_after_changes(population)
    new = tuple(_new_survival(population, model) for model in population.stays)
    outlook = Outlook(
        pupils=np.zeros((kinds, 3, months)),
        flows={name: np.zeros((kinds, months)) for name in FLOW_NAMES},
        use_today=np.zeros((population.schools, months)),
        demand=np.zeros((kinds, population.municipalities, months)),
        survival=np.zeros((kinds, months, months)),
        population=population,
        _seat=tuple(_met_survival(population, m, 0).vka for m in population.stays),
        _after=after,
    )
    for cohort in _cohorts(population, new):
        _add_pupils_and_flows(outlook, population, cohort)
        _add_demand(outlook, population, cohort)
    _finish_survival(outlook, population)
    check_conservation(
        outlook.pupils.sum(axis=1)[None], {n: f[None] for n, f in outlook.flows.items()}, 1e-6
    )
    return outlook


def _kind_after_changes(population: Population) -> IntArray:
    """``[n, position]`` school type after n changes of school year, -1 out of school."""
    ladder = population.ladder
    position = np.arange(len(ladder.kind))
    rows = [ladder.kind]
    for _ in range(int(population.change_count[-1])):
        position = np.where(position >= 0, ladder.next_position[position], -1)
        rows.append(np.where(position >= 0, ladder.kind[position], -1))
    return np.array(rows)


def _new_survival(population: Population, model: StayModel) -> Survival:
    months = population.month_count
    first, vka = model.new.survival(months)
    total = np.convolve(model.new.total_distribution(), np.concatenate(([0.0], model.phase3)))
    third = _tail(total, months) - vka
    d = population.direct_share
    only_third = _tail(np.concatenate(([0.0], model.phase3)), months)
    phases = np.array([(1 - d) * first, (1 - d) * (vka - first), (1 - d) * third + d * only_third])
    return _with_hazard(phases, population.hazard)


def _met_survival(
    population: Population, model: StayModel, phase: int | None, stay: StayTable | None = None
) -> Survival:
    """Survival of pupils met on the reference date; phase 0 is a child of the waiting list.

    ``stay`` are the months left where the months spent are known.
    """
    months = population.month_count
    if phase == 3:
        left = _tail(np.concatenate(([0.0], model.met_in_phase3)), months)
        return _with_hazard(np.array([0 * left, 0 * left, left]), population.hazard)
    table = stay or (model.new if phase == 0 else model.met(phase))
    first, vka = table.survival(months)
    total = np.convolve(table.total_distribution(), np.concatenate(([0.0], model.phase3)))
    third = _tail(total, months) - vka
    return _with_hazard(np.array([first, vka - first, third]), population.hazard)


def _with_hazard(phases: FloatArray, hazard: float) -> Survival:
    staying = (1.0 - hazard) ** np.arange(phases.shape[1])
    return Survival(phases * staying, phases.sum(axis=0))


def _tail(distribution: FloatArray, months: int) -> FloatArray:
    """``P(D > a)`` for a = 0 … months - 1, from ``distribution[d] = P(D = d)``."""
    padded = np.zeros(months)
    padded[: min(months, len(distribution))] = distribution[:months]
    return np.asarray(np.clip(1.0 - np.cumsum(padded), 0.0, 1.0), dtype=np.float64)


def _cohorts(population: Population, new: tuple[Survival, ...]) -> Iterator[Cohort]:
    for group in population.groups:
        yield _cohort_of(population, group)
    for t in range(1, population.month_count):
        for kind, share in enumerate(population.type_shares):
            size = float(population.registrations[t] * share)
            if size > 0.0:
                start = population.start_of_type[kind]
                yield Cohort(size, t, kind, start, new[kind], registered=True)


def _cohort_of(population: Population, group: Group) -> Cohort:
    survival = _met_survival(population, population.stays[group.kind], group.phase, group.stay)
    return Cohort(
        float(group.count),
        0,
        group.kind,
        group.start,
        survival,
        school=group.school,
        municipality=group.municipality,
        on_list=group.phase == 0,
    )


def _presence(outlook: Outlook, population: Population, cohort: Cohort) -> FloatArray:
    """``[k, t]`` share of the cohort that the ladder leads to type k, from its start on."""
    count = population.change_count
    kinds_at = outlook._after[count[cohort.month :] - count[cohort.month]]
    return np.array(
        [(kinds_at == kind) @ cohort.start for kind in range(len(population.school_types))]
    )


def _add_pupils_and_flows(outlook: Outlook, population: Population, cohort: Cohort) -> None:
    t0, size = cohort.month, cohort.size
    span = population.month_count - t0
    presence = _presence(outlook, population, cohort)
    phases = cohort.survival.phases[:, :span]
    alive = size * phases.sum(axis=0)
    outlook.pupils[:, :, t0:] += size * presence[:, None, :] * phases[None, :, :]
    if cohort.school >= 0:
        outlook.use_today[cohort.school, t0:] += size * presence[cohort.kind] * phases[:2].sum(0)
    flows = outlook.flows
    if t0 > 0:
        flows["arrived"][:, t0] += size * presence[:, 0]
    hazard = population.hazard
    before = presence[:, :-1]
    moved = alive[:-1] * hazard
    flows["moved_away"][:, t0 + 1 :] += before * moved
    over = alive[:-1] * (1.0 - hazard) - alive[1:]
    flows["finished"][:, t0 + 1 :] += before * over
    _add_type_changes(outlook, population, cohort, alive)


def _add_type_changes(
    outlook: Outlook, population: Population, cohort: Cohort, alive: FloatArray
) -> None:
    """Pupils whom a change of school year leads into another school type, or out of school."""
    for t, before, now in _change_steps(outlook, population, cohort.month):
        for kind in range(len(population.school_types)):
            leaving = cohort.start * ((before == kind) & (now != kind))
            amount = float(leaving.sum() * alive[t - cohort.month])
            if amount == 0.0:
                continue
            out = float((leaving * (now < 0)).sum() * alive[t - cohort.month])
            outlook.flows["finished"][kind, t] += out
            outlook.flows["changed_out"][kind, t] += amount - out
            for target in range(len(population.school_types)):
                entering = float((leaving * (now == target)).sum() * alive[t - cohort.month])
                outlook.flows["changed_in"][target, t] += entering


def _change_steps(
    outlook: Outlook, population: Population, start: int
) -> Iterator[tuple[int, IntArray, IntArray]]:
    """Months of change after ``start`` with the type by position before and after it."""
    count = population.change_count
    for t in np.flatnonzero(population.changes):
        if t > start:
            steps = int(count[t] - count[start])
            yield int(t), outlook._after[steps - 1], outlook._after[steps]


def _add_demand(outlook: Outlook, population: Population, cohort: Cohort) -> None:
    """New demand for seats, and (in ``survival``, not yet divided) how long it lasts."""
    t0, size = cohort.month, cohort.size
    months = population.month_count
    span = months - t0
    shares = population.municipality_shares
    if cohort.municipality is not None:
        shares = np.zeros(population.municipalities)
        shares[cohort.municipality] = 1.0
    vka = size * cohort.survival.vka[:span]
    if cohort.registered:
        presence = _presence(outlook, population, cohort)[cohort.kind]
        outlook.demand[cohort.kind, :, t0] += shares * vka[0] * presence[0]
        outlook.survival[cohort.kind, t0, t0:] += vka * presence
    count = population.change_count
    for t, before, now in _change_steps(outlook, population, t0):
        for target in range(len(population.school_types)):
            entering = cohort.start * ((now == target) & (before != target) & (before >= 0))
            if not entering.any():
                continue
            later = outlook._after[count[t:] - count[t0]] == target
            lasting = vka[t - t0 :] * (later @ entering)
            outlook.demand[target, :, t] += shares * lasting[0]
            outlook.survival[target, t, t:] += lasting


def _finish_survival(outlook: Outlook, population: Population) -> None:
    """Turn amounts into shares; a month without demand gets the curve of a newcomer."""
    for kind in range(len(population.school_types)):
        fallback = outlook.child_survival(kind, None)
        for t0 in range(population.month_count):
            size = outlook.survival[kind, t0, t0]
            if size > 1e-12:
                outlook.survival[kind, t0] /= size
            else:
                outlook.survival[kind, t0] = fallback[t0]
