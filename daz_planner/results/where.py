"""Where a sentence sends its reader for more: to the sheets of the workbook, or on the page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Places:
    """What is called how in one of the written files.

    ``classes`` and ``regular`` stand in brackets, ``bottlenecks`` follows „3 weitere stehen“.
    """

    classes: str
    regular: str
    bottlenecks: str
    cut_off_above: bool = False
    """Whether the remark on a plan that the time limit cut off stands above the answers."""


SHEETS = Places("Blatt Klassenbildung", "Blatt Regelklassen", "auf dem Blatt Engpässe")
PAGE = Places("siehe Neue Klassen", "siehe Regelklassen", "in der Tabelle", True)
TAB = Places(
    "siehe Neue Klassen", "siehe Regelklassen im ganzen Bericht", "im ganzen Bericht", True
)
"""A scenario within a comparison, which links to its own report."""
