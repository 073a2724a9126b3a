"""What the label of a row says: a sum, a footnote, a comparison with other numbers, or an entry.

Offices print below or between the entries what counts them (``Summe GS``, ``Anzahl: 16``), a part
of them (``davon Phase 2``) or the numbers of another day (``Vorjahr``, ``Ist 2016``). None of it is
a school, a municipality or a child.
"""

from __future__ import annotations

import re
from enum import Enum

from daz_planner.district import values
from daz_planner.district.text import fold, words
from daz_planner.district.values import MONTHS, TYPE_WORDS

LONGEST_LABEL = 90

_SUM_WORD = re.compile(
    r"(?:zwischen|gesamt|end)?summen?|(?:ins)?gesamt|gesamtzahl|gesamtanzahl|zusammen|total|ges|sum|σ"
)
_COUNT_WORD = re.compile(r"(?:gesamt)?anzahl")
"""Means a sum where it stands first: ``Anzahl: 16``."""
_NOTE_WORD = re.compile(
    r"(?:daten)?quellen?|stand|stichtag|anm|anmerkung(?:en)?|hinweise?|bemerkung(?:en)?"
    r"|erlaeuterung(?:en)?|legende|fussnoten?|geprueft|erstellt|bearbeitet|gez|gezeichnet"
    r"|unterschrift|bearbeiter(?:in)?|ansprechpartner(?:in)?|rueckfragen|datum"
)
_SUM_HINT = re.compile(r"sum|ges|total|zusammen|anz|[∑Σσ]", re.IGNORECASE)
_NOTE_HINT = re.compile(
    r"\W*(?:quell|dat|st|anm|anspr|hinw|bem|bearb|erl|erst|leg|fu[sß]|ge[pz]|unt|rück|rueck)",
    re.IGNORECASE,
)
"""Cheap tests that spare most rows the words of their label."""
_NOTE_SIGN = re.compile(r"^\s*(\*|\d\)|[¹²³⁴])")

_ASIDE = re.compile(
    r"davon|darunter|nachrichtlich|vorjahr(?:e?s?(?:wert|stand|zahl)?e?n?)|vormonat(?:s(?:wert|stand)?)?"
    r"|differenz(?:en)?|veraenderung(?:en)?|abweichung(?:en)?|durchschnitt(?:lich|swert)?|mittelwert"
    r"|median|prognose(?:n|wert)?|hochrechnung|saldo|uebertrag|vergleich|ist|soll|planzahl(?:en)?"
    r"|stand|stichtag|ø"
)
"""First words of a row that counts something else than an entry."""
_ASIDE_ALONE = re.compile(
    r"plan|min|max|minimum|maximum|mittel|quote|anteil|auslastung|zugaenge|abgaenge|zuwachs"
    r"|rueckgang|entwicklung|rest|kapazitaet"
)
"""The same, where no other word stands beside it: there are schools named after a Max."""
_ASIDE_HINT = re.compile(
    r"\W*(?:da|na|vo|ve|di|ver|ab|du|mi|me|pr|ho|sa|üb|ueb|is|so|pl|st|ma|qu|an|au|zu|rü|ru|en|re"
    r"|ka|ø)",
    re.IGNORECASE,
)
_FILLING = frozenset(
    (
        *("am", "an", "aus", "der", "des", "die", "im", "in", "je", "pro", "und", "vom", "zu"),
        *("zum", "aller", "alle", "gegenueber", "letzten", "letztes", "jahr", "jahres", "monat"),
        *("monats", "schuljahr", "sj", "prozent", "wert", "werte", "zahl", "zahlen", "landkreis"),
        *("schueler", "schuelerinnen", "kinder", "klasse", "klassen", "vka", "daz", "schule"),
        *("schulen", "phase", "etappe", "jungen", "maedchen", "weiblich", "maennlich", "m", "w"),
        *("i", "ii", "iii", "vorjahr", "vormonat", "kreis", "gemeinden", "gemeinde", "sus"),
    )
) | frozenset((*MONTHS, *(word for kind in TYPE_WORDS.values() for word in kind)))
_PART_OF_CHILDREN = frozenset(
    ("phase", "etappe", "schueler", "schuelerinnen", "kinder", "jungen", "maedchen", "weiblich")
) | {"maennlich"}
_CODE = re.compile(r"[A-Za-z]{0,3}[-_ /.]?\d{1,7}|\w+[-_]\d{1,7}")
"""Ids as they are common, among them ``GES-12``, ``Sum 3`` and ``Gesamt-1``."""


