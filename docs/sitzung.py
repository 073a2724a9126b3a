"""Run the commands that the handbook shows, in the order in which it shows them.

A comment before a block says what it is:

``<!-- Sitzung NAME -->``
    a block ``text`` whose first line, after ``> ``, is a command and whose rest is its output.
    Options, with commas between: ``endet mit 2`` (exit code, else 0), ``von „A“`` and ``bis „B“``
    (only from the first line that starts with A, up to the next that starts with B; with ``$`` at
    the end: that is nothing else), ``weiter``
    (no command line: another part of the output before).
``<!-- Datei NAME: FILE -->``
    the block after it is written to the file.
``<!-- Eintrag NAME: A.xlsx als B.xlsx -->``
    the table after it, ``Blatt | Zelle | Inhalt``, is typed into a copy of A.xlsx.
``<!-- Listen NAME: A.xlsx als FOLDER -->``
    the sheet Bestand of A.xlsx is cut into one list a school; the rest stays beside them.

Each session has an empty folder with ``beispiel.xlsx`` in it, so that sessions can run side by
side; what a reader sees is one folder.
"""

from __future__ import annotations

import csv
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

EXAMPLE = "beispiel.xlsx"
PROGRAM = "daz-planner"
CUT = "[…]"
_STEP = re.compile(
    r"^<!-- (?P<kind>Sitzung|Datei|Eintrag|Listen) (?P<session>\w+)(?P<options>[^\n]*) -->\n"
    r"(?:```\w+\n(?P<block>.*?)^```$|\n*(?P<table>(?:\|[^\n]*\n)+))?",
    re.DOTALL | re.MULTILINE,
)
_NUMBER = re.compile(r"-?\d+(?:,\d+)?")


@dataclass
class Step:
    """One comment of the handbook with what stands below it.

    ``start`` and ``end`` are where the content of the block stands in the text.
    """

    kind: str
    session: str
    options: str
    body: str
    start: int = 0
    end: int = 0

    def quoted(self, word: str) -> str | None:
        """The text in quotes after a word of the options."""
        found = re.search(rf"\b{word} „([^“]+)“", self.options)
        return found[1] if found else None

    @property
    def command(self) -> list[str] | None:
        """The words after the name of the program; nothing where the output goes on."""
        first = self.body.split("\n", 1)[0]
        if "weiter" in self.options or not first.startswith("> "):
            return None
        return shlex.split(first.removeprefix("> "))[1:]

    @property
    def status(self) -> int:
        """The exit code that the handbook tells."""
        found = re.search(r"endet mit (\d+)", self.options)
        return int(found[1]) if found else 0

    @property
    def files(self) -> list[str]:
        """Names after the colon of the options."""
        return self.options.partition(":")[2].strip().split(" als ")


