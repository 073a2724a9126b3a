"""What differs between two scenarios, cut into the smallest pieces that can be changed alone.

A piece is one key where the first scenario stays valid with the other's value of that key. Where it
does not – shares that must sum to 1, forms that exclude each other, sizes that limit each other –
the piece is the smallest table around the key that does. So the first scenario with one piece of
the other tells what that piece alone does.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daz_planner.errors import ScenarioError
from daz_planner.scenario import (
    differences,
    scenario_as_toml_dict,
    scenario_from_dict,
    with_values,
)

if TYPE_CHECKING:
    from daz_planner.scenario.model import Scenario

Path = tuple[str, ...]
_COMPUTING = "rechnen"
_HEAD = ("name", "beschreibung", "quellen")


@dataclass(frozen=True)
class Switch:
    """A piece: the key or table that changes, the differing keys in it, the changed scenario."""

    name: str
    keys: tuple[str, ...]
    scenario: Scenario


def switches(first: Scenario, other: Scenario) -> tuple[Switch, ...]:
    """The pieces in which ``other`` differs from ``first``, in the order of the model.

    How it is computed (``[rechnen]``) is no assumption and no piece.
    """
    target = other.model_copy(update={_COMPUTING: first.rechnen})
    old, new = _leaves(first), _leaves(target)
    paths = [path for path in dict.fromkeys([*old, *new]) if old.get(path) != new.get(path)]
    # A key that only the first has often goes by itself where another takes its place.
    paths.sort(key=lambda path: path not in new)
    found: dict[Path, Switch] = {}
    covered: set[str] = set()
    for path in paths:
        if _key(path) in covered:
            continue
        place, switch = _smallest(first, target, path)
        # A table replaces the pieces inside it.
        for inner in [known for known in found if known[: len(place)] == place]:
            del found[inner]
        found[place] = switch
        covered.update(switch.keys)
    order = {_key(path): n for n, path in enumerate(_in_order(first, target))}
    return tuple(
        sorted(found.values(), key=lambda switch: min(order.get(key, 0) for key in switch.keys))
    )


def _smallest(first: Scenario, target: Scenario, path: Path) -> tuple[Path, Switch]:
    """The smallest change of the first scenario that takes over the value at a path."""
    values = scenario_as_toml_dict(target)
    present = _at(values, path) is not None
    for length in range(len(path), 0, -1):
        place = path[:length]
        try:
            if length == len(path) and present:
                # Laid over the first, so that another form of the same makes way.
                changed = with_values(first, {_key(path): _at(values, path)})
            else:
                changed = scenario_from_dict(_replaced(first, values, place))
        except ScenarioError:
            continue
        keys = _taken_over(first, target, changed)
        if _key(path) in keys:
            return place, Switch(_key(place), keys, changed)
    return (), Switch("alle zusammen", _differing(target, first), target)


def _taken_over(first: Scenario, target: Scenario, changed: Scenario) -> tuple[str, ...]:
    """Keys that changed, all of them to the target's value; none where one has become another."""
    keys = _differing(changed, first)
    return () if set(keys) & set(_differing(changed, target)) else keys


def _differing(one: Scenario, two: Scenario) -> tuple[str, ...]:
    return tuple(
        difference.key
        for difference in differences(one, two)
        if not difference.key.startswith(f"{_COMPUTING}.")
    )


def _replaced(first: Scenario, values: Mapping[str, Any], place: Path) -> dict[str, Any]:
    """The first scenario as a table, with the other's value at a place, or without one."""
    data = deepcopy(scenario_as_toml_dict(first))
    table = data
    for name in place[:-1]:
        table = table.setdefault(name, {})
    value = _at(values, place)
    if value is None:
        table.pop(place[-1], None)
    else:
        table[place[-1]] = deepcopy(value)
    return data


def _at(values: Any, path: Path) -> Any:
    for name in path:
        if not isinstance(values, Mapping) or name not in values:
            return None
        values = values[name]
    return values


def _leaves(scenario: Scenario) -> dict[Path, Any]:
    found: dict[Path, Any] = {}
    _collect(
        {name: v for name, v in scenario_as_toml_dict(scenario).items() if name not in _HEAD},
        (),
        found,
    )
    return found


def _collect(values: Mapping[str, Any], prefix: Path, found: dict[Path, Any]) -> None:
    for name, value in values.items():
        if isinstance(value, Mapping):
            _collect(value, (*prefix, name), found)
        else:
            found[(*prefix, name)] = value


def _in_order(first: Scenario, target: Scenario) -> list[Path]:
    return list(dict.fromkeys([*_leaves(target), *_leaves(first)]))


def _key(path: Path) -> str:
    return ".".join(path)