class Aside(Enum):
    """Whether a label is that of a row beside the entries."""

    NO = "Eintrag"
    LIKELY = "wohl kein Eintrag"
    CERTAIN = "kein Eintrag"


def sum_type(label: str) -> str | None:
    """The school type of a sum row, an empty text for a sum of all, ``None`` for no sum."""
    if not _SUM_HINT.search(label):
        return None
    parts = words(label.replace("∑", " Summe "))
    if not parts or len(label) > LONGEST_LABEL:
        return None
    if not _is_sum(parts[0]) and not _SUM_WORD.fullmatch(parts[-1]):
        return None
    rest = [p for p in parts if not _SUM_WORD.fullmatch(p) and p not in {"der", "aller"}]
    kinds = {values.type_of_word(part) for part in rest} - {None}
    if not kinds:
        kinds = {values.type_of_word("".join(rest))} - {None}
    return (kinds.pop() or "") if len(kinds) == 1 else ""


def _is_sum(word: str) -> bool:
    return bool(_SUM_WORD.fullmatch(word) or _COUNT_WORD.fullmatch(word))


def is_note(label: str) -> bool:
    """Whether a label begins like a footnote: with a sign, or ``Quelle``, ``Stand``, ``gez.``"""
    if _NOTE_SIGN.match(label):
        return True
    if not _NOTE_HINT.match(label):
        return False
    parts = words(label)
    return bool(parts and _NOTE_WORD.fullmatch(parts[0]))


def aside(label: str) -> Aside:
    """Whether a row counts something else than an entry: ``davon …``, ``Vorjahr``, ``Ist 2016``.

    It is certain where no word could be that of a name.
    """
    if not _ASIDE_HINT.match(label) or len(label) > LONGEST_LABEL:
        return Aside.NO
    parts = words(label)
    if not parts:
        return Aside.NO
    strong = bool(_ASIDE.fullmatch(parts[0]))
    if not strong and not _ASIDE_ALONE.fullmatch(parts[0]):
        return Aside.NO
    if all(_is_filling(part) for part in parts[1:]):
        return Aside.CERTAIN
    return Aside.LIKELY if strong else Aside.NO


def _is_filling(word: str) -> bool:
    return word.isdigit() or word in _FILLING or bool(_is_sum(word) or _ASIDE.fullmatch(word))


def is_code(label: str) -> bool:
    """Whether a text looks like an id: a few letters and a number."""
    return bool(_CODE.fullmatch(label.strip()))


def is_count_of_children(label: str) -> bool:
    """Whether the label of a row in a list of children is certainly that of a sum."""
    if is_code(label) or sum_type(label) is None:
        return False
    return all(_is_filling(part) for part in words(label))


def is_hardly_a_child(label: str) -> bool:
    """Whether an id reads like a total or a part of the children, without being one for certain.

    ``Phase 1``, ``Schüler``, ``gesamt OS Riesa``; but ``Kind 7`` and ``GES-12`` are ids.
    """
    if is_code(label):
        return False
    parts = words(label)
    if not parts:
        return False
    if _is_sum(parts[0]) or aside(label) is not Aside.NO or parts[0] in ("phase", "etappe"):
        return True
    return all(part in _PART_OF_CHILDREN for part in parts)


_PHASE = re.compile(r"(?:Phase|Etappe)\s*([123]|I{1,3})\b", re.IGNORECASE)


def numbers_in(label: str) -> tuple[frozenset[int], int | None]:
    """The whole numbers in a label, and the phase that it names: ``davon Phase 2: 5`` → {5}, 2."""
    match = _PHASE.search(label)
    phase = None
    if match is not None:
        written = match[1]
        phase = int(written) if written.isdigit() else len(written)
        label = label.replace(match[0], " ")
    return frozenset(int(n) for n in re.findall(r"(?<![\d.,])\d{1,6}(?![.,]?\d)", label)), phase


def first_word(label: str) -> str:
    """The first word as written: ``darunter`` of ``darunter: GS Riesa``."""
    match = re.match(r"\W*(\w+)", label)
    return match[1] if match and fold(match[1]) else label
