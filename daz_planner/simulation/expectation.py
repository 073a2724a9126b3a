"""Run 0: the exact expectation, by convolution of arrivals with survivals.

A cohort is a number of pupils who start at one time with the same stays and grades.  The stay and
the steps of the school ladder are independent, so the expected pupils of a cohort in type k and
phase p after a months are ``size · P(type k after the changes of school year) · S_p(a)``.  Where
they are not (a second time in phase 2, grammar schools for pupils in phase 3 only) a part of the
cohort goes on as a cohort of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from daz_planner.simulation.calendar import FloatArray, IntArray
from daz_planner.simulation.conservation import check_conservation, check_vka_flows
from daz_planner.simulation.forecast import FLOW_NAMES, VKA_FLOWS
from daz_planner.simulation.population import Population
from daz_planner.simulation.stays import StayTable
from daz_planner.simulation.survival import Survival, survival_of
from daz_planner.simulation.today import Group

_NOBODY = 1e-15
_ENDED = {
    "": "to_phase3_today",
    "arrived": "to_phase3_new",
    "returned_in": "to_phase3_again",
    "changed_in": "to_phase3_new",
}
"""Flow by which a cohort leaves the VKA for phase 3, by the flow by which it came."""


@dataclass(frozen=True)
class Cohort:
    """Pupils who start together, ``start`` by position on the ladder, ``places`` by municipality.

    ``entry`` is the flow by which they come, empty for those who are there on the reference date.
    ``size`` below 0 takes pupils away who go on in another cohort.
    """

    size: float
    month: int
    kind: int
    start: FloatArray
    survival: Survival
    places: FloatArray
    school: int = -1
    entry: str = ""


@dataclass(frozen=True)
class Outlook:
    """Expectation of everything the planning counts on. Axes: k, p, t as in the forecast.

    Attributes
    ----------
    pupils:
        ``[k, p, t]`` expected pupils.
    flows:
        ``[k, t]`` expected pupils by :data:`~daz_planner.simulation.forecast.FLOW_NAMES`.
    vka_flows:
        ``[k, t]`` the same for phases 1 and 2 together, by
        :data:`~daz_planner.simulation.forecast.VKA_FLOWS`.
    use_today:
        ``[s, t]`` expected VKA seats in use by the pupils of today's roster.
    demand:
        ``[k, i, t]`` expected new demand for seats: registrations, changes of school type, and
        those who come back to phase 2. Today's waiting list is not in it.
    survival:
        ``[k, t0, t]`` share of the demand of month t0 that still needs its seat in month t.
    """

    pupils: FloatArray
    flows: dict[str, FloatArray]
    vka_flows: dict[str, FloatArray]
    use_today: FloatArray
    demand: FloatArray
    survival: FloatArray
    population: Population
    cohorts: tuple[Cohort, ...]
    """Everything that was added up, for who needs more of it than seats in a VKA."""
    _seat: FloatArray
    """``[k, t0, a]`` share of those who enter in month t0 that needs the seat a months later."""
    _after: IntArray
    """``[n, position]`` school type after n changes of school year, -1 out of school."""

    def child_survival(self, kind: int, grade: int | None) -> FloatArray:
        """``[t0, t]`` share of children of a type and grade who, seated at t0, need it at t.

        Of children whom the change of school year has led into another type before t0, none.
        """
        population = self.population
        count = population.change_count
        start = population.ladder.start_shares(kind, grade)
        months = population.month_count
        result = np.zeros((months, months))
        for t0 in range(months):
            still = start * (self._after[count[t0]] == kind)
            if still.sum() > 0.0:
                same = (self._after[count[t0:]] == kind) @ still / still.sum()
                result[t0, t0:] = self._seat[kind, t0, : months - t0] * same
        return result

    def months_in_type(self, kind: int, grade: int | None) -> int:
        """Months, counted from the reference date, before the last of them has left the type."""
        start = self.population.ladder.start_shares(kind, grade)
        there = (self._after[self.population.change_count] == kind) @ start > 0.0
        return int(there.sum())


def expect(population: Population) -> Outlook:
    """Compute the exact expectation and check that nobody is lost."""
    outlook = _Expectation(population).outlook()
    total = outlook.pupils.sum(axis=1)
    check_conservation(total[None], {n: f[None] for n, f in outlook.flows.items()}, 1e-6)
    check_vka_flows(outlook.pupils[:, :2].sum(axis=1), outlook.vka_flows, 1e-6)
    return outlook


class _Expectation:
    """Adds up cohorts: first those known from the start, then those that come out of them."""

    def __init__(self, population: Population) -> None:
        self.population = population
        ladder = population.ladder
        self.count = population.change_count
        self.position_after = ladder.positions_after(int(self.count[-1]))
        self.kind_after = np.where(
            self.position_after >= 0, ladder.kind[self.position_after], -1
        ).astype(np.int64)
        kinds, months = len(population.school_types), population.month_count
        self.pupils = np.zeros((kinds, 3, months))
        self.flows = {name: np.zeros((kinds, months)) for name in FLOW_NAMES}
        self.vka_flows = {name: np.zeros((kinds, months)) for name in VKA_FLOWS}
        self.use_today = np.zeros((population.schools, months))
        self.demand = np.zeros((kinds, population.municipalities, months))
        self.lasting = np.zeros((kinds, months, months))
        """``[k, t0, t]`` pupils of the demand of month t0 who still need their seat at t."""
        self.returning = np.zeros((months, len(ladder.kind), population.municipalities))
        self.to_gymnasium = np.zeros((months, months))
        """``[t, t']`` pupils who change to GYM in month t and are still in phase 3 at t'."""
        self.leaving_oberschule: list[Cohort] = []
        self.cohorts: list[Cohort] = []

    def outlook(self) -> Outlook:
        population = self.population
        new = _by_month(population, population.new_stays)
        # Who is at a GYM does not come back, so these cohorts come before those who do; and these
        # may change to a GYM in turn.
        for cohorts in (
            self._known(new),
            self._changed_to_gymnasium(),
            self._returned(),
            self._changed_to_gymnasium(),
        ):
            for cohort in cohorts:
                self._add(cohort)
        result = Outlook(
            pupils=self.pupils,
            flows=self.flows,
            vka_flows=self.vka_flows,
            use_today=self.use_today,
            demand=self.demand,
            survival=self.lasting,
            population=population,
            cohorts=tuple(self.cohorts),
            _seat=np.array([[survival.vka for survival in of_kind] for of_kind in new]),
            _after=self.kind_after,
        )
        self._divide_lasting(result)
        return result

    # -- which cohorts ----------------------------------------------------------------------------

    def _known(self, new: tuple[tuple[Survival, ...], ...]) -> Iterator[Cohort]:
        """Today's pupils, today's list, and the registrations of each month."""
        population = self.population
        met: dict[tuple[int, int], Survival] = {}
        for group in population.groups:
            key = (group.kind, id(group.stay))
            if key not in met:
                met[key] = self._met(group)
            places = np.zeros(population.municipalities)
            places[group.municipality] = 1.0
            yield Cohort(
                float(group.count), 0, group.kind, group.start, met[key], places, group.school
            )
        for t in range(1, population.month_count):
            for kind, share in enumerate(population.type_shares):
                size = float(population.registrations[t] * share)
                if size > 0.0:
                    yield from self._registered(size, t, kind, new[kind][t])

    def _met(self, group: Group) -> Survival:
        model = self.population.stays[group.kind]
        if group.phase == 3:
            return survival_of(self.population, None, model.met_in_phase3)
        return survival_of(self.population, group.stay, model.phase3, may_return=True)

    def _registered(self, size: float, t: int, kind: int, survival: Survival) -> Iterator[Cohort]:
        """Newcomers of a month: those who go to a VKA, and those who go straight to phase 3."""
        population = self.population
        start = population.start_of_type[kind]
        direct = start * population.direct_share[t]
        places = population.municipality_shares
        if np.any(start > direct):
            yield Cohort(size, t, kind, start - direct, survival, places, entry="arrived")
        if np.any(direct > 0.0):
            third = survival_of(population, None, population.stays[kind].phase3)
            yield Cohort(size, t, kind, direct, third, places, entry="arrived")

    def _returned(self) -> Iterator[Cohort]:
        """Those who come back to phase 2, by month and grade. They come back once."""
        population = self.population
        for t, position in np.argwhere(self.returning.sum(axis=2) > _NOBODY):
            amount = self.returning[t, position]
            kind = int(population.ladder.kind[position])
            start = self._at(int(position))
            survival = survival_of(
                population, population.again_stays[kind][t], population.stays[kind].phase3
            )
            size = float(amount.sum())
            yield Cohort(size, int(t), kind, start, survival, amount / size, entry="returned_in")

    def _changed_to_gymnasium(self) -> Iterator[Cohort]:
        """A share of those who would change from GS to OS in phase 3 changes to GYM.

        They are taken out of the OS as they were there, and added to the GYM for good.
        """
        population = self.population
        ladder = population.ladder
        grammar = self.to_gymnasium.copy()
        leaving = self.leaving_oberschule
        self.to_gymnasium[:] = 0.0
        self.leaving_oberschule = []
        yield from leaving
        if not grammar.any():
            return
        first = ladder.positions_of(ladder.school_types.index("GYM"))[0]
        for t in np.flatnonzero(grammar.sum(axis=1)):
            phases = np.zeros((3, population.month_count))
            phases[2, : population.month_count - t] = grammar[t, t:]
            yield Cohort(
                1.0,
                int(t),
                int(ladder.kind[first]),
                self._at(int(first)),
                Survival(phases, np.zeros(population.month_count)),
                population.municipality_shares,
                entry="changed_in",
            )

    def _at(self, position: int) -> FloatArray:
        """``[position]`` all on one step."""
        start = np.zeros(len(self.population.ladder.kind))
        start[position] = 1.0
        return start

    def _last_of_gs(self) -> int:
        ladder = self.population.ladder
        return int(ladder.positions_of(ladder.school_types.index("GS"))[-1])

    # -- what a cohort adds -----------------------------------------------------------------------

    def _presence(self, cohort: Cohort) -> FloatArray:
        """``[k, t]`` share of the cohort that the ladder leads to type k, from its start on."""
        kinds_at = self.kind_after[self.count[cohort.month :] - self.count[cohort.month]]
        return np.array(
            [(kinds_at == kind) @ cohort.start for kind in range(len(self.population.school_types))]
        )

    def _add(self, cohort: Cohort) -> None:
        self.cohorts.append(cohort)
        t0, size = cohort.month, cohort.size
        span = self.population.month_count - t0
        presence = self._presence(cohort)
        phases = size * cohort.survival.phases[:, :span]
        alive, vka = phases.sum(axis=0), size * cohort.survival.vka[:span]
        self.pupils[:, :, t0:] += presence[:, None, :] * phases[None, :, :]
        if cohort.school >= 0:
            self.use_today[cohort.school, t0:] += presence[cohort.kind] * vka
        if cohort.entry:
            self.flows[cohort.entry][:, t0] += presence[:, 0] * alive[0]
        stay = 1.0 - self.population.hazard
        before = presence[:, :-1]
        back = size * cohort.survival.returning[1:span]
        self.flows["moved_away"][:, t0 + 1 :] += before * (alive[:-1] * (1.0 - stay))
        back_by_type = back * self._still_at_school(cohort, before)
        self.flows["returned_out"][:, t0 + 1 :] += back_by_type
        self.flows["finished"][:, t0 + 1 :] += (
            before * (alive[:-1] * stay - alive[1:]) - back_by_type
        )
        self._add_vka_flows(cohort, presence, vka)
        self._add_type_changes(cohort, alive, vka)
        self._add_demand(cohort, presence, vka)
        self._set_aside(cohort)

    def _still_at_school(self, cohort: Cohort, before: FloatArray) -> FloatArray:
        """``[k, t]`` the share by type before month t, without those whose school is over at t."""
        still = before.copy()
        for t, kind_before, now in self._change_steps(cohort.month):
            for kind in range(len(still)):
                over = cohort.start * ((kind_before == kind) & (now < 0))
                still[kind, t - cohort.month - 1] -= over.sum()
        return still

    def _add_vka_flows(self, cohort: Cohort, presence: FloatArray, vka: FloatArray) -> None:
        t0, flows = cohort.month, self.vka_flows
        stay = 1.0 - self.population.hazard
        if cohort.entry in ("arrived", "returned_in"):
            name = "registered" if cohort.entry == "arrived" else "returned"
            flows[name][:, t0] += presence[:, 0] * vka[0]
        before = presence[:, :-1]
        ended = _ENDED[cohort.entry]
        flows[ended][:, t0 + 1 :] += before * (vka[:-1] * stay - vka[1:])
        flows["moved_away"][:, t0 + 1 :] += before * (vka[:-1] * (1.0 - stay))

    def _change_steps(self, start: int) -> Iterator[tuple[int, IntArray, IntArray]]:
        """Months of change after ``start`` with the type by position before and after it."""
        for t in np.flatnonzero(self.population.changes):
            if t > start:
                steps = int(self.count[t] - self.count[start])
                yield int(t), self.kind_after[steps - 1], self.kind_after[steps]

    def _add_type_changes(self, cohort: Cohort, alive: FloatArray, vka: FloatArray) -> None:
        kinds = range(len(self.population.school_types))
        for t, before, now in self._change_steps(cohort.month):
            a = t - cohort.month
            for kind in kinds:
                leaving = cohort.start * ((before == kind) & (now != kind))
                if not leaving.any():
                    continue
                share, out = float(leaving.sum()), float((leaving * (now < 0)).sum())
                self.flows["finished"][kind, t] += out * alive[a]
                self.flows["changed_out"][kind, t] += (share - out) * alive[a]
                self.vka_flows["school_over"][kind, t] += out * vka[a]
                self.vka_flows["changed_out"][kind, t] += (share - out) * vka[a]
                for target in kinds:
                    entering = float((leaving * (now == target)).sum())
                    self.flows["changed_in"][target, t] += entering * alive[a]
                    self.vka_flows["changed_in"][target, t] += entering * vka[a]

    def _add_demand(self, cohort: Cohort, presence: FloatArray, vka: FloatArray) -> None:
        """New demand for seats, and how long it lasts."""
        t0, places = cohort.month, cohort.places
        if cohort.entry in ("arrived", "returned_in"):
            self.demand[cohort.kind, :, t0] += places * (vka[0] * presence[cohort.kind, 0])
            self.lasting[cohort.kind, t0, t0:] += vka * presence[cohort.kind]
        for t, before, now in self._change_steps(t0):
            for target in range(len(self.population.school_types)):
                entering = cohort.start * ((now == target) & (before != target) & (before >= 0))
                if not entering.any():
                    continue
                later = self.kind_after[self.count[t:] - self.count[t0]] == target
                lasting = vka[t - t0 :] * (later @ entering)
                self.demand[target, :, t] += places * lasting[0]
                self.lasting[target, t, t:] += lasting

    def _set_aside(self, cohort: Cohort) -> None:
        """Keep those who go on in a cohort of their own."""
        population, t0 = self.population, cohort.month
        for a in np.flatnonzero(cohort.survival.returning[: population.month_count - t0]):
            moved = self.position_after[self.count[t0 + a] - self.count[t0]]
            amount = cohort.size * cohort.survival.returning[a]
            for position in np.flatnonzero(cohort.start):
                if moved[position] >= 0:
                    part = amount * cohort.start[position]
                    self.returning[t0 + a, moved[position]] += part * cohort.places
        if population.grammar_schools and cohort.entry != "changed_in":
            self._set_aside_for_gymnasium(cohort)

    def _set_aside_for_gymnasium(self, cohort: Cohort) -> None:
        population, t0 = self.population, cohort.month
        last = self._last_of_gs()
        for t in np.flatnonzero(population.changes):
            if t <= t0:
                continue
            steps = int(self.count[t] - self.count[t0])
            leaving = float(cohort.start[self.position_after[steps - 1] == last].sum())
            amount = cohort.size * population.gymnasium_share * leaving
            if amount == 0.0:
                continue
            staying, here = cohort.survival.in_third_since(int(t) - t0)
            self.to_gymnasium[t, t:] += amount * staying[: population.month_count - t]
            following = int(population.ladder.next_position[last])
            kind = int(population.ladder.kind[following])
            self.leaving_oberschule.append(
                Cohort(
                    -amount,
                    int(t),
                    kind,
                    self._at(following),
                    here,
                    cohort.places,
                    entry="changed_in",
                )
            )

    def _divide_lasting(self, outlook: Outlook) -> None:
        """Turn amounts into shares; a month without demand gets the curve of a newcomer."""
        for kind in range(len(self.population.school_types)):
            fallback = outlook.child_survival(kind, None)
            for t0 in range(self.population.month_count):
                size = self.lasting[kind, t0, t0]
                if size > 1e-12:
                    self.lasting[kind, t0] /= size
                else:
                    self.lasting[kind, t0] = fallback[t0]


def _by_month(
    population: Population, tables: tuple[tuple[StayTable, ...], ...]
) -> tuple[tuple[Survival, ...], ...]:
    """``[k][t]`` survival of newcomers, one computation for each different table."""
    result = []
    for kind, of_kind in enumerate(tables):
        third = population.stays[kind].phase3
        distinct = {id(table): table for table in of_kind}
        made = {
            key: survival_of(population, table, third, may_return=True)
            for key, table in distinct.items()
        }
        result.append(tuple(made[id(table)] for table in of_kind))
    return tuple(result)
