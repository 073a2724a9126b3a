"""Whether the seats are enough, in sentences: for the screen and for the sheet Übersicht."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daz_planner import german
from daz_planner.results.need import NOISE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from daz_planner.results.need import NeedCourse
    from daz_planner.simulation.forecast import FloatArray

MOST_SPANS = 3
"""More stretches of months than this are counted instead of named."""


def seat_sentences(course: NeedCourse) -> list[str]:
    """When the seats of a school type stop being enough, and how many are missing then.

    The first month is the reference date, whose pupils are known; all others are told for the P90
    (more than one future in ten needs at least so many) and the P50 (every second one).
    """
    if not course.seats.any():
        return [_without_seats(course)]
    sentences = []
    today = float(course.missing(course.middle)[0])
    if today > 0:
        sentences.append(f"Schon am Stichtag fehlen {_seats(today)}.")
    if len(course.months) == 1:
        return sentences or ["Am Stichtag reichen die Plätze."]
    if course.futures == 1:
        sentences.append(_only_future(course))
        return sentences
    high = course.missing(course.high)[1:]
    middle = course.missing(course.middle)[1:]
    sentences.append(_high(course, high))
    if high.any():
        sentences.append(_middle(course, middle))
    if 0 < course.covered < course.futures:
        share = share_of_futures(course.covered, course.futures)
        sentences.append(f"{share} reichen sie die ganze Zeit.")
    return sentences


def share_of_futures(count: int, futures: int) -> str:
    """``In 12 von 200 Zukünften (6 %)``, ``In allen 200 Zukünften``, ``In keiner der 200 …``."""
    if count in (0, futures):
        which = "allen" if count else "keiner der"
        return f"In {which} {german.number(futures)} Zukünfte{'n' if count else ''}"
    share = german.percent(count / futures)
    return f"In {german.number(count)} von {german.number(futures)} Zukünften ({share})"


def month_spans(months: Sequence[date], which: Sequence[bool]) -> list[tuple[date, date]]:
    """The stretches of months in a row that are marked, each with first and last month."""
    spans: list[tuple[date, date]] = []
    for t, (month, marked) in enumerate(zip(months, which, strict=True)):
        if marked and t and which[t - 1]:
            spans[-1] = (spans[-1][0], month)
        elif marked:
            spans.append((month, month))
    return spans


def _without_seats(course: NeedCourse) -> str:
    t = int(np.argmax(course.high))
    if course.high[t] <= 0:
        return "Es gibt keine Plätze, und es werden keine gebraucht."
    pupils = german.plural(float(course.high[t]), "Kind", "Kinder")
    return (
        f"Es gibt heute keine Plätze. Gebraucht werden sie im {german.month(course.months[t])} für "
        f"bis zu {pupils} (P90)."
    )


def _only_future(course: NeedCourse) -> str:
    lack = course.missing(course.middle)[1:]
    if not lack.any():
        return f"In der einen gerechneten Zukunft reichen die Plätze bis {_last(course)}."
    when = _when(course, lack)
    when = f"{when[0].lower()}{when[1:]}"
    return (
        f"In der einen gerechneten Zukunft reichen die Plätze {when} nicht: "
        f"{_how_many(course, lack)}."
    )


def _high(course: NeedCourse, lack: FloatArray) -> str:
    if not lack.any():
        free = course.seats - course.high
        t = 1 + int(np.argmin(free[1:]))
        left = "kein Platz" if free[t] <= NOISE else f"mindestens {_seats(float(free[t]))}"
        verb = "bleibt" if left.endswith("Platz") else "bleiben"
        return (
            f"In jedem Monat bis {_last(course)} reichen die Plätze in mindestens 9 von 10 "
            f"Zukünften. Am knappsten ist es im {german.month(course.months[t])}: Dann {verb} in "
            f"9 von 10 Zukünften {left} frei."
        )
    return (
        f"{_when(course, lack)} reichen die Plätze in mehr als 1 von 10 Zukünften nicht: "
        f"{_how_many(course, lack, ' oder mehr')}."
    )


def _middle(course: NeedCourse, lack: FloatArray) -> str:
    if not lack.any():
        return "Bei der Mitte (P50) reichen sie in jedem Monat."
    return (
        f"{_when(course, lack)} reichen sie in mehr als der Hälfte der Zukünfte nicht: "
        f"{_how_many(course, lack, ' oder mehr')}."
    )


def _when(course: NeedCourse, lack: FloatArray) -> str:
    """``Ab August 2017``, ``Von August 2017 bis März 2018 und im Mai 2018``."""
    months = course.months[1:]
    spans = month_spans(months, [bool(value > 0) for value in lack])
    if len(spans) > MOST_SPANS:
        count = int(np.count_nonzero(lack))
        return (
            f"In {count} von {len(months)} Monaten (zuerst {german.month(spans[0][0])}, zuletzt "
            f"{german.month(spans[-1][1])})"
        )
    parts = []
    for first, last in spans:
        if last == months[-1] and first != last:
            parts.append(f"ab {german.month(first)}")
        elif first == last:
            parts.append(f"im {german.month(first)}")
        else:
            parts.append(f"von {german.month(first)} bis {german.month(last)}")
    text = german.listed(parts)
    return text[0].upper() + text[1:]


def _how_many(course: NeedCourse, lack: FloatArray, more: str = "") -> str:
    """How many are missing in the first month, and in the worst one where that is another."""
    months = course.months[1:]
    first, worst = int(np.flatnonzero(lack)[0]), int(np.argmax(lack))
    verb = "fehlt" if lack[first] == 1 else "fehlen"
    text = f"Im {german.month(months[first])} {verb} dann {_seats(float(lack[first]), more)}"
    if worst != first and lack[worst] > lack[first]:
        number = german.number(float(lack[worst]), 1)
        text += f", im {german.month(months[worst])} sogar {number}{more}"
    return text


def _last(course: NeedCourse) -> str:
    return german.month(course.months[-1])


def _seats(count: float, more: str = "") -> str:
    return german.plural(count, "Platz", "Plätze", 1) + more
