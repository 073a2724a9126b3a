"""Hostile and oversized files: time and memory of ``pruefen`` for each, as a process of its own.

    python benchmarks/hostile.py

The files are those of the tests (zip bombs, a million empty formatted rows, far cells, entities,
…). Goal: at most 20 s and 500 MB for any file, always with exit code 0 or 2.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.district.test_files_hostile import FILES  # noqa: E402


def measure(file: Path) -> tuple[int, float, float]:
    """Exit code, seconds and peak memory in MB of ``pruefen``."""
    code = (
        "import resource, subprocess, sys\n"
        "status = subprocess.run([sys.executable, '-m', 'daz_planner', 'pruefen', sys.argv[1]],"
        " stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode\n"
        "print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)\n"
    )
    since = time.perf_counter()
    told = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True
    ).stdout.split()
    return int(told[0]), time.perf_counter() - since, float(told[1])


def main() -> None:
    """Measure and print."""
    worst = [0.0, 0.0]
    with tempfile.TemporaryDirectory() as folder:
        for name, (file_name, make, _) in FILES.items():
            file = make(Path(folder) / file_name)
            status, seconds, memory = measure(file)
            size = os.path.getsize(file) / 2**20
            print(f"{name:32} {size:7.1f} MB  exit {status}  {seconds:6.2f} s  {memory:5.0f} MB")
            worst = [max(worst[0], seconds), max(worst[1], memory)]
            file.unlink()
    print(f"worst: {worst[0]:.1f} s, {worst[1]:.0f} MB")


if __name__ == "__main__":
    main()
