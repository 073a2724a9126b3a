"""Who needs a seat in drawn futures: today's pupils on their seats, and the children who seek one.

A seat is needed in phases 1 and 2.  Today's pupils keep theirs until these end, they move away or
they change the school type.  Everybody else seeks: today's list, registrations, those who come back
to phase 2, and today's pupils once they have changed the type.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from daz_planner.planning.futures_placing import IntArray
from daz_planner.planning.futures_world import World
from daz_planner.simulation.pupil_table import NEVER, PupilTable
from daz_planner.simulation.streams import BLOCK


@dataclass(frozen=True)
class Seekers:
    """Children who seek a seat, one entry a child in each array, by month of entry.

    A child of whom the simulation has a second row (back to phase 2) is two entries; the first
    ends when the second begins.
    """

    run: IntArray
    kind: IntArray
    place: IntArray
    """Row of the costs in the first queue."""
    home: IntArray
    """Municipality: row of the costs in later queues."""
    listed: IntArray
    """Index into today's list, -1 for all others."""
    entry: IntArray
    need: IntArray
    """Months for which the seat is needed, from the month in which there is one."""
    gone: IntArray
    """First month after moving away, or in which another row goes on."""
    change: IntArray
    """Month in which the child leaves the school type."""

    def __len__(self) -> int:
        return len(self.run)

    def of_runs(self, runs: IntArray) -> Seekers:
        """The children of the given runs, which are numbered anew; a run may come repeatedly."""
        order = np.argsort(self.run, kind="stable")
        first = np.searchsorted(self.run[order], np.arange(self.run.max(initial=-1) + 2))
        counts = np.array(
            [first[r + 1] - first[r] if r + 1 < len(first) else 0 for r in runs.tolist()],
            dtype=np.int64,
        )
        rows = [
            order[first[r] : first[r] + n] for r, n in zip(runs.tolist(), counts, strict=True) if n
        ]
        chosen = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
        taken = {f.name: getattr(self, f.name)[chosen] for f in fields(self)}
        taken["run"] = np.repeat(np.arange(len(runs)), counts)
        return _by_entry(Seekers(**taken))


class Calendar:
    """Changes of the school type: month by step of the ladder, and what comes after."""

    def __init__(self, world: World) -> None:
        population = world.population
        ladder, months = population.ladder, population.month_count
        kinds = range(len(population.school_types))
        last = np.array([ladder.positions_of(k)[-1] for k in kinds])
        first = np.array([ladder.positions_of(k)[0] for k in kinds])
        self.kind = ladder.kind
        self._changes = np.append(np.flatnonzero(population.changes), NEVER)
        self._after = np.searchsorted(self._changes, np.arange(months + 1), side="right")
        self._steps = last[ladder.kind] - np.arange(len(ladder.kind))
        follower = ladder.next_position[last]
        self.next_kind = np.where(follower >= 0, ladder.kind[follower], -1)
        """``[k]`` type after this one, -1 where school is over."""
        self.leaves = np.array(
            [self.month(np.full(months, first[k]), np.arange(months)) for k in kinds]
        ).reshape(len(first), months)
        """``[k, t]`` month in which a pupil leaves type k who entered its lowest grade at t."""

    def month(self, position: IntArray, start: IntArray) -> IntArray:
        """Month in which a pupil leaves the type who is on a step of the ladder at ``start``."""
        which = self._after[start] + self._steps[position]
        return np.asarray(self._changes[np.minimum(which, len(self._changes) - 1)])


def split_pupils(world: World, table: PupilTable) -> tuple[IntArray, Seekers]:
    """``[r, s, t]`` seats used by today's pupils, and everybody who seeks a seat."""
    months, schools = world.month_count, len(world.school_kind)
    calendar = Calendar(world)
    pupils = {
        f.name: getattr(table, f.name).astype(np.int64)
        for f in fields(table)
        if f.name not in ("goes_back", "came_back", "grammar")
    }
    entry, end, school = pupils["entry"], pupils["phase3_from"], pupils["school"]
    change = calendar.month(pupils["position"], entry)
    # Who goes back to phase 2 has a further row from then on.
    gone = np.where(table.goes_back, np.minimum(pupils["away"], pupils["done"]), pupils["away"])
    seated = (school >= 0) & (end > 0)
    until = np.minimum(np.minimum(np.minimum(end, gone), change), months)[seated]
    index = (pupils["run"] * schools + school)[seated] * (months + 1)
    size = BLOCK * schools * (months + 1)
    steps = np.bincount(index, minlength=size) - np.bincount(index + until, minlength=size)
    used = np.cumsum(steps.reshape(BLOCK, schools, months + 1), axis=2)[..., :months]
    kind = calendar.kind[pupils["position"]]
    changed = seated & (change < np.minimum(end, gone)) & (change < months)
    changed &= calendar.next_kind[kind] >= 0
    new = (school < 0) & (end > entry)
    on_list = new & (entry == 0)
    listed = np.full(len(entry), -1)
    listed[on_list] = _list_index(pupils["run"][on_list], len(world.listed.place))
    place = pupils["municipality"].copy()
    place[on_list] = world.listed.place[listed[on_list]]
    target = np.where(changed, calendar.next_kind[kind], kind)
    start = np.where(changed, np.minimum(change, months - 1), entry)
    leaves = np.where(changed, calendar.leaves[target, start], change)
    who = np.flatnonzero((new | changed) & (start < months))
    columns = {
        "run": pupils["run"],
        "kind": target,
        "place": place,
        "home": pupils["municipality"],
        "listed": listed,
        "entry": start,
        "need": end - start,
        "gone": gone,
        "change": leaves,
    }
    return used, _by_entry(Seekers(**{name: column[who] for name, column in columns.items()}))


def _list_index(run: IntArray, count: int) -> IntArray:
    """Which child of the list each row is: within a run they come in the order of the list."""
    order = np.argsort(run, kind="stable")
    index = np.empty(len(run), dtype=np.int64)
    index[order] = np.arange(len(run)) % max(count, 1)
    return index


def _by_entry(seekers: Seekers) -> Seekers:
    order = np.argsort(seekers.entry, kind="stable")
    return Seekers(**{f.name: getattr(seekers, f.name)[order] for f in fields(seekers)})
