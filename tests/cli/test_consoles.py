"""Every command on narrow and wide consoles, with and without umlauts: nothing sticks out.

The names are chosen to be longer where there is no ä and to fill their columns.
"""

from __future__ import annotations

import io
import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from daz_planner.cli import main
from daz_planner.district.model import HistoryMonth, Pupil, Roster
from daz_planner.district.template import write_district
from tests.factories import child, district, place, school

CONSOLES = [(80, "cp1252"), (120, "ascii")]
if os.environ.get("DAZ_TIEF"):
    CONSOLES += [(80, "utf-8"), (80, "ascii"), (120, "latin-1")]
NAME = "Oberschule „Übergrößenträger“ Großröhrsdorf"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small input, ``plan`` of it, and everything that commands read."""
    root = tmp_path_factory.mktemp("konsole")
    write_input(root / "eingabe.xlsx")
    (root / "kurz.toml").write_text(
        'name = "kürzer"\nbasis = "stark"\n[zeitraum]\nmonate = 4\n[rechnen]\nlaeufe = 4\n',
        encoding="utf-8",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        call = ["planen", "eingabe.xlsx", "-s", "kurz.toml", "--zukuenfte", "2", "-o", "plan"]
        run(call, 80, "utf-8", patch)
    return root


def write_input(path: Path) -> None:
    """Two schools of one type with long names, a roster, a list and a history of two years."""
    towns = [place("Großröhrsdorf"), place("Königsbrück", km=20)]
    schools = [
        school(NAME, school_type="OS", pupils=4, classes=1, municipality="Großröhrsdorf"),
        school("Oberschule Königsbrück", 20, school_type="OS", municipality="Königsbrück"),
    ]
    pupils = tuple(
        Pupil(f"S{n}", NAME, 1 + n % 2, date(2017, 1, 5), date(2016, 9 + n % 3, 1))
        for n in range(4)
    )
    children = [
        child("Kennung-für-Übergrößen-001", "Königsbrück", school_type="OS"),
        child("K2", "Großröhrsdorf", school_type="OS", registered=date(2017, 1, 9)),
    ]
    history = tuple(
        HistoryMonth(date(2015 + m // 12, 1 + m % 12, 1), (("OS", 2),), ((0, 4 + m % 3),))
        for m in range(24)
    )
    made = district(schools, towns, children)
    write_district(
        replace(made, rosters=(Roster(made.reference_date, pupils),), history=history), path
    )


def run(
    call: list[str], width: int, encoding: str, patch: pytest.MonkeyPatch
) -> tuple[int, str, str]:
    """Exit code and both outputs of a call whose streams have an encoding and are no terminal."""
    patch.setenv("COLUMNS", str(width))
    streams = []
    for name in ("stdout", "stderr"):
        streams.append(io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n"))
        patch.setattr(sys, name, streams[-1])
    status = main(call)
    texts = []
    for stream in streams:
        stream.flush()
        raw = stream.buffer
        assert isinstance(raw, io.BytesIO)
        texts.append(raw.getvalue().decode(encoding))
    patch.undo()
    return status, texts[0], texts[1]


def check(call: list[str], width: int, encoding: str, root: Path) -> str:
    with pytest.MonkeyPatch.context() as moved:
        moved.chdir(root)
        with pytest.MonkeyPatch.context() as patch:
            status, out, err = run(call, width, encoding, patch)
    assert status in (0, 3, 4), err
    assert out.strip()
    assert "\x1b" not in out + err
    long = [line for line in out.splitlines() if len(line) > width]
    assert not long
    # Rules of a table are as long as its rows: nothing was longer than it was taken for.
    lines = out.splitlines()
    for above, rule, below in zip(lines, lines[1:], lines[2:], strict=False):
        if rule.startswith("--") or rule.startswith("──"):
            assert len(above.rstrip()) <= len(rule)
            assert len(below.rstrip()) <= len(rule)
    return out


QUICK = {
    "hilfe": ["--help"],
    "planen --help": ["planen", "--help"],
    "vorlage": ["vorlage", "neu.xlsx", "--ueberschreiben"],
    "vorlage --beispiel": ["vorlage", "neu.xlsx", "--beispiel", "--ueberschreiben"],
    "vorlage --anschreiben": ["vorlage", "neu.docx", "--anschreiben=platz", "--ueberschreiben"],
    "pruefen": ["pruefen", "eingabe.xlsx"],
    "simulieren": ["simulieren", "eingabe.xlsx", "-s", "kurz.toml", "-o", "s", "--ueberschreiben"],
    "zuweisen": ["zuweisen", "eingabe.xlsx", "-s", "kurz.toml", "-o", "z", "--ueberschreiben"],
    "erklaeren Kind": ["erklaeren", "plan", "K2"],
    "erklaeren Schule": ["erklaeren", "plan", NAME],
    "ruecktest": [
        *("ruecktest", "eingabe.xlsx", "-s", "kurz.toml", "--laeufe", "4"),
        *("-o", "r", "--ueberschreiben"),
    ],
    "bericht": ["bericht", "plan", "-o", "neu.html", "--ueberschreiben"],
}
LONG = {
    "kalibrieren": ["kalibrieren", "eingabe.xlsx", "-o", "neu.toml", "--ueberschreiben"],
    "planen": [
        *("planen", "eingabe.xlsx", "-s", "kurz.toml", "--auf", "plan", "--standorte"),
        *("--abwaegung", "--zukuenfte", "2", "-o", "p", "--ueberschreiben"),
    ],
    "belastung": [
        *("belastung", "eingabe.xlsx", "-s", "kurz.toml", "-o", "b", "--ueberschreiben"),
    ],
    "vergleichen": [
        *("vergleichen", "eingabe.xlsx", "-s", "kurz.toml", "-s", "basis", "--laeufe", "4"),
        *("-o", "v", "--ueberschreiben"),
    ],
}


@pytest.mark.parametrize(("width", "encoding"), CONSOLES)
@pytest.mark.parametrize("command", QUICK)
def test_output_fits_and_can_be_written(
    command: str, width: int, encoding: str, folder: Path
) -> None:
    check(QUICK[command], width, encoding, folder)


@pytest.mark.parametrize(("width", "encoding"), CONSOLES[:1])
@pytest.mark.parametrize("command", LONG)
def test_output_of_long_commands(command: str, width: int, encoding: str, folder: Path) -> None:
    check(LONG[command], width, encoding, folder)


def test_umlauts_are_kept_where_they_can_be_written(folder: Path) -> None:
    call = QUICK["erklaeren Schule"]
    assert "Großröhrsdorf" in check(call, 80, "cp1252", folder)
    assert "Grossroehrsdorf" in check(call, 80, "ascii", folder)
