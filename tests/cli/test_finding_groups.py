"""Findings of one column that say the same: one line, and what never becomes one."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daz_planner.cli.finding_groups import folded, grouped
from daz_planner.cli.terminal import Terminal
from daz_planner.district.findings import Finding, Severity, consecutive


def finding(row: int, value: str = "x", **values: object) -> Finding:
    base = Finding(
        *("a.xlsx", "Bestand", row, 6, "wert_falsch", Severity.FAULT, value),
        problem=f"„{value}“ ist keine ganze Zahl.",
        remedy="Tragen Sie eine Zahl ein.",
    )
    return replace(base, **values)  # type: ignore[arg-type]


def cells(*rows: int) -> str:
    (group,) = grouped([finding(row) for row in rows])
    return group.cells


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([12], "F12"),
        ([12, 13], "F12:F13"),
        (range(12, 88), "F12:F87"),
        ([12, 15], "F12 und F15"),
        ([12, 15, 20], "F12, F15 und F20"),
        ([12, 15, 20, 25], "F12, F15, F20 und 1 weitere"),
        (range(12, 78, 2), "F12, F14, F16 und 30 weitere"),
        ([12, 13, 14, 20, 30, 31, 40, 41], "F12:F14, F20, F30:F31 und 2 weitere"),
    ],
)
def test_ranges_and_single_cells(rows: list[int], text: str) -> None:
    assert cells(*rows) == text


def test_the_place_names_sheet_count_and_an_example() -> None:
    (group,) = grouped([finding(row, f"x{row}") for row in range(12, 88)])
    assert group.place == "Bestand!F12:F87 (76 Zellen, z. B. „x12“)"
    assert group.problem == "Zum Beispiel: „x12“ ist keine ganze Zahl."
    (group,) = grouped([finding(12), finding(13)])
    assert group.place == "Bestand!F12:F13 (2 Zellen, „x“)"
    assert group.problem == "„x“ ist keine ganze Zahl."
    (group,) = grouped([finding(12, "", problem="Fehlt."), finding(13, "", problem="Fehlt.")])
    assert group.place == "Bestand!F12:F13 (2 Zellen)"
    (group,) = grouped([finding(12, "a „b“ c")])
    assert group.place == "Bestand!F12"


def test_rows_without_a_column() -> None:
    (group,) = grouped([finding(row, column=0) for row in (3, 4, 5, 9)])
    assert group.place == "Bestand!Zeilen 3–5 und 9 (4 Zeilen, „x“)"


OTHERS = {
    "file": "b.xlsx",
    "sheet": "Schulen",
    "column": 7,
    "code": "wert_fehlt",
    "severity": Severity.WARNING,
    "problem": "„x“ ist negativ.",
    "remedy": "Meinen Sie „Riesa“?",
}


@pytest.mark.parametrize("field", OTHERS)
def test_what_differs_in_more_than_the_cell_stays_apart(field: str) -> None:
    assert len(grouped([finding(12), finding(13)])) == 1
    assert len(grouped([finding(12), finding(13, **{field: OTHERS[field]})])) == 2


def test_findings_of_one_cell_and_of_a_whole_sheet_stay_apart() -> None:
    assert len(grouped([finding(12), finding(12)])) == 2
    assert len(grouped([finding(0, column=0), finding(0, column=0, problem="y")])) == 2
    assert len(grouped([finding(0, column=0), finding(0, column=0)])) == 2


@given(
    st.lists(
        st.builds(
            finding,
            st.integers(0, 12),
            st.sampled_from(["x", "y", ""]),
            column=st.integers(0, 2),
            code=st.sampled_from(["a", "b"]),
            sheet=st.sampled_from(["Bestand", "Schulen", ""]),
        ),
        max_size=40,
        unique=True,
    )
)
def test_each_finding_is_in_one_group_and_no_cell_is_lost(found: list[Finding]) -> None:
    found.sort(key=lambda f: f.sort_key)
    groups = grouped(found)
    back = [finding for group in groups for finding in group.findings]
    assert sorted(back, key=lambda f: (f.sort_key, f.value)) == sorted(
        found, key=lambda f: (f.sort_key, f.value)
    )
    firsts = [group.first for group in groups]
    assert firsts == sorted(firsts, key=found.index)
    for group in groups:
        assert len({(f.file, f.sheet, f.column, f.code) for f in group.findings}) == 1
        rows = [f.row for f in group.findings]
        assert rows == sorted(set(rows))


@given(st.sets(st.integers(1, 40)))
def test_stretches_hold_the_numbers_and_do_not_touch(numbers: set[int]) -> None:
    stretches = consecutive(sorted(numbers))
    assert {n for first, last in stretches for n in range(first, last + 1)} == numbers
    assert all(a[1] + 1 < b[0] for a, b in pairwise(stretches))


def test_groups_of_one_kind_are_folded_and_counted() -> None:
    """Six kinds of text in one column of two cells each: one line, and ten more findings."""
    found = [
        finding(2 * n + k, problem=f"Text {n}.", value="") for n in range(1, 7) for k in (0, 1)
    ]
    ((group, count, more),) = folded(found)
    assert (group.cells, count) == ("F2:F3", 12)
    assert more == "Dasselbe noch 10-mal (F4, F5, F6 und …)."
    assert [(g.cells, n, text) for g, n, text in folded(found[:10])] == [
        (f"F{2 * n}:F{2 * n + 1}", 2, "") for n in range(1, 6)
    ]


@pytest.mark.parametrize("width", [80, 120])
def test_list_of_the_terminal(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    found = [*(finding(row, f"x{row}") for row in range(12, 88)), finding(90, column=7)]
    Terminal().findings(found, most=1, more="siehe pruefen")
    assert capsys.readouterr().out.splitlines() == [
        "Fehler Bestand!F12:F87 (76 Zellen, z. B. „x12“)",
        "  Zum Beispiel: „x12“ ist keine ganze Zahl.",
        "  Tragen Sie eine Zahl ein.",
        "… und 1 weiterer, siehe pruefen",
    ]
