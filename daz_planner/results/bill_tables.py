"""The bill of a plan with prices: quantity × price = amount, as a table and in a sentence."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.results.goals import PRICES, goal_name, goal_unit, types_text
from daz_planner.results.need import TOGETHER
from daz_planner.results.schema import Column, Kind, Table, table

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan

SUM = "Summe"
QUESTION = "Was kostet der Plan?"
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
        Column("Ziel", width=40),
        Column("Menge", Kind.NUMBER, "siehe Einheit", 3, shown=1),
        Column("Einheit"),
        Column("Preis", Kind.NUMBER, f"{unit} je Einheit", 3, shown=2),
        Column("Betrag", Kind.NUMBER, unit, 2, shown=0),
        Column("Nachweis", width=34),
    ]
    kinds = list(dict.fromkeys(item.school_type for item in plan.bill))
    rows: list[list[object]] = []
    for kind in kinds:
        rows += [
            [
                types_text(kind),
                goal_name(item.goal),
                item.quantity,
                goal_unit(item.goal, plan.scenario),
                item.price,
                item.amount,
                "",
            ]
            for item in plan.bill
            if item.school_type == kind
        ]
        rows.append([types_text(kind), SUM, None, "", None, *_sum_and_proof(plan, [kind])])
    if len(kinds) > 1:
        for goal in dict.fromkeys(item.goal for item in plan.bill):
            items = [item for item in plan.bill if item.goal == goal]
            quantity = sum(item.quantity for item in items)
            prices = {item.price for item in items}
            price = prices.pop() if len(prices) == 1 else None
            amount = sum(item.amount for item in items)
            unit_of = goal_unit(goal, plan.scenario)
            rows.append([TOGETHER, goal_name(goal), quantity, unit_of, price, amount, ""])
        rows.append([TOGETHER, SUM, None, "", None, *_sum_and_proof(plan, kinds)])
    return table("abrechnung", columns, rows, empty=_NONE)


def bill_answer(plan: Plan) -> str:
    """The sum, what it is made of, and how far it may be from the least."""
    unit = _unit(plan)
    kinds = dict.fromkeys(item.school_type for item in plan.bill)
    total, bound, gap = _sum(plan, list(kinds))
    amounts: defaultdict[str, float] = defaultdict(float)
    for item in plan.bill:
        amounts[item.goal] += item.amount
    parts = [
        f"{goal_name(goal)} {german.number(amount)}"
        for goal, amount in sorted(amounts.items(), key=lambda pair: -pair[1])
        if amount >= _NOTHING
    ]
    text = f"Alle Ziele, die einen Preis haben, zusammen {german.number(total)} {unit}"
    text += f": {'; '.join(parts)}." if parts else "."
    if bound is None or gap is None:
        return f"{text} Wie viel ein besserer Plan kostete, ist nicht bewiesen."
    if gap <= 1e-6:
        return f"{text} Weniger geht bewiesen nicht."
    return (
        f"{text} Kein Plan kostet weniger als {german.number(bound)} (bewiesen; höchstens "
        f"{german.percent_at_most(gap)} weniger)."
    )


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
