"""Ids that look like personal data: a name, a birth date or an e-mail address.

The planner needs pseudonymous ids only. The check is a guess from the form of the text; a text
under suspicion is shown masked, so that no finding spreads what it warns of.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date

from daz_planner.district.text import fold

NAME = "ein Name"
BIRTH_DATE = "ein Geburtsdatum"
MAIL = "eine E-Mail-Adresse"
KINDS = (NAME, BIRTH_DATE, MAIL)

_PLAIN = re.compile(r"[A-Za-z]{0,3}[-_ /]?\d{1,7}")
"""Most ids: a few letters and a number. They need no closer look."""

_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_DATE = re.compile(r"(?<!\d)(\d{1,2})([.\-/])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})([.\-/])(\d{1,2})\2(\d{1,2})(?!\d)")
_DIGITS = re.compile(r"(?<!\d)\d{8}(?!\d)")
_PARTS = re.compile(r"[\s,;._\-]+")
_NO_NAME_WORDS = (
    "Kind Schüler Schülerin Pupil Nummer Nr Num ID Code Kennung Kürzel Pseudonym Familie Fam "
    "Haushalt Gruppe Klasse Stufe Phase Platz Akte Zeichen Grundschule Oberschule GS OS BSZ "
    "GYM VKA DaZ Schule Gymnasium Test Beispiel unbekannt neu alt eins zwei drei vier fünf "
    "sechs sieben acht neun zehn elf zwölf Summe Zwischensumme Gesamtsumme gesamt insgesamt "
    "Gesamtzahl Anzahl zusammen davon darunter nachrichtlich Stand Vorjahr Vormonat Differenz "
    "Durchschnitt Prognose Etappe Jungen Mädchen Kinder weiblich männlich"
)
_NO_NAMES = frozenset(map(fold, _NO_NAME_WORDS.split()))
_EARLIEST_BIRTH = 1985
_SHORTEST_NAME = 4
"""Letters of a first name that stands alone; shorter ones look like codes."""
_VOWELS = frozenset("aeiouy")
_FEWEST_IDS = 3


def suspicion(
    written: str, *, single: bool = False, known: Collection[str] = frozenset()
) -> str | None:
    """What an id looks like (:data:`NAME`, :data:`BIRTH_DATE`, :data:`MAIL`), else ``None``.

    One word of letters alone is a name where it is written like one: ``Amira``, but not ``ABC``.

    Parameters
    ----------
    single:
        A shorter capitalised word, or one with a number, is a name too: the rule for ids of
        families.
    known:
        Folded words that are no names of persons, such as those of schools and municipalities.
    """
    if _PLAIN.fullmatch(written):
        return None
    if _MAIL.search(written):
        return MAIL
    if _has_birth_date(written):
        return BIRTH_DATE
    if _is_name(written, single, known) or _is_first_name(written.strip(), known):
        return NAME
    return None


def is_list_of_names(ids: Sequence[str], known: Collection[str] = frozenset()) -> bool:
    """Whether ids that are all single words of letters are names rather than codes.

    That finds ``AMIRA``, ``omar`` and ``Ali``, which alone could be codes: codes have digits, or
    they are all of the same length, or they cannot be spoken.
    """
    words = [written.strip() for written in ids]
    return (
        len(words) >= _FEWEST_IDS
        and len({len(word) for word in words}) > 1
        and sum(len(word) >= _SHORTEST_NAME for word in words) * 2 > len(words)
        and all(
            word.isalpha() and _has_vowel(word) and fold(word) not in _NO_NAMES | set(known)
            for word in words
        )
    )


def _is_first_name(written: str, known: Collection[str]) -> bool:
    """One word: a capital, then small letters, four letters or more, one of them a vowel."""
    return (
        len(written) >= _SHORTEST_NAME
        and written.isalpha()
        and written[0].isupper()
        and written[1:].islower()
        and _has_vowel(written)
        and fold(written) not in _NO_NAMES
        and fold(written) not in known
    )


def _has_vowel(word: str) -> bool:
    """Whether a word can be spoken; of letters that are not Latin nothing is known."""
    folded = fold(word)
    return not folded.isascii() or bool(_VOWELS & set(folded))


def _has_birth_date(written: str) -> bool:
    for match in _DATE.finditer(written):
        day, sign, month, year = match.groups()
        if sign == "-" and len(year) == 2:
            continue  # 7-8-15 is a code rather than a date
        if _is_day(int(year) if len(year) == 4 else 2000 + int(year), int(month), int(day)):
            return True
    for match in _ISO_DATE.finditer(written):
        year, _, month, day = match.groups()
        if _is_day(int(year), int(month), int(day)):
            return True
    if sum(c.isalpha() for c in written) < 2:
        return False  # eight digits alone are a number rather than a date
    for match in _DIGITS.finditer(written):
        run = match.group()
        forwards = (int(run[4:]), int(run[2:4]), int(run[:2]))
        backwards = (int(run[:4]), int(run[4:6]), int(run[6:]))
        if _is_day(*forwards) or _is_day(*backwards):
            return True
    return False


def _is_day(year: int, month: int, day: int) -> bool:
    if not _EARLIEST_BIRTH <= year <= 2099:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_name(written: str, single: bool, known: Collection[str]) -> bool:
    """Words of letters only, at least two of them; a number at the end does not hide a name."""
    parts = [part for part in _PARTS.split(re.sub(r"[\s\d]+$", "", written.strip())) if part]
    if not all(part.replace("'", "").replace("’", "").isalpha() for part in parts):
        return False
    rest = [part for part in parts if fold(part) not in _NO_NAMES and fold(part) not in known]
    if any(len(part) < 2 for part in rest):
        return False
    spaced = " " in written.strip() or "," in written
    likely = [part for part in rest if _looks_like_name(part, spaced)]
    if len(likely) != len(rest):
        return False
    if single and len(rest) == 1:
        return rest[0][0].isupper() and len(rest[0]) >= 3 and not rest[0].isupper()
    return len(rest) >= 2


def _looks_like_name(part: str, spaced: bool) -> bool:
    """``Anna``, ``ANNA`` and ``anna``; short words only where they are written like names."""
    if part[0].isupper() and not part.isupper():
        return True
    return len(part) >= 3 and (spaced or part.islower())


def mask(written: str) -> str:
    """The text with all but the first letter of each word hidden, and no digit left."""
    hidden: list[str] = []
    inside = False
    for character in written:
        if character.isdigit():
            hidden.append("*")
        elif character.isalpha() or character in "'’":
            hidden.append("*" if inside else character)
        else:
            hidden.append(character)
        inside = character.isalnum() or character in "'’"
    return "".join(hidden)


def mask_if_personal(written: str) -> str:
    """The id as it is, or masked where it looks like personal data."""
    return written if suspicion(written) is None else mask(written)
