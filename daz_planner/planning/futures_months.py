"""Month by month through drawn futures: seats become free, children queue, children are placed.

Nothing is known of later months.  In a month first leave: those who move away, those whose phase 2
ends, those who change the school type (they queue for the new one, and a child who waits goes on
waiting).  Then all who wait are placed by the rule that is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from daz_planner.errors import ConservationError
from daz_planner.planning.futures_children import Calendar, Seekers
from daz_planner.planning.futures_lasting import LastingSeats
from daz_planner.planning.futures_office import Office
from daz_planner.planning.futures_placing import (
    BoolArray,
    FloatArray,
    IntArray,
    Known,
    place_children,
)
from daz_planner.planning.futures_world import World, whole_seats


@dataclass(frozen=True)
class Course:
    """What becomes of the children. Axes: ``r`` run, ``k`` school type, ``s`` school, ``t`` month.

    ``waiting[r, k, t]`` children without a seat after the placing of the month, ``use[r, s, t]``
    seats in use by all pupils, ``placed[r, s, t]`` children who got a seat, ``minutes[r, k]`` the
    sum of their ways, ``days[n]`` days that each child waited.
    """

    waiting: IntArray
    use: IntArray
    placed: IntArray
    minutes: FloatArray
    days: IntArray


class Policy(Protocol):
    """How many seats there are, and who gets one."""

    def place(
        self,
        month: int,
        run: IntArray,
        kind: IntArray,
        place: IntArray,
        rank: IntArray,
        listed: IntArray,
        taken: IntArray,
    ) -> IntArray:
        """``[n]`` school of each child who waits or -1, where ``taken[r, s]`` seats are in use."""
        ...

    def seats(self, month: int) -> IntArray:
        """``[r, s]`` seats of the month, after the placing."""
        ...


class FixedClasses:
    """Classes as decided; oldest first, then at least minutes, on seats that last.

    Parameters
    ----------
    seats:
        ``[r, s, t]`` whole seats.
    as_planned:
        ``[r]`` whether children of today's list take the seats that the plan gives them at once.
    known:
        ``[k]`` answers of the placing that may be used again.
    """

    def __init__(
        self,
        world: World,
        seats: IntArray,
        as_planned: BoolArray,
        known: list[Known] | None = None,
    ) -> None:
        self.world = world
        self._seats = seats
        self.as_planned = as_planned
        kinds = range(len(world.population.school_types))
        self.schools = [np.flatnonzero(world.school_kind == k) for k in kinds]
        self.costs = [world.costs[:, schools] for schools in self.schools]
        self.known: list[Known] = [{} for _ in kinds] if known is None else known
        self.lasting = LastingSeats(world, len(seats))

    def seats(self, month: int) -> IntArray:
        """``[r, s]``"""
        return self._seats[:, :, month]

    def place(
        self,
        month: int,
        run: IntArray,
        kind: IntArray,
        place: IntArray,
        rank: IntArray,
        listed: IntArray,
        taken: IntArray,
    ) -> IntArray:
        """See :class:`Policy`."""
        free = np.maximum(0, self.seats(month) - taken)
        found = np.full(len(run), -1, dtype=np.int64)
        if month == 0:
            found = self._planned(run, listed, free)
            np.subtract.at(free, (run[found >= 0], found[found >= 0]), 1)
            self.lasting.record(month, run[found >= 0], found[found >= 0])
        at_once = found >= 0
        lasting = self.lasting.of(month, free, self._seats)
        rest = np.where(at_once, -1, listed)
        found = np.maximum(found, self.lasting.pinned(run, rest, rank, free, lasting))
        free = lasting
        for k, schools in enumerate(self.schools):
            rows = np.flatnonzero((kind == k) & (found < 0))
            chosen = place_children(
                run[rows], place[rows], rank[rows], self.costs[k], free[:, schools], self.known[k]
            )
            seated = chosen >= 0
            found[rows[seated]] = schools[chosen[seated]]
        new = (found >= 0) & ~at_once
        self.lasting.record(month, run[new], found[new])
        return found

    def _planned(self, run: IntArray, listed: IntArray, free: IntArray) -> IntArray:
        """The seats that the plan gives at once, in runs where all of them are there."""
        planned = self.world.listed.planned
        if not len(planned):
            return np.full(len(run), -1, dtype=np.int64)
        wanted = np.where((listed >= 0) & self.as_planned[run], planned[listed], -1)
        index = (run * free.shape[1] + wanted)[wanted >= 0]
        count = np.bincount(index, minlength=free.size).reshape(free.shape)
        fits: BoolArray = np.all(count <= free, axis=1)
        return np.where(fits[run], wanted, -1)


class OfficeClasses:
    """The rule of an office that opens classes when all in reach are full."""

    def __init__(self, world: World, runs: int) -> None:
        self.world = world
        self.office = Office(world.today, runs, world.office)
        self.lasting = LastingSeats(world, runs)
        kinds = range(len(world.population.school_types))
        self.costs = np.vstack(
            [np.where(world.school_kind == k, world.costs, np.inf) for k in kinds]
        )

    def seats(self, month: int) -> IntArray:
        """``[r, s]``"""
        classes = self.office.classes[:, :, month]
        return np.asarray(whole_seats_now(self.world, classes, month), dtype=np.int64)

    def place(
        self,
        month: int,
        run: IntArray,
        kind: IntArray,
        place: IntArray,
        rank: IntArray,
        listed: IntArray,
        taken: IntArray,
    ) -> IntArray:
        """See :class:`Policy`."""
        world, classes = self.world, self.office.classes
        seats = whole_seats(world.class_cap, classes, world.correction)
        free = self.seats(month) - taken
        lasting = self.lasting.of(month, free, seats)
        found = self.lasting.pinned(run, listed, rank, free, lasting)
        rest = found < 0
        row = kind * len(world.costs) + place
        found[rest] = self.office.place(
            month, run[rest], row[rest], rank[rest], self.costs, lasting, taken
        )
        self.lasting.record(month, run[found >= 0], found[found >= 0])
        return found


def whole_seats_now(world: World, classes: IntArray, month: int) -> IntArray:
    """``[r, s]`` whole seats of one month for ``classes[r, s]``."""
    cap = np.broadcast_to(world.class_cap[:, month], classes.shape)
    return whole_seats(cap.T, classes.T, world.correction).T


def follow(world: World, children: Seekers, used: IntArray, policy: Policy) -> Course:
    """Follow the children through all months; checks that nobody is lost.

    Parameters
    ----------
    used:
        ``[r, s, t]`` seats used by today's pupils.

    Raises
    ------
    ConservationError
        If a child is lost, sits twice, or is placed without a seat (a bug).
    """
    return _Walk(world, children, used, policy).course()


class _Walk:
    """The state of all children. ``school`` is -1 for those who wait."""

    def __init__(self, world: World, children: Seekers, used: IntArray, policy: Policy) -> None:
        self.world, self.children, self.used, self.policy = world, children, used, policy
        self.calendar = Calendar(world)
        self.runs, self.schools = used.shape[:2]
        self.kinds = len(world.population.school_types)
        self.kind, self.place = children.kind.copy(), children.place.copy()
        self.change, self.need = children.change.copy(), children.need.copy()
        self.listed = children.listed
        self.first_rank = int(world.listed.rank.max(initial=-1)) + 1
        self.rank = self.first_rank + children.entry
        on_list = self.listed >= 0
        self.rank[on_list] = world.listed.rank[self.listed[on_list]]
        self.school = np.full(len(children), -1, dtype=np.int64)
        self.until = np.zeros(len(children), dtype=np.int64)
        self.days = np.zeros(len(children), dtype=np.int64)
        self.active = np.zeros(0, dtype=np.int64)
        self.taken = np.zeros((self.runs, self.schools), dtype=np.int64)
        self.queue = np.zeros((self.runs, self.kinds), dtype=np.int64)
        self.inside = np.zeros(self.runs, dtype=np.int64)

    def course(self) -> Course:
        """Walk through the months."""
        months = self.world.month_count
        waiting = np.zeros((self.runs, self.kinds, months), dtype=np.int64)
        placed = np.zeros((self.runs, self.schools, months), dtype=np.int64)
        use = np.zeros((self.runs, self.schools, months), dtype=np.int64)
        minutes = np.zeros((self.runs, self.kinds))
        begin = np.searchsorted(self.children.entry, np.arange(months + 1))
        for t in range(months):
            self._leave(t)
            new = np.arange(begin[t], begin[t + 1])
            self.active = np.concatenate([self.active, new])
            self.queue += self._by_kind(new)
            self.inside += self._by_run(new)
            rows, seated = self._place(t)
            placed[:, :, t] = self._by_school(seated)
            self.taken += placed[:, :, t]
            self.queue -= self._by_kind(seated)
            way = self.world.minutes[self.place[seated], self.school[seated]]
            np.add.at(minutes, (self.children.run[seated], self.kind[seated]), way)
            left = rows[self.school[rows] < 0]
            self.days[left] += self.world.days[t]
            use[:, :, t] = self.used[:, :, t] + self.taken
            waiting[:, :, t] = self._by_kind(left)
            self._check(t, waiting[:, :, t], placed[:, :, t], use[:, :, t])
        return Course(waiting, use, placed, minutes, self.days)

    def _leave(self, t: int) -> None:
        """Whoever leaves a seat or the queue; a change of type leads to the next queue."""
        rows, children = self.active, self.children
        sits = self.school[rows] >= 0
        gone = children.gone[rows] <= t
        done = sits & (self.until[rows] <= t)
        changes = (self.change[rows] <= t) & ~gone & ~done
        ends = gone | done | changes
        self.taken -= self._by_school(rows[sits & ends])
        self.queue -= self._by_kind(rows[~sits & ends])
        movers, from_seat = rows[changes], sits[changes]
        target = self.calendar.next_kind[self.kind[movers]]
        goes_on = target >= 0
        on, kind = movers[goes_on], target[goes_on]
        left_seat = from_seat[goes_on]
        self.need[on] = np.where(left_seat, self.until[on] - t, self.need[on])
        # Whoever leaves a seat queues anew; whoever waits goes on waiting.
        self.rank[on] = np.where(left_seat, self.first_rank + t, self.rank[on])
        self.kind[on], self.school[on] = kind, -1
        self.place[on] = children.home[on]
        self.change[on] = self.calendar.leaves[kind, t]
        self.queue += self._by_kind(on)
        stays = ~(gone | done)
        stays[np.flatnonzero(changes)[~goes_on]] = False
        self.inside -= self._by_run(rows[gone]) + self._by_run(rows[done & ~gone])
        self.inside -= self._by_run(movers[~goes_on])
        self.active = rows[stays]

    def _place(self, t: int) -> tuple[IntArray, IntArray]:
        """All who wait, and those of them who get a seat."""
        rows = self.active[self.school[self.active] < 0]
        rows = rows[np.argsort(self.children.run[rows], kind="stable")]
        found = self.policy.place(
            t,
            self.children.run[rows],
            self.kind[rows],
            self.place[rows],
            self.rank[rows],
            self.listed[rows],
            self.taken + self.used[:, :, t],
        )
        seated = found >= 0
        self.school[rows[seated]] = found[seated]
        self.until[rows[seated]] = t + self.need[rows[seated]]
        return rows, rows[seated]

    def _by_school(self, rows: IntArray) -> IntArray:
        index = self.children.run[rows] * self.schools + self.school[rows]
        return _counted(index, (self.runs, self.schools))

    def _by_run(self, rows: IntArray) -> IntArray:
        return np.bincount(self.children.run[rows], minlength=self.runs)

    def _by_kind(self, rows: IntArray) -> IntArray:
        index = self.children.run[rows] * self.kinds + self.kind[rows]
        return _counted(index, (self.runs, self.kinds))

    def _check(self, t: int, waiting: IntArray, placed: IntArray, use: IntArray) -> None:
        """The running balances against the state of each child, and the seats."""
        # In rising order, so that a child twice would show.
        twice = np.any(np.diff(self.active) <= 0)
        if twice or not np.array_equal(self.inside, self._by_run(self.active)):
            raise _wrong(t, "Ein Kind fehlt oder zählt doppelt")
        if not np.array_equal(self.queue, waiting):
            raise _wrong(t, "Die Zahl der Wartenden geht nicht auf")
        sits = self.active[self.school[self.active] >= 0]
        if not np.array_equal(self.taken, self._by_school(sits)):
            raise _wrong(t, "Die Zahl der belegten Plätze geht nicht auf")
        if np.any((placed > 0) & (use > self.policy.seats(t))):
            raise _wrong(t, "Ein Kind hat einen Platz, den es nicht gibt")
        if np.any(self.world.school_kind[self.school[sits]] != self.kind[sits]):
            raise _wrong(t, "Ein Kind sitzt in einer Schule einer anderen Schulart")


def _counted(index: IntArray, shape: tuple[int, int]) -> IntArray:
    return np.bincount(index, minlength=shape[0] * shape[1]).reshape(shape)


def _wrong(month: int, what: str) -> ConservationError:
    return ConservationError(
        f"{what} (Monat {month} einer gezogenen Zukunft).",
        remedy="Das ist ein Fehler des Programms. Bitte melden Sie ihn.",
    )
