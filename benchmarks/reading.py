"""Reading rosters: the program beside pandas with openpyxl, on the same files in the same run.

    python benchmarks/reading.py [runs]

The files are synthetic, made from the seed below: one workbook with 100,000 pupils, the same with
a formula in every row, and a folder of 100 rosters of 100 pupils each beside the table of schools.
Reading alone is measured in turn (A B A B …) in this process and compared pair by pair; reading
and checking is measured as a whole process of the command ``pruefen``, from start to end.
"""

from __future__ import annotations

import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

SEED = 2017
SCHOOLS = 100
HEADER = ("Schüler-ID", "Schule", "Phase", "Phase seit", "Eintritt", "Klassenstufe", "Gemeinde")
PLACES = ("Riesa", "Meißen", "Coswig", "Radebeul", "Großenhain")
KINDS = ("Grundschule", "Oberschule")


def school(number: int) -> str:
    """The made-up name of a school; each second one is a Grundschule."""
    return f"{number // 2 + 1}. {KINDS[number % 2]} {PLACES[number % len(PLACES)]}"


def pupils(rng: random.Random, first: int, many: int, number: int | None) -> Iterable[list[object]]:
    """Rows of a roster, of one school or of all."""
    for identity in range(first, first + many):
        at = identity % SCHOOLS if number is None else number
        entry = date(2016, 1, 4) + timedelta(rng.randrange(300))
        since = entry + timedelta(rng.randrange(60))
        phase = rng.randrange(1, 4)
        grade = rng.randrange(1, 5) if at % 2 == 0 else rng.randrange(5, 10)
        place = PLACES[at % len(PLACES)]
        yield [f"S-{identity:06d}", school(at), phase, since, entry, grade, place]


def write(
    path: Path,
    rows: Iterable[list[object]],
    *,
    counts: Counter[object] | None = None,
    formula: bool = False,
) -> None:
    """A workbook with the sheet Bestand; with ``counts``, the sheets Angaben and Schulen too."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    if counts is not None:
        sheet = book.create_sheet("Angaben")
        sheet.append(["Landkreis", "Meißen"])
        sheet.append(["Stichtag", date(2017, 2, 8)])
        sheet = book.create_sheet("Schulen")
        sheet.append(["Schule", "Schulart", "Gemeinde", "VKA-Schüler", "VKA-Klassen",
                      "Kap.reserve", "Breite", "Länge"])  # fmt: skip
        for number in range(SCHOOLS):
            many = counts[school(number)]
            classes = -(-many // 20)
            sheet.append([school(number), "GS" if number % 2 == 0 else "OS",
                          PLACES[number % len(PLACES)], many, classes, classes * 23 - many,
                          51.2, 13.5])  # fmt: skip
    sheet = book.create_sheet("Bestand")
    sheet.append([*HEADER, "Doppelt"] if formula else list(HEADER))
    for number, row in enumerate(rows, start=2):
        sheet.append([*row, f"=C{number}*2"] if formula else row)
    book.save(path)


def in_classes(rows: Iterable[list[object]]) -> Counter[object]:
    """Pupils of phases 1 and 2 by school."""
    return Counter(row[1] for row in rows if row[2] != 3)


def with_pandas(paths: list[Path]) -> int:
    """The alternative: all sheets with pandas and openpyxl."""
    import pandas as pd

    return sum(
        len(frame)
        for path in paths
        for frame in pd.read_excel(path, sheet_name=None, engine="openpyxl").values()
    )


def with_program(paths: list[Path]) -> int:
    """All sheets with this program's reader."""
    from daz_planner.district.sheets import load

    return sum(len(sheet.rows) - 1 for path in paths for sheet in load(path).sheets)


def seconds(work: Callable[[list[Path]], int], paths: list[Path]) -> float:
    """Wall time of reading the files once."""
    since = time.perf_counter()
    work(paths)
    return time.perf_counter() - since


def compare(what: str, paths: list[Path], runs: int) -> None:
    """Both readers in turn; medians and the median ratio of a pair."""
    import pandas as pd  # noqa: F401  (its import is not part of the comparison)

    with_program(paths), with_pandas(paths[:1])
    times = [(seconds(with_program, paths), seconds(with_pandas, paths)) for _ in range(runs)]
    ours = statistics.median(a for a, _ in times)
    theirs = statistics.median(b for _, b in times)
    ratios = sorted(b / a for a, b in times)
    print(f"{what}: {ours:.2f} s, pandas with openpyxl {theirs:.2f} s: "
          f"{statistics.median(ratios):.1f} times faster (lowest {ratios[0]:.1f})")  # fmt: skip


def check(what: str, path: Path, runs: int) -> None:
    """The command ``pruefen`` as a whole process."""
    command = [sys.executable, "-m", "daz_planner", "pruefen", str(path)]
    times = []
    for _ in range(runs):
        since = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=False)
        times.append(time.perf_counter() - since)
        if done.returncode not in (0, 2):
            raise SystemExit(f"pruefen ended with {done.returncode}: {done.stderr.decode()}")
    print(f"{what}: pruefen as a process {statistics.median(times):.2f} s, "
          f"ended with {done.returncode}")  # fmt: skip


def main() -> None:
    """Make the files, measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, "
          f"Python {platform.python_version()}, {runs} pairs, seed {SEED}")  # fmt: skip
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        everyone = list(pupils(rng, 0, 100_000, None))
        counts = in_classes(everyone)
        large = folder / "bestand-100000.xlsx"
        write(large, everyone, counts=counts)
        formulas = folder / "bestand-formeln.xlsx"
        write(formulas, everyone, counts=counts, formula=True)
        rosters = folder / "schulen"
        rosters.mkdir()
        lists = [list(pupils(rng, number * 100, 100, number)) for number in range(SCHOOLS)]
        for number, rows in enumerate(lists):
            write(rosters / f"schule-{number:03d}.xlsx", rows)
        all_rows = [row for rows in lists for row in rows]
        write(rosters / "landkreis.xlsx", [], counts=in_classes(all_rows))
        compare("100,000 pupils in one workbook", [large], runs)
        compare("the same with a formula in every row", [formulas], runs)
        compare("100 rosters of 100 pupils", sorted(rosters.iterdir()), runs)
        check("100,000 pupils in one workbook", large, min(runs, 3))
        check("100 rosters of 100 pupils", rosters, min(runs, 3))
    try:
        import resource
    except ImportError:
        return
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of the largest process of pruefen {peak:.0f} MB")


if __name__ == "__main__":
    main()
