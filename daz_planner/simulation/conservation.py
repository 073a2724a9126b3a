"""Nobody is lost and nobody is counted twice: the balance of every future, month and school type.

Start + arrived + changed in = present (phases 1, 2, 3) + moved away + changed out + finished.
The simulation knows no seats, so nobody waits in it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from daz_planner.errors import ConservationError

Counts = npt.NDArray[np.int64] | npt.NDArray[np.float64]


def check_conservation(
    present: Counts,
    flows: Mapping[str, Counts],
    tolerance: float = 0.0,
) -> None:
    """Check the balance.

    Parameters
    ----------
    present:
        ``[r, k, t]`` pupils in any phase.
    flows:
        Name → ``[r, k, t]`` pupils who moved in the month up to ``t``.
    tolerance:
        Largest difference allowed: 0 for counts, a rounding error for expectations.

    Raises
    ------
    ConservationError
        With the first future, type and month where the balance does not hold.
    """
    came = np.cumsum(flows["arrived"] + flows["changed_in"], axis=-1)
    left = np.cumsum(flows["moved_away"] + flows["changed_out"] + flows["finished"], axis=-1)
    difference = present[..., :1] + came - left - present
    wrong = np.argwhere(np.abs(difference) > tolerance)
    if len(wrong):
        run, kind, month = wrong[0]
        amount = difference[run, kind, month]
        raise ConservationError(
            f"In Lauf {run}, Schulart Nr. {kind}, Monat {month} fehlen {amount} Schüler in der "
            "Bilanz.",
            remedy="Das ist ein Fehler des Programms. Bitte melden Sie ihn.",
        )
    inside = flows["changed_in"].sum(axis=1) - flows["changed_out"].sum(axis=1)
    if np.abs(inside).max(initial=0.0) > tolerance:
        raise ConservationError(
            "Schüler, die die Schulart wechseln, kommen in der neuen Schulart nicht alle an.",
            remedy="Das ist ein Fehler des Programms. Bitte melden Sie ihn.",
        )
