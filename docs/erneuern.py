"""Write into the handbook what scripts, commands and the program itself say.

    python docs/erneuern.py             everything that the handbook shows
    python docs/erneuern.py --golden    the golden summaries in tests/golden instead, on purpose

Replaced are: the block after ``<!-- Ausgabe von docs/belege/NAME.py -->``, the outputs of the
sessions (``sitzung.py``), the tables (``tabellen.py``), and the list of chapters.  The pictures are
made by ``bilder.py``.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
HANDBOOK = ROOT / "docs" / "handbuch.md"
BLOCK = re.compile(
    r"(<!-- Ausgabe von (\S+\.py) -->\n```text\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE
)
CONTENTS = re.compile(r"(<!-- Inhalt -->\n)(.*?)(<!-- Ende des Inhalts -->)", re.DOTALL)
_FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def sibling(name: str, folder: Path = ROOT / "docs") -> ModuleType:
    """A module of a folder that is no package."""
    path = folder / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"handbuch_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def scripts(text: str) -> list[str]:
    """Scripts whose output the text shows, in its order."""
    return [found[2] for found in BLOCK.finditer(text)]


def shown(text: str) -> dict[str, str]:
    """Script → what the text shows of it."""
    return {found[2]: found[3] for found in BLOCK.finditer(text)}


def output(script: str) -> str:
    """What a script of the repository prints.

    Raises
    ------
    RuntimeError
        If it fails; the message is what it wrote to standard error.
    """
    done = subprocess.run(
        [sys.executable, str(ROOT / script)],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    if done.returncode != 0:
        raise RuntimeError(f"{script}: {done.stderr.decode('utf-8', 'replace')}")
    return done.stdout.decode("utf-8").replace("\r\n", "\n")


def renewed(text: str, outputs: dict[str, str]) -> str:
    """The text with the outputs in its blocks."""
    return BLOCK.sub(lambda found: f"{found[1]}{outputs[found[2]]}{found[4]}", text)


def headings(text: str) -> Iterator[tuple[int, str]]:
    """Level and words of each heading outside of blocks."""
    for line in _FENCED.sub("", text).splitlines():
        found = re.match(r"(#+) (.+)", line)
        if found:
            yield len(found[1]), found[2]


def anchor(heading: str) -> str:
    """The name under which GitHub and others link to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def contents(text: str) -> str:
    """The list of the chapters and their sections."""
    lines = [
        f"{'  ' * (level - 2)}* [{words}](#{anchor(words)})\n"
        for level, words in headings(text)
        if level in (2, 3) and words != "Inhalt"
    ]
    return "".join(lines)


def with_contents(text: str) -> str:
    """The text with its list of chapters as it is now."""
    return CONTENTS.sub(lambda found: f"{found[1]}{contents(text)}{found[3]}", text)


def main(arguments: list[str]) -> int:
    """Rewrite the handbook, or the golden summaries."""
    if arguments == ["--golden"]:
        sibling("summaries", ROOT / "tests" / "golden").renew()
        return 0
    if arguments:
        print(__doc__)
        return 2
    sessions, tables = sibling("sitzung"), sibling("tabellen")
    text = HANDBOOK.read_text(encoding="utf-8")
    text = renewed(text, {script: output(script) for script in scripts(text)})
    blocks, complaints = [], []
    for name in sessions.sessions(text):
        with tempfile.TemporaryDirectory() as folder:
            shown = sessions.run(text, name, Path(folder))
        blocks += shown.blocks
        complaints += shown.complaints
    if complaints:
        print("Nothing is written:", *complaints, sep="\n", file=sys.stderr)
        return 1
    text = with_contents(tables.with_tables(sessions.with_blocks(text, blocks)))
    HANDBOOK.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
