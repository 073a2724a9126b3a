"""A capacitated facility location problem as arrays, checked.

Axes: ``i`` customer (where the demand is), ``s`` site.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from daz_planner.errors import InputError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_TIGHT = 1e-9
"""Share by which the demand may exceed the capacity: rounding of the numbers given."""
_NUMBERS = "Geben Sie Zahlen an; nur Kosten dürfen unendlich sein (das Paar ist dann verboten)."


@dataclass(frozen=True)
class Facilities:
    """What a facility location problem is made of; only customers with a demand.

    A site opens up to ``most`` modules. Each costs ``opening`` and serves up to ``capacity`` units.
    """

    demand: FloatArray
    """``[i]`` units, above 0."""
    cost: FloatArray
    """``[i, s]`` cost of one unit, infinite where the pair is forbidden."""
    capacity: FloatArray
    """``[s]`` units of one module, never more than the whole demand."""
    opening: FloatArray
    """``[s]`` cost of one module."""
    most: IntArray
    """``[s]`` most modules, never more than can be of use."""
    unserved: float = math.inf
    """Cost of one unit that nobody serves; infinite where all demand has to be served."""

    @property
    def must_serve(self) -> bool:
        """Whether all demand has to be served."""
        return not math.isfinite(self.unserved)

    @property
    def total(self) -> float:
        """The whole demand."""
        return float(self.demand.sum())

    @property
    def most_useful(self) -> IntArray:
        """``[s]`` modules that hold the whole demand, 0 where a module holds nothing."""
        needed = np.zeros(len(self.capacity))
        np.divide(self.total, self.capacity, out=needed, where=self.capacity > 0.0)
        return np.ceil(needed - _TIGHT).astype(np.int64)

    def restricted(self, sites: IntArray, most: IntArray) -> Facilities:
        """The problem with these sites alone, with other numbers of modules."""
        return Facilities(
            self.demand,
            self.cost[:, sites],
            self.capacity[sites],
            self.opening[sites],
            most,
            self.unserved,
        )

    def value(self, flows: FloatArray, modules: IntArray) -> float:
        """Cost of flows ``[i, s]`` and modules ``[s]``."""
        used = flows > 0.0
        value = float(self.opening @ modules + (flows[used] * self.cost[used]).sum())
        if not self.must_serve:
            value += self.unserved * float((self.demand - flows.sum(axis=1)).clip(0.0).sum())
        return value


@dataclass(frozen=True)
class Alike:
    """Sites that are alike in everything, joined into one with more modules.

    Exchanging two of them changes nothing, and a search would look at each exchange again.
    """

    joined: Facilities
    members: tuple[IntArray, ...]
    """Sites of the original problem by site of the joined one."""
    most: IntArray
    """``[s]`` most modules of the original sites."""

    def apart(self, modules: IntArray, flows: FloatArray) -> tuple[IntArray, FloatArray]:
        """Modules and flows of the original sites."""
        count = np.zeros(len(self.most), dtype=np.int64)
        parts = np.zeros((len(flows), len(self.most)))
        for group, sites in enumerate(self.members):
            before = np.cumsum(self.most[sites]) - self.most[sites]
            here = np.clip(modules[group] - before, 0, self.most[sites])
            count[sites] = here
            share = here / max(1, int(here.sum()))
            parts[:, sites] = flows[:, group, None] * share
        return count, parts


def join_alike(facilities: Facilities) -> Alike:
    """Join the sites that are alike."""
    groups: dict[bytes, list[int]] = {}
    for s in range(len(facilities.opening)):
        own = np.append(facilities.cost[:, s], (facilities.capacity[s], facilities.opening[s]))
        groups.setdefault(own.tobytes(), []).append(s)
    members = tuple(np.array(sites, dtype=np.int64) for sites in groups.values())
    first = np.array([sites[0] for sites in members], dtype=np.int64)
    together = np.array([facilities.most[sites].sum() for sites in members], dtype=np.int64)
    enough = facilities.most_useful[first]
    together = np.where(facilities.opening[first] >= 0.0, np.minimum(together, enough), together)
    return Alike(facilities.restricted(first, together), members, facilities.most)


def check_facilities(
    demand: npt.ArrayLike,
    cost: npt.ArrayLike,
    capacity: npt.ArrayLike,
    opening_cost: npt.ArrayLike,
    modules: npt.ArrayLike | None,
    *,
    unit_cost: bool,
    unserved_cost: float | None = None,
) -> tuple[Facilities, IntArray]:
    """The problem and the customers that have a demand, by their number in what was given.

    Raises
    ------
    InputError
        Shapes that do not fit, numbers that are none, or less capacity than demand.
    """
    wanted = _vector(demand, "demand", None)
    matrix = _floats(cost, "cost")
    if matrix.ndim != 2 or len(matrix) != len(wanted):
        raise InputError(
            f"„cost“ hat die Form {matrix.shape}, gebraucht wird eine Zeile je Wert von "
            f"„demand“ (Anzahl: {len(wanted)}) und eine Spalte je Standort.",
            remedy="Vertauschen Sie gegebenenfalls Zeilen und Spalten.",
        )
    if np.isnan(matrix).any() or np.isneginf(matrix).any():
        raise InputError("„cost“ enthält einen Wert, der keine Zahl ist.", remedy=_NUMBERS)
    sites = matrix.shape[1]
    size = _vector(capacity, "capacity", sites, infinite=True)
    opening = _vector(opening_cost, "opening_cost", sites)
    most = _vector(1 if modules is None else modules, "modules", sites, infinite=True)
    for name, values in (("demand", wanted), ("capacity", size), ("modules", most)):
        if (values < 0.0).any():
            raise InputError(
                f"„{name}“ enthält eine Zahl unter 0.", remedy="Geben Sie 0 oder mehr an."
            )
    there = np.flatnonzero(wanted > 0.0)
    total = float(wanted[there].sum())
    size = np.minimum(size, total)
    # More modules than the demand fills are of use only where they are cheaper than nothing.
    whole = np.zeros(sites, dtype=np.int64)
    enough = Facilities(wanted[there], matrix, size, opening, whole).most_useful
    most = np.where(opening >= 0.0, np.minimum(most, enough), most)
    if not np.isfinite(most).all():
        raise InputError(
            "Ein Standort mit Kosten unter 0 darf beliebig viele Module öffnen.",
            remedy="Begrenzen Sie „modules“.",
        )
    whole = np.floor(most + _TIGHT).astype(np.int64)
    unserved = math.inf if unserved_cost is None else float(unserved_cost)
    if math.isnan(unserved) or unserved < 0.0:
        raise InputError("„unserved_cost“ ist keine Zahl ab 0.", remedy="Lassen Sie es weg.")
    must_serve = math.isinf(unserved)
    if must_serve and float(size @ whole) < total * (1.0 - _TIGHT):
        raise InputError(
            f"Die Kapazität aller Standorte zusammen ({float(size @ whole):g}) ist kleiner als der "
            f"Bedarf ({total:g}).",
            remedy="Erhöhen Sie „capacity“ oder „modules“.",
        )
    matrix = matrix[there]
    usable = np.isfinite(matrix) & (size * whole > 0.0)
    if must_serve and not usable.any(axis=1).all():
        nobody = int(there[int(np.argmin(usable.any(axis=1)))])
        raise InputError(
            f"Für den Bedarf Nummer {nobody} (von 0 an gezählt) ist kein Standort erlaubt.",
            remedy="Nennen Sie in „cost“ für mindestens einen Standort Kosten.",
        )
    if not unit_cost:
        matrix = matrix / wanted[there, None]
    facilities = Facilities(wanted[there], matrix, size, opening, whole, unserved)
    return facilities, there.astype(np.int64)


def _floats(values: npt.ArrayLike, name: str) -> FloatArray:
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"„{name}“ ist keine Tabelle von Zahlen.", remedy=_NUMBERS) from None


def _vector(
    values: npt.ArrayLike, name: str, length: int | None, *, infinite: bool = False
) -> FloatArray:
    array = _floats(values, name)
    if array.ndim == 0 and length is not None:
        array = np.full(length, float(array))
    if array.ndim != 1 or (length is not None and len(array) != length):
        needed = "eine Reihe von Zahlen" if length is None else f"{length} Zahlen, eine je Standort"
        raise InputError(f"„{name}“ hat die Form {array.shape}, gebraucht wird {needed}.")
    bad = np.isnan(array) | np.isneginf(array) | (np.isposinf(array) & (not infinite))
    if bad.any():
        raise InputError(f"„{name}“ enthält einen Wert, der keine Zahl ist.", remedy=_NUMBERS)
    return array
