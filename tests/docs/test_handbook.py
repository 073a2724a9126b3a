"""The handbook tells the truth: what it shows is what the program says, letter by letter."""

from __future__ import annotations

import importlib.util
import re
import struct
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from openpyxl import load_workbook

from daz_planner.cli.app import build
from daz_planner.scenario.rows import key_table

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
TEXT = (DOCS / "handbuch.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
PROSE = COMMENT.sub("", FENCED.sub("", TEXT))
"""The text without blocks, outputs and comments."""
CODE = re.findall(r"`([^`\n]+)`", PROSE)
RENEW = "Rewrite the handbook with: python docs/erneuern.py"
ENGLISH = """
the and with from this that report file roster scenario seed solver default value school pupil class
month week run runs input output goal gap budget update download click user link button tab dataset
forecast seats waiting workbook sheet row column key
"""
"""Words that would be a scrap of English in a German sentence."""


def _renewing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("erneuern", DOCS / "erneuern.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


erneuern = _renewing()
sitzung, tabellen, bilder = (erneuern.sibling(n) for n in ("sitzung", "tabellen", "bilder"))


def _commands() -> dict[str, Any]:
    group = build()
    return {name: command for name, command in group.commands.items() if not command.hidden}


def _options() -> dict[str, set[str]]:
    return {
        name: {opt for param in command.params for opt in param.opts}
        for name, command in _commands().items()
    }


def _sheet_table() -> dict[str, str]:
    """Sheet of plan.xlsx → its row in the chapter on the workbook."""
    chapter = TEXT[TEXT.index("## Die Mappe plan.xlsx") : TEXT.index("## Die Seite bericht.html")]
    found: dict[str, str] = {}
    for line in chapter.splitlines():
        if line.startswith("| ") and not line.startswith(("| Blatt", "| ---")):
            for sheet in line.split("|")[1].split(","):
                found[sheet.strip()] = line
    return found


# Outputs


def test_every_script_of_the_folder_is_shown() -> None:
    files = (DOCS / "belege").glob("*_20*.py")
    assert sorted(erneuern.scripts(TEXT)) == sorted(f"docs/belege/{f.name}" for f in files)


@pytest.mark.parametrize("script", erneuern.scripts(TEXT))
def test_block_is_what_the_script_prints(script: str) -> None:
    assert erneuern.shown(TEXT)[script] == erneuern.output(script), RENEW


@pytest.mark.parametrize("session", sitzung.sessions(TEXT))
def test_session_prints_what_the_handbook_shows(session: str, tmp_path: Path) -> None:
    """Every command is run; the sheets of its plans and the files it names are those told."""
    result = sitzung.run(TEXT, session, tmp_path)
    assert result.complaints == []
    for step, printed in result.blocks:
        assert step.body == printed, RENEW
    sheets = _sheet_table()
    for plan in tmp_path.glob("plan-*/plan.xlsx"):
        if plan.parent.name.endswith("-oeffentlich"):
            continue
        there = set(load_workbook(plan, read_only=True).sheetnames)
        assert there <= set(sheets)
        missing = {name for name in set(sheets) - there if "nur mit" not in sheets[name]}
        assert missing == set()
    written = {part for path in tmp_path.rglob("*") for part in (path.name, f"{path.name}/")}
    if session == "anfang":
        chapter = TEXT[TEXT.index("**4. Ansehen.**") : TEXT.index("## Die Eingabe")]
        named = re.findall(r"^\| `([^`]+)` \|", chapter, re.MULTILINE)
        assert len(named) == 5 and set(named) <= written


def test_every_command_of_the_program_is_shown_with_its_output() -> None:
    shown = {step.command[0] for step in sitzung.steps(TEXT) if step.command}
    assert shown == set(_commands())


def test_every_call_stands_in_a_session() -> None:
    blocks = re.findall(r"^> daz-planner .*$", TEXT, re.MULTILINE)
    assert len(blocks) == sum(step.command is not None for step in sitzung.steps(TEXT))


def test_lines_of_the_outputs_fit_on_a_page() -> None:
    for block in erneuern.shown(TEXT).values():
        assert max(len(line) for line in block.splitlines()) <= 100
    for step in sitzung.steps(TEXT):
        if step.kind == "Sitzung":
            lines = [line for line in step.body.splitlines() if not line.startswith("> ")]
            assert lines and max(len(line) for line in lines) <= 80


# Tables, contents, links


def test_tables_are_those_of_the_program() -> None:
    assert set(re.findall(r"<!-- Tabelle ([\w-]+) -->", TEXT)) == set(tabellen.TABLES)
    assert tabellen.with_tables(TEXT) == TEXT, RENEW


def test_every_key_of_a_scenario_has_a_row() -> None:
    rows = re.findall(r"^\| `([\w.<>]+)` \|", tabellen.scenario_keys(), re.MULTILINE)
    assert rows == [row.key for row in key_table()]


def test_a_bar_stays_in_its_cell() -> None:
    assert (
        tabellen.markdown(["a", "b"], [["x|y", ""]]) == "| a | b |\n| --- | --- |\n| x\\|y | – |\n"
    )


def test_contents_are_the_headings() -> None:
    assert erneuern.with_contents(TEXT) == TEXT, RENEW


def test_links_lead_somewhere() -> None:
    anchors = [erneuern.anchor(words) for _, words in erneuern.headings(TEXT)]
    assert len(anchors) == len(set(anchors))
    for target in re.findall(r"\]\(([^)]+)\)", PROSE):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        else:
            assert (DOCS / target).is_file(), target


def test_keys_that_the_text_names_exist() -> None:
    keys = {row.key for row in key_table()}
    keys |= {key.rpartition(".")[0] for key in keys}
    dotted = [c.partition(" ")[0] for c in CODE if re.match(r"(zuzug|klassen|ziele|lehrer)\.", c)]
    assert len(dotted) > 10
    assert [key for key in dotted if key not in keys] == []


def test_commands_and_options_that_the_text_names_exist() -> None:
    options = _options()
    every = set().union(*options.values()) | {"--help", "--version"}
    for code in CODE:
        for option in re.findall(r"(?<!\S)(--[a-z]+|-[a-z]\b)", code):
            assert option in every, code
        words = code.split()
        if words[0] in options or (words[0] == "daz-planner" and len(words) > 1):
            own = options[words[0] if words[0] in options else words[1]]
            assert {w for w in words if w.startswith("-")} <= own, code


def test_the_data_that_is_named_is_there() -> None:
    named = re.findall(r"`(data/[^`]+)`", TEXT)
    assert named
    assert all((ROOT / name).is_file() for name in named)


# Pictures


def test_pictures_are_those_that_the_script_makes() -> None:
    shown = re.findall(r"!\[([^\]]*)\]\(bilder/([\w-]+)\.png\)", PROSE)
    assert {name for _, name in shown} == set(bilder.PAGES) | set(bilder.SECTIONS)
    assert all(len(alt) > 20 for alt, _ in shown)
    assert {file.stem for file in (DOCS / "bilder").iterdir()} == {name for _, name in shown}


def test_pictures_are_small_and_whole() -> None:
    files = sorted((DOCS / "bilder").glob("*.png"))
    assert sum(file.stat().st_size for file in files) < bilder.MOST_BYTES_TOGETHER
    for file in files:
        content = file.read_bytes()
        assert len(content) < bilder.MOST_BYTES
        assert content.startswith(b"\x89PNG") and content.endswith(b"IEND\xaeB`\x82")
        width, height = struct.unpack(">II", content[16:24])
        assert 600 <= width <= 1600 and height >= 300


def test_the_script_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bilder.shutil, "which", lambda _name: None)
    assert bilder.main([]) == 1
    told = capsys.readouterr().err
    assert all(name in told for name in ("soffice (LibreOffice)", "pdftoppm", "Chromium"))


# Language


def test_no_scrap_of_english() -> None:
    words = set(re.findall(r"[A-Za-zÄÖÜäöüß]+", re.sub(r"`[^`]*`|\([^)]*\)", "", PROSE)))
    assert words & set(ENGLISH.split()) == set()


def test_twenty_questions_with_answers() -> None:
    chapter = PROSE[PROSE.index("## Fragen und Antworten") : PROSE.index("## Wenn etwas nicht")]
    found = re.findall(r"^\*\*(\d+)\. (.+)\*\*\n(\S.+)", chapter, re.MULTILINE)
    assert [int(number) for number, _, _ in found] == list(range(1, 21))


# Renewing


def test_renewing_replaces_the_block_only() -> None:
    text = "a\n<!-- Ausgabe von docs/x.py -->\n```text\nold\n```\nb\n"
    new = erneuern.renewed(text, {"docs/x.py": "new\n"})
    assert new == text.replace("old", "new")
    assert erneuern.shown(new) == {"docs/x.py": "new\n"}


SESSION = """\
<!-- Datei s: a.toml -->
```toml
x = 1
```
<!-- Sitzung s, von „b“ bis „d“ -->
```text
> daz-planner zuweisen "a b.xlsx"
old
```
<!-- Sitzung s, weiter, von „d$“, endet mit 3 -->
```text
```
"""


def test_a_session_shows_the_parts_that_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[str]] = []

    def output_of(command: list[str], _folder: Path) -> tuple[list[str], int]:
        calls.append(command)
        return ["a", "b", "c", "dd", "d", "e"], 0

    monkeypatch.setattr(sitzung, "output_of", output_of)
    result = sitzung.run(SESSION, "s", tmp_path)
    assert calls == [["vorlage", "--beispiel", "beispiel.xlsx"], ["zuweisen", "a b.xlsx"]]
    assert result.complaints == []
    assert (tmp_path / "a.toml").read_text(encoding="utf-8") == "x = 1\n"
    assert [content for _, content in result.blocks] == [
        '> daz-planner zuweisen "a b.xlsx"\n[…]\nb\nc\n[…]\n',
        "[…]\nd\ne\n",
    ]
    new = sitzung.with_blocks(SESSION, result.blocks)
    assert "old" not in new and new.endswith("```text\n[…]\nd\ne\n```\n")
    assert sitzung.with_blocks(new, sitzung.run(new, "s", tmp_path).blocks) == new


