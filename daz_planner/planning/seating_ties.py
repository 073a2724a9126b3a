"""Who has the better seat where all goals are equal: who waits longer, and only then the lot.

Among the plans that are equal in every goal of the list the days of registration are taken one
after the other, the earliest first: the children of the day get what is best for them in the order
of the goals (grades within the span, families together, wishes by their rank, short ways) and keep
it.  What they leave open goes to the next day.  What no day decides the lot does: the plan whose
children have drawn the smallest numbers, each child one for each school.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from daz_planner.planning.goal_chain import Bounded, GoalChain, one_after_another
from daz_planner.planning.session import Terms

if TYPE_CHECKING:
    from daz_planner.planning.seating_model import SeatingModel

_LARGEST_WEIGHT = 1e5
"""Of a goal that is solved together with others: above it a solver's tolerance would count."""
_LOT_UNITS = 1024.0
"""Units in the largest number that can be drawn: far above what a solver takes for nothing."""
_SAME = 1e-6
_FIRST_LOOK = 1.0


def break_ties(model: SeatingModel, chain: GoalChain, deadline: float) -> frozenset[int] | None:
    """Choose among the plans that are equal in every goal; ``chain.values`` is the choice then.

    Returns
    -------
    The children (indices into ``district.newcomers``) for whom the lot decided; ``None`` where the
    time did not reach.
    """
    chosen: set[int] | None = None
    if not chain.at_face:
        moving = _hold_what_is_sure(model, chain, deadline)
        if moving is None:
            return None
        chosen = _concerned(model, chain, moving)
    for day in _days(model, chosen):
        goals: list[Bounded] = []
        for terms in day:
            free = _still_open(model, chain, terms)
            if free:
                goals.append((free, model.spread(free)))
        while goals:
            together, count = one_after_another(goals, _LARGEST_WEIGHT)
            if not _minimised(chain, together, deadline):
                return None
            for terms, _ in [(together, 0.0)] if chain.at_face else goals[:count]:
                chain.keep(terms)
            goals = goals[count:]
    return _draw_lots(model, chain, deadline)


def _hold_what_is_sure(model: SeatingModel, chain: GoalChain, deadline: float) -> set[int] | None:
    """Hold the seats that are the same in all plans as good.

    Returns the seekers who sit elsewhere in some of them, ``None`` where the time is over.

    Where only rows keep the values of the goals the relaxation cannot tell them: another plan in
    which as many children as possible sit elsewhere is searched for, and again for those who have
    not moved in any, until none of them can.
    """
    best, chosen = chain.values, model.places(chain.values)
    months = model.offer.months
    everybody = {c for (c, _, _), v in model.seat.items() if not chain.is_fixed(v)}
    staying = set(everybody)
    while staying:
        terms = [
            (variable, 1.0 if c in chosen else -1.0)
            for (c, s, m), variable in model.seat.items()
            if c in staying and chosen.get(c, (s, months[m])) == (s, months[m])
        ]
        if not _minimised(chain, terms, deadline, whole=True, kept=False):
            chain.values = best
            return None
        found = model.places(chain.values)
        moved = {c for c in staying if found.get(c) != chosen.get(c)}
        if not moved:
            break
        staying -= moved
    chain.values = best
    chain.freeze(variable for (c, _, _), variable in model.seat.items() if c in staying)
    return everybody - staying


def _concerned(model: SeatingModel, chain: GoalChain, moving: set[int]) -> set[int]:
    """The days for which it matters where some of the seekers sit."""
    families = {model.seekers[c].family for c in moving} - {""}
    found = {
        seeker.day
        for c, seeker in enumerate(model.seekers)
        if c in moving or seeker.family in families
    }
    if any(chain.values[variable.index] > _SAME for variable in model.outside.values()):
        found |= {model.seekers[c].day for c in model.outside}
    return found


def _days(model: SeatingModel, chosen: set[int] | None) -> Iterator[list[Terms]]:
    """What is best for the children of a day, goal by goal; the earliest day first.

    ``chosen`` are the days, all of them where it is ``None``.
    """
    ranks = max((len(seeker.wishes) for seeker in model.seekers), default=0)
    goals: defaultdict[int, list[Terms]] = defaultdict(lambda: [[] for _ in range(3 + ranks)])
    day = [seeker.day for seeker in model.seekers]
    for c, variable in model.outside.items():
        goals[day[c]][0].append((variable, 1.0))
    for variable, of in zip(model.family_places, model.family_days, strict=True):
        goals[of][1].append((variable, 1.0))
    ways = dict(model.ways_of_seats())
    for (c, s, m), variable in model.seat.items():
        own = goals[day[c]]
        rank = model.seekers[c].wish_rank(s)
        if rank is not None:
            own[1 + rank].append((variable, -1.0))
        own[-1].append((variable, ways[c, s, m]))
    for (c, d, s, r), variable in model.both_at.items():
        far = float(model.offer.between[s, r])
        goals[min(day[c], day[d])][-1].append((variable, far))
    for of, own in sorted(goals.items()):
        if chosen is None or of in chosen:
            yield own


def _still_open(model: SeatingModel, chain: GoalChain, terms: Terms) -> Terms:
    """The part of a goal that the goals before it leave open; nothing where no plan differs."""
    free = [(v, factor) for v, factor in terms if not chain.is_fixed(v) and factor]
    told = {variable.name: factor for variable, factor in free}
    sure: set[int] = set()
    for variable, _ in free:
        c = model.seeker_of.get(variable.name)
        if c is None or model.seekers[c].child not in model.flow.sure:
            return free  # may be 0 in one plan and not in another
        sure.add(c)
    for c in sure:
        # The child has one of these seats in every plan.
        seats = [model.seat[key] for key in model.of_child[c]]
        factors = [told.get(v.name, 0.0) for v in seats if not chain.is_fixed(v)]
        if max(factors) - min(factors) > _SAME:
            return free
    return []


def _minimised(
    chain: GoalChain, terms: Terms, deadline: float, *, whole: bool = False, kept: bool = True
) -> bool:
    """Whether the best plan for an expression was found, held in ``chain.values``."""
    left = deadline - time.perf_counter()
    if left <= 0.0:
        return False
    return not chain.minimise(terms, left, whole=whole, kept=kept).status.is_cut_off


def _draw_lots(model: SeatingModel, chain: GoalChain, deadline: float) -> frozenset[int] | None:
    """The plan that the lots prefer, and for whom another one would have been as good."""
    since = time.perf_counter()
    drawn = [
        (variable, float(model.seekers[c].draws[s])) for (c, s, _), variable in model.seat.items()
    ]
    drawn = _still_open(model, chain, drawn)
    if not drawn:
        return frozenset()
    if not _minimised(chain, [(v, _LOT_UNITS * draw) for v, draw in drawn], deadline, kept=False):
        return None
    best = chain.values
    # Another look, with the lots turned: who then sits elsewhere?
    now = time.perf_counter()
    seconds = min(deadline, now + _FIRST_LOOK + now - since) - now
    if seconds <= 0.0:
        return frozenset()
    if not chain.at_face:
        # Which grades a VKA holds stays as it is: without that the look is as long as the way.
        chain.freeze(model.span_choices)
    turned = [(v, _LOT_UNITS * (1.0 - draw)) for v, draw in drawn]
    chain.minimise(turned, seconds, whole=False, kept=False)
    chosen, other = model.places(best), model.places(chain.values)
    chain.values = best
    return frozenset(
        model.seekers[c].child
        for c in chosen.keys() | other.keys()
        if chosen.get(c) != other.get(c)
    )
