"""One hint for all names of schools that are written in another way, and what a finding shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from daz_planner.district.collect import Collector
from daz_planner.district.model import Place
from daz_planner.district.read_as import MOST_PAIRS, SCHOOL_NAMES
from daz_planner.district.report import Report
from tests.district.plausible import FILE, check, district, school

Read = Callable[..., Any]
NAMES = (
    "Oberschule „Am Sportzentrum“ Riesa",
    "3. Grundschule Riesa",
    "4. Grundschule Riesa",
    "Pestalozzi-Oberschule Meißen",
)
WRITTEN = (
    "OS Am Sportzentrum Riesa",
    "3. GS Riesa",
    "Vierte Grundschule Riesa",
    "Pestalozzi-OS Meißen",
)


def table(schools: Read) -> Any:
    return schools(*((name, "Riesa", 20, 1, 3, 51.3, 13.29) for name in NAMES))


def plan_of(*names: str) -> Any:
    header = ("Schule", "ab", "Klassen", "Stand")
    return (header, *((name, "08.2017", 1, "geplant") for name in names))


def test_all_names_of_a_sheet_are_one_hint(read: Read, schools: Read) -> None:
    (hint,) = read(Schulen=table(schools), Klassenplan=plan_of(*WRITTEN, WRITTEN[0])).findings
    assert (hint.code, hint.place) == ("schule_gelesen_als", "Klassenplan!A2")
    assert hint.problem == (
        "4 Schulnamen sind gelesen als: „OS Am Sportzentrum Riesa“ = „Oberschule ‚Am Sportzentrum‘ "
        "Riesa“; „3. GS Riesa“ = „3. Grundschule Riesa“; „Vierte Grundschule Riesa“ = „4. "
        "Grundschule Riesa“ und 1 weitere."
    )
    assert hint.value == "; ".join(f"{a} = {b}" for a, b in zip(WRITTEN, NAMES, strict=True))
    assert "--format csv" in hint.remedy


def test_a_single_name_stands_at_its_cell(read: Read, schools: Read) -> None:
    plan = plan_of(NAMES[0], WRITTEN[1], WRITTEN[1])
    (hint,) = read(Schulen=table(schools), Klassenplan=plan).findings
    assert (hint.cell, hint.value) == ("A3", "3. GS Riesa")
    assert hint.problem == "„3. GS Riesa“ ist gelesen als „3. Grundschule Riesa“."
    assert "--format" not in hint.remedy


def test_case_blanks_hyphens_and_quotes_are_no_other_spelling(read: Read, schools: Read) -> None:
    same = (
        'OBERSCHULE "Am Sportzentrum" Riesa',
        " 3.  grundschule Riesa",
        "Pestalozzi Oberschule Meissen",
    )
    assert read(Schulen=table(schools), Klassenplan=plan_of(*same)).findings == ()


def test_each_sheet_has_its_own_hint(read: Read, schools: Read) -> None:
    district = read(
        Schulen=table(schools),
        Klassenplan=plan_of(WRITTEN[0]),
        Wege=(("Gemeinde", *WRITTEN[:2]), ("Riesa", 12, 7)),
    )
    assert [(f.sheet, f.cell) for f in district.findings] == [("Klassenplan", "A2"), ("Wege", "B1")]
    assert district.findings[1].problem.startswith("2 Schulnamen sind gelesen als: ")


def test_very_many_pairs_are_counted() -> None:
    out = Collector("a.xlsx")
    for n in range(MOST_PAIRS + 7):
        out.read_as("schule_gelesen_als", SCHOOL_NAMES, f"GS {n}", f"Grundschule {n}", "Prüfen.",
                    sheet="Wege", row=n + 2, column=1)  # fmt: skip
    out.read_as("schule_gelesen_als", SCHOOL_NAMES, "GS 1", "Grundschule 1", "Prüfen.",
                sheet="Wege", row=999, column=1)  # fmt: skip
    (hint,) = out.of("b.xlsx").findings
    assert hint.problem.startswith(f"{MOST_PAIRS + 7} Schulnamen")
    assert hint.problem.endswith(f"und {MOST_PAIRS + 7 - 3} weitere.")
    assert hint.value.endswith("; … und 7 weitere")
    assert hint.value.count(" = ") == MOST_PAIRS


def test_the_value_of_a_finding_is_what_stands_in_the_cell(
    read: Read, schools: Read, found: Read
) -> None:
    """A text „1.234“ is 1234 pupils, and the finding shows the text."""
    thousand = read(Schulen=schools(("Grundschule A", "Riesa", "1.234", 1, 0, 51.3, 13.29)))
    assert thousand.schools[0].pupils == 1234
    (fault,) = [f for f in check(thousand) if f.code == "schueler_je_klasse"]
    assert (fault.cell, fault.value) == ("C2", "1.234")
    plain = replace(thousand, written=())
    (fault,) = [f for f in check(plain) if f.code == "schueler_je_klasse"]
    assert fault.value == "1234"
    (warning,) = [
        f
        for f in found(Schulen=schools(("Grundschule A", "Riesa", "1.234", 0, None, 51.3, 13.29)))
        if f.code == "schueler_ohne_klasse"
    ]
    assert warning.value == "0"
    (warning,) = [
        f
        for f in found(Schulen=schools(("Grundschule A", "Riesa", "–", 1, 0, 51.3, 13.29)))
        if f.code == "klasse_ohne_schueler"
    ]
    assert warning.value == "–"


def test_a_date_in_words_is_shown_as_written(read: Read, schools: Read) -> None:
    header = ("Schüler-ID", "Schule", "Phase", "Eintritt")
    row = ("S-1", "Grundschule A", 1, "3. März 2017")
    district = read(
        Schulen=schools(("Grundschule A", "Riesa", 1, 1, 22, 51.3, 13.29)), Bestand=(header, row)
    )
    (warning,) = check(district)
    assert (warning.code, warning.value) == ("datum_nach_stichtag", "3. März 2017")


def test_an_id_under_suspicion_stays_masked(read: Read, schools: Read) -> None:
    header = ("Schüler-ID", "Schule", "Phase")
    district = read(
        Schulen=schools(("Grundschule A", "Riesa", 1, 1, 22, 51.3, 13.29)),
        Bestand=(header, ("Anna  Müller", "Grundschule A", 1)),
    )
    (warning,) = check(district)
    assert (warning.code, warning.value) == ("personenbezug", "A*** M*****")


def test_only_numbers_and_dates_are_shown_as_written() -> None:
    """A text may be masked, or name something else than the cell."""
    there = school()
    cell = Place(FILE, "Schulen", there.row, 4)
    report = Report(replace(district(schools=(there,)), written=((cell, "–"),)))
    report.warn("a", "A.", at=there, column="Kap.reserve", value="anderer Text")
    report.warn("b", "B.", at=there, column="Kap.reserve", value=0)
    report.warn("c", "C.", at=there, column="VKA-Klassen", value=0)
    assert [finding.value for finding in report.findings] == ["0", "anderer Text", "–"]
