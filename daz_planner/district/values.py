"""From a cell to a value: whole numbers, decimals, shares, dates, texts, school types.

Each parser takes a cell that is not empty and returns the value, or raises :class:`BadValue` with
one German sentence. A text is taken as a number only where there is no doubt what it means.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time

from daz_planner.district.model import SCHOOL_TYPES, PlanState
from daz_planner.district.text import (
    Cell,
    did_you_mean,
    fold,
    nearest,
    quoted,
    shown,
    words,
)

LARGEST_COST = 1e9
"""Largest cost of a way or of a class."""

NOTHING = frozenset("-–—−")
"""Signs that German tables use for "nothing there", that is 0."""

UNKNOWN = frozenset({".", "...", "…", "/", "ka", "x", "unbekannt"})
"""What tables write where a value is not known (folded form or the sign itself)."""

TYPE_WORDS: dict[str, tuple[str, ...]] = {
    "GS": ("gs", "grundschule", "grundschulen", "primarstufe"),
    "OS": ("os", "oberschule", "oberschulen", "mittelschule", "mittelschulen", "ms"),
    "BSZ": (
        "bsz",
        "beruflichesschulzentrum",
        "beruflicheschulzentren",
        "beruflichenschulzentren",
        "berufsschulzentrum",
        "berufsschulzentren",
        "berufsschule",
        "berufsschulen",
    ),
    "GYM": ("gym", "gymnasium", "gymnasien"),
}
_TYPE_OF_WORD = {word: kind for kind, all_words in TYPE_WORDS.items() for word in all_words}
_NAME_PARTS = {
    "GS": ("grundschul",),
    "OS": ("oberschul", "mittelschul"),
    "BSZ": ("beruflichesschulzentrum", "berufsschulzentrum"),
    "GYM": ("gymnasium",),
}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januar", "jan", "jaenner"),
            ("februar", "feb"),
            ("maerz", "mrz"),
            ("april", "apr"),
            ("mai",),
            ("juni", "jun"),
            ("juli", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("oktober", "okt"),
            ("november", "nov"),
            ("dezember", "dez"),
        ),
        start=1,
    )
    for name in names
}
_EARLIEST, _LATEST = 1990, 2100
_SERIAL_ORIGIN = date(1899, 12, 30).toordinal()


class BadValue(Exception):
    """A cell that cannot be read; the message is one German sentence about the value."""


def is_unknown(value: Cell) -> bool:
    """Whether the cell says in so many words that the value is not known."""
    return isinstance(value, str) and (value.strip() in UNKNOWN or fold(value) in UNKNOWN)


def text(value: Cell) -> str:
    """Text in one line. A whole number that Excel made of an id (1005.0) loses its ``.0``."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, bool) or value is None:
        raise BadValue(f"{quoted(value)} ist kein Text.")
    if isinstance(value, int | float):
        if isinstance(value, float) and not math.isfinite(value):
            raise BadValue(f"{quoted(value)} ist kein Text.")
        if float(value).is_integer():
            return str(int(value))
        return repr(value)
    raise BadValue(f"{quoted(value)} ist ein Datum oder eine Uhrzeit, kein Text.")


def whole(value: Cell, *, low: int = 0, high: int = 5_000) -> int:
    """A whole number from ``low`` to ``high``; ``"1.234"``, ``"12"`` and ``"–"`` (0) are fine."""
    number = _number(value, point=_THOUSANDS, kind="keine ganze Zahl")
    if number < 0:
        raise BadValue(f"{quoted(value)} ist negativ.")
    if not number.is_integer():
        raise BadValue(f"{quoted(value)} ist keine ganze Zahl.")
    if number > high:
        much = "zu groß" if high < 100 else "unglaubwürdig groß"
        raise BadValue(f"{quoted(value)} ist {much} (höchstens {high}).")
    if number < low:
        raise BadValue(f"{quoted(value)} ist zu klein (mindestens {low}).")
    return int(number)


def decimal(value: Cell) -> float:
    """A decimal number, such as a coordinate; a text may use comma or dot."""
    return _number(value, point=_DECIMALS, kind="keine Zahl")


