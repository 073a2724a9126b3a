"""Scenarios side by side: a case by hand, equal numbers on any number of processes, failures."""

from __future__ import annotations

import os
import signal
from typing import Any

import numpy as np
import pytest

from daz_planner.errors import ConservationError, InputError, SolverError
from daz_planner.planning import compare as compare_module
from daz_planner.planning import compare_pool
from daz_planner.planning.compare import (
    Case,
    Comparison,
    Failure,
    FailureKind,
    cases,
    compare,
)
from daz_planner.planning.compare_effects import Effect, planned_switches
from daz_planner.planning.compare_pool import as_completed
from daz_planner.planning.compare_switches import switches
from daz_planner.planning.whole import whole_plan
from daz_planner.scenario import differences, load_scenario, scenario_from_dict, with_values
from daz_planner.scenario.model import Scenario
from tests.factories import district, scenario, school

NORD = district([school("Nord")])
"""One class of 23, 20 of them for a forecast, one further room."""


def many(name: str, registered: float, **classes: Any) -> Scenario:
    """So many children in the month after the reference date; all stay for the whole half-year."""
    return scenario(
        name=name,
        zuzug={"reihe": [registered, 0.0]},
        klassen={"vorlauf_monate": 0, **classes},
        rechnen={"laeufe": 4},
    )


def three() -> Comparison:
    return compare(cases(NORD, [many("a", 15), many("b", 30), many("c", 30, freie_raeume=0)]))


def test_three_scenarios_by_hand() -> None:
    found = three()
    assert [run.name for run in found.runs] == ["a", "b", "c"]
    assert found.base == 0 and found.failed == ()
    assert len(found.months) == 6
    opened = [
        [(item.month, item.classes) for item in run.plan.openings]
        for run in found.runs
        if run.plan is not None
    ]
    # 15 fit into the 20 seats of the class, 30 need a second one, for which c has no room.
    assert opened == [[], [(1, 1)], []]
    b, c = found.tornados
    assert (b.run, c.run) == (1, 2)
    assert [switch.name for switch, _ in b.pieces] == ["zuzug.reihe"]
    assert b.together == b.pieces[0][1] == Effect(15.0, 15.0, 1.0, 0.0)
    assert b.interaction == Effect(0.0, 0.0, 0.0, 0.0)
    # Twice as many children alone: one class more. No room alone: nothing. Both: ten of the thirty
    # wait for five months, so the two together open a class less and make 50 months of waiting.
    assert [(switch.name, effect) for switch, effect in c.pieces] == [
        ("zuzug.reihe", Effect(15.0, 15.0, 1.0, 0.0)),
        ("klassen.freie_raeume", Effect(0.0, 0.0, 0.0, 0.0)),
    ]
    assert c.together == Effect(15.0, 15.0, 0.0, 50.0)
    assert c.interaction == Effect(0.0, 0.0, -1.0, 50.0)
    assert (c.left_out, c.failed, c.cut_off) == (0, 0, 0)


def same(one: Comparison, two: Comparison) -> None:
    assert [run.name for run in one.runs] == [run.name for run in two.runs]
    for left, right in zip(one.runs, two.runs, strict=True):
        assert left.failure == right.failure
        if left.plan is None or right.plan is None:
            assert left.plan is right.plan
            continue
        assert left.plan.openings == right.plan.openings
        assert left.plan.flows == right.plan.flows
        assert left.plan.waiting == right.plan.waiting
        assert np.array_equal(left.plan.forecast.runs, right.plan.forecast.runs)
    assert [t.pieces for t in one.tornados] == [t.pieces for t in two.tornados]
    assert [t.interaction for t in one.tornados] == [t.interaction for t in two.tornados]


def test_any_number_of_processes() -> None:
    given = [many("a", 15), many("b", 30), many("c", 30, freie_raeume=0)]
    same(compare(cases(NORD, given)), compare(cases(NORD, given), processes=3))


def test_the_plan_of_a_scenario_is_the_one_it_has_alone() -> None:
    given = many("b", 30)
    alone = whole_plan(NORD, given)
    found = compare(cases(NORD, [many("a", 15), given])).runs[1].plan
    assert found is not None
    assert found.openings == alone.openings
    assert found.flows == alone.flows
    assert found.judgement is not None and found.judgement.futures == 4
    assert np.array_equal(found.forecast.runs, alone.forecast.runs)


