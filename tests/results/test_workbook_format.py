"""The file itself: nothing that Excel would have to repair, and what each sheet needs for print."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from daz_planner.planning.plan import Plan
from daz_planner.results.sheets.frame import MOST_HEIGHT
from daz_planner.results.workbook import build_workbook, write_workbook
from tests.results.ooxml import problems
from tests.results.workbook_cases import everything


@pytest.fixture(scope="module")
def whole_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mappe") / "plan.xlsx"
    write_workbook(everything(), path)
    return path


def test_excel_has_nothing_to_repair(plan: Plan, empty_plan: Plan, tmp_path: Path) -> None:
    for number, each in enumerate((plan, empty_plan)):
        write_workbook(each, tmp_path / f"{number}.xlsx")
        assert problems(tmp_path / f"{number}.xlsx") == []


def test_nor_in_a_workbook_with_every_sheet(whole_file: Path) -> None:
    assert problems(whole_file) == []


def changed(source: Path, target: Path, part: str, pattern: str, new: str) -> Path:
    """A copy of the file with one text of one part replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as fresh:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                text, count = re.subn(pattern, new, content.decode("utf-8"), count=1)
                assert count == 1, (part, pattern)
                content = text.encode("utf-8")
            fresh.writestr(name, content)
    return target


@pytest.mark.parametrize(
    ("part", "pattern", "new", "told"),
    [
        ("xl/tables/table1.xml", 'id="1" name="', 'id="2" name="', "two tables of one id"),
        ("xl/tables/table1.xml", 'name="Schule"', 'name="Schula"', "heads of tab_klassenbildung"),
        ("xl/tables/table1.xml", 'displayName="tab_', 'displayName="tab ', "not a name of a table"),
        ("[Content_Types].xml", 'Extension="png"', 'Extension="gif"', "image1.png: no content"),
        ("xl/drawings/drawing1.xml", 'r:embed="rId', 'r:embed="rId9', "refers to"),
        ("xl/drawings/drawing1.xml", 'descr="Karte[^"]*"', 'descr=""', "no alternative text"),
        ("xl/workbook.xml", "'Verteilung'!", "'Verteilungen'!", "defined name"),
        ("xl/worksheets/sheet2.xml", '(r="A5" s=)"[0-9]+"', r'\1"999"', "has the style 999"),
        ("xl/charts/chart1.xml", '(<axId val=)"10"', r'\1"11"', "axes ['10', '100', '11'] of"),
        (
            "xl/charts/chart1.xml",
            "(<legendPos [^>]*>)(<legendEntry>.*?</legendEntry>)",
            r"\2\1",
            "legend stand",
        ),
        ("xl/charts/chart1.xml", '<idx val="1"', '<idx val="0"', "two series of one idx"),
        (
            "xl/drawings/drawing1.xml",
            "(<from>.*?</from>)(<ext [^>]*>)",
            r"\2\1",
            "oneCellAnchor stand",
        ),
        ("docProps/core.xml", "<dc:title>[^<]*", "<dc:title>", "has no title"),
        (
            "xl/worksheets/sheet1.xml",
            'mergeCells count="[0-9]+"',
            'mergeCells count="1"',
            "counted wrongly",
        ),
        (
            "xl/worksheets/sheet1.xml",
            '(<hyperlink [^>]*ref=)"B3"',
            r'\1"A3"',
            "two links in one cell",
        ),
        ("xl/worksheets/sheet2.xml", 'dxfId="0"', 'dxfId="99"', "the look 99"),
        ("xl/worksheets/sheet1.xml", "location=\"'Zuw", "location=\"'Zum", "leads nowhere"),
    ],
)
def test_the_examination_finds_faults(
    whole_file: Path, tmp_path: Path, part: str, pattern: str, new: str, told: str
) -> None:
    broken = changed(whole_file, tmp_path / "kaputt.xlsx", part, pattern, new)
    assert any(told in problem for problem in problems(broken)), problems(broken)


