"""The bill of a plan with prices: quantity × price = amount, as a table and in a sentence.

The seats of today's list are handed out before the months ahead are planned.  Their ways are in the
sum, in rows of their own; the proof is that no plan of the months ahead costs less.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.results.goals import PRICES, goal_name, goal_unit, types_text
from daz_planner.results.need import TOGETHER
from daz_planner.results.schema import Column, Kind, Table, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daz_planner.planning.plan import BillItem, Plan

SUM = "Summe"
QUESTION = "Was kostet der Plan?"
DECIDED = "steht vor dem Plan der Monate fest"
_NONE = "Die Ziele haben keine Preise."
_NOTHING = 0.5
"""Amounts below this are not named in the sentence."""


def bill_table(plan: Plan) -> Table:
    """Abrechnung: a row a priced goal, then the sum with its proven bound; by school type, in all.

    „Preis“ is empty where each school has a price of its own.
    """
    unit = _unit(plan)
    columns = [
        Column("Schulart"),
        Column("Ziel", width=48),
        Column("Menge", Kind.NUMBER, "siehe Einheit", 3, shown=1),
        Column("Einheit"),
        Column("Preis", Kind.NUMBER, f"{unit} je Einheit", 3, shown=2),
        Column("Betrag", Kind.NUMBER, unit, 2, shown=0),
        Column("Nachweis", width=34),
    ]
    kinds = list(dict.fromkeys(item.school_type for item in plan.bill))
    rows: list[list[object]] = []
    for kind in kinds:
        own = [item for item in plan.bill if item.school_type == kind]
        rows += [_row(plan, types_text(kind), [item]) for item in _ordered(own)]
        rows.append([types_text(kind), SUM, None, "", None, *_sum_and_proof(plan, [kind])])
    if len(kinds) > 1:
        every = _ordered(plan.bill)
        for goal, of_list in dict.fromkeys((item.goal, item.of_list) for item in every):
            items = [item for item in every if (item.goal, item.of_list) == (goal, of_list)]
            rows.append(_row(plan, TOGETHER, items))
        rows.append([TOGETHER, SUM, None, "", None, *_sum_and_proof(plan, kinds)])
    return table("abrechnung", columns, rows, empty=_NONE)


def _ordered(items: Sequence[BillItem]) -> list[BillItem]:
    """By goal, what is of today's list after the rest of the same goal."""
    goals = list(dict.fromkeys(item.goal for item in items))
    return sorted(items, key=lambda item: (goals.index(item.goal), item.of_list))


def _row(plan: Plan, kinds: str, items: Sequence[BillItem]) -> list[object]:
    """The row of a goal: items of one or more school types added up."""
    goal, of_list = items[0].goal, items[0].of_list
    prices = {item.price for item in items}
    parted = any(item.goal == goal and item.of_list for item in plan.bill)
    name = goal_name(goal)
    if parted:
        name += ": heutige Liste, vorab verteilt" if of_list else ": alle übrigen Kinder"
    return [
        kinds,
        name,
        sum(item.quantity for item in items),
        goal_unit(goal, plan.scenario),
        prices.pop() if len(prices) == 1 else None,
        sum(item.amount for item in items),
        DECIDED if of_list else "",
    ]


def bill_answer(plan: Plan) -> str:
    """The sum, what it is made of, and how far it may be from the least."""
    unit = _unit(plan)
    kinds = dict.fromkeys(item.school_type for item in plan.bill)
    total, bound, gap = _sum(plan, list(kinds))
    amounts: defaultdict[str, float] = defaultdict(float)
    listed: defaultdict[str, float] = defaultdict(float)
    for item in plan.bill:
        amounts[item.goal] += item.amount
        listed[item.goal] += item.amount if item.of_list else 0.0
    parts = [
        f"{goal_name(goal)} {german.number(amount)}{_of_list(listed[goal])}"
        for goal, amount in sorted(amounts.items(), key=lambda pair: -pair[1])
        if amount >= _NOTHING
    ]
    text = f"Alle Ziele, die einen Preis haben, zusammen {german.number(total)} {unit}"
    text += f": {'; '.join(parts)}." if parts else "."
    if bound is None or gap is None:
        return f"{text} Wie viel ein besserer Plan kostete, ist nicht bewiesen."
    seated = any(seat.school is not None for seat in plan.children)
    if gap <= 1e-6 and seated:
        return (
            f"{text} Die Plätze der heutigen Liste werden vorab vergeben, nach eigenen Regeln und "
            "ohne Preise; mit ihnen geht weniger bewiesen nicht."
        )
    if gap <= 1e-6:
        return f"{text} Weniger geht bewiesen nicht."
    beside = " mit diesen Plätzen der heutigen Liste" if seated else ""
    return (
        f"{text} Kein Plan{beside} kostet weniger als {german.number(bound)} (bewiesen; höchstens "
        f"{german.percent_at_most(gap)} weniger)."
    )


def _of_list(amount: float) -> str:
    if amount < _NOTHING:
        return ""
    return f" (davon {german.number(amount)} für Kinder der heutigen Liste)"


def _unit(plan: Plan) -> str:
    prices = plan.scenario.ziele.preise
    return "" if prices is None else prices.einheit


def _sum_and_proof(plan: Plan, kinds: list[str]) -> tuple[float, str]:
    total, bound, gap = _sum(plan, kinds)
    if bound is None or gap is None:
        return total, "keine Schranke bewiesen"
    return total, f"Schranke {german.number(bound)}, Lücke {german.percent(gap, 2)}"


def _sum(plan: Plan, kinds: list[str]) -> tuple[float, float | None, float | None]:
    """Amount, proven bound and gap of some school types; no bound where one of them has none."""
    total = sum(item.amount for item in plan.bill if item.school_type in kinds)
    stages = [s for s in plan.stages if s.goal == PRICES and s.school_type in kinds]
    bounds = [stage.bound for stage in stages if stage.bound is not None]
    if len(bounds) < len(kinds):
        return total, None, None
    bound = min(total, sum(bounds))
    return total, bound, (total - bound) / total if total > 0 else 0.0
