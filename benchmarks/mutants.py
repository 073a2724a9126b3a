"""Ten thousand workbooks changed at random: no traceback, no hang, no silent change of a number.

    python -m benchmarks.mutants [count] [first seed]

Prints each mutant that the program does not answer as it should, and how many there were.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from daz_planner import shipped
from daz_planner.district.sheets import load
from daz_planner.district.template import write_example
from tests.district.mutants import findings_of, judge, mutant


def main() -> None:
    """Read the mutants of the real table and of the filled template in turn."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with tempfile.TemporaryDirectory() as folder:
        example = Path(folder) / "beispiel.xlsx"
        write_example(example)
        sources = [load(shipped.path("data", "meissen-2017-02-08.xlsx")), load(example)]
    usual = [findings_of(source) for source in sources]
    bad, lone, since = 0, 0, time.perf_counter()
    for seed in range(first, first + count):
        which = seed % 5 == 0
        changed = mutant(sources[which], random.Random(seed))
        lone += changed.lone_number
        wrong = judge(changed, usual[which])
        if wrong:
            bad += 1
            print(f"{seed}: {wrong} ({changed.what})")
    seconds = time.perf_counter() - since
    print(f"{count} mutants in {seconds:.0f} s, {lone} with one number changed, {bad} wrong")
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