def test_each_sheet_has_frozen_heads_links_and_a_page(whole_file: Path) -> None:
    book = openpyxl.load_workbook(whole_file)
    first, *others = book.worksheets
    links = [
        link.location
        for row in first.iter_rows(min_row=3, max_row=4)
        for cell in row
        if (link := cell.hyperlink) is not None
    ]
    assert links == [f"'{sheet.title}'!A1" for sheet in others]
    for sheet in others:
        if sheet.title == "Serienbrief":
            continue  # for another program: nothing but its rows
        link = sheet["A3"].hyperlink
        assert link is not None and link.location == "'Übersicht'!A1", sheet.title
        assert sheet.freeze_panes is not None, sheet.title
    # On these a short table stands above something else, which its heads would not fit.
    several = {"Auslastung", "Standorte", "Lehrerstunden"}
    for sheet in book.worksheets:
        setup = sheet.page_setup
        assert (setup.orientation, setup.paperSize) == ("landscape", 9)
        assert sheet.oddFooter.right.text == "Seite &P von &N"
        # A sheet whose only or last table is long repeats its heads.
        if sheet.tables and sheet.title not in several:
            assert sheet.print_title_rows is not None, sheet.title


def test_conditions_are_seen_in_greyscale(whole_file: Path) -> None:
    """Each condition has more than a colour: bold, italic, underlined, a frame, or a length."""
    book = openpyxl.load_workbook(whole_file)
    seen = 0
    for sheet in book.worksheets:
        for area in sheet.conditional_formatting:
            for rule in area.rules:
                if rule.type == "colorScale":
                    ends = [colour.rgb for colour in rule.colorScale.color]
                    assert ends == ["00FFFFFF", "009DB8DD"]  # dark is much
                elif rule.type == "dataBar":
                    assert rule.dataBar.showValue
                else:
                    font = rule.dxf.font
                    assert font.b or font.i or font.u or rule.dxf.border, (sheet.title, area.sqref)
                    seen += 1
    assert seen > 15


def test_the_file_has_the_map_and_its_text(whole_file: Path, plan: Plan) -> None:
    with zipfile.ZipFile(whole_file) as archive:
        picture = archive.read("xl/media/image1.png")
        drawing = archive.read("xl/drawings/drawing1.xml").decode("utf-8")
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 500_000
    told = re.search(r'name="Karte" descr="([^"]*)"', drawing)
    assert told is not None
    assert told[1].startswith("Karte von =Kreis im ")


def test_without_points_there_is_no_map(make_plan: Callable[..., Plan], tmp_path: Path) -> None:
    plan = make_plan()
    nowhere = float("nan")
    district = replace(
        plan.district,
        schools=tuple(replace(s, latitude=nowhere) for s in plan.district.schools),
        municipalities=tuple(replace(m, longitude=nowhere) for m in plan.district.municipalities),
    )
    book = build_workbook(replace(plan, district=district))
    assert book["Übersicht"]._images == []
    texts = [cell.value for row in book["Übersicht"].iter_rows() for cell in row if cell.value]
    assert not any(str(text).startswith("Karte:") for text in texts)


def test_long_texts_do_not_make_excel_repair(
    make_plan: Callable[..., Plan], tmp_path: Path
) -> None:
    plan = make_plan(hints=("Ein langer Hinweis. " * 1200,))
    district = replace(plan.district, name="Kreis & Land " * 40)
    write_workbook(replace(plan, district=district), tmp_path / "plan.xlsx")
    assert problems(tmp_path / "plan.xlsx") == []
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx")["Übersicht"]
    assert max(d.height or 0 for d in sheet.row_dimensions.values()) == MOST_HEIGHT


def test_the_copy_for_the_faults_is_itself_whole(whole_file: Path, tmp_path: Path) -> None:
    shutil.copy(whole_file, tmp_path / "kopie.xlsx")
    assert problems(tmp_path / "kopie.xlsx") == []
