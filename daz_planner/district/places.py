"""The sheet Gemeinden, or the Saxon municipalities of the district where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from daz_planner.district import gazetteer
from daz_planner.district.collect import Collector
from daz_planner.district.gaps import Gaps
from daz_planner.district.model import Municipality
from daz_planner.district.rows import RowKind, classify, report_asides
from daz_planner.district.sums import check_sums
from daz_planner.district.tables import Record, Table, read_record
from daz_planner.district.text import did_you_mean, fold, listed, nearest, quoted
from daz_planner.district.towns import report_incomplete

SAXONY = (50.1, 51.8, 11.8, 15.1)
"""South, north, west and east of Saxony with a margin, degrees (WGS 84)."""

_SHARE_TOLERANCE = 0.005


def read_municipalities(
    table: Table, key: str | None, day: date, gaps: Gaps, out: Collector
) -> tuple[Municipality, ...]:
    """Read the sheet Gemeinden. Empty cells are filled from the list of Saxon municipalities.

    Shares of arrivals, where given, are scaled so that they sum to 1 exactly; shares that do not
    sum to 1 (or 100 %) are a fault, and so is a municipality that occurs twice.
    """
    rows = classify(table, is_name=lambda name: len(name) <= 60)
    records: list[Record] = []
    result: list[Municipality] = []
    first_row: dict[str, int] = {}
    report_asides(table, rows, out)
    for item in rows:
        if item.kind is not RowKind.DATA:
            continue
        record = read_record(table, item.row, out)
        records.append(record)
        name = record.get("Gemeinde", "")
        if fold(name) and fold(name) in first_row:
            record.repeats = first_row[fold(name)]
            out.fault(
                "gemeinde_doppelt",
                f"Die Gemeinde {quoted(name)} steht schon in Zeile {first_row[fold(name)]}.",
                "Löschen Sie eine der beiden Zeilen.",
                sheet=table.sheet,
                row=item.row.number,
                column=record.column("Gemeinde"),
                value=name,
            )
            continue
        first_row.setdefault(fold(name), item.row.number)
        municipality = _municipality(table, record, key, day, out)
        if municipality is not None:
            result.append(municipality)
    check_sums(table, rows, records, {}, out)
    gaps.regions_lost |= any("Planungsregion" in record.faulty for record in records)
    gaps.municipalities_lost = bool(table.lost) or any(
        "Gemeinde" in record.faulty for record in records
    )
    if result and not gaps.municipalities_lost:
        report_incomplete(result, key, out, table.sheet)
    result = _with_shares(table, records, result, out)
    if result and not sum(m.population for m in result):
        has_shares = any(m.arrival_share is not None for m in result)
        if not has_shares and not any("Einwohner" in record.faulty for record in records):
            out.fault(
                "einwohner_fehlen",
                "Alle Gemeinden haben 0 Einwohner.",
                "Tragen Sie die Einwohner ein: danach werden die Neuankömmlinge verteilt.",
                sheet=table.sheet,
            )
    return tuple(result)


def _municipality(
    table: Table, record: Record, key: str | None, day: date, out: Collector
) -> Municipality | None:
    name = record.get("Gemeinde")
    if name is None:
        return None
    ags = record.get("AGS", "")
    if ags and not (len(ags) == 8 and ags.isdigit()):
        out.fault(
            "ags_falsch",
            f"{quoted(ags)} ist kein achtstelliger Gemeindeschlüssel.",
            table.spec.column("AGS").remedy,
            sheet=table.sheet,
            row=record.row,
            column=record.column("AGS"),
            value=ags,
        )
        ags = ""
    known = gazetteer.find_municipality(name, ags, key)
    location = read_location(table, record, out)
    population = record.get("Einwohner")
    if location is None and known is not None:
        location = (known.latitude, known.longitude)
    if population is None and known is not None:
        population = known.population(day)
    if known is None and (location is None or population is None):
        _report_unknown(table, record, name, key, out)
    return Municipality(
        name=name,
        population=population or 0,
        latitude=location[0] if location else 0.0,
        longitude=location[1] if location else 0.0,
        ags=ags or (known.ags if known else ""),
        arrival_share=record.get("Anteil am Zuzug"),
        planning_area=record.get("Planungsregion", ""),
        file=out.file,
        sheet=table.sheet,
        row=record.row,
    )


def _report_unknown(
    table: Table, record: Record, name: str, key: str | None, out: Collector
) -> None:
    """A fault for a municipality that is not in the list and lacks something."""
    scope = gazetteer.municipalities_of(key) if key else gazetteer.all_municipalities()
    lacking = [
        column
        for column in ("Einwohner", "Breite", "Länge")
        if record.get(column) is None and column not in record.faulty
    ]
    if not lacking:
        return
    out.fault(
        "gemeinde_unbekannt",
        f"Die Gemeinde {quoted(name)} steht nicht in der Liste der sächsischen Gemeinden, "
        f"und {listed(lacking)} {'fehlt' if len(lacking) == 1 else 'fehlen'}.",
        question(name, [entry.name for entry in scope])
        or f"Tragen Sie {listed(lacking)} selbst ein.",
        sheet=table.sheet,
        row=record.row,
        column=record.column("Gemeinde"),
        value=name,
    )


def question(name: str, names: Iterable[str]) -> str:
    """``Meinen Sie „Coswig“?`` with the nearest names, or an empty text."""
    return did_you_mean(nearest(name, names))


def read_location(table: Table, record: Record, out: Collector) -> tuple[float, float] | None:
    """Latitude and longitude of a row, ``None`` where one is missing.

    Coordinates that are exchanged or lie outside Saxony are faults.
    """
    latitude, longitude = record.get("Breite"), record.get("Länge")
    if latitude is None or longitude is None:
        present, absent = ("Breite", "Länge") if longitude is None else ("Länge", "Breite")
        if record.get(present) is not None and absent not in record.faulty:
            out.warn(
                "koordinate_halb",
                f"Die Koordinate ist unvollständig: {quoted(absent)} fehlt.",
                f"Sie bleibt außen vor. Tragen Sie {quoted(absent)} ein.",
                sheet=table.sheet,
                row=record.row,
                column=record.column(present),
                value=record.get(present),
            )
        return None
    if in_saxony(latitude, longitude):
        return latitude, longitude
    if in_saxony(longitude, latitude):
        problem = "Breite und Länge sind vertauscht."
        remedy = "Tauschen Sie die beiden Werte."
    else:
        problem = "Diese Koordinate liegt nicht in Sachsen."
        remedy = (
            "Sachsen liegt zwischen 50,1 und 51,8 Grad Breite und 11,8 und 15,1 Grad Länge. "
            "Berichtigen Sie die Werte, oder lassen Sie beide Zellen leer."
        )
    out.fault(
        "koordinate_falsch",
        problem,
        remedy,
        sheet=table.sheet,
        row=record.row,
        column=record.column("Breite"),
        value=latitude,
    )
    record.faulty.update(("Breite", "Länge"))
    return None


def in_saxony(latitude: float, longitude: float) -> bool:
    """Whether a point lies in the rectangle around Saxony."""
    south, north, west, east = SAXONY
    return south <= latitude <= north and west <= longitude <= east


def _with_shares(
    table: Table, records: list[Record], result: list[Municipality], out: Collector
) -> list[Municipality]:
    given = [m.arrival_share for m in result if m.arrival_share is not None]
    if not given:
        return result
    if table.lost or any(record.repeats for record in records):
        return result
    if any({"Anteil am Zuzug", "Gemeinde"} & record.faulty for record in records):
        return result
    total = sum(given)
    percent = abs(total - 100) <= 100 * _SHARE_TOLERANCE
    if not percent and abs(total - 1) > _SHARE_TOLERANCE:
        shown_total = f"{total * 100 if total < 2 else total:.1f}".replace(".", ",")
        out.fault(
            "anteile_summe",
            f"Die Anteile am Zuzug ergeben zusammen {shown_total} %, nicht 100 %.",
            "Berichtigen Sie die Anteile, oder lassen Sie die Spalte leer: dann gelten die "
            "Einwohner.",
            sheet=table.sheet,
            row=table.header_row,
            column=table.columns["Anteil am Zuzug"],
            value=round(total, 6),
        )
        return result
    return [replace(m, arrival_share=(m.arrival_share or 0.0) / total) for m in result]


def listed_municipalities(key: str, day: date) -> tuple[Municipality, ...]:
    """The municipalities of a district from the shipped list."""
    return tuple(
        Municipality(
            entry.name, entry.population(day), entry.latitude, entry.longitude, ags=entry.ags
        )
        for entry in gazetteer.municipalities_of(key)
    )
