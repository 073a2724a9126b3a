"""Files that travel with the program: scenarios, the example workbook, lists of Saxony.

In a wheel they lie inside this package; in a checkout (also with an editable install) they lie in
``data/`` and ``scenarios/`` at the top level, where people look for them.
"""

from __future__ import annotations

from pathlib import Path

from daz_planner.errors import InputError

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


def path(*parts: str) -> Path:
    """Path of a shipped file or folder, for example ``path("scenarios", "basis.toml")``.

    The package folder comes first, the top level of the checkout second.

    Raises
    ------
    InputError
        The file is in neither place: the installation is incomplete.
    """
    for root in (_PACKAGE, _CHECKOUT):
        candidate = root.joinpath(*parts)
        if candidate.exists():
            return candidate
    raise InputError(
        "Diese Datei gehört zum Programm, fehlt aber.",
        place="/".join(parts),
        remedy="Die Installation ist unvollständig: Installieren Sie das Programm noch einmal.",
    )
