"""Writing a plan of a district and one of the size of Saxony: time and memory of each kind of file.

    python benchmarks/writing.py [schools] [months]

The plan of the district is solved from the shipped table of Landkreis Meißen with the scenario
basis.  The plan of Saxony is put together without solving: the shipped list of schools (repeated
until there are 1,000) and municipalities of Saxony, seats and pupils drawn from a fixed seed, every
municipality sending its children to the two nearest schools of each type, children on a waiting
list, regular classes by grade.  It passes the check that every plan passes before it is written.

Each step runs in a process of its own, so that its highest memory is its own and its time holds the
import of what it needs. Beside the workbook the same tables are written by ``pandas.to_excel``, and
the same cells by plain openpyxl: values only, in write-only mode, without styles, tables, checks or
charts.  The ratios of the times are printed; both sides have the same load of the machine.
"""

from __future__ import annotations

import csv
import json
import multiprocessing
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from daz_planner.district.model import District, Municipality, Newcomer, School
from daz_planner.planning.plan import Cause, ChildSeat, Flow, Plan, WaitingPlace
from daz_planner.planning.regular import RegularGrade, RegularSeats
from daz_planner.scenario import load_scenario, with_values
from daz_planner.simulation.forecast import FLOW_NAMES, Forecast

SEED = 2017
FUTURES = 200
LISTED = 1000
DATA = Path(__file__).parent.parent / "data"
KINDS = ("GS", "OS", "BSZ")
GRADES = {"GS": range(1, 5), "OS": range(5, 11), "BSZ": range(11, 14)}


