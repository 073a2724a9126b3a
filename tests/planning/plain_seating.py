"""Today's list as a plain model: child by child, each goal a search of its own kept by a row.

For tests and benchmarks: what the program finds must have the same values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from daz_planner.planning.seating_model import SeatingModel
from daz_planner.planning.seating_offer import Offer
from daz_planner.planning.seating_run import SeatingGoal
from daz_planner.planning.seekers import Seeker
from daz_planner.planning.session import FloatArray, Terms
from daz_planner.planning.solver import open_session
from daz_planner.scenario.model import Scenario

_SLACK = 1e-5

Values = dict[tuple[str, str], float]
"""(school types, goal) → value."""


def plain_offer(
    found: tuple[Seeker, ...], offer: Offer, scenario: Scenario, strict: bool
) -> Values:
    """Each goal a search of its own over all children, its value kept by a row."""
    values: Values = {}
    rows: list[tuple[list[tuple[str, float]], float]] = []
    for kind in sorted({s.kind for s in found}):
        model = SeatingModel(tuple(s for s in found if s.kind == kind), offer, strict_spans=strict)
        if not model.seat:
            continue
        session = open_session("highs", model.lp, gap=0.0, threads=scenario.rechnen.threads)
        at: FloatArray = model.start()
        for name, terms in _plain_goals(model):
            at = session.minimise(terms, seconds=600.0, start=at).values
            most = round(session.value_of(terms, at), 6)
            session.limit(terms, most + _SLACK)
            rows.append(([(v.name, factor) for v, factor in terms], most + _SLACK))
            values[kind, name] = values.get((kind, name), 0.0) + most
    joint = SeatingModel(found, offer, strict_spans=strict)
    if joint.seat:
        session = open_session("highs", joint.lp, gap=0.0, threads=scenario.rechnen.threads)
        by_name = {v.name: v for v in session.variables}
        for row, most in rows:
            session.limit([(by_name[name], factor) for name, factor in row], most)
        terms = joint.ways()
        outcome = session.minimise(terms, seconds=600.0)
        values["", "weg"] = session.value_of(terms, outcome.values)
    return values


def _plain_goals(model: SeatingModel) -> Iterator[tuple[str, Terms]]:
    goals = [("fixiert", model.seated(pinned=True)), ("plaetze_liste", model.seated())]
    later = len(model.offer.months) > 1
    for day in sorted({s.day for s in model.seekers}):
        goals.append(("vorrang_liste", model.waiting_of(day) if later else model.seated(day=day)))
    goals.append(("klassenstufen", [(v, 1.0) for v in model.outside.values()]))
    goals.append(("familien", [(v, 1.0) for v in model.family_places]))
    goals.append(("weg_ueber_richtwert", model.ways_above()))
    goals.extend((f"wunsch_{rank}", model.wishes(rank)) for rank in (1, 2, 3))
    return ((name, terms) for name, terms in goals if terms)


def told(goals: tuple[SeatingGoal, ...]) -> Values:
    """The values of the program in the same form; the ways of all school types together."""
    values: defaultdict[tuple[str, str], float] = defaultdict(float)
    for goal in goals:
        values["" if goal.name == "weg" else goal.kinds, goal.name] += goal.value
    return dict(values)


def differences(plain: Values, ours: Values, *, one_month: bool) -> list[str]:
    """Goals whose values are not the same; what only one of them names is 0 for the other.

    With one month the program tells the precedence as a sum of the days' numbers, and pinned
    children are no goal where all are: neither is compared.
    """
    left_out = {"vorrang_liste"} if one_month else set()
    return [
        f"{kind} {name}: {plain[kind, name]} / {ours.get((kind, name), 0.0)}"
        for kind, name in plain
        if name not in left_out
        and ((kind, name) in ours or name != "fixiert")
        and abs(plain[kind, name] - ours.get((kind, name), 0.0)) > 1e-3
    ]