def test_a_session_tells_a_wrong_exit_code_and_a_missing_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitzung, "output_of", lambda _command, _folder: (["b"], 2))
    told = sitzung.run(SESSION, "s", tmp_path).complaints
    assert len(told) == 3
    assert "ends with 2" in told[0] and "starts with d" in told[1]


def test_what_the_table_says_is_typed_into_the_workbook(tmp_path: Path) -> None:
    from datetime import datetime

    from openpyxl import Workbook

    workbook = Workbook()
    workbook.create_sheet("A")
    workbook.save(tmp_path / "x.xlsx")
    text = (
        "<!-- Eintrag s: x.xlsx als y.xlsx -->\n\n| Blatt | Zelle | Inhalt |\n| --- | --- | --- |\n"
        "| A | B2 | 08.2017 |\n| A | C2 | 1,5 |\n| A | D2 | 2x |\n"
    )
    (step,) = sitzung.steps(text)
    sitzung._type_in(step, tmp_path)
    row = next(load_workbook(tmp_path / "y.xlsx")["A"].iter_rows(min_row=2, values_only=True))
    assert row == (None, datetime(2017, 8, 1), 1.5, "2x")


def test_anchor_is_what_a_heading_is_linked_by() -> None:
    assert erneuern.anchor("Wie gut? Zwei Fälle: 2015/16") == "wie-gut-zwei-fälle-201516"
