"""Seats that last: nobody is given one that its school loses while the child still needs it.

Where the office has decided on fewer classes than today (sheet Klassenplan), seats are free until
then that go with their class.  Who took one would have to move at once, as today's pupils of that
class have to.  So a seat there is only given to as many children as find one afterwards, too, each
counted with the share of children like it who still need theirs.  A pin goes before: the office
has decided on both.  The months ahead keep to the same rule by their rows (2) and (3).

Axes: ``s`` school of the problem, ``t`` month.
"""

from __future__ import annotations

import numpy as np

from daz_planner.planning.problem import FloatArray, IntArray, Problem

NEVER = -1
_NOBODY = 1e-6


def lasting_room(problem: Problem) -> FloatArray | None:
    """``[s, t]`` seats that children who take one now may use in a later month.

    What today's pupils leave of the decided classes where these are fewer than today, endless in
    all other months; ``None`` where no closing is decided.
    """
    closing = problem.closing
    if not closing.any():
        return None
    left = problem.seats(problem.base) - problem.use_today
    return np.where(closing, np.maximum(0.0, left), np.inf)


def seats_end(problem: Problem, used: FloatArray, month: int = 0) -> IntArray:
    """``[s]`` first month in which a seat taken in ``month`` is lost by decision.

    :data:`NEVER` where it lasts as long as it is needed.  ``used`` are ``[s, t]`` seats in use by
    all who are there.
    """
    left = problem.seats(problem.base) - used
    needed = problem.survival[problem.kind, month, :]
    lost = problem.closing & (needed > _NOBODY) & (left < needed - _NOBODY)
    lost[:, : month + 1] = False
    return np.where(lost.any(axis=1), lost.argmax(axis=1), NEVER).astype(np.int64)
