"""What a fit says in German: how sure it is, and what the counts do not tell apart."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt

from daz_planner.german import listed, number, plural
from daz_planner.simulation.calibration.counts_data import CountData
from daz_planner.simulation.calibration.counts_model import Parameters
from daz_planner.simulation.calibration.counts_priors import QUANTITIES
from daz_planner.simulation.calibration.counts_sampler import Draws

FloatArray = npt.NDArray[np.float64]

STRONG = 0.7
"""Correlation from which two parameters count as not told apart."""
LITTLE = 0.2
"""Shrinkage of the interval below which the counts say next to nothing about a parameter."""
_ERRORS = ("model_error", "drift", "share_drift", "base_drift")


def describe(
    data: CountData,
    correlation: FloatArray,
    shrinkage: dict[str, float],
    samples: Parameters,
    drawn: Draws,
) -> tuple[str, ...]:
    """Sentences: basis of the estimate, what is not told apart, what is not known, convergence."""
    days = plural(len({seen.day for seen in data.observations}), "Tag", "Tagen")
    what = "dem Zuzug an Personen" if data.persons else "den Anmeldungen"
    months = plural(len(data.arrivals), "Monat", "Monaten")
    told = f" und aus {what} in {months}" if data.arrivals else ""
    sentences = [f"Geschätzt aus Zahlen der Schüler an {days}{told}.", *data.notes]
    names = list(samples)
    unknown = [n for n in names if shrinkage[n] < LITTLE and n not in _ERRORS]
    told_pairs: set[str] = set()
    for i, j in combinations(range(len(names)), 2):
        value = float(correlation[i, j])
        if abs(value) > STRONG:
            told_pairs |= {names[i], names[j]}
            sentences.append(_pair(names[i], names[j], value))
    for i, name in enumerate(names):
        others = _others(correlation, i)
        if name not in told_pairs and name not in _ERRORS and others > STRONG:
            sentences.append(
                f"„{QUANTITIES[name].label}“ ist nur zusammen mit mehreren anderen Größen "
                "bestimmt: Mehr davon wird durch Änderungen der anderen ausgeglichen."
            )
    if unknown:
        quoted = listed(f"„{QUANTITIES[name].label}“" for name in unknown)
        sentences.append(
            f"Fast nichts sagen die Zahlen über {quoted}: "
            "Der Bereich ist kaum enger als vorher angenommen."
        )
    if len(names) and float(drawn.r_hat.max()) > 1.05:
        sentences.append(
            "Die Rechnung ist nicht zur Ruhe gekommen (größtes Verhältnis der Streuungen "
            f"{number(float(drawn.r_hat.max()), 2)}); die Bereiche sind unsicher."
        )
    return tuple(sentences)


def _pair(one: str, other: str, value: float) -> str:
    less = "weniger" if value > 0 else "mehr"
    first, second = QUANTITIES[one].label, QUANTITIES[other].label
    return (
        f"„{first}“ und „{second}“ lassen sich aus diesen Zahlen nicht trennen (Zusammenhang "
        f"{number(value, 1)}): Ist das eine kleiner, passt {less} vom anderen ebenso."
    )


def _others(correlation: FloatArray, i: int) -> float:
    """Multiple correlation of parameter i with all others, from the inverse of the matrix."""
    regular = correlation + 1e-6 * np.eye(len(correlation))
    return float(np.sqrt(max(0.0, 1.0 - 1.0 / np.linalg.inv(regular)[i, i])))
