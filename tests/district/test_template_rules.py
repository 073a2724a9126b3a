"""Drop-downs, checks, hints and error texts of the template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from daz_planner.district import write_example, write_template
from daz_planner.district.layout import DETAILS, NEWCOMERS, SCHOOLS
from daz_planner.district.layout_planning import TEACHERS
from daz_planner.district.template_sheets import columns_of
from daz_planner.district.template_texts import ORDER, Need, hint, legend, need


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path: Path = tmp_path_factory.mktemp("regeln") / "leer.xlsx"
    write_template(path)
    return load_workbook(path)


def head_of(book: Workbook, name: str) -> int:
    (table,) = book[name].tables.values()
    return int(table.ref.split(":")[0][1:])


def rules(book: Workbook, name: str, *, header: bool = False) -> dict[str, DataValidation]:
    """Column name → rule of its cells below the header, or of the header cell itself."""
    sheet = book[name]
    head = head_of(book, name)
    found = {}
    for rule in sheet.data_validations.dataValidation:
        (area,) = rule.sqref.ranges
        if (area.min_row == head) == header:
            found[sheet.cell(head, area.min_col).value] = rule
    return found


def test_drop_downs(book: Workbook) -> None:
    lists = {
        (spec.name, column): rule.formula1
        for spec in ORDER
        for column, rule in rules(book, spec.name).items()
        if rule.type == "list"
    }
    types = '"GS,OS,BSZ,GYM"'
    assert lists == {
        ("Schulen", "Schulart"): types,
        ("Schulen", "Gemeinde"): "Liste_Gemeinden",
        ("Bestand", "Schule"): "Liste_Schulen",
        ("Bestand", "Phase"): '"1,2,3"',
        ("Bestand", "Gemeinde"): "Liste_Gemeinden",
        ("Neuzugänge", "Gemeinde"): "Liste_Gemeinden",
        ("Neuzugänge", "Schulart"): types,
        ("Neuzugänge", "fixiert auf"): "Liste_Schulen",
        ("Neuzugänge", "Ausschluss"): "Liste_Schulen",
        ("Neuzugänge", "Wunsch"): "Liste_Schulen",
        ("Klassenplan", "Schule"): "Liste_Schulen",
        ("Klassenplan", "Stand"): '"beschlossen,geplant,ausgeschlossen"',
        ("Wege", "Gemeinde"): "Liste_Gemeinden",
        ("Wege", "Schule"): "Liste_Schulen",
        ("Räume", "Schule"): "Liste_Schulen",
        ("Regelklassen", "Schule"): "Liste_Schulen",
        ("Regelklassen", "Schulart"): types,
        ("Regelklassen", "Gemeinde"): "Liste_Gemeinden",
        ("Lehrerstunden", "Schulart"): types,
    }


def test_the_lists_start_below_the_header_and_end_with_the_last_entry(tmp_path: Path) -> None:
    """Anchored at the header, so that they survive when the first row of the table is deleted."""
    write_example(tmp_path / "beispiel.xlsx")
    filled = load_workbook(tmp_path / "beispiel.xlsx")
    for name, sheet in (("Liste_Schulen", "Schulen"), ("Liste_Gemeinden", "Gemeinden")):
        head = head_of(filled, sheet)
        area = f"'{sheet}'!$A${head}:$A${head + 2000}"
        assert filled.defined_names[name].attr_text == (
            f"OFFSET('{sheet}'!$A${head},1,0,MAX(1,COUNTA({area})-1),1)"
        )
        count = sum(filled[sheet].cell(row, 1).value is not None for row in range(head, head + 60))
        assert count - 1 == (19 if sheet == "Schulen" else 28)


def test_every_column_has_a_hint_that_says_how_much_it_is_needed(book: Workbook) -> None:
    words = tuple(f"{how.value}: " for how in Need)
    for spec in ORDER:
        cells, heads = rules(book, spec.name), rules(book, spec.name, header=True)
        names = [column.name for column in columns_of(spec)]
        assert list(cells) == list(heads) == names
        for rule in (*cells.values(), *heads.values()):
            assert rule.showInputMessage
            assert rule.prompt.startswith(words)
            assert len(rule.promptTitle) <= 32 and len(rule.prompt) <= 255
            assert rule.error is None or len(rule.error) <= 225  # Excel's limits
            assert len(rule.formula1 or "") <= 255
            assert not re.search(r"\b(the|not|must|value|invalid)\b", f"{rule.prompt}{rule.error}")


def test_checks_reach_far_below_the_table(book: Workbook) -> None:
    for spec in ORDER:
        head = head_of(book, spec.name)
        for rule in rules(book, spec.name).values():
            (area,) = rule.sqref.ranges
            assert (area.min_row, area.max_row) == (head + 1, 20_000)


def test_a_header_refuses_another_text(book: Workbook) -> None:
    for spec in ORDER:
        head = head_of(book, spec.name)
        for number, (name, rule) in enumerate(rules(book, spec.name, header=True).items()):
            cell = f"{chr(ord('A') + number)}{head}"
            assert (rule.type, rule.formula1) == ("custom", f'EXACT({cell},"{name}")')
            assert rule.errorStyle == "stop" and rule.showErrorMessage
            assert f"bleibt „{name}“" in rule.error


def test_error_texts_say_why(book: Workbook) -> None:
    roster = rules(book, "Bestand")
    assert "wie lange der Platz in der VKA" in roster["Phase"].error
    assert "Namen gehören nicht hierher" in roster["Schüler-ID"].error
    assert "steht nicht auf dem Blatt „Schulen“" not in roster["Phase"].error
    assert "nicht auf dem Blatt „Schulen“" in roster["Schule"].error
    schools = rules(book, "Schulen")
    assert "von 0 bis 2000" in schools["VKA-Schüler"].error
    assert "vertauschte Zahlen" in schools["Breite"].error
    assert "Semikolon" in rules(book, "Neuzugänge")["Wunsch"].error
    for spec in ORDER:
        for name, rule in rules(book, spec.name).items():
            assert rule.showErrorMessage == (rule.type is not None), (spec.name, name)


def test_numbers_and_days_are_checked_within_the_bounds_of_the_reader(book: Workbook) -> None:
    def bounds(sheet: str, column: str) -> tuple[str, str, str]:
        rule = rules(book, sheet)[column]
        return rule.type, rule.formula1, rule.formula2

    assert bounds("Schulen", "VKA-Klassen") == ("whole", "0", "200")
    assert bounds("Schulen", "Klassengröße") == ("whole", "1", "1000000")
    assert bounds("Schulen", "Breite") == ("decimal", "50.1", "51.8")
    assert bounds("Schulen", "Länge") == ("decimal", "11.8", "15.1")
    assert bounds("Bestand", "Klassenstufe") == ("whole", "1", "13")
    assert bounds("Bestand", "Phase seit") == ("date", "32874", "73415")
    assert bounds("Klassenplan", "ab") == ("date", "32874", "73415")
    assert bounds("Wege", "Minuten") == ("decimal", "0", "300")
    assert bounds("Gemeinden", "Anteil am Zuzug") == ("decimal", "0", "1")
    assert rules(book, "Gemeinden")["AGS"].type == "textLength"


def test_an_id_occurs_once_and_has_no_space(book: Workbook) -> None:
    head = head_of(book, "Bestand")
    rule = rules(book, "Bestand")["Schüler-ID"]
    first = f"A{head + 1}"
    assert rule.formula1 == (
        f'AND(COUNTIF($A${head + 1}:$A$20000,{first})=1,ISERROR(FIND(" ",{first})))'
    )
    assert rule.errorStyle == "warning"  # an office may have its own ids


def test_the_entries_are_checked_as_well(book: Workbook) -> None:
    rules_of = {
        book["Angaben"].cell(area.min_row, 1).value: rule
        for rule in book["Angaben"].data_validations.dataValidation
        for area in rule.sqref.ranges
    }
    assert list(rules_of) == ["Landkreis", "Stichtag", "Schuljahr", "Rechtsgrundlage"]
    districts = rules_of["Landkreis"].formula1
    assert "Landkreis Meißen," in districts and len(districts.strip('"').split(",")) == 13
    assert len(districts) <= 255
    assert rules_of["Stichtag"].type == "date"
    assert "erste Monat des Plans" in rules_of["Stichtag"].error


def test_colours_of_the_headers_follow_what_is_needed(book: Workbook) -> None:
    for spec in ORDER:
        sheet, head = book[spec.name], head_of(book, spec.name)
        colours = {
            need(spec, column): sheet.cell(head, number).fill.start_color.rgb[-6:]
            for number, column in enumerate(columns_of(spec), start=1)
        }
        wanted = {
            Need.MUST: "1F4E78",
            Need.COLUMN: "1F4E78",
            Need.EITHER: "2E75B6",
            Need.FREE: "6B7785",
        }
        assert colours == {how: wanted[how] for how in colours}
    assert need(SCHOOLS, SCHOOLS.column("Schule")) is Need.MUST
    assert need(SCHOOLS, SCHOOLS.column("Kap.reserve")) is Need.COLUMN
    assert need(NEWCOMERS, NEWCOMERS.column("Klassenstufe")) is Need.EITHER
    assert need(TEACHERS, TEACHERS.column("Planungsregion")) is Need.EITHER
    assert need(DETAILS, DETAILS.column("Stichtag")) is Need.MUST
    assert "mittelblau" in legend(TEACHERS, columns_of(TEACHERS))
    assert "mittelblau" not in legend(SCHOOLS, columns_of(SCHOOLS))


def test_hints_read_as_sentences() -> None:
    for spec in (DETAILS, *ORDER):
        for column in columns_of(spec):
            text = hint(spec, column)
            assert text.endswith(".") and ".." not in text
            assert "darf leer bleiben" not in text
            assert text.split(": ", 1)[1][0].isupper() or text.split(": ", 1)[1][0].isdigit()
