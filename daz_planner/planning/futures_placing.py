"""The children of one month on the seats that are free: oldest first, then at least minutes.

For many futures at once, each a problem of its own.  As many children as possible are seated, those
first who have waited longest: no child waits for whom room could be made without another, who has
waited as long or longer, losing the seat.  Among all such placements the sum of the minutes is the
least.

The seats of a month form a transversal matroid over the children, so any weights that fall with
the rank of waiting give the same numbers seated of each rank (Edmonds 1971).  "To wait" is
therefore a further school, without limit, whose cost falls with the rank and outweighs all
minutes, and the rest is a transport problem.  It is solved by successive shortest paths (Busacker
and Gowen 1960) on the graph of the schools, whose arc from a to b is the cheapest move of one
child from a to b: a handful of nodes, whatever the number of children.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

WAITS = -1
"""In place of a school: the child waits."""

_PER_MINUTE = 1000.0
_TIE = 1024


def placing_costs(minutes: FloatArray, allowed: BoolArray) -> FloatArray:
    """``[g, s]`` whole-numbered costs of minutes; infinite where a school is not allowed.

    Minutes count in thousandths.  Equal sums are told apart by a fixed number of each pair, less
    than a thousandth of a minute, so that the answer does not hang on how it was found.
    """
    rows, columns = np.indices(minutes.shape)
    mixed = (rows * 40_503 + columns * 9_973 + 1) * 2_654_435_761 % 2**32
    costs = np.rint(minutes * _PER_MINUTE) * _TIE + mixed // 2**22
    return np.where(allowed, costs, np.inf)


Known = dict[bytes, IntArray]
"""Answers by question, for one table of costs."""


def place_children(
    problem: IntArray,
    place: IntArray,
    rank: IntArray,
    costs: FloatArray,
    free: IntArray,
    known: Known | None = None,
) -> IntArray:
    """``[n]`` school of each child, or :data:`WAITS`.

    Parameters
    ----------
    problem:
        ``[n]`` row of ``free`` (the future) of each child, in rising order.
    place:
        ``[n]`` row of ``costs`` of each child. Children alike but for their rank share a row.
    rank:
        ``[n]`` precedence, lowest first; children of one rank are equal.
    costs:
        ``[g, s]`` as of :func:`placing_costs`.
    free:
        ``[p, s]`` seats free in each future, none below 0.
    known:
        Remembers answers: a future without one class asks much that was asked with it.
    """
    found = np.full(len(problem), WAITS, dtype=np.int64)
    if not len(problem) or not costs.shape[1]:
        return found
    schools = costs.shape[1]
    open_costs = np.where(free[problem] > 0, costs[place], np.inf)
    nearest = open_costs.argmin(axis=1)
    can: BoolArray = np.isfinite(open_costs[np.arange(len(problem)), nearest])
    found[can] = nearest[can]
    index = problem[can] * schools + nearest[can]
    wanted = np.bincount(index, minlength=free.size).reshape(free.shape)
    # Where everybody gets the nearest school with a free seat, nothing is better.
    full: BoolArray = np.any(wanted > free, axis=1)
    left = np.flatnonzero(can & full[problem])
    if not len(left):
        return found
    known = {} if known is None else known
    questions = _questions(problem[left], place[left], rank[left], free)
    new = [(question, rows) for question, rows in questions if question not in known]
    if new:
        rows = left[np.concatenate([part for _, part in new])]
        answer = _Contest(problem[rows], place[rows], rank[rows], open_costs[rows], free).solution()
        bounds = np.cumsum([len(part) for _, part in new])[:-1]
        for (question, _), part in zip(new, np.split(answer, bounds), strict=True):
            known[question] = part
    for question, part in questions:
        found[left[part]] = known[question]
    return found


def _questions(
    problem: IntArray, place: IntArray, rank: IntArray, free: IntArray
) -> list[tuple[bytes, IntArray]]:
    """What decides the answer of each future, and its children."""
    starts = np.flatnonzero(np.diff(problem, prepend=-1))
    stops = np.append(starts[1:], len(problem))
    children = np.stack([place, rank], axis=1).astype(np.int32)
    seats = free[problem[starts]].astype(np.int32)
    rows = np.arange(len(problem))
    return [
        (row.tobytes() + children[start:stop].tobytes(), rows[start:stop])
        for row, start, stop in zip(seats, starts.tolist(), stops.tolist(), strict=True)
    ]


class _Contest:
    """Futures in which more children want a school than it has seats."""

    def __init__(
        self, problem: IntArray, place: IntArray, rank: IntArray, costs: FloatArray, free: IntArray
    ) -> None:
        rows, self.problem = np.unique(problem, return_inverse=True)
        self.place, self.rank = place, rank
        count, schools = len(rows), costs.shape[1]
        self.waits = schools
        self.slack = np.hstack([free[rows].astype(np.float64), np.full((count, 1), np.inf)])
        ranks, order = np.unique(rank, return_inverse=True)
        children = np.bincount(self.problem, minlength=count)
        dearest = float(costs[np.isfinite(costs)].max()) + 1.0
        waiting = (len(ranks) - order) * (dearest * (int(children.max()) + 1))
        self.costs = np.hstack([costs, waiting[:, None].astype(np.float64)])
        # Two starts from which every further step stays the cheapest: all at the nearest school,
        # with too many in some; or all waiting. The one that needs fewer steps.
        seats = np.minimum(free[rows], children[:, None]).sum(axis=1)
        all_wait = children > 2 * seats
        nearest = costs.argmin(axis=1)
        self.at = np.where(all_wait[self.problem], self.waits, nearest)
        np.subtract.at(self.slack, (self.problem, self.at), 1.0)
        self.arcs = np.full((count, schools + 1, schools + 1), np.inf)
        """``[future, a, b]`` least cost of moving one child from a to b, infinite without one."""
        self.stale = np.ones(count * (schools + 1), dtype=np.bool_)
        """``[future · nodes + a]`` where other children are than when the arcs were computed."""
        # The children of futures that are not solved yet: row, future, node, future · nodes + node.
        self.rows = np.arange(len(self.at))
        self.future, self.node = self.problem.astype(np.int32), self.at.astype(np.int32)
        self.key = self.future * np.int32(schools + 1) + self.node

    def solution(self) -> IntArray:
        """``[n]`` school or :data:`WAITS`, of children alike the longest waiting the nearest."""
        active = np.ones(len(self.slack), dtype=np.bool_)
        while active.any():
            self._step(active)
        chosen = self.costs[np.arange(len(self.at)), self.at]
        ranked = np.lexsort((np.arange(len(self.at)), self.rank, self.place, self.problem))
        by_cost = np.lexsort((chosen, self.place, self.problem))
        result = np.empty_like(self.at)
        result[ranked] = self.at[by_cost]
        return np.where(result == self.waits, WAITS, result)

    def _step(self, active: BoolArray) -> None:
        """One shortest path in each active future; where there is none, it is solved."""
        futures = np.flatnonzero(active)
        self._renew_arcs()
        slack = self.slack[futures]
        over = slack < 0.0
        crowded = over.any(axis=1)
        sources = over
        sources[~crowded, self.waits] = True
        distance, before = _shortest(self.arcs[futures], sources)
        goal = np.where(slack > 0.0, distance, np.inf)
        # Whoever waits already may only go to a school; the excess of a school may wait.
        goal[~crowded, self.waits] = np.inf
        node = goal.argmin(axis=1)
        reached = np.isfinite(goal[np.arange(len(futures)), node])
        self.slack[futures[reached], node[reached]] -= 1.0
        if not reached.all():
            active[futures[~reached]] = False
            self._drop(active)
            futures, node = futures[reached], node[reached]
            before, sources = before[reached], sources[reached]
        self._move(futures, node, before, sources)

    def _drop(self, active: BoolArray) -> None:
        """Leave out the children of solved futures."""
        on = np.flatnonzero(active.take(self.future))
        off = np.flatnonzero(~active.take(self.future))
        self.at[self.rows[off]] = self.node[off]
        self.rows, self.future = self.rows.take(on), self.future.take(on)
        self.node, self.key = self.node.take(on), self.key.take(on)

    def _renew_arcs(self) -> None:
        """Compute the arcs from schools at which other children are than before."""
        nodes = self.waits + 1
        arcs = self.arcs.reshape(-1, nodes)
        arcs[np.flatnonzero(self.stale)] = np.inf
        here = np.flatnonzero(self.stale.take(self.key))
        self.stale[:] = False
        if not len(here):
            return
        here = here[np.argsort(self.key.take(here), kind="stable")]
        key, rows = self.key.take(here), self.rows.take(here)
        first = np.flatnonzero(key[1:] != key[:-1]) + 1
        first = np.concatenate([[0], first])
        costs = self.costs.take(rows, axis=0)
        costs -= costs[np.arange(len(rows)), self.node.take(here)][:, None]
        arcs[key.take(first)] = np.minimum.reduceat(costs, first, axis=0)

    def _move(
        self, futures: IntArray, node: IntArray, before: IntArray, sources: BoolArray
    ) -> None:
        """Move one child along each arc of the paths, which are followed back from their end."""
        nodes = self.waits + 1
        moves: list[tuple[IntArray, IntArray]] = []
        paths = np.arange(len(futures))
        # Per future the node that gives a child, and the one that takes it.
        giving = np.full(len(self.slack), -1, dtype=np.int32)
        taking = np.zeros(len(self.slack), dtype=np.int64)
        while len(paths):
            previous = before[paths, node]
            own = futures[paths]
            giving[own], taking[own] = previous, node
            here = np.flatnonzero(self.node == giving.take(self.future))
            future, rows = self.future.take(here), self.rows.take(here)
            gain = self.costs[rows, taking.take(future)] - self.costs[rows, giving.take(future)]
            first = np.concatenate([[0], np.flatnonzero(future[1:] != future[:-1]) + 1])
            count = np.diff(np.append(first, len(here)))
            least = np.repeat(np.minimum.reduceat(gain, first), count)
            hit = np.flatnonzero(gain == least)
            of_hit = future.take(hit)
            # The first of those who move at the same cost.
            one = np.concatenate([[0], np.flatnonzero(of_hit[1:] != of_hit[:-1]) + 1])
            moves.append((here.take(hit.take(one)), node))
            self.stale[own * nodes + node] = True
            self.stale[own * nodes + previous] = True
            ends = sources[paths, previous]
            self.slack[own[ends], previous[ends]] += 1.0
            giving[own[ends]] = -1
            paths, node = paths[~ends], previous[~ends]
        for mover, target in moves:
            self.node[mover] = target
            self.key[mover] = self.future[mover] * nodes + target


def _shortest(arcs: FloatArray, sources: BoolArray) -> tuple[FloatArray, IntArray]:
    """``[future, node]`` least distance from any source, and the node before (Bellman-Ford)."""
    distance = np.where(sources, 0.0, np.inf)
    before = np.full(distance.shape, -1, dtype=np.int64)
    open_ones = np.arange(len(distance))
    for _ in range(distance.shape[1]):
        known = distance[open_ones]
        through = known[:, :, None] + arcs
        best = through.min(axis=1)
        better = best < known
        future, node = np.nonzero(better)
        if not len(future):
            break
        distance[open_ones[future], node] = best[future, node]
        before[open_ones[future], node] = through[future, :, node].argmin(axis=1)
        still: BoolArray = better.any(axis=1)
        if not still.all():
            open_ones, arcs = open_ones[still], arcs[still]
    return distance, before
