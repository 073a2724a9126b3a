"""The front between classes and ways as tables and in sentences: what one more class saves.

Minutes for a reader are those of a child on a school day, to school and back, in the mean over all
children who take a seat in the period; minutes one way of all children together stand beside them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.district.text import quoted
from daz_planner.planning.front_points import TOGETHER, End, Measure
from daz_planner.planning.plan import ClassKind
from daz_planner.results.schema import Column, Kind, Table, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from daz_planner.planning.front_points import Curve, Front, FrontPoint, NewClass, PlanPoint
    from daz_planner.planning.plan import Plan

PLAN = "Plan"
POINT = "kürzeste Wege"
SAVED = {
    Measure.CLASSES: "spart je Klasse",
    Measure.CLASS_MONTHS: "spart je Klassenmonat",
}
_COUNTED = {
    Measure.CLASSES: ("neue Klasse", "neue Klassen"),
    Measure.CLASS_MONTHS: ("Klassenmonat", "Klassenmonate"),
}
_TABLES = {Measure.CLASSES: "abwaegung", Measure.CLASS_MONTHS: "abwaegung_klassenmonate"}
_PER_DAY = "Minuten je Kind und Tag, hin und zurück"
PROVEN = 0.0015
"""Largest gap of a sum whose points are all proven within their own."""
_TELLING = 0.05
"""Minutes a day that are a saving worth a sentence."""


def front_tables(plan: Plan) -> list[Table]:
    """The tables of a plan with its front, in the order in which they are written."""
    return [front_table(plan, measure) for measure in Measure]


def front_table(plan: Plan, measure: Measure) -> Table:
    """Abwägung: the plan itself and the points of each curve, by school type and together.

    „spart je Klasse“: against the row before; „öffnet zusätzlich“ and „dafür nicht“ as well.
    """
    assert plan.front is not None
    columns = [
        Column("Schulart", width=11),
        Column("Zeile", width=15),
        Column("öffnet zusätzlich", width=44),
        Column("dafür nicht", width=26),
        Column("neue Klassen", Kind.WHOLE, "Klassen", width=10),
        Column("Klassenmonate", Kind.WHOLE, "Klassenmonate", head="Klassen-monate", width=10),
        Column("Weg am Tag", Kind.NUMBER, _PER_DAY, 2, width=10),
        Column(SAVED[measure], Kind.NUMBER, _PER_DAY, 3, shown=2, width=14),
        Column("Minuten zusammen", Kind.NUMBER, "Minuten, einfacher Weg", 0, width=12),
        Column("Kinder", Kind.NUMBER, "erwartete Kinder", 1, width=9),
        Column("Kinder über Richtwert", Kind.NUMBER, "erwartete Kinder", 1, width=12),
        Column("bewiesen mindestens", Kind.NUMBER, "Minuten, einfacher Weg", 0, width=13),
        Column("Lücke %", Kind.SHARE, "%", 2, width=9),
        Column("Status", width=18),
    ]
    rows = [row for curve in _in_order(plan.front, measure) for row in _rows(plan, curve)]
    empty = "Die Zeit reichte für keinen Punkt der Abwägung."
    return table(_TABLES[measure], columns, rows, empty=empty)


def _in_order(front: Front, measure: Measure) -> list[Curve]:
    return [curve for curve in front.curves if curve.measure is measure]


def _rows(plan: Plan, curve: Curve) -> Iterator[list[object]]:
    assert plan.front is not None
    own = plan.front.plan(curve.school_type)
    if own is not None:
        yield [curve.school_type, PLAN, "", "", *_numbers(own, None), ""]
    before: FrontPoint | None = None
    for point in curve.points:
        more, fewer = difference(before, point)
        saved = None if before is None else saved_per_day(before, point, curve.measure)
        yield [
            curve.school_type,
            POINT,
            told_classes(plan, more),
            told_classes(plan, fewer),
            *_numbers(point, saved),
            _status(curve, point),
        ]
        before = point


def _status(curve: Curve, point: FrontPoint) -> str:
    """A sum of proven points is no proof where another split over the types is not ruled out."""
    proven = point.gap is not None and point.gap <= PROVEN
    if curve.school_type == TOGETHER and not point.status.is_cut_off and not proven:
        return "nicht bewiesen"
    return point.status.value


def _numbers(point: FrontPoint, saved: float | None) -> list[object]:
    return [
        point.classes,
        point.class_months,
        point.daily_minutes,
        saved,
        point.minutes,
        point.pupils,
        point.over_soft,
        point.bound,
        point.gap,
    ]


def saved_per_day(before: FrontPoint, after: FrontPoint, measure: Measure) -> float | None:
    """Minutes of a child on a day that each further class (class month) saves."""
    further = after.spent(measure) - before.spent(measure)
    if after.pupils <= 0.0 or further <= 0:
        return None
    return 2.0 * (before.minutes - after.minutes) / after.pupils / further


def difference(
    before: FrontPoint | None, after: FrontPoint
) -> tuple[list[NewClass], list[NewClass]]:
    """Classes that one point has and the other has not, and the other way round, by school."""
    old = () if before is None else before.opened
    return _beyond(after.opened, old), _beyond(old, after.opened)


def _beyond(classes: Sequence[NewClass], others: Sequence[NewClass]) -> list[NewClass]:
    known: Counter[str] = Counter()
    for other in others:
        known[other.school] += other.classes
    found = []
    for item in classes:
        if known[item.school] >= item.classes:
            known[item.school] -= item.classes
        else:
            found.append(item)
    return found


def told_classes(plan: Plan, classes: Sequence[NewClass]) -> str:
    """Schools with the month, and what the class would be where it is no full one."""
    return "; ".join(
        f"{f'{item.classes} × ' if item.classes > 1 else ''}{item.school} ab "
        f"{german.short_month(plan.months[item.month])}"
        f"{'' if item.kind is ClassKind.CLASS else f' – {item.kind.value}'}"
        for item in classes
    )


def front_sentences(front: Front) -> list[str]:
    """What the next class would save most, what opening early would save, and how sure that is.

    They tell of the curves by classes alone, the same words wherever they stand.
    """
    return [_next_class(front), *_early(front), *_caveats(front, Measure.CLASSES), *_plan(front)]


def front_answer(front: Front) -> str:
    """The same sentences in one paragraph."""
    return " ".join(front_sentences(front))


def month_sentences(front: Front) -> list[str]:
    """How sure the curves by class months are; stands with their table only."""
    return list(_caveats(front, Measure.CLASS_MONTHS))


def _next_class(front: Front) -> str:
    """The step beyond the plan's number of classes that saves most by class, type by type."""
    best: tuple[float, FrontPoint, FrontPoint, PlanPoint] | None = None
    known = False
    for own in front.plans:
        kind = own.school_type
        curve = front.curve(kind, Measure.CLASSES)
        if curve is None:
            continue
        known = True
        before = curve.at(own.point.classes)
        after = curve.after(before)
        if after is None:
            continue
        each = (before.minutes - after.minutes) / (after.classes - before.classes)
        if best is None or each > best[0]:
            best = each, before, after, own
    if not known:
        return "Die Zeit reichte nicht für die Abwägung von Klassen und Schulweg."
    if best is None or 2.0 * best[0] < _TELLING * best[2].pupils:
        return "Eine Klasse mehr als im Plan verkürzte die Wege nicht nennenswert."
    _, before, after, own = best
    kind = own.school_type
    more, fewer = difference(before, after)
    count = after.classes - before.classes
    start = "Eine Klasse mehr" if count == 1 else f"{count} Klassen mehr"
    where = german.listed(dict.fromkeys(quoted(item.school) for item in more))
    instead = german.listed(dict.fromkeys(quoted(item.school) for item in fewer))
    place = f" an {where}" if where else ""
    statt = f" (dann keine an {instead})" if instead else ""
    minutes = _saved(before, after)
    children = german.plural(after.pupils, "Kind", "Kinder")
    weak = [item.kind.value for item in more if item.kind is not ClassKind.CLASS]
    size = ""
    if weak and weak[0] == ClassKind.DOUBTFUL.value:
        size = " Nach drei Monaten säßen dort je Klasse unter 10 Kinder: fraglich."
    elif weak:
        size = " Nach drei Monaten säßen dort je Klasse unter 13 Kinder: eine Gruppe."
    spart = "spart" if count == 1 else "sparen"
    return (
        f"{start}{place}{statt} {spart} im Mittel {minutes} Schulweg am Tag (hin und zurück) für "
        f"{children} ({kind}).{_against_plan(own, before, after)}{size}"
    )


