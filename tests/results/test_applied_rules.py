"""The dated rules as applied: value, months, source, and what took the place of a rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from daz_planner import rules
from daz_planner.planning.plan import Plan
from daz_planner.results.applied_rules import AppliedRule, applied_rules, month_span
from daz_planner.results.assumption_tables import assumptions
from daz_planner.results.csvfiles import csv_bytes
from daz_planner.results.tables import tables
from daz_planner.scenario.model import Phases, Scenario


def named(plan: Plan, start: str) -> list[AppliedRule]:
    return [rule for rule in applied_rules(plan) if rule.name.startswith(start)]


def with_part(plan: Plan, table: str, **values: Any) -> Plan:
    """The plan with some keys of one table of its scenario changed, checked as a whole."""
    data = plan.scenario.model_dump()
    data[table] |= values
    return replace(plan, scenario=Scenario.model_validate(data))


def later(plan: Plan, months: tuple[date, ...]) -> Plan:
    return replace(plan, months=months, district=replace(plan.district, reference_date=months[0]))


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2017, 2, 1), date(2018, 7, 1), "02/2017–07/2018"),
        (date(2017, 2, 1), date(2017, 2, 1), "02/2017"),
    ],
)
def test_month_span(first: date, last: date, text: str) -> None:
    assert month_span(first, last) == text


def test_every_rule_of_2017(plan: Plan) -> None:
    rows = [(rule.name, rule.value, rule.months, rule.replaced) for rule in applied_rules(plan)]
    months = "02/2017–05/2017"
    assert rows == [
        ("Klassenobergrenze", 23, months, False),
        ("Höchstdauer in der VKA", "Phase 1: 12, Phase 2: 12", months, False),
        ("Lehrerstunden", "GS 17, OS 27", months, False),
        ("Schulweg GS", "Richtwert 30, Grenze 60", months, False),
        ("Schulweg OS", "Richtwert 45, Grenze 60", months, False),
        ("Klassenstufen je VKA, GS", 2, months, False),
        ("Klassenstufen je VKA, OS", 3, months, False),
    ]


def test_the_source_has_its_dates(plan: Plan) -> None:
    (cap,) = named(plan, "Klassenobergrenze")
    assert cap.source.startswith("MBl. SMK 5/2011")
    assert cap.source.endswith("(gilt bis 11.05.2022)")
    assert cap.unit == "Schüler je Klasse"


def test_a_change_of_the_cap_parts_the_period(plan: Plan) -> None:
    months = tuple(date(2022, month, 1) for month in (4, 5, 6, 7))
    caps = named(later(plan, months), "Klassenobergrenze")
    # The rule of 12.05.2022 is asked for the first of each month, as the planning does.
    assert [(cap.months, cap.value) for cap in caps] == [
        ("04/2022–05/2022", 23),
        ("06/2022–07/2022", 28),
    ]
    assert "gilt ab 12.05.2022 bis 31.07.2026" in caps[1].source


def test_an_open_rule_is_told_with_value_and_choice(plan: Plan) -> None:
    months = tuple(date(2026, month, 1) for month in (6, 7, 8, 9))
    known, open_rule = named(later(plan, months), "Klassenobergrenze")
    assert (known.months, known.value) == ("06/2026–07/2026", 28)
    assert not known.meaning.startswith("Offen")
    assert (open_rule.months, open_rule.value) == ("08/2026–09/2026", 28)
    assert open_rule.meaning.startswith(
        "Offen: Zur Klassenobergrenze ab dem 01.08.2026 wurde keine Regel gefunden."
    )
    assert "mit dem zuletzt bekannten Wert 28" in open_rule.meaning
    assert "23 oder 28 wählen" in open_rule.meaning
    assert open_rule.source.startswith("keine Regel gefunden; zuletzt: § 4 SächsKlassBVO")


def test_the_scenario_replaces_the_cap(plan: Plan) -> None:
    months = tuple(date(2026, month, 1) for month in (6, 7, 8, 9))
    (cap,) = named(with_part(later(plan, months), "klassen", obergrenze=25), "Klassenobergrenze")
    assert (cap.value, cap.months, cap.replaced) == (25, "06/2026–09/2026", True)
    assert "Das Szenario setzt 25; die Regel wird nicht angewandt." in cap.meaning
    assert cap.source == "Szenario „basis“, [klassen] obergrenze"
    assert cap.rule_value == "06/2026–07/2026: 28; 08/2026–09/2026: offen, zuletzt 28"


def with_caps(plan: Plan, caps: tuple[int | None, ...]) -> Plan:
    schools = tuple(
        replace(school, class_cap=cap)
        for school, cap in zip(plan.district.schools, caps, strict=True)
    )
    return replace(plan, district=replace(plan.district, schools=schools))


def test_a_school_with_its_own_size(plan: Plan) -> None:
    rule, own = named(with_caps(plan, (18, None, None)), "Klassenobergrenze")
    assert rule.meaning.endswith("Außer an 1 Schule mit eigener Klassengröße.")
    assert own.name == "Klassenobergrenze einzelner Schulen"
    assert own.value == 18
    assert own.meaning == "Eigene Klassengröße statt der Regel: Grundschule „Nord“."
    assert own.source == "Eingabe, Spalte Klassengröße"


def test_all_schools_with_their_own_sizes(plan: Plan) -> None:
    rule, small, large = named(with_caps(plan, (25, 18, 25)), "Klassenobergrenze")
    assert "An keiner Schule angewandt" in rule.meaning
    assert (small.value, large.value) == (18, 25)
    assert "Grundschule „Nord“ und Oberschule Mitte" in large.meaning


def test_stays_by_scenario_and_by_rule(plan: Plan) -> None:
    phasen = {
        "GS": Phases(hoechstdauer=18).model_dump(),
        "OS": Phases(hoechstdauer="keine").model_dump(),
    }
    changed = with_part(plan, "phasen", **phasen)
    first, second = named(changed, "Höchstdauer")
    assert (first.name, first.value) == ("Höchstdauer in der VKA (GS)", "zusammen 18")
    assert (second.name, second.value) == ("Höchstdauer in der VKA (OS)", "keine")
    assert first.replaced
    assert first.rule_value == "Phase 1: 12, Phase 2: 12"
    assert first.source == "Szenario „basis“, [phasen.GS] hoechstdauer"


def test_a_later_rule_of_the_stay_is_told(plan: Plan) -> None:
    months = tuple(date(2025, month, 1) for month in (6, 7, 8, 9))
    (stay,) = named(later(plan, months), "Höchstdauer")
    assert stay.value == "Phase 1: 12, Phase 2: 12"
    assert "Ab August 2025 gilt eine andere Regel (zusammen 24 Monate: LaSuB" in stay.meaning


def test_teacher_hours_by_class_then_by_pupils(plan: Plan) -> None:
    months = tuple(date(2025, month, 1) for month in (6, 7, 8, 9))
    by_class, by_pupils = named(later(plan, months), "Lehrerstunden")
    assert (by_class.months, by_class.value) == ("06/2025–07/2025", "GS 17, OS 27")
    assert (by_pupils.months, by_pupils.value) == ("08/2025–09/2025", "GS 5 bis 60, OS 10 bis 100")
    assert "dazu 2 Stunden je VKA" in by_pupils.meaning
    assert "Sie begrenzen den Plan nicht." in by_pupils.meaning


def test_limited_teacher_hours(plan: Plan) -> None:
    limited = with_part(plan, "lehrer", begrenzt=True, stunden={"OS": 27.5})
    (hours,) = named(limited, "Lehrerstunden")
    assert "vorhanden: GS heutiger Bedarf, OS 27,5." in hours.meaning


def test_other_ways_than_the_rule(plan: Plan) -> None:
    other = with_part(plan, "wege", grenze=50.0)
    first, second = named(other, "Schulweg")
    assert (first.name, first.value) == ("Schulweg GS", "Richtwert 30, Grenze 50")
    assert first.replaced
    assert first.rule_value == "Richtwert 30, Grenze 60"
    assert "weicht von der Regel ab (Richtwert 30, Grenze 60)" in first.meaning
    assert second.value == "Richtwert 45, Grenze 50"


def test_the_table_begins_with_the_rules(plan: Plan, make_plan: Callable[..., Plan]) -> None:
    built = tables(plan)["annahmen"]
    assert built.values("Parameter")[0] == "Regel: Klassenobergrenze"
    line = csv_bytes(built).decode("utf-8-sig").split("\r\n")[1]
    assert line.startswith(
        "Regel: Klassenobergrenze;Höchstzahl der Schüler einer VKA nach der geltenden Regel.;23;"
        "Schüler je Klasse;02/2017–05/2017;"
    )
    assert set(built.values("weicht ab")) == {"nein"}
    changed = tables(with_part(make_plan(), "klassen", obergrenze=25))["annahmen"]
    row = changed.frame.iloc[0]
    assert (row["weicht ab"], row["Wert in basis"]) == ("ja", "02/2017–05/2017: 23")


def test_the_rules_are_those_of_the_plan(plan: Plan) -> None:
    """The caps and hours of the small plan, made by hand, are those of the rules."""
    (cap,) = named(plan, "Klassenobergrenze")
    assert (plan.class_cap == cap.value).all()


def test_what_is_assumed_in_place_of_a_rule_is_told_as_an_assumption(plan: Plan) -> None:
    # Phase 2 and regular classes: no rule was found for the time before 01.08.2024.
    rows = {}
    for day in (date(2017, 3, 1), date(2024, 9, 1)):
        rule = rules.phase2_in_regular(day)
        one = AppliedRule("Phase 2", "", "nein", "", "", rule.source)
        table = assumptions(plan.scenario, [one])
        rows[day.year] = (table.values("Herkunft")[0], table.values("Quelle")[0])
    assert rows[2017][0] == "Annahme"
    assert "eine Vorschrift für die Zeit davor ist nicht gefunden" in rows[2017][1]
    assert rows[2024][0] == "Regel"
    assert "seit dem Schuljahr 2024/25" in rows[2024][1]
