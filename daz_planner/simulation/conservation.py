"""Nobody is lost and nobody is counted twice: the balance of every future, month and school type.

Start + arrived + changed in = present (phases 1, 2, 3) + moved away + changed out + finished.
Who goes back from phase 3 to phase 2 leaves and comes in the same month. The simulation knows no
seats, so nobody waits in it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from daz_planner.errors import ConservationError
from daz_planner.simulation.forecast import VKA_FLOWS

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
    came = np.cumsum(flows["arrived"] + flows["changed_in"] + flows["returned_in"], axis=-1)
    left = np.cumsum(
        flows["moved_away"] + flows["changed_out"] + flows["finished"] + flows["returned_out"],
        axis=-1,
    )
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
    for came_in, went_out, what in (
        ("changed_in", "changed_out", "die die Schulart wechseln"),
        ("returned_in", "returned_out", "die in Phase 2 zurückkehren"),
    ):
        inside = flows[came_in].sum(axis=1) - flows[went_out].sum(axis=1)
        if np.abs(inside).max(initial=0.0) > tolerance:
            raise ConservationError(
                f"Schüler, {what}, kommen nicht alle an.",
                remedy="Das ist ein Fehler des Programms. Bitte melden Sie ihn.",
            )


def check_vka_flows(
    vka: npt.NDArray[np.float64],
    flows: Mapping[str, npt.NDArray[np.float64]],
    tolerance: float,
) -> None:
    """Check that the flows into and out of the VKA explain each change of their pupils.

    ``vka`` is ``[k, t]``, the flows are those of
    :data:`~daz_planner.simulation.forecast.VKA_FLOWS`.

    Raises
    ------
    ConservationError
        If they do not add up.
    """
    explained = sum(sign * flows[name][:, 1:] for name, sign in VKA_FLOWS.items())
    if np.abs(np.diff(vka, axis=1) - explained).max(initial=0.0) > tolerance:
        raise ConservationError(
            "Die Ursachen erklären die Änderung der VKA-Schüler nicht ganz.",
            remedy="Das ist ein Fehler des Programms. Bitte melden Sie ihn.",
        )
