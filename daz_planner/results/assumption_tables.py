"""Annahmen: every dated rule and parameter with its value, where it comes from, what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.scenario import parameter_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daz_planner.results.applied_rules import AppliedRule
    from daz_planner.scenario.model import Scenario

CALL = "Aufruf"
"""What the source of a value begins with that an option of the call set."""
_INPUT, _RULE, _SCENARIO, _DEFAULT = "Eingabe", "Regel", "Szenario", "Vorgabe"
_ASSUMED = "Annahme"
_ORIGIN_PLACE = 5
"""The place of „Herkunft“ in a row."""


def assumptions(
    scenario: Scenario, rules: Sequence[AppliedRule], extra: Sequence[Sequence[object]] = ()
) -> Table:
    """Annahmen: the dated rules as applied, then every parameter of the scenario with its source.

    ``extra`` are rows between them, of what the call itself assumes.

    „Herkunft“: a dated rule, or what is assumed where none was found, the input, the scenario (it
    names another value than the basis), an option of the call, or the default. „weicht ab“:
    another value than in the shipped scenario basis, or than the rule.
    """
    columns = [
        Column("Parameter"),
        Column("Bedeutung", width=56),
        Column("Wert", Kind.VALUE, width=25),
        Column("Einheit", width=18),
        Column("gilt für", width=17),
        Column("Herkunft", width=12),
        Column("Quelle", width=44),
        Column("weicht ab", width=9),
        Column("Wert in basis", Kind.VALUE, width=25),
    ]
    rows: list[list[object]] = [
        [
            f"Regel: {rule.name}",
            rule.meaning,
            rule.value,
            rule.unit,
            rule.months,
            _SCENARIO if rule.replaced else _origin(rule.source, _of_rule(rule.source)),
            rule.source,
            "ja" if rule.replaced else "nein",
            rule.rule_value if rule.replaced else rule.value,
        ]
        for rule in rules
    ]
    for row in extra:
        first, last = list(row[:_ORIGIN_PLACE]), list(row[_ORIGIN_PLACE:])
        rows.append([*first, CALL if str(row[0]).startswith("--") else _INPUT, *last])
    rows += [
        [
            row.key,
            row.description,
            row.value,
            row.unit,
            "",
            _origin(row.source, _SCENARIO if row.differs_from_basis else _DEFAULT),
            row.source,
            "ja" if row.differs_from_basis else "nein",
            row.basis_value,
        ]
        for row in parameter_rows(scenario)
    ]
    return table("annahmen", columns, rows, empty="Das Szenario hat keine Annahmen.")


def _of_rule(source: str) -> str:
    """A dated rule, or what is assumed in place of one that was not found."""
    return _ASSUMED if source.startswith(_ASSUMED) else _RULE


def _origin(source: str, else_: str) -> str:
    """What kind of source a text names: an option of the call, the input, or something else."""
    if source.startswith(CALL):
        return CALL
    return _INPUT if source.startswith(_INPUT) else else_