def _against_plan(own: PlanPoint, before: FrontPoint, after: FrontPoint) -> str:
    """What the step is compared with, and the plan itself, where its ways are longer than that."""
    planned, shortest, then = own.point.daily_minutes, before.daily_minutes, after.daily_minutes
    if planned is None or shortest is None or then is None or planned - shortest < _TELLING:
        return ""
    minutes = german.plural(planned - then, "Minute", "Minuten", 1)
    verb = "ist es" if minutes.startswith("1 ") else "sind es"
    return (
        " Verglichen ist mit den kürzesten Wegen ohne weitere Klasse; gegenüber dem Plan selbst "
        f"{verb} {minutes}."
    )


def _saved(before: FrontPoint, after: FrontPoint) -> str:
    """Minutes a day of the step; the range of what is proven where a point was cut off."""
    found = before.minutes - after.minutes
    if not (before.status.is_cut_off or after.status.is_cut_off):
        return german.plural(2.0 * found / after.pupils, "Minute", "Minuten", 1)
    if before.bound is None or after.bound is None:
        return "ungefähr " + german.plural(2.0 * found / after.pupils, "Minute", "Minuten", 1)
    least, most = max(0.0, before.bound - after.minutes), before.minutes - after.bound
    low, high = (german.number(2.0 * value / after.pupils, 1) for value in (least, most))
    return (
        german.plural(2.0 * most / after.pupils, "Minute", "Minuten", 1)
        if low == high
        else (f"zwischen {low} und {high} Minuten")
    )


