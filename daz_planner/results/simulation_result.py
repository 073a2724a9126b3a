"""A forecast with what it was made from, as it is handed out: need against seats, and causes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from daz_planner import german
from daz_planner.district.today_numbers import count_hints
from daz_planner.planning.seats import open_cap_notes, seats_without_new_classes
from daz_planner.results.causes import CAUSES, Waterfall, waterfalls
from daz_planner.results.need import (
    TOGETHER,
    NeedCourse,
    each_type_covered,
    futures_covered,
    need_course,
)
from daz_planner.results.need_text import seat_sentences, share_of_futures
from daz_planner.simulation.history import history_hints

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.forecast import FloatArray, Forecast


@dataclass(frozen=True)
class SimulationResult:
    """What ``simulieren`` shows and writes.

    Attributes
    ----------
    last:
        Index of the month to which the causes are told, ``None`` for the last one.
    """

    district: District
    scenario: Scenario
    forecast: Forecast
    last: int | None = None

    @property
    def months(self) -> tuple[date, ...]:
        """First day of each month, the first one that of the reference date."""
        return self.forecast.months

    @cached_property
    def seats(self) -> FloatArray:
        """``[k, t]`` seats of today's classes by school type."""
        by_school = seats_without_new_classes(self.district, self.scenario, self.months)
        kinds = np.array([school.school_type for school in self.district.schools], dtype=object)
        return np.array(
            [by_school[kinds == kind].sum(axis=0) for kind in self.forecast.school_types]
        )

    @cached_property
    def courses(self) -> list[NeedCourse]:
        """Need against seats of each school type, and of all together at the end."""
        kinds = self.forecast.school_types
        result = [
            need_course(self.forecast, (kind,), self.seats[k], kind) for k, kind in enumerate(kinds)
        ]
        if len(kinds) > 1:
            whole = need_course(self.forecast, kinds, self.seats.sum(axis=0), TOGETHER)
            result.append(each_type_covered(whole, self.forecast, kinds, self.seats))
        return result

    @cached_property
    def falls(self) -> list[Waterfall]:
        """Causes by school type, and of all together at the end."""
        return waterfalls(self.forecast, self.last)

    def answers(self) -> list[tuple[str, str]]:
        """School type and what there is to say about its seats; all together at the end."""
        pairs = [
            (type_name(course.school_type), " ".join(seat_sentences(course)))
            for course in self.courses
            if course.school_type != TOGETHER
        ]
        if len(self.forecast.school_types) > 1:
            pairs.append((type_name(TOGETHER), self._all_types()))
        return pairs

    def change(self) -> str:
        """How the number of VKA pupils changes and what drives it most, in one sentence."""
        fall = self.falls[-1]
        if len(fall.months) == 1:
            return "Der Zeitraum endet mit dem Monat des Stichtags: Es ändert sich noch nichts."
        start, end = round(fall.start), round(fall.end)
        first, last = german.month(fall.months[0]), german.month(fall.months[-1])
        if start == end:
            text = (
                f"Von {first} bis {last} bleibt es im Mittel bei "
                f"{german.plural(start, 'VKA-Schüler', 'VKA-Schülern')}."
            )
        else:
            text = (
                f"Von {first} bis {last} {'steigt' if end > start else 'sinkt'} die Zahl der "
                f"VKA-Schüler im Mittel von {german.number(start)} auf {german.number(end)}."
            )
        amounts = dict(zip(CAUSES, fall.amounts, strict=True))
        came = amounts["registered"]
        left = -amounts["to_phase3_today"] - amounts["to_phase3_new"]
        arrived = self.forecast.expected_flows["arrived"][:, : len(fall.months)].sum()
        direct = float(arrived) - came
        straight = (
            f" (und {german.number(direct)} gleich in eine Regelklasse)" if direct >= 0.5 else ""
        )
        return (
            f"{text} Neu in der VKA: {german.number(came)}{straight}. Wechsel in die Regelklasse: "
            f"{german.number(left)}, davon {german.number(-amounts['to_phase3_today'])} heutige "
            f"Schüler. Wegzüge: {german.number(-amounts['moved_away'])}."
        )

    def hints(self) -> list[str]:
        """What has to be known before the numbers are trusted."""
        hints = [
            "Jedes Kind beginnt sofort: Wartende gibt es in dieser Rechnung nicht. Plätze sind die "
            "der heutigen Klassen; verglichen werden Summen je Schulart im ganzen Landkreis. Ob "
            "der Weg passt und wo eine Klasse öffnen muss, sagt daz-planner planen."
        ]
        if self.district.newcomers:
            count = german.plural(len(self.district.newcomers), "Kind", "Kinder")
            hints.append(
                f"In den Zahlen des Stichtags ist die heutige Liste der Neuzugänge enthalten "
                f"({count})."
            )
        hints.extend(history_hints(self.district, self.scenario))
        guests = sum(school.guests for school in self.district.schools)
        if guests:
            hints.append(f"Gastschüler zählen mit: heute {german.number(guests)}.")
        unknown = [
            kind
            for kind, known in zip(
                self.forecast.school_types, self.forecast.phase3_known, strict=True
            )
            if not known
        ]
        if unknown:
            hints.append(
                f"Phase 3 zählt bei {german.listed(unknown)} nur, wer nach dem Stichtag dorthin "
                "kommt: Die heutigen Schüler in Phase 3 stehen nicht in der Eingabe."
            )
        hints.extend(count_hints(self.district))
        hints.extend(open_cap_notes(self.district, self.scenario, self.months))
        return hints

    def _all_types(self) -> str:
        covered, futures = futures_covered(self.forecast, self.seats)
        if futures == 1:
            enough = "reichen" if covered else "reichen nicht überall"
            return f"In der einen gerechneten Zukunft {enough} die Plätze in jedem Monat."
        return (
            f"{share_of_futures(covered, futures)} reichen die Plätze jeder Schulart in jedem "
            "Monat. Freie Plätze einer Schulart helfen einer anderen nicht."
        )


def type_name(school_type: str) -> str:
    """A school type in words: ``Grundschule (GS)``; all of them together: ``Alle Schularten``."""
    if school_type == TOGETHER:
        return "Alle Schularten"
    name = german.SCHOOL_TYPE_NAMES.get(school_type)
    return f"{name} ({school_type})" if name else school_type