def saxony(schools: int = 1000, months: int = 12) -> Plan:
    """A plan with so many schools and months, the same for the same numbers."""
    rng = np.random.default_rng(SEED)
    towns = _towns()
    sites = _schools(rng, schools, {town.name for town in towns})
    calendar = tuple(date(2017 + (1 + t) // 12, (1 + t) % 12 + 1, 1) for t in range(months))
    minutes = _minutes(towns, sites)
    children = tuple(
        Newcomer(f"K-{n:05d}", towns[int(rng.integers(len(towns)))].name, KINDS[n % 3])
        for n in range(LISTED)
    )
    kinds = np.array([KINDS.index(site.school_type) for site in sites])
    flows, seats = _ways(rng, kinds, minutes, towns, children, months)
    intake = np.zeros((len(sites), months))
    for flow in flows:
        intake[flow.school, flow.month] += flow.pupils
    listed = np.zeros_like(intake)
    for seat in seats:
        if seat.school is not None:
            listed[seat.school, 0] += 1
    classes = np.repeat([[site.classes] for site in sites], months, axis=1)
    class_cap = np.full_like(classes, 23)
    today = np.array([[site.pupils * 0.93**t for t in range(months)] for site in sites])
    waiting = tuple(
        WaitingPlace(KINDS[k], place, t, 0.5, calendar[0], Cause.NO_ROOM)
        for k in range(len(KINDS))
        for place in range(0, len(towns), 3)
        for t in range(months)
    )
    values = {"zeitraum.monate": months, "rechnen.laeufe": FUTURES}
    return Plan(
        district=District(
            "Freistaat Sachsen", date(2017, 2, 8), sites, towns, children, files=(("x", "00" * 32),)
        ),
        scenario=with_values(load_scenario("basis"), values),
        forecast=_forecast(rng, calendar, today, kinds),
        months=calendar,
        classes=classes,
        seats=classes * 23.0,
        planning_seats=classes * 20.0,
        use_today=today,
        use_children=_stay(listed),
        use_forecast=_stay(intake - listed),
        minutes=minutes,
        class_cap=class_cap,
        weekly_hours=classes * 17.0,
        stages=(),
        openings=(),
        children=seats,
        flows=flows,
        waiting=waiting,
        regular=_regular(rng, sites, months),
    )


def _towns() -> tuple[Municipality, ...]:
    with (DATA / "gemeinden_sachsen.csv").open(encoding="utf-8") as file:
        return tuple(
            Municipality(
                row["gemeinde"],
                int(row["einwohner_2019"] or 1000),
                float(row["breite_sitz"]),
                float(row["laenge_sitz"]),
                row["ags"],
            )
            for row in csv.DictReader(file)
        )


def _schools(rng: np.random.Generator, count: int, towns: set[str]) -> tuple[School, ...]:
    with (DATA / "schulen_sachsen_2016.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["schulart"] in KINDS]
    found = []
    for n in range(count):
        row, again = rows[n % len(rows)], n // len(rows)
        classes = int(rng.integers(1, 4))
        found.append(
            School(
                row["schule"] + (f", Außenstelle {again}" if again else ""),
                row["schulart"],
                int(rng.integers(6, 23) * classes),
                classes,
                None,
                row["gemeinde"],
                float(row["breite"]),
                float(row["laenge"]),
            )
        )
    assert towns
    return tuple(found)


def _minutes(towns: tuple[Municipality, ...], schools: tuple[School, ...]) -> Any:
    """``[municipality, school]`` minutes as the crow flies: exact ways do not matter."""
    here = np.array([(town.latitude * 111.0, town.longitude * 70.0) for town in towns])
    there = np.array([(site.latitude * 111.0, site.longitude * 70.0) for site in schools])
    return 5.0 + np.linalg.norm(here[:, None] - there[None], axis=2) * 2.0


def _ways(
    rng: np.random.Generator,
    kinds: Any,
    minutes: Any,
    towns: tuple[Municipality, ...],
    children: tuple[Newcomer, ...],
    months: int,
) -> tuple[tuple[Flow, ...], tuple[ChildSeat, ...]]:
    """The two nearest schools of each type take turns; every tenth child of the list waits."""
    flows, seats = [], []
    number = {town.name: n for n, town in enumerate(towns)}
    nearest = {
        (i, k): np.where(kinds == k)[0][np.argsort(minutes[i, kinds == k])[:2]]
        for i in range(len(towns))
        for k in range(len(KINDS))
    }
    for (i, _), pair in nearest.items():
        for t in range(months):
            for s in pair[: 1 + (t % 2)]:
                pupils = float(rng.uniform(0.05, 0.6))
                flows.append(Flow(i, int(s), t, pupils, float(minutes[i, s])))
    for n, child in enumerate(children):
        place = number[child.municipality]
        if n % 10 == 9:
            seats.append(ChildSeat(child, None, None, None, "Kein Platz in Reichweite."))
            continue
        s = int(nearest[place, KINDS.index(child.school_type)][0])
        way = float(minutes[place, s])
        flows.append(Flow(place, s, 0, 1.0, way))
        seats.append(ChildSeat(child, s, 0, way, "Nächste Schule mit Platz."))
    return tuple(flows), tuple(seats)


def _stay(intake: Any) -> Any:
    """Pupils who came and are still there: each month one in fourteen leaves."""
    there = np.zeros_like(intake)
    for t in range(intake.shape[1]):
        there[:, t] = intake[:, t] + (0.93 * there[:, t - 1] if t else 0.0)
    return there


def _forecast(
    rng: np.random.Generator, months: tuple[date, ...], today: Any, kinds: Any
) -> Forecast:
    expected = np.zeros((len(KINDS), 3, len(months)))
    for k in range(len(KINDS)):
        expected[k] = today[kinds == k].sum() * np.array([[0.4], [0.6], [0.3]])
    runs = rng.poisson(expected, (FUTURES, *expected.shape)).astype(np.int32)
    flows = {name: np.zeros((len(KINDS), len(months))) for name in FLOW_NAMES}
    return Forecast(months, KINDS, expected, runs, flows, (True,) * len(KINDS))


def _regular(rng: np.random.Generator, schools: tuple[School, ...], months: int) -> RegularSeats:
    grades = tuple(
        RegularGrade(site.name, site.school_type, site.municipality, grade, 2, 45, 1.0)
        for site in schools
        for grade in GRADES[site.school_type]
    )
    shape = (len(grades), months)
    use = np.cumsum(rng.uniform(0.0, 1.5, shape), axis=1)
    return RegularSeats(
        grades, np.full(shape, 56.0), np.full(shape, 50.0), use, (False,) * months, (), ()
    )


# -- what is measured ------------------------------------------------------------------------------


def tables_only(plan: Plan, folder: Path) -> None:
    """The CSV files."""
    from daz_planner.results.csvfiles import write_csv_files
    from daz_planner.results.tables import tables

    write_csv_files(tables(plan), folder / "tabellen")


def workbook(plan: Plan, folder: Path) -> None:
    """``plan.xlsx``."""
    from daz_planner.results.workbook import write_workbook

    write_workbook(plan, folder / "plan.xlsx")


def everything(plan: Plan, folder: Path) -> None:
    """The whole result folder."""
    from daz_planner.results.folder import write_result

    write_result(plan, folder / "alles")


def by_pandas(plan: Plan, folder: Path) -> None:
    """The same tables by ``pandas.to_excel``: a sheet each, values only, its own bold heads."""
    import pandas as pd

    from daz_planner.results.tables import tables

    with pd.ExcelWriter(folder / "pandas.xlsx", engine="openpyxl") as writer:
        for name, table in tables(plan).items():
            table.frame.to_excel(writer, sheet_name=name[:31], index=False)


def plain_cells(plan: Plan, folder: Path) -> None:
    """The same cells by openpyxl alone: read the finished workbook before, write values only."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    with (folder / "zellen.json").open(encoding="utf-8") as file:
        sheets = json.load(file)
    start = time.process_time()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(folder / "einfach.xlsx")
    (folder / "sekunden.txt").write_text(f"{time.process_time() - start}", encoding="utf-8")


def collect_cells(folder: Path) -> int:
    """Values of all cells of the workbook into a file; how many there are."""
    from openpyxl import load_workbook

    sheets: dict[str, list[list[Any]]] = {}
    count = 0
    book = load_workbook(folder / "plan.xlsx", read_only=True)
    for sheet in book:
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        count += sum(value is not None for row in rows for value in row)
        sheets[sheet.title] = rows
    text = json.dumps(sheets, default=str)
    (folder / "zellen.json").write_text(text, encoding="utf-8")
    return count


def district(folder: Path) -> None:
    """Solve the plan of the shipped district and keep it in a folder."""
    from daz_planner.district import read_district
    from daz_planner.planning.whole import whole_plan
    from daz_planner.results.stored import PROBLEM_NAME, write_problem
    from daz_planner.shipped import path

    read = read_district(path("data", "meissen-2017-02-08.xlsx"))
    write_problem(whole_plan(read, load_scenario("basis")), folder / PROBLEM_NAME)


Source = tuple[int, int] | Path
"""Schools and months of a plan put together, or the folder of one that is kept."""


def _measured(work: Callable[[Plan, Path], None], source: Source, folder: Path, back: Any) -> None:
    if isinstance(source, Path):
        from daz_planner.results.stored import load_plan

        plan = load_plan(source)
    else:
        plan = saxony(*source)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start, begun = time.perf_counter(), time.process_time()
    work(plan, folder)
    seconds = time.perf_counter() - start, time.process_time() - begun
    back.put((*seconds, before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measure(
    work: Callable[[Plan, Path], None], source: Source, folder: Path
) -> tuple[float, float, float, float]:
    """Seconds, seconds of the processor, megabytes before and at most, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    back = context.Queue()
    process = context.Process(target=_measured, args=(work, source, folder, back))
    process.start()
    result: tuple[float, float, float, float] = back.get()
    process.join()
    return result


def show(source: Source, folder: Path) -> None:
    """Measure and print every kind of file of one plan."""
    folder.mkdir()
    seconds = {}
    for work in (tables_only, workbook, everything, by_pandas):
        wall, seconds[work.__name__], before, most = measure(work, source, folder)
        text = f"{wall:6.1f} s ({seconds[work.__name__]:.1f} s of the processor), "
        text += f"at most {most:5.0f} MB ({before:.0f} before)"
        print(f"{work.__name__:14}{text}")
    size = (folder / "plan.xlsx").stat().st_size / 2**20
    print(f"plan.xlsx: {size:.1f} MB, {collect_cells(folder):,} cells with a value")
    measure(plain_cells, source, folder)
    plain = float((folder / "sekunden.txt").read_text(encoding="utf-8"))
    ours, pandas = seconds["workbook"], seconds["by_pandas"]
    print(f"plain openpyxl, same cells: {plain:.1f} s of the processor; ratio {ours / plain:.2f}")
    print(f"pandas.to_excel, same tables: {pandas:.1f} s; ratio {ours / pandas:.2f}, ", end="")
    print(f"of the whole folder {seconds['everything'] / pandas:.2f}")


def main() -> None:
    """Measure and print."""
    schools = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    months = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    print(f"Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        district(folder)
        print("Landkreis Meißen, basis")
        show(folder, folder / "kreis")
        print(f"{schools} schools, {months} months")
        show((schools, months), folder / "sachsen")


if __name__ == "__main__":
    main()