def _early(front: Front) -> Iterator[str]:
    """What the plan's number of classes would save, opened as early and as near as possible."""
    for own in front.plans:
        curve = front.curve(own.school_type, Measure.CLASSES)
        count, pupils = own.point.classes, own.point.pupils
        if curve is None or count == 0 or pupils <= 0.0:
            continue
        same = curve.at(count)
        saved = 2.0 * (own.shortest - same.minutes) / pupils
        months = same.class_months - own.point.class_months
        if saved < _TELLING or months <= 0 or same.classes > count:
            continue
        what = (
            f"Öffnete die neue Klasse des Plans ({own.school_type})"
            if count == 1
            else f"Öffneten die {count} neuen Klassen des Plans ({own.school_type})"
        )
        more = "einen Klassenmonat" if months == 1 else f"{german.number(months)} Klassenmonate"
        least = "mindestens " if same.status.is_cut_off else ""
        yield (
            f"{what} so früh und so nah wie möglich, kostete das {more} mehr und sparte im Mittel "
            f"{least}{german.plural(saved, 'Minute', 'Minuten', 1)} am Tag für "
            f"{german.plural(pupils, 'Kind', 'Kinder')} ({own.school_type})."
        )


def _caveats(front: Front, measure: Measure) -> Iterator[str]:
    """What the curves of a measure lack: school types, points, proofs."""
    curves = [
        curve
        for curve in front.curves
        if curve.school_type != TOGETHER and curve.measure is measure
    ]
    if front.left_out:
        yield (
            f"Die Zeit reichte nicht für {german.listed(front.left_out)}: Dafür fehlt die "
            "Abwägung, und deshalb auch die für alle zusammen."
        )
    short = [curve for curve in curves if curve.end is End.TIME]
    if short:
        upto = german.listed(
            f"{curve.school_type} bis "
            f"{german.plural(curve.points[-1].spent(measure), *_COUNTED[measure])}"
            for curve in short
        )
        yield (
            f"Die Zeit reichte nicht für alle Punkte: Gerechnet ist {upto}; mit einem größeren "
            "--zeitlimit kommen mehr dazu."
        )
    cut = [(curve, point) for curve in curves for point in curve.points if point.status.is_cut_off]
    if cut:
        gaps = [point.gap for _, point in cut]
        known = [gap for gap in gaps if gap is not None]
        far = (
            f"höchstens {german.percent_at_most(max(known))} kürzer sein"
            if known and len(known) == len(gaps)
            else "noch kürzer sein"
        )
        count = german.plural(len(cut), "Punkt endete", "Punkte endeten")
        kinds = german.listed(dict.fromkeys(curve.school_type for curve, _ in cut))
        yield f"{count} am Zeitlimit ({kinds}): Dort könnten die Wege {far}."


def _plan(front: Front) -> Iterator[str]:
    if front.cut_off:
        yield (
            f"Der Plan für {german.listed(front.cut_off)} endete selbst am Zeitlimit: Die "
            "Abwägung hält sein Warten, das nicht bewiesen das kürzeste ist."
        )
