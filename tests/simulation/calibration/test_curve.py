"""The curve against hand-computed cases: empirical, product-limit, delayed entry, brackets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.simulation.calibration.curve import Prior, fit_curves, moments
from daz_planner.simulation.calibration.gammas import gamma_stays
from daz_planner.simulation.calibration.observations import Gone, Spell
from daz_planner.simulation.calibration.weights import weigh


def first_phase(*spells: Spell, months: int, prior: Prior | None = None) -> list[float]:
    """The curve of phase 1; phase 2 takes one month and tells nothing."""
    weights = weigh(spells, (months, 1), 0.0)
    counts = np.bincount(weights.pattern)[None].astype(float)
    priors = (prior or Prior(0.0), Prior(0.0))
    return [float(p) for p in fit_curves(weights, counts, priors=priors, tolerance=1e-12)[0][0]]


def ended(entry: int, months: int) -> Spell:
    """Met after ``entry`` months in phase 1, which took ``months``."""
    return Spell("GS", 1, 1, entry, first=(months, months), whole_vka=False)


def there(entry: int, months: int) -> Spell:
    """Met after ``entry`` months in phase 1 and still in it after ``months``."""
    return Spell("GS", 1, 1, entry, first=(months + 1, None), whole_vka=False)


def test_three_exact_stays_are_their_own_distribution() -> None:
    assert first_phase(ended(0, 1), ended(0, 3), ended(0, 3), months=4) == pytest.approx(
        [1 / 3, 0, 2 / 3, 0], abs=1e-9
    )


def test_open_end_is_the_product_limit() -> None:
    # Kaplan and Meier by hand: stays 1, 2+, 3, 4. S(1) = 3/4, S(3) = 3/4 · 1/2, S(4) = 0.
    curve = first_phase(ended(0, 1), there(0, 2), ended(0, 3), ended(0, 4), months=4)
    assert curve == pytest.approx([1 / 4, 0, 3 / 8, 3 / 8], abs=1e-6)


def test_delayed_entry_leaves_the_risk_set_of_the_early_months() -> None:
    # At risk in month t are those with entry < t ≤ end:
    # t = 2: of (0,2) (0,4) (1,3+) one of 3 ends; t = 4: (0,4) (2,5) (3,6), one of 3;
    # t = 5: one of 2; t = 6: one of 1.  S = 2/3, 4/9, 2/9, 0.
    spells = [ended(0, 2), ended(0, 4), there(1, 3), ended(2, 5), ended(3, 6)]
    curve = first_phase(*spells, months=6)
    assert curve == pytest.approx([0, 1 / 3, 0, 2 / 9, 2 / 9, 2 / 9], abs=1e-6)
    # Without regard to the entry the long stays count too much.
    naive = first_phase(ended(0, 2), ended(0, 4), there(0, 3), ended(0, 5), ended(0, 6), months=6)
    assert moments(np.array([naive]))[0][0] > moments(np.array([curve]))[0][0] + 0.3


def test_bracketed_change_goes_where_others_ended() -> None:
    bracket = Spell("GS", 1, 1, 0, first=(2, 4), whole_vka=False)
    # A change between months 2 and 4 joins the one that is known to be at 3.
    assert first_phase(bracket, ended(0, 3), ended(0, 6), months=6) == pytest.approx(
        [0, 0, 2 / 3, 0, 0, 1 / 3], abs=1e-6
    )


def test_prior_counts_as_so_many_pupils() -> None:
    shape = np.array([[0.0, 1.0, 0.0]])
    curve = first_phase(ended(0, 1), ended(0, 3), months=3, prior=Prior(2.0, shape))
    assert curve == pytest.approx([1 / 4, 2 / 4, 1 / 4], abs=1e-9)


def test_smooth_prior_does_not_move_mean_and_spread() -> None:
    spells = [ended(0, months) for months in (2, 3, 3, 4, 4, 4, 5, 5, 6, 9)]
    rough = moments(np.array([first_phase(*spells, months=30)]))
    smooth = moments(np.array([first_phase(*spells, months=30, prior=Prior(5.0))]))
    assert smooth[0][0] == pytest.approx(rough[0][0], abs=0.01)
    assert smooth[1][0] == pytest.approx(rough[1][0], rel=0.02)


def second_phase(*spells: Spell, hazard: float, months: int) -> list[float]:
    weights = weigh(spells, (1, months), hazard)
    counts = np.bincount(weights.pattern)[None].astype(float)
    first, second = fit_curves(weights, counts, tolerance=1e-12)
    assert first[0] == pytest.approx([1.0])  # nothing is known of phase 1, and it stays what it was
    return [float(p) for p in second[0]]


def test_missing_pupil_has_finished_or_moved_away() -> None:
    # Two pupils in phase 2 from the start; one is known to take 1 month. The other is missing
    # after 1 month, when 3 in 4 would have moved: either it ended (weight 1) or it goes on (3/4).
    # With p = P(1): p / (p + 3/4·(1-p)) + 1 = 2p has the one solution p = 1.
    known = Spell("GS", 2, 2, 0, second=(1, 1))
    gone = Spell("GS", 2, 2, 0, second=(1, None), gone=Gone(1, 1.0, False))
    assert second_phase(known, gone, hazard=0.75, months=2) == pytest.approx([1, 0], abs=1e-5)
    # Where phase 3 is listed it has moved away and says nothing; another who stays 2 months weighs.
    listed = Spell("GS", 2, 2, 0, second=(1, None), gone=Gone(1, 1.0, True))
    longer = Spell("GS", 2, 2, 0, second=(2, 2))
    assert second_phase(known, listed, longer, hazard=0.75, months=2) == pytest.approx(
        [1 / 2, 1 / 2], abs=1e-6
    )
    # Unlisted: q = 1 / (p + 3/4 (1-p)) · p; p = (1 + q) / 3 → p² + 2p - 3·... = 0, p = 0.5352.
    unlisted = second_phase(known, gone, longer, hazard=0.75, months=2)[0]
    assert 3 * unlisted == pytest.approx(
        1 + unlisted / (unlisted + 0.75 * (1 - unlisted)), abs=1e-5
    )
    assert unlisted > 0.5


def test_whole_vka_brings_back_the_short_first_phases() -> None:
    """Pupils in phase 2 with dates tell of phase 1, weighed by who was still there to be met."""
    # Entry 3 months ago, phase 2 takes 2 months: a first phase of 1 month has left by now.
    two_then = np.array([[0.0, 1.0]])
    seen = [
        Spell("GS", 2, 1, 3, first=(2, 2), total=(4, None)),
        Spell("GS", 1, 1, 0, first=(1, None)),
        Spell("GS", 2, 1, 2, first=(1, 1), total=(3, None)),
    ]
    weights = weigh(seen, (2, 2), 0.0)
    counts = np.bincount(weights.pattern)[None].astype(float)
    curve = fit_curves(weights, counts, known_second=two_then, tolerance=1e-12)[0][0]
    # The first could only be met with 2 months (no news), the third tells 1 of both: all mass at 1
    # but for nothing that speaks for 2.
    assert curve == pytest.approx([1.0, 0.0], abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(1, 6), st.booleans()), min_size=1, max_size=12
    )
)
def test_against_the_product_limit_of_any_sample(rows: list[tuple[int, int, bool]]) -> None:
    """With risk sets that never empty early, the fixed point is the product-limit estimate."""
    rows = [(0, 7, True)] * 2 + [(entry, entry + stay, ends) for entry, stay, ends in rows]
    spells = [ended(e, x) if ends else there(e, x) for e, x, ends in rows]
    longest = max(x for _, x, _ in rows) + 1
    survival, expected = 1.0, []
    for month in range(1, longest + 1):
        risk = sum(e < month <= x for e, x, _ in rows)
        ends = sum(x == month for _, x, done in rows if done)
        after = survival * (1 - ends / risk) if risk else survival
        expected.append(survival - after)
        survival = after
    curve = first_phase(*spells, months=longest)
    if survival < 1e-12:
        assert curve == pytest.approx(expected, abs=5e-3)
    else:
        assert curve[:7] == pytest.approx(expected[:7], abs=5e-3)


def test_repetitions_are_independent_of_each_other() -> None:
    spells = [ended(0, 1), ended(1, 3), there(0, 2), ended(0, 5)]
    weights = weigh(spells, (6, 1), 0.0)
    rows = np.array([[1.0, 1, 1, 1], [3.0, 0, 1, 2]])
    together = fit_curves(weights, rows, tolerance=1e-10)[0]
    alone = [fit_curves(weights, row[None], tolerance=1e-10)[0][0] for row in rows]
    assert together == pytest.approx(np.array(alone), abs=1e-6)


@pytest.mark.parametrize(("mean", "spread"), [(4.0, 2.0), (11.0, 5.0), (1.6, 0.6), (20.3, 9.1)])
def test_smooth_stays_have_the_asked_moments(mean: float, spread: float) -> None:
    curve = gamma_stays(np.array([mean]), np.array([spread]))
    found = moments(curve)
    assert curve.sum() == pytest.approx(1.0)
    assert found[0][0] == pytest.approx(mean, rel=1e-3)
    assert found[1][0] == pytest.approx(spread, rel=0.03)