def test_futures_and_seed_are_those_of_the_first() -> None:
    other = with_values(many("b", 15), {"rechnen.laeufe": 9, "rechnen.saat": 5})
    found = compare(cases(NORD, [many("a", 15), other]))
    first, second = found.runs
    assert first.plan is not None and second.plan is not None
    assert second.given is not None and second.given.rechnen.laeufe == 9
    assert len(second.plan.forecast.runs) == 4
    # Nothing else differs, so every future is the same.
    assert np.array_equal(first.plan.forecast.runs, second.plan.forecast.runs)
    assert found.tornados == ()


def test_the_common_months_are_those_of_the_shortest() -> None:
    short = with_values(many("kurz", 30), {"zeitraum.monate": 3})
    # After three months 40 more come, which the short scenario does not see.
    later = with_values(many("a", 15), {"zuzug.reihe": [15, 0, 0, 40, 0]})
    found = compare(cases(NORD, [later, short]))
    assert len(found.months) == 3
    assert found.runs[0].plan is not None and len(found.runs[0].plan.months) == 6
    assert found.tornados[0].together.need == pytest.approx(15.0)


def test_names_that_are_alike_are_told_apart() -> None:
    found = compare(cases(NORD, [many("A", 15), many("a", 15), many("a", 15)]))
    assert [run.name for run in found.runs] == ["A", "a (2)", "a (3)"]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (SolverError("Kein Plan."), FailureKind.SOLVER),
        (InputError("Passt nicht."), FailureKind.INPUT),
        (ConservationError("Ein Kind fehlt."), FailureKind.BUG),
        (ZeroDivisionError("x"), FailureKind.BUG),
    ],
)
def test_a_scenario_that_fails_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, error: Exception, kind: FailureKind
) -> None:
    def fails(place: Any, given: Scenario, **options: Any) -> Any:
        if given.name == "b":
            raise error
        return whole_plan(place, given, **options)

    monkeypatch.setattr(compare_module, "whole_plan", fails)
    found = compare(cases(NORD, [many("a", 15), many("b", 30), many("c", 30)]))
    assert [run.plan is None for run in found.runs] == [False, True, False]
    failure = found.runs[1].failure
    assert failure is not None and failure.kind is kind
    assert bool(failure.trace) == (kind is FailureKind.BUG)
    assert [tornado.run for tornado in found.tornados] == [2]


