"""Places that are no municipality of the list: parts of a town, other districts, missing rows.

``Riesa OT Gröba`` is Riesa, and that is told; ``Dresden`` lies elsewhere; ``Großenhain`` may be
missing on an incomplete sheet Gemeinden, which replaces the shipped list. Each needs another
answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from daz_planner.district import gazetteer
from daz_planner.district.collect import Collector
from daz_planner.district.model import Municipality
from daz_planner.district.report import first_few
from daz_planner.district.text import quoted
from daz_planner.german import plural

_POSTCODE = re.compile(r"^\s*(?:D-?)?\d{5}\s+")
_PART = re.compile(
    r"(?:^|\s+|\()(?:OT|Ortsteil|ST|Stadtteil|Ortschaft)\b\.?|[,;()/]|\s+[-–]\s+", re.IGNORECASE
)
_FIRST_MISSING = 5


def town_of(written: str, names: gazetteer.MunicipalityNames) -> str | None:
    """The municipality of the list of which a text certainly names a part, or with its postcode.

    ``Riesa OT Gröba``, ``Gröba (Riesa)``, ``Meißen-Triebischtal``, ``01662 Meißen``. Where the
    other half is a Saxon municipality too, none is certain.
    """
    plain = _POSTCODE.sub("", written)
    if plain != written:
        found = names.match(plain)
        if found is not None:
            return found
    saxon = gazetteer.saxon_names()
    if saxon.match(plain) is not None:
        return None
    pieces = [piece.strip() for piece in _PART.split(plain) if piece.strip()]
    if len(pieces) < 2:
        first, hyphen, rest = plain.partition("-")
        pieces = [first.strip(), rest.strip()] if hyphen and names.match(first) else []
    found_of = {piece: names.match(piece) for piece in pieces}
    towns = {town for town in found_of.values() if town is not None}
    others = [piece for piece, town in found_of.items() if town is None]
    if len(towns) != 1 or any(saxon.match(piece) is not None for piece in others):
        return None
    return towns.pop()


def tell_town(
    written: str, town: str, column: str, out: Collector, sheet: str, row: int, place: int
) -> None:
    """One more of the places that are read as the municipality they belong to."""
    out.read_as(
        "gemeinde_gelesen_als",
        column,
        written,
        town,
        "Ist eine andere Gemeinde gemeint, dann berichtigen Sie die Zellen.",
        sheet=sheet,
        row=row,
        column=place,
    )


def unknown_place(
    written: str, municipalities: Sequence[Municipality], key: str, ask: Callable[[str], str]
) -> tuple[str, str]:
    """Problem and remedy for a place that is no municipality of the list.

    ``key`` is that of the district, empty where it is only known by its municipalities. ``ask``
    gives ``Meinen Sie „…“?`` or an empty text.
    """
    key = key or own_key(municipalities)
    district = gazetteer.district_names().get(key, "")
    from_sheet = any(m.sheet for m in municipalities)
    found = gazetteer.saxon_names().match(written)
    entries = [e for e in gazetteer.all_municipalities() if e.name == found]
    if district and any(entry.district_key == key for entry in entries):
        total = len(gazetteer.municipalities_of(key))
        return (
            f"{quoted(written)} fehlt auf dem Blatt „Gemeinden“.",
            f"Ergänzen Sie sie dort, oder löschen Sie das Blatt: dann "
            f"{'gelten alle' if total > 1 else 'gilt'} "
            f"{plural(total, 'Gemeinde', 'Gemeinden')} ({district}).",
        )
    if district and entries:
        others = gazetteer.district_names()
        where = dict.fromkeys(_to(others[entry.district_key]) for entry in entries)
        return (
            f"{quoted(written)} gehört {' oder '.join(where)}, nicht {_to(district)}.",
            "Prüfen Sie die Gemeinde. "
            + (
                "Soll sie mitzählen, dann ergänzen Sie sie auf dem Blatt „Gemeinden“."
                if from_sheet
                else "Soll sie mitzählen, dann legen Sie ein Blatt „Gemeinden“ an, mit ihr und "
                "allen Gemeinden des Landkreises: es ersetzt die mitgelieferte Liste."
            ),
        )
    problem = f"{quoted(written)} ist keine Gemeinde der Liste."
    asked = ask(written)
    if asked:
        return problem, asked
    part = "Ist es ein Ortsteil, dann tragen Sie die Gemeinde ein, zu der er gehört."
    if from_sheet:
        return problem, f"{part} Fehlt sie, dann ergänzen Sie sie auf dem Blatt „Gemeinden“."
    known = plural(len(municipalities), "Gemeinde", "Gemeinden")
    return problem, part + (f" Die Liste von heute hat {known} ({district})." if district else "")


def _to(district: str) -> str:
    return f"{'zur' if district.startswith('Stadt ') else 'zum'} {district}"


def own_key(municipalities: Sequence[Municipality]) -> str:
    """The key of the district to which most municipalities belong, empty where none has one."""
    keys = Counter(m.ags[:5] for m in municipalities if m.ags)
    return keys.most_common(1)[0][0] if keys else ""


def report_incomplete(
    municipalities: Sequence[Municipality],
    key: str | None,
    out: Collector,
    sheet: str,
) -> None:
    """Warn once where the sheet Gemeinden lacks municipalities of the district."""
    key = key or own_key(municipalities)
    official = gazetteer.municipalities_of(key) if key else ()
    names = gazetteer.MunicipalityNames(m.name for m in municipalities)
    keys = {m.ags for m in municipalities}
    missing = [e.name for e in official if e.ags not in keys and names.match(e.name) is None]
    if not missing:
        return
    out.warn(
        "gemeinden_unvollstaendig",
        f"Dem Blatt {'fehlt' if len(missing) == 1 else 'fehlen'} {len(missing)} von "
        f"{plural(len(official), 'Gemeinde', 'Gemeinden')} ({gazetteer.district_names()[key]}): "
        f"{first_few(missing, _FIRST_MISSING)}.",
        "Das Blatt ersetzt die mitgelieferte Liste, aus fehlenden Gemeinden kommt im Plan niemand. "
        "Ergänzen Sie sie, oder löschen Sie das Blatt: dann gelten alle.",
        sheet=sheet,
    )
