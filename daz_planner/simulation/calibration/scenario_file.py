"""The estimates as a scenario file: TOML with German comments that name the data."""

from __future__ import annotations

import os
import re
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from daz_planner.errors import OutputError
from daz_planner.german import day as german_day
from daz_planner.german import listed, percent, plain, plural
from daz_planner.rules import SCHOOL_TYPES
from daz_planner.scenario import load_scenario, scenario_from_dict
from daz_planner.scenario.model import Scenario
from daz_planner.simulation.calibration.results import (
    METHOD_TEXTS,
    Calibration,
    RateEstimate,
    StayEstimate,
    Value,
)

_Text = Callable[[float], str]
_WIDTH = 100
_NUMBERS_IN_LINE = 10


def check_scenario_file(target: Path, basis: str, *, overwrite: bool = False) -> None:
    """Refuse a target that must not be written, before the work begins.

    Raises
    ------
    OutputError
        The ending or the name does not fit, it exists and must not be overwritten, or it is the
        scenario that the new one builds on.
    """
    if target.suffix.casefold() != ".toml":
        raise OutputError(
            f"„{target}“ endet nicht auf .toml.",
            remedy=f"Schreiben Sie „{target.with_suffix('.toml') if target.name else 'a.toml'}“.",
        )
    if target.is_dir():
        raise OutputError(
            f"„{target}“ ist ein Ordner.", remedy="Nennen Sie eine Datei, z. B. eigenes.toml."
        )
    if _is_file(basis) and os.path.realpath(basis) == os.path.realpath(target):
        raise OutputError(
            f"Auf „{target}“ baut das neue Szenario auf.",
            remedy="Nennen Sie mit -o eine andere Datei.",
        )
    if os.path.lexists(target) and not overwrite:
        raise OutputError(
            f"Die Datei „{target}“ gibt es schon.",
            remedy="Wählen Sie einen anderen Namen oder --ueberschreiben.",
        )
    scenario_from_dict({"name": scenario_name(target)}, str(target))


def scenario_name(target: Path) -> str:
    """The name that the scenario gets from its file."""
    return re.sub(r"[^0-9A-Za-zÄÖÜäöüß _.-]", "-", target.stem).strip(" .-_")


def write_scenario(
    found: Calibration, target: Path, basis: str, *, today: date, overwrite: bool = False
) -> Scenario:
    """Write the scenario whole or not at all, and return it as :func:`load_scenario` reads it.

    Parameters
    ----------
    basis:
        Shipped name or file of the scenario that gives all other values.
    today:
        The day that the file names.

    Raises
    ------
    OutputError
        See :func:`check_scenario_file`; or the file cannot be written.
    """
    from daz_planner.district.workbook_file import write_whole

    check_scenario_file(target, basis, overwrite=overwrite)
    text = scenario_text(found, scenario_name(target), _reference(basis, target), today)
    # Checked before anything is written: nobody is left with a file that cannot be read.
    scenario_from_dict({**tomllib.loads(text), "basis": basis}, str(target))
    write_whole(text.encode("utf-8"), target, overwrite=overwrite)
    return load_scenario(target)


