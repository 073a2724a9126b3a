"""What is held possible before the counts are looked at: a range for each parameter.

The ranges follow the published limits and the assumptions of the scenario.  Whoever knows more
about an office narrows them; a range of one number fixes a parameter.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from daz_planner.errors import InputError
from daz_planner.german import number, percent

if TYPE_CHECKING:
    from daz_planner.simulation.calibration.counts_data import CountData

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Range:
    """All values from ``low`` to ``high`` are equally likely (or, ``log``: all magnitudes)."""

    low: float
    high: float
    source: str = ""
    """Where the range comes from, German."""
    log: bool = False

    def __post_init__(self) -> None:
        if not 0.0 <= self.low <= self.high < float("inf") or (self.log and self.low <= 0.0):
            raise InputError(
                f"Der Bereich {self.low:g} bis {self.high:g} ist nicht möglich.".replace(
                    ".", ",", 2
                ),
                remedy="Nennen Sie zuerst den kleineren, dann den größeren Wert.",
            )

    @property
    def fixed(self) -> bool:
        """Whether the range is one number."""
        return self.low == self.high

    def value(self, share: FloatArray) -> FloatArray:
        """The values below which the given shares (0 … 1) of the range lie."""
        if self.log:
            return np.asarray(self.low * (self.high / self.low) ** share, dtype=np.float64)
        return self.low + (self.high - self.low) * share


@dataclass(frozen=True)
class Quantity:
    """German name of a parameter, its unit and how it is written."""

    label: str
    unit: str
    digits: int = 1
    as_percent: bool = False

    def text(self, value: float, *, with_unit: bool = False) -> str:
        """The value as a reader expects it."""
        if self.as_percent:
            return percent(value, self.digits)
        written = number(value, self.digits)
        return f"{written} {self.unit}" if with_unit and self.unit else written


QUANTITIES: dict[str, Quantity] = {
    "share": Quantity("Anteil, der sich zur Schule anmeldet", "", as_percent=True),
    "lag": Quantity("Verzug bis zur Anmeldung", "Monate"),
    "lag_spread": Quantity("Streuung des Verzugs", "Monate"),
    "base": Quantity("Sockel an Anmeldungen", "je Monat", 0),
    "before": Quantity("Zuzug vor dem ersten Monat", "mal Annahme", 2),
    "stay_mean": Quantity("mittlere Dauer der Phasen 1 und 2", "Monate"),
    "stay_spread": Quantity("Streuung der Dauer der Phasen 1 und 2", "Monate"),
    "phase1_mean": Quantity("mittlere Dauer der Phase 1", "Monate"),
    "phase1_spread": Quantity("Streuung der Dauer der Phase 1", "Monate"),
    "phase2_mean": Quantity("mittlere Dauer der Phase 2", "Monate"),
    "phase2_spread": Quantity("Streuung der Dauer der Phase 2", "Monate"),
    "phase3_mean": Quantity("mittlere Dauer der Phase 3", "Monate"),
    "phase3_spread": Quantity("Streuung der Dauer der Phase 3", "Monate"),
    "moving_away": Quantity("Wegzug im Monat", "", 2, as_percent=True),
    "model_error": Quantity("Fehler einer Zählung", "", as_percent=True),
    "drift": Quantity("Abweichung der Rechnung nach einem Monat", "", as_percent=True),
    "share_drift": Quantity("Änderung des Anteils in einem Monat", "", as_percent=True),
    "base_drift": Quantity("Änderung des Sockels in einem Monat", "", as_percent=True),
}
"""Parameters in the order of all tables."""

_STAYS = "Annahme; veröffentlicht sind wenige Wochen bis 12 Monate (Phase 1), 6 bis 30 (Phase 2)"
_ERROR = "Annahme"


SHARE_DRIFT = Range(
    0.005,
    0.04,
    "2 bis 14 % im Jahr; Minderjährige unter den Asylbewerbern 2013 bis 2015: 35, 32, 31 %",
)
BASE_DRIFT = Range(
    0.06,
    0.10,
    "21 bis 35 % im Jahr; Visa zum Familiennachzug 2002, 2012, 2015: 85.000, 41.000, 73.000",
)
"""Steps of a month are 1/√12 of those of a year.  First asylum applications of minors: Bundestag
Drs. 18/7621 and the totals of the Bundesamt; visas for families: Bundesinstitut für
Bevölkerungsforschung (Migrationsbericht).  ln(73/41)/√3 = 0.33 and ln(85/41)/√10 = 0.23 a year.
Both were published before the counts that the handbook compares with."""


@dataclass(frozen=True)
class Priors:
    """A range for each parameter, and what is taken as known.

    ``share`` of the arrivals registers ``lag`` months later (spread ``lag_spread``), and ``base``
    registrations a month come besides. ``before`` is a factor on the arrivals before the series.
    Phases 1 and 2 are described together by ``stay_mean`` and ``stay_spread``, or one by one where
    the counts tell them apart. ``model_error`` is the relative error of each count by itself;
    ``drift`` is the relative deviation of the model after one month, which grows with the root
    of the months. ``share_drift`` and ``base_drift`` are relative changes of share and base from
    month to month, from the first count on: who comes changes, besides how many.
    """

    share: Range = Range(1.0, 1.0, "Anmeldungen zählen ganz")
    lag: Range = Range(0.0, 0.0, "Anmeldungen zählen sofort")
    lag_spread: Range = Range(1.0, 1.0, _ERROR)
    base: Range = Range(0.0, 0.0, "in den Anmeldungen enthalten")
    before: Range = Range(0.5, 2.0, "Annahme: halb bis doppelt so viel", log=True)
    stay_mean: Range = Range(7.0, 24.0, _STAYS)
    stay_spread: Range = Range(2.5, 9.0, _ERROR)
    phase1_mean: Range = Range(1.0, 10.0, _STAYS)
    phase1_spread: Range = Range(0.5, 4.0, _ERROR)
    phase2_mean: Range = Range(5.0, 20.0, _STAYS)
    phase2_spread: Range = Range(2.0, 8.0, _ERROR)
    phase3_mean: Range = Range(12.0, 48.0, "Annahme: halb bis doppelt so lang wie 24 Monate")
    phase3_spread: Range = Range(6.0, 24.0, _ERROR)
    moving_away: Range = Range(0.005, 0.02, "Annahme; Ukraine 2022: 10 % in 7 Monaten")
    model_error: Range = Range(0.0, 0.05, _ERROR)
    drift: Range = Range(0.0, 0.05, "Annahme: bis 17 % nach einem Jahr")
    share_drift: Range = Range(0.0, 0.0, "Anmeldungen zählen ganz")
    base_drift: Range = Range(0.0, 0.0, "in den Anmeldungen enthalten")
    variance_factor: float = 3.0
    """Variance of the registrations of a month divided by their mean, where they were not counted
    (1 is Poisson)."""
    longest: int | None = None
    """Months after which phases 1 and 2 together end by rule; where they are counted together."""
    longest_phase: int | None = None
    """Months after which phase 1, and phase 2, ends by rule; where they are counted apart."""

    def __post_init__(self) -> None:
        for name in ("stay_mean", "phase1_mean", "phase2_mean", "phase3_mean"):
            if self.range(name).low < 1.0:
                raise InputError(
                    f"Die {QUANTITIES[name].label} kann nicht unter einem Monat liegen.",
                    remedy="Beginnen Sie den Bereich bei 1.",
                )
        for name in QUANTITIES:
            if name.endswith("spread") and self.range(name).low <= 0.0:
                raise InputError(
                    f"{QUANTITIES[name].label} muss größer als 0 sein.",
                    remedy="Beginnen Sie den Bereich über 0.",
                )

    def range(self, name: str) -> Range:
        """The range of a parameter of :data:`QUANTITIES`."""
        value = getattr(self, name)
        assert isinstance(value, Range)
        return value

    def names(self, data: CountData) -> tuple[str, ...]:
        """Parameters that play a part for the data, fixed ones too, in the order of tables."""
        out = set()
        if data.by_phase:
            out |= {"stay_mean", "stay_spread"}
        else:
            out |= {"phase1_mean", "phase1_spread", "phase2_mean", "phase2_spread"}
        if not data.with_phase3:
            out |= {"phase3_mean", "phase3_spread"}
        if not data.arrivals:
            out |= {"share", "share_drift", "lag", "lag_spread", "before"}
        return tuple(name for name in QUANTITIES if name not in out)


def default_priors(data: CountData, *, size: float = 1.0) -> Priors:
    """Ranges for counts of a district.

    Parameters
    ----------
    size:
        Size of the area as a multiple of Landkreis Meißen; scales the base of registrations.
    """
    if not data.arrivals:
        # Little's law with stays of 7 to 24 months, and room for a level that moved.
        pupils = max(1.0, max(seen.pupils for seen in data.observations))
        return Priors(base=Range(pupils / 48.0, pupils / 4.0, "aus dem Bestand", log=True))
    if not data.persons:
        return Priors()
    return Priors(
        share=Range(0.15, 0.30, "Annahme um 22 % der Zugewiesenen"),
        lag=Range(2.0, 4.0, "Annahme: zwei bis vier Monate nach der Zuweisung"),
        base=Range(5.0 * size, 15.0 * size, "Annahme um 10 im Monat"),
        share_drift=SHARE_DRIFT,
        base_drift=BASE_DRIFT,
    )


assert set(QUANTITIES) <= {field.name for field in fields(Priors)}
