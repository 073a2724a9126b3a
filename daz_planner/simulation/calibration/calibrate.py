"""Stays, moving away and arrivals of a district, estimated from its own rosters and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner import rules
from daz_planner.district.model import District, Roster
from daz_planner.errors import InputError
from daz_planner.german import day as german_day
from daz_planner.german import listed, number, percent, plural
from daz_planner.german import month as german_month
from daz_planner.simulation.calibration import phases
from daz_planner.simulation.calibration.elapsed import began_phase, elapsed_log_likelihood
from daz_planner.simulation.calibration.history import (
    LevelFound,
    arrivals_by_age,
    level_of_history,
    stays_from_counts,
)
from daz_planner.simulation.calibration.inputs import kinds_of_schools, rosters_by_day
from daz_planner.simulation.calibration.moving import (
    LEAST_MONTHS,
    UNKNOWN,
    enough_steps,
    stays_and_moving,
    usable_steps,
)
from daz_planner.simulation.calibration.observations import LONGEST, Observations, observe
from daz_planner.simulation.calibration.phases import Arrived, Stays
from daz_planner.simulation.calibration.registrations import (
    LEAST_ARRIVALS,
    Registrations,
    estimate_registrations,
)
from daz_planner.simulation.calibration.results import (
    DISTRICT,
    Calibration,
    Method,
    RateEstimate,
    StayEstimate,
)
from daz_planner.simulation.calibration.weights import FloatArray
from daz_planner.simulation.history import USUAL_DRIFT
from daz_planner.simulation.past import joint_history

if TYPE_CHECKING:
    from daz_planner.scenario.model import Scenario

REPEATS = 200
"""Repetitions for the intervals; more change an 80 % interval by a few percent of its width."""
_PLAINLY = 10.0
"""Difference of the log-likelihood that leaves no doubt: a ratio of 20,000."""
_UNLISTED = {
    True: "der Wegzug ist nur aus denen geschätzt, die in Phase 1 verschwinden. Wie unsicher er "
    "ist, steckt im Bereich der Phase 2.",
    False: "im Bereich der Phase 2 steckt, dass "
    f"{number(100 * UNKNOWN[0])} bis {percent(UNKNOWN[-1], 0)} im Monat wegziehen können.",
}
"""Whether there is a number for moving away → what it and phase 2 rest on."""


def calibrate(
    districts: Sequence[District], scenario: Scenario, *, repeats: int = REPEATS
) -> Calibration:
    """Estimate what the rosters of a district tell.

    Parameters
    ----------
    districts:
        The same district as read from one or several inputs; the one of the latest day gives name
        and schools.
    scenario:
        Gives what cannot be estimated, and ``rechnen.saat`` for the intervals.

    Raises
    ------
    InputError
        No input holds a roster.
    """
    return _Calibrator(districts, scenario, repeats).calibrate()


class _Calibrator:
    def __init__(self, districts: Sequence[District], scenario: Scenario, repeats: int) -> None:
        self.scenario = scenario
        self.repeats = repeats
        self.seed = scenario.rechnen.saat
        self.inputs = sorted(districts, key=lambda d: d.reference_date)
        latest = self.inputs[-1]
        months, contradicting = joint_history(self.inputs)
        self.district = replace(latest, history=months)
        self.notes: list[str] = []
        if contradicting:
            self.notes.append(
                f"In {plural(contradicting, 'Monat', 'Monaten')} des Blatts Historie nennen die "
                "Eingaben verschiedene Zahlen. Es gilt die Eingabe mit dem späteren Stichtag."
            )

    def calibrate(self) -> Calibration:
        rosters = rosters_by_day(self.inputs)
        told = self._told(rosters)
        if not rosters and told is None:
            raise InputError(
                "In der Eingabe stehen weder eine Schülerliste noch Anmeldungen der letzten "
                "Monate. Daraus lässt sich nichts schätzen.",
                remedy="Füllen Sie das Blatt Bestand oder das Blatt Historie aus, oder geben Sie "
                "Listen früherer Stichtage dazu an.",
            )
        seen: Observations | None = None
        stays: Stays | None = None
        moving: RateEstimate | None = None
        arrived: Registrations | None = None
        if rosters:
            seen = observe(rosters, kinds_of_schools(self.inputs))
            self._tell_of_rosters(seen)
            stays, moving = self._stays(seen)
            arrived = estimate_registrations(
                seen,
                stays,
                self._hazard(moving),
                self._kinds(seen),
                self.scenario.zuzug.pro_monat,
                self.scenario.zuzug.varianzfaktor,
            )
            self._tell_of_stays(stays)
            self._tell_of_moving(seen, moving)
            self._tell_of_arrivals(arrived, told)
        arrivals = told.rate if told else arrived.level if arrived else None
        in_sheet = self._in_latest_sheet(told)
        return Calibration(
            district=self.district.name,
            days=tuple(roster.reference_date for roster in seen.rosters) if seen else (),
            pupils=seen.pupils if seen else (),
            files=tuple(dict.fromkeys(name for d in self.inputs for name, _ in d.files)),
            basis=self.scenario,
            stays=(*(stays.estimates if stays else ()), *self._from_counts(stays, moving)),
            moving=moving,
            arrivals=arrivals,
            level_in_sheet=in_sheet,
            drift=self._drift(told, in_sheet=in_sheet) if arrivals is not None else None,
            variance=(told.variance if told else None) or (arrived.variance if arrived else None),
            shares=arrived.shares if arrived else (),
            notes=tuple(self.notes),
        )

    # -- the steps ---------------------------------------------------------------------------------

    def _told(self, rosters: Sequence[Roster]) -> LevelFound | None:
        """The level of the sheet Historie, unless it ends long before the newest list."""
        told = level_of_history(self.district, self.scenario)
        day = max([self.district.reference_date, *(roster.reference_date for roster in rosters)])
        now = level_of_history(replace(self.district, reference_date=day), self.scenario)
        if told is not None and now is None:
            self.notes.append(
                f"Das Blatt Historie endet mit {german_month(told.level.last)}, die neueste Liste "
                f"ist vom {german_day(day)}. Sein Niveau des Zuzugs gilt dafür nicht."
            )
        if now is not None and now.wave:
            self.notes.append(now.wave)
        return now

    def _in_latest_sheet(self, told: LevelFound | None) -> bool:
        """Whether a run on the latest input finds the same level in its sheet Historie."""
        latest = level_of_history(self.inputs[-1], self.scenario)
        return told is not None and latest is not None and latest.level == told.level

    def _drift(self, told: LevelFound | None, *, in_sheet: bool) -> float | None:
        """How much the level moves in a month; ``None`` where the scenario underneath says it."""
        if self.scenario.zuzug.niveau_schwankung is not None:
            return None
        if told is None:
            self.notes.append(
                "Wie stark sich das Niveau des Zuzugs verschiebt, sagen Listen nicht. Angenommen "
                f"sind {percent(USUAL_DRIFT, 0)} von Monat zu Monat, so viel wie bei den "
                "Zuweisungen an den Landkreis Meißen 2013 bis 2017. Mit den Anmeldungen im Blatt "
                "Historie lässt es sich schätzen."
            )
            return USUAL_DRIFT
        moved = f"um {percent(told.level.drift, 0)} von Monat zu Monat"
        self.notes.append(
            f"Das Niveau des Zuzugs verschiebt sich {moved}. Das Szenario nimmt es bei jeder "
            "Rechnung neu aus dem Blatt Historie, zusammen mit seiner Unsicherheit."
            if in_sheet
            else f"Das Niveau des Zuzugs verschiebt sich {moved}. Die Anmeldungen des letzten "
            "Jahres stehen nicht alle in der neuesten Eingabe, deshalb steht im Szenario eine Zahl."
        )
        return told.level.drift

    def _kinds(self, seen: Observations) -> tuple[str, ...]:
        met = {*seen.kinds, *self.district.school_types}
        return tuple(kind for kind in rules.SCHOOL_TYPES if kind in met)

    def _hazard(self, moving: RateEstimate | None) -> float:
        return moving.value.value if moving else self.scenario.abgang.wegzug_pro_monat

    def _stays(self, seen: Observations) -> tuple[Stays, RateEstimate | None]:
        stays, moving = stays_and_moving(
            seen, self.scenario, self._arrived(seen), repeats=self.repeats, seed=self.seed
        )
        if moving is None:
            return stays, None
        days = listed(german_day(roster.reference_date) for roster in seen.rosters)
        return stays, replace(moving.rate, source=f"Listen vom {days}")

    def _arrived(self, seen: Observations) -> Arrived:
        """Arrivals of the past by type, from the sheet Historie if they fit the months so far."""
        even = np.ones(2 * LONGEST)
        by_kind: dict[str, FloatArray] = {}
        day = seen.rosters[-1].reference_date
        dated = replace(self.district, reference_date=day)
        for kind in self._kinds(seen):
            found = arrivals_by_age(dated, self.scenario, kind)
            if found is not None:
                by_kind[kind] = found
        if not by_kind:
            return lambda kind: even
        whole = sum(by_kind[k][: min(map(len, by_kind.values()))] for k in by_kind) / len(by_kind)
        if not seen.elapsed or self._fits(seen, np.asarray(whole)):
            return lambda kind: by_kind.get(kind, np.asarray(whole))
        self.notes.append(
            "Die Eintrittstage der Liste passen besser zu gleichmäßigem Zuzug als zum Blatt "
            "Historie. Deshalb ist für die Dauer gleichmäßiger Zuzug angenommen."
        )
        return lambda kind: even

    def _fits(self, seen: Observations, whole: FloatArray) -> bool:
        """Whether the known arrivals do not plainly contradict the months so far.

        Even arrivals with some other stay always come close, so they must be far more likely
        (both have the same number of parameters) before the sheet is set aside.
        """
        hazard = self.scenario.abgang.wegzug_pro_monat
        first = phases.stay_of(self.scenario, rules.SCHOOL_TYPES[0], 1)
        known = even = 0.0
        for phase in (1, 2):
            counts = np.zeros(LONGEST)
            for _, where, spent in seen.elapsed:
                counts[spent] += where == phase
            for name, past in (("known", whole), ("even", np.ones_like(whole))):
                arrived = began_phase(phase, past, first, hazard)
                value = elapsed_log_likelihood(counts, arrived / arrived.sum())
                known += value if name == "known" else 0.0
                even += value if name == "even" else 0.0
        return known >= even - _PLAINLY

    def _from_counts(
        self, stays: Stays | None, moving: RateEstimate | None
    ) -> tuple[StayEstimate, ...]:
        """Stays that the rosters do not tell, from the counts of the sheet Historie."""
        open_phases = tuple(p for p in (1, 2) if stays is None or stays.methods[p - 1] is None)
        found = stays_from_counts(
            self.district, self.scenario, open_phases, self._hazard(moving), self.seed
        )
        self.notes.extend(found.notes)
        told = {estimate.phase for estimate in found.stays}
        for phase in open_phases:
            if phase not in told and stays is None:
                self.notes.append(
                    f"Dauer der Phase {phase}: Die Zahlen des Blatts Historie reichen dafür nicht. "
                    "Es bleibt beim Wert des Szenarios."
                )
        return found.stays

    # -- what is told ------------------------------------------------------------------------------

    def _tell_of_rosters(self, seen: Observations) -> None:
        for first in seen.other_ids:
            self.notes.append(
                f"Die Liste vom {german_day(first)} wurde nicht benutzt: Kaum eine Kennung kommt "
                "in der nächsten Liste wieder vor. Für den Vergleich muss ein Schüler in allen "
                "Listen dieselbe Kennung haben."
            )
        for school, day in seen.lists_missing:
            self.notes.append(
                f"In der Liste vom {german_day(day)} steht kein Schüler der Schule „{school}“. "
                "Wer dort war, gilt nicht als weggegangen."
            )
        if seen.unusable:
            self.notes.append(
                f"{plural(seen.unusable, 'Schüler', 'Schüler')} nicht benutzt: Die Tage der Phasen "
                f"widersprechen sich oder liegen mehr als {LONGEST} Monate zurück."
            )
        if seen.without_dates:
            self.notes.append(
                f"{plural(seen.without_dates, 'Schüler', 'Schüler')} ohne Tage („Eintritt“, "
                "„Phase seit“): Bei ihnen zählt nur, in welcher Phase sie an den Stichtagen waren."
            )
        if seen.spells and not seen.spells[0].whole_vka:
            self.notes.append(
                "Bei mehr als einem Zehntel der Schüler fehlt der Eintritt. Deshalb zählt für die "
                "Dauer der Phase 1 nur, wer an einem Stichtag noch in Phase 1 war."
            )

    def _tell_of_stays(self, stays: Stays) -> None:
        for phase, (method, cases) in enumerate(
            zip(stays.methods, stays.cases, strict=True), start=1
        ):
            if method is None:
                self.notes.append(
                    f"Dauer der Phase {phase}: zu wenig Fälle ({cases} mit Tagen). Nötig sind "
                    f"{phases.LEAST_ENDS} beobachtete Wechsel oder {phases.LEAST_ELAPSED} Schüler "
                    "mit „Phase seit“; darunter ist der Bereich so breit wie die Annahmen, die "
                    "ohne Daten möglich sind. Es bleibt beim Wert des Szenarios."
                )
        self._tell_of_few(stays)
        if Method.ELAPSED in stays.methods:
            told = listed(f"Phase {p}" for p in (1, 2) if stays.methods[p - 1] is Method.ELAPSED)
            self.notes.append(
                f"{told}: Aus einem einzigen Stichtag folgt die Dauer nur mit einer angenommenen "
                "Form und dem Zuzug der letzten Monate. Mit der Liste eines zweiten Stichtags "
                "wird sie sicherer."
            )
        if stays.beyond > 0.1:
            self.notes.append(
                f"Phase 2: {percent(stays.beyond, 0)} der Kurve liegen jenseits der längsten "
                "Dauer, deren Ende zu sehen war. Dort ist die Kurve nur glatt fortgesetzt."
            )
        self._tell_of_cap(stays)

    def _tell_of_few(self, stays: Stays) -> None:
        for phase in (1, 2):
            if stays.methods[phase - 1] is None:
                continue
            told = {e.kind for e in stays.estimates if e.phase == phase}
            few = [kind for kind in self.district.school_types if kind not in told]
            if few:
                self.notes.append(
                    f"Phase {phase}, {listed(few)}: weniger als {phases.LEAST_OF_TYPE} Fälle, "
                    "deshalb keine eigene Zahl. Es bleibt beim Wert des Szenarios."
                )

    def _tell_of_cap(self, stays: Stays) -> None:
        cap = rules.stay_cap(self.district.reference_date)
        for phase, longest in ((1, cap.phase1), (2, cap.phase2)):
            if longest is None or stays.methods[phase - 1] is None:
                continue
            over = float(stays.curves[DISTRICT][phase - 1][0, longest:].sum())
            if over > 0.05:
                self.notes.append(
                    f"Phase {phase}: {percent(over, 0)} bleiben länger als die {longest} Monate "
                    "der Regel. Die Rechnung kürzt sie darauf. Soll die Schätzung gelten, setzen "
                    'Sie im Szenario hoechstdauer = "keine".'
                )

    def _tell_of_moving(self, seen: Observations, moving: RateEstimate | None) -> None:
        if len(seen.rosters) < 2:
            self.notes.append(
                "Wegzug: Aus einem Stichtag nicht zu erkennen. Es bleibt beim Wert des Szenarios."
            )
            return
        if moving is None and enough_steps(seen.steps):
            self.notes.append(
                "Wegzug: Zwischen den Listen liegt so viel Zeit, dass die meisten, die fehlen, "
                "auch fertig sein können. Es bleibt beim Wert des Szenarios."
            )
        elif moving is None:
            months = sum(step.gap for step in usable_steps(seen.steps))
            self.notes.append(
                f"Wegzug: zu wenig Beobachtung ({number(months)} Schülermonate, nötig sind "
                f"{number(LEAST_MONTHS)}). Es bleibt beim Wert des Szenarios."
            )
        unlisted = {s.kind for s in seen.steps if s.after == 0 and not s.phase3_listed}
        if unlisted:
            kinds = listed(kind for kind in rules.SCHOOL_TYPES if kind in unlisted)
            self.notes.append(
                f"{kinds}: Phase 3 steht nicht in den Listen. Wer aus Phase 2 verschwindet, ist "
                f"fertig oder weggezogen; {_UNLISTED[moving is not None]} Nehmen Sie Phase 3 in "
                "die Listen auf, dann lässt sich Wegzug von Übergang trennen."
            )

    def _tell_of_arrivals(self, arrived: Registrations, told: LevelFound | None) -> None:
        if arrived.level is None:
            self.notes.append(
                f"Zuzug aus den Listen: zu wenig neue Schüler mit bekanntem Eintritt "
                f"({arrived.seen}, nötig sind {LEAST_ARRIVALS})."
            )
            return
        per_month = number(arrived.seen / arrived.months, 1)
        text = (
            f"Zuzug aus den Listen: mindestens {per_month} im Monat ({arrived.seen} neue Schüler); "
            "wer kam und vor dem Stichtag wieder ging, steht in keiner Liste und ist ergänzt: "
            f"{number(arrived.level.value.value, 1)}."
        )
        if told is not None:
            text += " Es gilt die Zahl aus dem Blatt Historie, denn dort ist jeder gezählt."
        self.notes.append(text)
        if arrived.added_later:
            self.notes.append(
                f"{plural(arrived.added_later, 'Schüler', 'Schüler')} mit einem Eintritt vor dem "
                "früheren Stichtag, die dort fehlen, zählen nicht als neu."
            )