def scenario_text(found: Calibration, name: str, basis: str, today: date) -> str:
    """The text of the file; only what was estimated stands in it."""
    lines = [
        f"# Szenario „{name}“: aus eigenen Daten geschätzt ({found.district}).",
        "#",
        *_comment(f"Dateien: {'; '.join(found.files) or 'ohne Namen'}"),
    ]
    for day, pupils in zip(found.days, found.pupils, strict=True):
        lines.append(f"# Liste vom {german_day(day)}: {pupils} Schüler in Phase 1 und 2")
    lines += [
        f"# Geschätzt am {german_day(today)} mit „daz-planner kalibrieren“.",
        "#",
        *_comment(
            "Nach jedem Wert steht in Klammern der Bereich, in dem er mit 80 % "
            f"Wahrscheinlichkeit liegt. Was hier fehlt, gilt wie im Szenario "
            f"„{found.basis.name}“."
        ),
        *(line for note in found.notes for line in _comment(f"- {note}")),
        "",
        f"name = {_quoted(name)}",
        f"beschreibung = {_quoted(_description(found))}",
        f"basis = {_quoted(basis)}",
    ]
    lines += _arrivals(found)
    if found.moving is not None:
        lines += ["", "[abgang]", *_rate("Wegzug je Monat", found.moving, _as_percent)]
        lines.append(f"wegzug_pro_monat = {_number(found.moving.value.value)}")
    for kind in SCHOOL_TYPES:
        for stay in (s for s in found.stays if s.kind == kind):
            lines += _stay(stay)
    sources = dict(_sources(found))
    if sources:
        lines += ["", "[quellen]"]
        lines += [f"{_quoted(key)} = {_quoted(text)}" for key, text in sources.items()]
    return "\n".join(lines) + "\n"


def _description(found: Calibration) -> str:
    if not found.days:
        return f"Aus den Zahlen des Blatts Historie geschätzt: {found.district}."
    return f"Aus den Listen vom {listed(map(german_day, found.days))} geschätzt: {found.district}."


def _arrivals(found: Calibration) -> Iterator[str]:
    if found.arrivals is None and found.variance is None and not found.shares:
        return
    yield from ("", "[zuzug]")
    if found.arrivals is not None:
        yield from _rate("Anmeldungen je Monat", found.arrivals, _as_number)
        yield from _level(found, found.arrivals)
    if found.variance is not None:
        yield from _rate("Streuung eines Monats", found.variance, _as_number)
        yield f"varianzfaktor = {_number(found.variance.value.value)}"
    if found.shares:
        cases = sum(count for _, _, count in found.shares)
        yield from ("", "[zuzug.schularten]")
        yield f"# Anteile an {plural(cases, 'neuen Schüler', 'neuen Schülern')}"
        for kind, share, count in found.shares:
            text = f"{_interval(share, _as_percent)}, {plural(count, 'Fall', 'Fälle')}"
            yield f"{kind} = {_number(share.value)}  # {text}"


def _level(found: Calibration, arrivals: RateEstimate) -> Iterator[str]:
    """The level as the sheet Historie gives it anew in each run, or as a number; how it moves."""
    if found.level_in_sheet:
        moves = fixed = ""
        if found.drift is not None:
            moves = f" (um {_as_percent(found.drift)} je Monat)"
            fixed = f" und niveau_schwankung = {_number(found.drift)}"
        yield from _comment(
            "Jede Rechnung nimmt diese Zahl aus dem Blatt Historie der Eingabe, mit ihrer "
            f"Unsicherheit: Zwölf Monate sind wenig, und das Niveau verschiebt sich{moves}. Wer "
            f"eine feste Zahl will: pro_monat = {_number(arrivals.value.value)}{fixed}"
        )
        yield 'aus = "Historie"'
        return
    yield f"pro_monat = {_number(arrivals.value.value)}"
    if found.drift is not None:
        yield from _comment(
            "Um diesen Anteil verschiebt sich das Niveau von Monat zu Monat: Die Mitte der "
            "Prognose bleibt, die Spanne wächst mit dem Abstand. Dass die Zahl selbst nur in dem "
            "Bereich oben bekannt ist, steckt nicht darin. 0 schaltet es aus."
        )
        yield f"niveau_schwankung = {_number(found.drift)}"


