"""Plans for shared versions, made by hand: pupils by school type, and children who wait."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from daz_planner.district.model import Newcomer, School
from daz_planner.planning.plan import Cause, ChildSeat, Plan, WaitingPlace
from daz_planner.results.csvfiles import csv_bytes
from daz_planner.results.public_folder import public_report
from daz_planner.results.public_tables import public_tables
from daz_planner.results.public_texts import public_record
from daz_planner.results.record import run_record
from daz_planner.simulation.forecast import FLOW_NAMES, Forecast
from tests.factories import district, place, scenario, school

MONTHS = tuple(date(2017, month, 1) for month in (2, 3, 4))
_KEPT = np.array([1.0, 0.9, 0.8])
"""Share of today's pupils who are still there."""


def shared_plan(
    pupils: Mapping[str, Sequence[int]],
    waiting: Mapping[str, Sequence[int]] | None = None,
    later: Mapping[str, int] | None = None,
) -> Plan:
    """A plan over three months.

    ``pupils``: by school type, those of each school today. ``waiting``: by school type, children of
    the list who wait in each month. ``later``: by name of a school, children of the list who get a
    seat there in the second month.
    """
    waiting, later = waiting or {}, later or {}
    names: list[tuple[str, str, int]] = [
        (f"{kind} Nummer {n}", kind, count)
        for kind, counts in pupils.items()
        for n, count in enumerate(counts)
    ]
    schools: list[School] = [
        school(name, km=float(n), school_type=kind, pupils=count)
        for n, (name, kind, count) in enumerate(names)
    ]
    listed = [
        (f"KIND-{n:04}", name)
        for n, name in enumerate(name for name, count in later.items() for _ in range(count))
    ]
    by_name = {item.name: s for s, item in enumerate(schools)}
    children = tuple(
        ChildSeat(
            Newcomer(child, "A-Dorf", schools[by_name[name]].school_type),
            by_name[name],
            1,
            5.0,
            "Geschwister von KIND-9999.",
        )
        for child, name in listed
    )
    kinds = tuple(pupils)
    shape = (len(schools), len(MONTHS))
    use = np.array([[count * share for share in _KEPT] for *_, count in names]).reshape(shape)
    seated = np.zeros(shape)
    for seat in children:
        assert seat.school is not None
        seated[seat.school, 1:] += 1
    expected = np.zeros((len(kinds), 3, len(MONTHS)))
    for k, kind in enumerate(kinds):
        own = [s for s, item in enumerate(schools) if item.school_type == kind]
        expected[k, 0] = use[own].sum(axis=0) + seated[own].sum(axis=0)
        expected[k, 0] += np.array(waiting.get(kind, (0, 0, 0)))
    forecast = Forecast(
        months=MONTHS,
        school_types=kinds,
        expected=expected,
        runs=np.repeat(np.floor(expected).astype(np.int32)[np.newaxis], 4, axis=0),
        expected_flows={name: np.zeros((len(kinds), len(MONTHS))) for name in FLOW_NAMES},
        phase3_known=(True,) * len(kinds),
    )
    ones = np.ones(shape, dtype=np.int64)
    town = district(schools, [place("A-Dorf"), place("B-Dorf", 3.0)])
    return Plan(
        district=replace(town, newcomers=tuple(seat.child for seat in children)),
        scenario=scenario(zeitraum={"monate": 3}),
        forecast=forecast,
        months=MONTHS,
        classes=ones,
        seats=ones * 23.0,
        planning_seats=ones * 20.0,
        use_today=use,
        use_children=seated,
        use_forecast=np.zeros(shape),
        minutes=np.full((2, len(schools)), 5.0),
        class_cap=ones * 23,
        weekly_hours=ones * 15.0,
        stages=(),
        openings=(),
        children=children,
        flows=(),
        waiting=tuple(
            WaitingPlace(kind, 0, t, float(count), date(2017, 2, 1), Cause.LEAD_TIME, count)
            for kind, counts in waiting.items()
            for t, count in enumerate(counts)
            if count
        ),
        hints=("Das Kind KIND-0000 wartet.",),
    )


def contents(folder: Path) -> dict[str, str]:
    """Everything in a folder as text, also the parts of its workbooks."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                for name in book.namelist():
                    found[f"{path.name}/{name}"] = book.read(name).decode("utf-8", "replace")
        elif path.is_file():
            found[str(path.relative_to(folder))] = path.read_text(encoding="utf-8-sig")
    return found


def without_program(found: dict[str, str]) -> dict[str, str]:
    """The same without the times of writing."""
    return {name: text for name, text in found.items() if not name.endswith("core.xml")}


def page_data(folder: Path) -> list[dict[str, object]]:
    page = (folder / "bericht.html").read_text(encoding="utf-8")
    text = page.split('id="daten">')[1].split("</script>")[0]
    found: list[dict[str, object]] = json.loads(text)["schulen"]
    return found


def moved(plan: Plan, one: int, other: int) -> Plan:
    """The plan with one pupil of today at another school."""
    use = plan.use_today.copy()
    use[one] -= use[one] / use[one, 0]
    use[other] += plan.use_today[one] / plan.use_today[one, 0]
    schools = list(plan.district.schools)
    schools[one] = replace(schools[one], pupils=schools[one].pupils - 1)
    schools[other] = replace(schools[other], pupils=schools[other].pupils + 1)
    town = replace(plan.district, schools=tuple(schools))
    return replace(plan, district=town, use_today=use)


def more(plan: Plan, s: int, step: int) -> Plan:
    """The plan with so many pupils of today more at a school, and so much more need."""
    share = plan.use_today[s] / plan.use_today[s, 0] * step
    use = plan.use_today.copy()
    use[s] += share
    schools = list(plan.district.schools)
    schools[s] = replace(schools[s], pupils=schools[s].pupils + step)
    expected = plan.forecast.expected.copy()
    expected[plan.forecast.school_types.index(schools[s].school_type), 0] += share
    runs = np.repeat(np.floor(expected).astype(np.int32)[np.newaxis], 4, axis=0)
    return replace(
        plan,
        district=replace(plan.district, schools=tuple(schools)),
        use_today=use,
        forecast=replace(plan.forecast, expected=expected, runs=runs),
    )


def whole_text(plan: Plan) -> str:
    """Tables, page and record of a shared version in one text."""
    record = run_record(plan)
    page, shared = public_report(plan, record)
    parts = [csv_bytes(item).decode("utf-8-sig") for item in public_tables(shared).values()]
    return "\n".join([page, *parts, json.dumps(public_record(shared, record))])
