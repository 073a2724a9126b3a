"""The load test in words where the time did not suffice for every factor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from daz_planner.cli import main
from daz_planner.errors import OutOfTimeError
from daz_planner.planning.load_search import TypeSearch, Unfinished
from daz_planner.planning.load_test import LoadTest, load_test
from daz_planner.results.load_test_folder import load_test_record
from daz_planner.results.load_test_tables import load_test_table
from daz_planner.results.load_test_texts import answers, cell_text, cut_off_sentence, opening_lines
from daz_planner.shipped import path
from tests.factories import district, place, scenario, school

LONG = ("--zeitlimit", "1800")


@pytest.fixture(scope="module")
def whole() -> LoadTest:
    town = district([school("GS A"), school("OS A", school_type="OS")], [place("A-Dorf")])
    setting = scenario(
        zeitraum={"monate": 4},
        zuzug={"pro_monat": 20.0, "schularten": {"GS": 0.5, "OS": 0.5}},
        klassen={"vorlauf_monate": 1},
        rechnen={"laeufe": 16, "zeitlimit": 600.0},
    )
    return load_test(town, setting)


def cut(test: LoadTest, gs: dict[str, Any], os_: dict[str, Any]) -> LoadTest:
    first, second = test.types
    types = (replace(first, **gs), replace(second, **os_))
    return replace(test, types=types, seconds_needed=90)


def told(test: LoadTest, number: int) -> str:
    return answers(test)[number][1]


def test_a_whole_test_has_three_answers(whole: LoadTest) -> None:
    assert len(answers(whole)) == 3
    assert load_test_record(whole)["am_limit_beendet"] is False
    assert set(load_test_table(whole).frame["Bemerkung"]) == {""}


def test_no_school_is_named(whole: LoadTest) -> None:
    # The factor follows a rule for opening; a plan with as many arrivals can choose another school.
    lines = opening_lines(whole)
    assert len(lines) == 2
    assert lines[0].startswith("GS: ab × ") and "eine neue Klasse, zuerst im " in lines[0]
    words = " ".join([*lines, *(text for _, text in answers(whole))])
    assert "GS A" not in words and "OS A" not in words
    assert not load_test_table(whole).frame.isin(["GS A", "OS A"]).any().any()


def test_what_is_known_and_how_much_time_is_needed(whole: LoadTest) -> None:
    none = {"first_waiting": None, "waits_in": None}
    test = cut(
        whole,
        {**none, "waiting_open": Unfinished(1.4, None)},
        {**none, "waiting_open": Unfinished(2.0, 3.0)},
    )
    assert told(test, 2).startswith(
        "Bis × 1,40 wartet niemand, weil Räume fehlen; weiter ist es nicht gerechnet (GS und OS). "
        "Spätestens ab × 3 wartet jemand."
    )
    assert answers(test)[3] == (
        "Ist alles gerechnet?",
        "Nein, das Zeitlimit von 600 Sekunden kam vorher. Gebraucht werden ungefähr 90 Sekunden: "
        "--zeitlimit 90.",
    )
    record = load_test_record(test)
    assert (record["am_limit_beendet"], record["sekunden_noetig"]) == (True, 90)
    assert "größeren --zeitlimit" in cut_off_sentence(replace(test, seconds_needed=None))
    frame = load_test_table(test).frame
    notes = frame[frame["Ereignis"].str.startswith("Kind wartet")]["Bemerkung"].tolist()
    assert notes[:2] == ["Zeitlimit: über × 1,40", "Zeitlimit: × 2 bis 3"]


def test_a_type_that_is_open_above_the_first_changes_nothing(whole: LoadTest) -> None:
    first = whole.types[0].first_class
    assert first is not None
    test = cut(whole, {}, {"first_class": None, "first_class_open": Unfinished(first, None)})
    assert told(test, 1) == told(whole, 1)
    below = Unfinished(0.9 * first, None)
    test = cut(whole, {}, {"first_class": None, "first_class_open": below})
    assert "weiter ist es nicht gerechnet (OS). Spätestens ab" in told(test, 1)


def test_a_type_of_which_nothing_is_known(whole: LoadTest) -> None:
    test = cut(
        whole,
        {"first_class": None, "first_class_open": Unfinished(1.4, None)},
        {"first_class": None, "first_class_open": Unfinished(None, None)},
    )
    assert told(test, 1).startswith(
        "Bis × 1,40 öffnet keine Klasse; weiter ist es nicht gerechnet (GS). Noch nicht gerechnet "
        "für OS."
    )
    assert cell_text(None, Unfinished(None, None)) == "nicht gerechnet"
    assert cell_text(None, Unfinished(None, 2.0)) == "bis × 2"


def test_the_command_tells_what_is_known_and_ends_with_4(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looks = iter(range(10_000))

    def look(search: TypeSearch) -> None:
        if next(looks) > 70:
            raise OutOfTimeError("Die Zeit ist um.")

    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(TypeSearch, "_check_time", look)
    file = str(path("data", "meissen-2017-02-08.xlsx"))
    assert main(["belastung", file, "--laeufe", "8", "-s", "moderat", *LONG]) == 4
    shown = capsys.readouterr().out
    text = " ".join(shown.split())
    assert "wartet niemand, weil Räume fehlen; weiter ist" in text
    assert "nicht gerechnet (GS, OS und BSZ)." in text
    # More than the limit that was not enough.
    assert "--zeitlimit 2700." in text
    assert "Gebraucht werden ungefähr" in text
    assert max(map(len, shown.splitlines())) <= 80