def _stay(stay: StayEstimate) -> Iterator[str]:
    yield from ("", f"[phasen.{stay.kind}.phase{stay.phase}]")
    yield from _comment(
        f"Im Mittel {_with_interval(stay.mean, _as_months)} Monate, Standardabweichung "
        f"{_with_interval(stay.spread, _as_months)}; {plural(stay.cases, 'Fall', 'Fälle')}; "
        f"bisher {plural(stay.default, 'Monat', 'Monate', 1)}."
    )
    yield from _comment(f"Verfahren „{stay.method.value}“: {METHOD_TEXTS[stay.method]}.")
    if stay.table is None:
        yield f"mittel = {_number(stay.mean.value)}"
        yield f"standardabweichung = {_number(stay.spread.value)}"
        return
    yield "tabelle = [  # Anteile für 1, 2, … Monate"
    for start in range(0, len(stay.table), _NUMBERS_IN_LINE):
        part = stay.table[start : start + _NUMBERS_IN_LINE]
        yield f"    {', '.join(map(_number, part))},"
    yield "]"


def _rate(label: str, rate: RateEstimate, text: _Text) -> Iterator[str]:
    before = "" if rate.default is None else f"; bisher {text(rate.default)}"
    yield from _comment(
        f"{label}: {_with_interval(rate.value, text)}; {rate.source}, "
        f"{plural(rate.cases, 'Fall', 'Fälle')}{before}"
    )


def _sources(found: Calibration) -> Iterator[tuple[str, str]]:
    days = listed(map(german_day, found.days))
    lists = f"Listen vom {days}" if found.days else "Blatt Historie"
    level = "zuzug.aus" if found.level_in_sheet else "zuzug.pro_monat"
    if found.drift is not None and not found.level_in_sheet:
        known = found.arrivals is not None and found.arrivals.source.startswith("Blatt Historie")
        yield (
            "zuzug.niveau_schwankung",
            "geschätzt: Blatt Historie"
            if known
            else "Annahme: wie die Zuweisungen an den Landkreis Meißen 2013 bis 2017",
        )
    rates = (
        (level, found.arrivals, _as_number),
        ("zuzug.varianzfaktor", found.variance, _as_number),
        ("abgang.wegzug_pro_monat", found.moving, _as_percent),
    )
    for key, rate, text in rates:
        if rate is not None:
            cases = plural(rate.cases, "Fall", "Fälle")
            yield key, f"geschätzt: {rate.source}, {cases}, {_interval(rate.value, text)}"
    if found.shares:
        cases = plural(sum(count for _, _, count in found.shares), "Fall", "Fälle")
        yield "zuzug.schularten", f"geschätzt: {lists}, {cases}"
    for stay in found.stays:
        if stay.kind:
            yield (
                f"phasen.{stay.kind}.phase{stay.phase}",
                f"geschätzt: {lists}, {plural(stay.cases, 'Fall', 'Fälle')}, Verfahren "
                f"„{stay.method.value}“, im Mittel {_with_interval(stay.mean, _as_months)} Monate",
            )


# -- texts -----------------------------------------------------------------------------------------


def _as_months(value: float) -> str:
    return plain(value, 1)


def _as_number(value: float) -> str:
    return plain(value, 1)


def _as_percent(value: float) -> str:
    return percent(value, 1)


def _interval(value: Value, text: _Text) -> str:
    return f"{text(value.low)} bis {text(value.high)}"


def _with_interval(value: Value, text: _Text) -> str:
    return f"{text(value.value)} ({_interval(value, text)})"


def _comment(text: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent="# ",
        subsequent_indent="#   ",
        break_on_hyphens=False,
    )


def _number(value: float) -> str:
    """A TOML number without superfluous digits; small ones without an exponent."""
    text = f"{value:.6f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else " " for c in escaped) + '"'


def _is_file(basis: str) -> bool:
    return basis.lower().endswith(".toml") or "/" in basis or "\\" in basis


def _reference(basis: str, target: Path) -> str:
    """The basis as the new file names it: a file relative to its own folder, where that works."""
    if not _is_file(basis):
        return basis
    try:
        relative = os.path.relpath(basis, target.parent or Path())
    except ValueError:  # another drive
        relative = os.path.abspath(basis)
    return Path(relative).as_posix()
