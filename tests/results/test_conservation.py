"""The check before writing finds each way in which a plan can be wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from daz_planner.errors import ConservationError
from daz_planner.planning.plan import Flow, Plan
from daz_planner.results.conservation import check_plan


def test_the_small_plan_adds_up(plan: Plan, empty_plan: Plan) -> None:
    check_plan(plan)
    check_plan(empty_plan)


def _lost_child(plan: Plan) -> dict[str, Any]:
    return {"children": plan.children[:2]}


def _child_twice(plan: Plan) -> dict[str, Any]:
    return {"children": (*plan.children, plan.children[0])}


def _wrong_school_type(plan: Plan) -> dict[str, Any]:
    return {"children": (replace(plan.children[0], school=2), *plan.children[1:])}


def _school_without_month(plan: Plan) -> dict[str, Any]:
    return {"children": (replace(plan.children[0], month=None), *plan.children[1:])}


def _negative_flow(plan: Plan) -> dict[str, Any]:
    return {"flows": (*plan.flows, Flow(0, 0, 0, -0.5, 10.0))}


def _flow_not_a_number(plan: Plan) -> dict[str, Any]:
    return {"flows": (*plan.flows, Flow(0, 0, 0, float("nan"), 10.0))}


def _child_not_in_flows(plan: Plan) -> dict[str, Any]:
    return {"flows": tuple(flow for flow in plan.flows if flow.municipality != 2)}


def _more_pupils_than_placed(plan: Plan) -> dict[str, Any]:
    use = plan.use_forecast.copy()
    use[1, 2] = 4.5
    return {"use_forecast": use}


def _negative_use(plan: Plan) -> dict[str, Any]:
    return {"use_today": plan.use_today - 50}


def _wrong_shape(plan: Plan) -> dict[str, Any]:
    return {"seats": plan.seats[:, :2]}


def _not_a_number(plan: Plan) -> dict[str, Any]:
    return {"seats": np.full((3, 4), np.nan)}


@pytest.mark.parametrize(
    ("breaking", "message"),
    [
        (_lost_child, "„K3“ der heutigen Liste fehlt"),
        (_child_twice, "„K1“ steht öfter"),
        (_wrong_school_type, "„K1“ ist an einer falschen Schulart"),
        (_school_without_month, "„K1“ hat nur Schule oder nur Monat"),
        (_negative_flow, "negative Zahl verteilt"),
        (_flow_not_a_number, "negative Zahl verteilt"),
        (_child_not_in_flows, "fehlen in der Verteilung"),
        (_more_pupils_than_placed, "mehr neue Schüler als je verteilt"),
        (_negative_use, "ist negativ"),
        (_wrong_shape, "hat die Größe"),
        (_not_a_number, "keine Zahl"),
    ],
)
def test_a_broken_plan_is_refused(
    make_plan: Callable[..., Plan], breaking: Callable[[Plan], dict[str, Any]], message: str
) -> None:
    plan = make_plan()
    with pytest.raises(ConservationError, match=message):
        check_plan(replace(plan, **breaking(plan)))
