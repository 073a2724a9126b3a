"""The README tells the truth: its commands and its Python run, its set-up commands are two."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from daz_planner.shipped import path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    """The ``daz-planner`` commands of the bash blocks, in their order."""
    found = []
    for line in "".join(blocks("bash")).splitlines():
        for part in line.split("&&"):
            words = shlex.split(part)
            if words and words[0].rpartition("/")[2] == "daz-planner":
                found.append(words[1:])
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the shipped data, as someone has it who follows the README."""
    for name in ("data", "scenarios"):
        shutil.copytree(path(name), tmp_path / name)
    return tmp_path


def test_two_set_up_commands_for_each_system() -> None:
    linux = [b for b in blocks("bash") if "-m venv" in b]
    windows = [b for b in blocks("powershell") if "-m venv" in b]
    assert len(linux) == len(windows) == 2
    assert all(len(block.splitlines()) == 1 for block in linux + windows)
    assert all(block.startswith("python3 -m venv .venv && ") for block in linux)


def test_every_command_runs(folder: Path) -> None:
    calls = commands()
    assert calls[0][:2] == ["planen", "data/meissen-2017-02-08.xlsx"]
    assert {call[0] for call in calls} == {
        "bericht",
        "erklaeren",
        "planen",
        "pruefen",
        "simulieren",
        "vergleichen",
        "vorlage",
        "zuweisen",
    }
    for call in calls:
        done = subprocess.run(
            [sys.executable, "-m", "daz_planner", *call],
            cwd=folder,
            capture_output=True,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode in (0, 3), (call, done.stderr.decode("utf-8", "replace"))
    assert (folder / "ergebnisse" / "basis" / "plan.xlsx").is_file()
    assert (folder / "ergebnisse" / "basis-2" / "lauf.json").is_file()
    assert (folder / "plan-moderat" / "tabellen").is_dir()


def test_python_example_runs(folder: Path) -> None:
    code, _ = blocks("python")
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    # Four answers of the forecast, five of the plan.
    assert len(done.stdout.splitlines()) == 9


def test_facility_example_runs(folder: Path) -> None:
    """With a module less (40 + 56 or 60 + 28) there is no room for 100, so all five open.

    450 + 360 for them, 30 × 4 + 45 × 2 + 25 × 3 for the ways: 1,095.
    """
    _, code = blocks("python")
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout.split()[0]) == pytest.approx(1095)
    assert "bewiesen optimal" in done.stdout


def test_scenario_example_loads(folder: Path) -> None:
    from daz_planner.scenario import load_scenario

    text, goals, *others = blocks("toml")
    file = folder / "eigenes.toml"
    file.write_text(text, encoding="utf-8")
    assert load_scenario(file).zuzug.pro_monat == 30
    file.write_text(f"{text}\n{goals}", encoding="utf-8")
    assert load_scenario(file).ziele.prices["neue_klassen"] == 5000
    for other in others:
        file.write_text(other, encoding="utf-8")
        load_scenario(file)


def test_scenarios_of_the_table_are_the_shipped_ones() -> None:
    from daz_planner.scenario import shipped_names

    section = README[README.index("### Scenarios") : README.index("Your own scenario")]
    assert set(re.findall(r"^\| `([\w-]+)`", section, re.MULTILINE)) == set(shipped_names())


def test_exit_codes_of_the_table_are_those_of_the_program() -> None:
    from daz_planner.cli.status import ExitStatus

    section = README[README.index("### Exit codes") : README.index("### Scenarios")]
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)}
    assert codes == {int(status) for status in ExitStatus}