def share(value: Cell) -> float:
    """A share as written, not negative: ``0.25``, ``25`` or ``"25 %"`` (which is 0.25).

    ``"12.345"`` is refused: it may be inhabitants in the wrong column. ``"0.125"`` is fine.
    """
    divisor, point = 1.0, _DOUBTFUL
    if isinstance(value, str) and value.strip().endswith("%"):
        value, divisor, point = value.strip()[:-1], 100.0, _DECIMALS
    number = _number(value, point=point, kind="kein Anteil") / divisor
    if number < 0:
        raise BadValue(f"{quoted(value)} ist negativ.")
    if number > 100:
        raise BadValue(f"{quoted(value)} ist größer als 100 %.")
    return number


def day(value: Cell) -> date:
    """A date: a date cell, ``08.02.2017``, ``8. Februar 2017``, ``2017-02-08`` or Excel's count."""
    found: date | None = None
    if isinstance(value, datetime):
        found = value.date()
    elif isinstance(value, date):
        found = value
    elif isinstance(value, str):
        found = day_in_text(value, whole_text=True)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        serial = float(value)
        if math.isfinite(serial) and serial.is_integer() and 32_874 <= serial <= 73_415:
            found = date.fromordinal(_SERIAL_ORIGIN + int(serial))
    if found is None:
        raise BadValue(f"{quoted(value)} ist kein lesbares Datum.")
    if not _EARLIEST <= found.year <= _LATEST:
        raise BadValue(f"{quoted(value)} liegt nicht zwischen {_EARLIEST} und {_LATEST}.")
    return found


_DAY = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})\s*\.\s*(?:(?P<m>\d{1,2})\s*\.|(?P<name>[A-Za-zÄÖÜäöü]+)\.?)\s*"
    r"(?P<y>\d{4}|\d{2})(?!\d)"
)
_ISO_DAY = re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)")


def day_in_text(line: str, *, whole_text: bool = False) -> date | None:
    """The first date in a text, ``None`` where there is none.

    With ``whole_text`` the text must be the date and nothing else (a time of 00:00 is allowed).
    """
    line = " ".join(line.split())
    for pattern in (_DAY, _ISO_DAY):
        for match in pattern.finditer(line):
            rest = (line[: match.start()] + line[match.end() :]).strip()
            if whole_text and rest not in ("", "00:00", "00:00:00", "T00:00:00"):
                continue
            parts = match.groupdict()
            name = parts.get("name")
            month = MONTHS.get(fold(name), 0) if name else int(parts["m"])
            year = int(parts["y"])
            if len(parts["y"]) == 2:
                year += 2000
            try:
                return date(year, month, int(parts["d"]))
            except ValueError:
                continue
    return None


def cut_day(line: str) -> tuple[str, date | None]:
    """A text without the first date in it, and that date; ``None`` where there is none."""
    for pattern in (_DAY, _ISO_DAY):
        for match in pattern.finditer(line):
            found = day_in_text(match.group())
            if found is not None and _EARLIEST <= found.year <= _LATEST:
                return f"{line[: match.start()]} {line[match.end() :]}", found
    return line, None


_NAME_DAY = (
    re.compile(r"(?<!\d)(?P<y>\d{4})[-_. ](?P<m>\d{1,2})[-_. ](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})[-_. ](?P<m>\d{1,2})[-_. ](?P<y>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)"),
)


def day_in_name(name: str) -> date | None:
    """The first date in the name of a file or sheet (``Bestand_2017-02-08``), else ``None``."""
    for pattern in _NAME_DAY:
        for match in pattern.finditer(name):
            try:
                found = date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                continue
            if _EARLIEST <= found.year <= _LATEST:
                return found
    found_day = day_in_text(name)
    return found_day if found_day and _EARLIEST <= found_day.year <= _LATEST else None


def school_type(value: Cell) -> str:
    """The school type (``GS``, ``OS``, ``BSZ``, ``GYM``) of a cell in the column Schulart."""
    written = text(value)
    kind = type_of_word(written)
    if kind is None:
        close = nearest(written, _TYPE_OF_WORD, most=1, cutoff=0.85)
        kinds = dict.fromkeys(_TYPE_OF_WORD[fold(word)] for word in close)
        question = did_you_mean(kinds)
        raise BadValue(f"{quoted(value)} ist keine Schulart. {question}".rstrip())
    return kind