def test_where_the_first_fails_the_next_is_the_base(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(place: Any, given: Scenario, **options: Any) -> Any:
        if given.name == "a":
            raise SolverError("Kein Plan.")
        return whole_plan(place, given, **options)

    monkeypatch.setattr(compare_module, "whole_plan", fails)
    found = compare(cases(NORD, [many("a", 15), many("b", 30), many("c", 30)]))
    assert found.base == 1
    assert found.tornados == ()


def test_a_case_that_failed_before_is_kept() -> None:
    broken = Case("kaputt", failure=Failure(FailureKind.SCENARIO, "Es fehlt etwas."))
    found = compare([broken, *cases(NORD, [many("a", 15), many("b", 30)])])
    assert [run.name for run in found.failed] == ["kaputt"]
    assert found.base == 1
    assert [tornado.run for tornado in found.tornados] == [2]


def test_nothing_to_compare() -> None:
    broken = Case("kaputt", failure=Failure(FailureKind.SCENARIO, "Es fehlt etwas."))
    with pytest.raises(InputError, match="Zuerst: Es fehlt etwas"):
        compare([broken])
    with pytest.raises(InputError):
        compare([])


def test_progress_rises_to_the_end() -> None:
    told: list[tuple[float, str]] = []
    given = [many("a", 15), many("c", 30, freie_raeume=0)]
    compare(cases(NORD, given), progress=lambda share, step: told.append((share, step)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares) and shares[-1] == pytest.approx(1.0)
    assert told[-1][1] == "2 von 2 Szenarien gerechnet; einzelne Annahmen: 2 von 2"


# -- pieces ----------------------------------------------------------------------------------------


def taken(first: Scenario, other: Scenario) -> dict[str, tuple[str, ...]]:
    return {switch.name: switch.keys for switch in switches(first, other)}


def test_a_single_key_is_a_piece() -> None:
    assert taken(load_scenario("basis"), load_scenario("lehrermangel")) == {
        "zuzug.pro_monat": ("zuzug.pro_monat",),
        "lehrer.begrenzt": ("lehrer.begrenzt",),
    }


def test_another_form_of_the_arrivals_is_one_piece_both_ways() -> None:
    basis, wave = load_scenario("basis"), load_scenario("welle-2015")
    assert set(taken(basis, wave)["zuzug.reihe"]) == {"zuzug.reihe", "zuzug.pro_monat"}
    assert set(taken(wave, basis)["zuzug.pro_monat"]) == {"zuzug.reihe", "zuzug.pro_monat"}


def test_shares_that_must_sum_to_one_are_one_piece() -> None:
    other = scenario_from_dict({"zuzug": {"schularten": {"GS": 0.5, "OS": 0.3, "BSZ": 0.2}}})
    assert list(taken(load_scenario("basis"), other)) == ["zuzug.schularten"]


def test_a_name_with_a_dot_is_no_path() -> None:
    other = scenario_from_dict({"zuzug": {"gemeinden": {"St. Egidien": 0.5, "Aue": 0.5}}})
    assert list(taken(load_scenario("basis"), other)) == ["zuzug.gemeinden"]


def test_keys_of_two_tables_that_hang_together_are_one_piece() -> None:
    stages = {"stufen": {"OS": [5, 8], "BSZ": [9, 12]}}
    other = scenario_from_dict({"zuzug": {"stufen": {"OS": [0.25] * 4}}, "schuljahr": stages})
    assert list(taken(load_scenario("basis"), other)) == ["alle zusammen"]


def test_prices_that_hang_together_are_one_piece() -> None:
    basis = load_scenario("basis")
    other = scenario_from_dict({"ziele": {"preise": {"wartemonate": 5, "weg": 1}}})
    (piece,) = [switch for switch in switches(basis, other) if switch.name.startswith("ziele")]
    # One price alone would be a scenario of its own, in which the other price is not followed.
    assert {"ziele.preise.wartemonate", "ziele.preise.weg"} <= set(piece.keys)
    left = {item.key for item in differences(piece.scenario, other)}
    assert not left & set(piece.keys)


def test_how_it_is_computed_is_no_piece() -> None:
    basis = load_scenario("basis")
    assert switches(basis, with_values(basis, {"rechnen.luecke": 0.1, "rechnen.saat": 4})) == ()


@pytest.mark.parametrize("name", ["stark", "rueckgang", "welle-2015", "lehrermangel"])
def test_the_pieces_cover_every_difference_once(name: str) -> None:
    basis, other = load_scenario("basis"), load_scenario(name)
    for first, second in ((basis, other), (other, basis)):
        keys = [key for switch in switches(first, second) for key in switch.keys]
        assert sorted(keys) == sorted({item.key for item in differences(second, first)})
        for switch in switches(first, second):
            assert {item.key for item in differences(switch.scenario, first)} == set(switch.keys)


def test_few_plans_where_there_are_many_pieces() -> None:
    first = many("a", 15)
    other = many("b", 30, freie_raeume=0, planungsgroesse=22)
    pieces = {1: switches(first, other), 2: switches(first, many("c", 30, freie_raeume=0))}
    start = np.array([0.0, 15.0])
    peaks = {(1, 0): 15.0, (1, 1): 15.0, (1, 2): 15.0, (2, 0): 30.0, (2, 1): 15.0}
    names = {n: [switch.name for switch in found] for n, found in pieces.items()}
    needs = {
        (n, k): np.array([0.0, 30.0 if names[n][k] == "zuzug.reihe" else 15.0]) for (n, k) in peaks
    }
    chosen = planned_switches(pieces, needs, start, 3)
    assert len(chosen) == 3
    # In turns, and first what leaves the need as it is: only a plan tells what it does.
    assert [n for n, _ in chosen] == [1, 2, 1]
    assert all(names[n][k] != "zuzug.reihe" for n, k in chosen)
    assert planned_switches({1: pieces[1][:1]}, needs, start, 3) == ()


# -- processes -------------------------------------------------------------------------------------


def square(state: int, piece: int) -> int:
    if state and piece == 3:
        os._exit(1)
    return piece * piece


def test_a_process_that_dies_loses_only_its_own_piece() -> None:
    found = dict(as_completed(1, square, [1, 2, 3, 4, 5], 2))
    assert found == {1: 1, 2: 4, 3: None, 4: 16, 5: 25}


def hears_interrupts(_state: int, _piece: int) -> tuple[bool, bool]:
    """In a worker: whether Ctrl-C reaches it, and whether it answers in its own way."""
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, set())
    own = signal.getsignal(signal.SIGINT) is compare_pool._interrupted
    return signal.SIGINT not in blocked, own


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="Windows knows no signal mask")
def test_ctrl_c_waits_until_a_worker_can_answer_it() -> None:
    with compare_pool._unheard():
        # A process that is begun here takes this mask with it.
        assert signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, set())
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())
    assert dict(as_completed(0, hears_interrupts, [1, 2], 2)) == {1: (True, True), 2: (True, True)}


@pytest.mark.parametrize("processes", [1, 2])
def test_every_piece_comes_once(processes: int) -> None:
    assert sorted(as_completed(0, square, [1, 2, 3], processes)) == [(1, 1), (2, 4), (3, 9)]
