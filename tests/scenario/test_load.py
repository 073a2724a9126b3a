"""Finding, composing and reading scenario files."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.errors import ScenarioError
from daz_planner.scenario import (
    load_scenario,
    scenario_as_toml_dict,
    scenario_from_dict,
    shipped_names,
    with_values,
)
from daz_planner.scenario.model import Scenario


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path | str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    return str(caught.value)


def test_child_names_only_what_differs(tmp_path: Path) -> None:
    write(tmp_path, "grund.toml", "[zuzug]\npro_monat = 30\n[wege]\nkmh = 50\n")
    path = write(tmp_path, "kind.toml", 'basis = "grund.toml"\n[wege]\numweg = 1.5\n')
    scenario = load_scenario(path)
    assert scenario.zuzug.pro_monat == 30
    assert (scenario.wege.kmh, scenario.wege.umweg, scenario.wege.fest_minuten) == (50, 1.5, 5)


def test_file_without_basis_has_the_defaults(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, "leer.toml", ""))
    assert scenario.name == "leer"
    assert scenario == Scenario(name="leer")


def test_part_of_a_table_keeps_the_rest_of_the_defaults() -> None:
    scenario = scenario_from_dict({"phasen": {"GS": {"phase1": {"mittel": 6}}}})
    assert scenario.phasen["GS"].phase1.mittel == 6
    assert scenario.phasen["GS"].phase1.standardabweichung == 2
    assert scenario.phasen["OS"].phase1.mittel == 4
    changed = scenario_from_dict({"wege": {"richtwert": {"GS": 20}}})
    assert changed.wege.richtwert == {"GS": 20, "OS": 45, "BSZ": 45, "GYM": 45}


def test_name_and_description_are_not_inherited(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, "meins.toml", 'basis = "stark"\n'))
    assert (scenario.name, scenario.beschreibung) == ("meins", "")


def test_another_form_of_arrivals_replaces_the_inherited_one() -> None:
    scenario = scenario_from_dict({"basis": "basis", "zuzug": {"reihe": [1, 2]}})
    assert scenario.zuzug.pro_monat is None
    assert scenario.zuzug.reihe == (1, 2)
    back = scenario_from_dict({"basis": "welle-2015", "zuzug": {"pro_monat": 4}})
    assert (back.zuzug.pro_monat, back.zuzug.reihe) == (4, None)


def test_table_of_stays_replaces_mean_and_spread() -> None:
    scenario = scenario_from_dict({"phasen": {"OS": {"phase1": {"tabelle": [0.5, 0.5]}}}})
    stay = scenario.phasen["OS"].phase1
    assert (stay.mittel, stay.standardabweichung, stay.tabelle) == (None, None, (0.5, 0.5))


def test_shares_replace_the_inherited_shares_as_a_whole() -> None:
    scenario = scenario_from_dict({"zuzug": {"schularten": {"OS": 0.5, "GS": 0.5}}})
    assert scenario.zuzug.schularten == {"GS": 0.5, "OS": 0.5, "BSZ": 0.0, "GYM": 0.0}
    assert list(scenario.zuzug.schularten) == ["GS", "OS", "BSZ", "GYM"]


def test_limit_taken_off_takes_the_inherited_hours_off(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", "[lehrer]\nbegrenzt = true\nstunden = {GS = 100}\n")
    path = write(tmp_path, "b.toml", 'basis = "a.toml"\n[lehrer]\nbegrenzt = false\n')
    assert load_scenario(path).lehrer.stunden is None


def test_circle_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", 'basis = "b.toml"\n')
    path = write(tmp_path, "b.toml", 'basis = "a.toml"\n')
    message = refusal(path)
    assert "im Kreis" in message
    assert "a.toml" in message
    assert "b.toml" in message


def test_own_file_called_basis_may_build_on_the_shipped_one(tmp_path: Path) -> None:
    path = write(tmp_path, "basis.toml", 'basis = "basis"\n[zuzug]\npro_monat = 3\n')
    assert load_scenario(path).zuzug.pro_monat == 3


def test_unknown_name_is_answered_with_the_nearest_and_the_list() -> None:
    message = refusal("modderat")
    assert "Meinten Sie „moderat“?" in message
    for name in shipped_names():
        assert f"„{name}“" in message


def test_missing_file_names_the_nearest_file(tmp_path: Path) -> None:
    write(tmp_path, "herbst.toml", "")
    message = refusal(tmp_path / "herbts.toml")
    assert "gibt es nicht" in message
    assert "„herbst.toml“" in message


def test_error_names_the_file_that_holds_the_key(tmp_path: Path) -> None:
    write(tmp_path, "grund.toml", "[wege]\nkmh = 0\n")
    path = write(tmp_path, "kind.toml", 'basis = "grund.toml"\n[zuzug]\nvarianzfaktor = 0.5\n')
    first, second = sorted(refusal(path).splitlines())
    assert "grund.toml: wege.kmh: „0“ ist zu klein." in first
    assert second.endswith(
        "kind.toml: zuzug.varianzfaktor: „0,5“ ist zu klein. Erlaubt sind Zahlen von 1 bis 100."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[wege]\numweg = 1,3\n", "Zeile 2: „umweg = 1,3“ ist nicht lesbar. Schreiben Sie Dezimal"),
        ("[wege]\nkmh = 40\nkmh = 50\n", "Zeile 3: Dieser Schlüssel oder diese Tabelle steht zwei"),
        ("[wege]\n[wege]\n", "Zeile 2: Dieser Schlüssel oder diese Tabelle steht zweimal"),
        ("[klassen]\nobergrenze = „regel“\n", "geraden Anführungszeichen"),
        ("\nhallo\n", "Zeile 2: „hallo“ ist nicht lesbar. Schreiben Sie „schlüssel = wert“"),
        ("[zuzug]\nreihe = [1, 2\n", "Zeile 2"),
        ("a = " + "[" * 5000, "verschachtelt"),
        ("a = " + "9" * 5000, "nicht lesbar"),
    ],
)
def test_syntax_errors_name_line_and_remedy(tmp_path: Path, text: str, expected: str) -> None:
    message = refusal(write(tmp_path, "x.toml", text))
    assert expected in message
    assert "x.toml" in message
    assert not re.search(r"\bline\b|Cannot|Expected|Invalid", message)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab=[]{}\"'.,#\n 1-:é\x00", max_size=40))
def test_any_text_is_a_scenario_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "zufall.toml"
    path.write_text(text, encoding="utf-8")
    try:
        load_scenario(path)
    except ScenarioError as error:
        assert "zufall.toml" in str(error)


def test_file_of_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "alt.toml"
    path.write_bytes('# eins\nbeschreibung = "für"\n'.encode("cp1252"))
    message = refusal(path)
    assert "Zeile 2" in message
    assert "UTF-8" in message


def test_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes("[zuzug]\r\npro_monat = 7\r\n".encode("utf-8-sig"))
    assert load_scenario(str(path)).zuzug.pro_monat == 7


def test_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "ordner.toml"
    folder.mkdir()
    refusal(folder)


def test_dump_loads_again() -> None:
    scenario = scenario_from_dict(
        {
            "zeitraum": {"beginn": "2017-02"},
            "zuzug": {"zuweisungen": {"ab": date(2016, 11, 17), "personen": [1, 2]}},
            "lehrer": {"begrenzt": True, "stunden": {"OS": 20}},
        }
    )
    assert scenario.zeitraum.beginn == date(2017, 2, 1)
    assert scenario.zuzug.zuweisungen is not None
    assert scenario.zuzug.zuweisungen.ab == date(2016, 11, 1)
    assert scenario_from_dict(scenario_as_toml_dict(scenario)) == scenario
    assert Scenario.model_validate(scenario.model_dump(mode="json")) == scenario


def test_values_of_the_call_are_checked_like_a_file() -> None:
    scenario = with_values(load_scenario("basis"), {"rechnen.laeufe": 5, "rechnen.loeser": "cbc"})
    assert (scenario.rechnen.laeufe, scenario.rechnen.loeser) == (5, "cbc")
    assert scenario.name == "basis"
    with pytest.raises(ScenarioError, match=r"Aufruf: rechnen\.laeufe: „0“ ist zu klein"):
        with_values(scenario, {"rechnen.laeufe": 0})


def test_no_limit_of_ways_and_no_reserve() -> None:
    words = {"wege": {"grenze": "keine"}, "klassen": {"planungsgroesse": "obergrenze"}}
    scenario = scenario_from_dict(words)
    assert scenario.wege.limit == float("inf")
    assert scenario.klassen.planned_size == float("inf")
    again = scenario_from_dict(scenario_as_toml_dict(scenario))
    assert again == scenario
    usual = scenario_from_dict({"wege": {"grenze": 75}})
    assert (usual.wege.limit, usual.klassen.planned_size) == (75.0, 20.0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "„0.5“ ist zu klein"),
        (241, "„241“ ist zu groß"),
        ("kein", "nicht erlaubt"),
        (True, "nicht erlaubt"),
    ],
)
def test_limits_of_ways_that_are_none(value: object, text: str) -> None:
    with pytest.raises(ScenarioError, match=text) as caught:
        scenario_from_dict({"wege": {"grenze": value}})
    assert "Erlaubt sind „keine“ und Zahlen von 1 bis 240." in str(caught.value)
