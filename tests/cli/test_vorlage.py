"""``vorlage``: a workbook to fill in, or the example, that the planner can read at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from daz_planner.cli import main
from daz_planner.results.letters_docx import letter_bytes
from daz_planner.results.letters_text import letter_text


def test_example_passes_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["vorlage", "--beispiel", "mein beispiel.xlsx"]) == 0
    text = capsys.readouterr().out
    assert 'daz-planner planen "mein beispiel.xlsx"' in text
    assert "alle Schüler und Kinder sind erfunden" in text
    assert main(["pruefen", "mein beispiel.xlsx"]) == 0
    assert "Alles in Ordnung." in capsys.readouterr().out


def test_existing_file_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.xlsx").write_bytes(b"wichtig")
    assert main(["vorlage", "x.xlsx"]) == 2
    assert "--ueberschreiben" in capsys.readouterr().err
    assert (tmp_path / "x.xlsx").read_bytes() == b"wichtig"
    assert main(["vorlage", "x.xlsx", "--ueberschreiben", "-q"]) == 0
    assert (tmp_path / "x.xlsx").read_bytes() != b"wichtig"
    assert capsys.readouterr().out == ""


def test_letter_is_written_as_a_word_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["vorlage", "brief.docx", "--anschreiben", "Wartet"]) == 0
    assert (tmp_path / "brief.docx").read_bytes() == letter_bytes("wartet")
    text = " ".join(capsys.readouterr().out.split())
    assert "Zeilen, in denen Status nicht „wartet“ ist, überspringt der Brief" in text
    assert main(["vorlage", "brief.docx", "--anschreiben", "wartet"]) == 2
    assert "--ueberschreiben" in capsys.readouterr().err


def test_letter_is_written_as_plain_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["vorlage", "brief.txt", "--anschreiben", "platz"]) == 0
    assert (tmp_path / "brief.txt").read_bytes() == letter_text("platz")
    text = " ".join(capsys.readouterr().out.split())
    assert "was in eckigen Klammern steht" in text
    assert "Nehmen Sie nur die Zeilen, in denen Status „Platz“ ist." in text


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["brief.xlsx", "--anschreiben", "platz"], "brief.docx"),
        (["brief.docx", "--anschreiben", "plaz"], "platz"),
        (["brief.docx", "--anschreiben", "platz", "--beispiel"], "gehen nicht zusammen"),
        (["eingabe.docx"], "eingabe.xlsx"),
    ],
)
def test_wrong_call_of_a_letter(
    call: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["vorlage", *call]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
