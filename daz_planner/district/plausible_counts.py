"""Checks of today's numbers: the roster against the table of schools, and the reserve."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from daz_planner.district.gaps import ROSTER, SCHOOLS
from daz_planner.district.model import District
from daz_planner.district.plausible_seats import SENSELESS_FACTOR
from daz_planner.district.report import Report, first_few
from daz_planner.district.text import quoted
from daz_planner.district.today_numbers import TodayNumber, today_numbers
from daz_planner.district.values import NOTHING
from daz_planner.german import plural

_FIRST_SCHOOLS = 5


def _sure_numbers(district: District, report: Report) -> list[TodayNumber]:
    """The numbers of the schools of which neither row nor list lacks anything."""
    gaps = report.gaps
    if district.roster is not None or gaps.roster_lost:
        what = "der Abgleich des Bestands mit der Tabelle der Schulen"
        if gaps.schools_open or gaps.unsure_schools:
            gaps.later(what, SCHOOLS)
        if gaps.roster_lost or gaps.roster_schools:
            gaps.later(what, ROSTER)
    return [
        number
        for number in today_numbers(district)
        if number.school.name not in gaps.unsure_schools
        and not gaps.roster_is_open(number.school.name)
    ]


def check_counts(district: District, class_cap: int | None, report: Report) -> None:
    """The roster of today against the columns VKA-Schüler and Phase 1 to 3 of the table.

    A roster that makes a school more than three times as full as its classes allow is a fault.
    """
    numbers = _sure_numbers(district, report)
    if district.roster is None or report.gaps.schools_lost:
        return
    missing = [n.school for n in numbers if n.school.pupils and n.listed is None]
    if missing:
        report.warn(
            "bestand_fehlt",
            f"Im Bestand steht kein Schüler von: "
            f"{first_few([school.name for school in missing], 5)}.",
            "Ergänzen Sie den Bestand dieser Schulen. Gerechnet wird für sie mit der Tabelle der "
            "Schulen.",
            sheet=missing[0].sheet,
        )
    by_phase: dict[str, Counter[int]] = defaultdict(Counter)
    for pupil in district.roster.pupils:
        by_phase[pupil.school][pupil.phase] += 1
    for number in numbers:
        if number.listed is None:
            continue
        phases = by_phase[number.school.name]
        if _is_senseless(number, class_cap):
            _report_senseless(number, class_cap, report)
        elif number.is_far:
            _report_far(number, report)
        elif not number.agrees:
            _report_different(number, phases, report)
        else:
            _check_phases(number, phases, report)


def _is_senseless(number: TodayNumber, class_cap: int | None) -> bool:
    """Whether the roster alone, not the table, is far beyond what the classes can hold."""
    caps = [cap for cap in (number.school.class_cap, class_cap) if cap is not None]
    classes, listed = number.school.classes, number.listed or 0
    if not caps or not classes:
        return False
    most = SENSELESS_FACTOR * max(caps) * classes
    return number.in_table <= most < listed


def _report_senseless(number: TodayNumber, class_cap: int | None, report: Report) -> None:
    school = number.school
    cap = max(cap for cap in (school.class_cap, class_cap) if cap is not None)
    classes = "1 VKA-Klasse" if school.classes == 1 else f"{school.classes} VKA-Klassen"
    report.fault(
        "schueler_je_klasse",
        f"{quoted(school.name)}: im Bestand stehen {number.listed} VKA-Schüler, in der Tabelle "
        f"{school.pupils}. Für {classes} sind das mehr als das Dreifache der Klassenobergrenze "
        f"{cap}.",
        "Prüfen Sie, ob die Schüler im Bestand zu dieser Schule gehören, und die Zahl der Klassen.",
        at=school,
        column="VKA-Schüler",
        value=school.pupils,
    )


def _report_far(number: TodayNumber, report: Report) -> None:
    school, listed = number.school, number.listed or 0
    if listed < school.pupils:
        problem = (
            f"Achtung: Von {plural(school.pupils, 'VKA-Schüler', 'VKA-Schülern')} der Schule "
            f"{quoted(school.name)} "
            f"{'steht' if listed == 1 else 'stehen'} nur {listed} im Bestand."
        )
        remedy = (
            f"Gerechnet wird mit {number.used}; von {school.pupils - listed} kennt der Plan weder "
            "Eintritt noch Wohnort. Fehlt ein Teil der Liste, dann ergänzen Sie ihn, sonst "
            "berichtigen Sie die Tabelle."
        )
    else:
        problem = (
            f"Achtung: Im Bestand stehen {listed} VKA-Schüler der Schule {quoted(school.name)}, in "
            f"der Tabelle nur {school.pupils}."
        )
        remedy = (
            f"Gerechnet wird mit {number.used}, die freien Plätze werden weniger. Prüfen Sie, ob "
            "die Liste zu dieser Schule gehört, sonst berichtigen Sie die Tabelle."
        )
    report.warn(
        "bestand_weit_abweichend",
        problem,
        remedy,
        at=school,
        column="VKA-Schüler",
        value=school.pupils,
    )


def _report_different(number: TodayNumber, phases: Counter[int], report: Report) -> None:
    school = number.school
    report.warn(
        "bestand_abweichend",
        f"{quoted(school.name)}: {school.pupils} VKA-Schüler in der Tabelle, im Bestand "
        f"{phases[1]} in Phase 1 + {phases[2]} in Phase 2 = {number.listed}.",
        f"Gerechnet wird mit der größeren Zahl ({max(school.pupils, number.listed or 0)}). "
        "Berichtigen Sie die Tabelle oder den Bestand.",
        at=school,
        column="VKA-Schüler",
        value=school.pupils,
    )


def _check_phases(number: TodayNumber, phases: Counter[int], report: Report) -> None:
    school = number.school
    for phase, written in enumerate(school.phases, start=1):
        if written is not None and written != phases[phase]:
            report.warn(
                "bestand_phasen",
                f"{quoted(school.name)}: {written} in Phase {phase} in der Tabelle, im "
                f"Bestand {phases[phase]}.",
                "Berichtigen Sie die Tabelle oder den Bestand.",
                at=school,
                column=f"Phase {phase}",
                value=written,
            )


def check_reserves(district: District, class_cap: int | None, report: Report) -> None:
    """Tell what is used where the reserve is not a number: nothing entered, or a dash.

    By the signs of official tables a dash is "nothing there", that is 0 free seats; an empty cell
    and ``k. A.`` are "not known", and then the free seats are computed. A school whose classes are
    full has none either way, and nothing is said of it.
    """
    running = [number for number in _sure_numbers(district, report) if number.school.classes]
    empty = [n for n in running if n.school.reserve is None and _by_rule(n, class_cap)]
    if empty:
        _report_reserve(
            "reserve_ohne_angabe",
            "Ohne Angabe in „Kap.reserve“, gerechnet wird mit Klassen × Obergrenze − Schüler",
            "Sind weniger oder mehr Plätze frei, dann tragen Sie die Zahl ein.",
            [(number, _computed(number, class_cap)) for number in empty],
            report,
        )
    dashes = [
        (number, f"nach Klassen × Obergrenze − Schüler wären {_by_rule(number, class_cap)} frei")
        for number in running
        if report.written(number.school, "Kap.reserve").strip() in NOTHING
        and _by_rule(number, class_cap)
    ]
    if dashes:
        _report_reserve(
            "reserve_strich",
            "Ein Strich in „Kap.reserve“ ist gelesen als 0 freie Plätze",
            "Ist die Reserve nicht bekannt, dann lassen Sie die Zelle leer.",
            dashes,
            report,
        )


def _report_reserve(
    code: str, head: str, remedy: str, told: Sequence[tuple[TodayNumber, str]], report: Report
) -> None:
    some = [
        f"{quoted(number.school.name)}{_cell(number, report)}: {what}"
        for number, what in told[:_FIRST_SCHOOLS]
    ]
    more = [_cell(number, report) for number, _ in told[_FIRST_SCHOOLS:]]
    tail = f" und {len(more)} weitere" if more else ""
    cells = ", ".join(cell.strip(" ()") for cell in more[:20] if cell)
    where = f" ({cells}{', …' if len(more) > 20 else ''})" if cells else ""
    report.warn(
        code,
        f"{head}: {'; '.join(some)}{tail}{where}.",
        remedy,
        at=told[0][0].school,
        column="Kap.reserve",
        value=report.written(told[0][0].school, "Kap.reserve"),
    )


def _cell(number: TodayNumber, report: Report) -> str:
    return f" ({report.cell_of(number.school, 'Kap.reserve')})" if number.school.row else ""


def _cap(number: TodayNumber, class_cap: int | None) -> int | None:
    own = number.school.class_cap
    return own if own is not None else class_cap


def _by_rule(number: TodayNumber, class_cap: int | None) -> int:
    """Classes × class cap − pupils, not below 0; 0 where no cap is known."""
    cap = _cap(number, class_cap)
    return 0 if cap is None else max(0, cap * number.school.classes - number.used)


def _computed(number: TodayNumber, class_cap: int | None) -> str:
    """``1 × 23 − 20 = 3``."""
    factors = f"{number.school.classes} × {_cap(number, class_cap)}"
    return f"{factors} − {number.used} = {_by_rule(number, class_cap)}"
