"""[ziele]: an order or prices, never both; what is followed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from daz_planner.errors import ScenarioError
from daz_planner.scenario import (
    load_scenario,
    scenario_as_toml_dict,
    scenario_from_dict,
    with_values,
)
from daz_planner.scenario.model import Scenario
from daz_planner.scenario.rows import parameter_rows
from daz_planner.scenario.solving import GOALS

PRICES = {"wartemonate": 100, "neue_klassen": 5000, "weg": 0, "einheit": "Euro"}


def with_prices(**more: Any) -> Scenario:
    return scenario_from_dict({"ziele": {"preise": PRICES, **more}})


def test_without_prices_the_goals_come_one_after_the_other() -> None:
    goals = scenario_from_dict({}).ziele
    assert goals.order == GOALS
    assert goals.prices == {}
    assert goals.follows("weg")
    assert not goals.follows("streuung_schulen")
    named = scenario_from_dict({"ziele": {"reihenfolge": ["streuung_schulen"]}}).ziele
    assert named.follows("streuung_schulen")
    assert not named.follows("weg")


def test_prices_take_the_place_of_the_order() -> None:
    goals = with_prices().ziele
    assert goals.order == ("preise",)
    assert goals.reihenfolge is None
    assert goals.prices == {"wartemonate": 100.0, "neue_klassen": 5000.0, "weg": 0.0}
    # A price of nothing is no goal.
    assert [goal for goal in GOALS if goals.follows(goal)] == ["wartemonate", "neue_klassen"]


def test_both_are_refused() -> None:
    with pytest.raises(ScenarioError, match="gelten nicht zugleich"):
        with_prices(reihenfolge=["weg"])


@pytest.mark.parametrize(
    ("prices", "text"),
    [
        ({"neue_klassen": 1}, "ziele.preise.wartemonate: Die Angabe fehlt"),
        ({"wartemonate": 0}, "„0“ ist zu klein"),
        ({"wartemonate": 1, "weg": -1}, "ziele.preise.weg"),
        ({"wartemonate": 1, "wege": 1}, "ziele.preise.wege"),
        ({"wartemonate": 1, "einheit": ""}, "ziele.preise.einheit"),
    ],
)
def test_wrong_prices_are_named(prices: dict[str, Any], text: str) -> None:
    with pytest.raises(ScenarioError, match=text):
        scenario_from_dict({"ziele": {"preise": prices}})


def test_a_child_with_prices_drops_the_order_of_its_basis_and_back(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        "[ziele]\ntoleranz = 0.01\n[ziele.preise]\nwartemonate = 7\nweg = 1\n", encoding="utf-8"
    )
    (tmp_path / "b.toml").write_text(
        'basis = "a.toml"\n[ziele]\nreihenfolge = ["weg"]\n', encoding="utf-8"
    )
    (tmp_path / "c.toml").write_text(
        'basis = "a.toml"\n[ziele.preise]\nweg = 2\n', encoding="utf-8"
    )
    first = load_scenario(tmp_path / "a.toml").ziele
    assert (first.order, first.toleranz) == (("preise",), 0.01)
    second = load_scenario(tmp_path / "b.toml").ziele
    assert (second.order, second.preise, second.toleranz) == (("weg",), None, 0.01)
    assert load_scenario(tmp_path / "c.toml").ziele.prices == {"wartemonate": 7.0, "weg": 2.0}


def test_prices_survive_being_stored_and_changed_by_a_call() -> None:
    priced = with_prices()
    assert Scenario.model_validate(priced.model_dump(mode="json")) == priced
    assert scenario_from_dict(scenario_as_toml_dict(priced)) == priced
    changed = with_values(priced, {"rechnen.zeitlimit": 5})
    assert changed.ziele == priced.ziele
    assert changed.rechnen.zeitlimit == 5


def test_the_assumptions_name_prices_and_that_the_order_does_not_hold() -> None:
    rows = {row.key: row for row in parameter_rows(with_prices())}
    assert rows["ziele.reihenfolge"].value == "keine; es gelten Preise"
    assert rows["ziele.preise.neue_klassen"].value == 5000.0
    assert rows["ziele.preise.klassenmonate"].value == "nicht verfolgt"


def test_seats_before_prices() -> None:
    """„zuerst“ in place of the price of waiting: two goals, opening costs count without a price."""
    goals = scenario_from_dict({"name": "x", "ziele": {"preise": {"wartemonate": "zuerst"}}}).ziele
    assert goals.order == ("wartemonate", "preise")
    assert goals.prices == {"neue_klassen": 0.0}
    assert goals.follows("wartemonate")
    assert not goals.follows("neue_klassen")
