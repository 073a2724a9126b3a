"""Tables made from the model: parameters with source, all keys, and the JSON schema."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from daz_planner.errors import ScenarioError
from daz_planner.rules import SCHOOL_TYPES, planning_size, way_limits
from daz_planner.scenario import (
    differences,
    key_table,
    load_scenario,
    parameter_rows,
    scenario_from_dict,
)
from daz_planner.scenario.model import Scenario
from daz_planner.scenario.schema import SCHEMA_FILE, schema_text


def test_every_parameter_has_a_source_and_a_description() -> None:
    for row in parameter_rows(load_scenario("basis")):
        assert row.source, row.key
        assert row.description, row.key
        assert row.value != "", row.key
        assert not row.differs_from_basis, row.key


def test_changed_parameters_name_the_scenario() -> None:
    rows = {row.key: row for row in parameter_rows(load_scenario("lehrermangel"))}
    changed = [key for key, row in rows.items() if row.differs_from_basis]
    assert changed == ["zuzug.pro_monat", "lehrer.begrenzt"]
    level = rows["zuzug.pro_monat"]
    assert (level.value, level.basis_value) == (25, 18)
    assert level.unit == "Anmeldungen je Monat"
    assert level.source.startswith("rund 6 % von rund 400 Anmeldungen")
    assert rows["wege.richtwert.GS"].source.startswith("LEP 2013")


def test_parameter_that_the_basis_does_not_have() -> None:
    plan = {"ab": "2016-11", "personen": [5, 6]}
    scenario = scenario_from_dict({"zuzug": {"zuweisungen": plan}})
    rows = {row.key: row for row in parameter_rows(scenario)}
    assert "zuzug.pro_monat" not in rows
    assert rows["zuzug.zuweisungen.personen"].value == "5; 6"
    assert rows["zuzug.zuweisungen.personen"].basis_value == ""
    assert rows["zuzug.zuweisungen.ab"].value == "11.2016"
    assert rows["zuzug.zuweisungen.ab"].source == "Szenario „eigenes“"
    assert rows["zuzug.zuweisungen.sockel"].source.startswith("Annahme")


def test_differences_tell_both_values() -> None:
    found = differences(load_scenario("stark"), load_scenario("rueckgang"))
    assert [(item.key, item.value, item.basis_value) for item in found] == [
        ("zuzug.pro_monat", 45, 8)
    ]


def test_table_of_keys_is_complete() -> None:
    table = {row.key: row for row in key_table()}
    assert len(table) == len(key_table())
    for row in table.values():
        assert row.description, row.key
        if row.key not in ("name", "beschreibung", "quellen"):
            assert row.origin, row.key
    assert table["zuzug.schularten"].default == "GS 0,42; OS 0,36; BSZ 0,22; GYM 0"
    assert table["zuzug.zuweisungen.schulpflichtig_anteil"].default == "0,22"
    assert table["phasen.<Schulart>.phase2.mittel"].default == "11"
    assert table["klassen.schliessen_in"].default == "nie"
    assert table["wege.grenze"].unit == "Minuten"


def test_defaults_that_are_rules_come_from_the_rules() -> None:
    scenario = Scenario(name="x")
    assert scenario.klassen.planungsgroesse == planning_size(date.max).value
    for kind in SCHOOL_TYPES:
        assert scenario.wege.richtwert[kind] == way_limits(date.max, kind).guidance
        assert scenario.wege.grenze == way_limits(date.max, kind).limit


def test_schema_file_is_current() -> None:
    current = SCHEMA_FILE.read_text(encoding="utf-8")
    assert current == schema_text(), "python -m daz_planner.scenario.schema schreibt sie neu"


def test_schema_is_for_files() -> None:
    schema = json.loads(schema_text())
    assert "basis" in schema["properties"]
    assert "required" not in schema
    assert schema["additionalProperties"] is False
    assert '"null"' not in schema_text()
    assert "frozen" not in schema_text()


def test_a_scenario_names_the_source_of_its_values() -> None:
    rows = {row.key: row for row in parameter_rows(load_scenario("stark"))}
    assert "Drs. 6/3675" in rows["zuzug.pro_monat"].source


def test_the_source_of_an_overridden_value_is_not_inherited(tmp_path: Path) -> None:
    file = tmp_path / "eigenes.toml"
    file.write_text('name = "eigenes"\nbasis = "stark"\n[zuzug]\npro_monat = 50\n', "utf-8")
    rows = {row.key: row for row in parameter_rows(load_scenario(str(file)))}
    assert rows["zuzug.pro_monat"].source == "Szenario „eigenes“"
    file.write_text('name = "eigenes"\nbasis = "stark"\n[klassen]\nvorlauf_monate = 3\n', "utf-8")
    rows = {row.key: row for row in parameter_rows(load_scenario(str(file)))}
    assert "Drs. 6/3675" in rows["zuzug.pro_monat"].source


def test_a_source_for_no_key_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"Meinten Sie „zuzug.pro_monat“"):
        scenario_from_dict({"quellen": {"zuzug.promonat": "Zählung"}})
