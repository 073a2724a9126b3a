"""Write what the scripts print into the handbook.

    python docs/erneuern.py

A line ``<!-- Ausgabe von docs/belege/NAME.py -->`` in ``handbuch.md`` is followed by a fenced block
with the output of that script; this program replaces what stands in the block.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HANDBOOK = ROOT / "docs" / "handbuch.md"
BLOCK = re.compile(
    r"(<!-- Ausgabe von (\S+\.py) -->\n```text\n)(.*?)(^```$)", re.DOTALL | re.MULTILINE
)


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


def main() -> None:
    """Run every script and rewrite the handbook."""
    text = HANDBOOK.read_text(encoding="utf-8")
    outputs = {script: output(script) for script in scripts(text)}
    HANDBOOK.write_text(renewed(text, outputs), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