@dataclass
class Shown:
    """What a session printed: new content of its blocks, and where that is not as told."""

    blocks: list[tuple[Step, str]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def steps(text: str, session: str | None = None) -> list[Step]:
    """The steps of the text in their order, of one session or of all."""
    return [step for step in _steps(text) if session in (None, step.session)]


def _steps(text: str) -> Iterator[Step]:
    for found in _STEP.finditer(text):
        part = "block" if found["block"] is not None else "table"
        start, end = found.span(part)
        yield Step(found["kind"], found["session"], found["options"], found[part] or "", start, end)


def sessions(text: str) -> list[str]:
    """Names of the sessions in the order of the text."""
    return list(dict.fromkeys(step.session for step in _steps(text)))


def run(text: str, session: str, folder: Path) -> Shown:
    """Run the steps of a session in an empty folder."""
    shown = Shown()
    mine = steps(text, session)
    if mine[0].command is None or mine[0].command[0] != "vorlage":
        output_of(["vorlage", "--beispiel", EXAMPLE], folder)
    lines: list[str] = []
    for step in mine:
        if step.kind == "Sitzung":
            if step.command is not None:
                lines, status = output_of(step.command, folder)
                if status != step.status:
                    shown.complaints.append(f"{step.command} ends with {status}")
            head = "" if step.command is None else step.body.split("\n", 1)[0] + "\n"
            try:
                part = _part(lines, step.quoted("von"), step.quoted("bis"))
            except LookupError as error:
                shown.complaints.append(f"{step.body.splitlines()[:1]}: {error}")
                continue
            shown.blocks.append((step, f"{head}{part}\n"))
        else:
            _WRITERS[step.kind](step, folder)
    return shown


def output_of(command: list[str], folder: Path) -> tuple[list[str], int]:
    """Lines that a command prints, 80 columns wide, and its exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "daz_planner", *command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"},
    )
    text = done.stdout.decode("utf-8").replace("\\", "/")
    return [line.rstrip() for line in text.splitlines()], done.returncode


def _part(lines: list[str], first: str | None, last: str | None) -> str:
    """The lines between two beginnings, with a mark where something is left out."""
    start = 0 if first is None else _place(lines, first, 0)
    end = len(lines) if last is None else _place(lines, last, start + 1)
    part = "\n".join(lines[start:end]).strip("\n")
    return "\n".join(
        [*([CUT] if start else []), part, *([CUT] if "".join(lines[end:]).strip() else [])]
    )


def _place(lines: list[str], beginning: str, start: int) -> int:
    whole = beginning.removesuffix("$")
    for i in range(start, len(lines)):
        if lines[i].startswith(whole) and beginning in (whole, f"{lines[i]}$"):
            return i
    raise LookupError(f"no line starts with {beginning}")


def _write_file(step: Step, folder: Path) -> None:
    (folder / step.files[0]).write_text(step.body, encoding="utf-8", newline="\n")


def entries(step: Step) -> list[tuple[str, str, str]]:
    """Rows of a table Blatt, Zelle, Inhalt, without its head."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in step.body.strip().splitlines()
    ]
    return [(row[0], row[1], row[2]) for row in rows[2:]]


def _type_in(step: Step, folder: Path) -> None:
    from openpyxl import load_workbook

    source, target = step.files[0], step.files[-1]
    workbook = load_workbook(folder / source)
    for sheet, cell, content in entries(step):
        workbook[sheet][cell] = _typed(content)
    workbook.save(folder / target)


def _typed(content: str) -> object:
    """What Excel makes of the keys: a number, a day, or text."""
    if _NUMBER.fullmatch(content):
        return float(content.replace(",", ".")) if "," in content else int(content)
    for form in ("%d.%m.%Y", "%m.%Y"):
        try:
            return datetime.strptime(content, form)
        except ValueError:
            continue
    return content


def _write_rosters(step: Step, folder: Path) -> None:
    """One .csv a school out of the sheet Bestand; the workbook without it beside them."""
    from openpyxl import load_workbook

    source, target = folder / step.files[0], folder / step.files[-1]
    target.mkdir()
    workbook = load_workbook(source)
    rows = list(workbook["Bestand"].iter_rows(values_only=True))
    head = next(i for i, row in enumerate(rows) if row[0] == "Schüler-ID")
    day = workbook["Angaben"]["B6"].value
    by_school: dict[str, list[tuple[object, ...]]] = {}
    for row in rows[head + 1 :]:
        if row[0] is not None:
            by_school.setdefault(str(row[1]), []).append(row)
    for school, pupils in by_school.items():
        name = re.sub(r"[^\w.-]+", "-", school).strip("-")
        with (target / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow([f"Stand {day:%d.%m.%Y}"])
            writer.writerow([str(cell) for cell in rows[head]])
            writer.writerows([_as_text(cell) for cell in pupil] for pupil in pupils)
    del workbook["Bestand"]
    workbook.save(target / "landkreis.xlsx")


def _as_text(value: object) -> object:
    return f"{value:%d.%m.%Y}" if isinstance(value, datetime) else value


_WRITERS = {"Datei": _write_file, "Eintrag": _type_in, "Listen": _write_rosters}


def with_blocks(text: str, blocks: list[tuple[Step, str]]) -> str:
    """The text with new content in its blocks."""
    for step, content in sorted(blocks, key=lambda item: -item[0].start):
        text = f"{text[: step.start]}{content}{text[step.end :]}"
    return text
