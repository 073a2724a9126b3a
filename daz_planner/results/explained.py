"""Why this seat, why this class: answers out of a stored plan, for one child or one school."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner import german
from daz_planner.district.model import PlanState
from daz_planner.district.names import match_school
from daz_planner.district.text import did_you_mean, fold, nearest, quoted
from daz_planner.errors import InputError, SolverError
from daz_planner.planning.again import KEEPS
from daz_planner.planning.children import Seating, free_seats
from daz_planner.planning.explain import explain_openings
from daz_planner.planning.futures import PLAN
from daz_planner.planning.hours import planned_together
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.plan import ClassKind
from daz_planner.planning.problem import build_problem
from daz_planner.planning.reasons import nearest_schools
from daz_planner.planning.solved_problem import problem_of_plan
from daz_planner.planning.stages import Budget
from daz_planner.results.class_reasons import needed_text
from daz_planner.results.figures import NOISE, displaced, merged_flows
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daz_planner.planning.plan import ChildSeat, Opening, Plan
    from daz_planner.simulation.forecast import FloatArray

HERE = "hier ist der Platz"
BANDS = "in den gezogenen Zukünften, in denen jedes Kind an den nächsten freien Platz kommt"
LEAST_TOLD = 0.5
"""Pupils without a seat from which on they are told."""
_AFTER_ANOTHER = ("OS", "BSZ", "GYM")
"""School types into which pupils change from another one."""
_CHANGED = "ist auch dabei, wer zum neuen Schuljahr die Schulart wechselt."
MOST_PLACES = 6
"""So many municipalities of a school are named, the others are counted."""
_AGAIN_SECONDS = 20.0


@dataclass(frozen=True)
class Explanation:
    """Questions and answers, then one table.

    Attributes
    ----------
    heads, rows:
        The table in German; ``numbers`` are the heads of columns with numbers.
    """

    title: str
    answers: tuple[tuple[str, str], ...]
    table_title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[str, ...]
    note: str = ""


def explain(plan: Plan, who: str) -> Explanation:
    """Explain the seat of a child of the list, or the classes of a school.

    Parameters
    ----------
    who:
        Id of the child, or name or number of the school as people write it.

    Raises
    ------
    InputError
        If neither is in the plan; the message names the nearest.
    """
    children = {fold(seat.child.pupil_id): seat for seat in plan.children}
    exact = next((seat for seat in plan.children if seat.child.pupil_id == who.strip()), None)
    seat = exact or children.get(fold(who))
    if seat is not None:
        return explain_child(plan, seat)
    match = match_school(who, plan.district.schools)
    if match.certain is not None:
        return explain_school(plan, plan.district.schools.index(match.certain))
    ids = [seat.child.pupil_id for seat in plan.children]
    names = [school.name for school in match.candidates] or list(
        nearest(who, [school.name for school in plan.district.schools], most=2, cutoff=0.5)
    )
    near = [*nearest(who, ids, most=2, cutoff=0.6), *names[:2]]
    raise InputError(
        f"{quoted(who)} ist weder ein Kind der Liste noch eine Schule dieses Plans.",
        remedy=did_you_mean(near)
        or "Nennen Sie eine Schüler-ID vom Blatt Zuweisung oder eine Schule vom Blatt "
        "Klassenbildung.",
    )


# -- a child ---------------------------------------------------------------------------------------


def explain_child(plan: Plan, seat: ChildSeat) -> Explanation:
    """Seat, minutes, from when, and the three nearest schools with what ruled each out."""
    child = seat.child
    answers = [
        ("Wohnt in", child.municipality),
        ("Schulart", _grade(seat)),
        (
            "Gemeldet am",
            german.day(child.registered) if child.registered else "nicht angegeben",
        ),
    ]
    answers += _asked(plan, seat)
    if seat.school is None or seat.month is None:
        end = german.month(plan.months[-1])
        answers.append(("Platz", f"noch keiner, wartet bis {end} (Ende des Zeitraums)"))
    else:
        when = "sofort" if seat.month == 0 else f"ab {german.month(plan.months[seat.month])}"
        ways = german.plural(seat.minutes or 0.0, "Minute", "Minuten")
        name = plan.district.schools[seat.school].name
        answers.append(("Platz", f"{name}, {when}"))
        answers.append(("Schulweg", f"{ways}, einfacher Weg"))
    answers.append(("Grund", _sentence(seat.reason.removeprefix("wartet: "))))
    rows = [
        (
            plan.district.schools[s].name,
            german.number(minutes),
            obstacle or HERE,
        )
        for s, minutes, obstacle in _nearest(plan, seat)
    ]
    return Explanation(
        title=f"Kind {child.pupil_id}",
        answers=tuple(answers),
        table_title="Die nächsten Schulen der Schulart mit VKA",
        heads=("Schule", "Minuten", "Was dagegen sprach"),
        rows=tuple(rows),
        numbers=("Minuten",),
    )


def _asked(plan: Plan, seat: ChildSeat) -> list[tuple[str, str]]:
    """What the office has entered for the child, and where its brothers and sisters are."""
    child = seat.child
    answers = []
    if child.pinned_to:
        answers.append(("Festgelegt auf", child.pinned_to))
    if child.excluded:
        answers.append(("Ausgeschlossen", "; ".join(child.excluded)))
    if child.wishes:
        wishes = [
            name if len(child.wishes) == 1 else f"{rank}. {name}"
            for rank, name in enumerate(child.wishes, start=1)
        ]
        answers.append(("Wunsch" if len(wishes) == 1 else "Wünsche", "; ".join(wishes)))
    siblings = [
        f"{other.child.pupil_id}: {_place(plan, seat, other)}"
        for other in plan.children
        if child.family and other.child.family == child.family and other is not seat
    ]
    if siblings:
        answers.append(("Geschwister", "; ".join(siblings)))
    return answers


def _place(plan: Plan, seat: ChildSeat, other: ChildSeat) -> str:
    """Where a brother or sister is."""
    if other.school is None:
        return "wartet"
    if other.school == seat.school:
        return "dieselbe Schule"
    return plan.district.schools[other.school].name


def _grade(seat: ChildSeat) -> str:
    kind = seat.child.school_type
    name = german.SCHOOL_TYPE_NAMES.get(kind, kind)
    return name if seat.child.grade is None else f"{name}, Klassenstufe {seat.child.grade}"


def _sentence(text: str) -> str:
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def _nearest(plan: Plan, seat: ChildSeat) -> list[tuple[int, float, str]]:
    """(school, minutes, obstacle) of the nearest schools; what the plan has told itself counts."""
    told = {other.school: other.obstacle for other in seat.alternatives}
    kept = any(other.obstacle == KEEPS for other in seat.alternatives)
    ordered = canonical(plan.district)
    outlook = expect(build_population(ordered.district, plan.scenario))
    kind = (seat.child.school_type,)
    problem = build_problem(ordered.district, plan.scenario, outlook, kind)
    row = {ordered.district.schools[s].name: n for n, s in enumerate(problem.schools.tolist())}
    index = {child.pupil_id: c for c, child in enumerate(ordered.district.newcomers)}
    school, month = {}, {}
    use = np.zeros_like(problem.use_today)
    number = outlook.population.school_types.index(seat.child.school_type)
    for other in plan.children:
        if other.school is not None and other.child.school_type in kind:
            c = index[other.child.pupil_id]
            school[c] = row[plan.district.schools[other.school].name]
            month[c] = other.month or 0
            use[school[c]] += outlook.child_survival(number, other.child.grade)[month[c]]
    seating = Seating(school, free_seats(problem), use, False, month=month)
    found = nearest_schools(
        ordered.district, plan.scenario, problem, seating, index[seat.child.pupil_id]
    )
    result = []
    for other_school in found:
        s = int(ordered.school[other_school.school])
        obstacle = told.get(s, KEEPS if kept else other_school.obstacle)
        result.append((s, other_school.minutes, "" if s == seat.school else obstacle))
    return result


# -- a school --------------------------------------------------------------------------------------


def explain_school(plan: Plan, s: int) -> Explanation:
    """Classes, what happens without the new ones, whom the school serves, its use by month."""
    school = plan.district.schools[s]
    kind = german.SCHOOL_TYPE_NAMES.get(school.school_type, school.school_type)
    answers = [("Schule", f"{kind} in {school.municipality}"), ("Klassen", _classes(plan, s))]
    lost = displaced(plan)[s]
    if lost.max() >= LEAST_TOLD:
        answers.append(("Ohne Platz", _without_seat(plan, lost)))
    openings = [opening for opening in plan.openings if opening.school == s]
    for opening in _with_reasons(plan, s, openings):
        since = german.month(plan.months[opening.month])
        label = "Neue Klasse" if opening.classes == 1 else f"{opening.classes} neue Klassen"
        kind_of = "" if opening.kind is ClassKind.CLASS else f"{opening.kind.value}. "
        answers.append((f"{label} ab {since}", f"{kind_of}{opening.reason}"))
        often = needed_text(plan, opening)
        if often:
            answers.append(("In den Zukünften", often))
    answers.append(("Wen sie aufnimmt", _served(plan, s)))
    listed = [seat.child.pupil_id for seat in plan.children if seat.school == s]
    if listed:
        answers.append(("Von der heutigen Liste", german.listed(listed)))
    return Explanation(
        title=school.name,
        answers=tuple(answers),
        table_title="Auslastung Monat für Monat",
        heads=("Monat", "Klassen", "Plätze", "belegt", *_bands(plan), "frei"),
        rows=tuple(_use(plan, s)),
        numbers=("Klassen", "Plätze", "belegt", *_bands(plan), "frei"),
        note="belegt: im Mittel, heutige Schüler und neue zusammen."
        + (f" P10, P90: {BANDS}." if plan.judgement else ""),
    )


def _classes(plan: Plan, s: int) -> str:
    row = plan.classes[s].tolist()
    parts = [f"{row[0]} heute"]
    parts += [
        f"{row[t]} ab {german.month(plan.months[t])}{_by_decision(plan, s, t)}"
        for t in range(1, len(row))
        if row[t] != row[t - 1]
    ]
    if len(parts) == 1:
        return f"{row[0]} heute und in jedem Monat bis {german.month(plan.months[-1])}."
    return f"{', '.join(parts)}."


def _by_decision(plan: Plan, s: int, t: int) -> str:
    """That a number of classes was decided by the office for just this month."""
    school = plan.district.schools[s].name
    return (
        " (Klassenplan)"
        if any(
            entry.school == school
            and entry.state is PlanState.DECIDED
            and (entry.since, entry.classes) == (plan.months[t], plan.classes[s, t])
            for entry in plan.district.class_plan
        )
        else ""
    )


def _with_reasons(plan: Plan, s: int, openings: Sequence[Opening]) -> list[Opening]:
    """The openings with their stored reasons; what was not solved then is solved now."""
    if all(np.isfinite(opening.waiting_without) for opening in openings):
        return list(openings)
    ordered = canonical(plan.district)
    outlook = expect(build_population(ordered.district, plan.scenario))
    together = planned_together(plan.district, plan.scenario, outlook.population.school_types)
    kinds = next(k for k in together if plan.district.schools[s].school_type in k)
    problem = problem_of_plan(plan, ordered, outlook, *kinds)
    schools = ordered.school[problem.schools]
    try:
        solved = explain_openings(
            ordered.district,
            plan.scenario,
            PlanningModel(problem),
            np.asarray(plan.classes[schools], dtype=np.int64),
            np.asarray(plan.use[schools], dtype=np.float64),
            Budget.of_seconds(_AGAIN_SECONDS),
        )
    except SolverError:
        return list(openings)
    numbered = [replace(o, school=int(ordered.school[o.school])) for o in solved]
    new = {(opening.school, opening.month): opening for opening in numbered}
    return [new.get((opening.school, opening.month), opening) for opening in openings]


def _without_seat(plan: Plan, lost: FloatArray) -> str:
    """Pupils whose class closes, from when on and how many in the worst month."""
    since, worst = int(np.argmax(lost >= LEAST_TOLD)), int(np.argmax(lost))
    count = german.plural(float(lost[worst]), "Kind", "Kinder", 1)
    verb = "sitzt" if count == "1 Kind" else "sitzen"
    text = (
        f"Ab {german.month(plan.months[since])} {verb} hier im Mittel bis zu {count} ohne Platz, "
        f"weil eine Klasse schließt"
    )
    if worst != since:
        text += f" (am meisten im {german.month(plan.months[worst])})"
    return f"{text}. Der Plan verlegt sie nicht."


def _served(plan: Plan, s: int) -> str:
    by_place: defaultdict[int, float] = defaultdict(float)
    for (i, school, _), (pupils, _) in merged_flows(plan).items():
        if school == s:
            by_place[i] += pupils
    total = sum(by_place.values())
    if total <= NOISE:
        return "Im Zeitraum kommt kein neues Kind hierher."
    order = sorted(by_place, key=lambda i: (-by_place[i], i))
    names = [
        f"{plan.district.municipalities[i].name} {german.number(by_place[i], 1)}"
        for i in order[:MOST_PLACES]
    ]
    rest = len(order) - MOST_PLACES
    more = (
        f" und {german.plural(rest, 'weitere Gemeinde', 'weitere Gemeinden')}" if rest > 0 else ""
    )
    children = german.plural(total, "neues Kind", "neue Kinder", 1)
    text = f"Im Zeitraum im Mittel {children}: {', '.join(names)}{more}."
    if plan.district.schools[s].school_type not in _AFTER_ANOTHER:
        return text
    change = plan.scenario.schuljahr.wechsel_monat
    when = [german.month(month) for month in plan.months[1:] if month.month == change]
    return f"{text} Im {german.listed(when)} {_CHANGED}" if when else text


def _bands(plan: Plan) -> tuple[str, ...]:
    return () if plan.judgement is None else ("P10", "P90")


def _use(plan: Plan, s: int) -> list[tuple[str, ...]]:
    spread = None if plan.judgement is None else plan.judgement.policies[PLAN].use_quantiles()
    use = plan.use
    return [
        (
            german.short_month(month),
            f"{plan.classes[s, t]}",
            german.number(float(plan.seats[s, t])),
            german.number(float(use[s, t]), 1),
            *([] if spread is None else [german.number(float(spread[q, s, t])) for q in (0, 2)]),
            german.number(float(plan.seats[s, t] - use[s, t]), 1),
        )
        for t, month in enumerate(plan.months)
    ]
