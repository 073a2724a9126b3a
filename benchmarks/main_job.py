"""The main job and the start of the program as whole processes, each beside an alternative.

    python benchmarks/main_job.py [runs]

Pairs are run in turn (A B A B …) and compared pair by pair, so that a machine whose speed drifts
does not tilt the ratio.  The alternatives: for ``--help`` a process that imports Typer and rich and
does nothing; for the main job the same job with the second solver, CBC.  Peak memory is that of the
largest process of the job, where the system tells it.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DATA = Path(__file__).parent.parent / "data" / "meissen-2017-02-08.xlsx"
PROGRAM = [sys.executable, "-m", "daz_planner"]


def seconds_of(command: list[str]) -> float:
    """Wall time of a process from start to end."""
    since = time.perf_counter()
    status = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    ).returncode
    if status not in (0, 3):
        raise SystemExit(f"{' '.join(command)} ended with {status}")
    return time.perf_counter() - since


def pairs(first: list[str], second: list[str], runs: int) -> tuple[float, float, float]:
    """Median seconds of both commands and the median ratio of a pair, after one warm-up."""
    seconds_of(first), seconds_of(second)
    times = [(seconds_of(first), seconds_of(second)) for _ in range(runs)]
    return (
        statistics.median(a for a, _ in times),
        statistics.median(b for _, b in times),
        statistics.median(a / b for a, b in times),
    )


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, "
          f"Python {platform.python_version()}, {runs} pairs")  # fmt: skip
    bare = [sys.executable, "-c", "import typer, rich.console"]
    a, b, ratio = pairs([*PROGRAM, "--help"], bare, runs)
    print(f"--help {a:.3f} s, typer and rich alone {b:.3f} s: ratio {ratio:.2f}")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "plan"
        job = [*PROGRAM, "planen", str(DATA), "-o", str(target), "-q", "--ueberschreiben"]
        a, b, ratio = pairs(job, [*job, "--loeser", "cbc"], runs)
        print(f"main job with HiGHS {a:.2f} s, with CBC {b:.2f} s: ratio {ratio:.2f}")
        log = Path(folder) / "lauf.log"
        seconds_of([*job, "--log", str(log)])
        print("the parts of one run, as the program logs them:")
        print(log.read_text(encoding="utf-8").rstrip())
    try:
        import resource
    except ImportError:
        return
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of the largest process {peak:.0f} MB")


if __name__ == "__main__":
    main()
