"""Lines of the sheet Prüfung by sheet: Übersicht, Lehrerstunden, Prognose and the further ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from daz_planner.results.hours_limits import LEFT, NEED, THERE
from daz_planner.results.sheets.check_formulas import (
    Check,
    Places,
    block,
    deviation,
    months_of,
    sum_if,
)
from daz_planner.results.sheets.frame import Placed

_ALL, _TOGETHER = "alle", "zusammen"
_NOISE = "0.000001"
_ROWS = "Zeile für Zeile (Summe der Abweichungen)"
_USE_BANDS = ("belegt P10", "belegt P50", "belegt P90")


def overview_checks(places: Places, kinds: Sequence[str]) -> Iterator[Check]:
    """Each number of the first page, again from the sheet that it comes from."""
    overview, load, flows = places.overview, places.load, places.flows
    if overview.is_empty or load.is_empty:
        return
    months = load.cells("Monat")
    for kind in kinds:
        types = f'{load.cells("Schulart")},"{kind}"'
        sources = {
            "VKA-Schüler heute": sum_if(places.start, "VKA-Schüler Tabelle", "Schulart", kind),
            "Klassen heute": sum_if(places.classes, "Klassen heute", "Schulart", kind),
            "Plätze heute": f"SUMIFS({load.cells('Plätze')},{types},{months},MIN({months}))",
            "Plätze am Ende": f"SUMIFS({load.cells('Plätze')},{types},{months},MAX({months}))",
            "neu verteilte Schüler": block(flows, kind),
        }
        for name, source in sources.items():
            mine = sum_if(overview, name, "Schulart", kind)
            yield Check(f"Übersicht: {name}", kind, mine, source)
        if not places.needs.is_empty:
            rows = f'({places.needs.cells("Schulart")}="{kind}")'
            peak = f"SUMPRODUCT(MAX({rows}*{places.needs.cells('Erwartung')}))"
            mine = sum_if(overview, "erwartet höchstens", "Schulart", kind)
            yield Check("Übersicht: erwartet höchstens = Plätze, höchster Monat", kind, mine, peak)
        yield from _ways(places, kind)
    for name in (
        *("VKA-Schüler heute", "Klassen heute", "neue Klassen", "Plätze heute"),
        *("Plätze am Ende", "neu verteilte Schüler"),
    ):
        parts = "+".join(sum_if(overview, name, "Schulart", kind) for kind in kinds)
        whole = sum_if(overview, name, "Schulart", _TOGETHER)
        yield Check(f"Übersicht: {name}, zusammen = Summe der Schularten", _ALL, whole, parts)


def _ways(places: Places, kind: str) -> Iterator[Check]:
    """Mean way and share above the guide value, as sums over the ways of Verteilung."""
    overview, flows = places.overview, places.flows
    if flows.is_empty:
        return
    rows = f'({flows.cells("Schulart")}="{kind}")*{flows.cells("Summe")}'
    minutes = flows.cells("Minuten")
    placed = sum_if(overview, "neu verteilte Schüler", "Schulart", kind)
    yield Check(
        "Übersicht: Weg im Mittel × Schüler = Minuten × Schüler (Verteilung)",
        kind,
        f"{sum_if(overview, 'Weg im Mittel (Min.)', 'Schulart', kind)}*{placed}",
        f"SUMPRODUCT({rows}*{minutes})",
    )
    limit = sum_if(places.assumptions, "Wert", "Parameter", f"wege.richtwert.{kind}")
    yield Check(
        "Übersicht: Anteil über Richtwert × Schüler = Schüler über Richtwert (Verteilung)",
        kind,
        f"{sum_if(overview, 'Weg über Richtwert', 'Schulart', kind)}*{placed}",
        f"SUMPRODUCT(({minutes}>{limit}+{_NOISE})*{rows})",
    )


def hours_checks(places: Places, kinds: Sequence[str]) -> Iterator[Check]:
    """All school types together, and need against the hours that are there."""
    sums, limits = places.hour_sums, places.hour_limits
    if not sums.is_empty:
        parts = "+".join(block(sums, kind) for kind in kinds)
        text = "Lehrerstunden: Summe = Summen der Schularten"
        yield Check(text, _ALL, block(sums, _TOGETHER), parts)
    if limits.is_empty:
        return
    names, what = limits.cells("Bereich"), limits.cells("Stunden")
    hours = limits.cells(*months_of(limits))
    for kind in kinds:
        # A school type has its row here only where its hours are known.
        rows = f'({names}="Schulart {kind}")*({what}="{NEED}")'
        there = f'(COUNTIFS({names},"Schulart {kind}",{what},"{NEED}")>0)'
        yield Check(
            "Lehrerstunden: Bedarf der Schulart = Summe der Schulen",
            kind,
            f"SUMPRODUCT({rows}*{hours})",
            f"{there}*{block(places.hour_sums, kind)}",
        )
    known = f'(COUNTIFS({names},{names},{what},"{LEFT}")>0)'
    yield Check(
        "Lehrerstunden: frei = vorhanden − Bedarf, wo Stunden angegeben sind",
        _ALL,
        f'SUMPRODUCT(({what}="{LEFT}")*{hours})',
        f'SUMPRODUCT(({what}="{THERE}")*{hours})-SUMPRODUCT(({what}="{NEED}")*{known}*{hours})',
    )


def forecast_checks(places: Places, kinds: Sequence[str]) -> Iterator[Check]:
    """Phases against their sum, bands in their order, seats of the plan."""
    forecast, needs, load = places.forecast, places.needs, places.load
    if not forecast.is_empty:
        for kind in kinds:
            first, second, both = (
                sum_if(forecast, name, "Schulart", kind) for name in ("Phase 1", "Phase 2", "VKA")
            )
            parts = f"{first}+{second}"
            yield Check("Prognose: VKA = Phase 1 + Phase 2", kind, both, parts)
        for phase in ("Phase 1", "Phase 2", "Phase 3", "VKA"):
            names = [f"{phase} {band}" for band in ("P10", "P50", "P90")]
            yield _ordered(f"Prognose, {phase}", forecast, names)
    if not needs.is_empty and not load.is_empty:
        seats = (
            f"SUMIFS({load.cells('Plätze')},{load.cells('Schulart')},{needs.cells('Schulart')},"
            f"{load.cells('Monat')},{needs.cells('Monat')})"
        )
        text = f"Plätze: Plätze = Summe der Schulen (Belegung), {_ROWS}"
        yield Check(text, _ALL, deviation(needs.cells("Plätze"), seats), "0")
        free = f"{needs.cells('Plätze')}-{needs.cells('P90')}"
        text = f"Plätze: frei bei P90 = Plätze − P90, {_ROWS}"
        yield Check(text, _ALL, deviation(needs.cells("frei bei P90"), free), "0")
    if _USE_BANDS[0] in load.columns and not load.is_empty:
        yield _ordered("Belegung", load, _USE_BANDS)


def _ordered(sheet: str, placed: Placed, names: Sequence[str]) -> Check:
    low, middle, high = (placed.cells(name) for name in names)
    wrong = f"SUMPRODUCT(({low}>{middle})+({middle}>{high}))"
    return Check(f"{sheet}: P10 ≤ P50 ≤ P90 (Zeilen, in denen das nicht gilt)", _ALL, wrong, "0")


def regular_checks(places: Places) -> Iterator[Check]:
    """Seats of regular classes; those above the cap are counted by grade, so at least the rest."""
    regular = places.regular
    if regular.is_empty:
        return
    free = regular.cells("frei")
    taken = f"{regular.cells('Schüler im Blatt')}-{regular.cells('Inklusionszuschlag')}"
    text = f"Regelklassen: frei = Plätze − Schüler − Inklusionszuschlag, {_ROWS}"
    yield Check(text, _ALL, deviation(free, f"{regular.cells('Plätze')}-{taken}"), "0")
    above, new = regular.cells("über der Grenze"), regular.cells("neu in Regelklassen")
    yield Check(
        "Regelklassen: über der Grenze mindestens neu − frei (Zeilen, in denen das nicht gilt)",
        _ALL,
        f"SUMPRODUCT(--({above}+{_NOISE}<{new}-{free}))",
        "0",
    )
    today = regular.cells("davon heute schon")
    text = "Regelklassen: „davon heute schon“ höchstens „über der Grenze“ (Zeilen, sonst)"
    yield Check(text, _ALL, f"SUMPRODUCT(--({today}>{above}+{_NOISE}))", "0")


def futures_checks(places: Places) -> Iterator[Check]:
    """The policies by school type against all together, and each new class of the plan once."""
    policies, needed = places.policies, places.needed
    if not policies.is_empty:
        types, who = policies.cells("Schulart"), policies.cells("Vorgehen")
        whole = f'({types}="{_TOGETHER}")'
        for name in ("Kinder, die einen Platz suchen", "Wartemonate", "neue Klassen"):
            numbers = policies.cells(name)
            parts = f'SUMIFS({numbers},{who},{who},{types},"<>{_TOGETHER}")'
            yield Check(
                f"Zukünfte: {name}, zusammen = Summe der Schularten (Summe der Abweichungen)",
                _ALL,
                f"SUMPRODUCT({whole}*ABS({numbers}-{parts}))",
                "0",
            )
    if not needed.is_empty and not places.classes.is_empty:
        count = f"SUM({places.classes.cells('neue Klassen')})"
        text = "Zukünfte: Zeilen der neuen Klassen = neue Klassen (Klassenbildung)"
        yield Check(text, _ALL, f"ROWS({needed.cells('Schule')})", count)


def front_checks(places: Places, kinds: Sequence[str]) -> Iterator[Check]:
    """Ways of each point of the front, and the plan itself as on the first page."""
    for number, front in enumerate(places.fronts):
        if front.is_empty:
            continue
        minutes = f"2*{front.cells('Minuten zusammen')}"
        day = f"{front.cells('Weg am Tag')}*{front.cells('Kinder')}"
        text = f"Abwägung, Tabelle {number + 1}: Weg am Tag × Kinder = 2 × Minuten, {_ROWS}"
        yield Check(text, _ALL, deviation(day, minutes), "0")
    for kind in kinds if places.fronts and not places.fronts[0].is_empty else ():
        front = places.fronts[0]
        rows = f'COUNTIFS({front.cells("Schulart")},"{kind}",{front.cells("Zeile")},"Plan")'
        yield Check(
            "Abwägung: neue Klassen des Plans = Übersicht",
            kind,
            sum_if(front, "neue Klassen", "Schulart", kind, "Zeile", "Plan"),
            f"({rows}>0)*{sum_if(places.overview, 'neue Klassen', 'Schulart', kind)}",
        )


def site_checks(places: Places) -> Iterator[Check]:
    """Both plans of the candidate sites: all together against the school types."""
    sites = places.sites
    if sites.is_empty:
        return
    types, plans = sites.cells("Schulart"), sites.cells("Plan")
    for name in ("neue Klassen", "Wartemonate", "neu verteilte Schüler", "Minuten zusammen"):
        numbers = sites.cells(name)
        parts = f'SUMIFS({numbers},{plans},{plans},{types},"<>{_TOGETHER}")'
        yield Check(
            f"Standorte: {name}, zusammen = Summe der Schularten (Summe der Abweichungen)",
            _ALL,
            f'SUMPRODUCT(({types}="{_TOGETHER}")*ABS({numbers}-{parts}))',
            "0",
        )
