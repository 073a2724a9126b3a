"""Every refusal is German, with key, value and what is allowed."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.errors import ScenarioError
from daz_planner.scenario import key_table, scenario_from_dict
from daz_planner.scenario.model import Scenario

ENGLISH = re.compile(
    r"\b(input|inputs|should|valid|required|permitted|greater|less|than|string|integer|number|"
    r"boolean|bool|dict|dictionary|tuple|mapping|least|items?|must|union|literal|instance|"
    r"finite|error|value|extra|field|type|the|and|or)\b",
    re.IGNORECASE,
)


def refusal(data: dict[str, Any]) -> str:
    with pytest.raises(ScenarioError) as caught:
        scenario_from_dict(data, "x.toml")
    message = str(caught.value)
    assert not ENGLISH.search(message), message
    return message


CASES: list[tuple[dict[str, Any], str]] = [
    (
        {"zuzug": {"varianzfaktor": 0.5}},
        "x.toml: zuzug.varianzfaktor: „0,5“ ist zu klein. Erlaubt sind Zahlen von 1 bis 100.",
    ),
    (
        {"zeitraum": {"monate": 61}},
        "x.toml: zeitraum.monate: „61“ ist zu groß. Erlaubt sind ganze Zahlen von 1 bis 60.",
    ),
    (
        {"zeitraum": {"monate": 18.0}},
        "x.toml: zeitraum.monate: „18“ ist keine ganze Zahl. "
        "Erlaubt sind ganze Zahlen von 1 bis 60.",
    ),
    (
        {"zeitraum": {"beginn": "02.2017"}},
        "x.toml: zeitraum.beginn: „02.2017“ ist kein Monat. "
        "Schreiben Sie Jahr und Monat, z. B. „2017-02“.",
    ),
    (
        {"zuzug": {"pro_monat": "18"}},
        "x.toml: zuzug.pro_monat: „18“ ist keine Zahl. Erlaubt sind Zahlen von 0 bis 100000.",
    ),
    (
        {"abgang": {"wegzug_pro_monat": 1}},
        "x.toml: abgang.wegzug_pro_monat: „1“ ist zu groß. Erlaubt sind Zahlen ab 0 und unter 1.",
    ),
    (
        {"rechnen": {"luecke": float("nan")}},
        "x.toml: rechnen.luecke: „nan“ ist keine Zahl. Erlaubt sind Zahlen ab 0 und unter 1.",
    ),
    (
        {"lehrer": {"begrenzt": 1}},
        "x.toml: lehrer.begrenzt: „1“ ist weder true noch false. Erlaubt sind true und false.",
    ),
    (
        {"beschreibung": 4},
        "x.toml: beschreibung: „4“ ist kein Text. Erlaubt sind Texte in geraden Anführungszeichen.",
    ),
    (
        {"wege": [1]},
        "x.toml: wege: Eine Liste ist keine Tabelle. "
        "Erlaubt ist eine Tabelle mit umweg, kmh, fest_minuten, richtwert, grenze.",
    ),
    (
        {"klassen": {"oeffnen_in": 8}},
        "x.toml: klassen.oeffnen_in: „8“ ist keine Liste. "
        "Erlaubt ist eine Liste in eckigen Klammern: ganze Zahlen.",
    ),
    (
        {"klassen": {"oeffnen_in": [8, 13]}},
        "x.toml: klassen.oeffnen_in (2. Wert): „13“ ist zu groß. "
        "Erlaubt sind ganze Zahlen von 1 bis 12.",
    ),
    (
        {"klassen": {"oeffnen_in": [8, 8]}},
        "x.toml: klassen.oeffnen_in: „8“ steht zweimal in der Liste. Streichen Sie eine Angabe.",
    ),
    (
        {"zuzug": {"saison": [1, 1]}},
        "x.toml: zuzug.saison: Die Liste hat 2 Werte. Nötig sind genau 12 Werte.",
    ),
    (
        {"zuzug": {"saison": [1.5] * 12}},
        "x.toml: zuzug.saison: Die zwölf Faktoren haben das Mittel 1,5 statt 1. "
        "Teilen Sie jeden Faktor durch dieses Mittel.",
    ),
    (
        {"zuzug": {"reihe": []}},
        "x.toml: zuzug.reihe: Die Liste hat 0 Werte. Erlaubt sind 1 bis 600 Werte.",
    ),
    (
        {"klassen": {"obergrenze": "regl"}},
        "x.toml: klassen.obergrenze: „regl“ ist nicht erlaubt. "
        "Erlaubt sind „regel“ und ganze Zahlen von 1 bis 60.",
    ),
    (
        {"phasen": {"GS": {"hoechstdauer": True}}},
        "x.toml: phasen.GS.hoechstdauer: „true“ ist nicht erlaubt. "
        "Erlaubt sind „regel“, „keine“ und ganze Zahlen von 2 bis 120.",
    ),
    (
        {"rechnen": {"loeser": "high s"}},
        "x.toml: rechnen.loeser: „high s“ ist kein Name eines Rechenprogramms. "
        "Schreiben Sie zum Beispiel „highs“ oder „cbc“.",
    ),
    (
        {"zuzug": {"schularten": {"GS": 0.5, "OS": 0.4}}},
        "x.toml: zuzug.schularten: Die Anteile ergeben zusammen 0,9 statt 1. "
        "Ändern Sie die Anteile so, dass ihre Summe 1 ist.",
    ),
    (
        {"zuzug": {"schularten": {"GS": 0.5, "HS": 0.5}}},
        "x.toml: zuzug.schularten.HS: „HS“ ist keine Schulart. "
        "Erlaubt sind „GS“, „OS“, „BSZ“ und „GYM“.",
    ),
    (
        {"zuzug": {"gemeinden": {"Riesa": 0.5, "Meißen": 0.2}}},
        "x.toml: zuzug.gemeinden: Die Anteile ergeben zusammen 0,7 statt 1. "
        "Ändern Sie die Anteile so, dass ihre Summe 1 ist.",
    ),
    (
        {"zuzug": {"gemeinden": {"Riesa": "viel"}}},
        "x.toml: zuzug.gemeinden: Der Anteil „viel“ der Gemeinde „Riesa“ ist nicht erlaubt. "
        "Erlaubt sind Zahlen von 0 bis 1.",
    ),
    (
        {"zuzug": {"gemeinden": "flaeche"}},
        "x.toml: zuzug.gemeinden: „flaeche“ ist nicht erlaubt. "
        "Erlaubt sind „einwohner“ und eine Tabelle mit dem Anteil jeder Gemeinde.",
    ),
    (
        {"zuzug": {"pro_monat": 3, "reihe": [1]}},
        "x.toml: zuzug: Der Zuzug ist mehrfach angegeben: pro_monat und reihe. "
        "Nennen Sie genau eines von pro_monat, reihe, zuweisungen und aus.",
    ),
    (
        {"zuzug": {"zuweisungen": {"ab": "2017-01"}}},
        "x.toml: zuzug.zuweisungen.personen: Die Angabe fehlt. Tragen Sie sie ein: "
        "Dem Landkreis zugewiesene Personen, je Monat eine Zahl. Danach gilt die letzte Zahl "
        "weiter, davor allein der Sockel.",
    ),
    (
        {"phasen": {"GS": {"phase1": {"tabelle": [0.5, 0.5], "mittel": 3}}}},
        "x.toml: phasen.GS.phase1: Die Dauer ist doppelt angegeben. "
        "Nennen Sie „mittel“ und „standardabweichung“, oder allein „tabelle“.",
    ),
    (
        {"schuljahr": {"stufen": {"GS": [1]}}},
        "x.toml: schuljahr.stufen.GS (2. Wert): Der 2. Wert der Liste fehlt. Tragen Sie ihn ein.",
    ),
    (
        {"schuljahr": {"stufen": {"GS": [1, 5]}}},
        "x.toml: schuljahr: Die letzte Stufe der Schulart GS (5) liegt nicht unter der ersten der "
        "Schulart OS (5). Ändern Sie „stufen“ so, dass die Schularten aufeinander folgen.",
    ),
    (
        {"klassen": {"obergrenze": 18}},
        "x.toml: klassen: Die Planungsgröße 20 liegt über der Obergrenze 18. "
        "Senken Sie „planungsgroesse“ oder erhöhen Sie „obergrenze“.",
    ),
    (
        {"wege": {"grenze": 40}},
        "x.toml: wege: Der Richtwert der Schulart OS (45 Minuten) liegt über der Grenze "
        "(40 Minuten). Senken Sie den Richtwert oder erhöhen Sie „grenze“.",
    ),
    (
        {"lehrer": {"stunden": {"GS": 100}}},
        "x.toml: lehrer: „stunden“ wirkt nur mit „begrenzt = true“. "
        "Setzen Sie „begrenzt = true“ oder streichen Sie „stunden“.",
    ),
    (
        {"name": "a/b"},
        "x.toml: name: „a/b“ taugt nicht als Name, denn der Ergebnisordner heißt so. Erlaubt sind "
        "bis zu 60 Buchstaben, Ziffern, Leerzeichen, Punkte und Striche, z. B. „herbst-2026“.",
    ),
    (
        {"zuzug": {"varianz_faktor": 3}},
        "x.toml: zuzug.varianz_faktor: Diesen Schlüssel gibt es nicht. "
        "Meinten Sie „varianzfaktor“ in [zuzug]?",
    ),
    (
        {"klassen": {"umweg": 3}},
        "x.toml: klassen.umweg: Diesen Schlüssel gibt es hier nicht. "
        "Meinten Sie „umweg“ in [wege]?",
    ),
    (
        {"zuzug": {"sockel": 3}},
        "x.toml: zuzug.sockel: Diesen Schlüssel gibt es hier nicht. "
        "Meinten Sie „sockel“ in [zuzug.zuweisungen]?",
    ),
    (
        {"klassen": {"öffnen-in": [3]}},
        "x.toml: klassen.öffnen-in: Diesen Schlüssel gibt es nicht. "
        "Meinten Sie „oeffnen_in“ in [klassen]?",
    ),
    (
        {"abgang": {"xyz": 3}},
        "x.toml: abgang.xyz: Diesen Schlüssel gibt es nicht. "
        "In [abgang] gibt es: wegzug_pro_monat, rueckkehr_in_vka, rueckkehr_nach_monaten, "
        "direkt_in_regelklasse.",
    ),
    (
        {"umweg": 1.3},
        "x.toml: umweg: Diesen Schlüssel gibt es hier nicht. Meinten Sie „umweg“ in [wege]?",
    ),
    (
        {"zuzug": {"reihe": [-1]}},
        "x.toml: zuzug.reihe (1. Wert): „-1“ ist zu klein. Erlaubt sind Zahlen von 0 bis 100000.",
    ),
    (
        {"zuzüge": {}},
        "x.toml: zuzüge: Diesen Schlüssel gibt es nicht. Meinten Sie „zuzug“?",
    ),
]


@pytest.mark.parametrize(("data", "message"), CASES, ids=[message for _, message in CASES])
def test_message(data: dict[str, Any], message: str) -> None:
    assert refusal(data) == message


def test_all_faults_are_told_at_once() -> None:
    message = refusal({"wege": {"kmh": 0, "umwg": 2}, "rechnen": {"laeufe": 0}})
    assert len(message.splitlines()) == 3


KEYS = sorted({part for row in key_table() for part in row.key.split(".")} | {"GS", "OS", "basis"})
VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(),
        st.just(10**400),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from(["regel", "einwohner", "basis", "2017-02", "highs", "GS"]),
        st.dates(),
        st.datetimes(),
        st.times(),
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(Scenario.model_fields)), VALUES, max_size=5))
def test_any_table_is_a_scenario_or_a_german_refusal(data: dict[str, Any]) -> None:
    try:
        assert isinstance(scenario_from_dict(data), Scenario)
    except ScenarioError as error:
        assert "Input should" not in str(error)


@st.composite
def tables_with_one_random_value(draw: st.DrawFn) -> dict[str, Any]:
    """A real key with a random value, so that the types of every key are tried."""
    key = draw(st.sampled_from([row.key.replace("<Schulart>", "GS") for row in key_table()]))
    value = draw(VALUES)
    for part in reversed(key.split(".")):
        value = {part: value}
    return dict(value)


@settings(max_examples=400, deadline=None)
@given(tables_with_one_random_value())
def test_any_value_of_a_key_is_taken_or_refused_in_german(data: dict[str, Any]) -> None:
    try:
        scenario_from_dict(data)
    except ScenarioError as error:
        assert "Input should" not in str(error)


@pytest.mark.parametrize("value", [date(2017, 2, 8), datetime(2017, 2, 8, 1), time(1), {}, []])
def test_kinds_that_toml_knows_and_no_number_is(value: object) -> None:
    assert "ist keine ganze Zahl" in refusal({"rechnen": {"saat": value}})
