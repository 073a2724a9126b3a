"""Which counts a shared version hides, so that no count of 1 to 3 persons can be computed back.

Counts of a few persons are hidden (primary suppression; SächsSchulStatVO § 5 names fewer than four
cases).  Where a sum is shown, one hidden part would be the sum less the others; so a larger part
is hidden too (complementary suppression), and more of them until no hidden part follows from the
sum.  Where no further part is there, the sum itself is hidden, and every sum above it.

A reader may know these rules.  So which larger parts are hidden follows an order known to all, not
the hidden counts, and a choice never ends in a way that only one set of counts could bring about.

:func:`ranges` takes the place of a reader who computes: from everything shown it finds the least
and the greatest value of each count.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

LEAST_SHOWN = 4
"""The smallest number of persons that is shown, beside 0."""
_ROUNDED = LEAST_SHOWN - 0.5
_NOBODY = 1e-6
_OPEN = 2
"""So many persons beyond the least that hidden counts can be leave each of them open."""


def is_small(number: float) -> bool:
    """Whether a count or an expected number is somebody, but rounded fewer than 4."""
    return _NOBODY < number < _ROUNDED


@dataclass(frozen=True)
class Line:
    """What of a sum is shown: the hidden parts by position, and whether the sum is shown."""

    hidden: frozenset[int]
    shows_sum: bool


def protect(counts: Iterable[Sequence[int]], order: Sequence[int] | None = None) -> Line:
    """Choose what to hide of parts whose sum is shown.

    Parameters
    ----------
    counts:
        One or more counts of the same parts, none of which falls from one to the next (pupils of
        today; with children of the list).  All are protected by one choice, which then hides at
        least what the first counts alone would: another version with the same first counts does not
        give it back.
    order:
        The parts in the order in which further ones are hidden; without it their own.  It must be
        known to every reader: an order by the hidden counts would tell of them.
    """
    lines = [list(line) for line in counts]
    hidden = frozenset(n for line in lines for n, count in enumerate(line) if is_small(count))
    if not hidden:
        return Line(hidden, shows_sum=not any(is_small(sum(line)) for line in lines))
    return _filled(lines, hidden, order)


def protect_later(
    line: Line, counts: Iterable[Sequence[int]], order: Sequence[int] | None = None
) -> Line:
    """Hide more of the same parts, for what is expected of them later on, in months of any course.

    A part that is small in a month is hidden like one with a small count, and further ones beside
    it.  What ``line`` hides stays hidden, so its own counts stay protected: each further part
    leaves them more open.  Nothing is added where the sum is not shown.
    """
    lines = [list(month) for month in counts]
    small = {n for month in lines for n, count in enumerate(month) if is_small(count)}
    if not line.shows_sum or not small:
        return line
    if any(is_small(sum(month)) for month in lines):
        return replace(line, shows_sum=False)
    return _filled(lines, line.hidden | small, order)


def _filled(
    lines: Sequence[Sequence[int]], hidden: frozenset[int], order: Sequence[int] | None
) -> Line:
    """Further parts in their order, until the sum gives none of the small ones back."""
    order = range(len(lines[0])) if order is None else order
    further = [
        n for n in order if n not in hidden and all(line[n] >= LEAST_SHOWN for line in lines)
    ]
    chosen = set(hidden)
    while not _safe(lines, chosen):
        if not further:
            return Line(frozenset(chosen), shows_sum=False)
        chosen.add(further.pop(0))
    return Line(frozenset(chosen), shows_sum=True)


def _safe(lines: Sequence[Sequence[int]], hidden: set[int]) -> bool:
    """Whether the sum leaves each small count open, even to who knows which of them are small.

    That takes a larger one beside them, and two more persons than there are at least: with none
    more all small ones were 1; with one more, so they were in every choice that stops one later.
    """
    for line in lines:
        held = [line[n] for n in hidden]
        small = [count for count in held if is_small(count)]
        larger = [count for count in held if count >= LEAST_SHOWN]
        least = len(small) + LEAST_SHOWN * len(larger)
        if small and (not larger or sum(held) < least + _OPEN):
            return False
    return True


@dataclass(frozen=True)
class Shown:
    """A sum that a reader knows: counts by name add up to ``total``."""

    counts: tuple[str, ...]
    total: int


Range = tuple[int, float]
"""Least and greatest value that a count can have."""


def ranges(shown: Iterable[Shown], least: Mapping[str, int] | None = None) -> dict[str, Range]:
    """The range of each count that follows from the sums shown, counts being 0 or more.

    Bounds are carried from sum to sum until none moves. A difference of two sums of which one
    contains the other counts as a sum too.

    Parameters
    ----------
    least:
        What a reader knows otherwise of the least value of a count.
    """
    known = {frozenset(item.counts): item.total for item in shown}
    names = sorted(set().union(*known)) if known else []
    low = {name: (least or {}).get(name, 0) for name in names}
    high = dict.fromkeys(names, math.inf)
    for name, value in _solved(known).items():
        low[name], high[name] = value, value
    open_sums = _differences(_reduced(known, {n: low[n] for n in names if low[n] == high[n]}))
    moved = True
    while moved:
        moved = False
        for counts, total in open_sums.items():
            for name in counts:
                others = counts - {name}
                top = total - sum(low[other] for other in others)
                bottom = total - sum(high[other] for other in others)
                if top < high[name]:
                    high[name], moved = top, True
                if bottom > low[name]:
                    low[name], moved = int(bottom), True
    return {name: (low[name], high[name]) for name in names}


_Sums = dict[frozenset[str], int]


def _solved(sums: _Sums) -> dict[str, int]:
    """Counts that are shown, or are the only one left of a sum."""
    found: dict[str, int] = {}
    while True:
        single = {next(iter(c)): v for c, v in _reduced(sums, found).items() if len(c) == 1}
        if not single:
            return found
        found |= single


def _reduced(sums: _Sums, values: Mapping[str, int]) -> _Sums:
    """The sums without the counts that are known."""
    reduced = {
        frozenset(counts - values.keys()): total
        - sum(values[name] for name in counts & values.keys())
        for counts, total in sums.items()
    }
    return {counts: total for counts, total in reduced.items() if counts}


def _differences(sums: _Sums) -> _Sums:
    """The sums, and the rest of each one that contains another, again and again."""
    known = dict(sums)
    while True:
        further = {
            whole - part: known[whole] - known[part]
            for whole in known
            for part in known
            if part < whole and whole - part not in known
        }
        if not further:
            return known
        known |= further