def type_of_word(written: str) -> str | None:
    """The school type that a word or heading means: ``Grundschulen`` → ``GS``.

    ``Berufliche Schulzentren (BSZ)`` and ``Grundschulen / GS`` are fine as well.
    """
    kind = _TYPE_OF_WORD.get(fold(written))
    if kind is not None:
        return kind
    kinds = {_TYPE_OF_WORD.get(fold(part)) for part in re.split(r"[()/:,–]", written) if fold(part)}
    return kinds.pop() if len(kinds) == 1 else None


_ENUMERATED = re.compile(r"\s*(?:(?P<digits>\d{1,2})|[IVX]{1,5}|[A-Za-z])\s*[.)]\s*(?P<rest>.+)")
_INCLUDED = re.compile(r"\([^)]*\)|,?\s*\b(?:inkl|einschl|incl|einschließlich|inklusive)\b.*")


def type_of_heading(written: str) -> str | None:
    """The school type that a lone text above a block means: ``II. Oberschulen (inkl. …)`` → OS.

    ``1. Grundschule`` and ``2. GS`` are names of schools: behind a digit only the plural counts.
    """
    kind = type_of_word(written)
    if kind is not None:
        return kind
    plain = _INCLUDED.sub(" ", written)
    match = _ENUMERATED.fullmatch(plain)
    if match is None:
        return type_of_word(plain)
    rest = match["rest"]
    if match["digits"] and not re.search(r"schulen|zentren|gymnasien", rest, re.IGNORECASE):
        return None
    return type_of_word(rest)


def type_of_name(name: str) -> str | None:
    """The school type that the name of a school gives, ``None`` where it gives none or two."""
    folded = fold(name)
    kinds = {kind for kind, parts in _NAME_PARTS.items() if any(part in folded for part in parts)}
    if "Grund- " in f"{name} ":
        kinds.add("GS")
    if not kinds:
        single = set(words(name))
        kinds = {kind for kind in SCHOOL_TYPES if single & {kind.casefold()}}
    return kinds.pop() if len(kinds) == 1 else None


_ROUGH = re.compile(
    r"(?:ca\.?|circa|etwa|rund|ungefähr|knapp|über|unter|mind\.?|mindestens|max\.?|höchstens|bis"
    r"|[~≈<>≤≥])\s*\d.*",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[+-]?\d+")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+")
_GERMAN = re.compile(r"[+-]?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+),\d+")
_DOTTED = re.compile(r"[+-]?\d+\.\d+")
_GROUP_SPACE = re.compile(r"(?<=\d)[\u00a0\u202f\u2009 ](?=\d{3}(?!\d))")


_THOUSANDS, _DECIMALS, _DOUBTFUL = range(3)
"""What the point in ``1.234`` is: it groups thousands, begins the decimals, or may be either."""


def _number(value: Cell, *, point: int, kind: str) -> float:
    """The number of a cell; ``point`` says how ``1.234`` is read.

    Two points or a comma after it (``1.234.567``, ``2.880,5``) leave no doubt, nor does ``0.125``.
    """
    if isinstance(value, bool) or value is None:
        raise BadValue(f"{quoted(value)} ist {kind}.")
    if isinstance(value, int | float):
        number = float(value)
        if not math.isfinite(number):
            raise BadValue(f"{quoted(value)} ist {kind}.")
        return number
    if not isinstance(value, str):
        what = "eine Uhrzeit" if isinstance(value, time) else "ein Datum oder eine Dauer"
        raise BadValue(f"{quoted(value)} ist {what}, {kind}.")
    plain = value.strip().replace("\u2212", "-")
    if plain in NOTHING:
        return 0.0
    plain = _GROUP_SPACE.sub("", plain)
    if len(plain) <= 30 and plain.isascii():
        if _PLAIN.fullmatch(plain):
            return float(plain)
        if _GERMAN.fullmatch(plain):
            return float(plain.replace(".", "").replace(",", "."))
        if _GROUPED.fullmatch(plain) and (point != _DECIMALS or plain.count(".") > 1):
            if point == _DOUBTFUL and plain.count(".") == 1:
                raise BadValue(
                    f"{quoted(value)} ist nicht eindeutig: {plain.replace('.', '')} oder "
                    f"{shown(float(plain))}? Schreiben Sie die Zahl ohne Punkt, Dezimalstellen "
                    "nach einem Komma."
                )
            return float(plain.replace(".", ""))
        if _DOTTED.fullmatch(plain):
            return float(plain)
    if _ROUGH.fullmatch(plain):
        raise BadValue(f"{quoted(value)} ist eine ungefähre Angabe, {kind}.")
    raise BadValue(f"{quoted(value)} ist {kind}.")


