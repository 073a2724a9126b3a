"""Laying a scenario over its basis: what the child names replaces, everything else is inherited."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from daz_planner.scenario.arrivals import ARRIVAL_FORMS

_WHOLE = {("zuzug", "schularten"), ("zuzug", "gemeinden")}
"""Tables that are one value: a distribution cannot be changed in part."""

_STAY_FORMS: tuple[tuple[str, ...], ...] = (("mittel", "standardabweichung"), ("tabelle",))
_GOAL_FORMS: tuple[tuple[str, ...], ...] = (("reihenfolge",), ("preise",))


def merged(basis: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    """The child over its basis.

    Tables are merged key by key, lists and values are replaced. Where the child chooses another
    of several forms (``reihe`` instead of ``pro_monat``, ``tabelle`` instead of ``mittel`` and
    ``standardabweichung``, ``preise`` instead of ``reihenfolge``), the forms of the basis go; so
    do the teacher hours of the basis where the child says ``begrenzt = false``.
    """
    return _merged(basis, child, ())


def _merged(
    basis: Mapping[str, Any], child: Mapping[str, Any], path: tuple[str, ...]
) -> dict[str, Any]:
    result = {name: value for name, value in basis.items() if name not in _dropped(child, path)}
    for name, value in child.items():
        inherited = result.get(name)
        if isinstance(value, dict) and isinstance(inherited, dict) and (*path, name) not in _WHOLE:
            result[name] = _merged(inherited, value, (*path, name))
        else:
            result[name] = deepcopy(value)
    return result


def _dropped(child: Mapping[str, Any], path: tuple[str, ...]) -> set[str]:
    """Keys of the basis that the child makes void by choosing another form."""
    if path == ("lehrer",) and child.get("begrenzt") is False:
        return {"stunden"}
    if path == ("zuzug",):
        forms: tuple[tuple[str, ...], ...] = tuple((form,) for form in ARRIVAL_FORMS)
    elif path == ("ziele",):
        forms = _GOAL_FORMS
    elif len(path) == 3 and path[0] == "phasen":
        forms = _STAY_FORMS
    else:
        return set()
    chosen = [form for form in forms if any(name in child for name in form)]
    return {name for form in forms if chosen and form not in chosen for name in form}


def sources_left(
    sources: Mapping[str, str], child: Mapping[str, Any], own: Mapping[str, str]
) -> dict[str, str]:
    """Sources of inherited values that still hold: those of keys that the child does not name.

    ``own`` are the sources that the child itself gives.
    """
    named = [".".join(path) for path in paths(child) if path]
    leaves = [key for key in named if not any(other.startswith(f"{key}.") for other in named)]
    kept = {
        key: text
        for key, text in sources.items()
        if not any(key == leaf or key.startswith(f"{leaf}.") for leaf in leaves)
        and not any(leaf.startswith(f"{key}.") for leaf in leaves)
    }
    return {**kept, **own}


def paths(data: Mapping[str, Any], prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Paths of all tables and keys."""
    found: list[tuple[str, ...]] = [prefix]
    for name, value in data.items():
        here = (*prefix, name)
        found.extend(paths(value, here) if isinstance(value, dict) else [here])
    return found