_MONTH = re.compile(r"(?P<m>\d{1,2})\s*[./-]\s*(?P<y>\d{4}|\d{2})")
_ISO_MONTH = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})")
_NAMED_MONTH = re.compile(r"(?P<name>[A-Za-zÄÖÜäöü]+)\.?\s*(?P<y>\d{4}|\d{2})")


def month(value: Cell) -> date:
    """The first day of a month: a date cell, ``08.2017``, ``August 2017``, ``2017-08``."""
    if isinstance(value, str):
        line = " ".join(value.split())
        for pattern in (_ISO_MONTH, _MONTH, _NAMED_MONTH):
            match = pattern.fullmatch(line)
            if match is None:
                continue
            parts = match.groupdict()
            name = parts.get("name")
            number = MONTHS.get(fold(name), 0) if name else int(parts["m"])
            year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
            if 1 <= number <= 12 and _EARLIEST <= year <= _LATEST:
                return date(year, number, 1)
            raise BadValue(f"{quoted(value)} ist kein lesbarer Monat.")
    try:
        return day(value).replace(day=1)
    except BadValue:
        raise BadValue(f"{quoted(value)} ist kein lesbarer Monat.") from None


def minutes(value: Cell) -> float:
    """Minutes of a way, 0 to a billion; ``25``, ``"25"``, ``"12,5"`` or ``"25 min"``.

    More than 300 are no way to school (a warning), but may be the costs of a way.
    """
    plain = value
    if isinstance(value, str):
        plain = re.sub(r"\s*(min\.?|minuten)\s*$", "", value.strip(), flags=re.IGNORECASE)
    number = _number(plain, point=_DOUBTFUL, kind="keine Zahl von Minuten")
    if number < 0:
        raise BadValue(f"{quoted(value)} ist negativ.")
    if number > LARGEST_COST:
        raise BadValue(f"{quoted(value)} ist unglaubwürdig groß.")
    return number


def cost(value: Cell) -> float:
    """A cost in any unit, 0 to a billion (10⁹): that of opening a class."""
    number = _number(value, point=_THOUSANDS, kind="kein Betrag")
    if number < 0:
        raise BadValue(f"{quoted(value)} ist negativ.")
    if number > LARGEST_COST:
        raise BadValue(f"{quoted(value)} ist unglaubwürdig groß.")
    return number


def hours(value: Cell) -> float:
    """Teacher hours per week, 0 to 100,000."""
    number = _number(value, point=_DOUBTFUL, kind="keine Zahl von Stunden")
    if number < 0:
        raise BadValue(f"{quoted(value)} ist negativ.")
    if number > 100_000:
        raise BadValue(f"{quoted(value)} ist unglaubwürdig groß.")
    return number


def surcharge(value: Cell) -> float:
    """Seats that inclusion takes beside the pupils, 0 to 250."""
    number = _number(value, point=_DOUBTFUL, kind="keine Zahl von Plätzen")
    if number < 0:
        raise BadValue(f"{quoted(value)} ist negativ.")
    if number > 250:
        raise BadValue(f"{quoted(value)} ist unglaubwürdig groß.")
    return number


_STATES = {
    PlanState.DECIDED: ("beschlossen", "beschluss", "entschieden", "fest", "genehmigt"),
    PlanState.PLANNED: ("geplant", "vorgesehen", "vorschlag", "beantragt"),
    PlanState.EXCLUDED: ("ausgeschlossen", "nichtmoeglich", "unmoeglich", "abgelehnt"),
}


def plan_state(value: Cell) -> PlanState:
    """How firm an entry of the class plan is."""
    folded = fold(text(value))
    for state, names in _STATES.items():
        if folded in names:
            return state
    close = nearest(text(value), [state.value for state in PlanState], most=1)
    raise BadValue(f"{quoted(value)} ist kein Stand. {did_you_mean(close)}".rstrip())
